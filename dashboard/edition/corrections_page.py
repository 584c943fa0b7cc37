"""What an edition corrects: why, what was before and is now, and for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from dashboard import measures
from dashboard.edition.corrections import Change, Correction
from dashboard.edition.site import Entry, Page, Site, draw
from dashboard.edition.tables import Tables
from dashboard.labels import is_told
from dashboard.measures import MEASURES, PHASES
from dashboard.words import Words, words
from metrics import read

HOW = (
    "about.correct_what",
    "about.correct_proof",
    "about.correct_roster",
    "about.correct_citizen",
    "about.correct_new",
)
CAUSES = ("run", "param")
TOLD = ("metric", "score", "spell", "person", "statement")  # said in words, the rest is counted

Line = dict[str, str]


def page(site: Site, lang: str, listed: tuple[Entry, ...]) -> str:
    """The page of corrections in one language, also where there are none."""
    t, found = words(lang), site.correction
    summary = (
        t("edition.corrections_some", id=found.old_id) if found else t("edition.corrections_none")
    )
    page_ = Page("corrections.html", t("edition.corrections_title"), summary)
    contact = (
        t("edition.contact", contact=site.contact) if site.contact else t("edition.no_contact")
    )
    about: dict[str, Any] = {
        "correction": found,
        "how": [t(key) for key in HOW],
        "contact": contact,
    }
    if found:
        about |= _told(site, found, listed, t)
    return draw("corrections", site, lang, page_, **about)


def _told(site: Site, found: Correction, listed: tuple[Entry, ...], t: Words) -> dict[str, Any]:
    names = {one.person_id: one.name for one in listed}
    before = _names(found.before)
    now = read.published(site.copy, "score").to_pandas().set_index("person_id").to_dict("index")
    metrics = _Numbers(found.before, site)
    moved = []
    for person_id in sorted(found.people, key=lambda one: names.get(one, one)):
        own = found.of(person_id)
        moved.append(
            {
                "person_id": person_id,
                "name": names.get(person_id, person_id),
                "lines": list(_lines(person_id, own, metrics, now, t)),
                "others": _others(own, t),
            }
        )
    return {
        "causes": [
            (change.row if change.table == "param" else change.column, change.before, change.after)
            for change in found.changes
            if change.table in CAUSES and change.column != "description"
        ],
        "counted": t.count("edition.moved", len(moved), whole=t.number(len(listed))),
        "moved": moved,
        "came_and_went": [
            (t("edition.people_added"), [names.get(one, one) for one in found.added]),
            (t("edition.people_removed"), [before.get(one, one) for one in found.removed]),
        ],
    }


def _names(tables: Tables) -> dict[str, str]:
    people = tables["person"]
    columns = (people[name].to_pylist() for name in ("person_id", "name"))
    return dict(zip(*columns, strict=True))


class _Numbers:
    """The numbers of both editions by person, metric and phase."""

    def __init__(self, before: Tables, site: Site) -> None:
        self.before = before["metric"].to_pandas()
        self.copy = site.copy
        self.scores = before["score"].to_pandas().set_index("person_id").to_dict("index")

    def pair(self, person_id: str, metric: str, phase: str) -> tuple[Any, Any]:
        """The row before and the row now, None where there is none."""
        return (
            _row(self.before[self.before["person_id"] == person_id], metric, phase),
            _row(read.of_person(self.copy, "metric", person_id), metric, phase),
        )


def _row(rows: pd.DataFrame, metric: str, phase: str) -> Mapping[Any, Any] | None:
    found = rows[(rows["metric"] == metric) & (rows["phase"] == phase)].to_dict("records")
    return found[0] if found else None


def _lines(
    person_id: str,
    own: Iterable[Change],
    metrics: _Numbers,
    now: Mapping[Any, Any],
    t: Words,
) -> Iterable[Line]:
    tables = {one.table for one in own}
    if "score" in tables:
        texts = [_score(row.get(person_id), t) for row in (metrics.scores, now)]
        if texts[0] != texts[1]:
            yield _line(t("column.score"), *texts)
    keys = dict.fromkeys(one.row for one in own if one.table == "metric")
    for metric, phase in (key.split(" ") for key in keys):
        if metric not in MEASURES:
            continue
        texts = [_number(metric, row, t) for row in metrics.pair(person_id, metric, phase)]
        if texts[0] != texts[1]:
            yield _line(f"{t(MEASURES[metric].name)}, {t(PHASES[phase])}", *texts)
    for one in own:
        if one.table == "person":
            yield _line(one.column, one.before or t("edition.nothing"), one.after)
        elif one.table == "spell" and one.column in ("", "is_winter_sleep"):
            yield _line(
                f"{t('column.sleep')} {one.row}",
                *(text or t("edition.no_sleep") for text in (one.before, one.after)),
            )
        elif one.table == "statement":
            nothing = t("edition.nothing")
            yield _line(t("edition.statement_changed"), one.before or nothing, one.after or nothing)


def _line(what: str, before: str, after: str) -> Line:
    return {"what": what, "before": before, "after": after}


def _score(row: Mapping[Any, Any] | None, t: Words) -> str:
    if row is None or not is_told(row["score"]):
        return t("figure.none")
    score, low, high = (t.number(float(row[name])) for name in ("score", "low", "high"))
    told = f"{score} ({low}–{high})"
    band = row["band"]
    is_band = is_told(band) and band != "none"
    return f"{told}, {t('score.band', band=band).rstrip('.')}" if is_band else told


def _number(metric: str, row: Mapping[Any, Any] | None, t: Words) -> str:
    if row is None or not is_told(row["value"]):
        return measures.reason(metric, row, t)
    value = measures.value(metric, float(row["value"]), t)
    interval = measures.margin(metric, row, t)
    return f"{value} ({interval})" if interval else value


def _others(own: Iterable[Change], t: Words) -> str:
    """How many more cells differ, and in which tables."""
    rest = [one for one in own if one.table not in TOLD]
    if not rest:
        return ""
    tables = ", ".join(sorted({one.table for one in rest}))
    return t.count("edition.other_cells", len(rest), tables=tables)
