"""A text as the lists see it: lower-case tokens with one space around each.

    "Wanneer komt die er, @an? Info: https://a.example" →
    " wanneer komt die er <name> ? info <url> "

Commas, brackets and quotes are gone; `.`, `?` and `!` (and line ends, as `.`) are
tokens of their own; addresses, names and numbers to call stand as `<url>`, `<name>`,
`<mail>` and `<phone>`. Entries of the lists go through the same function, so both
sides always agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MAX_CHARS = 5_000  # a longer text is read up to here
HIDDEN_NAME = "@…"  # stands where the name of a citizen stood

_GONE = dict.fromkeys(
    i
    for first, end in (
        (0xAD, 0xAE),  # soft hyphen
        (0x61C, 0x61D),
        (0x200B, 0x2010),  # zero width, direction
        (0x202A, 0x202F),
        (0x2060, 0x2070),
        (0xFE00, 0xFE10),  # emoji or text form
        (0xFEFF, 0xFF00),
        (0x1F3FB, 0x1F400),  # skin tones
        (0xE0000, 0xE0080),
    )
    for i in range(first, end)
)
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ`´′＇"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑"), "-") | {ord("…"): "."}
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160)], " ")
_BREAKS = {10: " . ", 13: " . ", 0x2028: " . ", 0x2029: " . "}
_CLEAN: dict[int, str | None] = {**_GONE, **_APOSTROPHES, **_DASHES, **_CONTROLS, **_BREAKS}
_UNCLEAN = frozenset(map(chr, _CLEAN))

_URL = re.compile(r"https?://\S+|www\.\S+")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}")
_NAME = re.compile(r"(?<![\w.+-])@[\w.-]*\w(?:@[\w.-]*\w)?")
_PHONE = re.compile(r"(?<!\w)[+0]\d[\d /.()-]{6,18}\d(?!\w)")
_MAY_BE_PHONE = re.compile(r"[+0]\d")
_MAY_BE_INITIALS = re.compile(r"\.\w\.")
_INITIALS = re.compile(r"\b(?:\w\.){2,}")
_MAY_BE_ORDINAL = re.compile(r"\.(?<=\d\.)\s")
_ORDINAL = re.compile(r"(?<![\w.,])(\d{1,2})\.(?=\s+\w)")  # "am 3. März", no end of a sentence
_MARKS = re.compile(r"[.?!](?:\s*[.?!])+")
_TOKENS = re.compile(
    r"[^\W\d]\w*(?:[-'·]\w+)*'?|[.?!]|\d+(?:[.,:]\d+)*\w*|<(?:url|mail|name|phone)>|#\w+"
    r"|[\u2190-\u2bff\U0001f000-\U0001faff]"
)
_MIN_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Split:
    """Cuts a language's clitics off: "l'école" → "l' école", "avez-vous" → "avez vous"."""

    heads: frozenset[str]
    front: re.Pattern[str] | None
    back: re.Pattern[str] | None

    def __call__(self, joined: str) -> str:
        """The tokens of `canonical`, cut further."""
        if self.front is not None and "'" in joined:
            joined = self.front.sub(r" \1 ", joined)
        if self.back is None:
            return joined
        return self.back.sub(lambda end: " " + end[0].replace("-", " ").strip(), joined)


def clean(text: str) -> str:
    """The text cut to MAX_CHARS, without invisible characters, with straight apostrophes."""
    text = text[:MAX_CHARS]
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.replace(HIDDEN_NAME, "@x"))
    return text if _UNCLEAN.isdisjoint(text) else text.translate(_CLEAN)


def canonical(cleaned: str, split: Split | None = None) -> str:
    """The tokens of a cleaned text, with one space before and after each."""
    text = cleaned.lower()
    if "http" in text or "www." in text:
        text = _URL.sub(" <url> ", text)
    if "@" in text:
        text = _MAIL.sub(" <mail> ", _NAME.sub(" <name> ", text))
    if _MAY_BE_PHONE.search(text):
        text = _PHONE.sub(_phone, text)
    if _MAY_BE_INITIALS.search(text):
        text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
    if _MAY_BE_ORDINAL.search(text):
        text = _ORDINAL.sub(r"\1", text)
    text = _MARKS.sub(_strongest, text)
    tokens = _TOKENS.findall(text)
    if "'" in text:
        heads = split.heads if split else frozenset()
        tokens = [t if t[-1] != "'" or t in heads else t[:-1] for t in tokens]
    joined = f" {' '.join(tokens)} " if tokens else " "
    return split(joined) if split else joined


def splitter(after: Sequence[str], before: Sequence[str]) -> Split | None:
    """What cuts after the first and before the second; None where there is nothing to cut."""
    if not after and not before:
        return None
    heads = "|".join(re.escape(item) for item in sorted(after, key=len, reverse=True))
    tails = "|".join(re.escape(item) for item in sorted(before, key=len, reverse=True))
    return Split(
        frozenset(after),
        re.compile(rf" ({heads})(?=[^ ])") if after else None,
        re.compile(rf"(?<=[^ ])({tails})(?= )") if before else None,
    )


def sentences(tokens: str) -> list[tuple[str, str]]:
    """(tokens, closing mark) of each sentence; the mark of an unclosed last one is empty."""
    parts = re.split(r" ([.?!])(?= )", tokens)
    marks = [*parts[1::2], ""]
    pairs = zip(parts[::2], marks, strict=True)
    return [(f"{words.rstrip()} ", mark) for words, mark in pairs if words.strip()]


def _phone(found: re.Match[str]) -> str:
    is_number = sum(c.isdigit() for c in found[0]) >= _MIN_DIGITS
    return " <phone> " if is_number else found[0]


def _strongest(found: re.Match[str]) -> str:
    marks = found[0]
    return " ? " if "?" in marks else " ! " if "!" in marks else " . "
