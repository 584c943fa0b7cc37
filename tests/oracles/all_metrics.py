"""Every oracle over one world, in the shapes of the published copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracles import (
    agenda,
    answering,
    attitude,
    breadth,
    burst,
    conversation,
    lives,
    presence,
    relations,
    restricted,
    steadiness,
    tone,
)
from tests.oracles.score import pillars, score

if TYPE_CHECKING:
    from tests.oracles.rows import Metric, PillarRow, ScoreRow, World


def metrics(world: World) -> list[Metric]:
    people = lives.read(world)
    rows = burst.bursts(people) + burst.weekly_rates(people) + steadiness.cliffs(people)
    for life in people:
        rows += [presence.presence(life), presence.talk_presence(life)]
        rows += [presence.active_months(life), steadiness.burstiness(life)]
        rows += conversation.conversation(life)
        rows += answering.answering(life) + answering.response(life)
        rows += restricted.restricted(life)
        rows += relations.relations(life) + breadth.breadth(life)
        rows += attitude.attitude(life) + tone.tone(life) + [agenda.pick_up(life)]
    return rows


def scores(world: World) -> tuple[list[PillarRow], list[ScoreRow]]:
    rows = metrics(world)
    of_person = {p.person_id: pillars(p.person_id, rows) for p in world.people}
    return (
        [row for found in of_person.values() for row in found],
        [score(person_id, found) for person_id, found in of_person.items()],
    )
