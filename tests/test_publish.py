"""Publishing: checks that bite, copies that are whole, readers that notice nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from bench import synthetic
from metrics import publish, score
from metrics.errors import CheckFailed, PublishError
from metrics.load import Window
from tests.council import Council

CONTRACT = Path(__file__).parent / "published_copy.sql"
CHECKS = {path.stem for path in publish.HERE.glob("checks/*.sql")}
NOW = datetime(2025, 1, 2, tzinfo=UTC)

# What must be refused, as one change to tables that are right.
SABOTAGE = {
    "a_value_or_a_reason": ["update metric set reason = 'too_few' where value is not null"],
    "interval_holds_value": [
        "update metric set low = value + 0.001 where metric = 'presence'",
        "update metric set high = null where metric = 'presence'",
        "update metric set low = null where metric = 'response_median_days'",
    ],
    "intervals_or_descriptive": [
        "update metric set low = null, high = null where metric = 'active_months'",
        "update metric set word = null where metric = 'burstiness'",
        "update account_metric set low = null, high = null where metric = 'acts_per_week'",
    ],
    "share_within_one": [
        "update metric set numerator = denominator + 1 where metric = 'conversation'",
        "update metric set value = 1.01, high = 2 where metric = 'presence'",
    ],
    "numbers_are_finite": [
        "update metric set effective_n = 'nan' where metric = 'presence'",
        "update metric set numerator = -1 where metric = 'presence'",
        "update metric set dispersion_off = 0.9 where metric = 'burst_acts'",
    ],
    "everybody_has_every_metric": [
        "delete from metric where metric = 'presence' and person_id = 'p1'",
        "insert into metric from metric where metric = 'presence'",
    ],
    "known_words": [
        "update metric set reason = 'dunno' where reason is not null",
        "update metric set word = null where metric = 'burst_acts'",
    ],
    "comparable_needs_value": ["update metric set is_comparable = true"],
    "unknown_days_never_count": [
        "update person_segment set is_exposed = false where phase = 'season'",
    ],
    "days_tile_the_window": [
        "delete from person_segment where phase = 'season'",
        "update person_segment set last_day = last_day + 1 where phase = 'aftermath'",
    ],
    "covered_within_eligible": [
        "update person set covered_days = eligible_days + 1",
        "update metric set covered_days = 9999 where metric = 'presence'",
    ],
    "spells_are_silent": [
        "update day set own_acts = 1",
        "update spell set days = days + 1",
        "update spell set level = 'quiet'",
        "insert into spell select * replace (from_on + 1 as from_on, days - 1 as days) from spell",
    ],
    "sleeps_are_proven": [
        "update spell set is_excused = true",
        "update spell set is_winter_sleep = false",
        "update spell set reason = 'possible'",
    ],
    "days_add_up": [
        "update day set citizen_replies = replies + 1",
        "update day set questions = received + 1",
    ],
    "days_are_unique": ["insert into day from day limit 1"],
    "pillars_have_points_or_reasons": [
        "update pillar set points = 101, high = 101 where pillar = 'presence'",
        "delete from pillar where pillar = 'presence'",
    ],
    "scores_have_three_pillars": [
        "update score set pillars = 'presence+steadiness'",
        "update score set score = null",
        "update score set p_a = p_a + 0.1",
        "update score set low = score + 1",
    ],
    "everybody_is_there": [
        "delete from score where person_id = 'p1'",
        "insert into person from person limit 1",
        "delete from account where account_id = 'a1'",
    ],
    "seasons_end_with_their_election": ["update season set to_on = election_on - 1"],
    "one_run": ["delete from run", "insert into run from run"],
    "items_belong_to_known_accounts": [
        "update posts set person_key = 2",
        "update received set account_key = 77",
    ],
    "items_are_last_words": [
        "insert into posts from posts limit 1",
        "insert into received from received limit 1",
    ],
    "broadcasts_hold_no_talk": [
        "insert into broadcast (person_key, first_day, last_day, days) "
        "select person_key, min(first_day), min(first_day) + 40, 41 from observed_run group by 1",
        "insert into broadcast (person_key, first_day, last_day, days) values (1, 450, 460, 11)",
        "insert into broadcast (person_key, first_day, last_day, days) values (2, 450, 490, 41)",
    ],
    "curves_rise": [
        "update response_curve set share = 0.01, low = 0, high = 1 where day = 14",
        "update response_curve set high = share - 0.1",
        "update metric set reason = 'too_few', value = null where metric = 'answered_within_1d'",
    ],
    "partners_are_at_least_one": [
        "update metric set value = 0.5 where metric = 'effective_partners'",
        "insert into return_block values (1, 0, 'off_season', 1, 2)",
    ],
    "ladders_add_up": [
        "update partner_ladder set once = once + 1",
        "update partner_ladder set reason = 'too_few'",
        "delete from partner_ladder where person_id = 'p1'",
        "insert into partner_mix select * from partner_mix",
        "update partner_mix set reason = null",
    ],
    "few_citizens_are_not_counted": [
        "update partner_ladder set once = 3",
        "update partner_ladder set partner_count = 9",
        "update partner_ladder set once = null, five_or_more = 10, partner_count = 12",
        "update partner_mix set new_count = 4",
        "update partner_mix set warm_count = 9",
        "update partner_mix set close_count = 1",
        "update metric set denominator = 9, numerator = 0 where metric = 'return'",
        "update metric set denominator = 9, numerator = 9 where metric = 'relation_days'",
        "update metric set denominator = null, numerator = 4 where metric = 'carry_over'",
        "update metric set numerator = 9 where metric = 'effective_partners'",
        "update metric set numerator = 1 where metric = 'partners_per_30'",
        "update metric set effective_n = 9 where metric = 'answer_rate'",
        "insert into topic_share (person_id, topic, raised_askers) values ('p1', 'waste', 5)",
        "insert into topic_share (person_id, topic, raised_count) values ('p1', 'waste', 5)",
        "insert into topic_share (person_id, topic, raised_share) values ('p1', 'waste', 0.1)",
        "insert into topic_raised (person_id, topic, asker_count) values ('p1', 'waste', 3)",
        "insert into funnel (office, n) values ('mayor', 9)",
    ],
    "accounts_have_every_metric": [
        "insert into account_metric select * from account_metric where metric = 'presence'",
        "update account_metric set value = null",
        "update account_metric set low = value + 1 where metric = 'presence'",
    ],
}  # fmt: skip


@pytest.fixture
def scored() -> Iterator[duckdb.DuckDBPyConnection]:
    """One who talks and slept after the election, and one of whom nothing is known."""
    council = Council(days=728)
    council.person(1)
    council.person(2)
    council.account(1, 1)
    council.election(400)
    council.add("absences", person_key=2, first_day=0, last_day=9)
    for day in range(728):
        if day <= 400 or day >= 600:
            council.post(day)
            council.reply(day, 100 + day % 12)
    council.post(500, kind="repost")
    for n in range(12):
        root = council.ask(10 + n, 100 + n)
        council.reply(11 + n, 100 + n, root_key=root)
    con = duckdb.connect()
    council.fill(con)
    con.execute("insert into run_detail values ('run', '1', 'code', '2025-01-02', 'hash', 1)")
    score.compute(con)
    with con:
        yield con


# --- checks ----------------------------------------------------------------------------


def test_tables_that_are_right_pass_every_check(scored: duckdb.DuckDBPyConnection) -> None:
    assert set(publish.check(scored)) == CHECKS


def test_every_check_has_something_it_must_refuse() -> None:
    assert SABOTAGE.keys() == CHECKS


@pytest.mark.parametrize(
    ("check", "change"),
    [(check, change) for check in sorted(SABOTAGE) for change in SABOTAGE[check]],
)
def test_a_check_refuses(scored: duckdb.DuckDBPyConnection, check: str, change: str) -> None:
    scored.execute(change)
    query = (publish.HERE / "checks" / f"{check}.sql").read_text("utf-8")
    assert scored.execute(query).fetchall()
    with pytest.raises(CheckFailed):
        publish.check(scored)


def test_a_failed_check_says_which_and_shows_a_row(scored: duckdb.DuckDBPyConnection) -> None:
    scored.execute("update spell set days = days + 1")
    with pytest.raises(CheckFailed, match=r"spells_are_silent selects 1 rows.*person_id p1"):
        publish.check(scored)


# --- the copy --------------------------------------------------------------------------


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    rows = con.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() "
        "where not internal and database_name = current_database() group by table_name"
    ).fetchall()
    return dict(rows)


def test_a_copy_has_exactly_the_tables_and_columns_pages_read(
    scored: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = publish.publish(scored, tmp_path, "one")
    with duckdb.connect() as con:
        con.execute(CONTRACT.read_text("utf-8"))
        expected = _columns(con)
    with duckdb.connect(str(path), read_only=True) as con:
        assert _columns(con) == expected


def test_every_table_and_column_of_a_copy_is_described(
    scored: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = publish.publish(scored, tmp_path, "one")
    with duckdb.connect(str(path), read_only=True) as con:
        assert con.execute(
            "select table_name, column_name from duckdb_columns() "
            "where not internal and database_name = 'one' and comment is null"
        ).fetchall() == []  # fmt: skip
        assert con.execute(
            "select table_name from duckdb_tables() "
            "where not internal and database_name = 'one' and comment is null"
        ).fetchall() == []  # fmt: skip


def test_a_copy_can_be_read_by_the_oldest_duckdb_we_allow(
    scored: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = publish.publish(scored, tmp_path, "one")
    with duckdb.connect() as con:
        con.execute(f"attach '{path}' as one (read_only)")
        (found,) = con.execute(
            "select tags['storage_version'] from duckdb_databases() where database_name = 'one'"
        ).fetchall()
    assert re.match(r"v1\.[0-5]\.", found[0])


def test_latest_names_the_newest_copy_and_five_are_kept(
    scored: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    paths = [publish.publish(scored, tmp_path, f"run-{9 - n}") for n in range(7)]
    assert (tmp_path / "latest").read_text("utf-8").strip() == paths[-1].name
    assert {path.name for path in tmp_path.iterdir()} == {
        "latest", *(path.name for path in paths[-5:])
    }  # fmt: skip


def test_a_name_that_is_taken_gets_a_number(
    scored: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    first, second = (publish.publish(scored, tmp_path, "run") for _ in range(2))
    assert (first.name, second.name) == ("run.duckdb", "run-2.duckdb")


def test_a_reader_keeps_its_copy_while_new_ones_are_made_and_old_ones_go(
    scored: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    first = publish.publish(scored, tmp_path, "first")
    with duckdb.connect(str(first), read_only=True) as reader, reader.cursor() as cursor:
        before = cursor.execute("select * from metric").fetchall()
        scored.execute("update metric set covered_days = 1")
        for n in range(6):
            second = publish.publish(scored, tmp_path, f"second-{n}")
            assert cursor.execute("select * from metric").fetchall() == before
        assert not first.exists()
        with duckdb.connect(str(second), read_only=True) as newer:
            assert newer.execute("select max(covered_days) from metric").fetchall() == [(1,)]
        assert cursor.execute("select * from metric").fetchall() == before


def test_left_overs_of_a_killed_run_are_removed(
    scored: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for name in ("old.duckdb.part", "old.duckdb.part.wal"):
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (0, 0))
    publish.publish(scored, tmp_path, "one")
    assert not list(tmp_path.glob("*part*"))


def test_what_another_run_writes_now_is_left_to_it(
    scored: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    being_written = tmp_path / "other.duckdb.part"
    being_written.write_bytes(b"half")
    publish.publish(scored, tmp_path, "one")
    assert being_written.exists()


def test_where_nothing_can_be_written_the_error_is_one_line(
    scored: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / "published").write_text("a file where the folder should be")
    with pytest.raises(PublishError, match="published: File exists"):
        publish.publish(scored, tmp_path / "published", "one")


# --- a whole run -----------------------------------------------------------------------

SIZE = synthetic.Size(people=8, posts=400)
WINDOW = Window(synthetic.FIRST_ON, synthetic.LAST_ON)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, pa.Table]]:
    folder = tmp_path_factory.mktemp("data")
    return folder, synthetic.fill(folder / score.STORE, SIZE)


def _content(path: Path) -> dict[str, list[Any]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return {
            mart.name: con.execute(f"select * from {mart.name}").fetchall()
            for mart in publish.marts()
        }


def test_the_same_inputs_give_the_same_content_in_the_same_order(
    collected: tuple[Path, dict[str, pa.Table]],
) -> None:
    folder, roster = collected
    first, second = (score.run(folder, roster, window=WINDOW, now=NOW) for _ in range(2))
    assert first.name != second.name
    assert _content(first) == _content(second)
    (run,) = _content(first)["run"]
    assert run[0].startswith("20250102T000000Z-")


def test_the_order_and_repetition_of_ingestion_change_nothing(
    collected: tuple[Path, dict[str, pa.Table]], tmp_path: Path
) -> None:
    folder, roster = collected
    with duckdb.connect(str(tmp_path / score.STORE)) as con:
        con.execute(f"attach '{folder / score.STORE}' as old (read_only)")
        con.execute(synthetic.SCHEMA.read_text("utf-8"))
        for table in ("run_event", "account_state", "span", "account_run", "post", "received"):
            con.execute(f"insert into {table} from old.{table} order by hash({table})")
            if table in ("post", "received", "span"):
                con.execute(f"insert into {table} from old.{table} order by hash({table}) desc")
    shuffled = score.run(tmp_path, roster, window=WINDOW, now=NOW)
    assert _content(shuffled) == _content(score.run(folder, roster, window=WINDOW, now=NOW))


def test_a_changed_input_changes_the_data_hash(
    collected: tuple[Path, dict[str, pa.Table]],
) -> None:
    folder, roster = collected
    parties = roster["accounts"].column_names.index("run_by")
    column = pa.array(["party"] + ["self"] * (roster["accounts"].num_rows - 1))
    changed = {**roster, "accounts": roster["accounts"].set_column(parties, "run_by", column)}
    one, other = (score.run(folder, r, window=WINDOW, now=NOW) for r in (roster, changed))
    assert _content(one)["run"][0][6] != _content(other)["run"][0][6]


def test_a_failing_check_leaves_the_old_copy_the_latest(
    collected: tuple[Path, dict[str, pa.Table]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, roster = collected
    path = score.run(folder, roster, window=WINDOW)
    before = sorted(file.name for file in path.parent.iterdir())

    def refuse(con: duckdb.DuckDBPyConnection) -> list[str]:
        con.execute("update metric set value = 7 where metric = 'presence'")
        return check(con)

    check = publish.check
    monkeypatch.setattr(publish, "check", refuse)
    with pytest.raises(CheckFailed):
        score.run(folder, roster, window=WINDOW)
    assert sorted(file.name for file in path.parent.iterdir()) == before
    assert (path.parent / "latest").read_text("utf-8").strip() == path.name


def test_a_run_records_its_choices_and_says_how_long_each_step_took(
    collected: tuple[Path, dict[str, pa.Table]],
) -> None:
    folder, roster = collected
    steps: dict[str, float] = {}
    path = score.run(
        folder, roster, window=WINDOW, choices={"answer_window_days": 7}, on_step=steps.__setitem__
    )
    params = {name: value for name, value, _ in _content(path)["param"]}
    assert params["answer_window_days"] == "7"
    assert {"load observed", "act", "draws", "publish"} <= steps.keys()
    assert all(seconds >= 0 for seconds in steps.values())
