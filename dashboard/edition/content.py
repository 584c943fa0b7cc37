"""The words of one card in one language: names, sentences, notes, alternative texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from dashboard import labels
from dashboard.days import Day, year_of, years_of
from dashboard.edition import sentences
from dashboard.edition.drawing import Drawing, boxes, lines
from dashboard.edition.facts import COMPARED, CardFacts
from dashboard.edition.letters import printable
from dashboard.edition.model import Edition
from dashboard.edition.sentences import KeyFigure, Told
from dashboard.edition.strips import Strip
from dashboard.edition.weeks import timeline
from dashboard.edition.years import calendar, hatch
from dashboard.labels import is_told
from dashboard.words import Words

INNER, COLUMN_GAP = 790.0, 30.0  # how wide a card is between its margins, and between columns
HIGH = 172.0  # of the weeks, where there is no room to spare
FEW_UNKNOWN = 0.2  # of the days; more is said beside the numbers
BEFORE_STOP = re.compile(r" +([,.;!?])")  # where a sign was left out before it
SQUARE = (0.5, 1.0, 11.0, 11.0)


@dataclass
class Content:
    """What a card says, in signs that can be printed; `raw` texts keep every sign."""

    facts: CardFacts
    edition: Edition
    t: Words

    @cached_property
    def raw_name(self) -> str:
        """The name as the roster has it."""
        return str(self.facts.person["name"])

    @cached_property
    def name(self) -> str:
        """The name in signs that can be printed; the person's id where there are none."""
        return " ".join(printable(self.raw_name).split()) or self.facts.person_id

    @cached_property
    def raw_role(self) -> str:
        """Office, party and municipality."""
        person = self.facts.person
        parts = [self.office]
        parts += [str(person[key]) for key in ("party", "municipality") if is_told(person[key])]
        return ", ".join(part for part in parts if part)

    @cached_property
    def role(self) -> str:
        """Office, party and municipality in signs that can be printed."""
        return self.printed(self.raw_role)

    @cached_property
    def office(self) -> str:
        """The office alone."""
        return labels.named(labels.OFFICES, self.facts.person["office"], self.t)

    @cached_property
    def is_invented(self) -> bool:
        """Whether the person, or anybody in the edition, does not exist."""
        return self.edition.is_invented or bool(self.facts.person["is_invented"])

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """What was found, the most telling first; a winter sleep names the accounts watched."""
        found = sentences.told(self.facts.told, self.t)
        watched = self.printed(self.t("card.accounts", accounts=self.accounts))
        return tuple(
            replace(one, basis=f"{one.basis} {watched}") if one.family == "sleep" else one
            for one in found
        )

    @cached_property
    def figures(self) -> tuple[KeyFigure, KeyFigure, KeyFigure]:
        """The three numbers."""
        facts = self.facts
        return sentences.key_figures(
            facts.told, facts.peers, self.t, has_office_account=facts.has_office_account
        )

    def strip(self, figure: KeyFigure) -> Strip:
        """The line of one number; peers stand on it only where the person may be compared."""
        key = (figure.metric, figure.phase)
        number = sentences.gated(self.facts.told).number(*key)
        peers = self.facts.peers.get(key) if number.is_comparable and key in COMPARED else None
        return Strip(
            unit=figure.unit,
            name=self.name.split()[0],
            value=number.value,
            low=number.low,
            high=number.high,
            peers=peers.values if peers else (),
            median=peers.median if peers and peers.values else None,
            color=figure.color,
        )

    @cached_property
    def accounts(self) -> str:
        """The accounts watched: platform and handle."""
        rows = self.facts.accounts.to_dict("records")
        names = (
            f"{labels.named(labels.PLATFORMS, row['platform'], self.t)} ({row['handle']})"
            for row in rows
        )
        return ", ".join(names) or "–"

    @cached_property
    def span(self) -> str:
        """How many days are known, and from when to when."""
        person, t = self.facts.person, self.t
        eligible = t.number(int(person["eligible_days"]))
        if not is_told(person["first_covered_on"]):
            return t("card.span_none", eligible=eligible)
        return t(
            "card.span",
            known=t.number(int(person["covered_days"])),
            eligible=eligible,
            first=t.day(person["first_covered_on"]),
            last=t.day(person["last_covered_on"]),
        )

    @cached_property
    def identity(self) -> str:
        """Edition, fingerprint of the data, versions and licence."""
        edition = self.edition
        return self.t(
            "card.identity",
            id=edition.id,
            hash=edition.data_hash,
            method=edition.method_version,
            code=edition.code_version,
            licence=edition.licence,
        )

    @cached_property
    def notes(self) -> tuple[tuple[str, list[str]], tuple[str, list[str]]]:
        """How to read the card, and what it does not say."""
        t = self.t
        has_peers = any(self.strip(figure).peers for figure in self.figures)
        read = t("card.read" if has_peers else "card.read_plain")
        cannot = [t("card.not"), *self._warnings()]
        if self.is_invented:
            cannot.append(t("card.invented"))
        return (t("card.read_title"), [read]), (t("card.not_title"), cannot)

    def _warnings(self) -> list[str]:
        """What limits these numbers in particular: unknown days, days without sight of replies."""
        t, person, blind = self.t, self.facts.person, len(self.facts.blind_days)
        eligible = int(person["eligible_days"])
        unknown = eligible - int(person["covered_days"])
        said = []
        if unknown > FEW_UNKNOWN * eligible:
            days = {"unknown": t.number(unknown), "eligible": t.number(eligible)}
            said.append(t("card.warn_unknown", **days))
        if blind and self.facts.shows_answers:
            said.append(t.count("card.warn_blind", blind))
        if self.facts.person_id in self.edition.unseen:
            said.append(t("card.unseen"))
        return said

    @cached_property
    def basis_lines(self) -> list[str]:
        """Accounts, known days, and which edition this is."""
        t = self.t
        made = t("card.made", day=t.day(self.edition.made_on))
        last = f"{self.identity} · {made}."
        if self.edition.corrects:
            last = f"{last} {t('card.corrects', id=self.edition.corrects)}"
        watched = self.printed(t("card.accounts", accounts=self.accounts))
        return [f"{watched} {self.span}", self.printed(last)]

    @cached_property
    def raw_statement(self) -> str:
        """What the person wants said, as it was given."""
        statement = self.edition.statements.get(self.facts.person_id)
        return statement.text if statement else ""

    @cached_property
    def statement(self) -> list[str]:
        """The paragraphs of the person's comment, in signs that can be printed."""
        rows = (self.printed(row) for row in self.raw_statement.splitlines())
        return [row for row in rows if any(sign.isalnum() for sign in row)]

    @cached_property
    def statement_title(self) -> str:
        """Whose comment it is, and of which day."""
        given = self.edition.statements[self.facts.person_id].given_on
        return self.t("card.statement", name=self.name, day=self.t.day(given))

    @cached_property
    def has_left_out(self) -> bool:
        """Whether the comment holds signs that cannot be printed."""
        return any(printable(sign) != sign for sign in self.raw_statement if not sign.isspace())

    def printed(self, text: str) -> str:
        """A text in signs that can be printed, with single spaces."""
        kept = printable(text)
        if len(kept) < len(text):
            kept = BEFORE_STOP.sub(r"\1", kept)
        return " ".join(part for part in kept.split(" ") if part)

    @cached_property
    def alt(self) -> str:
        """The whole card in one sentence."""
        return self.t("card.alt", name=self.name, finding=_small(self.told[0].sentence))

    @cached_property
    def alt_timeline(self) -> str:
        """The weeks in one sentence, with the finding."""
        t, life = self.t, self.facts.life
        acts = list(life.acts.values())
        unknown = sum((b - a).days + 1 for a, b in life.unknown)
        shows = self.facts.shows_answers
        return t(
            "card.alt_timeline" if shows else "card.alt_timeline_sent",
            first=t.day(life.from_on),
            last=t.day(life.to_on),
            sent=t.number(sum(one.sent if shows else one.own for one in acts)),
            answers=t.number(sum(one.answers for one in acts)),
            unknown=t.number(unknown),
            finding=self.told[0].sentence,
        )

    def alt_year(self, days: Sequence[Day]) -> str:
        """One calendar in one sentence."""
        t, year = self.t, str(days[0].on.year)
        unknown = sum(day.state == "unknown" for day in days)
        if self.facts.shows_answers:
            said = t.count("calendar.alt", sum(day.acts.answers for day in days), year=year)
        else:
            said = f"{year}: {t.count('card.own_acts', sum(day.acts.own for day in days))}."
        return f"{said} {t.count('calendar.alt_unknown', unknown)}" if unknown else said

    def timeline(self, high: float = HIGH) -> Drawing:
        """The weeks of all years."""
        facts, size = self.facts, (INNER, high)
        return timeline(facts.life, facts.weeks, self.t, size, blind=facts.life.blind)

    @cached_property
    def ways(self) -> list[tuple[str, str]]:
        """What up and down mean on the timeline, each with the class of its colour."""
        if not self.facts.shows_answers:
            return [(self.t("card.sending_all"), "s")]
        return [(self.t("card.sending"), "s"), (self.t("card.talking"), "a")]

    @cached_property
    def calendars(self) -> list[tuple[list[Day], Drawing]]:
        """The days of each year, the newest first."""
        facts, wide = self.facts, (INNER - COLUMN_GAP) / 2
        years = [year_of(facts.life, year) for year in reversed(years_of(facts.life))]
        shows, blind = facts.shows_answers, facts.blind_days
        return [
            (days, calendar(days, self.t, wide, shows_answers=shows, blind=blind)) for days in years
        ]

    @cached_property
    def legend(self) -> list[tuple[str, str]]:
        """What the squares of the calendars mean: a square and its words."""
        t, life = self.t, self.facts.life
        swatches = [(boxes("c0", [SQUARE]), t("card.zero"))]
        steps = ("1", "2", "3–4", "5–8", "9+")
        if self.facts.shows_answers:
            swatches += [(boxes(f"c{n}", [SQUARE]), name) for n, name in enumerate(steps, 1)]
            dot = boxes("c0", [SQUARE]) + boxes("fs", [(4.2, 4.7, 3.6, 3.6)])
            swatches.append((dot, t("card.sent_only")))
        else:
            swatches += [(boxes(f"fs q{n}", [SQUARE]), name) for n, name in enumerate(steps, 1)]
        swatches.append((boxes("cs", [SQUARE]), t("card.zero_season")))
        swatches.append((boxes("cs", [SQUARE]) + boxes("lo", [SQUARE]), t("card.vote")))
        if life.unknown or (self.facts.shows_answers and self.facts.life.blind):
            swatches.append((lines("lh", hatch(0.5, 1, 11)), t("card.unknown")))
        if life.absences:
            swatches.append((boxes("ab", [SQUARE]), t("card.away")))
        return swatches

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence of the card that says something of the person."""
        found = (f"{one.sentence}. {one.basis}".strip() for one in self.told)
        return (*found, *(figure.sentence for figure in self.figures), self.span)


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
