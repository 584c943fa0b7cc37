"""Five metrics as one would first write them, in pandas and in polars, on rows that are all known.

What coverage, offices, partner lists and several elections ask for is left out: the peers do
less than the models they stand beside. Each function gives the sums by which they are compared.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

EPOCH = date(1970, 1, 1)
START, END = (date(2020, 1, 1) - EPOCH).days, (date(2025, 1, 1) - EPOCH).days
FIRST, LAST = (date(2024, 7, 1) - EPOCH).days, (date(2024, 10, 13) - EPOCH).days
AFTERMATH, WEEK_DAYS, CAP, QUIET, WINDOW = 28, 5, 3, 28, 14
DAY = 86_400
POSTS = [
    "person_key", "kind", "at", "day", "parent_at", "root_key", "post_key", "partner_key",
    "is_crosspost", "is_backdated", "is_redirect",
]  # fmt: skip
RECEIVED = [
    "person_key", "item_key", "at", "day", "asker_key", "root_key", "similarity_key",
    "is_question", "is_abuse", "is_backdated",
]  # fmt: skip
OWN = ("post", "reply", "quote", "unknown")
Sums = tuple[int, int]


def week_of(day: Any) -> Any:
    """Number of the ISO week in the window."""
    return (day + 3) // 7 - (START + 3) // 7


def off_weeks() -> list[int]:
    """Weeks with enough off-season days."""
    days = [d for d in range(START, END) if d < FIRST or d > LAST + AFTERMATH]
    weeks = [week_of(day) for day in days]
    return [week for week in dict.fromkeys(weeks) if weeks.count(week) >= WEEK_DAYS]


class Pandas:
    """In pandas."""

    def __init__(self, folder: Path) -> None:
        import pandas as pd

        self.pd = pd
        self.posts = pd.read_parquet(folder / "posts", columns=POSTS)
        self.received = pd.read_parquet(folder / "received", columns=RECEIVED)

    def base(self) -> None:
        """Own items by kind and phase."""
        import numpy as np

        p = self.posts
        p = p[(p.day >= START) & (p.day < END) & ~p.is_backdated.astype(bool)]
        later = p["at"] - p.parent_at
        kind = p.kind.astype(object).to_numpy()
        is_thread = (later >= 0) & (later <= DAY)
        kind = np.where(kind == "self_reply", np.where(is_thread, "thread", "post"), kind)
        acts = p[["person_key", "day", "root_key", "post_key", "partner_key"]].assign(kind=kind)
        acts = acts[~((acts.kind == "post") & p.is_crosspost.astype(bool))]
        day = acts.day
        acts["phase"] = np.select(
            [(day >= FIRST) & (day <= LAST), (day > LAST) & (day <= LAST + AFTERMATH)],
            ["season", "aftermath"], "off_season",
        )  # fmt: skip
        acts["week"] = week_of(day)
        self.acts, self.own = acts, acts[acts.kind.isin(OWN)]

    def presence(self) -> Sums:
        """Active off-season weeks."""
        off = self.own[(self.own.phase == "off_season") & self.own.week.isin(off_weeks())]
        weeks = off.groupby("person_key").week.nunique()
        return int(weeks.sum()), int(weeks.size)

    def burst(self) -> Sums:
        """Own acts in season and off-season."""
        count = self.own.groupby(["person_key", "phase"]).size().unstack(fill_value=0)
        return int(count["season"].sum()), int(count["off_season"].sum())

    def silence(self) -> Sums:
        """Stretches of 28 silent days or more."""
        pd = self.pd
        days = self.own[["person_key", "day"]].drop_duplicates()
        people = self.posts.person_key.drop_duplicates()
        edges = [pd.DataFrame({"person_key": people, "day": day}) for day in (START - 1, END)]
        days = pd.concat([days, *edges]).sort_values(["person_key", "day"])
        gap = days.groupby("person_key").day.diff() - 1
        quiet = gap[gap >= QUIET]
        return int(quiet.size), int(quiet.sum())

    def conversation(self) -> Sums:
        """Own acts with at most three replies per thread and day, and those to citizens."""
        known = self.acts[self.acts.phase != "aftermath"]
        posts = known.kind.isin(["post", "quote"]).sum()
        replies = known[known.kind == "reply"]
        count = replies.groupby(["person_key", "root_key", "day", "phase"]).size()
        capped = int(count.clip(upper=CAP).sum())
        return int(posts) + capped, capped

    def answering(self) -> Sums:
        """Questions that count, and those answered within two weeks."""
        r = self.received
        r = r[r.asker_key.notna() & ~r.is_backdated.astype(bool)]
        askers = r.groupby(["person_key", "similarity_key"]).asker_key.transform("nunique")
        asked = r[r.is_question & ~r.is_abuse & ~(askers >= 3)]
        is_after = (asked.day > LAST) & (asked.day <= LAST + AFTERMATH)
        asked = asked[(asked.day >= START) & (asked.day <= END - 1 - WINDOW) & ~is_after]
        p = self.posts
        said = p[p.kind.isin(["reply", "quote"]) & ~p.is_redirect & ~p.is_backdated.astype(bool)]
        pairs = asked.merge(
            said[["person_key", "root_key", "partner_key", "at"]],
            left_on=["person_key", "root_key", "asker_key"],
            right_on=["person_key", "root_key", "partner_key"],
        )
        pairs = pairs[pairs.at_y > pairs.at_x]
        first = (pairs.at_y - pairs.at_x).groupby(pairs.item_key).min()
        return len(asked), int((first <= WINDOW * DAY).sum())


class Polars:
    """In polars."""

    def __init__(self, folder: Path) -> None:
        import polars as pl

        self.pl = pl
        self.posts = pl.read_parquet(f"{folder}/posts/*/*.parquet", columns=POSTS)
        self.received = pl.read_parquet(f"{folder}/received/*/*.parquet", columns=RECEIVED)

    def base(self) -> None:
        """Own items by kind and phase."""
        pl = self.pl
        col, later = pl.col, pl.col("at") - pl.col("parent_at")
        in_season = col("day").is_between(FIRST, LAST)
        kind = (
            pl.when(col("kind") != "self_reply").then(col("kind"))
            .when(later.is_between(0, DAY)).then(pl.lit("thread")).otherwise(pl.lit("post"))
        )  # fmt: skip
        phase = (
            pl.when(in_season).then(pl.lit("season"))
            .when(col("day").is_between(LAST + 1, LAST + AFTERMATH)).then(pl.lit("aftermath"))
            .otherwise(pl.lit("off_season"))
        )  # fmt: skip
        self.acts = (
            self.posts.lazy()
            .filter((col("day") >= START) & (col("day") < END) & ~col("is_backdated"))
            .with_columns(kind.alias("kind"), phase.alias("phase"))
            .filter(~((col("kind") == "post") & col("is_crosspost")))
            .with_columns(week_of(col("day")).alias("week"))
            .select("person_key", "day", "week", "root_key", "kind", "phase")
            .collect()
        )
        self.own = self.acts.filter(col("kind").is_in(OWN))

    def presence(self) -> Sums:
        """Active off-season weeks."""
        col = self.pl.col
        off = self.own.lazy().filter(
            (col("phase") == "off_season") & col("week").is_in(off_weeks())
        )
        weeks = off.group_by("person_key").agg(col("week").n_unique()).collect()["week"]
        return int(weeks.sum()), weeks.len()

    def burst(self) -> Sums:
        """Own acts in season and off-season."""
        count = self.own.lazy().group_by("person_key", "phase").len().collect()
        by = dict(count.group_by("phase").agg(self.pl.col("len").sum()).iter_rows())
        return int(by["season"]), int(by["off_season"])

    def silence(self) -> Sums:
        """Stretches of 28 silent days or more."""
        pl = self.pl
        people = self.posts.select("person_key").unique()
        edges = [people.with_columns(day=pl.lit(day, pl.Int32)) for day in (START - 1, END)]
        days = pl.concat([self.own.select("person_key", "day").unique(), *edges])
        gap = days.sort("person_key", "day").select(
            pl.col("day").diff().over("person_key").alias("gap") - 1
        )["gap"]
        quiet = gap.filter(gap >= QUIET)
        return quiet.len(), int(quiet.sum())

    def conversation(self) -> Sums:
        """Own acts with at most three replies per thread and day, and those to citizens."""
        col = self.pl.col
        known = self.acts.lazy().filter(col("phase") != "aftermath")
        posts = known.filter(col("kind").is_in(["post", "quote"])).select(self.pl.len())
        replies = known.filter(col("kind") == "reply").group_by(
            "person_key", "root_key", "day", "phase"
        )
        capped = int(replies.len().collect()["len"].clip(upper_bound=CAP).sum())
        return int(posts.collect().item()) + capped, capped

    def answering(self) -> Sums:
        """Questions that count, and those answered within two weeks."""
        pl, col = self.pl, self.pl.col
        kept = self.received.lazy().filter(col("asker_key").is_not_null() & ~col("is_backdated"))
        askers = col("asker_key").n_unique().over("person_key", "similarity_key")
        asked = (
            kept.with_columns(askers.alias("askers"))
            .filter(col("is_question") & ~col("is_abuse") & (col("askers") < 3))
            .filter(col("day").is_between(START, END - 1 - WINDOW))
            .filter(~col("day").is_between(LAST + 1, LAST + AFTERMATH))
            .collect()
        )
        said = self.posts.lazy().filter(
            col("kind").is_in(["reply", "quote"]) & ~col("is_redirect") & ~col("is_backdated")
        )
        first = (
            asked.lazy()
            .join(
                said.select("person_key", "root_key", asker_key="partner_key", said="at"),
                on=["person_key", "root_key", "asker_key"],
            )
            .filter(col("said") > col("at"))
            .group_by("item_key")
            .agg((col("said") - col("at")).min().alias("seconds"))
        )
        answered = first.filter(col("seconds") <= WINDOW * DAY).select(pl.len()).collect().item()
        return asked.height, int(answered)
