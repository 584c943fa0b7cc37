"""What the audit page draws: the last 365 days, things to do, what holds back, the forecast."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from html import escape

import streamlit as st

from dashboard import audit_ahead, audit_files, audit_hold, frame, labels, person_parts
from dashboard.audit_run import Audit
from dashboard.audit_words import Line, Section, stale
from dashboard.calendar_chart import calendar
from dashboard.days import TABLES, Day, life_of, year_of
from dashboard.facts import facts_of
from dashboard.findings import basis, findings, said
from dashboard.look import Look
from dashboard.markup import figures, lines, table
from dashboard.words import Words

YEAR = 364  # days before the last one
FIRST = 5  # things to do of one kind that are shown at once
SIDES = (  # what others wait for, and what one does oneself
    ("question", "promise"),
    ("campaign_talk", "rhythm", "selling", "ask_month", "topic"),
)
_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!~$:<>|^])")


@dataclass(frozen=True, slots=True)
class Shown:
    """An audit with what it is drawn with."""

    audit: Audit
    sections: Sequence[Section]
    medians: audit_hold.Medians
    words: Words
    look: Look


def finding(shown: Shown) -> None:
    """The person's name, the first sentence and what it rests on."""
    audit, t = shown.audit, shown.words
    facts = facts_of(
        audit.tables["metric"],
        audit.tables["spell"],
        audit.tables["season"],
        int(audit.person["covered_days"]),
    )
    first, *more = findings(facts)
    frame.say(said(first, t), "ws-finding")
    frame.say(basis(first, t), "ws-basis")
    if more:
        st.html(lines(f"{said(one, t)}. {basis(one, t)}" for one in more))
    frame.say(person_parts.scope(audit.person, audit.tables["account"], t))
    if audit.public_left:
        frame.say(t("audit.public_left", why=audit.public_left), "ws-stale")


def year(shown: Shown) -> None:
    """The 365 days up to the last known one."""
    audit, t, look = shown.audit, shown.words, shown.look
    days = last_days(audit)
    st.header(t("audit.year"), anchor=False)
    if not days:
        frame.say(t("why.no_coverage"))
        return
    scale = look.scale
    names = (t("legend.one"), "2", "3–4", "5–8", "9+")
    frame.legend(
        [
            (scale[0], t("legend.nothing")),
            ("ws-dot", t("legend.sent")),
            *zip(scale[1:], names, strict=True),
            (look.season_cell, t("legend.season")),
            ("ws-unknown", t("legend.unknown")),
        ]
    )
    alt = _year_told(days, t)
    for kind, is_narrow in (("wide", False), ("narrow", True)):
        with st.container(key=f"{kind}-audit-year"):
            spec = calendar(days, t, look, narrow=is_narrow, is_rolling=True)
            st.vega_lite_chart(spec=spec, theme=None, alt=alt, key=f"chart-{kind}-audit-year")
    frame.say(alt)
    with st.expander(t("table.open"), type="compact"):
        rows = person_parts.days_table(days, t)
        st.dataframe(rows, hide_index=True, height=320, alt=t("audit.year"), key="table-audit-days")


def last_days(audit: Audit) -> list[Day]:
    """The last year of days, from a Monday to the last known day."""
    if audit.as_of is None:
        return []
    tables = audit.tables
    life = life_of(audit.window, *(tables[name] for name in TABLES))
    first = audit.as_of - timedelta(days=YEAR)
    found = [*year_of(life, first.year)] if first.year < audit.as_of.year else []
    return [
        day for day in [*found, *year_of(life, audit.as_of.year)] if first <= day.on <= audit.as_of
    ]


def _year_told(days: Sequence[Day], t: Words) -> str:
    known = sum(day.state == "known" for day in days)
    active = sum(day.acts.own > 0 for day in days)
    talked = sum(day.acts.answers > 0 for day in days)
    return t(
        "audit.year_told",
        first=t.day(days[0].on),
        last=t.day(days[-1].on),
        known=t.number(known),
        active=t.number(active),
        talked=t.number(talked),
    )


def todo(shown: Shown) -> frozenset[str]:
    """Things to do that can be ticked; the keys of those that are."""
    t = shown.words
    st.header(t("audit.todo"), anchor=False)
    count = sum(len(part.lines) for part in shown.sections)
    frame.say(t.count("audit.todo_count", count), "ws-lead")
    accounts, today = shown.audit.tables["account"], datetime.now(UTC).date()
    frame.say(stale(shown.audit.as_of, accounts, today, t), "ws-stale")
    done: set[str] = set()
    for column, kinds in zip(st.columns(2, gap="large"), SIDES, strict=True):
        with column:
            for part in (one for one in shown.sections if one.kind in kinds):
                done |= _section(part, t)
    return frozenset(done)


def _section(part: Section, t: Words) -> set[str]:
    """One kind of thing to do; the keys of what is ticked."""
    done: set[str] = set()
    st.subheader(part.title, anchor=False)
    frame.say(part.sentence)
    for line in part.lines[:FIRST]:
        done |= _tick(line, t)
    if more := part.lines[FIRST:]:
        with st.expander(t.count("audit.more", len(more)), type="compact"):
            for line in more:
                done |= _tick(line, t)
    return done


def _tick(line: Line, t: Words) -> set[str]:
    """One thing to do with its box and, where there is one, the way to it."""
    place = sha256(line.item.key.encode()).hexdigest()[:16]
    with st.container(key=f"todo-{place}", gap=None):
        is_done = st.checkbox(plain(line.text), key=f"audit-done-{place}")
        st.html(_below(line, t))
    return {line.item.key} if is_done else set()


def _below(line: Line, t: Words) -> str:
    link = ""
    if line.link:
        on = t.short_day(line.item.on) if line.item.on else ""
        label = escape(t("todo.open", day=on))
        link = (
            f' <a href="{escape(line.link)}" target="_blank" rel="noopener noreferrer">{label}</a>'
        )
    return f'<p class="ws-why">{escape(line.why)}{link}</p>'


def plain(text: str) -> str:
    """A text as it is, where markup would be read."""
    return _SIGNS.sub(r"\\\1", text)


def take(shown: Shown, whose: str, done: frozenset[str]) -> None:
    """The things to do as a calendar, all of it as text."""
    t, now = shown.words, datetime.now(UTC)
    left = sum(line.item.key not in done for part in shown.sections for line in part.lines)
    with st.container(horizontal=True, key="audit-take"):
        st.download_button(
            t("audit.take_calendar"),
            lambda: audit_files.ics(whose, shown.sections, t, now, done),
            file_name=f"winterslaap-{date.today():%Y-%m-%d}.ics",  # noqa: DTZ011 (the reader's own day)
            mime="text/calendar",
            key="audit-ics",
            on_click="ignore",
            type="primary",
            icon=":material/event:",
            disabled=not left,
        )
        st.download_button(
            t("audit.take_text"),
            lambda: audit_files.text(shown.audit, shown.medians, t, done, today=now.date()).encode(
                "utf-8"
            ),
            file_name=f"winterslaap-{date.today():%Y-%m-%d}.txt",  # noqa: DTZ011
            mime="text/plain",
            key="audit-text",
            on_click="ignore",
            icon=":material/description:",
        )
    frame.say(t("audit.take_how"))


def hold(shown: Shown) -> None:
    """The score, what holds it back pillar by pillar, and the peers' median."""
    audit, t = shown.audit, shown.words
    st.header(t("audit.hold"), anchor=False)
    told = audit_hold.sentence(audit, t)
    frame.say(
        " ".join(
            filter(None, (labels.score_sentence(audit.tables["score"].iloc[0].to_dict(), t), told))
        ),
        "ws-lead",
    )
    st.html(figures(audit_hold.figures_of(audit, t)))
    frame.say(t("hold.how"))
    st.header(t("audit.peers"), anchor=False)
    rows = audit_hold.peers_rows(audit, shown.medians, t)
    if not rows:
        frame.say(t("audit.peers_none"))
        return
    headings = [t(key) for key in ("col.what", "audit.mine", "audit.median", "audit.people")]
    st.html(table(headings, rows, t("audit.peers"), {2, 3}))
    frame.say(t("audit.peers_how"))


def ahead(shown: Shown) -> None:
    """The score after four weeks of three answers a week, with what was assumed."""
    one, t = shown.audit.ahead, shown.words
    st.header(t("audit.ahead"), anchor=False)
    first, *more = audit_ahead.sentences(one, t)
    frame.say(first, "ws-lead")
    if one.then:
        st.html(figures(audit_ahead.figures_of(one, t)))
    for line in more:
        frame.say(line)
    if one.then:
        with st.expander(t("table.open"), type="compact"):
            headings = [t("score.pillar"), t("ahead.now"), t("ahead.then")]
            st.html(table(headings, audit_ahead.pillar_rows(one, t), t("audit.ahead"), {1, 2}))
