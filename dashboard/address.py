"""What the page's address says: language, person, filters. The address is the only truth.

Widgets write to the address in their callback, before the page runs; every run
then sets the widgets from the address. So reload, back and a shared link all
show the same. Values are slugs that survive a change of language.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from dashboard.slugs import slug as slug
from dashboard.slugs import slugs as slugs
from dashboard.words import DEFAULT, LOCALES

LANGUAGE = "lang"
SEPARATOR = "."  # no slug has one, and an address needs no escape for it


def language() -> str:
    """The language of this page: asked in the address, or chosen before, or Dutch."""
    asked = st.query_params.get(LANGUAGE, "")
    if asked in LOCALES:
        st.session_state["language"] = asked
    chosen = str(st.session_state.get("language", DEFAULT))
    if chosen != DEFAULT and asked != chosen:
        st.query_params[LANGUAGE] = chosen
    return chosen


def asked(name: str) -> str:
    """What the address says for `name`; empty when nothing."""
    return str(st.query_params.get(name, ""))


def answer(name: str, value: str | None) -> None:
    """Put a value into the address, or take the name out."""
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def bound(name: str) -> dict[str, Any]:
    """Arguments that tie a widget to `name` in the address, by way of its own key."""
    key = f"address-{name}"

    def changed() -> None:
        answer(name, st.session_state.get(key))

    return {"key": key, "on_change": changed}


def choose(name: str, options: Iterable[str], default: str | None = None) -> str | None:
    """Set the widget of `name` from the address and say what is chosen.

    What is not among the options counts as not asked.
    """
    value: str | None = asked(name)
    if value not in set(options):
        value = default
    st.session_state[f"address-{name}"] = value
    return value


def typed(name: str) -> str:
    """Set a text widget from the address and say what it holds."""
    value = asked(name)
    st.session_state[f"address-{name}"] = value
    return value


def ticked(name: str) -> bool:
    """Set a tick box or switch from the address, which says 1 for yes, and say whether it is on."""
    value = asked(name) == "1"
    st.session_state[f"address-{name}"] = value
    return value


def bound_tick(name: str) -> dict[str, Any]:
    """Arguments that tie a tick box or switch to `name` in the address."""
    key = f"address-{name}"

    def changed() -> None:
        answer(name, "1" if st.session_state.get(key) else None)

    return {"key": key, "on_change": changed}


def choose_some(name: str, options: Iterable[str], most: int) -> list[str]:
    """Set a widget of several values from the address: one.two; at most so many, none twice."""
    known = set(options)
    wanted = dict.fromkeys(one for one in asked(name).split(SEPARATOR) if one in known)
    values = list(wanted)[:most]
    st.session_state[f"address-{name}"] = values
    return values


def bound_some(name: str) -> dict[str, Any]:
    """Arguments that tie a widget of several values to `name` in the address."""
    key = f"address-{name}"

    def changed() -> None:
        answer(name, SEPARATOR.join(st.session_state.get(key) or ()))

    return {"key": key, "on_change": changed}
