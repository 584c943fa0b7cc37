"""A stream that ends where its source is damaged, and tells so instead of raising."""

from __future__ import annotations

import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import IO

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
        if self._inner is None:
            return b""
        try:
            found = self._inner.read(-1 if size is None else size)
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
