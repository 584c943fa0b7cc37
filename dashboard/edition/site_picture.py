"""What a link to a page of an edition shows: its title and what it is about."""

from __future__ import annotations

from dashboard.edition.letters import Run, balanced, fitting, printable
from dashboard.edition.model import Edition
from dashboard.edition.paper import Paper
from dashboard.edition.sheet import Sheet, Words
from dashboard.edition.social import HEIGHT, INNER, MARGIN, WIDTH
from dashboard.words import words

SIZE, LEADING = 64.0, 72.0


def preview(edition: Edition, summary: str, lang: str) -> bytes:
    """A PNG of 1200 by 630."""
    t = words(lang)
    sheet = Sheet(WIDTH, HEIGHT)
    sheet.rule(MARGIN, 48, INNER, 6)
    kind = [Run(t("card.publisher"), "bold"), Run(f" – {t('card.kind')}", color="m")]
    if edition.is_invented:
        kind.append(Run(f" · {t('card.invented_badge')}", "bold"))
    sheet.write(kind, MARGIN, 92, INNER, size=25)
    rows = tuple(balanced(printable(edition.title), SIZE, INNER, "serif")[:3])
    y = 200.0
    sheet.items.append(Words("h1", MARGIN, y, SIZE, LEADING, rows))
    y += LEADING * (len(rows) - 1) + 64
    sheet.write(printable(edition.preview or summary), MARGIN, y, INNER, size=30, leading=40)
    known = t(
        "edition.made",
        id=edition.id,
        day=t.day(edition.made_on),
        first=t.day(edition.from_on),
        last=t.day(edition.to_on),
    )
    sheet.rule(MARGIN, 540, INNER, 1, "m")
    sheet.write(fitting(printable(known), 21, INNER), MARGIN, 574, INNER, size=21, color="m")
    title = printable(edition.title)
    return Paper(sheet, title, t("card.publisher"), lang, edition.made_on).png(1.0)
