"""The same files on Apache Spark: every row as on DuckDB, and as counted by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from typer.testing import CliRunner

import cli
from metrics import contract, export, models, publish, read, score, spark
from metrics.alternatives import Rule
from metrics.errors import CheckFailed, ExportError, ModelError, SparkError
from tests.council import BOB, EVE, FIRST, PARTY, Council
from tests.merged import drawn, merged
from tests.oracles.database import TABLES, columns_of

pytestmark = pytest.mark.timeout(900)  # the first test waits for the whole computation
NOW = datetime(2025, 1, 2, tzinfo=UTC).replace(tzinfo=None)
WORLDS = 7
RULES = (Rule("answer_window_days", "7", {"answer_window_days": 7}),)
SMALL = {  # one task where a cluster has many, and no time spent on compiling
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
Row = dict[str, Any]


@dataclass
class Both:
    """The same inputs scored by both engines."""

    duck: duckdb.DuckDBPyConnection
    engine: spark.Engine
    marts: duckdb.DuckDBPyConnection  # what came back from Spark
    folder: Path


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17 or newer")
    pytest.importorskip("pyspark", reason="PySpark is not installed")
    folder = tmp_path_factory.mktemp("spark") / "export"
    folder.mkdir()
    with duckdb.connect() as duck, duckdb.connect() as marts:
        _fill(duck)
        manifest = export.write(duck, folder)
        with spark.session("local[2]", SMALL) as session:
            engine = spark.Engine(session, str(folder))
            engine.read({}, NOW)
            duck.execute(
                "insert into run_detail values (?, ?, ?, ?, ?, ?)",
                [
                    engine.run_id, score.METHOD_VERSION, score.fingerprint.of_code(), NOW,
                    manifest.data_hash, contract.VERSION,
                ],
            )  # fmt: skip
            score.compute(duck, rules=RULES)
            engine.compute(marts, rules=RULES)
            yield Both(duck, engine, marts, folder)
            engine.forget()


def _fill(con: duckdb.DuckDBPyConnection) -> None:
    """Worlds in which every rule is at its edge somewhere, and one person counted by hand."""
    world = merged(drawn(WORLDS))
    window = {"start_day": world.start_day, "end_day": world.end_day}
    models.prepare(con, **window, comparable_items=10)  # small worlds: few are asked thirty times
    columns = {table: columns_of(getattr(world, table)) for table in TABLES}
    for table, filled in columns.items():
        con.register("arriving", pa.table(filled))
        con.execute(f"insert into {table} by name select * from arriving")
        con.unregister("arriving")
    for table, rows in _by_hand(world.start_day, world.end_day).rows.items():
        names = dict.fromkeys(name for row in rows for name in row)
        con.register("arriving", pa.table({n: [row.get(n) for row in rows] for n in names}))
        con.execute(f"insert into {table} by name select * from arriving")
        con.unregister("arriving")
    con.execute(
        "insert into person_detail (person_key, name, is_invented) values (99001, 'Han', true)"
    )
    con.execute(
        "insert into collect_detail values "
        "('w', '2024-12-31 23:59:59', '2025-01-01 00:00:00.5', 'complete', 1, 2, 3, 4)"
    )


HAND = 99_001
WEEKS = 40


def _by_hand(start_day: int, end_day: int) -> Council:
    """Han posts every second week, talks and is asked; no season comes near him.

    Twelve citizens ask once; he answers eight: six after a day, one exactly on the last
    second of day fourteen, one a second later. Five colleagues do the same.
    """
    council = Council(days=end_day - start_day, begins=start_day - FIRST)
    council.next_key = 990_000_000
    council.add("partners", partner_key=PARTY, person_key=None, **{"class": "party"})
    for number, name in enumerate(("han", "ida", "jan", "kim", "leo", "mia")):
        _one_by_hand(council, HAND + number, name)
    return council


def _one_by_hand(council: Council, key: int, name: str) -> None:
    council.add("people", person_key=key, person_id=name, office="mayor", level="local")
    council.mandate(key, jurisdiction="ZZ")
    council.account(key, key)
    his = {"account": key, "person": key}
    monday = council.begins + (-(FIRST + council.begins + 3)) % 7
    for week in range(0, WEEKS, 2):
        council.post(monday + 7 * week, **his)
        for partner in (BOB, EVE, None):
            council.reply(monday + 7 * week + 1, partner, hour=13.0, **his)
    council.post(monday, kind="repost", is_backdated=True, **his)
    delays = [86_400] * 6 + [14 * 86_400, 14 * 86_400 + 1]
    for number in range(12):
        day = monday + 3 + 14 * number
        asked = council.ask(day, 50_000 + number, account=key)
        council.rows["received"][-1]["person_key"] = key
        if number < len(delays):
            later = delays[number] // 86_400
            council.reply(day + later, 50_000 + number, root_key=asked, **his)
            at = (FIRST + day) * 86_400 + 10 * 3_600 + delays[number]
            council.rows["posts"][-1]["at"] = at


def _sorted(table: pa.Table) -> list[Row]:
    return sorted(
        table.to_pylist(), key=lambda row: [(value is None, str(value)) for value in row.values()]
    )


@pytest.mark.parametrize("name", sorted(models.all_models()))
def test_every_model_gives_the_same_rows_and_types_on_both_engines(both: Both, name: str) -> None:
    here = both.duck.table(name).to_arrow_table()
    there = both.engine.table(name)
    assert there.schema == here.schema
    assert _sorted(there) == _sorted(here)


def test_no_table_is_compared_empty_that_edges_can_fill(both: Both) -> None:
    """What is empty on both engines says nothing about either."""
    from_walks = {"coverage", "problem", "thread_partial"}
    counts = {name: both.engine.table(name).num_rows for name in models.all_models()}
    assert {name for name, count in counts.items() if not count} <= from_walks


@pytest.mark.parametrize("mart", sorted(mart.name for mart in publish.marts()))
def test_what_came_back_from_spark_keeps_the_order_and_the_contract(both: Both, mart: str) -> None:
    query = f'select * from "{mart}"'
    assert both.marts.execute(query).fetchall() == both.duck.execute(query).fetchall()
    types = contract.types_of(both.marts)[mart]
    assert types == json.loads(contract.LOCK.read_text("utf-8"))["tables"][mart]


def _metric(both: Both, name: str, phase: str) -> Row:
    table = both.engine.ask(
        f"select * from metric where person_id = 'han' and metric = '{name}' and phase = '{phase}'"
    )
    (row,) = table.to_pylist()
    return row


def test_spark_answers_as_counted_by_hand(both: Both) -> None:
    """8 of 12 answered, one of them a second too late."""
    rate = _metric(both, "answer_rate", "off_season")
    assert (rate["numerator"], rate["denominator"], rate["reason"]) == (7, 12, None)
    assert rate["value"] == pytest.approx(7 / 12)


def test_spark_knows_an_hour_in_which_three_replies_share_a_second(both: Both) -> None:
    talk = _metric(both, "conversation", "off_season")
    posts, replies, answers = WEEKS // 2, 3 * WEEKS // 2, 8
    assert talk["denominator"] == posts + replies + answers
    assert talk["numerator"] == 2 * WEEKS // 2 + answers


def test_spark_sees_no_season_where_there_is_none(both: Both) -> None:
    assert _metric(both, "burst_acts", "all")["reason"] == "no_season"
    assert _metric(both, "conversation", "season")["value"] is None


def test_every_check_passes_on_spark(both: Both) -> None:
    assert publish.check_each(both.engine.ask) == publish.check(both.duck)


def test_a_check_refuses_on_spark_too(both: Both) -> None:
    kept = both.engine.spark.table("people")
    broken = both.engine.spark.sql("select * from people where person_id <> 'han'")
    broken.createOrReplaceTempView("people")
    try:
        with pytest.raises(CheckFailed, match="everybody_"):
            publish.check_each(both.engine.ask)
    finally:
        kept.createOrReplaceTempView("people")


def test_the_marts_of_spark_become_the_copy_that_pages_read(both: Both, tmp_path: Path) -> None:
    path = publish.publish(both.marts, tmp_path / score.PUBLISHED, both.engine.run_id)
    assert read.latest(tmp_path) == path
    with duckdb.connect(str(path), read_only=True) as copy:
        shown = "select person_id, metric, phase, value, reason from metric"
        assert copy.execute(shown).fetchall() == both.duck.execute(shown).fetchall()
        (run,) = copy.execute("select run_id, contract_version from run").fetchall()
    assert run == (both.engine.run_id, contract.VERSION)


def test_an_export_that_lost_rows_is_refused(both: Both, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    shutil.copytree(both.folder, folder)
    told = json.loads((folder / export.MANIFEST).read_text("utf-8"))
    told["rows"]["posts"] += 1
    (folder / export.MANIFEST).write_text(json.dumps(told), "utf-8")
    with pytest.raises(ExportError, match=r"posts: \d+ of \d+ rows are there"):
        spark.Engine(both.engine.spark, str(folder)).read({}, NOW)


def _without_a_choice(folder: Path) -> None:
    file = folder / "params" / "data.parquet"
    duckdb.sql(f"copy (select * exclude (seed) from '{file}') to '{file}.new' (format parquet)")
    file.with_name("data.parquet.new").replace(file)


def _cut_short(folder: Path) -> None:
    file = next((folder / "posts").rglob("*.parquet"))
    file.write_bytes(file.read_bytes()[:100])


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda folder: shutil.rmtree(folder / "posts"), "posts: .*export again"),
        (_cut_short, "posts: .*export again"),
        (_without_a_choice, "it has no choice seed → export again"),
    ],
)
def test_an_export_that_is_not_whole_is_refused_in_one_line(
    both: Both, tmp_path: Path, damage: Callable[[Path], None], why: str
) -> None:
    folder = tmp_path / "export"
    shutil.copytree(both.folder, folder)
    damage(folder)
    with pytest.raises(ExportError, match=why) as caught:
        spark.Engine(both.engine.spark, str(folder)).read({}, NOW)
    assert "\n" not in str(caught.value)


def test_a_mart_comes_back_in_its_order_however_many_tasks_sorted_it(both: Both) -> None:
    sql = "select post_key as n from posts order by n desc"
    mart = models.Model("sorted_posts", "marts", "t", "g", {"n": "n"}, sql, frozenset())
    kept = both.engine.spark.conf.get("spark.sql.shuffle.partitions")
    both.engine.spark.conf.set("spark.sql.shuffle.partitions", "5")
    try:
        both.engine.build(mart)
    finally:
        both.engine.spark.conf.set("spark.sql.shuffle.partitions", kept)
    found = both.engine.table("sorted_posts")["n"].to_pylist()
    assert found == sorted(found, reverse=True)
    assert len(found) > 1_000


def test_a_query_that_spark_does_not_answer_is_one_line(both: Both) -> None:
    with pytest.raises(SparkError, match="does not answer select \\* from nowhere") as caught:
        both.engine.table("nowhere")
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_no_export_is_refused(both: Both, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="give the folder that winterslaap export wrote"):
        spark.Engine(both.engine.spark, str(tmp_path)).read({}, NOW)


def test_a_model_that_spark_refuses_names_itself(both: Both) -> None:
    bad = models.Model("bad", "staging", "t", "g", {"x": "x"}, "select y from people", frozenset())
    with pytest.raises(ModelError, match=r"^model bad: .*y"):
        both.engine.build(bad)


# --- without Spark ---------------------------------------------------------------------


def test_two_runs_over_one_export_write_nowhere_the_same() -> None:
    one, other = (spark.Engine(None, "s3a://bucket/export/").scratch for _ in range(2))
    assert one != other
    assert all(path.startswith("s3a://bucket/export.scratch-") for path in (one, other))


def test_the_manifest_says_what_stands_in_the_folder(tmp_path: Path) -> None:
    with closing(duckdb.connect()) as con:
        _fill(con)
        manifest = export.write(con, tmp_path)
        for name, count in manifest.rows.items():
            files = f"{tmp_path}/{name}/**/*.parquet"
            assert con.sql(f"select count(*) from '{files}'").fetchall() == [(count,)]
    told = (tmp_path / export.MANIFEST).read_text("utf-8")
    assert export.read_manifest(told, "there").rows == manifest.rows


def test_big_tables_are_spread_over_buckets_by_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "BUCKET_ROWS", 1_000)
    with closing(duckdb.connect()) as con:
        _fill(con)
        manifest = export.write(con, tmp_path)
        count, *mixed = con.sql(
            f"select count(*), bool_and(person_key % {manifest.bucket_count} = bucket) "
            f"from read_parquet('{tmp_path}/posts/*/*.parquet', hive_partitioning = true)"
        ).fetchall()[0]
    assert manifest.bucket_count == -(-manifest.rows["posts"] // 1_000)
    assert (count, mixed) == (manifest.rows["posts"], [True])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{}", "not one of winterslaap export"),
        ("<html>", "not one of winterslaap export"),
        (
            '{"contract_version": 0, "start_day": 1, "end_day": 2, "data_hash": "", '
            '"bucket_count": 1, "rows": {}}',
            "export again",
        ),
    ],
)
def test_a_manifest_of_something_else_is_refused(text: str, why: str) -> None:
    with pytest.raises(ExportError, match=why):
        export.read_manifest(text, "there")


def test_a_folder_that_exists_is_never_written_into(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="choose another folder"):
        export.export(tmp_path, {}, tmp_path)


def test_a_table_comes_when_a_query_first_reads_it() -> None:
    asked: list[str] = []

    def bring(name: str) -> pa.Table:
        asked.append(name)
        return pa.table({"person_key": [1]})

    with closing(duckdb.connect()) as con:
        counts = spark.Counts(con, bring)
        for _ in range(2):
            counts.execute("select * from act_week join people using (person_key)").fetchall()
    assert sorted(asked) == ["act_week", "people"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["--engine", "sparc"], "expected duckdb or spark"),
        (["--engine", "spark"], "belong together"),
        (["--input", "there"], "belong together"),
        (
            ["--engine", "spark", "--input", "x", "--from", "2024-01-01", "--to", "2024-02-01"],
            "in the export",
        ),
    ],
)
def test_options_of_an_engine_that_do_not_fit_are_told(given: list[str], why: str) -> None:
    told = CliRunner().invoke(cli.app, ["score", *given], env={"COLUMNS": "200"})
    assert told.exit_code == 2
    assert why in told.output
