"""Rotating the key: other hashes, the same citizens, and no moment at which killing it hurts."""

from __future__ import annotations

import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest import roster, rotation
from ingest.backup import backup
from ingest.errors import StoreError
from ingest.http import Config
from ingest.live_store import Shelf
from ingest.privacy import KEY_BYTES, Keys, chained
from ingest.rotation import rotate, settled_key
from ingest.store import Store
from tests.collecting import collect, collecting, write_roster
from tests.invented import SECRET, FormText, bytes_of

ROOT = Path(__file__).parent.parent
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "winterslaap.key").write_bytes(SECRET)
    write_roster(tmp_path, per_host=1)
    collect(tmp_path)
    with Store(store_of(tmp_path), SECRET) as store:
        key = store.keys.partner("mastodon", "vergeten@elders.example")
        store.insert("suppression", [(key, None)])
    return tmp_path


def store_of(data_dir: Path) -> Path:
    return data_dir / "winterslaap.duckdb"


def key_of(data_dir: Path) -> Path:
    return data_dir / "winterslaap.key"


def turn(data_dir: Path) -> rotation.Rotated:
    return rotate(store_of(data_dir), key_of(data_dir))


def stored(data_dir: Path) -> Rows:
    """Every row of every table, in its order, by a store that was opened with its key."""
    with Store(store_of(data_dir), settled_key(store_of(data_dir), key_of(data_dir))) as store:
        tables = [name for (name,) in store.rows("select table_name from duckdb_tables()")]
        found: Rows = {}
        for table in sorted(tables):
            columns = [c for (c, *_) in store.rows(f"describe {table}")]
            rows = store.rows(f"select * from {table} order by rowid")
            found[table] = [dict(zip(columns, row, strict=True)) for row in rows]
    return found


def hashed_again(rows: Rows, secret: bytes) -> Rows:
    """What the rows of the first key must be under this chain of keys."""
    links = [secret[at : at + KEY_BYTES] for at in range(KEY_BYTES, len(secret), KEY_BYTES)]

    def again(name: str, value: Any) -> Any:
        if name.endswith("_key") and value is not None:
            for link in links:
                value = chained(link)(value)
        return value

    fresh = {
        table: [{name: again(name, value) for name, value in row.items()} for row in found]
        for table, found in rows.items()
    }
    for row in fresh["meta"]:
        if row["name"] == "key_check":
            row["value"] = str(Keys(secret).of("the key of this store"))
    return fresh


def test_every_hash_is_another_one_and_nothing_else_changed(data_dir: Path) -> None:
    before = stored(data_dir)
    turned = turn(data_dir)
    secret = key_of(data_dir).read_bytes()
    assert (len(secret), secret[:32], turned.link_count) == (64, SECRET, 2)
    assert stat.S_IMODE(key_of(data_dir).stat().st_mode) == 0o600
    after = stored(data_dir)
    assert after == hashed_again(before, secret)
    assert turned.row_count == sum(
        len(rows) for rows in after.values() if any(n.endswith("_key") for n in (rows or [{}])[0])
    )
    old = {row["asker_key"] for row in before["received"]}
    assert len(old) == len({row["asker_key"] for row in after["received"]}) == 3
    assert not old & {row["asker_key"] for row in after["received"]}


def test_the_chain_hashes_a_name_as_the_stored_hash_was_hashed() -> None:
    chain = SECRET + bytes(32) + bytes(reversed(SECRET))
    old = Keys(SECRET).of("bluesky:did:plc:iemand")
    assert Keys(chain).of("bluesky:did:plc:iemand") == chained(chain[64:])(chained(bytes(32))(old))


def test_a_later_run_meets_everybody_again(data_dir: Path) -> None:
    turn(data_dir)
    turn(data_dir)
    before = stored(data_dir)
    report = collect(data_dir)
    assert {ran.status for ran in report.accounts} == {"unchanged"}
    after = stored(data_dir)
    for table in ("post", "received", "suppression"):
        assert after[table] == before[table]


def test_the_old_key_alone_fits_no_more_and_says_so(data_dir: Path) -> None:
    turn(data_dir)
    key_of(data_dir).write_bytes(SECRET)
    with pytest.raises(StoreError, match="made with another key"):
        collect(data_dir)


def test_a_store_in_use_is_not_rotated(data_dir: Path) -> None:
    with (
        collecting(data_dir, 0.2) as process,
        pytest.raises(StoreError, match=f"process {process.pid} is using it"),
    ):
        turn(data_dir)
    assert key_of(data_dir).read_bytes() == SECRET
    assert not list(data_dir.glob("*key.next*"))


def test_without_a_store_there_is_nothing_to_rotate(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is none yet"):
        turn(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_store_and_key_as_they_were(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(data_dir)

    def full(*_: object) -> None:
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr(rotation, "_copy", full)
    with pytest.raises(duckdb.IOException):
        turn(data_dir)
    assert key_of(data_dir).read_bytes() == SECRET
    assert not list(data_dir.glob("*.next*"))
    monkeypatch.undo()
    assert stored(data_dir) == before
    assert not list(data_dir.glob("*.compact*"))


DIE = "import os, signal, sys; from ingest import rotation; from pathlib import Path; "
DIE += "die = lambda *a: os.kill(os.getpid(), signal.SIGKILL); data = Path(sys.argv[1]); "
DIE += "write = rotation.write_key; {} "
DIE += "rotation.rotate(data / 'winterslaap.duckdb', data / 'winterslaap.key')"
PLACES = {
    "before the new key": ("rotation.write_key = die;", 1),
    "after the new key": ("rotation.write_key = lambda *a: (write(*a), die());", 1),
    "while copying": ("rotation._copy = die;", 1),
    "between store and key": ("rotation._sync = die;", 2),
}


@pytest.mark.parametrize("place", PLACES)
def test_killed_at_a_chosen_moment_the_key_fits_the_store(data_dir: Path, place: str) -> None:
    before = stored(data_dir)
    step, link_count = PLACES[place]
    command = [sys.executable, "-c", DIE.format(step), str(data_dir)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    after = stored(data_dir)
    secret = key_of(data_dir).read_bytes()
    assert len(secret) == link_count * KEY_BYTES
    assert after == hashed_again(before, secret)
    assert turn(data_dir).link_count == link_count + 1
    assert sorted(path.name for path in data_dir.iterdir()) == [
        "rosters",
        "winterslaap.duckdb",
        "winterslaap.key",
    ]


@pytest.mark.parametrize("seed", range(6))
def test_killed_at_any_moment_the_key_fits_the_store(data_dir: Path, seed: int) -> None:
    before = stored(data_dir)
    forever = DIE.format("\nwhile True: ")
    command = [sys.executable, "-c", "print(1, flush=True);" + forever, str(data_dir)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.6 + random.Random(seed).random())
        process.kill()
    after = stored(data_dir)
    assert after == hashed_again(before, key_of(data_dir).read_bytes())
    assert not list(data_dir.glob("*.next"))


def test_a_rotation_under_way_is_not_settled_by_others(data_dir: Path) -> None:
    waiting = DIE.format("rotation._sync = lambda *a: (print(1, flush=True), input());")
    command = [sys.executable, "-c", waiting, str(data_dir)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "1\n"
        with pytest.raises(StoreError, match="is using it"):
            settled_key(store_of(data_dir), key_of(data_dir))
        process.communicate("\n")
    assert process.returncode == 0
    assert key_of(data_dir).stat().st_size == 64


def test_a_key_left_over_without_a_store_is_dropped(data_dir: Path) -> None:
    store_of(data_dir).unlink()
    (data_dir / "winterslaap.key.next").write_bytes(SECRET * 2)
    assert collect(data_dir).status == "complete"
    assert key_of(data_dir).read_bytes() == SECRET
    assert not list(data_dir.glob("*.next"))


def test_a_backup_after_a_killed_rotation_has_the_key_that_fits(data_dir: Path) -> None:
    command = [sys.executable, "-c", DIE.format(PLACES["between store and key"][0]), str(data_dir)]
    subprocess.run(command, cwd=ROOT, check=False)
    made = backup(store_of(data_dir), data_dir / "copy.duckdb", key_of(data_dir))
    assert made.key_path is not None
    with Store(made.path, made.key_path.read_bytes()) as store:
        assert store.rows("select count(*) from suppression") == [(1,)]


def test_no_key_is_in_the_store_or_in_a_message(
    data_dir: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(0)
    turn(data_dir)
    collect(data_dir)
    secret = key_of(data_dir).read_bytes()
    key_of(data_dir).rename(data_dir.parent / "elsewhere.key")
    told = caplog.text + "".join(capfd.readouterr())
    for link in (secret[:32], secret[32:]):
        assert link not in bytes_of(data_dir)
        assert link.hex() not in told
        assert repr(link)[2:-1] not in told


def test_a_listener_that_goes_on_knows_the_politicians_by_the_new_key(data_dir: Path) -> None:
    people = roster.read(data_dir)
    heard = Shelf(data_dir, people, FormText(), Config(), "jetstream of h.example")
    with Store(store_of(data_dir), SECRET) as store:
        before = heard._not_citizens(store).keys
    turn(data_dir)
    with Store(store_of(data_dir), key_of(data_dir).read_bytes()) as store:
        after = heard._not_citizens(store).keys
    assert before
    assert not before & after
