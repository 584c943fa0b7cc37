"""`winterslaap roster import`: shown, looked up, asked, written, and a copy kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

import cli
from ingest import roster
from ingest.http import Config, Http
from ingest.rosters.found import FoundAccount
from ingest.rosters.resolve import resolve
from tests.invented import bytes_of
from tests.roster_sources import COUNCIL_CSV, LEGISLATORS, SOCIAL, WIKIDATA, sparql

PLACE = ("--council", "stad", "--level", "local", "--jurisdiction", "BE-VLG")
OFFICE = ("--office", "councillor")
FEED = (
    '<rss version="2.0"><channel><title>Blog van An Voorbeeld</title>'
    "<item><guid>1</guid><title>t</title></item></channel></rss>"
)


class Town(BaseHTTPRequestHandler):
    """Wikidata, an AppView, a Mastodon server, a blog and a file on one loopback address."""

    asked: ClassVar[list[str]] = []
    people: ClassVar[bytes] = WIKIDATA

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.asked.append(self.path)
        status, body = self.answer(url.path, query)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        handle = query.get("handle") or query.get("actor", "")
        match path:
            case "/sparql":
                return 200, self.people
            case "/council.csv":
                return 200, COUNCIL_CSV.encode()
            case "/feed":
                return 200, FEED.encode()
            case "/xrpc/com.atproto.identity.resolveHandle" if "weg" in handle:
                return 400, {"error": "InvalidRequest"}
            case "/xrpc/com.atproto.identity.resolveHandle":
                return 200, {"did": f"did:plc:{handle.split('.')[0]}"}
            case "/xrpc/app.bsky.actor.getProfile":
                name = {"an": "An V.", "bo": "Iemand Anders"}.get(handle.split(":")[-1], "")
                return 200, {"did": handle, "displayName": name}
            case "/api/v1/accounts/lookup" if query["acct"] == "an":
                return 200, {"id": "1", "acct": "an", "display_name": "An Voorbeeld"}
        return 404, {"error": "not here"}

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def town() -> Iterator[str]:
    Town.asked, Town.people = [], WIKIDATA
    server = ThreadingHTTPServer(("127.0.0.1", 0), Town)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Run `roster import` here, with nobody at the terminal."""
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    def command(*arguments: object) -> SimpleNamespace:
        told = ["roster", "import", *map(str, arguments), "--data", str(tmp_path / "data")]
        with pytest.raises(SystemExit) as ended:
            cli.main(told)
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return SimpleNamespace(code=ended.value.code, out=out, err=err)

    return command


def read(tmp_path: Path) -> roster.Roster:
    return roster.read(tmp_path / "data")


@pytest.fixture
def source(tmp_path: Path) -> Callable[[str], Path]:
    def written(content: str, name: str = "source.csv") -> Path:
        (tmp_path / name).write_text(content)
        return tmp_path / name

    return written


def test_a_dry_run_shows_everything_and_writes_nothing(
    run: Any, source: Any, tmp_path: Path
) -> None:
    said = run(source(COUNCIL_CSV), *PLACE, *OFFICE, "--no-look-up", "--dry-run")
    assert said.code == 0
    for line in (
        "csv: 3 people",
        "  not kept: a twitter account: there is no source for it",
        "added: an-voorbeeld person: An Voorbeeld, Lijst Plein, Voorbeeldstad",
        "added: an-voorbeeld mandate: councillor from 2019-01-01 to 2024-12-31",
        "added: bo-verzonnen account: bluesky bo.example, run by self",
        "10 added",
        "nothing was changed",
    ):
        assert f"{line}\n" in said.err
    assert not (tmp_path / "data").exists()


def test_without_a_yes_and_nobody_to_ask_nothing_is_written(
    run: Any, source: Any, tmp_path: Path
) -> None:
    said = run(source(COUNCIL_CSV), *PLACE, *OFFICE, "--no-look-up")
    assert (said.code, not (tmp_path / "data").exists()) == (1, True)
    assert said.err.endswith("nothing was changed: nobody is there to ask → add --yes\n")


def test_writing_keeps_a_copy_of_every_file_that_changes(
    run: Any, source: Any, tmp_path: Path
) -> None:
    first = source(COUNCIL_CSV)
    assert run(first, *PLACE, *OFFICE, "--no-look-up", "--yes").code == 0
    assert len(read(tmp_path).people) == 3
    assert not (tmp_path / "data" / "backups").exists()
    folder = tmp_path / "data" / "rosters" / "stad"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = run(first, *PLACE, *OFFICE, "--no-look-up", "--yes")
    assert "3 untouched\nnothing was changed\n" in again.err
    other = source(COUNCIL_CSV.replace("Groep Markt", "Groep Plein"), "other.csv")
    said = run(other, *PLACE, *OFFICE, "--no-look-up", "--yes")
    assert "changed: bo-verzonnen person: party: Groep Markt → Groep Plein" in said.err
    (kept,) = (tmp_path / "data" / "backups" / "rosters").iterdir()
    copies = {path.name: path.read_bytes() for path in (kept / "stad").iterdir()}
    assert copies == {"people.csv": before["people.csv"]}
    assert "Groep Plein" in (folder / "people.csv").read_text()
    assert (folder / "accounts.csv").read_bytes() == before["accounts.csv"]


def test_a_file_that_changed_meanwhile_is_not_overwritten(
    run: Any, source: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(source(COUNCIL_CSV), *PLACE, *OFFICE, "--no-look-up", "--yes")
    path = tmp_path / "data" / "rosters" / "stad" / "people.csv"
    theirs = path.read_text() + "ed-nieuw,Ed Nieuw,,,,,,,\n"
    monkeypatch.setattr("commands.rosters.confirm", lambda *_, **__: path.write_text(theirs))
    said = run(
        source(COUNCIL_CSV.replace("Groep Markt", "Groep Plein")), *PLACE, *OFFICE, "--no-look-up"
    )
    assert said.code == 1
    assert "a change since it was read" in said.err
    assert path.read_text() == theirs


def test_wikidata_is_asked_by_its_own_query_and_understood(
    run: Any, town: str, tmp_path: Path
) -> None:
    asked = ("wikidata", "--position", "Q900000010", "--endpoint", f"{town}/sparql")
    options = ("--office", "senator", "--level", "federal", "--jurisdiction", "BE")
    said = run(*asked, *options, "--council", "senaat", "--no-look-up", "--yes", "--allow-private")
    assert said.code == 0, said.err
    (query,) = Town.asked
    assert "VALUES ?position { wd:Q900000010 }" in parse_qs(urlsplit(query).query)["query"][0]
    found = read(tmp_path)
    assert (found.people[0].name, found.people[0].ids) == ("An Voorbeeld", "wikidata:Q900000001")
    assert [str(mandate.from_on) for mandate in found.mandates] == ["2014-05-25", "2019-12-31"]
    assert {account.handle for account in found.accounts} >= {"an.example", "an@toet.example"}
    Town.people = sparql(
        {"person": "Q900000001", "personLabel": "Ann Voorbeeld", "row": "mandate"}
        | {"positionLabel": "senator", "from": "2020-06-01T00:00:00Z", "from_precision": "11"}
        | {"to": "2024-06-08T00:00:00Z", "to_precision": "11"}
    )
    later = run(*asked, *options, "--council", "senaat", "--yes", "--allow-private")
    assert "ended: an-voorbeeld mandate: senator from 2020-06-01: last day none" in later.err
    assert str(read(tmp_path).mandates[1].to_on) == "2024-06-08"


def test_without_leave_no_private_address_is_asked(run: Any, town: str) -> None:
    for source in (f"{town}/council.csv", "wikidata"):
        asked = ("--position", "Q1", "--endpoint", f"{town}/sparql")
        said = run(source, *asked, *PLACE, "--dry-run")
        assert said.code == 1
        assert "private address" in said.err
    assert Town.asked == []


def test_a_file_may_come_from_an_address(run: Any, town: str) -> None:
    said = run(
        f"{town}/council.csv", *PLACE, *OFFICE, "--no-look-up", "--dry-run", "--allow-private"
    )
    assert "csv: 3 people" in said.err
    gone = run(f"{town}/weg.csv", *PLACE, "--dry-run", "--allow-private")
    assert "found 'an answer 404'" in gone.err


def test_two_files_of_one_source_are_joined(run: Any, source: Any, tmp_path: Path) -> None:
    files = (source(LEGISLATORS, "current.yaml"), source(SOCIAL, "social.yaml"))
    said = run(*files, "--council", "us", "--no-look-up", "--yes")
    assert "left out:  person: bioguide V000009: no name in the source" in said.err
    found = read(tmp_path)
    assert [person.name for person in found.people] == ["Ann B. Example", "Bob Invented Jr."]
    assert {account.run_by for account in found.accounts} == {"office"}
    assert len(found.mandates) == 3


# looking up


def looked_up(town: str, tmp_path: Path, source: Any, run: Any, *options: object) -> Any:
    host = town.removeprefix("http://")
    rows = f"""\
name,bluesky,mastodon,rss
An Voorbeeld,an.voorbeeld.example,an@{host},{town}/feed
Bo Verzonnen,bo.example,,
Ce Denkbeeld,weg.example,niemand@{host},
"""
    return run(source(rows), *PLACE, "--appview", town, "--allow-private", *options)


def test_accounts_that_are_not_there_or_bear_another_name_are_left_out(
    run: Any, town: str, source: Any, tmp_path: Path
) -> None:
    said = looked_up(town, tmp_path, source, run, "--yes")
    host = town.removeprefix("http://")
    for line in (
        "look at: bo-verzonnen: bluesky bo.example is shown as 'Iemand Anders'",
        "look at: ce-denkbeeld: bluesky weg.example: there is no such account",
        f"look at: ce-denkbeeld: mastodon niemand@{host}: niemand@{host} is unknown at {host}",
        "3 of 6 new accounts are there and name the person",
        "3 accounts left out → --trust takes them",
    ):
        assert f"{line}\n" in said.err, said.err
    handles = {account.handle for account in read(tmp_path).accounts}
    assert handles == {"an.voorbeeld.example", f"an@{host}", f"{town}/feed"}
    assert len(read(tmp_path).people) == 3


def test_trusting_takes_them_all(run: Any, town: str, source: Any, tmp_path: Path) -> None:
    looked_up(town, tmp_path, source, run, "--yes", "--trust")
    assert len(read(tmp_path).accounts) == 6


def test_the_person_at_the_terminal_decides_about_each(
    run: Any, town: str, source: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(question: str, **_: object) -> bool:
        asked.append(question)
        return "bo.example" in question or question.startswith("Write")

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", answer)
    looked_up(town, tmp_path, source, run)
    assert len(asked) == 4
    assert asked[0].endswith("is shown as 'Iemand Anders'. Take it all the same?")
    assert asked[3].startswith("Write rosters/stad/people.csv")
    assert "bo.example" in {account.handle for account in read(tmp_path).accounts}
    assert len(read(tmp_path).accounts) == 4


def test_a_dry_run_as_json_says_it_all(run: Any, town: str, source: Any, tmp_path: Path) -> None:
    said = json.loads(looked_up(town, tmp_path, source, run, "--dry-run", "--json").out)
    assert said["counts"] == {"added": 9}
    assert said["sources"][0]["format"] == "csv"
    assert [one["is_alike"] for one in said["accounts"]] == [True, True, True, False, False, False]
    assert said["accounts"][0]["native_id"] == "did:plc:an"
    assert said["files"] == ["rosters/stad/people.csv", "rosters/stad/accounts.csv"]


def test_two_handles_of_one_account_are_told(town: str) -> None:
    config = Config(appview_url=town, allow_private=True)
    accounts = [
        ("an", "An Voorbeeld", FoundAccount("bluesky", handle))
        for handle in ("an.voorbeeld.example", "an.elders.example")
    ]
    with Http(config) as http:
        first, second = resolve(http, config, accounts)
    assert first.is_sure
    assert second.problem == "the same as an.voorbeeld.example"


def test_a_name_that_a_platform_shows_is_in_no_file(
    run: Any, town: str, source: Any, tmp_path: Path
) -> None:
    looked_up(town, tmp_path, source, run, "--yes", "--trust")
    assert b"Iemand Anders" not in bytes_of(tmp_path / "data")


def test_a_source_that_is_not_there_is_one_line(run: Any, tmp_path: Path) -> None:
    said = run(tmp_path / "weg.csv", *PLACE)
    assert said.code == 1
    assert said.err.count("\n") == 1
    assert "No such file" in said.err
    assert run("x.csv", *PLACE, "--format", "excel").code == 2
