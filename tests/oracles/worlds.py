"""Small dense worlds: councils in which every rule of METHOD §0 to §5 is at its edge somewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.oracles.debates import ask, campaign, debate, promise
from tests.oracles.draft import Draft
from tests.oracles.items import habit, questions, series, sleeper
from tests.oracles.rows import (
    Absence,
    Account,
    Election,
    Mandate,
    Partner,
    Person,
    Span,
    World,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

PARTNERS = (
    Partner(2001, "politician"),
    Partner(2002, "politician"),
    Partner(3001, "party"),
    Partner(4001, "media"),
    Partner(5001, "organisation"),
    Partner(6001, "own", 1),
    Partner(7001, "media"),
    Partner(7001, "own", 2),
)


@st.composite
def worlds(
    draw: Any,
    *,
    people: tuple[int, int] = (1, 4),
    runs: tuple[int, int] = (1, 6),
    asked: tuple[int, int] = (0, 3),
    min_days: int = 200,
    calm: int = 2,
    sleepers: int = 1,
    elections_at_least: int = 0,
    debates: int = 0,
    choices: Mapping[str, Any] | None = None,
) -> World:
    """A council of `people` with `runs` series of own items each, and `asked` series of questions.

    `calm` in 4 have whole accounts, wholly known, in an office that the elections renew;
    `sleepers` in 4 stop around an election. Up to `debates` of each person are about
    something. `choices`: those that are not the headline's.
    """
    start = draw(st.integers(19_000, 19_006))
    end = start + draw(st.integers(min_days, 900))
    draft = Draft(draw, start, end, offset=draw(st.sampled_from([0, 3_600, 7_200])))
    draft.edges += [start, end - 1, (start + end) // 2]
    elections = _elections(draft, elections_at_least)
    count = draft.count(*people)
    persons = tuple(_person(draft, key) for key in range(1, count + 1))
    mandates: list[Mandate] = []
    accounts: list[Account] = []
    spans: list[Span] = []
    for person in persons:
        draft.is_calm = draft.pick(*[True] * calm, *[False] * (4 - calm))
        mandates += _mandates(draft, person, elections)
        mine = _accounts(draft, person, first_key=len(accounts) + 1)
        accounts += mine
        spans += [s for account in mine for s in _spans(draft, account)]
        if elections and draft.pick(*[True] * sleepers, *[False] * (4 - sleepers)):
            sleeper(draft, draft.pick(*mine), elections)
        elif draft.pick(True, True, False):
            habit(draft, draft.pick(*mine), elections)
        for _ in range(draft.count(*runs)):
            series(draft, draft.pick(*mine))
        for _ in range(draft.count(*asked)):
            questions(draft, draft.pick(*mine), mine)
        for _ in range(draft.count(0, debates)):
            _debate(draft, mine)
    return World(
        start_day=start,
        end_day=end,
        choices=choices or {},
        season_rule=draft.pick("legal", "legal", "60", "90", "120", "180"),
        people=persons,
        mandates=tuple(mandates),
        elections=elections,
        absences=_absences(draft, persons),
        accounts=tuple(accounts),
        spans=tuple(spans),
        partners=PARTNERS,
        posts=tuple(draft.posts),
        received=tuple(draft.received),
    )


@st.composite
def levels(draw: Any, **how: Any) -> World:
    """Councils in which half of the elections are for another level: others' seasons."""
    world = draw(worlds(elections_at_least=2, **how))
    other = draw(st.lists(st.booleans(), min_size=len(world.elections) - 1, max_size=3))
    elections = [
        replace(election, level="federal" if is_other else "local")
        for election, is_other in zip(world.elections, [True, *other], strict=False)
    ]
    return replace(world, elections=tuple(elections))


def _debate(draft: Draft, mine: list[Account]) -> None:
    what, account = draft.pick("topic", "topic", "campaign", "ask", "promise"), draft.pick(*mine)
    if what == "topic":
        debate(draft, account)
    elif what == "campaign":
        campaign(draft, account)
    elif what == "ask":
        ask(draft, account, mine)
    else:
        promise(draft, account)


def _elections(draft: Draft, at_least: int) -> tuple[Election, ...]:
    found: list[Election] = []
    for i in range(max(at_least, draft.pick(0, 1, 1, 1, 2, 2, 3))):
        length = draft.end - draft.start
        day = draft.edge(
            draft.start + draft.pick(*[length // 2] * 5, *[length - 60] * 4, -40, -1, length + 60)
        )
        day += draft.count(0, 40)
        if i and draft.chance(6):
            day = found[0].day
        last = draft.edge(day + draft.pick(0, 0, 0, 0, 7, 28, 29, 60, 105))
        found.append(
            Election(
                election_id=f"e{i}",
                jurisdiction=draft.pick(*["X"] * 9, "Y"),
                level=draft.pick(*["local"] * 9, "federal"),
                day=day,
                last_round_day=last,
                called_day=draft.pick(None, None, day - 45, day - 100),
                regulated_day=draft.pick(None, day - 40, day - 100, day - 100),
                applies_to=draft.pick("person", "person", "party", "office", None),
                is_verified=draft.pick(True, False),
            )
        )
        draft.edge(found[-1].day - 89)
    return tuple(found)


def _person(draft: Draft, key: int) -> Person:
    office = draft.pick(*["councillor"] * 8, "mayor", None)
    return Person(key, f"p{key}", office, draft.pick(*["local"] * 8, "federal", None))


def _mandates(draft: Draft, person: Person, elections: tuple[Election, ...]) -> list[Mandate]:
    key = person.person_key
    where = ("Y" if draft.chance(8) else "X", "federal" if draft.chance(8) else "local")
    middle = draft.near_edge()
    whole = Mandate(key, "mandate", *where, None, draft.start - 300, draft.end + 300)
    before = Mandate(key, "mandate", *where, None, draft.start - 300, middle)
    after = Mandate(key, "mandate", *where, None, middle + draft.pick(1, 2, 40), draft.end + 300)
    rows = [whole]
    if draft.chance(2):
        rows = list(draft.pick([before], [after], [before, after], []))
    for election in elections:
        if draft.chance(4):
            first = election.day - draft.pick(30, 100, 300)
            rows.append(
                Mandate(key, "candidacy", None, None, election.election_id, first, election.day)
            )
    return rows


def _absences(draft: Draft, persons: tuple[Person, ...]) -> tuple[Absence, ...]:
    rows = []
    for person in persons:
        if draft.chance(5):
            first = draft.near_edge()
            rows.append(Absence(person.person_key, first, first + draft.pick(0, 10, 120)))
    return tuple(rows)


def _accounts(draft: Draft, person: Person, first_key: int) -> list[Account]:
    rows = []
    for i in range(draft.pick(1, 1, 2, 3)):
        first, last = draft.start - 200, draft.end + 200
        if draft.chance(3):
            first = draft.edge(draft.near_edge())
        if draft.chance(4):
            last = draft.edge(first + draft.pick(20, 200, 600))
        rows.append(
            Account(
                account_key=first_key + i,
                person_key=person.person_key,
                account_id=f"a{first_key + i}",
                platform=draft.pick("bluesky", "mastodon"),
                run_by=draft.pick("office", "party", "campaign") if draft.chance(4) else "self",
                first_day=first,
                last_day=last,
                shows_acts=not draft.chance(12),
                shows_replies=not draft.chance(5),
                shows_received=not draft.chance(5),
            )
        )
    return rows


def _spans(draft: Draft, account: Account) -> list[Span]:
    rows = []
    for stream in ("acts", "received"):
        whole = [(draft.start - 300, draft.end + 300)]
        first = draft.near_edge()
        hole = [(draft.start - 300, first), (first + 1 + draft.pick(1, 3, 40), draft.end + 300)]
        late = [(first, draft.end - draft.pick(1, 1, 50))]
        overlapping = [(draft.start, first), (first - 20, draft.end - 1)]
        days = whole
        if draft.chance(2):
            days = draft.pick(hole, hole, late, overlapping, [])
            draft.edge(first)
        rows += [Span(account.account_key, stream, a, b) for a, b in days if a <= b]
    return rows
