"""The SQL models: their files, and stories about one person told through inputs.sql."""

from __future__ import annotations

import re
from datetime import date

import duckdb
import pytest

from metrics import models, publish
from metrics.errors import ModelError
from tests.council import BOB, EVE, FIRST, PARTY, Council, on

pytestmark = pytest.mark.local_days

# Functions that mean the same on DuckDB and on Spark.
PORTABLE = {"abs", "cast", "coalesce", "concat", "count", "greatest", "lag", "lead", "least"}
PORTABLE |= {"max", "min", "nullif", "row_number", "substr", "sum"}
SYNTAX = {"and", "as", "by", "distinct", "in", "join", "not", "on", "or", "over", "when", "select"}
SYNTAX |= {"between", "case", "exists", "from", "then", "where", "with"}


# --- files -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(models.all_models()))
def test_a_model_uses_only_functions_that_both_engines_compute_alike(name: str) -> None:
    sql = re.sub(r"'[^']*'", "''", models.all_models()[name].sql.lower())
    called = set(re.findall(r"\b([a-z_]\w*)\s*\(", sql)) - SYNTAX
    assert called <= PORTABLE


@pytest.mark.parametrize("name", sorted(models.all_models()))
def test_a_model_avoids_what_the_engines_read_differently(name: str) -> None:
    sql = models.all_models()[name].sql
    for trap in (
        r"::",
        r"//",
        r'"',
        r"\bqualify\b",
        r"\busing\b",
        r"\bgroup by all\b",
        r"%",
        r" / (?!nullif\()",
    ):
        assert not re.search(trap, sql), trap


def test_models_come_after_what_they_read() -> None:
    everything = models.all_models()
    order = [model.name for model in models.in_order(everything)]
    for name, model in everything.items():
        for read in model.reads & everything.keys():
            assert order.index(read) < order.index(name)


def test_models_that_read_each_other_are_refused() -> None:
    def model(name: str, reads: str) -> models.Model:
        return models.Model(name, "staging", "t", "g", {}, "", frozenset([reads]))

    with pytest.raises(ModelError, match="read each other"):
        models.in_order({"a": model("a", "b"), "b": model("b", "a")})


def test_a_model_that_does_not_run_names_itself() -> None:
    bad = models.Model("bad", "staging", "t", "g", {"x": "x"}, "select y", frozenset())
    with pytest.raises(ModelError, match=r"^model bad: "):
        models.create(duckdb.connect(), bad)


def test_a_description_of_no_column_is_refused() -> None:
    bad = models.Model("bad", "staging", "t", "g", {"y": "?"}, "select 1 as x", frozenset())
    with pytest.raises(ModelError, match="describes y"):
        models.create(duckdb.connect(), bad)


def test_an_unknown_choice_is_refused() -> None:
    with pytest.raises(ModelError, match="no choice named answer_dais"):
        models.prepare(duckdb.connect(), start_day=0, end_day=9, answer_dais=3)


def test_every_column_of_every_model_is_described() -> None:
    council = Council()
    council.person()
    con = council.score().con
    names = [*models.all_models(), "params"]
    missing = con.execute(
        "select table_name, column_name from duckdb_columns() "
        "where comment is null and list_contains(?, table_name)",
        [names],
    ).fetchall()
    assert missing == []
    undescribed = con.execute(
        "select table_name from duckdb_tables() "
        "where comment is null and list_contains(?, table_name)",
        [names],
    ).fetchall()
    assert undescribed == []


def test_weeks_begin_on_monday_and_blocks_hold_four() -> None:
    con = duckdb.connect()
    models.prepare(con, start_day=FIRST + 2, end_day=FIRST + 60)
    days = con.execute("select day, week, block, month, year from days order by day").fetchall()
    assert days[0] == (FIRST + 2, 0, 0, 1, 2021)
    assert [day for day, week, *_ in days if week == 1] == list(range(FIRST + 7, FIRST + 14))
    assert min(day for day, _, block, *_ in days if block == 1) == FIRST + 28


def test_everything_is_there_for_a_council_without_anything() -> None:
    scored = Council().score()
    assert scored.rows("select * from metric") == []
    assert scored.rows("select * from score") == []


def test_a_person_without_accounts_has_reasons_everywhere() -> None:
    council = Council()
    council.person()
    scored = council.score()
    reasons = {r["reason"] for r in scored.rows("select reason from metric")}
    assert None not in reasons
    assert scored.metric("presence")["reason"] == "no_coverage"
    assert scored.metric("conversation")["reason"] == "not_observable"
    assert scored.metric("answer_rate")["reason"] == "not_observable"
    assert scored.rows("select score, band, reason from score") == [
        {"score": None, "band": "none", "reason": "no_coverage"}
    ]


# --- days ------------------------------------------------------------------------------


def test_an_unknown_day_of_one_account_makes_the_person_day_unknown() -> None:
    council = Council(days=20)
    council.person()
    council.account(1)
    council.account(2, known=(0, 4))
    council.known(2, 8, 30)
    assert [s[:4] for s in council.score().segments()] == [
        (0, 4, True, True), (5, 7, True, False), (8, 19, True, True),
    ]  # fmt: skip


def test_a_campaign_account_neither_covers_nor_uncovers_a_day() -> None:
    council = Council(days=20)
    council.person()
    council.account(1, known=(0, 9))
    council.account(2, run_by="campaign", known=None)
    assert [s[:4] for s in council.score().segments()] == [
        (0, 9, True, True), (10, 19, True, False),
    ]  # fmt: skip


def test_days_before_an_account_existed_need_no_account() -> None:
    council = Council(days=20)
    council.person()
    council.account(1)
    council.account(2, first=10, known=(10, 30))
    assert [s[:4] for s in council.score().segments()] == [
        (0, 9, True, True), (10, 19, True, True),
    ]  # fmt: skip


def test_no_account_is_not_silence() -> None:
    council = Council(days=20)
    council.person()
    council.account(1, first=12, known=(-1000, 5000))
    assert [s[:4] for s in council.score().segments()] == [
        (0, 11, True, False), (12, 19, True, True),
    ]  # fmt: skip


def test_an_account_that_shows_no_acts_does_not_cover() -> None:
    council = Council(days=20)
    council.person()
    council.account(1, acts=False)
    assert [s[3] for s in council.score().segments()] == [False]


def test_overlapping_and_touching_spans_are_one() -> None:
    council = Council(days=20)
    council.person()
    council.account(1, known=(0, 5))
    council.known(1, 3, 9)
    council.known(1, 10, 12)
    council.known(1, 3, 4)
    scored = council.score()
    spans = scored.rows("select from_on, to_on from span where kind = 'covered'")
    assert spans == [{"from_on": on(0), "to_on": on(12)}]


def test_mandates_make_days_eligible_and_without_any_the_accounts_do() -> None:
    council = Council(days=20)
    council.person(1, mandate=False)
    council.mandate(1, 5, 8)
    council.mandate(1, 8, 11)
    council.person(2, mandate=False)
    council.account(1, 1)
    council.account(2, 2, first=3, last=6)
    council.account(3, 2, first=6, last=9, run_by="office")
    council.account(4, 2, run_by="party")
    spans = council.score().rows(
        "select person_id, from_on, to_on from span where kind = 'eligible' order by 1"
    )
    assert [(s["person_id"], s["from_on"], s["to_on"]) for s in spans] == [
        ("p1", on(5), on(11)), ("p2", on(3), on(9)),
    ]  # fmt: skip


def test_absences_are_shown_inside_the_window() -> None:
    council = Council(days=20)
    council.person()
    council.add("absences", person_key=1, first_day=FIRST - 9, last_day=FIRST + 3)
    (span,) = council.score().rows("select * from span where kind = 'absence'")
    assert (span["from_on"], span["to_on"]) == (on(0), on(3))


# --- seasons ---------------------------------------------------------------------------


def _phases(council: Council) -> list[tuple[int, int, str]]:
    """Phases of the window's days, neighbours of the same phase joined."""
    joined: list[tuple[int, int, str]] = []
    for first, last, *_, phase in council.score().segments():
        if joined and joined[-1][2] == phase:
            first = joined.pop()[0]
        joined.append((first, last, phase))
    return joined


def test_ninety_days_up_to_and_including_election_day_are_the_season() -> None:
    council = Council(days=300)
    council.person()
    council.election(200)
    assert _phases(council) == [
        (0, 110, "off_season"), (111, 200, "season"), (201, 228, "aftermath"),
        (229, 299, "off_season"),
    ]  # fmt: skip


def test_a_regulated_period_that_applies_to_persons_is_the_season() -> None:
    council = Council(days=300)
    council.person()
    council.election(200, regulated_day=FIRST + 95, applies_to="person")
    assert _phases(council)[1] == (95, 200, "season")
    (season,) = council.score().rows("select * from season")
    assert season["rule"] == "legal"


@pytest.mark.parametrize("applies_to", ["party", "office", None])
def test_a_regulated_period_for_others_is_not(applies_to: str | None) -> None:
    council = Council(days=300)
    council.person()
    council.election(200, regulated_day=FIRST + 95, applies_to=applies_to)
    assert _phases(council)[1] == (111, 200, "season")


def test_no_season_begins_before_the_election_is_called() -> None:
    council = Council(days=300)
    council.person()
    council.election(200, called_day=FIRST + 160)
    assert _phases(council)[1] == (160, 200, "season")


def test_the_season_ends_with_the_last_round() -> None:
    council = Council(days=300)
    council.person()
    council.election(200, last_round_day=FIRST + 214)
    assert _phases(council)[1:3] == [(111, 214, "season"), (215, 242, "aftermath")]


def test_a_season_is_stronger_than_an_aftermath_and_seasons_that_do_not_touch_stay_apart() -> None:
    """Flanders 2024: 9 June and 13 October, the second regulated from 1 July."""
    council = Council(days=400)
    council.person()
    june, october = 150, 276
    council.election(june, "june", level="regional")
    council.mandate(level="regional")
    council.election(october, "october", regulated_day=FIRST + june + 22, applies_to="person")
    assert _phases(council) == [
        (0, june - 90, "off_season"), (june - 89, june, "season"),
        (june + 1, june + 21, "aftermath"), (june + 22, october, "season"),
        (october + 1, october + 28, "aftermath"), (october + 29, 399, "off_season"),
    ]  # fmt: skip


def test_a_coming_election_shades_the_end_of_the_window() -> None:
    council = Council(days=300)
    council.person()
    council.election(340)
    assert _phases(council) == [(0, 250, "off_season"), (251, 299, "season")]


def test_another_levels_election_is_tagged_and_not_counted() -> None:
    council = Council(days=300)
    council.person()
    council.election(200, "federal", level="federal", jurisdiction="BE")
    council.election(220, "elsewhere", jurisdiction="NL")
    assert _phases(council) == [(0, 299, "off_season")]
    (season,) = council.score().rows("select * from season")
    assert (season["election_id"], season["rule"], season["is_counted"]) == (
        "federal", "other_season", False,
    )  # fmt: skip


def test_days_of_another_levels_season_are_of_no_phase_where_they_are_left_out() -> None:
    council = Council(days=400)
    council.person()
    council.election(130)
    council.election(200, "federal", level="federal", jurisdiction="BE")
    council.election(300, "elsewhere", jurisdiction="NL")
    tagged = council.score(other_season_counts=False)
    assert [(first, last, phase) for first, last, _, _, phase in tagged.segments()] == [
        (0, 40, "off_season"), (41, 110, "season"), (111, 130, "season"),
        (131, 158, "aftermath"), (159, 200, "other_season"), (201, 399, "off_season"),
    ]  # fmt: skip
    assert _phases(council)[-1] == (159, 399, "off_season")


def test_another_levels_season_ends_with_the_last_round_of_that_day() -> None:
    council = Council(days=300)
    council.person()
    council.election(200, "federal", level="federal", jurisdiction="BE")
    council.election(
        200, "regional", level="regional", jurisdiction="BE", last_round_day=FIRST + 214
    )
    assert (111, 214, "other_season") in [
        (first, last, phase)
        for first, last, _, _, phase in council.score(other_season_counts=False).segments()
    ]


def test_a_candidacy_counts_by_its_election() -> None:
    council = Council(days=300)
    council.person()
    council.mandate(kind="candidacy", election_id="federal", level="federal", jurisdiction="BE")
    council.election(200, "federal", level="federal", jurisdiction="BE")
    assert _phases(council)[1] == (111, 200, "season")


def test_a_mandate_that_ended_before_election_day_is_not_renewed_by_it() -> None:
    council = Council(days=300)
    council.person(mandate=False)
    council.mandate(1, -100, 199)
    council.election(200)
    assert _phases(council) == [(0, 299, "off_season")]


def test_two_elections_on_one_day_are_one_and_unverified_if_one_is() -> None:
    council = Council(days=300)
    council.person()
    council.mandate(level="regional")
    council.election(200, "b-local")
    council.election(200, "a-regional", level="regional", is_verified=False,
                     regulated_day=FIRST + 90, applies_to="person")  # fmt: skip
    (season,) = council.score().rows("select * from season")
    assert (season["election_id"], season["from_on"], season["is_verified"]) == (
        "a-regional", on(90), False,
    )  # fmt: skip


def test_the_season_rule_is_a_choice() -> None:
    council = Council(days=300)
    council.person()
    council.election(200, regulated_day=FIRST + 95, applies_to="person")
    segments = council.score(season_rule="days", season_days=60).segments()
    assert segments[1][:2] == (141, 200)


# --- acts ------------------------------------------------------------------------------


def _day(council: Council, day: int) -> dict[str, int]:
    (row,) = council.score().rows(f"select * from day where on_day = date '{on(day)}'")
    return {name: n for name, n in row.items() if isinstance(n, int) and n}


def _simple(days: int = 30) -> Council:
    council = Council(days=days)
    council.person()
    council.account()
    return council


def test_a_self_thread_counts_once_with_its_head() -> None:
    council = _simple()
    head = council.post(3, hour=1)
    parent_at = (FIRST + 3) * 86_400 + 3_600
    council.post(3, hour=2, kind="self_reply", root_key=head, parent_at=parent_at)
    assert _day(council, 3) == {"own_acts": 1, "posts": 1, "threads": 1}


@pytest.mark.parametrize(
    ("later", "kind"), [(86_400, "threads"), (86_401, "posts"), (0, "threads"), (-1, "posts")]
)
def test_an_own_reply_later_than_a_day_is_a_post(later: int, kind: str) -> None:
    council = _simple()
    at = (FIRST + 3) * 86_400 + 12 * 3_600
    council.post(3, kind="self_reply", parent_at=at - later)
    assert kind in _day(council, 3)


def test_an_own_reply_whose_parent_is_unknown_is_a_post() -> None:
    council = _simple()
    council.post(3, kind="self_reply", parent_at=None)
    assert _day(council, 3) == {"own_acts": 1, "posts": 1}


def test_a_crosspost_counts_once_and_a_reply_always() -> None:
    council = _simple()
    council.account(2)
    council.post(3, hour=1)
    council.post(3, hour=2, account=2, is_crosspost=True)
    council.reply(3, hour=3, account=2, is_crosspost=True)
    assert _day(council, 3) == {"own_acts": 2, "posts": 1, "replies": 1, "citizen_replies": 1}


def test_reposts_threads_and_quotes_keep_their_own_columns() -> None:
    council = _simple()
    council.post(3, kind="repost", partner_key=BOB)
    council.post(3, kind="quote", partner_key=BOB)
    council.post(3, kind="unknown")
    assert _day(council, 3) == {"own_acts": 2, "quotes": 1, "reposts": 1}


def test_what_is_backdated_undated_or_outside_the_accounts_days_never_counts() -> None:
    council = _simple()
    council.account(2, first=10, last=12)
    council.account(3, run_by="party")
    council.post(3, is_backdated=True)
    council.post(9, account=2)
    council.post(13, account=2)
    council.post(11, account=3)
    council.add("posts", account_key=1, person_key=1, post_key=99, kind="post")
    assert council.score().rows("select * from day") == []


@pytest.mark.parametrize(("person_key", "is_citizen"), [(None, False), (1, False), (2, True)])
def test_a_partner_is_a_citizen_unless_known_for_this_person_or_everybody(
    person_key: int | None, is_citizen: bool
) -> None:
    council = _simple()
    council.add("partners", partner_key=PARTY, **{"class": "party"}, person_key=person_key)
    council.reply(3, PARTY)
    assert _day(council, 3).get("citizen_replies", 0) == int(is_citizen)


def test_a_reply_to_nobody_known_is_no_reply_to_a_citizen() -> None:
    council = _simple()
    council.reply(3, None)
    assert _day(council, 3) == {"own_acts": 1, "replies": 1}


# --- presence --------------------------------------------------------------------------


def test_a_post_a_week_is_as_present_as_fifty() -> None:
    council = Council(days=7 * 52)
    for person in (1, 2):
        council.person(person)
        council.account(person, person)
    for week in range(0, 52, 2):
        council.post(week * 7, account=1, person=1)
        for n in range(50):
            council.post(week * 7 + n % 7, hour=n % 24, account=2, person=2)
    scored = council.score()
    one, many = (scored.metric("presence", person=f"p{person}") for person in (1, 2))
    assert one["value"] == many["value"] == 0.5
    assert (one["numerator"], one["denominator"]) == (26, 52)


def test_a_week_of_four_known_days_is_unknown() -> None:
    council = Council(days=7 * 52)
    council.person()
    council.account(known=(0, 7 * 26 + 3))
    council.post(0)
    assert council.score().metric("presence")["denominator"] == 26
    council.known(1, 7 * 26 + 4, 7 * 26 + 4)
    assert council.score().metric("presence")["denominator"] == 27


def test_an_act_on_an_unknown_day_makes_no_week_active() -> None:
    council = Council(days=7 * 52)
    council.person()
    council.account(known=(0, 5))
    council.known(1, 7, 5000)
    council.post(6)
    presence = council.score().metric("presence")
    assert (presence["numerator"], presence["denominator"]) == (0, 52)


def test_weeks_in_season_say_nothing_about_presence() -> None:
    council = Council(days=7 * 52)
    council.person()
    council.account()
    council.election(7 * 30 - 1)
    for day in range(7 * 30 - 90, 7 * 30):
        council.post(day)
    assert council.score().metric("presence")["numerator"] == 0


@pytest.mark.parametrize(("weeks", "reason"), [(25, "too_short"), (26, None)])
def test_presence_needs_twenty_six_known_weeks(weeks: int, reason: str | None) -> None:
    council = Council(days=7 * weeks)
    council.person()
    council.account()
    council.post(1)
    assert council.score().metric("presence")["reason"] == reason


@pytest.mark.parametrize(("known", "reason"), [(79, "too_short"), (80, None)])
def test_presence_needs_four_off_season_weeks_in_five(known: int, reason: str | None) -> None:
    council = Council(days=7 * 100)
    council.person()
    council.account(known=(0, 7 * known - 1))
    assert council.score().metric("presence")["reason"] == reason


def test_years_on_a_feed_are_not_years_of_not_talking() -> None:
    council = Council(days=7 * 60)
    council.person()
    council.account(1, replies=False, platform="feeds")
    council.account(2, first=7 * 10)
    for week in range(60):
        council.post(week * 7 + 1)
    for week in range(10, 60):
        council.reply(week * 7 + 2, account=2)
    scored = council.score()
    assert scored.metric("presence")["value"] == 1.0
    assert scored.metric("talk_presence")["value"] == 1.0
    assert scored.metric("talk_presence")["denominator"] == 50


def test_a_feed_shows_no_conversation() -> None:
    council = Council(days=7 * 60)
    council.person()
    council.account(1, replies=False, received=False, platform="feeds")
    for week in range(60):
        council.post(week * 7 + 1)
    scored = council.score()
    assert scored.metric("presence")["value"] == 1.0
    for name in ("talk_presence", "conversation", "answer_rate"):
        assert scored.metric(name)["reason"] == "not_observable"


def test_items_of_unknown_kind_hide_the_conversation_of_their_account() -> None:
    council = Council(days=7 * 60)
    council.person()
    council.account(1)
    for week in range(60):
        council.reply(week * 7 + 1)
    council.post(5, kind="unknown")
    scored = council.score()
    assert scored.metric("presence")["value"] == 1.0
    assert scored.metric("conversation")["reason"] == "not_observable"
    assert scored.metric("burst_replies", "all")["reason"] == "not_observable"


def test_active_months_are_months_a_year() -> None:
    council = Council(days=365)
    council.person()
    council.account()
    for month in (2, 3, 7):
        council.post((date(2021, month, 15) - on(0)).days)
    months = council.score().metric("active_months", "all")
    assert (months["value"], months["numerator"], months["denominator"]) == (3.0, 3, 12)


# --- bursts ----------------------------------------------------------------------------


def _burster(in_season: int, off: int, **account: object) -> Council:
    """So many posts a week in the 13 weeks before day 399, and outside."""
    council = Council(days=7 * 104)
    council.person()
    council.account(1, **account)  # type: ignore[arg-type]
    council.election(400)
    for week in range(104):
        day = week * 7
        for n in range(in_season if 311 <= day <= 400 else off):
            council.post(day + n % 7, hour=n % 24)
    return council


def test_a_tenfold_campaign_is_a_burst_and_a_steady_person_is_steady() -> None:
    burst = _burster(20, 2).score().metric("burst_acts", "all")
    assert burst["word"] == "campaign_burst"
    assert burst["value"] == pytest.approx(10, rel=0.1)
    assert burst["low"] > 1.5
    assert _burster(6, 6).score().metric("burst_acts", "all")["word"] == "steady"
    assert _burster(1, 15).score().metric("burst_acts", "all")["word"] == "quieter_in_season"


def test_an_offices_quiet_in_season_is_never_a_finding() -> None:
    assert (
        _burster(1, 15, run_by="office").score().metric("burst_acts", "all")["word"] == "not_clear"
    )


def test_an_account_opened_in_season_makes_no_burst() -> None:
    council = _burster(6, 6)
    council.account(2, first=350)
    for day in range(350, 400):
        for n in range(9):
            council.post(day, hour=n, account=2)
    scored = council.score()
    assert scored.metric("burst_acts", "all")["word"] == "steady"
    alone = _burster(6, 6, first=350).score().metric("burst_acts", "all")
    assert alone["reason"] == "too_short"


def test_without_an_election_there_is_no_season_to_be_busier_in() -> None:
    council = _simple(days=400)
    council.post(3)
    assert council.score().metric("burst_acts", "all")["reason"] == "no_season"


def test_a_history_cut_at_its_last_items_is_too_short_for_a_burst() -> None:
    council = _burster(20, 2, known=(250, 5000))
    council.days = 420
    assert council.score().metric("burst_acts", "all")["reason"] == "too_short"


def test_nineteen_acts_are_too_few() -> None:
    council = Council(days=7 * 104)
    council.person()
    council.account()
    council.election(400)
    for week in range(19):
        council.post(week * 7)
    assert council.score().metric("burst_acts", "all")["reason"] == "too_few"
    council.post(140)
    assert council.score().metric("burst_acts", "all")["reason"] is None


def test_the_cliff_compares_the_days_around_the_election() -> None:
    council = _simple(days=7 * 104)
    council.election(400)
    for day in range(373, 401):
        council.post(day, hour=1)
        council.post(day, hour=2)
    for day in range(401, 429, 2):
        council.post(day)
    cliff = council.score().metric("cliff", "all")
    assert (cliff["value"], cliff["numerator"], cliff["denominator"]) == (0.25, 14, 56)


# --- silences --------------------------------------------------------------------------


def _sleeper(awake: int = 400, wakes: int = 600, days: int = 728) -> Council:
    """Posts daily but from the election day on until `wakes`."""
    council = Council(days=days)
    council.person()
    council.account()
    council.election(400)
    for day in range(days):
        if day <= awake or day >= wakes:
            council.post(day)
    return council


def test_a_daily_poster_silent_from_the_day_after_the_election_sleeps() -> None:
    (spell,) = _sleeper().score().spells()
    assert (spell["from_on"], spell["to_on"], spell["days"]) == (on(401), on(599), 199)
    assert (spell["level"], spell["kind"], spell["election_id"]) == ("asleep", "silent", "be-vlg")
    assert spell["is_winter_sleep"]
    assert spell["p_value"] < 1e-9
    assert not spell["is_at_least"]


def test_a_sleep_that_starts_a_month_after_the_election_is_another_thing() -> None:
    (spell,) = _sleeper(awake=427).score().spells()
    assert spell["is_winter_sleep"]
    (spell,) = _sleeper(awake=428).score().spells()
    assert not spell["is_winter_sleep"]
    assert spell["reason"] is None
    assert spell["election_id"] is None


def test_a_post_every_three_months_is_rarely_present_and_not_asleep() -> None:
    council = Council(days=1_400)
    council.person()
    council.account()
    council.election(400)
    for day in (5, 97, 190, 290, 395, 500, 610, 700, 790, 900, 990, 1_080, 1_170, 1_270):
        council.post(day)
    asleep = [s for s in council.score().spells() if s["is_candidate"]]
    assert [(s["is_winter_sleep"], s["reason"]) for s in asleep] in (
        [],
        [(False, "rarely_present")],
    )


def test_a_spell_that_touches_an_unknown_day_is_only_possible() -> None:
    council = _sleeper()
    council.rows["spans"].clear()
    council.known(1, -1000, 450)
    council.known(1, 452, 5000)
    first, second = council.score().spells()
    assert (first["is_possible"], first["days"], first["is_winter_sleep"]) == (True, 50, False)
    assert (second["is_possible"], second["reason"]) == (True, None)
    assert second["level"] == "asleep"


def test_a_possible_winter_sleep_says_so() -> None:
    council = _sleeper()
    council.rows["spans"].clear()
    council.known(1, -1000, 550)
    council.known(1, 552, 5000)
    first, _ = council.score().spells()
    assert (first["days"], first["reason"], first["is_winter_sleep"]) == (150, "possible", False)


def test_a_spell_at_the_edge_of_what_is_known_is_at_least_so_long() -> None:
    (spell,) = _sleeper(wakes=9_999).score().spells()
    assert (spell["is_at_least"], spell["is_winter_sleep"]) == (True, True)
    (spell,) = _sleeper(wakes=9_999, days=401 + 365).score().spells()
    assert spell["level"] == "abandoned"


def test_an_absence_excuses() -> None:
    council = _sleeper()
    council.add("absences", person_key=1, first_day=FIRST + 590, last_day=FIRST + 700)
    (spell,) = council.score().spells()
    assert (spell["is_excused"], spell["is_candidate"], spell["is_winter_sleep"]) == (
        True, False, False,
    )  # fmt: skip


def test_reposts_and_threads_in_a_silence_name_its_kind() -> None:
    council = _sleeper()
    council.post(450, kind="self_reply", parent_at=(FIRST + 450) * 86_400)
    assert council.score().spells()[0]["kind"] == "thread-only"
    council.post(460, kind="repost")
    assert council.score().spells()[0]["kind"] == "repost-only"


def test_a_backdated_post_fills_no_silence() -> None:
    council = _sleeper()
    council.post(450, is_backdated=True)
    assert council.score().spells()[0]["is_winter_sleep"]


def test_a_silence_before_the_first_known_day_is_not_known_to_be_one() -> None:
    council = _sleeper()
    council.rows["spans"].clear()
    council.known(1, 405, 5000)
    (spell,) = council.score().spells()
    assert (spell["is_at_least"], spell["is_candidate"]) == (True, False)


def test_a_long_summer_silence_speaks_against_a_winter_sleep() -> None:
    council = _sleeper(wakes=520)
    council.rows["posts"] = [p for p in council.rows["posts"] if not 100 < p["day"] - FIRST < 190]
    first, second = council.score().spells()
    assert (first["days"], second["days"]) == (89, 119)
    assert (second["is_candidate"], second["is_winter_sleep"]) == (True, False)
    assert second["reason"] == "rarely_present"


def test_the_next_election_is_counted_from_the_spells_end() -> None:
    council = _sleeper()
    council.election(700, "next")
    (spell,) = council.score().spells()
    assert spell["days_to_next_election"] == 101


# --- conversation ----------------------------------------------------------------------


def test_replies_are_capped_per_thread_and_day_above_and_below_the_line() -> None:
    council = _simple(days=200)
    for day in range(20):
        council.post(day)
    for n in range(9):
        council.reply(30, root_key=77, hour=n)
    council.reply(31, root_key=77)
    conversation = council.score().metric("conversation")
    assert (conversation["numerator"], conversation["denominator"]) == (4, 24)
    assert conversation["value"] == pytest.approx(4 / 24)
    assert conversation["effective_n"] == pytest.approx(24**2 / (20 + 4**2))


def test_a_quote_or_a_self_thread_is_no_conversation_but_a_comment_to_a_citizen_is() -> None:
    council = _simple(days=200)
    for day in range(20):
        head = council.post(day)
        at = (FIRST + day) * 86_400 + 12 * 3_600
        council.post(day, hour=13, kind="self_reply", root_key=head, parent_at=at)
        council.post(day, kind="quote", partner_key=BOB)
        council.reply(day, EVE, root_key=head)
    conversation = council.score().metric("conversation")
    assert (conversation["numerator"], conversation["denominator"]) == (20, 60)


def test_partners_of_each_class_have_a_share_of_their_own() -> None:
    council = _simple(days=200)
    council.add("partners", partner_key=PARTY, **{"class": "party"})
    for day in range(20):
        council.reply(day, PARTY)
        council.reply(day, BOB)
    scored = council.score()
    assert scored.metric("conversation")["value"] == 0.5
    assert scored.metric("conversation_party")["value"] == 0.5
    assert scored.metric("conversation_media")["value"] == 0.0


@pytest.mark.parametrize(
    ("threads", "acts", "reason"), [(10, 2, None), (9, 3, "too_few"), (19, 1, "too_few")]
)
def test_conversation_needs_twenty_acts_in_ten_threads(
    threads: int, acts: int, reason: str | None
) -> None:
    council = _simple(days=200)
    for thread in range(threads):
        for _ in range(acts):
            council.reply(thread, root_key=1_000 + thread)
    assert council.score().metric("conversation")["reason"] == reason


# --- answering -------------------------------------------------------------------------


def _asked(askers: int = 10, answered: int = 5, delay: float = 1.0, **reply: object) -> Council:
    council = _simple(days=200)
    for n in range(askers):
        root = council.ask(10 + n, 100 + n)
        if n < answered:
            at = 10 + n + delay
            council.reply(int(at), 100 + n, root_key=root, hour=10 + (at % 1) * 24, **reply)
    return council


def test_one_loud_asker_weighs_as_one() -> None:
    council = _asked(10, 10)
    for _ in range(50):
        council.ask(40, 999)
    rate = council.score().metric("answer_rate")
    assert rate["value"] == pytest.approx(10 / 11)
    assert (rate["numerator"], rate["denominator"], rate["effective_n"]) == (10, 60, 11)
    assert rate["is_comparable"]


@pytest.mark.parametrize(("delay", "rate"), [(14.0, 1.0), (14.0001, 0.0)])
def test_an_answer_on_day_fifteen_does_not_count(delay: float, rate: float) -> None:
    assert _asked(10, 10, delay).score().metric("answer_rate")["value"] == rate


def test_an_answer_to_somebody_else_or_elsewhere_is_no_answer() -> None:
    council = _simple(days=200)
    for n in range(10):
        root = council.ask(10 + n, 100 + n)
        council.reply(11 + n, 555, root_key=root)
        council.reply(11 + n, 100 + n, root_key=5_000 + n)
        council.reply(9 + n, 100 + n, root_key=root)
    assert council.score().metric("answer_rate")["value"] == 0.0


def test_a_quote_of_the_question_answers_it() -> None:
    council = _simple(days=200)
    for n in range(10):
        item = council.ask(10 + n, 100 + n)
        council.post(11 + n, kind="quote", parent_key=item, partner_key=100 + n)
    assert council.score().metric("answer_rate")["value"] == 1.0


def test_a_redirect_is_no_answer_and_has_a_column_of_its_own() -> None:
    scored = _asked(10, 4, is_redirect=True).score()
    assert scored.metric("answer_rate")["value"] == 0.0
    assert scored.metric("redirect_rate")["value"] == pytest.approx(0.4)
    assert scored.metric("answered_within_14d")["value"] == 0.0


def test_nobody_asked_is_not_zero_per_cent() -> None:
    rate = _simple(days=200).score().metric("answer_rate")
    assert (rate["value"], rate["reason"]) == (None, "nobody_asked")
    blind = Council(days=200)
    blind.person()
    blind.account(received=False)
    assert blind.score().metric("answer_rate")["reason"] == "not_observable"


def test_an_item_counts_only_when_its_fourteen_days_are_known() -> None:
    council = _asked(10, 10)
    council.rows["spans"].clear()
    council.known(1, -1000, 10 + 9 + 14)
    assert council.score().metric("answer_rate")["denominator"] == 10
    council.rows["spans"].clear()
    council.known(1, -1000, 10 + 9 + 13)
    assert council.score().metric("answer_rate")["denominator"] == 9


def test_who_was_asked_but_is_not_known_was_not_asked_by_nobody() -> None:
    council = _simple(days=30)
    council.ask(25)
    assert council.score().metric("answer_rate")["reason"] == "no_coverage"


@pytest.mark.parametrize("row", [{"is_abuse": True}, {"similarity_key": 42}])
def test_who_was_only_insulted_or_petitioned_was_not_asked_by_nobody(row: dict[str, int]) -> None:
    council = _simple(days=200)
    for who in (700, 701, 702):
        council.ask(20, who, **row)
    rate = council.score().metric("answer_rate")
    assert (rate["reason"], rate["denominator"]) == ("too_few", 0)


def test_insults_politicians_and_the_same_text_from_three_are_left_out() -> None:
    council = _asked(10, 10)
    council.add("partners", partner_key=PARTY, **{"class": "party"})
    council.ask(40, PARTY)
    council.ask(40, 700, is_abuse=True)
    council.ask(40, 701, is_question=False)
    council.ask(40, 702, is_backdated=True)
    for who in (703, 704, 705):
        council.ask(41, who, similarity_key=42)
    for who in (706, 706, 707):
        council.ask(41, who, similarity_key=43)
    rate = council.score().metric("answer_rate")
    assert (rate["denominator"], rate["effective_n"]) == (13, 12)


def test_a_question_counts_in_the_phase_of_its_own_day() -> None:
    council = _asked(10, 0)
    council.election(15)
    scored = council.score()
    assert scored.metric("answer_rate", "season")["denominator"] == 6
    assert scored.metric("answer_rate", "off_season")["denominator"] == 0


def test_unanswered_questions_are_censored_where_the_known_days_end() -> None:
    council = _asked(12, 6, delay=2.0)
    council.rows["spans"].clear()
    council.known(1, -1000, 5000, "received")
    council.known(1, -1000, 27, "acts")
    scored = council.score()
    within = scored.metric("answered_within_3d")
    assert (within["numerator"], within["denominator"]) == (6, 12)
    assert within["value"] == pytest.approx(0.5, abs=0.06)
    assert within["effective_n"] == 12
    assert scored.metric("answered_within_1d")["value"] == 0.0
    assert scored.metric("answered_within_14d")["effective_n"] == 4  # asked on days 10 to 13
    assert scored.metric("answered_within_14d")["reason"] is None
    assert scored.metric("response_median_days")["value"] == pytest.approx(2.0, abs=0.1)


def test_beyond_the_longest_follow_up_nothing_is_said() -> None:
    council = _asked(12, 6, delay=0.5)
    council.rows["spans"].clear()
    council.known(1, -1000, 5000, "received")
    council.known(1, -1000, 22, "acts")
    scored = council.score()
    assert scored.metric("answered_within_14d")["reason"] == "too_short"
    assert scored.metric("answered_within_7d")["reason"] is None


# --- score -----------------------------------------------------------------------------


def test_a_score_needs_three_pillars_with_presence_and_a_dialogue() -> None:
    council = _burster(6, 6)
    (row,) = council.score().rows("select * from score")
    assert (row["pillars"], row["reason"]) == ("presence+steadiness+conversation", None)
    assert row["low"] <= row["score"] <= row["high"]
    blind = _burster(6, 6, replies=False, received=False)
    (row,) = blind.score().rows("select * from score")
    assert (row["score"], row["pillars"], row["reason"]) == (None, None, "not_observable")


def test_nobodys_score_moves_because_a_colleague_joined() -> None:
    council = _burster(9, 6)
    (alone,) = council.score().rows("select * from score where person_id = 'p1'")
    council.person(2)
    council.account(2, 2)
    for day in range(700):
        council.post(day, account=2, person=2)
    (together,) = council.score().rows("select * from score where person_id = 'p1'")
    assert together == alone


def test_moving_everything_by_four_weeks_changes_nothing_but_the_calendar() -> None:
    council = _burster(9, 4)
    for n in range(12):
        root = council.ask(10 + n, 100 + n)
        council.reply(11 + n, 100 + n, root_key=root)
    query = (
        "select * exclude (from_on, to_on) from metric where metric <> 'active_months' order by all"
    )
    assert council.shifted(28).score().rows(query) == council.score().rows(query)


def test_the_order_of_the_rows_changes_nothing() -> None:
    council = _burster(9, 4)
    for n in range(12):
        root = council.ask(10 + n, 100 + n)
        council.reply(11 + n, 100 + n, root_key=root)
    tables = [mart.name for mart in publish.marts()]
    first = {name: council.score().rows(f"select * from {name}") for name in tables}
    for rows in council.rows.values():
        rows.reverse()
    scored = council.score()
    assert {name: scored.rows(f"select * from {name}") for name in tables} == first
