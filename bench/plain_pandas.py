"""The five metrics' counts in pandas."""

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


class Pandas:
    """In pandas, with every row in memory."""

    def __init__(self, folder: Path) -> None:
        import pandas as pd

        self.pd = pd
        self.posts = pd.read_parquet(folder / "posts", columns=POSTS)
        self.received = pd.read_parquet(folder / "received", columns=RECEIVED)

    def base(self) -> None:
        """Items by kind, phase, week and block."""
        import numpy as np

        p = self.posts
        p = p[(p.day >= START) & (p.day < END) & ~p.is_backdated.astype(bool)]
        later = p["at"] - p.parent_at
        kind = p.kind.astype(object).to_numpy()
        is_thread = (later >= 0) & (later <= DAY)
        kind = np.where(kind == "self_reply", np.where(is_thread, "thread", "post"), kind)
        acts = p[["person_key", "day", "root_key", "label"]].assign(kind=kind)
        acts = acts[~((acts.kind == "post") & p.is_crosspost.astype(bool))]
        day = acts.day
        acts["phase"] = np.select(
            [(day >= FIRST) & (day <= LAST), (day > LAST) & (day <= LAST + AFTERMATH)],
            ["season", "aftermath"], "off_season",
        )  # fmt: skip
        acts["week"] = week_of(day)
        self.acts, self.own = acts, acts[acts.kind.isin(OWN)]

    def presence(self) -> Sums:
        """Every off-season week of everybody: with an act, with a reply to a citizen."""
        off = self.own[self.own.phase == "off_season"]
        grid = self._grid(off_weeks())
        active = off.groupby(["person_key", "week"]).size()
        talk = off[off.kind == "reply"].groupby(["person_key", "week"]).size()
        weeks = self.pd.DataFrame(
            {"active": active.reindex(grid, fill_value=0), "talk": talk.reindex(grid, fill_value=0)}
        )
        return int((weeks.active > 0).sum()), int((weeks.talk > 0).sum()), int(weeks.shape[0])

    def _grid(self, weeks: list[int]) -> Any:
        people = sorted(self.posts.person_key.unique())
        return self.pd.MultiIndex.from_product([people, weeks], names=["person_key", "week"])

    def burst(self) -> Sums:
        """Every week of everybody, and squares of whole weeks and blocks, of three rhythms."""
        own, streams = self.own, ["acts", "replies", "campaign"]
        marked = own.assign(
            acts=1, replies=own.kind == "reply", campaign=own.label.isin(CAMPAIGN)
        )  # fmt: skip
        counted = marked.groupby(["person_key", "week", "phase"])[streams].sum()
        weekly = counted.unstack(fill_value=0).reindex(self._grid(all_weeks()), fill_value=0)
        sums = [weekly.xs(phase, axis=1, level=1).to_numpy().sum() for phase in PHASES]
        for days in (7, 28):
            unit = weekly.index.get_level_values("week") * 7 // days
            by_unit = weekly.groupby(
                [weekly.index.get_level_values("person_key"), unit.rename("unit")]
            ).sum()
            for phase in PHASES:
                whole = by_unit.index.get_level_values("unit").isin(units(days, phase, days))
                squares = by_unit[whole].xs(phase, axis=1, level=1) ** 2
                sums.append(squares.groupby("person_key").sum().to_numpy().sum())
        return tuple(map(int, sums))

    def silence(self) -> Sums:
        """Stretches of 28 silent days or more: what falls in them, when they begin."""
        pd = self.pd
        days = self.own[["person_key", "day"]].drop_duplicates()
        people = self.posts.person_key.drop_duplicates()
        edges = [pd.DataFrame({"person_key": people, "day": day}) for day in (START - 1, END)]
        days = pd.concat([days, *edges], ignore_index=True).sort_values(["person_key", "day"])
        before = days.groupby("person_key").day.shift()
        gap = days.assign(first=before + 1, last=days.day - 1, days=days.day - before - 1)
        gap = gap[gap.days >= 1].astype({"first": "int64"})
        after = gap["first"].between(LAST + 1, LAST + AFTERMATH)
        longest = gap[~after].groupby("person_key").days.max()
        quiet = gap[gap.days >= QUIET].assign(is_after=after)
        other = self.acts[self.acts.kind.isin(["repost", "thread"])]
        inside = pd.merge_asof(
            other[["person_key", "day"]].sort_values("day").astype({"day": "int64"}),
            quiet[["person_key", "first", "last"]].sort_values("first"),
            left_on="day", right_on="first", by="person_key",
        )  # fmt: skip
        filled = inside[inside.day <= inside["last"]].groupby(["person_key", "first"]).size()
        seen = quiet.person_key.map(longest).fillna(0)
        return (
            int(quiet.shape[0]), int(quiet.days.sum()), int(filled.size),
            int(quiet.is_after.sum()), int(seen.sum()),
        )  # fmt: skip

    def conversation(self) -> Sums:
        """Own acts and replies, at most three per thread and day; squares by thread; blocks."""
        known = self.acts[self.acts.phase != "aftermath"]
        posts = known[known.kind.isin(["post", "quote"])]
        replies = known[known.kind == "reply"]
        keys = ["person_key", "phase", "root_key", "day", "week"]
        capped = replies.groupby(keys).size().clip(upper=CAP).rename("acts").reset_index()
        capped["citizens"] = capped.acts
        both = self.pd.concat([posts[keys].assign(acts=1, citizens=0), capped])
        thread = both.groupby(["person_key", "phase", "root_key"]).acts.sum()
        squares = (thread**2).groupby(["person_key", "phase"]).sum()
        total = both.groupby(["person_key", "phase"])[["acts", "citizens"]].sum()
        off = both[both.phase == "off_season"]
        block = off.groupby(["person_key", off.week // 4])[["acts", "citizens"]].sum()
        weighed = block.citizens * block.index.get_level_values("week")
        return (
            int(total.acts.sum()), int(total.citizens.sum()), int(squares.sum()),
            int(weighed.sum()),
        )  # fmt: skip

    def answering(self) -> Sums:
        """Askers alike in how many questions were answered and redirected; blocks."""
        r = self.received
        r = r[r.asker_key.notna() & ~r.is_backdated.astype(bool)]
        askers = r.groupby(["person_key", "similarity_key"]).asker_key.transform("nunique")
        asked = r[r.is_question & ~r.is_abuse & ~(askers >= SPAM)]
        is_after = (asked.day > LAST) & (asked.day <= LAST + AFTERMATH)
        asked = asked[(asked.day >= START) & (asked.day <= END - 1 - WINDOW) & ~is_after]
        p = self.posts
        said = p[p.kind.isin(["reply", "quote"]) & ~p.is_backdated.astype(bool)]
        said = said[["person_key", "root_key", "partner_key", "parent_key", "kind", "at",
                     "is_redirect"]]  # fmt: skip
        pairs = [
            asked.merge(said, left_on=["person_key", "root_key", "asker_key"],
                        right_on=["person_key", "root_key", "partner_key"]),
            asked.merge(said[said.kind == "quote"], left_on=["person_key", "item_key"],
                        right_on=["person_key", "parent_key"]),
        ]  # fmt: skip
        found = self.pd.concat(pairs)
        found = found.assign(seconds=found.at_y - found.at_x)
        found = found[(found.seconds > 0) & (found.seconds <= WINDOW * DAY)]
        redirect = found.is_redirect.astype(bool)
        answered = asked.item_key.isin(found.item_key[~redirect])
        redirected = asked.item_key.isin(found.item_key[redirect]) & ~answered
        judged = asked.assign(
            answered=answered, redirected=redirected, block=week_of(asked.day) // 4,
            is_season=(asked.day >= FIRST) & (asked.day <= LAST),
        )  # fmt: skip
        asker = judged.groupby(["person_key", "is_season", "asker_key"]).agg(
            items=("item_key", "size"), answered=("answered", "sum"),
            redirected=("redirected", "sum"),
        )  # fmt: skip
        alike = asker.groupby(["person_key", "is_season", "items", "answered", "redirected"]).size()
        alike = alike.rename("askers").reset_index()
        off = judged[~judged.is_season]
        block = off.groupby(["person_key", "asker_key", "block"]).answered.sum()
        weighed = block * block.index.get_level_values("block")
        return (
            int((alike["items"] * alike.askers).sum()), int((alike.answered * alike.askers).sum()),
            int((alike.redirected * alike.askers).sum()), int(weighed.sum()),
        )  # fmt: skip
