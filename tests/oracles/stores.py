"""Small stores as collecting may leave them: walks, items seen again, edits, gaps, odd clocks."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from metrics.load import Window
from tests.test_load import Store

HOUR, DAY = 3_600, 86_400
START = datetime(2024, 3, 4)  # noqa: DTZ001 - as the store holds moments: UTC without saying so
WINDOW = Window(date(2024, 3, 8), date(2024, 6, 20))
ZONES = ("Europe/Brussels", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
# local midnights of those zones, in summer and winter, and a second to either side
MIDNIGHTS = (0, 4 * HOUR, 5 * HOUR, 66_600, 22 * HOUR, 23 * HOUR)
SECONDS = (*[12 * HOUR] * 9, *(second + around for second in MIDNIGHTS for around in (-1, 0, 1)))
WALKS = (20, 45, 70, 95)
PROOFS = ("listing_to_end", "overlap", "unchanged", "declared")
KINDS = ("post", "post", "post", "post", "self_reply", "reply", "quote", "repost", "unknown")


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def seconds(moment: datetime) -> int:
    """Epoch seconds of a moment as the store holds it."""
    return int(moment.replace(tzinfo=UTC).timestamp())


@dataclass
class Sketch:
    """A store in the making."""

    chance: random.Random
    store: Store = field(default_factory=Store)
    key: int = 0

    def pick(self, *options: Any) -> Any:
        return self.chance.choice(options)

    def count(self, low: int, high: int) -> int:
        return self.chance.randint(low, high)

    def one_in(self, n: int) -> bool:
        return bool(self.pick(True, *[False] * (n - 1)))

    def moment(self) -> int:
        """Some second of some day, often at the edge of somebody's day."""
        return self.count(0, 90) * DAY + int(self.pick(*SECONDS))

    def next_key(self) -> int:
        self.key += 1
        return self.key


@st.composite
def stores(draw: Any) -> Store:
    """From a seed: what hypothesis would vary little by little varies here all at once."""
    sketch = Sketch(random.Random(draw(st.integers(0, 2**32))))
    for n in range(sketch.count(1, 2)):
        name = f"p{n}"
        sketch.store.person(name, sketch.pick(*ZONES), is_invented=sketch.pick(True, False))
        _mandates(sketch, name)
        for i in range(sketch.pick(1, 2, 2, 3)):
            _account(sketch, f"{name}a{i}", name)
        _copies(sketch, name)
    _partners(sketch)
    return sketch.store


def _mandates(sketch: Sketch, person: str) -> None:
    for office in ("councillor", "mayor")[: sketch.pick(0, 1, 2)]:
        begin = sketch.pick(2019, 2021, 2023)
        sketch.store.mandates.append(
            {
                "person_id": person,
                "kind": "mandate",
                "office": office,
                "level": sketch.pick("local", "federal"),
                "jurisdiction": sketch.pick("BE-VLG", "BE"),
                "from_on": date(begin, 2, 1),
                "to_on": sketch.pick(None, date(2024, 4, 1)) if office == "mayor" else None,
            }
        )


def _account(sketch: Sketch, name: str, person: str) -> None:
    store = sketch.store
    store.account(
        name,
        person,
        platform=sketch.pick("bluesky", "mastodon", "feeds"),
        handle=f"{name}.example",
        run_by=sketch.pick("self", "self", "self", "office", "party"),
        valid_from=sketch.pick(None, None, None, date(2024, 3, 20)),
        valid_to=sketch.pick(None, None, None, date(2024, 5, 5)),
    )
    if sketch.one_in(8):
        return  # never walked
    opened = sketch.pick(-400 * DAY, -400 * DAY, 15 * DAY + 23 * HOUR, None)
    walks = [w for w in WALKS if not sketch.one_in(4)] or [WALKS[-1]]
    for n, walk in enumerate(walks):
        began = walk * DAY + 10 * HOUR
        _walk(sketch, name, began, opened)
        earlier = 0 if n == 0 or sketch.one_in(3) else walks[n - 1] * DAY + 10 * HOUR
        for stream in ("acts", "received"):
            if not sketch.one_in(5):
                _span(sketch, name, stream, earlier - sketch.pick(0, 0, HOUR, -30 * HOUR), began)
    for _ in range(sketch.count(0, 8)):
        _post(sketch, name, walks)
    for _ in range(sketch.count(0, 3)):
        _received(sketch, name, walks)
    for n in range(sketch.count(0, 4)):
        store.add(
            "thread",
            account_id=name,
            root_key=sketch.pick(31, 32),
            is_partial=sketch.pick(True, False),
            seen_at=at(walks[-1] * DAY + n),
        )


def _walk(sketch: Sketch, name: str, began: int, opened: int | None) -> None:
    run = f"r{began}"
    ended = began + sketch.pick(60, 600)
    if not any(row["run_id"] == run for row in sketch.store.rows.get("run_event", [])):
        sketch.store.add("run_event", run_id=run, at=at(began), event="began", status="running")
        if not sketch.one_in(6):
            status = sketch.pick("complete", "incomplete", "interrupted")
            sketch.store.add("run_event", run_id=run, at=at(ended), event="ended", status=status)
    status = sketch.pick("complete", "complete", "unchanged", "incomplete", "failed", "skipped")
    is_right = status in {"complete", "unchanged"}
    sketch.store.add(
        "account_run",
        run_id=run,
        account_id=name,
        source="bluesky",
        status=status,
        began_at=at(began),
        ended_at=at(ended),
        error=None if is_right else "RateLimited",
        message=f"{name} at {began}",
        request_count=sketch.pick(1, 5),
        post_count=sketch.pick(0, 3),
        received_count=sketch.pick(0, 2),
    )
    sketch.store.add(
        "account_state",
        account_id=name,
        run_id=run,
        seen_at=at(began),
        status=sketch.pick("active", "active", "moved", "gone"),
        created_at=None if opened is None else at(opened),
        shows_acts=not sketch.one_in(6),
        shows_replies=sketch.pick(True, False),
        shows_received=sketch.pick(True, False),
        shows_mentions=False,
    )


def _span(sketch: Sketch, name: str, stream: str, start: int, end: int) -> None:
    """What one walk proved, cut in two where somebody's day ends or in the midst of one."""
    cut = sketch.moment()
    parts = [(start, end)]
    if start < cut < end and sketch.one_in(2):
        hole = sketch.pick(0, 0, 1, 2 * DAY, 9 * DAY)
        parts = [(start, cut), (min(end, cut + hole), end)]
    for first, last in parts:
        if first < last:
            sketch.store.add(
                "span",
                account_id=name,
                stream=stream,
                start_at=at(first),
                end_at=at(last),
                seen_at=at(end + 60),
                proof=sketch.pick(*PROOFS),
                run_id="r1",
            )


def _moments(sketch: Sketch, walks: list[int]) -> tuple[int, int | None, int]:
    """Claim, the server's moment, and the walk that first saw it, never before either."""
    claim = sketch.moment()
    indexed = claim + sketch.pick(0, 0, 0, 0, 5, 5, DAY, DAY + 1, -600)
    indexed = sketch.pick(indexed, indexed, indexed, None)
    known = max(claim, indexed or claim)
    after = [walk * DAY + 10 * HOUR + 30 for walk in (*walks, 130) if walk * DAY > known]
    return claim, indexed, sketch.pick(*[after[0]] * 2, after[-1], *after)


def _post(sketch: Sketch, name: str, walks: list[int], **more: Any) -> int:
    claim, indexed, seen = _moments(sketch, walks)
    key, kind = sketch.next_key(), sketch.pick(*KINDS)
    own = [row["post_key"] for row in sketch.store.rows.get("post", [])]
    row = {
        "kind": kind,
        "parent_key": sketch.pick(*own, 999) if kind in {"self_reply", "reply"} else None,
        "merge_key": sketch.pick(None, 71, 71, 72),
        "partner_key": 5 if kind == "reply" else None,
        "is_pinned": sketch.one_in(6),
        "is_restricted": sketch.pick(None, True, False),
        **more,
    }
    _put(sketch.store, key, claim, indexed, seen, account=name, **row)
    if sketch.one_in(5):
        later = seen + sketch.pick(25, 90, 90, 91) * DAY
        _put(sketch.store, key, claim, indexed, later, account=name, **row, is_deleted=True)
    elif sketch.one_in(6):
        again = {**row, "is_restricted": sketch.pick(None, True, False)}
        _put(sketch.store, key, claim, indexed, seen + 25 * DAY, account=name, **again)
    return key


def _put(store: Store, key: int, claim: int, indexed: int | None, seen: int, **more: Any) -> None:
    moment = None if indexed is None else at(indexed)
    store.post(key, at(claim).isoformat(), indexed_at=moment, seen_at=at(seen), **more)


def _copies(sketch: Sketch, person: str) -> None:
    """One text on several accounts, within a day of each other or just not."""
    names = [a["account_id"] for a in sketch.store.accounts if a["person_id"] == person]
    for _ in range(sketch.pick(0, 2, 4)):
        first, merge = sketch.moment(), sketch.pick(81, 82)
        for name in names:
            claim = first + sketch.pick(0, 1, HOUR, HOUR, DAY, DAY, DAY + 1, 2 * DAY)
            indexed = claim + sketch.pick(0, 0, 0, 0, 0, 3 * DAY)
            row = {"kind": sketch.pick("post", "post", "post", "reply"), "merge_key": merge}
            walks = [
                seconds(r["began_at"]) - seconds(START) + 30
                for r in sketch.store.rows.get("account_run", [])
                if r["account_id"] == name and r["began_at"] > at(max(claim, indexed))
            ]
            seen = min(walks, default=130 * DAY)
            _put(sketch.store, sketch.next_key(), claim, indexed, seen, account=name, **row)


def _received(sketch: Sketch, name: str, walks: list[int]) -> None:
    claim, indexed, seen = _moments(sketch, walks)
    own = [row["post_key"] for row in sketch.store.rows.get("post", [])]
    sketch.store.received(
        1_000 + sketch.next_key(),
        at(claim).isoformat(),
        account=name,
        indexed_at=None if indexed is None else at(indexed),
        seen_at=at(seen),
        parent_key=sketch.pick(*own, 999, None),
        is_mention=sketch.one_in(3),
    )


def _partners(sketch: Sketch) -> None:
    for n, class_ in enumerate(("media", "party", "politician")):
        if sketch.one_in(2):
            sketch.store.add("known_key", partner_key=5, seen_at=at(n * DAY), **{"class": class_})
