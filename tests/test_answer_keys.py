"""Near-identical answers are found by the keys that were kept when they were stored."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.answer_keys import answer_keys
from ingest.model import Batch, Kind, Post
from ingest.privacy import Keys
from ingest.rows import RowMaker
from ingest.store import Store
from ingest.walk import Walk
from metrics import text
from metrics.text import boilerplate, similarity_text
from tests.invented import AN, CITIZEN, SECRET, Clock, post, reply

FORM = "Dank je {} voor je bericht, onze medewerkers nemen dit verder op met de bevoegde dienst"
WORDS = [f"woord{first}{second}" for first in "abcdef" for second in "ghijkl"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "winterslaap.duckdb", SECRET) as opened:
        yield opened


def keys_of(words: str) -> set[int]:
    return set(answer_keys(similarity_text(words)))


def row(item: Post) -> list[int] | None:
    (made,) = RowMaker(Keys(SECRET), text, "bluesky").posts([item], {})
    return made.answer_keys


@given(st.data())
def test_two_answers_of_under_25_words_that_share_four_fifths_share_a_key(
    data: st.DataObject,
) -> None:
    words = data.draw(st.lists(st.sampled_from(WORDS), unique=True, min_size=5, max_size=24))
    gone = data.draw(st.integers(0, len(words) // 5))
    new = data.draw(st.lists(st.sampled_from("qrstuv"), unique=True, max_size=4))
    other = words[gone:] + [f"totaalanders{letter}" for letter in new]
    if 4 < len(other) < 25 and 5 * (len(words) - gone) >= 4 * len({*words, *other}):
        assert keys_of(" ".join(words)) & keys_of(" ".join(other))


@given(
    st.lists(
        st.lists(st.sampled_from(WORDS[:12]), unique=True, min_size=3, max_size=9),
        max_size=14,
    )
)
def test_those_that_share_a_key_are_all_that_can_be_form_letters(bags: list[list[str]]) -> None:
    answers = [" ".join(bag) for bag in bags]
    uses = Counter(key for answer in answers for key in keys_of(answer))
    some = [answer for answer in answers if any(uses[key] > 1 for key in keys_of(answer))]
    found = Counter(
        answer for answer, is_form in zip(some, boilerplate(some), strict=True) if is_form
    )
    assert found == Counter(
        answer for answer, is_form in zip(answers, boilerplate(answers), strict=True) if is_form
    )


def test_only_replies_and_quotes_of_five_words_have_keys() -> None:
    words = FORM.format("An")
    assert row(reply("1", CITIZEN, text=words)) == row(
        reply("2", CITIZEN, text=f"@iemand.example {words} 😀 12")
    )
    assert row(post("3", kind=Kind.QUOTE, text=words)) == row(reply("1", CITIZEN, text=words))
    assert row(reply("4", CITIZEN, text="Dank je wel!")) == []
    for kind in (Kind.POST, Kind.SELF_REPLY, Kind.REPOST, Kind.UNKNOWN):
        assert row(post("5", kind=kind, text=words)) is None
    assert row(reply("6", CITIZEN, text=words, is_deleted=True)) is None


def test_other_words_or_another_kind_have_other_keys_and_the_same_again_add_no_row(
    store: Store,
) -> None:
    walk = Walk(store, AN, "run-1", text, now=Clock(), language="nl")
    first, changed = "Wij kijken deze week naar het fietspad", "Wij kijken later naar de bushalte"
    for item in (
        reply("1", CITIZEN, text=first),
        reply("1", CITIZEN, text=first),
        reply("1", CITIZEN, text=changed),
        post("1", kind=Kind.POST, text=changed),
    ):
        walk.append(Batch(posts=(item,)))
    found = store.rows("select answer_keys from post order by seen_at")
    assert [keys and set(keys) for (keys,) in found] == [keys_of(first), keys_of(changed), None]


def test_a_deleted_answer_leaves_no_key(store: Store) -> None:
    walk = Walk(store, AN, "run-1", text, now=Clock(), language="nl")
    item = reply("1", CITIZEN, text=FORM.format("An"))
    walk.append(Batch(posts=(item,)))
    walk.append(Batch(posts=(reply("1", CITIZEN, text="", is_deleted=True),)))
    assert store.rows("select answer_keys, text from post") == [(None, None)] * 2


def test_a_thousand_answers_take_a_moment() -> None:
    answers = [FORM.format(name) for name in WORDS] * 28
    began = time.process_time()
    for answer in answers:
        answer_keys(similarity_text(answer))
    assert time.process_time() - began < 0.5
