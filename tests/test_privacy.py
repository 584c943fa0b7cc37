"""Keys are private and stable; citizens' names leave the texts, others' names stay."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import StoreError
from ingest.model import Kind
from ingest.privacy import Keys, hide_names, merge_text, read_key
from ingest.rows import NotCitizens, RowMaker
from tests.invented import CITIZEN, SECRET, FormText, asked, post, reply

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.model import Post


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "winterslaap.key"
    secret = read_key(path)
    assert len(secret) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path) == secret
    assert list(path.parent.iterdir()) == [path]


def test_a_key_that_others_may_read_is_closed_again(tmp_path: Path) -> None:
    path = tmp_path / "winterslaap.key"
    read_key(path)
    path.chmod(0o644)
    read_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_cut_key_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "winterslaap.key").write_bytes(b"short")
    with pytest.raises(StoreError, match=r"5 bytes, not 32 → restore it from your backup$"):
        read_key(tmp_path / "winterslaap.key")


@given(st.text())
def test_hashes_are_64_bit_the_same_each_time_and_different_under_another_key(text: str) -> None:
    keys = Keys(SECRET)
    assert -(2**63) <= keys.of(text) < 2**63
    assert keys.of(text) == Keys(SECRET).of(text) != Keys(bytes(32)).of(text)


def test_an_account_and_an_item_never_share_a_hash() -> None:
    keys = Keys(SECRET)
    assert len({keys.partner("bluesky", "x"), keys.partner("mastodon", "x"), keys.item("x")}) == 3


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Dag @burger.example!", "Dag @…!"),
        (".@burger.example kijk", ".@… kijk"),
        ("(@burger@toet.example)", "(@…)"),
        ("@x, @y: samen", "@…, @…: samen"),
        ("＠burger", "@…"),
        ("bel an@gemeente.example", "bel an@gemeente.example"),
        ("https://toet.example/@burger/12", "https://toet.example/@…/12"),
        ("https://bsky.example/profile/burger.example", "https://bsky.example/profile/@…"),
        ("https://bsky.example/profile/did:plc:abc234", "https://bsky.example/profile/@…"),
        ("@an.voorbeeld.example en @Krant.example.", "@an.voorbeeld.example en @Krant.example."),
        ("om 5 @ de markt, 100 %", "om 5 @ de markt, 100 %"),
        ("שלום @burger.example 😀", "שלום @… 😀"),
    ],
)
def test_names_of_citizens_are_hidden_and_those_of_known_accounts_stay(
    text: str, hidden: str
) -> None:
    known = {"an.voorbeeld.example", "krant.example"}
    assert hide_names(text, known.__contains__) == hidden


def hidden_in(post: Post, *known: str) -> str | None:
    keys = Keys(SECRET)
    others = NotCitizens(keys=frozenset(keys.partner("mastodon", name) for name in known))
    (row,) = RowMaker(keys, FormText(), "mastodon", others=others).posts([post], {})
    return row.text


def test_a_short_name_stays_only_when_every_bearer_in_the_text_is_known() -> None:
    both = {"mention_names": ("@bo", "@bo"), "text": "@bo en @bo", "kind": Kind.POST}
    known = post("1", mentions=("bo@toet.example",) * 2, **both)
    mixed = post("2", mentions=("bo@toet.example", "bo@elders.example"), **both)
    assert hidden_in(known, "bo@toet.example") == "@bo en @bo"
    assert hidden_in(mixed, "bo@toet.example") == "@… en @…"


def test_a_name_without_an_at_sign_that_the_platform_marks_is_hidden() -> None:
    marked = post(
        "1", text="Dank u Bea Burger!", mentions=("b@e.example",), mention_names=("Bea Burger",)
    )
    assert hidden_in(marked) == "Dank u @…!"


def test_a_name_inside_a_longer_name_is_hidden_whole() -> None:
    marked = post(
        "1",
        text="@bo en @bo-an",
        mentions=("bo@e.example", "bo-an@e.example"),
        mention_names=("@bo", "@bo-an"),
    )
    assert hidden_in(marked) == "@… en @…"


def test_a_repost_brings_no_text_of_somebody_else() -> None:
    (row,) = RowMaker(Keys(SECRET), FormText(), "bluesky").posts(
        [post("1", kind=Kind.REPOST, text="woorden van een ander")], {}
    )
    assert (row.text, row.merge_key, row.features) == (None, None, None)


@pytest.mark.parametrize(
    "copy",
    [
        "Morgen  raad om 20 uur",
        "MORGEN RAAD OM 20 UUR",
        "Morgen raad om 20 uur https://voorbeeld.example/a?b=c",
        "Morgen raad om 20 uur voorbeeld.example/a-b…",
        "\tMorgen raad\nom ２０ uur ",
    ],
)
def test_copies_of_a_post_share_their_merge_text(copy: str) -> None:
    assert merge_text(copy) == merge_text("Morgen raad om 20 uur")


def test_long_copies_share_their_first_80_characters_and_short_ones_need_all() -> None:
    assert merge_text("a" * 80 + "b") == merge_text("a" * 80 + "c") != merge_text("a" * 79 + "c")
    assert merge_text("kort") != merge_text("kort!")


def test_nothing_but_an_address_merges_with_nothing() -> None:
    rows = RowMaker(Keys(SECRET), FormText(), "bluesky").posts(
        [post("1", text="https://voorbeeld.example/"), post("2", text=" "), post("3", text="")], {}
    )
    assert [row.merge_key for row in rows] == [None, None, None]


def test_the_same_question_but_for_case_names_and_addresses_has_one_similarity_key() -> None:
    texts = [
        "Waar blijft de bus?",
        " waar BLIJFT de bus? ",
        "@an waar blijft de bus? https://x.example",
    ]
    maker = RowMaker(Keys(SECRET), FormText(), "bluesky")
    rows = maker.received(
        [asked(str(n), text=text) for n, text in enumerate([*texts, "Anders?"])], {}
    )
    assert len({row.similarity_key for row in rows[:3]}) == 1
    assert rows[3].similarity_key != rows[0].similarity_key


def test_the_forgotten_leave_no_row_and_no_key() -> None:
    keys = Keys(SECRET)
    others = NotCitizens(forgotten=frozenset({keys.partner("bluesky", CITIZEN)}))
    maker = RowMaker(keys, FormText(), "bluesky", others=others)
    assert maker.received([asked("1")], {}) == []
    (row,) = maker.posts([reply("2", to=CITIZEN)], {})
    assert (row.partner_key, row.parent_key) == (None, None)
    assert row.kind == "reply"


@given(st.text(st.characters(), max_size=200))
def test_any_text_can_be_read_and_stored(text: str) -> None:
    (row,) = RowMaker(Keys(SECRET), FormText(), "bluesky").posts([post("1", text=text)], {})
    assert row.text is not None
    row.text.encode()
