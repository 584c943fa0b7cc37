"""What a reader may take along: the numbers as CSV, the picture as SVG or PNG.

The picture is drawn from the very spec that is on the page, with the finding above it
and below that where it comes from. It is drawn when it is asked for, not before.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from csv import writer
from dataclasses import dataclass
from functools import lru_cache, partial
from io import StringIO
from typing import Any

import pandas as pd
import streamlit as st
import vl_convert

from dashboard.address import slug
from dashboard.charts import Spec
from dashboard.edition.letters import SANS as OURS
from dashboard.edition.model import FONTS
from dashboard.edition.sheet import faces
from dashboard.frame import Frame
from dashboard.labels import is_told
from dashboard.look import SANS, Look

VL_VERSION = "6.4"  # the one that Streamlit ships
WIDTH, SCALE = 1_040, 2.0
LETTERS = 96  # of the finding on one line of a picture
SMALL_LETTERS = 150
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute a cell that starts so
MARK = "\ufeff"  # so that spreadsheets read the accents


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken along: a name for the file, the finding, its source line, table, picture."""

    person: str
    metric: str
    finding: str
    source: str
    data: pd.DataFrame | Callable[[], pd.DataFrame]
    picture: Callable[[], Spec] | None = None


def file_name(person: str, metric: str, run_id: str, ending: str) -> str:
    """Person, metric and run: bram-de-winter_partner-ladder_2025-01-02-1.csv."""
    return "_".join(slug(part) for part in (person, metric, run_id)) + f".{ending}"


def csv(taken: Taken) -> bytes:
    """The table as a spreadsheet reads it; the last line says where it comes from."""
    text = StringIO()
    out = writer(text, lineterminator="\r\n")
    data = taken.data() if callable(taken.data) else taken.data
    out.writerow(data.columns)
    rows = data.itertuples(index=False, name=None)
    out.writerows([_plain(cell) for cell in row] for row in rows)
    out.writerow([])
    out.writerow([_plain(taken.source)])
    return (MARK + text.getvalue()).encode("utf-8")


def _plain(cell: Any) -> Any:
    if not is_told(cell):
        return ""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell


def titled(spec: Spec, finding: str, source: str, look: Look) -> Spec:
    """The same picture with the finding above it, its source, and a ground of its own."""
    font = f"'{OURS}', {SANS}"  # the page has its fonts from Streamlit, a picture from us
    text = {"font": font, "anchor": "start", "align": "left", "offset": 16, "limit": 0}
    title = {
        "text": textwrap.wrap(finding, LETTERS),
        "subtitle": textwrap.wrap(source, SMALL_LETTERS),
        "fontSize": 20,
        "fontWeight": 600,
        "color": look.ink,
        "subtitleFont": font,
        "subtitleFontSize": 13,
        "subtitleColor": look.muted,
        "subtitlePadding": 6,
    }
    around = {"left": 24, "right": 24, "top": 20, "bottom": 20}
    return spec | {
        "width": WIDTH,
        "title": text | title,
        "background": look.background,
        "padding": around,
        "config": spec.get("config", {}) | {"font": font},
    }


def svg(spec: Spec) -> bytes:
    """The picture as SVG, with the fonts in it."""
    _with_our_fonts()
    drawn = str(vl_convert.vegalite_to_svg(spec, vl_version=VL_VERSION))
    style = f"<style>{faces('regular', 'bold')}</style>"
    return drawn.replace(">", f">{style}", 1).encode("utf-8")


def png(spec: Spec) -> bytes:
    """The picture as PNG, twice as many pixels as on the page."""
    _with_our_fonts()
    return bytes(vl_convert.vegalite_to_png(spec, vl_version=VL_VERSION, scale=SCALE))


@lru_cache(maxsize=1)
def _with_our_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


def buttons(taken: Taken, here: Frame) -> None:
    """Buttons for what there is; nothing is made before it is asked for."""
    t, run = here.words, here.run.run_id
    kinds: list[tuple[str, str, Callable[[], bytes]]] = [("csv", "text/csv", partial(csv, taken))]
    draw = taken.picture
    if draw is not None:

        def drawn(to: Callable[[Spec], bytes]) -> bytes:
            return to(titled(draw(), taken.finding, taken.source, here.look))

        kinds += [("svg", "image/svg+xml", partial(drawn, svg))]
        kinds += [("png", "image/png", partial(drawn, png))]
    with st.container(horizontal=True, key=f"take-{taken.metric}"):
        for ending, mime, make in kinds:
            st.download_button(
                t("take.button", kind=ending.upper()),
                make,
                file_name=file_name(taken.person, taken.metric, run, ending),
                mime=mime,
                key=f"take-{taken.metric}-{ending}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )
