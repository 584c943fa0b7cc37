"""`winterslaap listen`: mentions of and replies to the roster on Bluesky, while they happen."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Timer
from typing import Annotated
from urllib.parse import urlsplit

import typer

import terminal
from commands.options import DATA, DEFAULT, AllowPrivate, Appview, AsJson, Contact, Data
from ingest import roster as rosters
from ingest.collect import STORE_FILE
from ingest.duration import duration
from ingest.http import Config, Http
from ingest.live import JETSTREAM, Heard, Kind, Listener
from ingest.live_store import Shelf
from ingest.schedule import stopping
from ingest.storefile import check_readable

app = typer.Typer()


@app.command()
def listen(
    stream: Annotated[
        str, typer.Option(help="The stream's server: a Jetstream, a relay or a PDS.")
    ] = JETSTREAM,
    kind: Annotated[
        Kind, typer.Option(help="jetstream: JSON; firehose: subscribeRepos of a relay or PDS.")
    ] = Kind.JETSTREAM,
    for_time: Annotated[
        str, typer.Option("--for", help="End after so long, as 6h; default: until Ctrl-C.")
    ] = "",
    contact: Contact = "",
    appview: Appview = DEFAULT.appview_url,
    allow_private: AllowPrivate = False,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Hear who names or answers the roster's Bluesky accounts, from now on.

    collect finds replies under a person's own posts; who mentions the person elsewhere
    only a live stream tells, and only while somebody listens. Run it beside collect: the
    store is open for moments only. Ctrl-C ends it and loses nothing; the next time it goes
    on from there, without a hole if that is within a day. Run collect once before, and
    start it again after a change of the roster.

    \b
    $ winterslaap listen --contact mail@myorganisation.example
    $ winterslaap listen --for 6h --json
    $ winterslaap listen --kind firehose --stream wss://bsky.network
    """
    from metrics import text  # its word lists take a moment to load

    time_limit = _limit(for_time) if for_time else None
    check_readable(data / STORE_FILE)
    config = Config(appview_url=appview, allow_private=allow_private, contact=contact)
    shelf = Shelf(data, rosters.read(data), text, config, f"{kind.value} {urlsplit(stream).netloc}")
    stop = Event()
    with stopping([stop]), Http(config) as http:
        timer = Timer(time_limit.total_seconds(), stop.set) if time_limit else None
        if timer:
            timer.daemon = True
            timer.start()
        heard = Listener(shelf, kind, stream, http, stop, _tell).run()
    if as_json:
        terminal.print_json(heard)
    else:
        _show(heard)


def _limit(text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--for") from error


def _tell(line: str) -> None:
    terminal.say(f"live: {line}")


def _show(heard: Heard) -> None:
    terminal.say(
        f"{heard.message_count:,} messages heard: {heard.received_count:,} replies and mentions, "
        f"{heard.post_count:,} own items new or changed; {heard.left_out_count:,} left out because "
        "their authors ask not to be shown"
    )
    if heard.hole_count:
        terminal.say(f"{heard.hole_count:,} holes: what is proven begins anew after each")
