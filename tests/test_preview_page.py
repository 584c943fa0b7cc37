"""The person a card is about sees it first, answers on it and tells of an absence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access
from dashboard.loopback import EDITABLE
from ingest import roster
from tests.published_copy import PEOPLE, build

ROOT = Path(__file__).parents[1]
WHO = PEOPLE[0].slug
EDITION = "be-vlg-2030-test"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    build(tmp_path)
    folder = tmp_path / "rosters" / "voorbeeldstad"
    folder.mkdir(parents=True)
    rows = "".join(f"{one.slug},{one.name},yes\n" for one in PEOPLE)
    (folder / "people.csv").write_text(f"person_id,name,is_invented\n{rows}", "utf-8")
    monkeypatch.setenv("WINTERSLAAP_DATA", str(tmp_path))
    monkeypatch.setenv(EDITABLE, "1")
    monkeypatch.setattr(access, "_headers", lambda: {"Host": "localhost:8501"})
    monkeypatch.setattr(access, "_ip", lambda: None)
    return tmp_path


def opened(**asked: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in asked.items():
        app.query_params[key] = value
    app.switch_page("dashboard/pages/preview.py").run()
    assert not app.exception, [error.value for error in app.exception]
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception, [error.value for error in app.exception]
    return app


def fill(app: AppTest, label: str, value: str) -> None:
    next(one for one in app.text_input if one.label == label).set_value(value)


def test_nobody_is_shown_before_somebody_is_chosen(data: Path) -> None:
    app = opened()
    assert [one.value for one in app.info] == ["Kies een persoon om de kaart te zien."]
    assert not app.text_area


def test_the_card_is_a_picture_that_says_its_finding(data: Path) -> None:
    app = opened(person=WHO, edition=EDITION)
    [picture] = [one.proto.body for one in app.get("html") if "<img" in one.proto.body]
    assert 'alt=""' not in picture
    assert "data:image/png;base64," in picture


def test_a_reply_is_kept_word_for_word_and_can_be_withdrawn(data: Path) -> None:
    app = opened(person=WHO, edition=EDITION)
    app.text_area[0].set_value('Ik was "weg", tot maart; nu antwoord ik.')
    app = press(app, "Reactie bewaren")
    assert [one.value for one in app.success] == ["Bewaard."]
    (kept,) = roster.read(data).statements
    assert (kept.person_id, kept.edition_id) == (WHO, EDITION)
    assert kept.text == 'Ik was "weg", tot maart; nu antwoord ik.'
    press(app, "Reactie intrekken")
    assert roster.read(data).statements == ()


def test_an_absence_is_documented_and_can_be_struck_out(data: Path) -> None:
    app = opened(person=WHO)
    fill(app, "Eerste dag", "2021-01-04")
    app = press(app, "Afwezigheid bewaren")
    (kept,) = roster.read(data).absences
    assert (kept.from_on, kept.to_on, kept.reason) == (date(2021, 1, 4), None, "illness")
    press(app, "Schrappen")
    assert roster.read(data).absences == ()


def test_what_cannot_be_read_is_told_and_nothing_is_written(data: Path) -> None:
    app = opened(person=WHO)
    fill(app, "Eerste dag", "4/1/2021")
    app = press(app, "Afwezigheid bewaren")
    assert [one.value for one in app.error] == ["Niets bewaard:"]
    assert "column from_on" in app.code[0].value
    assert roster.read(data).absences == ()


def test_a_visitor_sees_no_card_and_no_form(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_headers", lambda: {"Host": "winterslaap.example"})
    alone = AppTest.from_file(str(ROOT / "dashboard/pages/preview.py"), default_timeout=30)
    alone.query_params["person"] = WHO
    alone.run()
    assert len(alone.warning) == 1
    assert not alone.text_area
    assert not [one for one in alone.get("html") if "<img" in one.proto.body]
