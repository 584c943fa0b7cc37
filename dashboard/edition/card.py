"""One person's card in one language, as HTML, SVG, PNG, social preview and PDF."""

from __future__ import annotations

from pathlib import Path

from dashboard.edition import picture
from dashboard.edition.content import Content
from dashboard.edition.facts import facts
from dashboard.edition.model import Card, Edition
from dashboard.edition.page import html
from dashboard.edition.paper import Paper
from dashboard.edition.sheet import svg
from dashboard.edition.social import preview
from dashboard.words import words

PIXELS = 2.0  # a unit of the page, which is 910 wide


def render(copy: Path, person_id: str, lang: str, edition: Edition) -> Card:
    """The card; the same copy, edition and versions give the same bytes."""
    window = (edition.from_on, edition.to_on)
    content = Content(facts(copy, person_id, window), edition, words(lang))
    sheet = picture.card(content)
    description = " ".join(content.sentences)
    drawn = svg(sheet, content.alt, description, lang, with_fonts=True)
    paper = Paper(sheet, content.alt, content.t("card.publisher"), lang, edition.made_on)
    social = Paper(
        preview(content), content.alt, content.t("card.publisher"), lang, edition.made_on
    )
    return Card(
        html=html(content),
        svg=drawn.encode("utf-8"),
        png=paper.png(PIXELS),
        preview_png=social.png(1.0),
        pdf=paper.pdf(),
        sentences=content.sentences,
    )
