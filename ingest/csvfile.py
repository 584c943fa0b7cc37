"""Every row of a CSV file as typed values, or every problem in it at once."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import tempfile
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
