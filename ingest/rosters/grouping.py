"""The same person told several times in a source becomes one; namesakes stay apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.roster import slug
from ingest.rosters.found import FoundPerson


def name_key(name: str) -> tuple[str, ...]:
    """A name without case, accents or order: `Peeters, An` is `An Peeters`."""
    return tuple(sorted(part for part in slug(name).split("-") if part))


def scheme(one: str) -> str:
    """`wikidata` of `wikidata:Q1`."""
    return one.partition(":")[0]


def contradict(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether the ids are of two people: the same scheme with other values."""
    first: dict[str, set[str]] = {}
    for name in one:
        first.setdefault(scheme(name), set()).add(name)
    second: dict[str, set[str]] = {}
    for name in other:
        second.setdefault(scheme(name), set()).add(name)
    return any(not first[kind] & second[kind] for kind in first.keys() & second.keys())


def merged(people: Sequence[FoundPerson]) -> list[FoundPerson]:
    """One entry per person, in the order of the source.

    The same person_id or a shared id joins two entries; so does the same name, unless
    ids or municipalities contradict each other.
    """
    groups: list[FoundPerson] = []
    places: dict[object, list[int]] = {}  # of what two entries must share
    for person in people:
        keys = {person.person_id, *person.ids, name_key(person.name)} - {"", ()}
        near = sorted({place for key in keys for place in places.get(key, ())})
        place = next((n for n in near if _is_same(groups[n], person)), len(groups))
        if place < len(groups):
            groups[place] = _joined(groups[place], person)
        else:
            groups.append(person)
        for key in keys:
            places.setdefault(key, []).append(place)
    return groups


def _is_same(one: FoundPerson, other: FoundPerson) -> bool:
    if one.person_id and other.person_id:
        return one.person_id == other.person_id
    if set(one.ids) & set(other.ids):
        return True
    places = {one.municipality.casefold(), other.municipality.casefold()} - {""}
    return (
        bool(one.name)
        and name_key(one.name) == name_key(other.name)
        and not contradict(one.ids, other.ids)
        and len(places) <= 1
    )


def _joined(one: FoundPerson, other: FoundPerson) -> FoundPerson:
    """What both say; where they differ, what came first."""
    return replace(
        one,
        name=one.name or other.name,
        person_id=one.person_id or other.person_id,
        ids=tuple(dict.fromkeys((*one.ids, *other.ids))),
        municipality=one.municipality or other.municipality,
        party=one.party or other.party,
        language=one.language or other.language,
        timezone=one.timezone or other.timezone,
        mandates=tuple(dict.fromkeys((*one.mandates, *other.mandates))),
        accounts=tuple(dict.fromkeys((*one.accounts, *other.accounts))),
    )
