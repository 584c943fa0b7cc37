"""A card as one page: headline, three numbers, years of weeks, years of days, and what it rests on.

Everything that makes the numbers checkable stands inside the picture: counts, margins,
reasons, known days, accounts, edition, and whether the person exists.
"""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.edition.content import COLUMN_GAP, HIGH, INNER, Content
from dashboard.edition.drawing import Drawing, short, text
from dashboard.edition.letters import Run, balanced, fitting, printable, width
from dashboard.edition.sentences import KeyFigure
from dashboard.edition.sheet import Sheet, Words
from dashboard.edition.strips import strip

WIDTH, HEIGHT = 910.0, 1287.0  # as A4; only a long comment makes it longer
MARGIN = 60.0
BAND = 34.0  # that says what is not published yet
YEAR_GAP = 5.0
LEAST_SPARE, TALLER = 12.0, 90.0  # room that is left before it is used; for the weeks
PARTS, WIDER = 5, 20.0  # gaps that share the rest
SUPPORTING = 2  # sentences below the first
HEADLINES = ((38.0, 43.0), (33.0, 38.0), (28.0, 33.0))  # size and leading, by length
HEADLINE_LINES = 3


def card(content: Content) -> Sheet:
    """The whole card; room that a short one has to spare goes to the weeks and between parts."""
    sheet, y = _laid(content, 0.0, 0.0)
    spare = HEIGHT - y
    if spare < 0:
        sheet, y = _laid(content, 0.0, 0.0, supporting=1)
    if spare > LEAST_SPARE:
        taller = min(spare, TALLER)
        sheet, y = _laid(content, taller, min((spare - taller) / PARTS, WIDER))
    sheet.height = max(HEIGHT, y)
    return sheet


def _laid(
    content: Content, taller: float, gap: float, supporting: int = SUPPORTING
) -> tuple[Sheet, float]:
    """The card with taller weeks and wider gaps, and where it ends."""
    sheet = Sheet(WIDTH, HEIGHT)
    y = _head(sheet, content, gap)
    y = _finding(sheet, content, y, supporting)
    y = _figures(sheet, content, y + 8 + gap)
    y = _timeline(sheet, content, y - 2 + gap, HIGH + taller)
    y = _calendars(sheet, content, y + 14 + gap)
    y = _statement(sheet, content, y + 12)
    y = _foot(sheet, content, y + gap)
    return sheet, y + 12


def _head(sheet: Sheet, content: Content, gap: float) -> float:
    t, top = content.t, 30.0 + gap
    if content.edition.preview:
        sheet.rule(0, 0, WIDTH, BAND)
        said = fitting(printable(content.edition.preview), 15, INNER, "bold")
        sheet.write([Run(said, "bold", "bg")], MARGIN, 22, INNER, size=15)
        top += 16
    sheet.rule(MARGIN, top, INNER, 5)
    runs = [Run(t("card.publisher"), "bold"), Run(f" – {t('card.kind')}", color="m")]
    if content.is_invented:
        runs.append(Run(f" · {t('card.invented_badge')}", "bold"))
    sheet.write(runs, MARGIN, top + 27, INNER, size=14)
    as_of = t("card.as_of", day=t.day(content.edition.to_on))
    sheet.write_right([Run(as_of, color="m")], WIDTH - MARGIN, top + 27, 14)
    return top + 27


def _finding(sheet: Sheet, content: Content, y: float, supporting: int) -> float:
    first, *more = content.told
    size, leading = next(
        (
            pair
            for pair in HEADLINES
            if len(balanced(first.sentence, pair[0], INNER, "serif")) <= HEADLINE_LINES
        ),
        HEADLINES[-1],
    )
    rows = tuple(balanced(first.sentence, size, INNER, "serif"))
    y += leading + 6
    sheet.items.append(Words("h1", MARGIN, y, size, leading, rows))
    y += leading * (len(rows) - 1) + 29
    who = [Run(content.name, "bold"), Run(f", {content.role}.")]
    y = sheet.write(who, MARGIN, y, INNER, size=17, leading=23)
    y = sheet.write(first.basis, MARGIN, y - 1, INNER, size=14, color="m")
    for one in more[:supporting]:
        runs = [Run(f"{one.sentence}. "), Run(one.basis, color="m")]
        y = sheet.write(runs, MARGIN, y + 2, INNER, size=14)
    return y - 12


def _section(sheet: Sheet, title: str, x: float, y: float, wide: float) -> float:
    """A rule with a title below it; where the next baseline would be."""
    sheet.rule(x, y, wide, 2)
    return sheet.write([Run(title, "bold")], x, y + 20, wide, size=15, leading=20, role="h2")


def _figures(sheet: Sheet, content: Content, y: float) -> float:
    wide = (INNER - 2 * COLUMN_GAP) / 3
    ends = [
        _figure(sheet, content, figure, MARGIN + n * (wide + COLUMN_GAP), y, wide)
        for n, figure in enumerate(content.figures)
    ]
    return max(ends)


def _figure(
    sheet: Sheet, content: Content, figure: KeyFigure, x: float, top: float, wide: float
) -> float:
    y = _section(sheet, figure.title, x, top, wide) + 18
    if not figure.has_value:
        y = sheet.write([Run(figure.number, "serif", "m")], x, y, wide, size=26, leading=27)
        return sheet.write(figure.words, x, y, wide, size=13, leading=18)
    number = Run(figure.number, "serif", figure.color)
    sheet.write([number], x, y, wide, size=35)
    beside = width(figure.number, 35, "serif") + 9
    sheet.write(figure.margin, x + beside, y, wide - beside, size=13.5, color="m")
    drawn = strip(content.strip(figure), content.t, wide)
    sheet.draw(drawn, x, y + 9, content.printed(figure.sentence))
    y = sheet.write(figure.words, x, y + 81, wide, size=13, leading=18, color="m")
    return sheet.write(figure.against, x, y, wide, size=13, leading=18)


def _timeline(sheet: Sheet, content: Content, y: float, high: float) -> float:
    t = content.t
    y = _section(sheet, t("card.timeline"), MARGIN, y, INNER)
    runs = [Run(f"{way}     ", "bold", color) for way, color in content.ways]
    y = sheet.write(runs, MARGIN, y, INNER, size=13, leading=18)
    y = sheet.write(t("card.bands"), MARGIN, y, INNER, size=13, leading=18, color="m")
    drawn = content.timeline(high)
    sheet.draw(drawn, MARGIN, y - 8, content.alt_timeline)
    return y - 8 + drawn.height


def _calendars(sheet: Sheet, content: Content, y: float) -> float:
    t, facts = content.t, content.facts
    shows = facts.shows_answers
    y = _section(sheet, t("card.calendar" if shows else "card.calendar_sent"), MARGIN, y, INNER)
    sheet.draw(_legend(content), MARGIN, y - 11)
    y += 14
    for n, (days, drawn) in enumerate(content.calendars):
        x = MARGIN + (n % 2) * (drawn.width + COLUMN_GAP)
        sheet.draw(drawn, x, y + n // 2 * (drawn.height + YEAR_GAP), content.alt_year(days))
    rows = (len(content.calendars) + 1) // 2
    return y + rows * (drawn.height + YEAR_GAP) - YEAR_GAP


def _legend(content: Content) -> Drawing:
    """What the squares mean, on one line."""
    x, parts = 0.0, []
    for swatch, name in content.legend:
        parts += [
            f'<g transform="translate({short(x)} 0)">{swatch}</g>',
            text(name, x + 16, 11, 12.5),
        ]
        x += 16 + width(name, 12.5) + 13
    return Drawing(x, 16, "".join(parts))


def _statement(sheet: Sheet, content: Content, y: float) -> float:
    if not content.statement:
        return y
    top = y
    y = sheet.write(
        [Run(content.statement_title, "bold")], MARGIN + 16, y + 16, INNER - 16, size=14, role="h2"
    )
    for paragraph in content.statement:
        y = sheet.write(paragraph, MARGIN + 16, y + 1, INNER - 16, size=14, leading=19.5)
    if content.has_left_out:
        said = content.t("card.signs_left_out")
        y = sheet.write(said, MARGIN + 16, y + 1, INNER - 16, size=12, color="m")
    sheet.rule(MARGIN, top, 3, y - 12 - top, "fs")
    return y


def _foot(sheet: Sheet, content: Content, y: float) -> float:
    sheet.rule(MARGIN, y, INNER, 1, "m")
    wide = (INNER - COLUMN_GAP) / 2
    left, right = content.notes
    ends = [
        _note(sheet, left, MARGIN, y + 19, wide),
        _note(sheet, right, MARGIN + wide + COLUMN_GAP, y + 19, wide),
    ]
    y = max(ends) + 3
    for paragraph in content.basis_lines:
        y = sheet.write(paragraph, MARGIN, y, INNER, size=12, leading=16.5, color="m")
    return y


def _note(sheet: Sheet, note: tuple[str, Iterable[str]], x: float, y: float, wide: float) -> float:
    title, paragraphs = note
    said = " ".join(paragraphs)
    runs = [Run(f"{title} ", "bold", "m"), Run(said, color="m")]
    return sheet.write(runs, x, y, wide, size=12, leading=16.5)
