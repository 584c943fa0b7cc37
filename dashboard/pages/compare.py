"""People side by side: in season and outside it, beyond chance or not, two to four up close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import (
    address,
    compare_funnel,
    compare_groups,
    compare_people,
    compare_table,
    filters,
    frame,
    overview_table,
    person_parts,
)
from dashboard.charts import Spec
from dashboard.compare_chart import dots
from dashboard.compare_table import MEASURES, MOST, SORTS, Line, Measure
from dashboard.days import TABLES, life_of, weeks_of
from dashboard.download import Taken, buttons
from dashboard.frame import Frame
from dashboard.markup import table
from dashboard.timeline_chart import scale_of, timeline
from dashboard.words import Words
from metrics import read

FILTERS = ("municipality", "party", "office")
SIDE_BY_SIDE = 4
ANY = "what"


def main() -> None:
    here = frame.begin()
    if here is None:
        return
    t = here.words
    everybody = read.comparison(here.path)
    st.title(t("compare.title"), anchor=False)
    frame.say(t("compare.lead"), "ws-lead")
    frame.invented(here)
    measure = MEASURES[address.choose(ANY, MEASURES, default="answers") or "answers"]
    shown = _filtered(everybody, measure, t)
    if shown.empty:
        st.info(t("compare.nobody"))
    else:
        _dots(shown, measure, here)
        _funnel(shown, here)
    _side_by_side(everybody, here)
    if not shown.empty:
        _groups(shown, measure, here)
    frame.footer(here)


def _filtered(people: pd.DataFrame, measure: Measure, t: Words) -> pd.DataFrame:
    names = filters.useful(people, FILTERS)
    *places, last = st.columns(len(names) + 1, vertical_alignment="bottom")
    chosen = filters.select(people, names, places, t)
    is_strict = address.ticked("comparable")
    last.toggle(t("compare.only"), help=t("compare.only_help"), **address.bound_tick("comparable"))
    kept = overview_table.filtered(people, chosen, "")
    return compare_table.only_comparable(kept, measure) if is_strict else kept


def _dots(people: pd.DataFrame, measure: Measure, here: Frame) -> None:
    t = here.words
    st.header(t(measure.title), anchor=False)
    what, order = st.columns([3, 1], vertical_alignment="bottom")
    what.segmented_control(
        t("compare.what"),
        list(MEASURES),
        format_func=lambda name: t(MEASURES[name].name),
        required=True,
        **address.bound(ANY),
    )
    sort = address.choose("sort", SORTS, default="off") or "off"
    order.selectbox(
        t("compare.sort"), list(SORTS), format_func=lambda one: t(SORTS[one]),
        **address.bound("sort"),
    )  # fmt: skip
    known = compare_table.with_number(people, measure)
    if known.empty:
        st.info(t("compare.no_numbers"))
    else:
        usual = compare_table.medians(read.all_of(here.path, "peer"), measure)
        everybody = compare_table.ordered(known, measure, sort)
        _dots_picture(compare_table.lines(everybody, measure, usual, t), measure, here)
    absent = compare_table.without(people, measure, t)
    if absent:
        with st.expander(t.count("compare.without", len(people) - len(known))):
            st.html(table([t("missing.why"), t("compare.who")], absent, t("compare.who")))


def _part(found: list[Line], t: Words) -> list[Line]:
    """As many people as one picture holds; the reader chooses which."""
    parts = [str(number + 1) for number in range(-(-len(found) // MOST))]
    if len(parts) < 2:
        return found
    frame.say(t("compare.too_many", n=t.number(len(found)), most=t.number(MOST)))
    picked = address.choose("part", parts, default="1") or "1"
    st.selectbox(
        t("compare.part"),
        parts,
        format_func=lambda one: t("compare.part_of", part=one, parts=t.number(len(parts))),
        width=200,
        **address.bound("part"),
    )
    return found[(int(picked) - 1) * MOST : int(picked) * MOST]


def _dots_picture(found: list[Line], measure: Measure, here: Frame) -> None:
    """The sentences are about everybody, the picture and its table about one part of them."""
    t = here.words
    said = compare_table.finding(found, t)
    more = compare_table.besides(found, t)
    usual = compare_table.usual_told(found, measure, t)
    frame.say(said, "ws-finding")
    frame.say(" ".join(part for part in (more, usual) if part), "ws-basis")
    part = _part(found, t)
    wide, narrow = (dots(part, measure, t, here.look, narrow=small) for small in (False, True))
    alt = " ".join(part for part in (t("compare.alt"), said, more, usual) if part)
    _picture(wide, narrow, "compare", alt)
    frame.say(t("compare.how"))
    rows = compare_table.table(part, measure, t)
    _as_table(rows, t("compare.alt"), "compare", here)
    finding = f"{t(measure.title)} {said or usual}"
    _take(rows, finding, f"compare-{measure.metric}", wide, here)


def _picture(wide: Spec, narrow: Spec, name: str, alt: str) -> None:
    for kind, spec in (("wide", wide), ("narrow", narrow)):
        with st.container(key=f"{kind}-{name}"):
            st.vega_lite_chart(spec=spec, theme=None, alt=alt, key=f"chart-{kind}-{name}")


def _as_table(rows: pd.DataFrame, alt: str, key: str, here: Frame) -> None:
    with st.expander(here.words("table.open")):
        st.dataframe(rows, hide_index=True, alt=alt, key=f"table-{key}")


def _take(rows: pd.DataFrame, finding: str, metric: str, picture: Spec, here: Frame) -> None:
    """The buttons that download this table and this picture, with where they come from."""
    t = here.words
    first, last = (t.day(day) for day in here.window)
    source = t("compare.source", run=here.run.run_id, first=first, last=last)
    if here.run.is_invented:
        source = f"{source} {t('frame.invented')}"
    buttons(Taken("winterslaap", metric, finding, source, rows, lambda: picture), here)


def _funnel(people: pd.DataFrame, here: Frame) -> None:
    t = here.words
    st.header(t("funnel.header"), anchor=False)
    found = compare_funnel.funnels(read.all_of(here.path, "funnel"))
    drawn = {
        address.slug("-".join(peers)): (funnel, compare_funnel.dots_of(people, funnel))
        for peers, funnel in found.items()
    }
    drawn = {name: both for name, both in drawn.items() if both[1]}
    if not drawn:
        st.info(t("funnel.none"))
        return
    picked = address.choose("peers", drawn, default=next(iter(drawn))) or next(iter(drawn))
    if len(drawn) > 1:
        st.segmented_control(
            t("funnel.peers"),
            list(drawn),
            format_func=lambda one: compare_table.peers_named(drawn[one][0].peers, t),
            required=True,
            **address.bound("peers"),
        )
    funnel, dots_in = drawn[picked]
    said = compare_funnel.outside_told(dots_in, t)
    frame.say(said, "ws-finding")
    frame.say(
        t.count(
            "funnel.basis",
            funnel.people,
            peers=compare_table.peers_named(funnel.peers, t),
            mean=t.percent(funnel.centre),
        ),
        "ws-basis",
    )
    wide, narrow = (
        compare_funnel.funnel_chart(funnel, dots_in, t, here.look, narrow=small)
        for small in (False, True)
    )
    _picture(wide, narrow, "funnel", f"{t('funnel.alt')} {said}")
    frame.say(t("funnel.how"))
    rows = compare_funnel.table(dots_in, funnel, t)
    _as_table(rows, t("funnel.alt"), "funnel", here)
    _take(rows, said, "funnel", wide, here)


def _side_by_side(everybody: pd.DataFrame, here: Frame) -> None:
    t = here.words
    places = zip(everybody["name"], everybody["municipality"], strict=True)
    named = dict(zip(everybody["person_id"], places, strict=True))
    st.header(t("side.header"), anchor=False)
    chosen = address.choose_some("people", named, SIDE_BY_SIDE)
    st.multiselect(
        t("side.choose"),
        list(named),
        format_func=lambda one: "{} ({})".format(*named[one]),
        max_selections=SIDE_BY_SIDE,
        placeholder=t("side.hint"),
        **address.bound_some("people"),
    )
    if len(chosen) < 2:
        st.info(t("side.next") if not chosen else t("side.one_more"))
        return
    picked = everybody[everybody["person_id"].isin(chosen)].to_dict("records")
    people = sorted(picked, key=lambda row: chosen.index(row["person_id"]))
    headings = [t("side.what"), *(str(row["name"]) for row in people)]
    st.html(table(headings, compare_people.rows(people, t), t("side.header")))
    frame.say(t("side.how"))
    _timelines(people, here)


def _timelines(people: Sequence[Mapping[Any, Any]], here: Frame) -> None:
    """The people's timelines under one another, on one scale."""
    t = here.words
    lives = [
        life_of(
            here.window,
            *(read.of_person(here.path, name, str(row["person_id"])) for name in TABLES),
        )
        for row in people
    ]
    scale = scale_of(lives)
    for row, life in zip(people, lives, strict=True):
        name = str(row["name"])
        st.header(name, anchor=False)
        wide, narrow = (
            timeline(life, t, here.look, narrow=small, scale=scale) for small in (False, True)
        )
        _picture(wide, narrow, f"side-{row['person_id']}", f"{name}: {compare_people.told(row, t)}")
        asked = {"person": str(row["person_id"])} | (
            {"lang": t.lang} if address.asked("lang") else {}
        )
        st.page_link(
            "dashboard/pages/person.py", label=t("side.open", name=name), query_params=asked
        )
        weeks = person_parts.weeks_table(weeks_of(life), t)
        _as_table(weeks, f"{name}: {t('timeline.alt')}", f"weeks-{row['person_id']}", here)


def _groups(people: pd.DataFrame, measure: Measure, here: Frame) -> None:
    t = here.words
    st.header(t("group.header"), anchor=False)
    by = address.choose("by", compare_groups.BY, default="party") or "party"
    st.segmented_control(
        t("group.by"),
        list(compare_groups.BY),
        format_func=lambda one: t(compare_groups.BY[one]),
        required=True,
        **address.bound("by"),
    )
    found = compare_groups.groups(people, by, measure)[: 2 * MOST]
    frame.say(t("group.text", what=t(measure.name)))
    rows = compare_groups.table(found, measure, by, t)
    if not any(group.median is not None for group in found):
        st.info(t("group.none"))
        _as_table(rows, t("group.alt"), "groups", here)
        return
    wide, narrow = (
        compare_groups.groups_chart(found, measure, t, here.look, narrow=small)
        for small in (False, True)
    )
    medians = compare_groups.told(found, measure, t)
    _picture(wide, narrow, "groups", f"{t('group.alt')} {medians}")
    _as_table(rows, t("group.alt"), "groups", here)
    _take(rows, f"{t(measure.title)} {t('group.alt')}", f"groups-{by}", wide, here)


main()
