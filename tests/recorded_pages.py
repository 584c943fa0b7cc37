"""Recorded pages of invented people, and the objects that they must become.

`tests/fixtures/<source>/<name>.page.json` says who is read and how:
{"account": {…}, "kind": …, "url": …, "fetched_at": …, "context": {…}, "body": file beside it};
`<name>.expected.json` is the batch. Fields with their default value are left out.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from ingest.model import Account, Page

FIXTURES = Path(__file__).with_name("fixtures")


def pages_of(source: str) -> list[Path]:
    return sorted((FIXTURES / source).glob("*.page.json"))


def read(path: Path) -> tuple[Page, Account]:
    told = json.loads(path.read_text(encoding="utf-8"))
    page = Page(
        kind=told["kind"],
        url=told["url"],
        body=(path.parent / told["body"]).read_bytes(),
        fetched_at=datetime.fromisoformat(told["fetched_at"]),
        context=told.get("context", {}),
    )
    return page, Account(**told["account"])


def expected(path: Path) -> Any:
    name = path.name.replace(".page.json", ".expected.json")
    return json.loads(path.with_name(name).read_text(encoding="utf-8"))


def as_json(value: Any) -> Any:
    """Objects of ingest.model as JSON; fields with their default value are left out."""
    if isinstance(value, msgspec.Struct):
        defaults = {f.name: f.default for f in msgspec.structs.fields(value)}
        told = {name: getattr(value, name) for name in defaults}
        return {k: as_json(v) for k, v in told.items() if v != defaults[k]}
    if is_dataclass(value):
        told = {f.name: getattr(value, f.name) for f in fields(value)}
        defaults = {
            f.name: f.default if f.default_factory is MISSING else f.default_factory()
            for f in fields(value)
        }
        return {k: as_json(v) for k, v in told.items() if v != defaults[k]}
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value
