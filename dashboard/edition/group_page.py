"""The people of a municipality or party side by side: numbers with margins, never an order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard import labels, measures
from dashboard.edition.site import Group, Page, Site, draw
from dashboard.labels import BURSTS, OFFICES, REASONS, is_told, named
from dashboard.words import Words, words
from metrics import read

COLUMNS = {  # of the overview: prefix, metric, phase, heading and kind of strip
    "presence": ("presence", "off_season", "column.presence", "off"),
    "answers": ("answer_rate", "off_season", "pillar.answers_off", "off"),
    "answers_in": ("answer_rate", "season", "pillar.answers_in", "in"),
}
KINDS = {"municipality": "edition.group_municipality", "party": "edition.group_party"}
PEERS = ("presence", "answers", "answers_in")

Row = Mapping[Any, Any]
Medians = Mapping[tuple[str, str, str, str], Row]


def group_page(site: Site, lang: str, kind: str, group: Group) -> str:
    """The page of one group, its people by name."""
    t, edition = words(lang), site.edition
    medians = _medians(site)
    rows = [
        {
            "person_id": one.person_id,
            "name": one.name,
            "who": one.who,
            "cells": [*_shares(one.row, medians, t), _rhythm(one.row, t), _sleep(site, one.row, t)],
        }
        for one in group.entries
    ]
    summary = t.count(
        "edition.group_summary",
        len(rows),
        first=t.day(edition.from_on),
        last=t.day(edition.to_on),
    )
    headings = [t("column.name"), *(t(column[2]) for column in COLUMNS.values())]
    return draw(
        "group",
        site,
        lang,
        Page(group.path, group.name, summary, t(KINDS[kind])),
        rows=rows,
        headings=[*headings, t("column.rhythm"), t("column.sleep")],
        peers=_peer_lines(group, medians, t),
    )


def _shares(row: Row, medians: Medians, t: Words) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = []
    for prefix, (metric, phase, _, kind) in COLUMNS.items():
        number = {name: row[f"{prefix}_{name}"] for name in ("value", "low", "high", "reason")}
        if not is_told(number["value"]):
            cells.append({"value": "", "why": named(REASONS, number["reason"], t)})
            continue
        value, low, high = (float(number[name]) for name in ("value", "low", "high"))
        peer = medians.get((str(row["office"]), str(row["level"]), metric, phase))
        interval = measures.margin(metric, number, t)
        strip: dict[str, str | None] = {
            "at": f"{100 * value:.1f}",
            "left": f"{100 * low:.1f}",
            "width": f"{100 * (high - low):.1f}",
            "median": f"{100 * float(peer['median']):.1f}" if peer else None,
        }
        cells.append(
            {
                "value": measures.value(metric, value, t),
                "margin": t("figure.margin", interval=interval),
                "kind": kind,
                "strip": strip,
            }
        )
    return cells


def _rhythm(row: Row, t: Words) -> dict[str, Any]:
    if not is_told(row["burst_acts_value"]):
        return {"value": "", "why": named(REASONS, row["burst_acts_reason"], t)}
    number = {name: row[f"burst_acts_{name}"] for name in ("value", "low", "high")}
    interval = measures.margin("burst_acts", number, t)
    told = t("figure.margin", interval=interval)
    factor = measures.value("burst_acts", float(number["value"]), t)
    word = named(BURSTS, row["burst_acts_word"], t)
    return {"value": word, "margin": f"{factor}, {told}", "kind": "", "strip": None}


def _sleep(site: Site, row: Row, t: Words) -> dict[str, Any]:
    """The longest winter sleep that was published as a finding."""
    spells = read.of_person(site.copy, "spell", row["person_id"]).to_dict("records")
    slept = [
        one
        for one in spells
        if one["is_winter_sleep"] and not one["is_excused"] and not one["is_possible"]
    ]
    if not slept:
        unknown = row["presence_reason"]  # who is hardly seen is not said to be awake
        why = named(REASONS, unknown, t) if is_told(unknown) else t("edition.no_sleep")
        return {"value": "", "why": why}
    one = max(slept, key=lambda spell: (spell["days"], spell["from_on"]))
    key = "edition.sleep_days_at_least" if one["is_at_least"] else "edition.sleep_days"
    text = t(key, days=t.number(int(one["days"])), day=t.day(one["from_on"]))
    return {"value": text, "margin": "", "kind": "words", "strip": None}


def _medians(site: Site) -> dict[tuple[str, str, str, str], Row]:
    rows = read.all_of(site.copy, "peer").to_dict("records")
    return {(row["office"], row["level"], row["metric"], row["phase"]): row for row in rows}


def _peer_lines(group: Group, medians: Medians, t: Words) -> list[str]:
    offices = sorted({(str(one.row["office"]), str(one.row["level"])) for one in group.entries})
    lines = []
    for office, level in offices:
        for prefix in PEERS:
            metric, phase, heading, _ = COLUMNS[prefix]
            peer = medians.get((office, level, metric, phase))
            if peer is None:
                continue
            median, low, high = (
                t.percent(float(peer[name])) for name in ("median", "low_quartile", "high_quartile")
            )
            lines.append(
                t(
                    "edition.peer_line",
                    what=t(heading),
                    office=labels.named(OFFICES, office, t),
                    median=median,
                    low=low,
                    high=high,
                    n=t.number(int(peer["people_count"])),
                )
            )
    return lines
