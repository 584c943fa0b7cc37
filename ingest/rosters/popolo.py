"""People from Popolo JSON, as councils, OpenStates-like projects and EveryPolitician publish it.

Persons with memberships, contact details, links and identifiers. A membership of a party
says the party, any other one is a mandate; where it has no dates, those of its
legislative period (an event) stand in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from ingest.errors import Problem, RosterError
from ingest.rosters.cells import account, day
from ingest.rosters.found import Found, FoundAccount, FoundMandate, FoundPerson, Reading

Json = Mapping[str, Any]
PARTIES = ("party", "faction", "fraction", "parliamentary group", "parliamentary_group", "list")
_LISTS = ("persons", "people", "result", "results", "items")


def read(content: bytes) -> Found:
    """The people of a Popolo document."""
    document = msgspec.json.decode(content)
    persons = people_in(document)
    if persons is None:
        raise RosterError([Problem("source", 0, "", "JSON without people", "a list 'persons'")])
    reading = Reading()
    whole = document if isinstance(document, dict) else {}
    index = _Index(whole)
    for number, person in enumerate(persons, start=1):
        _add(reading, index, person, number)
    return reading.found("everypolitician" if index.has_terms else "popolo")


def people_in(document: object) -> list[Any] | None:
    """The list of persons, wherever the document keeps it."""
    if isinstance(document, dict):
        lists = (document.get(name) for name in _LISTS)
        return next((one for one in lists if isinstance(one, list)), None)
    return document if isinstance(document, list) else None


class _Index:
    """The document's other lists, by id."""

    def __init__(self, document: Json) -> None:
        self.organizations = _by_id(document.get("organizations"))
        self.posts = _by_id(document.get("posts"))
        self.areas = _by_id(document.get("areas"))
        self.events = _by_id(document.get("events"))
        self.memberships: dict[str, list[Json]] = {}
        for one in _objects(document.get("memberships")):
            self.memberships.setdefault(_text(one.get("person_id")), []).append(one)

    @property
    def has_terms(self) -> bool:
        """Whether there are legislative periods, as EveryPolitician has them."""
        return any(
            _text(event.get("classification")) == "legislative period"
            for event in self.events.values()
        )


def _objects(value: object) -> Iterator[Json]:
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def _by_id(value: object) -> dict[str, Json]:
    return {_text(one.get("id")): one for one in _objects(value) if one.get("id")}


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _add(reading: Reading, index: _Index, person: object, number: int) -> None:
    if not isinstance(person, dict):
        reading.skip("a person that is no object")
        return
    parts = (_text(person.get("given_name")), _text(person.get("family_name")))
    name = _text(person.get("name")) or " ".join(filter(None, parts))
    if not name:
        reading.skip("a person without a name")
        return
    own_id = _text(person.get("id"))
    members = [*index.memberships.get(own_id, []), *_objects(person.get("memberships"))]
    party, municipality, mandates = _memberships(reading, index, members)
    reading.people.append(
        FoundPerson(
            name=name,
            where=f"person {own_id or number}",
            ids=tuple(_ids(person, own_id)),
            municipality=municipality,
            party=party,
            mandates=tuple(mandates),
            accounts=tuple(_accounts(reading, person)),
        )
    )


def _ids(person: Json, own_id: str) -> Iterator[str]:
    if own_id and " " not in own_id:
        yield f"popolo:{own_id}"
    for one in _objects(person.get("identifiers")):
        kind, value = _text(one.get("scheme")).casefold(), _text(one.get("identifier"))
        if kind in {"wikidata", "bioguide"} and value:
            yield f"{kind}:{value}"


def _memberships(
    reading: Reading, index: _Index, members: Iterable[Json]
) -> tuple[str, str, list[FoundMandate]]:
    """The last party, the last place, and the mandates."""
    party, place, mandates = "", "", []
    for one in sorted(members, key=lambda member: _start(index, member)):
        organization = _inside(one, "organization", index.organizations)
        on_behalf = _inside(one, "on_behalf_of", index.organizations)
        kind = _text(organization.get("classification")).casefold()
        if kind in PARTIES:
            party = _text(organization.get("name")) or party
            continue
        party = _text(on_behalf.get("name")) or party
        place = _text(_inside(one, "area", index.areas).get("name")) or place
        mandates.append(_mandate(reading, index, one))
    return party, place, mandates


def _start(index: _Index, member: Json) -> str:
    event = index.events.get(_text(member.get("legislative_period_id")), {})
    return _text(member.get("start_date")) or _text(event.get("start_date"))


def _mandate(reading: Reading, index: _Index, member: Json) -> FoundMandate:
    event = index.events.get(_text(member.get("legislative_period_id")), {})
    post = _inside(member, "post", index.posts)
    return FoundMandate(
        office=_text(member.get("role")) or _text(post.get("role")) or _text(post.get("label")),
        from_on=day(_text(member.get("start_date")) or _text(event.get("start_date")), reading),
        to_on=day(
            _text(member.get("end_date")) or _text(event.get("end_date")), reading, is_last=True
        ),
    )


def _inside(member: Json, name: str, index: Mapping[str, Json]) -> Json:
    """What a member points at: an object in it, or an id."""
    inside = member.get(name)
    return inside if isinstance(inside, dict) else index.get(_text(member.get(f"{name}_id")), {})


def _accounts(reading: Reading, person: Json) -> Iterator[FoundAccount]:
    for one in _objects(person.get("contact_details")):
        kind = _text(one.get("type"))
        if kind in {"email", "phone", "fax", "address", "cell", "voice"}:
            reading.skip(f"contact details of the kind {kind!r}")
            continue
        found = account(
            one.get("value"),
            reading,
            kind=kind,
            valid_from=day(one.get("valid_from"), reading),
            valid_to=day(one.get("valid_until"), reading, is_last=True),
        )
        if found:
            yield found
    for one in _objects(person.get("links")):
        found = account(one.get("url"), reading, kind=_text(one.get("note")))
        if found:
            yield found
