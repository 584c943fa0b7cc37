"""Writes the invented council's roster: the same five files a real council has."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from ingest.demo.cast import PEOPLE
from ingest.demo.people import Person
from ingest.demo.world import Voice, World

COUNCIL = "voorbeeldstad"
NOTE = "Verzonnen persoon: bestaat niet"

_HEADERS = {
    "people": (
        "person_id", "name", "municipality", "party", "language", "timezone", "is_invented", "note",
    ),
    "mandates": (
        "person_id", "kind", "office", "level", "jurisdiction", "election_id", "from_on", "to_on",
    ),
    "accounts": (
        "account_id", "person_id", "platform", "handle", "run_by", "valid_from", "valid_to", "note",
    ),
    "known_accounts": ("platform", "handle", "class", "person_id", "name"),
    "absences": ("person_id", "from_on", "to_on", "reason", "evidence"),
}  # fmt: skip
Cell = str | date | None


def write_roster(data_dir: Path) -> Path:
    """Write people, mandates, accounts, known accounts and absences; the folder they are in."""
    folder = data_dir / "rosters" / COUNCIL
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in roster_rows().items():
        (folder / f"{name}.csv").write_text(_csv(_HEADERS[name], rows), encoding="utf-8")
    return folder


def roster_rows() -> dict[str, list[tuple[Cell, ...]]]:
    """The rows of every file, in the order of its columns."""
    world = World(0, PEOPLE)  # handles do not depend on the seed
    accounts = [voice for person in PEOPLE for voice in world.accounts[person.person_id]]
    return {
        "people": [_person(person) for person in PEOPLE],
        "mandates": [
            (
                person.person_id,
                mandate.kind,
                mandate.office,
                mandate.level,
                mandate.jurisdiction,
                mandate.election_id,
                mandate.from_on,
                mandate.to_on,
            )
            for person in PEOPLE
            for mandate in person.mandates
        ],
        "accounts": [_account(voice) for voice in accounts],
        "known_accounts": [
            (voice.platform, voice.handle, voice.kind, None, voice.name) for voice in world.known
        ],
        "absences": [
            (person.person_id, *person.absence, "illness", "verzonnen persbericht")
            for person in PEOPLE
            if person.absence
        ],
    }


def _person(person: Person) -> tuple[Cell, ...]:
    language = max(person.languages, key=lambda pair: pair[1])[0]
    zone = "Europe/Brussels"
    return (
        person.person_id,
        person.name,
        "Voorbeeldstad",
        person.party,
        language,
        zone,
        "yes",
        NOTE,
    )


def _account(voice: Voice) -> tuple[Cell, ...]:
    run_by = voice.plan.run_by if voice.plan else "self"
    return (
        voice.voice_id,
        voice.person_id,
        voice.platform,
        voice.handle,
        run_by,
        voice.opened_on,
        voice.closed_on,
        "Verzonnen account",
    )


def _csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if cell is None else str(cell) for cell in row] for row in rows)
    return file.getvalue()
