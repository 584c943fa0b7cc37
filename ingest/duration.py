"""Stretches of time as people write them: 6h, 28d, 8y."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365.25),
}
EXPECTED = "a number and m, h, d, w or y, as 6h or 8y"


def duration(text: str) -> timedelta:
    """How long `90m`, `6h`, `28d`, `2w` or `8y` is; ValueError for anything else and for zero."""
    found = re.fullmatch(r"\s*(\d{1,4})\s*([mhdwy])\s*", text)
    if found is None or not int(found[1]):
        raise ValueError(f"{text!r} is not {EXPECTED}")
    return int(found[1]) * _UNITS[found[2]]
