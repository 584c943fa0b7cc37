"""One short text that changes when an input, a choice or the code does, and only then."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from metrics.models import HERE
from metrics.stats import Ints

INPUTS = (
    "people", "mandates", "elections", "absences", "accounts", "spans", "partners",
    "posts", "received",
)  # fmt: skip
BATCH = 500_000
ODD = np.uint64(0x9E3779B97F4A7C15)
MIX = np.uint64(0xBF58476D1CE4E5B9)
NULL = np.uint64(0xD6E8FEB86659FD93)

Words64 = NDArray[np.uint64]


def of_inputs(con: duckdb.DuckDBPyConnection) -> str:
    """16 hex digits for all rows of the inputs, in whatever order they stand."""
    digest = hashlib.blake2b(digest_size=8)
    for table in INPUTS:
        reader = con.table(table).to_arrow_reader(BATCH)
        total, count = np.uint64(0), 0
        for batch in reader:
            rows = _rows(batch)
            total = np.add(total, rows.sum(dtype=np.uint64))
            count += rows.size
        digest.update(f"{table}:{count}:{int(total):016x};".encode())
    return digest.hexdigest()


def _rows(batch: pa.RecordBatch) -> Words64:
    """One well-mixed number per row."""
    mixed: Words64 = np.full(batch.num_rows, ODD)
    for place, column in enumerate(batch.columns):
        mixed ^= _numbers(column) + np.uint64((place + 1) * 0x9E3779B97F4A7C15 % 2**64)
        mixed *= MIX
        mixed ^= mixed >> np.uint64(31)
    mixed *= ODD
    mixed ^= mixed >> np.uint64(29)
    return mixed


def _numbers(column: pa.Array) -> Words64:
    if pa.types.is_string(column.type):
        coded = column.dictionary_encode()
        words = np.array([*map(_word, coded.dictionary.to_pylist()), NULL], np.uint64)
        places: Ints = coded.indices.fill_null(words.size - 1).to_numpy(zero_copy_only=False)
        named: Words64 = words[places]
        return named
    plain = column.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    numbers: Words64 = plain.astype(np.int64).view(np.uint64)
    if column.null_count:
        return np.where(column.is_null().to_numpy(zero_copy_only=False), NULL, numbers)
    return numbers


def _word(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")


def of_code() -> str:
    """The package's version and 8 hex digits of the method's own files."""
    digest = hashlib.blake2b(digest_size=4)
    for path in sorted([*HERE.glob("*.py"), *HERE.glob("**/*.sql")]):
        digest.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes())
    try:
        release = version("winterslaap")
    except PackageNotFoundError:  # run from a folder that was never installed
        release = "unreleased"
    return f"{release}+{digest.hexdigest()}"
