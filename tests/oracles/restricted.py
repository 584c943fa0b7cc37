"""METHOD §5: under how many own posts not everybody may reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracles.intervals import jeffreys

if TYPE_CHECKING:
    from tests.oracles.lives import Life
    from tests.oracles.rows import Metric

GATE_POSTS = 20


def restricted(life: Life) -> list[Metric]:
    return [_share(life, phase) for phase in ("off_season", "season")]


def _share(life: Life, phase: str) -> Metric:
    """What the source does not tell is left out, and is no open post."""
    row = life.metric("restricted_share", phase, life.known)
    told = []
    is_hidden = False
    for act in life.acts:
        begins = act.post.root_key is None or act.post.root_key == act.post.post_key
        if act.kind != "post" or not begins or act.day not in life.known:
            continue
        if life.phase[act.day] != phase:
            continue
        if act.post.is_restricted is None:
            is_hidden = True
        else:
            told.append(act.post.is_restricted)
    row.numerator, row.denominator = told.count(True), len(told)
    if not life.known:
        row.reason = "no_coverage"
    elif phase == "season" and not life.has_season():
        row.reason = "no_season"
    elif is_hidden and not told:
        row.reason = "not_observable"
    elif len(told) < life.world.choice("label_acts", GATE_POSTS):
        row.reason = "too_few"
    else:
        row.value, row.effective_n = told.count(True) / len(told), float(len(told))
        row.low, row.high = jeffreys(told.count(True), len(told))
        row.word = "descriptive"
    return row
