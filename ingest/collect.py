"""Collects: walks every account of the roster, page after page, into the store.

Accounts on one host are walked one after the other, hosts at the same time. One
account failing never stops the others; what became of each is a row in the
run's record. A run that is stopped or killed leaves a consistent store, and the
next one goes on from there.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import httpx

from ingest.collection import Collection, Progress, RunReport, Source
from ingest.errors import Problem, RosterError
from ingest.http import Config, Http
from ingest.model import Account
from ingest.plan import Plan, plan
from ingest.roster import Roster
from ingest.roster_columns import PLATFORMS
from ingest.rotation import settled_key
from ingest.rows import TextStep
from ingest.store import Store

STORE_FILE, KEY_FILE = "winterslaap.duckdb", "winterslaap.key"


def run(
    data_dir: Path,
    roster: Roster,
    config: Config,
    *,
    text_step: TextStep,
    only: Iterable[str] = (),
    on_progress: Callable[[Progress], None] | None = None,
    sources: Mapping[str, Source] | None = None,
    transport: httpx.BaseTransport | None = None,
    stop: threading.Event | None = None,
    max_requests: int | None = None,
) -> RunReport:
    """Collect from all accounts of the roster that can be, or from those that `only` names.

    `only` holds ids of persons or accounts, or platforms. Raises RosterError for
    a name in it that is none of these, and StoreError when the store is in use or
    cannot be written. Ctrl-C, `stop` or the `max_requests`-th request ends the run
    as `interrupted`.
    """
    accounts = _chosen(roster, only)
    stop = stop or threading.Event()
    secret = settled_key(data_dir / STORE_FILE, data_dir / KEY_FILE)
    with Store(data_dir / STORE_FILE, secret) as store:
        collection = Collection(
            store=store,
            roster=roster,
            config=config,
            text_step=text_step,
            sources=load_sources() if sources is None else sources,
            stop=stop,
            progress=Progress(len(accounts)),
            on_progress=on_progress,
        )
        with Http(
            config,
            transport=transport,
            on_wait=collection.note_wait,
            is_stopping=stop,
            max_requests=max_requests,
        ) as http:
            return collection.run(lanes(accounts), http)


def plan_run(
    data_dir: Path,
    roster: Roster,
    *,
    only: Iterable[str] = (),
    max_requests: int | None = None,
    since: date | None = None,
    is_local: bool = False,
) -> Plan:
    """What `run` with the same arguments is going to cost; asks nobody.

    `is_local`: the servers are on this machine or network, and answer at once.
    """
    chosen = lanes(_chosen(roster, only))
    return plan(data_dir / STORE_FILE, chosen, max_requests, since=since, is_local=is_local)


def load_sources() -> dict[str, Source]:
    """The modules in `ingest.sources`, by name."""
    return {
        name: cast("Source", importlib.import_module(f"ingest.sources.{name}"))
        for name in PLATFORMS
    }


def _chosen(roster: Roster, only: Iterable[str]) -> list[Account]:
    wanted = set(only)
    names = {account: _names(account) for account in roster.accounts}
    expected = "a person_id, account_id or platform of the roster"
    unknown = wanted.difference(*names.values())
    if unknown:
        raise RosterError([Problem("--only", 0, "", name, expected) for name in sorted(unknown)])
    asked = [one for one in roster.accounts if not wanted or wanted & names[one]]
    chosen = [account for account in asked if account.platform in PLATFORMS]
    if wanted and not chosen:
        expected = "an account that shows visitors something → winterslaap import FILE"
        raise RosterError([Problem("--only", 0, "", ", ".join(sorted(wanted)), expected)])
    return chosen


def _names(account: Account) -> set[str]:
    return {account.account_id, account.person_id, account.platform}


def lanes(accounts: Sequence[Account]) -> list[list[Account]]:
    """The accounts by the host that is asked for them, the longest list first."""
    by_host: dict[str, list[Account]] = {}
    for account in accounts:
        by_host.setdefault(_host(account), []).append(account)
    return sorted(by_host.values(), key=len, reverse=True)


def _host(account: Account) -> str:
    """Who is asked: all of Bluesky is one host, since one AppView answers for it."""
    if account.platform == "bluesky":
        return account.platform
    if account.platform == "mastodon":
        return account.handle.rpartition("@")[2]
    return urlsplit(account.handle).netloc or account.handle
