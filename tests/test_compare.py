"""Compare: who stands in the picture, what may be said of them, and what stands in the address."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pandas as pd
import pytest
import vl_convert
from streamlit.testing.v1 import AppTest

from dashboard import compare_funnel, compare_groups, compare_people, compare_table
from dashboard.charts import Spec
from dashboard.compare_chart import dots
from dashboard.compare_funnel import Dot, Funnel, Limit, funnel_chart
from dashboard.compare_groups import Group, groups_chart
from dashboard.compare_table import MEASURES, Line
from dashboard.days import Acts, Life
from dashboard.download import VL_VERSION
from dashboard.findings import Number
from dashboard.look import DARK, LIGHT
from dashboard.timeline_chart import scale_of, timeline
from dashboard.words import words
from metrics import read
from tests.published_copy import PEOPLE, build
from tests.published_people import FROM, TO

ROOT = Path(__file__).parents[1]
NL = words("nl")
ANSWERS, ACTS = MEASURES["answers"], MEASURES["acts"]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def people(copy: Path) -> pd.DataFrame:
    return read.comparison(copy)


def number(value: float | None, margin: float = 0.1, **more: Any) -> Number:
    if value is None:
        return Number(reason="too_few")
    filled: dict[str, Any] = {"is_comparable": True, "effective_n": 40.0} | more
    return Number(value, value - margin, value + margin, 20, 40, **filled)


def line(off: Number, season: Number | None = None, **more: Any) -> Line:
    filled: dict[str, Any] = {
        "slug": "an-ja",
        "name": "An Ja",
        "peers": ("councillor", "local"),
        "burst": number(2.0, 0.5, word="campaign_burst"),
        "chances": (0.0, 0.1, 0.85, 0.05, 0.0),
        "band": "C",
        "median": 0.5,
    }
    return Line(off=off, season=season or number(None), **filled | more)


def limits(centre: float = 0.5) -> Funnel:
    rows = [(10, 0.3, 0.4), (100, 0.1, 0.2)]
    return Funnel(
        ("councillor", "local"),
        7,
        centre,
        tuple(Limit(n, centre - a, centre + a, centre - b, centre + b) for n, a, b in rows),
    )


# what may be said


@pytest.mark.parametrize(
    ("off", "standing"),
    [
        (number(0.7), "above"),
        (number(0.3), "below"),
        (number(0.55), "unclear"),
        (number(0.7, is_comparable=False), ""),
        (number(None), ""),
        (replace(number(0.7), low=None, high=None), ""),
    ],
)
def test_clearly_above_means_the_whole_interval_of_a_comparable_number(
    off: Number, standing: str
) -> None:
    assert line(off).standing == standing


def test_without_six_peers_nobody_is_above_or_below() -> None:
    assert line(number(0.9), median=None).standing == ""
    assert compare_table.finding([line(number(0.9), median=None)], NL) == ""


def test_an_interval_that_touches_the_median_is_not_clear() -> None:
    off = replace(number(0.7), low=0.5)
    assert line(off).standing == "unclear"


def test_the_sentence_counts_only_those_who_are_compared() -> None:
    found = [
        line(number(0.7)), line(number(0.3)), line(number(0.5)),
        line(number(0.9, is_comparable=False)),
    ]  # fmt: skip
    assert "mediaan van de collega’s: 1 van 3 mensen" in compare_table.finding(found, NL)
    assert compare_table.finding(found, NL).endswith("Duidelijk eronder: 1.")
    assert compare_table.finding([line(number(0.5))] * 4, NL).startswith("Bij geen van deze 4")


def test_seasons_are_apart_only_where_both_may_be_compared() -> None:
    assert line(number(0.2), number(0.8)).apart
    assert not line(number(0.2), number(0.35)).apart
    assert not line(number(0.2), number(0.8, is_comparable=False)).apart
    told = compare_table.besides([line(number(0.2), number(0.8)), line(number(0.2))], NL)
    assert "Bij 1 van 1 persoon" in told
    assert "2 van 2 mensen" in told


def test_a_measure_without_intervals_has_no_sentence_about_them() -> None:
    bare = replace(number(2.0), low=None, high=None)
    assert compare_table.finding([line(bare, bare, median=1.0)], NL) == ""
    assert "marges" not in compare_table.besides([line(bare, bare, median=1.0)], NL)


def test_the_funnel_interpolates_between_its_limits() -> None:
    limit = limits().limit(55)
    assert limit.low_95 == pytest.approx(0.5 - 0.2)
    assert limit.high_998 == pytest.approx(0.5 + 0.3)
    assert limits().limit(10).low_95 == pytest.approx(0.2)
    assert limits().limit(500).low_95 == pytest.approx(0.4)


def test_who_has_too_few_questions_is_not_called_outside(people: pd.DataFrame, copy: Path) -> None:
    [funnel] = compare_funnel.funnels(read.all_of(copy, "funnel")).values()
    seen = {dot.name: dot for dot in compare_funnel.dots_of(people, funnel)}
    assert seen["Bram De Winter"].where.endswith("below")
    few = people.assign(answers_is_comparable=False)
    assert {dot.where for dot in compare_funnel.dots_of(few, funnel)} == {""}
    assert "genoeg vragen" in compare_funnel.outside_told(compare_funnel.dots_of(few, funnel), NL)


def test_only_peers_stand_in_a_funnel(people: pd.DataFrame, copy: Path) -> None:
    [funnel] = compare_funnel.funnels(read.all_of(copy, "funnel")).values()
    names = {dot.name for dot in compare_funnel.dots_of(people, funnel)}
    assert "Dirk Zender" not in names  # the mayor
    assert "Gust Ongevraagd" not in names  # whom nobody asked


def dot(name: str, where: str, rate: float = 0.5, askers: int = 20) -> Dot:
    return Dot(name, askers, rate, bool(where), where)


def test_the_funnel_names_few_and_counts_many() -> None:
    some = [dot("An", "far_below"), dot("Bo", "inside"), dot("Cis", "")]
    assert (
        compare_funnel.outside_told(some, NL)
        == "Minder antwoorden dan de trechter van 95% verwacht: An."
    )
    many = [dot(f"P{n}", "above") for n in range(9)]
    assert "9 personen" in compare_funnel.outside_told(many, NL)
    assert compare_funnel.outside_told([dot("Bo", "inside")], NL).startswith("De 1 persoon")


def test_names_in_the_funnel_do_not_stand_on_one_another() -> None:
    rows = compare_funnel.spread([dot(f"P{n}", "above", 0.8 + n / 1000) for n in range(5)])
    heights = [float(row["y"]) for row in rows]
    gaps = [b - a for a, b in itertools.pairwise(heights)]
    assert min(gaps) >= compare_funnel.APART - 1e-9


def test_a_group_of_five_has_no_median_and_one_of_six_has() -> None:
    rows = pd.DataFrame(
        {
            "party": ["A"] * 5 + ["B"] * 6 + ["C"],
            "answers_value": [0.1 * n for n in range(5)] + [0.1 * n for n in range(6)] + [None],
            "answers_is_comparable": True,
        }
    )
    found = {one.name: one for one in compare_groups.groups(rows, "party", ANSWERS)}
    assert found["A"].median is None
    assert found["B"].median == pytest.approx(0.25)
    assert (found["B"].low, found["B"].high) == (pytest.approx(0.125), pytest.approx(0.375))
    assert (found["C"].people, found["C"].values) == (1, ())
    table = compare_groups.table(list(found.values()), ANSWERS, "party", NL)
    assert list(table["Mediaan"]) == ["te weinig", "25%", "te weinig"]
    assert list(table["Lijst"]) == ["A", "B", "C"]  # by name, whatever their medians


def test_who_may_not_be_compared_is_not_in_a_groups_median() -> None:
    rows = pd.DataFrame(
        {"party": ["A"] * 6, "answers_value": 0.5, "answers_is_comparable": [True] * 5 + [False]}
    )
    [group] = compare_groups.groups(rows, "party", ANSWERS)
    assert (group.people, len(group.values), group.median) == (6, 5, None)


def test_side_by_side_says_why_a_number_is_missing(people: pd.DataFrame) -> None:
    rows = people[people["person_id"] == "gust-ongevraagd"].to_dict("records")
    told = dict(compare_people.rows(rows, NL))
    assert told["Vragen beantwoord, buiten verkiezingstijd"] == "geen vragen"
    assert "(" in told["Aanwezig: weken met een bericht, buiten verkiezingstijd"]
    asleep = people[people["person_id"] == "bram-de-winter"].to_dict("records")
    assert dict(compare_people.rows(asleep, NL))["Winterslaap"] == "een winterslaap gevonden"


# the pictures


def specs() -> Iterator[tuple[str, Spec]]:
    found = [
        line(number(0.7), number(0.4), name='Ann "Ø" \\ O’Neil'),
        line(number(0.3, is_comparable=False), burst=number(None), chances=(), band="te kort"),
        line(number(None), number(0.9)),
    ]
    groups = [Group("A", 9, (0.1, 0.2, 0.3), 0.2, 0.15, 0.25), Group("B", 2, ())]
    dotted = [dot("An", "far_below", 0.1), dot("Bo", "inside"), dot("Cis", "", 0.9, 200)]
    for look in (LIGHT, DARK):
        for narrow in (False, True):
            yield "dots", dots(found, ANSWERS, NL, look, narrow=narrow)
            yield "acts", dots(found, ACTS, NL, look, narrow=narrow)
            yield "groups", groups_chart(groups, ANSWERS, NL, look, narrow=narrow)
            yield "funnel", funnel_chart(limits(), dotted, NL, look, narrow=narrow)


def test_the_specs_are_valid_and_draw_at_every_width() -> None:
    text = files("altair.vegalite.v6.schema").joinpath("vega-lite-schema.json").read_text("utf-8")
    schema = json.loads(text)
    for name, spec in specs():
        jsonschema.validate(spec, schema)
        for width in (288, 1_200):
            svg = vl_convert.vegalite_to_svg(spec | {"width": width}, vl_version=VL_VERSION)
            assert "NaN" not in svg, name


@pytest.mark.parametrize("narrow", [False, True])
def test_everybody_is_named_in_the_picture(narrow: bool) -> None:
    found = [line(number(0.5), name=f"Iemand {n:02}") for n in range(compare_table.MOST)]
    spec = dots(found, ANSWERS, NL, LIGHT, narrow=narrow) | {"width": 320 if narrow else 1_100}
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VL_VERSION)
    assert [one.name for one in found if one.name not in svg] == []


def _layers(spec: Spec, **mark: Any) -> list[dict[str, Any]]:
    return [
        row
        for one in spec["layer"]
        if mark.items() <= one["mark"].items()
        for row in one["data"]["values"]
    ]


def test_an_open_sign_is_one_that_may_not_be_compared() -> None:
    found = [line(number(0.7)), line(number(0.3, is_comparable=False))]
    points = _layers(dots(found, ANSWERS, NL, LIGHT), type="point", shape="circle", size=76)
    assert [row["fill"] for row in points] == [LIGHT.talk, LIGHT.background]


def test_the_median_is_a_line_in_the_rows_of_those_peers_only() -> None:
    found = [line(number(0.7)), line(number(0.3), median=None), line(number(0.4))]
    spec = dots(found, ANSWERS, NL, LIGHT)
    rows = _layers(spec, type="rule", color=LIGHT.ink)
    assert [(row["y"], row["y2"]) for row in rows] == [(0, 1), (2, 3)]
    texts = {str(row.get("text")) for one in spec["layer"] for row in one["data"]["values"]}
    assert "mediaan van de collega’s 50%" in texts


def test_a_band_is_five_squares_and_never_a_place() -> None:
    spec = dots([line(number(0.7))], ANSWERS, NL, LIGHT)
    squares = _layers(spec, type="rect", color=LIGHT.silence)
    assert len(squares) == 5
    assert "band C: 85% kans" in squares[2]["tip"]
    shown = [row["seen"] for row in _layers(spec, type="rect", color=LIGHT.ink)]
    assert shown.index(max(shown)) == 2


def test_on_a_phone_the_burst_has_its_interval_in_words() -> None:
    spec = dots([line(number(0.7))], ANSWERS, NL, LIGHT, narrow=True)
    texts = {str(row.get("text")) for one in spec["layer"] for row in one["data"]["values"]}
    assert "×2 (1,5–2,5)" in texts


def test_timelines_side_by_side_have_one_scale() -> None:
    quiet, loud = (
        Life(FROM, TO, {FROM: Acts(own=n, answers=n // 2)}, ((FROM, TO),), ((FROM, TO),), (), ())
        for n in (2, 40)
    )
    scale = scale_of([quiet, loud])
    first, second = (timeline(one, NL, LIGHT, scale=scale)["layer"][0] for one in (quiet, loud))
    assert first["encoding"]["y"]["scale"] == second["encoding"]["y"]["scale"]
    alone = timeline(quiet, NL, LIGHT)["layer"][0]
    assert alone["encoding"]["y"]["scale"] != first["encoding"]["y"]["scale"]


# the page


@pytest.fixture
def page(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setenv("WINTERSLAAP_DATA", str(copy.parents[1]))
    return Page()


class Page:
    """One reader's visit to Compare."""

    def open(self, **asked: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        for key, value in asked.items():
            app.query_params[key] = value
        app.switch_page("dashboard/pages/compare.py")
        app.run()
        assert not app.exception, [error.value for error in app.exception]
        return app


def shown(app: AppTest) -> str:
    parts = [one.value for kind in ("title", "header", "info") for one in getattr(app, kind)]
    parts += [one.proto.body for one in app.get("html")]
    return "\n".join(str(part) for part in parts)


def names(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value.iloc[:, 0])


@pytest.mark.parametrize(
    ("lang", "title"), [("nl", "Het hele jaar"), ("fr", "Toute l’année"), ("en", "All year")]
)
@pytest.mark.parametrize("what", MEASURES)
def test_the_page_asks_its_question_in_every_language(
    page: Page, lang: str, title: str, what: str
) -> None:
    app = page.open(lang=lang, what=what, people="amber-stroobants.bram-de-winter")
    assert app.title[0].value.startswith(title)
    assert "erzonnen" in shown(app) or lang != "nl"


def test_who_has_no_number_is_named_with_the_reason(page: Page) -> None:
    app = page.open()
    assert "Gust Ongevraagd" not in names(app)
    text = shown(app)
    assert "Gust Ongevraagd" in text
    assert "Geen inwoner stelde in het openbaar een vraag" in text


@pytest.mark.parametrize("sort", compare_table.SORTS)
def test_the_order_is_a_choice_and_no_rank_is_printed(page: Page, sort: str) -> None:
    app = page.open(sort=sort)
    table = app.dataframe[0].value
    assert not {"#", "rang", "plaats"} & {str(name).lower() for name in table.columns}
    assert not any(text.startswith(("1.", "1e ")) for text in names(app))
    if sort == "name":
        assert names(app) == sorted(names(app))
    if sort == "off":
        assert names(app)[0] == "Amber Stroobants"


def test_filters_stand_in_the_address_as_slugs(page: Page) -> None:
    app = page.open()
    app.selectbox(key="address-party").set_value("groen-dorp").run()
    assert app.query_params["party"] == "groen-dorp"
    assert set(names(app)) <= {"Dirk Zender", "Femke Nieuw", "Ilse Zelden"}
    app.toggle(key="address-comparable").set_value(True).run()
    assert app.query_params["comparable"] == "1"
    app.segmented_control(key="address-what").set_value("talk").run()
    assert app.query_params["what"] == "talk"
    app.toggle(key="address-comparable").set_value(False).run()
    assert "comparable" not in app.query_params


def test_only_comparable_people_remain_when_asked(page: Page) -> None:
    everybody, some = names(page.open()), names(page.open(comparable="1"))
    assert "Kaat Ziek" in everybody  # 20 questions: shown, not compared
    assert "Kaat Ziek" not in some
    assert set(some) < set(everybody)


def test_nobody_left_says_the_next_step(page: Page) -> None:
    app = page.open(party="groen-dorp", municipality="proefdorp", comparable="1")
    assert app.info[0].value.startswith("Niemand past bij deze keuze")


def test_the_first_step_of_side_by_side_is_said(page: Page) -> None:
    assert any("twee tot vier mensen" in one.value for one in page.open().info)
    assert any("nog iemand" in one.value for one in page.open(people="dirk-zender").info)


def test_chosen_people_stand_in_the_address_and_side_by_side(page: Page) -> None:
    app = page.open()
    app.multiselect(key="address-people").set_value(["dirk-zender", "bram-de-winter"]).run()
    assert app.query_params["people"] == "dirk-zender.bram-de-winter"
    headers = [one.value for one in app.header]
    assert headers.index("Dirk Zender") < headers.index("Bram De Winter")


def test_the_address_takes_four_people_and_ignores_who_is_not_there(page: Page) -> None:
    slugs = [one.slug for one in PEOPLE][:6]
    app = page.open(people=".".join(["nobody-here", slugs[0], *slugs]))
    assert app.multiselect(key="address-people").value == slugs[:4]


def test_too_few_in_every_group_says_so_and_why(page: Page) -> None:
    text = shown(page.open(by="party"))
    assert "Geen groep heeft 6 mensen" in text
    assert "te weinig" in page.open(by="party").dataframe[-1].value.to_string()


def test_every_picture_has_a_finding_in_words_and_a_table(page: Page) -> None:
    app = page.open(people="dirk-zender.bram-de-winter", by="municipality")
    charts = app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")
    assert len(charts) >= 8
    assert all(len(chart.proto.alt) > 30 for chart in charts)
    assert len(app.dataframe) >= 4


def test_more_people_than_fit_come_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, copies=6)
    monkeypatch.setenv("WINTERSLAAP_DATA", str(tmp_path))
    pages = [Page().open(part=part) for part in ("1", "2")]
    first, second = map(names, pages)
    told = [
        next(one.proto.body for one in page.get("html") if "ws-finding" in one.proto.body)
        for page in pages
    ]
    assert told[0] == told[1], "the sentence is about everybody"
    assert len(first) == compare_table.MOST
    assert second
    assert not set(first) & set(second)
    assert "hoogstens 40" in shown(Page().open())


def test_a_copy_without_peers_still_compares_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = build(tmp_path)
    with duckdb.connect(str(path)) as con:
        con.execute("delete from peer")
        con.execute("delete from funnel")
    monkeypatch.setenv("WINTERSLAAP_DATA", str(tmp_path))
    app = Page().open()
    assert names(app)
    assert "Een trechter vraagt minstens 6 mensen" in shown(app)
    assert "Duidelijk boven" not in shown(app)
