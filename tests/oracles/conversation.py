"""METHOD §4: how much of what a person does is talking with citizens."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracles.intervals import jeffreys

if TYPE_CHECKING:
    from tests.oracles.lives import Act, Life
    from tests.oracles.rows import Metric

CAP = 3
GATE_ACTS, GATE_THREADS = 20, 10
NAMES = {
    "citizen": "conversation",
    "politician": "conversation_politician",
    "party": "conversation_party",
    "media": "conversation_media",
    "organisation": "conversation_organisation",
}


def conversation(life: Life) -> list[Metric]:
    return [
        _row(life, class_, name, phase)
        for class_, name in NAMES.items()
        for phase in ("off_season", "season")
    ]


def _row(life: Life, class_: str, name: str, phase: str) -> Metric:
    row = life.metric(name, phase, life.days_showing_replies())
    row.numerator = row.denominator = 0
    if not any(life.shows_replies(a.account_key) for a in life.accounts):
        row.reason = "not_observable"
        return row
    talked, acts_per_thread = counts(life, class_, phase)
    acts = sum(acts_per_thread.values())
    row.numerator, row.denominator = talked, acts
    if not life.days_showing_replies():
        row.reason = "no_coverage"
    elif phase == "season" and not life.has_season():
        row.reason = "no_season"
    elif acts < GATE_ACTS or len(acts_per_thread) < GATE_THREADS:
        row.reason = "too_few"
    else:
        share = Fraction(talked, acts)
        n_eff = Fraction(acts**2, sum(m**2 for m in acts_per_thread.values()))
        row.value = float(share)
        row.is_comparable = True
        row.effective_n = float(n_eff)
        row.low, row.high = jeffreys(float(share * n_eff), float(n_eff))
    return row


def counts(life: Life, class_: str, phase: str) -> tuple[int, Counter[int]]:
    """Replies to the class, and own acts per thread, no more than three replies a thread a day."""
    replies: Counter[tuple[int, int]] = Counter()
    to_class: Counter[tuple[int, int]] = Counter()
    per_thread: Counter[int] = Counter()
    for act in life.acts:
        if not _counts(life, act, phase):
            continue
        if act.kind == "reply":
            replies[root_of(act), act.day] += 1
            to_class[root_of(act), act.day] += life.class_of(act.post.partner_key) == class_
        else:
            per_thread[root_of(act)] += 1
    for (root, _), n in replies.items():
        per_thread[root] += min(CAP, n)
    return sum(min(CAP, n) for n in to_class.values()), per_thread


def _counts(life: Life, act: Act, phase: str) -> bool:
    return (
        act.kind in {"post", "quote", "reply"}
        and act.day in life.known
        and life.phase[act.day] == phase
        and life.shows_replies(act.post.account_key)
        and not (
            act.kind == "reply"
            and act.post.partner_key is None
            and not life.world.choice("unknown_partner_counts", True)
        )
    )


def root_of(act: Act) -> int:
    if act.kind == "quote" or act.post.root_key is None:
        return act.post.post_key
    return act.post.root_key
