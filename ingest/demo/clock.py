"""The invented town's time: seasons of real Flemish elections, weekdays, holidays, hours."""

from __future__ import annotations

import math
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Brussels")
DAY, HOUR = 86_400, 3_600

LOCAL_2018, LOCAL_2024 = "be-vlg-local-2018", "be-vlg-local-2024"
GENERAL_2019, GENERAL_2024 = "be-general-2019", "be-general-2024"
# first regulated day and election day, as in data/elections.csv
SEASONS = {
    LOCAL_2018: (date(2018, 7, 1), date(2018, 10, 14)),
    GENERAL_2019: (date(2019, 1, 26), date(2019, 5, 26)),
    GENERAL_2024: (date(2024, 2, 9), date(2024, 6, 9)),
    LOCAL_2024: (date(2024, 7, 1), date(2024, 10, 13)),
}
WEEKDAY_FACTORS = (1.15, 1.15, 1.1, 1.15, 1.05, 0.65, 0.75)
# local hours at which people write, with their weights
_HOURS = (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)
_HOUR_WEIGHTS = (4, 7, 6, 5, 5, 7, 5, 4, 4, 5, 6, 6, 8, 10, 9, 6, 2)
_WEEKEND_WEIGHTS = (1, 2, 5, 8, 8, 7, 5, 5, 5, 5, 6, 6, 7, 8, 8, 5, 2)


@cache
def midnight(day: date) -> int:
    """Epoch seconds at which a local day begins."""
    return int(datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp())


def local_day(at: int) -> date:
    """The local day of a moment."""
    return datetime.fromtimestamp(at, ZONE).date()


def utc(at: int) -> datetime:
    """A moment as an aware UTC datetime."""
    return datetime.fromtimestamp(at, UTC)


def season_on(day: date, elections: tuple[str, ...]) -> str | None:
    """The election in whose regulated season a day lies, of those that count."""
    return next((name for name in elections if SEASONS[name][0] <= day <= SEASONS[name][1]), None)


def holiday_factor(day: date, summer: float) -> float:
    """Less in the long summer holiday and between Christmas and New Year."""
    if (7, 8) <= (day.month, day.day) <= (8, 22):
        return summer
    if (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 2):
        return (1 + summer) / 2
    return 1.0


def days(from_on: date, to_on: date) -> list[date]:
    """All days, both ends included."""
    return [from_on + timedelta(n) for n in range((to_on - from_on).days + 1)]


def poisson(rng: Random, mean: float) -> int:
    """A Poisson count; means here are small, so Knuth's product will do."""
    if mean <= 0:
        return 0
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def moment(rng: Random, day: date) -> int:
    """A moment of a local day at which people write."""
    weights = _WEEKEND_WEIGHTS if day.weekday() >= 5 else _HOUR_WEIGHTS
    hour = rng.choices(_HOURS, weights)[0]
    return midnight(day) + hour * HOUR + int(rng.random() * HOUR)


def awake(rng: Random, at: int) -> int:
    """The moment itself, or the next morning when it falls in the night."""
    hour = (at - midnight(local_day(at))) // HOUR
    if hour >= 7:
        return at
    return at + (7 - hour) * HOUR + int(rng.random() * HOUR * 2)


def after(rng: Random, at: int, median_hours: float, spread: float = 1.1) -> int:
    """A log-normal delay after a moment, in waking hours, at least two minutes."""
    delay = max(120, int(median_hours * HOUR * math.exp(rng.gauss(0, spread))))
    return awake(rng, at + delay)


class Drift:
    """A slow random factor around one, week by week: busy and quiet spells."""

    def __init__(self, rng: Random, from_on: date, to_on: date, spread: float = 0.16) -> None:
        self._starts: list[date] = []
        self._factors: list[float] = []
        value = 0.0
        for week in range(0, (to_on - from_on).days + 1, 7):
            value = 0.8 * value + rng.gauss(0, spread)
            self._starts.append(from_on + timedelta(week))
            self._factors.append(math.exp(value))

    def on(self, day: date) -> float:
        """The factor in a day's week."""
        return self._factors[max(0, bisect_right(self._starts, day) - 1)]
