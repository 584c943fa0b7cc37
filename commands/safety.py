"""`winterslaap forget` and `winterslaap key`: citizens leave the store, and the key changes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

import terminal
from commands.options import (
    DATA,
    DEFAULT,
    AllowPrivate,
    Appview,
    Contact,
    Data,
    DryRun,
    Yes,
    confirm,
)
from ingest.collect import KEY_FILE, STORE_FILE
from ingest.duration import duration
from ingest.forgetting import Forgotten, keys_of
from ingest.forgetting import forget as forget_keys
from ingest.forgetting import forget_older as forget_before
from ingest.http import Config, Http
from ingest.rotation import rotate as rotate_key
from ingest.rotation import settled_key
from ingest.store import Store
from ingest.storefile import check_readable

app = typer.Typer()
key_app = typer.Typer(no_args_is_help=True, help="The key of the citizens' hashes.")
app.add_typer(key_app, name="key")


@app.command()
def forget(
    handles: Annotated[
        list[str] | None,
        typer.Argument(help="someone.bsky.social, did:plc:… or someone@host; - reads them."),
    ] = None,
    older_than: Annotated[
        str, typer.Option(help="Everything that citizens wrote longer ago than this, as 8y.")
    ] = "",
    dry_run: DryRun = False,
    yes: Yes = False,
    contact: Contact = "",
    appview: Appview = DEFAULT.appview_url,
    allow_private: AllowPrivate = False,
    data: Data = DATA,
) -> None:
    """Take citizens out of the store: those who ask, or all after the retention time.

    What they wrote is deleted, replies to them no longer say whom they answered, and
    later runs bring nothing back. A dash reads handles from standard input, so that they
    stay out of the shell's history.

    \b
    $ winterslaap forget someone.bsky.social someone@toet.example --dry-run
    $ winterslaap forget - < requests.txt
    $ winterslaap forget --older-than 8y
    """
    if bool(handles) == bool(older_than):
        raise typer.BadParameter("give handles or --older-than")
    before = _before(older_than) if older_than else None
    check_readable(data / STORE_FILE)
    config = Config(appview_url=appview, allow_private=allow_private, contact=contact)
    keys = _keys(data, _read(handles or ()), config) if handles else []

    def do(*, is_dry: bool) -> Forgotten:
        with _opened(data) as store:
            if before is not None:
                return forget_before(store, before, is_dry=is_dry)
            return forget_keys(store, keys, datetime.now(UTC), is_dry=is_dry)

    found = do(is_dry=True)
    terminal.say(
        f"{found.received_count:,} rows of what citizens wrote and "
        f"{found.reply_count:,} links from replies to them {'would go' if dry_run else 'go'}"
    )
    if dry_run:
        return
    confirm("Delete them for good?", yes=yes)
    do(is_dry=False)
    terminal.say("forgotten → winterslaap score takes them out of the published copy too")
    _warn_of_backups(data)


@key_app.command()
def rotate(data: Data = DATA) -> None:
    """Hash every citizen's hash again with a new key, so that the old one fits no more.

    Do this when somebody may have seen the key. Later runs still know everybody again.
    May be stopped at any moment. A backup made before still needs the key of that time.

    \b
    $ winterslaap key rotate
    """
    done = rotate_key(data / STORE_FILE, data / KEY_FILE)
    terminal.say(
        f"{done.row_count:,} rows hashed again; {data / KEY_FILE} is now a chain of "
        f"{done.link_count} keys → keep a copy of it apart from your backups"
    )


def _before(older_than: str) -> datetime:
    try:
        age = duration(older_than)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--older-than") from error
    if age < timedelta(days=28):
        raise typer.BadParameter("not less than 28d", param_hint="--older-than")
    return datetime.now(UTC) - age


def _read(handles: Sequence[str]) -> list[str]:
    if list(handles) != ["-"]:
        return list(handles)
    return [line.strip() for line in sys.stdin if line.strip()]


def _keys(data: Path, handles: Sequence[str], config: Config) -> list[int]:
    with _opened(data) as store:
        keys = store.keys
    with Http(config) as http:
        return keys_of(handles, keys, http, config)


def _opened(data: Path) -> Store:
    return Store(data / STORE_FILE, settled_key(data / STORE_FILE, data / KEY_FILE))


def _warn_of_backups(data: Path) -> None:
    left = sorted((data / "backups").glob("*.duckdb"))
    if left:
        terminal.say(
            f"backups in {data / 'backups'} that still hold them: {len(left)} → delete those, or "
            "forget again after putting one back"
        )
