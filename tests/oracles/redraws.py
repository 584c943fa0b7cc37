"""METHOD §11: how far the score moves when 4-week blocks and citizens are drawn anew, in loops."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from tests.oracles import answering, burst, conversation, lives, relations
from tests.oracles.score import GOALS

if TYPE_CHECKING:
    from tests.oracles.lives import Life
    from tests.oracles.rows import World

WEEK_DAYS = 5
PHASES = ("off_season", "season")
Weights = dict[int, int]


@dataclass
class Facts:
    """What one person's pillars are made of, by 4-week block."""

    blocks: dict[str, list[int]]
    weeks: dict[int, list[bool]]
    acts: list[dict[str, dict[int, tuple[int, int]]]]
    talk: dict[int, tuple[int, int]]
    questions: list[tuple[int, int, bool]]
    citizens: list[bool]


def facts(life: Life) -> Facts:
    return Facts(
        blocks={
            phase: sorted({life.world.block_of(d) for d in life.known if life.phase[d] == phase})
            for phase in PHASES
        },
        weeks=_weeks(life),
        acts=[_by_block(s) for s in (burst.acts_stream(life), burst.replies_stream(life))],
        talk=_talk(life),
        questions=[
            (
                life.world.block_of(item.day or 0),
                item.asker_key or 0,
                answering.is_in_time(life, item),
            )
            for item in answering.questions(life, "off_season")
            if answering.is_watched(life, item)
        ],
        citizens=_citizens(life),
    )


def _weeks(life: Life) -> dict[int, list[bool]]:
    """Per block whether each known off-season week saw an own act."""
    active = {act.day for act in life.acts if act.is_own_act()}
    days: dict[int, list[int]] = {}
    for day in sorted(life.known):
        if life.phase[day] == "off_season":
            days.setdefault(life.world.week_of(day), []).append(day)
    found: dict[int, list[bool]] = {}
    for week, known in days.items():
        if len(known) >= WEEK_DAYS:
            found.setdefault(week // 4, []).append(any(day in active for day in known))
    return found


def _by_block(stream: burst.Stream) -> dict[str, dict[int, tuple[int, int]]]:
    """Per phase and block: acts and days."""
    found: dict[str, dict[int, tuple[int, int]]] = {phase: {} for phase in PHASES}
    for day in stream.days:
        phase, block = stream.life.phase[day], stream.life.world.block_of(day)
        if phase in found:
            acts, days = found[phase].get(block, (0, 0))
            found[phase][block] = acts + stream.per_day[day], days + 1
    return found


def _talk(life: Life) -> dict[int, tuple[int, int]]:
    """Per block: replies to citizens and own acts, no more than three replies a thread a day."""
    replies: Counter[tuple[int, int]] = Counter()
    citizens: Counter[tuple[int, int]] = Counter()
    talked: Counter[int] = Counter()
    acted: Counter[int] = Counter()
    for act in life.acts:
        if act.day not in life.known or life.phase[act.day] != "off_season":
            continue
        place = conversation.root_of(act), act.day
        if act.kind == "reply":
            replies[place] += 1
            citizens[place] += life.class_of(act.post.partner_key) == "citizen"
        elif act.kind in {"post", "quote"}:
            acted[life.world.block_of(act.day)] += 1
    for place, n in replies.items():
        block = life.world.block_of(place[1])
        acted[block] += min(3, n)
        talked[block] += min(3, citizens[place])
    return {block: (talked[block], n) for block, n in acted.items()}


def _citizens(life: Life) -> list[bool]:
    """Of each citizen whose first meeting can be followed, whether they met again."""
    seen, burn = life.days_showing_replies(), relations.burn_day(life)
    found = []
    for days in relations.meetings(life).values():
        first = days[0]
        if first > burn and all(day in seen for day in range(first, first + 211)):
            found.append(any(first + 30 <= day <= first + 210 for day in days))
    return found


def scores(world: World, draws: int, seed: int) -> dict[str, list[float]]:
    """So many scores of each person, every time from other blocks, askers and citizens."""
    chance = random.Random(seed)
    found = {}
    for life in lives.read(world):
        mine = facts(life)
        found[life.person.person_id] = [_score(mine, chance) for _ in range(draws)]
    return found


def _drawn(chance: random.Random, things: list[int]) -> Weights:
    return Counter(chance.choices(things, k=len(things)))


def _score(mine: Facts, chance: random.Random) -> float:
    weights = {phase: _drawn(chance, mine.blocks[phase]) for phase in PHASES}
    off = weights["off_season"]
    points = [
        100 * _presence(mine, off) / GOALS["presence"],
        100 * (1 - _steadiness(mine, weights) / math.log(8)),
        100 * _conversation(mine, off) / GOALS["conversation"],
        100 * _answering(mine, off, chance) / GOALS["answering"],
        100 * _return(mine, chance) / GOALS["return"],
    ]
    logs = [math.log(min(100.0, max(0.0, p)) + 10) for p in points]
    return math.exp(sum(logs) / len(logs)) - 10


def _presence(mine: Facts, off: Weights) -> float:
    active = sum(off[block] * sum(weeks) for block, weeks in mine.weeks.items())
    return active / sum(off[block] * len(weeks) for block, weeks in mine.weeks.items())


def _steadiness(mine: Facts, weights: dict[str, Weights]) -> float:
    excess = []
    for stream in mine.acts:
        rates = {}
        for phase in PHASES:
            n = sum(weights[phase][block] * acts for block, (acts, _) in stream[phase].items())
            days = sum(weights[phase][block] * e for block, (_, e) in stream[phase].items())
            rates[phase] = math.log((n + 0.5) / days)
        excess.append(max(0.0, rates["season"] - rates["off_season"]))
    return sum(excess) / len(excess)


def _conversation(mine: Facts, off: Weights) -> float:
    talked = sum(off[block] * n for block, (n, _) in mine.talk.items())
    return talked / sum(off[block] * n for block, (_, n) in mine.talk.items())


def _answering(mine: Facts, off: Weights, chance: random.Random) -> float:
    """Askers drawn anew; of each the share of the questions that lie in the blocks drawn."""
    asked: dict[int, list[tuple[int, bool]]] = {}
    for block, asker, is_hit in mine.questions:
        asked.setdefault(asker, []).append((off[block], is_hit))
    rates = []
    for asker, often in _drawn(chance, sorted(asked)).items():
        total = sum(weight for weight, _ in asked[asker])
        if total:
            hits = sum(weight for weight, is_hit in asked[asker] if is_hit)
            rates += [hits / total] * often
    return sum(rates) / len(rates)


def _return(mine: Facts, chance: random.Random) -> float:
    return fmean(chance.choices(mine.citizens, k=len(mine.citizens)))
