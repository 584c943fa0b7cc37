"""Contract: any file in data/lang is read, or refused with every reason."""

import shutil
import tomllib

import pytest

from metrics.text.features import LABELS
from metrics.text.lists import FOLDER, TOPICS, load, shipped, versions
from metrics.text.matching import Matcher
from metrics.text.model import ListsError

FILES = sorted(FOLDER.glob("*.toml"))


@pytest.fixture
def folder(tmp_path):
    for file in FILES:
        shutil.copy(file, tmp_path / file.name)
    return tmp_path


def problems_of(folder):
    with pytest.raises(ListsError) as caught:
        load(folder)
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_languages_are_there():
    assert sorted(shipped()) == ["de", "en", "fr", "nl"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_has_every_table(file):
    lists = shipped()[file.stem]
    assert {name.removeprefix("label.") for name in lists.rules if name.startswith("label.")} == {
        *LABELS[:-1]
    }
    assert {name.removeprefix("topic.") for name in lists.rules if name.startswith("topic.")} == {
        *TOPICS
    }
    assert all(rule.strong or rule.weak for rule in lists.rules.values())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_entry_of_a_file_compiles(file):
    Matcher(shipped()[file.stem].rules.values())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_entry_holds_a_regular_expression(file):
    text = file.read_text(encoding="utf-8")
    assert tomllib.loads(text)["language"] == file.stem
    assert "(?" not in text
    assert "\\" not in text


def test_all_problems_of_all_files_are_told_at_once(folder):
    nl, fr = folder / "nl.toml", folder / "fr.toml"
    nl.write_text(nl.read_text().replace('"elke voorkeurstem*"', '"elke (voorkeurstem"'))
    fr.write_text(fr.read_text().replace('"votez"', '"vo{2}tez"', 1))
    found = problems_of(folder)
    assert len(found) == 2
    assert "fr.toml [label.vote_ask.strong] 'vo{2}tez'" in found[0]
    assert "nl.toml [label.vote_ask.strong] 'elke (voorkeurstem'" in found[1]
    assert "not closed" in found[1]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('language = "nl"', 'language = "xx"', "language must be 'nl'"),
        ("[promise]", "[promises]", "[promise] is missing"),
        ("[label.attack]", "[label.assault]", "[label.attack] is missing"),
        ("[tone.negative]", "[tone.nasty]", "[tone.negative] is missing"),
        ("is_evaluated = true", 'is_evaluated = "yes"', "must be true or false"),
        ("[question]", "[question]\nextra = []", "[question.extra] is none of"),
        ("negators = [", 'negators = ["niet", ', "'niet': stands twice"),
        ('name = "Nederlands"', 'name = ""', "own name"),
        ('name = "Nederlands"', 'name = "Nederlands"\ncolour = "red"', "[colour] is no table"),
        ("rank = [", 'n = ["x"]\nrank = [', "the grammar uses itself"),
    ],
)
def test_a_wrong_table_is_named(folder, old, new, told):
    nl = folder / "nl.toml"
    text = nl.read_text()
    assert old in text
    nl.write_text(text.replace(old, new, 1))
    assert told in "\n".join(problems_of(folder))


def test_broken_toml_is_refused_with_its_line(folder):
    (folder / "nl.toml").write_text('language = "nl"\nname = = "x"\nlast = 1\n')
    assert "nl.toml" in problems_of(folder)[0]
    assert "line" in problems_of(folder)[0]


def test_an_empty_folder_is_refused(tmp_path):
    assert "no language to read" in problems_of(tmp_path)[0]


def test_a_language_without_tables_is_refused(folder):
    (folder / "es.toml").write_text('language = "es"\nname = "Español"\n')
    found = problems_of(folder)
    assert all(problem.startswith("es.toml") for problem in found)
    assert any("[label.vote_ask] is missing" in problem for problem in found)


def test_a_new_language_is_a_new_file(folder):
    text = (folder / "nl.toml").read_text()
    (folder / "af.toml").write_text(
        text.replace('language = "nl"', 'language = "af"').replace("Nederlands", "Afrikaans")
    )
    assert sorted(load(folder)) == ["af", "de", "en", "fr", "nl"]


def test_comments_and_layout_do_not_change_the_version(folder):
    before = versions(load(folder))
    nl = folder / "nl.toml"
    nl.write_text("# a remark\n\n" + nl.read_text())
    assert versions(load(folder)) == before


def test_a_changed_entry_changes_the_version_of_its_language_only(folder):
    before = versions(load(folder))
    nl = folder / "nl.toml"
    nl.write_text(nl.read_text().replace('"elke voorkeurstem*"', '"iedere voorkeurstem*"'))
    after = versions(load(folder))
    assert {code for code in before if before[code] != after[code]} == {"nl"}
