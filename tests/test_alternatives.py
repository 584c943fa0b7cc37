"""Other rules: each is the score that a whole run with that choice would give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from bench import synthetic
from metrics import alternatives, choices, models, pillars, score, stats_score
from metrics.load import load

PEOPLE = synthetic.Size(people=12, posts=400)
Rows = list[dict[str, Any]]
# In June 2021 the country votes for a parliament in which nobody here sits.
ELSEWHERE = """
    insert into elections by name
    select 'be-federal' as election_id, 'BE' as jurisdiction, 'federal' as level,
        date '2021-06-13' - date '1970-01-01' as day, day as last_round_day, true as is_verified
"""
OTHER_SEASONS = alternatives.Rule("other_seasons", "out", {"other_season_counts": False})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    path = tmp_path_factory.mktemp("store") / score.STORE
    return path, synthetic.fill(path, PEOPLE)


def computed(
    store: tuple[Path, dict[str, Any]],
    rules: tuple[alternatives.Rule, ...],
    *,
    others: str = ELSEWHERE,
    **chosen: Any,
) -> tuple[Rows, Rows, list[tuple[str, ...]]]:
    with duckdb.connect() as con:
        load(con, store[0], store[1], choices=chosen)
        con.execute("update posts set partner_key = null where kind = 'reply' and post_key % 5 = 0")
        con.execute(others)
        score.compute(con, rules=rules)
        tables = [
            con.sql(f"from {name}").to_arrow_table().to_pylist()
            for name in ("score", "alternative")
        ]
        schemas = con.execute("select distinct table_schema from information_schema.tables")
        return tables[0], tables[1], schemas.fetchall()


@pytest.fixture(scope="module")
def headline(store: tuple[Path, dict[str, Any]]) -> tuple[Rows, Rows, list[tuple[str, ...]]]:
    return computed(store, alternatives.RULES)


@pytest.mark.parametrize("rule", alternatives.RULES, ids=lambda rule: f"{rule.choice} {rule.value}")
def test_a_rule_gives_what_a_whole_run_with_it_gives(
    store: tuple[Path, dict[str, Any]],
    headline: tuple[Rows, Rows, list[tuple[str, ...]]],
    rule: alternatives.Rule,
) -> None:
    whole, _, _ = computed(store, (), **rule.params)
    pillars_of = {row["person_id"]: row["pillars"] for row in headline[0]}
    beside = {
        row["person_id"]: row["score"]
        for row in headline[1]
        if (row["choice"], row["value"]) == (rule.choice, rule.value)
    }
    if (rule.choice, rule.value) in {("season", "legal"), ("answer_window_days", "14")}:
        assert not beside, "the headline is no alternative to itself"
        return
    assert len(beside) > PEOPLE.people // 2
    for row in whole:
        if row["person_id"] not in beside:
            continue
        if row["pillars"] == pillars_of[row["person_id"]]:
            assert beside[row["person_id"]] == pytest.approx(row["score"], abs=1e-12)
        else:
            assert beside[row["person_id"]] is None


def test_some_rule_of_each_choice_moves_somebody(
    headline: tuple[Rows, Rows, list[tuple[str, ...]]],
) -> None:
    usual = {row["person_id"]: row["score"] for row in headline[0]}
    moved = {
        row["choice"]
        for row in headline[1]
        if row["score"] is not None and abs(row["score"] - usual[row["person_id"]]) > 0.01
    }
    assert {"season", "answer_window_days", "redirects", "unknown_partners", "mean"} <= moved
    assert "other_seasons" in moved


def test_without_other_seasons_in_the_window_to_leave_them_out_changes_no_score(
    store: tuple[Path, dict[str, Any]],
) -> None:
    assert OTHER_SEASONS in alternatives.RULES
    long_ago = ELSEWHERE.replace("2021-06-13", "2011-06-13")
    usual, beside, _ = computed(store, (OTHER_SEASONS,), others=long_ago)
    scores = {row["person_id"]: row["score"] for row in usual if row["score"] is not None}
    out = {row["person_id"]: row["score"] for row in beside if row["choice"] == "other_seasons"}
    assert out == scores
    assert len(out) > PEOPLE.people // 2


def test_other_seasons_are_left_out_by_the_choice_that_a_trial_sets() -> None:
    assert choices.parse(["other_season_counts=false"]) == OTHER_SEASONS.params


def test_nothing_is_left_of_the_other_rules(
    headline: tuple[Rows, Rows, list[tuple[str, ...]]],
) -> None:
    assert headline[2] == [("main",)]


def test_only_models_that_a_choice_reaches_and_a_pillar_needs_are_made_again() -> None:
    every = frozenset().union(*alternatives.READS.values())
    redirects = {model.name for model in models.affected_by({"redirect_is_answer"}, every)}
    assert redirects == {"response", "question_answer", "asker_count"}
    assert not models.affected_by({"presence_full"}, every)


def others(*scores: float) -> list[pillars.Alternative]:
    return [
        pillars.Alternative("season", str(i), np.array([value]), np.array([True]))
        for i, value in enumerate(scores)
    ]


def test_a_band_needs_four_rules_in_five() -> None:
    draws = np.array([[0.0, 1.0, 0.0, 0.0, 0.0]])
    steady = pillars.robustness(np.array([65.0]), others(65, 70, 61, 79, 81))
    shaky = pillars.robustness(np.array([65.0]), others(65, 70, 61, 81, 85))
    wild = pillars.robustness(np.array([65.0]), others(65, 50, 30, 81, 85))
    words = [stats_score.band_words(draws, one.shares, 0.8)[0] for one in (steady, shaky, wild)]
    assert words == ["B", "A/B", "none"]


def test_a_rule_without_a_comparable_score_keeps_no_band() -> None:
    found = pillars.robustness(np.array([65.0]), others(65, float("nan"), float("nan"), 66))
    assert found.shares[0].tolist() == [0.0, 0.5, 0.0, 0.0, 0.0]
    assert (found.low[0], found.high[0]) == (65.0, 66.0)


def test_what_does_not_apply_is_no_rule() -> None:
    absent = pillars.Alternative("weight_return", "half", np.array([10.0]), np.array([False]))
    found = pillars.robustness(np.array([65.0]), [*others(66), absent])
    assert found.shares[0].tolist() == [0.0, 1.0, 0.0, 0.0, 0.0]
    assert found.most[0] == "season 0"
