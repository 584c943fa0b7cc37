"""Every format becomes people, mandates and accounts; what cannot be kept is counted."""

from __future__ import annotations

import json
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import RosterError
from ingest.rosters import wikidata
from ingest.rosters.cells import account, day
from ingest.rosters.found import FoundAccount, FoundMandate, FoundPerson, Reading
from ingest.rosters.grouping import merged
from ingest.rosters.recognise import read, recognised
from tests.roster_sources import (
    COUNCIL_CSV,
    EP_POPOLO,
    LEGISLATORS,
    LONG_CSV,
    POPOLO,
    SOCIAL,
    TERM_CSV,
    WIKIDATA,
    sparql,
)

YOUTUBE = "https://www.youtube.com/feeds/videos.xml?channel_id=UC0123456789abcdefghijkl"


def dumped(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (COUNCIL_CSV.encode(), "csv"),
        (b"\xef\xbb\xbf" + TERM_CSV.encode(), "csv"),
        (dumped(POPOLO), "popolo"),
        (b"\xef\xbb\xbf " + dumped(POPOLO["persons"]), "popolo"),
        (dumped({"result": POPOLO["persons"]}), "popolo"),
        (LEGISLATORS.encode(), "congress"),
        (dumped([{"id": {"bioguide": "V000001"}, "terms": []}]), "congress"),
        (SOCIAL.encode(), "congress"),
        (WIKIDATA, "wikidata"),
    ],
)
def test_a_format_is_known_by_what_is_in_it(content: bytes, name: str) -> None:
    assert recognised(content) == name
    assert read(content).people


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"<!doctype html><p>", "a web page"),
        (b'{"persons": [', "broken JSON"),
        (b'{"a": 1}', "JSON of another shape"),
        (b"a,b\n1,2\n", "a column for the name"),
        (b'name\n"An', "cells quoted in pairs"),
        (b"- id:\n    bioguide: [\n", "expected YAML or JSON"),
        (b"[" * 100_000, "broken JSON"),
    ],
)
def test_what_is_no_roster_is_told_in_one_line(content: bytes, words: str) -> None:
    with pytest.raises(RosterError, match=words) as told:
        read(content)
    assert "\n" not in str(told.value)


def test_a_csv_with_its_own_headers() -> None:
    found = read(COUNCIL_CSV.encode("cp1252"))
    an, bo, ce = found.people
    assert found.format == "csv"
    assert (an.name, an.party, an.municipality) == ("An Voorbeeld", "Lijst Plein", "Voorbeeldstad")
    assert an.mandates == (FoundMandate("Schepen", "", "", date(2019, 1, 1), date(2024, 12, 31)),)
    assert an.accounts == (
        FoundAccount("bluesky", "an.voorbeeld.example"),
        FoundAccount("mastodon", "an@toet.example"),
    )
    assert bo.mandates[0].from_on == date(2019, 1, 1)
    assert bo.accounts == (FoundAccount("bluesky", "bo.example"),)
    assert (ce.name, ce.mandates[0].from_on) == ("Cé Denkbeeld", date(2019, 12, 31))
    assert ce.accounts == (FoundAccount("mastodon", "ce@toet.example"),)
    assert found.left_out == {
        "a day of which only 2019 is told, read as 2019-12-31": 1,
        "a twitter account: there is no source for it": 1,
        "text that is not UTF-8, read as Windows-1252: check the accents": 1,
        "the column 'e_mail'": 1,
        "the column 'vanaf'": 1,
    }


def test_several_rows_of_one_person_are_one_person() -> None:
    (an,) = merged(read(LONG_CSV.encode()).people)
    assert an.person_id == "an-voorbeeld"
    assert an.accounts == (
        FoundAccount("bluesky", "an.example", "self", date(2023, 5, 1)),
        FoundAccount(
            "mastodon", "kabinet@toet.example", "office", date(2019, 1, 1), date(2024, 12, 31)
        ),
        FoundAccount("feeds", "https://an.example/feed", "self"),
    )


def test_a_term_of_everypolitician() -> None:
    found = read(TERM_CSV.encode())
    an, bo = found.people
    assert found.format == "everypolitician"
    assert an.ids == ("wikidata:Q900000001", "everypolitician:0f-1")
    assert an.mandates == (FoundMandate("Raad", "", "", date(2019, 5, 26), date(2024, 6, 8)),)
    assert bo.mandates == (FoundMandate("Raad"),)
    assert read(TERM_CSV.encode(), "everypolitician") == found


def test_popolo() -> None:
    found = read(dumped(POPOLO))
    an, bo = found.people
    assert an.ids == ("popolo:p1", "wikidata:Q900000001")
    assert (an.party, an.municipality) == ("Lijst Plein", "Voorbeeldstad")
    assert an.mandates == (FoundMandate("member", "", "", date(2019, 5, 31), date(2024, 1, 1)),)
    assert an.accounts == (
        FoundAccount("mastodon", "an@toet.example", valid_from=date(2022, 11, 5)),
        FoundAccount("bluesky", "an.example"),
        FoundAccount("feeds", "https://an.example/feed.xml"),
    )
    assert (bo.name, bo.party, bo.mandates) == (
        "Bo Verzonnen",
        "Groep Markt",
        (FoundMandate("Schepen"),),
    )
    assert found.left_out == {
        "a day of which only 2019-05 is told, read as 2019-05-31": 1,
        "a day of which only 2024 is told, read as 2024-01-01": 1,
        "a link of the kind 'Wikipedia (nl)'": 1,
        "a person that is no object": 1,
        "a person without a name": 1,
        "a twitter account: there is no source for it": 1,
        "contact details of the kind 'email'": 1,
    }


def test_everypolitician_s_legislative_periods_lend_their_days() -> None:
    found = read(dumped(EP_POPOLO))
    assert found.format == "everypolitician"
    assert [person.mandates for person in found.people] == [
        (FoundMandate("member", "", "", date(2019, 5, 26), date(2024, 6, 8)),),
        (FoundMandate("member", "", "", date(2021, 2, 1), date(2024, 6, 8)),),
    ]


@pytest.mark.parametrize("is_json", [False, True])
def test_members_of_congress_and_their_accounts_are_joined(is_json: bool) -> None:
    files = [LEGISLATORS.encode(), SOCIAL.encode()]
    if is_json:
        import yaml

        files = [msgspec.json.encode(yaml.safe_load(content)) for content in files]
    current, social = (read(content) for content in files)
    ann, bob, gone = merged([*current.people, *social.people])
    assert (ann.name, ann.party, ann.municipality) == ("Ann B. Example", "Blue", "WA")
    assert (ann.language, ann.timezone) == ("en", "America/New_York")
    assert ann.ids == ("bioguide:V000001", "wikidata:Q900000001")
    assert ann.mandates == (
        FoundMandate("representative", "federal", "US", date(2015, 1, 6), date(2019, 1, 3)),
        FoundMandate("senator", "federal", "US", date(2019, 1, 3), date(2031, 1, 3)),
    )
    assert ann.accounts == (
        FoundAccount("feeds", "https://example-ann.example/rss", "office"),
        FoundAccount("mastodon", "repann@toet.example", "office"),
        FoundAccount("feeds", YOUTUBE, "office"),
    )
    assert (bob.name, bob.mandates[0].to_on) == ("Bob Invented Jr.", date(2025, 1, 3))
    assert (gone.name, gone.where) == ("", "bioguide V000009")
    assert current.left_out == {"an entry without a bioguide id (the first is number 3)": 1}
    assert social.left_out == {"a twitter account: there is no source for it": 1}


def test_wikidata_s_rows() -> None:
    found = read(WIKIDATA)
    (an,) = found.people
    assert an.ids == ("wikidata:Q900000001",)
    assert (an.party, an.municipality) == ("Lijst Plein", "Voorbeeldstad")
    assert an.mandates == (
        FoundMandate("senator", "", "", date(2014, 5, 25), date(2019, 5, 26)),
        FoundMandate("senator", "", "", date(2019, 12, 31)),
    )
    assert an.accounts == (
        FoundAccount("mastodon", "an@toet.example", valid_from=date(2022, 11, 5)),
        FoundAccount("bluesky", "an.example"),
        FoundAccount("feeds", YOUTUBE),
    )
    assert found.left_out == {
        "a day of which only 2019 is told, read as 2019-12-31": 1,
        "a person without a name in these languages": 1,
    }


def test_an_answer_without_anybody_is_an_answer() -> None:
    assert read(sparql()).people == ()


def test_the_question_to_wikidata_holds_what_was_asked_and_nothing_else() -> None:
    text = wikidata.query(country="Q31", positions=["Q1", "Q22"], place="Q333")
    for part in ("wd:Q31 ", "{ wd:Q1 wd:Q22 }", "wd:Q333 ", "P12361", "P4033", '"nl,fr,de,en,mul"'):
        assert part in text
    assert "$" not in text
    assert "wd:Q31" not in wikidata.query(positions=["Q1"])


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"country": "Belgium"},
        {"place": "Q31 . } #"},
        {"positions": ["Q1", "P39"]},
        {"country": "Q31", "languages": 'nl" . } #'},
    ],
)
def test_a_question_that_is_none_is_not_asked(asked: dict[str, object]) -> None:
    with pytest.raises(RosterError):
        wikidata.query(**asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "kind", "found"),
    [
        ("@An.Example", "bluesky", ("bluesky", "an.example")),
        ("did:plc:abc", "bluesky", ("bluesky", "did:plc:abc")),
        ("https://bsky.app/profile/did:plc:abc", "", ("bluesky", "did:plc:abc")),
        ("bsky.app/profile/an.example", "", ("bluesky", "an.example")),
        ("@an@toet.example", "", ("mastodon", "an@toet.example")),
        ("an@toet.example", "Mastodon", ("mastodon", "an@toet.example")),
        ("https://toet.example/users/an", "fediverse", ("mastodon", "an@toet.example")),
        ("https://an.example/feed", "RSS", ("feeds", "https://an.example/feed")),
        ("https://www.youtube.com/channel/UC0123456789abcdefghijkl", "", ("feeds", YOUTUBE)),
        ("UC0123456789abcdefghijkl", "youtube_id", ("feeds", YOUTUBE)),
        (YOUTUBE, "feeds", ("feeds", YOUTUBE)),
    ],
)
def test_accounts_as_people_write_them(cell: str, kind: str, found: tuple[str, str]) -> None:
    reading = Reading()
    one = account(cell, reading, kind=kind)
    assert one is not None
    assert (one.platform, one.handle) == found
    assert not reading.left_out


@pytest.mark.parametrize(
    ("cell", "kind", "told"),
    [
        ("https://x.com/an", "", "a twitter account: there is no source for it"),
        ("anvb", "twitter", "a twitter account: there is no source for it"),
        ("https://www.facebook.com/an", "", "a facebook account: there is no source for it"),
        ("https://youtube.com/@an", "", "a YouTube name without its channel id (UC…)"),
        ("https://www.tiktok.com/@an", "mastodon2", "a tiktok account: there is no source for it"),
        ("https://an.example", "website", "a link of the kind 'website'"),
        ("https://an.example", "", "a link to an.example"),
        ("an", "mastodon", "a mastodon account that is none ('an'); expected user@host"),
        ("an", "bluesky", "a bluesky account that is none ('an'); expected a handle or DID"),
        ("https://an:geheim@an.example/", "rss", "a feeds account that is none"),
    ],
)
def test_what_is_no_account_of_ours_is_told(cell: str, kind: str, told: str) -> None:
    reading = Reading()
    assert account(cell, reading, kind=kind) is None
    (only,) = reading.left_out
    assert only.startswith(told)


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2024-10-13", date(2024, 10, 13), date(2024, 10, 13)),
        ("2024-10-13T00:00:00Z", date(2024, 10, 13), date(2024, 10, 13)),
        ("13/10/2024", date(2024, 10, 13), date(2024, 10, 13)),
        ("3.4.2024", date(2024, 4, 3), date(2024, 4, 3)),
        ("2024-02", date(2024, 2, 29), date(2024, 2, 1)),
        ("2024", date(2024, 12, 31), date(2024, 1, 1)),
    ],
)
def test_a_day_told_in_part_claims_too_little(cell: str, first: date, last: date) -> None:
    assert day(cell, Reading()) == first
    assert day(cell, Reading(), is_last=True) == last


@pytest.mark.parametrize("cell", ["2024-13-01", "31/02/2024", "10/13/2024", "ooit", "0001-01-01"])
def test_a_day_that_is_none_is_told(cell: str) -> None:
    reading = Reading()
    assert day(cell, reading) is None
    assert list(reading.left_out) == [f"a day that is none: {cell!r}"]


def person(name: str, *ids: str, place: str = "", person_id: str = "") -> FoundPerson:
    return FoundPerson(name, "x", person_id, ids, municipality=place)


@pytest.mark.parametrize(
    ("people", "count"),
    [
        ([person("An Voorbeeld"), person("Voorbeeld, An")], 1),
        ([person("An Voorbeeld", "wikidata:Q1"), person("Ann V.", "wikidata:Q1")], 1),
        ([person("An Voorbeeld", "wikidata:Q1"), person("An Voorbeeld", "wikidata:Q2")], 2),
        ([person("An Voorbeeld", "wikidata:Q1"), person("An Voorbeeld", "popolo:1")], 1),
        ([person("An Voorbeeld", place="Hier"), person("An Voorbeeld", place="Daar")], 2),
        ([person("An Voorbeeld", person_id="a"), person("An Voorbeeld", person_id="b")], 2),
        ([person("", "bioguide:1"), person("", "bioguide:2")], 2),
    ],
)
def test_namesakes_are_joined_only_where_nothing_speaks_against_it(
    people: list[FoundPerson], count: int
) -> None:
    assert len(merged(people)) == count


SEEDS = [
    COUNCIL_CSV.encode(),
    TERM_CSV.encode(),
    dumped(EP_POPOLO),
    LEGISLATORS.encode(),
    SOCIAL.encode(),
    WIKIDATA,
]


@given(st.sampled_from(SEEDS), st.data())
def test_a_damaged_source_is_read_or_refused_but_never_a_crash(
    content: bytes, data: st.DataObject
) -> None:
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(damaged)))
        length = data.draw(st.integers(0, 20))
        damaged[place : place + length] = data.draw(st.binary(max_size=8))
    try:
        found = read(bytes(damaged))
    except RosterError:
        return
    assert merged(found.people) is not None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "persons",
                        "memberships",
                        "id",
                        "bioguide",
                        "name",
                        "terms",
                        "results",
                        "bindings",
                        "head",
                        "person",
                        "value",
                        "start_date",
                        "links",
                        "url",
                    ]
                ),
                inner,
            )
        ),
    )
)
def test_json_of_any_shape_is_read_or_refused(value: object) -> None:
    try:
        read(json.dumps(value).encode())
    except RosterError:
        return
