"""The invented council: the same by seed, and everybody is the case they are meant to be."""

from __future__ import annotations

import csv
import os
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from ingest import roster
from ingest.demo import people, texts
from ingest.demo.cast import PEOPLE
from ingest.demo.clock import DAY, LOCAL_2018, LOCAL_2024, SEASONS, local_day, season_on
from ingest.demo.council import SEED, SHALLOW_ITEMS, Council, DayTruth, council
from ingest.demo.roster_files import write_roster
from ingest.demo.world import Item, Voice
from ingest.model import Kind

OWN_ACTS = {Kind.POST, Kind.REPLY, Kind.QUOTE}
COUNCIL = council(SEED)
DAYS = COUNCIL.truth()


def person(archetype: str) -> people.Person:
    (found,) = (p for p in PEOPLE if p.archetype == archetype)
    return found


def days_of(archetype: str) -> list[DayTruth]:
    return [day for day in DAYS if day.person_id == person(archetype).person_id]


def acted_on(archetype: str) -> list[date]:
    return sorted({day.on_day for day in days_of(archetype) if day.own_acts})


def acts(days: list[DayTruth], from_on: date, to_on: date) -> int:
    return sum(day.own_acts for day in days if from_on <= day.on_day <= to_on)


def per_day(archetype: str, election_id: str) -> tuple[float, float]:
    """Own acts a day in one season, and on all days outside every season."""
    elections = person(archetype).elections
    days = days_of(archetype)
    season = SEASONS[election_id]
    off = [
        people.START_ON + timedelta(n)
        for n in range((people.END_ON - people.START_ON).days + 1)
        if season_on(people.START_ON + timedelta(n), elections) is None
    ]
    off_days = set(off)
    in_rate = acts(days, *season) / ((season[1] - season[0]).days + 1)
    return in_rate, sum(d.own_acts for d in days if d.on_day in off_days) / len(off)


def answer_rates(archetype: str) -> dict[str, list[bool]]:
    """Per asker, whether each of their questions was answered."""
    askers = defaultdict(list)
    for question in COUNCIL.questions():
        if question.person_id == person(archetype).person_id:
            askers[question.asker].append(question.answered_at is not None)
    return askers


def mean_over_askers(archetype: str) -> float:
    askers = answer_rates(archetype)
    return sum(sum(a) / len(a) for a in askers.values()) / len(askers)


def replies_to_citizens_share(archetype: str) -> float:
    days = days_of(archetype)
    return sum(d.citizen_replies for d in days) / sum(d.own_acts for d in days)


def test_the_same_seed_gives_the_same_council() -> None:
    assert Council(SEED).digest() == COUNCIL.digest()


def test_another_process_with_another_hash_seed_gives_the_same_council() -> None:
    code = "from ingest.demo.council import council; print(council().digest())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "12345", "TZ": "America/New_York"},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == COUNCIL.digest()


def test_another_seed_gives_another_council() -> None:
    assert Council(SEED + 1).digest() != COUNCIL.digest()


def test_another_seed_gives_tens_of_thousands_of_items_too() -> None:
    assert 30_000 < len(Council(7).items) < 60_000


def test_an_earlier_council_is_the_beginning_of_the_later_one() -> None:
    until_at = 1_700_000_000
    earlier = Council(SEED, until_at)
    later = [item.number for item in COUNCIL.items if item.seen_at < until_at]
    assert [item.number for item in earlier.items] == later


def test_all_items_lie_in_the_seven_years_and_none_answers_the_future() -> None:
    for item in COUNCIL.items:
        if item.voice.person:
            assert people.START_ON <= local_day(item.at) <= people.END_ON
        assert item.parent is None or item.parent.at < item.at


def test_nothing_on_bluesky_is_older_than_2023() -> None:
    oldest = min(item.at for item in COUNCIL.items if item.voice.platform == "bluesky")
    assert local_day(oldest) >= date(2023, 1, 1)


def test_nobody_posts_before_their_account_was_opened_or_after_it_was_closed() -> None:
    for voice in COUNCIL.accounts:
        items = [item for item in COUNCIL.items_of(voice.voice_id) if item.stored_at is None]
        assert all(local_day(item.at) >= voice.opened_on for item in items)
        if voice.closed_on:
            assert all(local_day(item.at) <= voice.closed_on for item in items)


def test_texts_fit_bluesky_and_have_no_open_slots() -> None:
    for item in COUNCIL.items:
        assert "{" not in item.text
        assert "}" not in item.text
        if item.voice.platform == "bluesky":
            assert len(item.text) <= 300


def test_every_rule_of_the_grammar_can_be_written_in_every_language() -> None:
    world_rng = random.Random(1)
    for rules in (texts.NL, texts.FR, texts.EN):
        for rule in rules:
            for lang in ("nl", "fr", "en"):
                if rule not in texts.TOPICS:
                    assert "{" not in texts.write(world_rng, rule, lang, "waste", "Lotte")


def test_the_seasons_are_those_of_our_elections_file() -> None:
    rows = csv.DictReader(roster.SHIPPED_ELECTIONS.read_text(encoding="utf-8").splitlines())
    known = {row["election_id"]: (row["regulated_start"], row["day"]) for row in rows}
    for election_id, (from_on, to_on) in SEASONS.items():
        assert known[election_id] == (str(from_on), str(to_on))


def test_everybody_is_labelled_as_invented(tmp_path: Path) -> None:
    write_roster(tmp_path)
    found = roster.read(tmp_path)
    assert len(found.people) == len(PEOPLE) == 25
    assert all(p.is_invented for p in found.people)
    assert all("verzonnen" in voice.name for voice in (*COUNCIL.accounts, *COUNCIL.known))


def test_the_roster_is_valid_and_written_to_the_byte(tmp_path: Path) -> None:
    first = write_roster(tmp_path / "a")
    second = write_roster(tmp_path / "b")
    found = roster.read(tmp_path / "a")
    assert {account.account_id for account in found.accounts} == {
        voice.voice_id for voice in COUNCIL.accounts
    }
    assert len(found.known_accounts) == 2 * len(people.KNOWN_VOICES)
    assert [p.name for p in sorted(first.iterdir())] == [p.name for p in sorted(second.iterdir())]
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


def test_there_are_enough_councillors_to_be_peers() -> None:
    councillors = [p for p in PEOPLE if any(m.office == "councillor" for m in p.mandates)]
    aldermen = [p for p in PEOPLE if any(m.office == "alderman" for m in p.mandates)]
    assert len(councillors) >= 12
    assert len(aldermen) >= 5
    assert sum(any(m.office == "mayor" for m in p.mandates) for p in PEOPLE) == 1
    assert len({p.party for p in PEOPLE}) == len(people.PARTIES)


def test_no_live_host_is_named() -> None:
    reserved = re.compile(r"(?:^|\.)(?:test|example)$")
    hosts = {voice.handle.rpartition("@")[2] for voice in (*COUNCIL.accounts, *COUNCIL.known)}
    hosts |= {match for item in COUNCIL.items for match in _hosts(item.text)}
    names = {host.removeprefix("https://").partition("/")[0] for host in hosts}
    assert all(reserved.search(name) for name in names)


def _hosts(text: str) -> list[str]:
    return re.findall(r"https?://[^\s/\"<]+", text)


def test_the_year_round_talker_is_there_every_week_and_answers_nearly_everybody() -> None:
    weeks = {(on - people.START_ON).days // 7 for on in acted_on("year_round")}
    assert len(weeks) >= 0.97 * ((people.END_ON - people.START_ON).days // 7)
    assert mean_over_askers("year_round") > 0.85
    assert len(answer_rates("year_round")) >= 60
    assert replies_to_citizens_share("year_round") > 0.35


def test_the_broadcaster_posts_most_and_answers_nobody() -> None:
    totals: Counter[str] = Counter()
    for day in DAYS:
        totals[day.person_id] += day.posts
    assert totals.most_common(1)[0][0] == person("broadcaster").person_id
    assert mean_over_askers("broadcaster") < 0.1
    assert replies_to_citizens_share("broadcaster") < 0.02
    assert sum(map(len, answer_rates("broadcaster").values())) >= 60


def test_the_winter_sleeper_falls_silent_after_the_election_and_wakes_for_the_next() -> None:
    days = days_of("winter_sleeper")
    assert acts(days, date(2018, 1, 1), date(2018, 10, 14)) > 150
    assert acts(days, date(2018, 10, 15), date(2018, 10, 15)) > 0
    assert acts(days, date(2018, 10, 17), date(2024, 3, 3)) == 0
    assert acts(days, date(2024, 3, 4), date(2024, 10, 13)) > 100


def test_the_second_sleeper_reposts_in_his_sleep() -> None:
    days = days_of("sleeper_who_reposts")
    assert acts(days, date(2019, 6, 1), date(2020, 3, 15)) == 0
    asleep = [d for d in days if date(2019, 6, 1) <= d.on_day <= date(2020, 3, 15)]
    assert sum(d.reposts for d in asleep) >= 5


@pytest.mark.parametrize("election_id", [LOCAL_2018, LOCAL_2024])
def test_the_campaign_burster_posts_far_more_in_season(election_id: str) -> None:
    in_season, off_season = per_day("campaign_burster", election_id)
    assert in_season > 3.5 * off_season
    assert off_season > 0.1


def test_the_rare_but_steady_poster_is_never_long_silent() -> None:
    days = acted_on("rare_but_steady")
    gaps = [(b - a).days for a, b in pairwise(days)]
    assert max(gaps) < 28
    assert len(days) < 60 * 7


def test_the_newcomer_has_nothing_before_the_candidacy() -> None:
    (account,) = person("newcomer").accounts
    assert min(acted_on("newcomer")) >= account.opened_on == date(2024, 2, 19)
    (mandate,) = person("newcomer").mandates
    assert mandate.kind == "candidacy"


def test_who_moved_has_one_platform_before_and_another_after() -> None:
    platforms = defaultdict(set)
    for item in COUNCIL.items:
        if item.voice.person_id == person("moved").person_id and item.stored_at is None:
            platforms[local_day(item.at).year].add(item.voice.platform)
    assert platforms[2022] == {"mastodon"}
    assert platforms[2024] == {"bluesky"}


def test_the_imported_posts_claim_older_days_than_the_server_saw() -> None:
    imported = [item for item in COUNCIL.items if item.stored_at is not None]
    assert {item.voice.person_id for item in imported} == {person("moved").person_id}
    assert all(item.seen_at - item.at > DAY for item in imported)
    assert sum(day.backdated for day in DAYS) == len(imported) == 8


def test_the_shallow_feed_shows_ten_of_hundreds() -> None:
    days = days_of("shallow_feed")
    assert sum(day.posts for day in days if day.is_shown) == SHALLOW_ITEMS
    assert sum(day.posts for day in days if not day.is_shown) > 300


def test_nobody_asks_the_one_whom_nobody_asks() -> None:
    assert not answer_rates("nobody_asks")
    assert acts(days_of("nobody_asks"), people.START_ON, people.END_ON) > 300


def test_one_loud_citizen_hides_that_the_others_get_no_answer() -> None:
    askers = answer_rates("quarreller")
    loudest = max(askers.values(), key=len)
    everything = [answered for answers in askers.values() for answered in answers]
    assert len(loudest) >= 50
    assert sum(loudest) / len(loudest) > 0.8
    assert len(askers) >= 20
    assert sum(everything) / len(everything) > mean_over_askers("quarreller") + 0.2


def _merge_key(item: Item) -> str:
    text = re.sub(r"https?://\S+", "", item.text).casefold()
    return re.sub(r"\s+", "", text)[:80]


def _crossposts(items: list[Item]) -> set[int]:
    """METHOD §0.1, slowly: later than a head with the same text on another account, ≤ 24 h."""
    heads: list[Item] = []
    found = set()
    for item in sorted(items, key=lambda i: (i.at, i.number)):
        same = [
            head
            for head in heads
            if head.voice is not item.voice
            and _merge_key(head) == _merge_key(item)
            and 0 <= item.at - head.at <= DAY
        ]
        if same:
            found.add(item.number)
        else:
            heads = [h for h in heads if item.at - h.at <= DAY] + [item]
    return found


@pytest.mark.parametrize("who", [p.person_id for p in PEOPLE if len(p.accounts) > 1])
def test_the_only_equal_posts_on_two_accounts_are_the_crossposts(who: str) -> None:
    items = [
        item
        for item in COUNCIL.items
        if item.voice.person_id == who and item.visibility != "private"
        if item.kind in (Kind.POST, Kind.SELF_REPLY)
    ]
    meant = {item.number for item in items if item.copy_of is not None}
    assert _crossposts(items) == meant
    assert bool(meant) == (who == person("crossposter").person_id)


def test_the_crossposter_copies_most_posts_once_there_are_two_accounts() -> None:
    days = days_of("crossposter")
    assert sum(day.crossposts for day in days) > 100


@pytest.mark.parametrize(
    ("archetype", "election_id"),
    [("stood_in_2019", "be-general-2019"), ("stood_in_june_2024", "be-general-2024")],
)
def test_who_stood_for_parliament_is_busier_in_that_season(
    archetype: str, election_id: str
) -> None:
    in_season, off_season = per_day(archetype, election_id)
    assert in_season > 1.6 * off_season
    assert election_id in {m.election_id for m in person(archetype).mandates}


def test_the_office_account_is_quiet_in_season_and_holds_most_acts() -> None:
    (office,) = (v for v in COUNCIL.accounts if v.plan and v.plan.run_by == "office")
    own = [d for d in days_of("office_account") if d.account_id == office.voice_id]
    in_season = sum(acts(own, *SEASONS[e]) for e in (LOCAL_2018, LOCAL_2024))
    total = acts(own, people.START_ON, people.END_ON)
    assert in_season / 211 < 0.6 * (total - in_season) / (2557 - 211)
    assert total > acts(days_of("office_account"), people.START_ON, people.END_ON) / 2


def test_the_illness_is_documented_and_silent(tmp_path: Path) -> None:
    write_roster(tmp_path)
    (absence,) = roster.read(tmp_path).absences
    assert absence.person_id == person("documented_illness").person_id
    assert absence.to_on is not None
    days = days_of("documented_illness")
    assert acts(days, absence.from_on, absence.to_on) == 0
    assert (absence.to_on - absence.from_on).days > 180
    assert acts(days, absence.from_on - timedelta(30), absence.from_on) > 5


@pytest.mark.parametrize("archetype", ["declined", "suspended"])
def test_of_who_declined_or_is_suspended_nothing_is_shown(archetype: str) -> None:
    assert not any(day.is_shown for day in days_of(archetype))


def test_slow_answers_take_days() -> None:
    waits = [
        (q.answered_at - q.at).total_seconds() / 3600
        for q in COUNCIL.questions()
        if q.person_id == person("slow_answers").person_id and q.answered_at
    ]
    assert sorted(waits)[len(waits) // 2] > 48


def test_questions_come_in_dutch_and_french_beside_thanks_insults_and_spam() -> None:
    received = Counter(
        (item.intent, item.lang)
        for item in COUNCIL.items
        if item.parent and item.parent.voice.person and item.voice.kind == "citizen"
    )
    assert received["question", "nl"] > 1_000
    assert received["question", "fr"] > 100
    for intent in ("thanks", "insult", "spam", "again", "praise", "wave"):
        assert received[intent, "nl"] >= 6


def test_the_petition_wave_has_one_text_and_many_askers() -> None:
    wave = [item for item in COUNCIL.items if item.intent == "wave"]
    askers: dict[str, set[Voice]] = defaultdict(set)
    for item in wave:
        assert item.parent is not None
        askers[item.parent.voice.person_id].add(item.voice)
    assert len({item.text for item in wave}) == 1
    assert all(len(found) >= 3 for found in askers.values())
