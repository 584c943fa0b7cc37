"""The pages of an edition that list: the index, groups, what may be embedded, and about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from dashboard import labels
from dashboard.edition import corrections_page, data_page, method_page
from dashboard.edition.group_page import group_page
from dashboard.edition.site import (
    LANGUAGES,
    NAMES,
    Entry,
    Page,
    Site,
    draw,
    draw_plain,
    entries,
    groups,
)
from dashboard.edition.site_picture import preview
from dashboard.slugs import slug
from dashboard.words import Words, words
from metrics import read

HEIGHT = 1300  # of an embedded card


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """Every page that is no card: where it is in the edition, and its HTML."""
    yield "index.html", _door(site)
    for lang in LANGUAGES:
        listed = entries(site, lang)
        for path, html in _of_language(site, lang, listed):
            yield f"{lang}/{path}", html


def _of_language(site: Site, lang: str, listed: tuple[Entry, ...]) -> Iterator[tuple[str, str]]:
    yield "index.html", _index(site, lang, listed)
    for kind, found in groups(listed).items():
        for group in found:
            yield group.path, group_page(site, lang, kind, group)
    yield "method.html", method_page.page(site, lang)
    yield "data.html", data_page.page(site, lang)
    yield "corrections.html", corrections_page.page(site, lang, listed)
    yield "embed.html", _embed(site, lang, listed)
    yield "about.html", _about(site, lang)


def _door(site: Site) -> str:
    doors = [(lang, NAMES[lang], words(lang)("edition.cards")) for lang in LANGUAGES]
    return draw_plain("languages", edition=site.edition, languages=LANGUAGES, doors=doors)


def _index(site: Site, lang: str, listed: tuple[Entry, ...]) -> str:
    page = Page("index.html", site.edition.title, _summary(site, lang, len(listed)))
    letters = [
        (letter, tuple(some))
        for letter, some in groupby(listed, key=lambda one: slug(one.name)[:1].upper())
    ]
    return draw("index", site, lang, page, groups=groups(listed), letters=letters)


def _summary(site: Site, lang: str, count: int) -> str:
    t, edition = words(lang), site.edition
    days = {"first": t.day(edition.from_on), "last": t.day(edition.to_on)}
    return t.count("edition.index_summary", count, **days)


def previews(site: Site) -> Iterator[tuple[str, bytes]]:
    """The picture that a link to a page shows, in each language."""
    count = len(read.all_of(site.copy, "person"))
    for lang in LANGUAGES:
        yield f"{lang}/preview.png", preview(site.edition, _summary(site, lang, count), lang)


def _embed(site: Site, lang: str, listed: tuple[Entry, ...]) -> str:
    t, edition = words(lang), site.edition
    base = edition.base_url or f"https://voorbeeld.example/{edition.id}"
    codes = [
        {
            "name": one.name,
            "frame": (
                f'<iframe src="{base}/{lang}/{one.person_id}.html" '
                f'title="{_quoted(one.name)}, {_quoted(edition.title)}" width="100%" '
                f'height="{HEIGHT}" loading="lazy"></iframe>'
            ),
            "image": (
                f'<a href="{base}/{lang}/{one.person_id}.html">'
                f'<img src="{base}/{lang}/{one.person_id}.svg" '
                f'alt="{_quoted(one.name)}: {_quoted(one.sentence)}" width="910"></a>'
            ),
        }
        for one in listed
    ]
    page = Page("embed.html", t("edition.embed_title"), t("edition.embed_summary"))
    return draw("embed", site, lang, page, entries=codes, base=base)


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


PRIVACY = (*labels.PRIVACY, "edition.private_visitors")
FAIR = ("edition.fair_before", "edition.fair_absence", "edition.fair_office")


def _about(site: Site, lang: str) -> str:
    t = words(lang)
    sections = [
        (t(heading), [t(key) for key in keys])
        for heading, keys in (
            ("about.limits", labels.LIMITS),
            ("edition.fair", FAIR),
            ("about.privacy", PRIVACY),
        )
    ]
    page = Page("about.html", t("edition.about_title"), t("edition.about_summary"))
    values: dict[str, Any] = {
        "sections": sections,
        "version": _version(site, t),
        "licences": [
            (t("edition.files"), t("about.lists_licence")),
            (t("about.posts"), t("about.posts_licence")),
            (t("about.fonts"), t("about.fonts_licence")),
        ],
    }
    return draw("about", site, lang, page, **values)


def _version(site: Site, t: Words) -> list[tuple[str, str]]:
    run, edition = read.run(site.copy), site.edition
    collected = t.day(run.last_collected_at.date()) if run.last_collected_at else "–"
    return [
        (t("about.copy"), run.run_id),
        (t("about.window"), f"{t.day(edition.from_on)} – {t.day(edition.to_on)}"),
        (t("about.collected"), collected),
        (t("about.built"), t.day(run.built_at.date())),
        (t("about.method"), edition.method_version),
        (t("about.code"), edition.code_version),
        (t("about.hash"), edition.data_hash),
    ]
