"""The pieces of the invented world: who posts, what they posted, and the world while it grows."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from ingest.demo.clock import HOUR, local_day, midnight
from ingest.demo.people import (
    BLOG_HOST,
    DOMAIN,
    END_ON,
    KNOWN_VOICES,
    MASTODON_HOST,
    OLD,
    REMOTE_HOST,
    AccountPlan,
    Person,
)
from ingest.model import Kind

END_AT = midnight(END_ON + timedelta(1))
BLUESKY_FROM = date(2023, 4, 3)  # no history on Bluesky is older
CITIZENS = {"mastodon": 320, "bluesky": 260}
QUESTION_INTENTS = frozenset({"question", "again", "loud"})


@dataclass(slots=True, eq=False)
class Voice:
    """Somebody who posts on one platform."""

    voice_id: str  # of a person's account: its account_id
    platform: str
    user: str
    name: str
    kind: str  # person | citizen | party | media | organisation
    opened_on: date
    host: str = MASTODON_HOST
    closed_on: date | None = None
    person: Person | None = None
    plan: AccountPlan | None = None
    style: str = ""
    lang: str = "nl"

    @property
    def handle(self) -> str:
        """As it stands in a roster: a handle, user@host or a feed's address."""
        if self.platform == "bluesky":
            return f"{self.user}.{DOMAIN}"
        if self.platform == "mastodon":
            return f"{self.user}@{self.host}"
        leaf = "atom.xml" if self.style == "archive" else "feed/"
        return f"https://{BLOG_HOST}/{self.user}/{leaf}"

    @property
    def status(self) -> str:
        """active | moved | suspended | declined."""
        return self.plan.status if self.plan else "active"

    @property
    def person_id(self) -> str:
        """Whose account this is; empty for everybody but council members."""
        return self.person.person_id if self.person else ""

    def is_open(self, at: int) -> bool:
        """Whether the account posts at a moment; not on its first day."""
        end = midnight(self.closed_on) if self.closed_on else END_AT
        return midnight(self.opened_on) + 24 * HOUR <= at < end


@dataclass(slots=True, eq=False)
class Item:
    """One item somebody posted; `parent` is what it replies to, quotes or reposts."""

    number: int
    at: int
    voice: Voice
    kind: Kind
    text: str
    lang: str
    intent: str
    about: str
    parent: Item | None = None
    mentions: tuple[Voice, ...] = ()
    stored_at: int | None = None  # when the server first saw it, if much later than `at` claims
    visibility: str = "public"
    copy_of: Item | None = None
    children: list[Item] = field(default_factory=list)

    @property
    def root(self) -> Item:
        """The first item of the thread."""
        item = self
        while item.kind in (Kind.REPLY, Kind.SELF_REPLY) and item.parent:
            item = item.parent
        return item

    @property
    def seen_at(self) -> int:
        """When the server first saw it."""
        return self.at if self.stored_at is None else self.stored_at

    @property
    def is_root(self) -> bool:
        """Neither an answer nor a repost, and open to all."""
        return self.kind in (Kind.POST, Kind.QUOTE) and self.visibility != "private"


class World:
    """The invented world while it grows: everybody's items, in the order they were made."""

    def __init__(self, seed: int, people: tuple[Person, ...]) -> None:
        self.seed = seed
        self.people = people
        self.items: list[Item] = []
        self.accounts = {person.person_id: _accounts(person) for person in people}
        self.known = [voice for platform in CITIZENS for voice in _known(platform)]
        self.citizens = {platform: self._citizens(platform) for platform in CITIZENS}
        self._roots: dict[str, list[Item]] = {}

    def rng(self, *words: object) -> Random:
        """A random stream of its own for each purpose: a change in one moves no other."""
        return Random(":".join(map(str, (self.seed, *words))))  # noqa: S311 - a simulation

    def add(
        self,
        at: int,
        voice: Voice,
        kind: Kind,
        text: str,
        lang: str,
        intent: str,
        about: str,
        parent: Item | None = None,
    ) -> Item:
        """One item more."""
        item = Item(len(self.items), at, voice, kind, text, lang, intent, about, parent)
        if parent and kind in (Kind.REPLY, Kind.SELF_REPLY):
            parent.children.append(item)
        self.items.append(item)
        return item

    def freeze_roots(self) -> None:
        """Make what was posted so far the stock that others reply to, quote and repost."""
        for platform in CITIZENS:
            roots = [
                item
                for item in self.items
                if item.voice.platform == platform and item.kind is Kind.POST and item.is_root
                if item.voice.kind != "citizen" and item.stored_at is None
                if item.voice.status == "active"
            ]
            self._roots[platform] = sorted(roots, key=lambda item: (item.at, item.number))

    def recent(self, platform: str, at: int, hours: int, but: str) -> list[Item]:
        """What parties, media, clubs and colleagues posted lately; `but`: not this person."""
        roots = self._roots[platform]
        first = bisect_left(roots, at - hours * HOUR, key=lambda item: item.at)
        last = bisect_left(roots, at - 300, key=lambda item: item.at)
        return [item for item in roots[first:last] if item.voice.person_id != but]

    def open_accounts(self, person: Person, at: int) -> list[Voice]:
        """The person's accounts that can post at a moment."""
        return [voice for voice in self.accounts[person.person_id] if voice.is_open(at)]

    def _citizens(self, platform: str) -> list[Voice]:
        rng = self.rng("citizens", platform)
        opened_on = OLD if platform == "mastodon" else BLUESKY_FROM
        voices = []
        for number in range(CITIZENS[platform]):
            is_remote = platform == "mastodon" and rng.random() < 0.25
            voices.append(
                Voice(
                    f"citizen-{platform}-{number}",
                    platform,
                    f"inwoner{number:03d}",
                    f"Inwoner {number:03d}",
                    "citizen",
                    opened_on,
                    host=REMOTE_HOST if is_remote else MASTODON_HOST,
                    lang=rng.choices(("nl", "fr", "en"), (85, 12, 3))[0],
                )
            )
        return voices


def is_busy(person: Person, at: int) -> bool:
    """Whether the person is in a stretch in which they post at all."""
    return not person.habit_on(local_day(at)).is_silent


def _accounts(person: Person) -> list[Voice]:
    voices = []
    for plan in person.accounts:
        joiner = "_" if plan.platform == "mastodon" else "-"
        user = joiner.join(filter(None, (plan.label, *person.person_id.split("-"))))
        name = f"{person.name} (verzonnen)"
        voices.append(
            Voice(
                person.account_id(plan),
                plan.platform,
                user,
                f"Schepen {name}" if plan.run_by == "office" else name,
                "person",
                plan.opened_on,
                closed_on=plan.closed_on,
                person=person,
                plan=plan,
                style=plan.style,
            )
        )
    return voices


def _known(platform: str) -> list[Voice]:
    opened_on = OLD if platform == "mastodon" else BLUESKY_FROM
    return [
        Voice(
            f"{known.slug}-{platform}",
            platform,
            known.slug.replace("-", "_") if platform == "mastodon" else known.slug,
            f"{known.name} (verzonnen)",
            known.known_as,
            opened_on,
        )
        for known in KNOWN_VOICES
    ]
