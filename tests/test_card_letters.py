"""Lines fit their room, and only signs that our fonts have are printed."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts import picture
from dashboard.download import svg, titled
from dashboard.edition.letters import ELLIPSIS, Run, balanced, fitting, printable, width, wrapped
from dashboard.look import LIGHT

LONG = "Inge-Margriet Vandewalle-Van den Bulcke d'Oultremont"
text = st.text(alphabet=st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=120)


def plain(lines: list[tuple[Run, ...]]) -> list[str]:
    return ["".join(run.text for run in line) for line in lines]


@given(text, st.floats(60, 400))
def test_no_line_is_wider_than_its_room(words: str, room: float) -> None:
    for line in wrapped([Run(words)], 14, room):
        assert sum(width(run.text, 14, run.cut) for run in line) <= room + 1e-6


@given(text)
def test_wrapping_loses_nothing_but_spaces(words: str) -> None:
    lines = wrapped([Run(words[:40]), Run(words[40:], "bold")], 14, 150)
    assert "".join(plain(lines)).replace(" ", "") == words.replace(" ", "")


def test_a_long_name_breaks_between_its_parts() -> None:
    assert plain(wrapped([Run(LONG, "bold")], 17, 180)) == [
        "Inge-Margriet",
        "Vandewalle-Van den",
        "Bulcke d'Oultremont",
    ]


def test_a_french_stop_never_begins_a_line() -> None:
    said = [Run("marge de 38 % à 67 % ; au total 26 questions : voilà !")]
    for room in range(90, 300, 7):
        assert not [row for row in plain(wrapped(said, 14, room)) if row[0] in ";:!"]


def test_an_id_stays_whole_unless_it_is_wider_than_its_room() -> None:
    said = [Run("Editie be-vl-2030-voorbeeldstad")]
    assert plain(wrapped(said, 14, 180)) == ["Editie", "be-vl-2030-voorbeeldstad"]
    assert plain(wrapped(said, 14, 100)) == ["Editie be-vl-", "2030-", "voorbeeldstad"]


def test_a_heading_is_broken_into_equal_lines() -> None:
    rows = plain(balanced("Na de stembusgang bleef het hier 34 weken stil", 38, 790, "serif"))
    assert len(rows) == 2
    assert abs(len(rows[0]) - len(rows[1])) < 8


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    cut = fitting(LONG, 20, 150, "bold")
    assert cut.endswith(ELLIPSIS)
    assert width(cut, 20, "bold") <= 150
    assert fitting("Zoë", 20, 150) == "Zoë"


def test_signs_that_our_fonts_lack_are_not_printed() -> None:
    assert printable("Zoë 😀 Ďurišová") == "Zoë  Ďurišová"
    assert printable("عمر").strip() == ""
    assert printable("Zoe\N{COMBINING DIAERESIS}") == "Zoë"
    assert printable("a\tb\u202ec") == "a bc"


def test_a_picture_that_is_taken_along_carries_the_fonts_of_the_cards() -> None:
    spec = titled(picture(LIGHT, [], height=80) | {"mark": "point"}, "Een zin", "Bron", LIGHT)
    spec = {name: part for name, part in spec.items() if name != "layer"}
    drawn = svg(spec).decode()
    assert drawn.count("@font-face") == 2
    assert "font-family=\"'Winterslaap Sans'," in drawn
    assert ET.fromstring(drawn).tag.endswith("svg")
