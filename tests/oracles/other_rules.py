"""METHOD §11: the score under every other rule that can be defended, each counted anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.oracles import answering, burst, conversation, lives, presence, relations
from tests.oracles.score import BANDS, other_rules, pillars, score

if TYPE_CHECKING:
    from tests.oracles.rows import PillarRow, ScoreRow, World

SEASONS = ("legal", "60", "90", "120", "180")
WINDOWS = (7, 14, 28)


@dataclass
class AlternativeRow:
    person_id: str
    choice: str
    value: str
    score: float | None
    band: str | None
    is_headline: bool
    reason: str | None


@dataclass
class Robust:
    """What `score` says of the other rules; None where several are as good an answer."""

    person_id: str
    alternative_low: float | None
    alternative_high: float | None
    alternative_keep: float | None
    reason: str | None


def worlds_by_rule(world: World) -> dict[tuple[str, str], World]:
    """The same facts under each rule that is not the world's own."""
    found = {
        ("season", rule): replace(world, season_rule=rule)
        for rule in SEASONS
        if rule != world.season_rule
    }
    for days in WINDOWS:
        if days != world.choice("answer_window_days", 14):
            found["answer_window_days", str(days)] = _with(world, "answer_window_days", days)
    if not world.choice("redirect_is_answer", False):
        found["redirects", "in"] = _with(world, "redirect_is_answer", True)
    if world.choice("unknown_partner_counts", True):
        found["unknown_partners", "out"] = _with(world, "unknown_partner_counts", False)
    if world.choice("other_season_counts", True):
        found["other_seasons", "out"] = _with(world, "other_season_counts", False)
    return found


def _with(world: World, name: str, value: object) -> World:
    return replace(world, choices={**world.choices, name: value})


def scored(world: World) -> dict[str, tuple[list[PillarRow], ScoreRow]]:
    """Pillars and score of everybody, from the metrics that the pillars need."""
    people = lives.read(world)
    rows = burst.bursts(people)
    for life in people:
        rows += [presence.presence(life), relations.return_(life)]
        rows += conversation.conversation(life) + answering.answering(life)
    found = {}
    for life in people:
        mine = pillars(life.person.person_id, rows)
        found[life.person.person_id] = mine, score(life.person.person_id, mine)
    return found


def why_none(rows: list[PillarRow]) -> str | None:
    """Why there is no score: presence is unknown, so is all talk, or the rest is too little."""
    by_name = {row.pillar: row for row in rows}
    if by_name["presence"].points is None:
        return by_name["presence"].reason
    if by_name["conversation"].points is None and by_name["answering"].points is None:
        return by_name["conversation"].reason
    return "too_few"


def band_of(points: float) -> str:
    return next(band for floor, band in BANDS if points >= floor)


def alternatives(world: World) -> list[AlternativeRow]:
    usual = scored(world)
    by_rule = {rule: scored(other) for rule, other in worlds_by_rule(world).items()}
    rows = []
    for person_id, (mine, headline) in usual.items():
        if headline.score is None:
            continue
        rows.append(_row(person_id, "headline", "", headline.score, is_headline=True))
        for (choice, value), people in by_rule.items():
            other = people[person_id][1]
            is_same = other.pillars == headline.pillars
            rows.append(_row(person_id, choice, value, other.score if is_same else None))
        for name, points in other_rules(mine).items():
            choice, value = name.split(" ")
            rows.append(_row(person_id, choice, value, points))
    return rows


def _row(
    person_id: str, choice: str, value: str, points: float | None, *, is_headline: bool = False
) -> AlternativeRow:
    if points is None:
        return AlternativeRow(person_id, choice, value, None, None, False, "other_pillars")
    return AlternativeRow(person_id, choice, value, points, band_of(points), is_headline, None)


def robust(person_id: str, rows: list[AlternativeRow], band: str) -> Robust:
    """The range over all rules, and how many of the others lie in the band that is printed."""
    mine = [row for row in rows if row.person_id == person_id]
    others = [row for row in mine if not row.is_headline]
    points = [row.score for row in mine if row.score is not None]
    kept = sum(row.band is not None and row.band in band.split("/") for row in others)
    return Robust(
        person_id=person_id,
        alternative_low=min(points),
        alternative_high=max(points),
        alternative_keep=None if band == "none" else kept / len(others),
        reason=None,
    )


def moved_most(person_id: str, rows: list[AlternativeRow]) -> set[str]:
    """The rules under which the score moves most; chance rounding makes several."""
    (usual,) = [row.score for row in rows if row.person_id == person_id and row.is_headline]
    moves = {
        f"{row.choice} {row.value}": abs(row.score - (usual or 0.0))
        for row in rows
        if row.person_id == person_id and not row.is_headline and row.score is not None
    }
    most = max(moves.values())
    return {name for name, move in moves.items() if move > most - 1e-9}
