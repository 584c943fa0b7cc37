"""What a run is going to cost: accounts, requests and time, before anything is asked.

What earlier runs cost is the measure, waiting included: for an account that was walked to
its end, its own later walks; for the others, first walks on the same platform, and where
there are none yet, a stated assumption.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from ingest.collection import MOST_HOSTS
from ingest.model import Account
from ingest.storefile import connect

ASSUMED_REQUESTS = {"bluesky": 60, "mastodon": 60, "feeds": 4, "wordpress": 40}  # a first walk
ASSUMED_LATER = 8  # a later walk of an account whose first one is all there is
ASSUMED_DAYS = 6 * 365  # of history that a first walk takes
ASSUMED_SECONDS, LOCAL_SECONDS = 0.5, 0.02  # per request; on this machine
ALLOWED = {"mastodon": (300, 900.0), "bluesky": (3_000, 300.0)}  # requests in so many seconds
_LAST_WALKS = 5  # of each account, that count
# Whether a walk is the account's first that came to its end says whether it took the history.
_RUNS = """
select account_id, source, request_count, epoch(ended_at - began_at) as seconds,
    count(*) filter (status in ('complete', 'unchanged')) over (
        partition by account_id order by ended_at, run_id
        rows between unbounded preceding and 1 preceding) > 0 as is_later
from account_run
where request_count > 0
qualify status in ('complete', 'unchanged')
    and row_number() over (partition by account_id order by ended_at desc, run_id desc) <= ?
    or not is_later and status in ('complete', 'unchanged')
order by account_id, ended_at
"""


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """What one account is expected to cost."""

    account_id: str
    platform: str
    is_new: bool  # no walk of it has come to its end
    request_count: int
    seconds: float
    basis: str  # own_walks | first_walks | assumed


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is expected to cost; `max_requests` ends it earlier."""

    accounts: tuple[AccountPlan, ...]
    host_count: int
    request_count: int
    seconds: float
    max_requests: int | None = None
    since: date | None = None

    @property
    def line(self) -> str:
        """The plan in one line."""
        new = sum(one.is_new for one in self.accounts)
        parts = [
            _counted(len(self.accounts), "account") + (f" ({new:,} new)" if new else ""),
            f"about {_counted(self.request_count, 'request')} "
            f"to {_counted(self.host_count, 'host')}",
            f"about {_duration(self.seconds)}",
        ]
        if self.since is not None:
            parts.append(f"nothing before {self.since}")
        if self.max_requests is not None and self.max_requests < self.request_count:
            parts.append(f"stops after {_counted(self.max_requests, 'request')}")
        assumed = sorted({(o.platform, o.request_count) for o in self.accounts if _is_guess(o)})
        told = ", ".join(f"{platform} {count}" for platform, count in assumed)
        return f"plan: {', '.join(parts)}" + (f" (assumed per account: {told})" if told else "")


@dataclass(slots=True)
class _Costs:
    """Requests of earlier walks, and how long a request took."""

    share: float  # of a whole history that a first walk takes
    assumed_seconds: float
    later: dict[str, list[int]] = field(default_factory=dict)  # by account
    first: dict[str, list[int]] = field(default_factory=dict)  # by platform
    ended: set[str] = field(default_factory=set)
    asked: dict[str, list[tuple[int, float]]] = field(default_factory=dict)  # with seconds

    def add(
        self, account_id: str, platform: str, requests: int, seconds: float, *, is_later: bool
    ) -> None:
        self.ended.add(account_id)
        if is_later:
            self.later.setdefault(account_id, []).append(requests)
        else:
            self.first.setdefault(platform, []).append(requests)
        for name in (account_id, f"all of {platform}", "all"):
            self.asked.setdefault(name, []).append((requests, seconds))

    def of(self, account: Account) -> AccountPlan:
        name, platform = account.account_id, account.platform
        is_new = name not in self.ended
        if name in self.later:
            count, basis = median(self.later[name]), "own_walks"
        elif not is_new:
            count, basis = min(ASSUMED_LATER, median(self.first[platform])), "assumed"
        elif platform in self.first:
            count, basis = median(self.first[platform]) * self.share, "first_walks"
        else:
            count, basis = ASSUMED_REQUESTS.get(platform, ASSUMED_LATER) * self.share, "assumed"
        requests = max(1, round(count))
        seconds = requests * self._seconds_each(name, platform)
        return AccountPlan(name, platform, is_new, requests, seconds, basis)

    def _seconds_each(self, account_id: str, platform: str) -> float:
        """Seconds a request took on the account, else on its platform, else anywhere."""
        for name in (account_id, f"all of {platform}", "all"):
            requests = sum(count for count, _ in self.asked.get(name, ()))
            seconds = sum(each for _, each in self.asked.get(name, ()))
            if seconds > 0:  # the demo's clock stands still
                return seconds / requests
        return self.assumed_seconds


def plan(
    store_path: Path,
    lanes: Sequence[Sequence[Account]],
    max_requests: int | None = None,
    *,
    since: date | None = None,
    is_local: bool = False,
) -> Plan:
    """What walking these accounts will cost; each lane is one host's, walked one by one."""
    costs = _Costs(_share(since), LOCAL_SECONDS if is_local else ASSUMED_SECONDS)
    if store_path.exists():
        with connect(store_path, read_only=True) as con:
            rows = con.execute(_RUNS, [_LAST_WALKS]).fetchall()
        for account_id, platform, requests, seconds, is_later in rows:
            costs.add(account_id, platform, requests, float(seconds), is_later=bool(is_later))
    planned = [[costs.of(account) for account in lane] for lane in lanes]
    accounts = tuple(one for lane in planned for one in lane)
    per_lane = [_lane_seconds(lane, {} if is_local else ALLOWED) for lane in planned]
    seconds = max([*per_lane, sum(per_lane) / MOST_HOSTS], default=0.0)
    total = sum(one.request_count for one in accounts)
    capped = _capped(seconds, total, max_requests)
    return Plan(accounts, len(lanes), total, capped, max_requests, since)


def _share(since: date | None) -> float:
    """How much of a history is not older than a day."""
    if since is None:
        return 1.0
    return min(1.0, max(0, (datetime.now(UTC).date() - since).days) / ASSUMED_DAYS)


def _lane_seconds(lane: Sequence[AccountPlan], allowed: Mapping[str, tuple[int, float]]) -> float:
    """The seconds of one host's walks, with the pauses that its known limit asks for."""
    requests = sum(one.request_count for one in lane)
    most, period = allowed.get(lane[0].platform, (requests or 1, 0.0))
    return max(sum(one.seconds for one in lane), requests // (most + 1) * period)


def _capped(seconds: float, total: int, most: int | None) -> float:
    return seconds if most is None or total <= most else seconds * most / total


def _is_guess(one: AccountPlan) -> bool:
    return one.basis == "assumed"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5_400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3_600:.1f} h"
