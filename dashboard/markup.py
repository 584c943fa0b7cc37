"""Small pieces of HTML for figures: a name, a large number, its margin and its words.

Every text is escaped here, so nothing that came from a roster or a platform can
become markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as people read it; without a number `words` says why."""

    name: str
    number: str
    words: str
    margin: str = ""
    kind: str = ""  # talk | season | nothing: the colour
    strip: tuple[float, float, float] | None = None  # value, low, high on a scale of 0-1
    mark: float | None = None  # a reference on the same scale


def figures(items: Iterable[Figure]) -> str:
    """The figures side by side, as many as fit."""
    return f'<div class="ws-figures">{"".join(_figure(item) for item in items)}</div>'


def _figure(item: Figure) -> str:
    margin = f'<span class="ws-margin">{escape(item.margin)}</span>' if item.margin else ""
    kind = f" ws-{item.kind}" if item.kind else ""
    return (
        f'<div class="ws-figure"><p class="ws-name">{escape(item.name)}</p>'
        f'<p class="ws-number{kind}">{escape(item.number)}{margin}</p>'
        f'{_strip(item)}<p class="ws-words">{escape(item.words)}</p></div>'
    )


def _strip(item: Figure) -> str:
    if item.strip is None:
        return ""
    value, low, high = (100 * min(1.0, max(0.0, part)) for part in item.strip)
    kind = " ws-in" if item.kind == "season" else ""
    return (
        f'<div class="ws-strip{kind}" aria-hidden="true">'
        f'<span style="left:{low:.1f}%;width:{high - low:.1f}%"></span>'
        f'{_mark(item)}<i style="left:{value:.1f}%"></i></div>'
    )


def _mark(item: Figure) -> str:
    return "" if item.mark is None else f'<u style="left:{100 * item.mark:.1f}%"></u>'


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    name: str,
    numbers: Set[int] = frozenset(),
) -> str:
    """A plain table that scrolls in itself on a phone; `numbers` are right-aligned columns."""

    def cells(tag: str, texts: Sequence[str]) -> str:
        return "".join(
            f"<{tag}{' class=ws-right' if place in numbers else ''}>{escape(text)}</{tag[:2]}>"
            for place, text in enumerate(texts)
        )

    head = cells('th scope="col"', headings)
    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return (
        f'<div class="ws-scroll" tabindex="0" role="region" aria-label="{escape(name)}">'
        f'<table class="ws-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def lines(texts: Iterable[str]) -> str:
    """A list of sentences."""
    return f'<ul class="ws-more">{"".join(f"<li>{escape(text)}</li>" for text in texts)}</ul>'


def progress(share: float, text: str) -> str:
    """A bar from 0 to 1 with its words above it."""
    percent, said = f"{100 * min(1.0, max(0.0, share)):.0f}", escape(text)
    return (
        f'<p class="ws-note" role="status">{said}</p>'
        f'<div class="ws-bar" role="progressbar" aria-label="{said}" aria-valuemin="0"'
        f' aria-valuemax="100" aria-valuenow="{percent}">'
        f'<span style="width:{percent}%"></span></div>'
    )
