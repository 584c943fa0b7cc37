"""The store and the roster as inputs: local days, last words, backdated items, copies, spans."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from ingest.answer_keys import answer_keys
from metrics import load as loading
from metrics.errors import LoadError
from metrics.load import Window, load
from metrics.text import boilerplate, similarity_text

SCHEMA = Path(__file__).parent.parent / "ingest" / "schema.sql"
WINDOW = Window(date(2023, 1, 1), date(2025, 1, 1))
FEATURES = '{{"lang":"nl","is_redirect":{}}}'
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True, params=["UTC", "America/New_York"])
def _machine_zone(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Everything here holds wherever the machine stands."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def utc(text: str) -> datetime:
    """A moment as the store holds it."""
    return datetime.fromisoformat(text)


def seconds(text: str) -> int:
    return int((utc(text).replace(tzinfo=UTC) - EPOCH).total_seconds())


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


_COLUMNS = {
    "people": "person_id name municipality party language timezone is_invented note",
    "mandates": "person_id kind office level jurisdiction election_id from_on to_on",
    "accounts": "account_id person_id platform handle run_by valid_from valid_to",
    "absences": "person_id from_on to_on",
    "elections": "jurisdiction level election_id applies_to confidence day last_round called_on "
    "regulated_start",
}
_TYPES = dict.fromkeys(("from_on", "to_on", "valid_from", "valid_to", "day"), pa.date32())
_TYPES |= dict.fromkeys(("last_round", "called_on", "regulated_start"), pa.date32())
_TYPES["is_invented"] = pa.bool_()


@dataclass
class Store:
    """Rows of the store and roster for one test."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    people: list[dict[str, Any]] = field(default_factory=list)
    mandates: list[dict[str, Any]] = field(default_factory=list)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    absences: list[dict[str, Any]] = field(default_factory=list)
    elections: list[dict[str, Any]] = field(default_factory=list)

    def add(self, table: str, **row: Any) -> None:
        self.rows.setdefault(table, []).append(row)

    def person(self, person_id: str = "an", zone: str = "Europe/Brussels", **more: Any) -> None:
        row = {
            "person_id": person_id, "name": person_id.title(), "municipality": "Voorbeeldstad",
            "party": "Lijst", "language": "nl", "timezone": zone, "is_invented": True, **more,
        }  # fmt: skip
        self.people.append(row)

    def account(self, account_id: str = "a", person_id: str = "an", **more: Any) -> None:
        row = {
            "platform": "bluesky", "handle": account_id, "run_by": "self", "valid_from": None,
            "valid_to": None, **more,
        }  # fmt: skip
        self.accounts.append({"account_id": account_id, "person_id": person_id, **row})

    def post(self, key: int, created: str, *, account: str = "a", **more: Any) -> None:
        row = {
            "seen_at": utc("2024-12-01 00:00"), "indexed_at": utc(created), "kind": "post",
            "merge_key": None, "is_deleted": False, "root_key": key, "run_id": "r1", **more,
        }  # fmt: skip
        self.add("post", account_id=account, post_key=key, created_at=utc(created), **row)

    def received(self, key: int, created: str, *, account: str = "a", **more: Any) -> None:
        row = {
            "seen_at": utc("2024-12-01 00:00"), "indexed_at": utc(created), "asker_key": 7,
            "is_question": True, "is_abuse": False, "is_deleted": False, "root_key": key,
            "run_id": "r1", **more,
        }  # fmt: skip
        self.add("received", account_id=account, item_key=key, created_at=utc(created), **row)

    def span(self, start: str, end: str, *, account: str = "a", stream: str = "acts",
             seen: str = "2024-12-01 00:01", proof: str = "listing_to_end") -> None:  # fmt: skip
        self.add(
            "span", account_id=account, stream=stream, start_at=utc(start), end_at=utc(end),
            seen_at=utc(seen), proof=proof, run_id="r1",
        )  # fmt: skip

    def roster(self) -> dict[str, pa.Table]:
        return {
            name: pa.Table.from_pylist(
                getattr(self, name),
                pa.schema(
                    [(column, _TYPES.get(column, pa.string())) for column in columns.split()]
                ),
            )
            for name, columns in _COLUMNS.items()
        }

    def write(self, path: Path) -> Path:
        with duckdb.connect(str(path)) as con:
            con.execute(SCHEMA.read_text("utf-8"))
            for table, rows in self.rows.items():
                for row in rows:
                    names = ", ".join(f'"{name}"' for name in row)
                    marks = ", ".join("?" * len(row))
                    con.execute(
                        f"insert into {table} ({names}) values ({marks})", list(row.values())
                    )
        return path


@dataclass
class Loaded:
    con: duckdb.DuckDBPyConnection

    def __call__(self, query: str) -> list[tuple[Any, ...]]:
        return self.con.execute(query).fetchall()


@pytest.fixture
def loaded(tmp_path: Path) -> Any:
    """Loads a store into a fresh database and answers queries."""

    def run(store: Store, window: Window | None = WINDOW, **choices: Any) -> Loaded:
        path = store.write(tmp_path / f"{len(list(tmp_path.iterdir()))}.duckdb")
        con = duckdb.connect()
        load(con, path, store.roster(), window=window, choices=choices)
        return Loaded(con)

    return run


@pytest.fixture
def store() -> Store:
    store = Store()
    store.person()
    store.account()
    return store


# --- days ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "moment", "local"),
    [
        ("Europe/Brussels", "2024-10-13 21:59:59", "2024-10-13"),  # election day, 23:59 local
        ("Europe/Brussels", "2024-10-13 22:00:00", "2024-10-14"),
        ("Europe/Brussels", "2024-03-30 23:00:00", "2024-03-31"),  # the day clocks go forward
        ("Europe/Brussels", "2024-03-31 21:59:59", "2024-03-31"),
        ("Europe/Brussels", "2024-03-31 22:00:00", "2024-04-01"),
        ("Europe/Brussels", "2024-10-26 21:59:59", "2024-10-26"),
        ("Europe/Brussels", "2024-10-27 22:59:59", "2024-10-27"),  # the day of 25 hours
        ("Europe/Brussels", "2024-10-27 23:00:00", "2024-10-28"),
        ("America/New_York", "2024-11-06 04:59:59", "2024-11-05"),
        ("America/New_York", "2024-11-06 05:00:00", "2024-11-06"),
        ("Pacific/Auckland", "2024-06-30 12:00:00", "2024-07-01"),
    ],
)
def test_a_day_is_the_persons_own(loaded: Any, zone: str, moment: str, local: str) -> None:
    store = Store()
    store.person(zone=zone)
    store.account()
    store.post(1, moment)
    store.received(2, moment)
    found = loaded(store)
    assert found("select day, p.at from posts p") == [(day(local), seconds(moment))]
    assert found("select day from received") == [(day(local),)]


@pytest.mark.parametrize(
    "zone", ["Europe/Brussels", "America/St_Johns", "Australia/Lord_Howe", "UTC"]
)
def test_offsets_are_those_of_the_zone_at_every_moment(zone: str) -> None:
    first = datetime(2019, 1, 1, tzinfo=UTC)
    table = loading.zone_table(zone, first, first + timedelta(days=900)).to_pydict()
    picks = random.Random(365)
    for _ in range(2_000):
        moment = int(first.timestamp()) + picks.randrange(900 * 86_400)
        row = moment // 86_400 - table["utc_day"][0]
        side = "after" if moment >= table["change_at"][row] else "before"
        at = datetime.fromtimestamp(moment, ZoneInfo(zone))
        assert table[f"offset_{side}"][row] == at.utcoffset().total_seconds()  # type: ignore[union-attr]


@pytest.mark.parametrize("claim", ["0001-01-01 00:00", "9999-12-31 23:00", "1969-07-20 20:17"])
def test_an_absurd_moment_is_no_usable_moment(loaded: Any, store: Store, claim: str) -> None:
    store.post(1, claim)
    store.post(2, claim, indexed_at=utc("2024-05-01 12:00"))
    assert loaded(store)("select day from posts where post_key = 1") == [(None,)]


def test_the_moment_is_the_earlier_of_the_claim_and_the_servers(loaded: Any, store: Store) -> None:
    store.post(1, "2024-05-02 12:00", indexed_at=utc("2024-05-01 12:00"))
    store.post(2, "2024-05-01 12:00", indexed_at=utc("2024-05-01 12:05"))
    store.post(3, "2024-05-01 12:00", indexed_at=None)
    noon = seconds("2024-05-01 12:00")
    assert loaded(store)("select p.at from posts p") == [(noon,), (noon,), (noon,)]


# --- spans -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2024-05-01 22:00", "2024-05-03 22:00", ("2024-05-02", "2024-05-03")),
        ("2024-05-01 22:00:01", "2024-05-03 22:00", ("2024-05-03", "2024-05-03")),
        ("2024-05-01 22:00", "2024-05-03 21:59", ("2024-05-02", "2024-05-02")),
        ("2024-03-30 23:00", "2024-03-31 22:00", ("2024-03-31", "2024-03-31")),  # 23 hours
        ("2024-10-26 22:00", "2024-10-27 22:00", None),  # 24 of 25 hours
        ("2024-05-02 08:00", "2024-05-02 20:00", None),
    ],
)
def test_a_day_is_known_only_when_all_of_it_is(
    loaded: Any, store: Store, start: str, end: str, days: tuple[str, str] | None
) -> None:
    store.span(start, end)
    expected = [] if days is None else [(day(days[0]), day(days[1]))]
    assert loaded(store)("select first_day, last_day from spans") == expected


def test_spans_that_meet_within_a_day_know_that_day(loaded: Any, store: Store) -> None:
    store.span("2024-04-30 22:00", "2024-05-02 09:00")
    store.span("2024-05-02 08:00", "2024-05-03 22:00", seen="2024-12-02 00:00")
    store.span("2024-05-05 08:00", "2024-05-06 08:00", stream="received")
    found = loaded(store)("select stream, first_day, last_day from spans order by 1")
    assert found == [("acts", day("2024-05-01"), day("2024-05-03"))]


def test_spans_from_before_all_calendars_are_cut_not_lost(loaded: Any, store: Store) -> None:
    store.span("0001-01-01 00:00", "2024-05-03 22:00")
    ((first, last),) = loaded(store)("select first_day, last_day from spans")
    assert first < day("2001-01-01")
    assert last == day("2024-05-03")


@pytest.mark.parametrize(("gone", "first"), [(1, "2024-01-01"), (2, "2024-12-01")])
def test_where_items_vanish_nothing_is_known_before_the_first_walk(
    loaded: Any, store: Store, gone: int, first: str
) -> None:
    """Above 5 % within 90 days: 1 of 20 is not, 2 of 20 are."""
    store.span("2023-12-31 23:00", "2024-12-20 12:00")
    store.span("2023-12-31 23:00", "2024-12-20 12:00", stream="received")
    store.add("account_run", account_id="a", began_at=utc("2024-11-30 23:00"))
    for key in range(20):
        store.post(key, "2024-05-01 12:00")
        if key < gone:
            store.post(key, "2024-05-01 12:00", seen_at=utc("2024-12-10 00:00"), is_deleted=True)
    found = loaded(store)
    assert found("select first_day from spans where stream = 'acts'") == [(day(first),)]
    assert found("select first_day from spans where stream = 'received'") == [(day("2024-01-01"),)]


# --- items -----------------------------------------------------------------------------


def test_the_last_word_on_an_item_counts_whatever_the_order(loaded: Any, store: Store) -> None:
    store.post(1, "2024-05-01 12:00", kind="unknown")
    store.post(1, "2024-05-01 12:00", kind="reply", partner_key=7, seen_at=utc("2024-12-03 00:00"))
    store.post(2, "2024-05-01 13:00")
    query = "select post_key, kind, partner_key from posts order by 1"
    expected = [(1, "reply", 7), (2, "post", None)]
    assert loaded(store)(query) == expected
    store.rows["post"].reverse()
    store.rows["post"] += store.rows["post"]
    assert loaded(store)(query) == expected


def test_who_may_reply_is_told_unrestricted_or_not_told(loaded: Any, store: Store) -> None:
    later = utc("2024-12-03 00:00")
    for key, said in enumerate((True, False, None), 1):
        store.post(key, "2024-05-01 12:00", is_restricted=said)
    store.post(4, "2024-05-01 12:00", is_restricted=False)
    store.post(4, "2024-05-01 12:00", is_restricted=True, seen_at=later)
    query = "select post_key, is_restricted from posts order by 1"
    assert loaded(store)(query) == [(1, True), (2, False), (3, None), (4, True)]


def test_a_store_of_before_tells_nothing_where_its_platform_does_not(
    loaded: Any, store: Store
) -> None:
    store.account("f", platform="feeds", handle="feed.example")
    for key, said in enumerate((True, False, None), 1):
        store.post(key, "2024-05-01 12:00", account="f", is_restricted=said)
    query = "select post_key, is_restricted from posts order by 1"
    assert loaded(store)(query) == [(1, True), (2, None), (3, None)]


def test_a_deleted_post_keeps_its_moment(loaded: Any, store: Store) -> None:
    store.post(1, "2024-05-01 12:00")
    store.post(1, "2024-05-01 12:00", seen_at=utc("2024-12-03 00:00"), is_deleted=True)
    assert loaded(store)("select p.at, kind from posts p") == [
        (seconds("2024-05-01 12:00"), "post")
    ]


def test_an_item_claimed_a_day_before_the_server_saw_it_is_backdated(
    loaded: Any, store: Store
) -> None:
    store.post(1, "2024-05-01 12:00", indexed_at=utc("2024-05-02 12:00"))
    store.post(2, "2024-05-01 12:00", indexed_at=utc("2024-05-02 12:00:01"))
    found = loaded(store)("select post_key, is_backdated from posts order by 1")
    assert found == [(1, False), (2, True)]


def test_an_item_on_a_day_that_was_known_without_it_is_backdated(loaded: Any, store: Store) -> None:
    store.span("2024-01-01 00:00", "2024-11-01 12:00", seen="2024-11-01 13:00")
    store.span("2024-10-20 00:00", "2024-12-01 12:00", seen="2024-12-01 13:00")
    early, late = utc("2024-11-01 12:30"), utc("2024-12-01 12:30")
    store.post(1, "2024-05-01 12:00", seen_at=early)
    store.post(2, "2024-05-01 12:00", indexed_at=None, seen_at=late)
    store.post(3, "2024-11-01 12:00", seen_at=late)  # its day was only partly known
    store.post(4, "2024-11-15 12:00", seen_at=late)
    store.post(1, "2024-05-01 12:00", seen_at=late, kind="quote")
    found = loaded(store)("select post_key, is_backdated from posts order by 1")
    assert found == [(1, False), (2, True), (3, False), (4, False)]


def test_a_received_item_on_a_day_known_without_it_is_backdated(loaded: Any, store: Store) -> None:
    store.span("2024-01-01 00:00", "2024-11-01 12:00", stream="received", seen="2024-11-01 13:00")
    store.received(1, "2024-05-01 12:00", seen_at=utc("2024-11-01 12:30"))
    store.received(2, "2024-05-01 12:00", seen_at=utc("2024-12-01 12:30"))
    found = loaded(store)("select item_key, is_backdated from received order by 1")
    assert found == [(1, False), (2, True)]


def test_a_mention_elsewhere_is_late_only_where_a_live_stream_knew_the_day(
    loaded: Any, store: Store
) -> None:
    """A walk never sees who names the person in somebody else's thread."""
    late = {"seen_at": utc("2024-12-01 12:30"), "is_mention": True}
    for stream, month in (("received", "05"), ("mentions", "07")):
        store.span(f"2024-{month}-01 00:00", f"2024-{month}-20 12:00", stream=stream,
                   seen="2024-11-01 13:00")  # fmt: skip
    store.post(100, "2024-05-01 12:00")
    store.received(1, "2024-05-02 12:00", parent_key=9, **late)
    store.received(2, "2024-05-02 12:00", parent_key=100, **late)
    store.received(3, "2024-05-02 12:00", parent_key=None, **late)
    store.received(4, "2024-07-02 12:00", parent_key=9, **late)
    store.received(5, "2024-07-02 12:00", parent_key=100, **late)
    store.received(6, "2024-07-02 12:00", parent_key=9, is_mention=True,
                   seen_at=utc("2024-07-02 12:01"))  # fmt: skip
    found = loaded(store)("select item_key, is_backdated from received order by 1")
    assert found == [(1, False), (2, True), (3, False), (4, True), (5, False), (6, False)]


def test_an_account_shows_mentions_once_somebody_has_listened(loaded: Any, store: Store) -> None:
    store.account("b")
    for name in ("a", "b"):
        store.add("account_state", account_id=name, seen_at=utc("2024-12-01 00:00"),
                  shows_received=True, shows_mentions=False)  # fmt: skip
    store.span("2024-07-01 00:00", "2024-07-20 12:00", stream="mentions", proof="unbroken_stream")
    store.span("2024-07-01 00:00", "2024-07-20 12:00", stream="received", account="b")
    con = loaded(store)
    assert con("select account_id, shows_mentions from accounts order by 1") == [
        ("a", True), ("b", False),
    ]  # fmt: skip
    spans = con("select account_key, stream, first_day, last_day from spans order by all")
    assert (1, "mentions", day("2024-07-02"), day("2024-07-19")) in spans


def test_a_self_reply_knows_its_parents_moment(loaded: Any, store: Store) -> None:
    store.post(1, "2024-05-01 12:00")
    store.post(2, "2024-05-01 12:10", kind="self_reply", parent_key=1, root_key=1)
    store.post(3, "2024-05-01 12:20", kind="self_reply", parent_key=99, root_key=99)
    store.post(4, "2024-05-01 12:30", kind="reply", parent_key=1, partner_key=7)
    found = loaded(store)("select post_key, parent_at from posts order by 1")
    noon = seconds("2024-05-01 12:00")
    assert found == [(1, None), (2, noon), (3, None), (4, None)]


def test_the_same_answer_three_times_or_a_link_alone_is_a_redirect(
    loaded: Any, store: Store
) -> None:
    plain, sent = FEATURES.format("false"), FEATURES.format("true")
    for key in (1, 2, 3):
        text = "Dank voor de vraag, kijk op de website" if key < 3 else None  # one is deleted
        store.post(
            key, f"2024-05-0{key} 12:00", kind="reply", merge_key=5, features=plain, text=text
        )
    for key in (11, 12, 13):
        store.post(key, "2024-05-04 12:00", kind="reply", merge_key=9, text="Dank je wel!")
    store.post(4, "2024-05-04 12:00", kind="reply", merge_key=6, features=plain)
    store.post(5, "2024-05-04 12:00", kind="reply", merge_key=6, features=plain)
    store.post(6, "2024-05-04 12:00", kind="quote", merge_key=7, features=sent)
    store.post(7, "2024-05-04 12:00", kind="reply", features=None)
    store.post(8, "2024-05-04 12:00", kind="post", merge_key=5, features=sent)
    found = loaded(store)("select post_key from posts where is_redirect order by 1")
    assert found == [(1,), (2,), (3,), (6,)]


FORM = "Dank je {} voor je bericht, onze medewerkers nemen dit {} op met de dienst {}"
BUSY = "Wij kijken deze week na of {} sneller geschilderd kan worden"


def answer(store: Store, key: int, text: str | None, kind: str = "reply", **more: Any) -> None:
    """An own item with the keys of its text, also where it is no answer or the text is gone."""
    keys = answer_keys(similarity_text(text or FORM))
    values = {"merge_key": key, "text": text, "answer_keys": keys, **more}
    store.post(key, "2024-05-01 12:00", kind=kind, **values)


def test_three_answers_that_are_nearly_the_same_are_redirects(loaded: Any, store: Store) -> None:
    store.account("b")
    store.person("bo")
    store.account("of-bo", "bo")
    for key, (kind, *words) in enumerate(
        [("reply", "An", "op 3 mei", "mobiliteit"), ("quote", "Piet", "op 4 mei", "mobiliteit"),
         ("reply", "Joost", "op 15 mei", "mobiliteit"), ("post", "Els", "op 6 mei", "mobiliteit")],
        start=1,
    ):  # fmt: skip
        answer(store, key, FORM.format(*words), kind, account="b" if key == 3 else "a")
    answer(store, 5, "De werken aan de brug starten volgende maand en duren tot de zomer")
    for key, what in ((6, "dat zebrapad"), (7, "dat fietspad")):  # two are no form letter
        answer(store, key, BUSY.format(what))
    for key, what in ((8, "dat plein"), (9, "dat pad")):  # somebody else's
        answer(store, key, BUSY.format(what), account="of-bo")
    for key in (11, 12, 13):
        answer(store, key, f"Dank je wel {key}!")
    found = loaded(store)("select post_key from posts where is_redirect order by 1")
    assert found == [(1,), (2,), (3,)]


def test_another_street_makes_no_other_letter(loaded: Any, store: Store) -> None:
    for key, name in enumerate(("Fabelstraat", "Papierstraat", "Raadselstraat")):
        text = (
            f"Onze ploeg komt binnenkort naar de {name} om dat na te kijken, bedankt om te melden"
        )
        answer(store, key, text)
    assert loaded(store)("select count(*) from posts where is_redirect") == [(3,)]


def test_answers_whose_text_or_keys_are_gone_are_not_compared(loaded: Any, store: Store) -> None:
    names = ("An", "Piet", "Joost", "Els")
    texts = [FORM.format(name, "later", "mobiliteit") for name in names]
    answer(store, 1, texts[0])
    answer(store, 2, texts[1])
    answer(store, 3, None)
    answer(store, 4, texts[3], answer_keys=None)
    answer(store, 5, texts[2], seen_at=utc("2024-11-01 00:00"))
    answer(store, 5, None, seen_at=utc("2024-12-02 00:00"), is_deleted=True, answer_keys=None)
    query = "select post_key from posts where is_redirect order by 1"
    assert loaded(store)(query) == []
    answer(store, 4, texts[3], seen_at=utc("2024-12-03 00:00"))  # read again
    assert loaded(store)(query) == [(1,), (2,), (4,)]


@pytest.mark.parametrize("seed", range(3))
def test_form_letters_are_the_same_in_whatever_order_they_came(
    loaded: Any, store: Store, seed: int
) -> None:
    picks = random.Random(seed)
    words = ("vandaag", "morgen", "later", "straks", "gauw", "nooit", "weldra")
    for key in range(1, 60):
        form = picks.choice((FORM, "Wij {} samen naar {} kijken in de wijk {}", BUSY))
        answer(store, key, form.format(*picks.choices(words, k=3)), picks.choice(("reply", "post")))
    answers = [row for row in store.rows["post"] if row["kind"] == "reply"]
    expected = [
        (row["post_key"],)
        for row, is_form in zip(answers, boilerplate([r["text"] for r in answers]), strict=True)
        if is_form
    ]
    assert 0 < len(expected) < len(answers)
    query = "select post_key from posts where is_redirect order by 1"
    assert loaded(store)(query) == expected
    picks.shuffle(store.rows["post"])
    assert loaded(store)(query) == expected


def test_posts_that_stand_on_two_accounts_count_once(loaded: Any, store: Store) -> None:
    store.account("b")
    store.account("party", run_by="party")
    store.post(1, "2024-05-01 12:00", merge_key=5)
    store.post(2, "2024-05-02 12:00", merge_key=5, account="b")
    store.post(3, "2024-05-02 12:00:01", merge_key=5, account="b")
    store.post(4, "2024-04-30 11:00", merge_key=5)
    store.post(5, "2024-05-01 12:00", merge_key=6, account="party")
    store.post(6, "2024-05-01 12:01", merge_key=6, account="b")
    store.post(7, "2024-05-01 12:01", merge_key=7, kind="reply")
    store.post(8, "2024-05-01 12:01", merge_key=7, kind="reply", account="b")
    store.post(9, "2024-05-01 12:01", merge_key=8, indexed_at=utc("2024-07-01 12:01"))
    store.post(10, "2024-05-01 12:01", merge_key=8, account="b")
    found = loaded(store)("select post_key from posts where is_crosspost order by 1")
    assert found == [(2,)]


@pytest.mark.parametrize("seed", range(5))
def test_copies_are_found_as_the_rule_reads(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cluster = np.sort(rng.integers(0, 4, 80))
    moment = rng.integers(0, 6, 80) * 43_200
    account = rng.integers(0, 3, 80)
    order = np.lexsort((account, moment, cluster))
    moment, account = moment[order], account[order]
    found = loading.copies(cluster, account, moment)
    heads: list[int] = []
    for i in range(80):
        is_copy = any(
            cluster[h] == cluster[i] and account[h] != account[i]
            and 0 <= moment[i] - moment[h] <= 86_400
            for h in heads
        )  # fmt: skip
        assert found[i] == is_copy
        if not is_copy:
            heads.append(i)


def test_an_item_received_on_two_accounts_was_received_once(loaded: Any, store: Store) -> None:
    store.account("b")
    store.received(1, "2024-05-01 12:00")
    store.received(1, "2024-05-01 12:00", account="b", seen_at=utc("2024-12-05 12:00"))
    assert loaded(store)("select item_key, account_key from received") == [(1, 1)]


def test_hidden_later_is_still_received(loaded: Any, store: Store) -> None:
    store.received(1, "2024-05-01 12:00")
    store.received(1, "2024-05-01 12:00", seen_at=utc("2024-12-05 12:00"), is_deleted=True)
    assert loaded(store)("select item_key, is_question from received") == [(1, True)]


# --- roster ----------------------------------------------------------------------------


def test_an_account_is_valid_from_the_later_of_roster_and_opening(loaded: Any) -> None:
    store = Store()
    store.person()
    for name, valid, opened in (
        ("a", None, "2023-03-01 12:00"), ("b", date(2024, 1, 1), "2023-03-01 12:00"),
        ("c", date(2023, 1, 1), "2023-03-01 23:30"), ("d", None, None), ("e", None, None),
    ):  # fmt: skip
        store.account(name, valid_from=valid, valid_to=date(2024, 6, 1) if name == "b" else None)
        moment = None if opened is None else utc(opened)
        store.add("account_state", account_id=name, seen_at=utc("2024-12-01 00:00"),
                  created_at=moment, shows_acts=True, status="active")  # fmt: skip
    store.post(1, "2023-07-01 12:00", account="d")
    store.span("2023-08-01 00:00", "2024-01-01 00:00", account="d")
    found = loaded(store)("select account_id, first_day, last_day from accounts order by 1")
    forever = 1_000_000
    assert found == [
        ("a", day("2023-03-01"), forever), ("b", day("2024-01-01"), day("2024-06-01")),
        ("c", day("2023-03-02"), forever), ("d", day("2023-07-01"), forever),
        ("e", day("2023-01-01"), forever),
    ]  # fmt: skip


def test_what_an_account_shows_is_what_the_platform_said_last(loaded: Any, store: Store) -> None:
    store.account("never-walked")
    for seen, shows in (("2024-12-01 00:00", False), ("2024-12-02 00:00", True)):
        store.add("account_state", account_id="a", seen_at=utc(seen), shows_acts=True,
                  shows_replies=shows, shows_received=shows, shows_mentions=False)  # fmt: skip
    query = "select account_id, shows_acts, shows_replies, shows_received from accounts order by 1"
    assert loaded(store)(query) == [
        ("a", True, True, True), ("never-walked", True, False, False),
    ]  # fmt: skip


def test_the_office_is_the_current_one_else_the_last(loaded: Any) -> None:
    store = Store()
    mandates = {
        "an": [("mandate", "councillor", 2019, 2024), ("mandate", "mayor", 2021, None)],
        "bo": [("mandate", "alderman", 2013, 2018), ("candidacy", "councillor", 2024, 2024)],
        "ci": [("candidacy", "councillor", 2024, 2024), ("mandate", "mp", 2025, None)],
        "di": [],
    }
    for person, held in mandates.items():
        store.person(person)
        for kind, office, begin, end in held:
            store.mandates.append(
                {"person_id": person, "kind": kind, "office": office, "level": "local",
                 "jurisdiction": "BE-VLG", "from_on": date(begin, 2, 1),
                 "to_on": None if end is None else date(end, 12, 1)}
            )  # fmt: skip
    found = loaded(store)("select person_id, office from people order by person_key")
    assert found == [("an", "mayor"), ("bo", "alderman"), ("ci", "councillor"), ("di", None)]


def test_an_election_of_several_levels_is_a_row_for_each(loaded: Any, store: Store) -> None:
    store.elections.append(
        {"jurisdiction": "BE", "level": "federal+regional+eu", "election_id": "be-2024",
         "day": date(2024, 6, 9), "regulated_start": date(2024, 2, 9), "applies_to": "person",
         "confidence": "derived"}
    )  # fmt: skip
    found = loaded(store)(
        "select level, day, last_round_day, regulated_day, is_verified from elections"
    )
    june, february = day("2024-06-09"), day("2024-02-09")
    assert sorted(found) == [
        (level, june, june, february, True) for level in ("eu", "federal", "regional")
    ]


def test_partners_keep_their_last_class_and_staff_are_own_to_their_person(
    loaded: Any, store: Store
) -> None:
    store.add("known_key", partner_key=5, **{"class": "media"}, seen_at=utc("2024-12-01 00:00"))
    store.add("known_key", partner_key=5, **{"class": "party"}, seen_at=utc("2024-12-02 00:00"))
    for seen in ("2024-12-01 00:00", "2024-12-02 00:00"):
        store.add("own_key", person_id="an", partner_key=6, seen_at=utc(seen))
    found = loaded(store)("select partner_key, class, person_key from partners order by 1")
    assert found == [(5, "party", None), (6, "own", 1)]


# --- the whole -------------------------------------------------------------------------


def test_without_a_choice_the_window_is_the_six_years_before_the_last_walk(
    loaded: Any, store: Store
) -> None:
    store.span("2020-05-01 00:00", "2024-12-01 12:00")
    ((first, end),) = loaded(store, None)("select start_day, end_day from params")
    assert (first, end) == (day("2018-12-01"), day("2024-12-01"))


def test_a_store_that_was_never_collected_into_says_what_to_do(loaded: Any, store: Store) -> None:
    with pytest.raises(LoadError, match="winterslaap collect"):
        loaded(store, None)


def test_a_missing_store_is_one_line(tmp_path: Path, store: Store) -> None:
    with pytest.raises(LoadError, match="nowhere") as error:
        load(duckdb.connect(), tmp_path / "nowhere.duckdb", store.roster(), window=WINDOW)
    assert "\n" not in str(error.value)


def test_a_window_without_a_day_is_refused(loaded: Any, store: Store) -> None:
    with pytest.raises(LoadError, match="no day"):
        loaded(store, Window(date(2024, 1, 1), date(2024, 1, 1)))


def test_nothing_but_inputs_stays_behind(loaded: Any, store: Store) -> None:
    store.post(1, "2024-05-01 12:00")
    store.span("2024-01-01 00:00", "2024-12-01 12:00")
    found = loaded(store)("select table_name from duckdb_tables()")
    assert {"posts", "spans", "params", "days"} <= {name for (name,) in found}
    assert not [name for (name,) in found if name.startswith("roster") or name == "observed"]


def test_details_tell_of_walks_spans_and_partial_threads(loaded: Any, store: Store) -> None:
    store.add("run_event", run_id="r1", at=utc("2024-12-01 00:00"), event="began", status="running")
    store.add(
        "run_event", run_id="r1", at=utc("2024-12-01 01:00"), event="ended", status="incomplete"
    )
    store.add("run_event", run_id="r2", at=utc("2024-12-02 00:00"), event="began", status="running")
    store.add("account_run", run_id="r1", account_id="a", source="bluesky", status="failed",
              began_at=utc("2024-12-01 00:10"), ended_at=utc("2024-12-01 00:20"), post_count=3,
              received_count=2, request_count=5, error="RateLimited", message="later")  # fmt: skip
    store.span("2024-04-30 22:00", "2024-05-03 22:00")
    store.span("2024-05-03 22:00", "2024-05-05 22:00", seen="2024-12-02 00:00")
    store.add(
        "thread", account_id="a", root_key=1, is_partial=True, seen_at=utc("2024-12-01 00:00")
    )
    store.add(
        "thread", account_id="a", root_key=1, is_partial=False, seen_at=utc("2024-12-02 00:00")
    )
    store.add(
        "thread", account_id="a", root_key=2, is_partial=True, seen_at=utc("2024-12-01 00:00")
    )
    found = loaded(store)
    assert found("select run_id, status, account_count, post_count from collect_detail") == [
        ("r1", "incomplete", 1, 3), ("r2", "running", 0, 0),
    ]  # fmt: skip
    assert found("select status, error, message from walk") == [("failed", "RateLimited", "later")]
    assert found("select first_day, last_day from span_detail") == [
        (day("2024-05-01"), day("2024-05-05"))
    ]
    assert found("select thread_count, partial_count from thread_detail") == [(2, 1)]
    assert found("select platforms, is_invented from person_detail") == [("bluesky", True)]
