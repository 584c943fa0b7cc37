"""The plan of an import: what it adds, changes, ends and hands over, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import roster
from ingest.csvfile import edited
from ingest.errors import RosterError
from ingest.roster_columns import FILES
from ingest.rosters.changes import Change, ChangeKind, Options, Plan
from ingest.rosters.found import FoundAccount, FoundMandate, FoundPerson
from ingest.rosters.plan import make

LOCAL = Options("stad", office="councillor", level="local", jurisdiction="BE-VLG")
ELECTIONS = roster.SHIPPED_ELECTIONS.read_bytes()
PEOPLE = """\
person_id,name,municipality,party
an-voorbeeld,An Voorbeeld,Voorbeeldstad,Lijst Plein
bo-verzonnen,Bo Verzonnen,Voorbeeldstad,
"""
MANDATES = """\
person_id,kind,office,level,jurisdiction,election_id,from_on,to_on
an-voorbeeld,mandate,councillor,local,BE-VLG,,2019-01-01,
bo-verzonnen,mandate,councillor,local,BE-VLG,,2019-01-01,
"""
ACCOUNTS = """\
account_id,person_id,platform,handle,run_by,valid_from,valid_to,note
an-bluesky,an-voorbeeld,bluesky,an.example,self,,,"met, komma"
"""


def files(**tables: str) -> dict[str, bytes]:
    told = {"people": PEOPLE, "mandates": MANDATES, "accounts": ACCOUNTS} | tables
    paths = {f"rosters/stad/{name}.csv": text.encode() for name, text in told.items() if text}
    return {"elections.csv": ELECTIONS, **paths}


def who(name: str = "An Voorbeeld", **more: object) -> FoundPerson:
    person = FoundPerson(name, "row 2", municipality="Voorbeeldstad")
    return replace(person, **more)  # type: ignore[arg-type]


def account(handle: str, first: str = "", last: str = "", run_by: str = "") -> FoundAccount:
    platform = "mastodon" if "@" in handle else "bluesky"
    days = [date.fromisoformat(day) if day else None for day in (first, last)]
    return FoundAccount(platform, handle, run_by, *days)


def term(first: str, last: str = "", office: str = "") -> FoundMandate:
    to_on = date.fromisoformat(last) if last else None
    return FoundMandate(office, "", "", date.fromisoformat(first), to_on)


def plan(*people: FoundPerson, options: Options = LOCAL, **tables: str) -> Plan:
    return make(files(**tables), people, options)


def told(found: Plan, kind: ChangeKind | None = None) -> list[str]:
    return [
        f"{change.kind}: {change.person_id} {change.what}: {change.detail}"
        for change in found.changes
        if kind in (None, change.kind)
    ]


def lines(found: Plan, table: str) -> list[str]:
    return found.files[f"rosters/stad/{table}.csv"].decode().splitlines()


def test_somebody_new_comes_with_mandate_and_account() -> None:
    dé = who(
        "Dé Nieuw",
        party="Groep Markt",
        ids=("wikidata:Q1",),
        mandates=(term("2025-01-01"),),
        accounts=(account("de@toet.example", run_by="office"),),
    )
    found = plan(dé, options=replace(LOCAL, language="nl", is_invented=True))
    assert told(found, ChangeKind.ADDED) == [
        "added: de-nieuw person: Dé Nieuw, Groep Markt, Voorbeeldstad",
        "added: de-nieuw mandate: councillor from 2025-01-01 to now",
        "added: de-nieuw account: mastodon de@toet.example, run by office",
    ]
    assert lines(found, "people")[:3] == [
        "person_id,name,municipality,party,language,is_invented,ids",
        "an-voorbeeld,An Voorbeeld,Voorbeeldstad,Lijst Plein,,,",
        "bo-verzonnen,Bo Verzonnen,Voorbeeldstad,,,,",
    ]
    assert lines(found, "people")[3] == (
        "de-nieuw,Dé Nieuw,Voorbeeldstad,Groep Markt,nl,yes,wikidata:Q1"
    )
    assert lines(found, "accounts")[1] == ACCOUNTS.splitlines()[1]
    assert lines(found, "accounts")[2] == (
        "de-nieuw-mastodon,de-nieuw,mastodon,de@toet.example,office,,,"
    )


def test_an_empty_folder_becomes_a_roster() -> None:
    found = make({"elections.csv": ELECTIONS}, [who(mandates=(term("2019-01-01"),))], LOCAL)
    assert list(found.files) == ["rosters/stad/people.csv", "rosters/stad/mandates.csv"]
    assert (
        roster.parse({"elections.csv": ELECTIONS, **found.files}).people[0].name == "An Voorbeeld"
    )


def test_what_is_there_already_is_untouched() -> None:
    same = who(
        party="Lijst Plein",
        mandates=(term("2019-01-01"),),
        accounts=(account("an.example"),),
    )
    found = plan(same, who("Bo Verzonnen"))
    assert found.files == {}
    assert told(found) == [
        "untouched: an-voorbeeld person: An Voorbeeld",
        "untouched: bo-verzonnen person: Bo Verzonnen",
    ]


def test_another_party_and_the_end_of_a_mandate_change_one_row_each() -> None:
    found = plan(who(party="Groep Markt", mandates=(term("2019-01-01", "2024-12-31"),)))
    assert told(found)[:2] == [
        "changed: an-voorbeeld person: party: Lijst Plein → Groep Markt",
        "ended: an-voorbeeld mandate: councillor from 2019-01-01: last day none → 2024-12-31",
    ]
    assert lines(found, "people") == PEOPLE.replace("Lijst Plein", "Groep Markt").splitlines()
    assert lines(found, "mandates")[1] == (
        "an-voorbeeld,mandate,councillor,local,BE-VLG,,2019-01-01,2024-12-31"
    )
    assert lines(found, "mandates")[2] == MANDATES.splitlines()[2]


def test_only_adding_fills_what_is_empty_and_changes_nothing_else() -> None:
    found = plan(
        who(party="Groep Markt"),
        who("Bo Verzonnen", party="Groep Markt"),
        options=replace(LOCAL, is_adding_only=True),
    )
    assert told(found, ChangeKind.CHANGED) == [
        "changed: bo-verzonnen person: party: empty → Groep Markt"
    ]


def test_a_mandate_of_nearly_the_same_days_is_the_same_one() -> None:
    found = plan(who(mandates=(term("2019-01-03"),)))
    assert "mandates" not in "".join(found.files)
    next_one = plan(
        who(mandates=(term("2019-01-01", "2024-12-31"), term("2025-01-01"))),
    )
    assert len(lines(next_one, "mandates")) == 4


def test_nobody_is_reopened() -> None:
    ended = MANDATES.replace("2019-01-01,\nbo", "2019-01-01,2024-12-31\nbo")
    assert plan(who(mandates=(term("2019-01-01"),)), mandates=ended).files == {}


@pytest.mark.parametrize(
    ("options", "mandate", "why"),
    [
        (Options("stad"), term("2019-01-01", office="lid"), "add --level and --jurisdiction"),
        (Options("stad", level="local", jurisdiction="BE-VLG"), term("2019-01-01"), "add --office"),
        (
            replace(LOCAL, level="federal"),
            term("2019-01-01"),
            "has no elections of BE-VLG, federal",
        ),
        (LOCAL, FoundMandate(), "does not say since when"),
        (LOCAL, term("2019-12-31", "2019-01-01"), "not known well enough"),
    ],
)
def test_a_mandate_that_cannot_be_one_is_left_out_with_its_reason(
    options: Options, mandate: FoundMandate, why: str
) -> None:
    found = plan(who(mandates=(mandate,)), options=options)
    (line,) = told(found, ChangeKind.LEFT_OUT)
    assert line.endswith(why)
    assert found.files == {}


def test_the_office_is_the_source_s_own_word_unless_told() -> None:
    options = Options("stad", level="local", jurisdiction="BE-VLG")
    found = plan(
        who(mandates=(term("2025-01-01", office="Schepen van Financiën"),)), options=options
    )
    assert lines(found, "mandates")[3].split(",")[2] == "schepen-van-financien"


def test_candidacies_name_their_election() -> None:
    stands = FoundMandate(from_on=date(2024, 7, 1), election_id="be-vlg-local-2024")
    found = plan(who(mandates=(stands,)))
    assert lines(found, "mandates")[3] == (
        "an-voorbeeld,candidacy,councillor,local,BE-VLG,be-vlg-local-2024,2024-07-01,"
    )
    again = plan(who(mandates=(stands,)), mandates="\n".join(lines(found, "mandates")) + "\n")
    assert again.files == {}


# who is who


def test_an_id_elsewhere_is_stronger_than_a_name() -> None:
    people = PEOPLE.replace("party\n", "party,ids\n").replace("Plein\n", "Plein,wikidata:Q1\n")
    people = people.replace("stad,\n", "stad,,\n")
    married = who("An Voorbeeld-Getrouwd", ids=("wikidata:Q1", "bioguide:B1"))
    found = plan(married, people=people)
    assert told(found, ChangeKind.CHANGED) == [
        "changed: an-voorbeeld person: ids: wikidata:Q1 → wikidata:Q1 bioguide:B1"
    ]
    namesake = plan(who(ids=("wikidata:Q2",)), people=people)
    assert "added: an-voorbeeld-2 person: An Voorbeeld, Voorbeeldstad" in told(namesake)


def test_an_account_and_a_like_name_are_enough() -> None:
    found = plan(who("An Marie Voorbeeld", municipality="", accounts=(account("an.example"),)))
    assert told(found) == ["untouched: an-voorbeeld person: An Marie Voorbeeld"]


def test_two_of_one_name_are_never_guessed_between() -> None:
    people = PEOPLE + "an-voorbeeld-2,An Voorbeeld,Voorbeeldstad,\n"
    found = plan(who(party="Groep Markt"), people=people)
    assert found.files == {}
    (line,) = told(found, ChangeKind.DUPLICATE)
    assert "an-voorbeeld, an-voorbeeld-2 have this name: give the source a column" in line


def test_a_namesake_in_another_council_is_somebody_else_and_is_told() -> None:
    elsewhere = {
        **files(),
        "rosters/dorp/people.csv": b"person_id,name,municipality\nce-denkbeeld,Ce Denkbeeld,Dorp\n",
    }
    found = make(elsewhere, [who("Ce Denkbeeld")], LOCAL)
    assert told(found) == [
        "duplicate: ce-denkbeeld person: Ce Denkbeeld of another council: "
        "a person_id would join them",
        "added: ce-denkbeeld-2 person: Ce Denkbeeld, Voorbeeldstad",
    ]
    same = make(elsewhere, [who("Ce Denkbeeld", municipality="Dorp", party="X")], LOCAL)
    assert list(same.files) == ["rosters/dorp/people.csv"]


def test_a_source_that_names_one_of_ours_twice_is_told() -> None:
    twice = [who(municipality="Hier", party="A"), who(municipality="Daar", party="B")]
    found = plan(*twice)
    assert told(found, ChangeKind.DUPLICATE) == [
        "duplicate: an-voorbeeld person: An Voorbeeld: an-voorbeeld is in the source twice"
    ]


def test_a_person_without_a_name_or_with_a_wrong_id_is_left_out() -> None:
    found = plan(FoundPerson("", "bioguide V9"), who("Ed", person_id="Ed!"), who("李明"))
    assert len(told(found, ChangeKind.LEFT_OUT)) == 3
    assert found.files == {}


# accounts


def test_several_accounts_of_one_person_with_their_days() -> None:
    found = plan(
        who(
            accounts=(
                account("an@toet.example", "2019-01-01", "2022-12-31"),
                account("kabinet@toet.example", run_by="office"),
            )
        )
    )
    assert lines(found, "accounts")[2:] == [
        "an-voorbeeld-mastodon,an-voorbeeld,mastodon,an@toet.example,self,2019-01-01,2022-12-31,",
        "an-voorbeeld-mastodon-2,an-voorbeeld,mastodon,kabinet@toet.example,office,,,",
    ]


def test_days_of_an_account_are_filled_in_where_there_are_none() -> None:
    found = plan(who(accounts=(account("an.example", "2019-01-01", "2024-12-31"),)))
    assert [change.kind for change in found.changes[:2]] == ["changed", "ended"]
    assert lines(found, "accounts")[1] == (
        'an-bluesky,an-voorbeeld,bluesky,an.example,self,2019-01-01,2024-12-31,"met, komma"'
    )
    again = plan(
        who(accounts=(account("an.example", "2020-01-01", "2023-12-31"),)),
        accounts="\n".join(lines(found, "accounts")) + "\n",
    )
    assert again.files == {}


def test_an_account_that_passed_on_is_handed_over() -> None:
    found = plan(who("Bo Verzonnen", accounts=(account("an.example", "2025-01-01"),)))
    assert told(found)[:2] == [
        "handed over: an-voorbeeld account: bluesky an.example: an-voorbeeld's until 2024-12-31, "
        "then bo-verzonnen's",
        "added: bo-verzonnen account: bluesky an.example 2025-01-01 – now, run by self",
    ]
    assert [line.split(",")[1:7] for line in lines(found, "accounts")[1:]] == [
        ["an-voorbeeld", "bluesky", "an.example", "self", "", "2024-12-31"],
        ["bo-verzonnen", "bluesky", "an.example", "self", "2025-01-01", ""],
    ]


def test_without_a_day_it_is_only_told_unless_one_is_given() -> None:
    bo = who("Bo Verzonnen", accounts=(account("an.example"),))
    found = plan(bo)
    assert found.files == {}
    assert told(found)[0] == (
        "duplicate: bo-verzonnen account: bluesky an.example: an-voorbeeld has it "
        "→ --handover-on DAY if it passed on"
    )
    given = plan(bo, options=replace(LOCAL, handover_on=date(2025, 1, 1)))
    assert "2024-12-31" in lines(given, "accounts")[1]


def test_an_account_given_to_two_at_once_goes_to_neither() -> None:
    same = (account("wij@toet.example"),)
    found = plan(who(accounts=same), who("Bo Verzonnen", accounts=same))
    assert len(told(found, ChangeKind.DUPLICATE)) == 2
    assert found.files == {}
    one_after_the_other = plan(
        who(accounts=(account("wij@toet.example", "", "2020-12-31"),)),
        who("Bo Verzonnen", accounts=(account("wij@toet.example", "2021-01-01"),)),
    )
    assert len(lines(one_after_the_other, "accounts")) == 4


def test_an_account_that_was_refused_is_left_out() -> None:
    people = [who(accounts=(account("an@toet.example"), account("ook.example")))]
    found = make(files(), people, LOCAL, frozenset({("mastodon", "an@toet.example")}))
    assert told(found, ChangeKind.LEFT_OUT) == [
        "left out: an-voorbeeld account: mastodon an@toet.example: not confirmed"
    ]
    assert len(lines(found, "accounts")) == 3


# who is gone


def test_who_is_not_in_the_source_stays_unless_a_last_day_is_given() -> None:
    an = who(mandates=(term("2019-01-01"),))
    found = plan(an)
    assert told(found, ChangeKind.MISSING) == [
        "missing: bo-verzonnen mandate: councillor: not in the source, left as it is"
    ]
    assert found.files == {}
    given = plan(an, options=replace(LOCAL, ended_on=date(2024, 12, 31)))
    assert told(given, ChangeKind.ENDED) == [
        "ended: bo-verzonnen mandate: councillor: no longer in the source, last day 2024-12-31"
    ]
    assert lines(given, "mandates")[2].endswith("2019-01-01,2024-12-31")


def test_other_offices_are_not_missed() -> None:
    found = plan(who(mandates=(term("2025-01-01"),)), options=replace(LOCAL, office="mayor"))
    assert told(found, ChangeKind.MISSING) == []


# nothing is lost


def test_a_roster_with_problems_is_not_imported_into() -> None:
    with pytest.raises(RosterError, match="expected a day as"):
        plan(who(), mandates=MANDATES.replace("2019-01-01", "ooit"))
    with pytest.raises(RosterError, match="heist-op-den-berg"):
        plan(who(), options=replace(LOCAL, council="../weg"))


NAMES = ["An Voorbeeld", "Bo Verzonnen", "Ce Denkbeeld", "Dé Nieuw", ""]
DAYS = st.sampled_from(
    [None, date(2018, 1, 1), date(2019, 1, 1), date(2022, 6, 1), date(2025, 1, 1)]
)
FOUND_ACCOUNTS = st.builds(
    FoundAccount,
    st.just("mastodon"),
    st.sampled_from(["a@x.example", "b@x.example"]),
    st.sampled_from(["", "office"]),
    DAYS,
    st.none(),
) | st.builds(FoundAccount, st.just("bluesky"), st.just("an.example"), st.just(""), st.none(), DAYS)
FOUND_PEOPLE = st.builds(
    FoundPerson,
    st.sampled_from(NAMES),
    st.just("x"),
    ids=st.sampled_from([(), ("wikidata:Q1",), ("wikidata:Q2",)]),
    municipality=st.sampled_from(["", "Voorbeeldstad", "Dorp"]),
    party=st.sampled_from(["", "Groep Markt"]),
    mandates=st.lists(st.builds(FoundMandate, from_on=DAYS, to_on=DAYS), max_size=2).map(tuple),
    accounts=st.lists(FOUND_ACCOUNTS, max_size=2).map(tuple),
)


@given(st.lists(FOUND_PEOPLE, max_size=4), DAYS, DAYS)
def test_whatever_a_source_says_no_row_is_lost_and_twice_is_once(
    people: list[FoundPerson], handover_on: date | None, ended_on: date | None
) -> None:
    options = replace(LOCAL, handover_on=handover_on, ended_on=ended_on)
    before = files()
    first = make(before, people, options)
    after = {**before, **first.files}
    read = roster.parse(after)
    old = roster.parse(before)
    assert {one.person_id for one in old.people} <= {one.person_id for one in read.people}
    assert {one.account_id for one in old.accounts} <= {one.account_id for one in read.accounts}
    for mandate in old.mandates:
        assert any(
            replace(one, to_on=None) == replace(mandate, to_on=None) for one in read.mandates
        )
    for table in ("people", "mandates", "accounts"):
        path = f"rosters/stad/{table}.csv"
        assert len(after[path].splitlines()) >= len(before[path].splitlines())
    second = make(after, people, options)
    assert not [one for one in second.changes if one.kind is ChangeKind.ADDED], second.changes


# the files themselves


def test_rows_that_do_not_change_keep_every_byte() -> None:
    content = (
        b'\xef\xbb\xbfperson_id;name;note\r\na;"A; ""B""";x\r\n\r\nb;B;"twee\r\nregels"\r\nc;C;'
    )
    same = edited("p", content, FILES["people"], {}, [])
    assert same == content + b"\r\n"
    one = edited("p", content, FILES["people"], {4: {"name": "Bé"}}, [{"person_id": "d"}])
    assert one == content.replace(b"b;B", "b;Bé".encode()) + b"\r\nd;;\r\n"
    wider = edited("p", content, FILES["people"], {}, [{"person_id": "d", "party": "P"}])
    assert wider.splitlines()[0] == b"\xef\xbb\xbfperson_id;name;note;party"
    assert wider.endswith(b"c;C;;\r\nd;;;P\r\n")


def test_changes_are_counted_by_kind() -> None:
    changes = [Change(ChangeKind.ENDED, "a", "mandate", ""), Change(ChangeKind.ADDED, "a", "b", "")]
    assert list(Plan(tuple(changes), {}).counts().items()) == [("added", 1), ("ended", 1)]
