"""`winterslaap edition preview`: each person's own card, at an address nobody can guess."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import terminal
from commands.editions import EVERYBODY, Out, People, drawing, people_of, statements_of
from commands.options import DATA, AsJson, Data
from dashboard.edition import FOLDER
from metrics.errors import EditionError

if TYPE_CHECKING:  # takes seconds to load
    from dashboard.edition.model import Edition
    from dashboard.edition.previews import Showing

PREVIEWS = "previews"  # beside the editions
MARK = "Voorbeeld, niet gepubliceerd · Aperçu non publié · Unpublished preview"

app = typer.Typer()


@app.command("preview")
def preview(
    edition_id: Annotated[str, typer.Argument(help="The id that the edition will have.")],
    people: People = EVERYBODY,
    out: Out = None,
    title: Annotated[str, typer.Option(help="What will stand above every page.")] = "",
    shown_on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="Since when they can see it; else today."),
    ] = None,
    answer_by: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Last day for a reply; else 14 days later."),
    ] = None,
    base_url: Annotated[str, typer.Option(help="Where the editions will stand: https://….")] = "",
    contact: Annotated[
        str, typer.Option(envvar="WINTERSLAAP_CONTACT", help="Whom replies are sent to.")
    ] = "",
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Draw each person's card before it is published, apart, and write down who could see it.

    Every person gets a folder of their own under a name that cannot be guessed, marked
    as unpublished in every picture, and 14 days to reply: `roster statement` prints the
    reply on the card, `roster absence` greys documented leave. `edition build` tells who
    had no 14 days.

    \b
    $ winterslaap edition preview be-vl-2030-voorbeeldstad --contact redactie@voorbeeld.example
    """
    from dashboard.edition import previews
    from dashboard.edition.model import edition_of
    from metrics import read

    source = read.latest(data)
    if source is None:
        raise EditionError("nothing is published yet → winterslaap score")
    since = (shown_on or datetime.now(UTC)).date()
    until = answer_by.date() if answer_by else since + timedelta(days=previews.NOTICE_DAYS)
    if until < since + timedelta(days=previews.NOTICE_DAYS):
        raise EditionError(
            f"--answer-by {until}: a person has {previews.NOTICE_DAYS} days to reply"
        )
    target = (out or data / FOLDER) / PREVIEWS
    everybody = [str(one) for one in read.all_of(source, "person")["person_id"]]
    chosen = people_of(people) or tuple(sorted(everybody))
    if unknown := sorted({*chosen} - {*everybody}):
        raise EditionError("\n".join(f"{one}: nobody in the published copy" for one in unknown))
    places = {
        one.person_id: one.place for one in previews.showings(data) if one.edition_id == edition_id
    }
    base = replace(
        edition_of(source, edition_id, title or edition_id),
        preview=f"{MARK} · {until}",
        statements=statements_of(data, edition_id),
        base_url=f"{base_url.rstrip('/')}/{PREVIEWS}" if base_url else "",
    )
    shown = []
    with drawing("drawing previews") as show:
        for done, person_id in enumerate(chosen):
            show(done, len(chosen))
            place = places.get(person_id) or secrets.token_urlsafe(18)
            _draw(source, target, place, person_id, base, contact)
            accounts = read.of_person(source, "account", person_id)
            watched = " ".join(accounts["platform"] + ":" + accounts["handle"])
            one = previews.Showing(edition_id, person_id, since, until, watched, place)
            previews.record(data, [one])
            shown.append(one)
    _tell(shown, target, base_url, as_json=as_json)


def _draw(
    source: Path, target: Path, place: str, person_id: str, edition: Edition, contact: str
) -> None:
    """The small site of one person, in place of an earlier one at the same address."""
    from dashboard.edition.build import Order, build

    target.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target / place, ignore_errors=True)
    address = f"{edition.base_url}/{place}" if edition.base_url else ""
    said = {who: one for who, one in edition.statements.items() if who == person_id}
    own = replace(edition, base_url=address, statements=said)
    build(Order(source, target, own, (person_id,), "", contact, folder=place), workers=1)


def _tell(shown: list[Showing], target: Path, base_url: str, *, as_json: bool) -> None:
    links = [
        f"{base_url.rstrip('/')}/{PREVIEWS}/{one.place}/index.html"
        if base_url
        else str(target / one.place / "index.html")
        for one in shown
    ]
    if as_json:
        terminal.print_json(
            [
                {"person_id": one.person_id, "link": link, "answer_by": one.answer_by.isoformat()}
                for one, link in zip(shown, links, strict=True)
            ]
        )
        return
    for one, link in zip(shown, links, strict=True):
        typer.echo(f"{one.person_id}\t{one.answer_by}\t{link}")
    terminal.say(
        f"{len(shown)} previews; send each person only their own link, and ask for a reply"
    )
