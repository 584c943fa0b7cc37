"""Pillars, scores, bands, silences, peers and sums derived again from what is published."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from metrics import stats_score
from metrics.derivation import Checked, Frames, choices_of
from metrics.peers import QUARTERS
from metrics.pillars import NEEDED, PILLARS
from metrics.stats import Floats

RESTS_ON = {
    "presence": ("presence", "off_season"),
    "conversation": ("conversation", "off_season"),
    "answering": ("answer_rate", "off_season"),
    "return": ("return", "all"),
}
ENDS = ("value", "low", "high")
PILLAR = ("person_id", "pillar")
SCORE = ("person_id",)
SPELL = ("person_id", "from_on")
PEER = ("office", "level", "metric", "phase")
ALMOST = 1e-9


def check_pillars(frames: Frames, checked: Checked) -> None:
    """The points of each pillar, from the metric it rests on and the goalposts."""
    choices, pillar = choices_of(frames), frames["pillar"]
    full = {
        "presence": (0.0, choices["presence_full"]),
        "steadiness": (float(np.log(choices["burst_zero"])), 0.0),
        "conversation": (0.0, choices["conversation_full"]),
        "answering": (0.0, choices["answering_full"]),
        "return": (0.0, choices["return_full"]),
    }
    for name in PILLARS:
        rows = pillar[pillar["pillar"] == name]
        value, low, high = _rests_on(frames, name, rows["person_id"])
        checked.same("pillar", rows, "value", value, PILLAR)
        ends = [stats_score.points(one, *full[name]) for one in (value, low, high)]
        checked.same("pillar", rows, "points", ends[0], PILLAR)
        checked.same("pillar", rows, "low", np.fmin(ends[1], ends[2]), PILLAR)
        checked.same("pillar", rows, "high", np.fmax(ends[1], ends[2]), PILLAR)


def _rests_on(frames: Frames, pillar: str, people: pd.Series) -> list[Floats]:
    """Value and interval of what a pillar rests on, one position per person."""
    if pillar != "steadiness":
        return _numbers(frames, *RESTS_ON[pillar], people)
    acts, replies = (
        _numbers(frames, name, "all", people) for name in ("burst_acts", "burst_replies")
    )
    found = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for one, other in zip(acts, replies, strict=True):
            logs = [np.maximum(np.log(stream), 0.0) for stream in (one, other)]
            both = (logs[0] + np.nan_to_num(logs[1])) / 2.0
            found.append(np.where(np.isnan(logs[1]), logs[0], both))
    return found


def _numbers(frames: Frames, metric: str, phase: str, people: pd.Series) -> list[Floats]:
    rows = frames["metric"]
    rows = rows[(rows["metric"] == metric) & (rows["phase"] == phase)].set_index("person_id")
    return [pd.to_numeric(people.map(rows[end])).to_numpy(np.float64) for end in ENDS]


def check_scores(frames: Frames, checked: Checked) -> None:
    """Scores from points, their gates, and bands from draws and other rules."""
    choices, score = choices_of(frames), frames["score"]
    points = frames["pillar"].pivot(index="person_id", columns="pillar", values="points")
    table = points.reindex(index=score["person_id"], columns=list(PILLARS)).to_numpy(np.float64)
    is_there = ~np.isnan(table)
    is_enough = (
        (is_there.sum(axis=1) >= NEEDED) & is_there[:, 0] & (is_there[:, 2] | is_there[:, 3])
    )
    weighs = np.array([choices.get(f"weight_{name}", 1.0) for name in PILLARS])
    wanted = stats_score.geometric(table, choices["score_floor"], weighs)
    wanted = np.where(is_enough, wanted, np.nan)
    checked.same("score", score, "score", wanted, SCORE)
    names = np.array(
        ["+".join(n for n, told in zip(PILLARS, row, strict=True) if told) for row in is_there],
        object,
    )
    fine = np.where(is_enough, score["pillars"].to_numpy(object) == names, score["pillars"].isna())
    checked.holds("score", score, "pillars", fine, "the pillars that have points", SCORE)
    _bands(frames, score, choices["band_probability"], checked)


def _bands(frames: Frames, score: pd.DataFrame, needed: float, checked: Checked) -> None:
    columns = [f"p_{band.lower()}" for band in stats_score.BANDS]
    draws = np.nan_to_num(score[columns].to_numpy(np.float64))
    has_score = score["score"].notna().to_numpy()
    checked.holds(
        "score", score, "p_a", ~has_score | np.isclose(draws.sum(axis=1), 1.0), "p sum 1", SCORE
    )
    other = frames["alternative"]
    low = other.groupby("person_id")["score"].min()
    high = other.groupby("person_id")["score"].max()
    checked.same("score", score, "alternative_low", score["person_id"].map(low), SCORE)
    checked.same("score", score, "alternative_high", score["person_id"].map(high), SCORE)
    own = other[other["is_headline"].astype(bool)].set_index("person_id")["score"]
    checked.same("score", score[has_score], "score", score[has_score]["person_id"].map(own), SCORE)
    rules = _rule_shares(other[~other["is_headline"].astype(bool)], score["person_id"])
    words = stats_score.band_words(draws, rules, needed)
    fine = score["band"].to_numpy(object) == words
    checked.holds("score", score, "band", fine, "the band that draws and rules leave", SCORE)
    keep = stats_score.share_in(rules, words)
    checked.same("score", score, "alternative_keep", keep, SCORE)
    is_within = ~has_score | (
        (score["low"] <= score["score"] + ALMOST) & (score["high"] >= score["score"] - ALMOST)
    )
    checked.holds("score", score, "score", is_within, "within its interval", SCORE)


def _rule_shares(others: pd.DataFrame, people: pd.Series) -> Floats:
    """The share of other rules in each band, one row per person; without a score in none."""
    shares = np.zeros((len(people), len(stats_score.BANDS)))
    by_person = {
        who: rows["score"].to_numpy(np.float64) for who, rows in others.groupby("person_id")
    }
    for place, who in enumerate(people):
        if who in by_person:
            shares[place] = stats_score.band_shares(by_person[who])
    return shares


def check_spells(frames: Frames, checked: Checked) -> None:
    """Lengths and levels of silences, their election, and no own act on any of their days."""
    choices, spell = choices_of(frames), frames["spell"]
    days = [
        (end - begin).days + 1 for begin, end in zip(spell["from_on"], spell["to_on"], strict=True)
    ]
    checked.same("spell", spell, "days", np.array(days, np.float64), SPELL)
    levels = np.select(
        [spell["days"] >= choices["abandoned_days"], spell["days"] >= choices["asleep_days"]],
        ["abandoned", "asleep"],
        "quiet",
    )
    checked.holds(
        "spell", spell, "level", spell["level"].to_numpy(object) == levels, "as its days say", SPELL
    )
    votes = frames["season"].set_index(["person_id", "election_id"])["election_on"].to_dict()
    acts = frames["day"][frames["day"]["own_acts"] > 0]
    busy = {who: set(rows["on_day"]) for who, rows in acts.groupby("person_id")}
    sleeps = spell[spell["is_winter_sleep"].astype(bool)]
    after = timedelta(days=choices["sleep_after_days"])
    fine = [
        row["days"] >= choices["asleep_days"]
        and not row["is_possible"]
        and (on := votes.get((row["person_id"], row["election_id"]))) is not None
        and on < row["from_on"] <= on + after
        for row in sleeps.to_dict("records")
    ]
    checked.holds("spell", sleeps, "is_winter_sleep", fine, "asleep after that election", SPELL)
    silent = [
        not any(row["from_on"] <= day <= row["to_on"] for day in busy.get(row["person_id"], ()))
        for row in spell.to_dict("records")
    ]
    checked.holds("spell", spell, "days", silent, "no own act on its days", SPELL)


def check_peers(frames: Frames, checked: Checked) -> None:
    """Medians and quartiles, where all of the peers are published."""
    people = frames["person"].set_index("person_id")
    metric = frames["metric"]
    rows = metric[metric["value"].notna() & metric["is_comparable"].astype(bool)]
    rows = rows.assign(
        office=rows["person_id"].map(people["office"]), level=rows["person_id"].map(people["level"])
    )
    values = {key: some["value"].to_numpy(np.float64) for key, some in rows.groupby(list(PEER))}
    peer = frames["peer"]
    found = [
        values.get(tuple(row[key] for key in PEER), np.zeros(0)) for row in peer.to_dict("records")
    ]
    is_whole = np.array(
        [v.size == n for v, n in zip(found, peer["people_count"], strict=True)], bool
    )
    whole = peer[is_whole]
    for name, share in QUARTERS.items():
        wanted = np.array(
            [np.quantile(v, share) for v, told in zip(found, is_whole, strict=True) if told]
        )
        checked.same("peer", whole, name, wanted, PEER)


def check_counts(frames: Frames, checked: Checked) -> None:
    """Sums that must add up: partner ladders, and curves that only rise."""
    ladder = frames["partner_ladder"]
    told = ladder[ladder[["once", "two_to_four", "five_or_more"]].notna().all(axis=1)]
    total = told["once"] + told["two_to_four"] + told["five_or_more"]
    checked.same("partner_ladder", told, "partner_count", total, SCORE)
    curve = frames["response_curve"]
    steps = curve.groupby("person_id")["share"].diff().fillna(0.0)
    checked.holds(
        "response_curve",
        curve,
        "share",
        steps >= -ALMOST,
        "a curve that rises",
        ("person_id", "day"),
    )
