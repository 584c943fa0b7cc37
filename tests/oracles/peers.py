"""METHOD §11, peers and the funnel: what is usual among those who may be compared."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.oracles.mart_rows import FunnelLimit, PeerRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.oracles.rows import World

PEERS, LEAST_ASKERS = 6, 10
Row = dict[str, Any]
Groups = dict[tuple[str, str], list[Row]]


def groups(world: World, rows: Iterable[Row]) -> Groups:
    """Rows with a value by office and level; who has no office has no peers."""
    found: Groups = {}
    people = {person.person_id: person for person in world.people}
    for row in rows:
        person = people[row["person_id"]]
        if person.office is None or person.level is None or row["value"] is None:
            continue
        found.setdefault((person.office, person.level), []).append(row)
    return found


def compared(world: World, group: list[Row]) -> list[Row]:
    """Those who may be compared, where they are enough."""
    mine = [row for row in group if row["is_comparable"]]
    return mine if len(mine) >= world.choice("burst_peers", PEERS) else []


def peers(world: World, metrics: Iterable[Row]) -> list[PeerRow]:
    """The middle and the quarters of every metric that enough people may be compared on."""
    rows = list(metrics)
    found = []
    for name, phase in sorted({(row["metric"], row["phase"]) for row in rows}):
        mine = [row for row in rows if (row["metric"], row["phase"]) == (name, phase)]
        for (office, level), group in groups(world, mine).items():
            values = sorted(row["value"] for row in compared(world, group))
            if values:
                low, middle, high = (quantile(values, Fraction(q, 4)) for q in (1, 2, 3))
                found.append(
                    PeerRow(office, level, name, phase, len(values), middle, low, high),
                )
    return found


def quantile(ordered: list[float], share: Fraction) -> float:
    """The value so far along the ordered ones, between two of them in proportion."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + float(place - below) * (ordered[above] - ordered[below])


def funnel(world: World, metrics: Iterable[Row]) -> list[FunnelLimit]:
    """Where chance alone would keep answer rates whose truth is that of all askers together."""
    rates = [r for r in metrics if (r["metric"], r["phase"]) == ("answer_rate", "off_season")]
    found = []
    for (office, level), group in groups(world, rates).items():
        mine = compared(world, group)
        if not mine:
            continue
        askers = [round(row["effective_n"]) for row in mine]
        answered = sum(row["value"] * n for row, n in zip(mine, askers, strict=True))
        centre = answered / sum(askers)
        most = max(round(row["effective_n"]) for row in group)
        for n in range(world.choice("asker_count", LEAST_ASKERS), most + 1):
            low_95, low_998 = (min(centre, limit(centre, n, p)) for p in (0.025, 0.001))
            high_95, high_998 = (max(centre, limit(centre, n, p)) for p in (0.975, 0.999))
            limits = (centre, low_95, high_95, low_998, high_998)
            found.append(FunnelLimit(office, level, "answer_rate", len(mine), n, *limits))
    return found


def limit(centre: float, n: int, p: float) -> float:
    """Spiegelhalter (2005), appendix A.1.1: the binomial's quantile, between whole counts."""
    if centre in {0.0, 1.0}:
        return centre
    below, count = 0.0, 0
    here = chance(centre, n, 0)
    while below + here < p:
        below, count = below + here, count + 1
        here = chance(centre, n, count)
    too_far = (below + here - p) / here
    return min(1.0, max(0.0, (count - too_far) / n))


def chance(centre: float, n: int, count: int) -> float:
    return math.comb(n, count) * centre**count * (1 - centre) ** (n - count)
