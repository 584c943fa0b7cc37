"""Small dense worlds: councils in which every rule of METHOD §0 to §5 is at its edge somewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.oracles.lives import local_day
from tests.oracles.rows import (
    DAY,
    Absence,
    Account,
    Election,
    Mandate,
    Partner,
    Person,
    Post,
    Received,
    Span,
    World,
)

CITIZENS = tuple(range(1001, 1015))
OTHERS = (2001, 2002, 3001, 4001, 5001, 6001, 7001)
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
SECONDS = (0, 1, 3_599, 43_200, 86_399)
STEPS = (0, 1, 1, 2, 3, 3, 5, 7, 7, 14, 29, 30, 91, 120)
DELAYS = (0, 1, 3_600, DAY, 3 * DAY, 7 * DAY, 14 * DAY - 1, 14 * DAY, 14 * DAY + 1, 20 * DAY)
KINDS = ("post", "post", "reply", "reply", "reply", "quote", "self_reply", "repost")


@dataclass
class Draft:
    """A world in the making, with the days on which something changes."""

    draw: Any
    start: int
    end: int
    offset: int
    edges: list[int] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    next_key: int = 10_000
    is_calm: bool = False

    def pick(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def count(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def chance(self, one_in: int) -> bool:
        """Something odd, seldom; never where the person's life is calm."""
        return not self.is_calm and bool(
            self.draw(st.sampled_from([False] * (one_in - 1) + [True]))
        )

    def key(self) -> int:
        self.next_key += 1
        return self.next_key

    def edge(self, day: int) -> int:
        self.edges.append(day)
        return day

    def near_edge(self) -> int:
        return int(self.pick(*self.edges)) + int(self.pick(-28, -1, 0, 0, 1, 14, 28, 60))

    def day_of(self, at: int) -> int:
        return local_day(at, self.offset)

    def at(self, day: int, second: int) -> int:
        """The moment that is `second` seconds into the local day."""
        return day * DAY + second - self.offset


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
) -> World:
    """A council of `people` with `runs` series of own items each, and `asked` series of questions.

    `calm` in 4 have whole accounts, wholly known, in an office that the elections renew;
    `sleepers` in 4 stop around an election.
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
            _sleeper(draft, draft.pick(*mine), elections)
        elif draft.pick(True, True, False):
            _habit(draft, draft.pick(*mine), elections)
        for _ in range(draft.count(*runs)):
            _series(draft, draft.pick(*mine))
        for _ in range(draft.count(*asked)):
            _questions(draft, draft.pick(*mine), mine)
    return World(
        start_day=start,
        end_day=end,
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
        last = draft.edge(day + draft.pick(0, 0, 7, 28))
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


def _habit(draft: Draft, account: Account, elections: tuple[Election, ...]) -> None:
    """A series that lasts the whole window, or that a campaign adds to or interrupts."""
    step, first, last = draft.pick(1, 2, 3, 7, 10), draft.start - 20, draft.end + 20
    how = draft.pick("steady", "steady", "burst", "hush") if elections else "steady"
    if how == "steady":
        return _run(draft, account, first, step, (last - first) // step)
    day = draft.pick(*elections).day + draft.pick(0, -7)
    if how == "burst":
        _run(draft, account, first, step * 4, (last - first) // step // 4)
        return _run(draft, account, day - 60, 1, 61)
    _run(draft, account, first, step, (day - 90 - first) // step)
    return _run(draft, account, day + 1, step, (last - day) // step)


def _sleeper(draft: Draft, account: Account, elections: tuple[Election, ...]) -> None:
    """A habit that stops around an election and comes back much later, if at all."""
    stop = draft.pick(*elections).last_round_day + draft.pick(-40, -1, 0, 1, 2, 27, 28, 29)
    step = draft.pick(1, 2, 5)
    _run(draft, account, stop - step * 60, step, 61)
    back = stop + draft.pick(28, 29, 89, 90, 91, 92, 130, 250, 365, 366, 367)
    _run(draft, account, back, draft.pick(1, 2, 10, 40), draft.pick(1, 20, 100))


def _series(draft: Draft, account: Account) -> None:
    """A series from some edge on."""
    day, step = draft.near_edge(), draft.pick(*STEPS)
    length = draft.count(1, 8) if step == 0 else draft.pick(1, 4, 30, 60, 120, 120)
    _run(draft, account, day, step, length)


def _run(draft: Draft, account: Account, day: int, step: int, length: int) -> None:
    """Own items of one kind, some a day, every `step` days."""
    a_day = draft.pick(1, 1, 1, 2, 4)
    kind = "unknown" if draft.chance(20) else draft.pick(*KINDS)
    second = draft.pick(*SECONDS)
    partners = draft.pick(CITIZENS, CITIZENS, CITIZENS[:1], OTHERS, (None,))
    threads = draft.pick(1, 5, 30)
    parent_after = draft.pick(None, -1, 0, 3_600, DAY, DAY + 1)
    is_backdated, is_crosspost = draft.chance(10), draft.chance(10)
    is_redirect = draft.chance(8)
    for i in range(length * a_day):
        at = draft.at(day + i // a_day * step, second)
        key = draft.key()
        is_talk = kind in {"reply", "quote"}
        partner = partners[i % len(partners)] if is_talk else None
        draft.posts.append(
            Post(
                account_key=account.account_key,
                person_key=account.person_key,
                post_key=key,
                at=at,
                day=draft.day_of(at),
                kind=kind,
                parent_key=None,
                root_key=500 + i % threads if kind in {"reply", "self_reply"} else key,
                partner_key=partner,
                parent_at=_parent_at(kind, at, parent_after),
                is_backdated=is_backdated,
                is_crosspost=is_crosspost and kind == "post",
                is_redirect=is_redirect and is_talk,
            )
        )


def _parent_at(kind: str, at: int, after: int | None) -> int | None:
    return at - after if kind == "self_reply" and after is not None else None


def _questions(draft: Draft, account: Account, mine: list[Account]) -> None:
    """A series of items by citizens in turn, treated in some ways in turn."""
    day, step = draft.near_edge(), draft.pick(0, 1, 1, 2, 3, 7)
    askers = draft.pick(*[CITIZENS] * 5, CITIZENS[:2], OTHERS)
    second, threads = draft.pick(*SECONDS), draft.pick(1, 4, 40)
    is_question, is_abuse = not draft.chance(10), draft.chance(12)
    is_backdated = draft.chance(12)
    similar = draft.pick(None, None, None, 2, 3, 40)
    treatments = [_treatment(draft, mine) for _ in range(draft.count(1, 4))]
    for i in range(draft.pick(1, 9, 14, 20, 30, 45)):
        at = draft.at(day + i * step, second)
        item = Received(
            account_key=account.account_key,
            person_key=account.person_key,
            item_key=draft.key(),
            at=at,
            day=draft.day_of(at),
            asker_key=askers[i % len(askers)],
            parent_key=None,
            root_key=700 + i % threads,
            is_question=is_question,
            is_abuse=is_abuse,
            similarity_key=None if similar is None else 900 + i // similar,
            is_backdated=is_backdated,
        )
        draft.received.append(item)
        _treat(draft, item, treatments[i % len(treatments)])


@dataclass(frozen=True)
class Treatment:
    """What comes after a question, how long after and from which account."""

    by: Account
    how: str
    delay: int
    flag: str


def _treatment(draft: Draft, mine: list[Account]) -> Treatment:
    ways = ("reply", "reply", "reply", "quote", "quote item", "wrong asker", "wrong thread")
    return Treatment(
        by=draft.pick(*mine),
        how=draft.pick(*ways, "repost", "silence"),
        delay=draft.pick(*DELAYS),
        flag=draft.pick("", "", "", "", "redirect", "backdated"),
    )


def _treat(draft: Draft, item: Received, treatment: Treatment) -> None:
    how, by, at = treatment.how, treatment.by, (item.at or 0) + treatment.delay
    if how == "silence":
        return
    key = draft.key()
    draft.posts.append(
        Post(
            account_key=by.account_key,
            person_key=by.person_key,
            post_key=key,
            at=at,
            day=draft.day_of(at),
            kind="quote" if how.startswith("quote") else "repost" if how == "repost" else "reply",
            parent_key=item.item_key,
            root_key=key if how in {"quote item", "wrong thread"} else item.root_key,
            partner_key=1_999 if how == "wrong asker" else item.asker_key,
            is_redirect=treatment.flag == "redirect",
            is_backdated=treatment.flag == "backdated",
        )
    )
