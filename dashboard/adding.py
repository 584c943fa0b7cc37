"""The form that adds people and accounts, by way of `winterslaap roster add`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import frame, labels, running
from dashboard.labels import is_told
from dashboard.words import Words

PLATFORMS = ("bluesky", "mastodon", "wordpress", "feeds")
LANGUAGES = {"nl": "lists.nl", "fr": "lists.fr", "de": "lists.de", "en": "lists.en"}
RUN_BY = {
    "self": "collect.self",
    "office": "collect.office_runs",
    "party": "collect.party_runs",
    "campaign": "collect.campaign_runs",
}


def add(data_dir: Path, people: Mapping[str, str], t: Words) -> None:
    """The form, and what came of the last addition: every problem, or where it was written."""
    st.header(t("collect.add"), anchor=False)
    frame.say(t("collect.add_lead"))
    names = {"": t("collect.new_person")} | dict(people)
    person = st.selectbox(t("collect.who"), list(names), format_func=lambda one: names[one])
    councils = sorted(one.name for one in (data_dir / "rosters").glob("*") if one.is_dir())
    with st.form(f"add-{st.session_state.get('added-count', 0)}"):
        given = {
            "council": st.selectbox(
                t("collect.council"),
                councils,
                index=0 if len(councils) == 1 else None,
                accept_new_options=True,
                placeholder="heist-op-den-berg",
            )
        }
        given |= {"person": person} if person else _person(t)
        given |= _account(t)
        is_asked = st.form_submit_button(t("collect.save"), type="primary")
    if is_asked:
        with st.spinner(t("collect.saving")):
            answer = running.ask(data_dir, "roster", "add", *_options(given))
        st.session_state["added"] = (answer.is_well, answer.output.strip(), answer.errors)
        if answer.is_well:  # an empty form for the next one
            st.session_state["added-count"] = st.session_state.get("added-count", 0) + 1
            st.rerun()
    _added(t)


def _added(t: Words) -> None:
    said = st.session_state.pop("added", None)
    if said is None:
        return
    is_well, output, lines = said
    if is_well:
        st.success(t("collect.added", what=output))
    else:
        errors(t("collect.not_added"), lines)


def _options(given: Mapping[str, Any]) -> list[str]:
    """As `--name=value`, so that no value can pass for an option."""
    return [
        f"--{name}={str(value).strip() if is_told(value) else ''}"
        for name, value in given.items()
        if name == "council" or (is_told(value) and str(value).strip())
    ]


def _person(t: Words) -> dict[str, Any]:
    """The cells of a new person and what the person is."""
    left, right = st.columns(2)
    with left:
        given = {
            "name": st.text_input(t("column.name")),
            "municipality": st.text_input(t("collect.municipality")),
            "party": st.text_input(t("collect.party")),
            "language": st.selectbox(
                t("collect.language"), list(LANGUAGES), format_func=lambda one: t(LANGUAGES[one])
            ),
        }
    with right:
        given |= {
            "office": st.selectbox(
                t("collect.office"),
                list(labels.OFFICES),
                format_func=lambda one: labels.named(labels.OFFICES, one, t),
                accept_new_options=True,
            ),
            "level": st.text_input(t("collect.level"), "local"),
            "jurisdiction": st.text_input(t("collect.jurisdiction"), "BE-VLG"),
            "from": st.text_input(t("collect.from"), placeholder="2025-01-01"),
        }
    return given


def _account(t: Words) -> dict[str, Any]:
    """The cells of one account; all empty where only a person is added."""
    left, right = st.columns(2)
    with left:
        platform = st.selectbox(
            t("coverage.platform"),
            PLATFORMS,
            index=None,
            format_func=lambda one: labels.named(labels.PLATFORMS, one, t),
            placeholder=t("collect.no_account"),
        )
        handle = st.text_input(t("coverage.handle"), placeholder="an.bsky.social")
    with right:
        run_by = st.selectbox(
            t("collect.run_by"), list(RUN_BY), format_func=lambda one: t(RUN_BY[one])
        )
    if not platform and not handle.strip():
        return {}
    return {"platform": platform, "handle": handle, "run-by": run_by}


def errors(title: str, problems: tuple[str, ...]) -> None:
    """A heading, and every problem on a line of its own."""
    st.error(title)
    st.code("\n".join(problems), language=None, wrap_lines=True)
