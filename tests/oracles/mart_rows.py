"""Rows of the tables beside `metric`, like those of the published copy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Ladder:
    person_id: str
    once: int | None = None
    two_to_four: int | None = None
    five_or_more: int | None = None
    partner_count: int | None = None
    reason: str | None = None


@dataclass
class Mix:
    person_id: str
    quarter_from_day: int
    new_count: int | None = None
    warm_count: int | None = None
    close_count: int | None = None
    reason: str | None = None


@dataclass
class CurvePoint:
    person_id: str
    day: float
    share: float
    low: float
    high: float


@dataclass
class BroadcastSpell:
    person_id: str
    from_day: int
    to_day: int
    days: int
    is_at_least: bool
    is_possible: bool


@dataclass
class LabelShare:
    person_id: str
    phase: str
    label: str
    act_count: int
    share: float


@dataclass
class TopicShare:
    person_id: str
    topic: str
    raised_count: int | None
    raised_askers: int | None
    raised_share: float | None
    posted_count: int
    posted_share: float | None


@dataclass
class TopicRaised:
    person_id: str
    topic: str
    from_day: int
    asker_count: int | None
    is_picked_up: bool | None


@dataclass
class AccountMetric:
    account_id: str
    person_id: str
    metric: str
    phase: str
    value: float | None
    low: float | None
    high: float | None
    numerator: int | None
    denominator: int | None
    effective_n: float | None
    dispersion_in: float | None
    dispersion_off: float | None
    covered_days: int
    reason: str | None
    is_comparable: bool


@dataclass
class PeerRow:
    office: str
    level: str
    metric: str
    phase: str
    people_count: int
    median: float
    low_quartile: float
    high_quartile: float


@dataclass
class FunnelLimit:
    office: str
    level: str
    metric: str
    people_count: int
    n: int
    centre: float
    low_95: float
    high_95: float
    low_998: float
    high_998: float
