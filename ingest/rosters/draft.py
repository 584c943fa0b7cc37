"""The roster files as they are, and as they would be: nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from ingest.csvfile import Row, edited, read_rows
from ingest.roster_columns import FILES, normal_handle


@dataclass(frozen=True, slots=True)
class Holding:
    """Whose an account is, and when."""

    person_id: str
    first_on: date
    last_on: date
    row: Row | None  # None: it is to be added

    def overlaps(self, first_on: date, last_on: date) -> bool:
        """Whether it is held on one of these days."""
        return self.first_on <= last_on and first_on <= self.last_on


@dataclass(slots=True)
class Draft:
    """Rows by table, with edits and additions that are still to be written."""

    contents: Mapping[str, bytes]  # path below the data folder → bytes
    council: str
    rows: dict[str, list[Row]] = field(default_factory=dict)
    holdings: dict[tuple[str, str], list[Holding]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)  # person_ids and account_ids
    _edits: dict[str, dict[int, dict[str, str]]] = field(default_factory=dict)
    _added: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = {table: [] for table in FILES}
        for path in sorted(self.contents):
            table = Path(path).stem
            self.rows[table] += read_rows(path, self.contents[path], FILES[table])[0]
        for row in self.rows["accounts"]:
            self._hold(row)
        for table, column in (("people", "person_id"), ("accounts", "account_id")):
            self.taken.update(str(row.values.get(column)) for row in self.rows[table])

    def _hold(self, row: Row) -> None:
        values = row.values
        platform, handle = str(values.get("platform")), str(values.get("handle"))
        first, last = values.get("valid_from"), values.get("valid_to")
        self.hold(
            (platform, normal_handle(platform, handle)),
            Holding(
                str(values.get("person_id")),
                first if isinstance(first, date) else date.min,
                last if isinstance(last, date) else date.max,
                row,
            ),
        )

    def hold(self, key: tuple[str, str], holding: Holding) -> None:
        """Remember whose an account is."""
        self.holdings.setdefault(key, []).append(holding)

    def of_person(self, table: str, person_id: str) -> Iterator[Row]:
        """The rows of one person that are in the files."""
        return (row for row in self.rows[table] if row.values.get("person_id") == person_id)

    def edit(self, row: Row, **cells: str) -> None:
        """Change cells of a row that is there."""
        self._edits.setdefault(row.file, {}).setdefault(row.number, {}).update(cells)

    def cell(self, row: Row, column: str) -> str:
        """What stands in a cell, as it would be."""
        cell = self._edits.get(row.file, {}).get(row.number, {}).get(column)
        return str(row.values.get(column) or "") if cell is None else cell

    def day(self, row: Row, column: str) -> date | None:
        """The day in a cell, as it would be."""
        cell = self.cell(row, column)
        return date.fromisoformat(cell) if cell else None

    def hand_over(self, key: tuple[str, str], holding: Holding, last_on: date) -> None:
        """End a holding that stands in the files."""
        held = self.holdings[key]
        held[held.index(holding)] = replace(holding, last_on=last_on)
        if holding.row is not None:
            self.edit(holding.row, valid_to=str(last_on))

    def add(self, table: str, **cells: str) -> None:
        """Add a row at the end of this council's file."""
        path = f"rosters/{self.council}/{table}.csv"
        self._added.setdefault(path, []).append(cells)

    def free_id(self, first: str) -> str:
        """`first`, with a number where that is taken; it is taken from now on."""
        number, free = 1, first
        while free in self.taken:
            number += 1
            free = f"{first}-{number}"
        self.taken.add(free)
        return free

    def changed(self) -> dict[str, bytes]:
        """The files that would change, with all their bytes, people before what names them."""
        order = list(FILES)
        paths = sorted(
            self._edits.keys() | self._added.keys(), key=lambda path: order.index(Path(path).stem)
        )
        return {
            path: edited(
                path,
                self.contents.get(path),
                FILES[Path(path).stem],
                self._edits.get(path, {}),
                self._added.get(path, []),
            )
            for path in paths
        }
