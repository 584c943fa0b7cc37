"""People from a CSV with whatever headers: columns are known by their usual names.

One row per person, or several rows of the same person with one account or mandate each.
EveryPolitician's term files are such a table.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence

from ingest.errors import Problem, RosterError
from ingest.rosters.cells import account, day
from ingest.rosters.found import Found, FoundAccount, FoundMandate, FoundPerson, Reading

DELIMITERS = (",", ";", "\t", "|")
NAMES: Mapping[str, str] = {
    "person_id": "person_id",
    "name": "name naam nom full_name fullname volledige_naam nom_complet vollstandiger_name "
    "politicus politician candidate kandidaat mandataris elu",
    "first": "first first_name firstname given_name voornaam prenom vorname",
    "last": "last last_name lastname surname family_name achternaam familienaam nom_de_famille "
    "nachname",
    "party": "party partij fractie lijst group groep list parti groupe liste partei fraktion "
    "political_party party_name",
    "municipality": "municipality gemeente stad city town commune ville stadt area plaats "
    "constituency district kieskring",
    "language": "language taal langue sprache lang",
    "timezone": "timezone tijdzone time_zone",
    "office": "office functie mandaat ambt role position post fonction mandat amt funktion chamber",
    "level": "level niveau bestuursniveau",
    "jurisdiction": "jurisdiction",
    "election_id": "election_id",
    "from_on": "from_on from start start_date startdate begin begindatum startdatum van sinds "
    "since depuis debut date_debut von seit beginn",
    "to_on": "to_on to end end_date enddate einde einddatum tot until jusqu_a fin date_fin bis "
    "ende",
    "platform": "platform netwerk reseau netzwerk network",
    "handle": "handle account username gebruikersnaam compte konto",
    "run_by": "run_by",
    "valid_from": "valid_from",
    "valid_to": "valid_to",
    "bluesky": "bluesky bsky bluesky_handle bluesky_account",
    "mastodon": "mastodon mastodon_handle mastodon_account fediverse",
    "rss": "rss feed rss_url feed_url rss_feed atom blog_feed",
    "youtube_id": "youtube_id youtube_channel youtube youtube_url",
    "twitter": "twitter x twitter_handle twitter_url x_handle",
    "facebook": "facebook facebook_url facebook_id",
    "instagram": "instagram instagram_url",
    "tiktok": "tiktok",
    "linkedin": "linkedin linkedin_url",
    "wikidata": "wikidata wikidata_id qid",
    "bioguide": "bioguide bioguide_id",
}
ACCOUNTS = ("bluesky", "mastodon", "rss", "youtube_id")
ELSEWHERE = ("twitter", "facebook", "instagram", "tiktok", "linkedin")
_KNOWN = {word: name for name, words in NAMES.items() for word in words.split()}
_MANDATE = ("office", "level", "jurisdiction", "election_id")


def read(content: bytes) -> Found:
    """The people of a table; RosterError where it is no table or names nobody."""
    reading = Reading()
    header, rows = _table(decoded(content, reading))
    places = _places(header, reading)
    is_everypolitician = is_term_file(header)
    if not places.keys() & {"name", "first", "last", "person_id"}:
        raise RosterError(
            [Problem("source", 1, "", ", ".join(header)[:80], "a column for the name, as 'name'")]
        )
    for number, row in enumerate(rows, start=2):
        cells = {name: row[at].strip() for name, at in places.items() if at < len(row)}
        if any(cells.values()):
            id_cell = row[header.index("id")].strip() if is_everypolitician else ""
            _add(reading, cells, f"row {number}", id_cell)
    return reading.found("everypolitician" if is_everypolitician else "csv")


def is_term_file(header: Sequence[str]) -> bool:
    """Whether these are the columns of an EveryPolitician term."""
    return {"id", "name", "group", "group_id", "chamber", "term"} <= set(header)


def decoded(content: bytes, reading: Reading | None = None) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or else Windows-1252, which is told."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if reading is not None:
            reading.skip("text that is not UTF-8, read as Windows-1252: check the accents")
        return content.decode("cp1252", "replace")


def _table(text: str) -> tuple[list[str], list[list[str]]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=lambda sign: _known_count(first.split(sign)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        lines = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        problem = Problem("source", reader.line_num, "", str(error), "cells quoted in pairs")
        raise RosterError([problem]) from error
    if not lines:
        raise RosterError([Problem("source", 0, "", "an empty file", "a table with people")])
    return [_normal(cell) for cell in lines[0]], lines[1:]


def _known_count(cells: Sequence[str]) -> tuple[int, int]:
    return sum(_normal(cell.strip('"')) in _KNOWN for cell in cells), len(cells)


def _normal(header: str) -> str:
    plain = unicodedata.normalize("NFKD", header.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _places(header: Sequence[str], reading: Reading) -> dict[str, int]:
    """Where each thing we know stands; other columns are told."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        known = _KNOWN.get(name)
        if known is None:
            reading.skip(f"the column {name!r}")
        elif known in places:
            reading.skip(f"the column {name!r}: {header[places[known]]!r} says the same")
        else:
            places[known] = place
    return places


def _add(reading: Reading, cells: Mapping[str, str], where: str, ep_id: str) -> None:
    name = cells.get("name") or " ".join(
        filter(None, (cells.get("first", ""), cells.get("last", "")))
    )
    if not name and not cells.get("person_id"):
        reading.skip("a row without a name")
        return
    ids = [f"{kind}:{cells[kind]}" for kind in ("wikidata", "bioguide") if cells.get(kind)]
    ids += [f"everypolitician:{ep_id}"] if ep_id else []
    mandate = FoundMandate(
        **{field: cells.get(field, "") for field in _MANDATE},
        from_on=day(cells.get("from_on"), reading),
        to_on=day(cells.get("to_on"), reading, is_last=True),
    )
    reading.people.append(
        FoundPerson(
            name=" ".join(name.split()),
            where=where,
            person_id=cells.get("person_id", ""),
            ids=tuple(ids),
            municipality=cells.get("municipality", ""),
            party=cells.get("party", ""),
            language=cells.get("language", ""),
            timezone=cells.get("timezone", ""),
            mandates=(mandate,) if mandate != FoundMandate() else (),
            accounts=_accounts(reading, cells),
        )
    )


def _accounts(reading: Reading, cells: Mapping[str, str]) -> tuple[FoundAccount, ...]:
    valid_from = day(cells.get("valid_from"), reading)
    valid_to = day(cells.get("valid_to"), reading, is_last=True)
    told = [(cells.get("platform", ""), cells.get("handle", ""))]
    told += [(kind, cells.get(kind, "")) for kind in (*ACCOUNTS, *ELSEWHERE)]
    found = [
        account(
            part,
            reading,
            kind=kind,
            run_by=cells.get("run_by", ""),
            valid_from=valid_from,
            valid_to=valid_to,
        )
        for kind, cell in told
        for part in re.split(r"[\s;|]+", cell)
    ]
    return tuple(one for one in found if one is not None)
