"""Scoring a large roster: from the store to a checked, published copy."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import synthetic
from bench.figure import Figure, peak_megabytes
from metrics import score

SIZE = synthetic.Size(people=1_000, posts=1_000)
AIM = 10.0
WORTH_A_ROW = 0.5  # seconds


def figures() -> list[Figure]:
    """Seconds for all of it, those of each step that takes long, and the memory it took."""
    steps: dict[str, float] = {}

    def note(step: str, seconds: float) -> None:
        steps[step] = steps.get(step, 0.0) + seconds

    with TemporaryDirectory() as folder:
        roster = synthetic.fill(Path(folder) / score.STORE, SIZE)
        began, cpu_began = time.perf_counter(), time.process_time()
        score.run(Path(folder), roster, on_step=note)
        taken, used = time.perf_counter() - began, time.process_time() - cpu_began
    what = f"score {SIZE.people:,} people × {SIZE.posts:,} posts"
    slow = sorted(steps.items(), key=lambda step: -step[1])
    return [
        Figure(what, taken, "s", f"≤ {AIM:.0f} s", taken <= AIM),
        *(
            Figure(f"  of which {name}", seconds, "s", "—", is_reached=True)
            for name, seconds in slow
            if seconds >= WORTH_A_ROW
        ),
        Figure("  CPU of all threads", used, "s", "—", is_reached=True),
        Figure(
            "  peak memory, invented store included", peak_megabytes(), "MB", "—", is_reached=True
        ),
    ]
