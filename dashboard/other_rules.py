"""What another rule would make of everybody's score: sentence, table and pairs of dots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.charts import Spec, at, layer, painted, picture, spanning, texts, tip
from dashboard.labels import is_told
from dashboard.look import Look
from dashboard.words import Words

SHOWN = 30  # people in the picture: those whom the rule moves most
BANDS = {"A": 90.0, "B": 70.0, "C": 50.0, "D": 30.0, "E": 10.0}
CHOICES = {
    "season": "rule.season",
    "answer_window_days": "rule.answer_window",
    "redirects": "rule.redirects",
    "unknown_partners": "rule.unknown_partners",
    "other_seasons": "rule.other_seasons",
    "mean": "rule.mean",
}
WEIGHTS = {"half": "rule.half", "double": "rule.double"}


def slug_of(choice: str, value: str) -> str:
    """The rule as it stands in an address: season-60."""
    return f"{choice}-{value}".replace("_", "-").strip("-")


def ruled(choice: str, value: str, t: Words) -> str:
    """The rule in words."""
    pillar = choice.removeprefix("weight_")
    if pillar in labels.PILLARS and value in WEIGHTS:
        return t(WEIGHTS[value], pillar=t(labels.PILLARS[pillar]).lower())
    if choice == "season" and value == "legal":
        return t("rule.legal")
    key = CHOICES.get(choice)
    if key is None:
        return f"{choice} {value}".replace("_", " ")
    return t(key, days=t.number(float(value)) if value.isdigit() else "")


def in_order(rules: pd.DataFrame) -> list[tuple[str, str]]:
    """Every rule once: by choice as on the page, within it by its number."""
    order = [*CHOICES, *(f"weight_{pillar}" for pillar in labels.PILLARS)]

    def place(rule: tuple[str, str]) -> tuple[int, float, str]:
        choice, value = rule
        number = float(value) if value.isdigit() else 0.0
        return (order.index(choice) if choice in order else len(order), number, value)

    pairs = zip(rules["choice"], rules["value"], strict=True)
    return sorted({(str(choice), str(value)) for choice, value in pairs}, key=place)


def moved(rules: pd.DataFrame, choice: str, value: str) -> pd.DataFrame:
    """Everybody under one rule, who moves most first, with `shift` and `keeps`."""
    rows = rules[(rules["choice"] == choice) & (rules["value"] == value)].copy()
    rows["shift"] = rows["score"] - rows["before"]
    rows["keeps"] = (rows["band"] == rows["band_before"]) & rows["score"].notna()
    size = rows["shift"].abs().fillna(-1.0)
    return rows.assign(size=size).sort_values(
        ["size", "name"], ascending=[False, True], kind="stable"
    )


def kept(rows: pd.DataFrame, t: Words) -> str:
    """How many keep their band."""
    scored = rows[rows["score"].notna()]
    keeping = t.number(int(scored["keeps"].sum()))
    return t("whatif.keep", kept=keeping, n=t.number(len(scored)))


def changed(rows: pd.DataFrame, t: Words) -> str:
    """Who changes band, and of how many nothing can be said; empty when nobody does."""
    scored = rows[rows["score"].notna()]
    parts = []
    others = scored[~scored["keeps"]].to_dict("records")
    named = [f"{row['name']} ({row['band_before']} → {row['band']})" for row in others[:6]]
    if named:
        more = len(others) - len(named)
        tail = t("whatif.and_more", n=t.number(more)) if more else ""
        parts.append(t("whatif.change", people=", ".join(named) + tail))
    lost = len(rows) - len(scored)
    if lost:
        parts.append(t.count("whatif.lost", lost))
    return " ".join(parts)


def summary(rules: pd.DataFrame, t: Words) -> list[list[str]]:
    """A row per rule: how many keep their band, and how far it moves a score."""
    listed = []
    for choice, value in in_order(rules):
        rows = moved(rules, choice, value)
        scored = rows[rows["score"].notna()]
        sizes = scored["shift"].abs()
        most = scored.iloc[0] if len(scored) else None
        listed.append(
            [
                ruled(choice, value, t),
                f"{t.number(int(scored['keeps'].sum()))} / {t.number(len(scored))}",
                t.number(float(sizes.median()), 1) if len(scored) else "–",
                "–" if most is None else f"{signed(most['shift'], t)} ({most['name']})",
            ]
        )
    return listed


def signed(number: Any, t: Words) -> str:
    """+3,2 or −1,0; nothing without a number."""
    if not is_told(number):
        return ""
    shown = t.number(abs(number), 1)
    if shown == t.number(0, 1):
        return shown
    return f"{'+' if number > 0 else '−'}{shown}"


def pairs(rows: pd.DataFrame, t: Words, look: Look, *, narrow: bool = False) -> Spec:
    """A hollow dot where the score is, a full one where the rule puts it, between bands."""
    people = rows[rows["score"].notna()].head(SHOWN).to_dict("records")
    row_height = 44 if narrow else 26
    left = 0.0 if narrow else -34.0
    floors = [0, 20, 40, 60, 80, 100]
    names = ",".join(f"'{floor}':'{t.number(floor)}'" for floor in floors)
    axis = {
        "values": floors,
        "orient": "top",
        "grid": True,
        "labelExpr": f"({{{names}}})[format(datum.value,'.0f')]",
    }
    x = at("x", (left, 100.0), axis=axis)
    y = at("y", (float(max(1, len(people))), -0.9), axis=None)
    drift = 0.68 if narrow else 0.5
    lines = spanning(
        {"type": "rule", "strokeWidth": 3},
        [
            {"x": one["before"], "x2": one["score"], "y": row + drift, "y2": row + drift}
            | {"stroke": look.grid if one["keeps"] else look.ink}
            for row, one in enumerate(people)
        ],
        x=x,
        y=y,
        stroke=painted("stroke"),
    )
    dots = layer(
        {"type": "point", "filled": False, "size": 90, "strokeWidth": 2, "opacity": 1},
        list(_dots(people, drift, t, look)),
        x=at("x"),
        y=at("y"),
        fill=painted("fill"),
        stroke=painted("stroke"),
        shape={"field": "shape", "type": "nominal", "scale": None, "legend": None},
        tooltip=tip(),
    )
    naming = texts(
        [
            {"x": left if narrow else -2.0, "y": row + (0.26 if narrow else 0.5)}
            | {"text": one["name"]}
            for row, one in enumerate(people)
        ],
        look.background if narrow else None,
        align="left" if narrow else "right",
        baseline="middle",
        color=look.ink,
    )
    changes = texts(
        [
            {"x": max(one["before"], one["score"]) + 2.5, "y": row + drift}
            | {"text": f"{one['band_before']} → {one['band']}"}
            for row, one in enumerate(people)
            if not one["keeps"]
        ],
        look.background,
        align="left",
        baseline="middle",
        fontWeight=600,
        color=look.ink,
    )
    bands = texts(
        [{"x": middle, "y": -0.45, "text": band} for band, middle in BANDS.items()],
        align="center",
        baseline="middle",
        fontWeight=600,
    )
    return picture(
        look, [lines, dots, *naming, *changes, *bands], height=row_height * (len(people) + 1) + 22
    )


def _dots(people: list[Any], drift: float, t: Words, look: Look) -> Iterator[dict[str, Any]]:
    for row, one in enumerate(people):
        says = t(
            "whatif.tip",
            name=one["name"],
            before=t.number(one["before"], 1),
            after=t.number(one["score"], 1),
        )
        common = {"y": row + drift, "tip": says}
        color = look.send if one["keeps"] else look.ink
        shape = "circle" if one["keeps"] else "diamond"
        yield common | {"x": one["before"], "fill": look.background, "stroke": look.send,
                        "shape": "circle"}  # fmt: skip
        yield common | {"x": one["score"], "fill": color, "stroke": color, "shape": shape}
