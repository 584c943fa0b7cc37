"""The store: what is new is appended, what is erased is gone, and nothing is lost."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import msgspec
import pytest

from ingest import storefile
from ingest.backup import backup
from ingest.errors import StoreError
from ingest.model import (
    AccountState,
    Batch,
    Kind,
    Quarantined,
    Shows,
    Span,
    Status,
    Stream,
    Thread,
)
from ingest.rows import NotCitizens
from ingest.store import Store
from tests.invented import (
    CITIZEN,
    OWN,
    SECRET,
    START,
    Clock,
    FormText,
    asked,
    bytes_of,
    last_words,
    moment,
    post,
    reply,
    walk_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

STATE = AccountState(
    OWN,
    "an.voorbeeld.example",
    "pds.example",
    Status.ACTIVE,
    Shows(True, True, True, False, True),
    START,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "winterslaap.duckdb"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path, SECRET) as opened:
        yield opened


def texts(store: Store) -> list[str | None]:
    return [text for (text,) in store.rows("select text from post order by seen_at, uri")]


def test_who_may_reply_stays_as_it_was_told_last(store: Store) -> None:
    def said() -> list[object]:
        query = "select is_restricted from post order by seen_at, uri"
        return [one for (one,) in store.rows(query)]

    walk_of(store).append(Batch(posts=(post("1", is_restricted=True), post("2"))))
    assert said() == [True, None]
    walk_of(store).append(Batch(posts=(post("1", text="Anders"), post("2"))))
    assert said() == [True, None, True]
    walk_of(store).append(Batch(posts=(post("1", text="Anders", is_restricted=False),)))
    assert said() == [True, None, True, False]


def test_what_was_stored_is_known_in_the_next_walk(store: Store) -> None:
    span = Span(Stream.ACTS, moment(0), moment(300), "listing_to_end")
    first = walk_of(store)
    assert first.known().posts == {}
    first.append(Batch(posts=(post("kop", reply_count=2, is_pinned=True),), state=STATE))
    first.append(Batch(threads=(Thread(post("kop").uri, 2, False),)))
    first.append(Batch(spans=(span,), cursors={"rev": "1"}))
    known = walk_of(store, run_id="run-2").known()
    assert list(known.posts) == [post("kop").uri]
    found = known.posts[post("kop").uri]
    assert (found.created_at, found.reply_count, found.is_pinned) == (moment(0), 2, True)
    assert known.threads[post("kop").uri][0] == 2
    assert known.threads[post("kop").uri][1].tzinfo is UTC
    assert (known.cursors, known.spans, known.created_at) == ({"rev": "1"}, (span,), START)


def test_a_page_that_says_nothing_new_adds_no_row(store: Store) -> None:
    page = Batch(
        posts=(post("1"), reply("2", CITIZEN)),
        received=(asked("3"),),
        state=STATE,
        cursors={"rev": "1"},
        quarantined=(Quarantined("at://x", "no date", "createdAt"),),
    )
    assert walk_of(store).append(page).post_count == 2
    text = FormText()
    again = walk_of(store, run_id="run-2", text=text).append(page)
    assert (again.post_count, again.received_count) == (0, 0)
    assert text.read_count == 1  # only the received one, whose text nobody keeps
    for table in ("post", "received", "account_state", "cursor_position", "quarantine"):
        assert store.rows(f"select count(*) from {table} where run_id = 'run-2'") == [(0,)]


def test_an_edit_or_a_new_count_is_one_row_more_and_the_last_word(store: Store) -> None:
    walk_of(store).append(Batch(posts=(post("1", text="eerst"),)))
    walk_of(store).append(Batch(posts=(post("1", text="daarna", reply_count=3),)))
    assert texts(store) == ["eerst", "daarna"]
    assert walk_of(store).known().posts[post("1").uri].reply_count == 3


def test_an_observation_that_tells_less_takes_nothing_away(store: Store) -> None:
    full = post("1", reply_count=3, indexed_at=moment(0.1))
    walk_of(store).append(Batch(posts=(full,)))
    less = msgspec.structs.replace(full, reply_count=None, indexed_at=None, created_at=None)
    assert walk_of(store).append(Batch(posts=(less,))).post_count == 0


def test_the_same_item_twice_on_a_page_is_one_row(store: Store) -> None:
    first, pinned = post("1"), post("1", is_pinned=True)
    added = walk_of(store).append(
        Batch(posts=(pinned, first, first), received=(asked("2"), asked("2")))
    )
    assert (added.post_count, added.received_count) == (1, 1)
    assert store.rows("select is_pinned from post") == [(True,)]


def test_a_post_pinned_on_one_page_stays_pinned_on_the_walk_s_other_pages(store: Store) -> None:
    walk = walk_of(store)
    walk.append(Batch(posts=(post("1", is_pinned=True),)))
    assert walk.append(Batch(posts=(post("1"),))).post_count == 0
    assert walk_of(store).append(Batch(posts=(post("1"),))).post_count == 1


def test_a_deleted_post_keeps_its_moment_and_loses_its_text_in_every_row(
    store: Store, path: Path
) -> None:
    walk_of(store).append(Batch(posts=(post("1", text="geheim-een"), post("2", text="blijft"))))
    walk_of(store).append(Batch(posts=(post("1", text="geheim-twee"),)))
    gone = msgspec.structs.replace(
        post("1"), created_at=None, text="", kind=Kind.UNKNOWN, is_deleted=True
    )
    assert walk_of(store).append(Batch(posts=(gone,))).post_count == 1
    assert walk_of(store).append(Batch(posts=(gone,))).post_count == 0
    rows = store.rows(
        "select text, is_deleted, created_at, kind, merge_key is not null from post "
        "where uri like '%/1' order by seen_at"
    )
    at = moment(0).replace(tzinfo=None)
    assert rows == [
        (None, False, at, "post", True),
        (None, False, at, "post", True),
        (None, True, at, "post", True),
    ]
    assert store.compact_if_erased() is True
    assert store.compact_if_erased() is False
    store.close()
    stored = bytes_of(path.parent)
    assert b"blijft" in stored
    assert b"geheim" not in stored


def test_a_post_seen_and_deleted_on_one_page_never_has_a_text(store: Store) -> None:
    gone = post("1", is_deleted=True)
    walk_of(store).append(Batch(posts=(post("1", text="kort bestaan"), gone)))
    assert texts(store) == [None]


def test_no_text_name_or_handle_of_a_citizen_is_in_any_file(store: Store, path: Path) -> None:
    secrets = ("verzonnenburger", "geheimewoorden", "burger.example", "vraag-9")
    walk = walk_of(store)
    walk.append(
        Batch(
            posts=(
                post("kop", text=f"Dag @burger.example, zie /profile/burger.example of {CITIZEN}"),
                reply("9", CITIZEN, mentions=(CITIZEN,), mention_names=("@burger.example",)),
                post("8", kind=Kind.REPOST, partner=CITIZEN, text="geheimewoorden"),
            ),
            received=(asked("geheimewoorden", text="geheimewoorden? @burger.example"),),
            threads=(Thread(f"at://{CITIZEN}/app.bsky.feed.post/elders", 1, False),),
            quarantined=(
                Quarantined(f"at://{CITIZEN}/geheimewoorden", "by @burger.example", "text"),
            ),
        )
    )
    before = bytes_of(path.parent, is_open=True)  # also the log that is not yet in the file
    store.close()
    for stored in (before, bytes_of(path.parent)):
        assert b"kop" in stored
        assert [word for word in secrets if word.encode() in stored] == []


def test_the_forgotten_do_not_come_back(store: Store) -> None:
    key = store.keys.partner("bluesky", CITIZEN)
    store.insert("suppression", [(key, START.replace(tzinfo=None))])
    others = NotCitizens(forgotten=store.forgotten())
    walk = walk_of(store, others=others)
    walk.append(
        Batch(posts=(reply("1", CITIZEN),), received=(asked("2"), asked("3", author="d:b")))
    )
    assert store.rows("select partner_key from post") == [(None,)]
    assert store.rows("select count(*) from received") == [(1,)]


def test_backdated_items_are_known_as_such(store: Store) -> None:
    clock = Clock(moment(100))
    span = Span(Stream.ACTS, moment(0), moment(100), "listing_to_end")
    first = walk_of(store, clock=clock)
    first.append(Batch(posts=(post("in-tijd", 50), post("laat", 50, indexed_at=moment(52)))))
    first.append(Batch(spans=(span,)))
    clock.at = moment(110)
    later = walk_of(store, clock=clock)
    later.append(Batch(posts=(post("achteraf", 50), post("nieuw", 105), post("rand", 99.5))))
    later.append(Batch(posts=(post("zonder", created_at=None),)))
    known = walk_of(store).known().posts
    found = {uri.rsplit("/", 1)[1] for uri, item in known.items() if item.is_backdated}
    assert found == {"laat", "achteraf"}


def pages() -> list[Batch]:
    own = [post("kop", reply_count=9), *(post(f"p{n}", n, text=f"tekst {n}?") for n in range(12))]
    own += [reply(f"r{n}", f"did:plc:burger{n % 3}", n) for n in range(12)]
    items = [asked(f"v{n}", n, author=f"did:plc:burger{n % 3}") for n in range(12)]
    return [
        Batch(posts=tuple(own[n : n + 5]), received=tuple(items[n : n + 4]), threads=())
        for n in range(0, len(own), 5)
    ] + [Batch(threads=(Thread(post("kop").uri, 9, False),)), Batch(state=STATE)]


@pytest.mark.parametrize("seed", range(4))
def test_order_and_repetition_of_ingestion_change_nothing(tmp_path: Path, seed: int) -> None:
    plain, mixed = Path(tmp_path / "a.duckdb"), Path(tmp_path / "b.duckdb")
    chance = random.Random(seed)
    with Store(plain, SECRET) as one, Store(mixed, SECRET) as two:
        walk = walk_of(one)
        for page in pages():
            walk.append(page)
        shuffled = pages() * 2
        chance.shuffle(shuffled)
        walk_of(two).append(pages()[0])
        for page in shuffled:
            walk = walk_of(two, run_id=f"run-{chance.randrange(3)}")
            walk.append(page)
        assert last_words(two) == last_words(one)


def test_seen_moments_only_grow_also_when_the_clock_goes_back(path: Path) -> None:
    for hours in (10, 5, 0):
        with Store(path, SECRET) as store:
            clock = Clock(moment(0) + timedelta(hours=hours))
            walk_of(store, clock=clock).append(Batch(posts=(post("1", text=f"om {hours}"),)))
    with Store(path, SECRET) as store:
        assert texts(store) == ["om 10", "om 5", "om 0"]


def test_a_page_that_fails_leaves_nothing_behind(store: Store) -> None:
    walk = walk_of(store)
    wrong = Span(Stream.ACTS, moment(0), moment(1), proof=object())  # type: ignore[arg-type]
    with pytest.raises(Exception, match="object"):
        walk.append(Batch(posts=(post("1"),), received=(asked("2"),), spans=(wrong,)))
    assert store.rows("select count(*) from post") == [(0,)]
    assert walk.append(Batch(posts=(post("1"),))).post_count == 1


@pytest.mark.parametrize(
    "at",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
    ],
)
def test_moments_at_the_ends_of_time_come_back_as_they_were(store: Store, at: datetime) -> None:
    walk_of(store).append(Batch(posts=(post("1", created_at=at),)))
    assert walk_of(store).known().posts[post("1").uri].created_at == at


@pytest.mark.parametrize(
    "text", ["😀👩‍👩‍👧", "مرحبا بالعالم ‮abc", "x" * 100_000, "\ud800 half", "nul\0byte", ""]
)
def test_strange_texts_are_stored(store: Store, text: str) -> None:
    walk_of(store).append(Batch(posts=(post("1", text=text),), received=(asked("2", text=text),)))
    assert texts(store) == [text.replace("\ud800", "?")]
    assert walk_of(store).append(Batch(posts=(post("1", text=text),))).post_count == 0


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2024, 1, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="without a time zone"):
        walk_of(store).append(Batch(posts=(post("1", created_at=naive),)))


def test_a_store_in_use_names_the_process_that_has_it(store: Store, path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ingest.store import Store\n"
        "from ingest.errors import StoreError\n"
        "try: Store(Path(sys.argv[1]), bytes(range(32)))\n"
        "except StoreError as error: print(error)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    ).stdout
    assert "process " in out
    assert "wait until that has ended" in out
    assert out.count("\n") == 1


def test_another_key_is_refused(store: Store, path: Path) -> None:
    store.close()
    with pytest.raises(StoreError, match="another key"):
        Store(path, bytes(32))


def test_a_file_that_is_no_store_is_refused_in_one_line(path: Path, tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.duckdb"
    garbage.write_bytes(b"x" * 5000)
    foreign = tmp_path / "foreign.duckdb"
    with duckdb.connect(str(foreign)) as con:
        con.execute("create table something (x int)")
    for wrong in (garbage, foreign):
        with pytest.raises(StoreError) as caught:
            Store(wrong, SECRET)
        assert "\n" not in str(caught.value)
        assert str(wrong) in str(caught.value)


def test_an_older_store_is_brought_up_and_a_newer_one_refused(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk_of(store).append(Batch(posts=(post("1"),)))
    store.close()
    with monkeypatch.context() as patch:
        found = storefile.SCHEMA_VERSION
        patch.setattr(storefile, "SCHEMA_VERSION", found + 2)
        steps = {
            found: "alter table post add column via text",
            found + 1: "update post set via = 'web'; alter table thread add column via text",
        }
        patch.setattr(storefile, "MIGRATIONS", steps)
        with Store(path, SECRET) as newer:
            version = newer.rows("select value from meta where name = 'schema_version'")
            assert newer.rows("select via from post") == [("web",)]
            assert version == [(str(found + 2),)]
    with pytest.raises(StoreError, match="made by a newer winterslaap"):
        Store(path, SECRET)


def test_a_store_of_the_first_version_becomes_one_as_made_today(store: Store, path: Path) -> None:
    columns = (
        "select table_name, column_name, data_type, comment from duckdb_columns() "
        "where not internal"
    )
    today = store.rows(f"{columns} order by all")
    store.rows("drop table alert")
    store.rows("alter table post drop column answer_keys")
    store.rows("update meta set value = '1' where name = 'schema_version'")
    store.close()
    with Store(path, SECRET) as brought_up:
        assert brought_up.rows(f"{columns} order by all") == today


def test_every_column_says_what_it_holds_also_in_a_copy(store: Store, path: Path) -> None:
    bare = (
        "select table_name, column_name from duckdb_columns() "
        "where not internal and coalesce(length(comment), 0) < 6"
    )
    assert store.rows(bare) == []
    store.compact()
    assert store.rows(bare) == []
    store.close()
    copy = backup(path, path.with_name("copy.duckdb")).path
    with duckdb.connect(str(copy)) as con:
        assert con.execute(bare).fetchall() == []


def test_a_migration_that_fails_changes_nothing(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    with monkeypatch.context() as patch:
        found = storefile.SCHEMA_VERSION
        patch.setattr(storefile, "SCHEMA_VERSION", found + 1)
        wrong = "alter table post add column via text; select no_such"
        patch.setattr(storefile, "MIGRATIONS", {found: wrong})
        with pytest.raises(StoreError, match="nothing was changed"):
            Store(path, SECRET)
    with Store(path, SECRET) as again:
        assert "via" not in [row[0] for row in again.rows("describe post")]


def test_the_file_can_be_read_by_duckdb_1_5(store: Store, path: Path) -> None:
    assert "v1.5.0" in str(store.rows("select tags from duckdb_databases() where not internal"))
    store.compact()
    assert "v1.5.0" in str(store.rows("select tags from duckdb_databases() where not internal"))


def test_compacting_keeps_every_row_and_the_lock(store: Store, path: Path) -> None:
    walk = walk_of(store)
    for page in pages():
        walk.append(page)
    before = last_words(store)
    (path.parent / "winterslaap.duckdb.compact").write_bytes(b"left by a killed process")
    store.close()
    with Store(path, SECRET) as again:
        again.compact()
        assert last_words(again) == before
        walk_of(again).append(Batch(posts=(post("later"),)))
    assert [p.name for p in path.parent.iterdir()] == ["winterslaap.duckdb"]


def test_a_backup_is_whole_private_and_usable(store: Store, path: Path, tmp_path: Path) -> None:
    walk = walk_of(store)
    for page in pages():
        walk.append(page)
    before = last_words(store)
    store.close()
    key = tmp_path / "winterslaap.key"
    key.write_bytes(SECRET)
    made = backup(path, tmp_path / "it's copies" / "monday.duckdb", key)
    assert made.key_path is not None
    assert made.key_path.read_bytes() == SECRET
    assert {p.stat().st_mode & 0o777 for p in (made.path, made.key_path)} == {0o600}
    assert {p.name for p in made.path.parent.iterdir()} == {"monday.duckdb", "monday.duckdb.key"}
    assert made.row_count > 30
    with Store(made.path, SECRET) as copy:
        assert last_words(copy) == before
        walk_of(copy).append(Batch(posts=(post("later"),)))


def test_a_backup_never_writes_over_a_file_nor_from_nothing(
    store: Store, path: Path, tmp_path: Path
) -> None:
    store.close()
    there = tmp_path / "there.duckdb"
    there.write_bytes(b"mine")
    with pytest.raises(StoreError, match="name another one"):
        backup(path, there)
    assert there.read_bytes() == b"mine"
    with pytest.raises(StoreError, match="there is none yet"):
        backup(tmp_path / "no.duckdb", tmp_path / "new.duckdb")
    assert not (tmp_path / "no.duckdb").exists()


def test_a_run_that_ended_without_a_word_is_closed_at_the_next_start(store: Store) -> None:
    first = store.begin_run(moment(0))
    second = store.begin_run(moment(1))
    store.end_run(second, "complete", "", moment(2))
    third = store.begin_run(moment(3))
    events = store.rows('select run_id, event, status from run_event order by "at"')
    assert events == [
        (first, "began", "running"),
        (first, "ended", "interrupted"),
        (second, "began", "running"),
        (second, "ended", "complete"),
        (third, "began", "running"),
    ]
