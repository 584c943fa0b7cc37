"""A folder, zip, tar, single file or upload as members that can be streamed, never extracted.

Nothing in it is trusted: names that leave the folder, links, passwords, bombs and damaged
parts become problems, and what is whole is still read. A damaged member ends where the
damage begins, and `Opened.damaged` names it: such an archive proves no day.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO

from ingest.archives.model import Problems
from ingest.archives.stream import BROKEN, Kept, Slice, Stream
from ingest.archives.zips import MemberInfo, is_bomb, salvaged, unzipped
from ingest.errors import ArchiveUnreadable

MOST_MEMBERS = 1_000_000
MOST_NESTED = 4 * 2**30  # bytes of a zip inside a zip
AGAIN = "download it again, then give the new file"
_KINDS = {  # first bytes → what it is, what to do
    b"Rar!": ("a RAR archive", "unpack it and give the folder"),
    b"7z\xbc\xaf": ("a 7-Zip archive", "unpack it and give the folder"),
    b"%PDF": ("a PDF", "give the archive or a CSV file"),
    b"\xd0\xcf\x11\xe0": ("an old Excel or Word file", "save it as 'CSV UTF-8' and give that"),
    b"SQLi": ("a database", "export it as CSV and give that"),
}


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
        """The member as a stream of bytes, which ends early where it is damaged."""
        return self.opener()

    def head(self, size: int = 4096) -> bytes:
        """Its first bytes."""
        with self.open() as stream:
            return stream.read(size)


@dataclass(slots=True)
class Opened:
    """Everything that was given, whatever it was packed in."""

    name: str  # the file or folder as the person knows it
    kind: str  # folder | zip | tar | file
    size: int
    members: list[Member] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    damaged: set[str] = field(default_factory=set)  # paths that could not be read to their end
    zip_count: int = 0
    read_bytes: int = 0  # of all members so far, for who shows progress
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

    def damage(self, path: str, found: object, expected: str = f"a whole file: {AGAIN}") -> None:
        """Note that a member, or what it is packed in, cannot be read to its end."""
        self.damaged.add(path)
        self.problems.add(path, 0, "", found, expected)


def opened(source: Path | BinaryIO, name: str | None = None) -> Opened:
    """What was given, opened; raises ArchiveUnreadable where nothing in it can be read."""
    name = name or (source.name if isinstance(source, Path) else "upload")
    given = Opened(name, "folder", 0)
    try:
        if isinstance(source, Path) and source.is_dir():
            _add_folder(given, source)
        else:
            _add_file(given, _stream_of(given, source), source)
        if not given.members:
            raise _nothing(given)
    except BaseException:
        given.close()
        raise
    given.members.sort(key=lambda member: member.path)
    return given


def _stream_of(given: Opened, source: Path | BinaryIO) -> BinaryIO:
    if not isinstance(source, Path):
        stream = source
    else:
        try:
            stream = given.stack.enter_context(source.open("rb"))
        except OSError as error:
            todo = "check the path and whether you may read it"
            raise ArchiveUnreadable(given.name, str(error.strerror), todo) from error
    given.size = stream.seek(0, io.SEEK_END)
    return stream


def _nothing(given: Opened) -> ArchiveUnreadable:
    for problem in given.problems.listed:
        return ArchiveUnreadable(given.name, problem.found, problem.expected)
    return ArchiveUnreadable(given.name, "there is nothing in it that can be read", AGAIN)


def _add_folder(given: Opened, folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).as_posix()
        if path.is_symlink():
            given.problems.add(inner, 0, "", "a link to somewhere else", "the file itself")
        elif path.is_file():
            size = path.stat().st_size
            given.size += size
            if path.suffix.lower() == ".zip":
                stream = path.open("rb")
                given.stack.callback(stream.close)
                _add_zip(given, stream, size, f"{path.stem}/", path.name)
            else:
                _add(given, MemberInfo(inner, size, _opener(path)))
        if len(given.members) > MOST_MEMBERS:
            raise ArchiveUnreadable(given.name, "over a million files", "give the archive alone")


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _add_file(given: Opened, stream: BinaryIO, source: Path | BinaryIO) -> None:
    given.kind = "file"
    stream.seek(0)
    head = stream.read(512)
    if not head:
        raise ArchiveUnreadable(given.name, "the file is empty", AGAIN)
    for start, (what, todo) in _KINDS.items():
        if head.startswith(start):
            raise ArchiveUnreadable(given.name, f"this is {what}", todo)
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        given.kind = "zip"
        _add_zip(given, stream, given.size, "", given.name)
    elif head[:2] == b"\x1f\x8b" or head[257:262] == b"ustar":
        given.kind = "tar"
        _add_tar(given, stream, is_packed=head[:2] == b"\x1f\x8b")
    else:
        again = _opener(source) if isinstance(source, Path) else _keeper(stream)
        _add(given, MemberInfo(given.name, given.size, again))


def _add_zip(given: Opened, stream: BinaryIO, size: int, prefix: str, name: str) -> None:
    """The members of a zip; of one whose end is missing, those that came."""
    given.zip_count += 1
    found: Iterable[MemberInfo] | None = unzipped(stream, given.stack)
    if found is None:
        given.damage(name, "the end of the zip is missing, as after half a download")
        found = salvaged(stream)
    seen: set[str] = set()
    total = 0
    for info in found:
        total += info.size
        path = prefix + info.path
        if info.refused:
            given.problems.add(path, 0, "", *info.refused)
            given.damaged.update([path] if info.is_lost else [])
        elif is_bomb(info.size, info.packed_size) or is_bomb(total, size):
            given.problems.add(path, 0, "", "unpacks to far too much", "an archive, no zip bomb")
            if is_bomb(total, size):
                raise ArchiveUnreadable(name, "it unpacks to far too much", AGAIN)
        elif info.path in seen:
            given.problems.add(path, 0, "", "the same file twice", "it once: the first is read")
        elif info.path.lower().endswith(".zip") and not prefix:
            _add_nested(given, info)
        else:
            _add(given, replace(info, path=path))
        seen.add(info.path)
        if len(seen) > MOST_MEMBERS:
            raise ArchiveUnreadable(name, "over a million files", AGAIN)


def _add_nested(given: Opened, info: MemberInfo) -> None:
    """A zip in a zip, held in memory or an unnamed file while it is read."""
    if info.size > MOST_NESTED:
        given.problems.add(info.path, 0, "", "a very large zip in the zip", "give it by itself")
        return
    copy = given.stack.enter_context(
        tempfile.SpooledTemporaryFile(max_size=256 * 2**20)  # noqa: SIM115 the stack closes it
    )
    with _stream(given, info) as packed:
        while piece := packed.read(2**20):
            copy.write(piece)
    copy.seek(0)
    prefix = info.path.removesuffix(".zip") + "/"
    _add_zip(given, copy, info.size, prefix, info.path)  # type: ignore[arg-type]


def _add_tar(given: Opened, stream: BinaryIO, *, is_packed: bool) -> None:
    total = 0
    unpacked: Any = gzip.GzipFile(fileobj=Kept(stream)) if is_packed else Kept(stream)
    try:
        tar = given.stack.enter_context(closing(tarfile.TarFile(fileobj=unpacked)))
        for info in tar:
            total += info.size
            path = info.name.removeprefix("./")
            if is_bomb(total, given.size):
                raise ArchiveUnreadable(given.name, "it unpacks to far too much", AGAIN)
            if info.issym() or info.islnk():
                given.problems.add(path, 0, "", "a link to somewhere else", "the file itself")
            elif info.isfile():
                opener = _slicer(stream, info.offset_data, info.size, is_packed=is_packed)
                _add(given, MemberInfo(path, info.size, opener))
    except BROKEN as error:
        given.damage(given.name, f"the tar cannot be read to its end ({error})")


def _slicer(stream: BinaryIO, start: int, size: int, *, is_packed: bool) -> Callable[[], Any]:
    return lambda: Slice(stream, start, size, is_packed=is_packed)


def _add(given: Opened, info: MemberInfo) -> None:
    path = info.path.replace("\\", "/")
    parts = PurePosixPath(path).parts
    if path.startswith("/") or ".." in parts or (parts and parts[0].endswith(":")):
        given.problems.add(path, 0, "", "a name that leaves the archive", "a name inside it")
        return
    info = replace(info, path=path)
    given.members.append(Member(path, info.size, lambda: _stream(given, info)))


def _stream(given: Opened, info: MemberInfo) -> Any:
    def on_read(count: int) -> None:
        given.read_bytes += count

    def on_broken(error: Exception) -> None:
        if info.path not in given.damaged:
            given.damage(info.path, f"damaged: {error or type(error).__name__}")

    return Stream(info.opener, on_read, on_broken)


def _keeper(stream: BinaryIO) -> Callable[[], Any]:
    return lambda: Kept(stream)


def html_only(given: Opened) -> bool:
    """Whether there is nothing but web pages and pictures in it."""
    has_pages = bool(given.ending(".html", ".htm"))
    return has_pages and not given.ending(".json", ".js", ".csv", ".car", ".jsonl", ".ndjson")
