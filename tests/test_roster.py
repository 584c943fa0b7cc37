"""The roster: what it accepts, and that every problem is told at once and in place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ingest import roster
from ingest.errors import RosterError
from ingest.roster_columns import FILES

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = """person_id,name,municipality,party,language,timezone,is_invented,note
an-voorbeeld,An Voorbeeld,Voorbeeldstad,Lijst A,nl,Europe/Brussels,yes,
bo-bedacht,Bo Bedacht,Voorbeeldstad,Lijst B,,,yes,"says hi, often"
"""
MANDATES = """person_id,kind,office,level,jurisdiction,election_id,from_on,to_on
an-voorbeeld,mandate,councillor,local,BE-VLG,,2019-01-01,
bo-bedacht,candidacy,councillor,local,BE-VLG,be-vlg-local-2024,2024-07-01,2024-10-13
"""
ACCOUNTS = """account_id,person_id,platform,handle,run_by,valid_from,valid_to,note
an-bluesky,an-voorbeeld,bluesky,@An.Voorbeeld.example,self,2023-05-01,,
bo-mastodon,bo-bedacht,mastodon,Bo@toet.example,office,,2024-12-31,
"""
KNOWN = """platform,handle,class,person_id,name
bluesky,krant.example,media,,De Krant
bluesky,medewerker.example,own,an-voorbeeld,Staff
"""
ABSENCES = """person_id,from_on,to_on,reason,evidence
an-voorbeeld,2021-01-04,2021-06-30,leave,council minutes
"""
GOOD = {
    "people": PEOPLE,
    "mandates": MANDATES,
    "accounts": ACCOUNTS,
    "known_accounts": KNOWN,
    "absences": ABSENCES,
}


def write(folder: Path, council: str = "voorbeeldstad", **changed: str | bytes) -> Path:
    council_dir = folder / "rosters" / council
    council_dir.mkdir(parents=True, exist_ok=True)
    for name, content in (GOOD | changed).items():
        data = content if isinstance(content, bytes) else content.encode()
        (council_dir / f"{name}.csv").write_bytes(data)
    return folder


def problems(folder: Path, **changed: str | bytes) -> list[str]:
    with pytest.raises(RosterError) as caught:
        roster.read(write(folder, **changed))
    assert str(caught.value).count("\n") == len(caught.value.problems) - 1
    return [
        str(problem).removeprefix("rosters/voorbeeldstad/") for problem in caught.value.problems
    ]


def test_a_good_roster_becomes_typed_rows_with_defaults(tmp_path: Path) -> None:
    found = roster.read(write(tmp_path))
    assert found.people[1].timezone == "Europe/Brussels"
    assert found.people[1].language == "nl"
    assert found.people[1].note == "says hi, often"
    assert found.people[0].is_invented is True
    assert found.mandates[0].to_on is None
    assert found.mandates[1].election_id == "be-vlg-local-2024"
    assert found.accounts[0].handle == "an.voorbeeld.example"
    assert found.accounts[1].handle == "bo@toet.example"
    assert found.accounts[1].valid_to == date(2024, 12, 31)
    assert found.known_accounts[1].person_id == "an-voorbeeld"
    assert found.absences[0].from_on == date(2021, 1, 4)
    assert len(found.elections) == 29


def test_councils_are_read_together(tmp_path: Path) -> None:
    write(tmp_path)
    other = PEOPLE.replace("an-voorbeeld", "cy-verzonnen").replace("bo-bedacht", "di-fictief")
    (tmp_path / "rosters/elders").mkdir()
    (tmp_path / "rosters/elders/people.csv").write_text(other)
    assert len(roster.read(tmp_path).people) == 4


def test_tables_keep_names_and_types_even_when_empty(tmp_path: Path) -> None:
    known = "platform,handle,class\n"
    tables = roster.read(write(tmp_path, known_accounts=known)).tables()
    assert tables["known_accounts"].num_rows == 0
    assert tables["known_accounts"].column_names[2] == "class"
    assert str(tables["mandates"].schema.field("to_on").type) == "date32[day]"
    assert str(tables["people"].schema.field("is_invented").type) == "bool"
    for name, table in tables.items():
        notes = {"note"} if name == "accounts" else set()
        assert set(table.column_names) == {column.name for column in FILES[name]} - notes


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        people=PEOPLE.replace("Europe/Brussels", "Europe/Brussel").replace(",yes,\n", ",maybe,\n"),
        mandates=MANDATES.replace("2019-01-01", "1/01/2019").replace("2024-10-13", "2024-06-01"),
        accounts=ACCOUNTS.replace("an-voorbeeld", "nobody").replace("office", "friend"),
        absences=ABSENCES.replace("leave", "holiday"),
    )
    assert [line.split(": found")[0] for line in found] == [
        "absences.csv, row 2, column reason",
        "accounts.csv, row 2, column person_id",
        "accounts.csv, row 3, column run_by",
        "mandates.csv, row 2, column from_on",
        "mandates.csv, row 3, column to_on",
        "people.csv, row 2, column timezone",
        "people.csv, row 2, column is_invented",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("people", "bo-bedacht,Bo", "an-voorbeeld,Bo", "an id used once"),
        ("people", "an-voorbeeld,An", "An Voorbeeld,An", "letters a-z, digits and hyphens"),
        ("people", "An Voorbeeld", "", "the person's name"),
        ("people", "party,language", "partij,language", "an unknown column"),
        ("people", ",note", ",name", "the column twice"),
        ("people", "person_id,name", "id,name", "no such column"),
        ("people", ",nl,", ",nl,nl,", "9 cells"),
        ("people", "An Voor", '"An Voor', "expected cells quoted in pairs"),
        ("people", "An Voor", "An\x07Voor", "the person's name"),
        ("mandates", "2019-01-01", "43466", "did a spreadsheet rewrite it?"),
        ("mandates", "2019-01-01", "01/10/2019", "did a spreadsheet rewrite it?"),
        ("mandates", "2019-01-01", "20190101", "a day as 2024-10-13"),
        ("mandates", "2019-01-01", "2019-02-30", "a day as 2024-10-13"),
        ("mandates", "2019-01-01", "0001-01-01", "a day as 2024-10-13"),
        ("mandates", "2019-01-01,", "2019-01-01,9999-12-31", "a day as 2024-10-13"),
        ("mandates", "2019-01-01,", "2019-01-01,2018-12-31", "a day not before from_on"),
        ("mandates", "local,BE-VLG,,", "local,BE-WAL,,", "one of elections.csv: BE, BE-VLG"),
        ("mandates", "local,BE-VLG,,", "lcoal,BE-VLG,,", "has for BE-VLG: local"),
        ("mandates", "be-vlg-local-2024", "be-vlg-local-2042", "an election_id of elections.csv"),
        ("mandates", "be-vlg-local-2024", "", "an election_id of elections.csv"),
        ("mandates", "be-vlg-local-2024", "be-general-2024", "an election of BE-VLG, local"),
        ("mandates", "2024-07-01,2024-10-13", "2024-11-01,", "a day not after the election"),
        ("mandates", "BE-VLG,,", "BE-VLG,be-vlg-local-2018,", "only a candidacy names one"),
        ("accounts", "bo-mastodon", "an-bluesky", "an id used once"),
        (
            "accounts",
            "mastodon,Bo@",
            "myspace,Bo@",
            "one of bluesky, facebook, feeds, instagram, linkedin, mastodon",
        ),
        ("accounts", "Bo@toet.example", "Bo", "user@host"),
        ("accounts", "@An.Voorbeeld.example", "an voorbeeld", "a handle or DID"),
        ("accounts", "mastodon,Bo@", "feeds,https://me:secret@", "without a password"),
        ("accounts", "mastodon,Bo@toet.example", "feeds,gopher://x", "an address"),
        ("accounts", "2023-05-01,", "2023-05-01,2022-01-01", "a day not before valid_from"),
        ("known_accounts", "own,an-voorbeeld", "own,", "whose staff this is"),
        ("known_accounts", "media,", "media,an-voorbeeld", "only class own names a person"),
        ("known_accounts", "medewerker.example,own,an-voorbeeld", "krant.example,party,", "once"),
        ("absences", "an-voorbeeld", "no-one", "a person_id of people.csv"),
    ],
)
def test_each_mistake_is_named(
    tmp_path: Path, file: str, old: str, new: str, expected: str
) -> None:
    assert old in GOOD[file]
    found = problems(tmp_path, **{file: GOOD[file].replace(old, new, 1)})
    assert any(expected in line and line.startswith(f"{file}.csv, row ") for line in found), found


def test_one_account_of_two_people_on_the_same_days_is_refused(tmp_path: Path) -> None:
    row = "shared,bo-bedacht,bluesky,an.voorbeeld.EXAMPLE,office,2024-01-01,,\n"
    (line,) = problems(tmp_path, accounts=ACCOUNTS + row)
    assert line.startswith("accounts.csv, row 4, column handle")
    assert "an-voorbeeld has it in rosters/voorbeeldstad/accounts.csv, row 2" in line


def test_an_account_may_pass_from_one_person_to_the_next(tmp_path: Path) -> None:
    accounts = ACCOUNTS.replace("2023-05-01,", "2023-05-01,2023-12-31")
    row = "shared,bo-bedacht,bluesky,an.voorbeeld.example,office,2024-01-01,,\n"
    assert len(roster.read(write(tmp_path, accounts=accounts + row)).accounts) == 3


def test_a_byte_order_mark_and_semicolons_are_read_as_a_spreadsheet_writes_them(
    tmp_path: Path,
) -> None:
    people = "\ufeff" + PEOPLE.replace('"says hi, often"', "says hi").replace(",", ";")
    people = people.replace("\n", "\r\n")
    assert (
        roster.read(write(tmp_path, people=people)).people
        == roster.read(write(tmp_path, people=PEOPLE.replace('"says hi, often"', "says hi"))).people
    )


def test_latin_1_says_which_row_and_how_to_save_it(tmp_path: Path) -> None:
    people = PEOPLE.replace("Bo Bedacht", "Bé Bedacht").encode("latin-1")
    assert problems(tmp_path, people=people)[-1] == (
        "people.csv, row 3: found 'byte 0xe9, which is not UTF-8', "
        "expected UTF-8 (in a spreadsheet: save as 'CSV UTF-8')"
    )


def test_utf_16_is_named(tmp_path: Path) -> None:
    assert "'UTF-16 text'" in problems(tmp_path, people=PEOPLE.encode("utf-16"))[-1]


def test_an_empty_file_names_the_header_it_needs(tmp_path: Path) -> None:
    assert problems(tmp_path, absences="") == [
        "absences.csv, row 1: found 'an empty file', "
        "expected the header person_id, from_on, to_on, reason, evidence"
    ]


def test_a_file_with_an_unknown_name_is_not_passed_over(tmp_path: Path) -> None:
    (line,) = problems(tmp_path, account=ACCOUNTS)
    assert line.startswith("account.csv: found 'an unknown file', expected one of people.csv")


def test_no_roster_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="winterslaap roster add"):
        roster.read(tmp_path)


def test_the_shipped_elections_are_valid_and_own_ones_take_their_place(tmp_path: Path) -> None:
    header = roster.SHIPPED_ELECTIONS.read_text().splitlines()[0]
    row = "BE-VLG,local,be-vlg-local-2024,2024-10-13,2024-10-01,,,,,,2026-11-21,guess"
    (tmp_path / "elections.csv").write_text(f"{header}\n{row}\n")
    found = problems(tmp_path, mandates="person_id,kind,office,level,jurisdiction,from_on\n")
    assert found == [
        "elections.csv, row 2, column confidence: found 'guess', "
        "expected one of source, derived, unverified",
        "elections.csv, row 2, column last_round: found '2024-10-01', "
        "expected a day not before day (2024-10-13)",
    ]


AN = {"name": "Ève Dubois-Peeters", "municipality": "Voorbeeldstad", "is_invented": "yes"}
ACCOUNT = {"platform": "bluesky", "handle": "eve.example"}
MANDATE = {
    "kind": "mandate",
    "office": "councillor",
    "level": "local",
    "jurisdiction": "BE-VLG",
    "from_on": "2019-01-01",
}


def test_add_makes_the_files_of_a_new_council(tmp_path: Path) -> None:
    added = roster.add(tmp_path, "voorbeeldstad", AN, ACCOUNT, MANDATE)
    assert (added.person_id, added.account_id) == (
        "eve-dubois-peeters",
        "eve-dubois-peeters-bluesky",
    )
    found = roster.read(tmp_path)
    assert found.people[0].name == "Ève Dubois-Peeters"
    assert found.accounts[0].handle == "eve.example"
    assert found.mandates[0].from_on == date(2019, 1, 1)


def test_add_keeps_every_byte_that_stood_there(tmp_path: Path) -> None:
    people = ("\ufeff" + PEOPLE.replace('"says hi, often"', "x").replace(",", ";")).replace(
        "\n", "\r\n"
    )
    write(tmp_path, people=people.rstrip())
    roster.add(tmp_path, "voorbeeldstad", AN, ACCOUNT)
    after = (tmp_path / "rosters/voorbeeldstad/people.csv").read_bytes().decode()
    assert after == people + "eve-dubois-peeters;Ève Dubois-Peeters;Voorbeeldstad;;;;yes;\r\n"


def test_add_gives_a_known_person_a_second_account_of_the_same_platform(tmp_path: Path) -> None:
    roster.add(tmp_path, "voorbeeldstad", AN, ACCOUNT)
    added = roster.add(tmp_path, "voorbeeldstad", AN, ACCOUNT | {"handle": "eve2.example"})
    assert added.account_id == "eve-dubois-peeters-bluesky-2"
    assert added.files == ("rosters/voorbeeldstad/accounts.csv",)
    assert len(roster.read(tmp_path).people) == 1


@pytest.mark.parametrize(
    ("council", "person", "account"),
    [
        ("voorbeeldstad", AN, {"platform": "bluesky", "handle": "not a handle"}),
        ("voorbeeldstad", {"name": ""}, ACCOUNT),
        ("voorbeeldstad", AN | {"nickname": "Eef"}, ACCOUNT),
        ("voorbeeldstad", AN, ACCOUNT | {"handle": "an.voorbeeld.example"}),
        ("../elsewhere", AN, ACCOUNT),
    ],
)
def test_add_writes_nothing_when_something_is_wrong(
    tmp_path: Path, council: str, person: dict[str, str], account: dict[str, str]
) -> None:
    write(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(RosterError):
        roster.add(tmp_path, council, person, account)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_formula_or_a_quote_in_a_name_comes_back_as_it_was(tmp_path: Path) -> None:
    name = '=cmd|"x";An, "the mayor"'
    roster.add(tmp_path, "voorbeeldstad", {"name": name})
    assert roster.read(tmp_path).people[0].name == name
