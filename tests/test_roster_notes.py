"""A reason for silence and a statement are written, checked, replaced and taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from ingest import roster, roster_notes
from ingest.errors import RosterError

PEOPLE = "person_id,name,language,is_invented\nan-voorbeeld,An Voorbeeld,nl,yes\n"
ABSENCE = {
    "person_id": "an-voorbeeld",
    "from_on": "2021-01-04",
    "to_on": "2021-06-30",
    "reason": "leave",
    "evidence": "verzonnen verslag",
}
STATEMENT = {
    "person_id": "an-voorbeeld",
    "edition_id": "be-vlg-2030",
    "given_on": "2030-09-01",
    "text": 'Ik was "op reis", tot maart; 🚲 sindsdien antwoord ik.',
    "language": "nl",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "rosters" / "voorbeeldstad"
    folder.mkdir(parents=True)
    (folder / "people.csv").write_text(PEOPLE)
    return tmp_path


def files(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in data.rglob("*.csv")}


def test_an_absence_stands_in_the_council_of_the_person(data: Path) -> None:
    assert roster_notes.add(data, "absences", ABSENCE) == "rosters/voorbeeldstad/absences.csv"
    (found,) = roster.read(data).absences
    assert (found.from_on, found.reason) == (date(2021, 1, 4), "leave")


def test_a_statement_keeps_its_signs_and_a_second_one_takes_its_place(data: Path) -> None:
    roster_notes.add(data, "statements", STATEMENT)
    assert roster.read(data).statements[0].text == STATEMENT["text"]
    roster_notes.add(data, "statements", STATEMENT | {"edition_id": "be-vlg-2036"})
    roster_notes.add(data, "statements", STATEMENT | {"text": "Toch iets anders."})
    assert [(one.edition_id, one.text) for one in roster.read(data).statements] == [
        ("be-vlg-2030", "Toch iets anders."),
        ("be-vlg-2036", STATEMENT["text"]),
    ]


def test_what_was_written_can_be_taken_out_and_all_else_stays(data: Path) -> None:
    roster_notes.add(data, "absences", ABSENCE)
    before = files(data)
    roster_notes.add(data, "absences", ABSENCE | {"from_on": "2022-01-04", "to_on": ""})
    roster_notes.remove(data, "absences", ABSENCE | {"from_on": "2022-01-04"})
    assert files(data) == before
    with pytest.raises(RosterError, match="no row of an-voorbeeld, 2022-01-04"):
        roster_notes.remove(data, "absences", ABSENCE | {"from_on": "2022-01-04"})


@pytest.mark.parametrize(
    ("kind", "cells", "expected"),
    [
        ("absences", ABSENCE | {"to_on": "2020-01-01"}, "a day not before from_on"),
        ("absences", ABSENCE | {"reason": "holiday"}, "one of illness, leave, other"),
        ("statements", STATEMENT | {"text": ""}, "at most 600 signs"),
        ("statements", STATEMENT | {"text": "x" * 601}, "at most 600 signs"),
        ("statements", STATEMENT | {"text": "twee\nregels"}, "at most 600 signs"),
        ("statements", STATEMENT | {"edition_id": "Editie 1"}, "the id of an edition"),
        ("statements", STATEMENT | {"person_id": "niemand"}, "somebody of the roster"),
    ],
)
def test_a_note_that_cannot_be_read_is_told_and_nothing_is_written(
    data: Path, kind: str, cells: dict[str, str], expected: str
) -> None:
    before = files(data)
    with pytest.raises(RosterError, match=expected):
        roster_notes.add(data, kind, cells)
    assert files(data) == before


def test_two_statements_of_a_person_for_one_edition_are_a_problem(data: Path) -> None:
    path = data / roster_notes.add(data, "statements", STATEMENT)
    path.write_bytes(path.read_bytes() + path.read_bytes().splitlines(keepends=True)[1])
    with pytest.raises(RosterError, match="one statement of an-voorbeeld per edition"):
        roster.read(data)


def test_the_commands_write_and_take_out(data: Path) -> None:
    def roster_command(*arguments: str) -> str:
        done = CliRunner().invoke(cli.app, ["roster", *arguments, "--data", str(data)])
        assert done.exit_code == 0, done.output
        return done.output

    absence = ("absence", "--person", "an-voorbeeld", "--from", "2021-01-04")
    assert "written to" in roster_command(*absence, "--reason", "illness")
    assert roster.read(data).absences[0].to_on is None
    assert "taken out of" in roster_command(*absence, "--remove")
    assert roster.read(data).absences == ()
    statement = ("statement", "--person", "an-voorbeeld", "--edition", "be-vlg-2030")
    roster_command(*statement, "--on", "2030-09-01", "--text", "Ik luister.")
    assert roster.read(data).statements[0].text == "Ik luister."
