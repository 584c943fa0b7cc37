"""What the weeks, the days and the strips of a card draw, and what they leave blank."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dashboard.days import Acts, Life, Range, Season, Silence, weeks_of, year_of
from dashboard.edition.drawing import hatches, style
from dashboard.edition.strips import EDGE, Strip, place, strip
from dashboard.edition.weeks import timeline
from dashboard.edition.years import calendar
from dashboard.look import DARK, LIGHT
from dashboard.words import words

NL = words("nl")
FIRST, LAST = date(2023, 1, 1), date(2024, 12, 31)
WHOLE = (FIRST, LAST)
VOTE = date(2024, 10, 13)
SEASON = Season(date(2024, 7, 1), VOTE, VOTE, is_counted=True, is_verified=True)
SILENCE = Silence(
    date(2023, 2, 1), date(2023, 5, 31), 120, "asleep", is_winter_sleep=False, is_at_least=False,
    is_possible=False, is_excused=False,
)  # fmt: skip


def life(**more: object) -> Life:
    acts = {
        date(2024, 1, 8): Acts(3, 2),
        date(2024, 1, 9): Acts(1, 0),
        date(2023, 9, 4): Acts(6, 6),
    }
    plain = Life(FIRST, LAST, acts, (WHOLE,), (WHOLE,), (SEASON,), ())
    return replace(plain, **more)  # type: ignore[arg-type]


def weeks(known: Life, blind: tuple[Range, ...] = (), days: Range | None = None) -> str:
    return timeline(known, weeks_of(known), NL, (790, 172), days, blind=blind).body


def paths(body: str, kind: str) -> int:
    """How many boxes or lines of exactly this class there are."""
    found = re.findall(rf'<path class="{kind}" d="([^"]*)"', body)
    return sum(d.count("M") for d in found)


def test_weeks_stand_for_sending_above_and_talking_below() -> None:
    body = weeks(life())
    assert paths(body, "fs") == 1
    assert paths(body, "fa") == 2
    assert paths(body, "bd") == 1
    assert "13 okt" in body


def test_an_unknown_span_is_hatched_and_has_no_line_of_nothing() -> None:
    known = ((FIRST, date(2023, 12, 31)), (date(2024, 6, 1), LAST))
    body = weeks(life(known=known))
    assert paths(body, "lh") > 10
    assert paths(body, "lz") == 2
    assert NL("timeline.unknown") in body
    assert paths(weeks(life()), "lh") == 0
    assert paths(weeks(life()), "lz") == 1


def test_days_on_which_no_reply_could_be_seen_are_hatched_below_the_line() -> None:
    body = weeks(life(), blind=((FIRST, date(2023, 12, 31)),))
    assert paths(body, "lh") > 10
    assert paths(body, "lz") == 1
    assert NL("card.no_replies") in body


def test_a_silence_is_a_block_and_one_beside_an_unknown_day_has_a_broken_edge() -> None:
    assert paths(weeks(life(silences=(SILENCE,))), "sl") == 1
    possible = weeks(life(silences=(replace(SILENCE, is_possible=True),)))
    assert paths(possible, "sp") == 1
    assert paths(possible, "sl") == 0
    assert "stil" not in possible


def test_a_documented_absence_is_greyed_and_its_silence_is_not_told() -> None:
    excused = replace(SILENCE, is_excused=True)
    body = weeks(life(silences=(excused,), absences=((SILENCE.from_on, SILENCE.to_on),)))
    assert paths(body, "ab") == 1
    assert paths(body, "sl") == 0
    assert "stil" not in body
    assert NL("timeline.absence") in body


def test_a_winter_sleep_is_named() -> None:
    asleep = replace(SILENCE, is_winter_sleep=True)
    assert "17 weken stil" in weeks(life(silences=(asleep,)))
    assert "winterslaap" in weeks(life(silences=(asleep,)))


def test_other_elections_draw_neither_band_nor_line() -> None:
    body = weeks(life(seasons=(replace(SEASON, is_counted=False),)))
    assert paths(body, "bd") == 0
    assert paths(body, "lo") == 0


def test_weeks_without_a_mandate_are_faint_and_named() -> None:
    body = weeks(life(eligible=((date(2024, 1, 1), LAST),), known=((date(2024, 1, 1), LAST),)))
    assert paths(body, "fa faint") == 1
    assert NL("timeline.nothing") in body


def test_a_part_of_the_window_shows_its_own_years_and_the_same_scale() -> None:
    part = weeks(life(), days=(date(2024, 1, 1), LAST))
    assert ">2024<" in part
    assert ">2023<" not in part
    heights = {re.search(r'class="fa" d="M[^v]*v([\d.]+)', body)[1] for body in (part,)}  # type: ignore[index]
    whole = re.findall(r"v([\d.]+)h", re.search(r'class="fa" d="([^"]*)"', weeks(life()))[1])  # type: ignore[index]
    assert heights <= set(whole)


def test_neighbouring_election_days_do_not_write_over_each_other() -> None:
    vote = date(2024, 9, 15)
    near = replace(SEASON, from_on=date(2024, 5, 1), to_on=vote, election_on=vote)
    body = weeks(life(seasons=(near, SEASON)))
    heights = re.findall(r'y="([\d.]+)"[^>]*>(?:15 sep|13 okt)<', body)
    assert len(set(heights)) == 2


def squares(known: Life, *, shows: bool = True, blind: frozenset[date] = frozenset()) -> str:
    return calendar(year_of(known, 2024), NL, 380, shows_answers=shows, blind=blind).body


def test_every_day_of_the_year_is_one_square() -> None:
    body = squares(life())
    season = (VOTE - SEASON.from_on).days + 1
    assert paths(body, "c2") == 1
    assert paths(body, "cs") == season
    assert paths(body, "c0") == 366 - 1 - season
    assert paths(body, "fs") == 1  # a day on which something was sent and nobody answered
    assert paths(body, "lo") == 1
    assert paths(body, "lh") == 0
    assert "2 antwoorden aan inwoners" in body


def test_an_unknown_day_is_hatched_and_not_zero() -> None:
    known = ((FIRST, date(2024, 2, 29)), (date(2024, 3, 3), LAST))
    body = squares(life(known=known))
    assert paths(body, "lh") == 2 * 2
    assert paths(body, "c0") == paths(squares(life()), "c0") - 2
    assert "2 dagen onbekend" in body


def test_a_day_without_sight_of_replies_is_not_zero_either() -> None:
    blind = frozenset({date(2024, 3, 1), date(2024, 7, 2)})
    body = squares(life(), blind=blind)
    assert paths(body, "lh") == 2 * 2
    assert paths(body, "bd") == 1
    assert paths(body, "cs") == paths(squares(life()), "cs") - 1


def test_a_year_without_sight_of_replies_tells_no_count_of_answers() -> None:
    days = frozenset(FIRST + timedelta(days=n) for n in range(800))
    silent = life(acts={date(2024, 1, 9): Acts(1, 0)})
    body = squares(silent, blind=days)
    assert NL("card.no_replies_short") in body
    assert "antwoorden aan" not in body
    assert paths(body, "c0") == 0


def test_accounts_that_show_no_replies_show_what_was_sent_instead() -> None:
    body = squares(life(), shows=False)
    assert paths(body, "fs q3") == 1  # three own posts on a day
    assert "4 eigen berichten" in body
    assert "antwoord" not in body


def test_an_absent_day_is_greyed_unless_something_was_done() -> None:
    body = squares(life(absences=((date(2024, 1, 8), date(2024, 1, 10)),)))
    assert paths(body, "ab") == 2
    assert paths(body, "c2") == 1


def test_a_year_without_a_mandate_says_so_and_draws_nothing() -> None:
    body = squares(life(eligible=((FIRST, date(2023, 12, 31)),), seasons=(), acts={}))
    assert NL("timeline.nothing") in body
    assert "<path" not in body


def test_hatching_stays_inside_its_box() -> None:
    for box in ((10.0, 5.0, 50.0, 30.0), (0.0, 0.0, 0.4, 100.0), (3.0, 3.0, 200.0, 2.0)):
        left, top, wide, high = box
        drawn = list(hatches(box))
        assert drawn
        for x, y, right, up in drawn:
            assert left - 1e-9 <= x
            assert x + right <= left + wide + 1e-9
            assert top - 1e-9 <= y + up
            assert y <= top + high + 1e-9
            assert right == pytest.approx(-up)


def test_a_strip_places_shares_and_factors_and_keeps_the_ends() -> None:
    assert place("share", 0.5) == 0.5
    assert place("times", 1) == pytest.approx(1 / 3)
    assert place("times", 999) == 1
    assert place("times", 0) == 0


def test_a_strip_without_a_value_shows_peers_and_no_person() -> None:
    one = Strip("share", "Zoë", None, None, None, peers=(0.2, 0.4), median=0.3)
    body = strip(one, NL, 240).body
    assert body.count('class="fp"') == 2
    assert "Zoë" not in body
    assert "ring" not in body


def test_a_person_at_the_end_of_a_strip_keeps_the_name_inside() -> None:
    body = strip(Strip("share", "Inge-Margriet", 1.0, 0.97, 1.0), NL, 240).body
    x = float(re.search(r'class="a b mid" x="([\d.]+)"', body)[1])  # type: ignore[index]
    assert x < 240 - EDGE


def test_in_season_the_shape_differs_as_well_as_the_colour() -> None:
    season = strip(Strip("share", "Zoë", 0.5, 0.4, 0.6, color="o"), NL, 240).body
    usual = strip(Strip("share", "Zoë", 0.5, 0.4, 0.6, color="a"), NL, 240).body
    assert "<circle" not in season
    assert "<circle" in usual


def test_both_themes_colour_every_class_that_is_drawn() -> None:
    known = life(
        silences=(SILENCE, replace(SILENCE, is_possible=True)),
        absences=((date(2023, 7, 1), date(2023, 8, 1)),),
        known=((FIRST, date(2024, 2, 1)),),
    )
    drawn = weeks(known) + squares(known) + squares(known, shows=False)
    drawn += strip(Strip("share", "Z", 0.5, 0.4, 0.6, (0.1,), 0.2), NL, 240).body
    classes = {one for many in re.findall(r'class="([^"]+)"', drawn) for one in many.split()}
    for look in (LIGHT, DARK):
        sheet = style(look)
        assert {one for one in classes if f".{one}{{" not in sheet} <= {"q5"}
