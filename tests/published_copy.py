"""A small published copy with invented people, for tests of what pages read and show.

Every reason code, unknown days, the two seasons of 2024, a published winter sleep
and one that is only possible are in it. The numbers are made up by simple rules:
what the models compute is tested elsewhere.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from pathlib import Path

from metrics import contract
from tests import published_more
from tests.published_numbers import Copy, acts, metrics, pillars
from tests.published_people import (
    FROM,
    LOCAL_2024,
    NATIONAL_2019,
    NATIONAL_2024,
    ONE_DAY,
    PEOPLE,
    TO,
    Invented,
    is_possibly_silent,
    sleeper,
)

__all__ = ["PEOPLE", "build"]

GOALPOSTS = {
    "presence_full": "0.9",
    "burst_zero": "8.0",
    "conversation_full": "0.5",
    "answering_full": "0.9",
    "return_full": "0.5",
    "score_floor": "10.0",
}


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)  # type: ignore[misc]


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
    if who.habit is sleeper:
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
    if who.habit is is_possibly_silent:
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
        contract_version=contract.VERSION,
        is_invented=is_invented,
        last_collected_at=_utc(2025, 1, 2, 6, 2),
    )
    copy.add(
        "param",
        name="answer_window_days",
        value="14",
        description="Days within which an answer counts.",
    )
    copy.add("param", name="presence_gate_weeks", value="26", description="Covered weeks needed.")
    for name, value in GOALPOSTS.items():
        copy.add("param", name=name, value=value, description="For the points.")
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
            total = acts(copy, again, dice)
            metrics(copy, again, total)
            published_more.add(copy, again, total["talk_off"] / max(1.0, total["off"]))
            _spells(copy, again)
            pillars(copy, again)
    published_more.peers(copy)
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
