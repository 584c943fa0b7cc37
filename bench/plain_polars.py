"""The five metrics' counts in polars."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.plainly import (
    AFTERMATH,
    CAMPAIGN,
    CAP,
    DAY,
    END,
    FIRST,
    LAST,
    OWN,
    PHASES,
    POSTS,
    QUIET,
    RECEIVED,
    SPAM,
    START,
    WINDOW,
    Sums,
    all_weeks,
    off_weeks,
    units,
    week_of,
)  # fmt: skip


class Polars:
    """In polars, with every row in memory."""

    def __init__(self, folder: Path) -> None:
        import polars as pl

        self.pl = pl
        self.posts = pl.read_parquet(f"{folder}/posts/*/*.parquet", columns=POSTS)
        self.received = pl.read_parquet(f"{folder}/received/*/*.parquet", columns=RECEIVED)

    def base(self) -> None:
        """Items by kind, phase, week and block."""
        pl = self.pl
        col, later = pl.col, pl.col("at") - pl.col("parent_at")
        kind = (
            pl.when(col("kind") != "self_reply").then(col("kind"))
            .when(later.is_between(0, DAY)).then(pl.lit("thread")).otherwise(pl.lit("post"))
        )  # fmt: skip
        phase = (
            pl.when(col("day").is_between(FIRST, LAST)).then(pl.lit("season"))
            .when(col("day").is_between(LAST + 1, LAST + AFTERMATH)).then(pl.lit("aftermath"))
            .otherwise(pl.lit("off_season"))
        )  # fmt: skip
        self.acts = (
            self.posts.lazy()
            .filter((col("day") >= START) & (col("day") < END) & ~col("is_backdated"))
            .with_columns(kind.alias("kind"), phase.alias("phase"))
            .filter(~((col("kind") == "post") & col("is_crosspost")))
            .with_columns(week_of(col("day")).alias("week"))
            .select("person_key", "day", "week", "root_key", "kind", "phase", "label")
            .collect()
        )
        self.own = self.acts.filter(col("kind").is_in(OWN))

    def presence(self) -> Sums:
        """Every off-season week of everybody: with an act, with a reply to a citizen."""
        pl, col = self.pl, self.pl.col
        acted = (
            self.own.lazy().filter(col("phase") == "off_season")
            .group_by("person_key", "week")
            .agg(pl.len().alias("active"), (col("kind") == "reply").sum().alias("talk"))
        )  # fmt: skip
        weeks = (
            self._grid(off_weeks()).join(acted, on=["person_key", "week"], how="left")
            .select("person_key", "week", (col("active", "talk").fill_null(0) > 0))
            .collect()
        )  # fmt: skip
        return int(weeks["active"].sum()), int(weeks["talk"].sum()), weeks.height

    def _grid(self, weeks: list[int]) -> Any:
        people = self.posts.lazy().select("person_key").unique()
        week = self.pl.LazyFrame({"week": weeks}, schema={"week": self.own.schema["week"]})
        return people.join(week, how="cross")

    def burst(self) -> Sums:
        """Every week of everybody, and squares of whole weeks and blocks, of three rhythms."""
        pl, col = self.pl, self.pl.col
        kinds = {
            "acts": pl.lit(value=True),
            "replies": col("kind") == "reply",
            "campaign": col("label").is_in(CAMPAIGN),
        }
        counts = [
            (mark & (col("phase") == phase)).sum().cast(pl.Int64).alias(f"{stream}_{phase}")
            for stream, mark in kinds.items()
            for phase in PHASES
        ]
        names = {phase: [f"{stream}_{phase}" for stream in kinds] for phase in PHASES}
        every = [name for phase in PHASES for name in names[phase]]
        counted = self.own.lazy().group_by("person_key", "week").agg(*counts)
        weekly = (
            self._grid(all_weeks()).join(counted, on=["person_key", "week"], how="left")
            .with_columns(col(*every).fill_null(0))
            .collect()
        )  # fmt: skip
        sums = [weekly.select(pl.sum_horizontal(col(*names[p]).sum())).item() for p in PHASES]
        for days in (7, 28):
            by_unit = (
                weekly.lazy().with_columns(unit=col("week") * 7 // days)
                .group_by("person_key", "unit").agg(col(*every).sum())
            )  # fmt: skip
            for phase in PHASES:
                squares = (
                    by_unit.filter(col("unit").is_in(units(days, phase, days)))
                    .group_by("person_key").agg((col(*names[phase]) ** 2).sum())
                    .select(pl.sum_horizontal(col(*names[phase]).sum())).collect()
                )  # fmt: skip
                sums.append(squares.item())
        return tuple(map(int, sums))

    def silence(self) -> Sums:
        """Stretches of 28 silent days or more: what falls in them, when they begin."""
        pl, col = self.pl, self.pl.col
        people = self.posts.select("person_key").unique()
        edges = [people.with_columns(day=pl.lit(day, pl.Int32)) for day in (START - 1, END)]
        days = pl.concat([self.own.select("person_key", "day").unique(), *edges])
        before = col("day").shift().over("person_key")
        gap = (
            days.sort("person_key", "day")
            .with_columns(first=before + 1, last=col("day") - 1, days=col("day") - before - 1)
            .filter(col("days") >= 1)
            .with_columns(is_after=col("first").is_between(LAST + 1, LAST + AFTERMATH))
            .drop("day")
        )
        longest = gap.filter(~col("is_after")).group_by("person_key").agg(longest=col("days").max())
        quiet = gap.filter(col("days") >= QUIET)
        other = self.acts.filter(col("kind").is_in(["repost", "thread"])).select(
            "person_key", "day"
        )
        filled = (
            other.sort("day")
            .join_asof(quiet.sort("first"), left_on="day", right_on="first", by="person_key",
                       coalesce=False, check_sortedness=False)
            .filter(col("day") <= col("last"))
            .select("person_key", "first").n_unique()
        )  # fmt: skip
        seen = quiet.join(longest, on="person_key", how="left")["longest"].sum()
        after = quiet["is_after"].sum()
        return quiet.height, int(quiet["days"].sum()), filled, int(after), int(seen)

    def conversation(self) -> Sums:
        """Own acts and replies, at most three per thread and day; squares by thread; blocks."""
        pl, col = self.pl, self.pl.col
        known = self.acts.lazy().filter(col("phase") != "aftermath")
        keys = ["person_key", "phase", "root_key", "day", "week"]
        capped = (
            known.filter(col("kind") == "reply").group_by(keys)
            .agg(pl.len().clip(upper_bound=CAP).cast(pl.Int64).alias("acts"))
            .with_columns(citizens=col("acts"))
        )  # fmt: skip
        posts = known.filter(col("kind").is_in(["post", "quote"])).select(
            *keys, acts=pl.lit(1, pl.Int64), citizens=pl.lit(0, pl.Int64)
        )
        both = pl.concat([posts, capped]).collect()
        by_thread = both.lazy().group_by("person_key", "phase", "root_key").agg(col("acts").sum())
        squares = by_thread.group_by("person_key", "phase").agg((col("acts") ** 2).sum()).collect()
        total = both.group_by("person_key", "phase").agg(col("acts", "citizens").sum())
        block = (
            both.lazy().filter(col("phase") == "off_season")
            .with_columns(block=col("week") // 4)
            .group_by("person_key", "block").agg(col("acts", "citizens").sum())
            .collect()
        )  # fmt: skip
        weighed = (block["block"] * block["citizens"]).sum()
        return (
            int(total["acts"].sum()), int(total["citizens"].sum()), int(squares["acts"].sum()),
            int(weighed),
        )  # fmt: skip

    def answering(self) -> Sums:
        """Askers alike in how many questions were answered and redirected; blocks."""
        pl, col = self.pl, self.pl.col
        kept = self.received.lazy().filter(col("asker_key").is_not_null() & ~col("is_backdated"))
        askers = col("asker_key").n_unique().over("person_key", "similarity_key")
        asked = (
            kept.with_columns(askers.alias("askers"))
            .filter(col("is_question") & ~col("is_abuse") & (col("askers") < SPAM))
            .filter(col("day").is_between(START, END - 1 - WINDOW))
            .filter(~col("day").is_between(LAST + 1, LAST + AFTERMATH))
            .collect()
        )
        said = self.posts.lazy().filter(
            col("kind").is_in(["reply", "quote"]) & ~col("is_backdated")
        )
        items = asked.lazy().select("person_key", "item_key", "root_key", "asker_key", "at")
        in_thread = items.join(
            said.select(
                "person_key", "root_key", "is_redirect", asker_key="partner_key", said="at"
            ),
            on=["person_key", "root_key", "asker_key"],
        )
        quoted = items.join(
            said.filter(col("kind") == "quote").select(
                "person_key", "is_redirect", item_key="parent_key", said="at"
            ),
            on=["person_key", "item_key"],
        )
        seconds = col("said") - col("at")
        heard = ["person_key", "item_key", "is_redirect"]
        found = (
            pl.concat(
                [one.filter((seconds > 0) & (seconds <= WINDOW * DAY)).select(heard)
                 for one in (in_thread, quoted)]
            )
            .group_by("person_key", "item_key")
            .agg(answered=(~col("is_redirect")).any(), redirected=col("is_redirect").any())
        )  # fmt: skip
        answered = col("answered").fill_null(value=False)
        judged = (
            asked.lazy()
            .join(found, on=["person_key", "item_key"], how="left")
            .select(
                "person_key", "asker_key", answered.alias("answered"),
                (col("redirected").fill_null(value=False) & ~answered).alias("redirected"),
                (week_of(col("day")) // 4).alias("block"),
                col("day").is_between(FIRST, LAST).alias("is_season"),
            )
            .collect()
        )  # fmt: skip
        alike = (
            judged.lazy()
            .group_by("person_key", "is_season", "asker_key")
            .agg(pl.len().alias("items"), col("answered", "redirected").sum())
            .group_by("person_key", "is_season", "items", "answered", "redirected")
            .agg(pl.len().alias("askers"))
            .collect()
        )
        block = (
            judged.lazy().filter(~col("is_season"))
            .group_by("person_key", "asker_key", "block").agg(col("answered").sum())
            .collect()
        )  # fmt: skip
        weighed = (block["block"].cast(pl.Int64) * block["answered"].cast(pl.Int64)).sum()
        counts = ("items", "answered", "redirected")
        sums = alike.select((col(*counts).cast(pl.Int64) * col("askers").cast(pl.Int64)).sum())
        return (*map(int, sums.row(0)), int(weighed))
