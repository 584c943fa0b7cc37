"""What every page of an edition knows, and how a template becomes a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard.edition.corrections import Correction
from dashboard.edition.model import Edition
from dashboard.labels import OFFICES, is_told, named
from dashboard.slugs import slug, slugs
from dashboard.words import LOCALES, Words, words
from metrics import read

LANGUAGES = tuple(LOCALES)
NAMES = {"nl": "Nederlands", "fr": "Français", "en": "English"}
PAGES = {
    "index": "edition.nav_index",
    "method": "edition.nav_method",
    "data": "edition.nav_data",
    "corrections": "edition.nav_corrections",
    "embed": "edition.nav_embed",
    "about": "edition.nav_about",
}
KINDS = ("municipality", "party")
TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the data package."""

    path: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Site:
    """Everything the pages of one edition are made of."""

    edition: Edition
    copy: Path  # holds what is published, and nothing else
    sentences: Mapping[str, Mapping[str, str]]  # the first of each card, by language and person
    rows: Mapping[str, int]  # of each table of the data package
    files: tuple[File, ...]
    correction: Correction | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A person in a list."""

    person_id: str
    name: str
    who: str
    sentence: str
    row: Mapping[Any, Any] = field(hash=False)  # of the overview


@dataclass(frozen=True, slots=True)
class Group:
    """The people of a municipality or a party."""

    name: str
    path: str  # from the language's folder
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page is within its language's folder, what it is called and says in a line."""

    path: str
    title: str
    summary: str
    kicker: str = ""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def draw(template: str, site: Site, lang: str, page: Page, **values: Any) -> str:
    """A page as HTML; `values` are what its own template asks for."""
    depth = page.path.count("/")
    return (
        _environment()
        .get_template(f"{template}.html.jinja")
        .render(
            t=words(lang),
            page=page,
            edition=site.edition,
            languages=LANGUAGES,
            names=NAMES,
            pages=PAGES,
            here="../" * depth,
            up="../" * (depth + 1),
            address=lambda other, path: _address(site.edition, other, path, depth),
            **values,
        )
    )


def draw_plain(template: str, **values: Any) -> str:
    """A page that has no language of its own."""
    return _environment().get_template(f"{template}.html.jinja").render(names=NAMES, **values)


def _address(edition: Edition, lang: str, path: str, depth: int) -> str:
    base = edition.base_url or "/".join([".."] * (depth + 1))
    return f"{base}/{lang}/{path}"


def entries(site: Site, lang: str) -> tuple[Entry, ...]:
    """Everybody by name."""
    t = words(lang)
    people = read.overview(site.copy).to_dict("records")
    return tuple(
        Entry(row["person_id"], row["name"], who(row, t), _sentence(site, lang, row), row)
        for row in sorted(people, key=lambda row: (by_name(row["name"]), row["person_id"]))
    )


def by_name(name: str) -> str:
    """What names are sorted by: letters without their accents, upper and lower alike."""
    return slug(name)


def _sentence(site: Site, lang: str, row: Mapping[Any, Any]) -> str:
    text = site.sentences[lang][row["person_id"]]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def who(row: Mapping[Any, Any], t: Words) -> str:
    """Office, party and municipality, as far as they are known."""
    parts = (named(OFFICES, row["office"], t), row["party"], row["municipality"])
    return ", ".join(str(part) for part in parts if is_told(part) and part)


def groups(listed: tuple[Entry, ...]) -> dict[str, tuple[Group, ...]]:
    """Municipalities and parties, each with its people."""
    found = {}
    for kind in KINDS:
        of_kind: dict[str, list[Entry]] = {}
        for one in listed:
            if is_told(one.row[kind]) and one.row[kind]:
                of_kind.setdefault(str(one.row[kind]), []).append(one)
        found[kind] = tuple(
            Group(name, f"{kind}/{slug}.html", tuple(of_kind[name]))
            for slug, name in slugs(of_kind).items()
        )
    return found
