"""Who could see the own card before an edition came out, and since when.

A person sees the card at least 14 days earlier, with the accounts that were watched,
and may answer (METHOD §12). `DATA/editions/previews.csv` holds one row per person
and showing; it is written by `winterslaap edition preview`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from pathlib import Path

NOTICE_DAYS = 14
FILE = Path("editions") / "previews.csv"


@dataclass(frozen=True, slots=True)
class Showing:
    """One card of one edition that one person could see from a day on."""

    edition_id: str
    person_id: str
    shown_on: date
    answer_by: date  # the last day for a statement
    accounts: str  # those watched, as platform:handle with spaces between
    place: str  # where the card was shown


def showings(data_dir: Path) -> tuple[Showing, ...]:
    """Every showing, the oldest first; ValueError names the row that cannot be read."""
    path = data_dir / FILE
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            _showing(path, number, row) for number, row in enumerate(csv.DictReader(file), 2)
        )


def _showing(path: Path, number: int, row: Mapping[str, str]) -> Showing:
    try:
        days = {name: date.fromisoformat(row[name]) for name in ("shown_on", "answer_by")}
        return Showing(**(dict(row) | days))  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError) as error:
        names = ", ".join(field.name for field in fields(Showing))
        raise ValueError(f"{path}, row {number}: found {error}, expected {names}") from error


def record(data_dir: Path, shown: Iterable[Showing]) -> None:
    """Add showings; nothing that was recorded is changed."""
    path = data_dir / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, [field.name for field in fields(Showing)])
        if is_new:
            rows.writeheader()
        rows.writerows(asdict(one) for one in shown)


def first_shown(data_dir: Path, edition_id: str) -> dict[str, date]:
    """Since when each person could see the card of this edition."""
    first: dict[str, date] = {}
    for one in showings(data_dir):
        if one.edition_id == edition_id:
            first[one.person_id] = min(one.shown_on, first.get(one.person_id, one.shown_on))
    return first


def unseen(
    first: Mapping[str, date], people: Sequence[str], made_on: date
) -> dict[str, date | None]:
    """Who could not see the card for 14 days before `made_on`: since when, or None for never."""
    return {
        person_id: first.get(person_id)
        for person_id in people
        if first.get(person_id, date.max) > made_on - timedelta(days=NOTICE_DAYS)
    }
