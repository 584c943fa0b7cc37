"""Scoring a large roster: from the store to a checked, published copy.

python -m bench scoring                 1,000 people, 1.3 million posts and received
python -m bench scoring --size 10M      10,000 people with that many posts and received

The headline metrics are all steps but those of the other rules, under which everything is
computed once more.
"""

from __future__ import annotations

import os
import pickle
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import synthetic
from bench.figure import Figure, apart, peak_megabytes
from metrics import score

SMALL = synthetic.Size(people=1_000, posts=1_000)
PEOPLE = 10_000
AIMS = {"10M": (60.0, 4_000.0), "50M": (300.0, 8_000.0)}  # seconds, MB
AIM_SMALL = 10.0
WORTH_A_ROW = 0.05  # of the whole
OTHER_RULES = "rule "


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of all and of each step, CPU seconds, peak MB of the headline and of all."""

    taken: float
    steps: dict[str, float]
    used: float
    headline_megabytes: float
    megabytes: float

    @property
    def headline(self) -> float:
        """Seconds without the other rules."""
        rules = (spent for step, spent in self.steps.items() if step.startswith(OTHER_RULES))
        return self.taken - sum(rules)


def figures() -> list[Figure]:
    """Seconds for all of it, those of each step that takes long, and the memory it took."""
    word = os.environ.get("BENCH_SIZE", "").upper()
    size = synthetic.sized(word, PEOPLE) if word else SMALL
    with TemporaryDirectory() as folder:
        apart(_made, Path(folder), size)
        cost = apart(_scored, Path(folder))
    return _told(f"score {size.people:,} people × {size.posts:,} posts", cost, word)


def _told(what: str, cost: Cost, word: str) -> list[Figure]:
    seconds, memory = AIMS.get(word, (None, None))
    aim = AIM_SMALL if not word else None
    slow = sorted(cost.steps.items(), key=lambda step: -step[1])
    return [
        _figure(what, cost.taken, "s", aim),
        _figure("  of which the headline metrics", cost.headline, "s", seconds),
        *(
            _figure(f"  of which {name}", spent, "s", None)
            for name, spent in slow
            if spent >= WORTH_A_ROW * cost.taken
        ),
        _figure("  CPU of all threads", cost.used, "s", None),
        _figure("  peak memory, headline metrics", cost.headline_megabytes, "MB", memory),
        _figure("  peak memory", cost.megabytes, "MB", None),
    ]


def _figure(what: str, value: float, unit: str, aim: float | None) -> Figure:
    told = "—" if aim is None else f"≤ {aim:,.0f} {unit}"
    return Figure(what, value, unit, told, aim is None or value <= aim)


def _made(folder: Path, size: synthetic.Size) -> None:
    roster = synthetic.fill(folder / score.STORE, size)
    (folder / "roster").write_bytes(pickle.dumps(roster))


def _scored(folder: Path) -> Cost:
    roster = pickle.loads((folder / "roster").read_bytes())  # noqa: S301 (written above)
    steps: dict[str, float] = {}
    before_rules = [0.0]

    def note(step: str, seconds: float) -> None:
        steps[step] = steps.get(step, 0.0) + seconds
        if not any(name.startswith(OTHER_RULES) for name in steps):
            before_rules[0] = peak_megabytes()

    began, cpu_began = time.perf_counter(), time.process_time()
    score.run(folder, roster, on_step=note)
    taken, used = time.perf_counter() - began, time.process_time() - cpu_began
    return Cost(taken, steps, used, before_rules[0], peak_megabytes())
