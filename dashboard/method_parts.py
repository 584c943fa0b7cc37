"""What the method page does with the copy's own numbers: another rule, and one person's sum."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import address, frame, other_rules, worked
from dashboard.charts import Spec
from dashboard.frame import Frame
from dashboard.labels import is_told
from dashboard.markup import table
from dashboard.other_rules import signed
from dashboard.worked import Example
from metrics import read

FIRST = "season-60"


def what_if(here: Frame) -> None:
    """Choose another rule and see whose score and band it moves."""
    t = here.words
    st.header(t("whatif.title"), anchor=False)
    frame.say(t("whatif.lead"))
    rules = read.alternatives(here.path)
    if rules.empty:
        st.info(t("whatif.nobody"))
        return
    known = {other_rules.slug_of(*rule): rule for rule in other_rules.in_order(rules)}
    first = FIRST if FIRST in known else next(iter(known))
    chosen = address.choose("rule", known, default=first) or first
    st.selectbox(
        t("whatif.rule"),
        list(known),
        format_func=lambda one: other_rules.ruled(*known[one], t),
        width=420,
        **address.bound("rule"),
    )
    rows = other_rules.moved(rules, *known[chosen])
    kept, changed = other_rules.kept(rows, t), other_rules.changed(rows, t)
    finding = f"{kept} {changed}".strip()
    frame.say(kept, "ws-finding")
    frame.say(changed, "ws-basis")
    frame.say(t("whatif.basis"))
    _pairs(rows, finding, here)
    with st.expander(t("whatif.table")):
        st.dataframe(_listed(rows, here), hide_index=True, alt=finding, key="other-rule")
    with st.expander(t("whatif.all")):
        headings = ("whatif.rule", "whatif.keeps", "whatif.median", "whatif.most")
        listed = other_rules.summary(rules, t)
        st.html(table([t(key) for key in headings], listed, t("whatif.all"), {1, 2}))


def _pairs(rows: pd.DataFrame, finding: str, here: Frame) -> None:
    t, look = here.words, here.look
    if rows["score"].isna().all():
        return
    frame.legend(
        [
            ("ws-hollow", t("whatif.before")),
            (look.send, t("whatif.same_band")),
            (look.ink, t("whatif.other_band")),
        ]
    )
    for kind in ("wide", "narrow"):
        spec: Spec = other_rules.pairs(rows, t, look, narrow=kind == "narrow")
        with st.container(key=f"{kind}-rules"):
            st.vega_lite_chart(spec=spec, theme=None, alt=finding, key=f"chart-{kind}-rules")
    if rows["score"].notna().sum() > other_rules.SHOWN:
        frame.say(t("whatif.first", n=t.number(other_rules.SHOWN)))


def _listed(rows: pd.DataFrame, here: Frame) -> pd.DataFrame:
    t = here.words

    def number(value: Any) -> str:
        return t.number(value, 1) if is_told(value) else "–"

    return pd.DataFrame(
        {
            t("column.name"): rows["name"].tolist(),
            t("whatif.before"): [number(one) for one in rows["before"]],
            t("whatif.after"): [number(one) for one in rows["score"]],
            t("whatif.shift"): [signed(one, t) for one in rows["shift"]],
            t("whatif.bands"): [
                f"{before} → {after}" if is_told(after) else t("whatif.other_pillars")
                for before, after in zip(rows["band_before"], rows["band"], strict=True)
            ],
        }
    )


def worked_example(here: Frame) -> None:
    """One person's five pillars and score with all numbers filled in."""
    t = here.words
    st.header(t("worked.title"), anchor=False)
    frame.say(t("worked.lead"))
    people = read.all_of(here.path, "person").sort_values("name", kind="stable")
    names = dict(zip(people["person_id"], people["name"], strict=True))
    if not names:
        return
    chosen = address.choose("person", names, default=_first(here, names))
    if chosen is None:
        return
    st.selectbox(
        t("worked.person"),
        list(names),
        format_func=lambda one: names[one],
        width=420,
        **address.bound("person"),
    )
    found = _example(here, chosen)
    rows = [
        [line.name, line.rule, line.numbers, "–" if line.points is None else _points(line, here)]
        for line in found.lines
    ]
    headings = ("worked.pillar", "worked.rule", "worked.numbers", "worked.points")
    st.html(table([t(key) for key in headings], rows, t("worked.title"), {3}))
    if found.score is None:
        frame.say(found.sum)
        return
    frame.say(t("worked.sum"))
    st.code(found.sum, language=None, wrap_lines=True)


def _points(line: worked.Line, here: Frame) -> str:
    return here.words.number(float(line.points or 0), 1)


def _first(here: Frame, names: dict[str, str]) -> str:
    """Somebody with a score, so that there is something to work out."""
    rules = read.alternatives(here.path)
    return (
        str(rules.sort_values("name", kind="stable")["person_id"].iloc[0])
        if len(rules)
        else (next(iter(names)))
    )


def _example(here: Frame, person_id: str) -> Example:
    params = read.all_of(here.path, "param")
    choices = dict(zip(params["name"], params["value"], strict=True))
    parts = (read.of_person(here.path, name, person_id) for name in ("metric", "pillar", "score"))
    metrics, pillars, score = parts
    return worked.example(metrics, pillars, score, choices, here.words)
