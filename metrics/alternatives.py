"""What the score would have been under every other rule that can be defended (METHOD §11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import ModuleType

import duckdb
import numpy as np

from metrics import answering, conversation, models, presence, stats_score, steadiness
from metrics.estimates import Params, People, read_people
from metrics.models import Model
from metrics.pillars import PILLARS, Alternative, Found, earned_points, pillars_of, weights
from metrics.stats import Floats

Choices = Mapping[str, int | str | bool]
Rebuild = Callable[
    [duckdb.DuckDBPyConnection, Iterable[Model], frozenset[str], Choices], None
]  # models that change, those of them that are needed, and under which choices

# What the pillars read besides person_total; no rule below reaches `return`.
READS: Mapping[ModuleType, frozenset[str]] = {
    presence: frozenset({"presence_week"}),
    steadiness: frozenset({"burst_count"}),
    conversation: frozenset({"conversation_count"}),
    answering: frozenset({"asker_count", "question_count"}),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """Another way to choose: parameters with other values."""

    choice: str
    value: str
    params: Choices


RULES = (
    Rule("season", "legal", {"season_rule": "legal", "season_days": 90}),
    *(
        Rule("season", str(days), {"season_rule": "days", "season_days": days})
        for days in (60, 90, 120, 180)
    ),
    *(Rule("answer_window_days", str(days), {"answer_window_days": days}) for days in (7, 14, 28)),
    Rule("redirects", "in", {"redirect_is_answer": True}),
    Rule("unknown_partners", "out", {"unknown_partner_counts": False}),
    Rule("other_seasons", "out", {"other_season_counts": False}),
)


def rebuild(
    con: duckdb.DuckDBPyConnection, affected: Iterable[Model], _needed: frozenset[str], _: Choices
) -> None:
    """The affected models as tables of the schema that is read first."""
    for model in affected:
        con.execute(f'create table "{model.name}" as {model.sql}')


def of_score(people: People, params: Params, found: Found) -> list[Alternative]:
    """The arithmetic mean, and each pillar's weight halved and doubled."""
    points = earned_points(params, pillars_of(found))
    floor, present = params.real("score_floor"), ~np.isnan(points)
    everybody = np.ones(people.size, bool)
    mean = stats_score.arithmetic(points, weights(params))
    others = [Alternative("mean", "arithmetic", mean, everybody)]
    for place, pillar in enumerate(PILLARS):
        for value, factor in (("half", 0.5), ("double", 2.0)):
            weighs = weights(params)
            weighs[place] *= factor
            score = stats_score.geometric(points, floor, weighs)
            others.append(Alternative(f"weight_{pillar}", value, score, present[:, place]))
    return others


def of_rules(
    con: duckdb.DuckDBPyConnection,
    params: Params,
    found: Found,
    rules: tuple[Rule, ...],
    build: Rebuild,
) -> Iterator[Alternative]:
    """The same models under other parameters; the tables of the headline stay as they are."""
    headline = earned_points(params, pillars_of(found))
    for rule in rules:
        if all(params.values[name] == value for name, value in rule.params.items()):
            continue
        changed = replace(params, values={**params.values, **rule.params})
        points = _points_under(con, changed, found, rule, build)
        is_same_set = (np.isnan(points) == np.isnan(headline)).all(axis=-1)
        score = stats_score.geometric(points, params.real("score_floor"), weights(params))
        score = np.where(is_same_set, score, np.nan)
        yield Alternative(rule.choice, rule.value, score, np.ones(score.shape, bool))


def _points_under(
    con: duckdb.DuckDBPyConnection, params: Params, found: Found, rule: Rule, build: Rebuild
) -> Floats:
    every = frozenset().union(*READS.values()) | {"person_total"}
    affected = models.affected_by(rule.params, every)
    names = {model.name for model in affected}
    with _beside(con, rule.params):
        build(con, affected, every, rule.params)
        people = read_people(con)
        other = dict(found)
        for part, reads in READS.items():
            if names & (reads | {"person_total"}):
                other |= {(e.metric, e.phase): e for e in part.for_score(con, people, params)}
    return earned_points(params, pillars_of(other))


@contextmanager
def _beside(con: duckdb.DuckDBPyConnection, params: Choices) -> Iterator[None]:
    """A schema that is read before the main one and dropped afterwards."""
    con.execute("create schema beside")
    try:
        con.execute("create table beside.params as from main.params")
        for name, value in params.items():
            con.execute(f'update beside.params set "{name}" = ?', [value])  # noqa: S608 (a known column)
        con.execute("set search_path = 'beside,main'")
        yield
    finally:
        con.execute("reset search_path")
        con.execute("drop schema beside cascade")
