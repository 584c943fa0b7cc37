"""Redirects and promises are things said to somebody: a post to all has neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from ingest.answer_keys import answer_keys
from metrics.load import load
from metrics.text import read, similarity_text
from tests.oracles.build import dates
from tests.oracles.database import compute
from tests.oracles.towns import two_years
from tests.test_load import WINDOW, Store

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.local_days

CITIZENS = range(1001, 1011)
DAYS = dates("2023-01-10", "2023-12-20", 10)[:10]
LETTER = "Dank voor uw bericht, onze dienst mobiliteit bekijkt uw vraag binnen tien werkdagen{}"
KINDS = ("post", "self_reply", "repost", "reply", "quote")


def redirected_kinds(tmp_path: Path, *texts: str) -> list[tuple[str, int]]:
    """How many of each kind are redirects where every kind says all of the texts."""
    store = Store()
    store.person()
    store.account()
    features = [one.to_json() for one in read(texts, langs=["nl"] * len(texts), direction="sent")]
    for group, kind in enumerate(KINDS):
        for key, (text, said) in enumerate(zip(texts, features, strict=True), 10 * group):
            store.post(
                key,
                f"2024-05-{10 + group} 12:0{key % 10}",
                kind=kind,
                text=text,
                features=said,
                answer_keys=answer_keys(similarity_text(text)),
            )
    con = duckdb.connect()
    load(con, store.write(tmp_path / "store.duckdb"), store.roster(), window=WINDOW)
    found = "select kind, count(*) from posts where is_redirect group by kind order by kind"
    return con.execute(found).fetchall()


def test_a_link_alone_sends_away_only_whom_it_answers(tmp_path: Path) -> None:
    assert redirected_kinds(tmp_path, "Alle info: https://stad.example/mobiliteit") == [
        ("quote", 1),
        ("reply", 1),
    ]


def test_three_near_identical_answers_are_redirects_and_three_such_posts_are_not(
    tmp_path: Path,
) -> None:
    letters = [LETTER.format(end) for end in (".", " An!", " en Jan.")]
    assert redirected_kinds(tmp_path, *letters) == [("quote", 3), ("reply", 3)]


def test_a_post_in_the_thread_of_a_question_neither_answers_nor_redirects() -> None:
    def rates(kind: str) -> tuple[float, float]:
        town = two_years()
        town.person()
        for on, by in zip(DAYS, CITIZENS, strict=True):
            question = town.question(1, on, by=by, root=by)
            facts = {"partner_key": by, "root_key": by, "parent_key": question}
            town.post(1, f"{on}T18:00", kind=kind, is_redirect=True, **facts)
        found = compute(town.world())
        answered, sent_away = (
            found.metric(name, "off_season")["value"] for name in ("answer_rate", "redirect_rate")
        )
        return float(answered), float(sent_away)

    assert rates("reply") == rates("quote") == (0, 1)
    assert rates("post") == rates("self_reply") == (0, 0)


def test_only_a_reply_to_a_citizen_can_hold_a_promise() -> None:
    town = two_years()
    town.person()
    for on, by in zip(DAYS, CITIZENS, strict=True):
        facts = {"partner_key": by, "root_key": by, "label": "help_thank", "promise": True}
        for kind in KINDS:
            town.post(1, f"{on}T12:00", kind=kind, **facts)
    assert compute(town.world()).metric("followed_up_in_public", "all")["denominator"] == 10
