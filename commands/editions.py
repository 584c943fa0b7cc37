"""`winterslaap edition`: scorecards frozen for publication, checked, and listed."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import terminal
from commands.options import DATA, AsJson, Data
from dashboard.edition import FOLDER
from ingest import roster as rosters
from metrics.errors import EditionError

if TYPE_CHECKING:  # these take seconds to load
    from dashboard.edition.model import Edition, Statement
    from dashboard.edition.verify import Report

app = typer.Typer(no_args_is_help=True, help="Scorecards frozen for publication.")
EVERYBODY = "all"
People = Annotated[
    str, typer.Option(help="A file with a person_id a line (or in a column), or all.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="The folder of all editions; default: in DATA.")
]


@app.command("build")
def build(
    edition_id: Annotated[str, typer.Argument(help="Its id: be-vl-2030-voorbeeldstad.")],
    people: People = EVERYBODY,
    out: Out = None,
    title: Annotated[str, typer.Option(help="What stands above every page; else the id.")] = "",
    corrects: Annotated[
        str, typer.Option(help="The id of the edition that this one corrects.")
    ] = "",
    because: Annotated[str, typer.Option(help="Why, in one sentence; printed.")] = "",
    made_on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="Its day; default: the copy's."),
    ] = None,
    base_url: Annotated[
        str, typer.Option(help="Where the edition will stand: https://…/be-vl-2030-voorbeeldstad.")
    ] = "",
    contact: Annotated[
        str, typer.Option(envvar="WINTERSLAAP_CONTACT", help="Whom corrections are sent to.")
    ] = "",
    without_preview: Annotated[
        bool, typer.Option(help="Also print cards that were not shown 14 days before; they say so.")
    ] = False,
    copy: Annotated[
        Path | None, typer.Option(help="A published copy; default: the one the dashboard shows.")
    ] = None,
    data: Data = DATA,
) -> None:
    """Freeze the published copy as static pages: a card per person, groups, method and data.

    The same copy and versions give the same bytes. An edition that is there is never
    replaced. Ctrl-C loses nothing: run it again to go on.

    \b
    $ winterslaap edition build be-vl-2030-voorbeeldstad --title "Voorbeeldstad 2030"
    $ winterslaap edition build be-vl-2030-voorbeeldstad --people council.txt --out site/
    $ winterslaap edition build be-vl-2030-voorbeeldstad-2 --corrects be-vl-2030-voorbeeldstad \\
        --because "An account of two people was missing."
    """
    from dashboard.edition import build as building
    from dashboard.edition.model import edition_of
    from metrics import read

    source = copy or read.latest(data)
    if source is None or not source.is_file():
        raise EditionError("nothing is published yet → winterslaap score")
    chosen = people_of(people)
    edition = edition_of(source, edition_id, title or edition_id)
    edition = replace(
        edition,
        made_on=made_on.date() if made_on else edition.made_on,
        corrects=corrects or None,
        base_url=base_url.rstrip("/"),
        statements={
            person_id: said
            for person_id, said in statements_of(data, edition_id).items()
            if chosen is None or person_id in chosen
        },
    )
    edition = replace(edition, unseen=tuple(unseen_by(data, edition, source, chosen)))
    if not without_preview:
        refuse_unseen(edition)
    target = out or data / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    order = building.Order(source, target, edition, chosen, because, contact)
    with drawing("drawing cards") as show:
        try:
            made = building.build(order, show)
        except KeyboardInterrupt:
            terminal.say("stopped: what was drawn is kept → the same command goes on from here")
            raise typer.Exit(130) from None
    typer.echo(f"{made.path}: {made.manifest.people} people, {len(made.manifest.files):,} files")
    if not made.is_new:
        terminal.say("it was there already with the same bytes: nothing was changed")


@app.command("verify")
def verify(
    site: Annotated[Path, typer.Argument(help="An edition's folder, or that of all editions.")],
    quick: Annotated[
        bool, typer.Option("--quick", help="Files and numbers only; draw no page again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check every file, derive every number anew, and draw every page again from the data.

    Each mismatch is told; exit code 1 when there is one.

    \b
    $ winterslaap edition verify site/
    $ winterslaap edition verify site/be-vl-2030-voorbeeldstad --quick
    """
    from dashboard.edition import verify as verifying

    reports = []
    for folder in verifying.folders(site):
        with drawing("drawing again") as show:
            reports.append(verifying.verify(folder, redraw=not quick, on_progress=show))
    if as_json:
        terminal.print_json(reports)
    else:
        for report in reports:
            _show(report)
    if any(report.problems for report in reports):
        raise typer.Exit(1)


@app.command("list")
def list_(out: Out = None, data: Data = DATA, *, as_json: AsJson = False) -> None:
    """Show the editions in a folder, and which corrects which.

    \b
    $ winterslaap edition list
    $ winterslaap edition list --out site/ --json
    """
    from dashboard.edition.shelf import editions

    found = editions(out or data / FOLDER)
    if as_json:
        terminal.print_json(found)
    elif not found:
        terminal.say("there is no edition yet → winterslaap edition build ID")
    else:
        terminal.show_table(
            ("edition", "title", "made on", "people", "corrects", "corrected by"),
            [
                (
                    one.id,
                    one.title,
                    one.made_on.isoformat(),
                    f"{one.people:,}",
                    one.corrects or "",
                    ", ".join(one.corrected_by),
                )
                for one in found
            ],
        )


def people_of(text: str) -> tuple[str, ...] | None:
    """Whom a file names, a person_id a line or in a column of that name; None for everybody."""
    if text == EVERYBODY:
        return None
    path = Path(text)
    if not path.is_file():
        raise EditionError(f"{text}: expected a file with a person_id a line, or the word all")
    lines = [line for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
    if lines and "person_id" in next(csv.reader(lines[:1])):
        found = [row["person_id"] for row in csv.DictReader(lines)]
    else:
        found = [line.strip() for line in lines]
    if not found:
        raise EditionError(f"{text}: there is nobody in it")
    return tuple(dict.fromkeys(found))


def statements_of(data: Path, edition_id: str) -> dict[str, Statement]:
    """What people want printed on their cards of this edition, from the roster."""
    from dashboard.edition.model import Statement

    if not (data / "rosters").is_dir():
        return {}
    return {
        one.person_id: Statement(one.text, one.given_on)
        for one in rosters.read(data).statements
        if one.edition_id == edition_id
    }


def unseen_by(
    data: Path, edition: Edition, copy: Path, people: tuple[str, ...] | None
) -> list[str]:
    """Who had no 14 days to see the own card; invented people need none."""
    from dashboard.edition import previews
    from metrics import read

    if edition.is_invented:
        return []
    everyone = people or tuple(read.all_of(copy, "person")["person_id"])
    return sorted(
        previews.unseen(previews.first_shown(data, edition.id), everyone, edition.made_on)
    )


def refuse_unseen(edition: Edition) -> None:
    """Nothing is published of people who could not see it before, unless that is printed."""
    if edition.unseen:
        count, few = len(edition.unseen), edition.unseen[:5]
        some = ", ".join(few) + (" …" if count > len(few) else "")
        raise EditionError(
            f"{count} people had no 14 days before {edition.made_on} to see their card ({some}) → "
            f"winterslaap edition preview {edition.id}, and --on the day of publication; "
            "or --without-preview, which each of these cards then says"
        )


@contextmanager
def drawing(what: str) -> Iterator[Callable[[int, int], None]]:
    """A function that shows how many people's cards are drawn, where somebody looks."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, disable=not console.is_terminal, transient=True
    ) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _show(report: Report) -> None:
    for problem in report.problems:
        typer.echo(f"{report.edition_id}: {problem}")
    drawn = (
        f"{report.page_count:,} files made again" if report.page_count else "no page drawn again"
    )
    typer.echo(
        f"{report.edition_id}: {report.file_count:,} fingerprints, "
        f"{report.cell_count:,} numbers derived again, {drawn}: "
        + (f"{len(report.problems)} mismatches" if report.problems else "all as published")
    )
    for note in report.notes:
        terminal.say(f"  {note}")
