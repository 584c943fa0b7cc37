"""The font of the titles, made anew from the one that Streamlit ships: a tenth of its size.

    python dashboard/fonts/cut.py

Weights 600 to 700 of one optical size, Latin letters and the Greek of formulas.
Needs fonttools and brotli.
"Source" is a reserved name of the Open Font License, so what was changed has another name.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import streamlit
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FAMILY = "Winterslaap Titles"
FILE = Path(__file__).with_name("titles.woff2")
SHIPPED = Path(streamlit.__file__).parent / "static/static/media"
LETTERS = "U+0020-007E,U+00A0-024F,U+02C6,U+02DA,U+02DC,U+0300-030C,U+0327-0328,"
GREEK = "U+03A3,U+03BA,U+03C3,U+03C6,"
SIGNS = "U+2000-2027,U+202F-203A,U+2044,U+20AC,U+2122,U+2190-2193,U+2212,U+2248,U+2264-2265"
LAYOUT = ["kern", "liga", "locl", "mark", "mkmk", "ccmp", "lnum", "tnum"]


def cut(source: Path, target: Path) -> None:
    """Write the smaller font."""
    whole = instancer.instantiateVariableFont(TTFont(source), {"wght": (600, 700), "opsz": 30})
    whole.flavor = None
    plain = BytesIO()
    whole.save(plain)
    font = TTFont(plain)
    options = subset.Options(layout_features=LAYOUT, hinting=False)
    maker = subset.Subsetter(options)
    maker.populate(unicodes=subset.parse_unicodes(LETTERS + GREEK + SIGNS))
    maker.subset(font)
    for number, text in {1: FAMILY, 4: FAMILY, 6: FAMILY.replace(" ", ""), 16: FAMILY}.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.flavor = "woff2"
    font.save(target)


if __name__ == "__main__":
    [original] = SHIPPED.glob("SourceSerifVariable-Roman*.woff2")
    cut(original, FILE)
