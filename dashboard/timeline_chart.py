"""Years of sending against talking, by week: upwards and down, or on a phone left and right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dashboard import timeline_labels as labels
from dashboard.charts import Spec, hatched, hatching, painted, picture, spanning, tip
from dashboard.days import Life, Silence, Week, common, weeks_of
from dashboard.look import Look
from dashboard.timeline_frame import Frame, axes, number
from dashboard.words import Words

WIDE_PIXELS, NARROW_PIXELS = 1_040.0, 320.0
WIDE_HEIGHT, NARROW_HEIGHT = 330, 690
HATCH_PIXELS = 8.0


def scale_of(lives: Iterable[Life]) -> tuple[float, float]:
    """How much sending and how much talking a week a timeline needs to show all of these."""
    weeks = [week for life in lives for week in weeks_of(life)]
    sent, talked = (week.sent for week in weeks), (week.answers for week in weeks)
    return max(4.0, *map(float, sent)) * 1.06, max(4.0, *map(float, talked)) * 1.06


def timeline(
    life: Life,
    words: Words,
    look: Look,
    *,
    narrow: bool = False,
    scale: tuple[float, float] | None = None,
) -> Spec:
    """Sending and talking per week over the whole window, on one scale.

    Seasons are orange bands that end at their election day, silences outlined
    blocks, unknown days hatched; the zero line is drawn where days are known and count.
    With a `scale` from `scale_of`, people side by side are drawn alike.
    """
    weeks = weeks_of(life)
    most_sent, most_talked = scale or scale_of([life])
    frame = Frame(life, most_sent, most_talked, narrow)
    layers = [
        axes(frame),
        _seasons(frame, words, look),
        _absences(frame, words, look),
        *_silences(frame, words, look),
        hatching(_hatches(frame), look),
        _bars(frame, weeks, words, look),
        _zero(frame, look),
        *labels.elections(frame, words, look),
        *labels.silence_labels(frame, words, look),
        *labels.span_labels(frame, words, look),
        *labels.names(frame, words, look),
        *labels.years(frame, look),
    ]
    height = NARROW_HEIGHT if narrow else WIDE_HEIGHT
    return picture(look, layers, height=height)


def _boxes(mark: Spec, rows: Iterable[dict[str, Any]], **encoding: Spec) -> Spec:
    return spanning({"type": "rect", **mark}, rows, **encoding)


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


def _absences(frame: Frame, words: Words, look: Look) -> Spec:
    """Days with a documented reason for silence, greyed."""
    ends = -frame.most_talked, frame.most_sent
    rows = [
        frame.box(number(a), number(b) + 1, *ends, tip=words("timeline.absence"))
        for a, b in frame.life.clipped(frame.life.absences)
    ]
    return _boxes({"color": look.grid}, rows, tooltip=tip())


def _silences(frame: Frame, words: Words, look: Look) -> list[Spec]:
    layers = []
    for is_possible in (False, True):
        rows = []
        for spell in frame.life.silences:
            if spell.is_possible != is_possible or spell.is_excused:
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
    """Unknown days over the whole height; where no reply could be seen, the half of talking."""
    length = frame.last - frame.first
    whole = frame.most_sent + frame.most_talked
    spans = [(*days, frame.most_sent) for days in frame.life.unknown]
    spans += [(*days, 0.0) for days in frame.life.clipped(frame.life.blind)]
    if frame.is_narrow:
        day, amount = length / NARROW_HEIGHT, whole / NARROW_PIXELS
        for a, b, sent in spans:
            yield from hatched(
                -sent,
                frame.most_talked,
                number(a),
                number(b) + 1,
                HATCH_PIXELS * amount,
                day / amount,
            )
    else:
        day, amount = length / WIDE_PIXELS, whole / WIDE_HEIGHT
        for a, b, sent in spans:
            yield from hatched(
                number(a),
                number(b) + 1,
                -frame.most_talked,
                sent,
                HATCH_PIXELS * day,
                amount / day,
            )


def _bars(frame: Frame, weeks: Sequence[Week], words: Words, look: Look) -> Spec:
    """Sending and talking by week; faint in weeks without a mandate, which count for nothing."""
    rows = []
    for week in weeks:
        start, text = number(week.from_on), week_told(week, words)
        same = {"tip": text, "seen": 1.0 if week.eligible_days else 0.4}
        if week.sent:
            box = frame.box(start + 0.8, start + 6.2, 0, week.sent, fill=look.send)
            rows.append(box | same)
        if week.answers:
            box = frame.box(start + 0.8, start + 6.2, -week.answers, 0, fill=look.talk)
            rows.append(box | same)
    faint: Spec = {"field": "seen", "type": "quantitative", "scale": None, "legend": None}
    return _boxes({"clip": True}, rows, fill=painted(), opacity=faint, tooltip=tip())


def week_told(week: Week, words: Words) -> str:
    """One week in words."""
    parts = [
        words("timeline.week", day=words.day(week.from_on)),
        words("card.no_replies_short")
        if week.hides_answers
        else words.count("count.answers", week.answers),
        words.count("count.sent", week.sent),
    ]
    if not week.eligible_days:
        parts.append(words("calendar.not_eligible"))
    elif week.known_days < 7:
        parts.append(words.count("count.known_of_week", week.known_days))
    return " · ".join(parts)


def _zero(frame: Frame, look: Look) -> Spec:
    known = common(frame.life.eligible, frame.life.known)
    rows = [frame.box(number(a), number(b) + 1, 0, 0) for a, b in frame.life.clipped(known)]
    mark = {"type": "rule", "color": look.ink, "strokeWidth": 1.4}
    return spanning(mark, rows)
