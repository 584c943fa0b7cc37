"""What a card is about: everything that a published copy says of one person, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.days import TABLES as LIFE
from dashboard.days import Life, Range, Week, between, life_of, weeks_of
from dashboard.facts import facts_of
from dashboard.findings import Facts
from dashboard.labels import is_told
from dashboard.measures import Rows, rows_of
from metrics import read

COMPARED = {  # a key figure, and the columns of the overview in which its peers are
    ("answer_rate", "off_season"): "answers",
    ("answer_rate", "season"): "answers_in",
    ("burst_acts", "all"): "burst_acts",
}
TABLES = ("account", "day", "metric", "score", "season", "span", "spell")


@dataclass(frozen=True, slots=True)
class Peers:
    """People with the same kind of office, at least six with this number, the person included."""

    count: int
    median: float
    values: tuple[float, ...]  # of the others, in order of size


@dataclass(frozen=True)
class CardFacts:
    """One person in one copy; nothing here is in a language yet."""

    person_id: str
    person: Mapping[Any, Any]
    told: Facts
    rows: Rows
    life: Life
    weeks: tuple[Week, ...]
    accounts: pd.DataFrame  # self- and office-run
    spells: pd.DataFrame
    seasons: pd.DataFrame
    score: Mapping[Any, Any] | None
    peers: Mapping[tuple[str, str], Peers]

    @property
    def shows_answers(self) -> bool:
        """Whether an account shows replies; without one, no day says anything about answers."""
        return is_told(self.person["shows_replies"]) and bool(self.person["shows_replies"])

    @cached_property
    def blind_days(self) -> frozenset[date]:
        """The known days on which no account showed replies."""
        return frozenset(day for first, last in self.life.blind for day in between(first, last))

    @property
    def has_office_account(self) -> bool:
        """Whether an office runs one of the accounts: in season the law may keep it quiet."""
        return bool((self.accounts["run_by"] == "office").any())


@lru_cache(maxsize=8)
def facts(copy: Path, person_id: str, window: Range) -> CardFacts:
    """The facts of one person; three languages are drawn from one reading."""
    person = read.all_of(copy, "person").set_index("person_id").loc[person_id].to_dict()
    one = {table: read.of_person(copy, table, person_id) for table in TABLES}
    life = life_of(window, *(one[name] for name in LIFE))
    account = one["account"]
    own = account[account["run_by"].isin(["self", "office"])].sort_values("account_id")
    covered = int(person["covered_days"])
    return CardFacts(
        person_id=person_id,
        person=person,
        told=facts_of(one["metric"], one["spell"], one["season"], covered),
        rows=rows_of(one["metric"]),
        life=life,
        weeks=tuple(weeks_of(life)),
        accounts=own,
        spells=one["spell"],
        seasons=one["season"],
        score=one["score"].iloc[0].to_dict() if len(one["score"]) else None,
        peers=_peers(copy, person_id, person),
    )


def _peers(copy: Path, person_id: str, person: Mapping[Any, Any]) -> dict[tuple[str, str], Peers]:
    office = (str(person["office"]), str(person["level"]))
    return {
        key: Peers(
            count,
            median,
            tuple(value for other, value in values if other != person_id),
        )
        for key, (count, median, values) in _groups(copy).get(office, {}).items()
    }


Group = tuple[int, float, tuple[tuple[str, float], ...]]


@lru_cache(maxsize=4)
def _groups(copy: Path) -> dict[tuple[str, str], dict[tuple[str, str], Group]]:
    """The people behind each published median: count, median, and who has which value."""
    overview, median = read.overview(copy), read.all_of(copy, "peer")
    groups: dict[tuple[str, str], dict[tuple[str, str], Group]] = {}
    for row in median.to_dict("records"):
        key = (row["metric"], row["phase"])
        if key not in COMPARED:
            continue
        office, column = (row["office"], row["level"]), COMPARED[key]
        same = overview[(overview["office"] == office[0]) & (overview["level"] == office[1])]
        comparable = same[same[f"{column}_is_comparable"].fillna(value=False).astype(bool)]
        values = comparable[["person_id", f"{column}_value"]].dropna()
        pairs = sorted(zip(*(values[name] for name in values), strict=True), key=lambda one: one[1])
        found = (int(row["people_count"]), float(row["median"]), tuple(pairs))
        groups.setdefault(office, {})[key] = found
    return groups
