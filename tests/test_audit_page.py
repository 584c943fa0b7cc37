"""The audit page by its logic: what is dropped, recognised, counted, shown, taken and forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.testing.v1 import AppTest

from dashboard import access, audit_who
from dashboard.audit_run import Given, audit, survey
from dashboard.days import Day
from dashboard.loopback import EDITABLE
from dashboard.words import words
from tests.audit_world import (
    ONLY_IN_CAMPAIGN,
    SECRET,
    WHO,
    asked,
    collected,
    public_batch,
    roster_files,
    x_archive,
)
from tests.published_copy import build

ROOT = Path(__file__).parents[1]
HERE = {"Host": "localhost:8501"}
ELSEWHERE = {"Host": "winterslaap.example"}
TITLE = "Jouw jaar, voor jou alleen"

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Visit:
    build(tmp_path)
    roster_files(tmp_path)
    monkeypatch.setenv("WINTERSLAAP_DATA", str(tmp_path))
    monkeypatch.setattr(access, "_ip", lambda: None)

    def open_page(headers: dict[str, str] = HERE, lang: str = "nl") -> AppTest:
        monkeypatch.setenv(EDITABLE, "1")
        monkeypatch.setattr(access, "_headers", lambda: headers)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.query_params["lang"] = lang
        app.switch_page("dashboard/pages/audit.py")
        return run(app)

    return open_page


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, [error.value for error in app.exception]
    return app


def shown(app: AppTest) -> str:
    kinds = ("title", "header", "subheader", "markdown", "warning", "error", "success")
    parts = [one.value for kind in kinds for one in getattr(app, kind)]
    parts += [one.proto.body for one in app.get("html")]
    parts += [one.label for one in app.checkbox]
    return "\n".join(map(str, parts))


def dropped(app: AppTest, content: bytes, name: str = "x.zip") -> AppTest:
    app.file_uploader[0].set_value((name, content, "application/zip"))
    return run(app)


def as_an(app: AppTest) -> AppTest:
    app.selectbox(key="audit-person").set_value(WHO)
    return run(app)


def audited(visit: Visit, lang: str = "nl") -> AppTest:
    app = dropped(as_an(visit(lang=lang)), x_archive())
    app.button(key="audit-start").click()
    return run(app)


def test_a_visitor_from_elsewhere_cannot_drop_anything(visit: Visit) -> None:
    app = visit(ELSEWHERE)
    assert TITLE not in shown(app)
    assert not app.file_uploader


def test_without_a_file_the_page_says_how_to_get_one(visit: Visit) -> None:
    app = visit()
    assert app.title[0].value == TITLE
    assert "kies JSON, niet HTML" in shown(app)
    assert not [one for one in app.button if one.key == "audit-start"]


def test_what_was_recognised_stands_there_before_anything_is_counted(visit: Visit) -> None:
    app = dropped(as_an(visit()), x_archive())
    told = shown(app)
    assert "X archive" in told
    assert "X (anaudit)" in told
    assert ">201<" in told
    assert ">215<" in told
    assert app.title[0].value == TITLE


def test_a_wrong_file_says_what_to_do_and_counts_for_nothing(visit: Visit) -> None:
    app = dropped(as_an(visit()), b"<html>hallo</html>", "archief.html")
    assert app.error
    assert "archief" in app.error[0].value
    assert "Doe dit" in app.error[0].value
    assert app.warning, "nothing counts"
    assert not [one for one in app.button if one.key == "audit-start"]


def test_what_cannot_be_read_is_listed_by_file_row_and_column(visit: Visit) -> None:
    table = (
        "uri,account,created_at,kind,in_reply_to_account,in_reply_to_uri,text,lang\n"
        "https://a.example/1,an.audit.example,2024-05-01T10:00:00Z,post,,,Goed,nl\n"
        "https://a.example/2,an.audit.example,eergisteren,post,,,Fout,nl\n"
    )
    told = shown(dropped(as_an(visit()), table.encode(), "eigen.csv"))
    assert "eergisteren" in told
    assert "created_at" in told
    assert ">3<" in told, "the row as a spreadsheet counts"


@pytest.mark.parametrize("lang", ["nl", "fr", "en"])
def test_the_audit_is_there_in_every_language(visit: Visit, lang: str) -> None:
    app = audited(visit, lang)
    assert app.title[0].value == "An Audit"
    assert len(app.header) == 5
    assert len(app.subheader) == 7
    assert f"@{ONLY_IN_CAMPAIGN}".replace("_", r"\_") in shown(app)


def test_an_audit_without_a_forecast_is_shown_to_its_end(visit: Visit, tmp_path: Path) -> None:
    roster_files(tmp_path, to_on="2024-12-01")
    app = audited(visit)
    assert "Geen vooruitblik" in shown(app)
    assert words("nl")("audit.closing") in shown(app)


def test_things_to_do_are_ticked_and_stay_ticked(visit: Visit) -> None:
    app = audited(visit)
    box = app.checkbox[0]
    box.check()
    run(app)
    assert app.checkbox(key=box.key).value
    assert {one.proto.label for one in app.get("download_button")} == {
        "In mijn agenda (iCalendar)", "Alles als tekst",
    }  # fmt: skip


def test_forgetting_leaves_nothing_of_it_in_the_session(visit: Visit) -> None:
    app = audited(visit)
    app.button(key="audit-forget").click()
    run(app)
    assert app.title[0].value == TITLE
    assert app.success
    assert "audit-made" not in app.session_state
    assert "audit-seen" not in app.session_state
    for word in (SECRET, ONLY_IN_CAMPAIGN):
        assert word not in str(app.session_state) + shown(app)


def test_the_files_leave_the_servers_memory_once_they_are_counted(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[str] = []
    remove = MemoryUploadedFileManager.remove_file

    def noted(self: MemoryUploadedFileManager, session_id: str, file_id: str) -> None:
        removed.append(file_id)
        remove(self, session_id, file_id)

    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", noted)
    app = audited(visit)
    assert len(removed) == 1
    assert not app.file_uploader


def test_nothing_of_the_archive_is_on_the_disk_while_the_page_shows_it(
    visit: Visit, tmp_path: Path
) -> None:
    before = {path: path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()}
    app = audited(visit)
    after = {path: path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()}
    assert before == after
    assert ONLY_IN_CAMPAIGN.replace("_", r"\_") in shown(app)
    for path in after:
        content = path.read_bytes()
        assert ONLY_IN_CAMPAIGN.encode() not in content
        assert SECRET.encode() not in content


def test_somebody_who_is_in_no_list_gets_an_audit_too(visit: Visit) -> None:
    app = dropped(visit(), x_archive())
    app.button(key="audit-start").click()
    run(app)
    assert app.title[0].value == "Jouw audit"
    assert "geen afgelopen campagne" in shown(app), "without an office no election counts"


def test_without_a_roster_elections_are_known_and_an_office_makes_them_count(
    tmp_path: Path,
) -> None:
    everybody = audit_who.roster_of(tmp_path)
    assert not everybody.people
    assert {one.jurisdiction for one in everybody.elections} > {"BE-VLG"}
    office = ("councillor", "local", "BE-VLG")
    person, roster = audit_who.myself(everybody, office, words("nl"))
    given = [Given("x.zip", x_archive())]
    seen = survey(given, roster, person, None)
    made = audit(list(zip(given, seen, strict=True)), roster, person, None)
    talks = next(one for one in made.facts if one.kind == "campaign_talk")
    assert (talks.part, talks.whole) == (1, 6)


def test_what_is_collected_in_public_can_be_audited_without_an_archive(
    visit: Visit, tmp_path: Path
) -> None:
    collected(
        tmp_path, public_batch(asked(date(2024, 12, 20), "vrager", "Wanneer opent het park?"))
    )
    app = as_an(visit())
    app.button(key="audit-start").click()
    run(app)
    assert "Beantwoord de vraag die je op 20 december 2024 kreeg" in shown(app)


def test_the_last_365_days_end_with_the_last_known_one(visit: Visit) -> None:
    from dashboard.audit_parts import last_days

    app = audited(visit)
    days: list[Day] = last_days(app.session_state["audit-made"])
    assert len(days) == 365
    assert days[-1].on == date(2024, 12, 30)
    assert sum(day.acts.own > 0 for day in days) == 120  # 53 Mondays, 52 Wednesdays, 15 Fridays


def test_a_text_is_shown_as_it_is() -> None:
    from dashboard.audit_parts import plain

    assert plain("**let op** [hier](x) @jan_b $1$") == (
        r"\*\*let op\*\* \[hier\]\(x\) @jan\_b \$1\$"
    )
