"""`winterslaap text reread` on a store: what is read again, what is not, and a kill in between."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import cli
from commands import rereading as command
from ingest import rereading
from ingest.model import Account, Batch, Kind, Post, Received
from ingest.store import Store
from ingest.walk import Walk
from metrics import text
from metrics.text.lists import FOLDER, load
from metrics.text.reading import Reader
from metrics.text.reread import Moves
from tests.collecting import write_roster
from tests.invented import SECRET

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
AN = Account("an-feeds", "an", "feeds", "an.example")
THANKS, OTHERS = 7, 5
LATEST = (
    "select {what} from post qualify row_number() over (partition by uri order by seen_at desc) = 1"
)


def posts() -> list[Post]:
    texts = [f"Proficiat aan ploeg {i} met de wedstrijd" for i in range(THANKS)]
    texts += [f"Le conseil communal décide ce soir de la piscine numéro {i}" for i in range(OTHERS)]
    return [
        Post(f"https://an.example/{i}", NOW - timedelta(days=i + 1), Kind.POST, text=words)
        for i, words in enumerate(texts)
    ]


def question() -> Received:
    return Received(
        "https://an.example/q",
        NOW - timedelta(days=1),
        author="burger@elders.example",
        text="Proficiat! Wanneer is de volgende wedstrijd?",
        parent_uri="https://an.example/0",
        root_uri="https://an.example/0",
    )


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "winterslaap.key").write_bytes(SECRET)
    write_roster(tmp_path, per_host=1)
    with opened(tmp_path) as store:
        walk = Walk(store, AN, "run-1", text, now=lambda: NOW, language="nl")
        walk.append(Batch(posts=tuple(posts()), received=(question(),)))
    return tmp_path


@pytest.fixture
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose Dutch lists no longer know a word of thanks."""
    folder = tmp_path_factory.mktemp("lang")
    for file in FOLDER.glob("*.toml"):
        words = file.read_text(encoding="utf-8")
        if file.stem == "nl":
            words = words.replace('"proficiat*"', '"hoera*"')
        (folder / file.name).write_text(words, encoding="utf-8")
    return folder


def opened(data_dir: Path) -> Store:
    return Store(data_dir / "winterslaap.duckdb", SECRET)


def again(store: Store, used: Reader, **options: Any) -> tuple[rereading.Stale, Moves]:
    moves = Moves()
    stale = rereading.find_stale(store, list(used.versions.values()))
    command.read_again(store, {"an-feeds": "nl"}, used, moves, **options)
    return stale, moves


def test_only_own_acts_of_the_changed_language_are_read_and_stored_behind_the_old_rows(
    data_dir: Path, changed: Path
) -> None:
    used = Reader(load(changed))
    with opened(data_dir) as store:
        before = store.rows("select * from post order by seen_at, uri")
        stale, moves = again(store, used)
        assert (stale.act_count, stale.deleted_count, stale.received_count) == (THANKS, 0, 1)
        assert (moves.read_count, moves.moved_count) == (THANKS, THANKS)
        assert set(moves.labels) == {("nl", "help_thank", "none")}
        rows = store.rows("select * from post order by seen_at, uri")
        assert rows[: len(before)] == before
        assert len(rows) == len(before) + THANKS
        found = store.rows(LATEST.format(what="features ->> '$.version', lang, text"))
        assert {(version, lang) for version, lang, _ in found} == {
            (used.versions["nl"], "nl"),
            (used.versions["fr"], "fr"),
        }
        assert sorted(words for _, _, words in found) == sorted(post.text for post in posts())
        assert store.rows("select count(answer_keys) from post") == [(0,)]  # no answers


def test_a_second_reading_does_nothing(data_dir: Path, changed: Path) -> None:
    used = Reader(load(changed))
    with opened(data_dir) as store:
        again(store, used)
        rows = store.rows("select count(*) from post")
        stale, moves = again(store, used)
        assert (stale.act_count, moves.read_count) == (0, 0)
        assert store.rows("select count(*) from post") == rows


def test_a_deleted_text_is_counted_and_not_read(data_dir: Path, changed: Path) -> None:
    used = Reader(load(changed))
    gone = posts()[0]
    with opened(data_dir) as store:
        walk = Walk(store, AN, "run-2", text, now=lambda: NOW, language="nl")
        walk.append(Batch(posts=(Post(gone.uri, gone.created_at, Kind.POST, is_deleted=True),)))
        stale, moves = again(store, used)
        assert (stale.act_count, stale.deleted_count) == (THANKS - 1, 1)
        assert moves.read_count == THANKS - 1
        assert store.rows("select count(*) from post where uri = ?", [gone.uri]) == [(2,)]


def test_what_was_read_again_is_not_collected_anew(data_dir: Path, changed: Path) -> None:
    """The next walk meets the same posts and has nothing to add."""
    with opened(data_dir) as store:
        again(store, Reader(load(changed)))
        rows = store.rows("select count(*) from post")
        walk = Walk(store, AN, "run-2", text, now=lambda: NOW, language="nl")
        assert walk.append(Batch(posts=tuple(posts()))).post_count == 0
        assert store.rows("select count(*) from post") == rows


def test_answers_of_an_older_store_get_the_keys_by_which_they_are_compared(data_dir: Path) -> None:
    used = Reader(load(FOLDER))
    words = ("Wij kijken deze week samen naar dat fietspad", "Dank je wel!")
    answers = [
        Post(f"https://an.example/r{i}", NOW, Kind.REPLY, text=said, parent_uri="https://x.example")
        for i, said in enumerate(words)
    ]
    with opened(data_dir) as store:
        walk = Walk(store, AN, "run-2", text, now=lambda: NOW, language="nl")
        walk.append(Batch(posts=tuple(answers)))
        keys = store.rows("select uri, answer_keys, features from post order by seen_at, uri")
        store.rows("update post set answer_keys = null")
        stale, moves = again(store, used)
        assert (stale.act_count, moves.read_count, moves.moved_count) == (2, 2, 0)
        found = store.rows(LATEST.format(what="uri, answer_keys, features") + " order by uri")
        assert found == sorted(keys)
        assert [len(k) for _, k, _ in found if k is not None] == [3, 0]
        stale, moves = again(store, used)
        assert (stale.act_count, moves.read_count) == (0, 0)


KILLED = """
import os, signal, sys
from pathlib import Path
from commands import rereading as command
from ingest import rereading
from ingest.store import Store
from metrics.text.lists import load
from metrics.text.reading import Reader
from metrics.text.reread import Moves

used = Reader(load(Path(sys.argv[2])))
with Store(Path(sys.argv[1]), bytes.fromhex(sys.argv[3])) as store:
    rereading.find_stale(store, list(used.versions.values()))
    def after(done):
        if done == 4:
            os.kill(os.getpid(), signal.SIGKILL)
    command.read_again(store, {"an-feeds": "nl"}, used, Moves(), on_batch=after, size=2)
"""


def test_a_killed_reading_goes_on_where_it_stopped(data_dir: Path, changed: Path) -> None:
    arguments = [str(data_dir / "winterslaap.duckdb"), str(changed), SECRET.hex()]
    ended = subprocess.run([sys.executable, "-c", KILLED, *arguments], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    used = Reader(load(changed))
    with opened(data_dir) as store:
        stale, moves = again(store, used, size=2)
        assert stale.act_count == moves.read_count == THANKS - 4
        found = store.rows(LATEST.format(what="features ->> '$.version'"))
        assert {version for (version,) in found} == {used.versions["nl"], used.versions["fr"]}
        assert store.rows("select count(*) from post") == [(THANKS + OTHERS + THANKS,)]


@pytest.fixture
def with_changed_lists(
    changed: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setattr(command, "reader", lambda: Reader(load(changed)))
    return monkeypatch


def typed(capsys: pytest.CaptureFixture[str], data_dir: Path, *words: str) -> str:
    with pytest.raises(SystemExit):
        cli.main(["text", "reread", *words, "--data", str(data_dir)])
    return capsys.readouterr().out


@pytest.mark.usefixtures("with_changed_lists")
def test_the_command_says_what_moved_and_what_cannot_be_read(
    capsys: pytest.CaptureFixture[str], data_dir: Path
) -> None:
    dry = typed(capsys, data_dir, "--dry-run")
    assert f"{THANKS} own acts were read otherwise: nothing was changed" in dry
    out = typed(capsys, data_dir)
    assert f"{THANKS} own acts read again, {THANKS} of them read differently" in out
    move = next(line for line in out.splitlines() if "help_thank" in line)
    assert move.replace("│", " ").split() == ["nl", "help_thank", "none", str(THANKS)]
    assert "1 received items stay as read on arrival" in out
    assert typed(capsys, data_dir).startswith("0 own acts read again")


@pytest.mark.usefixtures("with_changed_lists")
def test_the_command_tells_a_machine(capsys: pytest.CaptureFixture[str], data_dir: Path) -> None:
    told = json.loads(typed(capsys, data_dir, "--json"))
    assert told["stale"] == {"acts": THANKS, "deleted": 0, "received": 1}
    assert told["labels"] == [{"language": "nl", "was": "help_thank", "is": "none", "acts": THANKS}]


def test_ctrl_c_keeps_what_was_read(
    capfd: pytest.CaptureFixture[str], data_dir: Path, with_changed_lists: pytest.MonkeyPatch
) -> None:
    stored = rereading.append

    def stop_after_one(*given: Any) -> None:
        stored(*given)
        raise KeyboardInterrupt

    with_changed_lists.setattr(rereading, "append", stop_after_one)
    with pytest.raises(SystemExit) as ended:
        cli.main(["text", "reread", "--data", str(data_dir)])
    assert ended.value.code == 1
    assert "goes on from here" in capfd.readouterr().err


@pytest.mark.usefixtures("with_changed_lists")
def test_the_next_run_of_the_collector_reads_again_by_itself(
    capfd: pytest.CaptureFixture[str], data_dir: Path
) -> None:
    command.refresh(data_dir)
    assert f"{THANKS} own acts read again" in capfd.readouterr().err
    command.refresh(data_dir)
    assert capfd.readouterr().err == ""
