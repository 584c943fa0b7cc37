"""A card in a real browser, opened as a file: light, dark, phone, zoomed, printed, no script."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest

from dashboard.edition import card
from dashboard.edition.model import FONTS, Statement, edition_of
from tests.browsing import ARTEFACTS, check_accessibility
from tests.published_copy import build

pytestmark = pytest.mark.browser
WHO = ("bram-de-winter", "elif-feedman", "hanne-onbekend")
WIDE, SMALL, ZOOMED = (910, 1200), (320, 800), (455, 600)
FITS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
FONTS_USED = """() => [...document.fonts].filter(one => one.status === 'loaded')
  .map(one => one.family)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("site")
    copy = build(top)
    given = Statement("Ik was ziek.\nNu niet meer.", date(2024, 12, 20))
    edition = replace(
        edition_of(copy, "e1", "Voorbeeldstad"),
        statements={"bram-de-winter": given},
        base_url="https://kaarten.example",
        preview="voorbeeld, niet gepubliceerd",
    )
    shutil.copytree(FONTS, top / "e1" / "fonts")
    (top / "e1" / "nl").mkdir()
    for who in WHO:
        one = card.render(copy, who, "nl", edition)
        (top / "e1" / "nl" / f"{who}.html").write_text(one.html, "utf-8")
        (top / "e1" / "nl" / f"{who}.svg").write_bytes(one.svg)
    return top / "e1" / "nl"


@pytest.fixture(params=["light", "dark"])
def reader(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    context = browser.new_context(color_scheme=request.param, offline=True)
    yield context
    context.close()


@pytest.mark.parametrize("who", WHO)
def test_a_card_is_accessible_and_fits_every_screen(reader: Any, folder: Path, who: str) -> None:
    page = reader.new_page()
    for size in (WIDE, SMALL, ZOOMED):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto((folder / f"{who}.html").as_uri())
        assert page.evaluate(FITS), size
        check_accessibility(page)
    page.close()


def test_a_card_opened_as_a_file_has_our_fonts_and_asks_for_nothing_else(
    reader: Any, folder: Path
) -> None:
    page = reader.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto((folder / "bram-de-winter.html").as_uri())
    page.wait_for_function("document.fonts.status === 'loaded'")
    assert set(page.evaluate(FONTS_USED)) >= {"Winterslaap Sans", "Winterslaap Serif"}
    assert {url.rsplit(".", 1)[1] for url in asked} == {"html", "woff2"}
    ARTEFACTS.mkdir(exist_ok=True)
    dark = page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
    page.screenshot(
        path=str(ARTEFACTS / ("card-dark.png" if dark else "card-light.png")), full_page=True
    )
    page.close()


def test_a_card_needs_no_script(browser: Any, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "bram-de-winter.html").as_uri())
    assert page.locator("h1").inner_text().startswith("Na de stembusgang van 26 mei 2019")
    assert page.locator(".wide svg").is_visible()
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.locator(".narrow svg").first.is_visible()
    assert not page.locator(".wide svg").is_visible()
    context.close()


def test_a_printed_card_is_light_and_has_no_navigation(reader: Any, folder: Path) -> None:
    page = reader.new_page()
    page.goto((folder / "bram-de-winter.html").as_uri())
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) <= 3
    page.close()


def test_a_linked_picture_draws_its_text_in_the_fonts_it_carries(
    browser: Any, folder: Path
) -> None:
    page = browser.new_page()
    page.goto((folder / "bram-de-winter.svg").as_uri())
    page.wait_for_function("document.fonts.status === 'loaded'")
    assert set(page.evaluate(FONTS_USED)) == {"Winterslaap Sans", "Winterslaap Serif"}
    right = page.evaluate(
        "() => Math.max(...[...document.querySelectorAll('text')]"
        ".map(one => one.getBoundingClientRect().right))"
    )
    assert right <= 910 - 60 + 4
    page.close()
