"""One person: the finding, a calendar, six years of sending and talking, pillars and silences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import (
    address,
    frame,
    labels,
    measures,
    person_agenda,
    person_answers,
    person_attitude,
    person_drawn,
    person_partners,
    person_parts,
    person_rules,
)
from dashboard.charts import Spec
from dashboard.days import Life, last_year, year_of, years_of
from dashboard.exhibit import Exhibit, Person, show, take
from dashboard.facts import facts_of
from dashboard.findings import basis, findings, said
from dashboard.frame import Frame
from dashboard.markup import figures, lines
from metrics import read

ALL = "all"  # to print or to read in one go
PARTS = {
    "partners": "part.partners",
    "answers": "part.answers",
    "agenda": "part.agenda",
    "attitude": "part.attitude",
    "tone": "part.tone",
    "score": "part.score",
    "accounts": "part.accounts",
    ALL: "part.all",
}
BEHIND = (
    ("presence", "off_season"),
    ("conversation", "off_season"),
    ("answer_rate", "off_season"),
    ("answer_rate", "season"),
    ("burst_acts", "all"),
    ("burst_replies", "all"),
    ("return", "all"),
)
KEPT = ("municipality", "party", "office", "q", "lang")  # the list the reader came from


def main() -> None:
    here = frame.begin()
    if here is None:
        return
    people = read.overview(here.path)
    if people.empty:
        st.info(here.words("overview.nobody"))
        return
    person = _chosen(people, here)
    if person is not None:
        _person(person, here)
    frame.footer(here)


def _chosen(people: pd.DataFrame, here: Frame) -> Any:
    t = here.words
    rows = {str(row["person_id"]): row for row in people.to_dict("records")}
    kept = {name: value for name in KEPT if (value := address.asked(name))}
    st.page_link("dashboard/pages/overview.py", label=t("person.back"), query_params=kept)
    asked = address.asked("person")
    if asked and asked not in rows:
        st.title(t("nav.person"))
        st.warning(t("person.not_found"))
    chosen = address.choose("person", rows, default=None if asked else next(iter(rows)))
    st.selectbox(
        t("person.choose"),
        list(rows),
        index=None,
        format_func=lambda one: f"{rows[one]['name']} ({rows[one]['municipality']})",
        placeholder=t("person.choose_hint"),
        width=420,
        **address.bound("person"),
    )
    return rows[chosen] if chosen else None


def _person(person: Any, here: Frame) -> None:
    t, who = here.words, str(person["person_id"])
    one = {
        table: read.of_person(here.path, table, who)
        for table in ("account", "metric", "pillar", "season", "spell")
    }
    life = person_drawn.life(here.path, here.window, who)
    facts = facts_of(one["metric"], one["spell"], one["season"], int(person["covered_days"]))
    first, *more = findings(facts)
    headline = said(first, t)
    st.title(str(person["name"]), anchor=False)
    _about(person, here)
    frame.say(headline, "ws-finding")
    frame.say(basis(first, t), "ws-basis")
    if more:
        st.html(lines(f"{said(one, t)}. {basis(one, t)}" for one in more))
    frame.say(person_parts.scope(person, one["account"], t))
    whose = Person(person, person_parts.accounts_sentence(one["account"], t))
    _calendar(life, headline, whose, here)
    _timeline(life, headline, whose, here)
    _silences(one["spell"], one["season"], here)
    _pillars(whose, facts.numbers, one, here)
    _parts(whose, here)


def _about(person: Any, here: Frame) -> None:
    t = here.words
    parts = [
        labels.named(labels.OFFICES, person["office"], t),
        person["party"],
        person["municipality"],
        labels.platforms(person["platforms"], t),
    ]
    frame.say(" · ".join(str(part) for part in parts if labels.is_told(part) and part), "ws-lead")
    if person["is_invented"]:
        frame.say(t("person.invented"), "ws-invented")


def _picture(wide: Spec, narrow: Spec, name: str, alt: str) -> None:
    for kind, spec in (("wide", wide), ("narrow", narrow)):
        with st.container(key=f"{kind}-{name}"):
            st.vega_lite_chart(spec=spec, theme=None, alt=alt, key=f"chart-{kind}-{name}")


def _calendar(life: Life, finding: str, whose: Person, here: Frame) -> None:
    t = here.words
    years = [str(year) for year in years_of(life)]
    st.header(t("calendar.header"), anchor=False)
    year = address.choose("year", years, default=str(last_year(life))) or years[-1]
    st.segmented_control(t("calendar.year"), years, required=True, **address.bound("year"))
    days = year_of(life, int(year))
    scale = here.look.scale
    steps = [("ws-dot", t("legend.sent"))]
    steps += [
        (color, name)
        for color, name in zip(scale[1:], (t("legend.one"), "2", "3–4", "5–8", "9+"), strict=True)
    ]
    excused = [("ws-away", t("timeline.absence"))]
    frame.legend(
        [
            (scale[0], t("legend.nothing")),
            *steps,
            (here.look.season_cell, t("legend.season")),
            ("ws-vote", t("calendar.election_day")),
            ("ws-unknown", t("legend.unknown")),
            *(excused if any(day.is_excused for day in days) else ()),
        ]
    )
    answered = sum(day.acts.answers for day in days)
    unknown = sum(day.state == "unknown" or day.hides_answers for day in days)
    alt = " ".join(
        (
            t.count("calendar.alt", answered, year=year),
            t.count("calendar.alt_unknown", unknown),
            finding,
        )
    )
    drawn = partial(person_drawn.calendar_of, here.path, here.window, whose.slug, int(year), t.lang,
                    here.look)  # fmt: skip
    wide, narrow = (drawn(narrow=is_narrow) for is_narrow in (False, True))
    _picture(wide, narrow, "calendar", alt)
    table = person_parts.days_table(days, t)
    _as_table(table, t("calendar.header"), "days", here)
    how = t(
        "how.calendar",
        year=year,
        answers=t.number(answered),
        sent=t.number(sum(day.acts.sent for day in days)),
        unknown=t.number(unknown),
    )
    _how([how], here)
    take(here, whose, f"calendar-{year}", finding, t.number(len(days) - unknown), table,
         partial(drawn, narrow=False))  # fmt: skip


def _timeline(life: Life, finding: str, whose: Person, here: Frame) -> None:
    t = here.words
    years = f"{years_of(life)[0]}–{years_of(life)[-1]}"
    st.header(t("timeline.header", years=years), anchor=False)
    frame.say(t("timeline.text"))
    drawn = partial(person_drawn.timeline_of, here.path, here.window, whose.slug, t.lang, here.look)
    wide, narrow = (drawn(narrow=is_narrow) for is_narrow in (False, True))
    _picture(wide, narrow, "timeline", f"{t('timeline.alt')} {finding}")
    weeks = person_drawn.weeks(here.path, here.window, whose.slug)
    table = person_parts.weeks_table(weeks, t)
    _as_table(table, t("timeline.alt"), "weeks", here)
    how = t(
        "how.timeline",
        answers=t.number(sum(week.answers for week in weeks)),
        sent=t.number(sum(week.sent for week in weeks)),
        weeks=t.number(len(weeks)),
    )
    _how([how], here)
    take(here, whose, "timeline", finding, t.number(len(weeks)), table,
         partial(drawn, narrow=False))  # fmt: skip


def _how(texts: Sequence[str], here: Frame) -> None:
    with st.expander(here.words("how.open"), type="compact"):
        st.html(lines(texts))


def _as_table(rows: pd.DataFrame, alt: str, key: str, here: Frame) -> None:
    with st.expander(here.words("table.open"), type="compact"):
        st.dataframe(rows, hide_index=True, height=320, alt=alt, key=f"table-{key}")


def _silences(spell: pd.DataFrame, season: pd.DataFrame, here: Frame) -> None:
    t = here.words
    st.header(t("silence.header"), anchor=False)
    told = person_parts.sleeps(spell, season, t)
    if told:
        st.html(lines(told))
    else:
        frame.say(t("silence.none"))
    frame.say(t("silence.how"))


def _pillars(whose: Person, numbers: Any, one: Mapping[str, pd.DataFrame], here: Frame) -> None:
    t, pillar = here.words, one["pillar"]
    st.header(t("pillar.header"), anchor=False)
    st.html(figures(person_parts.pillars(numbers, t)))
    row = {
        name.removeprefix("score_"): value
        for name, value in whose.row.items()
        if name.startswith("score_")
    }
    frame.say(labels.score_sentence(row, t), "ws-lead")
    score = read.of_person(here.path, "score", whose.slug)
    if len(score):
        others = len(read.of_person(here.path, "alternative", whose.slug)) - 1
        told, most = person_rules.sentence(score.iloc[0].to_dict(), others, t)
        frame.say(f"{told}. {most}" if most else "")
    with st.expander(t("table.open"), type="compact"):
        st.html(person_parts.pillars_table(pillar, t))
    rows = measures.rows_of(one["metric"])
    _how(
        [measures.working(name, phase, rows.get((name, phase)), t) for name, phase in BEHIND], here
    )
    frame.say(t("pillar.how"))
    take(
        here, whose, "pillars", labels.score_sentence(row, t).rstrip("."), str(len(pillar)), pillar
    )


@st.fragment
def _parts(whose: Person, here: Frame) -> None:
    """One subject at a time, the others are neither read nor drawn; or all, to print."""
    t = here.words
    st.header(t("part.header"), anchor=False)
    chosen = address.choose("part", PARTS, default=next(iter(PARTS))) or next(iter(PARTS))
    st.segmented_control(
        t("part.choose"),
        list(PARTS),
        format_func=lambda part: t(PARTS[part]),
        required=True,
        **address.bound("part"),
    )
    for part in [one for one in PARTS if one != ALL] if chosen == ALL else [chosen]:
        for exhibit in _exhibits(part, whose, here):
            show(exhibit, whose, here)


def _exhibits(part: str, whose: Person, here: Frame) -> list[Exhibit]:
    t, look = here.words, here.look

    def ask(table: str) -> pd.DataFrame:
        return read.of_person(here.path, table, whose.slug)

    if part == "score":
        param = read.all_of(here.path, "param")
        choices = dict(zip(param["name"], param["value"], strict=True))
        return person_rules.rules(ask, choices, t, look)
    if part == "accounts":
        return person_rules.accounts(ask, t, look)
    drawn = {
        "partners": person_partners.exhibits,
        "answers": person_answers.exhibits,
        "agenda": person_agenda.exhibits,
        "attitude": person_attitude.exhibits,
        "tone": person_attitude.tones,
    }
    return drawn[part](ask, measures.rows_of(ask("metric")), t, look)


main()
