"""A laid-out page as PDF for print and screen readers, and as PNG, both drawn by Typst.

The fonts are ours alone, so that another machine draws the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from dashboard.edition.letters import Line
from dashboard.edition.model import FONTS
from dashboard.edition.sheet import Placed, Sheet, Words, fill, piece

TEMPLATE = Path(__file__).with_name("templates") / "card.typ"
A4_POINTS = 210 / 25.4 * 72
A4_UNITS = (910, 1287)  # of a page that has the shape of A4


@dataclass(frozen=True, slots=True)
class Paper:
    """A page with what its metadata say."""

    sheet: Sheet
    title: str
    author: str
    lang: str
    made_on: date

    def pdf(self) -> bytes:
        """One page A4 of PDF/UA-1 as Typst writes it: tagged, with language and alt texts."""
        made = datetime.combine(self.made_on, time(), UTC)
        drawn = _compiler().compile(
            sys_inputs=self._inputs("a4"), format="pdf", pdf_standards=["ua-1"], timestamp=made
        )
        return _one(drawn)

    def png(self, scale: float) -> bytes:
        """The page as a picture with so many pixels a unit."""
        paper = "a4" if (self.sheet.width, self.sheet.height) == A4_UNITS else "as drawn"
        ppi = scale * 72 * self.sheet.width / A4_POINTS
        return _one(_compiler().compile(sys_inputs=self._inputs(paper), format="png", ppi=ppi))

    def _inputs(self, paper: str) -> dict[str, str]:
        items = [
            _words(one) if isinstance(one, Words) else _placed(one) for one in self.sheet.items
        ]
        page = {
            "title": self.title,
            "author": self.author,
            "lang": self.lang,
            "region": REGIONS[self.lang],
            "paper": paper,
            "width": self.sheet.width,
            "height": self.sheet.height,
            "items": items,
        }
        return {"sheet": json.dumps(page, ensure_ascii=False)}


REGIONS = {"nl": "BE", "fr": "BE", "en": "GB"}


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    return typst.Compiler(str(TEMPLATE), font_paths=fonts)


def _one(drawn: Any) -> bytes:
    return bytes(drawn[0] if isinstance(drawn, list) else drawn)


def _words(item: Words) -> dict[str, Any]:
    return {
        "role": item.role,
        "x": item.x,
        "y": item.y,
        "size": item.size,
        "leading": item.leading,
        "align": item.align,
        "lines": [_line(line) for line in item.lines],
    }


def _line(line: Line) -> list[dict[str, str]]:
    return [{"text": run.text, "cut": run.cut, "fill": fill(run.color)} for run in line]


def _placed(item: Placed) -> dict[str, Any]:
    return {
        "x": item.x,
        "y": item.y,
        "width": item.drawing.width,
        "height": item.drawing.height,
        "svg": piece(item.drawing),
        "alt": item.alt,
    }
