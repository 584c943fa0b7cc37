"""`winterslaap roster absence|statement`: what people add to their own rows of the roster."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.options import DATA, Data
from ingest import roster_notes

app = typer.Typer()
Person = Annotated[str, typer.Option(help="The person's id.")]
Remove = Annotated[bool, typer.Option("--remove", help="Take it out again.")]


@app.command("absence")
def roster_absence(
    person: Person,
    from_on: Annotated[str, typer.Option("--from", help="First day: 2021-01-04.")],
    to_on: Annotated[str, typer.Option("--to", help="Last day; empty: still.")] = "",
    reason: Annotated[str, typer.Option(help="illness, leave or other.")] = "other",
    evidence: Annotated[str, typer.Option(help="Where it is documented.")] = "",
    remove: Remove = False,
    data: Data = DATA,
) -> None:
    """Document days on which silence has a reason: they are greyed and never a winter sleep.

    \b
    $ winterslaap roster absence --person an-peeters --from 2021-01-04 --to 2021-06-30 \\
        --reason leave --evidence "council minutes of 2020-12-14"
    $ winterslaap roster absence --person an-peeters --from 2021-01-04 --remove
    """
    cells = {"person_id": person, "from_on": from_on, "to_on": to_on, "reason": reason}
    _write("absences", cells | {"evidence": evidence}, data, remove=remove)


@app.command("statement")
def roster_statement(
    person: Person,
    edition: Annotated[str, typer.Option(help="The edition's id.")],
    text: Annotated[str, typer.Option(help="At most 600 signs in one paragraph.")] = "",
    on: Annotated[str, typer.Option(help="The day on which it was given: 2030-09-01.")] = "",
    language: Annotated[str, typer.Option(help="nl, fr, de or en.")] = "nl",
    remove: Remove = False,
    data: Data = DATA,
) -> None:
    """Keep what a person says about the own card; an edition prints it word for word.

    A second statement for the same edition takes the place of the first.

    \b
    $ winterslaap roster statement --person an-peeters --edition be-vlg-2030-mytown \\
        --on 2030-09-01 --text "I was on leave until March."
    """
    cells = {"person_id": person, "edition_id": edition, "given_on": on, "text": text}
    _write("statements", cells | {"language": language}, data, remove=remove)


def _write(kind: str, cells: dict[str, str], data: Data, *, remove: bool) -> None:
    file = (roster_notes.remove if remove else roster_notes.add)(data, kind, cells)
    typer.echo(f"{cells['person_id']}: {'taken out of' if remove else 'written to'} {file}")
