"""A JSON document is read element by element, as it is and no further than it is whole."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.archives import jsonitems
from ingest.archives.container import Member
from ingest.archives.jsonitems import CutShort, elements

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
DOCUMENTS = st.lists(VALUES, max_size=6) | st.dictionaries(st.text(max_size=5), VALUES, max_size=6)


def member(data: bytes) -> Member:
    return Member("a.json", len(data), lambda: io.BytesIO(data))


def flat(document: Any) -> list[tuple[str, Any]]:
    if isinstance(document, list):
        return [("", one) for one in document]
    return [
        (key, one)
        for key, value in document.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def until_the_end(data: bytes) -> tuple[list[tuple[str, Any]], bool]:
    found: list[tuple[str, Any]] = []
    try:
        found.extend(elements(member(data)))
    except CutShort:
        return found, False
    return found, True


@pytest.mark.parametrize("indent", [None, 2])
@given(document=DOCUMENTS, size=st.integers(1, 40))
def test_every_element_comes_once_and_in_order(
    document: Any, size: int, indent: int | None
) -> None:
    data = json.dumps(document, indent=indent, ensure_ascii=size % 2 == 0).encode()
    before, jsonitems._CHARS = jsonitems._CHARS, size
    try:
        assert until_the_end(data) == (flat(document), True)
    finally:
        jsonitems._CHARS = before


@given(document=DOCUMENTS, share=st.floats(0, 1, exclude_max=True))
def test_of_a_document_that_is_cut_short_the_first_elements_come(
    document: Any, share: float
) -> None:
    data = json.dumps(document).encode()
    cut = data[: int(len(data) * share)]
    found, is_whole = until_the_end(cut)
    assert not is_whole
    whole = flat(document)
    assert found == whole[: len(found)]


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (b"", 0),
        (b"nothing", 0),
        (b"[1, 2, x, 3]", 2),
        (b"[1 2]", 1),
        (b'{"a": [1, 2}', 2),
        (b'{"a" 1}', 0),
        (b"{1: 2}", 0),
        (b"[" * 100_000, 0),
        (b'["' + b"a" * (2**24 + 10) + b", 1, 2]", 0),
    ],
)
def test_damage_ends_it_and_is_told(data: bytes, count: int) -> None:
    found, is_whole = until_the_end(data)
    assert (len(found), is_whole) == (count, False)


def test_a_byte_order_mark_and_bare_line_breaks_are_read() -> None:
    assert until_the_end(b'\xef\xbb\xbf[{"a": "x\ny"}]') == ([("", {"a": "x\ny"})], True)


def test_numbers_beyond_2_to_the_53_stay_whole() -> None:
    number = 2**53 + 1
    assert until_the_end(f'[{number}, {{"id": {number}}}]'.encode()) == (
        [("", number), ("", {"id": number})],
        True,
    )


def test_memory_stays_flat_however_long_the_array_is() -> None:
    one = json.dumps({"text": "x" * 500, "timestamp": 1709632800}).encode()

    class Long(io.RawIOBase):
        def __init__(self) -> None:
            self.pieces: Iterator[bytes] = iter([b"[" + one, *([b"," + one] * 20_000), b"]"])

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            return next(self.pieces, b"")

    tracemalloc.start()
    count = sum(1 for _ in elements(Member("a.json", 0, Long)))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_001
    assert peak < 2_000_000
