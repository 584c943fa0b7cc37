"""The person page in depth: what is said is what gates and intervals carry, in three languages."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest
import vl_convert
from streamlit.testing.v1 import AppTest

from dashboard import (
    measures,
    person_agenda,
    person_answers,
    person_attitude,
    person_drawn,
    person_partners,
    person_rules,
)
from dashboard.download import Taken, csv, file_name, png, svg, titled
from dashboard.exhibit import Exhibit
from dashboard.look import DARK, LIGHT
from dashboard.partner_chart import Counts
from dashboard.words import LOCALES, Words, words
from metrics import read
from tests.published_copy import PEOPLE, build

ROOT = Path(__file__).parents[1]
NL = words("nl")
PARTS = ("partners", "answers", "agenda", "attitude", "tone", "score", "accounts")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("data"))


def exhibits(path: Path, who: str, t: Words = NL) -> Iterator[Exhibit]:
    def ask(table: str) -> pd.DataFrame:
        return read.of_person(path, table, who)

    rows = measures.rows_of(ask("metric"))
    param = read.all_of(path, "param")
    choices = dict(zip(param["name"], param["value"], strict=True))
    yield from person_partners.exhibits(ask, rows, t, LIGHT)
    yield from person_answers.exhibits(ask, rows, t, LIGHT)
    yield from person_agenda.exhibits(ask, rows, t, LIGHT)
    yield from person_attitude.exhibits(ask, rows, t, LIGHT)
    yield from person_attitude.tones(ask, rows, t, LIGHT)
    yield from person_rules.rules(ask, choices, t, LIGHT)
    yield from person_rules.accounts(ask, t, LIGHT)


def one(path: Path, who: str, metric: str, t: Words = NL) -> Exhibit:
    return next(each for each in exhibits(path, who, t) if each.metric == metric)


def row(value: float | None, low: float = 0.0, high: float = 0.0, **more: Any) -> dict[str, Any]:
    known = {
        "metric": "conversation",
        "value": value,
        "low": low,
        "high": high,
        "numerator": 12,
        "denominator": 40,
        "effective_n": 35.0,
        "reason": None,
        "word": None,
    }
    return known | more


# --- sentences -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("season", "key"),
    [
        (row(0.4, 0.35, 0.45), "classes.more"),
        (row(0.1, 0.05, 0.15), "classes.less"),
        (row(0.3, 0.24, 0.36), "classes.unclear"),
        (row(None, reason="no_season"), "classes.sentence"),
        (None, "classes.sentence"),
    ],
)
@pytest.mark.parametrize("lang", LOCALES)
def test_a_season_is_set_apart_only_where_the_margins_lie_apart(
    lang: str, season: Any, key: str
) -> None:
    t = words(lang)
    told = person_partners.conversation_sentence(row(0.25, 0.2, 0.3), season, t)
    values = {"off": t.percent(0.25)}
    if key != "classes.sentence":
        values["season"] = t.percent(season["value"])
    assert told == t(key, **values)


@pytest.mark.parametrize("lang", LOCALES)
def test_answers_are_said_by_the_days_that_are_known(lang: str) -> None:
    t = words(lang)
    both = {1: row(0.4, 0.3, 0.5), 14: row(0.8, 0.7, 0.9)}
    told = person_answers.sentence(both, t)
    assert t.percent(0.4) in told
    assert t.percent(0.8) in told
    assert "14" in told
    short = person_answers.sentence({3: row(0.5, 0.4, 0.6)}, t)
    assert short == t("curve.upto", days="3", all=t.percent(0.5))


@pytest.mark.parametrize("lang", LOCALES)
def test_other_rules_tell_range_band_and_what_moves_the_score_most(lang: str) -> None:
    t = words(lang)
    score = {
        "alternative_low": 57.0,
        "alternative_high": 70.0,
        "alternative_keep": 0.9474,
        "moved_most_by": "weight_return double",
    }
    told, most = person_rules.sentence(score, 19, t)
    assert all(part in told for part in ("19", "57", "70", t.percent(0.9474)))
    assert t("pillar.return").lower() in most.lower()
    no_band, _ = person_rules.sentence(score | {"alternative_keep": None}, 19, t)
    assert no_band == t("rules.sentence_plain", n="19", low="57", high="70")
    assert person_rules.sentence(dict.fromkeys(score), 0, t) == (t("rules.none"), "")


@pytest.mark.parametrize("lang", LOCALES)
def test_campaign_and_service_are_told_side_by_side_without_a_verdict(lang: str) -> None:
    t = words(lang)
    rows = {
        ("campaign_share", "off_season"): row(0.04),
        ("service_share", "off_season"): row(0.42),
    }
    off = t("attitude.sentence", campaign=t.percent(0.04), service=t.percent(0.42))
    assert person_attitude.attitude_sentence(rows, t) == off
    rows[("campaign_share", "season")] = row(0.18)
    assert person_attitude.attitude_sentence(rows, t) == off
    rows[("service_share", "season")] = row(0.38)
    both = person_attitude.attitude_sentence(rows, t)
    assert both is not None
    assert t.percent(0.18) in both
    assert t.percent(0.38) in both
    rows[("service_share", "off_season")] = row(None, reason="too_few")
    assert person_attitude.attitude_sentence(rows, t) is None


def test_tone_is_written_with_its_sign() -> None:
    rows = {("tone_acts", "off_season"): row(-0.1234)}
    assert "−0,12" in str(person_attitude.tone_sentence(rows, NL))


def test_a_promise_is_never_said_not_to_be_kept() -> None:
    for lang in LOCALES:
        t = words(lang)
        told = measures.formula("followed_up_in_public", row(0.0, 0.0, 0.1, numerator=0), t)
        assert t.percent(0) in told
        for word in ("gebroken", "niet nagekomen", "non tenue", "not kept", "broken"):
            assert word not in told


def test_the_formula_has_the_persons_own_numbers() -> None:
    told = measures.working("return", "all", row(0.3, 0.2, 0.41), NL)
    assert "12 / 40 = 30%" in told
    assert "20% tot 41%, alsof het om 35 losse waarnemingen ging" in told


@pytest.mark.parametrize("name", measures.MEASURES)
@pytest.mark.parametrize("lang", LOCALES)
def test_every_measure_is_explained_or_says_why_not(name: str, lang: str) -> None:
    t = words(lang)
    assert "{" not in measures.working(name, "all", row(0.3, 0.2, 0.41), t)
    missing = measures.working(name, "all", row(None, reason="too_few"), t)
    assert "0%" not in missing
    assert len(missing) > 30


# --- what is shown ---------------------------------------------------------------------


@pytest.mark.parametrize("who", [each.slug for each in PEOPLE])
@pytest.mark.parametrize("lang", LOCALES)
def test_every_exhibit_has_a_sentence_and_a_table_beside_its_picture(
    published: Path, who: str, lang: str
) -> None:
    for exhibit in exhibits(published, who, words(lang)):
        assert exhibit.sentence
        assert not exhibit.sentence.endswith(".")
        if exhibit.draw is not None:
            assert exhibit.rows, exhibit.metric
            assert not exhibit.data.empty, exhibit.metric
        for cells in exhibit.rows:
            assert len(cells) == len(exhibit.headings), exhibit.metric


def test_fewer_than_ten_citizens_are_nowhere_counted_out(published: Path) -> None:
    agenda = one(published, "bram-de-winter", "topic_share")
    safety = next(cells for cells in agenda.rows if cells[0] == "Veiligheid")
    assert safety[1] == "minder dan 10"
    raised = one(published, "bram-de-winter", "topic_raised")
    assert [cells[2] for cells in raised.rows] == ["minder dan 10", "minder dan 10", "12"]
    assert [cells[3] for cells in raised.rows] == ["niet te zeggen", "niet gezien", "ja"]
    quarters = one(published, "bram-de-winter", "partner_mix").rows
    assert any(cells[1:] == ["", "", "", "minder dan 10 inwoners"] for cells in quarters)
    assert any(cells[3] == "minder dan 10" for cells in quarters)
    told = {cell for cells in quarters for cell in cells[1:4] if cell.isdigit()}
    assert told
    assert not told & {str(n) for n in range(1, 10)}


def test_a_number_without_margin_is_called_descriptive() -> None:
    row: dict[str, Any] = {"value": 9.4, "low": None, "high": None, "numerator": None}
    row |= {"denominator": 60, "effective_n": None, "reason": None, "word": "descriptive"}
    for name in ("partners_per_30", "effective_partners", "relation_days", "pick_up"):
        assert measures.figure(name, row, NL).margin == "beschrijvend"
        assert "beschrijvend" in measures.table_rows([(name, "all")], {(name, "all"): row}, NL)[0]
        assert measures.working(name, "all", row, NL).endswith("Beschrijvend.")
    assert "minder dan 10" in measures.formula("effective_partners", row, NL)


@pytest.mark.parametrize(
    ("lang", "cell", "sentence"),
    [
        ("nl", "2,0 en meer", "vanaf 2,0"),
        ("fr", "2,0 et plus", "à partir de 2,0"),
        ("en", "2.0 and more", "from 2.0"),
    ],
)
def test_a_wait_whose_upper_end_was_not_seen_is_told_from_where_it_begins(
    lang: str, cell: str, sentence: str
) -> None:
    t, name = words(lang), "response_median_days"
    open_row = row(2.0, 2.0) | {"high": None}
    assert cell in measures.figure(name, open_row, t).margin
    assert cell in measures.table_rows([(name, "all")], {(name, "all"): open_row}, t)[0]
    assert sentence in measures.working(name, "all", open_row, t)


def test_a_small_step_of_the_ladder_is_in_no_number_that_gives_it_away() -> None:
    row = {"once": 12, "two_to_four": None, "five_or_more": 0, "partner_count": None}
    data = pd.DataFrame([{"person_id": "p1", **row, "reason": None}])
    found = person_partners.ladder(data, NL, LIGHT)
    assert [cells[1] for cells in found.rows] == ["12", "minder dan 10", "0"]
    assert found.sentence.startswith("Met minstens 13 inwoners is gepraat")


@pytest.mark.parametrize(
    ("counts", "is_new"),
    [((12, None, 0), True), ((12, None, None), None), ((None, 10, 0), False), ((None,) * 3, None)],
)
def test_what_most_were_is_not_said_where_small_counts_leave_it_open(
    counts: Counts, is_new: bool | None
) -> None:
    assert person_partners.is_mostly_new(counts) is is_new


def test_a_sender_is_told_by_the_longest_stretches_and_how_sure_they_are(published: Path) -> None:
    exhibit = one(published, "dirk-zender", "broadcast")
    assert exhibit.sentence.startswith("3 perioden van minstens 28 bekende dagen")
    assert exhibit.more[0].startswith("61 dagen")
    assert exhibit.more[1].startswith("Minstens 40 dagen")
    assert "grenst aan een onbekende dag" in exhibit.more[2]


@pytest.mark.parametrize(
    ("who", "step"),
    [("elif-feedman", "part.next_account"), ("hanne-onbekend", "part.next_collect")],
)
def test_what_is_missing_comes_with_a_next_step(published: Path, who: str, step: str) -> None:
    assert one(published, who, "partner_ladder").next_step == NL(step)
    assert one(published, who, "partner_ladder").draw is None


def test_a_rule_that_needs_other_pillars_is_not_compared(published: Path) -> None:
    rows = one(published, "chloe-vanpiek", "other_rules").rows
    lost = next(cells for cells in rows if cells[1] == "")
    assert lost[3] == NL("rules.other_pillars")


# --- pictures and downloads ------------------------------------------------------------


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    text = files("altair.vegalite.v6.schema").joinpath("vega-lite-schema.json").read_text("utf-8")
    return dict(json.loads(text))


@pytest.mark.parametrize("who", ["amber-stroobants", "hanne-onbekend", "jef-zonder-stembus"])
def test_every_picture_is_valid_and_draws(
    published: Path, who: str, schema: dict[str, Any]
) -> None:
    for exhibit in exhibits(published, who):
        if exhibit.draw is None:
            continue
        for narrow in (False, True):
            spec = exhibit.draw(narrow)
            jsonschema.validate(spec, schema)
            drawn = vl_convert.vegalite_to_svg(spec | {"width": 300}, vl_version="6.4")
            assert "NaN" not in drawn, exhibit.metric
            assert "undefined" not in drawn, exhibit.metric


def test_a_picture_taken_along_carries_finding_and_source(published: Path) -> None:
    exhibit = one(published, "amber-stroobants", "response_curve")
    assert exhibit.draw is not None
    spec = titled(exhibit.draw(False), "Een zin", "Bron: kopie 1. n = 180.", DARK)
    drawn = svg(spec).decode("utf-8")
    assert "Een zin" in drawn
    assert "n = 180." in drawn
    assert DARK.background in drawn
    assert png(spec).startswith(b"\x89PNG")


def test_a_file_is_named_after_person_metric_and_run() -> None:
    name = file_name("bram-de-winter", "partner_ladder", "20261122T015341Z-1f26ca26", "csv")
    assert name == "bram-de-winter_partner-ladder_20261122t015341z-1f26ca26.csv"


def test_a_table_taken_along_has_nulls_as_nothing_and_no_formulas() -> None:
    data = pd.DataFrame({"handle": ["=cmd()", "é"], "value": [float("nan"), 0.25]})
    text = csv(Taken("p", "m", "", "Bron", data)).decode("utf-8-sig")
    assert text.splitlines() == ["handle,value", "'=cmd(),", "é,0.25", "", "Bron"]


# --- the page --------------------------------------------------------------------------


@pytest.fixture
def app(published: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("WINTERSLAAP_DATA", str(published.parents[1]))
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)


def opened(app: AppTest, who: str, **asked: str) -> AppTest:
    for key, value in asked.items():
        app.query_params[key] = value
    app.query_params["person"] = who
    app.switch_page("dashboard/pages/person.py")
    app.run()
    assert not app.exception, [error.value for error in app.exception]
    return app


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("lang", LOCALES)
def test_a_subject_opens_from_the_address(app: AppTest, part: str, lang: str) -> None:
    page = opened(app, "amber-stroobants", part=part, lang=lang)
    assert page.segmented_control(key="address-part").value == part
    assert len(page.header) >= 6


def test_only_the_chosen_subject_is_drawn(app: AppTest) -> None:
    page = opened(app, "amber-stroobants", part="tone")
    headers = [header.value for header in page.header]
    assert "Toon in en buiten verkiezingstijd" in headers
    assert "Hoe vaak dezelfde inwoners" not in headers


def test_all_subjects_stand_on_one_page_to_print(app: AppTest) -> None:
    def headers(part: str) -> list[str]:
        page = opened(app, "amber-stroobants", part=part)
        return [header.value for header in page.header]

    every = headers("all")
    for part in PARTS:
        assert set(headers(part)) <= set(every), part
    assert len(every) == len(set(every))


def test_five_pillars_stand_behind_the_sentence(app: AppTest) -> None:
    shown = " ".join(str(html.proto.body) for html in opened(app, "amber-stroobants").get("html"))
    for key in ("presence", "conversation", "answering", "return", "steadiness"):
        assert NL(f"pillar.{key}") in shown


def test_showing_a_picture_leaves_the_kept_one_as_it_was(app: AppTest, published: Path) -> None:
    opened(app, "amber-stroobants")
    run = read.run(published)
    window = (run.from_on, run.to_on - pd.Timedelta(days=1).to_pytimedelta())
    args = (published, window, "amber-stroobants", "nl", LIGHT)
    kept = person_drawn.timeline_of(*args, narrow=False)
    before = copy.deepcopy(kept)
    app.run()
    assert kept == before
    assert person_drawn.timeline_of(*args, narrow=False) is kept
