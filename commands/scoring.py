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
SHOWN = 0.5  # of a point
MOST_OTHERS = 8
CAUSES = {
    "method_version": "method",
    "code_version": "software",
    "from_on": "first day",
    "to_on": "day after the last",
    "data_hash": "fingerprint of posts, roster and known days",
}


@app.command()
def score(
    from_on: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            help="First day; default: six years before the last one, for a trial the shown copy's.",
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
    if is_trial and engine == "duckdb":
        window = window or _window_shown(data)
    if _is_spark(engine, source, window):
        path = _run_spark(data, source, master, chosen, is_trial=is_trial)
    else:
        path = run(data, window, choices=chosen, is_trial=is_trial)
    terminal.show_scores(path, as_json=as_json, is_trial=is_trial)


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


def _window_shown(data: Path) -> tuple[date, date] | None:
    """The days of the copy that the dashboard shows: a trial is about the same ones."""
    from metrics import read

    shown = read.latest(data)
    if shown is None:
        return None
    found = read.run(shown)
    return found.from_on, found.to_on


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
    for cause, (old, new) in found.causes.items():
        name, what = _in_words(cause)
        terminal.show_wrapped(f"{name}: {old} → {new}{what}", indent=2)
    if not found.causes:
        typer.echo("  same choices, same inputs, same code")
    for move in found.moves:
        _show_move(move)
    typer.echo()
    for people, what in ((found.added, "only in the second"), (found.removed, "only in the first")):
        if people:
            terminal.show_wrapped(f"{what}: {', '.join(people)}", indent=0)
    if found.others:
        told = [f"{n.replace('_', ' ')} (of {count})" for n, count in found.others.items()]
        more = [f"{len(told) - MOST_OTHERS} more → --json"] if len(told) > MOST_OTHERS else []
        listed = ", ".join([*told[:MOST_OTHERS], *more])
        terminal.show_wrapped(f"numbers in no score that differ too: {listed}", indent=0)
    typer.echo(f"{len(found.moves)} people move, {found.unmoved} stay")


def _in_words(cause: str) -> tuple[str, str]:
    """A cause's name, and what it decides where it is a choice."""
    from metrics.models import HERE, parse

    what = parse(HERE / "params.sql").columns.get(cause)
    return CAUSES.get(cause, cause.replace("_", " ")), f" ({what})" if what else ""


def _show_move(move: Move) -> None:
    score = _arrow(_number(move.score_before), _number(move.score_after))
    band = _arrow(move.band_before or "none", move.band_after or "none")
    note = "" if move.is_comparable else "; on other pillars: do not compare"
    typer.echo()
    terminal.show_wrapped(f"{move.name}: score {score}, band {band}{note}", indent=0)
    for one in [p for p in move.pillars if p.moved >= SHOWN] or move.pillars:
        points = _arrow(_number(one.points_before), _number(one.points_after))
        counts = "; ".join(f"{name} {_arrow(*ends)}" for name, ends in one.rests.items())
        terminal.show_wrapped(f"{one.pillar} {points} points: {counts}", indent=2)
    for text in move.findings:
        terminal.show_wrapped(text.replace("_", " "), indent=2)
    if not (move.pillars or move.findings):
        terminal.show_wrapped("the same points, summed, drawn or compared otherwise", indent=2)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _arrow(old: str, new: str) -> str:
    return old if old == new else f"{old} → {new}"
