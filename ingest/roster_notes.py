"""What people add to their own rows of the roster: a reason for silence, a statement."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ingest import roster_columns as columns
from ingest.csvfile import edited, read_rows, write_file
from ingest.errors import Problem, RosterError
from ingest.roster import parse, read_files

KEYS = {"absences": ("person_id", "from_on"), "statements": ("person_id", "edition_id")}
Cells = Mapping[str, str]


def add(data_dir: Path, kind: str, cells: Cells) -> str:
    """Write one row of `absences` or `statements`, in place of one with the same key; the file.

    Raises a RosterError with every problem, and then nothing is written.
    """
    contents = read_files(data_dir)
    file, old = _find(contents, kind, cells)
    edits, added = ({old[0]: cells}, []) if old else ({}, [cells])
    after = edited(file, contents.get(file), columns.FILES[kind], edits, added)
    parse(contents | {file: after})
    write_file(data_dir / file, after)
    return file


def remove(data_dir: Path, kind: str, cells: Cells) -> str:
    """Take out the row with this key; the file. Raises RosterError where there is none."""
    contents = read_files(data_dir)
    file, old = _find(contents, kind, cells)
    if not old:
        key = ", ".join(cells[name] for name in KEYS[kind])
        raise RosterError([Problem(file, 0, "", f"no row of {key}", "one that is there")])
    after = edited(file, contents[file], columns.FILES[kind], {}, [], removed=old)
    parse(contents | {file: after})
    write_file(data_dir / file, after)
    return file


def _find(contents: Mapping[str, bytes], kind: str, cells: Cells) -> tuple[str, list[int]]:
    """The file of the person's council, and the numbers of the rows with this key."""
    file = f"{_folder(contents, cells['person_id'])}/{kind}.csv"
    if file not in contents:
        return file, []
    rows, _ = read_rows(file, contents[file], columns.FILES[kind])
    key = [cells[name] for name in KEYS[kind]]
    return file, [r.number for r in rows if [str(r.values.get(n)) for n in KEYS[kind]] == key]


def _folder(contents: Mapping[str, bytes], person_id: str) -> str:
    for path, content in contents.items():
        if Path(path).stem == "people":
            rows, _ = read_rows(path, content, columns.FILES["people"])
            if any(row.values.get("person_id") == person_id for row in rows):
                return str(Path(path).parent)
    raise RosterError([Problem("people.csv", 0, "person_id", person_id, "somebody of the roster")])
