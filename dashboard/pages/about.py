"""What the pages cannot say, citizens' privacy, corrections, licences, and which data these are."""

from __future__ import annotations

import os

import streamlit as st

from dashboard import access, frame, labels
from dashboard.frame import Frame
from dashboard.markup import lines, table

PRIVACY = (*labels.PRIVACY, "about.private_visitors")
CORRECTIONS = (
    "about.correct_what",
    "about.correct_proof",
    "about.correct_roster",
    "about.correct_citizen",
    "about.correct_new",
)
LICENCES = {
    "about.code": "about.code_licence",
    "about.lists": "about.lists_licence",
    "about.posts": "about.posts_licence",
    "about.fonts": "about.fonts_licence",
}


def main() -> None:
    here = frame.begin()
    if here is None:
        return
    t = here.words
    st.title(t("about.title"), anchor=False)
    frame.say(t("about.lead"), "ws-lead")
    frame.invented(here)
    st.header(t("about.limits"), anchor=False)
    st.html(lines(t(key) for key in labels.LIMITS))
    st.header(t("about.privacy"), anchor=False)
    frame.say(t("about.privacy_lead"))
    st.html(lines(t(key) for key in PRIVACY))
    _corrections(here)
    _version(here)
    _licences(here)
    _sign_in(here)
    frame.footer(here)


def _corrections(here: Frame) -> None:
    t = here.words
    st.header(t("about.corrections"), anchor=False)
    frame.say(t("about.corrections_lead"))
    st.html(lines(t(key) for key in CORRECTIONS))
    contact = os.environ.get("WINTERSLAAP_CONTACT", "").strip()
    frame.say(t("about.contact", contact=contact) if contact else t("about.no_contact"))


def _version(here: Frame) -> None:
    t, run = here.words, here.run
    first, last = here.window
    collected = t.day(run.last_collected_at.date()) if run.last_collected_at else "–"
    rows = [
        (t("about.copy"), run.run_id),
        (t("about.window"), f"{t.day(first)} – {t.day(last)}"),
        (t("about.collected"), collected),
        (t("about.built"), t.moment(run.built_at)),
        (t("about.method"), run.method_version),
        (t("about.code"), run.code_version),
        (t("about.hash"), run.data_hash),
    ]
    st.header(t("about.version"), anchor=False)
    frame.say(t("about.version_lead"))
    st.html(table([t("about.what"), t("about.which")], rows, t("about.version")))


def _licences(here: Frame) -> None:
    t = here.words
    st.header(t("about.licences"), anchor=False)
    rows = [(t(what), t(licence)) for what, licence in LICENCES.items()]
    st.html(table([t("about.what"), t("about.licence")], rows, t("about.licences")))


def _sign_in(here: Frame) -> None:
    """A door for editors, where whoever runs the pages made one."""
    t = here.words
    if not (access.is_editable() and access.has_sign_in()):
        return
    st.header(t("about.editors"), anchor=False)
    if st.user.is_logged_in:
        st.button(t("about.sign_out"), on_click=st.logout)
    else:
        st.button(t("about.sign_in"), on_click=st.login)


main()
