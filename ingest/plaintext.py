"""The words a reader sees in a piece of HTML, and the @names among them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser

_LINE_ENDS = re.compile(
    r"<\s*(?:br|/p|/div|/li|/h[1-6]|/blockquote|/tr)\b[^<>]{0,200}>", re.IGNORECASE
)
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_AT_NAME = re.compile(r"(?<![\w@/])@\w[\w.-]*(?:@[\w-]+(?:\.[\w-]+)*(?::\d{1,5})?)?")
_TAG = re.compile(r"<[^<>]*>")
_MOST_TAGS = 20_000  # beyond, a tree of nested blocks takes quadratic time (10 s at 100,000)
_UNSEEN = ["script", "style", "template", "noscript", "iframe", "object", "svg", "head"]


def clean(text: str) -> str:
    """The text without characters that no database keeps and without stray white space."""
    text = _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (line.strip() for line in _SPACES.sub(" ", text).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def from_html(markup: str) -> str:
    """The text of a piece of HTML: a new line for each break and end of a block."""
    if "<" not in markup:
        return clean(html.unescape(markup))
    markup = _LINE_ENDS.sub("\n\\g<0>", _UNSTORABLE.sub("", markup))
    if markup.count("<") > _MOST_TAGS:
        return clean(html.unescape(_TAG.sub("", markup)))
    tree = LexborHTMLParser(markup)
    tree.strip_tags(_UNSEEN)
    for repeated in tree.css(".quote-inline"):  # the address of a quoted post, for old clients
        repeated.decompose()
    return clean(tree.body.text(deep=True)) if tree.body is not None else ""


def at_names(text: str, accts: Iterable[str]) -> tuple[str, ...]:
    """The @name under which each of `accts` (`user` or `user@host`) stands in the text.

    One per acct, in their order: as it is written, else `@acct`.
    """
    written = {name.rstrip(".-").casefold(): name.rstrip(".-") for name in _AT_NAME.findall(text)}
    names = []
    for acct in accts:
        full, short = f"@{acct}", f"@{acct.partition('@')[0]}"
        names.append(written.get(full.casefold()) or written.get(short.casefold()) or full)
    return tuple(names)
