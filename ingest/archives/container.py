"""A folder, zip, tar, single file or upload as members that can be streamed, never extracted."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from ingest.archives.model import Problems
from ingest.errors import ArchiveUnreadable


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the archive; `path` is relative, with forward slashes."""

    path: str
    size: int
    opener: Callable[[], IO[bytes]] = field(repr=False)

    @property
    def name(self) -> str:
        """The file's own name."""
        return PurePosixPath(self.path).name

    def open(self) -> IO[bytes]:
        """The member as a stream of bytes."""
        return self.opener()

    def head(self, size: int = 4096) -> bytes:
        """Its first bytes; none where it cannot be read."""
        with self.open() as stream:
            return stream.read(size)


@dataclass(slots=True)
class Opened:
    """Everything that was given, whatever it was packed in."""

    name: str  # the file or folder as the person knows it
    kind: str  # folder | zip | tar | file
    size: int
    members: list[Member]
    problems: Problems
    stack: ExitStack = field(default_factory=ExitStack, repr=False)

    def named(self, *names: str) -> list[Member]:
        """The members whose path ends with one of these (`data/tweets.js` or `tweets.js`)."""
        return [m for m in self.members if any(f"/{m.path}".endswith(f"/{n}") for n in names)]

    def ending(self, *ends: str) -> list[Member]:
        """The members whose name ends with one of these, whatever its case."""
        return [m for m in self.members if m.path.lower().endswith(ends)]

    def close(self) -> None:
        """Let go of the file."""
        self.stack.close()


def opened(source: Path | BinaryIO, name: str | None = None) -> Opened:
    """What was given, opened; raises ArchiveUnreadable where nothing can be read."""
    name = name or (source.name if isinstance(source, Path) else "upload")
    if isinstance(source, Path) and source.is_dir():
        members = [_file(path, str(path.relative_to(source))) for path in _files(source)]
        return Opened(name, "folder", sum(m.size for m in members), members, Problems())
    stack = ExitStack()
    try:
        stream = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
    except OSError as error:
        raise ArchiveUnreadable(name, f"{error.strerror}", "check the path") from error
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if zipfile.is_zipfile(stream):
        stream.seek(0)
        packed = stack.enter_context(zipfile.ZipFile(stream))
        members = [_zipped(packed, info) for info in packed.infolist() if not info.is_dir()]
        return Opened(name, "zip", size, members, Problems(), stack)
    stream.seek(0)
    head = stream.read(512)
    if head[:2] == b"\x1f\x8b" or head[257:262] == b"ustar":
        stream.seek(0)
        tar = stack.enter_context(closing(tarfile.TarFile.open(fileobj=stream)))
        members = [_tarred(tar, info) for info in tar if info.isfile()]
        return Opened(name, "tar", size, members, Problems(), stack)
    stream.seek(0)
    if isinstance(source, Path):
        return Opened(name, "file", size, [_file(source, name)], Problems(), stack)
    return Opened(name, "file", size, [_uploaded(source, name, size)], Problems(), stack)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _file(path: Path, name: str) -> Member:
    return Member(name, path.stat().st_size, lambda: path.open("rb"))


def _zipped(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    return Member(info.filename, info.file_size, lambda: packed.open(info))


def _tarred(tar: tarfile.TarFile, info: tarfile.TarInfo) -> Member:
    return Member(info.name, info.size, lambda: tar.extractfile(info) or io.BytesIO())


class _Shared(io.BufferedIOBase):
    """An uploaded file, read from its start; closing it leaves the upload open."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        stream.seek(0)

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        return self._stream.read(-1 if size is None else size)


def _uploaded(stream: BinaryIO, name: str, size: int) -> Member:
    return Member(name, size, lambda: _Shared(stream))  # type: ignore[arg-type,return-value]
