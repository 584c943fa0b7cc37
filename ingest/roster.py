"""Who is watched: people, mandates, accounts, known accounts, absences, statements and elections.

`read` gives the whole roster or a RosterError with every problem in it; `add`
writes one person or account more and never a roster that `read` would refuse.
The columns are explained in data/README.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingest import roster_columns as columns
from ingest.csvfile import Row, read_rows, with_row, write_file
from ingest.errors import Problem, RosterError
from ingest.model import Account
from ingest.roster_checks import check

SHIPPED_ELECTIONS = Path(__file__).parent.parent / "data" / "elections.csv"


@dataclass(frozen=True, slots=True)
class Person:
    """One row of people.csv."""

    person_id: str
    name: str
    municipality: str | None
    party: str | None
    language: str
    timezone: str
    is_invented: bool
    note: str | None
    ids: str | None  # how other sources name the person, as scheme:id, with spaces between


@dataclass(frozen=True, slots=True)
class Mandate:
    """One row of mandates.csv: a term of office or a declared candidacy."""

    person_id: str
    kind: str
    office: str
    level: str
    jurisdiction: str
    election_id: str | None
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """One row of known_accounts.csv: an account that is no citizen's."""

    platform: str
    handle: str
    class_: str
    person_id: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Absence:
    """One row of absences.csv: days on which silence has a documented reason."""

    person_id: str
    from_on: date
    to_on: date | None
    reason: str
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One row of statements.csv: what a person wants printed on the own card of an edition."""

    person_id: str
    edition_id: str
    given_on: date
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Election:
    """One row of elections.csv; `level` may join several with '+'."""

    jurisdiction: str
    level: str
    election_id: str
    day: date
    last_round: date | None
    called_on: date | None
    regulated_start: date | None
    applies_to: str | None
    rule: str | None
    source: str | None
    checked_on: date
    confidence: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything in the roster files of all councils together."""

    people: tuple[Person, ...]
    mandates: tuple[Mandate, ...]
    accounts: tuple[Account, ...]
    known_accounts: tuple[KnownAccount, ...]
    absences: tuple[Absence, ...]
    statements: tuple[Statement, ...]
    elections: tuple[Election, ...]

    def tables(self) -> dict[str, pa.Table]:
        """One Arrow table per file, with the file's column names; empty ones keep their types."""
        return {
            field.name: _arrow(kind, getattr(self, field.name))
            for field, kind in zip(fields(self), _KINDS, strict=True)
        }


_KINDS = (Person, Mandate, Account, KnownAccount, Absence, Statement, Election)
_TYPES = {"date": pa.date32(), "bool": pa.bool_(), "str": pa.string()}


def _arrow(kind: type[Any], rows: Sequence[Any]) -> pa.Table:
    schema = pa.schema(
        (f.name.rstrip("_"), _TYPES[str(f.type).removesuffix(" | None")]) for f in fields(kind)
    )
    named = [{key.rstrip("_"): value for key, value in asdict(row).items()} for row in rows]
    return pa.Table.from_pylist(named, schema=schema)


def read(data_dir: Path) -> Roster:
    """The roster of all council folders under `data_dir`, or every problem in it."""
    contents = read_files(data_dir)
    if not any(name.startswith("rosters/") for name in contents):
        raise RosterError(
            [Problem("rosters", 0, "", f"no roster in {data_dir}", "one: winterslaap roster add")]
        )
    return parse(contents)


def parse(contents: Mapping[str, bytes]) -> Roster:
    """The roster in these files (path below the data folder → bytes), or every problem in it."""
    problems: list[Problem] = []
    rows: dict[str, list[Row]] = {name: [] for name in columns.FILES}
    for path in sorted(contents):
        table = Path(path).stem
        found, wrong = read_rows(path, contents[path], columns.FILES[table])
        rows[table] += found
        problems += wrong
    problems += check(rows)
    if problems:
        raise RosterError(sorted(problems, key=lambda p: (p.file, p.row)))
    return Roster(
        people=tuple(Person(**_fields(Person, row)) for row in rows["people"]),
        mandates=tuple(Mandate(**_fields(Mandate, row)) for row in rows["mandates"]),
        accounts=tuple(Account(**_fields(Account, row)) for row in rows["accounts"]),
        known_accounts=tuple(
            KnownAccount(**_fields(KnownAccount, row)) for row in rows["known_accounts"]
        ),
        absences=tuple(Absence(**_fields(Absence, row)) for row in rows["absences"]),
        statements=tuple(Statement(**_fields(Statement, row)) for row in rows["statements"]),
        elections=tuple(Election(**_fields(Election, row)) for row in rows["elections"]),
    )


def _fields(kind: type[Any], row: Row) -> dict[str, Any]:
    values: dict[str, Any] = {
        field.name: row.values[field.name.rstrip("_")] for field in fields(kind)
    }
    if "handle" in values:
        values["handle"] = columns.normal_handle(values["platform"], values["handle"])
    return values


def read_files(data_dir: Path) -> dict[str, bytes]:
    """The bytes of every roster file, by its path below the data folder."""
    own = data_dir / "elections.csv"
    paths = {"elections.csv": own if own.exists() else SHIPPED_ELECTIONS}
    problems = []
    for path in sorted((data_dir / "rosters").glob("*/*.csv")):
        name = path.relative_to(data_dir).as_posix()
        paths[name] = path
        if path.stem not in columns.COUNCIL_FILES:
            expected = "one of " + ", ".join(f"{stem}.csv" for stem in columns.COUNCIL_FILES)
            problems.append(Problem(name, 0, "", "an unknown file", expected))
    contents = {}
    for name, path in paths.items():
        try:
            contents[name] = path.read_bytes()
        except OSError as error:
            problems.append(Problem(name, 0, "", str(error.strerror), "a file that can be read"))
    if problems:
        raise RosterError(problems)
    return contents


@dataclass(frozen=True, slots=True)
class Added:
    """What `add` wrote."""

    person_id: str
    account_id: str | None
    files: tuple[str, ...]


def add(
    data_dir: Path,
    council: str,
    person: Mapping[str, str],
    account: Mapping[str, str] | None = None,
    mandate: Mapping[str, str] | None = None,
) -> Added:
    """One person more (known by person_id: only the account and mandate), on disk or not at all.

    Cells are text as in the files. `person_id` defaults to the name as a slug,
    `account_id` to person and platform. Nothing that stood in a file is
    rewritten: rows are added at its end, in the way the file is written.
    """
    if not columns.SLUG.fullmatch(council):
        raise RosterError(
            [Problem("rosters", 0, "council", council, "a name as heist-op-den-berg")]
        )
    contents = read_files(data_dir)
    person_id = person.get("person_id") or slug(person.get("name", ""))
    new: list[tuple[str, dict[str, str]]] = []
    if not _has(contents, "people", "person_id", person_id):
        new.append(("people", {**person, "person_id": person_id}))
    if mandate is not None:
        new.append(("mandates", {**mandate, "person_id": person_id}))
    account_id = None
    if account is not None:
        account_id = account.get("account_id") or _free_id(contents, person_id, account)
        new.append(("accounts", {**account, "person_id": person_id, "account_id": account_id}))
    changed = []
    for table, cells in new:
        path = f"rosters/{council}/{table}.csv"
        contents[path] = with_row(path, contents.get(path), columns.FILES[table], cells)
        changed.append(path)
    parse(contents)
    for path in changed:
        write_file(data_dir / path, contents[path])
    return Added(person_id, account_id, tuple(changed))


def slug(name: str) -> str:
    """A name as an id: `An-Sofie Voorbeeld` becomes `an-sofie-voorbeeld`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _has(contents: Mapping[str, bytes], table: str, column: str, value: str) -> bool:
    return any(
        row.values.get(column) == value
        for path, content in contents.items()
        if Path(path).stem == table
        for row in read_rows(path, content, columns.FILES[table])[0]
    )


def _free_id(contents: Mapping[str, bytes], person_id: str, account: Mapping[str, str]) -> str:
    """`person-platform`, with a number where that is taken."""
    first = f"{person_id}-{account.get('platform', '')}"
    number, free = 1, first
    while _has(contents, "accounts", "account_id", free):
        number += 1
        free = f"{first}-{number}"
    return free
