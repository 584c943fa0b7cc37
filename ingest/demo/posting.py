"""What people, parties, media and clubs post of their own accord, day by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ingest.demo import texts
from ingest.demo.clock import (
    DAY,
    HOUR,
    WEEKDAY_FACTORS,
    Drift,
    awake,
    days,
    holiday_factor,
    local_day,
    midnight,
    moment,
    poisson,
    season_on,
)
from ingest.demo.people import END_ON, KNOWN_VOICES, START_ON
from ingest.demo.world import END_AT, is_busy
from ingest.model import Kind

if TYPE_CHECKING:
    from random import Random

    from ingest.demo.people import Habit, Person
    from ingest.demo.world import Item, Voice, World

PRIVATE_POSTS = 12  # per Mastodon account, for followers only: never served to strangers
IMPORT_ON, IMPORT_FROM = date(2023, 10, 5), date(2023, 1, 9)


def post_all(world: World) -> None:
    """Everybody's own posts, self-threads and cross-posts for all years."""
    for person in world.people:
        rng = world.rng("posts", person.person_id)
        for voice in world.accounts[person.person_id]:
            moments = _moments(world, rng, person, voice)
            _write(world, rng, person, voice, sorted(moments))
            _extras(world, rng, voice)
        _thank(world, rng, person)
        _import(world, rng, person)
    _known_voices(world)
    world.freeze_roots()


def _moments(world: World, rng: Random, person: Person, voice: Voice) -> list[int]:
    """The moments at which a person posts on one account, before cross-posting."""
    if person.habits[0].is_regular:
        return _regular_moments(rng, person.habits[0], voice)
    drift = Drift(rng, START_ON, END_ON)
    moments = []
    for day in days(START_ON, END_ON):
        noon = midnight(day) + 12 * HOUR
        open_accounts = world.open_accounts(person, noon)
        habit = person.habit_on(day)
        if voice not in open_accounts or habit.is_silent:
            continue
        share = _share(voice) / sum(map(_share, open_accounts))
        factor = _season_factor(person, voice, habit, day) * drift.on(day)
        factor *= WEEKDAY_FACTORS[day.weekday()] * holiday_factor(day, habit.summer)
        count = poisson(rng, habit.posts / 7 * share * factor)
        moments += [moment(rng, day) for _ in range(count)]
    return moments


def _share(voice: Voice) -> float:
    return voice.plan.share if voice.plan else 1.0


def _season_factor(person: Person, voice: Voice, habit: Habit, day: date) -> float:
    if season_on(day, person.elections) is None:
        return 1.0
    own = voice.plan.season if voice.plan else None
    return habit.season if own is None else own


def _regular_moments(rng: Random, habit: Habit, voice: Voice) -> list[int]:
    """Even gaps: rare, but never long silent."""
    moments, day = [], max(voice.opened_on, START_ON)
    while day <= END_ON:
        moments.append(moment(rng, day))
        day += timedelta(max(1, round(rng.gammavariate(12, 7 / habit.posts / 12))))
    return moments


def _write(world: World, rng: Random, person: Person, voice: Voice, moments: list[int]) -> None:
    recent: dict[str, int] = {}
    for at in moments:
        is_season = season_on(local_day(at), person.elections) is not None
        lang = texts.language(rng, person.languages)
        about = texts.topic(rng)
        intent = _intent(rng, is_season)
        text = texts.write(rng, intent, lang, about)
        while at - recent.get(text[:80].lower(), -END_AT) < 3 * DAY:
            text = texts.write(rng, intent, lang, about)
        recent[text[:80].lower()] = at
        if voice.platform == "feeds":
            more = [texts.write(rng, "more", lang, about) for _ in range(rng.randint(1, 3))]
            text = "\n".join([text, *more])
        item = world.add(at, voice, Kind.POST, text, lang, intent, about)
        if voice.platform == "mastodon" and rng.random() < 0.03:
            item.visibility = "unlisted"
        _go_on(world, rng, person, item)
        _copy(world, rng, person, item)


def _intent(rng: Random, is_season: bool) -> str:
    if is_season and rng.random() < 0.4:
        return rng.choices(texts.CAMPAIGN_INTENTS, texts.CAMPAIGN_WEIGHTS)[0]
    return rng.choices(texts.INTENTS, texts.INTENT_WEIGHTS)[0]


def _go_on(world: World, rng: Random, person: Person, item: Item) -> None:
    """Sometimes a self-thread within minutes, sometimes an update days later."""
    if item.voice.platform == "feeds":
        return
    chance = rng.random()
    if chance < person.habit_on(local_day(item.at)).threads:
        last = item
        for _ in range(rng.randint(1, 3)):
            text = texts.write(rng, "more", item.lang, item.about)
            at = last.at + rng.randint(40, 600)
            last = _own_reply(world, last, at, text, "more")
    elif chance > 0.993:
        at = awake(rng, item.at + rng.randint(2 * DAY, 20 * DAY))
        if item.voice.is_open(at) and is_busy(person, at) and at < END_AT:
            text = texts.write(rng, "update", item.lang, item.about)
            _own_reply(world, item, at, text, "update")


def _own_reply(world: World, parent: Item, at: int, text: str, intent: str) -> Item:
    return world.add(
        at, parent.voice, Kind.SELF_REPLY, text, parent.lang, intent, parent.about, parent
    )


def _copy(world: World, rng: Random, person: Person, item: Item) -> None:
    """The same post on the person's other account, minutes to hours later."""
    if rng.random() >= person.crossposts:
        return
    at = item.at + rng.randint(60, 5 * HOUR)
    for voice in world.open_accounts(person, at):
        if voice is not item.voice and at < END_AT:
            text = item.text
            if rng.random() < 0.3:
                text = f"{text} https://voorbeeldstad.test/n/{item.number}"
            twin = world.add(at, voice, Kind.POST, text, item.lang, item.intent, item.about)
            twin.copy_of = item


def _thank(world: World, rng: Random, person: Person) -> None:
    """A word of thanks on the morning after an election."""
    for day in person.thanks_on:
        at = midnight(day) + 9 * HOUR + rng.randint(0, 3 * HOUR)
        for voice in world.open_accounts(person, at)[:1]:
            text = texts.write(rng, "elected", person.languages[0][0], "governance")
            world.add(at, voice, Kind.POST, text, person.languages[0][0], "elected", "governance")


def _extras(world: World, rng: Random, voice: Voice) -> None:
    """Posts for followers only: they make the pages of a public listing shorter."""
    if voice.platform != "mastodon":
        return
    open_days = [day for day in days(START_ON, END_ON) if voice.is_open(midnight(day))]
    for day in rng.sample(open_days, min(PRIVATE_POSTS, len(open_days))):
        about = texts.topic(rng)
        text = texts.write(rng, "personal", "nl", about)
        item = world.add(moment(rng, day), voice, Kind.POST, text, "nl", "private", about)
        item.visibility = "private"


def _import(world: World, rng: Random, person: Person) -> None:
    """Old posts brought along to Bluesky: true older dates, seen by the server much later."""
    for number in range(person.imported_posts):
        at = moment(rng, IMPORT_FROM + timedelta(27 * number))
        for voice in world.accounts[person.person_id]:
            if voice.platform == "bluesky":
                about = texts.topic(rng)
                text = texts.write(rng, "service", "nl", about)
                item = world.add(at, voice, Kind.POST, text, "nl", "import", about)
                item.stored_at = midnight(IMPORT_ON) + 15 * HOUR + 20 * number


def _known_voices(world: World) -> None:
    per_week = {known.name: known.per_week for known in KNOWN_VOICES}
    for voice in world.known:
        rng = world.rng("known", voice.voice_id)
        rate = per_week[voice.name.removesuffix(" (verzonnen)")] / 7
        rule = "news" if voice.kind == "media" else "club"
        for day in days(max(START_ON, voice.opened_on + timedelta(2)), END_ON):
            for _ in range(poisson(rng, rate * WEEKDAY_FACTORS[day.weekday()])):
                about = texts.topic(rng)
                text = texts.write(rng, rule, "nl", about)
                world.add(moment(rng, day), voice, Kind.POST, text, "nl", rule, about)
