"""METHOD §3: long stretches of posts without a word to a citizen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracles.lives import runs
from tests.oracles.mart_rows import BroadcastSpell
from tests.oracles.relations import talks

if TYPE_CHECKING:
    from tests.oracles.lives import Life


def broadcast_spells(life: Life) -> list[BroadcastSpell]:
    """Days on which talk would have been seen, with posts and none of it, four weeks or more."""
    seen = life.days_showing_replies()
    seen -= {act.day for act in life.acts if act.kind == "unknown"}
    talked = {act.day for act in talks(life)}
    posted = {
        act.day
        for act in life.acts
        if act.kind == "post" and life.shows_replies(act.post.account_key)
    }
    first_seen, last_seen = min(seen, default=0), max(seen, default=0)

    def is_unknown(day: int) -> bool:
        return day in life.eligible and first_seen < day < last_seen and day not in seen

    rows = []
    for first, last in runs(seen - talked):
        length = last - first + 1
        if length < life.world.choice("quiet_days", 28):
            continue
        if not any(day in posted for day in range(first, last + 1)):
            continue
        edges = {life.world.start_day, life.world.end_day - 1, first_seen, last_seen}
        rows.append(
            BroadcastSpell(
                person_id=life.person.person_id,
                from_day=first,
                to_day=last,
                days=length,
                is_at_least=bool(edges & {first, last}),
                is_possible=is_unknown(first - 1) or is_unknown(last + 1),
            )
        )
    return rows
