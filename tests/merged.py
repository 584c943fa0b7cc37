"""Many small worlds side by side in one: what takes a second to start is started once."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, settings

from tests.oracles.rows import World
from tests.oracles.worlds import worlds

if TYPE_CHECKING:
    from collections.abc import Sequence

APART = 1_000_000  # between the keys of one world and those of the next
PEOPLE, ACCOUNTS = 1_000, 1_000
ITEMS = ("post_key", "item_key", "parent_key", "root_key")


def drawn(count: int) -> list[World]:
    """So many dense worlds, the same ones every time."""
    found: list[World] = []

    @settings(
        max_examples=count, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(worlds(people=(2, 4), runs=(2, 6), asked=(1, 3), elections_at_least=1, debates=2))
    def gather(world: World) -> None:
        found.append(world)

    gather()
    return found


def merged(parts: Sequence[World]) -> World:
    """One world with everybody of these; the window is the widest, the choices the first's."""
    tables: dict[str, list[Any]] = {}
    for number, part in enumerate(parts):
        for field in fields(World)[4:]:
            rows = getattr(part, field.name)
            tables.setdefault(field.name, []).extend(_moved(row, number) for row in rows)
    tables["partners"] = list(dict.fromkeys(tables["partners"]))
    return replace(
        parts[0],
        start_day=min(part.start_day for part in parts),
        end_day=max(part.end_day for part in parts),
        **{name: tuple(rows) for name, rows in tables.items()},
    )


def _moved(row: Any, number: int) -> Any:
    """The row with keys of its own, and elections in a country of their own."""
    changed: dict[str, Any] = {}
    for field in fields(row):
        name, value = field.name, getattr(row, field.name)
        if value is None:
            continue
        if name in ("person_key", "account_key"):
            changed[name] = value + number * PEOPLE
        elif name in ITEMS:
            changed[name] = value + number * APART
        elif name in ("person_id", "account_id", "election_id"):
            changed[name] = f"{value[0]}{int(value[1:]) + number * PEOPLE}"
        elif name == "jurisdiction":
            changed[name] = f"{number:02d}{value}"
    return replace(row, **changed)
