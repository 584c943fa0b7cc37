"""What every source must keep to, whoever wrote it; the folder is the register."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest.sources
from ingest.errors import WinterslaapError
from ingest.model import Batch
from tests import recorded_pages

SOURCES = sorted(module.name for module in pkgutil.iter_modules(ingest.sources.__path__))
PAGES = [(name, path) for name in SOURCES for path in recorded_pages.pages_of(name)]
each_source = pytest.mark.parametrize("name", SOURCES)
each_page = pytest.mark.parametrize(
    ("name", "path"), PAGES, ids=[f"{name}-{path.name.partition('.')[0]}" for name, path in PAGES]
)


def source(name: str) -> ModuleType:
    return importlib.import_module(f"ingest.sources.{name}")


def moments_in(value: Any) -> Iterator[datetime]:
    if isinstance(value, datetime):
        yield value
    elif isinstance(value, msgspec.Struct):
        yield from moments_in(msgspec.structs.astuple(value))
    elif is_dataclass(value):
        for field in fields(value):
            yield from moments_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from moments_in(item)


def test_there_are_sources() -> None:
    assert {"bluesky", "feeds", "mastodon"} <= set(SOURCES)


@each_source
def test_a_source_has_a_name_a_walk_and_a_parse(name: str) -> None:
    module = source(name)
    assert name == module.NAME
    assert list(inspect.signature(module.walk).parameters) == ["account", "known", "http", "config"]
    assert list(inspect.signature(module.parse).parameters) == ["page", "account"]
    assert module.__doc__


@each_source
def test_a_source_has_recorded_pages(name: str) -> None:
    assert recorded_pages.pages_of(name), f"tests/fixtures/{name} has no *.page.json"


def test_recorded_pages_belong_to_a_source() -> None:
    folders = {path.parent.name for path in recorded_pages.FIXTURES.glob("*/*.page.json")}
    assert folders <= set(SOURCES)


@each_page
def test_a_recorded_page_becomes_the_objects_beside_it(name: str, path: Path) -> None:
    batch = source(name).parse(*recorded_pages.read(path))
    assert recorded_pages.as_json(batch) == recorded_pages.expected(path)


@each_page
def test_parse_gives_the_same_every_time(name: str, path: Path) -> None:
    parse = source(name).parse
    assert parse(*recorded_pages.read(path)) == parse(*recorded_pages.read(path))


@each_page
def test_moments_are_in_utc(name: str, path: Path) -> None:
    batch = source(name).parse(*recorded_pages.read(path))
    assert all(at.tzinfo is UTC for at in moments_in(batch))


@each_page
def test_parse_proves_nothing_and_moves_no_cursor(name: str, path: Path) -> None:
    batch = source(name).parse(*recorded_pages.read(path))
    assert not batch.spans
    assert not batch.cursors


def mutated(body: bytes, seed: int) -> bytes:
    """The body with a few stretches cut, doubled, turned around or overwritten."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(body) + 1)
        end = min(len(body), start + chance.choice((0, 1, 4, 40, 4_000)))
        part = body[start:end]
        new = chance.choice((b"", part * 2, part[::-1], chance.randbytes(len(part) or 1), b"\0"))
        body = body[:start] + new + body[end:]
    return body[: chance.choice((len(body), chance.randrange(len(body) + 1)))]


@each_page
@given(seed=st.integers(0, 2**32))
def test_a_damaged_page_never_crashes_a_parser(name: str, path: Path, seed: int) -> None:
    page, account = recorded_pages.read(path)
    damaged = type(page)(
        page.kind, page.url, mutated(page.body, seed), page.fetched_at, page.context
    )
    with suppress(WinterslaapError):
        batch = source(name).parse(damaged, account)
        assert isinstance(batch, Batch)
        assert all(at.tzinfo is UTC for at in moments_in(batch))
