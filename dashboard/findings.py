"""The sentences that say what was found about a person, never stronger than the evidence.

A sentence comes from gates and 90 % intervals alone. What the evidence does not
carry is not said in weaker words either: it is left out, or the reason is said.
Every sentence is about the accounts watched, in public, and has its basis: the
counts and the interval it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from dashboard.words import Words

SUPPORTING = 3  # sentences below the first
ALL_YEAR = 0.5  # lower end of the weeks with a talk, outside season, to say "all year"
OFTEN = 0.8  # lower end of the weeks with a sign of life to say "nearly every week"
SELDOM = 0.25  # upper end of the weeks with a sign of life to say "seldom"
SENDER = 0.1  # upper end of answers among own acts to say "sends more than it talks"
PLAIN = (0.05, 0.95)  # shares that may be told in tenths


@dataclass(frozen=True, slots=True)
class Number:
    """One published number; without a value `reason` says why."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    numerator: int = 0
    denominator: int = 0
    effective_n: float = 0.0  # of answer_rate: how many askers
    reason: str | None = None
    word: str | None = None
    is_comparable: bool = False


@dataclass(frozen=True, slots=True)
class Sleep:
    """A winter sleep that was published as a finding."""

    from_on: date
    to_on: date
    days: int
    kind: str  # silent | repost-only | thread-only
    is_at_least: bool
    election_on: date
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What is published of one person, as the rules read it."""

    numbers: Mapping[tuple[str, str], Number]
    sleeps: tuple[Sleep, ...] = ()
    has_known_days: bool = True

    def number(self, metric: str, phase: str = "off_season") -> Number:
        """A number by metric and phase; one without value where nothing was published."""
        return self.numbers.get((metric, phase), Number())


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence to be: its family, its key in the catalogue and what fills its places."""

    family: str  # sleep | answering | rhythm | talking | presence | nothing
    key: str
    basis: str = ""
    shares: Mapping[str, float] = field(default_factory=dict)
    tenths: Mapping[str, float] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    counted: int | None = None  # the number that decides the plural, shown as {n}
    is_unverified: bool = False


Rule = Callable[[Facts], Finding | None]


def findings(facts: Facts) -> tuple[Finding, ...]:
    """What may be said, the most telling first; never empty.

    At most one sentence per family, so that one fact is not told twice.
    """
    told: dict[str, Finding] = {}
    for rule in RULES:
        finding = rule(facts)
        if finding and finding.family not in told:
            told[finding.family] = finding
    return tuple(told.values())[: SUPPORTING + 1] or (_nothing(facts),)


def _winter_sleep(facts: Facts) -> Finding | None:
    """A published winter sleep; the longest, with the election day it followed."""
    if not facts.sleeps:
        return None
    sleep = max(facts.sleeps, key=lambda one: (one.days, one.election_on))
    keys = SLEEPS_AT_LEAST if sleep.is_at_least else SLEEPS
    return Finding(
        "sleep",
        keys.get(sleep.kind, keys["silent"]),
        "finding.basis_days",
        days={"election": sleep.election_on, "first": sleep.from_on, "last": sleep.to_on},
        counted=sleep.days // 7,
        is_unverified=not sleep.is_verified,
    )


SLEEPS = {"silent": "finding.sleep", "repost-only": "finding.sleep_reposts"}
SLEEPS_AT_LEAST = {
    "silent": "finding.sleep_at_least",
    "repost-only": "finding.sleep_reposts_at_least",
}


def _answers_apart(facts: Facts) -> Finding | None:
    """Answers in season and outside it, where both compare and the intervals lie apart."""
    off, inside = facts.number("answer_rate"), facts.number("answer_rate", "season")
    if not (off.is_comparable and inside.is_comparable):
        return None
    if off.value is None or inside.value is None:
        return None
    if not (_below(off, inside) or _below(inside, off)):
        return None
    rates = {"off": off.value, "season": inside.value}
    counts = {"off_askers": round(off.effective_n), "askers": round(inside.effective_n)}
    basis = "finding.basis_apart"
    ends = {"off_low": off.low, "off_high": off.high, "low": inside.low, "high": inside.high}
    shares = {name: end for name, end in ends.items() if end is not None}
    is_plain = all(PLAIN[0] <= rate <= PLAIN[1] for rate in rates.values())
    if is_plain and tenths(off.value) != tenths(inside.value):
        key = "finding.answers_tenths"
        return Finding("answering", key, basis, shares=shares, tenths=rates, counts=counts)
    key = "finding.answers_apart"
    return Finding("answering", key, basis, shares=shares | rates, counts=counts)


def _burst(metric: str, key: str) -> Rule:
    def rule(facts: Facts) -> Finding | None:
        number = facts.number(metric, "all")
        if number.word != "campaign_burst":
            return None
        if number.value is None or number.low is None or number.high is None:
            return None
        factors = {"times": number.value, "low": number.low, "high": number.high}
        return Finding("rhythm", key, "finding.basis_times", factors=factors)

    return rule


def _talks_all_year(facts: Facts) -> Finding | None:
    """Answers to citizens in most off-season weeks, and no campaign burst in them."""
    talk = facts.number("talk_presence")
    if talk.low is None or talk.low < ALL_YEAR:
        return None
    if facts.number("burst_replies", "all").word == "campaign_burst":
        return None
    return _share("talking", "finding.talks_all_year", "finding.basis_weeks", talk)


def _sends(facts: Facts) -> Finding | None:
    """Present all year, and hardly any own act answers a citizen."""
    presence, talk = facts.number("presence"), facts.number("conversation")
    if presence.low is None or talk.high is None:
        return None
    if presence.low < ALL_YEAR or talk.high > SENDER:
        return None
    return _share("talking", "finding.sends", "finding.basis_acts", talk)


def _seldom(facts: Facts) -> Finding | None:
    """Seldom a sign of life all year round."""
    presence = facts.number("presence")
    if presence.high is None or presence.high >= SELDOM:
        return None
    return _share("presence", "finding.seldom", "finding.basis_weeks", presence)


def _answers(facts: Facts) -> Finding | None:
    number = facts.number("answer_rate")
    return _share("answering", "finding.answers", "finding.basis_questions", number)


def _present(facts: Facts) -> Finding | None:
    number = facts.number("presence")
    is_often = number.low is not None and number.low >= OFTEN
    key = "finding.present_often" if is_often else "finding.present"
    return _share("presence", key, "finding.basis_weeks", number)


def _steady(facts: Facts) -> Finding | None:
    number = facts.number("burst_acts", "all")
    if number.word != "steady" or number.low is None or number.high is None:
        return None
    factors = {"low": number.low, "high": number.high}
    return Finding("rhythm", "finding.steady", "finding.basis_times", factors=factors)


def _conversation(facts: Facts) -> Finding | None:
    number = facts.number("conversation")
    return _share("talking", "finding.converses", "finding.basis_acts", number)


RULES: tuple[Rule, ...] = (
    _winter_sleep,
    _answers_apart,
    _burst("burst_replies", "finding.burst_replies"),
    _burst("burst_acts", "finding.burst_acts"),
    _talks_all_year,
    _sends,
    _seldom,
    _answers,
    _present,
    _steady,
    _conversation,
)


def _nothing(facts: Facts) -> Finding:
    return Finding("nothing", "finding.too_little" if facts.has_known_days else "finding.unknown")


def _below(one: Number, other: Number) -> bool:
    return one.high is not None and other.low is not None and one.high < other.low


def _share(family: str, key: str, basis: str, number: Number) -> Finding | None:
    """A finding about one share; None unless it has a value and an interval."""
    if number.value is None or number.low is None or number.high is None:
        return None
    return Finding(
        family,
        key,
        basis,
        shares={"share": number.value, "low": number.low, "high": number.high},
        counts={
            "part": number.numerator,
            "whole": number.denominator,
            "askers": round(number.effective_n),
        },
    )


def tenths(share: float) -> int:
    """How many out of ten, for shares that are not nearly none or all."""
    return min(9, max(1, round(10 * share)))


def said(finding: Finding, t: Words) -> str:
    """The finding as a sentence in one language, without its basis and its full stop."""
    values = _filled(finding, t)
    if finding.counted is None:
        return t(finding.key, **values)
    return t.count(finding.key, finding.counted, **values)


def basis(finding: Finding, t: Words) -> str:
    """What the sentence rests on: counts, interval, and whether the election was checked."""
    text = t(finding.basis, **_filled(finding, t)) if finding.basis else ""
    if finding.is_unverified:
        text = f"{text} {t('finding.unverified')}".strip()
    return text


def _tiny(share: float) -> int:
    """A decimal for a share that would be printed as none or all and is not."""
    return int(0 < share < 0.005 or 0.995 <= share < 1)


def _filled(finding: Finding, t: Words) -> dict[str, str]:
    ends = {t.percent(finding.shares[name]) for name in ("low", "high") if name in finding.shares}
    digits = 1 if len(ends) == 1 else 0  # a margin of "1% to 1%" says nothing
    return {
        **{
            name: t.percent(share, digits or _tiny(share)) for name, share in finding.shares.items()
        },
        **{name: t.number(tenths(share)) for name, share in finding.tenths.items()},
        **{name: t.factor(factor) for name, factor in finding.factors.items()},
        **{name: t.day(day) for name, day in finding.days.items()},
        **{name: t.number(count) for name, count in finding.counts.items()},
    }
