"""`winterslaap text`: try the lists on a text, and measure them on labelled ones."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from metrics.text.check import Checked
from metrics.text.check import check as checked
from metrics.text.evaluate import Evaluation, LabelledFileError, labelled_tones
from metrics.text.evaluate import evaluate as evaluated
from metrics.text.features import LABELS
from metrics.text.model import EncoderMissing, ListsError
from metrics.text.quality import KAPPA_NEEDED, Score
from metrics.text.quality import save as saved
from metrics.text.reading import LISTS, TONE_VARIABLE

app = typer.Typer(
    name="text",
    help=(
        "How posts are read: try the word lists of data/lang on a text, and measure them.\n\n"
        "After changing a list: `winterslaap text check` with a sentence it should read, then "
        "`winterslaap text evaluate` with labelled sentences to see what else moved."
    ),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

Answer = TypeVar("Answer")
_NARROW: Any = {"box": box.SIMPLE_HEAD, "pad_edge": False, "title_justify": "left"}
ToneBy = Annotated[
    str,
    typer.Option(
        "--tone",
        envvar=TONE_VARIABLE,
        help="lists, or encoder (the extra 'tone'): also for collect, by the variable.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.command()
def check(
    text: Annotated[
        str, typer.Argument(help="A text between quotes, or a file with one text a line.")
    ],
    received: Annotated[
        bool, typer.Option(help="Read it as a reply that a politician got, not as an own post.")
    ] = False,
    lang: Annotated[
        str | None,
        typer.Option(help="What its author mostly writes in (nl, fr, de, en): decides short ones."),
    ] = None,
    tone: ToneBy = LISTS,
    as_json: AsJson = False,
) -> None:
    """Show what a text is taken for, and every list entry behind it.

    Example: winterslaap text check "Stem zondag op lijst 4!"
    """
    os.environ[TONE_VARIABLE] = tone
    direction: Literal["sent", "received"] = "received" if received else "sent"
    answers = guarded(lambda: [checked(t, direction, lang) for t in _texts(text)])
    if as_json:
        typer.echo(json.dumps([asdict(c) for c in answers], ensure_ascii=False))
        return
    for found in answers:
        _print_checked(Console(), found)


@app.command()
def evaluate(
    files: Annotated[
        list[Path],
        typer.Argument(help="CSV files with a column text and any of lang, label, tone, …"),
    ],
    topics: Annotated[bool, typer.Option(help="Show every topic by itself.")] = False,
    save: Annotated[
        Path | None, typer.Option(help="Also write the scores to this CSV file.")
    ] = None,
    tone: ToneBy = LISTS,
    as_json: AsJson = False,
) -> None:
    """Measure the lists on texts that a person labelled: precision, recall, F1, κ, confusions.

    Columns: text, lang, direction (sent or received), label, is_question, wants_answer,
    is_abuse, promise, is_redirect, asks_public (yes or no), topics, tone (pos, neu, neg).
    An empty cell is not judged. Below κ 0.7 a label stays descriptive.

    Example: winterslaap text evaluate labelled.csv
    """
    os.environ[TONE_VARIABLE] = tone
    found = guarded(lambda: evaluated(files))
    if save is not None:
        saved(found.scores, save)
    if as_json:
        typer.echo(json.dumps(_plain(found), ensure_ascii=False))
        return
    console = Console()
    scores = [score for score in found.scores if topics or score.feature != "topic"]
    for table in _score_tables(scores):
        console.print(table)
    for (language, feature), counts in found.confusions.items():
        if feature == "label":
            console.print(_confusion_table(language, dict(counts)))


@app.command("fit-tone")
def fit_tone(
    files: Annotated[list[Path], typer.Argument(help="CSV files with the columns text and tone.")],
    head: Annotated[Path | None, typer.Option(help="Where to write it instead.")] = None,
) -> None:
    """Fit the head of the sentence encoder again, on labelled sentences nobody measures with.

    Example: winterslaap text fit-tone tests/fixtures/text/{labelled,development}_*.csv
    """
    from metrics.text import encoder  # numpy and SciPy, for this only

    rows = guarded(lambda: labelled_tones(files))
    found = guarded(lambda: encoder.vectors([text for text, _ in rows]))
    weights, bias = encoder.fit(found, [tone for _, tone in rows])
    encoder.save(weights, bias, rows, head or encoder.HEAD)
    typer.echo(f"{len(rows)} sentences: {head or encoder.HEAD}")


def _texts(argument: str) -> list[str]:
    try:
        is_file = Path(argument).is_file()
    except OSError:  # a text too long to be a path
        is_file = False
    if not is_file:
        return [argument]
    lines = Path(argument).read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if line.strip()]


def guarded(work: Callable[[], Answer]) -> Answer:
    """What `work` gives; a problem in a list or a file is told and ends with code 1."""
    try:
        return work()
    except (ListsError, LabelledFileError, EncoderMissing) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _print_checked(console: Console, found: Checked) -> None:
    features = found.features
    console.print(f"[bold]{escape(found.text)}[/]")
    console.print(f"read as: {escape(found.read_as)}", style="dim")
    table = Table("feature", "value")
    for name, value in asdict(features).items():
        if name != "fired":
            shown = ", ".join(value) if isinstance(value, tuple) else str(value)
            table.add_row(name, escape(shown))
    console.print(table)
    if not found.findings:
        console.print("no entry of the lists stands in this text\n")
        return
    reasons = Table("list", "entry", "effect")
    for finding in found.findings:
        reasons.add_row(finding.table, escape(finding.entry), finding.effect)
    console.print(reasons)


def _score_tables(scores: list[Score]) -> list[Table]:
    """A table per language, narrow enough for 80 columns; ° marks what stays descriptive."""
    tables = []
    for language in dict.fromkeys(score.language for score in scores):
        table = Table(title=f"How well the lists read: {language}", **_NARROW)
        for name in ("what", "judged", "wanted", "found", "right", "prec.", "recall", "F1", "κ"):
            table.add_column(name, justify="left" if name == "what" else "right", no_wrap=True)
        for score in (score for score in scores if score.language == language):
            what = score.feature if score.value == "all" else f"  {score.value}"
            counts = (score.judged, score.wanted, score.found, score.right)
            rates = (score.precision, score.recall, score.f1)
            agreement = f"{_two(score.kappa)}{'°' if score.is_descriptive_only else ' '}"
            table.add_row(what, *map(str, counts), *map(_two, rates), agreement)
        table.caption = f"° κ under {KAPPA_NEEDED}: descriptive only"
        tables.append(table)
    return tables


def _confusion_table(language: str, counts: dict[tuple[str, str], int]) -> Table:
    """Rows: what a person said; columns: what the lists found, by its first four letters."""
    labels = [label for label in LABELS if any(label in pair for pair in counts)]
    table = Table(title=f"Labels, {language}: said ↓ found →", **_NARROW)
    table.add_column("", no_wrap=True)
    for label in labels:
        table.add_column(label[:4], justify="right", no_wrap=True)
    for said in labels:
        table.add_row(said, *(str(counts.get((said, found), "·")) for found in labels))
    return table


def _plain(found: Evaluation) -> dict[str, object]:
    confusions = [
        {"language": language, "feature": feature, "said": said, "found": got, "count": count}
        for (language, feature), counts in found.confusions.items()
        for (said, got), count in sorted(counts.items())
    ]
    scores = [asdict(s) | {"is_descriptive_only": s.is_descriptive_only} for s in found.scores]
    versions = {code or "-": version for code, version in found.versions.items()}
    return {"scores": scores, "confusions": confusions, "versions": versions}


def _two(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.2f}"
