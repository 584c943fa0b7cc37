"""Choices given as text, checked against the headline's: names, kinds and ranges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import closing
from difflib import get_close_matches
from functools import cache

import duckdb

from metrics import models
from metrics.errors import ChoiceError
from metrics.estimates import read_params

Value = bool | int | float | str

WORDS = {"season_rule": ("legal", "days")}
WINDOW = ("start_day", "end_day")  # a run sets them; --from and --to choose them


@cache
def headline() -> dict[str, Value]:
    """Every choice of params.sql with its value; the window is not one of them."""
    with closing(duckdb.connect()) as con:
        models.create(con, models.parse(models.HERE / "params.sql"))
        values = read_params(con).values
    return {name: value for name, value in values.items() if name not in WINDOW}


def parse(given: Sequence[str]) -> dict[str, Value]:
    """Choices from texts like `answer_window_days=7`; ChoiceError names all that is wrong."""
    found: dict[str, Value] = {}
    problems = []
    for text in given:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign:
            problems.append(f"{text}: expected name=value, as in answer_window_days=7")
        elif name not in headline():
            close = get_close_matches(name, headline(), 1)
            meant = f"; did you mean {close[0]}?" if close else ""
            problems.append(f"{name}: there is no such choice{meant} → winterslaap score --choices")
        elif name in found:
            problems.append(f"{name}: given twice")
        else:
            try:
                found[name] = _read(name, value)
            except ValueError as error:
                problems.append(f"{name}={value}: {error}")
    if problems:
        raise ChoiceError(problems)
    return found


def _read(name: str, text: str) -> Value:
    usual = headline()[name]
    if isinstance(usual, bool):
        if text.lower() not in ("true", "false"):
            raise ValueError("expected true or false")
        return text.lower() == "true"
    if isinstance(usual, str):
        if text not in WORDS[name]:
            raise ValueError(f"expected {' or '.join(WORDS[name])}")
        return text
    kind = "a whole number" if isinstance(usual, int) else "a number"
    try:
        value = int(text) if isinstance(usual, int) else float(text)
    except ValueError:
        raise ValueError(f"expected {kind}, as in {usual}") from None
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"expected {kind} that is not negative")
    return value
