"""Which format a source is, by what is in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

import msgspec

from ingest.errors import Problem, RosterError
from ingest.rosters import congress, popolo, tables, wikidata
from ingest.rosters.found import Found


class Format(Protocol):
    """A module of this folder that reads one format."""

    def read(self, content: bytes) -> Found: ...  # noqa: D102


FORMATS: Mapping[str, Format] = {
    "csv": tables,
    "popolo": popolo,
    "congress": congress,
    "wikidata": wikidata,
}
NAMES = ("auto", *FORMATS, "everypolitician")
BOM = b"\xef\xbb\xbf"
_YAML_MEMBER = re.compile(rb"^[\s{-][^\"']{0,20}\bbioguide:\s", re.MULTILINE)


def read(content: bytes, name: str = "auto") -> Found:
    """The people in a source; RosterError where it is none of the formats."""
    content = content.removeprefix(BOM)
    if name == "everypolitician":
        name = "popolo" if _first(content) in (b"{", b"[") else "csv"
    return FORMATS[recognised(content) if name == "auto" else name].read(content)


def recognised(content: bytes) -> str:
    """The name of the format."""
    first = _first(content)
    if first == b"<":
        raise RosterError(
            [Problem("source", 0, "", "a web page", "the data itself: CSV, JSON or YAML")]
        )
    if first in (b"{", b"["):
        return _of_json(content)
    if _YAML_MEMBER.search(content):
        return "congress"
    return "csv"


def _first(content: bytes) -> bytes:
    return content.removeprefix(BOM).lstrip()[:1]


def _of_json(content: bytes) -> str:
    try:
        value = msgspec.json.decode(content.removeprefix(BOM))
    except (ValueError, RecursionError) as error:
        found = f"broken JSON ({' '.join(str(error).split())[:80]})"
        raise RosterError([Problem("source", 0, "", found, "a whole file")]) from error
    if wikidata.is_answer(value):
        return "wikidata"
    if isinstance(value, list) and value and congress.is_member(value[0]):
        return "congress"
    if popolo.people_in(value) is not None:
        return "popolo"
    expected = "Popolo, congress-legislators or a SPARQL answer"
    raise RosterError([Problem("source", 0, "", "JSON of another shape", expected)])
