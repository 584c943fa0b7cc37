"""`winterslaap export` and `winterslaap schema`: what other engines and other readers need."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

import terminal
from commands.options import DATA, AsJson, Data
from ingest import roster as rosters
from ingest.collect import STORE_FILE
from ingest.storefile import check_readable

app = typer.Typer()


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="A new folder.")],
    from_on: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            help="First day; default: six years before the last one.",
        ),
    ] = None,
    to_on: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Day after the last one.")
    ] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Write what the models read as Parquet, for a cluster that scores it.

    No texts, and citizens only as keyed hashes: as in the store, and to be kept as safe.

    \b
    $ winterslaap export /srv/council-2025
    $ winterslaap score --engine spark --input /srv/council-2025 --master 'local[2]'
    """
    from metrics import export as exports
    from metrics.load import Window

    if (from_on is None) != (to_on is None):
        raise typer.BadParameter("give --from and --to together, or neither")
    window = Window(from_on.date(), to_on.date()) if from_on and to_on else None
    tables = rosters.read(data).tables()
    check_readable(data / STORE_FILE)
    with terminal.busy("exporting") as show:
        manifest = exports.export(data, tables, out, window=window, on_step=show)
    if as_json:
        terminal.print_json(manifest)
        return
    posts, received = manifest.rows["posts"], manifest.rows["received"]
    typer.echo(
        f"{posts:,} posts, {received:,} received of {manifest.rows['people']:,} people: {out}"
    )


@app.command()
def schema(
    table: Annotated[str, typer.Argument(help="Only this table.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print the tables of a published copy: columns, types, units and codes, with a version.

    \b
    $ winterslaap schema
    $ winterslaap schema metric
    $ winterslaap schema --json
    """
    from metrics.contract import contract

    known = contract()
    if table and table not in {one.name for one in known.tables}:
        raise typer.BadParameter(f"{table}: there is no such table → winterslaap schema")
    if as_json:
        terminal.print_json(known)
        return
    typer.echo(f"contract {known.version}")
    for one in known.tables:
        if table in ("", one.name):
            typer.echo()
            terminal.show_wrapped(f"{one.name}: {one.description}", indent=0)
            terminal.show_wrapped(f"grain: {one.grain}", indent=0)
            rows = [(c.name, c.type, c.unit, c.description) for c in one.columns]
            terminal.show_table(("column", "type", "unit", "what it is"), rows)
    if not table:
        typer.echo("\nunits of the metrics")
        terminal.show_table(("metric", "unit"), list(known.units_of_metrics.items()))
        typer.echo("\nreasons")
        terminal.show_table(("reason", "what it says"), list(known.reasons.items()))
