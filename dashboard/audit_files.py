"""What a person takes along from an audit: things to do as a calendar, and all of it as text."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from dashboard import labels, person_parts
from dashboard.audit_ahead import sentences as ahead_sentences
from dashboard.audit_hold import Medians, peers_rows
from dashboard.audit_hold import sentence as held_sentence
from dashboard.audit_run import Audit
from dashboard.audit_words import Line, Section, section, stale
from dashboard.facts import facts_of
from dashboard.findings import basis, findings, said
from dashboard.words import Words
from metrics.todo.plan import plan

PRODUCT = "-//Winterslaap//audit//{lang}"
WIDTH = 78


def sections(audit: Audit, t: Words) -> list[Section]:
    """Every kind of thing to do, in words."""
    return [section(fact, audit.names, audit.as_of, t) for fact in audit.facts]


def ics(
    whose: str,
    parts: Sequence[Section],
    t: Words,
    now: datetime,
    done: frozenset[str] = frozenset(),
) -> bytes:
    """The things to do as all-day events on working days, as calendars read them (RFC 5545).

    The same thing keeps its UID, so that a calendar that is imported again is not doubled.
    """
    titled = {
        line.item.key: (line, part.title)
        for part in parts
        for line in part.lines
        if line.item.key not in done and not _is_over(part, line, now.date())
    }
    calendar = Calendar()
    calendar.add("prodid", PRODUCT.format(lang=t.lang.upper()))
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", t("audit.calendar_name"))
    for key, day in plan([line.item for line, _ in titled.values()], now.date()).items():
        calendar.add_component(_event(whose, *titled[key], day, t, now))
    return bytes(calendar.to_ical())


def _is_over(part: Section, line: Line, today: date) -> bool:
    """Whether it was to be done in a week that is gone."""
    return part.kind == "rhythm" and line.item.due is not None and line.item.due < today


def uid(whose: str, key: str) -> str:
    """The id of one thing to do of one person, the same in every session."""
    return f"{uuid5(NAMESPACE_URL, f'winterslaap:{whose}:{key}')}@winterslaap"


def _event(whose: str, line: Line, title: str, day: date, t: Words, now: datetime) -> Event:
    event = Event()
    spoken = {"LANGUAGE": t.lang}
    event.add("uid", uid(whose, line.item.key))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", line.text, parameters=spoken)
    event.add("description", "\n".join(filter(None, (line.why, line.link))), parameters=spoken)
    event.add("categories", [title])
    if line.link:
        event.add("url", line.link)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def text(
    audit: Audit,
    medians: Medians,
    t: Words,
    done: frozenset[str] = frozenset(),
    most: int | None = None,
    today: date | None = None,
) -> str:
    """The whole audit as plain text; `most`: so many things to do of each kind, for a screen."""
    facts = facts_of(
        audit.tables["metric"],
        audit.tables["spell"],
        audit.tables["season"],
        int(audit.person["covered_days"]),
    )
    first, *more = findings(facts)
    out = [str(audit.person["name"]), "=" * len(str(audit.person["name"])), ""]
    out += _wrapped(said(first, t))
    out += _wrapped(basis(first, t))
    for one in more:
        out += _wrapped(f"{said(one, t)}. {basis(one, t)}", "- ")
    out += ["", *_wrapped(person_parts.scope(audit.person, audit.tables["account"], t))]
    out += _headed(t("audit.todo"), lambda: _todo(audit, done, most, today, t))
    out += _headed(t("audit.hold"), lambda: _score(audit, medians, t))
    out += _headed(t("audit.ahead"), lambda: ahead_sentences(audit.ahead, t))
    out += ["", *_wrapped(t("audit.text_private"))]
    return "\n".join(out) + "\n"


def _headed(title: str, lines: Callable[[], Sequence[str]]) -> list[str]:
    return ["", title, "-" * len(title), *(part for line in lines() for part in _wrapped(line))]


def _todo(
    audit: Audit, done: frozenset[str], most: int | None, today: date | None, t: Words
) -> list[str]:
    told = stale(audit.as_of, audit.tables["account"], today, t) if today else ""
    out = [told] if told else []
    for part in sections(audit, t):
        out += ["", f"{part.title}. {part.sentence}"]
        shown = part.lines[:most]
        for line in shown:
            mark = "x" if line.item.key in done else " "
            link = f" {line.link}" if line.link else ""
            out.append(f"[{mark}] {line.text} ({line.why}){link}")
        if left := len(part.lines) - len(shown):
            out.append(t.count("audit.more", left))
    return out


def _score(audit: Audit, medians: Medians, t: Words) -> list[str]:
    row = audit.tables["score"].iloc[0].to_dict()
    out = [labels.score_sentence(row, t), held_sentence(audit, t)]
    for name, mine, median, count in peers_rows(audit, medians, t):
        out.append(f"{name}: {mine}; {t('audit.peers_short', median=median, n=count)}")
    return [line for line in out if line]


def _wrapped(line: str, bullet: str = "") -> list[str]:
    if not line:
        return [""]
    bullet = line[:4] if line.startswith(("[ ] ", "[x] ")) else bullet
    line = line.removeprefix(bullet)
    return textwrap.wrap(
        line,
        WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )
