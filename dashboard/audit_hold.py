"""What holds the score back, pillar by pillar, and where the peers' median lies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboard import labels, measures
from dashboard.audit_run import Audit
from dashboard.facts import numbers_of
from dashboard.labels import is_told
from dashboard.markup import Figure
from dashboard.words import Words
from metrics import read
from metrics.choices import headline
from metrics.todo.hold import Held, held_back

Medians = Mapping[tuple[str, str], tuple[float, int]]
BEHIND = {  # the metric that a pillar's points come from, and its words
    "presence": ("presence", "off_season", "pillar.presence_words"),
    "steadiness": ("burst_acts", "all", "hold.burst"),
    "conversation": ("conversation", "off_season", "pillar.conversation_words"),
    "answering": ("answer_rate", "off_season", "pillar.answers_words"),
    "return": ("return", "all", "pillar.return_words"),
}
NAMES = {"conversation": "pillar.conversation"}  # beside peers it is no share of classes
COMPARED = (
    ("presence", "off_season"),
    ("conversation", "off_season"),
    ("answer_rate", "off_season"),
    ("return", "all"),
    ("burst_acts", "all"),
    ("campaign_share", "off_season"),
    ("service_share", "off_season"),
)


def medians_of(
    path: Path | None, office: object, level: object
) -> dict[tuple[str, str], tuple[float, int]]:
    """The peers' median of each metric in a published copy, and of how many people."""
    if path is None or not (is_told(office) and is_told(level)):
        return {}
    peers = read.all_of(path, "peer")
    mine = peers[(peers["office"] == office) & (peers["level"] == level)]
    rows = mine.to_dict("records")
    return {(r["metric"], r["phase"]): (float(r["median"]), int(r["people_count"])) for r in rows}


def held(audit: Audit) -> tuple[Held, ...]:
    """The pillars with points, the one that costs the score most first."""
    return held_back(audit.ahead.now.points, float(headline()["score_floor"]))


def sentence(audit: Audit, t: Words) -> str:
    """Which pillar holds the score back most; nothing where there is no score."""
    pillars = held(audit)
    if audit.ahead.now.score is None or not pillars or pillars[0].gain < 1:
        return ""
    first = pillars[0]
    return t(
        "hold.most",
        pillar=t(labels.PILLARS[first.pillar]),
        points=t.number(first.points),
        score=t.number(first.score_if_full),
    )


def figures_of(audit: Audit, t: Words) -> list[Figure]:
    """Every pillar as a figure in points, what holds back most first; then those without points."""
    rows = {row["pillar"]: row for row in audit.tables["pillar"].to_dict("records")}
    order = [one.pillar for one in held(audit)]
    gains = {one.pillar: one for one in held(audit)}
    order += [name for name in rows if name not in order]
    return [_figure(name, rows[name], gains.get(name), audit, t) for name in order]


def _figure(name: str, row: Mapping[Any, Any], one: Held | None, audit: Audit, t: Words) -> Figure:
    metric, phase, key = BEHIND[name]
    title = t(labels.PILLARS[name])
    if one is None:
        return Figure(title, t("figure.none"), labels.why(metric, row["reason"], t), kind="none")
    number = numbers_of(audit.tables["metric"])[metric, phase]
    counts = (number.numerator, number.denominator, round(number.effective_n))
    values = dict(zip(("part", "whole", "askers"), map(t.number, counts), strict=True))
    if name == "steadiness":
        values = {"times": t.factor(number.value or 1.0)}
    said = t(key, **values)
    words = [said, _gain(one, audit, t)]
    low, high = (
        float(str(row[end])) if is_told(row[end]) else one.points for end in ("low", "high")
    )
    margin = t("figure.margin", interval=f"{t.number(low)}–{t.number(high)}")
    return Figure(
        title,
        t("hold.points", points=t.number(one.points)),
        " ".join(word for word in words if word),
        margin,
        "talk",
        (one.points / 100, low / 100, high / 100),
    )


def _gain(one: Held, audit: Audit, t: Words) -> str:
    if audit.ahead.now.score is None:
        return ""
    if one.gain < 1:
        return t("hold.nothing")
    return t("hold.gain", score=t.number(one.score_if_full))


def peers_rows(audit: Audit, medians: Medians, t: Words) -> list[tuple[str, str, str, str]]:
    """Each metric beside the peers' median: name, mine with its interval, median, of how many."""
    rows = measures.rows_of(audit.tables["metric"])
    out = []
    for name, phase in COMPARED:
        if (name, phase) not in medians:
            continue
        median, count = medians[name, phase]
        row = rows.get((name, phase))
        if row is not None and is_told(row["value"]):
            mine, margin = measures.value(name, row["value"], t), measures.margin(name, row, t)
            mine = f"{mine} ({margin})" if margin else mine
        else:
            mine = measures.reason(name, row, t)
        out.append(
            (
                t(NAMES.get(name) or measures.MEASURES[name].name),
                mine,
                measures.value(name, median, t),
                t.number(count),
            )
        )
    return out
