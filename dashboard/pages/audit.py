"""One's own archive, for oneself alone: what it says, what to do this week, then forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import access, audit_hold, audit_parts, audit_who, frame, labels
from dashboard.audit_files import sections
from dashboard.audit_parts import Shown
from dashboard.audit_run import Audit, Given, Seen, audit, survey
from dashboard.look import Look
from dashboard.markup import lines, table
from dashboard.words import Words
from ingest.errors import StoreError
from ingest.roster import Person, Roster
from metrics import read
from metrics.errors import MetricsError

MOST_SHOWN = 50  # problems of one file
KINDS = ("posts", "replies", "quotes", "reposts")


def main() -> None:
    t, look = frame.surround()
    if not access.may_collect():
        st.title(t("audit.title"), anchor=False)
        st.warning(t("audit.read_only"))
        return
    made: Audit | None = st.session_state.get("audit-made")
    if made is not None:
        _show(made, t, look)
        return
    st.title(t("audit.title"), anchor=False)
    frame.say(t("audit.lead"), "ws-lead")
    frame.say(t("audit.private"), "ws-invented")
    if st.session_state.pop("audit-forgotten", False):
        st.success(t("audit.forgotten"))
    with st.container(key="audit-begin"):
        _begin(frame.data_dir(), t)


def _begin(data_dir: Path, t: Words) -> None:
    """Who it is, which files, what they are, and the button."""
    everybody = audit_who.roster_of(data_dir)
    person, everybody = audit_who.choose(everybody, read.latest(data_dir), t)
    dropped = st.file_uploader(
        t("audit.files"),
        accept_multiple_files=True,
        key=f"audit-files-{st.session_state.get('audit-turn', 0)}",
        help=t("audit.files_help"),
    )
    frame.say(t("audit.where"))
    is_public = audit_who.is_collected(person, everybody, data_dir)
    if not dropped and not is_public:
        frame.say(t("audit.empty"))
        return
    seen = _surveyed(dropped, everybody, person, data_dir, t)
    if dropped:
        _recognised(seen, t)
    if is_public:
        frame.say(t("audit.with_public"))
    counts = any(one.account_id and not one.is_set_aside for one in seen)
    if not counts and not is_public:
        st.warning(t("audit.nothing_counts"))
        return
    if st.button(t("audit.start"), type="primary", key="audit-start"):
        given = [Given(one.name, one.getvalue()) for one in dropped]
        _make(list(zip(given, seen, strict=True)), everybody, person, data_dir, t)


def _surveyed(
    dropped: Sequence[Any], everybody: Roster, person: Person, data_dir: Path, t: Words
) -> list[Seen]:
    """What the files are; read once, whatever else changes on the page."""
    asked = (person, tuple(one.file_id for one in dropped))
    before, seen = st.session_state.get("audit-seen", (None, []))
    if before != asked:
        with st.spinner(t("audit.reading")):
            given = [Given(one.name, one.getvalue()) for one in dropped]
            seen = survey(given, everybody, person, data_dir)
        st.session_state["audit-seen"] = (asked, seen)
    return list(seen)


def _recognised(seen: Sequence[Seen], t: Words) -> None:
    st.header(t("audit.seen"), anchor=False)
    keys = ("seen.file", "seen.what", "seen.account", "seen.posts", "seen.replies", "seen.quotes")
    headings = [t(key) for key in (*keys, "seen.reposts", "seen.period", "seen.counted")]
    known = [one for one in seen if one.refusal is None]
    if known:
        st.html(table(headings, [_row(one, t) for one in known], t("audit.seen"), {3, 4, 5, 6}))
    notes = [f"{one.name}: {note}" for one in known for note in one.notes]
    if notes:
        st.html(lines(notes))
    for one in seen:
        if one.refusal is not None:
            st.error(
                t("seen.refused", file=audit_parts.plain(one.name),
                  happened=audit_parts.plain(one.refusal.happened),
                  todo=audit_parts.plain(one.refusal.todo))
            )  # fmt: skip
        elif one.problems:
            _problems(one, t)


def _row(one: Seen, t: Words) -> list[str]:
    counts = one.counts
    period = ""
    if counts.from_at and counts.to_at:
        period = f"{t.day(counts.from_at.date())} – {t.day(counts.to_at.date())}"
    handle = f" ({one.handle})" if one.handle else ""
    account = f"{labels.named(labels.PLATFORMS, one.platform, t)}{handle}"
    numbers = [t.number(getattr(counts, kind)) for kind in KINDS]
    return [one.name, one.title, account, *numbers, period, _counted(one, t)]


def _counted(one: Seen, t: Words) -> str:
    if one.is_set_aside:
        return t("seen.set_aside")
    if not one.account_id:
        return t("seen.nobody")
    told = t("seen.yes")
    return f"{told} {t.count('seen.left_out', one.left_out_count)}" if one.left_out_count else told


def _problems(one: Seen, t: Words) -> None:
    """What is wrong in a file whose good part counts: file, row, column, found, expected."""
    st.warning(t.count("seen.problems", one.problem_count, file=audit_parts.plain(one.name)))
    keys = ("seen.file", "seen.line", "seen.column", "seen.found", "seen.expected")
    rows = [
        [p.file, t.number(p.row) if p.row else "", p.column, p.found, p.expected]
        for p in one.problems[:MOST_SHOWN]
    ]
    st.html(table([t(key) for key in keys], rows, t("seen.problems_table"), {1}))
    if one.problem_count > len(rows):
        frame.say(
            t("seen.problems_more", shown=t.number(len(rows)), all=t.number(one.problem_count))
        )


def _make(
    given: Sequence[tuple[Given, Seen]],
    everybody: Roster,
    person: Person,
    data_dir: Path,
    t: Words,
) -> None:
    """Compute, keep the outcome in this session, and let go of the files."""
    try:
        with st.spinner(t("audit.counting")):
            st.session_state["audit-made"] = audit(given, everybody, person, data_dir)
    except (MetricsError, StoreError) as error:
        st.error(t("audit.failed", why=audit_parts.plain(str(error))))
        return
    _let_go()
    st.rerun()


def _let_go() -> None:
    """Take the files out of the server's memory; the next run has a fresh place to drop some."""
    (_, file_ids), _ = st.session_state.pop("audit-seen", ((None, ()), []))
    context = get_script_run_ctx()
    manager = context.uploaded_file_mgr if context else None
    if context and isinstance(manager, MemoryUploadedFileManager):
        for file_id in file_ids:
            manager.remove_file(context.session_id, file_id)
    st.session_state["audit-turn"] = st.session_state.get("audit-turn", 0) + 1


def _forget() -> None:
    for key in [key for key in st.session_state if str(key).startswith("audit-done-")]:
        del st.session_state[key]
    st.session_state.pop("audit-made", None)
    st.session_state["audit-forgotten"] = True
    _let_go()


def _show(made: Audit, t: Words, look: Look) -> None:
    here = Shown(made, sections(made, t), _medians(made), t, look)
    st.title(str(made.person["name"]), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", key="audit-alone"):
        frame.say(t("audit.alone"), "ws-invented")
        st.button(t("audit.forget"), on_click=_forget, key="audit-forget", icon=":material/delete:")
    audit_parts.finding(here)
    audit_parts.year(here)
    done = audit_parts.todo(here)
    audit_parts.take(here, str(made.person["person_id"]), done)
    audit_parts.hold(here)
    audit_parts.ahead(here)
    st.divider()
    frame.say(t("audit.closing"))


def _medians(made: Audit) -> dict[tuple[str, str], tuple[float, int]]:
    latest = read.latest(frame.data_dir())
    return audit_hold.medians_of(latest, made.person["office"], made.person["level"])


main()
