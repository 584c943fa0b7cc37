"""Rows of the oracle against rows of the models: whole numbers exactly, floats to 1e-9."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.oracles.rows import Metric

TOLERANCE = 1e-9
Row = dict[str, Any]


def is_same(expected: object, found: object) -> bool:
    """Equal; for floats so close that only the order of sums can be the reason."""
    if isinstance(expected, float) and isinstance(found, float):
        return math.isclose(expected, found, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return expected == found and (expected is None) == (found is None)


def differences(
    expected: Iterable[Any], found: Iterable[Row], key: tuple[str, ...], names: dict[str, str]
) -> list[str]:
    """What differs between dataclass rows and table rows; `names`: field → other column."""
    ours = {tuple(str(getattr(row, k)) for k in key): row for row in expected}
    theirs = {tuple(str(row[names.get(k, k)]) for k in key): row for row in found}
    problems = [f"only the oracle has {k}" for k in sorted(ours.keys() - theirs.keys())]
    problems += [f"only the models have {k}" for k in sorted(theirs.keys() - ours.keys())]
    for k in sorted(ours.keys() & theirs.keys()):
        for field in dataclasses.fields(ours[k]):
            a, b = getattr(ours[k], field.name), theirs[k][names.get(field.name, field.name)]
            if not is_same(a, b):
                problems.append(f"{'/'.join(k)} {field.name}: oracle {a!r}, models {b!r}")
    return problems


def assert_same(
    expected: Iterable[Any],
    found: Iterable[Row],
    key: tuple[str, ...],
    names: dict[str, str] | None = None,
) -> None:
    problems = differences(expected, found, key, names or {})
    assert not problems, "\n".join(problems)


def assert_same_metrics(expected: Iterable[Metric], found: Iterable[Row]) -> None:
    columns = {"from_day": "from_on", "to_day": "to_on"}
    assert_same(expected, found, ("person_id", "metric", "phase"), columns)
