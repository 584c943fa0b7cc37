"""Members of the US Congress from the congress-legislators files, YAML or JSON.

`legislators-current` (or `-historical`) says who they are and their terms;
`legislators-social-media` only their accounts, which are run by their offices. Give both:
they are joined by bioguide id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
import yaml

from ingest.errors import Problem, RosterError
from ingest.rosters.cells import account, day
from ingest.rosters.found import Found, FoundAccount, FoundMandate, FoundPerson, Reading

Json = Mapping[str, Any]
OFFICES = {"rep": "representative", "sen": "senator"}
ACCOUNTS = ("mastodon", "bluesky", "youtube_id")
ELSEWHERE = ("twitter", "facebook", "instagram")  # their …_id say the same
SAME_OFFICE = timedelta(days=31)  # between two terms
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # 1 MB: 1 s instead of 9


def read(content: bytes) -> Found:
    """The members in one of the files."""
    members = _decoded(content)
    reading = Reading()
    for number, member in enumerate(members, start=1):
        if is_member(member):
            _add(reading, member)
        else:
            reading.skip(f"an entry without a bioguide id (the first is number {number})")
    return reading.found("congress")


def is_member(value: object) -> bool:
    """Whether this is an entry of the files."""
    ids = value.get("id") if isinstance(value, dict) else None
    return isinstance(ids, dict) and isinstance(ids.get("bioguide"), str)


def _decoded(content: bytes) -> list[Any]:
    try:
        is_json = content.lstrip()[:1] in (b"[", b"{")
        value = msgspec.json.decode(content) if is_json else yaml.load(content, _LOADER)  # noqa: S506
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        found = " ".join(str(error).split())[:120]
        raise RosterError([Problem("source", 0, "", found, "YAML or JSON")]) from error
    if not isinstance(value, list):
        raise RosterError([Problem("source", 0, "", "no list", "a list of members")])
    return value


def _add(reading: Reading, member: Json) -> None:
    ids, names = member["id"], _dict(member.get("name"))
    kinds = ("bioguide", "wikidata")
    terms = [term for term in member.get("terms") or [] if isinstance(term, dict)]
    parts = (names.get("first"), names.get("last"), names.get("suffix"))
    last = terms[-1] if terms else {}
    reading.people.append(
        FoundPerson(
            name=str(names.get("official_full") or " ".join(str(p) for p in parts if p)),
            where=f"bioguide {ids['bioguide']}",
            ids=tuple(f"{kind}:{ids[kind]}" for kind in kinds if isinstance(ids.get(kind), str)),
            municipality=str(last.get("state") or ""),
            party=str(last.get("party") or ""),
            language="en" if terms else "",
            timezone="America/New_York" if terms else "",
            mandates=tuple(_mandates(reading, terms)),
            accounts=tuple(_accounts(reading, _dict(member.get("social")), last)),
        )
    )


def _dict(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _mandates(reading: Reading, terms: list[Any]) -> Iterator[FoundMandate]:
    """One mandate per office held without a break, however many terms it took."""
    current: FoundMandate | None = None
    for term in terms:
        office = OFFICES.get(str(term.get("type")))
        start, end = day(term.get("start"), reading), day(term.get("end"), reading, is_last=True)
        if office is None or start is None:
            reading.skip("a term without type or start")
            continue
        if current and current.office == office and _follows(current.to_on, start):
            current = FoundMandate(office, "federal", "US", current.from_on, end)
            continue
        if current:
            yield current
        current = FoundMandate(office, "federal", "US", start, end)
    if current:
        yield current


def _follows(end: date | None, start: date) -> bool:
    return end is not None and start - end <= SAME_OFFICE


def _accounts(reading: Reading, social: Json, term: Json) -> Iterator[FoundAccount]:
    told = [(kind, social.get(kind)) for kind in (*ACCOUNTS, *ELSEWHERE)]
    for kind, cell in (*told, ("rss_url", term.get("rss_url"))):
        found = account(cell, reading, kind=kind, run_by="office")
        if found:
            yield found
