"""Trials beside the published copy, and who moves between two copies."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from bench import synthetic
from commands import scoring
from metrics import choices, read, score
from metrics.difference import difference
from metrics.errors import ChoiceError, CopyUnreadable

NOW = datetime(2025, 1, 2, tzinfo=UTC)
Copies = tuple[Path, Path, Path]


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    folder = tmp_path_factory.mktemp("data")
    roster = synthetic.fill(folder / score.STORE, synthetic.Size(people=9, posts=400))
    published = score.run(folder, roster, now=NOW)
    chosen = {"answer_window_days": 3}
    return folder, published, score.run(folder, roster, choices=chosen, now=NOW, is_trial=True)


def scores(path: Path) -> dict[str, tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        rows = con.execute("select person_id, score, band from score").fetchall()
    return {row[0]: row[1:] for row in rows}


def test_a_trial_is_kept_aside(copies: Copies) -> None:
    folder, published, trial = copies
    assert read.latest(folder) == published
    assert read.latest(folder, score.TRIALS) == trial
    assert trial.parent != published.parent


def test_those_who_move_are_those_whose_numbers_differ_and_the_reason_is_the_choice(
    copies: Copies,
) -> None:
    _, published, trial = copies
    found = difference(published, trial)
    assert dict(found.causes) == {"answer_window_days": ("14", "3")}
    before, after = scores(published), scores(trial)
    assert {m.person_id for m in found.moves} >= {
        who for who in before if abs((before[who][0] or 0) - (after[who][0] or 0)) > 0.05
    }
    assert found.moves
    assert len(found.moves) + found.unmoved == len(before)
    for move in found.moves:
        assert (move.score_before, move.band_before) == before[move.person_id]
        assert (move.score_after, move.band_after) == after[move.person_id]
        assert [one.pillar for one in move.pillars] == ["answering"]
        ((what, (asked_before, asked_after)),) = move.pillars[0].rests.items()
        assert what == "questions answered/asked"
        assert asked_before != asked_after
    assert [m.moved for m in found.moves] == sorted((m.moved for m in found.moves), reverse=True)


def test_a_copy_does_not_differ_from_itself(copies: Copies) -> None:
    found = difference(copies[1], copies[1])
    assert (dict(found.causes), found.moves, found.added, found.removed) == ({}, (), (), ())


def test_who_came_and_went_is_told(copies: Copies, tmp_path: Path) -> None:
    fewer = tmp_path / "fewer.duckdb"
    fewer.write_bytes(copies[1].read_bytes())
    with duckdb.connect(str(fewer)) as con:
        gone = con.execute(
            "delete from person where person_id = "
            "(select min(person_id) from person) returning person_id"
        ).fetchall()
    found = difference(copies[1], fewer)
    assert found.removed == (gone[0][0],)
    assert difference(fewer, copies[1]).added == found.removed


def test_fewer_citizens_than_are_counted_are_a_reason_and_not_a_count(
    copies: Copies, tmp_path: Path
) -> None:
    few = tmp_path / "few.duckdb"
    few.write_bytes(copies[1].read_bytes())
    with duckdb.connect(str(few)) as con:
        con.execute(
            "update metric set value = null, numerator = null, denominator = null, "
            "reason = 'too_few' where metric = 'return'"
        )
        con.execute("update pillar set points = null where pillar = 'return'")
    found = difference(copies[1], few)
    told = [one.rests["citizens met again/met"][1] for m in found.moves for one in m.pillars]
    assert set(told) == {"too few"}


def test_numbers_that_no_score_rests_on_are_told_with_how_many_people_they_concern(
    copies: Copies, tmp_path: Path
) -> None:
    other = tmp_path / "other.duckdb"
    other.write_bytes(copies[1].read_bytes())
    with duckdb.connect(str(other)) as con:
        con.execute(
            "update metric set value = coalesce(value, 0) + 1 where metric = 'carry_over' "
            "and person_id in (select person_id from person order by 1 limit 2)"
        )
    found = difference(copies[1], other)
    assert (found.moves, dict(found.others)) == ((), {"carry_over": 2})


def test_what_is_no_copy_is_told_and_not_compared(copies: Copies, tmp_path: Path) -> None:
    for name, content in (("text", b"name,score"), ("empty", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CopyUnreadable):
            difference(copies[1], tmp_path / name)


def test_a_trial_is_about_the_days_of_the_copy_that_is_shown(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, published, _ = copies
    taken = []

    def run(_: Path, window: Any, **__: Any) -> Path:
        taken.append(window)
        return published

    monkeypatch.setattr(scoring, "run", run)
    for more in (["--set", "answer_window_days=7"], []):
        CliRunner().invoke(scoring.app, ["score", "--data", str(folder), *more])
    shown = read.run(published)
    assert taken == [(shown.from_on, shown.to_on), None]


def test_what_the_command_says_fits_80_columns(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = CliRunner().invoke(scoring.app, ["diff", "--data", str(copies[0])]).output
    assert max(map(len, said.splitlines())) <= 80
    assert "(days within which an answer counts)" in said
    assert "points: questions answered/asked" in said


def test_the_command_says_who_moves_and_why(copies: Copies) -> None:
    answer = CliRunner().invoke(scoring.app, ["diff", "--data", str(copies[0])])
    assert answer.exit_code == 0
    assert "answer window days: 14 → 3" in answer.output
    assert "answering" in answer.output
    assert "people move" in answer.output


def test_without_a_trial_the_command_says_how_to_make_one(tmp_path: Path) -> None:
    answer = CliRunner().invoke(scoring.app, ["diff", "--data", str(tmp_path)])
    assert answer.exit_code == 2
    assert "nothing is published yet" in answer.output


def test_choices_are_read_by_their_kind() -> None:
    given = [
        "answer_window_days=7",
        "season_rule=days",
        "sleep_error=0.05",
        "redirect_is_answer=true",
    ]
    assert choices.parse(given) == {
        "answer_window_days": 7,
        "season_rule": "days",
        "sleep_error": 0.05,
        "redirect_is_answer": True,
    }


def test_every_wrong_choice_is_named_at_once() -> None:
    given = [
        "answer_window=7",
        "seed=x",
        "season_rule=legaal",
        "reply_cap",
        "reply_cap=-1",
        "draw_count=1",
        "draw_count=2",
        "burst_zero=inf",
        "start_day=3",
        "redirect_is_answer=2",
        "breadth_replies=20",
    ]
    with pytest.raises(ChoiceError) as caught:
        choices.parse(given)
    assert len(caught.value.problems) == len(given) - 1
    assert "did you mean answer_window_days?" in caught.value.problems[0]


def test_every_choice_of_the_headline_lies_within_its_limits() -> None:
    for name, value in choices.headline().items():
        assert choices.parse([f"{name}={str(value).lower()}"]) == {name: value}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("burst_zero=1", "from 1.01"),  # nobody's points can be told between 1 and 1
        ("draw_count=0", "from 1 to"),
        ("score_floor=0", "from 0.01"),
        ("week_days=8", "from 1 to 7"),
        ("season_days=3000000000", "to 1,000,000"),
        ("citizen_count=9", "from 10"),  # fewer citizens are never counted out
        ("asker_count=1", "from 10"),
        ("relation_count=3", "from 10"),
        ("return_first_days=300", "more than return_last_days=210"),
        ("abandoned_days=50", "asleep_days=90: more than abandoned_days=50"),
        ("season_rule=60", "season_rule=days and season_days=60"),
    ],
)
def test_a_choice_that_no_number_can_follow_from_is_refused(given: str, why: str) -> None:
    with pytest.raises(ChoiceError, match=why):
        choices.parse([given])


def test_choices_that_fit_together_are_taken_together() -> None:
    given = ["return_first_days=300", "return_last_days=400"]
    assert choices.parse(given) == {"return_first_days": 300, "return_last_days": 400}


def test_without_a_choice_nothing_is_set() -> None:
    assert choices.parse([]) == {}


def test_a_pillar_that_weighs_more_pulls_the_score_its_way(
    copies: Copies, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("weighed")
    roster = synthetic.fill(folder / score.STORE, synthetic.Size(people=9, posts=400))
    other = score.run(folder, roster, choices={"weight_presence": 3.0}, now=NOW, is_trial=True)
    with duckdb.connect(str(other), read_only=True) as con:
        rows = con.execute("select person_id, pillar, points from pillar order by all").fetchall()
        drawn = con.execute("select person_id, score, low, high from score").fetchall()
    assert dict(difference(copies[1], other).causes) == {"weight_presence": ("1.0", "3.0")}
    for who, found, low, high in drawn:
        points = {name: one for person, name, one in rows if person == who and one is not None}
        weights = {name: 3 if name == "presence" else 1 for name in points}
        logs = sum(weights[name] * math.log(one + 10) for name, one in points.items())
        wanted = math.exp(logs / sum(weights.values())) - 10
        assert found == pytest.approx(wanted)
        assert low <= found <= high
