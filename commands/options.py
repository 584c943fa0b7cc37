"""Options that several commands share, and how they ask before they change something."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Annotated

import typer

import terminal
from ingest.http import Config

DATA = Path(__file__).parent.parent / "data"
DEFAULT = Config()
Data = Annotated[
    Path,
    typer.Option("--data", envvar="WINTERSLAAP_DATA", help="The folder of all your files."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a machine to read.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only show what would change; change nothing.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
Contact = Annotated[
    str, typer.Option(envvar="WINTERSLAAP_CONTACT", help="Who you are, told to every server.")
]
Appview = Annotated[str, typer.Option(help="Bluesky's AppView.")]
AllowPrivate = Annotated[
    bool,
    typer.Option("--allow-private", help="Also ask servers on this machine or network."),
]


def flow(app: typer.Typer) -> None:
    """Help whose paragraphs end where the terminal does, not where our lines do."""
    for command in app.registered_commands:
        paragraphs = (inspect.getdoc(command.callback) or "").split("\n\n")
        command.help = "\n\n".join(
            one if one.startswith("\b") else " ".join(one.split()) for one in paragraphs
        )
    for group in app.registered_groups:
        if group.typer_instance is not None:
            flow(group.typer_instance)


def confirm(question: str, *, yes: bool) -> None:
    """Go on if the person agrees; otherwise end with code 1 and nothing changed."""
    if yes:
        return
    if not sys.stdin.isatty():
        terminal.say("nothing was changed: nobody is there to ask → add --yes")
        raise typer.Exit(1)
    if not typer.confirm(question, err=True):
        terminal.say("nothing was changed")
        raise typer.Exit(1)
