"""What people and citizens do in a world in the making: series of items, with all their flaws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.oracles.rows import DAY, Account, Post, Received
from tests.oracles.sayings import saying

if TYPE_CHECKING:
    from tests.oracles.draft import Draft
    from tests.oracles.rows import Election

CITIZENS = tuple(range(1001, 1015))
OTHERS = (2001, 2002, 3001, 4001, 5001, 6001, 7001)
SECONDS = (0, 1, 3_599, 43_200, 86_399)
STEPS = (0, 1, 1, 2, 3, 3, 5, 7, 7, 14, 29, 30, 91, 120)
DELAYS = (0, 1, 3_600, DAY, 3 * DAY, 7 * DAY, 14 * DAY - 1, 14 * DAY, 14 * DAY + 1, 20 * DAY)
RESTRICTED = ((None,), (False,), (True, False), (True, False, None, False))  # in turn
KINDS = ("post", "post", "reply", "reply", "reply", "quote", "self_reply", "repost")


def habit(draft: Draft, account: Account, elections: tuple[Election, ...]) -> None:
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


def sleeper(draft: Draft, account: Account, elections: tuple[Election, ...]) -> None:
    """A habit that stops around an election and comes back much later, if at all."""
    stop = draft.pick(*elections).last_round_day + draft.pick(-40, -1, 0, 1, 2, 27, 28, 29)
    step = draft.pick(1, 2, 5)
    _run(draft, account, stop - step * 60, step, 61)
    back = stop + draft.pick(28, 29, 89, 90, 91, 92, 130, 250, 365, 366, 367)
    _run(draft, account, back, draft.pick(1, 2, 10, 40), draft.pick(1, 20, 100))


def series(draft: Draft, account: Account) -> None:
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
    is_restricted = RESTRICTED[(account.account_key + len(draft.posts)) % len(RESTRICTED)]
    said = saying(draft)
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
                is_restricted=is_restricted[i % len(is_restricted)],
                **said.of_post(i),
            )
        )


def _parent_at(kind: str, at: int, after: int | None) -> int | None:
    return at - after if kind == "self_reply" and after is not None else None


def questions(draft: Draft, account: Account, mine: list[Account]) -> None:
    """A series of items by citizens in turn, treated in some ways in turn."""
    day, step = draft.near_edge(), draft.pick(0, 1, 1, 2, 3, 7)
    askers = draft.pick(*[CITIZENS] * 5, CITIZENS[:2], OTHERS)
    second, threads = draft.pick(*SECONDS), draft.pick(1, 4, 40)
    is_question, is_abuse = not draft.chance(10), draft.chance(12)
    is_backdated = draft.chance(12)
    similar = draft.pick(None, None, None, 2, 3, 40)
    said = saying(draft)
    under = _asks(draft, mine) if draft.pick(True, False) else []
    treatments = [_treatment(draft, mine) for _ in range(draft.count(1, 4))]
    for i in range(draft.pick(1, 9, 14, 20, 30, 45)):
        at = draft.at(day + i * step, second)
        ask = under[i % len(under)] if under else None
        if ask is not None:
            at = (ask.at or 0) + i * 3_600
        item = Received(
            account_key=account.account_key,
            person_key=account.person_key,
            item_key=draft.key(),
            at=at,
            day=draft.day_of(at),
            asker_key=askers[i % len(askers)],
            parent_key=ask.post_key if ask else None,
            root_key=ask.root_key if ask else 700 + i % threads,
            is_question=is_question,
            is_abuse=is_abuse,
            similarity_key=None if similar is None else 900 + i // similar,
            is_backdated=is_backdated,
            **said.of_received(i),
        )
        draft.received.append(item)
        _treat(draft, item, treatments[i % len(treatments)])


def _asks(draft: Draft, mine: list[Account]) -> list[Post]:
    """What these accounts asked the public so far."""
    keys = {account.account_key for account in mine}
    return [p for p in draft.posts if p.asks_public and p.account_key in keys][:60:3]


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
