"""How much room words take in our fonts, where lines break, and which signs can be printed."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from dashboard.edition.model import FONTS

SANS, SERIF = "Winterslaap Sans", "Winterslaap Serif"
CUTS = {"regular": (SANS, 400), "bold": (SANS, 600), "serif": (SERIF, 700)}
FILES = {
    "regular": "WinterslaapSans-Regular",
    "bold": "WinterslaapSans-SemiBold",
    "serif": "WinterslaapSerif-Bold",
}
UNKNOWN_WIDTH = 600  # of a sign that our fonts do not have
ELLIPSIS = "…"
WORD = re.compile(r" +|[^ ]+(?: [;:?!»](?= |$))* *")  # French stops stay with their word
PART = re.compile(r"[^-]*-+ *|[^-]+")


class Run(NamedTuple):
    """A piece of a line in one cut: regular, bold or serif; `color` is a class of ours."""

    text: str
    cut: str = "regular"
    color: str = "i"


Line = tuple[Run, ...]


@lru_cache(maxsize=1)
def _widths() -> dict[str, dict[str, int]]:
    cuts = {one["file"]: one["widths"] for one in json.loads((FONTS / "widths.json").read_text())}
    return {cut: cuts[file] for cut, file in FILES.items()}


@lru_cache(maxsize=1)
def _signs() -> frozenset[str]:
    """Signs that every cut has."""
    return frozenset.intersection(*(frozenset(cut) for cut in _widths().values()))


def printable(text: str) -> str:
    """The text without the signs that our fonts do not have.

    Pictures and PDF must not depend on the fonts of the machine that draws them; the page
    in HTML keeps every sign, and whoever leaves some out here says so.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(sign if sign in _signs() else " " if sign.isspace() else "" for sign in composed)


def width(text: str, size: float, cut: str = "regular") -> float:
    """How wide a text is drawn, without kerning."""
    widths = _widths()[cut]
    return sum(widths.get(sign, UNKNOWN_WIDTH) for sign in text) * size / 1000


def fitting(text: str, size: float, room: float, cut: str = "regular") -> str:
    """The text, or as much as fits and an ellipsis."""
    if width(text, size, cut) <= room:
        return text
    while text and width(text + ELLIPSIS, size, cut) > room:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def wrapped(runs: Iterable[Run], size: float, room: float) -> list[Line]:
    """The runs broken into lines no wider than `room`; a word that is wider is cut in pieces."""
    lines: list[list[Run]] = [[]]
    used = 0.0
    for run in runs:
        for word in _pieces(run, size, room):
            wide = width(word, size, run.cut)
            if used and used + width(word.rstrip(" "), size, run.cut) > room:
                lines.append([])
                used = 0.0
            if used or word.strip(" "):
                lines[-1].append(Run(word, run.cut, run.color))
                used += wide
    return [_joined(line) for line in lines if line]


def _pieces(run: Run, size: float, room: float) -> Iterable[str]:
    """Words with the spaces after them; one that is too wide is cut, after a hyphen if it can."""
    for word in WORD.findall(run.text):
        if width(word.rstrip(" "), size, run.cut) <= room:
            yield word
            continue
        for part in PART.findall(word):
            piece = ""
            for sign in part:
                if piece and width((piece + sign).rstrip(" "), size, run.cut) > room:
                    yield piece
                    piece = ""
                piece += sign
            yield piece


def _joined(line: Sequence[Run]) -> Line:
    """Neighbours of one cut and colour as one run, without spaces at the end."""
    runs: list[Run] = []
    for run in line:
        if runs and runs[-1][1:] == run[1:]:
            runs[-1] = runs[-1]._replace(text=runs[-1].text + run.text)
        else:
            runs.append(run)
    runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip(" "))
    return tuple(runs)


def balanced(text: str, size: float, room: float, cut: str) -> list[Line]:
    """A heading in as few lines as fit, these as equal as they can be."""
    runs = [Run(text, cut)]
    lines = wrapped(runs, size, room)
    narrow, wide = room / 2, room
    while len(lines) > 1 and wide - narrow > size / 4:
        middle = (narrow + wide) / 2
        if len(wrapped(runs, size, middle)) > len(lines):
            narrow = middle
        else:
            wide = middle
    return wrapped(runs, size, wide)
