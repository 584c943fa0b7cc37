"""The documents name what exists, and nothing that is gone."""

from __future__ import annotations

import math
import pkgutil
import re
from pathlib import Path

import pytest
import typer.main

import cli
import ingest.errors
import ingest.sources
from ingest import archives
from metrics import models

ROOT = Path(__file__).parent.parent


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _commands() -> set[str]:
    return set(typer.main.get_command(cli.app).commands)  # type: ignore[attr-defined]


def test_the_sources_table_has_a_row_for_every_source_and_no_other() -> None:
    there = {module.name for module in pkgutil.iter_modules(ingest.sources.__path__)}
    table = _text("ingest/README.md").partition("## Archives")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == there


def test_the_formats_table_has_a_row_for_every_format_and_no_other() -> None:
    table = _text("ingest/README.md").partition("## Archives")[2]
    told = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert sorted(told) == sorted(form.NAME for form in archives.formats())


def test_the_readme_names_every_command_and_no_other() -> None:
    told = re.findall(r"winterslaap ([a-z]+)", _text("README.md"))
    assert set(told) == _commands()


def test_every_command_teaches_with_an_example() -> None:
    root = typer.main.get_command(cli.app)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        parts = getattr(command, "commands", {"": command})
        for part in parts.values():
            assert "winterslaap " in (part.help or ""), f"{name} {part.name} shows no example"


def test_the_error_tree_in_the_docstring_is_the_one_in_the_code() -> None:
    told = set(re.findall(r"[├└]── (\w+)", ingest.errors.__doc__ or ""))
    classes = {
        name
        for name, thing in vars(ingest.errors).items()
        if isinstance(thing, type) and issubclass(thing, ingest.errors.WinterslaapError)
    }
    assert told == classes - {"WinterslaapError"}


def test_every_choice_behind_the_scores_is_described() -> None:
    headline = models.parse(ROOT / "metrics" / "params.sql")
    chosen = set(re.findall(r" as (\w+)(?:,|$)", headline.sql, re.MULTILINE))
    assert chosen == set(headline.columns)


def test_a_pocket_calculator_gives_what_the_worked_example_says() -> None:
    """Plain arithmetic on the counts it names; each result as it is printed there."""
    text = _text("metrics/README.md").partition("## Worked example")[2].partition("\n## ")[0]
    worth = 100 * (1 - 0.25) / (1 + 0.25)
    b = math.log(52.5 / 104) - math.log(140.5 / 700)
    error = math.sqrt(3 / 52.5 + 3 / 140.5)
    low, high = math.exp(b - 1.645 * error), math.exp(b + 1.645 * error)
    shares = (
        60 / 100 / 0.9,
        1 - b / 2 / math.log(8),
        40 / 200 / 0.5,
        (12 + 2) / 20 / 0.9,
        12 / 40 / 0.5,
    )
    points = [round(100 * share, 1) for share in shares]
    score = math.exp(sum(math.log(one + 10) for one in points) / 5) - 10
    a, c, d, e, f = points
    for told in (
        f"are worth {worth:.0f} (`effective_n`), the 60 active ones {0.6 * worth:.0f}.",
        f"BETA.INV(0.05; {0.6 * worth + 0.5:.1f}; {0.4 * worth + 0.5:.1f})",
        f"Points: 0.60/0.9 × 100 = {a}.",
        f"ln(140.5/700) = {b:.3f}, burst = {math.exp(b):.2f}",
        f"√(3/52.5 + 3/140.5) = {error:.3f}: the interval is {low:.2f} to {high:.2f}",
        f"{b:.3f}/2 = {b / 2:.3f}, its points (1 − {b / 2:.3f}/ln 8) × 100 = {c}",
        f"`conversation` = 0.20, points {d:.0f}.",
        f"(12 + 2)/20 = 0.70, points {e}.",
        f"`return` = 0.30, points {f:.0f}.",
        " + ".join(f"ln {one + 10:.1f}".removesuffix(".0") for one in points),
        f"− 10 = {score:.1f}: band B",
        f"one of them, is {sum(points) / 5:.1f})",
    ):
        assert told in text


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "ingest/README.md",
        "metrics/README.md",
        "metrics/DEPLOYMENT.md",
        "data/README.md",
    ],
)
def test_a_document_names_only_files_that_exist(document: str) -> None:
    folder = (ROOT / document).parent
    links = re.findall(r"\]\(([^)#:]+)\)", _text(document))
    assert all((folder / link).exists() for link in links), links
