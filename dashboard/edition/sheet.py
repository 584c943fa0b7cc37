"""A page laid out once: what stands where, drawn as SVG here and as PDF elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

from dashboard.edition.drawing import Drawing, fills, short, style
from dashboard.edition.letters import CUTS, FILES, Line, Run, wrapped
from dashboard.edition.model import FONTS
from dashboard.look import LIGHT, Look


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text; `y` is the baseline of the first. The role is what the words are."""

    role: str  # h1 | h2 | p
    x: float
    y: float
    size: float
    leading: float
    lines: tuple[Line, ...]
    align: str = "left"

    @property
    def text(self) -> str:
        """The words without their lines."""
        return " ".join("".join(run.text for run in line) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Placed:
    """A drawing at a place; `alt` says what it shows, empty for mere ornament."""

    x: float
    y: float
    drawing: Drawing
    alt: str = ""


@dataclass(slots=True)
class Sheet:
    """A page in the making: things are put on it in the order in which they are read."""

    width: float
    height: float
    items: list[Words | Placed] = field(default_factory=list)

    def write(
        self,
        runs: str | Iterable[Run],
        x: float,
        y: float,
        room: float,
        *,
        size: float = 13.0,
        leading: float = 0.0,
        role: str = "p",
        color: str = "i",
    ) -> float:
        """Put words in lines no wider than `room`; where the next line's baseline would be."""
        given = [Run(runs, "regular", color)] if isinstance(runs, str) else list(runs)
        lines = wrapped(given, size, room)
        leading = leading or round(size * 1.42, 1)
        if lines:
            self.items.append(Words(role, x, y, size, leading, tuple(lines)))
        return y + leading * len(lines)

    def write_right(self, runs: Iterable[Run], x: float, y: float, size: float) -> None:
        """Put one line of words that ends at x."""
        self.items.append(Words("p", x, y, size, size * 1.42, (tuple(runs),), "right"))

    def rule(self, x: float, y: float, wide: float, thick: float, kind: str = "i") -> None:
        """Put a straight line that ornaments."""
        body = f'<path class="{kind}" d="M0 0h{short(wide)}v{short(thick)}h{short(-wide)}z"/>'
        self.items.append(Placed(x, y, Drawing(wide, thick, body)))

    def draw(self, drawing: Drawing, x: float, y: float, alt: str = "") -> None:
        """Put a drawing."""
        self.items.append(Placed(x, y, drawing, alt))


def svg(sheet: Sheet, title: str, description: str, lang: str, *, with_fonts: bool) -> str:
    """The sheet as SVG with real text; `with_fonts` carries the fonts along for other machines."""
    wide, high = short(sheet.width), short(sheet.height)
    carried = faces(*CUTS) if with_fonts else ""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}" role="img" xml:lang="{lang}" '
        f'aria-labelledby="title desc"><title id="title">{escape(title)}</title>'
        f'<desc id="desc">{escape(description)}</desc>',
        f"<style>{carried}{_style(LIGHT)}</style>",
        f'<path class="bg" d="M0 0h{wide}v{high}h-{wide}z"/>',
    ]
    parts += [_words(item) if isinstance(item, Words) else _placed(item) for item in sheet.items]
    return "".join((*parts, "</svg>"))


def _words(item: Words) -> str:
    kind = ' class="end"' if item.align == "right" else ""
    rows = []
    for number, line in enumerate(item.lines):
        y = item.y + number * item.leading
        runs = "".join(
            f'<tspan class="{_classes(run)}">{escape(run.text, quote=False)}</tspan>'
            for run in line
        )
        rows.append(
            f'<text{kind} x="{short(item.x)}" y="{short(y)}" font-size="{short(item.size)}" '
            f'xml:space="preserve">{runs}</text>'
        )
    return "".join(rows)


def _classes(run: Run) -> str:
    cut = {"bold": " b", "serif": " serif"}.get(run.cut, "")
    return f"{run.color}{cut}"


def _placed(item: Placed) -> str:
    place = f'transform="translate({short(item.x)} {short(item.y)})"'
    return f"<g {place}>{item.drawing.body}</g>"


@lru_cache(maxsize=4)
def faces(*cuts: str) -> str:
    """The most used letters of fonts as part of a style sheet: a linked SVG may load no file."""
    rules = []
    for cut in cuts:
        family, weight = CUTS[cut]
        data = (FONTS / f"{FILES[cut]}-few.woff2").read_bytes()
        coded = base64.b64encode(data).decode("ascii")
        rules.append(
            f"@font-face{{font-family:'{family}';font-weight:{weight};"
            f"src:url(data:font/woff2;base64,{coded}) format('woff2')}}"
        )
    return "".join(rules)


@lru_cache(maxsize=4)
def _style(look: Look) -> str:
    return style(look)


def piece(drawing: Drawing, look: Look = LIGHT) -> str:
    """One drawing as an SVG of its own."""
    wide, high = short(drawing.width), short(drawing.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}"><style>{_style(look)}</style>{drawing.body}</svg>'
    )


@lru_cache(maxsize=32)
def fill(color: str) -> str:
    """The colour of a class on paper."""
    return fills(LIGHT)[color]
