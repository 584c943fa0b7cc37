"""One measured number, next to its aim and, where there is one, its peer."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured; `ratio` is how many times better than the peer."""

    what: str
    value: float
    unit: str
    aim: str
    is_reached: bool
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None


def seconds(work: Callable[[], object], repeat: int = 1) -> float:
    """The median wall time of `work` in seconds over `repeat` runs."""
    times = []
    for _ in range(repeat):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 2]


def peak_megabytes() -> float:
    """The largest resident size of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """The answer of a function in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()
