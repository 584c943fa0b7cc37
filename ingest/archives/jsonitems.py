"""The elements of a JSON document one by one, so that memory stays flat however large it is.

What stands before the first damage is given; then CutShort says where it is. (`msgspec` reads
whole texts only, and some arrays stand under a key behind other fields.)
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from ingest.archives.container import Member
from ingest.archives.model import Found

_CHARS = 2**16  # read at a time
_MOST = 2**24  # of one element
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)  # bare line breaks in texts are read
_MORE = re.compile(r"[-+.\deE]*[^-+.\deE]")  # whether anything stands behind a number


class CutShort(ValueError):
    """The document ends, or is damaged, before its end."""


def elements(member: Member) -> Iterator[tuple[str, Any]]:
    """The elements of an array as ("", element); of an object's arrays as (key, element).

    Other values of the object come whole, under their key.
    """
    with member.open() as stream:
        text = _Text(stream)
        first = text.next_sign()
        if first == "[":
            yield from (("", one) for one in text.array())
        elif first == "{":
            yield from text.fields()
        else:
            raise CutShort("no JSON")


def read(found: Found, member: Member) -> Iterator[tuple[str, Any]]:
    """The elements of an archive's file; damage is a problem, and then no day is proven."""
    number = 1
    try:
        for one in elements(member):
            yield one
            number += 1
    except (CutShort, OSError, EOFError) as error:
        found.opened.damaged.add(member.path)
        found.is_timeline = False
        expected = "a whole JSON file: download the archive again"
        found.problems.add(member.path, number, "", error, expected)


class _Text:
    """The characters of a stream, as many of them as are needed at a time."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self._text, self._at, self._has_ended = "", 0, False

    def array(self) -> Iterator[Any]:
        """The elements of the array that begins here."""
        self._at += 1
        if self.next_sign() == "]":
            self._at += 1
            return
        while True:
            yield self.value()
            if self._comma_or("]"):
                return

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The fields of the object that begins here, arrays element by element."""
        self._at += 1
        if self.next_sign() == "}":
            return
        while True:
            key = self.value()
            if not isinstance(key, str) or self.next_sign() != ":":
                raise CutShort("a field without a name")
            self._at += 1
            if self.next_sign() == "[":
                yield from ((key, one) for one in self.array())
            else:
                yield key, self.value()
            if self._comma_or("}"):
                return

    def value(self) -> Any:
        """The value that begins here."""
        self.next_sign()
        size = _CHARS
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise CutShort("nested too deep") from None
            except ValueError:
                pass
            else:
                # a number goes on in what is not read yet; at the end of a file none is whole
                if isinstance(value, str | list | dict) or _MORE.match(self._text, end):
                    self._at = end
                    return value
            if self._has_ended or len(self._text) - self._at > _MOST:
                raise CutShort("the file is cut short or damaged here")
            self._more(size)
            size *= 2

    def next_sign(self) -> str:
        """The next character that is no space, without taking it."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._has_ended:
                raise CutShort("the file is cut short here")
            self._more(_CHARS)

    def _comma_or(self, closing: str) -> bool:
        sign = self.next_sign()
        if sign not in {",", closing}:
            raise CutShort("the file is damaged here")
        self._at += 1
        return sign == closing

    def _more(self, size: int) -> None:
        data = self._stream.read(size)
        self._has_ended = not data
        self._text = self._text[self._at :] + self._decode(data, final=not data)
        self._at = 0
