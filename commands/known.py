"""`winterslaap status`: what is known of whom, day by day, and what to do about the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Annotated

import typer

import terminal
from commands.options import DATA, AsJson, Data
from ingest import ledger as ledgers
from ingest import roster as rosters
from ingest.collect import STORE_FILE
from ingest.coverage import Days
from ingest.errors import Problem, RosterError
from ingest.ledger import AccountLedger, Ledger, PersonDay, Word
from ingest.model import Stream
from ingest.roster import Roster
from ingest.status import AccountStatus, StoreStatus
from ingest.status import status as read_status
from ingest.strips import Month, Strip, strips

app = typer.Typer()
BLOCKS = {
    Month.FULL: "█",
    Month.PARTLY: "▒",
    Month.UNKNOWN: "░",
    Month.NOT_VALID: "·",
    Month.NOT_SHOWN: "-",
    Month.TO_COME: " ",
}
MOST_HOLES = 3  # lines per account
LEGEND = "a month: █ known  ▒ partly  ░ unknown  · no account then  - never shown"


@app.command()
def status(
    person: Annotated[list[str] | None, typer.Option(help="Only this person_id; again.")] = None,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The evidence of one local day of a --person."),
    ] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Show what is known of whom since when, how the last walks ended, and what to do.

    A strip per person has a block for each month of the last years. With --person and
    --day: whether that day is known, by which span, its proof and run, or why it is not.

    \b
    $ winterslaap status
    $ winterslaap status --person an-peeters --day 2024-03-05
    $ winterslaap status --json
    """
    if day is not None and not person:
        raise typer.BadParameter("give --person with --day")
    roster = _chosen(rosters.read(data), person or ())
    ledger = ledgers.read(data / STORE_FILE, roster)
    if day is not None:
        found = [one for who in person or () for one in ledger.on(who, day.date())]
        terminal.print_json(found) if as_json else _show_day(found)
        return
    known = read_status(data / STORE_FILE, roster)
    bands = strips(ledger, roster, _today())
    if as_json:
        told = {"last_run": known.last_run, "accounts": known.accounts, "strips": bands}
        terminal.print_json(told | {"unknown": _all_holes(ledger, bands)})
    else:
        _show(known, bands, ledger)


def _today() -> date:
    return datetime.now(UTC).date()


def _chosen(roster: Roster, wanted: Sequence[str]) -> Roster:
    if not wanted:
        return roster
    there = {one.person_id for one in roster.people}
    if unknown := sorted(set(wanted) - there):
        expected = "a person_id of the roster"
        raise RosterError([Problem("--person", 0, "", name, expected) for name in unknown])
    return replace(
        roster,
        people=tuple(one for one in roster.people if one.person_id in wanted),
        accounts=tuple(one for one in roster.accounts if one.person_id in wanted),
    )


def _show(known: StoreStatus, bands: tuple[Strip, ...], ledger: Ledger) -> None:
    if known.last_run:
        typer.echo(f"last run {known.last_run[0]}: {known.last_run[1]}")
    typer.echo(LEGEND)
    accounts = {
        person: list(found) for person, found in groupby(known.accounts, lambda one: one.person_id)
    }
    by_id = {one.account.account_id: one for one in ledger.accounts}
    for person, those in groupby(bands, lambda one: one.person_id):
        own = list(those)
        typer.echo(f"\n{own[0].name} ({person})")
        typer.echo(_years(own[0]))
        for band in own:
            typer.echo(_line(band))
        for account in accounts.get(person, ()):
            _show_account(account, by_id[account.account_id], own[0].first_year)


def _years(band: Strip) -> str:
    count = (len(band.months) + 11) // 12
    return " " * 11 + "".join(f"{band.first_year + n:<13}" for n in range(count)).rstrip()


def _line(band: Strip) -> str:
    blocks = "".join(BLOCKS[month] for month in band.months)
    years = "│".join(blocks[at : at + 12] for at in range(0, len(blocks), 12))
    return f"  {band.stream.value:<9}{years}".rstrip()


def _show_account(one: AccountStatus, ledger: AccountLedger, first_year: int) -> None:
    ended = f"last walk {one.last_run_at:%Y-%m-%d} {one.last_run}" if one.last_run_at else "no walk"
    holes = f", {one.hole_count} holes" if one.hole_count else ""
    proofs = f" ({', '.join(one.proofs)})" if one.proofs else ""
    terminal.show_wrapped(f"{one.account_id}: {_days(one)}{holes}{proofs}; {ended}", indent=2)
    if one.moved_to:
        terminal.show_wrapped(f"moved to {one.moved_to}; what is here stays", indent=4)
    elif one.state not in {None, "active"}:
        terminal.show_wrapped(f"the platform says: {one.state}", indent=4)
    is_broken = one.last_run in {"failed", "incomplete", "skipped"}
    if is_broken and one.message:
        terminal.show_wrapped(one.message, indent=4)
    lines = _holes(ledger, first_year) if one.acts else []
    if one.todo and (is_broken or not lines):
        terminal.show_wrapped(f"→ {one.todo}", indent=4)
    for line in lines:
        terminal.show_wrapped(line, indent=4)


def _holes(ledger: AccountLedger, first_year: int) -> list[str]:
    """The latest stretches of unknown days before yesterday, why they are, and what helps."""
    past = Days(date(first_year, 1, 1), _today() - timedelta(days=2))
    if past.last_on < past.first_on:
        return []
    streams: dict[Days, list[str]] = {}
    for stream in (Stream.ACTS, Stream.RECEIVED):
        for days in ledger.unknown(past, stream):
            streams.setdefault(days, []).append(stream.value)
    lines = []
    for days in sorted(streams, reverse=True)[:MOST_HOLES]:
        found = ledger.on(days.last_on, Stream(streams[days][0]))
        what = f"{' and '.join(streams[days])} unknown {days.first_on} – {days.last_on}"
        lines.append(f"{what}: {found.reason} → {found.todo}")
    if len(streams) > MOST_HOLES:
        lines.append(f"and {len(streams) - MOST_HOLES} earlier stretches: --person --day, --json")
    return lines


def _all_holes(ledger: Ledger, bands: tuple[Strip, ...]) -> list[dict[str, object]]:
    """Every stretch of unknown days, the latest first, with its reason and what helps."""
    first_year = min((band.first_year for band in bands), default=_today().year)
    found: list[dict[str, object]] = []
    for one in ledger.accounts:
        first_on = max(one.valid.first_on, date(first_year, 1, 1))
        last_on = min(one.valid.last_on, _today() - timedelta(days=1))
        for stream in (Stream.ACTS, Stream.RECEIVED) if first_on <= last_on else ():
            for days in one.unknown(Days(first_on, last_on), stream):
                judged = one.on(days.last_on, stream)
                found.append(
                    {
                        "account_id": one.account.account_id,
                        "stream": stream.value,
                        "first_on": days.first_on,
                        "last_on": days.last_on,
                        "reason": judged.reason,
                        "todo": judged.todo,
                    }
                )
    return found


def _days(one: AccountStatus) -> str:
    if not one.acts:
        return "no known day"
    count = sum(days.count for days in one.acts)
    return f"{one.acts[0].first_on} – {one.acts[-1].last_on}: {count:,} days"


def _show_day(found: list[PersonDay]) -> None:
    for one in found:
        terminal.show_wrapped(
            f"{one.person_id} {one.day} {one.stream}: {one.word.replace('_', ' ')}", indent=0
        )
        for account in one.accounts:
            said = account.word.replace("_", " ")
            reason = f", {account.reason}" if account.reason else ""
            terminal.show_wrapped(f"{account.account_id}: {said}{reason}", indent=2)
            for span in account.evidence:
                moments = f"{span.start_at:%Y-%m-%d %H:%M} – {span.end_at:%Y-%m-%d %H:%M} UTC"
                seen = f"seen {span.seen_at:%Y-%m-%d %H:%M} UTC in run {span.run_id}"
                terminal.show_wrapped(f"{span.proof}: {moments}, {seen}", indent=4)
            if account.todo and account.word is Word.UNKNOWN:
                terminal.show_wrapped(f"→ {account.todo}", indent=4)
