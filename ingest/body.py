"""The body of an answer, never larger than allowed, however well it was packed.

httpx would unpack as much as a server packed: 64 KiB on the wire can become
64 MiB in one step, and more where packings are stacked. Here the size is checked
on the wire and at every mebibyte unpacked, and only plain gzip is read, which is
all that was asked for.
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEP_BYTES = 1024 * 1024
_MAX_ERROR_BYTES = 256 * 1024
_GZIP = b"\x1f\x8b"


class TooLarge(Exception):
    """More bytes than allowed, on the wire or unpacked."""


class BadPacking(Exception):
    """Compressed in a way that cannot be read."""


class BrokenOff(Exception):
    """Fewer bytes than the server promised."""


def read_body(response: httpx.Response, limit: int) -> bytes:
    """All of the body, unpacked; of an error page (status 400 and up) the beginning."""
    is_error = response.status_code >= 400
    if _told_size(response) > limit and not is_error:
        raise TooLarge
    body = io.BytesIO()  # its getvalue() hands the buffer over without a copy
    for piece in _unpacked(response, limit):
        body.write(piece)
        if is_error and body.tell() > _MAX_ERROR_BYTES:
            break
        if body.tell() > limit:
            raise TooLarge
    return body.getvalue()


def _unpacked(response: httpx.Response, limit: int) -> Iterator[bytes]:
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing in {"", "identity"}:
        yield from _wire(response, limit)
        return
    if packing not in {"gzip", "x-gzip"}:
        raise BadPacking(f"packed as {packing[:20]!r}, which was not asked for")
    unpacker = zlib.decompressobj(wbits=31)
    has_begun = False
    try:
        for piece in _wire(response, limit):
            has_begun, rest = True, piece
            while rest:
                if unpacker.eof:
                    if not rest.startswith(_GZIP):
                        break  # padding after the end
                    unpacker = zlib.decompressobj(wbits=31)
                yield unpacker.decompress(rest, _STEP_BYTES)
                rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        yield unpacker.flush() if has_begun else b""
    except zlib.error as error:
        raise BadPacking("its compression is broken") from error
    if has_begun and not unpacker.eof:
        raise BrokenOff


def _wire(response: httpx.Response, limit: int) -> Iterator[bytes]:
    size = 0
    stream = response.stream
    if not isinstance(stream, httpx.SyncByteStream):
        raise TypeError("the body of a synchronous request is needed")
    for piece in stream:
        size += len(piece)
        if size > limit:
            raise TooLarge
        yield piece
    if size < _told_size(response) and response.status_code not in {204, 304}:
        raise BrokenOff


def _told_size(response: httpx.Response) -> int:
    told = response.headers.get("content-length", "")
    return int(told[:18]) if told.isascii() and told.isdigit() else 0
