"""The terminal's door: the command `winterslaap`.

Exit codes: 0 all went well, 1 something needs a person, 2 the command was not understood,
130 Ctrl-C before there was anything to save.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Annotated, NoReturn

import typer

import terminal
from commands import (
    auditing,
    cluster,
    editions,
    importing,
    known,
    listen,
    previewing,
    rereading,
    safety,
    scoring,
    tokens,
    watching,
)
from commands import rosters as roster_commands
from commands.options import DATA, DEFAULT, AllowPrivate, Appview, AsJson, Contact, Data, flow
from commands.rereading import app as text_app
from dashboard.loopback import EDITABLE, is_loopback
from ingest import collect as collecting
from ingest import roster as rosters
from ingest.backup import backup as back_up
from ingest.collect import KEY_FILE, STORE_FILE
from ingest.collection import RunReport
from ingest.errors import WinterslaapError
from ingest.http import Config
from metrics.errors import MetricsError

ROOT = Path(__file__).parent
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Which politicians talk with citizens all year, and which accounts wake up only for "
    "the campaign?\n\nBegin with [bold]roster add[/], then [bold]collect[/], [bold]score[/] and "
    "[bold]serve[/]; or look at an invented council with [bold]demo[/].",
)
app.add_typer(roster_commands.app, name="roster")
app.add_typer(tokens.app, name="token")
app.add_typer(safety.app)
app.add_typer(text_app, name="text")
app.add_typer(scoring.app)
app.add_typer(cluster.app)
app.add_typer(known.app)
app.add_typer(listen.app)
app.add_typer(watching.app)
app.add_typer(importing.app)
app.add_typer(auditing.app)
editions.app.add_typer(previewing.app)
app.add_typer(editions.app, name="edition")

Port = Annotated[int, typer.Option(min=1, max=65535, help="Where the dashboard listens.")]


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run one command; what a person can act on becomes one line each, never a traceback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app(arguments, prog_name="winterslaap")
    except (WinterslaapError, MetricsError) as error:
        for line in str(error).splitlines():
            terminal.say(f"error: {line}")
        sys.exit(1)
    sys.exit(0)


@app.command()
def collect(
    only: Annotated[
        list[str] | None, typer.Option(help="A person, account or platform; may be repeated.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Leave out what is older.")
    ] = None,
    max_requests: Annotated[
        int | None, typer.Option(min=1, help="Stop after this many requests; go on next time.")
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Only tell what the run would cost; ask nobody.")
    ] = False,
    every: Annotated[
        str, typer.Option(help="Keep running, once in so long: 6h. Ctrl-C or SIGTERM ends it.")
    ] = "",
    then_score: Annotated[
        bool, typer.Option("--score", help="Also score and publish after each run.")
    ] = False,
    progress: Annotated[
        Path | None, typer.Option(help="A file that always says how far the run is, as JSON.")
    ] = None,
    webhook: watching.Webhook = "",
    lang: watching.Lang = "",
    contact: Contact = "",
    appview: Appview = DEFAULT.appview_url,
    plc: Annotated[str, typer.Option(help="Bluesky's PLC directory.")] = DEFAULT.plc_url,
    allow_private: AllowPrivate = False,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Collect the public posts of everybody in the roster, and the replies to them.

    The first time whole histories, later only what is new. Ctrl-C stops and loses
    nothing: run it again to go on. Exit code 1 when an account is not complete.

    \b
    $ winterslaap collect --contact mail@myorganisation.example
    $ winterslaap collect --plan
    $ winterslaap collect --only an-peeters --since 2018-01-01
    $ winterslaap collect --every 6h --score
    $ winterslaap collect --json > run.json
    """
    if plan:
        planned = collecting.plan_run(
            data,
            rosters.read(data),
            only=only or (),
            max_requests=max_requests,
            since=since.date() if since else None,
            is_local=allow_private,
        )
        terminal.print_json(planned) if as_json else terminal.show_plan(planned)
        return
    config = Config(
        appview_url=appview,
        plc_url=plc,
        allow_private=allow_private,
        contact=contact,
        since=since.date() if since else None,
    )

    def once(stop: Event | None = None) -> RunReport:
        report = _collect(data, config, only or (), max_requests, stop, progress)
        terminal.print_json(report) if as_json else terminal.show_report(report)
        if report.status != "interrupted":
            watching.follow_moves(data)
            watching.tell(data, config, webhook, lang)
            if then_score:
                terminal.say(f"published {scoring.run(data).name}")
        return report

    if every:
        watching.keep_running(once, watching.period_of(every))
        return
    raise typer.Exit(0 if once().status == "complete" else 1)


def _collect(
    data: Path,
    config: Config,
    only: Sequence[str] = (),
    max_requests: int | None = None,
    stop: Event | None = None,
    progress: Path | None = None,
) -> RunReport:
    from metrics import text  # its word lists take a moment to load

    roster = rosters.read(data)
    planned = collecting.plan_run(
        data,
        roster,
        only=only,
        max_requests=max_requests,
        since=config.since,
        is_local=config.allow_private,
    )
    terminal.say(planned.line)
    with terminal.progress_bar(len(planned.accounts), progress) as show:
        report = collecting.run(
            data,
            roster,
            config,
            text_step=text,
            only=only,
            on_progress=show,
            max_requests=max_requests,
            stop=stop,
        )
    if report.status != "interrupted":
        rereading.refresh(data)
    return report


@app.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="A new file; default: a dated one in DATA/backups.")
    ] = None,
    with_key: Annotated[
        bool, typer.Option("--with-key", help="Also copy the key of the citizens' hashes.")
    ] = False,
    data: Data = DATA,
) -> None:
    """Copy the store to a new file, whole and consistent, also while pages are open.

    Without the key a copy can be scored but not collected into. Whoever has both can
    test whether a citizen is in it: keep them apart.

    \b
    $ winterslaap backup
    $ winterslaap backup /media/usb/winterslaap.duckdb --with-key
    """
    target = file or data / "backups" / f"winterslaap-{datetime.now(UTC):%Y-%m-%d}.duckdb"
    made = back_up(data / STORE_FILE, target, data / KEY_FILE if with_key else None)
    key = f"the key in {made.key_path}" if made.key_path else "without its key"
    typer.echo(f"{made.row_count:,} rows in {made.path}, {key}")


@app.command()
def demo(
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="Print the results and end, without the dashboard.")
    ] = False,
    port: Port = 8501,
    data: Annotated[Path, typer.Option(help="A folder for the demo alone.")] = DATA / "demo",
) -> None:
    """Collect, score and show the invented council of Voorbeeldstad; needs no network.

    Servers on this machine stand in for Bluesky, Mastodon and blogs; everything else is
    what real councils get.

    \b
    $ winterslaap demo
    $ winterslaap demo --no-serve
    """
    from ingest import demo as invented

    with invented.prepare(data) as config:
        terminal.show_report(_collect(data, config))
        published = scoring.run(data, invented.WINDOW, now=config.now())
    terminal.show_scores(published)
    terminal.say("Everybody in this council is invented.")
    if not no_serve:
        serve(port=port, data=data, editable=False)  # its servers are gone: nothing to collect


@app.command()
def serve(
    port: Port = 8501,
    host: Annotated[str, typer.Option(help="0.0.0.0 lets the network in.")] = "127.0.0.1",
    editable: Annotated[
        bool | None,
        typer.Option(
            "--editable/--read-only",
            show_default=False,
            help="Also add people and collect from the page; default: only on this machine.",
        ),
    ] = None,
    data: Data = DATA,
) -> None:
    """Open the dashboard on the last published copy, until Ctrl-C.

    Visitors from elsewhere only read, whatever you choose here; editors sign in, as
    dashboard/README.md explains.

    \b
    $ winterslaap serve
    $ winterslaap serve --port 8080 --data /srv/winterslaap
    $ winterslaap serve --host 0.0.0.0
    """
    is_editable = is_loopback(host) if editable is None else editable
    command = [sys.executable, "-m", "dashboard.server", f"--port={port}", f"--host={host}"]
    environment = os.environ | {
        "WINTERSLAAP_DATA": str(data.resolve()),
        EDITABLE: "1" if is_editable else "0",
    }
    terminal.open_when_ready(f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}")  # noqa: S104
    with suppress(KeyboardInterrupt):
        raise typer.Exit(subprocess.call(command, cwd=ROOT, env=environment))  # noqa: S603


flow(app)

if __name__ == "__main__":
    main()
