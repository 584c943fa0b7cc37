"""The words on the timeline: election days, silences, unknown spans, years, and what is what."""

from __future__ import annotations

from datetime import date

from dashboard.charts import Spec, spanning, texts
from dashboard.days import years_of
from dashboard.look import Look
from dashboard.timeline_frame import Frame, number
from dashboard.words import Words

LABEL_WEEKS = 20  # shorter silences are told on hovering
FLAT_WEEKS = 28  # as wide as their words


def elections(frame: Frame, words: Words, look: Look) -> list[Spec]:
    """A line at the end of each counted election day, with its date."""
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
    rules = spanning(rule, lines)
    place: Spec = {"dx": -5, "dy": 4, "baseline": "top"}
    if frame.is_narrow:
        place = {"dx": -2, "dy": -4, "baseline": "bottom"}
    named = texts(
        labels, look.season, align="right", color=look.season_text, fontWeight=600, **place
    )
    return [rules, *named]


def silence_labels(frame: Frame, words: Words, look: Look) -> list[Spec]:
    """Long silences and winter sleeps by name; turned upright where the block is slim."""
    flat: list[Spec] = []
    upright: list[Spec] = []
    for spell in frame.life.silences:
        weeks = spell.days // 7
        if spell.is_excused:
            continue
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


def span_labels(frame: Frame, words: Words, look: Look) -> list[Spec]:
    """Long absences, unknown spans and spans without a mandate, by name."""
    up = 0.0 if frame.is_narrow else 0.85 * frame.most_sent
    named = (
        (frame.life.clipped(frame.life.absences), "timeline.absence_short", 0.5 * up),
        (frame.life.unknown, "timeline.unknown", 0.0),
        (frame.life.blind, "card.no_replies_short", -0.5 * frame.most_talked),
        (frame.life.not_eligible, "timeline.nothing", up),
    )
    rows = [
        frame.point((number(a) + number(b) + 1) / 2, amount, text=words(key))
        for spans, key, amount in named
        for a, b in spans
        if (b - a).days >= 7 * LABEL_WEEKS
    ]
    same: Spec = {"align": "center", "baseline": "middle", "fontStyle": "italic", "fontSize": 14}
    return texts(rows, look.background, color=look.muted, **same)


def names(frame: Frame, words: Words, look: Look) -> list[Spec]:
    """What up and down, or left and right, mean."""
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


def years(frame: Frame, look: Look) -> list[Spec]:
    """The years along time."""
    rows = []
    for year in years_of(frame.life):
        start = max(number(date(year, 1, 1)), frame.first)
        edge = frame.most_sent if frame.is_narrow else -frame.most_talked
        rows.append(frame.point(start, edge, text=str(year)))
    place = {"dx": 2, "dy": 5} if frame.is_narrow else {"dx": 3, "dy": 7}
    rim = look.background if frame.is_narrow else None
    return texts(rows, rim, align="left", baseline="top", color=look.muted, **place)
