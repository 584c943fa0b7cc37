"""No sentence on a card says more than gates and intervals allow, in any language."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.edition import sentences
from dashboard.edition.facts import Peers
from dashboard.edition.sentences import KeyFigure, Told, compared, in_season, key_figures, rhythm
from dashboard.findings import Facts, Number
from dashboard.words import LOCALES, words

NL = words("nl")
OFF, IN, BURST = (("answer_rate", "off_season"), ("answer_rate", "season"), ("burst_acts", "all"))
ANSWERED = Number(0.21, 0.15, 0.28, 31, 148, 100.0, is_comparable=True)
PEERS = Peers(11, 0.57, (0.3, 0.6, 0.7))
ORDINAL = re.compile(r"\b\d+(?:e|de|ste|st|nd|rd|th|er|ère|ème)\b|rang|#\d", re.IGNORECASE)
CLEARLY = {"nl": "Duidelijk", "fr": "Nettement", "en": "Clearly"}


def share(low: float, value: float, high: float, **more: object) -> Number:
    known = replace(ANSWERED, low=low, value=value, high=high)
    return replace(known, **more)  # type: ignore[arg-type]


def told(**numbers: Number) -> Told:
    keys = {"off": OFF, "inside": IN, "burst": BURST, "replies": ("burst_replies", "all")}
    facts = Facts({keys.get(name, (name, "off_season")): one for name, one in numbers.items()})
    return sentences.told(facts, NL)[0]


def figures(lang: str = "nl", **numbers: Number) -> tuple[KeyFigure, KeyFigure, KeyFigure]:
    keys = {"off": OFF, "inside": IN, "burst": BURST}
    facts = Facts({keys[name]: one for name, one in numbers.items()})
    return key_figures(facts, {OFF: PEERS}, words(lang))


def test_a_figure_tells_its_share_askers_counts_margin_and_where_peers_are() -> None:
    assert figures(off=ANSWERED)[0].sentence == (
        "Antwoorden buiten verkiezingstijd: 21% (marge 15–28%) van de vragen, gemiddeld over "
        "100 vragenstellers; samen 31 van de 148 vragen. Duidelijk onder de mediaan van "
        "11 collega’s met dit ambt, 57%."
    )
    assert figures("en", off=ANSWERED)[0].sentence == (
        "Answers outside election season: 21% (margin 15–28%) of questions, on average over "
        "100 askers; together 31 of 148 answered within 14 days. Clearly below the median of "
        "11 peers in this office, 57%."
    )
    assert "21\N{NO-BREAK SPACE}%" in figures("fr", off=ANSWERED)[0].sentence


def test_without_a_number_a_figure_gives_the_reason_and_no_digits_of_its_own() -> None:
    [off, inside, burst] = figures(
        off=Number(reason="nobody_asked"), inside=Number(reason="not_observable")
    )
    assert off.sentence.startswith("Antwoorden buiten verkiezingstijd: geen cijfer. Geen inwoner")
    assert "Dit account of deze bron toont het niet" in inside.words
    assert burst.words == NL("why.not_there")
    assert not any(one.has_value or one.margin or one.against for one in (off, inside, burst))


def test_fewer_than_ten_askers_are_never_told_even_if_a_copy_had_them() -> None:
    [off, _, _] = figures(off=replace(ANSWERED, effective_n=9.0))
    assert not off.has_value
    assert off.words == NL("why.answers_too_few")
    assert "vragen" not in told(off=replace(ANSWERED, effective_n=9.0)).sentence


@pytest.mark.parametrize(
    ("low", "high", "key"),
    [
        (0.58, 0.8, "card.above"),
        (0.57, 0.8, "card.like"),  # it touches the median
        (0.4, 0.6, "card.like"),
        (0.4, 0.57, "card.like"),
        (0.4, 0.56, "card.below"),
    ],
)
def test_above_or_below_the_median_is_said_only_when_the_margin_leaves_it_out(
    low: float, high: float, key: str
) -> None:
    expected = NL(key, n="11", median="57%")
    assert compared(share(low, (low + high) / 2, high), PEERS, NL) == expected


def test_people_are_not_compared_below_the_gate_or_among_fewer_than_six() -> None:
    few = replace(ANSWERED, denominator=29, is_comparable=False)
    assert compared(few, PEERS, NL) == NL("card.few_to_compare")
    assert compared(replace(ANSWERED, is_comparable=False), PEERS, NL) == ""
    assert compared(ANSWERED, None, NL) == NL("card.no_peers")
    assert compared(Number(), PEERS, NL) == ""


@pytest.mark.parametrize(
    ("inside", "key"),
    [
        (share(0.29, 0.4, 0.5), "card.more_in"),
        (share(0.28, 0.4, 0.5), "card.same_in"),  # both margins hold 28 %
        (share(0.02, 0.1, 0.15), "card.same_in"),
        (share(0.02, 0.1, 0.14), "card.less_in"),
        (share(0.6, 0.7, 0.8, is_comparable=False, denominator=22), "card.few_to_compare"),
    ],
)
def test_the_season_differs_only_when_the_margins_lie_apart(inside: Number, key: str) -> None:
    assert in_season(ANSWERED, inside, NL) == NL(key)


def test_the_season_is_not_compared_where_one_side_is_missing() -> None:
    assert in_season(ANSWERED, Number(reason="too_few"), NL) == ""
    assert in_season(share(0.1, 0.2, 0.3, is_comparable=False), ANSWERED, NL) == ""


def test_a_wide_margin_is_told_by_its_ends() -> None:
    assert told(off=share(0.29, 0.5, 0.71)).sentence == (
        "Beantwoordt buiten verkiezingstijd tussen 29% en 71% van de vragen"
    )
    assert "gemiddeld 50% van de vragen" in told(off=share(0.36, 0.5, 0.65)).sentence
    assert "30% tot 70%" in told(presence=share(0.3, 0.5, 0.7)).sentence


def test_a_wide_difference_is_told_without_its_size() -> None:
    wide = share(0.45, 0.6, 0.85)
    assert told(off=ANSWERED, inside=wide).sentence == NL("card.answers_more_in")
    assert told(off=wide, inside=ANSWERED).sentence == NL("card.answers_less_in")
    narrow = share(0.5, 0.6, 0.7)
    assert "2 op de 10" in told(off=ANSWERED, inside=narrow).sentence


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (6.1, 22.8, "minstens 6 keer"),
        (2.9, 6.3, "minstens 2 keer"),
        (1.6, 4.0, "minstens 1,5 keer"),
    ],
)
def test_an_uncertain_burst_is_told_by_what_is_sure(low: float, high: float, said: str) -> None:
    burst = Number((low * high) ** 0.5, low, high, 100, 100, word="campaign_burst")
    assert said in told(burst=burst).sentence
    assert said in told(replies=burst).sentence


def test_a_burst_with_a_narrow_margin_is_told_by_its_middle() -> None:
    burst = Number(5.6, 4.4, 7.2, 310, 602, word="campaign_burst")
    assert "5,6 keer" in told(burst=burst).sentence


def test_an_office_accounts_quiet_in_season_is_no_finding() -> None:
    quiet = Number(0.4, 0.3, 0.5, 30, 600, word="quieter_in_season")
    facts = Facts({BURST: quiet})
    [*_, own] = key_figures(facts, {}, NL)
    [*_, office] = key_figures(facts, {}, NL, has_office_account=True)
    assert NL("card.quieter_in_season") in own.against
    assert NL("card.quieter_in_season") not in office.against
    assert NL("card.office_quiet") in office.against
    assert rhythm(None, NL) == ""


def test_hardly_any_is_not_printed_as_none() -> None:
    [off, _, _] = figures(off=share(0.001, 0.004, 0.02))
    assert off.number == "0,4%"
    [off, _, _] = figures(off=share(0.97, 0.998, 1.0))
    assert off.number == "99,8%"
    sends = told(presence=share(0.9, 0.95, 0.99), conversation=share(0.001, 0.0037, 0.01))
    assert "0,4% van de eigen berichten" in sends.sentence


ends = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted)
factors = st.lists(st.floats(0.05, 40), min_size=3, max_size=3).map(sorted)
REASONS = ["no_coverage", "too_short", "too_few", "nobody_asked", "not_observable", "no_season"]
none = st.sampled_from(REASONS).map(lambda reason: Number(reason=reason))
shares = st.one_of(
    none,
    st.builds(
        lambda e, askers, n, ok: Number(e[1], e[0], e[2], n, n + 5, askers, is_comparable=ok),
        ends,
        st.floats(0, 400),
        st.integers(0, 900),
        st.booleans(),
    ),
)
bursts = st.one_of(
    none,
    st.builds(
        lambda e, word, ok: Number(e[1], e[0], e[2], 40, 90, 1.5, None, word, is_comparable=ok),
        factors,
        st.sampled_from(["campaign_burst", "steady", "quieter_in_season", "not_clear", None]),
        st.booleans(),
    ),
)
some_peers = st.one_of(st.none(), st.builds(lambda m: Peers(8, m, (m,)), st.floats(0, 1)))


@given(shares, shares, bursts, some_peers, st.sampled_from(sorted(LOCALES)))
def test_no_figure_is_stronger_than_its_evidence(
    off: Number, inside: Number, burst: Number, peers: Peers | None, lang: str
) -> None:
    t = words(lang)
    groups = {OFF: peers} if peers else {}
    found = key_figures(Facts({OFF: off, IN: inside, BURST: burst}), groups, t)
    for figure, number in zip(found, (off, inside, burst), strict=True):
        assert not ORDINAL.search(figure.sentence)
        assert "{" not in figure.sentence
        assert figure.has_value <= (number.value is not None)
        if figure.metric == "answer_rate":
            assert figure.has_value == (number.value is not None and number.effective_n >= 10)
        if not figure.has_value:
            assert CLEARLY[lang] not in figure.sentence
            assert "%" not in figure.number
    if CLEARLY[lang] in found[0].against:
        assert peers is not None
        assert off.is_comparable
        assert not (off.low or 0) <= peers.median <= (off.high or 0)
    if CLEARLY[lang] in found[1].against:
        assert off.is_comparable
        assert inside.is_comparable
        assert (off.high or 0) < (inside.low or 0) or (inside.high or 0) < (off.low or 0)
    if t("card.campaign_burst") in found[2].against:
        assert burst.word == "campaign_burst"


@given(shares, shares, bursts, st.sampled_from(sorted(LOCALES)))
def test_no_finding_is_stronger_than_its_evidence(
    off: Number, inside: Number, burst: Number, lang: str
) -> None:
    numbers = {OFF: off, IN: inside, BURST: burst, ("presence", "off_season"): off}
    for one in sentences.told(Facts(numbers), words(lang)):
        assert not ORDINAL.search(f"{one.sentence} {one.basis}")
        assert "{" not in one.sentence + one.basis
        at_least = re.search(
            r"(?:minstens|au moins|at least) ([\d.,]+) (?:keer|fois|times)", one.sentence
        )
        if at_least:
            factor = float(at_least[1].replace(",", "."))
            assert factor <= (burst.low or 0) or burst.low is None or factor == 1.5
