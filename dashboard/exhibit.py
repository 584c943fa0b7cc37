"""One exhibit: a sentence, its picture, the same as a table, how it is computed, and downloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import frame
from dashboard.charts import Spec
from dashboard.download import Taken, buttons
from dashboard.frame import Frame
from dashboard.labels import is_told
from dashboard.markup import Figure, figures, lines, table

Draw = Callable[[bool], Spec]


@dataclass(frozen=True, slots=True)
class Person:
    """Whose page it is: the row of the overview, and the accounts in words."""

    row: Any
    accounts: str

    @property
    def slug(self) -> str:
        """The person's id."""
        return str(self.row["person_id"])


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What is shown of one matter; without a picture the sentence says why."""

    metric: str  # in the names of files
    header: str
    sentence: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    data: pd.DataFrame
    n: str = ""
    basis: str = ""
    next_step: str = ""
    draw: Draw | None = None
    is_same_on_a_phone: bool = False
    legend: Sequence[tuple[str, str]] = ()
    figures: Sequence[Figure] = ()
    more: Sequence[str] = ()
    how: Sequence[str] = ()
    right: frozenset[int] = frozenset()


def show(exhibit: Exhibit, person: Person, here: Frame) -> None:
    """Draw one exhibit."""
    st.header(exhibit.header, anchor=False)
    frame.say(f"{exhibit.sentence}.", "ws-lead")
    frame.say(exhibit.basis)
    frame.say(exhibit.next_step)
    if exhibit.legend:
        frame.legend(exhibit.legend)
    if exhibit.draw is not None:
        _picture(exhibit, exhibit.draw)
    if exhibit.figures:
        st.html(figures(exhibit.figures))
    if exhibit.more:
        st.html(lines(exhibit.more))
    _below(exhibit, person, here)


def _picture(exhibit: Exhibit, draw: Draw) -> None:
    alt = f"{exhibit.header}. {exhibit.sentence}. {exhibit.basis}".strip()
    name = exhibit.metric
    if exhibit.is_same_on_a_phone:
        st.vega_lite_chart(spec=draw(False), theme=None, alt=alt, key=f"chart-{name}")
        return
    for kind, is_narrow in (("wide", False), ("narrow", True)):
        with st.container(key=f"{kind}-{name}"):
            spec = draw(is_narrow)
            st.vega_lite_chart(spec=spec, theme=None, alt=alt, key=f"chart-{kind}-{name}")


def _below(exhibit: Exhibit, person: Person, here: Frame) -> None:
    t = here.words
    if exhibit.rows:
        with st.expander(t("table.open"), type="compact"):
            st.html(table(exhibit.headings, exhibit.rows, exhibit.header, exhibit.right))
    if exhibit.how:
        with st.expander(t("how.open"), type="compact"):
            st.html(lines(exhibit.how))
    if exhibit.data.empty:
        return
    take(
        here,
        person,
        exhibit.metric,
        exhibit.sentence,
        exhibit.n,
        exhibit.data,
        None if exhibit.draw is None else partial(exhibit.draw, False),
    )


def take(
    here: Frame,
    person: Person,
    metric: str,
    finding: str,
    n: str,
    data: pd.DataFrame,
    picture: Callable[[], Spec] | None = None,
) -> None:
    """The buttons that download this table and this picture."""
    source = source_line(here, person, n)
    finding = f"{person.row['name']}: {finding[:1].lower()}{finding[1:]}"
    buttons(Taken(person.slug, metric, finding, source, data, picture), here)


def source_line(here: Frame, person: Person, n: str) -> str:
    """Where a picture comes from: copy, person, accounts, known days, how many."""
    t, row = here.words, person.row
    same = {
        "run": here.run.run_id,
        "name": row["name"],
        "accounts": person.accounts,
    }
    if not is_told(row["first_covered_on"]):
        return t("take.source_unknown", **same)
    first, last = t.day(row["first_covered_on"]), t.day(row["last_covered_on"])
    return t("take.source", **same, first=first, last=last, n=n or "–")
