import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from metrics.text.check import check
from metrics.text.cli import app

FIXTURES = Path(__file__).parent / "fixtures" / "text"


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_check_shows_the_label_and_the_entry_behind_it():
    answer = run("check", "Stem zondag op lijst 4!")
    assert answer.exit_code == 0
    assert "vote_ask" in answer.output
    assert "lijst <n>" in answer.output


def test_check_reads_a_file_line_by_line(tmp_path):
    file = tmp_path / "posts.txt"
    file.write_text("Proficiat aan iedereen\n\nMerci à toutes et tous\n", encoding="utf-8")
    answer = run("check", str(file), "--json")
    assert [found["features"]["label"] for found in json.loads(answer.output)] == [
        "help_thank",
        "help_thank",
    ]


def test_check_can_read_a_received_text():
    answer = run("check", "Wanneer gaat de brug weer open?", "--received", "--json")
    assert json.loads(answer.output)[0]["features"]["wants_answer"] is True


def test_check_tells_what_was_excepted_and_what_was_too_little():
    found = check("Wij stemmen voor het voorstel over de stembus", lang="nl")
    assert any(f.effect == "excepted phrase" for f in found.findings)
    assert any(f.effect == "weak, too few" for f in found.findings)


@pytest.mark.parametrize("text", ["", "👍", "[bold]x[/]", "x" * 5000])
def test_check_takes_any_text(text):
    assert run("check", text).exit_code == 0


def test_evaluate_prints_a_table_per_language_and_a_confusion():
    answer = run("evaluate", str(FIXTURES / "labelled_nl.csv"))
    assert answer.exit_code == 0
    assert "How well the lists read: nl" in answer.output
    assert "Labels, nl" in answer.output


def test_evaluate_gives_json():
    answer = run("evaluate", str(FIXTURES / "unseen_fr.csv"), "--json")
    found = json.loads(answer.output)
    assert set(found) == {"scores", "confusions", "versions"}
    assert any(score["feature"] == "label" for score in found["scores"])


def test_a_wrong_file_ends_with_one_and_the_reason(tmp_path):
    file = tmp_path / "wrong.csv"
    file.write_text("text,label\na,vote\n", encoding="utf-8")
    answer = run("evaluate", str(file))
    assert answer.exit_code == 1
    assert "row 2, label" in answer.output + answer.stderr
