"""Years of sending against talking, by week: upwards and down, or on a phone left and right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.charts import Spec, at, hatched, hatching, layer, painted, picture, texts, tip, upto
from dashboard.days import Life, Silence, Week, common, weeks_of, years_of
from dashboard.look import Look
from dashboard.words import Words

EPOCH = date(1970, 1, 1)
WIDE_PIXELS, NARROW_PIXELS = 1_040.0, 320.0
WIDE_HEIGHT, NARROW_HEIGHT = 330, 690
HATCH_PIXELS = 8.0
LABEL_WEEKS = 20  # shorter silences are told on hovering
FLAT_WEEKS = 28  # as wide as their words


@dataclass(frozen=True, slots=True)
class Frame:
    """How time and amounts become x and y: time runs right, or on a phone down."""

    life: Life
    most_sent: float
    most_talked: float
    is_narrow: bool

    @property
    def first(self) -> float:
        """The number of the window's first day."""
        return number(self.life.from_on)

    @property
    def last(self) -> float:
        """The number of the day after the window's last."""
        return number(self.life.to_on) + 1.0

    def box(self, a: float, b: float, low: float, high: float, **more: Any) -> dict[str, Any]:
        """Days [a, b) by amounts [low, high]; sending is positive."""
        if self.is_narrow:
            return {"x": -high, "x2": -low, "y": a, "y2": b} | more
        return {"x": a, "x2": b, "y": low, "y2": high} | more

    def point(self, day: float, amount: float, **more: Any) -> dict[str, Any]:
        """A day at an amount."""
        return ({"x": -amount, "y": day} if self.is_narrow else {"x": day, "y": amount}) | more


def number(day: date) -> float:
    """The number of a day since 1970."""
    return float((day - EPOCH).days)


def timeline(life: Life, words: Words, look: Look, *, narrow: bool = False) -> Spec:
    """Sending and talking per week over the whole window, on one scale.

    Seasons are orange bands that end at their election day, silences outlined
    blocks, unknown days hatched; the zero line is drawn where days are known and count.
    """
    weeks = weeks_of(life)
    most_sent = max(4.0, *(float(w.sent) for w in weeks)) * 1.06
    most_talked = max(4.0, *(float(w.answers) for w in weeks)) * 1.06
    frame = Frame(life, most_sent, most_talked, narrow)
    layers = [
        _axes(frame),
        _seasons(frame, words, look),
        *_silences(frame, words, look),
        hatching(_hatches(frame), look),
        _bars(frame, weeks, words, look),
        _zero(frame, look),
        *_elections(frame, words, look),
        *_silence_labels(frame, words, look),
        *_unknown_labels(frame, words, look),
        *_names(frame, words, look),
        *_years(frame, look),
    ]
    height = NARROW_HEIGHT if narrow else WIDE_HEIGHT
    return picture(look, layers, height=height)


def _ticks(most_sent: float, most_talked: float) -> list[float]:
    most = max(most_sent, most_talked)
    step = next(s for s in (2, 5, 10, 20, 50, 100, 200, 500, 10**9) if most / s <= 4)
    return [float(n) for n in range(-int(most_talked // step) * step, int(most_sent) + 1, step)]


def _axes(frame: Frame) -> Spec:
    """An empty layer that carries both scales, so that no other layer needs one."""
    time = (frame.first, frame.last)
    years = [number(date(y, 1, 1)) for y in years_of(frame.life)]
    amounts = (-frame.most_talked, frame.most_sent)
    ticks = _ticks(frame.most_sent, frame.most_talked)
    lines: Spec = {"grid": True, "labels": False, "values": years}
    numbers: Spec = {"grid": True, "values": ticks, "labelExpr": "abs(datum.value)"}
    if frame.is_narrow:
        amounts = (-frame.most_sent, frame.most_talked)
        numbers |= {"orient": "top", "values": [-tick for tick in ticks]}
        x = at("x", amounts, axis=numbers)
        y = at("y", (frame.last, frame.first), axis=lines)
    else:
        x = at("x", time, axis=lines)
        y = at("y", amounts, axis=numbers)
    corner = {"x": amounts[0], "y": frame.first} if frame.is_narrow else {"x": time[0], "y": 0}
    return layer({"type": "point", "opacity": 0}, [corner], x=x, y=y)


def _boxes(mark: Spec, rows: Iterable[dict[str, Any]], **encoding: Spec) -> Spec:
    return layer(
        {"type": "rect", **mark},
        rows,
        x=at("x"),
        y=at("y"),
        x2=upto("x2"),
        y2=upto("y2"),
        **encoding,
    )


def _seasons(frame: Frame, words: Words, look: Look) -> Spec:
    rows = []
    for season in frame.life.seasons:
        for a, b in frame.life.clipped([(season.from_on, season.to_on)]):
            if season.is_counted:
                text = words(
                    "timeline.season",
                    first=words.day(season.from_on),
                    election=words.day(season.election_on),
                )
                rows.append(
                    frame.box(
                        number(a), number(b) + 1, -frame.most_talked, frame.most_sent, tip=text
                    )
                )
    return _boxes({"color": look.season}, rows, tooltip=tip())


def _silences(frame: Frame, words: Words, look: Look) -> list[Spec]:
    layers = []
    for is_possible in (False, True):
        rows = []
        for spell in frame.life.silences:
            if spell.is_possible != is_possible:
                continue
            for a, b in frame.life.clipped([(spell.from_on, spell.to_on)]):
                rows.append(
                    frame.box(
                        number(a),
                        number(b) + 1,
                        -0.9 * frame.most_talked,
                        0.9 * frame.most_sent,
                        tip=silence_told(spell, words),
                    )
                )
        mark: Spec = {"fill": look.silence, "stroke": look.silence_line, "strokeWidth": 1}
        if is_possible:
            mark |= {"fill": "transparent", "strokeDash": [4, 3]}
        layers.append(_boxes(mark, rows, tooltip=tip()))
    return layers


def silence_told(spell: Silence, words: Words) -> str:
    """One silence in words: from when to when, how long, and how sure that is."""
    key = "silence.at_least" if spell.is_at_least else "silence.exactly"
    if spell.is_possible:
        key = "silence.possible"
    text = words.count(key, spell.days, first=words.day(spell.from_on), last=words.day(spell.to_on))
    return f"{text} {words('silence.excused')}" if spell.is_excused else text


def _hatches(frame: Frame) -> Iterator[dict[str, float]]:
    length = frame.last - frame.first
    whole = frame.most_sent + frame.most_talked
    if frame.is_narrow:
        day, amount = length / NARROW_HEIGHT, whole / NARROW_PIXELS
        for a, b in frame.life.unknown:
            yield from hatched(
                -frame.most_sent,
                frame.most_talked,
                number(a),
                number(b) + 1,
                HATCH_PIXELS * amount,
                day / amount,
            )
    else:
        day, amount = length / WIDE_PIXELS, whole / WIDE_HEIGHT
        for a, b in frame.life.unknown:
            yield from hatched(
                number(a),
                number(b) + 1,
                -frame.most_talked,
                frame.most_sent,
                HATCH_PIXELS * day,
                amount / day,
            )


def _bars(frame: Frame, weeks: Sequence[Week], words: Words, look: Look) -> Spec:
    rows = []
    for week in weeks:
        if not week.sent and not week.answers:
            continue
        start = number(week.from_on)
        text = week_told(week, words)
        if week.sent:
            rows.append(frame.box(start + 0.8, start + 6.2, 0, week.sent, fill=look.send, tip=text))
        if week.answers:
            rows.append(
                frame.box(start + 0.8, start + 6.2, -week.answers, 0, fill=look.talk, tip=text)
            )
    return _boxes({"clip": True}, rows, fill=painted(), tooltip=tip())


def week_told(week: Week, words: Words) -> str:
    """One week in words."""
    parts = [
        words("timeline.week", day=words.day(week.from_on)),
        words.count("count.answers", week.answers),
        words.count("count.sent", week.sent),
    ]
    if week.known_days < 7:
        parts.append(words.count("count.known_of_week", week.known_days))
    return " · ".join(parts)


def _zero(frame: Frame, look: Look) -> Spec:
    known = common(frame.life.eligible, frame.life.known)
    rows = [frame.box(number(a), number(b) + 1, 0, 0) for a, b in frame.life.clipped(known)]
    mark = {"type": "rule", "color": look.ink, "strokeWidth": 1.4}
    return layer(mark, rows, x=at("x"), y=at("y"), x2=upto("x2"), y2=upto("y2"))


def _elections(frame: Frame, words: Words, look: Look) -> list[Spec]:
    lines, labels = [], []
    for season in frame.life.seasons:
        if not frame.life.from_on <= season.election_on <= frame.life.to_on:
            continue
        if not season.is_counted:
            continue
        day = number(season.election_on) + 1
        lines.append(frame.box(day, day, -frame.most_talked, frame.most_sent))
        edge = -frame.most_talked if frame.is_narrow else frame.most_sent
        on = season.election_on
        text = (
            words("timeline.election", day=words.short_day(on))
            if frame.is_narrow
            else (words.short_day(on))
        )
        labels.append(frame.point(day, edge, text=text))
    rule = {"type": "rule", "color": look.season_text, "strokeWidth": 1.6}
    rules = layer(rule, lines, x=at("x"), y=at("y"), x2=upto("x2"), y2=upto("y2"))
    place: Spec = {"dx": -5, "dy": 4, "baseline": "top"}
    if frame.is_narrow:
        place = {"dx": -2, "dy": -4, "baseline": "bottom"}
    named = texts(
        labels, look.season, align="right", color=look.season_text, fontWeight=600, **place
    )
    return [rules, *named]


def _silence_labels(frame: Frame, words: Words, look: Look) -> list[Spec]:
    """Long silences and winter sleeps by name; turned upright where the block is slim."""
    flat: list[Spec] = []
    upright: list[Spec] = []
    for spell in frame.life.silences:
        weeks = spell.days // 7
        if weeks < LABEL_WEEKS and not spell.is_winter_sleep:
            continue
        key = "silence.sleep_label" if spell.is_winter_sleep else "silence.label"
        middle = (number(spell.from_on) + number(spell.to_on) + 1) / 2
        is_flat = frame.is_narrow or weeks >= FLAT_WEEKS
        row = frame.point(middle, 0 if frame.is_narrow else frame.most_sent * 0.45)
        text = words.count(key, weeks)
        (flat if is_flat else upright).append(row | {"text": text})
    if not frame.is_narrow:
        flat = [row | {"text": row["text"].split(": ")} for row in flat]
    same: Spec = {
        "align": "center",
        "baseline": "middle",
        "color": look.ink,
        "fontStyle": "italic",
        "fontSize": 14,
    }
    return [*texts(flat, look.silence, **same), *texts(upright, look.silence, angle=270, **same)]


def _unknown_labels(frame: Frame, words: Words, look: Look) -> list[Spec]:
    rows = []
    for a, b in frame.life.unknown:
        days = (b - a).days + 1
        if days >= 7 * LABEL_WEEKS:
            middle = (number(a) + number(b) + 1) / 2
            rows.append(frame.point(middle, 0, text=words("timeline.unknown")))
    return texts(
        rows,
        look.background,
        align="center",
        baseline="middle",
        color=look.muted,
        fontStyle="italic",
        fontSize=14,
    )


def _names(frame: Frame, words: Words, look: Look) -> list[Spec]:
    bold: Spec = {"fontWeight": 600, "fontSize": 14}
    if frame.is_narrow:
        top: Spec = {"baseline": "bottom", "dy": -24, **bold}
        left = [frame.point(frame.first, 0, text=words("timeline.sent_narrow"))]
        right = [frame.point(frame.first, 0, text=words("timeline.talked_narrow"))]
        return [
            *texts(left, align="right", dx=-8, color=look.muted, **top),
            *texts(right, align="left", dx=8, color=look.talk, **top),
        ]
    up = [frame.point(frame.first, frame.most_sent, text=words("timeline.sent"))]
    down = [frame.point(frame.first, -frame.most_talked, text=words("timeline.talked"))]
    return [
        *texts(up, align="left", color=look.muted, baseline="bottom", dy=-8, **bold),
        *texts(down, align="left", color=look.talk, baseline="top", dy=28, **bold),
    ]


def _years(frame: Frame, look: Look) -> list[Spec]:
    rows = []
    for year in years_of(frame.life):
        start = max(number(date(year, 1, 1)), frame.first)
        edge = frame.most_sent if frame.is_narrow else -frame.most_talked
        rows.append(frame.point(start, edge, text=str(year)))
    place = {"dx": 2, "dy": 5} if frame.is_narrow else {"dx": 3, "dy": 7}
    rim = look.background if frame.is_narrow else None
    return texts(rows, rim, align="left", baseline="top", color=look.muted, **place)
