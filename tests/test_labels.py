"""Codes and slugs become words and addresses, and nothing is shown as code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import labels
from dashboard.address import slug, slugs
from dashboard.words import LOCALES, words

MARTS = Path(__file__).parents[1] / "metrics" / "sql" / "marts"


def codes(mart: str, column: str) -> set[str]:
    """The codes that a model names in the description of a column."""
    text = (MARTS / f"{mart}.sql").read_text("utf-8")
    told = re.search(rf"^--   {column}: .*?: (.+)$", text, re.MULTILINE)
    assert told, f"{mart}.{column} lists no codes"
    return set(re.findall(r"[a-z_]+", told[1])) - {"or", "and"}


@pytest.mark.parametrize("lang", LOCALES)
def test_every_reason_that_the_models_give_has_words(lang: str) -> None:
    t = words(lang)
    for code in codes("metric", "reason"):
        assert code in labels.REASONS
        assert labels.why("presence", code, t)[0].isupper()


def test_every_burst_word_of_the_models_has_words() -> None:
    assert codes("metric", "word") == set(labels.BURSTS)


def test_a_code_without_words_is_shown_as_plain_text() -> None:
    assert labels.named(labels.OFFICES, "district-councillor", words("nl")) == "district councillor"


def test_nothing_is_shown_for_nothing() -> None:
    for nothing in (None, float("nan")):
        assert labels.named(labels.OFFICES, nothing, words("nl")) == ""


def test_platforms_are_told_by_name() -> None:
    assert labels.platforms("bluesky+feeds", words("nl")) == "Bluesky, webfeed"
    assert labels.platforms(None, words("nl")) == ""


def test_a_band_or_the_reason_why_there_is_none() -> None:
    t = words("nl")
    assert labels.band("A/B", None, t) == "A/B"
    assert labels.band("none", "too_short", t) == "te kort"
    assert labels.band("none", None, t) == "geen band"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("Groen & Dorp", "groen-dorp"), ("Écolo", "ecolo"), ("  A-B+ ", "a-b"), ("'s-Berg", "s-berg")],
)
def test_a_slug_is_plain(text: str, wanted: str) -> None:
    assert slug(text) == wanted


def test_texts_with_the_same_slug_keep_apart() -> None:
    assert slugs(["Groen!", "Groen", "Rood"]) == {
        "groen": "Groen",
        "groen-2": "Groen!",
        "rood": "Rood",
    }


@given(st.lists(st.text(min_size=1, max_size=12), max_size=12))
def test_every_text_has_a_slug_of_its_own_that_fits_in_an_address(texts: list[str]) -> None:
    found = slugs(texts)
    assert set(found.values()) == set(texts)
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in found)
