"""What the pillars would have been, had other blocks and other citizens come by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np

from metrics.estimates import Columns, Params, People, fetch
from metrics.stats import Bools, Floats, Ints, ratio, sum_by
from metrics.stats_burst import log_ratio
from metrics.stats_score import Weights, crossed_rates, drawn_weights

OFF = (
    "covered", "active",
    "acts_off", "acts_off_days", "replies_off", "replies_off_days",
    "conversation_acts", "conversation_citizens",
)  # fmt: skip
SEASON = ("acts_season", "acts_season_days", "replies_season", "replies_season_days")
STREAM_SUMS = {  # measures that are sums over weeks of stream_week
    f"{stream}_{phase}{unit}": f"{stream}_{phase}_{unit.strip('_') or 'count'}"
    for stream in ("acts", "replies")
    for phase in ("season", "off")
    for unit in ("", "_days")
}
CHUNK = 250  # people at a time: memory stays flat
CELLS = 3_000_000  # askers times draws with weights of one seed
CACHED = 256_000  # askers times draws at a time: what stays near the processor
OFF_SEASON, IN_SEASON, ASKERS, MET_AGAIN = range(4)  # kinds of draws, each with a seed of its own


@dataclass(frozen=True, slots=True)
class Evidence:
    """Per person and 4-week block, what the pillars' numerators and denominators are made of."""

    off: Floats  # people, blocks, measures
    season: Floats
    is_off: Bools  # people, blocks: the block has off-season days that count
    is_season: Bools
    askers: Askers
    partners: Ints  # people: citizens who could be met again
    met_again: Ints
    draw_count: int
    seed: int

    @classmethod
    def read(cls, con: duckdb.DuckDBPyConnection, people: People, params: Params) -> Evidence:
        """Collect the evidence of everybody from the models."""
        units = fetch(con, "select * from exposed_block")
        last = fetch(con, "select coalesce(max(block), 0) as block from week")["block"]
        size = (people.size, 1 + int(last[0]))
        measures = _measures(con, people, size)

        def stack(names: tuple[str, ...]) -> Floats:
            return np.stack([measures[name] for name in names], axis=-1)

        def mask(phase: str) -> Bools:
            rows = units["phase"] == phase
            found = np.zeros(size, bool)
            found[people.place(units["person_key"][rows]), units["block"][rows]] = True
            return found

        return cls(
            stack(OFF), stack(SEASON), mask("off_season"), mask("season"),
            Askers.read(con, people), *_met(con, people),
            params.whole("draw_count"), params.whole("seed"),
        )  # fmt: skip

    def chunks(self, who: Ints) -> list[Ints]:
        """These people in parts that fit in memory, those with as many askers together."""
        who = who[np.argsort(self.askers.number[who], kind="stable")]  # equals share their weights
        return [who[begin : begin + CHUNK] for begin in range(0, who.size, CHUNK)]

    def draws(self, chunk: Ints, value: Floats, has_replies: Bools) -> Floats:
        """What a chunk's pillars would have been, shape (people, draws, pillars).

        A pillar that is NaN in `value` stays NaN; a draw in which a pillar has nothing
        to divide by keeps the observed value. `has_replies`: the rhythm of replies counts.
        """
        pillars = [
            *self._block_pillars(chunk, has_replies[chunk]),
            self._answering(chunk),
            self._returning(chunk),
        ]
        drawn = np.stack(pillars, axis=-1)
        observed = value[chunk][:, None, :]
        drawn = np.where(np.isnan(drawn), observed, drawn)
        return np.where(np.isnan(observed), np.nan, drawn)

    def _block_pillars(self, who: Ints, has_replies: Bools) -> tuple[Floats, Floats, Floats]:
        off = dict(zip(OFF, self._resampled(self.off, self.is_off, who, OFF_SEASON), strict=True))
        season = dict(
            zip(SEASON, self._resampled(self.season, self.is_season, who, IN_SEASON), strict=True)
        )
        busier = [
            np.maximum(
                log_ratio(
                    season[f"{s}_season"], season[f"{s}_season_days"],
                    off[f"{s}_off"], off[f"{s}_off_days"],
                ),
                0.0,
            )
            for s in ("acts", "replies")
        ]  # fmt: skip
        return (
            ratio(off["active"], off["covered"]),
            np.where(has_replies[:, None], (busier[0] + busier[1]) / 2.0, busier[0]),
            ratio(off["conversation_citizens"], off["conversation_acts"]),
        )

    def _resampled(self, blocks: Floats, has_days: Bools, who: Ints, phase: int) -> Floats:
        """Totals over resampled blocks: measures first, then people and draws."""
        totals = np.zeros((blocks.shape[-1], who.size, self.draw_count))
        numbers = has_days[who].sum(axis=1)
        for number in np.unique(numbers[numbers > 0]):
            group = np.flatnonzero(numbers == number)
            place = np.argsort(~has_days[who[group]], axis=1, kind="stable")[:, :number]
            kept = np.take_along_axis(blocks[who[group]], place[:, :, None], axis=1)
            weights = drawn_weights(int(number), self.draw_count, self.seed, phase)
            totals[:, group] = np.tensordot(weights, kept, (1, 1)).transpose(2, 1, 0)
        return totals

    def _answering(self, who: Ints) -> Floats:
        """Answer rates over resampled blocks and askers: people, then draws."""
        drawn = np.full((who.size, self.draw_count), np.nan)
        numbers, counts = self.askers.number[who], self.is_off[who].sum(axis=1)
        place = np.cumsum(self.is_off[who], axis=1) - 1
        blocks: dict[int, Weights] = {}
        for number in np.unique(numbers[numbers > 0]).tolist():
            for draws in _parts(self.draw_count, number):
                size = draws.stop - draws.start
                askers = _columns(number, size, self.seed, ASKERS, draws.start)
                together = max(1, CACHED // (number * size))
                for count in np.unique(counts[numbers == number]).tolist():
                    if count not in blocks:
                        blocks[count] = _columns(count, self.draw_count, self.seed, OFF_SEASON)
                    often = np.ascontiguousarray(blocks[count][:, draws])
                    same = np.flatnonzero((numbers == number) & (counts == count))
                    for begin in range(0, same.size, together):
                        some = same[begin : begin + together]
                        drawn[some, draws] = self.askers.rates(
                            who[some], place[some], often, askers
                        )
        return drawn

    def _returning(self, who: Ints) -> Floats:
        """Shares met again over resampled citizens: people, then draws."""
        drawn = np.full((who.size, self.draw_count), np.nan)
        for row, (number, again) in enumerate(
            zip(self.partners[who].tolist(), self.met_again[who].tolist(), strict=True)
        ):
            if number:
                generator = np.random.default_rng([number, self.seed, MET_AGAIN])
                often = generator.binomial(number, again / number, self.draw_count)
                drawn[row] = often / number
        return drawn


@dataclass(frozen=True, slots=True)
class Askers:
    """Counted off-season questions per person, asker and block, in that order."""

    start: Ints  # person i's rows are start[i]:stop[i]
    stop: Ints
    number: Ints  # askers of each person
    is_first: Bools  # the row is its asker's first
    block: Ints
    items: Ints
    answered: Ints

    @classmethod
    def read(cls, con: duckdb.DuckDBPyConnection, people: People) -> Askers:
        """The questions of everybody."""
        rows = fetch(con, "select * from asker_block order by person_key, asker_key, block")
        person, asker = people.place(rows["person_key"]), rows["asker_key"]
        is_first = np.ones(person.size, bool)
        is_first[1:] = (person[1:] != person[:-1]) | (asker[1:] != asker[:-1])
        everyone = np.arange(people.size)
        return cls(
            np.searchsorted(person, everyone, side="left"),
            np.searchsorted(person, everyone, side="right"),
            sum_by(person, people.size, is_first).astype(np.int64), is_first,
            rows["block"], rows["item_count"], rows["answered_count"],
        )  # fmt: skip

    def rates(self, who: Ints, place: Ints, blocks: Weights, askers: Weights) -> Floats:
        """Answer rates in each draw of people with as many askers: people, then draws.

        `place` finds, per person, a block's row of weights.
        """
        sizes = self.stop[who] - self.start[who]
        one = np.repeat(np.arange(who.size), sizes)
        rows = np.arange(one.size) + np.repeat(self.start[who] - np.cumsum(sizes) + sizes, sizes)
        first = np.flatnonzero(self.is_first[rows])
        block = place[one, self.block[rows]]
        return crossed_rates(self.answered[rows], self.items[rows], block, first, blocks, askers)


def _met(con: duckdb.DuckDBPyConnection, people: People) -> tuple[Ints, Ints]:
    """Citizens of each person who could be met again, and how many were."""
    table = fetch(con, "select person_key, partner_count, returned_count from return_count")
    partners, again = (
        people.spread(table["person_key"], table[f"{name}_count"]).astype(np.int64)
        for name in ("partner", "returned")
    )
    return partners, again


def _columns(count: int, draws: int, *seed: int) -> Weights:
    """How often each of `count` things is drawn: things, then draws."""
    return np.ascontiguousarray(drawn_weights(count, draws, *seed).T, np.float32)


def _parts(draws: int, askers: int) -> Iterator[slice]:
    """All draws, in as many parts as memory asks for."""
    size = max(1, min(draws, CELLS // askers))
    for begin in range(0, draws, size):
        yield slice(begin, min(begin + size, draws))


def _measures(
    con: duckdb.DuckDBPyConnection, people: People, size: tuple[int, int]
) -> dict[str, Floats]:
    def lay(table: Columns, name: str) -> Floats:
        cell = people.place(table["person_key"]) * size[1] + table["block"]
        flat = sum_by(cell, size[0] * size[1], table[name])
        return flat.reshape(size)

    weeks = fetch(
        con,
        "select person_key, block, sum(cast(is_covered as integer)) as covered, "
        "sum(cast(is_active as integer)) as active from presence_week group by person_key, block",
    )
    talk = fetch(con, "select * from conversation_block")
    sums = ", ".join(f"sum({name}) as {name}" for name in STREAM_SUMS.values())
    streams = fetch(
        con,
        f"select person_key, block, {sums} from stream_week group by person_key, block",  # noqa: S608
    )
    return {
        "covered": lay(weeks, "covered"),
        "active": lay(weeks, "active"),
        "conversation_acts": lay(talk, "act_count"),
        "conversation_citizens": lay(talk, "citizen_count"),
        **{measure: lay(streams, name) for measure, name in STREAM_SUMS.items()},
    }
