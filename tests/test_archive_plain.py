"""Our own CSV, and tables as spreadsheets and scripts write them."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest import archives
from ingest.archives import plain, table
from ingest.archives.model import Found
from ingest.errors import ArchiveUnreadable
from ingest.model import Kind, Post

HEADER = ",".join(plain.COLUMNS)
ROW = "https://an.example/1,x:an_voorbeeld,2024-10-13T18:30:00+02:00,,,,Dag allemaal,nl"


def read(path: Path, content: str | bytes) -> tuple[list[Post], Found]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    posts = []
    with archives.recognise(path) as found:
        for batch in archives.read(found):
            posts += batch.posts
    return posts, found


def table_of(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows, ""])


def problems(found: Found) -> list[str]:
    return [str(problem) for problem in found.problems.listed]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "posts.csv"


def test_the_template_is_a_file_that_is_read(path: Path) -> None:
    posts, found = read(path, plain.TEMPLATE)
    (post,) = posts
    assert (found.format, found.problems.count) == ("plain", 0)
    assert post.kind is Kind.REPLY
    assert post.partner == "een_burger"
    assert post.created_at == datetime(2024, 10, 13, 16, 30, tzinfo=UTC)
    assert post.text == "Dank u, we kijken het na"
    assert list(found.accounts) == ["x:an_voorbeeld"]


@pytest.mark.parametrize(
    ("kind", "to", "to_uri", "expected"),
    [
        ("", "", "", Kind.POST),
        ("", "een_burger", "", Kind.REPLY),
        ("", "", "https://an.example/0", Kind.REPLY),
        ("", "@An_Voorbeeld", "", Kind.SELF_REPLY),
        ("quote", "een_burger", "", Kind.QUOTE),
        ("Repost", "een_burger", "", Kind.REPOST),
    ],
)
def test_what_a_row_is(path: Path, kind: str, to: str, to_uri: str, expected: Kind) -> None:
    row = f"https://an.example/1,x:an_voorbeeld,2024-10-13T18:30:00Z,{kind},{to},{to_uri},t,nl"
    ((post,), _) = read(path, table_of(row))
    assert post.kind is expected


def test_only_address_account_and_moment_are_needed(path: Path) -> None:
    header, row = "created_at;URI;account", "2024-10-13 18:30;https://an.example/1;an-x"
    posts, found = read(path, f"{header}\r\n{row}\r\n")
    assert posts[0].created_at == datetime(2024, 10, 13, 18, 30, tzinfo=UTC)
    assert list(found.accounts) == ["an-x"]


@pytest.mark.parametrize(
    "content",
    [
        table_of(ROW.replace("allemaal", "café")).encode(),
        codecs.BOM_UTF8 + table_of(ROW.replace("allemaal", "café")).encode(),
        table_of(ROW.replace("allemaal", "café")).encode("utf-16"),
        table_of(ROW.replace("allemaal", "café")).encode("latin-1"),
        table_of(ROW.replace("allemaal", "café")).replace("\n", "\r\n").encode("cp1252"),
        table_of(ROW.replace("allemaal", "café")).replace(",", ";").encode(),
        table_of(ROW.replace("allemaal", "café")).replace(",", "\t").encode(),
        b"sep=,\r\n" + table_of(ROW.replace("allemaal", "café")).encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "latin-1", "cp1252 crlf", "semicolons", "tabs", "sep="],
)
def test_however_a_spreadsheet_saved_it(path: Path, content: bytes) -> None:
    ((post,), found) = read(path, content)
    assert post.text == "Dag café"
    assert [p for p in problems(found) if "UTF-8" not in p] == []


def test_what_is_no_utf8_is_told_once(path: Path) -> None:
    rows = [ROW.replace("/1", f"/{n}").replace("allemaal", "café €") for n in range(3)]
    posts, found = read(path, table_of(*rows).encode("cp1252"))
    assert {post.text for post in posts} == {"Dag café €"}
    assert len([p for p in problems(found) if "Windows-1252" in p]) == 1


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-10-13T18:30:00Z", datetime(2024, 10, 13, 18, 30, tzinfo=UTC)),
        ("2024-10-13", datetime(2024, 10, 13, tzinfo=UTC)),
        ("2024-10-13 18:30:00 UTC", datetime(2024, 10, 13, 18, 30, tzinfo=UTC)),
        ("45578.75", datetime(2024, 10, 13, 18, tzinfo=UTC)),
        ("45578,75", datetime(2024, 10, 13, 18, tzinfo=UTC)),
        ("1728844200", datetime(2024, 10, 13, 18, 30, tzinfo=UTC)),
        ("1728844200000", datetime(2024, 10, 13, 18, 30, tzinfo=UTC)),
        ("13/10/2024 18:30", datetime(2024, 10, 13, 18, 30, tzinfo=UTC)),
        ("10/13/2024", datetime(2024, 10, 13, tzinfo=UTC)),
        ("13.10.2024, 18:30:05", datetime(2024, 10, 13, 18, 30, 5, tzinfo=UTC)),
    ],
)
def test_moments_as_spreadsheets_write_them(cell: str, expected: datetime) -> None:
    assert table.moment(cell) == expected


@pytest.mark.parametrize(
    "cell", ["", "gisteren", "3/4/2024", "12", "31/31/2024", "2024-13-01", "9" * 30]
)
def test_what_is_no_moment_is_never_guessed(cell: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        table.moment(cell)


def test_the_other_rows_say_whether_the_day_comes_first(path: Path) -> None:
    rows = [
        f'https://an.example/{n},x:an_voorbeeld,"{day}",,,,t,nl'
        for n, day in enumerate(["03/04/2024", "25/04/2024"])
    ]
    posts, _ = read(path, table_of(*rows))
    assert [post.created_at for post in posts] == [
        datetime(2024, 4, 3, tzinfo=UTC),
        datetime(2024, 4, 25, tzinfo=UTC),
    ]
    _, found = read(path, table_of(*rows, rows[0].replace("03/04", "04/25")))
    assert any("row 2, column created_at: found '03/04/2024'" in p for p in problems(found))


def test_every_bad_row_is_told_with_its_place_and_the_good_ones_are_read(path: Path) -> None:
    posts, found = read(
        path,
        table_of(
            ROW,
            ROW.replace("2024-10-13T18:30:00+02:00", "ooit"),
            "https://an.example/3,,2024-10-13,,,,t,nl",
            ",x:an_voorbeeld,2024-10-13,,,,t,nl",
            ROW.replace(",,,,", ",like,,,"),
            ROW + ",te veel",
            "te weinig",
            ROW.replace("2024", "2999"),
            ROW.replace("/1,", "/9,"),
        ),
    )
    assert [post.uri[-1] for post in posts] == ["1", "9"]
    assert [(p.row, p.column) for p in found.problems.listed] == [
        (3, "created_at"),
        (4, "account"),
        (5, "uri"),
        (6, "kind"),
        (7, ""),
        (8, ""),
        (9, "created_at"),
    ]
    assert "expected a moment as 2024-10-13T18:30:00+02:00" in problems(found)[0]


def test_an_address_that_a_spreadsheet_rewrote_is_refused(path: Path) -> None:
    numbers = ("9.00719925474099E+15", "9,00719925474099E+15")
    rewritten = [ROW.replace("https://an.example/1", f'"{number}"') for number in numbers]
    posts, found = read(path, table_of(ROW, *rewritten))
    assert [post.uri for post in posts] == ["https://an.example/1"]
    assert [(p.row, p.column) for p in found.problems.listed] == [(3, "uri"), (4, "uri")]


def test_rows_are_counted_as_a_spreadsheet_does(path: Path) -> None:
    two_lines = ROW.replace("Dag allemaal", '"Dag\nallemaal"')
    _, found = read(path, table_of(two_lines, "", ROW.replace("2024-10-13T18:30:00+02:00", "x")))
    assert [p.row for p in found.problems.listed] == [4]


def test_a_quote_that_is_never_closed_costs_no_silence(path: Path) -> None:
    posts, found = read(path, table_of(ROW, ROW.replace("/1", "/2").replace("Dag", '"Dag')))
    assert len(posts) == 1
    assert "cells quoted in pairs" in problems(found)[0]


def test_unknown_and_doubled_columns_are_told(path: Path) -> None:
    header = HEADER + ",likes,text"
    _, found = read(path, table_of(ROW + ",3,nog", header=header))
    assert [(p.column, p.found) for p in found.problems.listed] == [
        ("text", "the column twice"),
        ("likes", "an unknown column"),
    ]


def test_a_table_without_rows_is_no_error_and_proves_nothing(path: Path) -> None:
    posts, found = read(path, HEADER + "\n")
    assert posts == []
    assert found.counts.from_at is None


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "\n\n", '"', "uri,account\n1,2\n", "\0" * 100])
def test_other_tables_are_not_ours(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(ArchiveUnreadable, match=r"give one of: .*CSV of winterslaap"):
        archives.recognise(path)


def test_the_days_between_the_oldest_and_newest_row_are_proven_per_account(path: Path) -> None:
    rows = [
        f"https://an.example/{who}{day},x:{who},2024-10-{day:02}T12:00:00Z,,,,t,nl"
        for who, days in (("an", (1, 9)), ("bo", (3, 5)))
        for day in days
    ]
    path.write_text(table_of(*rows))
    with archives.recognise(path) as found:
        spans = {b.state.handle: b.spans[0] for b in archives.read(found) if b.state and b.spans}
    assert {who: (s.start_at.day, s.end_at.day) for who, s in spans.items()} == {
        "an": (1, 9),
        "bo": (3, 5),
    }
