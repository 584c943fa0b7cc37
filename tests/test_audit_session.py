"""One's own archive in memory: what is counted of it, what comes of it, and that nothing stays."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pytest

from dashboard.audit_run import Audit, Given, audit, measured, survey
from ingest import session
from ingest.collect import STORE_FILE
from ingest.model import Account, Batch, Kind, Post
from ingest.roster import Roster
from metrics import text
from metrics.todo.facts import Fact
from tests.audit_world import (
    ASKED,
    CAMPAIGN,
    CITIZENS,
    HANDLE,
    MADE,
    ONLY_IN_CAMPAIGN,
    SECRET,
    WHO,
    as_batch,
    asked,
    collected,
    public_batch,
    roster_files,
    x_archive,
)

OWN = Account(f"{WHO}-x", WHO, "x", HANDLE)


def audited(folder: Path, roster: Roster, *contents: bytes) -> Audit:
    given = [Given(f"archive-{n}.zip", content) for n, content in enumerate(contents)]
    seen = survey(given, roster, roster.people[0], folder)
    return audit(list(zip(given, seen, strict=True)), roster, roster.people[0], folder)


def of_batches(roster: Roster, account: Account, *batches: Batch) -> Audit:
    with session.begin(roster, roster.people[0], text) as here:
        here.add_batches(account, batches)
        return measured(here)


def fact(made: Audit, kind: str) -> Fact:
    return next(one for one in made.facts if one.kind == kind)


def test_an_archive_gives_a_score_and_says_what_it_cannot_show(tmp_path: Path) -> None:
    made = audited(tmp_path, roster_files(tmp_path), x_archive())
    row = made.tables["score"].iloc[0]
    assert set(row["pillars"].split("+")) == {"presence", "steadiness", "conversation"}
    points = made.ahead.now.points
    assert points["presence"] == 100.0
    assert points["answering"] is None
    assert (fact(made, "question").reason, fact(made, "topic").reason) == (
        "not_observable",
        "not_observable",
    )
    assert made.as_of == MADE - timedelta(days=1)


def test_who_was_met_in_the_campaign_alone_is_named_to_the_owner(tmp_path: Path) -> None:
    made = audited(tmp_path, roster_files(tmp_path), x_archive())
    talks = fact(made, "campaign_talk")
    assert talks.days == {"first": CAMPAIGN[0], "last": CAMPAIGN[1]}
    assert (talks.part, talks.whole) == (1, 6)
    assert [made.names[item.partner_key or 0] for item in talks.items] == [f"@{ONLY_IN_CAMPAIGN}"]
    assert talks.items[0].count == 15  # Fridays from 5 July to 11 October
    assert set(made.names.values()) == {f"@{ONLY_IN_CAMPAIGN}"}, "no name more than is shown"


def test_another_session_has_another_key_and_the_same_things_to_do(tmp_path: Path) -> None:
    roster = roster_files(tmp_path)
    one, other = (audited(tmp_path, roster, x_archive()) for _ in range(2))
    keys = [[item.key for f in made.facts for item in f.items] for made in (one, other)]
    assert keys[0] == keys[1]
    assert one.names.keys().isdisjoint(other.names)


def test_nothing_of_the_archive_is_in_any_file_or_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    roster = roster_files(tmp_path)
    collected(tmp_path, public_batch())
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    audited(tmp_path, roster, x_archive())
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert after == before
    said = capfd.readouterr()
    for word in (SECRET, ONLY_IN_CAMPAIGN, *CITIZENS):
        assert word not in caplog.text + said.out + said.err


def test_a_session_never_spills_to_a_disk_and_is_gone_when_closed(tmp_path: Path) -> None:
    roster = roster_files(tmp_path)
    with session.begin(roster, roster.people[0], text) as here:
        here.add_batches(OWN, [as_batch()])
        con = here.store.beside()
        assert con.execute("select current_setting('temp_directory')").fetchall() == [("",)]
        assert con.execute("select count(*) > 0 from store.post").fetchall() == [(True,)]
        assert here.names
    assert not here.names
    with pytest.raises(duckdb.Error):
        con.execute("select count(*) from store.post")


def test_what_is_public_stands_beside_the_archive_with_its_open_questions(tmp_path: Path) -> None:
    roster = roster_files(tmp_path)
    ask = asked(date(2024, 12, 20), "vrager", "Wanneer gaat het park open?")
    thanks = asked(date(2024, 12, 21), "ander", "Wat kost een abonnement?")
    answer = Post(
        "at://did:plc:anaudit/app.bsky.feed.post/3kanswer",
        datetime(2024, 12, 22, 9, tzinfo=UTC),
        Kind.REPLY,
        text="Een abonnement kost tien euro.",
        parent_uri=thanks.uri,
        root_uri=ASKED,
        partner="did:plc:ander",
    )
    collected(tmp_path, public_batch(ask, thanks, more=[answer]))
    made = audited(tmp_path, roster, x_archive())
    questions = fact(made, "question")
    assert (questions.reason, questions.part, questions.whole) == (None, 1, 2)
    assert [item.uri for item in questions.items] == [ASKED]
    assert questions.items[0].due == date(2025, 1, 3)
    assert len(made.tables["account"]) == 2
    assert made.is_with_public
    assert made.ahead.open_count == 1  # it is in time until 3 January
    assert made.ahead.new_count == 11


def test_a_promise_stays_until_a_later_reply(tmp_path: Path) -> None:
    roster = roster_files(tmp_path)

    def reply(number: int, day: date, to: str, said: str) -> Post:
        at = datetime.combine(day, time(12), UTC)
        root = f"https://x.example/thread/{to}"
        return Post(
            f"https://x.example/p/{number}", at, Kind.REPLY, text=said, partner=to,
            parent_uri=root, root_uri=root,
        )  # fmt: skip

    promise = "Ik vraag het na en laat het je weten."
    more = [
        reply(1, date(2024, 11, 20), "piet_open", promise),
        reply(2, date(2024, 11, 20), "els_klaar", promise),
        reply(3, date(2024, 11, 25), "els_klaar", "Het park gaat om acht uur open."),
    ]
    promises = fact(of_batches(roster, OWN, as_batch(more=more)), "promise")
    assert (promises.part, promises.whole) == (1, 2)
    assert promises.items[0].uri == "https://x.example/p/1"
    assert promises.items[0].due == date(2025, 1, 19)
    assert promises.items[0].text == promise


def test_a_topic_that_three_raised_and_nobody_touched_is_to_do(tmp_path: Path) -> None:
    roster = roster_files(tmp_path)
    said = (
        "Het zwerfvuil in onze straat wordt nooit opgehaald.",
        "Er ligt sluikstort naast de glasbol bij de kerk, al weken.",
        "Het huisvuil van vorige maandag staat er nog altijd.",
    )
    asks = [asked(date(2024, 12, 2 + n), f"buur{n}", words) for n, words in enumerate(said)]
    account = roster.accounts[0]
    made = of_batches(roster, account, public_batch(*asks))
    topics = fact(made, "topic")
    assert (topics.reason, topics.part, topics.whole) == (None, 1, 1)
    assert topics.items[0].topic == "waste"
    two = of_batches(roster, account, public_batch(*asks[:2]))
    assert fact(two, "topic").reason == "too_few"


def test_months_without_an_ask_are_listed(tmp_path: Path) -> None:
    roster = roster_files(tmp_path)
    ask = Post(
        "https://x.example/ask", datetime(2024, 10, 22, 9, tzinfo=UTC), Kind.POST,
        text="Wat vinden jullie van het nieuwe plein? Laat het weten.",
    )  # fmt: skip
    months = fact(of_batches(roster, OWN, as_batch(more=[ask])), "ask_month")
    assert (months.part, months.whole) == (11, 12)
    assert date(2024, 10, 1) not in [item.on for item in months.items]
    assert months.items[0].on == date(2024, 12, 1)


def test_the_forecast_is_the_score_of_days_that_really_came(tmp_path: Path) -> None:
    """The same twelve answers, put into the archive by hand, score the same."""
    roster = roster_files(tmp_path)
    now = of_batches(roster, OWN, as_batch())
    came = [
        Post(
            f"https://x.example/come/{week}-{place}",
            datetime.combine(MADE + timedelta(days=7 * week + place), time(12), UTC),
            Kind.REPLY,
            text="Komt in orde.",
            partner=f"nieuw{week}{place}",
            parent_uri=f"https://x.example/new/{week}-{place}",
            root_uri=f"https://x.example/new/{week}-{place}",
        )
        for week in range(4)
        for place in (1, 3, 5)
    ]
    then = of_batches(roster, OWN, as_batch(MADE + timedelta(days=28), came))
    assert now.ahead.then is not None
    assert now.ahead.then.points == pytest.approx(then.ahead.now.points)
    assert now.ahead.then.score == pytest.approx(then.ahead.now.score)
    assert now.ahead.then.score != pytest.approx(now.ahead.now.score)
    assert (now.ahead.from_on, now.ahead.to_on) == (MADE, MADE + timedelta(days=27))
    assert now.tables["score"].iloc[0]["score"] == now.ahead.now.score, "today's stays as it is"


def test_too_little_data_stays_too_little_after_four_weeks(tmp_path: Path) -> None:
    roster = roster_files(tmp_path)
    batch = as_batch()
    few = replace(batch, posts=batch.posts[:3])
    made = of_batches(roster, OWN, few)
    assert made.ahead.now.score is None
    assert made.ahead.then is not None
    assert made.ahead.then.score is None
    assert made.ahead.then.reason == "too_few"


def test_after_the_mandate_no_day_counts_and_there_is_no_forecast(tmp_path: Path) -> None:
    roster = roster_files(tmp_path, to_on="2024-12-30")
    made = of_batches(roster, OWN, as_batch())
    assert (made.ahead.then, made.ahead.reason) == (None, "not_eligible")


def test_an_archive_of_what_is_collected_in_public_is_set_aside(tmp_path: Path) -> None:
    roster = roster_files(tmp_path)
    accounts = tuple(replace(one, platform="x", handle=HANDLE) for one in roster.accounts)
    roster = replace(roster, accounts=accounts)
    collected(tmp_path, public_batch())
    (seen,) = survey([Given("x.zip", x_archive())], roster, roster.people[0], tmp_path)
    assert seen.is_set_aside
    (alone,) = survey([Given("x.zip", x_archive())], roster, roster.people[0], None)
    assert not alone.is_set_aside
    assert (alone.counts.posts, alone.counts.replies) == (201, 215)


def test_a_file_that_is_nothing_known_says_what_to_do(tmp_path: Path) -> None:
    roster = roster_files(tmp_path)
    (seen,) = survey([Given("brief.txt", b"hallo")], roster, roster.people[0], tmp_path)
    assert seen.refusal is not None
    assert seen.refusal.todo


def test_a_busy_store_leaves_out_what_is_public_and_says_so(tmp_path: Path) -> None:
    roster = roster_files(tmp_path)
    (tmp_path / STORE_FILE).write_bytes(b"this is no store")
    made = audited(tmp_path, roster, x_archive())
    assert made.public_left
    assert fact(made, "question").reason == "not_observable"
