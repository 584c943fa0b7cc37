"""METHOD §0.1: the same numbers for each account alone, copies of posts included."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.oracles import conversation, lives, presence, tone
from tests.oracles.burst import SHORT_IN, SHORT_OFF, Stream, put_rate, rate_dispersion
from tests.oracles.mart_rows import AccountMetric

if TYPE_CHECKING:
    from tests.oracles.lives import Life
    from tests.oracles.rows import Account, Metric

PHASES = (("off_season", SHORT_OFF), ("season", SHORT_IN))


def account_metrics(life: Life) -> list[AccountMetric]:
    return [row for account in life.accounts for row in _rows(life, account)]


def alone(life: Life, account: Account) -> Life:
    """The person as somebody with this account only."""
    valid = set(range(account.first_day, account.last_day + 1))

    def known(stream: str) -> set[int]:
        spans = [
            range(s.first_day, s.last_day + 1)
            for s in life.world.spans
            if s.account_key == account.account_key and s.stream == stream
        ]
        return valid & set(life.world.days()) & {day for span in spans for day in span}

    received = known("received") if account.shows_received else set()
    return replace(
        life,
        accounts=[account],
        eligible=life.eligible & valid,
        covered=known("acts") if account.shows_acts else set(),
        received_covered=received,
        acts=lives.acts_of(life.world, [account], with_copies=True),
        received=[i for i in life.received if i.account_key == account.account_key],
    )


def _rows(life: Life, account: Account) -> list[AccountMetric]:
    mine = alone(life, account)
    rows = [presence.presence(mine), presence.active_months(mine)]
    rows += [r for r in conversation.conversation(mine) if r.metric == "conversation"]
    rows += [_acts_per_week(mine, phase, short) for phase, short in PHASES]
    rows += tone.tone(mine)
    if not account.shows_acts:
        for row in rows:
            if row.metric != "tone_received":
                row.reason = "not_observable"
    return [_of_account(account, row) for row in rows]


def _acts_per_week(life: Life, phase: str, short: int) -> Metric:
    row = life.metric("acts_per_week", phase, life.known)
    days = {day for day in life.known if life.phase[day] == phase}
    row.numerator = sum(act.is_own_act() and act.day in days for act in life.acts)
    row.denominator = len(days)
    if not life.known:
        row.reason = "no_coverage"
    elif not life.has_season():
        row.reason = "no_season"
    elif len(days) < short:
        row.reason = "too_short"
    else:
        put_rate(row, rate_dispersion(_rhythm(life), [], phase))
    return row


def _rhythm(life: Life) -> Stream:
    """All own acts of somebody with one account; its burst is nobody's business here."""
    per_day = dict.fromkeys(life.known, 0)
    for act in life.acts:
        if act.is_own_act() and act.day in per_day:
            per_day[act.day] += 1
    return Stream(life, "acts_per_week", days=set(life.known), per_day=per_day)


def _of_account(account: Account, row: Metric) -> AccountMetric:
    return AccountMetric(
        account_id=account.account_id,
        person_id=row.person_id,
        metric=row.metric,
        phase=row.phase,
        value=row.value,
        low=row.low,
        high=row.high,
        numerator=row.numerator,
        denominator=row.denominator,
        effective_n=row.effective_n,
        dispersion_in=row.dispersion_in,
        dispersion_off=row.dispersion_off,
        covered_days=row.covered_days,
        reason=row.reason,
        is_comparable=row.is_comparable,
    )
