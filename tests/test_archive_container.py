"""What archives come packed in: folders, zips, tars, uploads, and all that is wrong in them."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from ingest import archives
from ingest.archives import container
from ingest.archives.container import Opened
from ingest.errors import ArchiveUnreadable
from tests.archived import tweet, tweets, x_files, zipped

FILES = {"data/a.js": "window.YTD.tweets.part0 = []", "data/b.json": "[1, 2]"}
_OPEN: list[Opened] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while _OPEN:
        _OPEN.pop().close()


def opened(source: Path | BinaryIO, name: str | None = None) -> Opened:
    _OPEN.append(container.opened(source, name))
    return _OPEN[-1]


def contents(given: Opened) -> dict[str, bytes]:
    found = {}
    for member in given.members:
        with member.open() as stream:
            found[member.path] = stream.read()
    return found


def told(given: Opened) -> str:
    return "\n".join(map(str, given.problems.listed))


def folder_of(path: Path) -> Path:
    for name, text in FILES.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)
    return path


def tarred(path: Path, mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as packed:  # type: ignore[call-overload]
        for name, text in FILES.items():
            info = tarfile.TarInfo(f"./{name}")
            info.size = len(text)
            packed.addfile(info, io.BytesIO(text.encode()))
    return path


@pytest.mark.parametrize("kind", ["folder", "zip", "tar.gz", "tar"])
def test_members_are_the_same_however_they_are_packed(tmp_path: Path, kind: str) -> None:
    path = {
        "folder": lambda: folder_of(tmp_path / "map"),
        "zip": lambda: zipped(tmp_path / "a.zip", FILES),
        "tar.gz": lambda: tarred(tmp_path / "a.tar.gz"),
        "tar": lambda: tarred(tmp_path / "a.tar", "w"),
    }[kind]()
    given = opened(path)
    assert contents(given) == {name: text.encode() for name, text in FILES.items()}
    assert given.read_bytes == sum(map(len, FILES.values()))
    assert contents(given) == contents(given)  # members can be read again, in any order
    given.close()


def test_an_upload_is_read_as_the_file_is_and_stays_open(tmp_path: Path) -> None:
    for path in (zipped(tmp_path / "a.zip", FILES), tarred(tmp_path / "a.tar.gz")):
        upload = io.BytesIO(path.read_bytes())
        given = opened(upload, path.name)
        assert contents(given) == {name: text.encode() for name, text in FILES.items()}
        given.close()
        assert not upload.closed
    single = opened(io.BytesIO(b"a,b\n1,2\n"), "tabel.csv")
    assert contents(single) == {"tabel.csv": b"a,b\n1,2\n"}


def test_zips_in_a_folder_or_in_a_zip_are_read_together(tmp_path: Path) -> None:
    folder = tmp_path / "map"
    folder.mkdir()
    first = zipped(folder / "deel1.zip", {"posts/1.json": "[1]"})
    second = zipped(folder / "deel2.zip", {"posts/1.json": "[2]"})
    expected = {"deel1/posts/1.json": b"[1]", "deel2/posts/1.json": b"[2]"}
    assert contents(opened(folder)) == expected
    both = {path.name: path.read_bytes() for path in (first, second)}
    assert contents(opened(zipped(tmp_path / "samen.zip", both))) == expected


def test_names_that_leave_the_archive_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    wrong = ["../weg.json", "/etc/weg.json", "a/../../weg.json", "C:\\weg.json", "a\\..\\weg.json"]
    given = opened(zipped(tmp_path / "a.zip", FILES | dict.fromkeys(wrong, "x")))
    assert set(contents(given)) == set(FILES)
    assert told(given).count("a name that leaves the archive") == len(wrong)


def test_links_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "geheim.json"
    secret.write_text('["geheim"]')
    folder = folder_of(tmp_path / "map")
    (folder / "link.json").symlink_to(secret)
    (folder / "ver").symlink_to(tmp_path)
    assert set(contents(opened(folder))) == set(FILES)
    link = zipfile.ZipInfo("link.json")
    link.external_attr = 0o120777 << 16
    path = zipped(tmp_path / "a.zip", FILES)
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(link, str(secret))
    given = opened(path)
    assert set(contents(given)) == set(FILES)
    assert "a link to somewhere else" in told(given)
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        info = tarfile.TarInfo("link.json")
        info.type, info.linkname = tarfile.SYMTYPE, str(secret)
        tar.addfile(info)
    with pytest.raises(ArchiveUnreadable, match="a link to somewhere else"):
        opened(tmp_path / "a.tar")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bom.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("data/tweets.js", "w") as stream,
    ):
        for _ in range(300):
            stream.write(bytes(2**20))
    with pytest.raises(ArchiveUnreadable, match="far too much"):
        opened(path)
    cut = tmp_path / "half.zip"
    cut.write_bytes(path.read_bytes()[:-100])  # no directory: its sizes have to be walked
    with pytest.raises(ArchiveUnreadable, match="far too much"):
        opened(cut)
    outer = zipped(tmp_path / "buiten.zip", {"binnen.zip": path.read_bytes()})
    with pytest.raises(ArchiveUnreadable, match="far too much"):
        opened(outer)


def test_a_packed_tar_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bom.tar.gz"
    with tarfile.open(path, "w:gz") as packed:
        info = tarfile.TarInfo("outbox.json")
        info.size = 300 * 2**20
        packed.addfile(info, io.BytesIO(bytes(info.size)))
    with pytest.raises(ArchiveUnreadable, match="far too much"):
        opened(path)


def test_a_password_says_what_to_do_and_the_rest_is_read(tmp_path: Path) -> None:
    raw = bytearray(zipped(tmp_path / "a.zip", FILES).read_bytes())
    raw[6] |= 1  # the first member's flag, at its head and in the directory
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "slot.zip"
    path.write_bytes(raw)
    given = opened(path)
    assert list(contents(given)) == ["data/b.json"]
    assert "protected by a password" in told(given)
    assert given.damaged == {"data/a.js"}
    only = tmp_path / "alleen.zip"
    raw = bytearray(zipped(only, {"a.json": "[1]"}).read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    only.write_bytes(raw)
    with pytest.raises(ArchiveUnreadable, match="password → unpack it"):
        opened(only)


@pytest.mark.parametrize("streamed", [False, True], ids=["sizes told", "sizes not told"])
def test_of_half_a_download_what_came_is_read(tmp_path: Path, streamed: bool) -> None:
    whole = {"data/een.json": os.urandom(3_000).hex(), "data/twee.json": os.urandom(30_000).hex()}
    path = tmp_path / "a.zip"
    with path.open("wb") as file:
        target = _Unseekable(file) if streamed else file
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:  # type: ignore[arg-type]
            for name, text in whole.items():
                packed.writestr(name, text)
    half = tmp_path / "half.zip"
    half.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    given = opened(half)
    found = contents(given)
    assert found["data/een.json"] == whole["data/een.json"].encode()
    assert 0 < len(found["data/twee.json"]) < len(whole["data/twee.json"])
    assert whole["data/twee.json"].encode().startswith(found["data/twee.json"])
    assert given.damaged == {"half.zip", "data/twee.json"}
    assert "as after half a download" in told(given)


class _Unseekable(io.RawIOBase):
    """A file to which a zip is streamed: its members do not say how long they are."""

    def __init__(self, file: io.BufferedWriter) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        return self._file.write(data)  # type: ignore[arg-type]


def test_a_flipped_bit_ends_the_member_with_a_problem(tmp_path: Path) -> None:
    raw = bytearray(zipped(tmp_path / "a.zip", {"a.json": os.urandom(50_000).hex()}).read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    path = tmp_path / "stuk.zip"
    path.write_bytes(raw)
    given = opened(path)
    contents(given)
    assert given.damaged == {"a.json"}
    assert "damaged" in told(given)
    assert "download it again" in told(given)


def test_of_half_a_tar_what_came_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    text = os.urandom(100_000).hex()
    with tarfile.open(path, "w:gz") as packed:
        info = tarfile.TarInfo("outbox.json")
        info.size = len(text)
        packed.addfile(info, io.BytesIO(text.encode()))
    half = tmp_path / "half.tar.gz"
    half.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    given = opened(half)
    found = contents(given)["outbox.json"]
    assert 20_000 < len(found) < len(text)
    assert text.encode().startswith(found)
    assert given.damaged


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty → download it again"),
        (b"Rar!\x1a\x07", "a RAR archive → unpack it"),
        (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive → unpack it"),
        (b"%PDF-1.7", "a PDF → give"),
        (b"PK\x05\x06" + bytes(18), "nothing in it that can be read"),
        (b"<!DOCTYPE html><title>Iets</title>", r"→ .*JSON"),
        (b"\x00\x01\x02\x03" * 50, "nothing in it is known → give one of: "),
        (b'{"hello": 1}', "nothing in it is known"),
    ],
)
def test_what_is_no_archive_says_what_to_do(tmp_path: Path, content: bytes, expected: str) -> None:
    name = "pagina.html" if content.startswith(b"<") else "bestand"
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ArchiveUnreadable, match=expected):
        archives.recognise(tmp_path / name)


def test_an_excel_workbook_is_asked_for_as_csv(tmp_path: Path) -> None:
    path = zipped(tmp_path / "posts.xlsx", {"xl/workbook.xml": "<workbook/>"})
    with pytest.raises(ArchiveUnreadable, match=r"an Excel workbook → save .*CSV UTF-8"):
        archives.recognise(path)


def test_a_file_that_is_not_there_or_not_ours_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnreadable, match="No such file"):
        archives.recognise(tmp_path / "weg.zip")


def test_the_same_path_twice_in_a_zip_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("data/a.js", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("data/a.js", "2")
    given = opened(path)
    assert contents(given) == {"data/a.js": b"1"}
    assert "the same file twice" in told(given)


def test_the_file_name_says_nothing(tmp_path: Path) -> None:
    path = zipped(tmp_path / "vakantiefotos.bin", x_files([tweet(1)]))
    with archives.recognise(path) as found:
        assert found.format == "x_archive"


def test_items_that_come_twice_are_read_once(tmp_path: Path) -> None:
    files = x_files([tweet(1), tweet(2)], tweets_part1=tweets([tweet(2), tweet(3)], 1))
    with archives.recognise(zipped(tmp_path / "a.zip", files)) as found:
        posts = [post.uri for batch in archives.read(found) for post in batch.posts]
        assert len(posts) == len(set(posts)) == 3
        assert found.counts.repeated == 1
