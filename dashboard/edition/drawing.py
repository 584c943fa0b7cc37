"""Pieces of SVG that a picture, a page and a PDF share: marks with classes, no colours.

Colours and fonts come from the style sheet around them, so that one drawing fits paper,
a light page and a dark one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from dashboard.edition.letters import CUTS
from dashboard.look import Look

Box = tuple[float, float, float, float]  # left, top, width, height


@dataclass(frozen=True, slots=True)
class Drawing:
    """A piece of SVG of this size."""

    width: float
    height: float
    body: str


def short(number: float) -> str:
    """A coordinate with at most two decimals: 12.5, 3."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def boxes(kind: str, rows: Iterable[Box]) -> str:
    """Boxes of one class as one path."""
    d = "".join(f"M{short(x)} {short(y)}h{short(w)}v{short(h)}h{short(-w)}z" for x, y, w, h in rows)
    return f'<path class="{kind}" d="{d}"/>' if d else ""


def lines(kind: str, rows: Iterable[Box]) -> str:
    """Lines of one class as one path; a box here is where a line starts and how far it goes."""
    d = "".join(f"M{short(x)} {short(y)}l{short(w)} {short(h)}" for x, y, w, h in rows)
    return f'<path class="{kind}" d="{d}"/>' if d else ""


def hatches(box: Box, step: float = 7.0) -> Iterator[Box]:
    """Lines that rise to the right and fill a box; the smallest has one."""
    left, top, wide, high = box
    foot = left - high + min(step, wide + high) / 2
    while foot < left + wide:
        first, last = max(foot, left), min(foot + high, left + wide)
        if first < last:
            yield first, top + high - (first - foot), last - first, first - last
        foot += step


def text(
    words: str, x: float, y: float, size: float, kind: str = "m", anchor: str = "", more: str = ""
) -> str:
    """One line of text; `kind` holds its classes, `anchor` is m for middle or e for end."""
    classes = f"{kind} {anchor}".strip()
    more += ' paint-order="stroke"' if "halo" in kind else ""
    return (
        f'<text class="{classes}" x="{short(x)}" y="{short(y)}" font-size="{short(size)}"{more}>'
        f"{escape(words)}</text>"
    )


def upright(words: str, x: float, y: float, size: float, kind: str = "m") -> str:
    """One line of text that runs upwards around a point."""
    turned = f' transform="rotate(-90 {short(x)} {short(y)})"'
    return text(words, x, y + size * 0.35, size, kind, "mid", turned)


def fills(look: Look) -> dict[str, str]:
    """The colour of each class that fills."""
    return {
        "i": look.ink,
        "m": look.muted,
        "a": look.talk,
        "s": look.muted,
        "o": look.season_text,
        "fa": look.talk,
        "fs": look.send,
        "fo": look.season_text,
        "fp": look.send,
        "bd": look.season,
        "cs": look.season_cell,
        "bg": look.background,
        **{f"c{step}": color for step, color in enumerate(look.scale)},
    }


def style(look: Look) -> str:
    """The classes of all drawings in one theme's colours."""
    strokes = {
        "lg": (look.grid, 1.0),
        "lz": (look.ink, 1.0),
        "lh": (look.hatch, 0.9),
        "lo": (look.season_text, 1.6),
        "lm": (look.muted, 1.2),
    }
    rules = [f".{name}{{fill:{color}}}" for name, color in fills(look).items()]
    rules += [
        f".{name}{{fill:none;stroke:{color};stroke-width:{wide}}}"
        for name, (color, wide) in strokes.items()
    ]
    sans, serif = CUTS["regular"][0], CUTS["serif"][0]
    rules += [
        f".sl{{fill:{look.silence};stroke:{look.silence_line};stroke-width:.8}}",
        f".sp{{fill:none;stroke:{look.silence_line};stroke-width:.8;stroke-dasharray:3 2}}",
        f".ab{{fill:{look.silence_line};fill-opacity:.38}}",
        ".q1{opacity:.3}.q2{opacity:.45}.q3{opacity:.6}.q4{opacity:.8}",
        ".mid{text-anchor:middle}.end{text-anchor:end}",
        f".ring{{stroke:{look.background};stroke-width:1.6}}",
        ".faint{opacity:.4}.fp{opacity:.42}.range{opacity:.34}",
        f".halo{{stroke:{look.background};stroke-width:3;stroke-linejoin:round}}",
        f"text{{font-family:'{sans}','Source Sans 3','Source Sans Pro',sans-serif}}",
        ".b{font-weight:600}",
        f".serif{{font-family:'{serif}','Source Serif 4',Georgia,serif;font-weight:700}}",
    ]
    return "".join(rules)
