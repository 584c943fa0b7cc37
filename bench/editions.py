"""An edition of a thousand people in three languages: time in all, per card, memory, weight."""

from __future__ import annotations

import gzip
import os
import resource
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench import synthetic
from bench.figure import Figure, apart
from dashboard.edition.build import Order, build
from dashboard.edition.model import edition_of
from dashboard.edition.site import LANGUAGES
from dashboard.edition.verify import verify
from metrics import score

ID, EVERY = "be-bench-2024", 0.5
PEOPLE, POSTS = 1_000, 600
MINUTES, MEGABYTES, KILOBYTES = 10.0, 1_000.0, 60.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a build took; seconds and MB."""

    taken: float
    used: float
    memory: float


def figures(people: int = PEOPLE) -> list[Figure]:
    """Minutes of the whole build, time per card, peak memory of all processes, size of a card."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        copy = apart(_scored, place, people)
        out = place / "site"
        out.mkdir()
        cost: Cost = apart(_built, copy, out)
        made = out / ID
        began = time.perf_counter()
        checked = verify(made, redraw=False)
        quick = time.perf_counter() - began
        packed = median(_packed(made))
        weight = sum(path.stat().st_size for path in made.rglob("*") if path.is_file())
    cards = people * len(LANGUAGES)
    aim = MINUTES * people / PEOPLE
    minutes = cost.taken / 60
    what = f"edition of {people:,} people × {len(LANGUAGES)} languages"
    return [
        Figure(what, minutes, "min", f"≤ {aim:.0f} min", minutes <= aim),
        Figure("  per card, all its forms", 1000 * cost.taken / cards, "ms", "—", is_reached=True),
        Figure("  per card, CPU", 1000 * cost.used / cards, "ms", "—", is_reached=True),
        Figure(
            "  peak memory of all its processes",
            cost.memory, "MB", f"≤ {MEGABYTES:.0f} MB", cost.memory <= MEGABYTES,
        ),
        Figure(
            "  a card compressed, fonts apart",
            packed / 1000, "kB", f"≤ {KILOBYTES:.0f} kB", packed / 1000 <= KILOBYTES,
        ),
        Figure("  the whole folder", weight / 1e6, "MB", "—", is_reached=True),
        Figure(
            f"  verify --quick, {checked.cell_count:,} numbers",
            quick, "s", "no mismatch", not checked.problems,
        ),
    ]  # fmt: skip


def _scored(folder: Path, people: int) -> Path:
    roster = synthetic.fill(folder / score.STORE, synthetic.Size(people=people, posts=POSTS))
    return score.run(folder, roster)


def _built(copy: Path, out: Path) -> Cost:
    most = [0.0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(EVERY):
            most[0] = max(most[0], _megabytes(os.getpid()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    began, cpu_began = time.perf_counter(), _cpu()
    build(Order(copy, out, edition_of(copy, ID, "Bench")))
    taken, used = time.perf_counter() - began, _cpu() - cpu_began
    done.set()
    watcher.join()
    return Cost(taken, used, most[0])


def _megabytes(process: int) -> float:
    """What a process and those it started hold, pages that they share counted once (Linux)."""
    try:
        rolled = Path(f"/proc/{process}/smaps_rollup").read_text("utf-8")
        children = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()
    except OSError:  # it has just ended
        return 0.0
    own = next(int(line.split()[1]) for line in rolled.splitlines() if line.startswith("Pss:"))
    return own / 1024 + sum(_megabytes(int(one)) for one in children)


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _packed(folder: Path) -> Iterator[int]:
    for path in sorted(folder.glob("nl/person-*.html"))[:50]:
        yield len(gzip.compress(path.read_bytes(), 9))
