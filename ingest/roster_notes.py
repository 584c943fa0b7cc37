"""What people add to their own rows of the roster: a reason for silence, a statement.

Each is written at the end of a file of the person's council, and can be taken back
as long as nobody changed that file since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest import roster_columns as columns
from ingest.csvfile import edited, read_rows, write_file
from ingest.errors import Problem, RosterError
from ingest.roster import parse, read_files


@dataclass(frozen=True, slots=True)
class Note:
    """A row that was written: where, and the bytes before (None: no file) and after."""

    file: str
    before: bytes | None
    after: bytes


def add(data_dir: Path, kind: str, cells: Mapping[str, str]) -> Note:
    """Write one row of `kind`; a RosterError with every problem, and then nothing is written.

    A second statement of a person for an edition takes the place of the first.
    """
    contents = read_files(data_dir)
    file = f"{_folder(contents, cells['person_id'])}/{kind}.csv"
    before = contents.get(file)
    row = _same(file, before, cells) if kind == "statements" and before is not None else None
    edits, added = ({row: cells}, []) if row else ({}, [cells])
    after = edited(file, before, columns.FILES[kind], edits, added)
    parse(contents | {file: after})
    write_file(data_dir / file, after)
    return Note(file, before, after)


def take_back(data_dir: Path, note: Note) -> None:
    """The file as it was before; a RosterError if it was changed since."""
    path = data_dir / note.file
    found = path.read_bytes() if path.exists() else None
    if found != note.after:
        problem = Problem(
            note.file, 0, "", "other rows than were written", "a look at it: take the row out there"
        )
        raise RosterError([problem])
    if note.before is None:
        path.unlink()
    else:
        write_file(path, note.before)


def _same(file: str, content: bytes, cells: Mapping[str, str]) -> int | None:
    """The number of the row with the person's statement for this edition."""
    rows, _ = read_rows(file, content, columns.FILES["statements"])
    same = ("person_id", "edition_id")
    found = (row for row in rows if all(row.values.get(name) == cells[name] for name in same))
    return next((row.number for row in found), None)


def _folder(contents: Mapping[str, bytes], person_id: str) -> str:
    for path, content in contents.items():
        if Path(path).stem == "people":
            rows, _ = read_rows(path, content, columns.FILES["people"])
            if any(row.values.get("person_id") == person_id for row in rows):
                return str(Path(path).parent)
    raise RosterError([Problem("people.csv", 0, "person_id", person_id, "somebody of the roster")])
