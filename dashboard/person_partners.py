"""With whom a person talks: classes, ladder, mix, whether it lasts, and stretches of sending only.

No citizen is named, and below ten citizens nothing is counted out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from dashboard import labels, measures
from dashboard.dot_chart import Group, Mark, Scale, dots
from dashboard.exhibit import Exhibit
from dashboard.labels import is_told
from dashboard.look import Look
from dashboard.measures import Key, Row, Rows
from dashboard.partner_chart import FEWEST, Bar, Counts, Quarter, bars, mix
from dashboard.words import Words

Ask = Callable[[str], pd.DataFrame]
CLASSES = (
    "conversation",
    "conversation_politician",
    "conversation_party",
    "conversation_media",
    "conversation_organisation",
)
REPLIES = tuple(
    f"reply_share_{kind}" for kind in ("citizen", "politician", "party", "media", "organisation")
)
BONDS: tuple[Key, ...] = (
    ("return", "all"),
    ("carry_over", "all"),
    ("depth", "all"),
    ("relation_days", "all"),
    ("partners_per_30", "off_season"),
    ("effective_partners", "off_season"),
)
LADDER = ("ladder.once", "ladder.some", "ladder.many")
STEPS = ("once", "two_to_four", "five_or_more")
LONGEST = 5  # stretches of sending only that are listed


def exhibits(ask: Ask, rows: Rows, t: Words, look: Look) -> list[Exhibit]:
    """Everything about with whom."""
    return [
        ladder(ask("partner_ladder"), t, look),
        mixed(ask("partner_mix"), t, look),
        classes(rows, ask("metric"), t, look),
        bonds(rows, ask("metric"), t),
        sending(ask("broadcast_spell"), rows, t),
    ]


def next_step(reason: Any, t: Words) -> str:
    """What who runs this can do about a missing number; nothing where nothing can be done."""
    if reason in {"no_coverage", "too_short"}:
        return t("part.next_collect")
    return t("part.next_account") if reason == "not_observable" else ""


def ladder(data: pd.DataFrame, t: Words, look: Look) -> Exhibit:
    """With how many citizens once, again, and on five days or more."""
    row: Row = data.iloc[0].to_dict() if len(data) else {"partner_count": None, "reason": None}
    header = t("ladder.header")
    if row["reason"] is not None or not len(data):
        reason = row["reason"]
        why = labels.why("partner_ladder", reason, t) if is_told(reason) else t("why.not_there")
        step = next_step(reason, t)
        return Exhibit(
            "partner_ladder", header, why.rstrip("."), (), (), data.iloc[:0], next_step=step
        )
    counts = [_whole(row[name]) for name in STEPS]
    told = [_few_or(count, t) for count in counts]
    total = _total(_whole(row["partner_count"]), counts, t)
    filled = {"n": total, **dict(zip(("once", "some", "many"), told, strict=True))}
    steps = [
        Bar(t(key).capitalize(), count or 0, text)
        for key, count, text in zip(LADDER, counts, told, strict=True)
    ]
    return Exhibit(
        "partner_ladder",
        header,
        t("ladder.sentence", **filled),
        (t("col.what"), t("classes.citizen").capitalize()),
        [(step.name, step.text) for step in steps],
        data,
        n=f"{total} {t('classes.citizen')}",
        draw=lambda _: bars(steps, look),
        is_same_on_a_phone=True,
        how=[t("ladder.how", **filled)],
        right=frozenset({1}),
    )


def _whole(count: Any) -> int | None:
    return int(count) if is_told(count) else None


def _few_or(count: int | None, t: Words) -> str:
    """A count of citizens in words; the copy holds none from one to nine."""
    return t("agenda.suppressed") if count is None else t.number(count)


def _total(total: int | None, counts: Sequence[int | None], t: Words) -> str:
    """Of how many citizens; at least so many where the sum would give a small step away."""
    if total is not None:
        return t.number(total)
    return t("ladder.at_least", n=t.number(sum(1 if one is None else one for one in counts)))


def mixed(data: pd.DataFrame, t: Words, look: Look) -> Exhibit:
    """Quarter by quarter how many were new, met before, or familiar."""
    listed = data.sort_values("quarter_from_on").to_dict("records")
    quarters = [_quarter(row, t) for row in listed]
    counted = [quarter.counts for quarter in quarters if quarter.counts is not None]
    header = t("mix.header")
    if not counted:
        return Exhibit("partner_mix", header, t("mix.none"), (), (), data.iloc[:0])
    is_new = [one for one in map(is_mostly_new, counted) if one is not None]
    headings = [t(key) for key in ("mix.quarter", "mix.new", "mix.warm", "mix.close")]
    shades = [
        (look.scale[2], t("mix.new")),
        (look.scale[3], t("mix.warm")),
        (look.scale[5], t("mix.close")),
        ("ws-few", t("mix.few")),
        ("ws-unknown", t("legend.unknown")),
    ]
    return Exhibit(
        "partner_mix",
        header,
        t.count("mix.sentence", len(is_new), new=t.number(sum(is_new))),
        [*headings, t("missing.why")],
        [_mix_cells(quarter, t) for quarter in quarters],
        data,
        n=str(len(counted)),
        draw=lambda narrow: mix(quarters, look, narrow=narrow),
        legend=shades,
        how=[t("mix.how", n=t.number(len(counted)))],
        right=frozenset({1, 2, 3}),
    )


def _quarter(row: Any, t: Words) -> Quarter:
    day = t.day(row["quarter_from_on"])
    if is_told(row["reason"]):
        reason = str(row["reason"])
        why = t("mix.few") if reason == "too_few" else labels.named(labels.REASONS, reason, t)
        return Quarter(row["quarter_from_on"], None, reason, t("mix.tip_none", day=day, why=why))
    counts = (_whole(row["new_count"]), _whole(row["warm_count"]), _whole(row["close_count"]))
    new, warm, close = (_few_or(count, t) for count in counts)
    told = {"new": new, "warm": warm, "close": close}
    return Quarter(row["quarter_from_on"], counts, None, t("mix.tip", day=day, **told))


def is_mostly_new(counts: Counts) -> bool | None:
    """Whether more were new than not; None where small counts leave it open."""
    new, *others = counts
    least, most = (1, FEWEST - 1) if new is None else (new, new)
    others_least = sum(1 if one is None else one for one in others)
    others_most = sum(FEWEST - 1 if one is None else one for one in others)
    if least > others_most:
        return True
    return False if most <= others_least else None


def _mix_cells(quarter: Quarter, t: Words) -> list[str]:
    day = t.day(quarter.from_on)
    if quarter.counts is None:
        few = quarter.reason == "too_few"
        why = t("mix.few") if few else labels.named(labels.REASONS, quarter.reason, t)
        return [day, "", "", "", why]
    return [day, *(_few_or(count, t) for count in quarter.counts), ""]


def classes(rows: Rows, data: pd.DataFrame, t: Words, look: Look) -> Exhibit:
    """What share of own acts goes to citizens, politicians, parties, media and organisations."""
    keys = [(name, phase) for name in CLASSES for phase in ("off_season", "season")]
    replies = [(name, "off_season") for name in REPLIES]
    off, season = rows.get(("conversation", "off_season")), rows.get(("conversation", "season"))
    header = t("classes.header")
    if not measures.is_there(off):
        why = measures.reason("conversation", off, t)
        step = next_step(off["reason"] if off else None, t)
        return Exhibit("partner_classes", header, why.rstrip("."), (), (), data.iloc[:0],
                       next_step=step)  # fmt: skip
    groups = [Group(_group_name(name, t), _pair(name, rows, t)) for name in CLASSES]
    return Exhibit(
        "partner_classes",
        header,
        conversation_sentence(off, season, t),
        measures.headings(t),
        measures.table_rows([*keys, *replies], rows, t),
        data[data["metric"].isin([*CLASSES, *REPLIES])],
        n=_counted(off, t),
        draw=lambda narrow: dots(groups, shares(groups, t), look, narrow=narrow),
        how=[
            measures.working(name, phase, rows.get((name, phase)), t)
            for name, phase in (*keys[:2], replies[0])
        ],
        right=frozenset({2, 3, 4}),
    )


def _group_name(name: str, t: Words) -> str:
    return t(measures.MEASURES[name].name).capitalize()


def _counted(row: Any, t: Words) -> str:
    return t.number(int(row["denominator"])) if is_told(row["denominator"]) else ""


def _pair(name: str, rows: Rows, t: Words) -> tuple[Mark, ...]:
    kinds = (("off_season", "talk"), ("season", "season"))
    return tuple(mark(name, phase, rows, kind, t) for phase, kind in kinds)


def mark(name: str, phase: str, rows: Rows, kind: str, t: Words) -> Mark:
    """One number as a dot with its phase and value in words, or its reason."""
    row, when = rows.get((name, phase)), t(measures.PHASES[phase])
    if row is None or not is_told(row["value"]):
        why = labels.named(labels.REASONS, row["reason"], t) if row else t("figure.none")
        return Mark(f"{when}: {why or t('figure.none')}", None, kind="none")
    low, high = (float(row[end]) if is_told(row[end]) else None for end in ("low", "high"))
    text = f"{when}: {measures.value(name, float(row['value']), t)}"
    return Mark(text, float(row["value"]), low, high, kind)


def shares(groups: list[Group], t: Words) -> Scale:
    """From nought to the next fair share above all margins."""
    ends = [max(m.high or 0.0, m.value or 0.0) for group in groups for m in group.marks]
    top = next(one for one in (0.1, 0.25, 0.5, 0.75, 1.0) if max([0.0, *ends]) <= one or one == 1.0)
    step = {0.1: 0.02, 0.25: 0.05, 0.5: 0.1, 0.75: 0.25, 1.0: 0.25}[top]
    ticks = [(number * step, t.percent(number * step)) for number in range(round(top / step) + 1)]
    return Scale(0.0, top, tuple(ticks))


def conversation_sentence(off: Any, season: Any, t: Words) -> str:
    """The share that answers citizens; the season is set apart only where margins lie apart."""
    told = {"off": measures.value("conversation", float(off["value"]), t)}
    if season is None or not is_told(season["value"]):
        return t("classes.sentence", **told)
    told_in = measures.value("conversation", float(season["value"]), t)
    if season["low"] > off["high"]:
        return t("classes.more", **told, season=told_in)
    if season["high"] < off["low"]:
        return t("classes.less", **told, season=told_in)
    return t("classes.unclear", **told)


def bonds(rows: Rows, data: pd.DataFrame, t: Words) -> Exhibit:
    """Return, carry-over, depth, how long contacts last, and how many different citizens."""
    row = rows.get(("return", "all"))
    sentence = t("bond.none")
    basis = measures.reason("return", row, t)
    if row is not None and is_told(row["value"]):
        sentence = t("bond.return", share=measures.value("return", float(row["value"]), t))
        basis = f"{t('column.margin')}: {measures.margin('return', row, t)}."
    names = [name for name, _ in BONDS]
    return Exhibit(
        "relations",
        t("bond.header"),
        sentence,
        measures.headings(t),
        measures.table_rows(BONDS, rows, t),
        data[data["metric"].isin(names)],
        n=_counted(row, t) if row is not None else "",
        basis=basis,
        next_step=next_step(row["reason"] if row is not None else None, t),
        figures=[measures.figure(name, rows.get((name, phase)), t) for name, phase in BONDS],
        how=[measures.working(name, phase, rows.get((name, phase)), t) for name, phase in BONDS],
        right=frozenset({2, 3, 4}),
    )


def sending(data: pd.DataFrame, rows: Rows, t: Words) -> Exhibit:
    """Stretches of four weeks and more with posts and without one reply to a citizen."""
    header, row = t("sender.header"), rows.get(("conversation", "off_season"))
    reason = row["reason"] if row is not None else None
    if reason in {"not_observable", "no_coverage"}:
        why = labels.why("conversation", reason, t).rstrip(".")
        return Exhibit("broadcast", header, why, (), (), data, next_step=next_step(reason, t))
    listed = data.sort_values(["days", "from_on"], ascending=[False, True], kind="stable")
    told = [_stretch(one, t) for one in listed.to_dict("records")]
    sentence = t.count("sender.some", len(told)) if told else t("sender.none")
    return Exhibit(
        "broadcast",
        header,
        sentence.rstrip("."),
        (t("sender.header"),),
        [(text,) for text in told[LONGEST:]],
        data,
        n=str(len(told)),
        more=told[:LONGEST],
    )


def _stretch(row: Any, t: Words) -> str:
    key = "sender.at_least" if row["is_at_least"] else "sender.exactly"
    if row["is_possible"]:
        key = "sender.possible"
    days = t.number(int(row["days"]))
    return t(key, days=days, first=t.day(row["from_on"]), last=t.day(row["to_on"]))
