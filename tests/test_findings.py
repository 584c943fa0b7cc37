"""The finding is never stronger than the evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.findings import Facts, Finding, Number, Sleep, basis, findings, said, tenths
from dashboard.words import LOCALES, words

SHARE = Number(0.5, 0.4, 0.6, 50, 100, is_comparable=True)
SLEEP = Sleep(
    from_on=date(2019, 5, 30),
    to_on=date(2020, 1, 25),
    days=241,
    kind="silent",
    is_at_least=False,
    election_on=date(2019, 5, 26),
    is_verified=True,
)


def share(value: float, margin: float = 0.05, **more: object) -> Number:
    low, high = max(0.0, value - margin), min(1.0, value + margin)
    return replace(SHARE, value=value, low=low, high=high, **more)  # type: ignore[arg-type]


def facts(*sleeps: Sleep, **numbers: Number) -> Facts:
    phases = {"answers_in": ("answer_rate", "season"), "answers": ("answer_rate", "off_season")}
    bursts = {"burst_acts", "burst_replies"}
    return Facts(
        {
            phases.get(name, (name, "all" if name in bursts else "off_season")): number
            for name, number in numbers.items()
        },
        sleeps,
    )


def first(known: Facts) -> Finding:
    return findings(known)[0]


def test_a_winter_sleep_comes_first_and_names_its_election() -> None:
    finding = first(facts(SLEEP, presence=share(0.9), answers=share(0.8)))
    assert finding.key == "finding.sleep"
    assert said(finding, words("nl")) == (
        "Na de stembusgang van 26 mei 2019 bleef het op deze accounts 34 weken stil"
    )
    assert basis(finding, words("nl")) == "Van 30 mei 2019 tot en met 25 januari 2020."


def test_weeks_of_silence_are_rounded_down() -> None:
    assert first(facts(replace(SLEEP, days=97))).counted == 13


def test_a_sleep_at_the_edge_is_said_to_last_at_least_so_long() -> None:
    assert "minstens 34 weken" in said(first(facts(replace(SLEEP, is_at_least=True))), words("nl"))


def test_reposts_in_a_sleep_are_said() -> None:
    text = said(first(facts(replace(SLEEP, kind="repost-only"))), words("en"))
    assert "only reposts" in text
    assert "silent" not in text


def test_an_unverified_election_is_said_to_be_unverified() -> None:
    finding = first(facts(replace(SLEEP, is_verified=False)))
    assert "nog niet" in basis(finding, words("nl"))
    assert "nog niet" not in basis(first(facts(SLEEP)), words("nl"))


def test_the_longest_of_two_sleeps_is_told() -> None:
    longer = replace(SLEEP, days=300, election_on=date(2024, 10, 13))
    assert first(facts(SLEEP, longer)).days["election"] == date(2024, 10, 13)


def test_a_rate_is_told_as_the_mean_over_askers_it_is() -> None:
    loud = replace(share(0.15), numerator=88, denominator=147, effective_n=35.0)
    finding = first(facts(answers=loud))
    assert "per inwoner gemiddeld 15%" in said(finding, words("nl"))
    assert basis(finding, words("nl")) == (
        "Gemiddelde over 35 vragenstellers, marge 10% tot 20%; samen 88 van 147 vragen."
    )


def test_season_and_off_season_are_set_apart_only_when_their_margins_are() -> None:
    apart = facts(answers=share(0.2), answers_in=share(0.6))
    assert first(apart).key == "finding.answers_tenths"
    text = said(first(apart), words("nl"))
    assert "2 op de 10" in text
    assert "6 op de 10" in text
    touching = facts(answers=share(0.5, 0.1), answers_in=share(0.6, 0.1))
    assert first(touching).key == "finding.answers"


def test_season_and_off_season_are_not_set_apart_below_thirty_questions() -> None:
    few = facts(answers=share(0.2), answers_in=share(0.6, is_comparable=False))
    assert first(few).key == "finding.answers"


def test_near_none_is_told_in_per_cent_not_as_one_in_ten() -> None:
    finding = first(facts(answers=share(0.02, 0.01), answers_in=share(0.6)))
    assert finding.key == "finding.answers_apart"
    assert "2%" in said(finding, words("nl"))


def test_rates_that_round_alike_are_told_in_per_cent() -> None:
    finding = first(facts(answers=share(0.56, 0.01), answers_in=share(0.63, 0.01)))
    assert finding.key == "finding.answers_apart"


@pytest.mark.parametrize("word", ["steady", "quieter_in_season", "not_clear", None])
def test_only_the_published_word_makes_a_campaign_burst(word: str | None) -> None:
    number = Number(4.0, 3.0, 5.0, 90, 40, word=word)
    keys = [finding.key for finding in findings(facts(burst_acts=number, burst_replies=number))]
    assert not any("burst" in key for key in keys)


def test_a_burst_in_answers_is_told_before_one_in_posts() -> None:
    number = Number(3.94, 3.4, 4.5, 90, 40, word="campaign_burst")
    finding = first(facts(burst_acts=number, burst_replies=number))
    assert finding.key == "finding.burst_replies"
    assert "3,9 keer zo vaak" in said(finding, words("nl"))
    assert basis(finding, words("nl")) == "Marge 3,4 tot 4,5 keer."


def test_talking_all_year_needs_the_lower_end_of_the_interval() -> None:
    assert first(facts(talk_presence=share(0.6, 0.05))).key == "finding.talks_all_year"
    assert first(facts(talk_presence=share(0.6, 0.15))).key == "finding.too_little"


def test_a_campaign_burst_in_answers_is_not_talking_all_year() -> None:
    burst = Number(4.0, 3.0, 5.0, 90, 40, word="campaign_burst")
    keys = [f.key for f in findings(facts(talk_presence=share(0.8), burst_replies=burst))]
    assert "finding.talks_all_year" not in keys


def test_sending_needs_presence_and_the_upper_end_of_conversation() -> None:
    there = share(0.9)
    assert first(facts(presence=there, conversation=share(0.04))).key == "finding.sends"
    assert first(facts(presence=there, conversation=share(0.08))).key != "finding.sends"
    assert first(facts(conversation=share(0.04))).key == "finding.converses"


def test_seldom_needs_the_upper_end_of_presence() -> None:
    assert first(facts(presence=share(0.1))).key == "finding.seldom"
    assert first(facts(presence=share(0.22))).key == "finding.present"


def test_nearly_every_week_needs_the_lower_end_of_presence() -> None:
    assert first(facts(presence=share(0.9))).key == "finding.present_often"
    assert first(facts(presence=share(0.84))).key == "finding.present"


def test_without_numbers_nothing_is_concluded() -> None:
    gated = Number(reason="too_few")
    assert first(facts(presence=gated, answers=gated)).key == "finding.too_little"


def test_without_known_days_it_is_said_that_this_is_no_silence() -> None:
    text = said(first(Facts({}, has_known_days=False)), words("nl"))
    assert "geen stilte" in text


def test_one_fact_is_not_told_twice() -> None:
    known = facts(
        SLEEP, answers=share(0.2), answers_in=share(0.6), presence=share(0.9),
        conversation=share(0.3), talk_presence=share(0.7),
    )  # fmt: skip
    families = [finding.family for finding in findings(known)]
    assert len(families) == len(set(families))


numbers = st.builds(
    lambda parts, word, reason, is_comparable: (
        Number(reason="too_few")
        if reason
        else Number(*(parts[1], parts[0], parts[2], 12, 40, 30.0), None, word, is_comparable)
    ),
    st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted),
    st.sampled_from(["steady", "campaign_burst", "quieter_in_season", "not_clear", None]),
    st.booleans(),
    st.booleans(),
)
sleeps = st.lists(
    st.builds(
        replace, st.just(SLEEP), days=st.integers(90, 900), is_at_least=st.booleans(),
        kind=st.sampled_from(["silent", "repost-only", "thread-only"]), is_verified=st.booleans(),
    ),
    max_size=2,
)  # fmt: skip
METRICS = [
    ("presence", "off_season"), ("talk_presence", "off_season"), ("conversation", "off_season"),
    ("answer_rate", "off_season"), ("answer_rate", "season"), ("burst_acts", "all"),
    ("burst_replies", "all"),
]  # fmt: skip


@given(st.fixed_dictionaries(dict.fromkeys(METRICS, numbers)), sleeps)
def test_whatever_is_published_the_sentence_rests_on_it(
    published: dict[tuple[str, str], Number], slept: list[Sleep]
) -> None:
    known = Facts(published, tuple(slept))
    for finding in findings(known):
        assert (finding.family == "sleep") <= bool(slept)
        if finding.family == "rhythm" and finding.key != "finding.steady":
            metric = finding.key.removeprefix("finding.")
            assert published[metric, "all"].word == "campaign_burst"
        if finding.key in {"finding.answers_tenths", "finding.answers_apart"}:
            off = published["answer_rate", "off_season"]
            inside = published["answer_rate", "season"]
            assert off.is_comparable
            assert inside.is_comparable
            assert (off.high or 1) < (inside.low or 0) or (inside.high or 1) < (off.low or 0)
        for lang in LOCALES:
            t = words(lang)
            text = f"{said(finding, t)}. {basis(finding, t)}"
            assert "{" not in text
            assert "None" not in text


@given(st.floats(0.05, 0.95))
def test_tenths_are_never_none_or_all(rate: float) -> None:
    assert 1 <= tenths(rate) <= 9
