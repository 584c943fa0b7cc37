"""The reference Bluesky network from npm and PostgreSQL, on loopback, for a test session.

The packages are installed once into the git-ignored `build/bluesky-network`; after
that nothing but loopback is needed. PostgreSQL gets a cluster of its own in a
temporary folder. Where Node or PostgreSQL is missing, the tests skip and say so.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ingest.demo.repo import tid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "bluesky-network"
POST = "app.bsky.feed.post"
_INSTALL_SECONDS = 1_500
_START_SECONDS = 120


@dataclass
class Person:
    """An account of the network, and what it may write."""

    did: str
    handle: str
    token: str


@dataclass
class Network:
    """Addresses of a running network, and how to fill it."""

    appview_url: str
    plc_url: str
    pds_url: str
    control_url: str
    people: dict[str, Person] = field(default_factory=dict)
    _client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60.0))
    _keys: int = 0

    def join(self, name: str, opened_at: datetime, **profile: Any) -> Person:
        """A new account with a profile that says when it was opened."""
        account = self._call(
            "com.atproto.server.createAccount",
            {
                "handle": f"{name}.test",
                "email": f"{name}@voorbeeldstad.example",
                "password": f"geheim-{name}",
            },
        )
        person = Person(account["did"], f"{name}.test", account["accessJwt"])
        self.people[name] = person
        record = {"displayName": name, "createdAt": opened_at.isoformat(), **profile}
        self.put(person, "app.bsky.actor.profile", "self", record)
        return person

    def put(self, who: Person, collection: str, rkey: str, record: dict[str, Any]) -> None:
        """Write or overwrite one record."""
        value = {"$type": collection, **record}
        body = {"repo": who.did, "collection": collection, "rkey": rkey, "record": value}
        self._call("com.atproto.repo.putRecord", body, who)

    def write(
        self, who: Person, collection: str, at: datetime, record: dict[str, Any]
    ) -> dict[str, str]:
        """A record made at a moment, in claim and key; its address and hash."""
        self._keys += 1
        rkey = tid(round(at.timestamp() * 1_000_000) + self._keys, 7)
        created = at.isoformat().replace("+00:00", "Z")
        value = {"$type": collection, "createdAt": created, **record}
        body = {"repo": who.did, "collection": collection, "rkey": rkey, "record": value}
        made = self._call("com.atproto.repo.createRecord", body, who)
        return {"uri": made["uri"], "cid": made["cid"]}

    def post(self, who: Person, text: str, at: datetime, **more: Any) -> dict[str, str]:
        """A post; its reference."""
        return self.write(who, POST, at, {"text": text, **more})

    def reply(
        self,
        who: Person,
        text: str,
        at: datetime,
        parent: dict[str, str],
        root: dict[str, str] | None = None,
    ) -> dict[str, str]:
        """A reply that the AppView has seen after its parent; its reference."""
        self.wait()  # the AppView judges a reply once, when it first sees it
        return self.post(who, text, at, reply={"parent": parent, "root": root or parent})

    def delete(self, who: Person, reference: dict[str, str]) -> None:
        """Take a record back."""
        _, _, _, collection, rkey = reference["uri"].split("/")
        body = {"repo": who.did, "collection": collection, "rkey": rkey}
        self._call("com.atproto.repo.deleteRecord", body, who)

    def deactivate(self, who: Person) -> None:
        """The person switches the account off."""
        self._call("com.atproto.server.deactivateAccount", {}, who)

    def take_down(self, who: Person) -> None:
        """The person's server removes the account from view."""
        subject = {"$type": "com.atproto.admin.defs#repoRef", "did": who.did}
        body = {"subject": subject, "takedown": {"applied": True, "ref": "test"}}
        self._call("com.atproto.admin.updateSubjectStatus", body, auth=("admin", "admin-pass"))

    def suspend(self, who: Person) -> None:
        """The AppView hears that the account is suspended; its server knows nothing of it."""
        self._control(f"/suspend?did={who.did}")

    def wait(self) -> None:
        """Until the AppView holds everything that was written."""
        self._control("/wait")

    def close(self) -> None:
        """Close connections."""
        self._client.close()

    def _control(self, path: str) -> None:
        answer = self._client.get(f"{self.control_url}{path}")
        assert answer.status_code == 200, answer.text

    def _call(
        self,
        method: str,
        body: dict[str, Any],
        who: Person | None = None,
        auth: tuple[str, str] | None = None,
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {who.token}"} if who else {}
        url = f"{self.pds_url}/xrpc/{method}"
        login = httpx.BasicAuth(*auth) if auth else None
        answer = self._client.post(url, headers=headers, json=body, auth=login)
        assert answer.status_code == 200, f"{method}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}


@pytest.fixture(scope="session")
def bluesky_network() -> Iterator[Network]:
    """A running, empty network; skipped where Node or PostgreSQL is missing."""
    node, npm, postgres = shutil.which("node"), shutil.which("npm"), _postgres_folder()
    if not (node and npm):
        pytest.skip("the reference Bluesky network needs Node 20 with npm")
    if postgres is None:
        pytest.skip("the reference Bluesky network needs PostgreSQL (initdb, pg_ctl)")
    if os.getuid() == 0 and _user() is None:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    _install(node, npm)
    with _database(postgres) as database_url, _servers(node, database_url) as network:
        yield network
        network.close()


def _install(node: str, npm: str) -> None:
    """The npm packages in `build/`, unless those of this package.json are there already."""
    BUILD.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "package.json").read_text()
    with (BUILD / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = BUILD / ".installed"
        if done.exists() and done.read_text() == wanted:
            return
        (BUILD / "package.json").write_text(wanted)
        environment = dict(os.environ)
        headers = Path(node).resolve().parents[1]
        if (headers / "include" / "node" / "node.h").exists():
            environment["npm_config_nodedir"] = str(headers)  # compile without a download
        command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund"]
        made = subprocess.run(
            command,
            cwd=BUILD,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
            check=False,
        )
        if made.returncode:
            pytest.skip(f"npm cannot install the network's packages: {made.stderr[-400:]}")
        done.write_text(wanted)


@contextlib.contextmanager
def _database(postgres: Path) -> Iterator[str]:
    """A PostgreSQL cluster on loopback for as long as it is needed."""
    folder = Path(tempfile.mkdtemp(prefix="winterslaap-pg-"))
    owner = _user()
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    port = _free_port()
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} "
        "-c max_connections=200 -c fsync=off -c synchronous_commit=off"
    )
    data = folder / "data"
    log = folder / "log"
    try:
        _as_owner(
            [postgres / "initdb", "-D", data, "-U", "test", "--auth=trust", "-E", "UTF8"], folder
        )
        _as_owner(
            [postgres / "pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start"], folder
        )
        try:
            yield f"postgresql://test@127.0.0.1:{port}/postgres"
        finally:
            _as_owner([postgres / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_owner(command: list[str | Path], folder: Path) -> None:
    owner = _user()
    made = subprocess.run(
        command,
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=_START_SECONDS,
        check=False,
    )
    assert made.returncode == 0, made.stderr


@contextlib.contextmanager
def _servers(node: str, database_url: str) -> Iterator[Network]:
    """PLC, AppView and PDS in one Node process."""
    names = ("plc", "pds", "appview", "bsync", "control", "redis")
    ports = dict(zip(names, _free_ports(len(names)), strict=True))
    shutil.copy(HERE / "start.mjs", BUILD / "start.mjs")
    folder = Path(tempfile.mkdtemp(prefix="winterslaap-bsky-"))
    environment = {
        **os.environ,
        "PORTS": json.dumps(ports),
        "DB_POSTGRES_URL": database_url,
        "REDIS_HOST": f"127.0.0.1:{ports['redis']}",
        "TMPDIR": str(folder),
        "LOG_ENABLED": "false",
    }
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [node, "--no-deprecation", "start.mjs"],
            cwd=BUILD,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _await(process, log)
        yield Network(
            appview_url=f"http://localhost:{ports['appview']}",
            plc_url=f"http://localhost:{ports['plc']}",
            pds_url=f"http://localhost:{ports['pds']}",
            control_url=f"http://127.0.0.1:{ports['control']}",
        )
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _await(process: subprocess.Popen[bytes], log: Path) -> None:
    give_up_at = time.monotonic() + _START_SECONDS
    while "READY" not in log.read_text():
        assert process.poll() is None, f"the network ended: {log.read_text()[-2000:]}"
        assert time.monotonic() < give_up_at, f"the network does not start: {log.read_text()}"
        time.sleep(0.1)


def _postgres_folder() -> Path | None:
    found = shutil.which("initdb")
    if found and shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return folders[-1] if folders else None


def _user() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as, if we are root."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None


def _free_port() -> int:
    return _free_ports(1)[0]


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
