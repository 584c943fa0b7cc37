"""What citizens say to the council, what is answered, and whom its members talk to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ingest.demo import texts
from ingest.demo.clock import (
    HOUR,
    after,
    days,
    holiday_factor,
    local_day,
    midnight,
    moment,
    poisson,
    season_on,
)
from ingest.demo.people import END_ON, START_ON
from ingest.demo.world import END_AT, QUESTION_INTENTS, is_busy
from ingest.model import Kind

if TYPE_CHECKING:
    from ingest.demo.people import Person
    from ingest.demo.world import Item, Voice, World

REMARKS = ("question", "remark", "praise", "insult", "spam")
REMARK_WEIGHTS = (60, 21, 10, 6, 3)
LOUD_FROM, LOUD_TO = date(2019, 2, 1), date(2024, 5, 31)
WAVE_ON, WAVE_SIZE = date(2021, 5, 10), 6
WAVE_AT = ("victor-verzonnen", "lotte-luchtkasteel", "amina-allegorie")
MAX_TURNS = 3
FORMULAS = ("redirect", "welcome")


def talk_all(world: World) -> None:
    """All conversations, after everybody's own posts are there."""
    for person in world.people:
        talk = _Talk(world, person)
        talk.under_posts()
        talk.loud_citizen()
        talk.wave()
        talk.weekly()


class _Talk:
    """One person's conversations."""

    def __init__(self, world: World, person: Person) -> None:
        self.world, self.person = world, person
        self.rng = world.rng("talk", person.person_id)
        self.closing = world.rng("closing", person.person_id)
        self.first = person.name.split()[0]
        self.regulars = {
            platform: self.rng.sample(citizens, 45) for platform, citizens in world.citizens.items()
        }
        own = {id(voice) for voice in world.accounts[person.person_id]}
        self.roots = [
            item
            for item in world.items
            if id(item.voice) in own and item.is_root and item.stored_at is None
            if item.voice.platform != "feeds"
        ]

    def under_posts(self) -> None:
        """Citizens' items under the person's own posts, and what becomes of them."""
        for root in self.roots:
            habit = self.person.habit_on(local_day(root.at))
            for _ in range(poisson(self.rng, habit.asked)):
                self._citizen_speaks(root)
            if habit.asked and self.rng.random() < 0.008:
                self._reporter_asks(root)

    def _citizen_speaks(self, root: Item) -> None:
        citizen = self._citizen(root.voice.platform)
        intent = self.rng.choices(REMARKS, REMARK_WEIGHTS)[0]
        at = after(self.rng, root.at, 4, 1.3)
        item = self._say(at, citizen, root, intent)
        if item is None:
            return
        self._react(item, turns=0)
        if self.rng.random() < 0.1:
            self._others_join(item)

    def _reporter_asks(self, root: Item) -> None:
        media = [v for v in self.world.known if v.kind == "media"]
        reporter = self.rng.choice([v for v in media if v.platform == root.voice.platform])
        self._say(after(self.rng, root.at, 2), reporter, root, "question")

    def _citizen(self, platform: str) -> Voice:
        """Mostly one of the regulars, the first of them more often."""
        if self.rng.random() < 0.8:
            place = min(int(self.rng.expovariate(1 / 14)), 44)
            return self.regulars[platform][place]
        return self.rng.choice(self.world.citizens[platform])

    def _say(self, at: int, voice: Voice, parent: Item, intent: str) -> Item | None:
        """An item under another; None after the last day."""
        if at >= END_AT:
            return None
        lang = voice.lang if voice.kind == "citizen" else "nl"
        text = texts.write(self.rng, intent, lang, parent.about, self.first)
        return self.world.add(at, voice, Kind.REPLY, text, lang, intent, parent.about, parent)

    def _react(self, item: Item, turns: int) -> None:
        """The person answers or not; the citizen may come back."""
        habit = self.person.habit_on(local_day(item.at))
        is_question = item.intent in QUESTION_INTENTS
        chance = habit.answers if is_question else habit.replies
        if item.intent in ("insult", "spam") or self.rng.random() >= chance:
            return
        intent = "answer" if is_question else "reply"
        if is_question and self.rng.random() < habit.redirects:
            intent = "redirect"
        answer = self._answer(item, after(self.rng, item.at, habit.delay), intent)
        if answer is not None and intent != "redirect" and turns < MAX_TURNS:
            self._comes_back(item.voice, answer, turns)

    def _answer(self, item: Item, at: int, intent: str) -> Item | None:
        """The person's own words under somebody's item, on the account where it stands."""
        voices = self.world.accounts[self.person.person_id]
        voice = next(v for v in voices if v in (item.root.voice, item.parent and item.parent.voice))
        if not (voice.is_open(at) and is_busy(self.person, at)):
            return None
        lang = item.lang if item.lang != "en" or self.rng.random() < 0.7 else "nl"
        text = self._words(intent, lang, item.about)
        kind = Kind.REPLY
        if voice.platform == "bluesky" and intent == "answer" and self.rng.random() < 0.03:
            kind = Kind.QUOTE
        answer = self.world.add(at, voice, kind, text, lang, intent, item.about, item)
        if voice.platform == "bluesky" and self.rng.random() < 0.1:
            answer.text = f"@{item.voice.handle} {answer.text}"[: texts.MAX_LETTERS]
            answer.mentions = (item.voice,)
        return answer

    def _words(self, intent: str, lang: str, about: str) -> str:
        """What the person says to somebody, in other words every time unless it is a formula."""
        text = texts.write(self.rng, intent, lang, about)
        if intent in FORMULAS:
            return text
        return f"{text} {texts.write(self.closing, 'close', lang, about)}"[: texts.MAX_LETTERS]

    def _comes_back(self, citizen: Voice, answer: Item, turns: int) -> None:
        chance, asked = self.rng.random(), self.person.habits[0].asked
        if chance > 0.4 or asked == 0 or answer.kind is Kind.QUOTE:
            return
        intent = "thanks" if chance < 0.25 else "again"
        item = self._say(after(self.rng, answer.at, 3, 1.3), citizen, answer, intent)
        if item is None:
            return
        if intent == "again":
            self._react(item, turns + 1)
        elif self.rng.random() < 0.3 * self.person.habit_on(local_day(item.at)).answers:
            self._answer(item, after(self.rng, item.at, 6), "welcome")

    def _others_join(self, item: Item) -> None:
        """Citizens among themselves; now and then one of them names the person."""
        other = self._citizen(item.voice.platform)
        if other is item.voice:
            return
        aside = self._say(after(self.rng, item.at, 3), other, item, "aside")
        if aside is not None and self.rng.random() < 0.3:
            account = item.root.voice
            aside.mentions = (account,)
            if account.platform == "bluesky":
                aside.text = f"{aside.text} @{account.handle}"

    def loud_citizen(self) -> None:
        """One citizen asks again and again, and gets an answer nearly every time."""
        if not self.person.loud_citizen_questions:
            return
        roots = [
            root
            for root in self.roots
            if LOUD_FROM <= local_day(root.at) <= LOUD_TO
            if season_on(local_day(root.at), self.person.elections) is None
        ]
        citizen = next(c for c in self.regulars["mastodon"][::-1] if c.lang == "nl")
        for root in self.rng.sample(roots, self.person.loud_citizen_questions):
            item = self._say(after(self.rng, root.at, 1), citizen, root, "loud")
            if item is not None and self.rng.random() < 0.93:
                self._answer(item, after(self.rng, item.at, 2), "answer")

    def wave(self) -> None:
        """The same petition text by several citizens within two days."""
        if self.person.person_id not in WAVE_AT:
            return
        before = [r for r in self.roots if r.at < midnight(WAVE_ON) and r.voice.is_open(r.at)]
        for citizen in self.rng.sample(self.world.citizens["mastodon"], WAVE_SIZE):
            at = midnight(WAVE_ON) + 9 * HOUR + self.rng.randint(0, 30 * HOUR)
            text = texts.write(self.rng, "wave", "nl", "governance")
            root = max(before, key=lambda item: item.at)
            self.world.add(at, citizen, Kind.REPLY, text, "nl", "wave", root.about, root)

    def weekly(self) -> None:
        """Week by week: replies under other people's posts, reposts and quotes."""
        for monday in days(START_ON, END_ON)[::7]:
            habit = self.person.habit_on(monday)
            factor = holiday_factor(monday, habit.summer)
            if season_on(monday, self.person.elections):
                factor *= (1 + habit.season) / 2
            for rate, act in (
                (habit.chats, self._chat),
                (habit.reposts, self._repost),
                (habit.quotes, self._quote),
            ):
                for _ in range(poisson(self.rng, rate * factor)):
                    at = moment(self.rng, monday + timedelta(self.rng.randint(0, 6)))
                    voices = self.world.open_accounts(self.person, at)
                    voices = [v for v in voices if v.platform != "feeds"]
                    if voices and at < END_AT:
                        act(self.rng.choice(voices), at)

    def _chat(self, voice: Voice, at: int) -> None:
        """A reply under somebody else's post: mostly a citizen's."""
        if not is_busy(self.person, at):
            return
        others = self.world.recent(voice.platform, at, 60, self.person.person_id)
        if others and self.rng.random() < 0.25:
            target = self.rng.choice(others)
        else:
            citizen = self._citizen(voice.platform)
            about = texts.topic(self.rng)
            text = texts.write(self.rng, "grumble", citizen.lang, about)
            before = at - self.rng.randint(HOUR // 4, 20 * HOUR)
            target = self.world.add(
                before, citizen, Kind.POST, text, citizen.lang, "grumble", about
            )
        text = self._words("chat", target.lang, target.about)
        reply = self.world.add(
            at, voice, Kind.REPLY, text, target.lang, "chat", target.about, target
        )
        if target.voice.kind == "citizen":
            self._comes_back(target.voice, reply, turns=1)

    def _repost(self, voice: Voice, at: int) -> None:
        others = self.world.recent(voice.platform, at, 72, self.person.person_id)
        if others:
            item = self.rng.choice(others)
            self.world.add(at, voice, Kind.REPOST, "", "", "repost", item.about, item)

    def _quote(self, voice: Voice, at: int) -> None:
        others = self.world.recent(voice.platform, at, 72, self.person.person_id)
        if others and voice.platform == "bluesky" and is_busy(self.person, at):
            item = self.rng.choice(others)
            text = self._words("comment", item.lang, item.about)
            self.world.add(at, voice, Kind.QUOTE, text, item.lang, "comment", item.about, item)
