"""`winterslaap text reread`: the stored acts are read again where the reading has changed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import terminal
from commands.options import DATA, AsJson, Data
from ingest import rereading
from ingest import roster as rosters
from ingest.answer_keys import ANSWERS, answer_keys
from ingest.collect import KEY_FILE, STORE_FILE
from ingest.rotation import settled_key
from ingest.store import Store
from ingest.storefile import check_readable
from metrics.text import similarity_text
from metrics.text.cli import app as app
from metrics.text.cli import guarded
from metrics.text.features import Features
from metrics.text.reading import Reader, reader
from metrics.text.reread import Moves, Row, reread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ingest.rereading import Act, Fresh, Stale

GO_ON = "stopped: what was read again is stored → winterslaap text reread goes on from here"


@app.command("reread")
def command(
    data: Data = DATA,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how many would be read; change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read the stored posts of the watched again where the lists have changed since.

    Only posts that other lists or an older version have read, batch by batch: Ctrl-C stops
    and loses nothing.
    What citizens wrote is never kept, so it stays as it was read on arrival.

    \b
    $ winterslaap text reread --dry-run
    $ winterslaap text reread
    """
    check_readable(data / STORE_FILE)
    used = guarded(reader)
    moves, is_stopped = Moves(), False
    with _opened(data) as store:
        stale = rereading.find_stale(store, _versions(used))
        if not dry_run:
            with _bar(stale.act_count) as show:
                try:
                    read_again(store, _languages(data), used, moves, on_batch=show)
                except KeyboardInterrupt:
                    is_stopped = True
    if as_json:
        terminal.print_json(_plain(stale, moves))
    else:
        _print(stale, moves, is_dry=dry_run)
    if is_stopped:
        terminal.say(GO_ON)
        raise typer.Exit(1)


def refresh(data: Path) -> None:
    """Read again what other lists have read, and say so; nothing is said where nothing was."""
    used, moves = reader(), Moves()
    with _opened(data) as store:
        stale = rereading.find_stale(store, _versions(used))
        if not stale.act_count:
            return
        terminal.say(f"the reading has changed: reading {stale.act_count:,} own acts again")
        with _bar(stale.act_count) as show:
            try:
                read_again(store, _languages(data), used, moves, on_batch=show)
            except KeyboardInterrupt:
                terminal.say(GO_ON)
                raise
    terminal.say(moves.summary())


def read_again(
    store: Store,
    languages: Mapping[str, str | None],
    used: Reader,
    moves: Moves,
    *,
    on_batch: Callable[[int], None] | None = None,
    size: int = rereading.BATCH,
) -> None:
    """Reads what `find_stale` noted and stores it batch by batch; `moves` counts what is stored.

    `languages` says what each account's person mostly writes in.
    """
    for acts in rereading.batches(store, size):
        batch = reread([_row(act, languages) for act in acts], used)
        found = dict(batch.moved + batch.restamped)
        rereading.append(store, [_fresh(act, found[act.place]) for act in acts], datetime.now(UTC))
        moves.add(batch)
        if on_batch is not None:
            on_batch(moves.read_count)


def _row(act: Act, languages: Mapping[str, str | None]) -> Row[int]:
    lang = languages.get(act.account_id, act.lang)
    features = Features() if act.features is None else Features.from_json(act.features)
    return Row(act.place, act.text, lang, replace(features, version=""))  # all that was noted


def _fresh(act: Act, features: Features) -> Fresh:
    keys = answer_keys(similarity_text(act.text)) if act.kind in ANSWERS else None
    return rereading.Fresh(act.place, features.lang, features.to_json(), keys)


def _versions(used: Reader) -> list[str]:
    return list(used.versions.values())


def _languages(data: Path) -> dict[str, str | None]:
    roster = rosters.read(data)
    by_person = {person.person_id: person.language for person in roster.people}
    return {account.account_id: by_person.get(account.person_id) for account in roster.accounts}


def _opened(data: Path) -> Store:
    return Store(data / STORE_FILE, settled_key(data / STORE_FILE, data / KEY_FILE))


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    columns = (
        TextColumn("reading again"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, disable=not console.is_terminal, transient=True
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


def _print(stale: Stale, moves: Moves, *, is_dry: bool) -> None:
    if is_dry:
        typer.echo(f"{stale.act_count:,} own acts were read otherwise: nothing was changed")
    else:
        typer.echo(moves.summary())
    if moves.labels:
        rows = [
            [language, before, after, f"{count:,}"]
            for (language, before, after), count in sorted(
                moves.labels.items(), key=lambda move: (move[0][0], -move[1], move[0])
            )
        ]
        terminal.show_table(["language", "was", "is now", "acts"], rows)
    if stale.deleted_count:
        typer.echo(f"{stale.deleted_count:,} deleted ones cannot be read again: their text is gone")
    if stale.received_count:
        typer.echo(
            f"{stale.received_count:,} received items stay as read on arrival: "
            "their text was never stored"
        )


def _plain(stale: Stale, moves: Moves) -> dict[str, object]:
    return {
        "stale": {
            "acts": stale.act_count,
            "deleted": stale.deleted_count,
            "received": stale.received_count,
        },
        "read": moves.read_count,
        "moved": moves.moved_count,
        "labels": [
            {"language": language, "was": before, "is": after, "acts": count}
            for (language, before, after), count in sorted(moves.labels.items())
        ],
    }
