"""What an edition is, and what one of its cards consists of.

A card's files stand beside each other: `<edition>/<lang>/<person_id>.html`, `.svg`, `.png`,
`.pdf` and `.preview.png`; the fonts in `<edition>/fonts/`. So a card links to `../fonts/…`,
`../<other language>/<person_id>.html`, and to `index.html`, `method.html`, `data.html` and
`corrections.html` in its own folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from metrics import read

LICENCE = "CC BY 4.0"
FONTS = Path(__file__).with_name("fonts")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person wants printed on the own card, and when it was given."""

    text: str
    given_on: date


@dataclass(frozen=True, slots=True)
class Edition:
    """A frozen publication; `from_on` and `to_on` are its first and last day.

    With `preview` not empty, that text stands in every picture: this is not published.
    """

    id: str
    title: str
    made_on: date
    data_hash: str
    method_version: str
    code_version: str
    from_on: date
    to_on: date
    is_invented: bool
    corrects: str | None = None
    base_url: str = ""
    statements: Mapping[str, Statement] = field(default_factory=dict)
    licence: str = LICENCE
    preview: str = ""
    unseen: tuple[str, ...] = ()  # who had no 14 days to see the own card before


@dataclass(frozen=True, slots=True)
class Card:
    """One person in one language, in every form in which a card is published."""

    html: str
    svg: bytes
    png: bytes
    preview_png: bytes
    pdf: bytes
    sentences: tuple[str, ...]


def edition_of(copy: Path, edition_id: str, title: str) -> Edition:
    """An edition of this copy, made on the day the copy was built; `replace` adds the rest."""
    run = read.run(copy)
    return Edition(
        id=edition_id,
        title=title,
        made_on=run.built_at.date(),
        data_hash=run.data_hash,
        method_version=run.method_version,
        code_version=run.code_version,
        from_on=run.from_on,
        to_on=run.to_on - timedelta(days=1),
        is_invented=run.is_invented,
    )
