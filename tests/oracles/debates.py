"""Citizens raise topics, ask again and react to asks; the person posts, promises and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracles.items import CITIZENS
from tests.oracles.rows import DAY, Account, Post, Received

if TYPE_CHECKING:
    from tests.oracles.draft import Draft

TOPICS = ("waste", "mobility", "migration", "safety")


def debate(draft: Draft, account: Account) -> None:
    """A topic that several citizens raise now and again, and that the person may take up."""
    topic, day = draft.pick(*TOPICS), draft.start + draft.pick(0, 1, 95, 100)
    every, size = draft.pick(28, 29, 35, 60), draft.pick(2, 3, 4, 11)
    step, wait = draft.pick(0, 1, 9, 13, 14, 27), draft.pick(0, 1, 27, 28, 29, 40)
    takes_up = draft.pick(0, 1, 2)
    for round_ in range((draft.end - day) // every):
        first = day + round_ * every
        for i in range(size):
            _item(draft, account, first + i * step // max(1, size - 1), CITIZENS[i], (topic,))
        if takes_up and round_ % takes_up == 0:
            _post(draft, account, first + step + wait, topics=(topic,))


def campaign(draft: Draft, account: Account) -> None:
    """Campaign posts all year, more of them around some day."""
    every, peak = draft.pick(2, 5), draft.near_edge()
    for day in range(draft.start, draft.end, every):
        _post(draft, account, day, label=draft.pick("vote_ask", "self_promo", "none"))
    for day in range(peak - 60, peak):
        _post(draft, account, day, label="trail_update")


def ask(draft: Draft, account: Account, mine: list[Account]) -> None:
    """Asks now and again; citizens react, some are answered, some come back."""
    every, size = draft.pick(20, 45), draft.pick(1, 2, 4)
    delay, again = draft.pick(1, 3_600, 14 * DAY, 14 * DAY + 1), draft.pick(0, 1, 15)
    for day in range(draft.start + draft.pick(0, 30), draft.end, every):
        head = _post(draft, account, day, asks_public=True, label="ask_public")
        for i in range(size):
            citizen = CITIZENS[(day + i) % len(CITIZENS)]
            item = _item(draft, draft.pick(*mine), day + i, citizen, (), under=head)
            if i % 2 == 0:
                _reply(draft, account, item, delay)
            if again:
                _item(draft, account, day + i + again, citizen, (), under=head)


def promise(draft: Draft, account: Account) -> None:
    """Promises to citizens, kept up in the thread, with the citizen elsewhere, or not."""
    every = draft.pick(5, 11)
    wait = draft.pick(3_599, 3_600, DAY, 60 * DAY, 60 * DAY + 1)
    where = draft.pick("thread", "elsewhere", "nowhere")
    for day in range(draft.start + draft.pick(0, 40), draft.end, every):
        citizen = CITIZENS[day % len(CITIZENS)]
        item = _item(draft, account, day, citizen, ())
        first = _reply(draft, account, item, 60, promise=True)
        if where == "thread":
            _reply(draft, account, item, 60 + wait, partner_key=draft.pick(citizen, 1_999))
        elif where == "elsewhere":
            _reply(draft, account, item, 60 + wait, root_key=first.post_key)


def _post(draft: Draft, account: Account, day: int, **facts: object) -> Post:
    at, key = draft.at(day, 43_200), draft.key()
    row: dict[str, object] = {"kind": "post", "root_key": key, "label": "position", **facts}
    row |= {"account_key": account.account_key, "person_key": account.person_key}
    post = Post(post_key=key, at=at, day=draft.day_of(at), **row)  # type: ignore[arg-type]
    draft.posts.append(post)
    return post


def _reply(draft: Draft, account: Account, item: Received, delay: int, **facts: object) -> Post:
    at, key = (item.at or 0) + delay, draft.key()
    row: dict[str, object] = {
        "account_key": account.account_key,
        "person_key": account.person_key,
        "kind": "reply",
        "label": "help_thank",
        "partner_key": item.asker_key,
        "root_key": item.root_key,
        **facts,
    }
    post = Post(post_key=key, at=at, day=draft.day_of(at), **row)  # type: ignore[arg-type]
    draft.posts.append(post)
    return post


def _item(
    draft: Draft,
    account: Account,
    day: int,
    citizen: int,
    topics: tuple[str, ...],
    under: Post | None = None,
) -> Received:
    at, key = draft.at(day, 50_000), draft.key()
    item = Received(
        account_key=account.account_key,
        person_key=account.person_key,
        item_key=key,
        at=at,
        day=draft.day_of(at),
        asker_key=citizen,
        parent_key=under.post_key if under else None,
        root_key=under.root_key if under else key,
        topics=topics,
    )
    draft.received.append(item)
    return item
