"""Choices given as text, checked against the headline's: names, kinds and ranges."""

from __future__ import annotations

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
NAMED = ("breadth_replies",)  # a metric's name says it: partners_per_30
MOST = 1_000_000
LIMITS = {  # where anything from 1 to a million is not what fits
    **dict.fromkeys(("seed", "thread_seconds", "promise_seconds", "round_days"), (0, MOST)),
    **dict.fromkeys(("aftermath_days", "burn_in_days"), (0, MOST)),
    **dict.fromkeys(("presence_percent", "shift_percent", "unread_percent"), (0, 100)),
    **dict.fromkeys(("citizen_count", "asker_count", "relation_count"), (10, MOST)),  # privacy
    **dict.fromkeys(("sleep_error", "label_kappa", "band_probability"), (0.0001, 1)),
    **dict.fromkeys(("presence_full", "conversation_full", "answering_full"), (0.0001, 1)),
    "return_full": (0.0001, 1),
    "burst_zero": (1.01, MOST),
    "score_floor": (0.01, 100),
    "week_days": (1, 7),
    "month_days": (1, 31),
    "topic_days": (1, 28),
}
RISING = (  # the first at most the second
    ("return_first_days", "return_last_days"),
    ("quiet_days", "asleep_days"),
    ("asleep_days", "abandoned_days"),
)


@cache
def headline() -> dict[str, Value]:
    """Every choice of params.sql with its value; window and what a name says are none of them."""
    with closing(duckdb.connect()) as con:
        models.create(con, models.parse(models.HERE / "params.sql"))
        values = read_params(con).values
    return {name: value for name, value in values.items() if name not in WINDOW + NAMED}


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
    every = headline() | found
    for low, high in RISING:
        if float(every[low]) > float(every[high]) and {low, high} & found.keys():
            problems.append(f"{low}={every[low]}: more than {high}={every[high]}")
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
            hint = f"; for {text} days: season_rule=days and season_days={text}"
            more = hint if name == "season_rule" and text.isdecimal() else ""
            raise ValueError(f"expected {' or '.join(WORDS[name])}{more}")
        return text
    kind = "a whole number" if isinstance(usual, int) else "a number"
    try:
        value = int(text) if isinstance(usual, int) else float(text)
    except ValueError:
        raise ValueError(f"expected {kind}, as in {usual}") from None
    usually = (0.01, 100) if name.startswith("weight_") else (1, MOST)
    least, most = LIMITS.get(name, usually)
    if not least <= value <= most:
        raise ValueError(f"expected {kind} from {least:,} to {most:,}")
    return value
