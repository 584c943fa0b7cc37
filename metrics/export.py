"""The models' inputs as a folder of Parquet that an engine elsewhere reads.

    <out>/manifest.json                    what it is: contract, window, counts, fingerprint
    <out>/<table>/data.parquet             the small tables of inputs.sql and details.sql
    <out>/posts/bucket=<n>/data.parquet    people spread over buckets by their key
    <out>/received/bucket=<n>/data.parquet

Citizens are keyed hashes and there is no text in it, as in the store.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import duckdb
import pyarrow as pa

from metrics import contract, fingerprint
from metrics.errors import ExportError
from metrics.load import Window, load
from metrics.models import OnStep

MANIFEST = "manifest.json"
BIG = ("posts", "received")
BUCKET_ROWS = 2_000_000  # rows of the bigger table in one file, about
UNFINISHED = ".part"
INPUTS = (*fingerprint.INPUTS, "params", "days")
DETAILS = (
    "person_detail", "account_detail", "walk", "span_detail", "collect_detail", "thread_detail",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export holds."""

    contract_version: int
    start_day: int  # days since 1970-01-01, as in params
    end_day: int
    data_hash: str
    bucket_count: int
    rows: Mapping[str, int]  # per table


def export(
    data_dir: Path,
    roster: Mapping[str, pa.Table],
    out: Path,
    *,
    window: Window | None = None,
    on_step: OnStep | None = None,
) -> Manifest:
    """Write the inputs of the store in `data_dir` to the new folder `out`.

    Nothing bears the folder's name before it is whole. Raises MetricsError.
    """
    if out.exists():
        raise ExportError(f"{out}: there is something already → choose another folder")
    unfinished = out.with_name(out.name + UNFINISHED)
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        with duckdb.connect() as con:
            con.execute("set global TimeZone = 'UTC'")
            con.execute(f"set temp_directory = {_quoted(unfinished / 'spilled')}")
            load(con, data_dir / "winterslaap.duckdb", roster, window=window, on_step=on_step)
            manifest = write(con, unfinished, on_step)
        shutil.rmtree(unfinished / "spilled", ignore_errors=True)
        unfinished.rename(out)
    except OSError as error:
        raise ExportError(f"{out}: {error.strerror} → make room or change the rights") from error
    except duckdb.IOException as error:
        raise ExportError(f"{out}: {' '.join(str(error).split())}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return manifest


def write(con: duckdb.DuckDBPyConnection, out: Path, on_step: OnStep | None = None) -> Manifest:
    """Write the inputs that are in this connection to the folder `out`, the manifest last."""
    rows = {name: _count(con, name) for name in (*INPUTS, *DETAILS)}
    buckets = -(-max(rows[name] for name in BIG) // BUCKET_ROWS) or 1
    for name in rows:
        began = perf_counter()
        if name in BIG:
            for bucket in range(buckets):
                chosen = f"from {name} where person_key % {buckets} = {bucket}"
                _copy(con, chosen, out / name / f"bucket={bucket}")
        else:
            _copy(con, f'from "{name}"', out / name)
        if on_step is not None:
            on_step(f"export {name}", perf_counter() - began)
    start_day, end_day = con.execute("select start_day, end_day from params").fetchall()[0]
    data_hash = fingerprint.of_inputs(con)
    manifest = Manifest(contract.VERSION, start_day, end_day, data_hash, buckets, rows)
    (out / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1) + "\n", "utf-8")
    return manifest


def read_manifest(text: str, source: str) -> Manifest:
    """The manifest in `text`, which stands at `source`; ExportError for another contract."""
    try:
        manifest = Manifest(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise ExportError(f"{source}: {MANIFEST} is not one of winterslaap export") from error
    if manifest.contract_version != contract.VERSION:
        raise ExportError(
            f"{source}: written under contract {manifest.contract_version}, "
            f"this is {contract.VERSION} → export again"
        )
    return manifest


def _copy(con: duckdb.DuckDBPyConnection, rows: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    target = _quoted(folder / "data.parquet")
    con.execute(f"copy ({rows}) to {target} (format parquet, compression zstd)")


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f'select count(*) from "{table}"').fetchall()[0][0])  # noqa: S608


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
