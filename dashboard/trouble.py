"""Pages for when there is nothing to show: what happened, what to do, never a traceback."""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st

from dashboard.words import Words
from metrics.errors import CopyUnreadable
from metrics.read import LATEST

COLLECT = Path(__file__).parent / "pages" / "collect.py"


def nothing_yet(t: Words, data_dir: Path, *, may_collect: bool) -> None:
    """No copy was published yet, or the one that is named is gone."""
    folder = data_dir / "published"
    if (folder / LATEST).is_file():
        st.title(t("trouble.gone_title"), anchor=False)
        st.markdown(t("trouble.gone_text"))
        st.code("winterslaap score", language="bash")
    else:
        st.title(t("empty.title"), anchor=False)
        st.markdown(t("empty.text"))
        st.code("winterslaap demo\n\nwinterslaap collect\nwinterslaap score", language="bash")
    if may_collect:
        st.page_link(COLLECT, label=t("trouble.collect"))
        st.markdown(t("empty.where", folder=f"`{folder}`"))  # no visitor's business


def unreadable(t: Words, error: CopyUnreadable) -> None:
    """The copy is damaged or of another version; the log says more than visitors need."""
    logging.getLogger(__name__).error("%s", error)
    st.title(t("trouble.unreadable_title"), anchor=False)
    st.markdown(t("trouble.unreadable_text", copy=f"`{error.path.name}`"))
    st.code("winterslaap score", language="bash")
    st.markdown(t("trouble.unreadable_still"))
