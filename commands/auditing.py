"""`winterslaap audit`: what one's own archives say, for oneself alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import terminal
from commands.options import DATA, Data
from ingest import private
from ingest import roster as rosters
from ingest.errors import Problem, RosterError
from ingest.roster import Person, Roster

if TYPE_CHECKING:  # these take a second to load
    from dashboard.audit_run import Seen

app = typer.Typer()
LANGUAGES = ("nl", "fr", "en")
MOST_SHOWN = 3  # things to do of each kind; the files have them all


def _a_language(text: str) -> str:
    if text and text not in LANGUAGES:
        raise typer.BadParameter(", ".join(LANGUAGES))
    return text


@app.command()
def audit(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Archives; default: what was imported before."),
    ] = None,
    person: Annotated[str, typer.Option(help="Whose audit: a person_id of the roster.")] = "",
    ics: Annotated[
        Path | None, typer.Option(help="A file for the things to do, for a calendar.")
    ] = None,
    text: Annotated[Path | None, typer.Option(help="A file for the whole audit as text.")] = None,
    lang: Annotated[
        str,
        typer.Option(
            callback=_a_language,
            show_default=False,
            help="nl, fr or en; default: the person's own language.",
        ),
    ] = "",
    data: Data = DATA,
) -> None:
    """Tell a person how the year was, what holds the score back, and what to do this week.

    Everything is computed in memory and printed: nothing is stored or published. Without a file
    the person's own imports are read, which nobody else sees; what is known in public of the
    other accounts counts too. Names of citizens come from the files given here, and stand in
    what is printed or written: keep that for yourself. Exit code 1 when a file cannot be read.

    \b
    $ winterslaap audit --person an-peeters
    $ winterslaap audit twitter-2026.zip --person an-peeters --ics todo.ics
    """
    from dashboard import audit_files, audit_hold, audit_run
    from dashboard.words import LOCALES, words
    from metrics import read

    roster = rosters.read(data)
    who = _person(roster, person)
    t = words(lang or (who.language if who.language in LOCALES else "nl"))
    given = [audit_run.Given(file.name, file) for file in files or ()]
    with terminal.busy("reading"):
        seen = audit_run.survey(given, roster, who, data)
    for one in seen:
        _say_seen(one)
    own = private.of_person(data, who.person_id).store_path
    with terminal.busy("counting"):
        made = audit_run.audit(
            list(zip(given, seen, strict=True)), roster, who, data, own if own.is_file() else None
        )
    medians = audit_hold.medians_of(read.latest(data), made.person["office"], made.person["level"])
    now = datetime.now(UTC)
    typer.echo(audit_files.text(made, medians, t, most=MOST_SHOWN, today=now.date()), nl=False)
    if text is not None:
        _write(text, audit_files.text(made, medians, t, today=now.date()).encode("utf-8"))
    if ics is not None:
        parts = audit_files.sections(made, t)
        _write(ics, audit_files.ics(who.person_id, parts, t, now))
    raise typer.Exit(1 if any(one.refusal or one.problem_count for one in seen) else 0)


def _person(roster: Roster, person_id: str) -> Person:
    for one in roster.people:
        if one.person_id == person_id:
            return one
    expected = "a person_id: winterslaap roster list shows them"
    raise RosterError([Problem("--person", 0, "", person_id, expected)])


def _say_seen(one: Seen) -> None:
    """One line for each file: what it is and what of it counts, or what to do."""
    if one.refusal is not None:
        terminal.say(f"error: {one.refusal}")
        return
    told = f"{one.name}: {one.title}, {one.item_count:,} items"
    if one.is_set_aside:
        told += "; left aside: this account was collected in public, and its questions with it"
    elif not one.account_id:
        told += "; of no account of this person: nothing of it counts"
    elif one.left_out_count:
        told += f"; {one.left_out_count:,} of others do not count"
    terminal.say(told)
    for problem in one.problems[:5]:
        terminal.say(f"  {problem}")
    if one.problem_count > 5:
        terminal.say(f"  … and {one.problem_count - 5:,} more → winterslaap import --problems FILE")


def _write(file: Path, content: bytes) -> None:
    """A file that only its owner may read."""
    file.touch(mode=0o600)
    file.write_bytes(content)
    terminal.say(f"written: {file}")
