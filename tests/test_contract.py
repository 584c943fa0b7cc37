"""The contract of the published copy: what `winterslaap schema` prints is what readers get."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from metrics import contract, models, publish
from tests.council import Council, Scored

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def scored() -> Scored:
    council = Council(days=400)
    council.person()
    council.account()
    council.election(300)
    return council.score()


def test_the_columns_are_those_of_the_contract(scored: Scored) -> None:
    """Red after a change of columns: raise VERSION, then write the new types and their digest."""
    lock = json.loads(contract.LOCK.read_text("utf-8"))
    assert contract.types_of(scored.con) == lock["tables"]


def test_a_version_stands_for_one_set_of_columns_for_ever() -> None:
    lock = json.loads(contract.LOCK.read_text("utf-8"))
    assert lock["versions"][str(contract.VERSION)] == contract.digest(lock["tables"])
    assert len(set(lock["versions"].values())) == len(lock["versions"])
    assert max(map(int, lock["versions"])) == contract.VERSION


def test_another_column_is_another_digest() -> None:
    types = {"metric": {"value": "double"}}
    assert contract.digest(types) != contract.digest({"metric": {"value": "bigint"}})
    assert contract.digest(types) != contract.digest({"metric": {"values": "double"}})


def test_every_column_is_described_as_its_model_says() -> None:
    for table in contract.contract().tables:
        mart = models.all_models()[table.name]
        assert {c.name: c.description for c in table.columns} == dict(mart.columns)
        assert table.description
        assert table.grain


def test_numbers_have_units_and_words_have_none() -> None:
    for table in contract.contract().tables:
        for column in table.columns:
            assert bool(column.unit) != (column.type in ("varchar", "boolean")), column


def test_what_is_counted_is_whole() -> None:
    for table in contract.contract().tables:
        for column in table.columns:
            if column.unit == "count":
                assert column.type in ("integer", "bigint"), (table.name, column)


def test_every_metric_has_a_unit_of_its_own_or_is_a_share(scored: Scored) -> None:
    metrics = {row["metric"] for row in scored.rows("select distinct metric from metric")}
    named = set(contract.UNITS_OF_METRICS) - {"*", "burst_*", "tone_*"}
    assert named <= metrics
    shares = {m for m in metrics if m.startswith(("conversation", "reply_share", "answered"))}
    assert not shares & named


def test_reasons_are_those_that_the_method_explains() -> None:
    explained = (ROOT / "metrics" / "README.md").read_text("utf-8").split("## Why there is no")[1]
    told = set(re.findall(r"^\| `(\w+)` \|", explained.split("\n## ")[0], re.MULTILINE))
    assert told <= contract.REASONS.keys()
    checked = (ROOT / "metrics" / "checks" / "known_words.sql").read_text("utf-8")
    codes = re.findall(r"'(\w+)'", checked.split("m.reason not in (")[1].split(")")[0])
    assert set(codes) <= contract.REASONS.keys()


def test_a_copy_says_which_contract_it_keeps(scored: Scored, tmp_path: Path) -> None:
    scored.con.execute(
        "insert into run_detail values ('run', '1', 'code', '2025-01-02', 'hash', ?)",
        [contract.VERSION],
    )
    models.create(scored.con, models.all_models()["run"])
    publish.publish(scored.con, tmp_path, "run")
    assert scored.rows("select contract_version from run") == [
        {"contract_version": contract.VERSION}
    ]


def test_schema_prints_every_table_and_column() -> None:
    told = CliRunner().invoke(cli.app, ["schema", "--json"])
    printed = json.loads(told.stdout)
    assert {t["name"] for t in printed["tables"]} == {m.name for m in publish.marts()}
    assert printed["version"] == contract.VERSION
    for_people = CliRunner().invoke(cli.app, ["schema"], env={"COLUMNS": "200"}).stdout
    assert "effective_n" in for_people
    assert "nobody_asked" in for_people


def test_schema_fits_80_columns() -> None:
    told = CliRunner().invoke(cli.app, ["schema"], env={"COLUMNS": "80"}).stdout
    assert max(map(len, told.splitlines())) <= 80


def test_schema_prints_one_table() -> None:
    told = CliRunner().invoke(cli.app, ["schema", "run"], env={"COLUMNS": "200"})
    assert "contract_version" in told.stdout
    assert "effective_n" not in told.stdout


def test_a_table_that_does_not_exist_is_not_printed() -> None:
    told = CliRunner().invoke(cli.app, ["schema", "runs"])
    assert told.exit_code == 2
    assert "no such table" in told.output
