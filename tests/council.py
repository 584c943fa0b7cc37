"""A small invented council for tests: rows for the models' inputs, a day at a time.

Days are counted from `FIRST` (a Monday); moments are day and hour in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import duckdb

from metrics import models, score

EPOCH = date(1970, 1, 1)
FIRST_ON = date(2021, 1, 4)
FIRST = (FIRST_ON - EPOCH).days
FOREVER = 1_000_000
BOB, EVE, PARTY = 901, 902, 903  # citizens' keys, and a party's


def on(day: int) -> date:
    """The date of a day of the story."""
    return FIRST_ON + timedelta(days=day)


@dataclass
class Council:
    """Rows of every input table; `score` runs everything over them."""

    days: int = 730
    begins: int = 0
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    next_key: int = 1

    def add(self, table: str, **row: Any) -> None:
        self.rows.setdefault(table, []).append(row)

    def person(
        self, key: int = 1, *, office: str | None = "councillor", mandate: bool = True
    ) -> None:
        self.add("people", person_key=key, person_id=f"p{key}", office=office, level="local")
        if mandate:
            self.mandate(key)

    def mandate(self, key: int = 1, first: int = -1000, last: int = FOREVER, **more: Any) -> None:
        row = {"kind": "mandate", "jurisdiction": "BE-VLG", "level": "local", **more}
        self.add("mandates", person_key=key, first_day=FIRST + first, last_day=FIRST + last, **row)

    def account(
        self, key: int = 1, person: int = 1, *, first: int = -1000, last: int = FOREVER,
        known: tuple[int, int] | None = (-1000, 5000), run_by: str = "self", acts: bool = True,
        replies: bool = True, received: bool = True, platform: str = "bluesky",
    ) -> None:  # fmt: skip
        """An account and, unless None, the days of both streams that are known."""
        self.add(
            "accounts", account_key=key, person_key=person, account_id=f"a{key}",
            platform=platform, run_by=run_by, first_day=FIRST + first, last_day=FIRST + last,
            shows_acts=acts, shows_replies=replies, shows_received=received,
            shows_mentions=False,
        )  # fmt: skip
        if known is not None:
            self.known(key, *known)

    def known(self, account: int, first: int, last: int, *streams: str) -> None:
        for stream in streams or ("acts", "received"):
            self.add(
                "spans", account_key=account, stream=stream, first_day=FIRST + first,
                last_day=FIRST + last,
            )  # fmt: skip

    def election(
        self, day: int, name: str = "be-vlg", *, level: str = "local", **more: Any
    ) -> None:
        row = {"last_round_day": FIRST + day, "is_verified": True, "jurisdiction": "BE-VLG", **more}
        self.add("elections", election_id=name, level=level, day=FIRST + day, **row)

    def post(
        self, day: int, *, account: int = 1, person: int = 1, hour: float = 12, **more: Any
    ) -> int:
        """One own item; its key."""
        key, self.next_key = self.next_key, self.next_key + 1
        row = {
            "kind": "post", "root_key": key, "is_backdated": False, "is_crosspost": False,
            "is_redirect": False, **more,
        }  # fmt: skip
        self.add(
            "posts", account_key=account, person_key=person, post_key=key,
            at=(FIRST + day) * 86_400 + int(hour * 3_600), day=FIRST + day, **row,
        )  # fmt: skip
        return key

    def reply(self, day: int, to: int | None = BOB, **more: Any) -> int:
        return self.post(day, kind="reply", partner_key=to, **more)

    def ask(
        self, day: int, who: int = BOB, *, account: int = 1, hour: float = 10, **more: Any
    ) -> int:
        """One received question under a thread of its own; its key."""
        key, self.next_key = self.next_key, self.next_key + 1
        row = {
            "root_key": key, "is_question": True, "is_abuse": False, "similarity_key": key,
            "is_backdated": False, **more,
        }  # fmt: skip
        self.add(
            "received", account_key=account, person_key=1, item_key=key, asker_key=who,
            at=(FIRST + day) * 86_400 + int(hour * 3_600), day=FIRST + day, **row,
        )  # fmt: skip
        return key

    def shifted(self, days: int) -> Council:
        """The same council, window and all, so many days later."""
        moved = Council(self.days, self.begins + days)
        for table, rows in self.rows.items():
            for row in rows:
                later = {n: v + days for n, v in row.items() if n.endswith("day") and v is not None}
                if "at" in row:
                    later["at"] = row["at"] + days * 86_400
                moved.add(table, **{**row, **later})
        return moved

    def fill(self, con: duckdb.DuckDBPyConnection, **choices: Any) -> None:
        start_day = FIRST + self.begins
        models.prepare(con, start_day=start_day, end_day=start_day + self.days, **choices)
        for table, rows in self.rows.items():
            for row in rows:
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" * len(row))
                con.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))

    def score(self, **choices: Any) -> Scored:
        con = duckdb.connect()
        self.fill(con, **choices)
        score.compute(con)
        return Scored(con)


@dataclass
class Scored:
    """What came out, row by row."""

    con: duckdb.DuckDBPyConnection

    def rows(self, query: str) -> list[dict[str, Any]]:
        answer = self.con.execute(query)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def metric(self, name: str, phase: str = "off_season", person: str = "p1") -> dict[str, Any]:
        (row,) = self.rows(
            f"select * from metric where metric = '{name}' and phase = '{phase}' "
            f"and person_id = '{person}'"
        )
        return row

    def spells(self, person: str = "p1") -> list[dict[str, Any]]:
        return self.rows(f"select * from spell where person_id = '{person}' order by from_on")

    def segments(self, person: int = 1) -> list[tuple[Any, ...]]:
        return self.con.execute(
            f"select first_day - {FIRST}, last_day - {FIRST}, is_eligible, is_covered, phase "
            f"from person_segment where person_key = {person} order by first_day"
        ).fetchall()
