"""For who runs it: add people and accounts, start a run, watch it, stop it; never for visitors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import access, frame, labels, running
from dashboard.adding import add, errors
from dashboard.labels import ADVICE, RUNS
from dashboard.markup import progress, table
from dashboard.words import Words

FINE = {"complete", "unchanged"}
Names = dict[str, str]  # of people, by id


def main() -> None:
    t, _ = frame.surround()
    st.title(t("collect.title"), anchor=False)
    if not access.may_collect():
        st.warning(t("collect.read_only"))
        return
    frame.say(t("collect.lead"), "ws-lead")
    data_dir = frame.data_dir()
    people, problems = _people(data_dir)
    with st.container(key="collecting"):
        _run(data_dir, people, problems, t)
        add(data_dir, people, t)


def _people(data_dir: Path) -> tuple[Names, tuple[str, ...]]:
    """The people of the roster, or every problem in it; none while there is no roster."""
    files = sorted((data_dir / "rosters").glob("*/*.csv"))
    if not files:
        return {}, ()
    stamps = tuple((str(file), file.stat().st_mtime_ns) for file in files)
    return _listed(str(data_dir), stamps)


@st.cache_data(max_entries=4, show_spinner=False)
def _listed(
    data_dir: str,
    stamps: tuple[tuple[str, int], ...],  # noqa: ARG001 (a roster that changed is read again)
) -> tuple[Names, tuple[str, ...]]:
    answer = running.ask(Path(data_dir), "roster", "list", "--json")
    if not answer.is_well:
        return {}, answer.errors
    found = [(one["person_id"], one["name"]) for one in json.loads(answer.output)["people"]]
    return dict(sorted(found, key=lambda one: (one[1], one[0]))), ()


def _run(data_dir: Path, people: Names, problems: tuple[str, ...], t: Words) -> None:
    st.header(t("collect.run"), anchor=False)
    now = running.state(data_dir)
    if now.is_running:
        st.fragment(_progress, run_every="1s")(data_dir, t)
        return
    _ended(now, people, t)
    if problems:
        errors(t("collect.roster_wrong"), problems)
    if not people:
        st.info(t("collect.no_roster"))
        return
    with st.form("run", border=False):
        only = st.multiselect(
            t("collect.only"),
            list(people),
            format_func=lambda one: people[one],
            placeholder=t("collect.everybody"),
        )
        is_asked = st.form_submit_button(t("collect.start"), type="primary")
    frame.say(t("collect.how_long"))
    if is_asked:
        running.begin(data_dir, only)
        st.rerun()


def _progress(data_dir: Path, t: Words) -> None:
    """How far the run is, once a second; the whole page again when it has ended."""
    now = running.state(data_dir)
    if not now.is_running:
        st.rerun()
    far = now.progress
    total, done = int(far.get("account_count", 0)), int(far.get("done_count", 0))
    text = t("collect.starting")
    if total:
        text = t(
            "collect.far",
            done=t.number(done),
            total=t.number(total),
            posts=t.number(int(far.get("post_count", 0))),
            received=t.number(int(far.get("received_count", 0))),
        )
    if now.is_scoring:
        text = t("collect.scoring")
    if now.is_stopping:
        text = t("collect.stopping")
    st.html(progress(done / total if total else 0.0, text))
    if far.get("host"):
        waited = t.number(float(far.get("wait_seconds", 0)))
        frame.say(t("collect.waiting", host=far["host"], seconds=waited))
    if now.began_at:
        frame.say(t("collect.goes_on", moment=t.moment(now.began_at)))
    if st.button(t("collect.stop"), disabled=now.is_stopping):
        running.stop(data_dir)
        st.rerun(scope="fragment")


def _ended(now: running.State, people: Names, t: Words) -> None:
    """What became of the last run from this page, and what to do."""
    if now.began_at is None:
        return
    report = now.report
    began = t.moment(now.began_at)
    if report is None:
        errors(t("collect.failed", moment=began), _errors_in(now.log) or (t("collect.killed"),))
        return
    accounts: list[Mapping[str, Any]] = report.get("accounts", [])
    status = labels.named(RUNS, report.get("status"), t)
    totals = {
        name: t.number(sum(int(one.get(f"{name}_count", 0)) for one in accounts))
        for name in ("post", "received", "request")
    }
    frame.say(t("collect.ended", moment=began, status=status, **totals))
    wrong = _errors_in(now.log)
    if wrong:
        errors(t("collect.not_scored"), wrong)
    left = [one for one in accounts if one["status"] not in FINE]
    if not left:
        return
    frame.say(t.count("collect.left", len(left)))
    rows = [_left(one, people, t) for one in left]
    headings = ("column.name", "coverage.status", "problem.happened", "problem.todo")
    st.html(table([t(key) for key in headings], rows, t("problem.title")))


def _left(one: Mapping[str, Any], names: Mapping[str, str], t: Words) -> list[str]:
    happened, _, todo = str(one.get("message") or "").partition(" → ")
    error = str(one.get("error") or "")
    account = str(one["account_id"])
    person = next((names[key] for key in names if account.startswith(f"{key}-")), "")
    advice = t(ADVICE[error]) if error in ADVICE else todo or t("advice.other")
    return [
        f"{person} ({account})" if person else account,
        labels.named(RUNS, one["status"], t),
        happened,
        advice,
    ]


def _errors_in(log: str) -> tuple[str, ...]:
    found = [line for line in log.splitlines() if line.startswith("error: ")]
    return tuple(line.removeprefix("error: ") for line in found)


main()
