"""What pages may ask of a published copy, and what they get."""

from __future__ import annotations

import re
import threading
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from metrics import read
from tests.published_copy import PEOPLE, build

pytestmark = pytest.mark.local_days


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    build(folder)
    return folder


@pytest.fixture(scope="module")
def path(data_dir: Path) -> Path:
    found = read.latest(data_dir)
    assert found is not None
    return found


def test_without_a_published_copy_there_is_no_path(tmp_path: Path) -> None:
    assert read.latest(tmp_path) is None


def test_a_name_without_its_file_is_no_copy(tmp_path: Path) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "latest").write_text("gone.duckdb\n", "utf-8")
    assert read.latest(tmp_path) is None


def test_a_new_copy_is_found_by_its_new_name_while_the_old_one_stays_readable(
    tmp_path: Path,
) -> None:
    old = build(tmp_path, name="one", is_invented=True)
    assert read.run(old).is_invented
    new = build(tmp_path, name="two", is_invented=False)
    assert read.latest(tmp_path) == new
    assert not read.run(new).is_invented
    assert read.run(old).is_invented


def test_the_run_says_its_window(path: Path) -> None:
    run = read.run(path)
    assert (run.from_on, run.to_on) == (date(2019, 1, 1), date(2025, 1, 1))
    assert run.last_collected_at is not None


def test_the_overview_has_one_row_per_person_by_name(path: Path) -> None:
    people = read.overview(path)
    assert list(people["name"]) == sorted(who.name for who in PEOPLE)
    assert people["person_id"].is_unique


def test_a_number_below_its_gate_is_missing_and_its_reason_is_there(path: Path) -> None:
    rows = read.overview(path).set_index("person_id")
    asked_by_nobody = rows.loc["gust-ongevraagd"]
    assert pd.isna(asked_by_nobody["answers_value"])
    assert asked_by_nobody["answers_reason"] == "nobody_asked"
    assert rows.loc["amber-stroobants", "answers_reason"] is None


def test_only_published_winter_sleeps_count(path: Path) -> None:
    rows = read.overview(path).set_index("person_id")
    assert list(rows.index[rows["has_winter_sleep"]]) == ["bram-de-winter"]


def test_an_unknown_month_is_none_and_a_silent_one_is_zero(path: Path) -> None:
    rows = read.months(path).set_index("person_id")
    answers = dict(zip(rows.loc["hanne-onbekend", "month_on"],
                       rows.loc["hanne-onbekend", "answers"], strict=True))  # fmt: skip
    assert answers[date(2021, 6, 1)] is None
    assert answers[date(2024, 7, 1)] == 0
    assert len(answers) == 72


def test_an_account_that_shows_no_replies_has_no_months(path: Path) -> None:
    assert "elif-feedman" not in set(read.months(path)["person_id"])


def test_days_are_dates_and_missing_texts_are_none(path: Path) -> None:
    spells = read.of_person(path, "spell", "bram-de-winter")
    assert spells.loc[0, "from_on"] == date(2019, 5, 30)
    assert spells.loc[0, "reason"] is None


def test_the_dictionary_gives_every_table_and_column(path: Path) -> None:
    dictionary = read.dictionary(path)
    metric = dictionary[dictionary["table_name"] == "metric"]
    assert metric["column_name"].isna().sum() == 1
    assert "value" in set(metric["column_name"].dropna())


@pytest.mark.parametrize("table", ["run", "metric; drop table person", "sqlite_master"])
def test_only_named_tables_can_be_asked(path: Path, table: str) -> None:
    with pytest.raises(ValueError, match="no page reads"):
        read.all_of(path, table)
    with pytest.raises(ValueError, match="no page reads"):
        read.of_person(path, table, "x")


def test_the_copy_of_these_tests_has_the_columns_that_the_models_publish(path: Path) -> None:
    dictionary = read.dictionary(path)
    mine = {
        table: set(rows["column_name"].dropna()) for table, rows in dictionary.groupby("table_name")
    }
    marts = Path(read.__file__).parent / "sql" / "marts"
    published = {
        file.stem: set(re.findall(r"^--   (\w+): ", file.read_text("utf-8"), re.MULTILINE))
        for file in marts.glob("*.sql")
    }
    assert mine == published


def test_many_threads_read_at_the_same_time(path: Path) -> None:
    read.of_person.cache_clear()
    wrong: list[object] = []

    def ask() -> None:
        for who in PEOPLE * 4:
            try:
                if len(read.of_person(path, "pillar", who.slug)) != 5:
                    wrong.append(who.slug)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_asking_again_does_not_read_again(path: Path) -> None:
    assert read.overview(path) is read.overview(path)
