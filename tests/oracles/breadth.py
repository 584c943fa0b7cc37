"""METHOD §7: with how many people, and of which kinds, a person talks."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from math import comb
from typing import TYPE_CHECKING

from scipy.stats import t

from tests.oracles.conversation import root_of
from tests.oracles.intervals import jeffreys
from tests.oracles.relations import blind, told

if TYPE_CHECKING:
    from tests.oracles.lives import Act, Life
    from tests.oracles.rows import Metric

FEWEST_BLOCKS = 5
CLASSES = ("citizen", "politician", "party", "media", "organisation")


def breadth(life: Life) -> list[Metric]:
    return [*partners(life), *shares(life)]


def replies_to(life: Life, class_: str) -> list[Act]:
    """Off-season replies to this class on days whose replies are seen."""
    seen = life.days_showing_replies()
    return [
        act
        for act in life.acts
        if act.kind == "reply"
        and life.shows_replies(act.post.account_key)
        and act.day in seen
        and life.phase[act.day] == "off_season"
        and life.class_of(act.post.partner_key) == class_
    ]


def partners(life: Life) -> list[Metric]:
    """Different citizens among thirty replies drawn by chance, and as if all were met alike."""
    drawn = life.world.choice("breadth_replies", 30)
    per_citizen = Counter(act.post.partner_key for act in replies_to(life, "citizen"))
    total = sum(per_citizen.values())
    rows = []
    for name in (f"partners_per_{drawn}", "effective_partners"):
        row = _row(life, name, len(per_citizen), total)
        if row.reason is None and name != "effective_partners":
            row.value = float(rarefied(per_citizen, drawn))
            row.low, row.high = interval(life, drawn)
            row.is_comparable = row.low is not None
        elif row.reason is None:
            row.value = float(Fraction(total**2, sum(n**2 for n in per_citizen.values())))
        if row.reason is None and not row.is_comparable:
            row.word = "descriptive"
        row.numerator = told(life, len(per_citizen))
        rows.append(row)
    return rows


def rarefied(per_citizen: Counter[int | None], drawn: int) -> Fraction:
    """Hurlbert's number: of each citizen the chance to be among the replies drawn."""
    total = per_citizen.total()
    return sum(
        (1 - Fraction(comb(total - n, drawn), comb(total, drawn)) for n in per_citizen.values()),
        Fraction(0),
    )


def interval(life: Life, drawn: int) -> tuple[float | None, float | None]:
    """Jackknife: what the number would be without each 4-week block, on the scale of ln."""
    blocks: dict[int, Counter[int | None]] = {}
    for act in replies_to(life, "citizen"):
        block = blocks.setdefault(life.world.block_of(act.day), Counter())
        block[act.post.partner_key] += 1
    everything = sum(blocks.values(), Counter())
    rests = [everything - block for block in blocks.values()]
    g = len(blocks)
    if g < FEWEST_BLOCKS or any(rest.total() < drawn for rest in rests):
        return None, None
    whole = rarefied(everything, drawn)
    values = [rarefied(rest, drawn) for rest in rests]
    if len(set(values)) == 1:
        return None, None
    logs = [math.log(value) for value in values]
    mean = math.fsum(logs) / g
    error = math.sqrt((g - 1) / g * math.fsum((one - mean) ** 2 for one in logs))
    centre = g * math.log(whole) - (g - 1) * mean
    half = float(t.ppf(0.95, g - 1)) * error
    low, high = math.exp(centre - half), math.exp(centre + half)
    return min(float(whole), low), max(float(whole), min(high, float(drawn)))


def shares(life: Life) -> list[Metric]:
    """To whom the replies go, among those whose kind is known."""
    found = {class_: replies_to(life, class_) for class_ in CLASSES}
    threads = Counter(root_of(act) for acts in found.values() for act in acts)
    total = sum(threads.values())
    rows = []
    for class_, acts in found.items():
        row = _row(life, f"reply_share_{class_}", len(acts), total)
        if row.reason is None:
            share = Fraction(len(acts), total)
            n_eff = Fraction(total**2, sum(m**2 for m in threads.values()))
            row.value, row.effective_n = float(share), float(n_eff)
            row.low, row.high = jeffreys(float(share * n_eff), float(n_eff))
            row.is_comparable = True
        rows.append(row)
    return rows


def _row(life: Life, name: str, hits: int, n: int) -> Metric:
    row = life.metric(name, "off_season", life.days_showing_replies())
    row.numerator, row.denominator, row.reason = hits, n, blind(life)
    if row.reason is None and n < life.world.choice("breadth_replies", 30):
        row.reason = "too_few"
    return row
