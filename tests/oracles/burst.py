"""METHOD §2: how much more a person acts in season than outside it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from tests.oracles.attitude import CAMPAIGN, is_read
from tests.oracles.intervals import burst_interval, expected_count, log_ratio, median

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracles.lives import Act, Life
    from tests.oracles.rows import Metric

PHASES = ("season", "off_season")
FEW_ACTS, SHORT_IN, SHORT_OFF = 20, 30, 180
PEERS = 6
WEEK_DAYS = 5
STEADY = 1.5
EXTREME = Fraction(1, 20)
UNREAD_PERCENT = 5


@dataclass
class Stream:
    """One person's stream of acts or of replies, on the days that count for it."""

    life: Life
    name: str
    is_observable: bool = True
    is_unread: bool = False
    office_acts: int = 0
    days: set[int] = field(default_factory=set)
    per_day: dict[int, int] = field(default_factory=dict)

    def n(self, phase: str) -> int:
        return sum(n for day, n in self.per_day.items() if self.life.phase[day] == phase)

    def exposure(self, phase: str) -> int:
        return sum(1 for day in self.days if self.life.phase[day] == phase)

    @cached_property
    def dispersion(self) -> Fraction:
        """φ_i: the wilder of weeks and 4-week blocks, never calmer than coin tosses."""
        weeks = _chi2_and_df(self, self.life.world.week_of, 7, PHASES)
        blocks = _chi2_and_df(self, self.life.world.block_of, 28, PHASES)
        return max([Fraction(1), *(chi2 / df for chi2, df in (weeks, blocks) if df)])

    def dispersion_of(self, phase: str) -> Fraction:
        """The same of one phase alone; nothing to go by: that of both."""
        found = [
            _chi2_and_df(self, unit_of, length, (phase,))
            for unit_of, length in ((self.life.world.week_of, 7), (self.life.world.block_of, 28))
        ]
        ratios = [chi2 / df for chi2, df in found if df]
        return max([Fraction(1), *ratios]) if ratios else self.dispersion

    @cached_property
    def reason(self) -> str | None:
        if not self.is_observable:
            return "not_observable"
        if not self.life.known:
            return "no_coverage"
        if not self.life.has_season():
            return "no_season"
        if self.is_unread:
            return "not_observable"
        if self.exposure("season") < SHORT_IN or self.exposure("off_season") < SHORT_OFF:
            return "too_short"
        if self.n("season") + self.n("off_season") < FEW_ACTS:
            return "too_few"
        return None


def bursts(lives: list[Life]) -> list[Metric]:
    rows = []
    for make in (acts_stream, replies_stream, campaign_stream):
        streams = [make(life) for life in lives]
        rows += [_row(stream, streams) for stream in streams]
    return rows


def acts_stream(life: Life) -> Stream:
    return _stream(life, "burst_acts", lambda _: True, lambda act: act.is_own_act())


def replies_stream(life: Life) -> Stream:
    return _stream(life, "burst_replies", life.shows_replies, life.is_talk)


def is_hardly_read(life: Life) -> bool:
    """In a season or outside it, too many acts on the accounts compared were never read."""
    everything = acts_stream(life)
    unread = _stream(
        life, "unread", lambda _: True, lambda act: act.is_own_act() and not is_read(act)
    )
    percent = life.world.choice("unread_percent", UNREAD_PERCENT)
    return any(100 * unread.n(phase) > percent * everything.n(phase) for phase in PHASES)


def campaign_stream(life: Life) -> Stream:
    """Campaign posts, on the days of which every act was read."""
    stream = _stream(
        life,
        "burst_campaign",
        lambda _: True,
        lambda act: act.is_own_act() and act.post.label in CAMPAIGN,
    )
    stream.is_unread = is_hardly_read(life)
    stream.days &= life.read_days
    stream.per_day = {day: n for day, n in stream.per_day.items() if day in stream.days}
    return stream


def _stream(
    life: Life, name: str, shows: Callable[[int], bool], counts: Callable[[Act], bool]
) -> Stream:
    showing = [a for a in life.accounts if a.shows_acts and shows(a.account_key)]
    in_scope = {}
    for account in showing:
        valid = {d for d in life.known if account.first_day <= d <= account.last_day}
        seen_in = {life.phase[d] for d in valid}
        if not _opened_in_season(life, account.first_day) and seen_in.issuperset(PHASES):
            in_scope[account.account_key] = valid
    stream = Stream(life, name, is_observable=bool(showing) or name != "burst_replies")
    stream.days = set().union(*in_scope.values())
    stream.per_day = dict.fromkeys(stream.days, 0)
    for act in life.acts:
        if counts(act) and act.day in in_scope.get(act.post.account_key, set()):
            stream.per_day[act.day] += 1
            if life.phase[act.day] in PHASES:
                by_office = life.account(act.post.account_key).run_by == "office"
                stream.office_acts += by_office
    return stream


def _opened_in_season(life: Life, first_day: int) -> bool:
    return any(first_day in season.days() for season in life.elections)


def _row(stream: Stream, everyone: list[Stream]) -> Metric:
    n_in, n_off = stream.n("season"), stream.n("off_season")
    row = stream.life.metric(stream.name, "all", set())
    row.covered_days = stream.exposure("season") + stream.exposure("off_season")
    row.numerator, row.denominator = n_in, n_off
    row.reason = stream.reason
    if row.reason is not None:
        return row
    b = log_ratio(n_in, stream.exposure("season"), n_off, stream.exposure("off_season"))
    phi_in, phi_off = (float(overdispersion_of(stream, everyone, phase)) for phase in PHASES)
    row.value = math.exp(b)
    row.low, row.high = burst_interval(b, (phi_in, n_in), (phi_off, n_off))
    row.effective_n = float(overdispersion(stream, everyone))
    row.dispersion_in, row.dispersion_off = phi_in, phi_off
    is_described = stream.name == "burst_campaign"
    row.is_comparable = not is_described
    row.word = "descriptive" if is_described else _word(stream, row.low, row.high)
    return row


def weekly_rates(lives: list[Life]) -> list[Metric]:
    """Acts and replies to citizens a week, on the days that a burst compares."""
    rows = []
    for name, make in (
        ("acts_per_week", acts_stream),
        ("citizen_replies_per_week", replies_stream),
    ):
        streams = [make(life) for life in lives]
        for stream in streams:
            for phase, short in (("season", SHORT_IN), ("off_season", SHORT_OFF)):
                row = stream.life.metric(name, phase, stream.days)
                row.numerator, row.denominator = stream.n(phase), stream.exposure(phase)
                if stream.reason in {"not_observable", "no_coverage", "no_season"}:
                    row.reason = stream.reason
                elif row.denominator < short:
                    row.reason = "too_short"
                else:
                    put_rate(row, rate_dispersion(stream, streams, phase))
                rows.append(row)
    return rows


def put_rate(row: Metric, phi: Fraction) -> None:
    """How many a week, with what that says of the long run."""
    count, days = row.numerator or 0, row.denominator or 0
    row.value = 7 * count / days
    row.low, row.high = (7 * end / days for end in expected_count(count, float(phi)))
    if row.phase == "season":
        row.dispersion_in = float(phi)
    else:
        row.dispersion_off = float(phi)
    row.is_comparable = True


def rate_dispersion(stream: Stream, everyone: list[Stream], phase: str) -> Fraction:
    """That of the burst; peers are nobody's measure where there is none."""
    if stream.reason is None:
        return overdispersion_of(stream, everyone, phase)
    return max(stream.dispersion_of(phase), stream.dispersion)


def peers_of(stream: Stream, everyone: list[Stream]) -> list[Stream]:
    """Others of the same office and level whose burst can be said."""
    me = stream.life.person
    return [
        other
        for other in everyone
        if other.life.person.person_key != me.person_key
        and me.office is not None
        and me.level is not None
        and (other.life.person.office, other.life.person.level) == (me.office, me.level)
        and other.reason is None
    ]


def overdispersion(stream: Stream, everyone: list[Stream]) -> Fraction:
    """φ: how much wilder than coin tosses, at least as wild as the middle one of the peers."""
    peers = [other.dispersion for other in peers_of(stream, everyone)]
    own = stream.dispersion
    return max(own, median(peers)) if len(peers) >= PEERS else own


def overdispersion_of(stream: Stream, everyone: list[Stream], phase: str) -> Fraction:
    """The same of one phase, never calmer than φ: a few calm weeks are luck."""
    peers = [other.dispersion_of(phase) for other in peers_of(stream, everyone)]
    own = max(stream.dispersion_of(phase), overdispersion(stream, everyone))
    return max(own, median(peers)) if len(peers) >= PEERS else own


def _chi2_and_df(
    stream: Stream, unit_of: Callable[[int], int], length: int, phases: tuple[str, ...]
) -> tuple[Fraction, int]:
    """χ² of the counts of whole units around the mean of their phase, and its freedom."""
    chi2, df = Fraction(0), 0
    for phase in phases:
        days: dict[int, list[int]] = {}
        for day in stream.days:
            if stream.life.phase[day] == phase:
                days.setdefault(unit_of(day), []).append(day)
        counts = [
            sum(stream.per_day[d] for d in unit) for unit in days.values() if len(unit) == length
        ]
        if sum(counts) == 0:
            continue
        mean = Fraction(sum(counts), len(counts))
        chi2 += sum((n - mean) ** 2 for n in counts) / mean
        df += len(counts) - 1
    return chi2, df


def _word(stream: Stream, low: float, high: float) -> str:
    if low >= 1 / STEADY and high <= STEADY:
        return "steady"
    if low > STEADY and is_extreme(stream, upwards=True):
        return "campaign_burst"
    if high < 1 / STEADY and is_extreme(stream, upwards=False):
        total = stream.n("season") + stream.n("off_season")
        return "not_clear" if 2 * stream.office_acts >= total else "quieter_in_season"
    return "not_clear"


def is_extreme(stream: Stream, *, upwards: bool) -> bool:
    """Whether few of all circular shifts of the seasons over the weeks look as extreme."""
    weeks: dict[int, list[int]] = {}
    for day in sorted(stream.days):
        weeks.setdefault(stream.life.world.week_of(day), []).append(day)
    counts, labels = [], []
    for _, days in sorted(weeks.items()):
        if len(days) >= WEEK_DAYS:
            counts.append(sum(stream.per_day[d] for d in days))
            labels.append(_label(stream, days))
    if "season" not in labels or "off_season" not in labels:
        return False
    shifts = [_b_of(counts, labels[-s:] + labels[:-s]) for s in range(len(labels))]
    sign = 1 if upwards else -1
    extreme = sum(1 for b in shifts if sign * (b - shifts[0]) >= -1e-9)
    return Fraction(extreme, len(shifts)) <= EXTREME


def _label(stream: Stream, days: list[int]) -> str:
    for phase in PHASES:
        if sum(stream.life.phase[d] == phase for d in days) >= WEEK_DAYS:
            return phase
    return "other"


def _b_of(counts: list[int], labels: list[str]) -> float:
    n = {p: sum(c for c, label in zip(counts, labels, strict=True) if label == p) for p in PHASES}
    e = {p: 7 * labels.count(p) for p in PHASES}
    return log_ratio(n["season"], e["season"], n["off_season"], e["off_season"])
