"""When citizens get an answer: the curve, four days in words, and what was only redirected."""

from __future__ import annotations

import pandas as pd

from dashboard import measures
from dashboard.curve_chart import DAYS, Point, curve
from dashboard.exhibit import Exhibit
from dashboard.labels import is_told
from dashboard.look import Look
from dashboard.markup import Figure
from dashboard.measures import Key, Row, Rows
from dashboard.person_partners import Ask, next_step
from dashboard.words import Words

OTHERS: tuple[Key, ...] = (
    ("response_median_days", "off_season"),
    ("redirect_rate", "off_season"),
    ("restricted_share", "off_season"),
)
RESTRICTED = OTHERS[-1:]  # said even where nobody asked
TICKS = (1, 3, 7, 10, 14)


def exhibits(ask: Ask, rows: Rows, t: Words, look: Look) -> list[Exhibit]:
    """Everything about when."""
    return [answers(ask("response_curve"), rows, t, look)]


def within(rows: Rows) -> dict[int, Row]:
    """The rows of answered_within that have a value, by days."""
    found = {day: rows.get((f"answered_within_{day}d", "off_season")) for day in DAYS}
    return {day: row for day, row in found.items() if row is not None and is_told(row["value"])}


def sentence(told: dict[int, Row], t: Words) -> str:
    """How many have an answer after a day and after the last day that can be said."""
    last = max(told)
    share = t.percent(float(told[last]["value"]))
    if 1 not in told or last == 1:
        return t("curve.upto", days=t.number(last), all=share)
    one = t.percent(float(told[1]["value"]))
    return t("curve.sentence", one=one, days=t.number(last), all=share)


def answers(data: pd.DataFrame, rows: Rows, t: Words, look: Look) -> Exhibit:
    """The curve of answers with its margin."""
    told, header = within(rows), t("curve.header")
    if not told:
        row = rows.get(("answered_within_14d", "off_season"))
        row = row or rows.get(("answer_rate", "off_season"))
        why = measures.reason("answer_rate", row, t).rstrip(".")
        step = next_step(row["reason"] if row is not None else None, t)
        alone = RESTRICTED if measures.is_there(rows.get(RESTRICTED[0])) else ()
        return Exhibit(
            "response_curve",
            header,
            why,
            (),
            (),
            data.iloc[:0],
            next_step=step,
            figures=_figures(alone, rows, t),
            how=_workings(alone, rows, t),
        )
    last = told[max(told)]
    askers = t.number(float(last["effective_n"]))
    interval = t.percents(float(last["low"]), float(last["high"]))
    steps = [_point(row, t) for row in data.sort_values("day").to_dict("records")]
    return Exhibit(
        "response_curve",
        header,
        sentence(told, t),
        [t("col.what"), t("col.value"), t("column.margin")],
        [_cells(day, row, t) for day, row in told.items()],
        data,
        n=askers,
        basis=t("curve.basis", askers=askers, days=t.number(max(told)), interval=interval),
        draw=(lambda _: _drawn(steps, told, t, look)) if steps else None,
        is_same_on_a_phone=True,
        figures=_figures(OTHERS, rows, t),
        how=_how(told, rows, t),
        right=frozenset({1, 2}),
    )


def _figures(keys: tuple[Key, ...], rows: Rows, t: Words) -> list[Figure]:
    return [measures.figure(name, rows.get((name, phase)), t) for name, phase in keys]


def _workings(keys: tuple[Key, ...], rows: Rows, t: Words) -> list[str]:
    return [measures.working(name, phase, rows.get((name, phase)), t) for name, phase in keys]


def _how(told: dict[int, Row], rows: Rows, t: Words) -> list[str]:
    others = _workings(OTHERS, rows, t)
    if 14 not in told:
        return others
    row = told[14]
    filled = {
        "value": t.percent(float(row["value"])),
        "askers": t.number(float(row["effective_n"])),
        "whole": t.number(float(row["denominator"])),
    }
    return [t("curve.how", **filled), *others]


def _cells(day: int, row: Row, t: Words) -> list[str]:
    share = t.percent(float(row["value"]))
    return [
        t.count("curve.within", day),
        share,
        t.percents(float(row["low"]), float(row["high"])),
    ]


def _point(row: Row, t: Words) -> Point:
    share, low, high = (float(row[name]) for name in ("share", "low", "high"))
    day = float(row["day"])
    tip = t(
        "curve.tip",
        day=t.number(day, 1 if day % 1 else 0),
        share=t.percent(share),
        interval=t.percents(low, high),
    )
    return Point(day, share, low, high, tip)


def _drawn(steps: list[Point], told: dict[int, Row], t: Words, look: Look) -> dict[str, object]:
    names = [(float(day), float(row["value"]), t.percent(float(row["value"])))
             for day, row in told.items()]  # fmt: skip
    ticks = [(float(day), t.count("curve.day", day) if day in {1, 14} else t.number(day))
             for day in TICKS]  # fmt: skip
    step = 1 if max(one.high for one in steps) < 0.5 else 2
    shares = [(number / 10, t.percent(number / 10)) for number in range(0, 11, step)]
    return curve(steps, names, ticks, shares, look)
