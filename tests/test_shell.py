"""The pages around the numbers: About, the method's what-if and example, collecting, trouble."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access, frame, other_rules, running, worked
from dashboard.look import LIGHT
from dashboard.loopback import EDITABLE
from dashboard.words import words
from metrics import alternatives, read
from metrics.pillars import PILLARS
from tests.published_copy import PEOPLE, build
from tests.test_pages import Page, shown

ROOT = Path(__file__).parents[1]
NL = words("nl")
COLLECT = str(ROOT / "dashboard/pages/collect.py")


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WINTERSLAAP_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("copy"))


def _change(path: Path, sql: str) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute(sql)


# About


def test_about_names_the_copy_and_where_to_ask(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(data_dir)
    monkeypatch.setenv("WINTERSLAAP_CONTACT", "redactie@dorp.example <b>")
    text = shown(Page().open("about"))
    assert "2025-01-02-1" in text
    assert "redactie@dorp.example &lt;b&gt;" in text
    assert "Onbekend is nooit stilte" in text
    monkeypatch.delenv("WINTERSLAAP_CONTACT")
    assert "WINTERSLAAP_CONTACT" in shown(Page().open("about"))


# Old numbers


@pytest.mark.parametrize(
    ("days", "is_invented", "is_said"),
    [(15, False, True), (14, False, False), (400, True, False)],
)
def test_old_numbers_say_their_age(
    data_dir: Path, days: int, is_invented: bool, is_said: bool
) -> None:
    path = build(data_dir, is_invented=is_invented)
    then = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days, minutes=5)
    _change(path, f"update run set last_collected_at = '{then:%Y-%m-%d %H:%M:%S}'")
    text = shown(Page().open("about"))
    assert ("ws-stale" in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)) is is_said
    assert (f"Deze cijfers zijn {days} dagen oud" in text) is is_said


# Trouble


def test_a_broken_copy_is_explained_without_a_traceback(data_dir: Path) -> None:
    build(data_dir).write_bytes(b"this is no database" * 1_000)
    app = Page().open()
    assert app.title[0].value == "De gepubliceerde kopie is niet te lezen"
    assert app.code[0].value == "winterslaap score"
    assert "Traceback" not in shown(app)


def test_a_copy_of_another_version_is_explained(data_dir: Path) -> None:
    _change(build(data_dir), "drop table alternative")
    app = Page().open("method")
    assert "De gepubliceerde kopie is niet te lezen" in [one.value for one in app.title]


def test_a_copy_that_is_gone_is_not_taken_for_none_yet(data_dir: Path) -> None:
    build(data_dir).unlink()
    app = Page().open()
    assert app.title[0].value == "De gepubliceerde kopie is weg"
    assert app.code[0].value == "winterslaap score"


def test_a_visitor_does_not_read_where_the_files_are(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(EDITABLE, raising=False)
    assert str(data_dir) not in shown(Page().open())


# Another rule


def test_every_other_rule_has_words_and_a_place_in_the_address() -> None:
    rules = [(rule.choice, rule.value) for rule in alternatives.RULES] + [("mean", "arithmetic")]
    rules += [(f"weight_{name}", value) for name in PILLARS for value in ("half", "double")]
    listed = other_rules.in_order(pd.DataFrame(rules, columns=["choice", "value"]))
    assert sorted(listed) == sorted(rules)
    slugs = [other_rules.slug_of(*rule) for rule in listed]
    named = [other_rules.ruled(*rule, NL) for rule in listed]
    assert len(set(slugs)) == len(set(named)) == len(listed)
    assert not [one for one in named if "_" in one]
    assert {choice for choice, _ in rules if not choice.startswith("weight_")} == {
        *other_rules.CHOICES
    }
    assert all(re.fullmatch(r"[a-z0-9-]+", one) for one in slugs)
    seasons = [value for choice, value in listed if choice == "season" and value.isdigit()]
    assert seasons == sorted(seasons, key=int)


def test_the_address_chooses_the_rule_and_counts_who_keeps_the_band(
    data_dir: Path, copy: Path
) -> None:
    build(data_dir)
    rules = read.alternatives(copy)
    choice, value = other_rules.in_order(rules)[-1]
    rows = other_rules.moved(rules, choice, value)
    app = Page().open("method", rule=other_rules.slug_of(choice, value))
    assert app.selectbox(key="address-rule").value == other_rules.slug_of(choice, value)
    scored = rows[rows["score"].notna()]
    kept = sum(a == b for a, b in zip(scored["band"], scored["band_before"], strict=True))
    assert f"blijven {kept} van de {len(scored)} mensen" in shown(app)
    assert sorted(app.dataframe[0].value["Naam"]) == sorted(rows["name"])


def test_who_has_no_comparable_score_is_counted_apart(copy: Path) -> None:
    rules = read.alternatives(copy).copy()
    choice, value = other_rules.in_order(rules)[0]
    one = rules[(rules["choice"] == choice) & (rules["value"] == value)].index[0]
    rules.loc[one, ["score", "band"]] = [float("nan"), None]
    rows = other_rules.moved(rules, choice, value)
    assert not rows.loc[one, "keeps"]
    said = other_rules.changed(rows, NL)
    assert f"van de {len(rows) - 1} mensen" in other_rules.kept(rows, NL)
    assert "1 persoon steunt dan op andere pijlers" in said
    for narrow in (False, True):
        spec = json.dumps(other_rules.pairs(rows, NL, LIGHT, narrow=narrow))
        assert "NaN" not in spec
        assert rows.loc[one, "name"] not in spec


def test_a_changed_band_is_named_in_sentence_and_picture(copy: Path) -> None:
    rules = read.alternatives(copy).copy()
    choice, value = other_rules.in_order(rules)[0]
    one = rules[(rules["choice"] == choice) & (rules["value"] == value)].index[0]
    rules.loc[one, ["before", "band_before", "score", "band"]] = [61.0, "B", 12.0, "E"]
    rows = other_rules.moved(rules, choice, value)
    assert rows.index[0] == one
    assert f"{rows.loc[one, 'name']} (B → E)" in other_rules.changed(rows, NL)
    assert "B → E" in json.dumps(other_rules.pairs(rows, NL, LIGHT), ensure_ascii=False)


@pytest.mark.parametrize(("shift", "text"), [(3.21, "+3,2"), (-1.0, "−1,0"), (0.04, "0,0")])
def test_a_shift_has_its_sign(shift: float, text: str) -> None:
    assert other_rules.signed(shift, NL) == text


# One score worked out


def test_the_score_worked_out_is_the_score_of_its_points(copy: Path) -> None:
    params = read.all_of(copy, "param")
    choices = dict(zip(params["name"], params["value"], strict=True))
    worked_out = 0
    for who in PEOPLE:
        parts = (read.of_person(copy, name, who.slug) for name in ("metric", "pillar", "score"))
        found = worked.example(*parts, choices, NL)
        points = [line.points for line in found.lines if line.points is not None]
        if found.score is None:
            continue
        worked_out += 1
        mean = sum(math.log(one + 10) for one in points) / len(points)
        assert found.score == pytest.approx(math.exp(mean) - 10)
        assert found.sum.endswith(NL.number(found.score, 1))
    assert worked_out


def test_a_pillar_without_a_number_says_why(data_dir: Path) -> None:
    build(data_dir)
    text = shown(Page().open("method", person="gust-ongevraagd"))
    assert "Geen inwoner stelde in het openbaar een vraag" in text


def test_the_method_prints_the_model_that_was_asked_for(data_dir: Path) -> None:
    build(data_dir)
    app = Page().open("method", model="asker_count")
    assert any("select" in one.value and "asker" in one.value for one in app.code)


# Collecting


@pytest.fixture
def at_home(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page that collects, for the reader at this machine, with An in the roster."""
    monkeypatch.setattr(access, "may_collect", lambda: True)
    answer = running.ask(data_dir, "roster", "add", "--council=dorp", "--name=An Peeters")
    assert answer.is_well, answer.errors
    return AppTest.from_file(COLLECT, default_timeout=60)


def _button(app: AppTest, label: str) -> bool:
    return label in [one.label for one in app.button]


def test_starting_begins_a_run_of_whom_was_chosen(
    at_home: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[list[str]] = []
    monkeypatch.setattr(running, "begin", lambda folder, only: began.append(list(only)))
    at_home.run()
    at_home.multiselect[0].select("an-peeters")
    next(one for one in at_home.button if one.label == "Start ophalen").click().run()
    assert began == [["an-peeters"]]


def test_a_run_that_goes_on_shows_how_far_it_is(
    at_home: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = {"account_count": 40, "done_count": 10, "post_count": 1234, "received_count": 5,
           "host": "toet.example", "wait_seconds": 61.0}  # fmt: skip
    now = running.State(is_running=True, began_at=datetime(2026, 1, 2, tzinfo=UTC), progress=far)
    monkeypatch.setattr(running, "state", lambda folder: now)
    stopped: list[Path] = []
    monkeypatch.setattr(running, "stop", stopped.append)
    text = shown(at_home.run())
    assert "10 van 40 accounts klaar · 1.234 berichten · 5 ontvangen" in text
    assert 'aria-valuenow="25"' in text
    assert "toet.example" in text
    assert not _button(at_home, "Start ophalen")
    next(one for one in at_home.button if one.label == "Stop").click().run()
    assert stopped == [frame.data_dir()]


def test_what_went_wrong_comes_with_what_to_do(
    at_home: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = {"post_count": 3, "received_count": 2, "request_count": 9}
    accounts = [
        {"account_id": "an-peeters-feeds", "status": "failed", "error": "AccessDenied",
         "message": "feeds · an: a <b>private</b> address → correct it", **counts},
        {"account_id": "an-peeters-bluesky", "status": "complete", "error": None,
         "message": "", **counts},
    ]  # fmt: skip
    ended = running.State(
        is_running=False,
        began_at=datetime(2026, 1, 2, tzinfo=UTC),
        report={"status": "incomplete", "accounts": accounts},
        log="plan: one\nerror: check days_add_up selects 2 rows\n",
    )
    monkeypatch.setattr(running, "state", lambda folder: ended)
    text = shown(at_home.run())
    assert "6 berichten, 4 ontvangen, 18 aanvragen" in text
    assert "1 account is niet volledig" in text
    assert "An Peeters (an-peeters-feeds)" in text
    assert "an-peeters-bluesky" not in text
    assert "Dit account is niet openbaar te lezen" in text
    assert "<b>private" not in text
    assert "de cijfers zijn niet gepubliceerd" in at_home.error[0].value
    assert at_home.code[0].value == "check days_add_up selects 2 rows"


def test_a_run_that_was_killed_says_how_to_go_on(
    at_home: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = running.State(is_running=False, began_at=datetime(2026, 1, 2, tzinfo=UTC), log="plan")
    monkeypatch.setattr(running, "state", lambda folder: ended)
    at_home.run()
    assert "start opnieuw om verder te gaan" in at_home.code[0].value
    assert _button(at_home, "Start ophalen")


def test_adding_an_account_writes_it_for_the_person(at_home: AppTest, data_dir: Path) -> None:
    at_home.run()
    at_home.selectbox[0].set_value("an-peeters").run()
    platform = next(one for one in at_home.selectbox if one.label == "Bron")
    platform.set_value("bluesky")
    next(one for one in at_home.text_input if one.label == "Account").set_value("an.example")
    next(one for one in at_home.button if one.label == "Toevoegen").click().run()
    assert not at_home.exception
    assert "an-peeters" in at_home.success[0].value
    assert "an.example" in (data_dir / "rosters/dorp/accounts.csv").read_text("utf-8")


def test_what_cannot_be_added_is_told_and_nothing_is_written(
    at_home: AppTest, data_dir: Path
) -> None:
    before = (data_dir / "rosters/dorp/people.csv").read_text("utf-8")
    at_home.run()
    next(one for one in at_home.text_input if one.label == "Account").set_value("not a handle")
    next(one for one in at_home.button if one.label == "Toevoegen").click().run()
    assert at_home.error[0].value.startswith("Er is niets toegevoegd")
    said = at_home.code[0].value
    assert "name" in said
    assert "platform" in said
    assert (data_dir / "rosters/dorp/people.csv").read_text("utf-8") == before


def test_a_roster_that_is_wrong_is_told_line_by_line(at_home: AppTest, data_dir: Path) -> None:
    (data_dir / "rosters/dorp/people.csv").write_text("person_id,name\nAN,\n", "utf-8")
    at_home.run()
    assert at_home.error[0].value.startswith("De lijst klopt niet")
    assert len(at_home.code[0].value.splitlines()) >= 2
    assert not _button(at_home, "Start ophalen")
