"""Whoever changes a number in an edition is told of, also when every fingerprint fits again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from dashboard.edition import package
from dashboard.edition.build import Built, build
from dashboard.edition.manifest import MANIFEST, digests, read_manifest
from dashboard.edition.verify import folders, verify
from metrics.errors import EditionError
from tests.edition_made import FEW, ID, order


def _sign_again(folder: Path) -> None:
    """What a careful forger does: every fingerprint fits again."""
    manifest = read_manifest(folder)
    (folder / MANIFEST).write_text(replace(manifest, files=digests(folder)).text(), "utf-8")


def _forge(folder: Path, name: str, column: str, value: object, row: int = 0) -> None:
    """Change one cell in all three files of a table, and every fingerprint with it."""
    data = folder / "data"
    tables = package.read_tables(data)
    cells = tables[name][column].to_pylist()
    cells[row] = value
    field = tables[name].schema.field(column)
    tables[name] = tables[name].set_column(
        tables[name].schema.get_field_index(column), field, pa.array(cells, field.type)
    )
    package.write(tables, read_manifest(folder).edition, data)
    _sign_again(folder)


def _row(folder: Path, table_name: str, **where: str) -> int:
    table = package.read_tables(folder / "data")[table_name]
    fits = pa.array([True] * table.num_rows)
    for column, value in where.items():
        fits = pc.and_(fits, pc.equal(table[column], value))
    return int(pc.index(fits, pa.scalar(value=True)).as_py())


def test_an_untouched_edition_is_as_published(built: Built) -> None:
    report = verify(built.path)
    assert report.problems == ()
    assert report.file_count == len(built.manifest.files)
    assert report.page_count == report.file_count
    assert report.cell_count > 500
    assert any("seeded draws" in note for note in report.notes)


def test_a_number_changed_in_a_card_is_caught_by_its_fingerprint(tampered: Path) -> None:
    card = tampered / "nl" / f"{FEW[0]}.html"
    text = card.read_text("utf-8")
    number = re.search(r">(\d+)%", text)
    assert number
    card.write_text(text.replace(number[0], f">{int(number[1]) + 1}%", 1), "utf-8")
    told = [str(one) for one in verify(tampered, redraw=False).problems]
    assert told == [f"nl/{FEW[0]}.html: has other bytes than the manifest says"]


def test_a_number_changed_in_a_card_is_caught_when_fingerprints_fit_again(tampered: Path) -> None:
    card = tampered / "fr" / f"{FEW[1]}.html"
    text = card.read_text("utf-8")
    number = re.search(r">(\d+)[\u202f\xa0 ]%", text)
    assert number
    forged = number[0].replace(number[1], str(int(number[1]) + 7))
    card.write_text(text.replace(number[0], forged, 1), "utf-8")
    group = next((tampered / "en" / "party").glob("*.html"))
    group.write_text(group.read_text("utf-8").replace("%", "‰", 1), "utf-8")
    _sign_again(tampered)
    told = {one.path: one.what for one in verify(tampered).problems}
    assert set(told) == {f"fr/{FEW[1]}.html", f"en/party/{group.name}"}
    for shown in (forged, number[0]):
        assert " ".join(shown.split()) in told[f"fr/{FEW[1]}.html"]


def test_a_picture_that_the_data_do_not_give_is_caught(tampered: Path) -> None:
    png = tampered / "nl" / f"{FEW[0]}.png"
    png.write_bytes(png.read_bytes() + b"\0")
    _sign_again(tampered)
    (problem,) = verify(tampered).problems
    assert str(problem) == f"nl/{FEW[0]}.png: is not what the published numbers give"


def test_a_cell_changed_in_the_csv_alone_is_caught_with_its_line(tampered: Path) -> None:
    path = tampered / "data" / "metric.csv"
    lines = path.read_text("utf-8").split("\n")
    lines[3] = re.sub(r",\d+,", ",9999,", lines[3], count=1)
    path.write_text("\n".join(lines), "utf-8")
    _sign_again(tampered)
    told = {one.path: one.what for one in verify(tampered, redraw=False).problems}
    assert set(told) == {"data/metric.csv"}
    assert told["data/metric.csv"].startswith("line 4 says")
    assert ",9999," in told["data/metric.csv"]


@pytest.mark.parametrize(
    ("name", "column", "value", "where"),
    [
        ("metric", "value", 0.99, {"metric": "answer_rate", "phase": "off_season"}),
        ("metric", "low", 0.0001, {"metric": "presence"}),
        ("metric", "numerator", 1, {"metric": "presence"}),
        ("metric", "value", 2.5, {"metric": "burst_acts"}),
        ("metric", "low", 0.01, {"metric": "acts_per_week", "phase": "off_season"}),
        ("metric", "high", 11.99, {"metric": "active_months"}),
        ("metric", "dispersion_in", 77.0, {"metric": "burst_acts"}),
        ("metric", "dispersion_off", 1.0001, {"metric": "cliff"}),
        ("metric", "word", None, {"metric": "burstiness"}),
        ("account_metric", "high", 99.0, {"metric": "acts_per_week", "phase": "season"}),
        ("account_metric", "value", 0.5, {"metric": "presence"}),
        ("metric", "word", "quieter_in_season", {"metric": "burst_acts"}),
        ("pillar", "points", 99.0, {"pillar": "presence"}),
        ("score", "score", 88.0, {}),
        ("score", "band", "A", {}),
        ("score", "p_a", 0.9, {}),
        ("param", "value", "0.5", {"name": "presence_full"}),
    ],
)
def test_a_number_forged_everywhere_does_not_follow_from_the_counts(
    name: str, column: str, value: object, where: dict[str, str], tampered: Path
) -> None:
    _forge(tampered, name, column, value, _row(tampered, name, **where))
    report = verify(tampered, redraw=False)
    assert report.problems, "a forged number went unseen"
    assert all(one.path.startswith("data/") for one in report.problems)
    tables = {one.path for one in report.problems}
    assert f"data/{name}" in tables or name == "param"


def test_missing_and_added_files_are_named(tampered: Path) -> None:
    (tampered / "nl" / "about.html").unlink()
    (tampered / "nl" / "extra.html").write_text("meer")
    told = [str(one) for one in verify(tampered, redraw=False).problems]
    assert told == ["nl/about.html: is missing", "nl/extra.html: is not in the manifest"]


def test_an_edition_of_another_version_is_not_drawn_again_and_says_so(tampered: Path) -> None:
    plain = json.loads((tampered / MANIFEST).read_text("utf-8"))
    plain["software"]["typst"] = "0.0.1"
    (tampered / MANIFEST).write_text(json.dumps(plain), "utf-8")
    report = verify(tampered)
    assert report.problems == ()
    assert report.page_count == 0
    assert any("made with typst 0.0.1" in note for note in report.notes)


def test_a_package_that_cannot_be_read_is_one_problem(tampered: Path) -> None:
    (tampered / "data" / "metric.parquet").write_bytes(b"niets")
    told = [str(one) for one in verify(tampered).problems]
    assert told[0] == "data/metric.parquet: has other bytes than the manifest says"
    assert "cannot be read" in told[1]


def test_all_editions_of_a_folder_or_one_are_found(built: Built, tmp_path: Path) -> None:
    assert folders(built.path) == folders(built.path.parent) == [built.path]
    with pytest.raises(EditionError, match="there is no edition here"):
        folders(tmp_path)


def test_a_correction_is_drawn_again_beside_the_one_it_corrects(
    built: Built, edition_copy: Path, tmp_path: Path
) -> None:
    from tests.edition_made import edition

    out = tmp_path / "both"
    (out).mkdir()
    (out / ID).symlink_to(built.path)
    new = edition(edition_copy, f"{ID}-2", corrects=ID, title="Verbeterd")
    made = build(
        order(edition_copy, out, edition=new, people=FEW[:1], because="Eén persoon te veel."),
        workers=1,
    )
    assert verify(made.path).problems == ()
    assert f"corrected by {ID}-2" in verify(out / ID, redraw=False).notes
    (out / ID).unlink()
    assert "which is not beside it" in str(verify(made.path).problems[0])
