"""The manifest of an edition: what was built from what, and the fingerprint of every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dashboard.edition.model import Edition, Statement
from dashboard.words import HERE as WORDS
from metrics import fingerprint
from metrics.errors import EditionError

MANIFEST = "manifest.json"
FORMAT = 1
LIBRARIES = (
    "Babel",
    "duckdb",
    "Jinja2",
    "msgspec",
    "pandas",
    "pyarrow",
    "typst",
    "vl-convert-python",
)
DASHBOARD = WORDS.parent
DRAWN_BY = ("*.py", "edition/**/*", "words/*.po")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a built edition; `files` are sha256 by path."""

    edition: Edition
    people: int
    because: str
    contact: str
    inputs: str  # fingerprint of the data package, the edition and what draws the pages
    software: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """The manifest as it is written."""
        plain = {"format": FORMAT, **asdict(self)}
        return json.dumps(plain, indent=1, ensure_ascii=False, default=_day) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a built edition; EditionError when there is none that can be read."""
    try:
        plain = json.loads((folder / MANIFEST).read_text("utf-8"))
        if plain.pop("format") != FORMAT:
            raise EditionError(f"{folder}: its manifest has another format than {FORMAT}")
        return Manifest(**(plain | {"edition": _edition(plain["edition"])}))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EditionError(f"{folder}: there is no manifest of an edition: {error}") from error


def _edition(plain: Mapping[str, Any]) -> Edition:
    known = {one.name for one in fields(Edition)}
    values = {name: value for name, value in plain.items() if name in known}
    for name in ("made_on", "from_on", "to_on"):
        values[name] = date.fromisoformat(values[name])
    values["statements"] = {
        person_id: Statement(one["text"], date.fromisoformat(one["given_on"]))
        for person_id, one in values["statements"].items()
    }
    values["unseen"] = tuple(values.get("unseen", ()))
    return Edition(**values)


def _day(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {value!r}")


def digest_of(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """The sha256 of every file below, by path, except the manifest."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    found = {path.relative_to(folder).as_posix(): digest_of(path) for path in paths}
    found.pop(MANIFEST, None)
    return dict(sorted(found.items()))


@cache
def software() -> dict[str, str]:
    """Everything whose version decides about the bytes of a page."""
    return {
        "winterslaap": fingerprint.of_code(),
        "pages": _of_pages(),
        **{name.lower(): version(name) for name in LIBRARIES},
    }


def _of_pages() -> str:
    digest = hashlib.blake2b(digest_size=8)
    paths = {path for pattern in DRAWN_BY for path in DASHBOARD.glob(pattern)}
    for path in sorted(one for one in paths if one.is_file() and "__pycache__" not in one.parts):
        digest.update(path.relative_to(DASHBOARD).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def fingerprint_of(edition: Edition, package: Path, *more: str) -> str:
    """One text that changes with the data, the edition's details or what draws it."""
    digest = hashlib.sha256()
    plain = json.dumps([asdict(edition), software(), *more], sort_keys=True, default=_day)
    digest.update(plain.encode())
    for path, found in digests(package).items():
        digest.update(f"{path}:{found}\n".encode())
    return digest.hexdigest()
