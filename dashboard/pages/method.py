"""How every number comes about, printed from what the published copy says of itself."""

from __future__ import annotations

import streamlit as st

from dashboard import frame
from dashboard.frame import Frame
from dashboard.markup import table
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
    _readme(here)
    _params(here)
    _dictionary(here)
    frame.footer(here)


def _params(here: Frame) -> None:
    t = here.words
    st.header(t("method.params"), anchor=False)
    frame.say(t("method.params_text"))
    params = read.all_of(here.path, "param")
    rows = zip(*(params[name].fillna("") for name in ("name", "value", "description")), strict=True)
    headings = [t("method.name"), t("method.value"), t("method.meaning")]
    st.html(table(headings, list(rows), t("method.params")))


def _dictionary(here: Frame) -> None:
    t = here.words
    st.header(t("method.columns"), anchor=False)
    frame.say(t("method.columns_text"))
    dictionary = read.dictionary(here.path)
    for name, rows in dictionary.groupby("table_name", sort=True):
        own = rows[rows["column_name"].isna()]["comment"].dropna()
        with st.expander(f"{name}: {own.iloc[0]}" if len(own) else str(name)):
            columns = rows[rows["column_name"].notna()]
            texts = zip(columns["column_name"], columns["comment"].fillna(""), strict=True)
            st.html(table([t("method.name"), t("method.meaning")], list(texts), str(name)))


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
