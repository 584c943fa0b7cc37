"""Why a text was read as it was: every entry that stands in it, and what it did."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.text import language, tokens
from metrics.text.features import Features
from metrics.text.reading import Direction, Reader, reader

_HELPERS = ("redirect.phrase", "redirect.filler", "question.asks")


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry that stands in the text."""

    table: str
    entry: str
    effect: (
        str  # decides | noted | weak, too few | excepted phrase | blanked (by an excepted phrase)
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """A text with its features and what led to them."""

    text: str
    direction: Direction
    read_as: str  # the text as the lists see it
    features: Features
    findings: tuple[Finding, ...]


def check(
    text: str,
    direction: Direction = "sent",
    lang: str | None = None,
    with_reader: Reader | None = None,
) -> Checked:
    """The features of one text and the entries behind them; `lang` is the author's language."""
    used = with_reader or reader()
    features = used.read([text], langs=[lang], direction=direction)[0]
    cleaned = tokens.clean(text)
    code = language.detect(cleaned, used.codes, lang)
    if code is None:
        return Checked(text, direction, tokens.canonical(cleaned).strip(), features, ())
    by_language = used.language(code)
    read_as = tokens.canonical(cleaned, by_language.lists.split)
    findings = []
    for matcher, part in by_language.parts(read_as):
        found = matcher.found(part)
        for name in found:
            hits = matcher.hits(name, found)
            decisive = set(matcher.fired(name, found, part))
            findings += [Finding(e.table, e.text, "excepted phrase") for e in hits.excepted]
            for entry in (*hits.strong, *hits.weak):
                if entry.table in _HELPERS:
                    effect = "noted"
                elif entry in decisive:
                    effect = "decides"
                else:
                    effect = "blanked" if entry in hits.strong else "weak, too few"
                findings.append(Finding(entry.table, entry.text, effect))
    unique = tuple(dict.fromkeys(findings))
    return Checked(text, direction, read_as.strip(), features, unique)
