"""Things to do from what was posted and received to the list, small councils by hand."""

from __future__ import annotations

from contextlib import closing
from functools import cache
from typing import Any

import duckdb
import pytest

from metrics import models
from metrics.text import TOPICS
from metrics.todo.facts import Fact
from metrics.todo.gather import gather
from tests.council import BOB, EVE, FIRST, PARTY, Council, on
from tests.oracles.build import day

pytestmark = pytest.mark.local_days

ANN, DAN, FAY, GUS = 911, 912, 913, 914  # more citizens
ELSEWHERE = "BE-WAL"
READ = (
    "active_day", "ask_month", "person_total", "promise", "question", "raised_trigger",
    "received_item", "response", "season_run", "talk_day", "topic", "topic_day",
)  # fmt: skip
NO_SHARES = """
create table metric as
select p.person_id, m.metric, 'off_season' as phase, 'too_few' as reason,
    null as value, null as numerator, null as denominator
from people p cross join (values ('campaign_share'), ('service_share')) m(metric)
"""
OWN_ITEMS = """
create table store.post as
select p.post_key, 'own ' || p.post_key as uri, '' as text, p.at as seen_at from posts p
"""


def told(council: Council, kind: str, *people: int) -> list[Fact]:
    """What each of these people could do of this kind; without people the first."""
    with closing(duckdb.connect()) as con:
        council.fill(con)
        for model in needed():
            models.create(con, model)
        con.execute(NO_SHARES)
        con.execute("create schema store")
        con.execute(OWN_ITEMS)
        facts = [fact for person in people or (1,) for fact in gather(con, person)]
    return [fact for fact in facts if fact.kind == kind]


@cache
def needed() -> tuple[models.Model, ...]:
    """The models that the lists read, and those on which they rest."""
    ordered, wanted = models.in_order(models.all_models()), set(READ)
    for model in reversed(ordered):
        if model.name in wanted:
            wanted |= model.reads
    return tuple(model for model in ordered if model.name in wanted)


def nth(text: str) -> int:
    """Which day of the story a date is."""
    return day(text) - FIRST


def one_member() -> Council:
    council = Council()
    council.person()
    council.account()
    return council


def colleague(council: Council, jurisdiction: str = "BE-VLG") -> dict[str, int]:
    """A second politician with an account of his own; what his items are written with."""
    council.person(2, mandate=False)
    council.mandate(2, jurisdiction=jurisdiction)
    council.account(9, 2)
    return {"account": 9, "person": 2}


# --- the last campaign -----------------------------------------------------------------


def test_the_last_campaign_that_is_over_is_the_one_told_of() -> None:
    council = one_member()
    for number in (200, 400, 729):  # the third lasts to the last known day
        council.election(number, f"e{number}")
    for number, citizen in ((150, BOB), (350, EVE), (450, GUS), (700, DAN)):
        council.reply(number, citizen)
    his = colleague(council, ELSEWHERE)
    council.election(500, "elsewhere", jurisdiction=ELSEWHERE)
    council.reply(450, FAY, **his)
    council.reply(550, EVE, **his)
    (fact,) = told(council, "campaign_talk")
    assert fact.days == {"first": on(311), "last": on(400)}
    assert ([item.partner_key for item in fact.items], fact.whole) == ([EVE], 1)


def test_campaign_talks_are_those_from_its_first_day_to_election_day_and_not_since() -> None:
    council = one_member()
    council.election(200)  # a season from day 111
    talks = {
        ANN: (110,),
        BOB: (111,),
        EVE: (200,),
        DAN: (201,),
        FAY: (110, 150, 151),
        GUS: (199, 201),
    }
    for citizen, days in talks.items():
        for number in days:
            council.reply(number, citizen)
    (fact,) = told(council, "campaign_talk")
    assert (fact.part, fact.whole) == (3, 4)
    assert [(item.partner_key, item.count, item.on) for item in fact.items] == [
        (FAY, 2, on(151)),
        (EVE, 1, on(200)),
        (BOB, 1, on(111)),
    ]


@pytest.mark.parametrize(("second", "first"), [(290, 111), (291, 202)])
def test_seasons_that_touch_are_one_campaign_also_over_an_unknown_day(
    second: int, first: int
) -> None:
    council = Council()
    council.person()
    council.account(known=(-1000, 149))
    council.known(1, 151, 5000)
    colleague(council, ELSEWHERE)
    council.election(210, "elsewhere", jurisdiction=ELSEWHERE)
    council.election(200, "e1")
    council.election(second, "e2")
    council.reply(second)
    (fact,) = told(council, "campaign_talk")
    assert fact.days == {"first": on(first), "last": on(second)}


def test_why_there_is_no_campaign_to_come_back_to() -> None:
    council = Council()
    for person, jurisdiction in enumerate(("X", "X", "X", "Y", "Z"), start=1):
        council.person(person, mandate=False)
        council.mandate(person, jurisdiction=jurisdiction)
    council.account(1, 1, known=(-1000, 200))  # to the last day of the season
    council.account(2, 2)
    council.account(3, 3, replies=False)
    council.account(4, 4, known=(-1000, 699))
    council.known(4, 701, 5000)
    council.account(5, 5)
    council.election(200, "over", jurisdiction="X")
    council.election(729, "running", jurisdiction="Y")
    council.reply(199, account=1, person=1)
    council.reply(705, account=4, person=4)
    reasons = [fact.reason for fact in told(council, "campaign_talk", 1, 2, 3, 4, 5)]
    assert reasons == ["no_season", "too_few", "not_observable", "no_season", "no_season"]


# --- questions -------------------------------------------------------------------------


def test_a_question_is_open_until_the_asker_gets_a_public_word_after_it() -> None:
    council = one_member()
    his = colleague(council)

    def ask(number: int) -> tuple[int, int]:
        return council.ask(number, 1_000 + number), 1_000 + number

    item, who = ask(650)
    council.reply(651, who, root_key=item)
    item, who = ask(652)
    council.reply(653, None, root_key=item)
    item, who = ask(654)
    council.reply(655, who, root_key=item, is_redirect=True)
    item, who = ask(656)
    council.post(657, kind="quote", parent_key=item, partner_key=who)
    item, who = ask(660)
    council.reply(661, BOB, root_key=item)  # somebody else there
    item, who = ask(662)
    council.reply(663, who)  # in another thread
    item, who = ask(664)
    council.reply(664, who, root_key=item, hour=9)  # before it
    item, who = ask(666)
    council.reply(666, who, root_key=item, hour=10)  # in the same second
    item, who = ask(668)
    council.post(668, kind="quote", parent_key=item, partner_key=who, hour=10)
    item, who = ask(670)
    council.post(671, kind="quote", parent_key=77, partner_key=who)  # of something else
    item, who = ask(672)
    council.reply(673, who, root_key=item, **his)
    council.post(674, kind="quote", parent_key=item, partner_key=who, **his)
    (fact,) = told(council, "question")
    assert fact.whole == 11
    assert [one.on for one in fact.items] == [on(number) for number in range(660, 673, 2)]


def test_a_question_stands_under_the_own_post_it_answers_or_that_began_its_thread() -> None:
    council = one_member()
    his = colleague(council)
    mine, head, foreign = council.post(640), council.post(641), council.post(642, **his)
    council.account(2)
    again = next(row for row in council.rows["posts"] if row["post_key"] == mine)
    council.rows["posts"].append({**again, "account_key": 2})  # seen on two of her accounts
    for number, (parent, root) in enumerate(
        ((mine, mine), (77, head), (mine, head), (77, foreign), (foreign, 78))
    ):
        council.ask(700 + number, parent_key=parent, root_key=root)
    (fact,) = told(council, "question")
    own = [f"own {mine}", f"own {head}", f"own {mine}", "", ""]
    assert ([item.uri for item in fact.items], fact.whole) == (own, 5)


def test_a_question_on_a_day_on_which_acts_are_unknown_is_not_called_open() -> None:
    council = Council()
    council.person()
    council.account(known=None)
    council.known(1, -1000, 5000, "received")
    council.known(1, -1000, 699, "acts")
    council.known(1, 701, 5000, "acts")
    for number in (699, 700, 701):
        council.ask(number)
    (fact,) = told(council, "question")
    assert ([item.on for item in fact.items], fact.whole) == ([on(699), on(701)], 2)


def test_an_item_that_names_two_politicians_is_a_question_to_each() -> None:
    council = one_member()
    his = colleague(council)
    item = council.ask(700)
    council.rows["received"].append(
        {**council.rows["received"][-1], "account_key": 9, "person_key": 2}
    )
    council.reply(701, root_key=item, **his)
    facts = told(council, "question", 1, 2)
    assert [(fact.part, fact.whole) for fact in facts] == [(1, 1), (0, 1)]


# --- promises --------------------------------------------------------------------------


def promise(council: Council, number: int, to: int | None, **more: Any) -> int:
    return council.reply(number, to, **{"label": "help_thank", "promise": True, **more})


def test_a_promise_is_to_do_until_a_later_reply_in_the_thread_or_to_the_citizen() -> None:
    council = one_member()
    his = colleague(council)
    promise(council, 398, 1_001)
    council.reply(400, 1_002, hour=12.98, root_key=promise(council, 400, 1_002))
    council.reply(462, 1_003, hour=12.001, root_key=promise(council, 402, 1_003))
    council.post(405, root_key=promise(council, 404, 1_004))
    council.reply(407, 1_005, root_key=promise(council, 406, 1_005), **his)
    council.post(409, kind="quote", partner_key=1_006, root_key=promise(council, 408, 1_006))
    promise(council, 725, 1_007)  # sixty days are not over
    shared = promise(council, 420, 1_011)
    council.rows["posts"].append({**council.rows["posts"][-1], "account_key": 9, "person_key": 2})
    council.reply(421, BOB, root_key=shared)
    promise(council, 422, 1_012)
    council.reply(423, 1_012)
    council.reply(424, BOB, hour=13, root_key=promise(council, 424, 1_013))
    promise(council, 426, 1_014)
    council.reply(486, 1_014)
    promise(council, 428, 1_015)
    council.reply(428, 1_015, hour=13)
    council.reply(490, BOB, root_key=promise(council, 430, 1_016))
    council.reply(433, 1_017, root_key=promise(council, 432, 1_017))
    fact, of_colleague = told(council, "promise", 1, 2)
    assert [item.on for item in fact.items] == [
        on(number) for number in (398, 400, 402, 404, 406, 408, 725)
    ]
    assert (of_colleague.part, of_colleague.whole) == (1, 1)
    assert fact.whole == 14


def test_a_promise_is_a_read_reply_to_a_citizen_on_a_known_day_where_replies_are_shown() -> None:
    council = Council()
    council.person(mandate=False)
    council.mandate(first=395)
    council.account(known=(-1000, 437))
    council.known(1, 439, 5000)
    council.account(2, replies=False)
    council.add("partners", partner_key=PARTY, **{"class": "party"})
    promise(council, 390, BOB)  # before the mandate
    promise(council, 430, PARTY)
    promise(council, 432, BOB, label=None)
    council.post(434, kind="quote", partner_key=BOB, label="help_thank", promise=True)
    promise(council, 436, BOB, account=2)
    promise(council, 438, BOB)  # on an unknown day
    promise(council, 440, BOB, promise=False)
    promise(council, 442, None)
    promise(council, 444, BOB)
    (fact,) = told(council, "promise")
    assert ([item.on for item in fact.items], fact.whole) == ([on(444)], 1)


# --- months ----------------------------------------------------------------------------


def test_a_month_counts_with_twenty_known_days_of_a_mandate_of_which_every_act_was_read() -> None:
    council = Council()
    council.person(mandate=False)
    council.mandate(last=nth("2022-12-19"))  # nineteen days of December
    council.account(known=(-1000, nth("2022-02-09")))
    council.known(1, nth("2022-02-11"), nth("2022-02-20"))
    council.known(1, nth("2022-02-28"), nth("2022-03-01"))  # the twentieth of February
    council.known(1, nth("2022-03-03"), nth("2022-03-21"))  # and of March
    council.known(1, nth("2022-04-12"), 5000)  # nineteen days of April
    his = colleague(council)
    ask = {"label": "ask_public", "asks_public": True}
    for moment in ("2021-07-05", "2022-05-10", "2022-05-11", "2022-06-12"):
        council.post(nth(moment), **ask)
    for moment in ("2021-08-05", "2022-06-10"):
        council.post(nth(moment))  # never read
    council.post(nth("2022-09-05"), **ask, **his)
    council.post(nth("2022-10-05"), **his)
    (fact,) = told(council, "ask_month")
    assert (fact.part, fact.whole) == (11, 12)
    assert [f"{item.on:%y-%m}" for item in fact.items] == [
        "22-11", "22-10", "22-09", "22-08", "22-07", "22-03", "22-02", "22-01",
        "21-12", "21-11", "21-10",
    ]  # fmt: skip


# --- topics ----------------------------------------------------------------------------


def bits(*topics: str) -> int:
    return sum(1 << TOPICS.index(topic) for topic in topics)


def test_a_topic_is_to_do_from_when_it_was_raised_last_where_no_own_act_is_about_it() -> None:
    council = one_member()
    his = colleague(council)
    raised = {
        "waste": (500, 600),
        "care": (610,),
        "mobility": (620,),
        "green": (630,),
        "taxes": (640,),
    }
    for topic, days in raised.items():
        for number, who in ((first + i, 1_000 + i) for first in days for i in range(3)):
            council.ask(number, who, topic_bits=bits(topic))
            if topic == "taxes":
                council.rows["received"][-1] |= {"account_key": 9, "person_key": 2}
    council.post(300, label="position", topic_bits=bits("care", "schools"))
    council.post(305, label="position", topic_bits=bits("care", "culture"))
    council.post(310, label="position", topic_bits=bits("mobility"), **his)
    (fact,) = told(council, "topic")
    assert [(item.topic, item.on) for item in fact.items] == [
        ("green", on(632)),
        ("mobility", on(622)),
        ("waste", on(602)),
    ]
    assert fact.whole == 4
