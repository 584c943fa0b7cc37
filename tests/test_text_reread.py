from dataclasses import replace

import pytest

from metrics.text import read
from metrics.text.lists import FOLDER, load
from metrics.text.reading import Reader
from metrics.text.reread import Moves, Row, reread

TEXTS = {
    1: "Stem zondag op lijst 4!",
    2: "Proficiat aan de winnaars van de wedstrijd",
    3: "Le conseil communal décide ce soir de la piscine",
}


@pytest.fixture
def changed(tmp_path):
    """A reader whose Dutch lists no longer know a word of thanks."""
    for file in FOLDER.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        if file.stem == "nl":
            text = text.replace('"proficiat*"', '"hoera*"')
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    return Reader(load(tmp_path))


def rows():
    features = read(list(TEXTS.values()), langs=["nl", "nl", "fr"], direction="sent")
    languages = ["nl", "nl", "fr"]
    return [
        Row(key, text, lang, found)
        for (key, text), lang, found in zip(TEXTS.items(), languages, features, strict=True)
    ]


def test_nothing_is_read_again_while_the_lists_stay():
    found = reread(rows())
    assert (found.moved, found.restamped, found.current_count) == ((), (), 3)


def test_only_what_moved_is_given_and_counted(changed):
    found = reread(rows(), changed)
    assert [key for key, _ in found.moved] == [2]
    assert found.moved[0][1].label != "help_thank"
    assert [key for key, _ in found.restamped] == [1]
    assert found.current_count == 1
    assert found.labels == {("nl", "help_thank", found.moved[0][1].label): 1}


def test_batches_add_up_to_one_line(changed):
    moves = Moves()
    for row in rows():
        moves.add(reread([row], changed))
    assert (moves.read_count, moves.moved_count, moves.labels.total()) == (2, 1, 1)
    assert moves.summary() == (
        "2 own acts read again, 1 of them read differently, 1 have another label"
    )


def test_a_second_time_nothing_moves(changed):
    first = reread(rows(), changed)
    fresh = dict(first.moved + first.restamped)
    again = [replace(row, features=fresh.get(row.key, row.features)) for row in rows()]
    second = reread(again, changed)
    assert (second.moved, second.restamped, second.current_count) == ((), (), 3)
