"""The browser's door: which pages there are, in the reader's language."""

from pathlib import Path

import streamlit as st

from dashboard.address import language
from dashboard.words import words

DASHBOARD = Path(__file__).parent / "dashboard"


def main() -> None:
    """Set the page up and run the one that the address names."""
    t = words(language())
    st.set_page_config("Winterslaap", str(DASHBOARD / "icon.svg"), layout="wide")
    pages = DASHBOARD / "pages"
    st.navigation(
        [
            st.Page(pages / "overview.py", title=t("nav.overview"), default=True),
            st.Page(pages / "person.py", title=t("nav.person")),
            st.Page(pages / "coverage.py", title=t("nav.coverage")),
            st.Page(pages / "method.py", title=t("nav.method")),
        ],
        position="top",
    ).run()


if __name__ == "__main__":
    main()
