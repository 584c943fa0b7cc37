"""METHOD §0.1, §0.3, §0.6, §0.9: what of a store counts, on which local day, what is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.oracles.stores import DAY, WINDOW, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.test_load import Store

Row = dict[str, Any]
Stretches = list[tuple[int, int]]
EPOCH = date(1970, 1, 1)
FOREVER = 1_000_000
VANISHED_WITHIN = 90 * DAY
SAW_NOTHING = {"failed", "skipped"}


@dataclass
class LoadedPost:
    post_key: int
    account_id: str
    at: int
    day: int
    parent_at: int | None
    is_backdated: bool
    is_crosspost: bool
    is_restricted: bool | None


@dataclass
class LoadedItem:
    item_key: int
    account_id: str
    at: int
    day: int
    is_backdated: bool


@dataclass
class LoadedAccount:
    account_id: str
    first_day: int
    last_day: int
    shows_acts: bool
    shows_replies: bool
    shows_received: bool
    shows_mentions: bool


def day_number(on: date) -> int:
    return (on - EPOCH).days


def local_day(moment: int, zone: str) -> int:
    return day_number(datetime.fromtimestamp(moment, ZoneInfo(zone)).date())


def midnight(day: int, zone: str) -> int:
    """The moment at which a local day begins; no zone here skips its midnight."""
    on = EPOCH + timedelta(days=day)
    return int(datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC).timestamp())


def merged(stretches: Iterable[tuple[int, int]]) -> Stretches:
    found: Stretches = []
    for first, last in sorted(stretches):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def whole_days(stretches: Iterable[tuple[int, int]], zone: str) -> set[int]:
    """Local days that lie wholly inside what is known."""
    days = set()
    for first, last in merged(stretches):
        for day in range(local_day(first, zone), local_day(last, zone) + 1):
            if first <= midnight(day, zone) and midnight(day + 1, zone) <= last:
                days.add(day)
    return days


class Reading:
    """One store, read by the letter of the method."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.zones = {row["person_id"]: row["timezone"] for row in store.people}
        self.owners = {row["account_id"]: row["person_id"] for row in store.accounts}
        self.own_posts = {(row["account_id"], row["post_key"]) for row in self.rows("post")}
        self._posts = self._read_posts()

    def rows(self, table: str, **where: Any) -> list[Row]:
        return [
            row
            for row in self.store.rows.get(table, [])
            if all(row.get(name) == value for name, value in where.items())
        ]

    def zone(self, account_id: str) -> str:
        return str(self.zones[self.owners[account_id]])

    def stretches(
        self, account_id: str, stream: str, is_meant: Callable[[Row], bool] = lambda _: True
    ) -> Stretches:
        """What is known; where items vanish nothing before the first walk that saw any."""
        found = [
            (seconds(row["start_at"]), seconds(row["end_at"]))
            for row in self.rows("span", account_id=account_id, stream=stream)
            if is_meant(row)
        ]
        if stream == "acts" and self.vanishes(account_id):
            walks = [
                seconds(row["began_at"])
                for row in self.rows("account_run", account_id=account_id)
                if row["status"] not in SAW_NOTHING
            ]
            first_walk = min(walks, default=FOREVER * DAY)
            found = [(max(a, first_walk), b) for a, b in found if b > first_walk]
        return found

    def known_days(self, account_id: str, stream: str) -> set[int]:
        return whole_days(self.stretches(account_id, stream), self.zone(account_id))

    def vanishes(self, account_id: str) -> bool:
        keys = {row["post_key"] for row in self.rows("post", account_id=account_id)}
        gone = 0
        for key in keys:
            seen = self.rows("post", post_key=key)
            first = min(seconds(row["seen_at"]) for row in seen)
            last = max(seen, key=lambda row: row["seen_at"])
            gone += last["is_deleted"] and seconds(last["seen_at"]) - first <= VANISHED_WITHIN
        return 100 * gone > 5 * len(keys)

    def was_known_without_it(self, row: Row, stream: str, day: int) -> bool:
        """The day was known whole before the item was ever seen."""
        known = self.stretches(
            row["account_id"], stream, lambda span: bool(span["seen_at"] < row["first_seen"])
        )
        return day in whole_days(known, self.zone(row["account_id"]))

    def last_words(self, table: str, key: str) -> list[Row]:
        """The last observation of each item, with the moment of its first."""
        words = []
        for item in sorted({row[key] for row in self.rows(table)}):
            seen = self.rows(table, **{key: item})
            last = max(seen, key=lambda row: row["seen_at"])
            words.append({**last, "first_seen": min(row["seen_at"] for row in seen)})
        return words

    def _moment(self, row: Row) -> int:
        claims = [row["created_at"], row["indexed_at"]]
        return min(seconds(moment) for moment in claims if moment is not None)

    def _is_late(self, row: Row, stream: str, day: int) -> bool:
        indexed = row["indexed_at"]
        if indexed is not None and indexed - row["created_at"] > timedelta(hours=24):
            return True
        return self.was_known_without_it(row, stream, day)

    def _read_posts(self) -> list[LoadedPost]:
        words = self.last_words("post", "post_key")
        moments = {row["post_key"]: self._moment(row) for row in words}
        owner = {row["post_key"]: row["account_id"] for row in words}
        found = {}
        for row in words:
            key, parent = row["post_key"], row.get("parent_key")
            day = local_day(moments[key], self.zone(row["account_id"]))
            is_own = row["kind"] == "self_reply" and owner.get(parent) == owner[key]
            found[key] = LoadedPost(
                post_key=key,
                account_id=row["account_id"],
                at=moments[key],
                day=day,
                parent_at=moments[parent] if is_own else None,
                is_backdated=self._is_late(row, "acts", day),
                is_crosspost=False,
                is_restricted=self._is_restricted(row),
            )
        for person in self.zones:
            mine = [row for row in words if self.owners[row["account_id"]] == person]
            self._mark_copies(mine, found)
        return list(found.values())

    def _is_restricted(self, row: Row) -> bool | None:
        """As told last; feeds tell nothing, whatever an older store says."""
        platform = {a["account_id"]: a["platform"] for a in self.store.accounts}
        is_feed = platform[row["account_id"]] == "feeds"
        said: bool | None = row.get("is_restricted")
        return None if is_feed and not said else said

    def _mark_copies(self, words: list[Row], found: dict[int, LoadedPost]) -> None:
        """A post is a copy of the earliest that counts, on another account, within a day."""
        run_by = {row["account_id"]: row["run_by"] for row in self.store.accounts}
        heads: list[tuple[LoadedPost, int]] = []
        posts = [(found[row["post_key"]], row) for row in words]
        for post, row in sorted(posts, key=lambda pair: (pair[0].at, pair[0].post_key)):
            merge = row["merge_key"]
            if row["kind"] != "post" or merge is None or post.is_backdated:
                continue
            if run_by[post.account_id] not in {"self", "office"} or not self.is_valid(post):
                continue
            post.is_crosspost = any(
                other == merge and head.account_id != post.account_id and post.at - head.at <= DAY
                for head, other in heads
            )
            if not post.is_crosspost:
                heads.append((post, merge))

    def is_valid(self, post: LoadedPost) -> bool:
        """Whether the account counted on that day, as far as the roster and its server say."""
        (row,) = [r for r in self.store.accounts if r["account_id"] == post.account_id]
        first, last = self._from_roster(row)
        return (first is None or first <= post.day) and post.day <= last

    def _from_roster(self, row: Row) -> tuple[int | None, int]:
        states = self.rows("account_state", account_id=row["account_id"])
        opened = max(states, key=lambda s: s["seen_at"])["created_at"] if states else None
        days = [] if opened is None else [local_day(seconds(opened), self.zone(row["account_id"]))]
        days += [] if row["valid_from"] is None else [day_number(row["valid_from"])]
        last = FOREVER if row["valid_to"] is None else day_number(row["valid_to"])
        return (max(days) if days else None), last

    def posts(self) -> list[LoadedPost]:
        return self._posts

    def items(self) -> list[LoadedItem]:
        found = []
        for row in self.last_words("received", "item_key"):
            moment = self._moment(row)
            day = local_day(moment, self.zone(row["account_id"]))
            under = (row["account_id"], row["parent_key"])
            is_elsewhere = row["is_mention"] and under not in self.own_posts
            stream = "mentions" if is_elsewhere else "received"
            is_late = self._is_late(row, stream, day)
            found.append(LoadedItem(row["item_key"], row["account_id"], moment, day, is_late))
        return found

    def accounts(self) -> list[LoadedAccount]:
        return [self._account(row) for row in self.store.accounts]

    def _account(self, row: Row) -> LoadedAccount:
        name = row["account_id"]
        first, last = self._from_roster(row)
        if first is None:
            days = {p.day for p in self._posts if p.account_id == name and not p.is_backdated}
            days |= self.known_days(name, "acts") | self.known_days(name, "received")
            first = min(days, default=day_number(WINDOW.from_on))
        states = self.rows("account_state", account_id=name)
        state = max(states, key=lambda s: s["seen_at"]) if states else {"shows_acts": True}
        listened = bool(self.rows("span", account_id=name, stream="mentions"))
        return LoadedAccount(
            account_id=name,
            first_day=first,
            last_day=last,
            shows_acts=bool(state["shows_acts"]),
            shows_replies=bool(state.get("shows_replies")),
            shows_received=bool(state.get("shows_received")),
            shows_mentions=bool(state.get("shows_mentions")) or listened,
        )
