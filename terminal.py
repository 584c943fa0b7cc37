"""What the command `winterslaap` shows on a terminal: tables, one-line messages, a progress bar.

Results go to standard output; progress and problems to standard error.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
import textwrap
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text

from ingest.collection import Progress as HowFar
from ingest.collection import RunReport
from ingest.model import Account
from ingest.outcome import is_fine
from ingest.plan import Plan
from ingest.roster import Roster


def say(line: str) -> None:
    """One line for the person at the terminal, not for a pipe."""
    console = Console(stderr=True)
    console.print(line, markup=False, highlight=False, soft_wrap=not console.is_terminal)


def print_json(value: Any) -> None:
    """A result as JSON, dataclasses as objects."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value)).decode() + "\n")


@contextmanager
def progress_bar(
    account_count: int, file: Path | None = None
) -> Iterator[Callable[[HowFar], None]]:
    """A function that shows how far a run is; nothing is drawn where nobody looks.

    A `file` always says it, as one JSON object that is whole at any moment.
    """
    columns = (
        TextColumn("collecting"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("accounts · {task.fields[found]}", markup=False),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    is_hidden = not console.is_terminal
    with Progress(*columns, console=console, disable=is_hidden, transient=True) as bar:
        task = bar.add_task("", found="", total=account_count)

        def show(far: HowFar) -> None:
            if file is not None:
                part = file.with_suffix(".part")
                part.write_bytes(msgspec.json.encode(far))
                part.replace(file)
            found = f"{far.post_count:,} posts · {far.received_count:,} received"
            if far.wait_seconds:
                found += f" · {far.wait_seconds:.0f} s of waiting"
            if far.host:
                found += f", now for {far.host}"
            bar.update(task, completed=far.done_count, total=far.account_count, found=found)

        show(HowFar(account_count))
        yield show


@contextmanager
def busy(what: str) -> Iterator[Callable[[str, float], None]]:
    """A function that says which step was last done, where somebody looks."""
    console = Console(stderr=True)
    with console.status(f"{what} …") as line:
        yield lambda step, seconds: line.update(f"{what} … {step} {seconds:.1f} s")


def show_report(report: RunReport) -> None:
    """Every account that is not complete, and the run in one line."""
    for ran in report.accounts:
        if not is_fine(ran.status, ran.error):
            say(f"{ran.status}: {ran.message}")
    counts = ", ".join(
        f"{report.total(count):,} {what}"
        for what, count in (
            ("posts", "post_count"),
            ("received", "received_count"),
            ("requests", "request_count"),
        )
    )
    say(f"{report.status}: {report.message}; {counts} in {report.seconds:.0f} s")


def show_plan(plan: Plan) -> None:
    """What a run would cost, per account and in one line."""
    show_table(
        ("account", "requests", "seconds", "estimated from"),
        [
            (
                one.account_id + (" (new)" if one.is_new else ""),
                f"{one.request_count:,}",
                f"{one.seconds:.1f}",
                one.basis.replace("_", " "),
            )
            for one in plan.accounts
        ],
    )
    if sys.stdout.isatty():
        show_wrapped(plan.line, indent=0)
    else:
        typer.echo(plan.line)


def show_roster(roster: Roster) -> None:
    """People with their mandates, candidacies and accounts."""
    for person in roster.people:
        is_invented = "invented" if person.is_invented else None
        about = filter(None, (person.municipality, person.party, is_invented))
        show_wrapped(" · ".join((f"{person.name} ({person.person_id})", *about)), indent=0)
        for mandate in roster.mandates:
            if mandate.person_id == person.person_id:
                kind = "candidate " if mandate.kind == "candidacy" else ""
                days = f"{mandate.from_on} – {mandate.to_on or 'now'}"
                show_wrapped(f"{kind}{mandate.office}, {days}", indent=2)
        for account in roster.accounts:
            if account.person_id == person.person_id:
                run_by = "" if account.run_by == "self" else f", run by {account.run_by}"
                show_wrapped(
                    f"{account.platform} {account.handle}{run_by}{_valid(account)}", indent=2
                )
        typer.echo()


def _valid(account: Account) -> str:
    """The days on which an account is the person's, where they are told."""
    if account.valid_from is None and account.valid_to is None:
        return ""
    return f", {account.valid_from or '…'} – {account.valid_to or 'now'}"


def show_wrapped(line: str, *, indent: int) -> None:
    """One line of a result, broken between words where the terminal ends."""
    first, width = " " * indent, shutil.get_terminal_size().columns
    later = first + "  "
    typer.echo(
        textwrap.fill(
            line,
            max(width, 40),
            initial_indent=first,
            subsequent_indent=later,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def show_scores(path: Path, *, as_json: bool = False, is_trial: bool = False) -> None:
    """Everybody's score with its interval and what is behind it, in the order of names."""
    from metrics import read  # takes a second to load

    found = read.overview(path).drop(columns="month_answers").to_dict("records")
    if as_json:
        people = [{k: None if v != v else v for k, v in one.items()} for one in found]
        print_json({"path": str(path), "people": people})
        return
    show_table(
        ("name", "score", "presence", "answers", "campaign", "slept"),
        [
            (
                one["name"],
                _interval(one, "score", "score", "{:.0f}") + _band(one["score_band"]),
                _interval(one, "presence", "value", "{:.0%}"),
                _interval(one, "answers", "value", "{:.0%}"),
                str(one["burst_acts_word"] or one["burst_acts_reason"] or "").replace("_", " "),
                "yes" if one["has_winter_sleep"] else "",
            )
            for one in found
        ],
    )
    say(f"{'a trial that no page shows' if is_trial else 'published'}: {path}")
    if is_trial:
        say("who moves, and why → winterslaap diff")


def _interval(row: Mapping[Any, Any], prefix: str, value: str, form: str) -> str:
    """A number with its 90 % interval, or the reason why there is none."""
    numbers = [row[f"{prefix}_{part}"] for part in (value, "low", "high")]
    if any(number is None or math.isnan(number) for number in numbers):
        return str(row[f"{prefix}_reason"] or "").replace("_", " ")
    best, low, high = (form.format(number) for number in numbers)
    return f"{best} ({low.removesuffix('%')}–{high.removesuffix('%')})"


def _band(letters: str | None) -> str:
    """A band after a score; none where there is no one band."""
    return f" {letters}" if letters and letters != "none" else ""


def open_when_ready(url: str) -> None:
    """Say where the dashboard is, and open it in the browser once it answers."""
    say(f"the dashboard: {url} (Ctrl-C ends it)")
    if sys.platform.startswith("linux") and not {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        return

    def wait() -> None:
        for _ in range(60):
            time.sleep(0.5)
            with suppress(OSError), urlopen(f"{url}/_stcore/health", timeout=1):  # noqa: S310
                webbrowser.open(url)
                return

    threading.Thread(target=wait, daemon=True).start()


def show_table(header: Sequence[str], rows: Sequence[Sequence[str | None]]) -> None:
    """Rows of text under a header; nothing in a cell is read as markup."""
    columns = (Column(name, overflow="fold") for name in header)
    table = Table(*columns, box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for row in rows:
        table.add_row(*(Text(cell or "") for cell in row))
    Console().print(table)
