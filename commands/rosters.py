"""`winterslaap roster`: who is watched, and on which accounts."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import terminal
from commands import notes
from commands.options import (
    DATA,
    DEFAULT,
    AllowPrivate,
    Appview,
    AsJson,
    Contact,
    Data,
    DryRun,
    Yes,
    confirm,
)
from ingest import roster as rosters
from ingest.errors import Problem, RosterError
from ingest.http import Config, Http
from ingest.rosters import recognise, wikidata
from ingest.rosters.changes import ChangeKind, Options, Plan
from ingest.rosters.found import Found
from ingest.rosters.plan import make
from ingest.rosters.resolve import Resolved, resolve
from ingest.rosters.write import write

app = typer.Typer(no_args_is_help=True, help="Who is watched, and on which accounts.")
app.add_typer(notes.app)
MOST_LINES = 40  # of one kind of change


@app.command("check")
def roster_check(data: Data = DATA) -> None:
    """Read the whole roster and tell every problem at once: file, row, column, what was expected.

    \b
    $ winterslaap roster check
    $ winterslaap roster check --data /srv/winterslaap
    """
    roster = rosters.read(data)
    typer.echo(f"{len(roster.people)} people and {len(roster.accounts)} accounts: no problems")


@app.command("list")
def roster_list(data: Data = DATA, *, as_json: AsJson = False) -> None:
    """Show the people with their mandates and accounts.

    \b
    $ winterslaap roster list
    $ winterslaap roster list --json
    """
    roster = rosters.read(data)
    if as_json:
        terminal.print_json({name: table.to_pylist() for name, table in roster.tables().items()})
    else:
        terminal.show_roster(roster)


@app.command("add")
def roster_add(
    council: Annotated[str, typer.Option(help="The council's folder, as heist-op-den-berg.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    person: Annotated[str, typer.Option(help="The person's id; default: from the name.")] = "",
    municipality: Annotated[str, typer.Option(help="Where the person sits.")] = "",
    party: Annotated[str, typer.Option(help="The person's party or list.")] = "",
    language: Annotated[str, typer.Option(help="nl, fr, de or en; default: nl.")] = "",
    platform: Annotated[str, typer.Option(help="bluesky, mastodon, feeds or wordpress.")] = "",
    handle: Annotated[
        str, typer.Option(help="an.bsky.social, an@mastodon.example or a feed's address.")
    ] = "",
    run_by: Annotated[str, typer.Option(help="self, office, party or campaign.")] = "",
    office: Annotated[str, typer.Option(help="councillor, alderman, mayor, mp …")] = "",
    level: Annotated[str, typer.Option(help="local, federal …, as in elections.csv.")] = "",
    jurisdiction: Annotated[str, typer.Option(help="BE-VLG, NL …, as in elections.csv.")] = "",
    election: Annotated[str, typer.Option(help="For a candidacy: its election_id.")] = "",
    from_on: Annotated[str, typer.Option("--from", help="First day: 2019-01-01.")] = "",
    to_on: Annotated[str, typer.Option("--to", help="Last day; empty: still.")] = "",
    data: Data = DATA,
) -> None:
    """Add a person, or one more account or mandate of a person who is there already.

    Nothing is written unless the whole roster is right afterwards.

    \b
    $ winterslaap roster add --council mytown --name "An Peeters" --party "Lijst Plein" \\
        --office councillor --level local --jurisdiction BE-VLG --from 2019-01-01 \\
        --platform bluesky --handle anpeeters.example
    $ winterslaap roster add --council mytown --person an-peeters \\
        --platform mastodon --handle an@toet.example
    """
    who = {"person_id": person, "name": name, "municipality": municipality}
    account = {"platform": platform, "handle": handle, "run_by": run_by}
    place = {"office": office, "level": level, "jurisdiction": jurisdiction}
    mandate = place | {"election_id": election, "from_on": from_on, "to_on": to_on}
    kind = {"kind": "candidacy" if election else "mandate"}
    added = rosters.add(
        data,
        council,
        who | {"party": party, "language": language},
        account if any(account.values()) else None,
        mandate | kind if any(mandate.values()) else None,
    )
    typer.echo(f"{added.person_id}: written to {', '.join(added.files) or 'no file'}")


@app.command("import")
def roster_import(
    sources: Annotated[
        list[str],
        typer.Argument(help="Files, addresses, - for standard input, or the word wikidata."),
    ],
    council: Annotated[str, typer.Option(help="The council's folder, as heist-op-den-berg.")],
    format_: Annotated[
        str, typer.Option("--format", help="csv, popolo, everypolitician, congress or wikidata.")
    ] = "auto",
    dry_run: DryRun = False,
    yes: Yes = False,
    office: Annotated[str, typer.Option(help="What all of them are: councillor, mp …")] = "",
    level: Annotated[str, typer.Option(help="local, federal …, as in elections.csv.")] = "",
    jurisdiction: Annotated[str, typer.Option(help="BE-VLG, NL …, as in elections.csv.")] = "",
    language: Annotated[str, typer.Option(help="What new people write in; else nl.")] = "",
    timezone: Annotated[str, typer.Option(help="Of new people; else Europe/Brussels.")] = "",
    run_by: Annotated[str, typer.Option(help="Who runs the accounts, where it is not told.")] = "",
    invented: Annotated[
        bool, typer.Option("--invented", help="Label new people as invented.")
    ] = False,
    handover_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day of accounts that passed on to others."),
    ] = None,
    ended_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Last day of who is no longer in the source."),
    ] = None,
    add_only: Annotated[
        bool, typer.Option("--add-only", help="Change no cell that says something already.")
    ] = False,
    look_up: Annotated[
        bool, typer.Option("--look-up/--no-look-up", help="Ask the platforms for new accounts.")
    ] = True,
    trust: Annotated[
        bool, typer.Option("--trust", help="Also take accounts that could not be confirmed.")
    ] = False,
    country: Annotated[str, typer.Option(help="Wikidata: Q31 is Belgium.")] = "",
    position: Annotated[
        list[str] | None, typer.Option(help="Wikidata: an office, as Q…; may be repeated.")
    ] = None,
    place: Annotated[str, typer.Option(help="Wikidata: a municipality or district, as Q….")] = "",
    endpoint: Annotated[str, typer.Option(help="Wikidata's query service.")] = wikidata.ENDPOINT,
    contact: Contact = "",
    appview: Appview = DEFAULT.appview_url,
    allow_private: AllowPrivate = False,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Bring people, mandates and accounts in from elsewhere: first shown, then asked, then written.

    Understands CSV with any usual headers, Popolo JSON, EveryPolitician, the
    congress-legislators files and Wikidata, by what is in them. Nothing that stands in
    the roster is dropped, and a copy of each file that changes is kept in DATA/backups.

    \b
    $ winterslaap roster import councillors.csv --council mytown --level local \\
        --jurisdiction BE-VLG --office councillor --dry-run
    $ winterslaap roster import wikidata --position Q15705021 --country Q31 --council senate \\
        --office senator --level federal --jurisdiction BE
    $ winterslaap roster import legislators-current.yaml legislators-social-media.yaml \\
        --council us-congress
    """
    if format_ not in recognise.NAMES:
        raise typer.BadParameter(", ".join(recognise.NAMES), param_hint="--format")
    config = Config(appview_url=appview, allow_private=allow_private, contact=contact)
    options = Options(
        council=council,
        office=office,
        level=level,
        jurisdiction=jurisdiction,
        language=language,
        timezone=timezone,
        run_by=run_by,
        is_invented=invented,
        handover_on=handover_on.date() if handover_on else None,
        ended_on=ended_on.date() if ended_on else None,
        is_adding_only=add_only,
    )
    before = rosters.read_files(data)
    with Http(config) as http:
        asked = {"country": country, "positions": position or (), "place": place}
        founds = [_found(http, source, format_, endpoint, asked) for source in sources]
        people = [person for found in founds for person in found.people]
        plan = make(before, people, options)
        resolved = _looked_up(http, config, plan, before) if look_up else []
    if as_json:
        _print_json(founds, plan, resolved)
    else:
        _show(founds, plan, resolved)
    if dry_run or not plan.files:
        terminal.say("nothing was changed")
        return
    refused = frozenset(
        (one.account.platform, one.account.handle)
        for one in resolved
        if not (one.is_sure or trust or _is_accepted(one, yes=yes))
    )
    if refused:
        plan = make(before, people, options, refused)
    if not plan.files:
        terminal.say("nothing was changed: no account could be confirmed")
        return
    confirm(f"Write {', '.join(plan.files)}?", yes=yes)
    kept = write(data, before, plan.files)
    terminal.say(f"written: {', '.join(plan.files)}")
    if refused:
        terminal.say(f"{len(refused)} accounts left out → --trust takes them")
    if kept:
        terminal.say(f"the files as they were are in {kept}")


def _found(http: Http, source: str, name: str, endpoint: str, asked: dict[str, Any]) -> Found:
    """The people of one source."""
    if source == "wikidata":
        return wikidata.read(wikidata.fetch(http, wikidata.query(**asked), endpoint))
    if source == "-":
        return recognise.read(sys.stdin.buffer.read(), name)
    if source.startswith(("http://", "https://")):
        reply = http.get(source, source="roster", account="source")
        if reply.status != 200:
            problem = Problem("source", 0, "", f"an answer {reply.status}", "a file")
            raise RosterError([problem])
        return recognise.read(reply.body, name)
    try:
        return recognise.read(Path(source).read_bytes(), name)
    except OSError as error:
        found = str(error.strerror)
        raise RosterError([Problem(source, 0, "", found, "a file that can be read")]) from error


def _looked_up(
    http: Http, config: Config, plan: Plan, before: Mapping[str, bytes]
) -> list[Resolved]:
    """What the platforms say of the accounts that would be added."""
    names = {one.person_id: one.name for one in rosters.parse({**before, **plan.files}).people}
    new = [
        (change.person_id, names[change.person_id], change.account)
        for change in plan.changes
        if change.account is not None
    ]
    with terminal.busy("looking up accounts") as show:
        return resolve(http, config, new, lambda one: show(one.account.handle, 0.0))


def _is_accepted(one: Resolved, *, yes: bool) -> bool:
    """Whether the person at the terminal knows better."""
    if yes or not sys.stdin.isatty():
        return False
    return typer.confirm(f"{_line_of(one)}. Take it all the same?", default=False, err=True)


def _line_of(one: Resolved) -> str:
    shown = f": {one.problem}" if one.problem else f" is shown as {one.shown_name!r}"
    return f"{one.person_id}: {one.account.platform} {one.account.handle}{shown}"


def _show(founds: Sequence[Found], plan: Plan, resolved: Sequence[Resolved]) -> None:
    for found in founds:
        terminal.say(f"{found.format}: {len(found.people)} people")
        for what, count in found.left_out.items():
            terminal.say(f"  not kept: {what}{f' ({count} times)' if count > 1 else ''}")
    for kind in ChangeKind:
        changes = [change for change in plan.changes if change.kind is kind]
        for change in changes[: 0 if kind is ChangeKind.UNTOUCHED else MOST_LINES]:
            terminal.say(f"{kind.value}: {change.person_id} {change.what}: {change.detail}")
        if len(changes) > MOST_LINES and kind is not ChangeKind.UNTOUCHED:
            terminal.say(f"{kind.value}: … and {len(changes) - MOST_LINES} more (--json has all)")
    for one in resolved:
        if not one.is_sure:
            terminal.say(f"look at: {_line_of(one)}")
    if resolved:
        sure = sum(one.is_sure for one in resolved)
        terminal.say(f"{sure} of {len(resolved)} new accounts are there and name the person")
    terminal.say(", ".join(f"{count} {kind}" for kind, count in plan.counts().items()))


def _print_json(founds: Sequence[Found], plan: Plan, resolved: Sequence[Resolved]) -> None:
    terminal.print_json(
        {
            "sources": [
                {"format": found.format, "people": len(found.people), "not_kept": found.left_out}
                for found in founds
            ],
            "changes": plan.changes,
            "counts": plan.counts(),
            "files": list(plan.files),
            "accounts": resolved,
        }
    )
