"""Scoring holds no more than the store's size asks for, and puts the rest aside on disk."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from bench import synthetic
from metrics import load, score


def _held(con: duckdb.DuckDBPyConnection) -> str:
    return str(con.execute("select current_setting('memory_limit')").fetchall()[0][0])


def test_a_larger_store_may_be_held_with_more_but_never_above_the_machines_bound(
    tmp_path: Path,
) -> None:
    store = tmp_path / score.STORE
    roster = synthetic.fill(store, synthetic.Size(people=20, posts=100))
    with duckdb.connect() as con:
        load.load(con, store, roster)
        assert _held(con) == "2.0 GiB"
    with duckdb.connect(config={"memory_limit": "256MiB"}) as con:
        load.load(con, store, roster)
        assert _held(con) == "256.0 MiB"


def test_what_is_put_aside_on_disk_changes_no_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = synthetic.fill(tmp_path / score.STORE, synthetic.Size(people=120, posts=1_500))
    whole = score.run(tmp_path, roster, is_trial=True)
    monkeypatch.setattr(load, "MEMORY", 96 << 20)
    aside: list[Path] = []
    bound = score.run(
        tmp_path,
        roster,
        is_trial=True,
        on_step=lambda step, seconds: aside.extend((tmp_path / ".published").glob("*.tmp")),
    )
    assert aside
    with duckdb.connect() as con:
        con.execute(f"attach '{whole}' as whole (read_only)")
        con.execute(f"attach '{bound}' as bound (read_only)")
        for table in ("metric", "score", "day", "spell"):
            count, apart = con.execute(
                f"select count(*), count(*) filter (where a is distinct from b) "
                f"from (select *, row_number() over () as place from whole.{table}) a "
                f"full join (select *, row_number() over () as place from bound.{table}) b "
                f"using (place)"
            ).fetchall()[0]
            assert count > 0
            assert apart == 0, table
