"""The browser's door: which pages there are, in the reader's language."""

from pathlib import Path

import streamlit as st

from dashboard import access, trouble
from dashboard.address import language
from dashboard.words import words
from metrics.errors import CopyUnreadable

DASHBOARD = Path(__file__).parent / "dashboard"


def main() -> None:
    """Set the page up and run the one that the address names."""
    t = words(language())
    st.set_page_config("Winterslaap", str(DASHBOARD / "icon.svg"), layout="wide")
    pages = DASHBOARD / "pages"
    listed = [
        st.Page(pages / "overview.py", title=t("nav.overview"), default=True),
        st.Page(pages / "compare.py", title=t("nav.compare")),
        st.Page(pages / "person.py", title=t("nav.person")),
        st.Page(pages / "coverage.py", title=t("nav.coverage")),
        st.Page(pages / "method.py", title=t("nav.method")),
        st.Page(pages / "editions.py", title=t("nav.editions")),
        st.Page(pages / "about.py", title=t("nav.about")),
    ]
    if access.is_editable() and (access.may_collect() or access.has_sign_in()):
        listed.append(st.Page(pages / "audit.py", title=t("nav.audit")))
        listed.append(st.Page(pages / "collect.py", title=t("nav.collect")))
        listed.append(st.Page(pages / "preview.py", title=t("nav.preview")))
    page = st.navigation(listed, position="top")
    st.set_page_config("Winterslaap" if page == listed[0] else f"{page.title} · Winterslaap")
    try:
        page.run()
    except CopyUnreadable as error:
        trouble.unreadable(t, error)


if __name__ == "__main__":
    main()
