"""How firm the score is under other rules, and the numbers account by account."""

from __future__ import annotations

from typing import Any

from dashboard import labels, measures
from dashboard.dot_chart import Group, Mark, Scale, dots
from dashboard.exhibit import Exhibit
from dashboard.labels import is_told
from dashboard.look import Look
from dashboard.measures import Row
from dashboard.other_rules import ruled
from dashboard.person_partners import Ask
from dashboard.words import Words
from dashboard.worked import example

BANDS = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
COMPARED = ("presence", "active_months", "acts_per_week", "conversation", "tone_acts",
            "tone_received")  # fmt: skip


def sentence(score: Any, count: int, t: Words) -> tuple[str, str]:
    """The range under other rules, how many keep the band, and which rule moves it most."""
    if not is_told(score["alternative_low"]):
        return t("rules.none"), ""
    told = {
        "n": t.number(count),
        "low": t.number(float(score["alternative_low"])),
        "high": t.number(float(score["alternative_high"])),
    }
    most = ""
    if is_told(score["moved_most_by"]):
        choice, _, value = str(score["moved_most_by"]).partition(" ")
        rule = ruled(choice, value, t)
        most = t("rules.most", rule=rule[:1].lower() + rule[1:])
    if not is_told(score["alternative_keep"]):
        return t("rules.sentence_plain", **told), most
    keep = t.percent(float(score["alternative_keep"]))
    return t("rules.sentence", **told, keep=keep), most


def rules(ask: Ask, choices: Any, t: Words, look: Look) -> list[Exhibit]:
    """The score under every other rule."""
    data, score = ask("alternative"), ask("score")
    row: Row = score.iloc[0].to_dict() if len(score) else {"alternative_low": None, "reason": None}
    header = t("rules.header")
    others = data[~data["is_headline"].astype(bool)] if len(data) else data
    told, most = sentence(row, len(others), t)
    worked = example(ask("metric"), ask("pillar"), score, choices, t)
    how = [f"{line.name}: {line.rule} {line.numbers}" for line in worked.lines] + [worked.sum]
    if not is_told(row["alternative_low"]):
        why = labels.why("", row["reason"], t) if is_told(row["reason"]) else ""
        return [Exhibit("other_rules", header, told, (), (), data.iloc[:0], basis=why, how=how)]
    listed = others.assign(shift=(others["score"] - float(row["score"])).abs().fillna(-1.0))
    listed = listed.sort_values(["shift", "choice", "value"], ascending=[False, True, True])
    headline = Mark(t.number(float(row["score"]), 1), float(row["score"]), float(row["low"]),
                    float(row["high"]), "talk")  # fmt: skip
    groups = [Group(t("rules.headline").capitalize(), (headline,), headline.text)]
    groups += [_group(one, t) for one in listed.to_dict("records")]
    scale = Scale(0.0, 100.0, tuple((band, t.number(band)) for band in BANDS))
    return [
        Exhibit(
            "other_rules",
            header,
            told,
            [t("rules.rule"), t("rules.score"), t("rules.band"), t("missing.why")],
            [_cells(one, t) for one in listed.to_dict("records")],
            data,
            n=t.number(len(others)),
            basis=most,
            draw=lambda narrow: dots(groups, scale, look, narrow=narrow, joined=True),
            how=how,
            right=frozenset({1}),
        )
    ]


def _rule(row: Any, t: Words) -> str:
    name = ruled(str(row["choice"]), str(row["value"]), t)
    return name[:1].upper() + name[1:]


def _group(row: Any, t: Words) -> Group:
    name = _rule(row, t)
    if not is_told(row["score"]):
        return Group(name, (Mark("", None, kind="none"),), t("rules.other_pillars"))
    text = t.number(float(row["score"]), 1)
    return Group(name, (Mark(text, float(row["score"]), kind="send"),), text)


def _cells(row: Any, t: Words) -> list[str]:
    name = _rule(row, t)
    if not is_told(row["score"]):
        return [name, "", "", t("rules.other_pillars")]
    return [name, t.number(float(row["score"]), 1), str(row["band"]), ""]


def accounts(ask: Ask, t: Words, look: Look) -> list[Exhibit]:
    """The same metrics account by account."""
    data, account = ask("account_metric"), ask("account")
    names = {
        row["account_id"]: f"{labels.named(labels.PLATFORMS, row['platform'], t)} ({row['handle']})"
        for row in account.to_dict("records")
    }
    order = {name: place for place, name in enumerate(COMPARED)}
    found = [row for row in data.to_dict("records") if row["metric"] in order]
    found.sort(key=lambda row: (order[row["metric"]], row["phase"], str(row["account_id"])))
    rows = []
    for row in found:
        rows_of_one = {(row["metric"], row["phase"]): row}
        cells = measures.table_rows(list(rows_of_one), rows_of_one, t)[0]
        if row["metric"] == "conversation":
            cells[0] = t("pillar.conversation")
        rows.append([names.get(row["account_id"], str(row["account_id"])), *cells])
    count = len({row["account_id"] for row in found})
    told = t.count("accounts.sentence", count) if count else t("accounts.none")
    return [
        Exhibit(
            "accounts",
            t("accounts.header"),
            told,
            [t("col.account"), *measures.headings(t)],
            rows,
            data,
            n=t.number(count),
            draw=_drawn(found, names, t, look),
            right=frozenset({3, 4, 5}),
        )
    ]


def _short(found: list[Any], names: dict[Any, str]) -> dict[Any, str]:
    """Each account by its platform alone, unless two are on the same."""
    whole = {row["account_id"]: names.get(row["account_id"], "") for row in found}
    short = {account: name.partition(" (")[0] for account, name in whole.items()}
    return short if len(set(short.values())) == len(short) else whole


def _drawn(found: list[Any], names: dict[Any, str], t: Words, look: Look) -> Any:
    """Presence and conversation of each account as dots; None where no account has either."""
    groups = []
    short = _short(found, names)
    for name, title in (("presence", "pillar.presence"), ("conversation", "pillar.conversation")):
        marks = [
            Mark(
                f"{short[row['account_id']]}: {t.percent(float(row['value']))}",
                float(row["value"]),
                float(row["low"]) if is_told(row["low"]) else None,
                float(row["high"]) if is_told(row["high"]) else None,
            )
            for row in found
            if row["metric"] == name and row["phase"] == "off_season" and is_told(row["value"])
        ]
        if marks:
            groups.append(Group(t(title), tuple(marks)))
    if not groups:
        return None
    ticks = tuple((number / 4, t.percent(number / 4)) for number in range(5))
    return lambda narrow: dots(groups, Scale(0.0, 1.0, ticks), look, narrow=narrow)
