"""A small published copy with invented people, for tests of what pages read and show.

Every reason code, unknown days, the two seasons of 2024, a published winter sleep
and one that is only possible are in it. The numbers are made up by simple rules:
what the models compute is tested elsewhere.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

FROM, TO = date(2019, 1, 1), date(2025, 1, 1)
LOCAL_2024 = ("be-vlg-local-2024", date(2024, 7, 1), date(2024, 10, 13))
NATIONAL_2024 = ("be-general-2024", date(2024, 2, 9), date(2024, 6, 9))
NATIONAL_2019 = ("be-general-2019", date(2019, 1, 26), date(2019, 5, 26))
ONE_DAY = timedelta(days=1)
Habit = Callable[[date, bool], tuple[float, float]]


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)  # type: ignore[misc]


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


def _sleeper(day: date, in_season: bool) -> tuple[float, float]:
    if date(2019, 5, 30) <= day <= date(2020, 1, 25):
        return (0, 0)
    return (0.9, 0.6) if in_season else (0.12, 0.1)


def _possible(day: date, in_season: bool) -> tuple[float, float]:
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
        _sleeper,
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
        _possible,
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
        _sleeper,
        municipality="Proefdorp",
        is_excused=True,
        answers=(0.4, 0.45),
        askers=(20, 12),
    ),
)


def _days(begin: date, end: date) -> Iterator[date]:
    for number in range((end - begin).days + 1):
        yield begin + timedelta(days=number)


def _interval(rate: float, n: float) -> tuple[float, float]:
    margin = 1.645 * math.sqrt(max(rate * (1 - rate), 0.02) / max(n, 1))
    return max(0.0, rate - margin), min(1.0, rate + margin)


def _poisson(dice: random.Random, mean: float) -> int:
    count, chance = 0, math.exp(-mean)
    product = dice.random()
    while product > chance:
        count += 1
        product *= dice.random()
    return count


class Copy:
    """The rows of a published copy, table by table."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def add(self, table: str, **values: Any) -> None:
        self.rows.setdefault(table, []).append(values)

    def write(self, path: Path) -> None:
        with duckdb.connect(str(path)) as con:
            con.execute(Path(__file__).with_name("published_copy.sql").read_text("utf-8"))
            for table, rows in self.rows.items():
                frame = pd.DataFrame(rows)
                columns = ", ".join(f'"{name}"' for name in frame.columns)
                con.register("rows", frame)
                con.execute(f"insert into {table} ({columns}) select {columns} from rows")
                con.unregister("rows")


def _season_of(who: Invented, day: date) -> bool:
    return any(begin <= day <= end for _, begin, end in who.elections)


def _is_known(who: Invented, day: date) -> bool:
    return not any(begin <= day <= end for begin, end in who.unknown)


def _acts(copy: Copy, who: Invented, dice: random.Random) -> dict[str, float]:
    total = dict.fromkeys(("in", "off", "talk_in", "talk_off", "days_in", "days_off"), 0.0)
    weeks: dict[int, tuple[bool, bool]] = {}
    for day in _days(*who.eligible):
        in_season = _season_of(who, day)
        if not _is_known(who, day):
            continue
        posts, talks = (_poisson(dice, mean) for mean in who.habit(day, in_season))
        phase = "in" if in_season else "off"
        total[phase] += posts + talks
        total["talk_" + phase] += talks
        total["days_" + phase] += 1
        week = (day - FROM).days // 7
        if not in_season:
            acted, talked = weeks.get(week, (False, False))
            weeks[week] = (acted or posts + talks > 0, talked or talks > 0)
        questions = _poisson(dice, 0.08 if who.shows_replies else 0)
        if posts + talks + questions:
            copy.add(
                "day",
                person_id=who.slug,
                on_day=day,
                own_acts=posts + talks,
                posts=posts,
                replies=talks,
                citizen_replies=talks,
                quotes=0,
                reposts=0,
                threads=0,
                received=questions * 2,
                questions=questions,
            )
    total["weeks"] = len(weeks)
    total["active"] = sum(acted for acted, _ in weeks.values())
    total["talking"] = sum(talked for _, talked in weeks.values())
    return total


def _metric(
    copy: Copy, who: Invented, name: str, phase: str, rate: float | None, n: float, **more: Any
) -> None:
    reason = who.reasons.get(name)
    known = (who.eligible[1] - who.eligible[0]).days
    low, high = (None, None) if rate is None else _interval(rate, n)
    row = {
        "value": rate,
        "low": low,
        "high": high,
        "numerator": round((rate or 0) * n),
        "denominator": round(n),
        "word": None,
        "is_comparable": n >= 30,
    } | more
    if reason is not None:
        row |= {"value": None, "low": None, "high": None, "word": None, "is_comparable": False}
    copy.add(
        "metric",
        person_id=who.slug,
        metric=name,
        phase=phase,
        effective_n=float(round(0.6 * n) if name == "answer_rate" else n),
        covered_days=known,
        from_on=who.eligible[0],
        to_on=who.eligible[1],
        reason=reason,
        **row,
    )


def _burst(
    copy: Copy, who: Invented, name: str, n_in: float, n_off: float, e_in: float, e_off: float
) -> None:
    b = math.log((n_in + 0.5) / max(e_in, 1)) - math.log((n_off + 0.5) / max(e_off, 1))
    margin = 1.645 * math.sqrt(2 / (n_in + 0.5) + 2 / (n_off + 0.5))
    low, high = math.exp(b - margin), math.exp(b + margin)
    word = "not_clear"
    if low > 1.5:
        word = "campaign_burst"
    elif high < 1 / 1.5:
        word = "quieter_in_season"
    elif low > 1 / 1.5 and high < 1.5:
        word = "steady"
    _metric(
        copy,
        who,
        name,
        "all",
        math.exp(b),
        n_in + n_off,
        low=low,
        high=high,
        word=word,
        numerator=int(n_in),
        denominator=int(n_off),
    )


def _metrics(copy: Copy, who: Invented, total: dict[str, float]) -> None:
    weeks = total["weeks"]
    _metric(copy, who, "presence", "off_season", total["active"] / max(weeks, 1), weeks)
    _metric(copy, who, "talk_presence", "off_season", total["talking"] / max(weeks, 1), weeks)
    _burst(copy, who, "burst_acts", total["in"], total["off"], total["days_in"], total["days_off"])
    _burst(
        copy,
        who,
        "burst_replies",
        total["talk_in"],
        total["talk_off"],
        total["days_in"],
        total["days_off"],
    )
    for phase, part in (("off_season", "off"), ("season", "in")):
        acts = total[part]
        rate = total["talk_" + part] / acts if acts else None
        _metric(copy, who, "conversation", phase, rate, acts)
    for phase, which in (("off_season", 0), ("season", 1)):
        rate = who.answers[which] if who.answers else None
        n = who.askers[which] if who.answers else 0
        _metric(copy, who, "answer_rate", phase, rate, n)
    for days, share in ((1, 0.5), (3, 0.7), (7, 0.9), (14, 1.0)):
        rate = who.answers[0] * share if who.answers else None
        _metric(copy, who, f"answered_within_{days}d", "off_season", rate, who.askers[0])


def _spells(copy: Copy, who: Invented) -> None:
    nothing = {
        "is_winter_sleep": False,
        "is_candidate": False,
        "is_at_least": False,
        "is_possible": False,
        "is_excused": False,
        "election_id": None,
        "days_to_next_election": None,
        "p_value": None,
        "reason": None,
        "kind": "silent",
        "level": "asleep",
        "person_id": who.slug,
    }
    if who.habit is _sleeper:
        copy.add(
            "spell",
            **nothing
            | {
                "from_on": date(2019, 5, 30),
                "to_on": date(2020, 1, 25),
                "days": 241,
                "is_winter_sleep": not who.is_excused,
                "is_candidate": not who.is_excused,
                "is_excused": who.is_excused,
                "election_id": NATIONAL_2019[0],
                "days_to_next_election": 1596,
                "p_value": 0.0003,
            },
        )
    if who.habit is _possible:
        copy.add(
            "spell",
            **nothing
            | {
                "from_on": date(2024, 6, 12),
                "to_on": date(2024, 7, 31),
                "days": 50,
                "level": "quiet",
                "is_possible": True,
                "election_id": NATIONAL_2024[0],
                "reason": "possible",
            },
        )
    if who.slug == "ilse-zelden":
        copy.add(
            "spell",
            **nothing
            | {
                "from_on": date(2024, 6, 15),
                "to_on": date(2024, 12, 31),
                "days": 200,
                "is_candidate": True,
                "is_at_least": True,
                "election_id": NATIONAL_2024[0],
                "p_value": 0.4,
                "reason": "rarely_present",
            },
        )


def _known_spans(who: Invented) -> list[tuple[date, date]]:
    begin, spans = who.eligible[0], []
    for first, last in sorted(who.unknown):
        if first > begin:
            spans.append((begin, first - ONE_DAY))
        begin = max(begin, last + ONE_DAY)
    if begin <= who.eligible[1]:
        spans.append((begin, who.eligible[1]))
    return spans


def _accounts(copy: Copy, who: Invented) -> None:
    for platform in who.platforms:
        account_id, failed = f"{who.slug}-{platform}", who.slug == "hanne-onbekend"
        copy.add(
            "account",
            account_id=account_id,
            person_id=who.slug,
            platform=platform,
            handle=f"{who.slug}.voorbeeld.example",
            run_by="self",
            valid_from_on=who.eligible[0],
            valid_to_on=None,
            status="active",
            shows_acts=True,
            shows_replies=who.shows_replies,
            shows_received=who.shows_replies,
            shows_mentions=False,
            first_covered_on=who.eligible[0],
            last_covered_on=who.eligible[1],
            last_run_at=_utc(2025, 1, 2, 6, 0),
            last_run_status="failed" if failed else "complete",
            last_message=None,
            last_error="SourceUnavailable" if failed else None,
        )
        for stream in ("acts", "received") if who.shows_replies else ("acts",):
            for begin, end in _known_spans(who):
                copy.add(
                    "coverage",
                    account_id=account_id,
                    stream=stream,
                    from_on=begin,
                    to_on=end,
                    proof="listing_to_end",
                    seen_at=_utc(2025, 1, 2, 6, 0),
                )
    if who.slug == "hanne-onbekend":
        copy.add(
            "problem",
            run_id="r2",
            account_id="hanne-onbekend-mastodon",
            person_id=who.slug,
            source="mastodon",
            status="failed",
            error="SourceUnavailable",
            message="mastodon · hanne@voorbeeld.example: no answer in 20 s → run collect again",
            ended_at=_utc(2025, 1, 2, 6, 1),
        )


def _person(copy: Copy, who: Invented) -> None:
    spans = _known_spans(who)
    known = sum((end - begin).days + 1 for begin, end in spans)
    copy.add(
        "person",
        person_id=who.slug,
        name=who.name,
        municipality=who.municipality,
        party=who.party,
        office=who.office,
        level="local" if who.office != "mp" else "national",
        jurisdiction="BE-VLG",
        language="nl",
        is_invented=True,
        eligible_days=(who.eligible[1] - who.eligible[0]).days + 1,
        covered_days=known,
        received_covered_days=known if who.shows_replies else 0,
        first_covered_on=spans[0][0],
        last_covered_on=spans[-1][1],
        shows_replies=who.shows_replies,
        shows_received=who.shows_replies,
        platforms="+".join(who.platforms),
    )
    copy.add(
        "span", person_id=who.slug, kind="eligible", from_on=who.eligible[0], to_on=who.eligible[1]
    )
    for begin, end in spans:
        copy.add("span", person_id=who.slug, kind="covered", from_on=begin, to_on=end)
    if who.is_excused:
        copy.add(
            "span",
            person_id=who.slug,
            kind="absence",
            from_on=date(2019, 6, 1),
            to_on=date(2020, 1, 15),
        )
    for election_id, begin, end in (NATIONAL_2019, NATIONAL_2024, LOCAL_2024):
        copy.add(
            "season",
            person_id=who.slug,
            election_id=election_id,
            from_on=begin,
            to_on=end,
            election_on=end,
            rule="legal",
            is_counted=any(election_id == e[0] for e in who.elections),
            is_verified=election_id != "be-general-2019" or who.slug != "kaat-ziek",
        )


GOALPOSTS = {
    "presence": ("presence", 0.9),
    "conversation": ("conversation", 0.5),
    "answering": ("answer_rate", 0.9),
}


def _pillars(copy: Copy, who: Invented) -> None:
    points = {}
    mine = [row for row in copy.rows["metric"] if row["person_id"] == who.slug]
    for pillar, (name, goal) in GOALPOSTS.items():
        row = next(r for r in mine if r["metric"] == name and r["phase"] == "off_season")
        value = row["value"]
        if value is not None:
            points[pillar] = min(100.0, 100 * value / goal)
        low, high = (
            min(100.0, 100 * row[side] / goal) if value is not None else None
            for side in ("low", "high")
        )
        copy.add(
            "pillar",
            person_id=who.slug,
            pillar=pillar,
            value=value,
            points=points.get(pillar),
            low=low,
            high=high,
            reason=row["reason"],
        )
    burst = next(r for r in mine if r["metric"] == "burst_acts")
    if burst["value"] is not None:
        points["steadiness"] = max(
            0.0, 100 - 100 * max(0.0, math.log(burst["value"])) / math.log(8)
        )
    copy.add(
        "pillar",
        person_id=who.slug,
        pillar="steadiness",
        value=burst["value"],
        points=points.get("steadiness"),
        low=None,
        high=None,
        reason=burst["reason"],
    )
    _score(copy, who, points)


def _score(copy: Copy, who: Invented, points: dict[str, float]) -> None:
    nothing = dict.fromkeys(("score", "low", "high", "p_a", "p_b", "p_c", "p_d", "p_e"))
    if "presence" not in points or len(points) < 3:
        reason = who.reasons.get("presence", who.reasons.get("answer_rate", "too_few"))
        copy.add(
            "score",
            person_id=who.slug,
            pillars="+".join(sorted(points)),
            band="none",
            reason=reason,
            **nothing,
        )
        return
    score = math.exp(sum(math.log(p + 10) for p in points.values()) / len(points)) - 10
    band = "ABCDE"[4 - min(4, int(score // 20))]
    copy.add(
        "score",
        person_id=who.slug,
        score=score,
        low=max(0, score - 6),
        high=min(100, score + 6),
        pillars="+".join(sorted(points)),
        **{f"p_{letter.lower()}": float(letter == band) for letter in "ABCDE"},
        band="A/B" if band == "B" else band,
        reason=None,
    )


def _frame(copy: Copy, is_invented: bool) -> None:
    copy.add(
        "run",
        run_id="2025-01-02-1",
        method_version="1",
        code_version="0.1.0",
        built_at=_utc(2025, 1, 2, 7, 0),
        window_from_on=FROM,
        window_to_on=TO,
        data_hash="0" * 16,
        is_invented=is_invented,
        last_collected_at=_utc(2025, 1, 2, 6, 2),
    )
    copy.add(
        "param", name="answer_days", value="14", description="Days within which an answer counts."
    )
    copy.add("param", name="presence_gate_weeks", value="26", description="Covered weeks needed.")
    for number, status in ((1, "complete"), (2, "incomplete")):
        copy.add(
            "collect_run",
            run_id=f"r{number}",
            began_at=_utc(2025, 1, number, 6, 0),
            ended_at=_utc(2025, 1, number, 6, 2),
            status=status,
            account_count=12,
            post_count=900 * number,
            received_count=400,
            request_count=80,
        )


def build(data_dir: Path, *, copies: int = 1, is_invented: bool = True, name: str = "a") -> Path:
    """A published copy under `data_dir`, ready to be read; `copies` repeats everybody."""
    copy = Copy()
    _frame(copy, is_invented)
    for number in range(copies):
        dice = random.Random(11 + number)
        for who in PEOPLE:
            again = who if not number else _renamed(who, number)
            _person(copy, again)
            _accounts(copy, again)
            _metrics(copy, again, _acts(copy, again, dice))
            _spells(copy, again)
            _pillars(copy, again)
    published = data_dir / "published"
    published.mkdir(parents=True, exist_ok=True)
    path = published / f"{name}.duckdb"
    path.unlink(missing_ok=True)
    copy.write(path)
    (published / "latest").write_text(path.name, "utf-8")
    return path


def _renamed(who: Invented, number: int) -> Invented:
    return Invented(
        **{
            **{name: getattr(who, name) for name in who.__dataclass_fields__},
            "slug": f"{who.slug}-{number}",
            "name": f"{who.name} {number}",
            "municipality": f"Gehucht {number % 12}",
        }
    )
