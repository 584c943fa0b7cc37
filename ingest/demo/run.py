"""Starts the invented council's servers and says how to collect from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ingest.demo.bluesky import APPVIEW_HOST, PLC_HOST
from ingest.demo.council import SEED, council
from ingest.demo.people import END_ON
from ingest.demo.roster_files import COUNCIL, write_roster
from ingest.demo.serve import HOSTS, app_of, serve
from ingest.demo.world import END_AT
from ingest.errors import Problem, RosterError
from ingest.http import Config

NOW = datetime(END_ON.year + 1, 1, 2, 9, tzinfo=UTC)  # when the demo collects: all of 2024 is over


@contextmanager
def serve_council(seed: int = SEED, until: datetime | None = None) -> Iterator[Config]:
    """The council's servers, and the Config with which `collect` finds them.

    `until`: serve the council as it stood at that moment (and collect at that
    moment), so that a later collection has something new to find.
    """
    now = NOW if until is None else until
    until_at = min(END_AT, int(now.timestamp()))
    with serve(app_of(council(seed, until_at))) as address:
        yield Config(
            appview_url=f"https://{APPVIEW_HOST}",
            plc_url=f"https://{PLC_HOST}",
            allow_private=True,
            host_map=dict.fromkeys(HOSTS, address),
            contact="voorbeeldstad.test",
            now=lambda: now,
        )


@contextmanager
def prepare(data_dir: Path, seed: int = SEED) -> Iterator[Config]:
    """The roster written into `data_dir`, and the servers to collect it from.

    Raises RosterError where `data_dir` holds another council: real people's
    accounts are not to be collected as if it were the demo's day.
    """
    others = [path.name for path in (data_dir / "rosters").glob("*/") if path.name != COUNCIL]
    if others:
        expected = "a folder of its own for the demo: --data DIR"
        raise RosterError([Problem("rosters", 0, "", name, expected) for name in sorted(others)])
    write_roster(data_dir)
    with serve_council(seed) as config:
        yield config
