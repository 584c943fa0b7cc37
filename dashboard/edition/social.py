"""What a link to a card shows: the finding and three numbers, legible at the size of a thumb."""

from __future__ import annotations

from dashboard.edition.content import Content
from dashboard.edition.letters import Run, balanced, fitting, printable, width, wrapped
from dashboard.edition.sentences import KeyFigure
from dashboard.edition.sheet import Sheet, Words

WIDTH, HEIGHT = 1200.0, 630.0
MARGIN = 64.0
INNER = WIDTH - 2 * MARGIN
GAP = 36.0
HEADLINES = ((56.0, 62.0, 2), (47.0, 53.0, 3), (40.0, 46.0, 3), (34.0, 40.0, 4))
BASIS_LINES = 2
FIGURES_TOP = 366.0
BAND = 42.0


def preview(content: Content) -> Sheet:
    """The picture."""
    sheet = Sheet(WIDTH, HEIGHT)
    _head(sheet, content)
    _finding(sheet, content)
    column = (INNER - 2 * GAP) / 3
    for n, figure in enumerate(content.figures):
        _figure(sheet, figure, MARGIN + n * (column + GAP), column)
    _foot(sheet, content)
    return sheet


def _head(sheet: Sheet, content: Content) -> None:
    t, top = content.t, 0.0
    if content.edition.preview:
        sheet.rule(0, 0, WIDTH, BAND)
        said = fitting(printable(content.edition.preview), 22, INNER, "bold")
        sheet.write([Run(said, "bold", "bg")], MARGIN, 29, INNER, size=22)
        top = BAND - 14
    sheet.rule(MARGIN, 34 + top, INNER, 6)
    runs = [Run(t("card.publisher"), "bold"), Run(f" – {t('card.kind')}", color="m")]
    if content.is_invented:
        runs.append(Run(f" · {t('card.invented_badge')}", "bold"))
    sheet.write(runs, MARGIN, 72 + top, INNER, size=23)
    as_of = t("card.as_of", day=t.day(content.edition.to_on))
    sheet.write_right([Run(as_of, color="m")], WIDTH - MARGIN, 72 + top, 23)


def _finding(sheet: Sheet, content: Content) -> None:
    first = content.told[0]
    size, leading, _ = next(
        (
            one
            for one in HEADLINES
            if len(balanced(first.sentence, one[0], INNER, "serif")) <= one[2]
        ),
        HEADLINES[-1],
    )
    rows = tuple(balanced(first.sentence, size, INNER, "serif"))
    y = 88 + leading + (BAND - 14 if content.edition.preview else 0)
    sheet.items.append(Words("h1", MARGIN, y, size, leading, rows))
    y += leading * (len(rows) - 1) + 44
    who, size = _who(content)
    y = sheet.write(who, MARGIN, y, INNER, size=size, leading=34)
    lines = wrapped([Run(first.basis, color="m")], 21, INNER)[:BASIS_LINES]
    if lines:
        sheet.items.append(Words("p", MARGIN, y, 21, 27, tuple(lines)))


def _who(content: Content) -> tuple[list[Run], float]:
    """Name and office, as much of it as fits on a line; the name is cut last."""
    roles = (f", {content.role}.", f", {content.office}.", ".")
    for size in (27.0, 22.0):
        for role in roles:
            if width(content.name, size, "bold") + width(role, size) <= INNER:
                return [Run(content.name, "bold"), Run(role)], size
    return [Run(fitting(content.name, 22, INNER, "bold"), "bold")], 22.0


def _figure(sheet: Sheet, figure: KeyFigure, x: float, wide: float) -> None:
    y = FIGURES_TOP
    sheet.rule(x, y, wide, 2.5)
    y = sheet.write([Run(figure.title, "bold")], x, y + 30, wide, size=22, leading=27)
    if figure.has_value:
        number = Run(figure.number, "serif", figure.color)
        sheet.write([number], x, y + 34, wide, size=56)
        beside = width(figure.number, 56, "serif") + 14
        sheet.write(figure.margin, x + beside, y + 34, wide - beside, size=22, color="m")
        sheet.write(figure.words, x, y + 66, wide, size=18, leading=22.5, color="m")
        return
    sheet.write([Run(figure.number, "serif", "m")], x, y + 12, wide, size=34)
    sheet.write(figure.words, x, y + 46, wide, size=18, leading=22.5, color="m")


def _foot(sheet: Sheet, content: Content) -> None:
    t = content.t
    sheet.rule(MARGIN, 560, INNER, 1, "m")
    sheet.write(f"{t('frame.cannot_say')}", MARGIN, 585, INNER, size=17, leading=22, color="m")
    edition = content.edition
    source = t("card.source", id=edition.id, hash=edition.data_hash, span=content.span)
    sheet.write(fitting(source, 17, INNER), MARGIN, 607, INNER, size=17, color="m")
