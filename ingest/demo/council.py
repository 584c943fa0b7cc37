"""The invented council of Voorbeeldstad: everything that was posted, and the truth about it.

The same seed gives the same council to the byte. `truth` and `questions` say what
really happened, straight from the making of it, so that tests can compare what
was collected and scored with what there was.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache

from ingest.demo.cast import PEOPLE
from ingest.demo.clock import DAY, local_day, utc
from ingest.demo.people import Person
from ingest.demo.posting import post_all
from ingest.demo.talking import talk_all
from ingest.demo.world import END_AT, QUESTION_INTENTS, Item, Voice, World
from ingest.model import Kind

SEED = 365
SHALLOW_ITEMS = 10  # what the shallow feed shows
ANSWER_DAYS = 14


@dataclass(slots=True)
class DayTruth:
    """What happened on one account on one local day.

    `posts`, `replies` and `quotes` leave out cross-posts and backdated imports.
    `received` and `questions` count on the day they were written; `answered` are
    those of the day's questions with an answer (no redirect) within 14 days.
    """

    person_id: str
    account_id: str
    on_day: date
    is_shown: bool  # whether an anonymous visitor could know
    posts: int = 0
    replies: int = 0
    citizen_replies: int = 0
    quotes: int = 0
    threads: int = 0
    reposts: int = 0
    crossposts: int = 0
    backdated: int = 0
    received: int = 0  # items by others whose parent is the account's own
    named: int = 0  # items by others that name the account elsewhere
    questions: int = 0
    answered: int = 0

    @property
    def own_acts(self) -> int:
        """Posts, replies and quotes."""
        return self.posts + self.replies + self.quotes


@dataclass(frozen=True, slots=True)
class QuestionTruth:
    """One question by a citizen, and when it was answered."""

    person_id: str
    account_id: str
    asker: str  # the citizen's voice_id
    at: datetime
    answered_at: datetime | None  # first answer within 14 days that is no redirect


class Council:
    """A finished world: people, voices and items, ordered by time."""

    def __init__(self, seed: int, until_at: int = END_AT) -> None:
        world = World(seed, PEOPLE)
        post_all(world)
        talk_all(world)
        self.seed, self.until_at = seed, until_at
        self.people: tuple[Person, ...] = world.people
        self.accounts: tuple[Voice, ...] = tuple(
            voice for person in self.people for voice in world.accounts[person.person_id]
        )
        self.known: tuple[Voice, ...] = tuple(world.known)
        self.citizens: tuple[Voice, ...] = tuple(
            voice for voices in world.citizens.values() for voice in voices
        )
        items = (item for item in world.items if item.seen_at < until_at)
        self.items: tuple[Item, ...] = tuple(sorted(items, key=lambda i: (i.at, i.number)))

    @cached_property
    def by_voice(self) -> dict[str, tuple[Item, ...]]:
        """Everybody's items, by voice_id, in time order."""
        found: dict[str, list[Item]] = defaultdict(list)
        for item in self.items:
            found[item.voice.voice_id].append(item)
        return {voice_id: tuple(items) for voice_id, items in found.items()}

    def items_of(self, voice_id: str) -> tuple[Item, ...]:
        """What one account or citizen posted, in time order."""
        return self.by_voice.get(voice_id, ())

    def replies_to(self, item: Item) -> list[Item]:
        """The public replies under an item, in time order."""
        found = [
            child
            for child in item.children
            if child.seen_at < self.until_at and child.visibility != "private"
            if child.voice.status != "suspended"
        ]
        return sorted(found, key=lambda child: (child.at, child.number))

    def digest(self) -> str:
        """A hash of everything in the council: equal only for equal councils."""
        total = hashlib.sha256()
        for item in self.items:
            parent = item.parent.number if item.parent else None
            line = (item.number, item.at, item.voice.voice_id, item.kind, item.text, parent)
            total.update(repr(line).encode())
        return total.hexdigest()

    def is_shown(self, item: Item) -> bool:
        """Whether an anonymous visitor can see an own item of a person today."""
        if not _is_up(item.voice) or item.visibility == "private":
            return False
        if item.voice.style == "shallow":
            return item in self.items_of(item.voice.voice_id)[-SHALLOW_ITEMS:]
        return True

    def questions(self) -> tuple[QuestionTruth, ...]:
        """Every question that a citizen put to a council member, in time order."""
        found = []
        for item in self.items:
            account = asked_account(item)
            if account is None or item.intent not in QUESTION_INTENTS:
                continue
            if item.voice.kind == "citizen":
                answered_at = self._answered_at(item, account.person_id)
                moment = None if answered_at is None else utc(answered_at)
                found.append(
                    QuestionTruth(
                        account.person_id,
                        account.voice_id,
                        item.voice.voice_id,
                        utc(item.at),
                        moment,
                    )
                )
        return tuple(found)

    def _answered_at(self, question: Item, person_id: str) -> int | None:
        """The first answer in that thread to that asker, after the question and in time."""
        asker, root = question.voice, question.root
        moments = [
            reply.at
            for reply in self._own_replies.get((person_id, root.number), ())
            if reply.parent is not None and reply.parent.voice is asker
        ]
        quotes = [q.at for q in self._quotes_of.get(question.number, ())]
        last_at = question.at + ANSWER_DAYS * DAY
        in_time = [at for at in (*moments, *quotes) if question.at < at <= last_at]
        return min(in_time, default=None)

    @cached_property
    def _own_replies(self) -> dict[tuple[str, int], list[Item]]:
        found: dict[tuple[str, int], list[Item]] = defaultdict(list)
        for item in self.items:
            if item.voice.person and item.kind is Kind.REPLY and item.intent != "redirect":
                found[item.voice.person_id, item.root.number].append(item)
        return found

    @cached_property
    def _quotes_of(self) -> dict[int, list[Item]]:
        found: dict[int, list[Item]] = defaultdict(list)
        for item in self.items:
            if item.voice.person and item.kind is Kind.QUOTE and item.parent:
                found[item.parent.number].append(item)
        return found

    def truth(self) -> tuple[DayTruth, ...]:
        """What each account did and received, day by day; days with nothing are left out."""
        table: dict[tuple[str, date, bool], DayTruth] = {}

        def row(voice: Voice, at: int, is_shown: bool) -> DayTruth:
            key = (voice.voice_id, local_day(at), is_shown)
            if key not in table:
                table[key] = DayTruth(voice.person_id, voice.voice_id, key[1], is_shown)
            return table[key]

        for item in self.items:
            if item.voice.person:
                _count_act(row(item.voice, item.at, self.is_shown(item)), item)
            account = asked_account(item)
            if account is not None:
                is_shown = _is_up(account) and _is_up(item.voice)
                row(account, item.at, is_shown).received += 1
            for voice in item.mentions:
                if voice.person and voice is not account:
                    row(voice, item.at, _is_up(voice)).named += 1
        voices = {voice.voice_id: voice for voice in self.accounts}
        for question in self.questions():
            voice = voices[question.account_id]
            day = row(voice, int(question.at.timestamp()), _is_up(voice))
            day.questions += 1
            day.answered += question.answered_at is not None
        return tuple(table[key] for key in sorted(table))


def asked_account(item: Item) -> Voice | None:
    """The person's account under whose own item somebody else writes; None: nobody's."""
    if item.kind is not Kind.REPLY or item.parent is None:
        return None
    voice = item.parent.voice
    return voice if voice.person and voice.person_id != item.voice.person_id else None


def _is_up(voice: Voice) -> bool:
    return voice.status in ("active", "moved")


def _count_act(day: DayTruth, item: Item) -> None:
    if item.stored_at is not None:
        day.backdated += 1
    elif item.copy_of is not None:
        day.crossposts += 1
    elif item.visibility == "private":
        return
    elif item.kind is Kind.REPOST:
        day.reposts += 1
    elif item.kind is Kind.QUOTE:
        day.quotes += 1
    elif item.kind is Kind.REPLY:
        day.replies += 1
        day.citizen_replies += item.parent is not None and item.parent.voice.kind == "citizen"
    elif item.kind is Kind.SELF_REPLY and item.parent and item.at - item.parent.at <= DAY:
        day.threads += 1
    else:
        day.posts += 1


@lru_cache(maxsize=2)
def council(seed: int = SEED, until_at: int = END_AT) -> Council:
    """The council of a seed, as it stood at a moment; made once."""
    return Council(seed, until_at)
