"""Every row of a CSV file as typed values, or every problem in it at once."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import tempfile
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ingest.errors import Problem, RosterError

DELIMITERS = (",", ";", "\t")
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how its cells are read, and what a person is told they should be."""

    name: str
    convert: Callable[[str], object]  # raises ValueError
    expected: str
    is_required: bool = False
    default: object = None  # what an empty cell or an absent column means


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` counts as a spreadsheet does, the header being 1.

    A cell that could not be read is absent from `values`.
    """

    file: str
    number: int
    values: Mapping[str, object]

    def problem(self, column: str, found: object, expected: str) -> Problem:
        """A problem at this row."""
        return Problem(self.file, self.number, column, str(found)[:80], expected)


def read_rows(
    file: str, content: bytes, columns: Sequence[Column]
) -> tuple[list[Row], list[Problem]]:
    """The rows of a file and everything that is wrong with it, in the order of the file."""
    try:
        header, cells = _split(file, content, columns)
    except RosterError as error:
        return [], list(error.problems)
    problems = _header_problems(file, header, columns)
    by_name = {column.name: column for column in columns}
    absent = {c.name: c.default for c in columns if c.name not in header}
    rows = []
    for number, row in enumerate(cells, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            problems.append(
                Problem(file, number, "", f"{len(row)} cells", f"{len(header)}, as in the header")
            )
        values: dict[str, object] = dict(absent)
        for name, cell in zip(header, row, strict=False):
            if name in by_name:
                _convert(file, number, by_name[name], cell.strip(), values, problems)
        rows.append(Row(file, number, values))
    return rows, problems


def with_row(
    file: str, content: bytes | None, columns: Sequence[Column], cells: Mapping[str, str]
) -> bytes:
    """A file's bytes with one row more, written as the file is written; None makes the file."""
    if content is None:
        header, delimiter, newline = [c.name for c in columns], ",", "\n"
        before = ",".join(header) + newline
    else:
        text = _decode(file, content)
        delimiter = _delimiter(text, columns)
        header, _ = _split(file, content, columns)
        newline = "\r\n" if "\r\n" in text else "\n"
        before = text if text.endswith(("\n", "\r")) else text + newline
    lost = [name for name, cell in cells.items() if cell and name not in header]
    if lost:
        raise RosterError([Problem(file, 1, name, "no such column", "a column") for name in lost])
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerow(
        [cells.get(name, "") for name in header]
    )
    return (before + out.getvalue()).encode()


def edited(
    file: str,
    content: bytes | None,
    columns: Sequence[Column],
    edits: Mapping[int, Mapping[str, str]],
    added: Sequence[Mapping[str, str]],
    removed: Collection[int] = (),
) -> bytes:
    """A file's bytes with cells changed (row number → column → text) and rows added at its end.

    `removed`: the numbers of rows that go.

    Every other row stays as it is, byte for byte, unless a column has to be added.
    None makes the file.
    """
    content = (
        (",".join(column.name for column in columns) + "\n").encode()
        if content is None
        else content
    )
    text = _decode(file, content)
    header, cells = _split(file, content, columns)
    delimiter, newline = _delimiter(text, columns), "\r\n" if "\r\n" in text else "\n"
    wanted = {name for row in (*edits.values(), *added) for name, cell in row.items() if cell}
    names = header + [c.name for c in columns if c.name in wanted and c.name not in header]

    def written(row: Sequence[str]) -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator=newline).writerow(row)
        return out.getvalue()

    records = [BOM * text.startswith(BOM)]
    for number, (raw, row) in enumerate(
        zip(_raw(text, delimiter), [header, *cells], strict=True), 1
    ):
        if number in removed:
            continue
        if number in edits:
            named = dict(zip(header, row, strict=False)) | dict(edits[number])
            records.append(written([named.get(name, "") for name in names]))
        elif len(names) > len(header) and any(cell.strip() for cell in row):
            more = names[len(header) :] if number == 1 else [""] * (len(names) - len(header))
            records.append(written([*row, *[""] * (len(header) - len(row)), *more]))
        else:
            records.append(raw if raw.endswith(("\n", "\r")) else raw + newline)
    records += [written([row.get(name, "") for name in names]) for row in added]
    return "".join(records).encode()


def _raw(text: str, delimiter: str) -> list[str]:
    """The records of a file as they stand in it, line ends included."""
    lines = list(io.StringIO(text.removeprefix(BOM), newline=""))
    reader = csv.reader(iter(lines), delimiter=delimiter, strict=True)
    ends = [0, *(reader.line_num for _ in reader)]
    return ["".join(lines[a:b]) for a, b in pairwise(ends)]


def _decode(file: str, content: bytes) -> str:
    """The text of a file, its byte order mark kept; only UTF-8 is read."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        found = (
            "UTF-16 text"
            if content[:2] in (b"\xff\xfe", b"\xfe\xff")
            else (f"byte 0x{content[error.start]:02x}, which is not UTF-8")
        )
        expected = "UTF-8 (in a spreadsheet: save as 'CSV UTF-8')"
        raise RosterError([Problem(file, row, "", found, expected)]) from error


def _delimiter(text: str, columns: Sequence[Column]) -> str:
    """The sign between cells: the one that splits the header into the most known columns."""
    names = {column.name for column in columns}
    header = text.removeprefix(BOM).split("\n", 1)[0]
    return max(DELIMITERS, key=lambda sign: len(names & {_bare(c) for c in header.split(sign)}))


def _bare(cell: str) -> str:
    return cell.strip().strip('"').strip()


def _split(
    file: str, content: bytes, columns: Sequence[Column]
) -> tuple[list[str], list[list[str]]]:
    """Header and rows as text."""
    text = _decode(file, content)
    reader = csv.reader(
        io.StringIO(text.removeprefix(BOM), newline=""),
        delimiter=_delimiter(text, columns),
        strict=True,
    )
    try:
        lines = list(reader)
    except csv.Error as error:
        raise RosterError(
            [Problem(file, reader.line_num, "", str(error), "cells quoted in pairs")]
        ) from error
    if not lines:
        names = ", ".join(column.name for column in columns)
        raise RosterError([Problem(file, 1, "", "an empty file", f"the header {names}")])
    return [cell.strip() for cell in lines[0]], lines[1:]


def _header_problems(file: str, header: Sequence[str], columns: Sequence[Column]) -> list[Problem]:
    """Columns that nobody knows, that stand twice, or that are missing."""
    names = [column.name for column in columns]
    known = ", ".join(names)
    unknown = [n for n in dict.fromkeys(header) if n not in names]
    twice = [n for n in dict.fromkeys(header) if n in names and header.count(n) > 1]
    missing = [c.name for c in columns if c.is_required and c.name not in header]
    return [
        *(Problem(file, 1, n, "an unknown column", f"one of {known}") for n in unknown),
        *(Problem(file, 1, n, "the column twice", "it once") for n in twice),
        *(Problem(file, 1, n, "no such column", f"the columns {known}") for n in missing),
    ]


def _convert(
    file: str,
    number: int,
    column: Column,
    cell: str,
    values: dict[str, object],
    problems: list[Problem],
) -> None:
    """One cell into `values`, or one problem more."""
    if not cell:
        if column.is_required:
            problems.append(Problem(file, number, column.name, "", column.expected))
        else:
            values[column.name] = column.default
        return
    try:
        if any(unicodedata.category(sign) == "Cc" for sign in cell):
            raise ValueError("control characters")
        values[column.name] = column.convert(cell)
    except ValueError:
        problems.append(Problem(file, number, column.name, cell[:80], column.expected))


def write_file(path: Path, content: bytes) -> None:
    """The whole file or the old one, whatever happens meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
