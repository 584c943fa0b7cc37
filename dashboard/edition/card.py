"""One person's card in one language, as HTML, SVG, PNG, social preview and PDF."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from functools import lru_cache
from html import escape
from pathlib import Path

import typst
import vl_convert

from dashboard import findings
from dashboard.edition.model import FONTS, Card, Edition
from dashboard.facts import facts_of
from dashboard.words import words
from metrics import read


def render(copy: Path, person_id: str, lang: str, edition: Edition) -> Card:
    """The card; the same copy, edition and versions give the same bytes."""
    t = words(lang)
    people = read.all_of(copy, "person").set_index("person_id")
    person = people.loc[person_id].to_dict()
    facts = facts_of(
        read.of_person(copy, "metric", person_id),
        read.of_person(copy, "spell", person_id),
        read.of_person(copy, "season", person_id),
        int(person["covered_days"]),
    )
    told = tuple(findings.said(finding, t) for finding in findings.findings(facts))
    svg = _svg(str(person["name"]), told[0], edition)
    png = bytes(vl_convert.svg_to_png(svg, scale=1.0))
    return Card(
        html=_html(str(person["name"]), told, lang, edition),
        svg=svg.encode("utf-8"),
        png=png,
        preview_png=png,
        pdf=_pdf(str(person["name"]), told, lang, edition),
        sentences=told,
    )


def _svg(name: str, headline: str, edition: Edition) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="910" height="1287">'
        '<rect width="910" height="1287" fill="#fff"/>'
        '<text x="60" y="80" font-family="Winterslaap Serif" font-weight="700" '
        f'font-size="32">{escape(name)}</text>'
        f'<text x="60" y="120" font-family="Winterslaap Sans">{escape(headline)}</text>'
        f'<text x="60" y="1240" font-family="Winterslaap Sans">{escape(edition.id)} '
        f"{escape(edition.data_hash)}</text></svg>"
    )


def _html(name: str, told: tuple[str, ...], lang: str, edition: Edition) -> str:
    said = "".join(f"<p>{escape(text)}.</p>" for text in told)
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(name)}</title>'
        f"<body><main><h1>{escape(name)}</h1>{said}<p>{escape(edition.id)}</p></main></html>"
    )


PAPER = Path(__file__).with_name("templates") / "card.typ"


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(str(PAPER), font_paths=[str(FONTS)], ignore_system_fonts=True)


def _pdf(name: str, told: tuple[str, ...], lang: str, edition: Edition) -> bytes:
    card = {"name": name, "told": told, "lang": lang}
    made = datetime.combine(edition.made_on, time(), UTC)
    pdf = _compiler().compile(
        sys_inputs={"card": json.dumps(card)},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=made,
    )
    return bytes(pdf)  # type: ignore[arg-type]


vl_convert.register_font_directory(str(FONTS))
