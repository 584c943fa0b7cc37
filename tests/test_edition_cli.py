"""`winterslaap edition`: what it builds, lists and finds, and what it says when it cannot."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from commands.editions import app, people_of
from dashboard.edition.build import Built
from metrics.errors import EditionError
from tests.edition_made import FEW, ID

ROOT = Path(__file__).parents[1]


def _run(*arguments: str) -> tuple[int, str, str]:
    made = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "edition", *arguments],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    return made.returncode, made.stdout, made.stderr


def test_it_builds_lists_and_verifies(edition_copy: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(f"name,person_id\nEen,{FEW[0]}\n\n", "utf-8")
    out, data = str(tmp_path / "site"), str(edition_copy.parents[1])
    order = ("build", ID, "--people", str(people), "--out", out, "--data", data, "--title", "Proef")
    code, told, _ = _run(*order)
    assert code == 0
    assert "1 people" in told
    code, _, said = _run(*order)
    assert (code, "nothing was changed" in said) == (0, True)
    code, _, said = _run(*order[:-1], "Anders")
    assert code == 1
    assert "--corrects" in said
    code, told, _ = _run("list", "--out", out, "--json")
    assert [(one["id"], one["people"]) for one in json.loads(told)] == [(ID, 1)]
    code, told, _ = _run("verify", out, "--quick")
    assert code == 0
    assert "all as published" in told
    page = tmp_path / "site" / ID / "nl" / "index.html"
    page.write_text(page.read_text("utf-8").replace("1 kaart", "2 kaart"), "utf-8")
    code, told, _ = _run("verify", out, "--quick")
    assert code == 1
    assert f"{ID}: nl/index.html: has other bytes" in told


def test_before_anything_is_scored_it_says_what_to_do(tmp_path: Path) -> None:
    code, _, said = _run("build", ID, "--data", str(tmp_path))
    assert code == 1
    assert "winterslaap score" in said


def test_nothing_built_is_an_empty_list_with_the_next_step(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["list", "--out", str(tmp_path)])
    assert result.exit_code == 0
    assert "winterslaap edition build" in result.output


def test_people_come_from_lines_or_a_column(tmp_path: Path) -> None:
    file = tmp_path / "people.txt"
    file.write_text("an-a\n\n  jan-b \nan-a\n", "utf-8")
    assert people_of(str(file)) == ("an-a", "jan-b")
    file.write_text('\ufeffperson_id,name\n"an-a","Peeters, An"\n', "utf-8")
    assert people_of(str(file)) == ("an-a",)
    assert people_of("all") is None
    file.write_text("\n", "utf-8")
    with pytest.raises(EditionError, match="nobody in it"):
        people_of(str(file))
    with pytest.raises(EditionError, match="expected a file"):
        people_of(str(tmp_path / "nergens.txt"))


def test_a_damaged_manifest_is_told(tampered: Path) -> None:
    (tampered / "manifest.json").write_text("{", "utf-8")
    code, _, said = _run("verify", str(tampered.parent))
    assert code == 1
    assert "there is no manifest of an edition" in said


def test_reports_are_json_for_machines(built: Built) -> None:
    code, told, _ = _run("verify", str(built.path), "--quick", "--json")
    (report,) = json.loads(told)
    assert code == 0
    assert report["problems"] == []
    assert report["cell_count"] > 500
