"""What is known of which account since when: a strip per account and stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.charts import Spec, at, hatched, hatching, painted, picture, spanning, texts, tip
from dashboard.days import A_MONTH, Range, common, merged, without
from dashboard.look import Look
from dashboard.timeline_frame import number
from dashboard.words import Words

ROW = 42  # pixels for one account
BANDS = {"acts": (0.50, 0.68), "received": (0.72, 0.86)}  # below the name, in parts of a row
STREAMS = {"acts": "coverage.acts", "received": "coverage.received"}


@dataclass(frozen=True, slots=True)
class Strip:
    """One account: which days it was valid, and per stream it can show, the known days."""

    name: str
    short: str  # for a phone
    valid: Range
    known: dict[str, tuple[Range, ...]]  # a stream that cannot be shown is left out


def coverage(
    strips: Sequence[Strip], window: Range, words: Words, look: Look, *, narrow: bool = False
) -> Spec:
    """Known days as solid bars, unknown days of a valid account hatched, per stream."""
    first, last = number(window[0]), number(window[1]) + 1
    years = range(window[0].year, window[1].year + 1)
    if narrow:
        years = range(window[0].year, window[1].year + 1, 2)
    starts = [max(number(date(year, 1, 1)), first) for year in years]
    starts = [start for start in starts if start <= last - A_MONTH]  # no name without room
    names = ",".join(f"'{start:.0f}':'{year}'" for start, year in zip(starts, years, strict=False))
    axis = {
        "values": starts,
        "grid": True,
        "orient": "top",
        "labelAlign": "left",
        "labelExpr": f"({{{names}}})[format(datum.value,'.0f')]",
    }
    bars = spanning(
        {"type": "rect", "cornerRadius": 2, "strokeWidth": 1},
        _bars(strips, window, words, look),
        x=at("x", (first, last), axis=axis),
        y=at("y", (float(len(strips)), 0.0), axis=None),
        fill=painted("fill"),
        stroke=painted("edge"),
        tooltip=tip(),
    )
    labels = (
        {"x": first, "y": row + 0.42, "text": strip.short if narrow else strip.name}
        for row, strip in enumerate(strips)
    )
    names_layer = texts(
        labels, look.background, align="left", baseline="bottom", color=look.ink, fontSize=13
    )
    hatches = hatching(_hatches(strips, window), look)
    height = max(1, len(strips)) * ROW
    return picture(look, [bars, hatches, *names_layer], height=height)


def _bars(
    strips: Iterable[Strip], window: Range, words: Words, look: Look
) -> Iterator[dict[str, Any]]:
    fills = {"acts": look.talk, "received": look.send}
    for row, strip in enumerate(strips):
        for stream, known in strip.known.items():
            low, high = (row + part for part in BANDS[stream])
            for a, b in common([strip.valid], [window]):
                yield {
                    "x": number(a),
                    "x2": number(b) + 1,
                    "y": low,
                    "y2": high,
                    "fill": "transparent",
                    "edge": look.hatch,
                    "tip": _told(strip, stream, a, b, "coverage.unknown_tip", words),
                }
            for a, b in common(known, [window]):
                yield {
                    "x": number(a),
                    "x2": number(b) + 1,
                    "y": low,
                    "y2": high,
                    "fill": fills[stream],
                    "edge": "transparent",
                    "tip": _told(strip, stream, a, b, "coverage.known_tip", words),
                }


def _told(strip: Strip, stream: str, a: date, b: date, key: str, words: Words) -> str:
    return words(
        key, name=strip.name, stream=words(STREAMS[stream]), first=words.day(a), last=words.day(b)
    )


def _hatches(strips: Iterable[Strip], window: Range) -> Iterator[dict[str, float]]:
    pixel = (number(window[1]) - number(window[0])) / 1_000
    for row, strip in enumerate(strips):
        for stream, known in strip.known.items():
            low, high = (row + part for part in BANDS[stream])
            for a, b in _unknown(strip.valid, known, window):
                yield from hatched(
                    number(a), number(b) + 1, low, high, 6 * pixel, (high - low) / (9 * pixel)
                )


def _unknown(valid: Range, known: Iterable[Range], window: Range) -> list[Range]:
    return list(without(common([valid], [window]), merged(known)))
