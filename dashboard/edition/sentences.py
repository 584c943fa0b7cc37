"""Every sentence on a card, derived from gates and 90 % intervals, never stronger than they are.

A wide interval is told by its ends instead of its middle, a comparison only where both
sides may be compared and the interval leaves the other out. Nobody gets a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboard import findings, labels
from dashboard.edition.facts import Peers
from dashboard.findings import Facts, Finding, Number
from dashboard.words import Words

WIDE = 0.3  # between the ends of an interval of a share: its middle is not told any more
WIDE_FACTOR = 2.0  # between the ends of an interval of factors
TINY = 0.005  # printed without a decimal this would be none or all
ASKERS = 10  # METHOD §5; fewer citizens are never counted on a card
TO_COMPARE = 30  # questions, METHOD §5
BETWEEN = {
    "finding.answers": "card.answers_between",
    "finding.present": "card.present_between",
    "finding.converses": "card.converses_between",
}
AT_LEAST = {
    "finding.burst_acts": "card.burst_acts_at_least",
    "finding.burst_replies": "card.burst_replies_at_least",
}
APART = {"finding.answers_apart", "finding.answers_tenths"}
RHYTHMS = {
    "campaign_burst": "card.campaign_burst",
    "steady": "card.steady",
    "quieter_in_season": "card.quieter_in_season",
    "not_clear": "card.not_clear",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence and what it rests on: counts, interval, days."""

    sentence: str
    basis: str
    family: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the three numbers of a card; without a number `words` says why."""

    metric: str
    phase: str
    unit: str  # share | times
    color: str  # a for outside season, o for in season
    title: str
    number: str
    margin: str
    words: str
    against: str
    has_value: bool

    @property
    def sentence(self) -> str:
        """The whole figure in words, for tables, alternative texts and screen readers."""
        margin = f" ({self.margin})" if self.margin else ""
        said = f"{self.title}: {self.number}{margin}"
        said += f" {self.words}" if self.has_value else f". {self.words}"
        return f"{said} {self.against}".strip()


def gated(facts: Facts) -> Facts:
    """The facts without an answer rate of fewer askers than may be counted."""
    numbers = {
        key: Number(reason="too_few")
        if key[0] == "answer_rate" and number.value is not None and number.effective_n < ASKERS
        else number
        for key, number in facts.numbers.items()
    }
    return replace(facts, numbers=numbers)


def told(facts: Facts, t: Words) -> tuple[Told, ...]:
    """What was found, the most telling first; never empty."""
    facts = gated(facts)
    return tuple(
        Told(_said(finding, t), findings.basis(finding, t), finding.family)
        for finding in findings.findings(facts)
    )


def _said(finding: Finding, t: Words) -> str:
    """The finding as a sentence; where its interval is wide, by the ends of that."""
    low, high = finding.shares.get("low"), finding.shares.get("high")
    if finding.key in BETWEEN and _is_wide(low, high):
        return t(BETWEEN[finding.key], low=t.percent(low or 0), high=t.percent(high or 0))
    if finding.key in APART:
        ends = finding.shares
        if _is_wide(low, high) or _is_wide(ends.get("off_low"), ends.get("off_high")):
            is_more = (low or 0) > (ends.get("off_high") or 0)
            return t("card.answers_more_in" if is_more else "card.answers_less_in")
    if finding.key in AT_LEAST:
        low, high = finding.factors["low"], finding.factors["high"]
        if high > WIDE_FACTOR * low:
            return t(AT_LEAST[finding.key], low=t.factor(_surely(low)))
    return findings.said(finding, t)


def _is_wide(low: float | None, high: float | None) -> bool:
    return low is not None and high is not None and high - low > WIDE


def _surely(low: float) -> float:
    """What a lower end allows to say with "at least": whole times, or half as much again."""
    return float(int(low)) if low >= 2 else 1.5


def key_figures(
    facts: Facts,
    peers: Mapping[tuple[str, str], Peers],
    t: Words,
    *,
    has_office_account: bool = False,
) -> tuple[KeyFigure, KeyFigure, KeyFigure]:
    """The three numbers of every card, the same for everybody."""
    facts = gated(facts)
    off, inside = facts.number("answer_rate"), facts.number("answer_rate", "season")
    burst = facts.number("burst_acts", "all")
    return (
        _answers(off, "off_season", compared(off, peers.get(("answer_rate", "off_season")), t), t),
        _answers(inside, "season", in_season(off, inside, t), t),
        _rhythm(burst, peers, t, has_office_account=has_office_account),
    )


def _answers(number: Number, phase: str, against: str, t: Words) -> KeyFigure:
    is_season = phase == "season"
    title = t("card.season" if is_season else "card.off")
    color = "o" if is_season else "a"
    if number.value is None or number.low is None or number.high is None:
        return _none("answer_rate", phase, color, title, number, t)
    words = t(
        "card.asked",
        askers=t.number(round(number.effective_n)),
        part=t.number(number.numerator),
        whole=t.number(number.denominator),
    )
    margin = t("card.margin", interval=t.percents(number.low, number.high))
    shown = t.percent(number.value, int(0 < number.value < TINY or 1 - TINY <= number.value < 1))
    return KeyFigure(
        "answer_rate", phase, "share", color, title, shown, margin, words, against, has_value=True
    )


def _rhythm(
    number: Number,
    peers: Mapping[tuple[str, str], Peers],
    t: Words,
    *,
    has_office_account: bool,
) -> KeyFigure:
    title = t("card.burst")
    if number.value is None or number.low is None or number.high is None:
        return _none("burst_acts", "all", "o", title, number, t)
    words = t("card.rhythm", part=t.number(number.numerator), whole=t.number(number.denominator))
    margin = t("card.margin", interval=f"{t.times(number.low)}–{t.times(number.high)}")
    against = " ".join(
        part
        for part in (
            rhythm(number.word, t, has_office_account=has_office_account),
            compared(number, peers.get(("burst_acts", "all")), t, is_factor=True),
        )
        if part
    )
    shown = t.times(number.value)
    return KeyFigure(
        "burst_acts", "all", "times", "o", title, shown, margin, words, against, has_value=True
    )


def _none(metric: str, phase: str, color: str, title: str, number: Number, t: Words) -> KeyFigure:
    why = labels.why(metric, number.reason, t) if number.reason else t("why.not_there")
    unit = "times" if metric == "burst_acts" else "share"
    return KeyFigure(
        metric, phase, unit, color, title, t("figure.none"), "", why, "", has_value=False
    )


def rhythm(word: str | None, t: Words, *, has_office_account: bool = False) -> str:
    """The verdict on the rhythm; an office account's quiet in season is never a finding."""
    if word == "quieter_in_season" and has_office_account:
        return t("card.office_quiet")
    return t(RHYTHMS[word]) if word in RHYTHMS else ""


def compared(number: Number, peers: Peers | None, t: Words, *, is_factor: bool = False) -> str:
    """Where the interval lies beside the peers' median: above, below, or around it."""
    if number.value is None or number.low is None or number.high is None:
        return ""
    if not number.is_comparable:
        is_few = not is_factor and number.denominator < TO_COMPARE
        return t("card.few_to_compare") if is_few else ""
    if peers is None:
        return t("card.no_peers")
    median = t.times(peers.median) if is_factor else t.percent(peers.median)
    key = "card.like"
    if number.low > peers.median:
        key = "card.above"
    elif number.high < peers.median:
        key = "card.below"
    return t(key, n=t.number(peers.count), median=median)


def in_season(off: Number, inside: Number, t: Words) -> str:
    """Whether answering in season differs from outside it, where both may be compared."""
    ends = (off.low, off.high, inside.low, inside.high)
    if off.value is None or inside.value is None or None in ends:
        return ""
    if not (off.is_comparable and inside.is_comparable):
        is_few = min(off.denominator, inside.denominator) < TO_COMPARE
        return t("card.few_to_compare") if is_few else ""
    if _below(off.high, inside.low):
        return t("card.more_in")
    if _below(inside.high, off.low):
        return t("card.less_in")
    return t("card.same_in")


def _below(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and one < other
