"""Which part of the people a page shows: select boxes whose choice stands in the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
from streamlit.delta_generator import DeltaGenerator

from dashboard import address, labels, overview_table
from dashboard.words import Words

TITLES = {
    "municipality": ("filter.municipality", "filter.all_municipalities"),
    "party": ("filter.party", "filter.all_parties"),
    "office": ("filter.office", "filter.all_offices"),
    "writes": ("filter.language", "filter.all_languages"),
}
COLUMN = {"writes": "language"}  # the address already says `lang` for the page's own


def useful(people: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """Those filters by which these people differ."""
    return [name for name in names if people[COLUMN.get(name, name)].nunique() > 1]


def select(
    people: pd.DataFrame, names: Sequence[str], places: Sequence[DeltaGenerator], t: Words
) -> dict[str, str]:
    """A select box per filter, each in its place; what is chosen, by column."""
    chosen = {}
    for name, place in zip(names, places, strict=True):
        column = COLUMN.get(name, name)
        options = overview_table.choices(people, column)
        picked = address.choose(name, options)
        title, everything = TITLES[name]
        place.selectbox(
            t(title),
            list(options),
            index=None,
            format_func=_option(name, options, t),
            placeholder=t(everything),
            **address.bound(name),
        )
        if picked:
            chosen[column] = options[picked]
    return chosen


def _option(name: str, options: dict[str, str], t: Words) -> Callable[[str], str]:
    if name == "office":
        return lambda option: labels.named(labels.OFFICES, options[option], t)
    if name == "writes":
        return lambda option: t.language(options[option])
    return lambda option: options[option]
