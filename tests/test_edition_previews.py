"""A card is shown to its person 14 days before it is published, and that is on record."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard.edition.previews import FILE, Showing, first_shown, record, showings, unseen

DAY = date(2030, 9, 1)


def shown(person_id: str, on: date, edition_id: str = "be-vlg-2030") -> Showing:
    accounts = "bluesky:an.example mastodon:an@toet.example"
    return Showing(edition_id, person_id, on, on + timedelta(days=14), accounts, "site, previews")


def test_what_is_recorded_is_read_again_and_nothing_is_changed(tmp_path: Path) -> None:
    assert showings(tmp_path) == ()
    record(tmp_path, [shown("an", DAY)])
    before = (tmp_path / FILE).read_bytes()
    record(tmp_path, [shown("bo", DAY), shown("an", DAY + timedelta(days=3))])
    assert (tmp_path / FILE).read_bytes().startswith(before)
    assert [one.person_id for one in showings(tmp_path)] == ["an", "bo", "an"]


def test_the_first_showing_of_this_edition_counts(tmp_path: Path) -> None:
    record(tmp_path, [shown("an", DAY), shown("an", DAY + timedelta(days=9))])
    record(tmp_path, [shown("an", DAY - timedelta(days=99), "another"), shown("bo", DAY)])
    assert first_shown(tmp_path, "be-vlg-2030") == {"an": DAY, "bo": DAY}


@pytest.mark.parametrize(("days", "is_unseen"), [(13, True), (14, False), (15, False)])
def test_a_card_must_have_been_shown_for_fourteen_days(days: int, is_unseen: bool) -> None:
    found = unseen({"an": DAY}, ["an"], DAY + timedelta(days=days))
    assert found == ({"an": DAY} if is_unseen else {})


def test_who_never_saw_the_card_is_unseen() -> None:
    assert unseen({"an": DAY}, ["an", "bo"], DAY + timedelta(days=20)) == {"bo": None}


def test_a_row_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    record(tmp_path, [shown("an", DAY)])
    path = tmp_path / FILE
    path.write_text(path.read_text("utf-8").replace("2030-09-01", "1/9/2030"), "utf-8")
    with pytest.raises(ValueError, match=r"previews\.csv, row 2"):
        showings(tmp_path)
