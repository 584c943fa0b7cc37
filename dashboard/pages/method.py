"""How every number comes about, printed from what the published copy says of itself."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import frame
from dashboard.frame import Frame
from metrics import read

METHOD = frame.ROOT / "metrics" / "README.md"


def main() -> None:
    here = frame.begin()
    if here is None:
        return
    t = here.words
    st.title(t("method.title"), anchor=False)
    frame.say(t("method.lead"), "ws-lead")
    frame.invented(here)
    _params(here)
    _readme(here)
    _dictionary(here)
    frame.footer(here)


def _params(here: Frame) -> None:
    t = here.words
    st.header(t("method.params"), anchor=False)
    frame.say(t("method.params_text"))
    params = read.all_of(here.path, "param")
    names = {
        "name": t("method.name"),
        "value": t("method.value"),
        "description": t("method.meaning"),
    }
    st.table(
        params.rename(columns=names), border="horizontal", hide_index=True, alt=t("method.params")
    )


def _dictionary(here: Frame) -> None:
    t = here.words
    st.header(t("method.columns"), anchor=False)
    frame.say(t("method.columns_text"))
    dictionary = read.dictionary(here.path)
    for table, rows in dictionary.groupby("table_name", sort=True):
        own = rows[rows["column_name"].isna()]["comment"].dropna()
        with st.expander(f"{table}: {own.iloc[0]}" if len(own) else str(table)):
            columns = rows[rows["column_name"].notna()][["column_name", "comment"]].fillna("")
            names = {"column_name": t("method.name"), "comment": t("method.meaning")}
            st.table(
                pd.DataFrame(columns).rename(columns=names),
                border="horizontal",
                hide_index=True,
                alt=str(table),
            )


def _readme(here: Frame) -> None:
    t = here.words
    st.header(t("method.whole"), anchor=False)
    frame.say(t("method.english"))
    try:
        text = METHOD.read_text("utf-8")
    except FileNotFoundError:
        return
    with st.container(key="method-text"):
        st.markdown(_below(text))


def _below(text: str) -> str:
    """The text with its headings two levels lower, so that they hang below this page's own."""
    lines, is_code = [], False
    for line in text.splitlines():
        is_code ^= line.startswith("```")
        lines.append(f"##{line}" if line.startswith("#") and not is_code else line)
    return "\n".join(lines)


main()
