"""What is taken along from an audit: a calendar, and a text; by a page and by a command."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from icalendar import Calendar
from typer.testing import CliRunner

import cli
from dashboard import audit_files, audit_hold
from dashboard.audit_run import Audit, Given, audit, survey
from dashboard.audit_words import section, stale
from dashboard.words import LOCALES, words
from metrics.todo.facts import Fact, Item
from tests.audit_world import (
    ASKED,
    LINK,
    ONLY_IN_CAMPAIGN,
    WHO,
    asked,
    collected,
    public_batch,
    roster_files,
    x_archive,
)

NOW = datetime(2025, 1, 3, 8, tzinfo=UTC)  # a Friday


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("audit")
    roster_files(data)
    collected(data, public_batch(asked(date(2024, 12, 20), "vrager", "Wanneer opent het park?")))
    (data / "x.zip").write_bytes(x_archive())
    return data


@pytest.fixture(scope="module")
def made(folder: Path) -> Audit:
    roster = roster_files(folder)
    given = [Given("x.zip", folder / "x.zip")]
    seen = survey(given, roster, roster.people[0], folder)
    return audit(list(zip(given, seen, strict=True)), roster, roster.people[0], folder)


def events(made: Audit, lang: str, done: frozenset[str] = frozenset()) -> list[dict[str, object]]:
    t = words(lang)
    content = audit_files.ics(WHO, audit_files.sections(made, t), t, NOW, done)
    return [dict(event) for event in Calendar.from_ical(content).walk("VEVENT")]


@pytest.mark.parametrize("lang", LOCALES)
def test_the_calendar_is_one_that_calendars_read(made: Audit, lang: str) -> None:
    t = words(lang)
    content = audit_files.ics(WHO, audit_files.sections(made, t), t, NOW)
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    calendar = Calendar.from_ical(content)
    assert (calendar["version"], calendar["prodid"]) == (
        "2.0",
        f"-//Winterslaap//audit//{lang.upper()}",
    )
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= set(event)
        assert event.decoded("dtstamp") == NOW
        assert event["summary"].params["LANGUAGE"] == lang
        days = event.decoded("dtstart"), event.decoded("dtend")
        assert type(days[0]) is date
        assert (days[1] - days[0]).days == 1
        assert days[0].weekday() < 5
        assert days[0] >= NOW.date()


def test_the_open_question_comes_first_with_the_way_to_ones_own_post(made: Audit) -> None:
    first = events(made, "nl")[0]
    assert str(first["SUMMARY"]) == "Beantwoord de vraag die je op 20 december 2024 kreeg"
    assert str(first["URL"]) == LINK
    assert ASKED not in str(first)


def test_the_same_thing_keeps_its_uid_in_every_language_and_session(
    made: Audit, folder: Path
) -> None:
    roster = roster_files(folder)
    given = [Given("x.zip", folder / "x.zip")]
    seen = survey(given, roster, roster.people[0], folder)
    again = audit(list(zip(given, seen, strict=True)), roster, roster.people[0], folder)
    uids = [sorted(str(one["UID"]) for one in events(*of)) for of in
            ((made, "nl"), (made, "fr"), (again, "en"))]  # fmt: skip
    assert uids[0] == uids[1] == uids[2]
    assert len(set(uids[0])) == len(uids[0]) > 2
    assert audit_files.uid(WHO, "a") != audit_files.uid("somebody-else", "a")


def test_what_is_done_is_not_put_into_the_calendar(made: Audit) -> None:
    parts = audit_files.sections(made, words("nl"))
    first = next(line.item.key for part in parts for line in part.lines)
    assert len(events(made, "nl", frozenset({first}))) == len(events(made, "nl")) - 1


def test_the_text_has_every_part_and_wraps(made: Audit) -> None:
    for lang in LOCALES:
        t = words(lang)
        told = audit_files.text(made, {}, t)
        for key in ("audit.todo", "audit.hold", "audit.ahead", "todo.question", "todo.topic"):
            assert t(key) in told
        assert f"@{ONLY_IN_CAMPAIGN}" in told
        assert max(len(line) for line in told.splitlines() if "https://" not in line) <= 78
        assert "{" not in told


def test_an_old_archive_says_so_and_puts_no_past_week_into_the_calendar(made: Audit) -> None:
    t = words("nl")
    told = "Dit is de stand van 30 december 2024."
    flat = " ".join(audit_files.text(made, {}, t, today=date(2025, 1, 14)).split())
    assert told in flat
    flat = " ".join(audit_files.text(made, {}, t, today=date(2025, 1, 13)).split())
    assert told not in flat
    week = Item("week", date(2024, 12, 23), date(2024, 12, 29))
    days = {"last_act": date(2024, 12, 20), "bound": date(2025, 1, 17)}
    fact = Fact("rhythm", None, 8, 30, (week,), "longer", {"pause": 8.0}, days)
    part = section(fact, {}, None, t)
    for now, count in ((datetime(2024, 12, 29, tzinfo=UTC), 1), (NOW, 0)):
        content = audit_files.ics(WHO, [part], t, now)
        assert len(list(Calendar.from_ical(content).walk("VEVENT"))) == count


def test_the_median_of_peers_is_all_that_is_told_of_them(made: Audit) -> None:
    medians = {("presence", "off_season"): (0.5, 9)}
    assert audit_hold.peers_rows(made, medians, words("nl"))[0][2:] == ("50%", "9")
    assert audit_hold.peers_rows(made, {}, words("nl")) == []


def test_the_command_prints_it_and_writes_files_for_their_owner_alone(
    folder: Path, tmp_path: Path
) -> None:
    ics, text = tmp_path / "todo.ics", tmp_path / "audit.txt"
    arguments = ["audit", str(folder / "x.zip"), "--person", WHO, "--data", str(folder)]
    done = CliRunner().invoke(cli.app, [*arguments, f"--ics={ics}", f"--text={text}"])
    assert done.exit_code == 0, done.output
    assert "An Audit" in done.stdout
    assert "Wat je deze week kunt doen" in done.stdout
    assert f"@{ONLY_IN_CAMPAIGN}" in text.read_text("utf-8")
    assert len(list(Calendar.from_ical(ics.read_bytes()).walk("VEVENT"))) > 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in (ics, text)} == {0o600}
    french = CliRunner().invoke(cli.app, [*arguments, "--lang", "fr"])
    assert "Ce que vous pouvez faire cette semaine" in french.stdout


def test_the_command_reads_what_was_imported_into_the_private_store(folder: Path) -> None:
    brought = ["import", str(folder / "x.zip"), "--person", WHO, "--data", str(folder)]
    assert CliRunner().invoke(cli.app, brought).exit_code == 0
    done = CliRunner().invoke(cli.app, ["audit", "--person", WHO, "--data", str(folder)])
    assert done.exit_code == 0, done.output
    assert f"X ({'anaudit'})" in done.stdout
    assert ONLY_IN_CAMPAIGN not in done.stdout, "a store holds no names"


def test_the_command_says_what_is_wrong_with_a_file(folder: Path, tmp_path: Path) -> None:
    letter = tmp_path / "brief.txt"
    letter.write_text("hallo")
    done = CliRunner().invoke(
        cli.app, ["audit", str(letter), "--person", WHO, "--data", str(folder)]
    )
    assert done.exit_code == 1
    assert "brief.txt" in done.stderr


def test_what_is_old_names_the_accounts_to_renew_and_no_other() -> None:
    accounts = pd.DataFrame(
        {
            "account_id": ["a", "b", "c"],
            "platform": ["mastodon", "x", "bluesky"],
            "handle": ["an@toet.example", "an", "an.example"],
            "last_covered_on": [date(2024, 12, 31), date(2026, 11, 1), None],
        }
    )
    told = stale(date(2024, 12, 31), accounts, date(2026, 11, 22), words("nl"))
    assert "Mastodon (an@toet.example)" in told
    assert "(an)" not in told
    assert "an.example)" not in told.replace("an@toet.example)", "")
    assert stale(date(2026, 11, 10), accounts, date(2026, 11, 22), words("nl")) == ""
