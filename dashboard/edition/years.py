"""A year in days, small enough for seven on a page: answers to citizens, or what was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from datetime import date, timedelta

from dashboard.calendar_chart import shade
from dashboard.days import Day
from dashboard.edition.drawing import Box, Drawing, boxes, lines, text
from dashboard.words import Words

COLUMNS = 54  # weeks that a calendar year can touch
TOP, TITLE, MONTHS = 24.0, 9.5, 20.5  # where the squares begin; baselines
GAP = 0.13  # of a square and the room after it
Place = Callable[[date], tuple[float, float]]


def calendar(
    days: Sequence[Day],
    t: Words,
    width: float,
    *,
    shows_answers: bool,
    blind: Set[date] = frozenset(),
) -> Drawing:
    """The squares of a year: answers or else what was sent, season, away, or hatched.

    Hatched are days that nobody saw, and with answers the `blind` ones on which no reply
    could be seen.
    """
    pitch = width / COLUMNS
    side = pitch * (1 - GAP)
    year = days[0].on.year
    monday = date(year, 1, 1) - timedelta(days=date(year, 1, 1).weekday())

    def place(day: date) -> tuple[float, float]:
        return (day - monday).days // 7 * pitch, TOP + day.weekday() * pitch

    kinds: dict[str, list[Box]] = {}
    hatched: list[Box] = []
    dots: list[Box] = []
    for day in days:
        x, y = place(day.on)
        is_blind = shows_answers and day.on in blind
        kind = _kind(day, shows_answers=shows_answers, is_blind=is_blind)
        if kind:
            kinds.setdefault(kind, []).append((x, y, side, side))
        if day.state == "unknown" or is_blind:
            hatched += hatch(x, y, side)
        if shows_answers and day.acts.sent and not day.acts.answers:
            dot = side * 0.32
            dots.append((x + (side - dot) / 2, y + (side - dot) / 2, dot, dot))
    votes = [(*place(day.on), side, side) for day in days if day.is_election]
    total = _total(days, t, blind, shows_answers=shows_answers)
    body = "".join(
        (
            text(str(year), 0, TITLE, 11.5, "i b"),
            text(total, width - 2, TITLE, 11, "m", "end"),
            *_months(days, place, t),
            *(boxes(kind, kinds[kind]) for kind in sorted(kinds)),
            lines("lh", hatched),
            boxes("fs", dots),
            boxes("lo", votes),
        )
    )
    return Drawing(width, TOP + 7 * pitch, body)


def _kind(day: Day, *, shows_answers: bool, is_blind: bool) -> str:
    """The class of a square; none where there is nothing to colour."""
    count = day.acts.answers if shows_answers else day.acts.own
    if count:
        return f"c{shade(count)}" if shows_answers else f"fs q{shade(count)}"
    if day.is_excused:
        return "ab"
    if day.is_season and day.state != "not_eligible":
        return "cs" if day.state == "known" and not is_blind else "bd"
    if is_blind:
        return ""
    return "c0" if day.state == "known" or day.acts.own else ""


def hatch(x: float, y: float, side: float) -> Iterator[Box]:
    """Slanted lines in a square: what nobody knows."""
    part = side * 0.62
    yield x, y + part, part, -part
    yield x + side - part, y + side, part, -part


def _total(days: Sequence[Day], t: Words, blind: Set[date], *, shows_answers: bool) -> str:
    hidden = sum(day.on in blind for day in days) if shows_answers else 0
    unknown = sum(day.state == "unknown" for day in days)
    if all(day.state == "not_eligible" for day in days):
        return t("timeline.nothing")
    acts = [day.acts for day in days]
    key, count = (
        ("count.answers", sum(one.answers for one in acts))
        if shows_answers
        else ("card.own_acts", sum(one.own for one in acts))
    )
    known = len(days) - unknown - hidden
    if hidden and not known and not count:
        return t("card.no_replies_short")
    parts = [t.count(key, count)] if known else []
    parts += [t.count("card.unknown_days", unknown + hidden)] if unknown + hidden else []
    return " · ".join(parts)


def _months(days: Sequence[Day], place: Place, t: Words) -> Iterator[str]:
    last = -100.0
    if all(day.state == "not_eligible" for day in days):
        return
    for day in days:
        if day.on.day == 1 or day is days[0]:
            x, _ = place(day.on)
            if x - last > 20:
                last = x
                yield text(t.month(day.on), x, MONTHS, 9.5)
