"""A card as a web page: real text, drawings with words for who cannot see them, real tables.

It needs no script and, but for its fonts, no other file; it fits a phone, dark and paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboard import labels, measures, person_parts
from dashboard.days import Day, year_of, years_of
from dashboard.edition.content import Content
from dashboard.edition.drawing import Drawing, short, style
from dashboard.edition.facts import CardFacts
from dashboard.edition.letters import CUTS, FILES
from dashboard.edition.site import NAMES as LANGUAGES
from dashboard.edition.site import TEMPLATES
from dashboard.edition.strips import strip
from dashboard.edition.weeks import timeline
from dashboard.labels import is_told
from dashboard.look import DARK, LIGHT, Look
from dashboard.words import LOCALES, Words

STRIP = 260.0
NARROW, NARROW_HEIGHT, NARROW_YEARS = 340.0, 132.0, 2
NUMBERS = (
    ("presence", "off_season"),
    ("conversation", "off_season"),
    ("conversation", "season"),
    ("answer_rate", "off_season"),
    ("answer_rate", "season"),
    ("burst_acts", "all"),
    ("burst_replies", "all"),
    ("return", "all"),
)
NAMES = {"conversation": "pillar.conversation"}  # in a table without a heading of its own
OF_CITIZENS = {"return"}  # whose counts are of citizens
ENOUGH, COUNTS = 10, 4  # citizens that may be counted; the column in which they are


def html(content: Content) -> str:
    """The page."""
    t, facts, edition = content.t, content.facts, content.edition
    has_statement = bool(content.raw_statement)
    page: str = _template().render(
        lang=t.lang,
        t=t,
        name=content.raw_name,
        role=content.raw_role,
        told=content.told,
        edition=edition,
        file=facts.person_id,
        here=f"{edition.base_url.rstrip('/')}/{t.lang}/" if edition.base_url else "",
        alt=content.alt,
        others=[{"lang": lang, "name": LANGUAGES[lang]} for lang in LOCALES if lang != t.lang],
        style=Markup(_style()),  # noqa: S704 our own style sheet
        invented=content.is_invented,
        as_of=t("card.as_of", day=t.day(edition.to_on)),
        figures=[_figure(content, one) for one in content.figures],
        ways=content.ways,
        timeline=_inline(content.timeline(), content.alt_timeline),
        timelines=[_inline(one) for one in _narrow(content)],
        alt_timeline=content.alt_timeline,
        calendar_title=t("card.calendar" if facts.shows_answers else "card.calendar_sent"),
        legend=[(_swatch(one), text) for one, text in content.legend],
        years=[_inline(drawn, content.alt_year(days)) for days, drawn in content.calendars],
        silences=person_parts.sleeps(facts.spells, facts.seasons, t),
        accounts=content.accounts,
        statement=content.raw_statement,
        statement_title=content.statement_title if has_statement else "",
        score=labels.score_sentence(facts.score, t) if facts.score else "",
        numbers=_numbers(content),
        by_year=_by_year(content),
        notes=content.notes,
        span=content.span,
        identity=content.basis_lines[-1],
    )
    return page


def _figure(content: Content, figure: Any) -> dict[str, Any]:
    drawn = strip(content.strip(figure), content.t, STRIP)
    named = ("title", "number", "margin", "words", "against", "color", "has_value")
    return {name: getattr(figure, name) for name in named} | {"svg": _inline(drawn)}


def _numbers(content: Content) -> dict[str, Any]:
    """Each number with its margin and counts, or why there is none."""
    t, known = content.t, content.facts.rows
    rows = measures.table_rows(NUMBERS, known, t)
    for row, key in zip(rows, NUMBERS, strict=True):
        row[0] = t(NAMES.get(key[0], measures.MEASURES[key[0]].name))
        if key[0] in OF_CITIZENS and not _are_many(known.get(key)):
            row[COUNTS] = ""
    headings = measures.headings(t)
    named = ("name", "phase", "value", "margin", "counts", "reason")
    told = [dict(zip(named, row, strict=True)) for row in rows]
    return {"headings": [headings[0], *headings[2:-1]], "rows": told}


def _are_many(row: measures.Row | None) -> bool:
    """Whether as many citizens were counted as may be told."""
    return row is not None and is_told(row["numerator"]) and row["numerator"] >= ENOUGH


def _by_year(content: Content) -> dict[str, Any]:
    """Answers, other posts, known days and season days of each year."""
    t, shows = content.t, content.facts.shows_answers
    keys = ["card.year", "card.answers_column"]
    keys += ["card.sent_column" if shows else "card.acts_column"]
    keys += ["card.known_column", "card.season_column"]
    life = content.facts.life
    rows = [_year(year_of(life, year), t, content.facts) for year in years_of(life)]
    return {"headings": [t(key) for key in keys], "rows": rows}


def _year(days: Sequence[Day], t: Words, facts: CardFacts) -> list[str]:
    shows = facts.shows_answers
    known = sum(day.state == "known" for day in days)
    acts = [day.acts for day in days]
    is_hidden = all(day.state != "known" or day.on in facts.blind_days for day in days)
    count = sum(one.answers for one in acts)
    answers = t.number(count) if count or not is_hidden else t("card.not_seen")
    sent = t.number(sum(one.sent if shows else one.own for one in acts))
    if not known and not any(one.own for one in acts):
        answers = sent = "–"
    season = t.number(sum(day.is_season for day in days))
    return [str(days[0].on.year), answers, sent, t.number(known), season]


def _narrow(content: Content) -> list[Drawing]:
    """The weeks for a phone: two years on a row, every row on the same scale."""
    facts, years = content.facts, years_of(content.facts.life)
    rows = [years[n : n + NARROW_YEARS] for n in range(0, len(years), NARROW_YEARS)]
    return [
        timeline(
            facts.life,
            facts.weeks,
            content.t,
            (NARROW, NARROW_HEIGHT),
            (date(row[0], 1, 1), date(row[0] + NARROW_YEARS - 1, 12, 31)),
            blind=facts.life.blind,
        )
        for row in rows
    ]


def _inline(drawn: Drawing, alt: str = "") -> Markup:
    """A drawing in the page; without words it is left out of what is read aloud."""
    said = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    size = f"{short(drawn.width)} {short(drawn.height)}"
    return Markup(  # noqa: S704 drawings escape their texts
        f'<svg viewBox="0 0 {size}" {said}>{drawn.body}</svg>'
    )


def _swatch(body: str) -> Markup:
    return _inline(Drawing(13, 13, body))


@lru_cache(maxsize=1)
def _template() -> Any:
    loader = FileSystemLoader(TEMPLATES)
    surround = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return surround.get_template("card.html.jinja")


@lru_cache(maxsize=1)
def _style() -> str:
    """Fonts, layout, and the classes of the drawings in light and dark."""
    faces = "".join(
        f"@font-face{{font-family:'{family}';font-weight:{weight};font-display:swap;"
        f"src:url(../fonts/{FILES[cut]}.woff2) format('woff2')}}"
        for cut, (family, weight) in CUTS.items()
    )
    sheet = (TEMPLATES / "card.css").read_text("utf-8")
    sheet = _colored(_colored(sheet, "LIGHT", LIGHT), "DARK", DARK)
    lit, dark = (style(look).replace("text{", "svg text{") for look in (LIGHT, DARK))
    return f"{faces}{sheet}{lit}@media screen and (prefers-color-scheme:dark){{{dark}}}"


def _colored(sheet: str, theme: str, look: Look) -> str:
    for name in ("season_text", "ink", "muted", "grid", "talk", "background"):
        sheet = sheet.replace(f"{theme}_{name}", getattr(look, name))
    return sheet
