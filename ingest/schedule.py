"""One run after the other, at a steady pace, until somebody says stop."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from types import FrameType

JITTER = 0.1  # of the period, so that not everybody's collector asks at the same minute
SHORTEST = timedelta(minutes=10)  # no account is worth asking more often
LEAST_PAUSE_SECONDS = 60.0  # after a run that took longer than its period


def repeat(
    once: Callable[[], None],
    period: timedelta,
    stop: Event,
    *,
    on_pause: Callable[[float], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
    draw: Callable[[], float] = random.random,
) -> int:
    """Run at once and then every `period`, give or take a tenth; how many runs that were.

    A run begins when the one before has ended, never sooner. What `once` raises ends it all.
    """
    run_count = 0
    while not stop.is_set():
        began = clock()
        once()
        run_count += 1
        seconds = period.total_seconds() * (1 + JITTER * (2 * draw() - 1))
        pause = max(LEAST_PAUSE_SECONDS, seconds - (clock() - began))
        if not stop.is_set():
            on_pause(pause)
            stop.wait(pause)
    return run_count


@contextmanager
def stopping(events: Sequence[Event]) -> Iterator[None]:
    """Ctrl-C and SIGTERM set all `events`, so that work ends by itself; a second one breaks it off.

    The sequence may change meanwhile; its first event says that there was a first signal.
    """

    def ask(_: int, __: FrameType | None) -> None:
        if events[0].is_set():
            raise KeyboardInterrupt
        for event in events:
            event.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
