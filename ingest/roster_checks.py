"""What is wrong between the rows of a roster: ids, references, order of days, shared accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from ingest.csvfile import Row
from ingest.errors import Problem
from ingest.roster_columns import HANDLES, normal_handle

Rows = Mapping[str, Sequence[Row]]
ORDER = (
    ("mandates", "from_on", "to_on"),
    ("absences", "from_on", "to_on"),
    ("accounts", "valid_from", "valid_to"),
    ("elections", "day", "last_round"),
    ("elections", "called_on", "day"),
    ("elections", "regulated_start", "day"),
)


def check(rows: Rows) -> Iterator[Problem]:
    """Every problem that only shows when rows are read together."""
    yield from _repeated(rows["people"], "person_id")
    yield from _repeated(rows["accounts"], "account_id")
    yield from _repeated(rows["elections"], "election_id")
    yield from _second_words(rows["statements"])
    for table in ("mandates", "accounts", "known_accounts", "absences", "statements"):
        yield from _unknown_people(rows["people"], rows[table])
    for table, earlier, later in ORDER:
        yield from _order(rows[table], earlier, later)
    for row in rows["mandates"]:
        yield from _mandate(row, rows["elections"])
    for row in (*rows["accounts"], *rows["known_accounts"]):
        yield from _handle(row)
    yield from _shared_accounts(rows["accounts"])
    yield from _known_accounts(rows["known_accounts"])


def _repeated(rows: Iterable[Row], column: str) -> Iterator[Problem]:
    seen: dict[object, Row] = {}
    for row in rows:
        value = row.values.get(column)
        if value is None:
            continue
        if value in seen:
            first = seen[value]
            yield row.problem(
                column, value, f"an id used once (it stands in {first.file}, row {first.number})"
            )
        seen.setdefault(value, row)


def _second_words(rows: Iterable[Row]) -> Iterator[Problem]:
    """A person has one statement on the card of an edition."""
    seen: dict[tuple[object, object], Row] = {}
    for row in rows:
        key = row.values.get("person_id"), row.values.get("edition_id")
        if None not in key and key in seen:
            first = seen[key]
            yield row.problem(
                "edition_id",
                key[1],
                f"one statement of {key[0]} per edition (see {first.file}, row {first.number})",
            )
        seen.setdefault(key, row)


def _unknown_people(people: Iterable[Row], rows: Iterable[Row]) -> Iterator[Problem]:
    known = {row.values.get("person_id") for row in people}
    for row in rows:
        person_id = row.values.get("person_id")
        if person_id is not None and person_id not in known:
            yield row.problem("person_id", person_id, "a person_id of people.csv")


def _order(rows: Iterable[Row], earlier: str, later: str) -> Iterator[Problem]:
    for row in rows:
        first, last = row.values.get(earlier), row.values.get(later)
        if isinstance(first, date) and isinstance(last, date) and last < first:
            yield row.problem(later, last, f"a day not before {earlier} ({first})")


def _mandate(row: Row, elections: Sequence[Row]) -> Iterator[Problem]:
    """A mandate's jurisdiction, level and election must be those of elections.csv."""
    place, level = row.values.get("jurisdiction"), row.values.get("level")
    levels = sorted(
        {
            part
            for election in elections
            if election.values.get("jurisdiction") == place
            for part in str(election.values.get("level", "")).split("+")
        }
    )
    if place is not None and not levels:
        places = sorted({str(election.values.get("jurisdiction")) for election in elections})
        yield row.problem("jurisdiction", place, "one of elections.csv: " + ", ".join(places))
    elif place is not None and level is not None and level not in levels:
        yield row.problem(
            "level", level, f"one that elections.csv has for {place}: {', '.join(levels)}"
        )
    yield from _candidacy(row, elections)


def _candidacy(row: Row, elections: Sequence[Row]) -> Iterator[Problem]:
    """A candidacy names an election, and one of its own place and level; a mandate names none."""
    election_id = row.values.get("election_id")
    if row.values.get("kind") != "candidacy":
        if election_id is not None:
            yield row.problem("election_id", election_id, "nothing: only a candidacy names one")
        return
    if "election_id" not in row.values:
        return
    named = [e for e in elections if e.values.get("election_id") == election_id]
    if election_id is None or not named:
        yield row.problem("election_id", election_id or "", "an election_id of elections.csv")
        return
    found = named[0].values
    if row.values.get("jurisdiction") not in (None, found.get("jurisdiction")) or (
        row.values.get("level") not in (None, *str(found.get("level")).split("+"))
    ):
        expected = f"an election of {row.values.get('jurisdiction')}, {row.values.get('level')}"
        yield row.problem("election_id", election_id, expected)
    start, last = row.values.get("from_on"), found.get("last_round") or found.get("day")
    if isinstance(start, date) and isinstance(last, date) and start > last:
        yield row.problem("from_on", start, f"a day not after the election ({last})")


def _handle(row: Row) -> Iterator[Problem]:
    platform, handle = row.values.get("platform"), row.values.get("handle")
    if not isinstance(platform, str) or not isinstance(handle, str) or platform not in HANDLES:
        return
    pattern, expected = HANDLES[platform]
    if not pattern.fullmatch(normal_handle(platform, handle)):
        yield row.problem("handle", handle, expected)


def _account(row: Row) -> tuple[str, str] | None:
    platform, handle = row.values.get("platform"), row.values.get("handle")
    if not isinstance(platform, str) or not isinstance(handle, str):
        return None
    return platform, normal_handle(platform, handle)


def _shared_accounts(rows: Sequence[Row]) -> Iterator[Problem]:
    """No account may stand twice on the same day, neither for two people nor for one."""
    seen: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        account = _account(row)
        if account is None:
            continue
        for other in seen.setdefault(account, []):
            if _overlap(row, other):
                yield row.problem(
                    "handle",
                    account[1],
                    f"an account of one person at a time ({other.values.get('person_id')} has it "
                    f"in {other.file}, row {other.number}: set valid_from and valid_to)",
                )
        seen[account].append(row)


def _overlap(one: Row, other: Row) -> bool:
    def first(row: Row) -> date:
        value = row.values.get("valid_from")
        return value if isinstance(value, date) else date.min

    def last(row: Row) -> date:
        value = row.values.get("valid_to")
        return value if isinstance(value, date) else date.max

    return first(one) <= last(other) and first(other) <= last(one)


def _known_accounts(rows: Sequence[Row]) -> Iterator[Problem]:
    """Each known account once, except as staff of several people; only staff name a person."""
    seen: dict[tuple[object, ...], Row] = {}
    for row in rows:
        kind, person_id = row.values.get("class"), row.values.get("person_id")
        if kind == "own" and "person_id" in row.values and person_id is None:
            yield row.problem("person_id", "", "the person whose staff this is")
        if kind is not None and kind != "own" and person_id is not None:
            yield row.problem("person_id", person_id, "nothing: only class own names a person")
        account = _account(row)
        key = (account, person_id if kind == "own" else None)
        if account is not None and key in seen:
            first = seen[key]
            yield row.problem(
                "handle", account[1], f"an account once (see {first.file}, row {first.number})"
            )
        seen.setdefault(key, row)
