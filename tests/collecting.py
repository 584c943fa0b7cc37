"""A small invented world to collect from, without a network; also run as a process to be killed.

python -m tests.collecting DATA_DIR SECONDS_PER_PAGE
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from ingest import roster, walk
from ingest.collect import run
from ingest.collection import Progress, RunReport, Source
from ingest.http import Config, Http
from ingest.model import (
    Account,
    AccountState,
    Batch,
    Kind,
    Known,
    Post,
    Received,
    Shows,
    Span,
    Status,
    Stream,
    Thread,
)
from tests.invented import START, FormText, moment

NOW = START + timedelta(days=400)
HOSTS = ("a.example", "b.example", "c.example")
PAGES, PER_PAGE = 12, 10


def write_roster(data_dir: Path, per_host: int = 2) -> roster.Roster:
    """People with one feed each, `per_host` on every host."""
    folder = data_dir / "rosters" / "voorbeeldstad"
    folder.mkdir(parents=True, exist_ok=True)
    names = [(f"mens-{host[0]}{n}", host) for host in HOSTS for n in range(per_host)]
    (folder / "people.csv").write_text(
        "person_id,name,is_invented\n" + "".join(f"{name},{name},yes\n" for name, _ in names)
    )
    (folder / "accounts.csv").write_text(
        "account_id,person_id,platform,handle\n"
        + "".join(f"{name}-feed,{name},feeds,https://{host}/{name}\n" for name, host in names)
    )
    return roster.read(data_dir)


@dataclass
class Invented:
    """A source whose pages are made up from the account's name; spans and cursor come last."""

    seconds_per_page: float = 0.0
    walked: list[str] = field(default_factory=list)

    def walk(self, account: Account, known: Known, http: Http, config: Config) -> Generator[Batch]:
        self.walked.append(account.account_id)
        for number in range(PAGES):
            time.sleep(self.seconds_per_page)
            yield page(account, number, known)
        time.sleep(self.seconds_per_page)
        yield last_page(account)


def page(account: Account, number: int, known: Known) -> Batch:
    base = f"{account.handle}/{number}"
    gone = {uri for uri, found in known.posts.items() if found.is_deleted}
    posts = [
        Post(
            uri=f"{base}-{n}",
            created_at=moment(number + n / PER_PAGE),
            kind=Kind.REPLY if n % 3 else Kind.POST,
            text=f"woorden {number} {n} @burger{n}.example",
            partner=f"burger{n}@elders.example" if n % 3 else None,
            root_uri=f"{base}-0",
        )
        for n in range(PER_PAGE)
        if f"{base}-{n}" not in gone
    ]
    if number == 3:  # a post that an earlier page still showed
        posts.append(
            Post(uri=f"{account.handle}/1-1", created_at=None, kind=Kind.POST, is_deleted=True)
        )
    received = [
        Received(
            uri=f"https://elders.example/burger{n}/{number}",
            created_at=moment(number),
            author=f"burger{n}@elders.example",
            text=f"geheimvraag {n}?",
            parent_uri=f"{base}-0",
            root_uri=f"{base}-0",
        )
        for n in range(3)
    ]
    threads = (Thread(f"{base}-0", 3, False),)
    return Batch(posts=tuple(posts), received=tuple(received), threads=threads)


def last_page(account: Account) -> Batch:
    shows = Shows(True, True, True, False, True)
    return Batch(
        spans=(Span(Stream.ACTS, moment(0), NOW, "listing_to_end"),),
        state=AccountState(
            account.handle, account.handle, "h.example", Status.ACTIVE, shows, START
        ),
        cursors={"rev": "1"},
        notes=("walked to its end",),
    )


def collect(data_dir: Path, source: Source | None = None, **options: Any) -> RunReport:
    """Collect the invented world into a folder."""
    sources: Mapping[str, Source] = {"feeds": source or Invented()}
    settings = {"text_step": FormText(), "sources": sources} | options
    config = settings.pop("config", None) or Config(now=lambda: NOW)
    return run(data_dir, roster.read(data_dir), config, **settings)


@contextmanager
def collecting(data_dir: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Another process that is collecting, and has stored its first page; killed at the end."""
    command = [sys.executable, "-m", "tests.collecting", str(data_dir), str(seconds)]
    root = Path(__file__).parent.parent
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            said = process.stdout.readline()
            assert said == "collecting\n", process.stderr.read()
            yield process
        finally:
            process.kill()


class _SayOnce:
    """Says when the first page was stored."""

    def __init__(self) -> None:
        self.has_said = False

    def __call__(self, progress: Progress) -> None:
        if not self.has_said:
            self.has_said = True
            print("collecting", flush=True)  # noqa: T201


if __name__ == "__main__":
    walk.MOST_ITEMS = 40  # two or three pages at a time
    collect(Path(sys.argv[1]), Invented(float(sys.argv[2])), on_progress=_SayOnce())
