"""One number on its line: the person's dot and margin among grey dots of peers, nobody's place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.edition.drawing import Drawing, lines, short, text
from dashboard.edition.letters import fitting, width
from dashboard.words import Words

HEIGHT, LINE = 52.0, 24.0
EDGE = 8.0  # so that a dot at the end of the line is whole
NAME, TICK = 11.0, 11.0
SHIFTS = {"mid": 0.0, "end": EDGE}
LOWEST, HIGHEST = -2.0, 4.0  # of the doublings on a line of factors: ×1/4 to ×16


@dataclass(frozen=True, slots=True)
class Strip:
    """What stands on the line; without a value only the peers."""

    unit: str  # share | times
    name: str
    value: float | None
    low: float | None
    high: float | None
    peers: tuple[float, ...] = ()
    median: float | None = None
    color: str = "a"  # a for talking, o for season: the shape differs as well


def place(unit: str, value: float) -> float:
    """Where a value stands on its line, from 0 to 1; what lies beyond stands at the end."""
    if unit == "share":
        return min(1.0, max(0.0, value))
    doublings = math.log2(max(value, 1e-9))
    return min(1.0, max(0.0, (doublings - LOWEST) / (HIGHEST - LOWEST)))


def strip(one: Strip, t: Words, wide: float) -> Drawing:
    """The line with its ends named; a tick marks the peers' median."""
    length = wide - 2 * EDGE

    def x(value: float) -> float:
        return EDGE + length * place(one.unit, value)

    parts = [lines("lg", [(EDGE, LINE, length, 0)])]
    parts += [
        f'<circle class="fp" cx="{short(x(peer))}" cy="{LINE:g}" r="4"/>' for peer in one.peers
    ]
    if one.median is not None:
        parts.append(lines("lm", [(x(one.median), LINE - 7, 0, 14)]))
    if one.value is not None:
        parts += _person(
            one, x(one.value), [x(end) for end in (one.low, one.high) if end is not None]
        )
        parts.append(_name(one, x(one.value), wide))
    parts += [
        text(words, x(value) + SHIFTS.get(anchor, -EDGE), HEIGHT - 6, TICK, "m", anchor)
        for value, words, anchor in _ticks(one.unit, t)
    ]
    return Drawing(wide, HEIGHT, "".join(parts))


def _person(one: Strip, x: float, ends: Sequence[float]) -> list[str]:
    parts = []
    if len(ends) == 2:
        left, right = ends
        parts.append(
            f'<rect class="f{one.color} range" x="{short(left)}" y="{LINE - 4:g}" '
            f'width="{short(max(right - left, 1))}" height="8" rx="4"/>'
        )
    if one.color == "o":
        shape = f'<path class="fo ring" d="M{short(x)} {LINE - 7:g}l7 7l-7 7l-7 -7z"/>'
    else:
        shape = f'<circle class="fa ring" cx="{short(x)}" cy="{LINE:g}" r="6"/>'
    return [*parts, shape]


def _name(one: Strip, x: float, wide: float) -> str:
    words = fitting(one.name, NAME, wide * 0.6, "bold")
    half = width(words, NAME, "bold") / 2
    return text(words, min(max(x, half), wide - half), 11, NAME, f"{one.color} b", "mid")


def _ticks(unit: str, t: Words) -> list[tuple[float, str, str]]:
    if unit == "share":
        ends = ((0.0, ""), (0.5, "mid"), (1.0, "end"))
        return [(share, t.percent(share), anchor) for share, anchor in ends]
    first = (0.25, f"×{t('card.quarter')}", "")
    rest = ((1.0, "mid"), (4.0, "mid"), (16.0, "end"))
    return [first, *((factor, t.times(factor), anchor) for factor, anchor in rest)]
