"""What is in a zip: by its directory, or, where half a download has none, by walking it.

`zipfile` reads whole zips; it refuses those without the directory at their end, and so do
its relatives on PyPI, hence the walk over the local headers (APPNOTE 4.3.7).
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, BinaryIO

MOST_RATIO, FREE_BYTES = 250, 256 * 2**20  # JSON packs to a twentieth; below these bytes any
_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}


@dataclass(frozen=True, slots=True)
class MemberInfo:
    """One member before it is believed."""

    path: str
    size: int
    opener: Callable[[], IO[bytes]]
    packed_size: int = 0
    refused: tuple[str, str] | None = None  # what was found, what is expected
    is_lost: bool = False  # refused, though it may hold posts


def is_bomb(size: int, packed_size: int) -> bool:
    """Whether so few bytes unpack to more than any archive's would."""
    return size > FREE_BYTES and size > MOST_RATIO * max(packed_size, 1)


def unzipped(stream: BinaryIO, stack: ExitStack) -> list[MemberInfo] | None:
    """The members by the zip's directory; None where that is missing or damaged."""
    stream.seek(0)
    try:
        packed = stack.enter_context(zipfile.ZipFile(stream))
        return [_info(packed, info) for info in packed.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error):
        return None


def _info(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> MemberInfo:
    refused, is_lost = None, True
    if info.flag_bits & 1:
        refused = "protected by a password", "unpack it with its password and give the folder"
    elif info.compress_type not in _READABLE:
        refused = "packed in a way that is not known", "unpack it and give the folder"
    elif stat.S_ISLNK(info.external_attr >> 16):
        refused, is_lost = ("a link to somewhere else", "the file itself"), False
    return MemberInfo(
        info.filename,
        info.file_size,
        lambda: packed.open(info),
        info.compress_size,
        refused,
        is_lost and refused is not None,
    )


def salvaged(stream: BinaryIO) -> Iterator[MemberInfo]:
    """The members that came of a cut zip; the last may end in its middle."""
    size = stream.seek(0, io.SEEK_END)
    at = 0
    while at + _LOCAL.size <= size:
        stream.seek(at)
        head = _LOCAL.unpack(stream.read(_LOCAL.size))
        mark, _, flags, method, _, _, _, packed, unpacked, name_size, extra_size = head
        name = stream.read(name_size)
        start = at + _LOCAL.size + name_size + extra_size
        is_sized = packed not in {0, 0xFFFFFFFF} or (not flags & 8 and not unpacked)
        if mark != b"PK\x03\x04" or flags & 1 or method not in {0, 8} or start > size:
            return
        if not is_sized and method == 0:
            return  # its end cannot be known
        if not is_sized:
            packed, unpacked = _walked(stream, start)
        path = name.decode("utf-8" if flags & 0x800 else "cp437", "replace")
        if not path.endswith("/"):
            yield MemberInfo(path, unpacked, _inflater(stream, start, method, packed), packed)
        at = _after(stream, start + packed, has_descriptor=bool(flags & 8))


def _walked(stream: BinaryIO, start: int) -> tuple[int, int]:
    """Packed and unpacked bytes of a member that does not say them."""
    stream.seek(start)
    inflate, packed, unpacked = zlib.decompressobj(-15), 0, 0
    try:
        while not inflate.eof and (piece := stream.read(2**16)):
            while piece and not inflate.eof:
                unpacked += len(inflate.decompress(piece, 2**20))
                packed += len(piece) - len(inflate.unconsumed_tail) - len(inflate.unused_data)
                piece = inflate.unconsumed_tail
                if is_bomb(unpacked, packed):
                    return packed, unpacked
    except zlib.error:
        pass
    return packed, unpacked


def _after(stream: BinaryIO, at: int, *, has_descriptor: bool) -> int:
    """Where the next member begins: after a data descriptor, if there is one."""
    if not has_descriptor:
        return at
    stream.seek(at)
    near = stream.read(28)
    place = near.find(b"PK\x03\x04")
    return at + place if place >= 0 else at + len(near)


def _inflater(stream: BinaryIO, start: int, method: int, packed: int) -> Callable[[], IO[bytes]]:
    return lambda: _Inflated(stream, start, method, packed)  # type: ignore[return-value]


class _Inflated(io.BufferedIOBase):
    """A member of a cut zip; raises EOFError where the zip was cut."""

    def __init__(self, stream: BinaryIO, start: int, method: int, packed: int) -> None:
        self._stream, self._at, self._left = stream, start, packed
        self._inflate = zlib.decompressobj(-15) if method else None

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        most = 2**62 if size is None or size < 0 else size
        found = bytearray()
        while len(found) < most:
            tail = self._inflate.unconsumed_tail if self._inflate else b""
            packed = tail or self._packed(most)
            if not packed:
                if not found and self._inflate is not None and not self._inflate.eof:
                    raise EOFError("the file was cut here")
                break
            if self._inflate is None:
                found += packed
            else:
                found += self._inflate.decompress(packed, min(most - len(found), 2**24))
        return bytes(found)

    def _packed(self, most: int) -> bytes:
        self._stream.seek(self._at)
        piece = self._stream.read(min(self._left, 2**16, max(most, 1)))
        self._at += len(piece)
        self._left -= len(piece)
        if not piece and self._left and self._inflate is None:
            raise EOFError("the file was cut here")
        return piece
