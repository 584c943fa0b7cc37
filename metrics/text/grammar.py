"""One entry of a list, compiled to a pattern that google-re2 matches in linear time.

    entry    = ["^"] item {" " item} ["$"]         ^ opens a sentence, $ closes one
    item     = word | "<" name ">" | "..." | mark | "(" either ")" | "[" either "]"
    either   = item {" " item} {"|" item {" " item}}
    word     = letters, with "*" before or after: any beginning, any ending
    mark     = "?" | "!" | "."

"(a|b c)" is one of them, "[a|b c]" one of them or nothing, "..." up to three words of
the same sentence. "<n>" is a number, "<nth>" one that may have letters after it
("5e", "19u30"), "<word>" any one word, "<url>", "<name>", "<mail>" and "<phone>" what
they say, and any other "<name>" a list under [words]. There is no look-ahead, no
repetition and no escaping.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from metrics.text.tokens import Split, canonical, clean

MAX_ENTRY = 600
MIN_STEM = 3

_MARK = {"?": r" \?", "!": " !", ".": r" \."}
_CLASS = {
    "n": " [0-9]+(?:[.,:][0-9]+)*",
    "nth": r" [0-9]+(?:[.,:][0-9]+)*[\pL\pN_]*",
    "word": " [^ .?!][^ ]*",
    "url": " <url>",
    "name": " <name>",
    "mail": " <mail>",
    "phone": " <phone>",
}
_GAP = "(?: [^ .?!][^ ]*){0,3}"
_PIECES = re.compile(r"\.\.\.|<[^<>\s]*>|[()\[\]|^$]|[^\s()\[\]|^$<>]+|[<>]")
_FOREIGN = re.compile(r"[\\{}+=~]")
_QUOTE = re.compile(r"([\\.+*?()|\[\]{}^$])")


class EntryError(ValueError):
    """Why an entry does not fit the grammar, in words for the one who wrote it."""


@dataclass(slots=True)
class _Reader:
    """Walks the pieces of one entry from left to right."""

    pieces: list[str]
    classes: Mapping[str, str]
    split: Split | None
    at: int = 0
    words: int = field(default=0)  # words or classes that pin the entry down

    def peek(self) -> str:
        return self.pieces[self.at] if self.at < len(self.pieces) else ""

    def sequence(self, closers: str) -> str:
        """The items up to a closing piece or the end."""
        out = ""
        while (piece := self.peek()) and piece not in closers:
            out += self.item()
        if not out:
            raise EntryError("an empty alternative: write [a|b] where it may be missing")
        return out

    def item(self) -> str:
        piece = self.peek()
        self.at += 1
        if piece in ("(", "["):
            return self.either(piece)
        if piece in _MARK:
            return _MARK[piece]
        if piece == "...":
            return _GAP
        if piece.startswith("<") and piece.endswith(">"):
            return self.named(piece[1:-1])
        if piece in (")", "]", "|", "^", "$", "<", ">"):
            raise EntryError(f"{piece!r} stands where no word or bracket is open for it")
        return self.word(piece)

    def either(self, opening: str) -> str:
        closing = {"(": ")", "[": "]"}[opening]
        words_before = self.words
        options = [self.sequence("|)]")]
        while self.peek() == "|":
            self.at += 1
            options.append(self.sequence("|)]"))
        if self.peek() != closing:
            raise EntryError(f"{opening!r} is not closed by {closing!r}")
        self.at += 1
        if opening == "[":
            self.words = words_before
        return f"(?:{'|'.join(options)})" + ("?" if opening == "[" else "")

    def named(self, name: str) -> str:
        if name not in self.classes:
            known = ", ".join(f"<{known}>" for known in sorted(self.classes))
            raise EntryError(f"<{name}> is no list under [words]; there are {known}")
        if name != "word":
            self.words += 1
        return self.classes[name]

    def word(self, piece: str) -> str:
        bare = piece.strip("*")
        if "*" in bare:
            raise EntryError(f"{piece!r}: '*' may only begin or end a word")
        if len(bare) < len(piece) and len(bare) < MIN_STEM:
            raise EntryError(f"{piece!r}: at least {MIN_STEM} letters go with a '*'")
        is_plain = bare.isalpha() and bare.isascii() and bare.islower()
        tokens = [bare] if is_plain else canonical(clean(bare), self.split).split()
        if not tokens or any(token in _MARK for token in tokens):
            raise EntryError(f"{piece!r} is nothing a read text can contain: marks stand alone")
        if bare != piece and "".join(tokens) != "".join(clean(bare).lower().split()):
            raise EntryError(f"{piece!r}: with a '*' only letters, digits, \"'\" and inner '-' fit")
        self.words += 1
        quoted = [_QUOTE.sub(r"\\\1", token) for token in tokens]
        if piece.startswith("*"):
            quoted[0] = "[^ ]*" + quoted[0]
        if piece.endswith("*"):
            quoted[-1] += "[^ ]*"
        return "".join(f" {token}" for token in quoted)


def compile_entry(entry: str, classes: Mapping[str, str], split: Split | None = None) -> str:
    """The re2 pattern of an entry over `tokens.canonical`; EntryError if it does not fit."""
    if not entry.strip():
        raise EntryError("an empty entry")
    if len(entry) > MAX_ENTRY:
        raise EntryError(f"longer than {MAX_ENTRY} characters: split it into several entries")
    if foreign := _FOREIGN.search(entry):
        raise EntryError(
            f"{foreign[0]!r} is not part of the grammar (this is no regular expression)"
        )
    pieces = _PIECES.findall(entry)
    head = tail = ""
    if pieces and pieces[0] == "^":
        head, pieces = r"(?:\A| [.?!])", pieces[1:]
    if pieces and pieces[-1] == "$":
        tail, pieces = r"(?:[.?!] |\z)", pieces[:-1]
    if not head and len(pieces) > 1 and pieces[0] == "...":
        pieces = pieces[1:]  # a gap at either end may be empty: it changes nothing but the time
    if not tail and len(pieces) > 1 and pieces[-1] == "...":
        pieces = pieces[:-1]
    reader = _Reader(pieces, classes, split)
    body = reader.sequence("")
    if not reader.words:
        raise EntryError("fits every text: at least one word must be needed")
    return f"{head}{body} {tail}"


def compile_classes(
    words: Mapping[str, Sequence[str]],
    split: Split | None = None,
    known: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The patterns of the built-in names and of lists under [words], which may use `known` ones."""
    classes = dict(known or _CLASS)
    for name, entries in words.items():
        options = [compile_entry(entry, classes, split).removesuffix(" ") for entry in entries]
        classes[name] = f"(?:{'|'.join(options)})"
    return classes
