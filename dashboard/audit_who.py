"""Whose audit it is: somebody of the roster, or a person who is in no list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import streamlit as st

from dashboard import frame, labels
from dashboard.labels import is_told
from dashboard.words import Words
from ingest import roster as rosters
from ingest.collect import STORE_FILE
from ingest.errors import RosterError
from ingest.roster import Mandate, Person, Roster
from metrics import read

NOBODY = ""
MYSELF = "myself"
Office = tuple[str, str, str]  # office, level, jurisdiction


def roster_of(data_dir: Path) -> Roster:
    """The roster, or one in which nobody is where there is none that can be read."""
    try:
        return rosters.read(data_dir)
    except RosterError:
        files = rosters.read_files(data_dir).items()
        return rosters.parse({k: v for k, v in files if not k.startswith("rosters/")})


def choose(everybody: Roster, copy: Path | None, t: Words) -> tuple[Person, Roster]:
    """Who asks, and the roster with that person in it."""
    people = {one.person_id: one for one in everybody.people}
    order = sorted(people, key=lambda one: (people[one].name, one))
    with st.container(horizontal=True, key="audit-who"):
        chosen = st.selectbox(
            t("audit.who"),
            [NOBODY, *order],
            format_func=lambda one: people[one].name if one else t("audit.not_listed"),
            key="audit-person",
            width=340,
        )
        if chosen:
            return people[chosen], everybody
        offices = offices_of(copy)
        place = st.selectbox(
            t("audit.office"),
            range(-1, len(offices)),
            format_func=lambda place: (
                _told(offices[place], t) if place >= 0 else t("audit.no_office")
            ),
            key="audit-office",
            width=340,
        )
    frame.say(t("audit.office_how"))
    return myself(everybody, offices[place] if place >= 0 else None, t)


def myself(everybody: Roster, office: Office | None, t: Words) -> tuple[Person, Roster]:
    """Somebody who is in no list, with the office that was named."""
    person = Person(
        MYSELF, t("audit.myself"), None, None, t.lang, "Europe/Brussels", False, None, None
    )
    mandates = everybody.mandates
    if office is not None:
        kind, level, jurisdiction = office
        held = Mandate(MYSELF, "mandate", kind, level, jurisdiction, None, date(2000, 1, 1), None)
        mandates = (*mandates, held)
    return person, replace(everybody, people=(*everybody.people, person), mandates=mandates)


def offices_of(copy: Path | None) -> list[Office]:
    """The offices that people of the published copy hold: one has peers in them."""
    if copy is None:
        return []
    people = read.all_of(copy, "person")[["office", "level", "jurisdiction"]].drop_duplicates()
    rows = people.itertuples(index=False, name=None)
    return sorted((o, lv, j) for o, lv, j in rows if is_told(o) and is_told(lv) and is_told(j))


def _told(office: Office, t: Words) -> str:
    return f"{labels.named(labels.OFFICES, office[0], t)} · {office[1]} · {office[2]}"


def is_collected(person: Person, everybody: Roster, data_dir: Path) -> bool:
    """Whether the store may know something of this person in public."""
    has_account = any(one.person_id == person.person_id for one in everybody.accounts)
    return has_account and (data_dir / STORE_FILE).is_file()
