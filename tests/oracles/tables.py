"""The days of a person as tables: seasons, spans and what happened on each day."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.oracles.lives import runs
from tests.oracles.rows import DayRow, PersonRow, SeasonRow, SpanRow

if TYPE_CHECKING:
    from tests.oracles.lives import Life


def season_rows(life: Life) -> list[SeasonRow]:
    return [
        SeasonRow(
            person_id=life.person.person_id,
            from_day=season.first_day,
            to_day=season.last_round_day,
            election_day=season.day,
            is_counted=True,
        )
        for season in life.elections
    ]


def person_row(life: Life) -> PersonRow:
    return PersonRow(
        person_id=life.person.person_id,
        eligible_days=len(life.eligible),
        covered_days=len(life.known),
        received_covered_days=len(life.eligible & life.received_covered),
        first_covered_day=min(life.known, default=None),
        last_covered_day=max(life.known, default=None),
        shows_replies=any(life.shows_replies(a.account_key) for a in life.accounts),
        shows_received=any(a.shows_received for a in life.accounts),
    )


def span_rows(life: Life) -> list[SpanRow]:
    kinds = {
        "eligible": life.eligible,
        "covered": life.covered,
        "received_covered": life.received_covered,
        "absence": life.absent & set(life.world.days()),
    }
    return [
        SpanRow(life.person.person_id, kind, first, last)
        for kind, days in kinds.items()
        for first, last in runs(days)
    ]


def day_rows(life: Life) -> list[DayRow]:
    """What happened on each day of the window on which something did."""
    days: dict[int, Counter[str]] = {d: Counter() for d in life.world.days()}
    names = {
        "post": "posts",
        "reply": "replies",
        "quote": "quotes",
        "repost": "reposts",
        "thread": "threads",
    }
    for act in life.acts:
        if act.day not in days:
            continue
        count = days[act.day]
        count["own_acts"] += act.is_own_act()
        if act.kind in names:
            count[names[act.kind]] += 1
        if act.kind == "reply" and life.class_of(act.post.partner_key) == "citizen":
            count["citizen_replies"] += 1
    for item in life.received:
        if item.day in days and life.class_of(item.asker_key) == "citizen":
            days[item.day]["received"] += 1
            days[item.day]["questions"] += item.is_question and not item.is_abuse
    return [
        DayRow(life.person.person_id, day, {k: n for k, n in count.items() if n})
        for day, count in days.items()
        if any(count.values())
    ]
