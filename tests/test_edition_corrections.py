"""A correction is a new edition that says what changed, why and for whom; the old one stays."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from dashboard.edition import corrections, shelf
from dashboard.edition.build import Built, build
from dashboard.edition.manifest import digests
from dashboard.edition.model import Statement
from dashboard.words import words
from tests.edition_made import FEW, ID, TITLE, edition, order, scored

NEW = f"{ID}-verbeterd"
WHY = "Het antwoordvenster was <te lang> gekozen."


@pytest.fixture(scope="module")
def both(
    built: Built, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, str], Built]:
    """The old edition, its fingerprints before, and the one that corrects it."""
    copy = scored(tmp_path_factory.mktemp("other"), {"answer_window_days": 2})
    out = tmp_path_factory.mktemp("corrected")
    for path in built.path.rglob("*"):
        if path.is_file():
            target = out / ID / path.relative_to(built.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    before = digests(out / ID)
    new = edition(
        copy, NEW, corrects=ID, statements={FEW[0]: Statement("Ik las ze.", date(2025, 1, 1))}
    )
    people = (FEW[0], "person-000003")
    made = build(order(copy, out, edition=new, people=people, because=WHY), workers=1)
    return out, before, made


def test_the_old_edition_keeps_its_bytes(both: tuple[Path, dict[str, str], Built]) -> None:
    out, before, _ = both
    assert digests(out / ID) == before


@pytest.mark.parametrize("lang", ["nl", "fr", "en"])
def test_the_page_says_why_what_and_for_whom(
    lang: str, both: tuple[Path, dict[str, str], Built]
) -> None:
    _, _, made = both
    t = words(lang)
    page = (made.path / lang / "corrections.html").read_text("utf-8")
    assert "Het antwoordvenster was &lt;te lang&gt; gekozen." in page
    assert f'href="../../{ID}/{lang}/index.html"' in page
    assert "answer_window_days" in page
    assert "<td data-label" in page
    assert f'<h3><a href="{FEW[0]}.html">{FEW[0]}</a></h3>' in page
    assert "<ins>Ik las ze.</ins>" in page
    assert t("edition.people_added") in page
    assert "<li>person-000003</li>" in page
    assert t("edition.people_removed") in page
    assert f"<li>{FEW[1]}</li>" in page
    changed = page.split(t("pillar.answering"))
    assert len(changed) > 1
    assert "<del>" in changed[1][:200]
    index = (made.path / lang / "index.html").read_text("utf-8")
    assert 'href="corrections.html"' in index.split("<footer>")[1]


def test_every_cell_that_differs_is_in_a_file(both: tuple[Path, dict[str, str], Built]) -> None:
    _, _, made = both
    with (made.path / "data" / "corrections.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {
        "table": "param",
        "row": "answer_window_days",
        "before": "14",
        "after": "2",
    }.items() <= (
        next(row for row in rows if row["table"] == "param" and row["column"] == "value").items()
    )
    rates = [row for row in rows if row["row"] == "answer_rate off_season"]
    assert {row["column"] for row in rates if row["person_id"] == FEW[0]} >= {"value"}
    assert {row["column"] for row in rates if row["person_id"] == "person-000003"} == {""}
    described = json.loads((made.path / "data" / "datapackage.json").read_text("utf-8"))
    assert "corrections" in [one["name"] for one in described["resources"]]


def test_the_list_of_editions_links_both_ways(both: tuple[Path, dict[str, str], Built]) -> None:
    out, _, _ = both
    by_id = {one.id: one for one in shelf.editions(out)}
    assert list(by_id) == [NEW, ID]
    assert by_id[NEW].corrects == ID
    assert by_id[ID].corrected_by == (NEW,)
    page = (out / "index.html").read_text("utf-8")
    assert f'<a href="#{NEW}">{NEW}</a>' in page
    assert f'href="{NEW}/nl/corrections.html"' in page
    listed = json.loads((out / shelf.LIST).read_text("utf-8"))["editions"]
    assert {one["id"]: one["corrected_by"] for one in listed} == {ID: [NEW], NEW: []}
    assert TITLE in {one["title"] for one in listed}


def test_the_old_edition_points_at_where_corrections_are_listed(built: Built) -> None:
    for page in ("index", "corrections"):
        text = (built.path / "nl" / f"{page}.html").read_text("utf-8")
        assert f'href="../../index.html#{ID}"' in text


def _tables(**columns: list[object]) -> dict[str, pa.Table]:
    return {"metric": pa.table(columns)}


def test_changes_are_told_cell_by_cell_and_rows_that_come_or_go() -> None:
    kept = {"person_id": ["a", "b"], "metric": ["m", "m"], "phase": ["all", "all"]}
    before = _tables(**kept, value=[0.5, None])
    after = _tables(
        person_id=["a", "c"], metric=["m", "m"], phase=["all", "all"], value=[0.25, 1.0]
    )
    found = corrections.changes(before, after)
    assert [(one.person_id, one.column, one.before, one.after) for one in found] == [
        ("a", "value", "0.5", "0.25"),
        ("b", "", "row", ""),
        ("c", "", "", "row"),
    ]
    assert corrections.changes(before, before) == ()


def test_equal_rows_without_a_key_are_counted() -> None:
    span = {"person_id": ["a", "a"], "kind": ["covered", "covered"]}
    before, after = ({"span": pa.table(span)}, {"span": pa.table(span).slice(0, 1)})
    (change,) = corrections.changes(before, after)
    assert (change.person_id, change.before, change.after) == ("a", "row", "")


def test_what_happens_to_an_account_is_told_of_its_person() -> None:
    account = pa.table({"account_id": ["a-bluesky"], "person_id": ["a"]})
    spans = [pa.table({"account_id": ["a-bluesky"], "from_on": [day]}) for day in ("1", "2")]
    found = corrections.changes(
        {"account": account, "coverage": spans[0]}, {"account": account, "coverage": spans[1]}
    )
    assert {one.person_id for one in found} == {"a"}
    assert corrections.Correction("o", "O", "w", found, (), (), {}).people == ("a",)
