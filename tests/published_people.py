"""Invented people for the published copy of the tests: what they post, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

FROM, TO = date(2019, 1, 1), date(2025, 1, 1)
LOCAL_2024 = ("be-vlg-local-2024", date(2024, 7, 1), date(2024, 10, 13))
NATIONAL_2024 = ("be-general-2024", date(2024, 2, 9), date(2024, 6, 9))
NATIONAL_2019 = ("be-general-2019", date(2019, 1, 26), date(2019, 5, 26))
ONE_DAY = timedelta(days=1)
Habit = Callable[[date, bool], tuple[float, float]]


@dataclass(frozen=True)
class Invented:
    """A person who does not exist: what they post, and what is known of it."""

    slug: str
    name: str
    party: str
    habit: Habit
    office: str = "councillor"
    municipality: str = "Voorbeeldstad"
    platforms: tuple[str, ...] = ("bluesky",)
    elections: tuple[tuple[str, date, date], ...] = (NATIONAL_2019, NATIONAL_2024, LOCAL_2024)
    eligible: tuple[date, date] = (FROM, TO - ONE_DAY)
    unknown: tuple[tuple[date, date], ...] = ()
    shows_replies: bool = True
    reasons: dict[str, str] = field(default_factory=dict)
    answers: tuple[float, float] | None = (0.5, 0.6)
    askers: tuple[int, int] = (60, 25)
    is_excused: bool = False


def _steady(posts: float, talks: float) -> Habit:
    return lambda day, in_season: (posts, talks)


def _in_season(quiet: tuple[float, float], loud: tuple[float, float]) -> Habit:
    return lambda day, in_season: loud if in_season else quiet


def sleeper(day: date, in_season: bool) -> tuple[float, float]:
    if date(2019, 5, 30) <= day <= date(2020, 1, 25):
        return (0, 0)
    return (0.9, 0.6) if in_season else (0.12, 0.1)


def is_possibly_silent(day: date, in_season: bool) -> tuple[float, float]:
    return (0, 0) if date(2024, 6, 12) <= day <= date(2024, 9, 20) else (0.3, 0.1)


PEOPLE = (
    Invented(
        "amber-stroobants",
        "Amber Stroobants",
        "Samen Plein",
        _steady(0.35, 0.5),
        "alderman",
        answers=(0.82, 0.79),
        askers=(180, 60),
    ),
    Invented(
        "bram-de-winter",
        "Bram De Winter",
        "Lijst Duin",
        sleeper,
        answers=(0.21, 0.56),
        askers=(90, 62),
    ),
    Invented(
        "chloe-vanpiek",
        "Chloë Vanpiek",
        "Samen Plein",
        _in_season((0.08, 0.05), (0.9, 0.5)),
        answers=(0.33, 0.61),
        askers=(44, 48),
    ),
    Invented(
        "dirk-zender",
        "Dirk Zender",
        "Groen & Dorp",
        _steady(0.7, 0.004),
        "mayor",
        answers=(0.04, 0.06),
        askers=(140, 40),
    ),
    Invented(
        "elif-feedman",
        "Elif Feedman",
        "Lijst Duin",
        _steady(0.1, 0),
        platforms=("feeds",),
        shows_replies=False,
        answers=None,
        reasons={
            "answer_rate": "not_observable",
            "conversation": "not_observable",
            "burst_replies": "not_observable",
            "talk_presence": "not_observable",
        },
    ),
    Invented(
        "femke-nieuw",
        "Femke Nieuw",
        "Groen & Dorp",
        _steady(0.5, 0.2),
        eligible=(date(2024, 9, 1), TO - ONE_DAY),
        elections=(LOCAL_2024,),
        askers=(6, 4),
        reasons={
            "presence": "no_coverage",
            "burst_acts": "too_short",
            "burst_replies": "too_short",
            "answer_rate": "too_few",
        },
    ),
    Invented(
        "gust-ongevraagd",
        "Gust Ongevraagd",
        "Lijst Duin",
        _steady(0.25, 0.05),
        reasons={"answer_rate": "nobody_asked"},
        answers=None,
    ),
    Invented(
        "hanne-onbekend",
        "Hanne Onbekend",
        "Samen Plein",
        is_possibly_silent,
        unknown=((date(2019, 1, 1), date(2022, 3, 14)), (date(2024, 8, 1), date(2024, 8, 20))),
        reasons={"presence": "no_coverage"},
        platforms=("bluesky", "mastodon"),
    ),
    Invented(
        "ilse-zelden",
        "Ilse Zelden",
        "Groen & Dorp",
        _steady(0.012, 0.002),
        "mp",
        municipality="Proefdorp",
        elections=(NATIONAL_2019, NATIONAL_2024),
        askers=(4, 2),
        reasons={
            "answer_rate": "too_few",
            "burst_acts": "too_few",
            "burst_replies": "too_few",
            "conversation": "too_few",
        },
    ),
    Invented(
        "jef-zonder-stembus",
        "Jef Zonder Stembus",
        "Lijst Duin",
        _steady(0.3, 0.2),
        municipality="Proefdorp",
        elections=(),
        reasons={"burst_acts": "no_season", "burst_replies": "no_season"},
    ),
    Invented(
        "kaat-ziek",
        "Kaat Ziek",
        "Samen Plein",
        sleeper,
        municipality="Proefdorp",
        is_excused=True,
        answers=(0.4, 0.45),
        askers=(20, 12),
    ),
)
