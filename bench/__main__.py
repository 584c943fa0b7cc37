"""Runs every benchmark in a process of its own and prints one table.

python -m bench            all
python -m bench text       one module
python -m bench engines --size 10M
python -m bench --json     for machines
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
HELPERS = {
    "__main__",
    "figure",
    "import_sides",
    "minet_posts",
    "peers",
    "platforms",
    "synthetic",
    "plain_pandas",
    "plain_polars",
    "plainly",
}


def modules() -> list[str]:
    """The benchmarks in this folder, by name."""
    return sorted(m.name for m in pkgutil.iter_modules([str(HERE)]) if m.name not in HELPERS)


def measured_apart(name: str) -> list[dict[str, Any]]:
    """The figures of one benchmark, run in a fresh process so that memory is its own."""
    answer = subprocess.run(  # noqa: S603 the command is this file
        [sys.executable, "-m", "bench", "--one", name],
        cwd=HERE.parent,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if answer.returncode:
        row = {"what": name, "value": float("nan"), "unit": "", "aim": "runs", "is_reached": False}
        return [row]
    return list(json.loads(answer.stdout.splitlines()[-1]))


def shown(rows: list[dict[str, Any]]) -> Table:
    """The figures as a table for a terminal."""
    table = Table("what", "measured", "aim", "", "peer", "times better", title="Winterslaap bench")
    for row in rows:
        peer = f"{row['peer']}: {row['peer_value']:,.3g}" if row.get("peer") else ""
        ratio = f"×{row['ratio']:.1f}" if row.get("ratio") else ""
        mark = "[green]reached[/]" if row["is_reached"] else "[red]missed[/]"
        value = f"{row['value']:,.4g} {row['unit']}"
        table.add_row(row["what"], value, row["aim"], mark, peer, ratio)
    return table


def main(arguments: list[str]) -> int:
    """Measure what was named, or everything; exit 1 when an aim is missed."""
    if arguments[:1] == ["--one"]:
        figures = importlib.import_module(f"bench.{arguments[1]}").figures()
        print(json.dumps([asdict(figure) for figure in figures]))  # noqa: T201
        return 0
    if "--size" in arguments:
        place = arguments.index("--size")
        os.environ["BENCH_SIZE"] = arguments.pop(place + 1)
    named = [argument for argument in arguments if not argument.startswith("-")]
    rows = [row for name in named or modules() for row in measured_apart(name)]
    if "--json" in arguments:
        print(json.dumps(rows, indent=2))  # noqa: T201
    else:
        Console().print(shown(rows))
    return 0 if all(row["is_reached"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
