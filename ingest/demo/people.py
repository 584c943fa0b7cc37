"""Who sits in Voorbeeldstad's council: invented people, their offices, accounts and habits.

Everybody here is invented, and so are the parties, media and clubs. A habit says
how a person behaves from a day on; `ingest.demo.council` turns habits into posts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ingest.demo.clock import GENERAL_2019, GENERAL_2024, LOCAL_2018, LOCAL_2024

DOMAIN = "voorbeeldstad.test"  # RFC 2606: a name that can never exist
MASTODON_HOST = f"plein.{DOMAIN}"
REMOTE_HOST = "elders.test"
BLOG_HOST = f"blogs.{DOMAIN}"

LANTERN, LILY, ROSE, STAR = "Lijst Lantaarn", "Waterlelie", "Kompasroos", "Zevenster"
PARTIES = (LANTERN, LILY, ROSE, STAR)


@dataclass(frozen=True, slots=True)
class Habit:
    """How a person behaves from a day on. Rates are per week, chances 0 to 1."""

    from_on: date
    posts: float = 2.5
    season: float = 1.15  # times as many posts in the seasons that count for the person
    summer: float = 0.65
    asked: float = 0.18  # citizens' items expected under one post
    answers: float = 0.55  # of the questions
    replies: float = 0.15  # of everything else citizens say
    delay: float = 14.0  # median hours to an answer
    redirects: float = 0.05  # of the answers
    chats: float = 0.3  # replies under other people's posts
    reposts: float = 0.5
    quotes: float = 0.08
    threads: float = 0.02  # of the posts go on in a self-thread
    is_regular: bool = False  # even gaps in place of chance

    @property
    def is_silent(self) -> bool:
        """Nothing of their own in this stretch."""
        return self.posts == 0


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """One account: where, since when, and what the platform says of it."""

    platform: str
    opened_on: date
    closed_on: date | None = None
    run_by: str = "self"
    share: float = 1.0  # weight among the accounts open on a day
    status: str = "active"  # active | moved | suspended | declined
    style: str = ""  # feeds: wordpress | archive | shallow
    season: float | None = None  # an office account's own factor in season
    label: str = ""  # distinguishes two accounts on one platform


@dataclass(frozen=True, slots=True)
class Mandate:
    """A row of mandates.csv."""

    kind: str
    office: str
    level: str
    jurisdiction: str
    from_on: date
    to_on: date
    election_id: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """An invented council member, candidate or mayor."""

    person_id: str
    name: str
    party: str
    archetype: str
    accounts: tuple[AccountPlan, ...]
    habits: tuple[Habit, ...]
    mandates: tuple[Mandate, ...]
    languages: tuple[tuple[str, float], ...] = (("nl", 0.96), ("fr", 0.03), ("en", 0.01))
    elections: tuple[str, ...] = (LOCAL_2018, LOCAL_2024)
    absence: tuple[date, date] | None = None
    thanks_on: tuple[date, ...] = ()  # days with a "thank you" after an election
    crossposts: float = 0.0
    loud_citizen_questions: int = 0
    imported_posts: int = 0

    def habit_on(self, day: date) -> Habit:
        """The habit in force on a day."""
        return [habit for habit in self.habits if habit.from_on <= day][-1]

    def account_id(self, plan: AccountPlan) -> str:
        """The roster's id of one of the person's accounts."""
        return "-".join(filter(None, (self.person_id, plan.platform, plan.label)))


START_ON, END_ON = date(2018, 1, 1), date(2024, 12, 31)
OLD = date(2017, 11, 6)  # accounts that were there before the first year
TERMS = ((date(2013, 1, 1), date(2018, 12, 31)), (date(2019, 1, 1), END_ON))


def terms(*offices: str, from_on: date | None = None) -> tuple[Mandate, ...]:
    """A mandate per term, the last ones first named; `from_on`: a successor's first day."""
    terms = TERMS[-len(offices) :]
    return tuple(
        Mandate("mandate", office, "local", "BE-VLG", from_on or term[0], term[1])
        for office, term in zip(offices, terms, strict=True)
    )


def stands(election_id: str, from_on: date, to_on: date) -> Mandate:
    """A declared candidacy."""
    is_local = "local" in election_id
    office, level = ("councillor", "local") if is_local else ("mp", "federal")
    place = "BE-VLG" if is_local else "BE"
    return Mandate("candidacy", office, level, place, from_on, to_on, election_id)


STANDS_2018 = stands(LOCAL_2018, date(2018, 7, 1), date(2018, 10, 14))
STANDS_2019 = stands(GENERAL_2019, date(2019, 1, 26), date(2019, 5, 26))
STANDS_JUNE_2024 = stands(GENERAL_2024, date(2024, 2, 9), date(2024, 6, 9))
STANDS_2024 = stands(LOCAL_2024, date(2024, 7, 1), date(2024, 10, 13))
BOTH = (STANDS_2018, STANDS_2024)
COUNCILLOR = (*terms("councillor", "councillor"), *BOTH)
ALDERMAN = (*terms("alderman", "alderman"), *BOTH)


def mastodon(opened_on: date = OLD, closed_on: date | None = None) -> AccountPlan:
    """A Mastodon account of the person's own."""
    return AccountPlan("mastodon", opened_on, closed_on)


def bluesky(opened_on: date, share: float = 1.0) -> AccountPlan:
    """A Bluesky account of the person's own; none is older than 2023."""
    return AccountPlan("bluesky", opened_on, share=share)


def blog(style: str, opened_on: date = START_ON) -> AccountPlan:
    """A web feed: a blog with archives, or one that shows its last items only."""
    return AccountPlan("feeds", opened_on, style=style)


@dataclass(frozen=True, slots=True)
class KnownVoice:
    """An invented party, medium or club with accounts on both networks."""

    slug: str
    name: str
    known_as: str  # party | media | organisation
    per_week: float = field(default=1.0)


KNOWN_VOICES = (
    KnownVoice("lijst-lantaarn", LANTERN, "party"),
    KnownVoice("waterlelie", LILY, "party"),
    KnownVoice("kompasroos", ROSE, "party"),
    KnownVoice("zevenster", STAR, "party"),
    KnownVoice("de-voorbeeldpost", "De Voorbeeldpost", "media", 4.0),
    KnownVoice("radio-praatpaal", "Radio Praatpaal", "media", 3.0),
    KnownVoice("fietsersclub", "Fietsersclub Voorbeeldstad", "organisation"),
    KnownVoice("buurthuis-de-droom", "Buurthuis De Droom", "organisation"),
    KnownVoice("stad-voorbeeldstad", "Stad Voorbeeldstad", "organisation", 2.0),
)
