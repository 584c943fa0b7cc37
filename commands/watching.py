"""Runs on a schedule, and what they tell: `collect --every` and `winterslaap alerts`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

import terminal
from commands.options import DATA, AllowPrivate, AsJson, Contact, Data
from ingest import roster as rosters
from ingest.alerts.feed import Raised
from ingest.alerts.model import AlertKind
from ingest.alerts.watch import FEED_FILE, Looked, look
from ingest.alerts.words import LANGUAGES
from ingest.collect import STORE_FILE
from ingest.duration import duration
from ingest.errors import WinterslaapError
from ingest.http import Config
from ingest.moves import follow
from ingest.schedule import SHORTEST, repeat, stopping
from ingest.storefile import check_readable
from metrics.errors import MetricsError

app = typer.Typer()
Webhook = Annotated[
    str,
    typer.Option(
        envvar="WINTERSLAAP_WEBHOOK",
        show_default=False,
        help="An address that new alerts are posted to; better in the environment.",
    ),
]


def _a_language(text: str) -> str:
    if text and text not in LANGUAGES:
        raise typer.BadParameter(", ".join(LANGUAGES))
    return text


Lang = Annotated[
    str,
    typer.Option(
        envvar="WINTERSLAAP_LANG",
        callback=_a_language,
        show_default=False,
        help="Tell alerts in nl, fr or en; default: each person's own language.",
    ),
]


@app.command()
def alerts(
    webhook: Webhook = "",
    lang: Lang = "",
    contact: Contact = "",
    allow_private: AllowPrivate = False,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Tell what is new: asleep for 28 days, a question open for 10, coverage broken.

    Each is told once: here, in the feed DATA/alerts.xml, and to the webhook. collect does
    the same after every run. Nothing about a citizen is in them.

    \b
    $ winterslaap alerts
    $ winterslaap alerts --lang fr
    $ WINTERSLAAP_WEBHOOK=https://hooks.example/… winterslaap alerts
    """
    check_readable(data / STORE_FILE)
    config = Config(contact=contact, allow_private=allow_private)
    looked = look(data, rosters.read(data), config, webhook=webhook, lang=lang)
    if as_json:
        terminal.print_json(looked.recent)
    else:
        for one in looked.recent:
            is_new = "new" if one in looked.new else f"{one.raised_at:%Y-%m-%d}"
            terminal.say(f"{is_new}: {_line(one)}")
        terminal.say(f"{len(looked.recent)} in 28 days; the feed is {data / FEED_FILE}")
    _tell_problem(looked)
    raise typer.Exit(1 if looked.problem else 0)


def tell(data: Path, config: Config, webhook: str, lang: str = "") -> None:
    """The alerts after a run; whatever goes wrong with them is one line and stops nothing."""
    try:
        looked = look(data, rosters.read(data), config, webhook=webhook, lang=lang)
    except (WinterslaapError, OSError) as error:
        terminal.say(f"alerts: {' '.join(str(error).split())}")
        return
    for one in looked.new:
        if one.alert.kind is not AlertKind.COVERAGE_BROKEN:  # the run's own report says that
            terminal.say(f"alert: {_line(one)}")
    _tell_problem(looked)


def follow_moves(data: Path) -> None:
    """Who moved to another server gets one more account, told in one line."""
    try:
        for move in follow(data, data / STORE_FILE, rosters.read(data)):
            terminal.say(f"moved: {move.line}")
    except WinterslaapError as error:
        for line in str(error).splitlines():
            terminal.say(f"moved: {line}")


def _line(one: Raised) -> str:
    return f"{one.alert.message} {one.alert.link or ''}".rstrip()


def _tell_problem(looked: Looked) -> None:
    if looked.problem:
        terminal.say(f"{looked.problem}; the next run tries again")


def period_of(every: str) -> timedelta:
    """How often to run."""
    try:
        period = duration(every)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--every") from error
    if period < SHORTEST:
        raise typer.BadParameter("not more often than 10m", param_hint="--every")
    return period


def keep_running(once: Callable[[threading.Event], object], period: timedelta) -> None:
    """Run again and again until Ctrl-C or SIGTERM, also when a run could not be made."""
    stop = threading.Event()
    events = [stop]  # the second one is the run's own: a run may stop itself

    def guarded() -> None:
        events[1:] = [threading.Event()]
        if stop.is_set():
            return
        try:
            once(events[1])
        except (WinterslaapError, MetricsError) as error:
            for line in str(error).splitlines():
                terminal.say(f"error: {line}")

    def pausing(seconds: float) -> None:
        at = datetime.now(UTC) + timedelta(seconds=seconds)
        terminal.say(f"next run at {at:%Y-%m-%d %H:%M} UTC")

    with stopping(events):
        count = repeat(guarded, period, stop, on_pause=pausing)
    terminal.say(f"stopped after {count} {'run' if count == 1 else 'runs'}")
