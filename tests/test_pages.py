"""Each page by its logic: filters, languages, empty states, gate reasons, invented labels."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from metrics.text.quality import quality
from tests.published_copy import PEOPLE, build

ROOT = Path(__file__).parents[1]
PAGES = ("overview", "person", "coverage", "method")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    build(folder)
    return folder


@pytest.fixture
def page(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setenv("WINTERSLAAP_DATA", str(data_dir))
    return Page()


class Page:
    """One reader's visit to one page."""

    def open(self, name: str = "overview", **asked: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        for key, value in asked.items():
            app.query_params[key] = value
        if name != "overview":
            app.switch_page(f"dashboard/pages/{name}.py")
        app.run()
        assert not app.exception, [error.value for error in app.exception]
        return app


def shown(app: AppTest) -> str:
    """All text of a page, tables aside."""
    parts = [one.value for kind in ("title", "header", "markdown", "info", "warning")
             for one in getattr(app, kind)]  # fmt: skip
    parts += [one.proto.body for one in app.get("html")]
    return "\n".join(str(part) for part in parts)


def names(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["name"])


@pytest.mark.parametrize("lang", ["nl", "fr", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_runs_in_every_language(page: Page, name: str, lang: str) -> None:
    app = page.open(name, lang=lang)
    assert len(app.title) == 1
    assert app.query_params["lang"] == lang


def test_the_language_of_the_address_is_the_language_of_the_page(page: Page) -> None:
    assert page.open().title[0].value == "Wie praat het hele jaar met inwoners?"
    assert page.open(lang="fr").title[0].value.startswith("Qui parle")
    assert page.open(lang="en").title[0].value.startswith("Who talks")
    assert page.open(lang="tlh").title[0].value.startswith("Wie praat")


def test_choosing_a_language_puts_it_into_the_address(page: Page) -> None:
    app = page.open()
    app.segmented_control(key="address-language").set_value("fr").run()
    assert app.query_params["lang"] == "fr"
    assert app.title[0].value.startswith("Qui parle")


@pytest.mark.parametrize("name", PAGES)
def test_without_a_published_copy_the_page_says_the_next_step(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINTERSLAAP_DATA", str(tmp_path))
    app = Page().open(name)
    assert app.title[0].value == "Nog niets gepubliceerd"
    assert "winterslaap demo" in app.code[0].value


def test_the_overview_lists_everybody_by_name(page: Page) -> None:
    assert names(page.open()) == sorted(who.name for who in PEOPLE)


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({"municipality": "proefdorp"}, {"Ilse Zelden", "Jef Zonder Stembus", "Kaat Ziek"}),
        ({"party": "groen-dorp"}, {"Dirk Zender", "Femke Nieuw", "Ilse Zelden"}),
        ({"office": "mayor"}, {"Dirk Zender"}),
        ({"q": "chloe"}, {"Chloë Vanpiek"}),
        ({"q": "LIJST duin", "municipality": "proefdorp"}, {"Jef Zonder Stembus"}),
    ],
)
def test_the_address_filters_the_overview(
    page: Page, asked: dict[str, str], kept: set[str]
) -> None:
    assert set(names(page.open(**asked))) == kept


def test_a_filter_that_names_nothing_is_ignored(page: Page) -> None:
    assert len(names(page.open(party="no-such-list"))) == len(PEOPLE)


def test_filtering_writes_a_slug_into_the_address(page: Page) -> None:
    app = page.open()
    app.selectbox(key="address-party").set_value("groen-dorp").run()
    assert app.query_params["party"] == "groen-dorp"
    assert len(names(app)) == 3
    app.selectbox(key="address-party").set_value(None).run()
    assert "party" not in app.query_params
    assert len(names(app)) == len(PEOPLE)


def test_a_search_without_result_says_what_to_do(page: Page) -> None:
    app = page.open(q="zzz")
    assert app.info[0].value.startswith("Niemand past")
    assert not app.exception


def test_key_figures_have_their_denominators(page: Page) -> None:
    text = shown(page.open())
    assert "Gemiddelde over 356 vragenstellers bij 7 personen; samen 256 van 594 vragen" in text
    assert "Bij diezelfde 7 personen is het buiten verkiezingstijd 43%" in text
    assert "van 11 personen van wie dagen bekend zijn" in text


def test_a_missing_number_is_a_reason_and_never_zero(page: Page) -> None:
    table = page.open().dataframe[0].value.set_index("name")
    row = table.loc["Gust Ongevraagd"]
    assert row.isna()["answers"]
    assert row["answers_margin"] == "geen vragen"
    assert table.loc["Elif Feedman", "answers_margin"] == "niet te zien"


def test_no_ordinal_rank_is_printed(page: Page) -> None:
    app = page.open()
    assert not {"rank", "plaats", "#"} & set(app.dataframe[0].value.columns)


def test_an_unknown_month_hangs_below_the_line(page: Page) -> None:
    table = page.open().dataframe[0].value.set_index("name")
    assert min(table.loc["Femke Nieuw", "months"]) < 0
    assert min(table.loc["Amber Stroobants", "months"]) >= 0


@pytest.mark.parametrize("name", ["overview", "person", "coverage", "method"])
def test_invented_people_are_labelled_as_invented(page: Page, name: str) -> None:
    assert "erzonnen" in shown(page.open(name))


def test_real_people_are_not_labelled_as_invented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, is_invented=False)
    monkeypatch.setenv("WINTERSLAAP_DATA", str(tmp_path))
    assert "Verzonnen" not in shown(Page().open())


@pytest.mark.parametrize("who", [one.slug for one in PEOPLE])
def test_every_person_has_a_page_of_their_own(page: Page, who: str) -> None:
    app = page.open("person", person=who)
    name = next(one.name for one in PEOPLE if one.slug == who)
    assert app.title[0].value == name
    assert "in het openbaar" in shown(app)


def test_the_winter_sleeper_is_found_asleep_and_the_ill_one_is_not(page: Page) -> None:
    asleep = shown(page.open("person", person="bram-de-winter"))
    assert "bleef het op deze accounts 34 weken stil" in asleep
    ill = shown(page.open("person", person="kaat-ziek"))
    assert "bleef het" not in ill
    assert "gedocumenteerde reden" in ill


def test_a_rare_poster_is_not_called_asleep(page: Page) -> None:
    text = shown(page.open("person", person="ilse-zelden"))
    assert "zelden te zien" in text
    assert "kan dan toeval zijn" in text
    assert "bleef het" not in text


def test_a_person_who_is_not_published_is_said_to_be_missing(page: Page) -> None:
    app = page.open("person", person="nobody-here")
    assert app.title[0].value == "Persoon"
    assert app.warning[0].value.startswith("Deze persoon staat niet")


def test_choosing_a_person_puts_the_slug_into_the_address(page: Page) -> None:
    app = page.open("person")
    app.selectbox(key="address-person").set_value("dirk-zender").run()
    assert app.query_params["person"] == "dirk-zender"
    assert app.title[0].value == "Dirk Zender"


def test_choosing_a_year_puts_it_into_the_address(page: Page) -> None:
    app = page.open("person", person="dirk-zender")
    app.segmented_control(key="address-year").set_value("2020").run()
    assert app.query_params["year"] == "2020"
    assert not app.exception


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("gust-ongevraagd", "Geen inwoner stelde in het openbaar een vraag"),
        ("elif-feedman", "Dit account of deze bron toont het niet"),
        ("femke-nieuw", "Minder dan 30 bekende dagen in verkiezingstijd"),
        ("hanne-onbekend", "minstens 26 gewone weken nodig"),
        ("ilse-zelden", "Minder dan 20 eigen berichten"),
        ("jef-zonder-stembus", "geen verkiezing die voor deze persoon telt"),
    ],
)
def test_a_gate_is_explained_in_plain_words(page: Page, who: str, reason: str) -> None:
    assert reason in shown(page.open("person", person=who))


def test_a_table_stands_under_each_picture(page: Page) -> None:
    app = page.open("person", person="hanne-onbekend")
    tables = [frame.value for frame in app.dataframe]
    assert len(tables) == 2
    days = tables[0]
    unknown = days[days["Bekend?"] == "onbekend"]
    assert len(unknown) == 20
    assert unknown["Antwoorden aan inwoners"].isna().all()


def test_every_picture_has_words_for_who_cannot_see_it(page: Page) -> None:
    app = page.open("person", person="bram-de-winter")
    charts = app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")
    calendar_and_timeline = charts[:4]
    assert len(calendar_and_timeline) == 4
    assert all("34 weken stil" in chart.proto.alt for chart in calendar_and_timeline)
    assert all(len(chart.proto.alt) > 60 for chart in charts)


def test_problems_come_with_what_to_do(page: Page) -> None:
    text = shown(page.open("coverage"))
    assert "no answer in 20 s" in text
    assert "Later opnieuw: winterslaap collect" in text


def test_the_method_prints_choices_and_descriptions_of_the_copy(page: Page) -> None:
    text = shown(page.open("method"))
    assert "Days within which an answer counts." in text
    assert "NULL below its gate" in text


def test_the_method_prints_how_well_the_lists_read(page: Page) -> None:
    text = shown(page.open("method"))
    assert "Hoe goed de woordenlijsten lezen" in text
    assert "Onder κ 0,7 blijft het beschrijvend" in text
    whole = next(s for s in quality() if (s.language, s.feature, s.value) == ("nl", "label", "all"))
    assert whole.kappa is not None
    kappa = f"{whole.kappa:.2f}".replace(".", ",")
    assert f">{kappa}</td><td>beschrijvend</td>" in text
    assert text.count("vraagt een stem") == 4


def test_markup_in_names_stays_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    path = build(tmp_path)
    with duckdb.connect(str(path)) as con:
        con.execute("update account set handle = '<img src=x onerror=alert(1)>'")
        con.execute("update person set party = '<b>list</b>'")
    monkeypatch.setenv("WINTERSLAAP_DATA", str(tmp_path))
    text = shown(Page().open("person", person="dirk-zender"))
    assert "<img" not in text
    assert "<b>list" not in text
    assert "&lt;img" in text
