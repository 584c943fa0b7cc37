"""A person's days and pictures of them, drawn once: a published copy never changes.

What is answered here is shared between readers: **read it, never change it in place**.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from dashboard.calendar_chart import calendar
from dashboard.charts import Spec
from dashboard.days import TABLES, Life, Range, Week, life_of, weeks_of, year_of
from dashboard.look import Look
from dashboard.timeline_chart import timeline
from dashboard.words import words
from metrics import read


@lru_cache(maxsize=128)
def life(path: Path, window: Range, who: str) -> Life:
    """The days of a person as pictures need them."""
    return life_of(window, *(read.of_person(path, table, who) for table in TABLES))


@lru_cache(maxsize=128)
def weeks(path: Path, window: Range, who: str) -> tuple[Week, ...]:
    """The weeks of a person's window."""
    return tuple(weeks_of(life(path, window, who)))


@lru_cache(maxsize=96)
def calendar_of(
    path: Path, window: Range, who: str, year: int, lang: str, look: Look, *, narrow: bool
) -> Spec:
    """The calendar of one year."""
    return calendar(year_of(life(path, window, who), year), words(lang), look, narrow=narrow)


@lru_cache(maxsize=64)
def timeline_of(
    path: Path, window: Range, who: str, lang: str, look: Look, *, narrow: bool
) -> Spec:
    """The timeline of the whole window."""
    return timeline(life(path, window, who), words(lang), look, narrow=narrow)
