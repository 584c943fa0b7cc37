"""Starts the reference Bluesky network's PostgreSQL and Node processes on loopback, and ends them.

The packages are installed once into the git-ignored `build/bluesky-network`; after
that nothing but loopback is needed. PostgreSQL gets a cluster of its own in a
temporary folder.
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
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "bluesky-network"
SERVERS = ("plc", "pds", "pds2", "appview", "bsync", "control", "redis")
_INSTALL_SECONDS = 1_500
_START_SECONDS = 120


class NetworkMissing(RuntimeError):
    """What this machine lacks for the network, in one line."""


@contextlib.contextmanager
def servers() -> Iterator[dict[str, int]]:
    """The ports of running, empty servers; NetworkMissing where one cannot run."""
    node, npm, postgres = shutil.which("node"), shutil.which("npm"), _postgres_folder()
    if not (node and npm):
        raise NetworkMissing("the reference Bluesky network needs Node 20 with npm")
    if postgres is None:
        raise NetworkMissing("the reference Bluesky network needs PostgreSQL (initdb, pg_ctl)")
    if os.getuid() == 0 and _user() is None:
        raise NetworkMissing("PostgreSQL does not run as root, and there is no user postgres")
    _install(node, npm)
    with _database(postgres) as database_url, _started(node, database_url) as ports:
        yield ports


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
            raise NetworkMissing(f"npm cannot install the network's packages: {made.stderr[-400:]}")
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
def _started(node: str, database_url: str) -> Iterator[dict[str, int]]:
    """PLC, AppView and two PDSes in one Node process."""
    ports = dict(zip(SERVERS, _free_ports(len(SERVERS)), strict=True))
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
        yield ports
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
