"""`winterslaap import`: what is stored where, twice, killed, undone, and kept from everybody."""

from __future__ import annotations

import csv
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

import cli
from ingest import archives, importing, private, roster
from ingest.archives import plain
from ingest.store import Store
from tests.archived import answer, part, tweet, write_x_roster, x_files, zipped
from tests.invented import SECRET, Clock, FormText, bytes_of

ROOT = Path(__file__).parent.parent
TABLES = ("post", "received", "span", "account_state", "quarantine")
CITIZEN = "een_burger"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "winterslaap.key").write_bytes(SECRET)
    write_x_roster(tmp_path)
    return tmp_path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    items = [answer(n, CITIZEN, "9", f"@{CITIZEN} dank u {n}") for n in range(1, 400)]
    items += [answer(n, "lijst_plein", "8", f"@Lijst_Plein ja {n}") for n in range(400, 403)]
    return zipped(tmp_path / "x.zip", x_files([tweet(0, "Hoe gaat het met u?"), *items]))


@pytest.fixture
def run(data: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("WINTERSLAAP_DATA", str(data))

    def command(*arguments: object, name: str = "import") -> SimpleNamespace:
        with pytest.raises(SystemExit) as ended:
            cli.main([name, *map(str, arguments)])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return SimpleNamespace(code=ended.value.code, out=out, err=err, all=out + err)

    return command


def rows(path: Path, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table without run and moment."""
    with duckdb.connect(str(path), read_only=True) as con:
        query = f"select * exclude (run_id, seen_at) from {table} order by all"
        return con.execute(query).fetchall()


def everything(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {table: rows(path, table) for table in TABLES}


def private_of(data: Path) -> Path:
    return data / "private" / "an.duckdb"


def run_id(said: SimpleNamespace) -> str:
    return str(said.err.partition("--undo ")[2].split()[0])


def test_an_own_archive_goes_into_a_private_store_alone(
    run: Any, data: Path, archive: Path
) -> None:
    said = run(archive, "--person", "an")
    assert said.code == 0
    assert "X archive of an_voorbeeld" in said.out
    assert "an-x (x an_voorbeeld), every day known from 2023-12-01 to 2024-12-30" in said.out
    assert "what others asked below them" in said.out
    assert "never counted as none" in said.out
    assert "403 new or changed; 0 were known already" in said.out
    assert not (data / "winterslaap.duckdb").exists()
    assert len(rows(private_of(data), "post")) == 403
    assert {row[0] for row in rows(private_of(data), "post")} == {"an-x"}


def test_nobody_else_can_look_into_the_private_folder(run: Any, data: Path, archive: Path) -> None:
    (data / "private").mkdir(mode=0o755)
    run(archive, "--person", "an")
    assert stat.S_IMODE((data / "private").stat().st_mode) == 0o700
    for path in (data / "private").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ignored = subprocess.run(
        ["git", "check-ignore", "data/private/an.duckdb"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert ignored.returncode == 0


def test_no_citizen_stands_in_the_store(run: Any, data: Path, archive: Path) -> None:
    run(archive, "--person", "an")
    content = bytes_of(data / "private")
    assert CITIZEN.encode() not in content
    assert b"Lijst_Plein" in content  # a party is no citizen
    assert b"geheim" not in content
    keys = private.of_person(data, "an").key_path.read_bytes()
    assert keys != SECRET  # nothing in it can be joined with the public store


def test_score_status_backup_and_export_never_see_it(run: Any, data: Path, archive: Path) -> None:
    run(archive, "--person", "an")
    with Store(data / "winterslaap.duckdb", SECRET):
        pass
    status = json.loads(run("--json", name="status").out)
    an = next(one for one in status["accounts"] if one["account_id"] == "an-x")
    assert (an["last_run"], an["acts"]) == (None, [])
    run(data / "copy.duckdb", name="backup")
    assert rows(data / "copy.duckdb", "post") == []
    run(name="score")
    run(data / "exported", name="export")
    for path in [
        data / "copy.duckdb",
        *(data / "published").rglob("*"),
        *(data / "exported").rglob("*"),
    ]:
        if path.is_file():
            assert b"dank u" not in path.read_bytes()


def test_the_same_file_twice_changes_nothing(run: Any, data: Path, archive: Path) -> None:
    run(archive, "--person", "an")
    before = everything(private_of(data))
    said = run(archive, "--person", "an")
    assert "0 new or changed; 403 were known already" in said.out
    assert "--undo" not in said.err
    assert everything(private_of(data)) == before


def test_a_later_archive_adds_what_is_new_and_what_was_deleted(
    run: Any, data: Path, tmp_path: Path
) -> None:
    run(zipped(tmp_path / "1.zip", x_files([tweet(1), tweet(2)])), "--person", "an")
    gone = part("deleted_tweets", [{"tweet": tweet(2)}])
    later = x_files([tweet(1), tweet(3)], deleted_tweets=gone)
    assert (
        "2 new or changed; 1 were known already"
        in run(zipped(tmp_path / "2.zip", later), "--person", "an").out
    )
    texts = [row[9] for row in rows(private_of(data), "post")]
    assert sorted(text for text in texts if text) == ["Bericht 1", "Bericht 3"]


def test_killed_at_any_moment_and_started_again_is_the_same_store(
    data: Path, archive: Path, tmp_path: Path
) -> None:
    code = (
        "import sys, time; from pathlib import Path; from ingest import appending, archives;"
        "from ingest import importing, private, roster; from tests.invented import FormText;"
        "appending.MOST_POSTS = 20; from ingest.archives import pieces; pieces.SIZE = 20_000;"
        "data = Path(sys.argv[1]); take = appending.Appender.flush;"
        "appending.Appender.flush = lambda *a: (time.sleep(.03), take(*a), print(1, flush=True));"
        "found = archives.recognise(Path(sys.argv[2]));"
        "store = private.of_person(data, 'an').open();"
        "importing.run(found, store, roster.read(data), text_step=FormText(), person_id='an',"
        " is_private=True); store.close(); print('done')"
    )

    def start(folder: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", code, str(folder), str(archive)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONWARNINGS": "ignore"},
        )

    killed = 0
    for flushes in (1, 3, 6):
        process = start(data)
        assert process.stdout is not None
        for _ in range(flushes):
            process.stdout.readline()
        time.sleep(0.01 * flushes)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        process.stdout.close()
    assert killed == 3
    with duckdb.connect(str(private_of(data)), read_only=True) as con:
        stored = con.execute("select count(*) from post").fetchall()[0][0]
        assert 0 < stored < 403
        assert con.execute("select count(*) from span").fetchall() == [(0,)]
    again = start(data)
    assert b"done" in again.communicate()[0]
    other = tmp_path / "anders"
    write_x_roster(other)
    (other / "private").mkdir()
    (other / "private" / "an.key").write_bytes((data / "private" / "an.key").read_bytes())
    assert b"done" in start(other).communicate()[0]
    assert everything(private_of(data)) == everything(private_of(other))


def test_a_dry_run_tells_all_and_stores_nothing(run: Any, data: Path, archive: Path) -> None:
    said = run(archive, "--person", "an", "--dry-run")
    assert said.code == 0
    assert "402 replies to others" in said.out
    assert "every day known from 2023-12-01" in said.out
    assert "nothing: this only looked" in said.out
    assert not (data / "private").exists()


def test_a_dry_run_promises_no_day_that_the_import_does_not_prove(run: Any, tmp_path: Path) -> None:
    items = [tweet(n) for n in range(50)]
    items[7]["created_at"] = "ooit"
    path = zipped(tmp_path / "x.zip", x_files(items))
    for more in (["--dry-run"], []):
        said = run(path, "--person", "an", *more)
        assert "no day proven: more than 1 % of it could not be read" in said.out


def test_a_table_without_rows_says_what_to_give(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(plain.TEMPLATE.splitlines()[0] + "\n")
    said = run(path, "--dry-run")
    assert "note         it holds no post: give a file with one row for each" in said.out


def test_publishing_is_said_twice(
    run: Any, data: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in ([], ["--publish-as", "bo"], ["--publish-as", "An"]):
        said = run(archive, "--person", "an", "--publish", *wrong)
        assert said.code == 1
        assert "nothing was changed: the person has to say so twice" in said.err
        assert not (data / "winterslaap.duckdb").exists()
        assert not (data / "private").exists()
    said = run(archive, "--person", "an", "--publish", "--publish-as", "an")
    assert said.code == 0
    assert len(rows(data / "winterslaap.duckdb", "post")) == 403
    assert not (data / "private").exists()


@pytest.mark.parametrize(("typed", "code"), [("an\n", 0), ("ja\n", 1), ("\n", 1)])
def test_at_a_terminal_the_id_is_typed_once_more(
    run: Any, data: Path, archive: Path, monkeypatch: pytest.MonkeyPatch, typed: str, code: int
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: typed.strip())
    assert run(archive, "--person", "an", "--publish").code == code
    assert (data / "winterslaap.duckdb").exists() == (not code)


def test_an_archive_needs_its_person(run: Any, archive: Path) -> None:
    said = run(archive)
    assert said.code == 1
    assert "--person an: whose archive it is" in said.err
    said = run(archive, "--person", "ann")
    assert "--person: found 'ann', expected a person_id of people.csv, as an, bo" in said.err


def test_an_archive_of_somebody_else_is_refused(run: Any, data: Path, archive: Path) -> None:
    said = run(archive, "--person", "bo")
    assert said.code == 1
    assert "it is an's: @an_voorbeeld" in said.err
    assert rows(data / "private" / "bo.duckdb", "post") == []


def test_an_account_that_the_roster_does_not_have_is_kept_apart(
    run: Any, data: Path, tmp_path: Path
) -> None:
    files = x_files([tweet(1)])
    files = {name: text.replace("An_Voorbeeld", "An_Prive") for name, text in files.items()}
    said = run(zipped(tmp_path / "2.zip", files), "--person", "an")
    assert "an-x-an-prive (x an_prive)" in said.out
    assert "the roster has an_voorbeeld, so this is kept apart" in said.out
    said = run(tmp_path / "2.zip", "--person", "an", "--publish", "--publish-as", "an")
    assert said.code == 1
    assert "an_prive is in no accounts.csv → winterslaap roster add" in said.err


def test_undo_takes_an_import_out_whole(run: Any, data: Path, archive: Path) -> None:
    said = run(archive, "--person", "an")
    looked = run("--undo", run_id(said), "--person", "an", "--dry-run")
    assert "403 posts and 1 proven spans of an-x would be taken out" in looked.err
    assert len(rows(private_of(data), "post")) == 403
    undone = run("--undo", run_id(said), "--person", "an")
    assert undone.code == 0
    assert "nothing was left" in undone.err
    assert list((data / "private").iterdir()) == []


def test_undo_of_a_public_import_lets_the_next_walk_read_everything_again(
    run: Any, data: Path, archive: Path
) -> None:
    said = run(archive, "--person", "an", "--publish", "--publish-as", "an")
    with Store(data / "winterslaap.duckdb", SECRET) as store:
        later = store.next_moment(Clock()())
        store.insert("span", [("an-x", "later", later, "acts", later, later, "overlap")])
        store.insert("span", [("bo-x", "later", later, "acts", later, later, "overlap")])
        store.insert("cursor_position", [("an-x", "later", later, "page", "9")])
    assert run("--undo", run_id(said)).code == 0
    left = everything(data / "winterslaap.duckdb")
    assert {row[0] for found in left.values() for row in found} == {"bo-x"}
    assert rows(data / "winterslaap.duckdb", "cursor_position") == []
    assert b"dank u" not in (data / "winterslaap.duckdb").read_bytes()


def test_undo_of_what_is_no_import_changes_nothing(run: Any, data: Path, archive: Path) -> None:
    said = run(archive, "--person", "an")
    wrong = run("--undo", "20260101T000000Z-9", "--person", "an")
    assert wrong.code == 1
    assert f"no such import → imports: {run_id(said)}" in wrong.err
    assert len(rows(private_of(data), "post")) == 403


@pytest.mark.parametrize("has_public", [False, True])
def test_forget_and_key_rotate_reach_private_stores(
    run: Any, data: Path, archive: Path, has_public: bool
) -> None:
    if has_public:
        Store(data / "winterslaap.duckdb", SECRET).close()
    run(archive, "--person", "an")
    before = private.of_person(data, "an").key_path.read_bytes()
    assert run("rotate", name="key").code == 0
    after = private.of_person(data, "an").key_path.read_bytes()
    assert after.startswith(before)
    assert len(after) > len(before)
    said = run(f"x:@{CITIZEN.title()}", "--yes", name="forget")
    assert "399 links from replies to them go" in said.err
    partners = {row[8] for row in rows(private_of(data), "post") if row[5] == "reply"}
    assert len(partners - {None}) == 1  # the party
    assert run(archive, "--person", "an").code == 0
    with private.of_person(data, "an").open() as store:
        key = store.keys.partner("x", CITIZEN)
        found = store.rows("select count(*) from post where partner_key = ?", [key])
    assert found == [(0,)]  # a later import brings nothing back


def test_a_table_of_several_accounts_goes_to_whom_it_belongs(run: Any, data: Path) -> None:
    lines = [",".join(plain.COLUMNS)]
    for who, count in (
        ("x:an_voorbeeld", 3),
        ("@bo_voorbeeld", 2),
        ("an-mastodon", 1),
        ("x:vreemd", 4),
    ):
        lines += [
            f"https://a.example/{who}/{n},{who},2024-01-0{n + 1},,,,t,nl" for n in range(count)
        ]
    (data / "t.csv").write_text("\n".join(lines))
    said = run(data / "t.csv")
    assert said.code == 0
    assert "4 of accounts that nobody in the roster has: vreemd (4)" in said.out
    found = rows(data / "winterslaap.duckdb", "post")
    assert sorted({(row[0], sum(r[0] == row[0] for r in found)) for row in found}) == [
        ("an-mastodon", 1),
        ("an-x", 3),
        ("bo-x", 2),
    ]
    assert b"vreemd" not in bytes_of(data / "winterslaap.duckdb")


def test_a_table_of_one_unknown_account_is_taken_as_the_persons(run: Any, data: Path) -> None:
    header = ",".join(plain.COLUMNS)
    (data / "t.csv").write_text(f"{header}\nhttps://a.example/1,x:an_oud,2024-01-01,,,,t,nl\n")
    assert run(data / "t.csv").code == 1
    said = run(data / "t.csv", "--person", "an")
    assert said.code == 0
    assert rows(data / "winterslaap.duckdb", "post")[0][0] == "an-x"


def test_the_good_part_of_a_bad_file_is_stored_and_all_problems_are_written(
    run: Any, data: Path, tmp_path: Path
) -> None:
    items = [tweet(n) for n in range(200)]
    for item in items[:50]:
        item["created_at"] = "ooit"
    items[0]["created_at"] = "=HYPERLINK(1)"
    path = zipped(tmp_path / "x.zip", x_files(items))
    looked = run(path, "--person", "an", "--dry-run")
    assert looked.code == 1
    assert "no day proven: more than 1 % of it could not be read" in looked.out
    said = run(path, "--person", "an", "--problems", tmp_path / "problems.csv")
    assert said.code == 1
    assert "50 problems; the rest was read:" in said.out
    assert "… and 20 more" in said.err
    assert "no day proven: more than 1 % of it could not be read" in said.out
    assert len(rows(private_of(data), "post")) == 150
    with (tmp_path / "problems.csv").open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    assert len(told) == 50
    assert told[0] == {
        "file": "data/tweets.js",
        "row": "1",
        "column": "",
        "found": "'=HYPERLINK(1)",  # text, also to a spreadsheet
        "expected": "a post as X writes it",
    }
    assert told[1]["found"] == "ooit"


def test_json_tells_the_same(run: Any, archive: Path) -> None:
    said = json.loads(run(archive, "--person", "an", "--json").out)
    assert said["format"] == "x_archive"
    assert said["counts"]["replies"] == 402
    assert said["accounts"][0]["new"] == 403
    assert said["problems"] == []


def test_the_template_is_printed_and_can_be_imported(run: Any, data: Path) -> None:
    printed = run("--template").out
    assert printed == plain.TEMPLATE
    (data / "t.csv").write_text(printed)
    assert run(data / "t.csv").code == 0


def test_what_is_no_archive_is_one_line(run: Any, data: Path) -> None:
    (data / "leeg.zip").write_bytes(b"")
    said = run(data / "leeg.zip", "--person", "an")
    assert said.code == 1
    assert said.err.strip() == (
        "error: leeg.zip: the file is empty → download it again, then give the new file"
    )
    assert run().code == 2


def test_a_store_in_use_is_told_and_nothing_is_lost(run: Any, data: Path, archive: Path) -> None:
    code = (
        "import duckdb, sys, time; con = duckdb.connect(sys.argv[1]);"
        "print(1, flush=True); time.sleep(60)"
    )
    private.of_person(data, "an").open().close()
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(private_of(data))], stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    try:
        said = run(archive, "--person", "an")
    finally:
        holder.kill()
        holder.communicate()
    assert said.code == 1
    assert "is using it → wait until that has ended" in said.err


def test_ctrl_c_keeps_what_was_stored(data: Path, archive: Path) -> None:
    def stop(found: Any) -> None:
        raise KeyboardInterrupt

    everybody = roster.read(data)
    with archives.recognise(archive) as found, private.of_person(data, "an").open() as store:
        with pytest.raises(KeyboardInterrupt):
            importing.run(
                found, store, everybody, text_step=FormText(), person_id="an", is_private=True,
                on_progress=stop,
            )  # fmt: skip
        ended = store.rows("select status from run_event where event = 'ended'")
    assert ended == [("interrupted",)]


def test_what_the_collector_saw_of_an_account_outweighs_a_table(run: Any, data: Path) -> None:
    header = ",".join(plain.COLUMNS)
    row = "https://a.example/1,an-mastodon,2024-01-01,,,,t,nl"
    (data / "t.csv").write_text(f"{header}\n{row}\n")
    with Store(data / "winterslaap.duckdb", SECRET) as store:
        at = store.next_moment(Clock()())
        shown = ("an@voorbeeld.example", "an@voorbeeld.example", "voorbeeld.example", "active")
        store.insert(
            "account_state",
            [("an-mastodon", "r", at, *shown, None, None, True, True, True, False, True)],
        )
    assert run(data / "t.csv").code == 0
    assert len(rows(data / "winterslaap.duckdb", "account_state")) == 1
