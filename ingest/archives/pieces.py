"""A long JSON array in pieces, so that memory stays flat; a bad element costs only itself.

`ijson` streams too, at a tenth of the speed; `msgspec` decodes whole texts only. So the array
is cut between two elements, which shows in its raw text: a string holds neither a bare line
break nor a bare quote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from ingest.archives.container import Member

SIZE = 2 * 2**20
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Bad:
    """An element that could not be read."""

    reason: str


def pieces(
    member: Member,
    between: re.Pattern[bytes],
    on_cut: Callable[[], None] = lambda: None,
    size: int | None = None,
) -> Iterator[bytes]:
    """The elements of the first array in a member, many at a time, with commas between them.

    `between` matches all between two elements, the first's last sign as its group `end`. The
    last piece of a cut file ends in the middle of an element; `on_cut` hears of it.
    """
    size = size or SIZE
    with member.open() as stream:
        rest, opening = b"", -1
        while opening < 0:
            more = stream.read(size)
            rest += more
            opening = rest.find(b"[")
            if not more or len(rest) > 2**24:
                on_cut()
                return
        rest = rest[opening + 1 :]
        while more := stream.read(size):
            rest += more
            cut = _last(between, rest)
            if cut is not None:
                yield rest[: cut[0]]
                rest = rest[cut[1] :]
        rest = rest.rstrip().removesuffix(b";").rstrip()
        yield rest.removesuffix(b"]")
        if not rest.endswith(b"]"):
            on_cut()


def elements(piece: bytes, between: re.Pattern[bytes]) -> Iterator[bytes]:
    """The elements of one piece, each by itself."""
    start = 0
    for found in between.finditer(piece):
        yield piece[start : found.end("end")]
        start = found.end()
    if piece[start:].strip():
        yield piece[start:]


def decoded(text: bytes, kind: type[_T]) -> _T | Bad:
    """One element as a `kind`, or why it is none; half characters are allowed in its strings."""
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError as error:
        return Bad(str(error))
    except (msgspec.DecodeError, UnicodeError):
        try:
            return msgspec.convert(json.loads(text.decode("utf-8", "replace")), kind)
        except (ValueError, msgspec.ValidationError, RecursionError) as error:
            return Bad(f"no JSON: {error}")


def _last(between: re.Pattern[bytes], text: bytes) -> tuple[int, int] | None:
    """Where the last whole element ends and the next one begins."""
    window = 2**15
    while True:
        start = max(0, len(text) - window)
        found = None
        for found in between.finditer(text, start):  # noqa: B007 the last one is wanted
            pass
        if found is not None:
            return found.end("end"), found.end()
        if start == 0:
            return None
        window *= 8
