"""Alerts: what deserves a look, told once, resting on proven days, without a citizen in it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import httpx
import pytest

from ingest import roster
from ingest.alerts.model import Alert, AlertKind
from ingest.alerts.rules import due, web_address
from ingest.alerts.watch import Looked, look
from ingest.alerts.words import LANGUAGES, WORDS, language_of
from ingest.errors import AccountGone, StoreError
from ingest.http import Config
from ingest.model import (
    AccountState,
    Batch,
    Kind,
    Post,
    Received,
    Shows,
    Span,
    Status,
    Stream,
)
from ingest.rotation import rotate
from ingest.store import AccountRun, Store
from tests.collecting import collecting, write_roster
from tests.invented import (
    CITIZEN,
    OWN,
    SECRET,
    START,
    Clock,
    asked,
    bytes_of,
    moment,
    post,
    reply,
    walk_of,
)

pytestmark = pytest.mark.local_days
DAY = timedelta(days=1)
SHOWS = Shows(True, True, True, False, True)


class Town:
    """One watched person whose store a test writes; `now` is day 100."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.folder = data_dir / "rosters" / "voorbeeldstad"
        self.folder.mkdir(parents=True)
        (data_dir / "winterslaap.key").write_bytes(SECRET)
        self.write("people", "person_id,name", "an-voorbeeld,An Voorbeeld")
        self.write(
            "accounts",
            "account_id,person_id,platform,handle,run_by,valid_from,valid_to",
            "an-bluesky,an-voorbeeld,bluesky,an.voorbeeld.example,self,,",
        )
        self.now = moment(100)

    def write(self, table: str, *lines: str) -> None:
        (self.folder / f"{table}.csv").write_text("\n".join(lines) + "\n")

    def open(self) -> Store:
        secret = (self.data_dir / "winterslaap.key").read_bytes()
        return Store(self.data_dir / "winterslaap.duckdb", secret)

    def know(
        self,
        *posts: Post,
        received: tuple[Received, ...] = (),
        days: tuple[float, float] = (0, 100),
        account: str = "an-bluesky",
        status: str = "complete",
        error: str | None = None,
        message: str = "nothing new",
    ) -> None:
        """One walk that ended at the second of `days` and proved the acts between them."""
        (watched,) = (a for a in self.roster.accounts if a.account_id == account)
        state = AccountState(OWN, watched.handle, "h", Status.ACTIVE, SHOWS, START)
        span = Span(Stream.ACTS, moment(days[0]), moment(days[1]), "listing_to_end")
        spans = () if error else (span,)
        ended_at = moment(days[1])
        with self.open() as store:
            walk = walk_of(store, watched, clock=Clock(ended_at))
            walk.append(Batch(posts=posts, received=received, spans=spans, state=state))
            ran = AccountRun(
                account, "bluesky", ended_at, ended_at, status, error, message, 1, 0, 0, 0, 0.0
            )
            store.record("run", ran)

    @property
    def roster(self) -> roster.Roster:
        return roster.read(self.data_dir)

    def due(self, kind: AlertKind | None = None, lang: str = "en") -> list[Alert]:
        with self.open() as store:
            found = due(store, self.roster, self.now, lang)
        return [alert for alert in found if kind in (None, alert.kind)]


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


# asleep


def test_28_proven_days_without_an_act_are_asleep(town: Town) -> None:
    town.know(post("laatste", 71))  # days 72 to 99 are whole and silent
    (alert,) = town.due()
    assert (alert.kind, alert.person_id, alert.account_id) == ("asleep", "an-voorbeeld", None)
    assert alert.since == moment(71)
    assert alert.message == (
        "An Voorbeeld: no own post or reply for 28 days (2024-03-13 to 2024-04-09) "
        "on an.voorbeeld.example"
    )


def test_27_days_are_not(town: Town) -> None:
    town.know(post("laatste", 72))
    assert town.due() == []


@pytest.mark.parametrize("kind", [Kind.REPLY, Kind.QUOTE, Kind.SELF_REPLY, Kind.UNKNOWN])
def test_any_act_of_ones_own_is_a_sign_of_life(town: Town, kind: Kind) -> None:
    town.know(post("kop", 20), post("wakker", 90, kind=kind))
    assert town.due() == []


def test_a_repost_is_not_and_is_named(town: Town) -> None:
    town.know(post("kop", 20), post("deelt", 90, kind=Kind.REPOST))
    (alert,) = town.due()
    assert alert.message.endswith("; reposts only")


def test_an_old_date_on_a_fresh_post_is_still_a_sign_of_life(town: Town) -> None:
    town.know(post("kop", 20), post("import", 5, indexed_at=moment(95)))
    assert town.due() == []


def test_an_unknown_day_ends_the_silence(town: Town) -> None:
    town.know(post("kop", 20), days=(0, 80))
    town.know(days=(81.5, 100))
    assert town.due(AlertKind.ASLEEP) == []


def test_a_silence_before_which_nothing_is_known_is_at_least_so_long(town: Town) -> None:
    town.know(days=(60, 100))
    (alert,) = town.due()
    assert "for at least 39 days (2024-03-02 to 2024-04-09)" in alert.message


def test_a_silence_that_ended_our_knowledge_long_ago_is_no_news(town: Town) -> None:
    town.know(post("kop", 20), days=(0, 97))
    assert town.due(AlertKind.ASLEEP) == []
    town.know(days=(0, 98))
    assert len(town.due(AlertKind.ASLEEP)) == 1


def test_days_without_a_mandate_and_documented_leave_do_not_count(town: Town) -> None:
    town.know(post("kop", 20))
    assert len(town.due()) == 1
    mandate = "an-voorbeeld,mandate,councillor,local,BE-VLG"
    header = "person_id,kind,office,level,jurisdiction,from_on,to_on"
    town.write("mandates", header, f"{mandate},2019-01-01,2024-03-31")
    assert town.due() == []
    town.write("mandates", header, f"{mandate},2019-01-01,")
    assert len(town.due()) == 1
    town.write(
        "absences", "person_id,from_on,to_on,reason", "an-voorbeeld,2024-03-20,2024-03-21,illness"
    )
    assert town.due() == []


def test_every_own_account_must_be_known_and_a_party_s_does_not_count(town: Town) -> None:
    town.write(
        "accounts",
        "account_id,person_id,platform,handle,run_by,valid_from,valid_to",
        "an-bluesky,an-voorbeeld,bluesky,an.voorbeeld.example,self,,",
        "an-kabinet,an-voorbeeld,mastodon,an@toet.example,office,,",
        "an-partij,an-voorbeeld,mastodon,partij@toet.example,party,,",
    )
    town.know(post("kop", 20))
    with town.open() as store:
        state = AccountState("x", "x", "h", Status.ACTIVE, SHOWS, START)
        (office,) = (a for a in town.roster.accounts if a.run_by == "office")
        walk_of(store, office).append(Batch(state=state))
    assert town.due(AlertKind.ASLEEP) == []
    town.know(post("partij", 95), account="an-partij")
    town.know(account="an-kabinet")
    (alert,) = town.due(AlertKind.ASLEEP)
    assert alert.message.endswith("on an.voorbeeld.example, an@toet.example")


# question open


def open_ones(town: Town, *items: Received, posts: tuple[Post, ...] = ()) -> list[Alert]:
    town.know(post("kop", 10), post("wakker", 99), *posts, received=items)
    return town.due(AlertKind.QUESTION_OPEN)


def test_a_question_is_open_after_ten_whole_days_and_leads_to_the_own_item_alone(
    town: Town,
) -> None:
    (alert,) = open_ones(town, asked("1", 88))
    assert alert.link == f"https://bsky.app/profile/{OWN}/post/kop"
    assert alert.since == moment(88)
    assert alert.message == (
        "An Voorbeeld: a question under this item without a public answer for 10 days, "
        "the first asked on 2024-03-29"
    )
    assert CITIZEN not in f"{alert}"


@pytest.mark.parametrize("day", [90.5, 61])
def test_younger_ones_wait_and_old_ones_are_no_news(town: Town, day: float) -> None:
    assert open_ones(town, asked("1", day)) == []


@pytest.mark.parametrize(
    "answer",
    [
        reply("antwoord", CITIZEN, 89, parent_uri=asked("1").uri, root_uri=post("kop").uri),
        reply("laat", CITIZEN, 98, root_uri=post("kop").uri),
        reply("wie", CITIZEN, 89, root_uri=post("kop").uri, partner=None),
        post("haalt", 89, kind=Kind.QUOTE, parent_uri=asked("1").uri, partner=CITIZEN),
    ],
    ids=["reply", "elsewhere in the thread, late", "to somebody unnamed", "quote"],
)
def test_any_public_answer_closes_it(town: Town, answer: Post) -> None:
    assert open_ones(town, asked("1", 88), posts=(answer,)) == []


@pytest.mark.parametrize(
    "other",
    [
        reply("aan", "did:plc:eenander", 89, root_uri=post("kop").uri),
        reply("eerder", CITIZEN, 87, root_uri=post("kop").uri),
        reply("elders", CITIZEN, 89, root_uri="at://did:plc:x/app.bsky.feed.post/y"),
    ],
    ids=["to somebody else", "before it", "in another thread"],
)
def test_what_is_no_answer_leaves_it_open(town: Town, other: Post) -> None:
    assert len(open_ones(town, asked("1", 88), posts=(other,))) == 1


@pytest.mark.parametrize(
    "item",
    [
        asked("1", 88, text="Mooi zo."),
        asked("1", 88, text="Wanneer, sukkel?"),
        asked("1", 88, author=OWN),
        asked("1", 88, is_deleted=True),
    ],
    ids=["no question", "abuse", "own", "deleted"],
)
def test_what_is_no_question_of_a_citizen_is_not_open(town: Town, item: Received) -> None:
    with town.open() as store:
        store.insert("own_key", [("an-voorbeeld", store.keys.partner("bluesky", OWN), None)])
    assert open_ones(town, item) == []


def test_a_question_sent_by_three_is_a_campaign(town: Town) -> None:
    same = {"text": "Wanneer komt het fietspad?"}
    items = [asked(str(n), 88, author=f"did:plc:burger{n}", **same) for n in range(3)]
    assert len(open_ones(town, *items[:2])) == 1
    assert open_ones(town, *items) == []


def test_questions_under_one_item_are_one_alert(town: Town) -> None:
    (alert,) = open_ones(town, asked("1", 80), asked("2", 85), asked("3", 95))
    assert "2 questions under this item" in alert.message
    assert alert.since == moment(80)


def test_a_question_in_somebody_else_s_thread_has_no_link(town: Town) -> None:
    item = asked("1", 88, parent_uri=None, root_uri=None, is_mention=True)
    (alert,) = open_ones(town, item)
    assert alert.link is None
    assert "in a thread of somebody else" in alert.message


def test_unknown_days_leave_it_unsaid(town: Town) -> None:
    town.know(post("kop", 10), received=(asked("1", 85),), days=(0, 90))
    town.know(post("wakker", 99), days=(92, 100))
    assert town.due(AlertKind.QUESTION_OPEN) == []


# coverage broken


def gone() -> str:
    return str(AccountGone("bluesky", "an-bluesky", "is suspended", "days are unknown"))


def test_a_closed_account_is_told_at_once(town: Town) -> None:
    town.know(post("wakker", 98), days=(0, 99))
    town.know(days=(99, 100), status="failed", error="AccountGone", message=gone())
    (alert,) = town.due()
    assert (alert.kind, alert.account_id) == ("coverage_broken", "an-bluesky")
    assert alert.since == moment(99)
    assert alert.message == f"An Voorbeeld: unknown since 2024-04-09: {gone()}"


def test_a_server_that_is_down_is_told_after_two_days(town: Town) -> None:
    failed = {"status": "failed", "error": "SourceUnavailable", "message": "down → later"}
    town.know(post("wakker", 97), days=(0, 98))
    town.know(days=(98, 99.9), **failed)
    assert town.due() == []
    town.know(days=(98, 100.1), **failed)
    assert [alert.kind for alert in town.due()] == ["coverage_broken"]


def test_a_run_that_was_stopped_breaks_nothing(town: Town) -> None:
    town.know(post("wakker", 80), days=(0, 81))
    town.know(days=(81, 100), status="incomplete", error="Interrupted", message="stopped")
    assert town.due() == []


def test_an_account_that_was_never_known_says_so_once(town: Town) -> None:
    for day in (98, 100):
        town.know(days=(day, day), status="failed", error="AccountGone", message=gone())
    (alert,) = town.due()
    assert (alert.since, "never known" in alert.message) == (moment(98), True)


def test_a_new_hole_is_told_with_its_days(town: Town) -> None:
    town.know(post("wakker", 98), days=(0, 80))
    town.know(days=(82.5, 100))
    (alert,) = town.due()
    assert alert.message == (
        "An Voorbeeld: an-bluesky: 2024-03-21 to 2024-03-24 is unknown → collect more often"
    )
    town.now += 26 * DAY
    assert town.due(AlertKind.COVERAGE_BROKEN) == []


def test_an_account_that_is_no_longer_the_person_s_is_left_alone(town: Town) -> None:
    town.know(days=(99, 100), status="failed", error="AccountGone", message=gone())
    town.write(
        "accounts",
        "account_id,person_id,platform,handle,run_by,valid_from,valid_to",
        "an-bluesky,an-voorbeeld,bluesky,an.voorbeeld.example,self,,2024-03-01",
    )
    assert town.due() == []


# told once, as a feed and by webhook


class Hook:
    """A webhook that answers with `status` and keeps what it was sent."""

    def __init__(self, status: int = 200) -> None:
        self.status, self.bodies = status, list[dict[str, object]]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "https://hooks.example/geheim"
        self.bodies.append(json.loads(request.content))
        return httpx.Response(self.status)


def seen(town: Town, hook: Hook | None = None, lang: str = "en") -> Looked:
    config = Config(now=lambda: town.now, attempt_count=1)
    return look(
        town.data_dir,
        town.roster,
        config,
        webhook="https://hooks.example/geheim" if hook else "",
        lang=lang,
        transport=httpx.MockTransport(hook) if hook else None,
    )


def entries(town: Town) -> list[feedparser.FeedParserDict]:
    content = (town.data_dir / "alerts.xml").read_bytes()
    read = feedparser.parse(content)
    assert not read.bozo
    root = ET.fromstring(content)
    atom = "{http://www.w3.org/2005/Atom}"
    for element in (root, *root.iter(f"{atom}entry")):
        for needed in ("id", "title", "updated"):
            assert element.findtext(f"{atom}{needed}")
    return list(read.entries)


def test_an_alert_is_told_once_however_often_one_looks(town: Town) -> None:
    town.know(post("kop", 50), received=(asked("1", 85),))
    hook = Hook()
    first = seen(town, hook)
    assert (len(first.new), first.posted_count, first.problem) == (2, 2, "")
    told = entries(town)
    town.now += DAY
    again = seen(town, hook)
    assert (again.new, again.posted_count) == ((), 0)
    assert len(hook.bodies) == 1
    assert [one.id for one in entries(town)] == [one.id for one in told]
    rotate(town.data_dir / "winterslaap.duckdb", town.data_dir / "winterslaap.key")
    assert seen(town, hook).new == ()


def test_what_the_webhook_gets(town: Town) -> None:
    town.know(post("kop", 50), received=(asked("1", 85),))
    hook = Hook()
    seen(town, hook)
    (body,) = hook.bodies
    assert isinstance(body["text"], str)
    assert (
        body["text"].splitlines()[1].endswith(f"2024-03-26 https://bsky.app/profile/{OWN}/post/kop")
    )
    assert isinstance(body["alerts"], list)
    assert body["alerts"][0]["alert"]["kind"] == "asleep"
    assert body["alerts"][0]["title"] == "Asleep for 28 days: an-voorbeeld"


@pytest.mark.parametrize(
    ("lang", "title", "ending"),
    [
        ("nl", "Vraag al 10 dagen open: an-voorbeeld", "de eerste gesteld op 2024-03-26"),
        ("", "Vraag al 10 dagen open: an-voorbeeld", "de eerste gesteld op 2024-03-26"),
        ("fr", "Question ouverte depuis 10 jours: an-voorbeeld", "première posée le 2024-03-26"),
        ("en", "Question open for 10 days: an-voorbeeld", "the first asked on 2024-03-26"),
    ],
)
def test_alerts_speak_the_language_asked_for_or_the_person_s_own(
    town: Town, lang: str, title: str, ending: str
) -> None:
    town.know(post("kop", 50), received=(asked("1", 85),))
    hook = Hook()
    looked = seen(town, hook, lang)
    (one,) = (raised for raised in looked.new if raised.alert.kind is AlertKind.QUESTION_OPEN)
    assert (one.title, one.alert.message.endswith(ending)) == (title, True)
    (entry,) = (entry for entry in entries(town) if entry.title == title)
    assert entry.content[0].language == (lang or "nl")
    assert seen(town, hook, "fr").new == ()  # another language is no news
    assert title in {raised.title for raised in looked.recent}


def test_every_language_has_every_phrase_with_the_same_values() -> None:
    def values(phrase: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", phrase))

    for lang in LANGUAGES:
        assert WORDS[lang].keys() == WORDS["en"].keys()
        for key, phrase in WORDS[lang].items():
            assert values(phrase) == values(WORDS["en"][key]), (lang, key)
    assert {f"title_{kind}" for kind in AlertKind} <= WORDS["en"].keys()


def test_a_person_who_speaks_another_language_is_told_of_in_english() -> None:
    assert (language_of("", "de"), language_of("", "fr"), language_of("nl", "fr")) == (
        "en",
        "fr",
        "nl",
    )


def test_a_webhook_that_fails_stops_nothing_and_is_tried_after_the_next_run(town: Town) -> None:
    town.know(post("kop", 50))
    looked = seen(town, Hook(500))
    assert (len(looked.new), looked.posted_count) == (1, 0)
    assert "hooks.example answered 500" in looked.problem
    assert "geheim" not in looked.problem
    assert len(entries(town)) == 1
    town.now += DAY
    hook = Hook()
    assert seen(town, hook).posted_count == 1
    assert len(hook.bodies) == 1


def test_news_of_a_week_ago_is_not_posted_any_more(town: Town) -> None:
    town.know(post("kop", 50))
    seen(town)
    town.now += 8 * DAY
    assert seen(town, Hook()).posted_count == 0


def test_who_wakes_and_falls_asleep_again_is_told_again(town: Town) -> None:
    town.know(post("kop", 50))
    assert len(seen(town).new) == 1
    town.know(post("wakker", 101), days=(0, 140))
    town.now = moment(140)
    assert len(seen(town).new) == 1
    assert len(entries(town)) == 2
    assert "2024-04-12" in entries(town)[0].content[0].value


def test_no_citizen_and_no_address_of_the_webhook_is_in_any_file(town: Town) -> None:
    town.know(post("kop", 50), received=(asked("1", 85),))
    seen(town, Hook())
    everything = bytes_of(town.data_dir)
    for secret in (CITIZEN.encode(), b"Wanneer", b"hooks.example", b"geheim"):
        assert secret not in everything


def test_an_empty_feed_is_a_feed(town: Town) -> None:
    town.know(post("wakker", 99))
    seen(town)
    assert entries(town) == []


def test_a_store_in_use_is_told(tmp_path: Path) -> None:
    (tmp_path / "winterslaap.key").write_bytes(SECRET)
    people = write_roster(tmp_path, per_host=1)
    with collecting(tmp_path, 0.2), pytest.raises(StoreError, match="is using it"):
        look(tmp_path, people, Config())


def test_addresses_that_a_browser_can_open() -> None:
    at = "at://did:plc:an/app.bsky.feed.post/3k"
    assert web_address(at) == "https://bsky.app/profile/did:plc:an/post/3k"
    assert web_address("https://toet.example/@an/1") == "https://toet.example/@an/1"
    assert web_address("javascript:alert(1)") is None
    assert web_address(None) is None
