"""An account that moved to another server is followed, as one more account of the person."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

import cli
from commands import watching
from ingest import roster as rosters
from ingest.collect import run
from ingest.http import Config
from ingest.moves import follow
from ingest.store import Store
from tests.invented import SECRET, FormText
from tests.loopback import Servers, serving
from tests.mastodon_server import DOMAIN, HOST, Server, account

NOW = datetime(2024, 10, 15, 6, tzinfo=UTC)
NEW = "elders.example"
FILES = {
    "people": "person_id,name,language,is_invented\nan,An Voorbeeld,nl,yes\n"
    "ben,Ben Voorbeeld,nl,yes\n",
    "accounts": "account_id,person_id,platform,handle,run_by\n"
    f"an-mastodon,an,mastodon,an@{DOMAIN},office\n",
}


class Moved:
    """An account's old and new server."""

    def __init__(self) -> None:
        self.old, self.new = Server(), Server()
        for number in range(3):
            self.old.add(number)
            self.new.add(100 + number)
        self.old.owner["moved"] = {**account(f"an@{NEW}"), "acct": f"An@{NEW}"}

    def handlers(self) -> dict[str, Any]:
        there = self.new

        def answer(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/.well-known/webfinger":
                return httpx.Response(404)
            return there(request)

        return {DOMAIN: self.old, HOST: self.old, NEW: answer}


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "winterslaap.key").write_bytes(SECRET)
    folder = tmp_path / "rosters" / "voorbeeldstad"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text)
    return tmp_path


def collect(data_dir: Path, moved: Moved) -> Any:
    servers = Servers()
    servers.handlers = moved.handlers()
    with serving(servers) as address:
        config = Config(
            allow_private=True, now=lambda: NOW, host_map=dict.fromkeys(servers.handlers, address)
        )
        return run(data_dir, rosters.read(data_dir), config, text_step=FormText())


def rows(data_dir: Path, query: str) -> list[tuple[Any, ...]]:
    with Store(data_dir / "winterslaap.duckdb", SECRET) as store:
        return store.rows(query)


def followed(data_dir: Path) -> list[str]:
    store = data_dir / "winterslaap.duckdb"
    return [move.line for move in follow(data_dir, store, rosters.read(data_dir))]


def test_where_it_went_is_a_second_account_of_the_person_and_is_collected(data_dir: Path) -> None:
    moved = Moved()
    collect(data_dir, moved)
    assert followed(data_dir) == [
        f"an-mastodon: moved to an@{NEW}, added as an-mastodon-2 "
        "→ winterslaap collect --only an-mastodon-2"
    ]
    first, second = rosters.read(data_dir).accounts
    assert (second.person_id, second.handle, second.run_by) == ("an", f"an@{NEW}", "office")
    assert second.valid_from is None
    report = collect(data_dir, moved)
    assert report.status == "complete"
    found = rows(data_dir, "select account_id, count(distinct uri) from post group by 1 order by 1")
    assert found == [(first.account_id, 3), (second.account_id, 3)]
    assert followed(data_dir) == []


def test_status_says_where_it_went(data_dir: Path, capfd: pytest.CaptureFixture[str]) -> None:
    collect(data_dir, Moved())
    watching.follow_moves(data_dir)
    assert "added as an-mastodon-2" in capfd.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["status", "--data", str(data_dir)])
    said = capfd.readouterr().out
    assert f"moved to an@{NEW}" in said
    assert "winterslaap collect --only an-mastodon-2" in said


def test_somebody_else_s_account_is_never_taken_over(data_dir: Path) -> None:
    collect(data_dir, Moved())
    accounts = data_dir / "rosters" / "voorbeeldstad" / "accounts.csv"
    accounts.write_text(accounts.read_text() + f"ben-mastodon,ben,mastodon,an@{NEW},self\n")
    before = accounts.read_bytes()
    (line,) = followed(data_dir)
    assert "which somebody else has in the roster → correct accounts.csv" in line
    assert accounts.read_bytes() == before


def test_two_accounts_that_moved_to_each_other_come_to_an_end(data_dir: Path) -> None:
    moved = Moved()
    moved.new.owner["moved"] = {**account(f"an@{DOMAIN}"), "acct": f"an@{DOMAIN}"}
    collect(data_dir, moved)
    assert len(followed(data_dir)) == 1
    collect(data_dir, moved)
    assert followed(data_dir) == []
