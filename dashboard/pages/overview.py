"""Who talks with citizens all year: key figures, and one row per person."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import address, filters, frame, overview_table
from dashboard.download import Taken, buttons
from dashboard.frame import Frame
from dashboard.markup import Figure, figures, table
from dashboard.words import Words
from metrics import read

COMPARABLE = "comparable"
KEPT = (*filters.TITLES, "q", COMPARABLE, "lang")  # so that "back" finds the same list
NARROW = ["name", "answers", "answers_margin", "presence", "presence_margin", "rhythm", "sleep",
          "score", "band"]  # fmt: skip


def main() -> None:
    here = frame.begin()
    if here is None:
        return
    t = here.words
    people = read.overview(here.path)
    st.title(t("overview.title"))
    first, last = here.window
    frame.say(
        t.count("overview.lead", len(people), first=t.day(first), last=t.day(last)), "ws-lead"
    )
    frame.invented(here)
    _other_choices(here)
    shown = _filtered(here, people)
    st.html(figures(_key_figures(shown, t)))
    if shown.people.empty:
        st.info(t("overview.nobody"))
        return
    _table(shown.people, here)
    _missing(shown, t)
    frame.footer(here)


def _other_choices(here: Frame) -> None:
    t, others = here.words, read.other_choices(here.path)
    if others:
        which = "; ".join(
            t("overview.choice", name=one.name, value=one.value, usual=one.usual) for one in others
        )
        frame.say(t.count("overview.other_choices", len(others), which=which), "ws-invented")


def _filtered(here: Frame, people: pd.DataFrame) -> overview_table.Shown:
    t = here.words
    names = filters.useful(people, list(filters.TITLES))
    *places, last = st.columns(len(names) + 1)
    chosen = filters.select(people, names, places, t)
    search = address.typed("q")
    last.text_input(t("filter.search"), placeholder=t("filter.search_hint"), **address.bound("q"))
    is_strict = address.ticked(COMPARABLE)
    st.toggle(
        t("filter.comparable"), help=t("filter.comparable_help"), **address.bound_tick(COMPARABLE)
    )
    return overview_table.shown(here.path, t.lang, tuple(chosen.items()), search, is_strict)


def _key_figures(shown: overview_table.Shown, t: Words) -> list[Figure]:
    same = shown.same
    out = [_answered(shown.off, t("figure.answered_off"), "talk", t)]
    season = _answered(shown.inside, t("figure.answered_in"), "season", t)
    if same.rate is not None:
        told = t.count("figure.same_people", same.people, share=t.percent(same.rate))
        season = replace(season, words=f"{season.words} {told}")
    out.append(season)
    words = t.count("figure.of_known_people", shown.known)
    out.append(Figure(t("figure.asleep"), t.number(shown.asleep), words))
    return out


def _answered(pooled: overview_table.Answered, name: str, kind: str, t: Words) -> Figure:
    if pooled.rate is None:
        return Figure(name, t("figure.none"), t("figure.no_questions"), kind="none")
    words = t(
        "figure.answered",
        askers=t.count("count.askers", pooled.askers),
        people=t.count("count.people", pooled.people),
        part=t.number(pooled.answered),
        whole=t.number(pooled.asked),
    )
    return Figure(name, t.percent(pooled.rate), words, kind=kind)


def _table(people: pd.DataFrame, here: Frame) -> None:
    t = here.words
    selected: list[int] = []
    for kind, order in (("wide", None), ("narrow", NARROW)):
        with st.container(key=f"{kind}-people"):
            rows = overview_table.table(here.path, people, t, order)
            picked = st.dataframe(
                rows,
                hide_index=True,
                height=min(38 * len(rows) + 42, 640),
                row_height=38,
                column_config=_columns(here, is_narrow=order is not None),
                on_select="rerun",
                selection_mode="single-row",
                key=f"people-{kind}",
                placeholder="",
                alt=t.count("overview.alt", len(rows)),
            )
        selected += picked["selection"]["rows"]
    if selected and selected[0] < len(people):
        slug = str(people.iloc[selected[0]]["person_id"])
        kept = {name: value for name in KEPT if (value := address.asked(name))}
        st.switch_page("dashboard/pages/person.py", query_params=kept | {"person": slug})
    frame.say(t("overview.how_to_read"))
    source = t("overview.source", run=here.run.run_id, method=here.run.method_version)
    take = partial(overview_table.taken_along, people, t)
    buttons(Taken("winterslaap", "overview", t("overview.title"), source, take), here)


def _columns(here: Frame, *, is_narrow: bool) -> dict[str, Any]:
    t, look = here.words, here.look
    column = st.column_config

    def bar(name: str, told: str, width: int, color: Any) -> Any:
        return column.ProgressColumn(
            name, help=told, format="%.0f%%", min_value=0, max_value=100, width=width, color=color
        )

    def text(name: str, width: int, told: str | None = None) -> Any:
        return column.TextColumn(name, width=width, help=told)

    name = t("column.name")
    return {
        "name": column.TextColumn(name, pinned=is_narrow, width=128),
        "party": text(t("column.party"), 91),
        "score": column.NumberColumn(
            t("column.score"), help=t("column.score_help"), format="%.0f", width=50
        ),
        "band": text(t("column.band"), 90, t("column.band_help")),
        "presence": bar(t("column.presence"), t("column.presence_help"), 72, look.send),
        "presence_margin": text(t("column.margin"), 78),
        "answers": bar(t("column.answers"), t("column.answers_help"), 80, look.talk),
        "answers_margin": text(t("column.margin"), 94),
        "answers_in": bar(
            t("column.answers_in"), t("column.answers_in_help"), 76, look.season_text
        ),
        "answers_in_margin": text(t("column.margin"), 100),
        "rhythm": text(t("column.rhythm"), 106, t("column.rhythm_help")),
        "sleep": text(t("column.sleep"), 86, t("column.sleep_help")),
        "months": column.BarChartColumn(
            t("column.months"), help=t("column.months_help"), width=64, color=look.talk
        ),
        "office": text(t("column.office"), 98),
    }


def _missing(shown: overview_table.Shown, t: Words) -> None:
    whole = len(shown.people)
    if not shown.missing:
        return
    st.header(t("missing.title"))
    some, none = shown.without
    told = t.count("missing.some", whole, some=t.number(some), none=t.number(none))
    frame.say(f"{told} {t('missing.text')}")
    headings = [t("missing.what"), t("missing.people"), t("missing.why")]
    texts = [
        (
            row["what"],
            t("missing.of", part=t.number(row["people"]), whole=t.number(whole)),
            row["why"],
        )
        for row in shown.missing
    ]
    st.html(table(headings, texts, t("missing.title"), {1}))


main()
