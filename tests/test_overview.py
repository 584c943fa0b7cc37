"""The overview by its logic: what is comparable, asleep, missing, chosen otherwise, taken along."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import overview_table
from dashboard.download import Taken, csv
from dashboard.words import words
from metrics import read
from tests.published_copy import PEOPLE, build

ROOT = Path(__file__).parents[1]
NL = words("nl")


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WINTERSLAAP_DATA", str(tmp_path))
    return build(tmp_path)


def opened(**asked: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    for key, value in asked.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, [error.value for error in app.exception]
    return app


def text_of(app: AppTest) -> str:
    return "\n".join(one.proto.body for one in app.get("html"))


def names(app: AppTest) -> set[str]:
    return set(app.dataframe[0].value["name"])


def test_only_comparable_leaves_out_who_got_too_few_questions(copy: Path) -> None:
    people = read.overview(copy)
    wanted = set(people[people["answers_is_comparable"].fillna(False).astype(bool)]["name"])
    assert 0 < len(wanted) < len(people)
    app = opened(comparable="1")
    assert names(app) == wanted
    app.toggle(key="address-comparable").set_value(False).run()
    assert "comparable" not in app.query_params
    assert len(names(app)) == len(PEOPLE)


def test_a_filter_on_language_names_it_in_the_readers_own(copy: Path) -> None:
    with duckdb.connect(str(copy)) as con:
        con.execute("update person set language = 'fr' where person_id = 'dirk-zender'")
    app = opened(writes="fr")
    assert names(app) == {"Dirk Zender"}
    choice = app.selectbox(key="address-writes")
    assert choice.options == ["Frans", "Nederlands"]
    choice.set_value("nl").run()
    assert app.query_params["writes"] == "nl"
    assert "Dirk Zender" not in names(app)


def test_a_score_stands_with_its_interval_and_band(copy: Path) -> None:
    table = opened().dataframe[0].value.set_index("name")
    scored = table[table["score"].notna()]
    assert len(scored)
    assert scored["band"].str.fullmatch(r"([A-E](/[A-E])? \()?\d+–\d+\)?").all()
    assert not table[table["score"].isna()]["band"].str.contains(r"\d").any()


def test_a_winter_sleep_is_told_in_weeks_and_an_excused_one_is_not(copy: Path) -> None:
    table = opened().dataframe[0].value.set_index("name")["sleep"]
    assert table["Bram De Winter"] == "34 weken"
    assert table["Kaat Ziek"] == "geen"
    assert table["Amber Stroobants"] == "geen"


def test_nobody_knows_whether_somebody_without_known_days_slept(copy: Path) -> None:
    with duckdb.connect(str(copy)) as con:
        con.execute("update person set covered_days = 0 where person_id = 'dirk-zender'")
    table = opened().dataframe[0].value.set_index("name")["sleep"]
    assert table["Dirk Zender"] == "onvolledig"


def test_what_is_missing_is_counted_of_how_many_people(copy: Path) -> None:
    people = read.overview(copy)
    some, none = overview_table.without_any(people)
    text = text_of(opened())
    assert f"Voor {some} van {len(people)} personen ontbreekt minstens één cijfer" in text
    assert f"voor {none} ontbreken ze alle" in text
    assert f"1 van {len(people)}" in text


def test_the_usual_choices_are_not_remarked_upon(copy: Path) -> None:
    assert read.other_choices(copy) == ()
    assert "andere keuze" not in text_of(opened())


def test_other_choices_than_the_headlines_are_said(copy: Path) -> None:
    with duckdb.connect(str(copy)) as con:
        con.execute("update param set value = '7' where name = 'answer_window_days'")
    assert read.other_choices(copy) == (read.OtherChoice("answer_window_days", "7", "14"),)
    text = text_of(opened())
    assert "1 andere keuze" in text
    assert "answer_window_days is 7 in plaats van 14" in text


def test_a_trial_is_never_shown(copy: Path) -> None:
    trials = copy.parents[1] / "trials"
    copy.parent.rename(trials)
    app = opened()
    assert app.title[0].value == "Nog niets gepubliceerd"


def test_the_table_taken_along_has_numbers_with_their_counts(copy: Path) -> None:
    people = read.overview(copy)
    taken = overview_table.taken_along(people, NL)
    assert list(taken["Naam"]) == list(people["name"])
    assert taken.columns.is_unique
    row = taken.set_index("Naam").loc["Gust Ongevraagd"]
    assert row["Antwoordt: Waarom"] == "geen vragen"
    file = csv(Taken("winterslaap", "overview", "", "source", taken)).decode("utf-8-sig")
    assert len(file.splitlines()) == len(people) + 3


def test_the_table_follows_the_language_and_not_the_first_reader(copy: Path) -> None:
    assert opened().dataframe[0].value.set_index("name")["sleep"]["Kaat Ziek"] == "geen"
    assert opened(lang="fr").dataframe[0].value.set_index("name")["sleep"]["Kaat Ziek"] == "aucune"
