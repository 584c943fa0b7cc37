"""The columns of every roster file: how a cell is read and what it should be."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from zoneinfo import available_timezones

from ingest import sources
from ingest.csvfile import Column

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PLATFORMS = tuple(sorted(module.name for module in pkgutil.iter_modules(sources.__path__)))
IMPORTED = ("facebook", "instagram", "linkedin", "x")  # nothing public to collect: files only
HANDLES: Mapping[str, tuple[re.Pattern[str], str]] = {
    "bluesky": (
        re.compile(r"did:(?:plc:[a-z0-9]+|web:[\w.:%-]+)|(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*"),
        "a handle or DID, as an.bsky.social",
    ),
    "mastodon": (re.compile(r"[\w.-]+@[\w.-]+(?::\d+)?"), "user@host, as an@mastodon.example"),
    "feeds": (
        re.compile(r"(?:feed:)?(?:https?://)?[^\s@/:]+(?::\d+)?(?:/\S*)?", re.IGNORECASE),
        "an address without a password, as https://an.example/feed",
    ),
    "wordpress": (
        re.compile(r"(?:https?://)?[^\s@/:]+(?::\d+)?(?:/\S*)?", re.IGNORECASE),
        "a site's or author's address, as https://an.example or https://an.example/author/an/",
    ),
    "x": (re.compile(r"\w{1,20}"), "a name as @an_voorbeeld"),
    "instagram": (re.compile(r"[\w.]{1,40}"), "a name as @an.voorbeeld"),
    "facebook": (re.compile(r"[^/\s]+(?: [^/\s]+)*"), "a name, as An Voorbeeld or an.voorbeeld"),
    "linkedin": (re.compile(r"[^/\s]+(?: [^/\s]+)*"), "a name, as An Voorbeeld or an-voorbeeld"),
}
STATEMENT = 600  # signs that a card has room for
A_DAY = "a day as 2024-10-13 (did a spreadsheet rewrite it? give the column the format text)"
A_SLUG = "letters a-z, digits and hyphens, as an-voorbeeld"


def normal_handle(platform: str, handle: str) -> str:
    """A handle in the one form in which the same account always looks the same."""
    is_address = platform in {"feeds", "wordpress"}
    return handle if is_address else handle.removeprefix("@").lower()


def text(cell: str) -> str:
    """Words, with single spaces between them."""
    return " ".join(cell.split())


def statement(cell: str) -> str:
    """What a person says on the own card."""
    if len(found := text(cell)) > STATEMENT:
        raise ValueError(cell)
    return found


def day(cell: str) -> date:
    """A day written YYYY-MM-DD, between 1900 and 2100."""
    found = date.fromisoformat(cell)
    if len(cell) != 10 or cell[4] != "-" or not 1900 <= found.year <= 2100:
        raise ValueError(cell)
    return found


def slug(cell: str) -> str:
    """An id of ours."""
    if not SLUG.fullmatch(cell):
        raise ValueError(cell)
    return cell


def one_of(*words: str) -> Callable[[str], str]:
    """A word of a closed list."""

    def convert(cell: str) -> str:
        if cell not in words:
            raise ValueError(cell)
        return cell

    return convert


def yes_no(cell: str) -> bool:
    """`yes` or `no`."""
    return one_of("yes", "no")(cell) == "yes"


def timezone(cell: str) -> str:
    """A name of the IANA time zone database."""
    if cell not in _timezones():
        raise ValueError(cell)
    return cell


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def levels(cell: str) -> str:
    """One level of government, or several joined with '+'."""
    for level in cell.split("+"):
        slug(level)
    return cell


def address(cell: str) -> str:
    """A web address without a password in it."""
    if not re.fullmatch(r"https?://[^\s@/:]+(?::\d+)?(?:/\S*)?", cell):
        raise ValueError(cell)
    return cell


def _choice(name: str, *words: str, default: object = None, is_required: bool = False) -> Column:
    return Column(name, one_of(*words), "one of " + ", ".join(words), is_required, default)


PERSON = Column("person_id", slug, A_SLUG, is_required=True)
FROM = Column("from_on", day, A_DAY, is_required=True)
TO = Column("to_on", day, A_DAY)
PLATFORM = _choice("platform", *sorted(PLATFORMS + IMPORTED), is_required=True)
HANDLE = Column("handle", str, "a handle or address", is_required=True)

FILES: Mapping[str, tuple[Column, ...]] = {
    "people": (
        PERSON,
        Column("name", text, "the person's name", is_required=True),
        Column("municipality", text, "a place"),
        Column("party", text, "a party"),
        _choice("language", "nl", "fr", "de", "en", default="nl"),
        Column("timezone", timezone, "a time zone as Europe/Brussels", default="Europe/Brussels"),
        Column("is_invented", yes_no, "yes or no", default=False),
        Column("note", text, "a remark"),
        Column("ids", text, "ids elsewhere, as wikidata:Q1 bioguide:A000001"),
    ),
    "mandates": (
        PERSON,
        _choice("kind", "mandate", "candidacy", is_required=True),
        Column("office", slug, "an office as councillor, alderman, mayor, mp", is_required=True),
        Column("level", slug, "a level as local, regional, federal", is_required=True),
        Column("jurisdiction", str, "a jurisdiction of elections.csv", is_required=True),
        Column("election_id", slug, "an election_id of elections.csv"),
        FROM,
        TO,
    ),
    "accounts": (
        Column("account_id", slug, A_SLUG, is_required=True),
        PERSON,
        PLATFORM,
        HANDLE,
        _choice("run_by", "self", "office", "party", "campaign", default="self"),
        Column("valid_from", day, A_DAY),
        Column("valid_to", day, A_DAY),
        Column("note", text, "a remark"),
    ),
    "known_accounts": (
        PLATFORM,
        HANDLE,
        _choice("class", "party", "media", "organisation", "politician", "own", is_required=True),
        Column("person_id", slug, A_SLUG),
        Column("name", text, "a name"),
    ),
    "absences": (
        PERSON,
        FROM,
        TO,
        _choice("reason", "illness", "leave", "other", is_required=True),
        Column("evidence", text, "where it is documented"),
    ),
    "statements": (
        PERSON,
        Column("edition_id", slug, "the id of an edition", is_required=True),
        Column("given_on", day, A_DAY, is_required=True),
        Column("text", statement, f"at most {STATEMENT} signs in one paragraph", is_required=True),
        _choice("language", "nl", "fr", "de", "en", default="nl"),
    ),
    "elections": (
        Column("jurisdiction", str, "a jurisdiction as BE-VLG", is_required=True),
        Column("level", levels, "levels as local or federal+regional", is_required=True),
        Column("election_id", slug, A_SLUG, is_required=True),
        Column("day", day, A_DAY, is_required=True),
        Column("last_round", day, A_DAY),
        Column("called_on", day, A_DAY),
        Column("regulated_start", day, A_DAY),
        _choice("applies_to", "person", "party", "office"),
        Column("rule", text, "the rule in words"),
        Column("source", address, "the address where it was read"),
        Column("checked_on", day, A_DAY, is_required=True),
        _choice("confidence", "source", "derived", "unverified", is_required=True),
    ),
}
COUNCIL_FILES = tuple(name for name in FILES if name != "elections")
