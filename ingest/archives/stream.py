"""Streams over one file: its own place for each reader, and an end where it is damaged."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Any, BinaryIO

BROKEN = (
    OSError,
    EOFError,
    RuntimeError,  # a password, an unknown compression
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    tarfile.TarError,
)


class Stream(io.BufferedIOBase):
    """The bytes of one member; `on_read` counts them, `on_broken` hears of damage once."""

    def __init__(
        self,
        opener: Callable[[], IO[bytes]],
        on_read: Callable[[int], None],
        on_broken: Callable[[Exception], None],
    ) -> None:
        self._on_read, self._on_broken = on_read, on_broken
        self._inner: IO[bytes] | None = None
        try:
            self._inner = opener()
        except BROKEN as error:
            on_broken(error)

    def readable(self) -> bool:
        """Always: a damaged one is at its end."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """As every stream's."""
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(2**20), b""))
        if self._inner is None:
            return b""
        try:
            found = self._inner.read(size)
        except BROKEN as error:
            self._inner = None
            self._on_broken(error)
            return b""
        self._on_read(len(found))
        return found

    read1 = read

    def close(self) -> None:
        """Close what it reads from."""
        if self._inner is not None:
            self._inner.close()
        super().close()


class Kept(io.BufferedIOBase):
    """A file from its start, with a place of its own; closing it leaves the file open."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._at = stream, 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where it reads next."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """As every stream's."""
        self._stream.seek(self._at)
        self._at = self._stream.seek(offset, whence)
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        """As every stream's."""
        self._stream.seek(self._at)
        found = self._stream.read(-1 if size is None else size)
        self._at += len(found)
        return found

    read1 = read


class Slice(io.BufferedIOBase):
    """The member of a tar that begins at a place; EOFError where the tar was cut before."""

    def __init__(self, stream: BinaryIO, start: int, size: int, *, is_packed: bool) -> None:
        self._inner: Any = gzip.GzipFile(fileobj=Kept(stream)) if is_packed else Kept(stream)
        self._inner.seek(start)
        self._left = size

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """As every stream's, what came before damage included."""
        most = self._left if size is None or size < 0 else min(size, self._left)
        found = bytearray()
        while len(found) < most:
            try:
                piece = self._inner.read1(min(most - len(found), 8_192))
            except BROKEN:
                piece = b""
            if not piece:
                if found:
                    break
                raise EOFError("the file was cut here")
            found += piece
        self._left -= len(found)
        return bytes(found)
