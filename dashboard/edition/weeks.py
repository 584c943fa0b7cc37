"""Years of sending against talking by week: up and down from a line that is only where we know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.days import ONE_DAY, Life, Range, Week, merged, years_of
from dashboard.edition.drawing import Box, Drawing, boxes, hatches, lines, text, upright
from dashboard.edition.letters import width
from dashboard.words import Words

LEFT = 26.0  # for the amounts
HEAD, FOOT = 2.0, 20.0  # above the bars; the years below them
SMALL, LABEL = 11.0, 11.5
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)


@dataclass(frozen=True, slots=True)
class Plot:
    """Days and amounts as places: [first, last] from left to right, sending up, talking down."""

    first: date
    last: date
    width: float
    height: float
    most_sent: float
    most_talked: float

    @property
    def zero(self) -> float:
        """Where nothing was sent."""
        high = self.height - HEAD - FOOT
        return HEAD + high * self.most_sent / (self.most_sent + self.most_talked)

    @property
    def bottom(self) -> float:
        """Where the talking ends."""
        return self.height - FOOT

    @property
    def unit(self) -> float:
        """How high one post is."""
        return (self.zero - HEAD) / self.most_sent

    def x(self, day: date) -> float:
        """Where a day begins."""
        whole = (self.last - self.first).days + 1
        return LEFT + (self.width - LEFT) * (day - self.first).days / whole

    def box(self, days: Range, share: float = 1.0) -> Box:
        """Days as a box over this share of the height."""
        left, right = self.x(days[0]), self.x(days[1] + ONE_DAY)
        top = self.zero - share * (self.zero - HEAD)
        return left, top, right - left, self.zero + share * (self.bottom - self.zero) - top


def scale_of(weeks: Sequence[Week]) -> tuple[float, float]:
    """How much sending and how much talking a week has to fit."""
    return (
        1.06 * max(4, *(week.sent for week in weeks)),
        1.06 * max(4, *(week.answers for week in weeks)),
    )


def timeline(
    life: Life,
    weeks: Sequence[Week],
    t: Words,
    size: tuple[float, float],
    days: Range | None = None,
    *,
    blind: Sequence[Range] = (),
) -> Drawing:
    """Sending and talking per week from the first of `days` to the last; all of them by default.

    Seasons are bands that end in a line on election day, silences outlined blocks, unknown
    days hatched, and below the line also the `blind` ones on which no reply could be seen. The
    line of nothing is drawn only where days are known and count.
    """
    first, last = days or (life.from_on, life.to_on)
    plot = Plot(first, last, *size, *scale_of(weeks))
    inside = [
        week for week in weeks if first <= week.from_on + 6 * ONE_DAY and week.from_on <= last
    ]
    body = "".join(
        (
            _grid(plot, t),
            boxes("bd", (plot.box(part) for part in _parts(plot, _seasons(life)))),
            _silences(plot, life),
            lines(
                "lh", (line for part in _unknown(plot, life) for line in hatches(plot.box(part)))
            ),
            *_nothing_shown(plot, blind, t),
            *_bars(plot, inside),
            lines("lz", _zero(plot, life)),
            *_labels(plot, life, t),
            *_elections(plot, life, t),
            *_years(plot, life),
        )
    )
    return Drawing(plot.width, plot.height, body)


def _parts(plot: Plot, ranges: Sequence[Range]) -> Iterator[Range]:
    for a, b in ranges:
        if a <= plot.last and b >= plot.first:
            yield max(a, plot.first), min(b, plot.last)


def _seasons(life: Life) -> list[Range]:
    return [(one.from_on, one.to_on) for one in life.seasons if one.is_counted]


def _unknown(plot: Plot, life: Life) -> Iterator[Range]:
    return _parts(plot, life.unknown)


def _zero(plot: Plot, life: Life) -> Iterator[Box]:
    for a, b in _parts(plot, merged(life.known)):
        left, right = plot.x(a), plot.x(b + ONE_DAY)
        yield left, plot.zero, right - left, 0


def _grid(plot: Plot, t: Words) -> str:
    most = max(plot.most_sent, plot.most_talked)
    step = next(tick for tick in TICKS if most / tick <= 3)
    down, up = int(plot.most_talked // step), int(plot.most_sent // step)
    amounts = [n * step for n in range(-down, up + 1)]
    rows = [(LEFT, plot.zero - n * plot.unit, plot.width - LEFT, 0.0) for n in amounts]
    named = (
        text(t.number(abs(n)), LEFT - 6, y + 3.8, SMALL, "m", "end")
        for n, (_, y, _, _) in zip(amounts, rows, strict=True)
    )
    return lines("lg", rows) + "".join(named)


def _silences(plot: Plot, life: Life) -> str:
    """Blocks from 28 days on, with a broken edge where an unknown day touches; absences apart."""
    kinds: dict[str, list[Box]] = {"sl": [], "sp": []}
    for spell in (one for one in life.silences if not one.is_excused):
        for part in _parts(plot, [(spell.from_on, spell.to_on)]):
            kinds["sp" if spell.is_possible else "sl"].append(plot.box(part, 0.9))
    away = boxes("ab", (plot.box(part) for part in _parts(plot, life.absences)))
    return away + "".join(boxes(kind, rows) for kind, rows in kinds.items())


def _bars(plot: Plot, weeks: Sequence[Week]) -> Iterator[str]:
    """Sending and talking; faint in weeks without a mandate, which count for nothing."""
    for faint in ("", " faint"):
        chosen = [week for week in weeks if bool(week.eligible_days) != bool(faint)]
        places = [(week, *_week(plot, week)) for week in chosen]
        yield boxes(
            f"fs{faint}",
            ((x, plot.zero, w, -one.sent * plot.unit) for one, x, w in places if one.sent),
        )
        yield boxes(
            f"fa{faint}",
            ((x, plot.zero, w, one.answers * plot.unit) for one, x, w in places if one.answers),
        )


def _week(plot: Plot, week: Week) -> tuple[float, float]:
    left = max(plot.x(week.from_on), LEFT)
    right = min(plot.x(week.from_on + timedelta(days=7)), plot.width)
    gap = (right - left) * 0.14
    return left + gap, max(right - left - 2 * gap, 0.4)


def _nothing_shown(plot: Plot, blind: Sequence[Range], t: Words) -> Iterator[str]:
    """The lower half where no reply could be seen: hatched, and said where there is room."""
    for part in _parts(plot, blind):
        left, _, wide, _ = plot.box(part)
        high = plot.bottom - plot.zero - 3
        yield lines("lh", hatches((left, plot.zero + 3, wide, high)))
        words = t("card.no_replies")
        if width(words, LABEL) + 8 < wide:
            yield text(words, left + wide / 2, plot.zero + 7 + high / 2, LABEL, "m halo", "mid")


def _elections(plot: Plot, life: Life, t: Words) -> Iterator[str]:
    """A line at the end of each election day that counts, its date left of it."""
    taken: list[tuple[float, float]] = []
    for season in life.seasons:
        if not season.is_counted or not plot.first <= season.election_on <= plot.last:
            continue
        x = plot.x(season.election_on + ONE_DAY)
        words = t.short_day(season.election_on)
        right = x - 5 if x - 5 - width(words, LABEL, "bold") > LEFT else x + 5
        left = right - width(words, LABEL, "bold")
        row = sum(left < end + 4 and right > start for start, end in taken)
        taken.append((left, right))
        yield lines("lo", [(x, HEAD, 0, plot.bottom - HEAD)])
        anchor = "end" if right < x else ""
        yield text(words, right, HEAD + 11 + 13 * row, LABEL, "o b halo", anchor)


def _labels(plot: Plot, life: Life, t: Words) -> Iterator[str]:
    """Silences, absences, unknown days and days without a mandate by name, where there is room."""
    sleeps = [(one, (one.from_on, one.to_on)) for one in life.silences if not one.is_possible]
    for spell, days in sleeps:
        if spell.is_excused:
            continue
        key = "silence.sleep_label" if spell.is_winter_sleep else "silence.label"
        if spell.is_winter_sleep or spell.days >= 84:
            yield from _named(plot, days, t.count(key, spell.days // 7), "i")
    for days in life.absences:
        yield from _named(plot, days, t("timeline.absence"), "m", 0.55)
    for days in life.unknown:
        yield from _named(plot, days, t("timeline.unknown"), "m halo")
    for days in life.not_eligible:
        yield from _named(plot, days, t("timeline.nothing"), "m")


def _named(plot: Plot, days: Range, words: str, kind: str, up: float = 0.45) -> Iterator[str]:
    """The words in the middle of their days: flat, in two lines, upright, or not at all."""
    for part in _parts(plot, [days]):
        left, _, wide, _ = plot.box(part)
        x, y = left + wide / 2, plot.zero - up * (plot.zero - HEAD)
        rows = words.split(": ")
        if width(words, LABEL) + 6 < wide:
            yield text(words, x, y, LABEL, kind, "mid")
        elif max(width(row, LABEL) for row in rows) + 4 < wide:
            for n, row in enumerate(rows):
                yield text(row, x, y + 14 * n, LABEL, kind, "mid")
        elif wide > LABEL and width(words, LABEL) < plot.bottom - HEAD - 20:
            yield upright(words, x, (HEAD + plot.bottom) / 2, LABEL, kind)


def _years(plot: Plot, life: Life) -> Iterator[str]:
    for year in years_of(life):
        start = max(date(year, 1, 1), life.from_on)
        if plot.first <= start <= plot.last:
            x = plot.x(start)
            yield lines("lg", [(x, plot.bottom, 0, 5)])
            yield text(str(year), x + 2, plot.height - 5, SMALL)
