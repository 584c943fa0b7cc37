"""Build the SQL models in the order in which the files name each other.

A model is one file in sql/**: a header (what it is, its grain, every column) and
one SELECT that runs on DuckDB and on Apache Spark alike. The header's columns
become the comments in the database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from time import perf_counter

import duckdb

from metrics.errors import ModelError

HERE = Path(__file__).parent
FOLDERS = ("staging", "intermediate", "marts")

OnStep = Callable[[str, float], None]  # step's name, seconds it took


@dataclass(frozen=True, slots=True)
class Model:
    """One SQL file: its SELECT, what it reads and what its columns mean."""

    name: str
    folder: str
    title: str
    grain: str
    columns: Mapping[str, str]
    sql: str
    reads: frozenset[str]


def parse(path: Path) -> Model:
    """The model in a file; its name is the file's."""
    lines = path.read_text("utf-8").splitlines()
    header = [line[2:].strip() for line in lines if line.startswith("--")]
    sql = "\n".join(line for line in lines if not line.lstrip().startswith("--"))
    begin = header.index("columns:") if "columns:" in header else len(header)
    about = dict(line.split(": ", 1) for line in header[:begin] if ": " in line)
    columns = dict(line.split(": ", 1) for line in header[begin + 1 :] if ": " in line)
    title, grain = about.get(path.stem, ""), about.get("grain", "")
    if not title or not grain or not columns:
        raise ModelError(path.stem, "its header must say what it is, its grain and its columns")
    own_names = set(re.findall(r"(?:with|,)\s*(\w+) as \(", sql))
    reads = frozenset(re.findall(r"\b(?:from|join)\s+(\w+)", sql)) - own_names
    return Model(path.stem, path.parent.name, title, grain, columns, sql.strip(), reads)


@cache
def all_models() -> Mapping[str, Model]:
    """Every model by name."""
    paths = [path for folder in FOLDERS for path in sorted((HERE / "sql" / folder).glob("*.sql"))]
    return {path.stem: parse(path) for path in paths}


def in_order(models: Mapping[str, Model]) -> list[Model]:
    """Models such that each comes after those it reads; ties by name."""
    graph = {name: model.reads & models.keys() for name, model in sorted(models.items())}
    try:
        return [models[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        raise ModelError(error.args[1][0], f"models read each other: {error.args[1]}") from error


def affected_by(choices: Iterable[str], needed: Iterable[str]) -> list[Model]:
    """The models that change with these parameters and on which `needed` rest, in order."""
    models = all_models()
    names = re.compile(r"\b(" + "|".join(sorted(choices)) + r")\b")
    ordered = in_order(models)
    changed: set[str] = set()
    for model in ordered:
        if model.reads & changed or ("params" in model.reads and names.search(model.sql)):
            changed.add(model.name)
    wanted = set(needed)
    for model in reversed(ordered):
        if model.name in wanted:
            wanted |= model.reads
    return [model for model in ordered if model.name in changed & wanted]


def prepare(
    con: duckdb.DuckDBPyConnection, *, start_day: int, end_day: int, **choices: float | str
) -> None:
    """Make the empty input tables, `params` with the choices given, and the window's `days`."""
    for name in ("inputs.sql", "details.sql"):
        con.execute((HERE / name).read_text("utf-8"))
    headline = parse(HERE / "params.sql")
    create(con, headline)
    for name, value in {"start_day": start_day, "end_day": end_day, **choices}.items():
        if name not in headline.columns:
            raise ModelError("params", f"there is no choice named {name}")
        con.execute(f'update params set "{name}" = ?', [value])  # noqa: S608 (a known column)
    con.execute((HERE / "load" / "days.sql").read_text("utf-8"))


def create(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Build one model as a table and comment its columns."""
    try:
        con.execute(f'create or replace table "{model.name}" as {model.sql}')
    except duckdb.Error as error:
        raise ModelError(model.name, str(error)) from error
    comment(con, model.name, model.title, model.columns)


def comment(
    con: duckdb.DuckDBPyConnection, table: str, title: str, columns: Mapping[str, str]
) -> None:
    """Write what a table and its columns are into the database; unknown columns are errors."""
    for column, what in {"": title, **columns}.items():
        target = f'column {table}."{column}"' if column else f"table {table}"
        try:
            con.execute(f"comment on {target} is '{what.replace(chr(39), chr(39) * 2)}'")
        except duckdb.Error as error:
            raise ModelError(table.strip('"'), f"describes {column}, but: {error}") from error


def build(
    con: duckdb.DuckDBPyConnection,
    folders: Iterable[str] = ("staging", "intermediate"),
    on_step: OnStep | None = None,
) -> None:
    """Build the models of these folders on the inputs that are in the connection."""
    wanted = set(folders)
    for model in in_order(all_models()):
        if model.folder not in wanted:
            continue
        began = perf_counter()
        create(con, model)
        if on_step is not None:
            on_step(model.name, perf_counter() - began)
