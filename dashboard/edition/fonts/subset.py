"""The fonts beside this file, made anew from Source Sans 3 and Source Serif 4.

    npm pack @expo-google-fonts/source-sans-3 @expo-google-fonts/source-serif-4
    python dashboard/edition/fonts/subset.py FOLDER_WITH_THE_UNPACKED_TTF_FILES

Needs fonttools and brotli. "Source" is a reserved name of the Open Font License, so
what was changed has another name. The names end in no digit: text in a family whose
name does is not drawn by the SVG renderer.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
LETTERS = "U+0020-024F,U+0259,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0300-030C,U+0327-0328,"
SIGNS = "U+1E00-1EFF,U+2000-2027,U+202F-203A,U+2044,U+20AC,U+2122,U+2190-2193,U+2212,U+2248,"
SHAPES = "U+2264-2265,U+25A0-25CF"
FEW = "U+0020-007E,U+00A0-00FF,U+0152-0153,U+2013-2014,U+2018-2019,U+201C-201D,U+2026,"
FEW_SIGNS = "U+202F,U+2190-2193,U+2212,U+25B2,U+25BC"
CUTS = (
    ("SourceSans3_400Regular", "Winterslaap Sans", "Regular", 400),
    ("SourceSans3_600SemiBold", "Winterslaap Sans", "SemiBold", 600),
    ("SourceSerif4_700Bold", "Winterslaap Serif", "Bold", 700),
)
LAYOUT = ["kern", "liga", "locl", "mark", "mkmk", "ccmp", "lnum", "tnum"]


def cut(source: Path, family: str, style: str, weight: int) -> dict[str, object]:
    """Write one font as TTF and WOFF2; how wide its letters are, in thousandths of the size."""
    font = TTFont(source)
    options = subset.Options(layout_features=LAYOUT, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
    options.hinting = False
    options.notdef_outline = True
    maker = subset.Subsetter(options)
    maker.populate(unicodes=subset.parse_unicodes(LETTERS + SIGNS + SHAPES))
    maker.subset(font)
    file = f"{family.replace(' ', '')}-{style}"
    names = {1: family, 2: style, 3: file, 4: f"{family} {style}", 6: file, 16: family, 17: style}
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(HERE / f"{file}.ttf")
    font.flavor = "woff2"
    font.save(HERE / f"{file}.woff2")
    few(HERE / f"{file}.woff2", HERE / f"{file}-few.woff2")
    per_em, widths = font["head"].unitsPerEm, font["hmtx"]
    letters = font.getBestCmap()
    return {
        "family": family,
        "style": style,
        "file": file,
        "weight": weight,
        "widths": {chr(n): round(1000 * widths[g][0] / per_em) for n, g in sorted(letters.items())},
    }


def few(whole: Path, target: Path) -> None:
    """Write the letters of western Europe only, small enough to be part of every SVG."""
    font = TTFont(whole)
    options = subset.Options(layout_features=["kern", "liga"], hinting=False)
    maker = subset.Subsetter(options)
    maker.populate(unicodes=subset.parse_unicodes(FEW + FEW_SIGNS))
    maker.subset(font)
    font.recalcTimestamp = False
    font.flavor = "woff2"
    font.save(target)


if __name__ == "__main__":
    found = {path.stem: path for path in Path(sys.argv[1]).rglob("*.ttf")}
    cuts = [cut(found[name], family, style, bold) for name, family, style, bold in CUTS]
    (HERE / "widths.json").write_text(json.dumps(cuts, ensure_ascii=False, indent=0), "utf-8")
