"""What is known of whom since when, how the last runs went, and what to do about problems."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import address, frame, labels
from dashboard.coverage_chart import Strip, coverage
from dashboard.days import Range
from dashboard.frame import Frame
from dashboard.labels import ADVICE, RUNS, is_told
from dashboard.markup import table
from dashboard.words import Words
from metrics import read

A_PAGE = 25  # accounts in one picture
STATUSES = {
    "active": "status.active",
    "moved": "status.moved",
    "suspended": "status.suspended",
    "deactivated": "status.deactivated",
    "gone": "status.gone",
    "private": "status.private",
    "declined": "status.declined",
}


def main() -> None:
    here = frame.begin()
    if here is None:
        return
    t = here.words
    st.title(t("coverage.title"), anchor=False)
    frame.say(t("coverage.lead"), "ws-lead")
    frame.invented(here)
    people = read.all_of(here.path, "person").set_index("person_id")
    accounts = _accounts(here, people)
    _strips(accounts, here)
    _table(accounts, here)
    _problems(people, here)
    _runs(here)
    frame.footer(here)


def _accounts(here: Frame, people: pd.DataFrame) -> pd.DataFrame:
    accounts = read.all_of(here.path, "account").copy()
    accounts["name"] = accounts["person_id"].map(people["name"])
    accounts["municipality"] = accounts["person_id"].map(people["municipality"])
    return accounts.sort_values(["name", "account_id"], kind="stable")


def _strips(accounts: pd.DataFrame, here: Frame) -> None:
    t = here.words
    st.header(t("coverage.strips"), anchor=False)
    shown = _page(accounts, t)
    known = read.all_of(here.path, "coverage")
    strips = [
        _strip(row, known[known["account_id"] == row["account_id"]], here.window, t)
        for row in shown.to_dict("records")
    ]
    frame.legend(
        [
            (here.look.talk, t("coverage.acts")),
            (here.look.send, t("coverage.received")),
            ("ws-unknown", t("legend.unknown")),
        ]
    )
    for kind in ("wide", "narrow"):
        spec = coverage(strips, here.window, t, here.look, narrow=kind == "narrow")
        with st.container(key=f"{kind}-coverage"):
            st.vega_lite_chart(
                spec=spec,
                theme=None,
                alt=t.count("coverage.alt", len(strips)),
                key=f"chart-{kind}-coverage",
            )


def _page(accounts: pd.DataFrame, t: Words) -> pd.DataFrame:
    """The accounts of the page of the strip that the address asks for."""
    pages = [str(number + 1) for number in range(-(-len(accounts) // A_PAGE))]
    if len(pages) < 2:
        return accounts
    page = int(address.choose("page", pages, default="1") or 1)
    st.selectbox(
        t("coverage.page"),
        pages,
        format_func=lambda one: _page_name(accounts, int(one), t),
        width=420,
        **address.bound("page"),
    )
    return accounts.iloc[(page - 1) * A_PAGE : page * A_PAGE]


def _page_name(accounts: pd.DataFrame, page: int, t: Words) -> str:
    part = accounts.iloc[(page - 1) * A_PAGE : page * A_PAGE]
    return t("coverage.page_name", first=part.iloc[0]["name"], last=part.iloc[-1]["name"])


def _strip(row: Any, known: pd.DataFrame, window: Range, t: Words) -> Strip:
    platform = labels.named(labels.PLATFORMS, row["platform"], t)
    status = "" if row["status"] == "active" else labels.named(STATUSES, row["status"], t)
    can = {"acts": True, "received": row["shows_received"]}
    return Strip(
        name=" · ".join(part for part in (row["name"], platform, row["handle"], status) if part),
        short=" · ".join(part for part in (row["name"], platform, status) if part),
        valid=(_day(row["valid_from_on"], window[0]), _day(row["valid_to_on"], window[1])),
        known={
            stream: tuple(
                (a, b)
                for a, b, s in zip(known["from_on"], known["to_on"], known["stream"], strict=True)
                if s == stream
            )
            for stream, shows in can.items()
            if is_told(shows) and shows
        },
    )


def _day(value: Any, otherwise: date) -> date:
    return value if is_told(value) else otherwise


def _table(accounts: pd.DataFrame, here: Frame) -> None:
    t = here.words
    rows = accounts.to_dict("records")
    listed = pd.DataFrame(
        {
            t("column.name"): [row["name"] for row in rows],
            t("coverage.platform"): [
                labels.named(labels.PLATFORMS, row["platform"], t) for row in rows
            ],
            t("coverage.handle"): [row["handle"] for row in rows],
            t("coverage.status"): [labels.named(STATUSES, row["status"], t) for row in rows],
            t("coverage.first"): [row["first_covered_on"] for row in rows],
            t("coverage.last"): [row["last_covered_on"] for row in rows],
            t("coverage.last_run"): [labels.named(RUNS, row["last_run_status"], t) for row in rows],
            t("coverage.message"): [row["last_message"] or "" for row in rows],
        }
    )
    with st.expander(t("table.open")):
        st.dataframe(listed, hide_index=True, alt=t("coverage.title"), key="accounts")


def _problems(people: pd.DataFrame, here: Frame) -> None:
    t = here.words
    st.header(t("problem.title"), anchor=False)
    problems = read.all_of(here.path, "problem")
    if problems.empty:
        frame.say(t("problem.none"))
        return
    headings = [
        "column.name",
        "coverage.platform",
        "coverage.status",
        "problem.happened",
        "problem.todo",
    ]
    rows = [
        [
            str(people["name"].get(row["person_id"], row["account_id"])),
            labels.named(labels.PLATFORMS, row["source"], t),
            labels.named(RUNS, row["status"], t),
            str(row["message"] or ""),
            t(ADVICE.get(str(row["error"]), "advice.other")),
        ]
        for row in problems.to_dict("records")
    ]
    st.html(table([t(key) for key in headings], rows, t("problem.title")))


def _runs(here: Frame) -> None:
    t = here.words
    st.header(t("run.title"), anchor=False)
    runs = read.all_of(here.path, "collect_run").sort_values("began_at", ascending=False).head(10)
    if runs.empty:
        frame.say(t("run.none"))
        return
    headings = [
        "run.began",
        "coverage.status",
        "run.accounts",
        "run.posts",
        "run.received",
        "run.requests",
    ]
    counts = ("account_count", "post_count", "received_count", "request_count")
    rows = [
        [
            t.moment(row["began_at"]),
            labels.named(RUNS, row["status"], t),
            *(t.number(row[name]) if is_told(row[name]) else "" for name in counts),
        ]
        for row in runs.to_dict("records")
    ]
    st.html(table([t(key) for key in headings], rows, t("run.title"), {2, 3, 4, 5}))


main()
