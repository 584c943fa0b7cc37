"""`winterslaap score` and `winterslaap diff`: numbers, and what other choices make of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import terminal
from commands.options import DATA, AsJson, Data
from ingest import roster as rosters
from ingest.collect import STORE_FILE
from ingest.storefile import check_readable

if TYPE_CHECKING:  # these take a second to load
    from metrics.choices import Value
    from metrics.difference import Difference, Move

app = typer.Typer()
MOST_PILLARS = 2  # per person


@app.command()
def score(
    from_on: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="First day; default: chosen from the store."
        ),
    ] = None,
    to_on: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Day after the last one.")
    ] = None,
    choices: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Choose otherwise; may be repeated."),
    ] = None,
    show_choices: Annotated[
        bool, typer.Option("--choices", help="Print every choice with its value, and end.")
    ] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="With --set: show this copy in the dashboard.")
    ] = False,
    engine: Annotated[
        str, typer.Option(help="duckdb, or spark over what `winterslaap export` wrote.")
    ] = "duckdb",
    source: Annotated[
        str, typer.Option("--input", help="With spark: the export's folder or address (s3a://…).")
    ] = "",
    master: Annotated[
        str, typer.Option(help="With spark: local[2], spark://host:7077, yarn, …")
    ] = "local[*]",
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Score everybody, check the result, and publish it for the dashboard.

    The dashboard keeps showing the last copy until the new one is whole and checked. With
    --set the copy is a trial: it is kept aside, and `winterslaap diff` says who moves.

    \b
    $ winterslaap score
    $ winterslaap score --from 2018-10-15 --to 2024-10-14
    $ winterslaap score --set answer_window_days=7
    $ winterslaap score --engine spark --input /srv/council-2025 --master 'local[2]'
    """
    from metrics.choices import parse

    if show_choices:
        _show_choices(as_json=as_json)
        return
    if (from_on is None) != (to_on is None):
        raise typer.BadParameter("give --from and --to together, or neither")
    if publish and not choices:
        raise typer.BadParameter("--publish belongs to --set; without it every copy is published")
    window = (from_on.date(), to_on.date()) if from_on and to_on else None
    chosen = parse(choices or ())
    is_trial = bool(chosen) and not publish
    if _is_spark(engine, source, window):
        path = _run_spark(data, source, master, chosen, is_trial=is_trial)
    else:
        path = run(data, window, choices=chosen, is_trial=is_trial)
    terminal.show_scores(path, as_json=as_json)
    if is_trial:
        terminal.say("a trial: the dashboard does not show it → winterslaap diff")


def run(
    data: Path,
    window: tuple[date, date] | None = None,
    now: datetime | None = None,
    choices: Mapping[str, Value] | None = None,
    *,
    is_trial: bool = False,
) -> Path:
    """Score the store in `data`; the path of the new copy."""
    from metrics import score as scoring
    from metrics.load import Window

    tables = rosters.read(data).tables()
    check_readable(data / STORE_FILE)
    with terminal.busy("scoring") as show:
        return scoring.run(
            data,
            tables,
            window=Window(*window) if window else None,
            choices=choices,
            now=now,
            on_step=show,
            is_trial=is_trial,
        )


def _is_spark(engine: str, source: str, window: tuple[date, date] | None) -> bool:
    if engine not in ("duckdb", "spark"):
        raise typer.BadParameter(f"--engine {engine}: expected duckdb or spark")
    if (engine == "spark") != bool(source):
        raise typer.BadParameter("--engine spark and --input belong together → winterslaap export")
    if engine == "spark" and window:
        raise typer.BadParameter("the window stands in the export: give --from and --to there")
    return engine == "spark"


def _run_spark(
    data: Path, source: str, master: str, choices: Mapping[str, Value], *, is_trial: bool
) -> Path:
    from metrics import spark

    with terminal.busy("scoring") as show:
        return spark.run(data, source, master, choices=choices, on_step=show, is_trial=is_trial)


def _show_choices(*, as_json: bool) -> None:
    from metrics.choices import headline
    from metrics.models import HERE, parse

    what = parse(HERE / "params.sql").columns
    if as_json:
        terminal.print_json(headline())
        return
    rows = [(name, str(value), what[name]) for name, value in headline().items()]
    terminal.show_table(("choice", "value", "what it decides"), rows)


@app.command()
def diff(
    before: Annotated[
        Path | None, typer.Argument(help="A published copy; default: the one the dashboard shows.")
    ] = None,
    after: Annotated[
        Path | None, typer.Argument(help="Another one; default: the newest trial.")
    ] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Say who moves between two copies, and why.

    \b
    $ winterslaap score --set answer_window_days=7
    $ winterslaap diff
    $ winterslaap diff data/published/A.duckdb data/published/B.duckdb
    """
    from metrics import read
    from metrics.difference import difference
    from metrics.score import TRIALS

    one = before or read.latest(data)
    other = after or read.latest(data, TRIALS)
    if one is None:
        raise typer.BadParameter("nothing is published yet → winterslaap score")
    if other is None:
        raise typer.BadParameter(
            "there is no trial yet → winterslaap score --set answer_window_days=7"
        )
    for path in (one, other):
        if not path.is_file():
            raise typer.BadParameter(f"{path}: there is no such file")
    found = difference(one, other)
    terminal.print_json(found) if as_json else _show(found)


def _show(found: Difference) -> None:
    typer.echo(f"{found.before} → {found.after}")
    for name, (old, new) in found.causes.items():
        terminal.show_wrapped(f"{name.replace('_', ' ')}: {old} → {new}", indent=2)
    if not found.causes:
        typer.echo("  same choices, same inputs, same code")
    if found.moves:
        terminal.show_table(
            ("name", "score", "band", "why"),
            [
                (
                    move.name,
                    _arrow(_number(move.score_before), _number(move.score_after))
                    + ("" if move.is_comparable else "\nother pillars: not comparable"),
                    _arrow(move.band_before or "–", move.band_after or "–"),
                    _why(move),
                )
                for move in found.moves
            ],
        )
    for people, what in ((found.added, "only in the second"), (found.removed, "only in the first")):
        if people:
            terminal.show_wrapped(f"{what}: {', '.join(people)}", indent=0)
    typer.echo(f"{len(found.moves)} people move, {found.unmoved} stay")


def _why(move: Move) -> str:
    lines = [
        f"{one.pillar} {_arrow(_number(one.points_before), _number(one.points_after))}"
        + (f" ({_arrow(one.rests_before, one.rests_after)})" if one.rests_after else "")
        for one in move.pillars[:MOST_PILLARS]
    ]
    return "\n".join([*lines, *(text.replace("_", " ") for text in move.findings)])


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _arrow(old: str, new: str) -> str:
    return old if old == new else f"{old} → {new}"
