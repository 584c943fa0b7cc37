"""`winterslaap forget` and `winterslaap key`: citizens leave the store, and the key changes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
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
from ingest import private
from ingest.collect import KEY_FILE, STORE_FILE
from ingest.duration import duration
from ingest.forgetting import Forgotten, accounts_of
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
    """Take citizens out of all stores: those who ask, or all after the retention time.

    What they wrote is deleted, replies to them no longer say whom they answered, and
    later runs bring nothing back. The private stores of imported archives count too.
    A dash reads handles from standard input, so that they stay out of the shell's history.

    \b
    $ winterslaap forget someone.bsky.social someone@toet.example --dry-run
    $ winterslaap forget x:someone "facebook:Some One"
    $ winterslaap forget - < requests.txt
    $ winterslaap forget --older-than 8y
    """
    if bool(handles) == bool(older_than):
        raise typer.BadParameter("give handles or --older-than")
    before = _before(older_than) if older_than else None
    stores = _stores(data)
    config = Config(appview_url=appview, allow_private=allow_private, contact=contact)
    accounts = _accounts(_read(handles or ()), config) if handles else []

    def do(*, is_dry: bool) -> Forgotten:
        done = []
        for opened in stores:
            with opened() as store:
                if before is not None:
                    done.append(forget_before(store, before, is_dry=is_dry))
                else:
                    keys = [store.keys.partner(*account) for account in accounts]
                    done.append(forget_keys(store, keys, datetime.now(UTC), is_dry=is_dry))
        return Forgotten(
            sum(one.received_count for one in done), sum(one.reply_count for one in done)
        )

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

    Private stores have keys of their own and get new ones too.

    Do this when somebody may have seen the key. Later runs still know everybody again.
    May be stopped at any moment. A backup made before still needs the key of that time.

    \b
    $ winterslaap key rotate
    """
    mine = list(private.all_of(data))
    if not mine or (data / STORE_FILE).exists():
        done = rotate_key(data / STORE_FILE, data / KEY_FILE)
        terminal.say(
            f"{done.row_count:,} rows hashed again; {data / KEY_FILE} is now a chain of "
            f"{done.link_count} keys → keep a copy of it apart from your backups"
        )
    for one in mine:
        done = rotate_key(one.store_path, one.key_path)
        terminal.say(f"{done.row_count:,} rows hashed again in {one.store_path}, with its own key")


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


def _accounts(handles: Sequence[str], config: Config) -> list[tuple[str, str]]:
    with Http(config) as http:
        return accounts_of(handles, http, config)


def _stores(data: Path) -> list[Callable[[], Store]]:
    """The public store and every private one; each is checked to be free."""
    mine = list(private.all_of(data))
    if not mine or (data / STORE_FILE).exists():
        check_readable(data / STORE_FILE)
        return [lambda: _opened(data), *(one.open for one in mine)]
    return [one.open for one in mine]


def _opened(data: Path) -> Store:
    return Store(data / STORE_FILE, settled_key(data / STORE_FILE, data / KEY_FILE))


def _warn_of_backups(data: Path) -> None:
    left = sorted((data / "backups").glob("*.duckdb"))
    if left:
        terminal.say(
            f"backups in {data / 'backups'} that still hold them: {len(left)} → delete those, or "
            "forget again after putting one back"
        )
