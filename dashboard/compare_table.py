"""People side by side as people read it: one line each, where peers stand, and the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.facts import number_of
from dashboard.findings import Number
from dashboard.labels import is_told
from dashboard.words import Words

MOST = 40  # people in one picture
BANDS = "ABCDE"
NUMBER = (
    "value", "low", "high", "numerator", "denominator", "effective_n", "reason", "word",
    "is_comparable",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is compared: its columns, its name in `peer`, and its words."""

    off: str
    season: str
    metric: str
    is_share: bool
    name: str
    title: str
    basis: str

    def told(self, value: float, t: Words) -> str:
        """A value as people read it."""
        return t.percent(value) if self.is_share else t.number(value, 1)

    def margin(self, number: Number, t: Words) -> str:
        """The 90 % interval in words; empty where the method gives none."""
        if number.low is None or number.high is None:
            return ""
        if self.is_share:
            return t.percents(number.low, number.high)
        return f"{t.number(number.low, 1)}–{t.number(number.high, 1)}"


MEASURES = {
    "answers": Measure(
        "answers", "answers_in", "answer_rate", True,
        "compare.answers", "compare.answers_title", "compare.askers",
    ),
    "talk": Measure(
        "conversation", "conversation_in", "conversation", True,
        "compare.talk", "compare.talk_title", "compare.acts_n",
    ),
    "acts": Measure(
        "acts", "acts_in", "acts_per_week", False,
        "compare.acts", "compare.acts_title", "compare.days_n",
    ),
}  # fmt: skip
SORTS = {
    "off": "compare.sort_off",
    "season": "compare.sort_season",
    "burst": "compare.sort_burst",
    "name": "compare.sort_name",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One person in the picture."""

    slug: str
    name: str
    peers: tuple[str, str]  # office, level
    off: Number
    season: Number
    burst: Number
    chances: tuple[float, ...]  # of band A to E; empty without a score
    band: str  # the band, or why there is none
    median: float | None  # of the peers, off-season

    @property
    def standing(self) -> str:
        """Whether the whole interval is above or below the peers' median; "" where not compared."""
        low, high = self.off.low, self.off.high
        if self.median is None or low is None or high is None or not self.off.is_comparable:
            return ""
        return "above" if low > self.median else "below" if high < self.median else "unclear"

    @property
    def apart(self) -> bool:
        """Whether season and off-season may be compared and their intervals lie apart."""
        off, season = self.off, self.season
        if not (off.is_comparable and season.is_comparable):
            return False
        if off.low is None or off.high is None or season.low is None or season.high is None:
            return False
        return off.high < season.low or season.high < off.low


def number_in(row: Mapping[Any, Any], prefix: str) -> Number:
    """One number of a row of `read.comparison`."""
    return number_of({name: row[f"{prefix}_{name}"] for name in NUMBER})


def medians(peer: pd.DataFrame, measure: Measure) -> dict[tuple[str, str], float]:
    """The peers' median off-season by office and level."""
    rows = peer[(peer["metric"] == measure.metric) & (peer["phase"] == "off_season")]
    return {
        (str(row["office"]), str(row["level"])): float(row["median"])
        for row in rows.to_dict("records")
    }


def with_number(people: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The people with a number off-season, in season or in both."""
    has = people[f"{measure.off}_value"].notna() | people[f"{measure.season}_value"].notna()
    return people[has]


def ordered(people: pd.DataFrame, measure: Measure, sort: str) -> pd.DataFrame:
    """The people by a value, largest first and those without it last, or by name."""
    prefix = {"off": measure.off, "season": measure.season, "burst": "burst_acts"}.get(sort)
    if prefix is None:
        return people.sort_values("name", kind="stable")
    return people.sort_values(f"{prefix}_value", ascending=False, kind="stable")


def lines(
    people: pd.DataFrame, measure: Measure, usual: dict[tuple[str, str], float], t: Words
) -> list[Line]:
    """One line for each of these people, in their order."""
    found = []
    for row in people.to_dict("records"):
        peers = (str(row["office"]), str(row["level"]))
        chances = tuple(row[f"score_p_{letter.lower()}"] for letter in BANDS)
        found.append(
            Line(
                slug=str(row["person_id"]),
                name=str(row["name"]),
                peers=peers,
                off=number_in(row, measure.off),
                season=number_in(row, measure.season),
                burst=number_in(row, "burst_acts"),
                chances=tuple(float(one) for one in chances) if all(map(is_told, chances)) else (),
                band=labels.band(row["score_band"], row["score_reason"], t),
                median=usual.get(peers),
            )
        )
    return found


def only_comparable(people: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The people whose off-season number rests on enough to be compared."""
    comparable = people[f"{measure.off}_is_comparable"].fillna(False).astype(bool)
    return people[comparable & people[f"{measure.off}_value"].notna()]


def without(people: pd.DataFrame, measure: Measure, t: Words) -> list[tuple[str, str]]:
    """Why people are not in the picture, and who: one row per reason."""
    absent = people.drop(with_number(people, measure).index)
    found: dict[str, list[str]] = {}
    for name, reason in zip(absent["name"], absent[f"{measure.off}_reason"], strict=True):
        found.setdefault(labels.why(measure.metric, reason, t), []).append(str(name))
    return [(why, ", ".join(names)) for why, names in sorted(found.items())]


def finding(found: Sequence[Line], t: Words) -> str:
    """How many lie clearly above or below their peers' median; empty where nobody is compared."""
    standings = [line.standing for line in found]
    compared = sum(map(bool, standings))
    if not compared:
        return ""
    above, below = standings.count("above"), standings.count("below")
    if not above + below:
        return t.count("compare.nobody_apart", compared)
    values = {"above": t.number(above), "below": t.number(below)}
    return t.count("compare.finding", compared, **values)


def besides(found: Sequence[Line], t: Words) -> str:
    """How many have season and off-season apart, and how many a campaign burst."""
    both = [line for line in found if line.off.is_comparable and line.season.is_comparable]
    has_margins = any(line.off.low is not None for line in both)
    parts = []
    if both and has_margins:
        apart = t.number(sum(line.apart for line in both))
        parts.append(t.count("compare.apart", len(both), apart=apart))
    bursts = [line.burst.word for line in found if line.burst.value is not None]
    if bursts:
        peaks = t.number(bursts.count("campaign_burst"))
        parts.append(t.count("compare.bursts", len(bursts), peaks=peaks))
    return " ".join(parts)


def usual_told(found: Sequence[Line], measure: Measure, t: Words) -> str:
    """The medians in the picture, by office and level."""
    seen = dict.fromkeys((line.peers, line.median) for line in found if line.median is not None)
    parts = [
        f"{peers_named(peers, t)} {measure.told(median, t)}"
        for peers, median in seen
        if median is not None
    ]
    return t("compare.medians", medians=" · ".join(parts)) if parts else ""


def peers_named(peers: tuple[str, str], t: Words) -> str:
    """An office with its level."""
    office, level = peers
    return f"{labels.named(labels.OFFICES, office, t)}, {labels.named(LEVELS, level, t)}"


LEVELS = {
    "local": "level.local",
    "regional": "level.regional",
    "federal": "level.federal",
    "national": "level.national",
    "european": "level.european",
    "eu": "level.european",
}
STANDINGS = {
    "above": "compare.above",
    "below": "compare.below",
    "unclear": "compare.unclear",
    "": "compare.not_compared",
}


def table(found: Sequence[Line], measure: Measure, t: Words) -> pd.DataFrame:
    """The picture's numbers in words: one row per line, in its order."""
    return pd.DataFrame(
        [
            {
                t("column.name"): line.name,
                t("compare.off"): _cell(line.off, measure, t),
                t("compare.off_margin"): measure.margin(line.off, t),
                t(measure.basis): _basis(line.off, measure, t),
                t("compare.season"): _cell(line.season, measure, t),
                t("compare.season_margin"): measure.margin(line.season, t),
                t("compare.burst"): burst_told(line.burst, t),
                t("compare.burst_margin"): burst_margin(line.burst, t),
                t("compare.median"): "" if line.median is None else measure.told(line.median, t),
                t("compare.standing"): t(STANDINGS[line.standing]),
                t("column.band"): line.band,
            }
            for line in found
        ]
    )


def _cell(number: Number, measure: Measure, t: Words) -> str:
    if number.value is None:
        return labels.named(labels.REASONS, number.reason, t)
    return measure.told(number.value, t)


def _basis(number: Number, measure: Measure, t: Words) -> str:
    counted = number.effective_n if measure.metric == "answer_rate" else number.denominator
    return t.number(round(counted))


def burst_told(burst: Number, t: Words) -> str:
    """A burst as ×1,9, or why there is none."""
    if burst.value is None:
        return labels.named(labels.REASONS, burst.reason, t)
    return t.times(burst.value)


def burst_margin(burst: Number, t: Words) -> str:
    """The interval of a burst; empty without one."""
    if burst.low is None or burst.high is None:
        return ""
    return f"{t.factor(burst.low)}–{t.factor(burst.high)}"


def told(line: Line, measure: Measure, t: Words) -> str:
    """One line in words, for who points at it."""
    parts = [line.name]
    for key, number in (("compare.off", line.off), ("compare.season", line.season)):
        margin = measure.margin(number, t)
        value = _cell(number, measure, t)
        parts.append(f"{t(key)}: {value}" + (f" ({margin})" if margin else ""))
    margin = burst_margin(line.burst, t)
    value = burst_told(line.burst, t)
    parts.append(f"{t('compare.burst')}: {value}" + (f" ({margin})" if margin else ""))
    return " · ".join(parts)
