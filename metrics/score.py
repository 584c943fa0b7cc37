"""From the store to a checked, published copy: load, models, statistics, marts, checks, publish."""

from __future__ import annotations

import duckdb

from metrics import models
from metrics.models import OnStep


def compute(con: duckdb.DuckDBPyConnection, on_step: OnStep | None = None) -> None:
    """Fill every mart from the inputs and params that are in the connection."""
    models.build(con, on_step=on_step)
