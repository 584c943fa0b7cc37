"""The editions that were published: frozen pages with a card per person, and their corrections."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import address, frame, published
from dashboard.edition.shelf import Published
from dashboard.edition.site import LANGUAGES, NAMES
from dashboard.words import Words
from metrics import read


def main() -> None:
    t, _ = frame.surround()
    st.title(t("edition.shelf_title"), anchor=False)
    frame.say(t("edition.shelf_lead"), "ws-lead")
    found = published.listed(frame.data_dir())
    if not found:
        st.info(t("edition.shelf_empty"))
        st.code("winterslaap edition build ID", language="bash")
        return
    if not published.is_shown():
        frame.say(t("edition.shelf_elsewhere"))
    for one in found:
        _edition(one, t)
    _of_person(found, t)


def _edition(one: Published, t: Words) -> None:
    st.header(one.title, anchor=False)
    if one.is_invented:
        frame.say(t("frame.invented"), "ws-invented")
    made = t(
        "edition.made",
        id=one.id,
        day=t.day(one.made_on),
        first=t.day(one.from_on),
        last=t.day(one.to_on),
    )
    frame.say(f"{t.count('edition.shelf_people', one.people)} {made}")
    if one.corrects:
        frame.say(t("edition.corrects_short", id=one.corrects))
    for other in one.corrected_by:
        frame.say(f"{t('edition.corrected_by')} {other}", "ws-stale")
    if published.is_shown():
        order = sorted(LANGUAGES, key=lambda lang: lang != t.lang)
        links = [_link(published.address(one.id, lang), NAMES[lang], lang) for lang in order]
        st.html(f'<p class="ws-links">{escape(t("edition.shelf_open"))}: {", ".join(links)}</p>')


def _of_person(found: tuple[Published, ...], t: Words) -> None:
    """Choose somebody and go to the cards."""
    data_dir = frame.data_dir()
    path = read.latest(data_dir)
    if path is None or not published.is_shown():
        return
    people = read.all_of(path, "person").sort_values("name", kind="stable")
    names = dict(zip(people["person_id"], people["name"], strict=True))
    chosen = address.choose("person", names)
    st.header(t("edition.of_person_title"), anchor=False)
    st.selectbox(
        t("worked.person"),
        list(names),
        index=None,
        format_func=lambda one: names[one],
        width=420,
        **address.bound("person"),
    )
    if chosen is None:
        return
    links = [
        _link(published.address(one.id, t.lang, chosen), t("edition.of_person", title=one.title))
        for one in found
        if published.has_card(data_dir, one.id, t.lang, chosen)
    ]
    if links:
        st.html(
            f'<ul class="ws-more ws-links">{"".join(f"<li>{link}</li>" for link in links)}</ul>'
        )
    else:
        frame.say(t("edition.of_nobody"))


def _link(place: str, text: str, lang: str = "") -> str:
    told = f' lang="{lang}" hreflang="{lang}"' if lang else ""
    return f'<a href="{escape(place)}" target="_self"{told}>{escape(text)}</a>'


main()
