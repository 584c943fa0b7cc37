"""The data of an edition: valid, the same rows three times, no small count of citizens."""

from __future__ import annotations

import csv
import json
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml

from dashboard.edition import package, tables
from dashboard.edition.build import Built
from metrics import contract
from tests.edition_made import FEW, ID, TITLE, edition

TABLES = sorted({one.name for one in contract.contract().tables} - set(tables.NOT_PUBLISHED))


def _described(built: Built) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((built.path / "data" / package.PACKAGE).read_text("utf-8"))
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_frictionless_finds_the_package_valid(built: Built) -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(built.path / "data" / package.PACKAGE))
    assert report.valid, report.to_summary()
    assert report.stats["tasks"] >= 3 * len(TABLES) - 5


def test_a_wrong_cell_is_seen_by_frictionless(tampered: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    path = tampered / "data" / "metric.csv"
    path.write_text(path.read_text("utf-8").replace(FEW[0], "een-vreemde", 1), "utf-8")
    assert not frictionless.validate(str(tampered / "data" / package.PACKAGE)).valid


@pytest.mark.parametrize("name", TABLES)
def test_csv_json_and_parquet_hold_the_same_rows(name: str, built: Built) -> None:
    data = built.path / "data"
    parquet = pq.read_table(data / f"{name}.parquet")
    with (data / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == parquet.column_names
    assert len(rows) - 1 == parquet.num_rows
    told = parquet.to_pylist()
    if name not in package.WITHOUT_JSON:
        found = json.loads((data / f"{name}.json").read_text("utf-8"))
        assert [
            {key: None if value is None else str(value) for key, value in row.items()}
            for row in found
        ] == [
            {
                key: None
                if value is None
                else (value.isoformat() if hasattr(value, "isoformat") else str(value))
                for key, value in row.items()
            }
            for row in told
        ]
    for row, values in zip(rows[1:], told, strict=True):
        for cell, value in zip(row, values.values(), strict=True):
            if isinstance(value, float):
                assert float(cell) == value
            elif value is None:
                assert cell == ""
            elif isinstance(value, str | int) and not isinstance(value, bool):
                assert cell == str(value)


def test_the_package_is_of_the_edition_s_people_alone(built: Built) -> None:
    for name, table in package.read_tables(built.path / "data").items():
        if "person_id" in table.column_names:
            assert set(table["person_id"].to_pylist()) <= set(FEW), name
    accounts = pq.read_table(built.path / "data" / "coverage.parquet")["account_id"].to_pylist()
    assert {one[:14] for one in accounts} == {"account-000001", "account-000002"}


def test_no_count_of_one_to_nine_citizens_is_in_any_table(edition_copy: Path, built: Built) -> None:
    everybody = tables.tables_of(edition_copy, None)
    frames = {name: table.to_pandas() for name, table in everybody.items()}
    metric = frames["metric"]
    citizens = metric[
        [any(fnmatch(m, p) for p in tables.CITIZENS_COUNTED) for m in metric["metric"]]
    ]
    assert len(citizens)
    small = citizens[citizens["numerator"].between(1, 9)]
    assert small.empty, small
    askers = metric[metric["metric"].isin(["answer_rate", "redirect_rate"])]
    assert not askers["effective_n"].between(1e-9, 9.99).any()
    received = metric[[any(fnmatch(m, p) for p in tables.OF_CITIZENS) for m in metric["metric"]]]
    unsaid = received[received["value"].isna()]
    assert len(unsaid)
    assert unsaid[["numerator", "denominator", "effective_n"]].isna().all(axis=None)
    for name, cells in tables.CELLS.items():
        counts = frames[name][list(cells)]
        assert not ((counts > 0) & (counts < 10)).any(axis=None), name
    assert frames["day"][["received", "questions"]].isna().all(axis=None)
    text = (built.path / "data" / "account.csv").read_text("utf-8")
    assert "last_error" in text


def test_small_steps_of_a_ladder_are_all_left_out_with_a_reason() -> None:
    import pyarrow as pa

    ladder = pa.table(
        {
            "person_id": ["a", "b"],
            "once": [20, 30],
            "two_to_four": [4, 12],
            "five_or_more": [11, 0],
            "partner_count": [35, 42],
            "reason": pa.array([None, None], pa.string()),
        }
    )
    found = tables._without_small_counts("partner_ladder", ladder).to_pylist()
    assert [found[0][name] for name in tables.CELLS["partner_ladder"]] == [None] * 3
    assert found[0]["reason"] == "too_few"
    assert found[1] == ladder.to_pylist()[1]


def test_pages_can_be_drawn_from_what_is_published(edition_copy: Path, tmp_path: Path) -> None:
    once = tables.tables_of(edition_copy, FEW)
    again = tables.tables_of(tables.write_copy(once, tmp_path / "copy.duckdb"), None)
    assert once.keys() == again.keys()
    for name, table in once.items():
        assert table.to_pylist() == again[name].to_pylist(), name


def test_the_codebook_has_every_column_once(built: Built) -> None:
    book = pd.read_csv(built.path / "data" / package.CODEBOOK, keep_default_na=False)
    for one in contract.contract().tables:
        if one.name in tables.NOT_PUBLISHED:
            continue
        own = book[(book["table"] == one.name) & (book["column"] != "")]
        wanted = [column.name for column in one.columns]
        assert [name for name in own["column"] if name in wanted][: len(wanted)] == wanted
        assert (own["meaning"].str.len() > 2).all()
    for lang in ("nl", "fr", "en"):
        page = (built.path / lang / "data.html").read_text("utf-8")
        assert all(f'id="table-{name}"' in page for name in TABLES)


def test_it_can_be_cited_and_used(built: Built) -> None:
    cited = yaml.safe_load((built.path / "data" / "CITATION.cff").read_text("utf-8"))
    assert cited["title"] == TITLE
    assert cited["version"] == ID
    assert cited["license"] == "CC-BY-4.0"
    assert cited["date-released"].isoformat() == built.manifest.edition.made_on.isoformat()
    described = _described(built)
    assert described["name"] == ID
    assert described["licenses"][0]["name"] == "CC-BY-4.0"
    assert described["data_hash"] == built.manifest.edition.data_hash
    assert ID in (built.path / "data" / "LICENSE").read_text("utf-8")


def test_a_title_with_signs_does_not_break_the_citation(edition_copy: Path) -> None:
    odd = edition(edition_copy, title='Wie luistert? "Iedereen": \\ #1 – één')
    assert yaml.safe_load(package._citation(odd))["title"] == odd.title
