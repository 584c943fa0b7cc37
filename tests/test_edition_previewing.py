"""`winterslaap edition preview` shows each person the own card, apart, marked and on record."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import cli
from dashboard.edition.manifest import read_manifest
from dashboard.edition.previews import FILE
from dashboard.words import words
from tests.published_copy import PEOPLE, build

ID = "be-vlg-2030-test"
ONE, OTHER = (person.slug for person in PEOPLE[:2])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    build(folder)
    council = folder / "rosters" / "voorbeeldstad"
    council.mkdir(parents=True)
    rows = "".join(f"{one.slug},{one.name},yes\n" for one in PEOPLE)
    (council / "people.csv").write_text(f"person_id,name,is_invented\n{rows}", "utf-8")
    (folder / "two.txt").write_text(f"{ONE}\n{OTHER}\n", "utf-8")
    said = f"person_id,edition_id,given_on,text\n{ONE},{ID},2030-09-01,Ik was <b>weg</b>.\n"
    (council / "statements.csv").write_text(said, "utf-8")
    return folder


def run(data: Path, *arguments: str) -> Result:
    people = ("--people", str(data / "two.txt"))
    return CliRunner().invoke(
        cli.app, ["edition", "preview", ID, *people, *arguments, "--data", str(data)]
    )


@pytest.fixture(scope="module")
def shown(data: Path) -> dict[str, Path]:
    """Each person's folder."""
    done = run(data, "--on", "2030-09-01", "--json")
    assert done.exit_code == 0, done.output
    return {one["person_id"]: Path(one["link"]).parent for one in json.loads(done.stdout)}


def test_each_person_gets_a_folder_that_cannot_be_guessed_with_the_own_card_alone(
    shown: dict[str, Path],
) -> None:
    assert set(shown) == {ONE, OTHER}
    for person_id, folder in shown.items():
        assert len(folder.name) >= 24
        other = OTHER if person_id == ONE else ONE
        assert (folder / "nl" / f"{person_id}.html").is_file()
        texts = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
        assert not [text for text in texts if other.encode() in text]


def test_every_picture_says_that_it_is_not_published_and_no_machine_lists_it(
    shown: dict[str, Path],
) -> None:
    for path in shown[ONE].glob("*/*.svg"):
        assert "niet gepubliceerd" in path.read_text("utf-8")
    pages = [path.read_text("utf-8") for path in shown[ONE].rglob("*.html")]
    assert len(pages) > 10
    assert all('content="noindex' in page for page in pages)
    assert not (shown[ONE].parents[1] / "editions.json").exists()


def test_the_reply_is_printed_as_text(shown: dict[str, Path]) -> None:
    page = (shown[ONE] / "nl" / f"{ONE}.html").read_text("utf-8")
    assert "Ik was &lt;b&gt;weg&lt;/b&gt;." in page


def test_who_could_see_what_since_when_is_on_record_and_the_address_stays(
    data: Path, shown: dict[str, Path]
) -> None:
    done = run(data, "--on", "2030-09-10", "--json")
    assert {Path(one["link"]).parent for one in json.loads(done.stdout)} == set(shown.values())
    with (data / FILE).open(encoding="utf-8", newline="") as file:
        rows = [
            (row["person_id"], row["shown_on"], row["answer_by"]) for row in csv.DictReader(file)
        ]
    assert rows == [
        (ONE, "2030-09-01", "2030-09-15"),
        (OTHER, "2030-09-01", "2030-09-15"),
        (ONE, "2030-09-10", "2030-09-24"),
        (OTHER, "2030-09-10", "2030-09-24"),
    ]


def test_a_person_has_fourteen_days_to_reply(data: Path) -> None:
    done = run(data, "--on", "2030-09-01", "--answer-by", "2030-09-14")
    assert "a person has 14 days to reply" in str(done.exception)


def test_who_is_not_in_the_copy_is_named_before_anything_is_drawn(data: Path) -> None:
    (data / "three.txt").write_text(f"{ONE}\nniemand\n", "utf-8")
    before = (data / FILE).read_bytes() if (data / FILE).exists() else None
    done = run(data, "--people", str(data / "three.txt"))
    assert "niemand: nobody in the published copy" in str(done.exception)
    assert ((data / FILE).read_bytes() if (data / FILE).exists() else None) == before


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that does not say that its people are invented, and one person to publish."""
    folder = tmp_path_factory.mktemp("real")
    build(folder, is_invented=False)
    (folder / "one.txt").write_text(f"{ONE}\n", "utf-8")
    return folder


def edition(data: Path, *arguments: str) -> Result:
    more = ("--people", str(data / "one.txt"), "--data", str(data))
    return CliRunner().invoke(cli.app, ["edition", *arguments, *more])


def test_nobody_is_published_without_14_days_to_see_the_own_card(real: Path) -> None:
    refused = edition(real, "build", ID, "--on", "2030-09-15")
    assert f"({ONE})" in str(refused.exception)
    assert edition(real, "preview", ID, "--on", "2030-09-02").exit_code == 0
    refused = edition(real, "build", ID, "--on", "2030-09-15")
    assert "1 people had no 14 days before 2030-09-15" in str(refused.exception)
    built = edition(real, "build", ID, "--on", "2030-09-16")
    assert built.exit_code == 0, built.output
    page = (real / "editions" / "site" / ID / "en" / f"{ONE}.html").read_text("utf-8")
    assert words("en")("card.unseen") not in page


def test_a_card_that_was_not_shown_before_says_so(real: Path) -> None:
    built = edition(real, "build", "another", "--on", "2030-09-16", "--without-preview")
    assert built.exit_code == 0, built.output
    folder = real / "editions" / "site" / "another" / "en"
    assert words("en")("card.unseen") in (folder / f"{ONE}.html").read_text("utf-8")
    assert "not shown to the person" in (folder / f"{ONE}.svg").read_text("utf-8")
    assert read_manifest(folder.parent).edition.unseen == (ONE,)
