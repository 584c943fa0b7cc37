"""`winterslaap import`: archives people downloaded of themselves, and researchers' tables."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

import terminal
from commands.import_summary import plain, show_done, show_dry, show_problems
from commands.options import DATA, AsJson, Data, DryRun
from ingest import archives, importing, private, undoing
from ingest import roster as rosters
from ingest.appending import Tally
from ingest.archives import grouped
from ingest.archives import plain as plain_csv
from ingest.archives.model import Found
from ingest.collect import KEY_FILE, STORE_FILE
from ingest.errors import Problem, RosterError
from ingest.roster import Roster
from ingest.rotation import settled_key
from ingest.store import Store

app = typer.Typer()
FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would compute


@app.command("import")
def command(
    file: Annotated[
        Path | None, typer.Argument(help="An archive as you downloaded it, a folder or a table.")
    ] = None,
    person: Annotated[str, typer.Option(help="Whose it is: a person_id of the roster.")] = "",
    dry_run: DryRun = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Put an own archive in the public store; asks twice.")
    ] = False,
    publish_as: Annotated[
        str, typer.Option(help="The person's id once more, where nobody can be asked.")
    ] = "",
    complete: Annotated[
        bool,
        typer.Option(
            "--complete", help="A table holds all posts of its accounts, oldest row to newest."
        ),
    ] = False,
    template: Annotated[
        bool, typer.Option("--template", help="Print our own CSV's header with one example row.")
    ] = False,
    undo: Annotated[
        str, typer.Option(help="Take this import out again: the run it printed.", metavar="RUN")
    ] = "",
    problems: Annotated[
        Path | None, typer.Option(help="A CSV file for everything that could not be read.")
    ] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Read an archive that a person downloaded, or a table that researchers collected.

    What it is shows from its content: an X, Facebook, Instagram, LinkedIn, Mastodon or Bluesky
    archive (zip, folder or file, as downloaded), a table of twarc, minet, 4CAT, CrowdTangle or
    Meta's Content Library, or our own CSV (--template).

    A person's own archive stays private: it goes into a store of its own that no score, page,
    backup or export reads. Tables hold public posts and go into the public store, as far as
    their accounts stand in the roster. The same file twice changes nothing; Ctrl-C loses
    nothing, import again to go on. Exit code 1 when something could not be read.

    \b
    $ winterslaap import twitter-2026.zip --person an-peeters --dry-run
    $ winterslaap import twitter-2026.zip --person an-peeters
    $ winterslaap import posts.csv
    $ winterslaap import --undo 20261122T100000Z-4 --person an-peeters
    """
    if template:
        typer.echo(plain_csv.TEMPLATE, nl=False)
        return
    if undo:
        _undo(data, undo, person, is_dry=dry_run)
        return
    if file is None:
        raise typer.BadParameter("give a file or folder, or --template", param_hint="FILE")
    roster = rosters.read(data)
    _check_person(roster, person)
    with archives.recognise(file) as found:
        if complete:
            grouped.declare_complete(found)
        is_private = found.is_own and not publish
        if found.is_own and not person:
            raise _missing_person(found, roster)
        if dry_run:
            dry = _dry(found, roster, person or None, is_private=is_private)
            _tell(found, problems, as_json=as_json, done=dry, is_dry=True)
            raise typer.Exit(1 if found.problems.count else 0)
        if found.is_own and publish:
            _agree_twice(found, person, publish_as)
        done = _import(data, found, roster, person or None, is_private=is_private)
        _tell(found, problems, as_json=as_json, done=done, is_dry=False)
        where = private.of_person(data, person).store_path if is_private else data / STORE_FILE
        if not as_json:
            _say_next(done, person, where, is_private=is_private)
        raise typer.Exit(1 if found.problems.count or not done.landed else 0)


def _import(
    data: Path, found: Found, roster: Roster, person_id: str | None, *, is_private: bool
) -> importing.Imported:
    from metrics import text  # its word lists take a moment to load

    with _opened(data, person_id, is_private=is_private) as store, _bar(found) as show:
        return importing.run(
            found,
            store,
            roster,
            text_step=text,
            person_id=person_id,
            is_private=is_private,
            on_progress=show,
        )


def _dry(
    found: Found, roster: Roster, person_id: str | None, *, is_private: bool
) -> importing.Imported:
    """What an import would find, with nothing stored."""
    owners = importing.owners_of(found, roster, person_id, is_private=is_private)
    done = importing.Imported("", 0.0, [], {})
    landed: dict[str, importing.Landed] = {}
    with _bar(found) as show:
        for batch in archives.read(found):
            state = batch.state or found.state()
            account = owners.account_of(state)
            if account is None:
                count = len(batch.posts) + len(batch.received)
                done.strangers[state.handle] = done.strangers.get(state.handle, 0) + count
            else:
                one = landed.setdefault(account.account_id, importing.Landed(account, Tally()))
                one.prove(batch, found)
            show(found)
    done.landed += landed.values()
    return done


def _opened(data: Path, person_id: str | None, *, is_private: bool) -> Store:
    if is_private and person_id is not None:
        return private.of_person(data, person_id).open()
    return Store(data / STORE_FILE, settled_key(data / STORE_FILE, data / KEY_FILE))


def _check_person(roster: Roster, person_id: str) -> None:
    known = sorted(person.person_id for person in roster.people)
    if person_id and person_id not in known:
        expected = f"a person_id of people.csv, as {', '.join(known[:5])}"
        raise RosterError([Problem("--person", 0, "", person_id, expected)])


def _missing_person(found: Found, roster: Roster) -> RosterError:
    """Whose archive it may be, by its handle."""
    handle = found.handle or "somebody"
    theirs = [a.person_id for a in roster.accounts if a.handle == (found.handle or "").lower()]
    expected = f"--person {theirs[0] if theirs else 'ID'}: whose archive it is"
    return RosterError([Problem(found.opened.name, 0, "", f"{found.title} of {handle}", expected)])


def _agree_twice(found: Found, person_id: str, publish_as: str) -> None:
    """Go on where the person's id is given a second time; otherwise end with code 1."""
    terminal.say(
        f"--publish puts the {found.title} of {found.handle or person_id} in the public store: "
        "posts, deleted ones among them, become part of what is scored and published"
    )
    if not publish_as and sys.stdin.isatty():
        publish_as = typer.prompt(f"Type {person_id} to agree", default="", err=True)
    if publish_as.strip() != person_id:
        todo = f"type {person_id} when asked, or add --publish-as {person_id}"
        terminal.say(f"nothing was changed: the person has to say so twice → {todo}")
        raise typer.Exit(1)


@contextmanager
def _bar(found: Found) -> Iterator[Callable[[Found], None]]:
    """A function that shows how far reading is; nothing is drawn where nobody looks."""
    columns = (
        TextColumn("reading"),
        BarColumn(),
        TextColumn("{task.fields[found]}", markup=False),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, disable=not console.is_terminal, transient=True
    ) as bar:
        task = bar.add_task("", found="", total=found.size or None)
        began = found.opened.read_bytes

        def show(found: Found) -> None:
            read = found.opened.read_bytes - began
            line = f"{found.counts.total:,} posts · {read / 1e6:,.0f} MB"
            bar.update(task, completed=read, found=line)

        yield show


def _tell(
    found: Found, problems: Path | None, *, as_json: bool, done: importing.Imported, is_dry: bool
) -> None:
    if problems is not None:
        _write_problems(problems, found.problems.listed)
    if as_json:
        terminal.print_json(plain(found, done))
        return
    (show_dry if is_dry else show_done)(found, done)
    show_problems(found, problems)


def _write_problems(path: Path, listed: Sequence[Problem]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", "row", "column", "found", "expected"])
        for p in listed:
            cells = (p.file, str(p.row or ""), p.column, p.found, p.expected)
            table.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])


def _say_next(done: importing.Imported, person_id: str, where: Path, *, is_private: bool) -> None:
    who = f" --person {person_id}" if is_private else ""
    if done.total("new_count"):
        terminal.say(f"stored in {where} → winterslaap import --undo {done.run_id}{who} undoes it")
    if is_private:
        terminal.say(f"nobody else sees it → winterslaap audit --person {person_id}")
    elif done.landed:
        terminal.say("→ winterslaap score takes it into the published copy")


def _undo(data: Path, run_id: str, person_id: str, *, is_dry: bool) -> None:
    """Take an import out; a private store that holds nothing more goes with its key."""
    mine = private.of_person(data, person_id) if person_id else None
    path = data / STORE_FILE if mine is None else mine.store_path
    if not path.exists():
        raise typer.BadParameter(f"there is no {path}", param_hint="--person")
    with _opened(data, person_id or None, is_private=mine is not None) as store:
        undone = undoing.undo(store, run_id, is_dry=is_dry)
    would = "would be" if is_dry else "are"
    terminal.say(
        f"{undone.post_count:,} posts and {undone.span_count:,} proven spans of "
        f"{', '.join(undone.account_ids) or 'no account'} {would} taken out"
    )
    if is_dry:
        return
    if mine is not None and undone.is_empty:
        mine.remove()
        terminal.say(f"nothing was left: {path} and its key are gone")
    elif mine is None:
        terminal.say("→ winterslaap collect reads those accounts again, then winterslaap score")
