"""The forecast in words and figures: the score now, after four weeks, and what was assumed."""

from __future__ import annotations

from dashboard import labels
from dashboard.markup import Figure
from dashboard.words import Words
from metrics.ahead import Ahead, Standing

SAME = 0.5  # of a point: less is no change


def sentences(ahead: Ahead, t: Words) -> list[str]:
    """What four weeks of answers would change, or why that cannot be said; then the assumption."""
    if ahead.then is None or ahead.from_on is None or ahead.to_on is None:
        return [t(NOT[ahead.reason or "no_coverage"])]
    assumed = t(
        "ahead.assumed",
        first=t.day(ahead.from_on),
        last=t.day(ahead.to_on),
        count=t.number(ahead.open_count + ahead.new_count),
        open=t.number(ahead.open_count),
        new=t.number(ahead.new_count),
    )
    return [_change(ahead, ahead.then, t), assumed, t("ahead.only")]


NOT = {
    "not_observable": "ahead.not_observable",
    "not_eligible": "ahead.not_eligible",
    "no_coverage": "why.no_coverage",
}


def _change(ahead: Ahead, then: Standing, t: Words) -> str:
    if then.score is None:
        return t("ahead.still_none", why=labels.why("", then.reason, t))
    if ahead.now.score is None:
        return t("ahead.first_score", score=_told(then, t))
    if not ahead.is_comparable:
        return t("ahead.other_pillars", now=_told(ahead.now, t), then=_told(then, t))
    moved = then.score - ahead.now.score
    key = "ahead.higher" if moved >= SAME else "ahead.lower" if moved <= -SAME else "ahead.same"
    return t(key, now=_told(ahead.now, t), then=_told(then, t), points=t.number(abs(moved), 1))


def _told(one: Standing, t: Words) -> str:
    return t(
        "ahead.told",
        score=t.number(one.score or 0.0),
        low=t.number(one.low or 0.0),
        high=t.number(one.high or 0.0),
    )


def figures_of(ahead: Ahead, t: Words) -> list[Figure]:
    """Both scores as figures on one scale, each with its interval."""
    if ahead.then is None:
        return []
    return [
        _figure(t("ahead.now"), ahead.now, "", t),
        _figure(t("ahead.then"), ahead.then, "talk", t, ahead.now.score),
    ]


def _figure(name: str, one: Standing, kind: str, t: Words, before: float | None = None) -> Figure:
    if one.score is None or one.low is None or one.high is None:
        return Figure(name, t("figure.none"), labels.why("", one.reason, t), kind="none")
    names = [t(labels.PILLARS[p]).lower() for p in one.pillars.split("+") if p in labels.PILLARS]
    margin = t("figure.margin", interval=f"{t.number(one.low)}–{t.number(one.high)}")
    strip = (one.score / 100, one.low / 100, one.high / 100)
    words = t("ahead.over", pillars=", ".join(names))
    mark = None if before is None else before / 100
    return Figure(name, t.number(one.score), words, margin, kind, strip, mark)


def pillar_rows(ahead: Ahead, t: Words) -> list[list[str]]:
    """Each pillar's points now and then."""
    if ahead.then is None:
        return []
    rows = []
    for name in labels.PILLARS:
        ends = [one.points.get(name) for one in (ahead.now, ahead.then)]
        rows.append([t(labels.PILLARS[name]), *(_points(end, t) for end in ends)])
    return rows


def _points(points: float | None, t: Words) -> str:
    return t("figure.none") if points is None else t.number(points, 1)
