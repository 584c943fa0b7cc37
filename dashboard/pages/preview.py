"""For the person a card is about: see it before others do, answer on it, tell of an absence."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import access, address, frame, labels, running
from dashboard.adding import errors
from dashboard.edition.card import render
from dashboard.edition.model import Statement, edition_of
from dashboard.frame import Frame
from dashboard.labels import is_told
from dashboard.markup import table
from dashboard.words import Words
from metrics import read

SIGNS = 600
REASONS = {
    "illness": "preview.illness",
    "leave": "preview.leave",
    "other": "preview.other",
}
Rows = Sequence[Mapping[str, Any]]


def main() -> None:
    if not access.may_collect():
        t, _ = frame.surround()
        st.title(t("preview.title"), anchor=False)
        st.warning(t("preview.read_only"))
        return
    here = frame.begin()
    if here is None:
        return
    t = here.words
    st.title(t("preview.title"), anchor=False)
    frame.say(t("preview.lead"), "ws-lead")
    frame.invented(here)
    people = read.all_of(here.path, "person").sort_values("name")
    names = {str(one): str(name) for one, name in zip(people.person_id, people.name, strict=True)}
    who = address.choose("person", names)
    left, right = st.columns(2)
    left.selectbox(
        t("preview.who"),
        list(names),
        format_func=lambda one: names[one],
        placeholder=t("preview.choose"),
        **address.bound("person"),
    )
    edition_id = address.typed("edition").strip()
    right.text_input(
        t("preview.edition"), placeholder="be-vlg-2030-voorbeeldstad", **address.bound("edition")
    )
    if who is None:
        st.info(t("preview.next"))
        return
    roster = _roster(frame.data_dir(), t)
    if roster is None:
        return
    _said(t)
    statements = [one for one in _of(roster, "statements", who) if one["edition_id"] == edition_id]
    _card(here, who, edition_id, statements)
    _watched(here, who)
    _statement(who, edition_id, statements, t)
    _absences(who, _of(roster, "absences", who), t)


def _roster(data_dir: Path, t: Words) -> dict[str, Rows] | None:
    """The roster's tables, or None and every problem in it on the page."""
    answer = running.ask(data_dir, "roster", "list", "--json")
    if not answer.is_well:
        errors(t("collect.roster_wrong"), answer.errors)
        return None
    found: dict[str, Rows] = json.loads(answer.output)
    return found


def _of(roster: Mapping[str, Rows], kind: str, who: str) -> Rows:
    return [row for row in roster[kind] if row["person_id"] == who]


def _card(here: Frame, who: str, edition_id: str, statements: Rows) -> None:
    t = here.words
    st.header(t("preview.card"), anchor=False)
    said = [Statement(str(row["text"]), _day(row["given_on"])) for row in statements]
    edition = edition_of(here.path, edition_id or "—", t("preview.no_edition"))
    marked = replace(edition, statements={who: said[0]} if said else {}, preview=t("preview.mark"))
    card = render(here.path, who, t.lang, marked)
    picture = base64.b64encode(card.png).decode("ascii")
    alt = escape(" ".join(card.sentences), quote=True)
    st.html(
        f'<img class="ws-card" src="data:image/png;base64,{picture}" alt="{alt}" '
        'width="910" height="1287">'
    )
    st.download_button(
        t("preview.pdf"), card.pdf, f"{who}-{t.lang}.pdf", "application/pdf", on_click="ignore"
    )


def _watched(here: Frame, who: str) -> None:
    t = here.words
    st.header(t("preview.watched"), anchor=False)
    frame.say(t("preview.watched_lead"))
    accounts = read.of_person(here.path, "account", who).sort_values("account_id")
    rows = [
        [
            labels.named(labels.PLATFORMS, row["platform"], t),
            str(row["handle"]),
            t.day(row["first_covered_on"]) if is_told(row["first_covered_on"]) else "–",
            t.day(row["last_covered_on"]) if is_told(row["last_covered_on"]) else "–",
        ]
        for row in accounts.to_dict("records")
    ]
    headings = ("coverage.platform", "coverage.handle", "preview.known_from", "preview.known_to")
    st.html(table([t(key) for key in headings], rows, t("preview.watched")))


def _statement(who: str, edition_id: str, statements: Rows, t: Words) -> None:
    st.header(t("preview.statement"), anchor=False)
    if not edition_id:
        st.info(t("preview.edition_first"))
        return
    frame.say(t("preview.statement_lead"))
    before = str(statements[0]["text"]) if statements else ""
    key = ("statement", "--person", who, "--edition", edition_id)
    with st.form(f"statement-{who}-{edition_id}-{len(before)}", border=False):
        said = st.text_area(t("preview.words"), before, max_chars=SIGNS)
        if st.form_submit_button(t("preview.save"), type="primary"):
            today = datetime.now(UTC).date().isoformat()
            text = " ".join(said.split())
            _write(t, *key, f"--on={today}", f"--text={text}", f"--language={t.lang}")
    if statements and st.button(t("preview.withdraw")):
        _write(t, *key, "--remove")


def _absences(who: str, absences: Rows, t: Words) -> None:
    st.header(t("preview.absences"), anchor=False)
    frame.say(t("preview.absences_lead"))
    for row in absences:
        last = t.day(_day(row["to_on"])) if row["to_on"] else t("preview.still")
        told = f"{t.day(_day(row['from_on']))} – {last}: {labels.named(REASONS, row['reason'], t)}"
        left, right = st.columns((4, 1))
        left.write(f"{told}. {row['evidence'] or ''}".strip())
        if right.button(t("preview.remove"), key=f"absence-{who}-{row['from_on']}"):
            _write(t, "absence", "--person", who, f"--from={row['from_on']}", "--remove")
    with st.form(f"absence-{who}-{len(absences)}", border=False):
        left, right = st.columns(2)
        first = left.text_input(t("preview.from"), placeholder="2025-01-06")
        last = right.text_input(t("preview.to"), placeholder="2025-06-30")
        reason = left.selectbox(
            t("preview.reason"), list(REASONS), format_func=lambda one: t(REASONS[one])
        )
        evidence = right.text_input(t("preview.evidence"))
        if st.form_submit_button(t("preview.save_absence")):
            days = (f"--from={first.strip()}", f"--to={last.strip()}")
            more = (f"--reason={reason}", f"--evidence={evidence.strip()}")
            _write(t, "absence", "--person", who, *days, *more)


def _write(t: Words, *arguments: str) -> None:
    """Have the roster written, and say on the fresh page what came of it."""
    with st.spinner(t("collect.saving")):
        answer = running.ask(frame.data_dir(), "roster", *arguments)
    st.session_state["preview-said"] = (answer.is_well, answer.errors)
    st.rerun()


def _said(t: Words) -> None:
    is_well, problems = st.session_state.pop("preview-said", (None, ()))
    if is_well:
        st.success(t("preview.written"))
    elif problems:
        errors(t("preview.not_written"), problems)


def _day(cell: object) -> date:
    return date.fromisoformat(str(cell))


main()
