"""The 365 score: pillars on fixed goalposts, their geometric mean, and what chance does to both."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from metrics import stats_score
from metrics.draws import Evidence
from metrics.estimates import Estimate, Params, People, Words, first_reason, is_none, no_words
from metrics.stats import Bools, Floats, Ints, ratio

PILLARS = ("presence", "steadiness", "conversation", "answering", "return")
NEEDED = 3

Found = Mapping[tuple[str, str], Estimate]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Everybody's score under another rule; NaN where it has none or rests on other pillars."""

    choice: str
    value: str
    score: Floats
    applies: Bools  # the rule says something about the person


@dataclass(frozen=True, slots=True)
class Pillar:
    """One pillar of everybody: its value and 90 % interval, NaN where a reason stands."""

    name: str
    value: Floats
    low: Floats
    high: Floats
    reason: Words


def pillars_of(found: Found) -> list[Pillar]:
    """The five pillars from the metrics they rest on."""
    presence = found["presence", "off_season"]
    conversation = found["conversation", "off_season"]
    answering = found["answer_rate", "off_season"]

    def plain(name: str, one: Estimate) -> Pillar:
        bounds = one.gated("low"), one.gated("high")
        return Pillar(name, one.gated("value"), *bounds, one.reason)

    return [
        plain("presence", presence),
        steadiness(found["burst_acts", "all"], found["burst_replies", "all"]),
        plain("conversation", conversation),
        plain("answering", answering),
        plain("return", found["return", "all"]),
    ]


def steadiness(acts: Estimate, replies: Estimate) -> Pillar:
    """How many logarithms busier seasons are, over own acts and, where known, citizen replies."""

    def mean(name: str) -> Floats:
        one, other = (np.maximum(np.log(stream.gated(name)), 0.0) for stream in (acts, replies))
        return np.where(np.isnan(other), one, (one + np.nan_to_num(other)) / 2.0)

    return Pillar("steadiness", mean("value"), mean("low"), mean("high"), acts.reason)


def goalposts(params: Params) -> dict[str, tuple[float, float]]:
    """The values that earn 0 and 100 points."""
    return {
        "presence": (0.0, params.real("presence_full")),
        "steadiness": (float(np.log(params.real("burst_zero"))), 0.0),
        "conversation": (0.0, params.real("conversation_full")),
        "answering": (0.0, params.real("answering_full")),
        "return": (0.0, params.real("return_full")),
    }


def weights(params: Params) -> Floats:
    """What each pillar weighs in the score."""
    return np.array([params.real(f"weight_{name}") for name in PILLARS])


def score_reason(pillars: list[Pillar]) -> Words:
    """Why there is no score: presence and a dialogue pillar are needed, and three in all."""
    presence, _, conversation, *_ = (pillar.reason for pillar in pillars)
    missing = np.stack([~is_none(pillar.reason) for pillar in pillars])
    no_dialogue = missing[2] & missing[3]
    few = missing.sum(axis=0) > len(PILLARS) - NEEDED
    reason = first_reason(presence.size, (few, "too_few"))
    reason = np.where(no_dialogue, conversation, reason)
    return np.where(missing[0], presence, reason)


def pillar_rows(people: People, params: Params, pillars: list[Pillar]) -> pa.Table:
    """Value, points and interval in points, per person and pillar."""
    posts = goalposts(params)
    parts = []
    for pillar in pillars:
        ends = [
            stats_score.points(value, *posts[pillar.name])
            for value in (pillar.value, pillar.low, pillar.high)
        ]
        columns = {
            "value": pillar.value,
            "points": ends[0],
            "low": np.fmin(ends[1], ends[2]),
            "high": np.fmax(ends[1], ends[2]),
        }
        parts.append(
            pa.table(
                {
                    "person_key": pa.array(people.keys, pa.int32()),
                    "pillar": pa.array([pillar.name] * people.size, pa.string()),
                    **{n: pa.array(c, pa.float64(), from_pandas=True) for n, c in columns.items()},
                    "reason": pa.array(pillar.reason, pa.string()),
                }
            )
        )
    return pa.concat_tables(parts)


def earned_points(params: Params, pillars: list[Pillar]) -> Floats:
    """Points of everybody, one column per pillar; NaN where a pillar has no value."""
    return _points(np.stack([pillar.value for pillar in pillars], axis=-1), goalposts(params))


def score_rows(
    con: duckdb.DuckDBPyConnection,
    people: People,
    params: Params,
    found: Found,
    others: Sequence[Alternative],
) -> pa.Table:
    """Score, its interval, the probability of each band, what other rules make of it, the band."""
    pillars = pillars_of(found)
    posts = goalposts(params)
    floor, weighs = params.real("score_floor"), weights(params)
    value = np.stack([pillar.value for pillar in pillars], axis=-1)
    reason = score_reason(pillars)
    has_score = is_none(reason)
    score = stats_score.geometric(_points(value, posts), floor, weighs)
    score = np.where(has_score, score, np.nan)
    low, high = np.full((2, people.size), np.nan)
    shares = np.full((people.size, len(stats_score.BANDS)), np.nan)
    evidence = Evidence.read(con, people, params)
    has_replies = found["burst_replies", "all"].has_value

    def judge(who: Ints) -> None:
        drawn = _points(evidence.draws(who, value, has_replies), posts)
        scores = stats_score.geometric(drawn, floor, weighs)
        low[who], high[who] = np.quantile(scores, (0.05, 0.95), axis=-1)
        shares[who] = stats_score.band_shares(scores)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(judge, evidence.chunks(np.flatnonzero(has_score))))
    rest = robustness(score, others)
    words = stats_score.band_words(
        np.nan_to_num(shares), np.nan_to_num(rest.shares), params.real("band_probability")
    )
    names = [
        "+".join(name for name, x in zip(PILLARS, row, strict=True) if not np.isnan(x))
        for row in value
    ]
    numbers = {"score": score, "low": np.fmin(low, score), "high": np.fmax(high, score)}
    numbers |= {f"p_{b.lower()}": shares[:, i] for i, b in enumerate(stats_score.BANDS)}
    numbers |= {"alternative_low": rest.low, "alternative_high": rest.high}
    numbers |= {"alternative_keep": stats_score.share_in(rest.shares, words)}
    nothing = no_words(people.size)
    texts = {
        "pillars": np.where(has_score, np.array(names, object), nothing),
        "moved_most_by": np.where(has_score, rest.most, nothing),
        "band": words,
        "reason": reason,
    }
    return pa.table(
        {
            "person_key": pa.array(people.keys, pa.int32()),
            **{n: pa.array(c, pa.float64(), from_pandas=True) for n, c in numbers.items()},
            **{n: pa.array(c, pa.string()) for n, c in texts.items()},
        }
    )


def alternative_rows(people: People, score: Floats, others: Sequence[Alternative]) -> pa.Table:
    """The score under each other rule of everybody who has one, the headline first."""
    headline = Alternative("headline", "", score, np.ones(people.size, bool))
    parts = []
    for one in (headline, *others):
        who = np.flatnonzero(one.applies & ~np.isnan(score))
        missing = np.isnan(one.score[who])
        bands = np.array(stats_score.BANDS, object)[stats_score.band_place(one.score[who])]
        nothing = no_words(who.size)
        parts.append(
            pa.table(
                {
                    "person_key": pa.array(people.keys[who], pa.int32()),
                    "choice": pa.array([one.choice] * who.size, pa.string()),
                    "value": pa.array([one.value] * who.size, pa.string()),
                    "score": pa.array(one.score[who], pa.float64(), from_pandas=True),
                    "band": pa.array(np.where(missing, nothing, bands), pa.string()),
                    "reason": pa.array(np.where(missing, "other_pillars", nothing), pa.string()),
                }
            )
        )
    return pa.concat_tables(parts)


@dataclass(frozen=True, slots=True)
class Robustness:
    """What other rules make of everybody's score."""

    low: Floats
    high: Floats
    shares: Floats  # people, bands: share of the other rules whose score lies there
    most: Words  # the rule that moves the score most


def robustness(score: Floats, others: Sequence[Alternative]) -> Robustness:
    """Range, bands and largest mover over the rules that apply to each person.

    A rule under which a person has no comparable score keeps no band.
    """
    size = (score.size, len(others))
    table, applies = np.full(size, np.nan), np.zeros(size, bool)
    for place, one in enumerate(others):
        table[:, place], applies[:, place] = one.score, one.applies
    table[~applies | np.isnan(score)[:, None]] = np.nan
    every = np.concatenate([score[:, None], table], axis=1)
    shares = (
        stats_score.band_shares(table)
        * ratio(np.full(score.size, float(len(others))), applies.sum(axis=1))[:, None]
    )
    moved = np.nan_to_num(np.abs(table - score[:, None]), nan=-1.0)
    most = no_words(score.size)
    if others:
        names = np.array([f"{one.choice} {one.value}".strip() for one in others], object)
        has_moved = moved.max(axis=1) > 0
        most = np.where(has_moved, names[moved.argmax(axis=1)], most)
    return Robustness(np.fmin.reduce(every, axis=1), np.fmax.reduce(every, axis=1), shares, most)


def _points(value: Floats, posts: dict[str, tuple[float, float]]) -> Floats:
    return np.stack(
        [stats_score.points(value[..., i], *posts[name]) for i, name in enumerate(PILLARS)],
        axis=-1,
    )
