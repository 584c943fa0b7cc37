"""A year in days: how often citizens were answered, in season and out, and what is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from dashboard.charts import (
    Spec,
    at,
    hatched,
    hatching,
    layer,
    painted,
    picture,
    spanning,
    texts,
    tip,
)
from dashboard.days import Day
from dashboard.look import Look
from dashboard.words import Words

GAP = 0.1  # of a square, between squares
STEPS = ((9, 5), (5, 4), (3, 3), (2, 2), (1, 1))
LATE = 15  # of a month: what begins later leaves no room for the month's name
HALF = 6  # months in one row of the narrow calendar
NARROW_COLUMNS = 40  # a calendar with fewer is for a phone
HALF_WEEKS = 27  # in one row of a rolling narrow calendar
ROW = 10.4  # from one half year to the next on the narrow calendar, in squares


def shade(answers: int) -> int:
    """The step of the colour scale for a number of answers: 0, 1, 2, 3-4, 5-8, 9+."""
    return next((step for least, step in STEPS if answers >= least), 0)


Place = Callable[[date], tuple[float, float]]


def _columns(first: date) -> Callable[[date], int]:
    monday = first - timedelta(days=first.weekday())
    return lambda day: (day - monday).days // 7


def _wide(year: int) -> Place:
    column = _columns(date(year, 1, 1))
    return lambda day: (column(day), day.weekday())


def _narrow(year: int) -> Place:
    halves = [_columns(date(year, 1, 1)), _columns(date(year, HALF + 1, 1))]

    def place(day: date) -> tuple[float, float]:
        half = int(day.month > HALF)
        return halves[half](day), half * ROW + day.weekday()

    return place


def _rolling(first: date, *, narrow: bool) -> Place:
    """Weeks from a first day on, whatever the year; on a phone in two rows."""
    column = _columns(first)

    def place(day: date) -> tuple[float, float]:
        row, x = divmod(column(day), HALF_WEEKS) if narrow else (0, column(day))
        return x, row * ROW + day.weekday()

    return place


def _squares(days: Iterable[Day], place: Place, words: Words, look: Look) -> Iterator[Spec]:
    for day in days:
        x, y = place(day.on)
        step = shade(day.acts.answers)
        edge = look.silence_line if day.is_excused else look.grid
        fill = look.scale[step]
        if not step and day.is_season:
            fill = look.season_cell
        if (day.state != "known" and not day.acts.own) or day.hides_answers:
            is_band = day.is_season and day.state != "not_eligible"
            fill = look.season if is_band else "transparent"
        elif day.is_excused and not day.acts.own:
            fill = "transparent"
        yield {
            "x": x,
            "x2": x + 1 - GAP,
            "y": y,
            "y2": y + 1 - GAP,
            "fill": fill,
            "edge": edge if fill == "transparent" else "transparent",
            "tip": _told(day, words),
        }


def _bands(days: Iterable[Day], place: Place) -> Iterator[dict[str, float]]:
    half = GAP / 2
    for day in days:
        if day.is_season:
            x, y = place(day.on)
            yield {"x": x - half, "x2": x + 1 - half, "y": y - half, "y2": y + 1 - half}


STATES = {"unknown": "calendar.unknown", "not_eligible": "calendar.not_eligible"}


def _told(day: Day, words: Words) -> str:
    parts = [words.weekday(day.on)]
    if day.is_election:
        parts.append(words("calendar.election_day"))
    if day.state == "known" or day.acts.own:
        if day.hides_answers:
            parts.append(words("card.no_replies_short"))
        else:
            parts.append(words.count("count.answers", day.acts.answers))
        parts.append(words.count("count.sent", day.acts.sent))
    if day.state != "known":
        parts.append(words(STATES[day.state]))
    if day.is_excused:
        parts.append(words("timeline.absence"))
    return " · ".join(parts)


def _hatches(days: Iterable[Day], place: Place) -> Iterator[dict[str, float]]:
    for day in days:
        if day.state == "unknown" or day.hides_answers:
            x, y = place(day.on)
            for line in hatched(x, x + 1 - GAP, y, y + 1 - GAP, 0.3, 1):
                yield line | {"y": 2 * y + 1 - GAP - line["y"], "y2": 2 * y + 1 - GAP - line["y2"]}


def _sent_only(days: Iterable[Day], place: Place) -> Iterator[dict[str, float]]:
    for day in days:
        if day.acts.sent and not day.acts.answers:
            x, y = place(day.on)
            yield {"x": x + (1 - GAP) / 2, "y": y + (1 - GAP) / 2}


def _month_edges(days: Sequence[Day], place: Place) -> Iterator[dict[str, float]]:
    """Lines between months: down along the last column, and a step where a week is shared."""
    half = GAP / 2
    for day in days:
        first = day.on
        x, y = place(first)
        if first.day != 1 or not x:
            continue
        top, bottom = y - first.weekday() - half, y - first.weekday() + 7 - half
        if first.weekday():
            yield {"x": x + 1 - half, "x2": x + 1 - half, "y": top, "y2": y - half}
            yield {"x": x - half, "x2": x + 1 - half, "y": y - half, "y2": y - half}
        yield {"x": x - half, "x2": x - half, "y": y - half, "y2": bottom}


def calendar(
    days: Sequence[Day],
    words: Words,
    look: Look,
    *,
    narrow: bool = False,
    is_rolling: bool = False,
) -> Spec:
    """The calendar of one year; `narrow` puts the halves of the year below each other.

    `is_rolling`: the year begins on the first of these days, not in January.
    """
    year = days[0].on.year
    place = _narrow(year) if narrow else _wide(year)
    if is_rolling:
        place = _rolling(days[0].on, narrow=narrow)
    columns = max(place(day.on)[0] for day in days) + 1
    wide, high = (27.0, ROW + 8.2) if narrow else (columns, 8.2)
    votes = [day for day in days if day.is_election]
    bands = spanning(
        {"type": "rect", "color": look.season},
        _bands(days, place),
        x=at("x", (0.0, wide), axis=None),
        y=at("y", (high, -1.1), axis=_weekday_axis(words, narrow=narrow)),
    )
    layers = [
        bands,
        *_day_marks(days, place, words, look, is_small=narrow),
        _frames(votes, place, look),
        *_names(days, votes, place, words, look, wide),
    ]
    return picture(look, layers, height=260 if narrow else 182)


def _day_marks(
    days: Sequence[Day], place: Place, words: Words, look: Look, *, is_small: bool
) -> list[Spec]:
    """The squares, the hatching of unknown days, the lines between months, the dots."""
    dot = {"type": "point", "shape": "circle", "filled": True, "opacity": 1}
    return [
        spanning(
            {"type": "rect", "cornerRadius": 2 if is_small else 3, "strokeWidth": 1},
            _squares(days, place, words, look),
            fill=painted("fill"),
            stroke=painted("edge"),
            tooltip=tip(),
        ),
        hatching(_hatches(days, place), look),
        spanning(
            {"type": "rule", "color": look.silence_line, "strokeWidth": 1},
            _month_edges(days, place),
        ),
        layer(
            dot | {"color": look.send, "size": 10 if is_small else 22},
            _sent_only(days, place),
            x=at("x"),
            y=at("y"),
        ),
    ]


def _frames(votes: Iterable[Day], place: Place, look: Look) -> Spec:
    corners = (place(day.on) for day in votes)
    return spanning(
        {
            "type": "rect",
            "cornerRadius": 3,
            "filled": False,
            "stroke": look.season_text,
            "strokeWidth": 2.2,
        },
        ({"x": x, "x2": x + 1 - GAP, "y": y, "y2": y + 1 - GAP} for x, y in corners),
    )


def _names(
    days: Sequence[Day], votes: Iterable[Day], place: Place, words: Words, look: Look, wide: float
) -> list[Spec]:
    size = 12 if wide < NARROW_COLUMNS else 13
    months = texts(_months(days, place, words), align="left", baseline="bottom", fontSize=size)
    named = texts(
        _votes(votes, place, words, wide),
        color=look.season_text,
        fontWeight=600,
        baseline="top",
        align="center",
        fontSize=size,
    )
    return [*months, *named]


def _weekday_axis(words: Words, *, narrow: bool) -> Spec:
    monday = date(2024, 1, 1)
    names = [words.short_weekday(monday + timedelta(days=n)) for n in range(7)]
    starts = (0.0, ROW) if narrow else (0.0,)
    places = {start + n + 0.45: names[n] for start in starts for n in (0, 2, 4, 6)}
    pairs = ",".join(f"'{place:.2f}':'{name}'" for place, name in places.items())
    return {
        "values": list(places),
        "labelExpr": f"({{{pairs}}})[format(datum.value,'.2f')]",
        "grid": False,
        "title": None,
        "labelFontSize": 12,
    }


def _months(days: Sequence[Day], place: Place, words: Words) -> Iterator[dict[str, Any]]:
    for day in days:
        if day.on.day == 1 or (day is days[0] and day.on.day <= LATE):
            x, y = place(day.on)
            is_shared = day.on.weekday() > 0 and x > 0
            yield {
                "x": x + is_shared,
                "y": y - day.on.weekday() - 0.25,
                "text": words.month(day.on),
            }


def _votes(
    votes: Iterable[Day], place: Place, words: Words, wide: float
) -> Iterator[dict[str, Any]]:
    for day in votes:
        x, y = place(day.on)
        text = words("calendar.election_label", day=words.short_day(day.on))
        room = wide * (0.15 if wide < NARROW_COLUMNS else 0.07)
        yield {
            "x": min(max(x + 0.45, room), wide - room),
            "y": y - day.on.weekday() + 7.15,
            "text": text,
        }
