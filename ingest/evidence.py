"""The evidence in a store: every proven span with its run, and what bounds what it proves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ingest.model import Stream
from ingest.storefile import connect

_SPANS = (
    "select account_id, stream, start_at, end_at, proof, run_id, seen_at from span "
    "order by seen_at, start_at"
)
_FIRST_WALKS = (  # a walk that failed or was skipped showed nothing
    "select account_id, min(began_at) filter (coalesce(status not in ('failed', 'skipped'), true)) "
    "from account_run group by account_id"
)
_OPENED = (
    "select account_id, max_by(created_at, seen_at) from account_state "
    "where created_at is not null group by account_id"
)
_SHOWS = (
    "select account_id, max_by(shows_acts, seen_at), max_by(shows_received, seen_at) "
    "from account_state group by account_id"
)
# METHOD §0.3: where more than 5 % of the items vanish within 90 days, older gaps say nothing.
_VANISHING = """
with item as (
    select account_id, post_key, min(seen_at) as first_at,
        min(seen_at) filter (is_deleted) as gone_at
    from post group by account_id, post_key
)
select account_id from item group by account_id
having count(*) filter (gone_at <= first_at + interval 90 day) > 0.05 * count(*)
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One proven span: UTC moments in [start_at, end_at), by which walk and when."""

    start_at: datetime
    end_at: datetime
    proof: str  # listing_to_end | overlap | unchanged | declared
    run_id: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """What a store tells about coverage, by account."""

    spans: dict[str, list[tuple[Stream, Evidence]]] = field(default_factory=dict)
    first_walk: dict[str, datetime | None] = field(default_factory=dict)  # None: failed
    opened: dict[str, datetime] = field(default_factory=dict)  # as the platform says
    shows: dict[str, frozenset[Stream]] = field(default_factory=dict)
    vanishing: set[str] = field(default_factory=set)


def evidence_in(store_path: Path) -> Stored:
    """All evidence in a store; none without a store."""
    stored = Stored()
    if not store_path.exists():
        return stored
    with connect(store_path, read_only=True) as con:
        for name, stream, start, end, proof, run_id, seen in con.execute(_SPANS).fetchall():
            found = Evidence(_aware(start), _aware(end), proof, run_id, _aware(seen))
            stored.spans.setdefault(name, []).append((Stream(stream), found))
        for name, at in con.execute(_FIRST_WALKS).fetchall():
            stored.first_walk[name] = _aware(at) if at else None
        for name, at in con.execute(_OPENED).fetchall():
            stored.opened[name] = _aware(at)
        for name, acts, received in con.execute(_SHOWS).fetchall():
            shown = ((Stream.ACTS, acts), (Stream.RECEIVED, received))
            stored.shows[name] = frozenset(stream for stream, is_shown in shown if is_shown)
        stored.vanishing.update(name for (name,) in con.execute(_VANISHING).fetchall())
    return stored


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
