"""The pictures are valid Vega-Lite, and draw what is known, unknown, silent and in season."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from dashboard import person_parts
from dashboard.calendar_chart import calendar, shade
from dashboard.charts import Spec, hatched
from dashboard.coverage_chart import Strip, coverage
from dashboard.days import Acts, Life, Season, Silence, last_year, weeks_of, year_of, years_of
from dashboard.look import DARK, LIGHT, Look
from dashboard.timeline_chart import timeline
from dashboard.words import words

pytestmark = pytest.mark.local_days

NL = words("nl")
VL_VERSION = "6.4"  # what Streamlit ships
LIFE = Life(
    from_on=date(2023, 1, 1),
    to_on=date(2024, 12, 31),
    acts={date(2024, 3, 4): Acts(own=5, answers=3), date(2024, 10, 14): Acts(own=2)},
    eligible=((date(2023, 3, 1), date(2024, 12, 31)),),
    known=((date(2023, 3, 1), date(2024, 7, 31)), (date(2024, 8, 11), date(2024, 12, 31))),
    seasons=(
        Season(date(2024, 2, 9), date(2024, 6, 9), date(2024, 6, 9), True, True),
        Season(date(2024, 7, 1), date(2024, 10, 13), date(2024, 10, 13), True, True),
        Season(date(2023, 9, 1), date(2023, 11, 22), date(2023, 11, 22), False, True),
    ),
    silences=(
        Silence(date(2023, 6, 1), date(2023, 12, 31), 214, "asleep", True, False, False, False),
        Silence(date(2024, 7, 2), date(2024, 7, 31), 30, "quiet", False, False, True, False),
    ),
)
STRIPS = (
    Strip("An · Bluesky · an.example", "An · Bluesky", (date(2023, 1, 1), date(2024, 12, 31)),
          {"acts": ((date(2023, 5, 1), date(2024, 12, 31)),), "received": ()}),
    Strip("Bo · webfeed · bo.example", "Bo · webfeed", (date(2024, 6, 1), date(2024, 12, 31)),
          {"acts": ((date(2024, 6, 1), date(2024, 12, 31)),)}),
)  # fmt: skip
WINDOW = (LIFE.from_on, LIFE.to_on)


def specs(look: Look = LIGHT) -> Iterator[tuple[str, Spec]]:
    for narrow in (False, True):
        yield f"calendar-{narrow}", calendar(year_of(LIFE, 2024), NL, look, narrow=narrow)
        yield f"timeline-{narrow}", timeline(LIFE, NL, look, narrow=narrow)
        yield f"coverage-{narrow}", coverage(STRIPS, WINDOW, NL, look, narrow=narrow)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    text = files("altair.vegalite.v6.schema").joinpath("vega-lite-schema.json").read_text("utf-8")
    return dict(json.loads(text))


@pytest.mark.parametrize(("name", "spec"), list(specs()))
def test_the_spec_is_valid(name: str, spec: Spec, schema: dict[str, Any]) -> None:
    jsonschema.validate(spec, schema)


@pytest.mark.parametrize("look", [LIGHT, DARK])
@pytest.mark.parametrize("width", [300, 1_100])
def test_the_spec_draws_at_every_width(look: Look, width: int) -> None:
    for name, spec in specs(look):
        svg = vl_convert.vegalite_to_svg(spec | {"width": width}, vl_version=VL_VERSION)
        assert svg.count("<path") > 10, name
        assert "NaN" not in svg, name


def test_the_picture_is_a_picture() -> None:
    spec = timeline(LIFE, NL, LIGHT) | {"width": 600}
    assert vl_convert.vegalite_to_png(spec, vl_version=VL_VERSION)[:4] == b"\x89PNG"


def test_the_version_drawn_here_is_the_one_streamlit_ships() -> None:
    import streamlit

    bundled = Path(streamlit.__file__).parent / "static" / "static" / "js"
    texts = [path.read_text("utf-8") for path in bundled.glob("embed.*.js")]
    assert any(re.search(rf"`{re.escape(VL_VERSION)}\.\d+`", text) for text in texts)
    assert VL_VERSION in vl_convert.get_vegalite_versions()


def _rows(spec: Spec) -> Iterator[dict[str, Any]]:
    for layer in spec["layer"]:
        yield from layer["data"]["values"]


def _texts(spec: Spec) -> set[str]:
    return {str(row["text"]) for row in _rows(spec) if "text" in row}


def test_the_calendar_has_a_square_for_each_day() -> None:
    squares = [row for row in _rows(calendar(year_of(LIFE, 2024), NL, LIGHT)) if "tip" in row]
    assert len(squares) == 366
    assert len({(row["x"], row["y"]) for row in squares}) == 366


def test_both_election_days_of_2024_are_named() -> None:
    texts = _texts(calendar(year_of(LIFE, 2024), NL, LIGHT))
    assert {"stembusdag 9 jun", "stembusdag 13 okt"} <= texts


def test_the_two_seasons_of_2024_do_not_merge() -> None:
    days = {day.on: day.is_season for day in year_of(LIFE, 2024)}
    between = [date(2024, 6, 10) + timedelta(days=n) for n in range(21)]
    assert not any(days[day] for day in between)
    assert days[date(2024, 6, 9)]
    assert days[date(2024, 7, 1)]


def test_an_unknown_day_is_hatched_and_a_silent_one_is_not() -> None:
    spec = calendar(year_of(LIFE, 2024), NL, LIGHT)
    hatch = next(one for one in spec["layer"] if one["mark"].get("color") == LIGHT.hatch)
    known = Life(**{f: getattr(LIFE, f) for f in LIFE.__dataclass_fields__} | {
        "known": ((LIFE.from_on, LIFE.to_on),)})  # fmt: skip
    spec = calendar(year_of(known, 2024), NL, LIGHT)
    no_hatch = next(one for one in spec["layer"] if one["mark"].get("color") == LIGHT.hatch)
    assert len(hatch["data"]["values"]) > 10
    assert no_hatch["data"]["values"] == []


def test_a_day_without_mandate_is_not_unknown() -> None:
    states = {day.on: day.state for day in year_of(LIFE, 2023)}
    assert states[date(2023, 2, 28)] == "not_eligible"
    assert states[date(2023, 3, 1)] == "known"
    assert {day.on: day.state for day in year_of(LIFE, 2024)}[date(2024, 8, 10)] == "unknown"


def test_a_day_with_posts_but_no_answer_has_a_dot() -> None:
    spec = calendar(year_of(LIFE, 2024), NL, LIGHT)
    dots = next(one for one in spec["layer"] if one["mark"].get("shape") == "circle")
    assert len(dots["data"]["values"]) == 1


def test_a_season_that_does_not_count_is_not_shaded() -> None:
    assert not any(day.is_season for day in year_of(LIFE, 2023))
    texts = _texts(timeline(LIFE, NL, LIGHT))
    assert "22 nov" not in texts
    assert {"9 jun", "13 okt"} <= texts


def test_a_winter_sleep_is_named_and_a_possible_silence_is_dashed() -> None:
    spec = timeline(LIFE, NL, LIGHT)
    assert any("winterslaap" in text and "30 weken stil" in text for text in _texts(spec))
    dashed = [one for one in spec["layer"] if one["mark"].get("strokeDash")]
    assert len(dashed[0]["data"]["values"]) == 1
    assert "telt niet" in dashed[0]["data"]["values"][0]["tip"]


def test_on_a_phone_time_runs_down_the_page() -> None:
    wide, narrow = (timeline(LIFE, NL, LIGHT, narrow=narrow) for narrow in (False, True))
    assert narrow["height"] > wide["height"]
    names = {"◀ Zenden", "Praten ▶"}
    assert names <= _texts(narrow)
    assert not names & _texts(wide)


def test_a_week_sums_its_days_and_counts_the_known_ones() -> None:
    weeks = {week.from_on: week for week in weeks_of(LIFE)}
    assert weeks[date(2024, 3, 4)].answers == 3
    assert weeks[date(2024, 3, 4)].sent == 2
    assert weeks[date(2024, 7, 29)].known_days == 3
    assert weeks[date(2024, 8, 5)].known_days == 1
    assert sum(week.sent + week.answers for week in weeks.values()) == 7


def test_a_year_of_a_few_days_has_no_calendar_of_its_own() -> None:
    fields = {name: getattr(LIFE, name) for name in LIFE.__dataclass_fields__}
    assert years_of(Life(**fields | {"to_on": date(2025, 1, 1)})) == [2023, 2024]
    assert years_of(Life(**fields | {"from_on": date(2024, 12, 20)})) == [2024]


def test_weeks_without_a_mandate_are_faint_and_named() -> None:
    fields = {name: getattr(LIFE, name) for name in LIFE.__dataclass_fields__}
    ended = Life(**fields | {"eligible": ((date(2023, 1, 1), date(2023, 12, 31)),)})
    spec = timeline(ended, NL, LIGHT)
    assert "geen mandaat" in _texts(spec)
    assert {row["seen"] for row in _rows(spec) if "seen" in row} == {0.4}
    assert {row["seen"] for row in _rows(timeline(LIFE, NL, LIGHT)) if "seen" in row} == {1.0}
    assert last_year(ended) == 2023


def test_what_an_account_cannot_show_has_no_strip() -> None:
    tips = [row["tip"] for row in _rows(coverage(STRIPS, WINDOW, NL, LIGHT)) if "tip" in row]
    assert any("An" in tip and "ontvangen" in tip for tip in tips)
    assert not any("Bo" in tip and "ontvangen" in tip for tip in tips)


@pytest.mark.parametrize(
    ("answers", "step"),
    [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (8, 4), (9, 5), (400, 5)],
)
def test_the_scale_has_six_steps(answers: int, step: int) -> None:
    assert shade(answers) == step


@given(
    st.floats(-50, 50), st.floats(1, 100), st.floats(-5, 5), st.floats(1, 10), st.floats(0.5, 9),
    st.floats(0.05, 5),
)  # fmt: skip
def test_hatching_stays_in_its_box(
    left: float, width: float, bottom: float, height: float, step: float, slope: float
) -> None:
    lines = list(hatched(left, left + width, bottom, bottom + height, step, slope))
    assert lines
    for line in lines:
        assert left - 1e-6 <= line["x"] < line["x2"] <= left + width + 1e-6
        assert bottom - 1e-6 <= line["y"] <= line["y2"] <= bottom + height + 1e-6


AWAY = Life(
    **{name: getattr(LIFE, name) for name in LIFE.__dataclass_fields__}
    | {
        "absences": ((date(2024, 8, 15), date(2024, 9, 30)),),
        "silences": (
            Silence(
                date(2024, 8, 15), date(2024, 12, 12), 120, "asleep", False, False, False, True
            ),
        ),
    }
)  # fmt: skip


def test_a_documented_absence_is_greyed_and_its_silence_is_not_drawn_as_one() -> None:
    told = [row for row in _rows(timeline(AWAY, NL, LIGHT)) if "tip" in row]
    assert [row["x"] for row in told if row["tip"] == NL("timeline.absence")] == [
        (date(2024, 8, 15) - date(1970, 1, 1)).days
    ]
    assert not [row for row in told if "stil" in row["tip"]]
    assert [row for row in _rows(timeline(LIFE, NL, LIGHT)) if "stil" in row.get("tip", "")]


def test_days_of_a_documented_absence_say_so_in_the_calendar() -> None:
    squares = [row for row in _rows(calendar(year_of(AWAY, 2024), NL, LIGHT)) if "tip" in row]
    grey = [row for row in squares if row["tip"].endswith(NL("timeline.absence"))]
    assert len(grey) == 47
    assert {(row["fill"], row["edge"]) for row in grey} == {("transparent", LIGHT.silence_line)}


BLIND = Life(
    **{name: getattr(LIFE, name) for name in LIFE.__dataclass_fields__}
    | {"blind": ((date(2023, 3, 1), date(2024, 4, 30)),)}
)


def test_a_day_on_which_no_account_showed_replies_is_hatched_and_counts_no_answers() -> None:
    days = {day.on: day for day in year_of(BLIND, 2024)}
    assert days[date(2024, 1, 8)].hides_answers
    assert not days[date(2024, 3, 4)].hides_answers  # an answer was seen all the same
    assert not days[date(2024, 5, 1)].hides_answers
    spec = calendar(year_of(BLIND, 2024), NL, LIGHT)
    told = {row["tip"]: row["fill"] for row in _rows(spec) if "tip" in row}
    [(tip, fill)] = [(tip, fill) for tip, fill in told.items() if " 8 januari 2024" in tip]
    assert NL("card.no_replies_short") in tip
    assert fill == "transparent"


def test_a_week_without_sight_of_replies_has_no_number_of_answers() -> None:
    weeks = {week.from_on: week for week in weeks_of(BLIND)}
    assert weeks[date(2024, 1, 8)].hides_answers
    assert not weeks[date(2024, 3, 4)].hides_answers
    assert not weeks[date(2024, 4, 29)].hides_answers  # seen from Wednesday on
    table = person_parts.weeks_table(weeks_of(BLIND), NL).set_index(NL("week.from"))
    assert table.loc[date(2024, 1, 8)].isna().tolist() == [True, False, False]
    assert table.loc[date(2024, 6, 3), NL("day.answers")] == 0


def test_the_half_of_talking_is_hatched_where_no_reply_could_be_seen() -> None:
    def hatches(life: Life) -> list[dict[str, Any]]:
        spec = timeline(life, NL, LIGHT)
        return [r for one in spec["layer"] if one["mark"].get("color") == LIGHT.hatch
                for r in one["data"]["values"]]  # fmt: skip

    below = [row for row in hatches(BLIND) if row not in hatches(LIFE)]
    assert below
    assert max(row["y2"] for row in below) <= 0
