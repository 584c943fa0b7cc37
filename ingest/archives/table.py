"""A CSV member row by row, however a spreadsheet or script wrote it, with all its problems.

Read are UTF-8 with or without a byte order mark, UTF-16 with one, and Windows-1252 (and so
Latin-1) where a byte is no UTF-8; commas, semicolons, tabs or bars between the cells.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from ingest.archives.container import Member
from ingest.archives.model import Problems

DELIMITERS = (",", ";", "\t", "|")
_LOOK = "it was read as Windows-1252, look whether the accents are right"
_EXCEL_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_EXCEL_DAYS = (20_000.0, 80_000.0)  # 1954 to 2119
_SECONDS = (10**8, 10**10)  # 1973 to 2286
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ ,T]+(\d{1,2}):(\d\d)(?::(\d\d))?)?")


class _Foreign(threading.local):
    """How often this thread met bytes that are no UTF-8."""

    count = 0


_foreign = _Foreign()


def header_of(member: Member) -> tuple[str, ...]:
    """The names in the first row, without the spaces around them; none where it is no table."""
    try:
        with _lines(member) as lines:
            _, names = _header(lines)
            return names
    except (csv.Error, UnicodeError, ValueError, OSError):
        return ()


def rows(
    member: Member, problems: Problems, *, escape: str | None = None
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Row numbers as a spreadsheet counts them (the header is 1) and cells by column.

    `escape` is the sign before a quote inside a cell, where they are not doubled.

    A row with too few or too many cells, or that is no CSV, is a problem and left out.
    """
    before = _foreign.count
    with _lines(member) as lines:
        delimiter, names = _header(lines)
        reader = csv.reader(_clean(lines), delimiter=delimiter, strict=True, escapechar=escape)
        number = 1
        while True:
            number += 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                problems.add(member.path, number, "", error, "cells quoted in pairs")
                continue
            if cells is None:
                break
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(names):
                expected = f"{len(names)} cells, as in the header"
                problems.add(member.path, number, "", f"{len(cells)} cells", expected)
                continue
            yield number, dict(zip(names, cells, strict=True))
        if _foreign.count > before:
            found = f"{_foreign.count - before:,} stretches that are not UTF-8"
            problems.add(member.path, 0, "", found, f"UTF-8: {_LOOK}")


def moment(cell: str, *, is_day_first: bool | None = None) -> datetime:
    """The moment in a cell; UTC where it names no zone. Raises ValueError.

    ISO 8601, seconds or milliseconds since 1970, a spreadsheet's number of days, or
    31/01/2024 10:00 where `is_day_first` says how such dates are meant or the numbers do.
    """
    cell = cell.strip().removesuffix(" UTC").strip()
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        pass
    else:
        if len(cell) == 8 or not cell.isdigit():
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    if re.fullmatch(r"\d+(?:[.,]\d+)?", cell):
        return _from_number(float(cell.replace(",", ".")))
    if match := _SLASHED.fullmatch(cell):
        first, second = int(match[1]), int(match[2])
        day_first = day_first_of(cell) if is_day_first is None else is_day_first
        if day_first is None and first != second:
            raise ValueError("day or month first?")
        day, month = (first, second) if day_first else (second, first)
        hour, minute, second = (int(part or 0) for part in match.groups()[3:])
        return datetime(int(match[3]), month, day, hour, minute, second, tzinfo=UTC)
    raise ValueError("no moment")


def day_first_of(cell: str) -> bool | None:
    """Whether 31/01/2024 has its day first; None where the numbers do not tell."""
    match = _SLASHED.match(cell.strip())
    if match is None or (int(match[1]) <= 12 and int(match[2]) <= 12):
        return None
    return int(match[1]) > 12


def _from_number(number: float) -> datetime:
    if _EXCEL_DAYS[0] <= number <= _EXCEL_DAYS[1]:
        return _EXCEL_ZERO + timedelta(seconds=round(number * 86_400))
    for scale in (1, 1_000, 1_000_000):
        if _SECONDS[0] <= number / scale < _SECONDS[1]:
            return datetime.fromtimestamp(number / scale, UTC)
    raise ValueError("no moment")


def _windows(error: UnicodeError) -> tuple[str, int]:
    """What is no UTF-8, as Windows-1252; its five unused bytes as Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    _foreign.count += 1
    wrong = error.object[error.start : error.end]
    text = "".join(bytes([one]).decode("cp1252", "ignore") or chr(one) for one in wrong)
    return text, error.end


codecs.register_error("windows-1252", _windows)


def _lines(member: Member) -> io.TextIOWrapper:
    start = member.head(2)
    is_wide = start in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    encoding = "utf-16" if is_wide else "utf-8-sig"
    errors = "replace" if is_wide else "windows-1252"
    return io.TextIOWrapper(member.open(), encoding, errors=errors, newline="")


def _header(lines: io.TextIOWrapper) -> tuple[str, tuple[str, ...]]:
    line = lines.readline(65_536)
    if line.lower().startswith("sep="):
        line = lines.readline(65_536)
    if not line.strip() or "\0" in line:
        raise ValueError("no header")
    split = {sign: next(csv.reader([line], delimiter=sign)) for sign in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda sign: len(split[sign]))
    return delimiter, tuple(name.strip() for name in split[delimiter])


def _clean(lines: io.TextIOWrapper) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)
