"""The data of an edition as a Frictionless data package: CSV, JSON and Parquet of every table.

    data/datapackage.json                 what is in it, by the Data Package specification
    data/<table>.csv .json .parquet       the same rows three times
    data/codebook.csv                     every column: table, name, type, unit, meaning
    data/METHOD.md CITATION.cff LICENSE   how it is computed, cited and may be used

`day` has a row per person and day and comes without JSON.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from dashboard.edition.corrections import COLUMNS as CHANGED
from dashboard.edition.corrections import Correction
from dashboard.edition.model import Edition
from dashboard.edition.tables import NOT_PUBLISHED, Tables
from metrics import contract
from metrics.errors import EditionError

METHOD = Path(contract.LOCK).with_name("README.md")
PACKAGE = "datapackage.json"
CODEBOOK = "codebook.csv"
CORRECTIONS = "corrections.csv"
ROWS_AT_ONCE = 10_000
WITHOUT_JSON = ("day",)
TYPES = {
    "varchar": "string",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "datetime",
    "double": "number",
    "bigint": "integer",
    "integer": "integer",
}
KEYS = {  # of the tables whose rows others point at, or that a reader joins by
    "account": ["account_id"],
    "day": ["person_id", "on_day"],
    "metric": ["person_id", "metric", "phase"],
    "param": ["name"],
    "partner_ladder": ["person_id"],
    "person": ["person_id"],
    "pillar": ["person_id", "pillar"],
    "run": ["run_id"],
    "score": ["person_id"],
}
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
LICENCE_TEXT = """\
The numbers, tables, texts and pictures of this edition are licensed under the Creative Commons
Attribution 4.0 International licence (CC BY 4.0):
https://creativecommons.org/licenses/by/4.0/legalcode

Give credit as: "{title}, edition {id}, Winterslaap, CC BY 4.0", and say what you changed.

The posts that were counted are not in it: they belong to those who wrote them.
The fonts are under the SIL Open Font License 1.1; its text lies beside them.
"""


def write(
    tables: Tables, edition: Edition, folder: Path, correction: Correction | None = None
) -> dict[str, int]:
    """Write the package into an empty folder; the number of rows of each table."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = {name: table for name, table in tables.items() if name not in NOT_PUBLISHED}
    for name, table in listed.items():
        _write_csv(table, folder / f"{name}.csv")
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
        if name not in WITHOUT_JSON:
            _write_json(table, folder / f"{name}.json")
    (folder / CODEBOOK).write_text(_codebook(), "utf-8")
    (folder / "METHOD.md").write_text(METHOD.read_text("utf-8"), "utf-8")
    (folder / "LICENSE").write_text(LICENCE_TEXT.format(title=edition.title, id=edition.id))
    (folder / "CITATION.cff").write_text(_citation(edition), "utf-8")
    if correction:
        (folder / CORRECTIONS).write_text(_corrections(correction), "utf-8")
    described = _described(listed, edition, folder)
    (folder / PACKAGE).write_text(_json(described), "utf-8")
    return {name: table.num_rows for name, table in listed.items()}


def read_tables(folder: Path) -> dict[str, pa.Table]:
    """The tables of a package, from its Parquet files; EditionError when it cannot be read."""
    try:
        described = json.loads((folder / PACKAGE).read_text("utf-8"))
        names = [one["name"] for one in described["resources"] if one["type"] == "table"]
        found = {
            name: pq.read_table(folder / f"{name}.parquet")
            for name in names
            if name not in ("codebook", "corrections")
        }
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise EditionError(f"{folder}: this data package cannot be read: {error}") from error
    for one in contract.contract().tables:
        if one.name in NOT_PUBLISHED:
            found[one.name] = _nothing(one)
    return found


def _nothing(table: contract.Table) -> pa.Table:
    kinds = {"varchar": pa.string(), "timestamp": pa.timestamp("us"), "bigint": pa.int64()}
    return pa.table({one.name: pa.array([], kinds.get(one.type)) for one in table.columns})


def _write_csv(table: pa.Table, path: Path) -> None:
    options = pa_csv.WriteOptions(quoting_style="needed")
    pa_csv.write_csv(table, path, write_options=options)


def _write_json(table: pa.Table, path: Path) -> None:
    """One object per row and line, in one array."""
    encode = msgspec.json.encode
    with path.open("wb") as file:
        file.write(b"[")
        for number, row in enumerate(_rows(table)):
            file.write((b",\n" if number else b"\n") + encode(row))
        file.write(b"\n]\n")


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(ROWS_AT_ONCE):
        yield from batch.to_pylist()


def _described(tables: Tables, edition: Edition, folder: Path) -> dict[str, Any]:
    about = {one.name: one for one in contract.contract().tables}
    first, last = edition.from_on.isoformat(), edition.to_on.isoformat()
    resources: list[dict[str, Any]] = []
    for name in tables:
        what = about[name]
        text = f"{what.description.rstrip('.')}; one row per {what.grain}"
        resources.append(_resource(folder, name, "csv", text, _schema(what, set(tables))))
        if name not in WITHOUT_JSON:
            resources.append(_resource(folder, name, "json", text))
        resources.append(_resource(folder, name, "parquet", text))
    resources.append(
        _resource(folder, "codebook", "csv", "Every column of every table", CODEBOOK_SCHEMA)
    )
    if (folder / CORRECTIONS).is_file():
        text = f"Every cell that differs from edition {edition.corrects}"
        resources.append(_resource(folder, "corrections", "csv", text, CORRECTIONS_SCHEMA))
    return {
        "name": edition.id,
        "id": f"{edition.id}:{edition.data_hash}",
        "title": edition.title,
        "description": (
            f"Scorecards of edition {edition.id}: what was public on the accounts watched, "
            f"{first} to {last}. Counts of citizens from 1 to 9 are empty. "
            "JSON and Parquet files hold the same rows as the CSV file of that name."
        ),
        "version": edition.id,
        "created": f"{edition.made_on.isoformat()}T00:00:00Z",
        "licenses": [LICENCE],
        "temporal": {"start": first, "end": last},
        "method_version": edition.method_version,
        "code_version": edition.code_version,
        "data_hash": edition.data_hash,
        "is_invented": edition.is_invented,
        "resources": resources,
    }


CODEBOOK_COLUMNS = {
    "table": "name of the table",
    "column": "name of the column; empty for the table itself",
    "type": "type of its values",
    "unit": "what it is counted in",
    "meaning": "what it says",
}
CODEBOOK_SCHEMA = {
    "fields": [
        {"name": name, "type": "string", "description": text}
        for name, text in CODEBOOK_COLUMNS.items()
    ],
    "missingValues": [""],
}
CORRECTIONS_SCHEMA = {
    "fields": [{"name": name, "type": "string"} for name in CHANGED],
    "missingValues": [""],
}
MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


def _resource(
    folder: Path, table: str, format_: str, text: str, schema: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One file; only the CSV files are tables to validators, the others the same rows again."""
    path = f"{table}.{format_}"
    content = (folder / path).read_bytes()
    found: dict[str, Any] = {
        "name": table if schema else f"{table}-{format_}",
        "type": "table" if schema else "file",
        "path": path,
        "title": table,
        "description": text,
        "format": format_,
        "mediatype": MEDIA[format_],
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    return found | {"encoding": "utf-8", "schema": schema} if schema else found


def _schema(table: contract.Table, names: set[str]) -> dict[str, Any]:
    fields = []
    for column in table.columns:
        field: dict[str, Any] = {
            "name": column.name,
            "type": TYPES[column.type],
            "description": column.description,
        }
        if column.unit:
            field["unit"] = column.unit
        if column.type == "timestamp":
            field["format"] = "any"
        fields.append(field)
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.name in KEYS:
        schema["primaryKey"] = KEYS[table.name]
    own = {column.name for column in table.columns}
    schema["foreignKeys"] = [
        {"fields": [key], "reference": {"resource": other, "fields": [key]}}
        for other, key in (("person", "person_id"), ("account", "account_id"))
        if key in own and table.name != other and other in names
    ]
    return schema


def _codebook() -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(CODEBOOK_COLUMNS)
    agreed = contract.contract()
    for table in agreed.tables:
        if table.name in NOT_PUBLISHED:
            continue
        rows.writerow(
            [table.name, "", "", "", f"{table.description.rstrip('.')}; one row per {table.grain}"]
        )
        rows.writerows(
            [table.name, one.name, TYPES[one.type], one.unit, one.description]
            for one in table.columns
        )
    rows.writerows(["reason", code, "code", "", text_] for code, text_ in agreed.reasons.items())
    rows.writerows(
        ["metric", name, "number", unit, "unit of its value"]
        for name, unit in agreed.units_of_metrics.items()
    )
    return text.getvalue()


def _corrections(correction: Correction) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(CHANGED)
    rows.writerows([getattr(one, name) for name in CHANGED] for one in correction.changes)
    return text.getvalue()


def _citation(edition: Edition) -> str:
    """A citation file, format 1.2.0; JSON is YAML too, so titles need no escape of ours."""
    quoted = json.dumps
    lines = [
        "cff-version: 1.2.0",
        'message: "If you use these numbers, please cite them as below."',
        "type: dataset",
        f"title: {quoted(edition.title, ensure_ascii=False)}",
        f"version: {quoted(edition.id)}",
        f"date-released: {edition.made_on.isoformat()}",
        "license: CC-BY-4.0",
        "authors:",
        "  - name: Winterslaap",
        "identifiers:",
        "  - type: other",
        f"    value: {quoted(f'{edition.id}:{edition.data_hash}')}",
        "    description: edition and fingerprint of its data",
    ]
    if edition.base_url:
        lines.append(f"url: {quoted(edition.base_url)}")
    return "\n".join(lines) + "\n"


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
