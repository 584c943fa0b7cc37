"""X's archives: every part, every kind of post, in pieces, and with whatever is wrong in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest import archives
from ingest.archives import pieces
from ingest.archives.model import Found
from ingest.errors import ArchiveUnreadable
from ingest.model import Kind, Post, Span, Stream
from tests.archived import (
    BIG,
    OWN,
    OWN_ID,
    answer,
    part,
    tweet,
    tweets,
    x_files,
    x_moment,
    zipped,
)
from tests.invented import START


class Read:
    """What an archive holds, read to its end."""

    def __init__(self, path: Path) -> None:
        self.posts: list[Post] = []
        self.spans: list[Span] = []
        with archives.recognise(path) as found:
            for batch in archives.read(found):
                assert batch.state is not None
                self.posts += batch.posts
                self.spans += batch.spans
        self.found: Found = found

    @property
    def by_number(self) -> dict[int, Post]:
        return {int(post.uri.rpartition("/")[2]) - BIG: post for post in self.posts}

    @property
    def problems(self) -> list[str]:
        return [str(problem) for problem in self.found.problems.listed]


def read(tmp_path: Path, files: Mapping[str, str]) -> Read:
    return Read(zipped(tmp_path / "x.zip", files))


def one(tmp_path: Path, item: dict[str, Any]) -> Post:
    (post,) = read(tmp_path, x_files([item])).posts
    return post


def test_whose_it_is_and_which_days_it_proves(tmp_path: Path) -> None:
    got = read(tmp_path, x_files([tweet(1), tweet(5)]))
    assert (got.found.handle, got.found.platform, got.found.is_own) == (OWN, "x", True)
    assert got.spans == [
        Span(
            Stream.ACTS,
            datetime(2023, 12, 1, tzinfo=UTC),  # the account's opening
            datetime(2024, 12, 31, 12, tzinfo=UTC),  # the moment it was made, not today
            "declared",
        )
    ]
    assert not got.found.shows.received_under_own_posts
    assert not got.found.shows.received_mentions
    assert got.problems == []


def test_without_its_manifest_it_ends_at_its_newest_post(tmp_path: Path) -> None:
    files = x_files([tweet(1), tweet(5)])
    del files["data/manifest.js"]
    (span,) = read(tmp_path, files).spans
    assert span.end_at == START + timedelta(days=5, microseconds=1)


def test_ids_above_two_to_the_53_stay_exact(tmp_path: Path) -> None:
    post = one(tmp_path, answer(3, "een_burger", "9", "@een_burger dank u"))
    assert post.uri == f"https://x.com/i/status/{BIG + 3}"
    assert post.parent_uri == f"https://x.com/i/status/{BIG * 3 + 3}"
    assert float(BIG + 3) != BIG + 4


def test_the_moment_is_the_one_x_wrote(tmp_path: Path) -> None:
    post = one(tmp_path, tweet(0, created_at="Wed Oct 10 20:19:24 +0000 2018"))
    assert post.created_at == datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC)


def linking(*urls: str) -> dict[str, Any]:
    return tweet(
        1, "zie", entities={"user_mentions": [], "urls": [{"expanded_url": url} for url in urls]}
    )


QUOTED = "https://twitter.com/Een_Burger/status/123"
UNPARENTED = {"in_reply_to_user_id_str": "9", "in_reply_to_screen_name": "een_burger"}


@pytest.mark.parametrize(
    ("item", "kind", "partner"),
    [
        (tweet(1), Kind.POST, None),
        (answer(1, "Een_Burger", "9", "@Een_Burger ja"), Kind.REPLY, "een_burger"),
        (answer(1, "An_Voorbeeld", OWN_ID, "vervolg"), Kind.SELF_REPLY, OWN),
        (answer(1, "oude_naam", OWN_ID, "vervolg"), Kind.SELF_REPLY, OWN),
        (tweet(1, "@een_burger zonder parent", **UNPARENTED), Kind.REPLY, "een_burger"),
        (tweet(1, "RT @Een_Burger: hallo"), Kind.REPOST, "een_burger"),
        (tweet(1, "RT dit bericht"), Kind.POST, None),
        (linking(f"{QUOTED}?s=20"), Kind.QUOTE, "een_burger"),
        (linking("https://x.com/i/web/status/123"), Kind.QUOTE, None),
        (linking(f"{QUOTED}/photo/1"), Kind.POST, None),
        (linking(QUOTED, "https://voorbeeld.example"), Kind.POST, None),
    ],
)
def test_what_a_post_is(tmp_path: Path, item: dict[str, Any], kind: Kind, partner: str) -> None:
    post = one(tmp_path, item)
    assert (post.kind, post.partner) == (kind, partner)


def test_a_partner_keeps_one_name_though_the_handle_changed(tmp_path: Path) -> None:
    items = [
        answer(9, "nieuwe_naam", "9", "@nieuwe_naam"),
        answer(1, "oude_naam", "9", "@oude_naam"),
    ]
    got = read(tmp_path, x_files(items))
    assert [post.partner for post in got.posts] == ["nieuwe_naam", "nieuwe_naam"]


def test_entities_of_html_are_read_and_names_are_told(tmp_path: Path) -> None:
    text = "@Een_Burger brood &amp; spelen &lt;3"
    post = one(tmp_path, answer(1, "Een_Burger", "9", text))
    assert post.text == "@Een_Burger brood & spelen <3"
    assert post.mention_names == ("@Een_Burger",)
    assert post.mentions == ("een_burger",)


def test_a_repost_has_no_text_of_ones_own(tmp_path: Path) -> None:
    assert one(tmp_path, tweet(1, "RT @een_burger: mijn woorden")).text == ""


def test_all_parts_are_read_and_messages_are_not(tmp_path: Path) -> None:
    files = x_files(
        [tweet(1)],
        tweets_part1=tweets([tweet(2)], 1),
        tweets_part10=tweets([tweet(3)], 10),
        community_tweet=part("community_tweet", [{"tweet": tweet(4)}]),
        deleted_tweets=part("deleted_tweets", [{"tweet": tweet(5, "weg ermee")}]),
        like=part("like", [{"like": {"tweetId": "1", "fullText": "van een ander"}}]),
    )
    got = read(tmp_path, files)
    assert sorted(got.by_number) == [1, 2, 3, 4, 5]
    assert [n for n, post in got.by_number.items() if post.is_deleted] == [5]
    assert got.found.counts.deleted == 1
    assert got.found.opened.read_bytes < sum(map(len, files.values())) * 4
    assert not {"geheim", "van een ander"} & {post.text for post in got.posts}


def test_a_long_post_has_its_whole_text(tmp_path: Path) -> None:
    words = "Een heel lang bericht over de straten van Voorbeeldstad " * 8
    cut = words[:240].rstrip() + "… https://t.co/lang"
    note = {
        "noteTweetId": "1",
        "createdAt": (START + timedelta(days=1, seconds=1)).isoformat().replace("+00:00", "Z"),
        "core": {"text": words, "mentions": [], "urls": []},
    }
    files = x_files(
        [tweet(1, cut), tweet(2, cut)], note_tweet=part("note_tweet", [{"noteTweet": note}])
    )
    got = read(tmp_path, files).by_number
    assert got[1].text == words
    assert got[2].text == cut  # another day: not its text


@pytest.mark.parametrize("indent", [None, 0, 1, 2, 4])
@pytest.mark.parametrize("size", [1, 57, 1_000, 2**21])
def test_pieces_of_any_size_and_form_hold_the_same_posts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, indent: int | None, size: int
) -> None:
    tricky = [
        tweet(1, 'zei: "}, { \\"tweet\\" : {" en ging'),
        tweet(2, '},\n  {\n    "tweet" : { regels'),
        tweet(3, "é😀" * 40),
        answer(4, "een_burger", "9", "@een_burger ] } ; ["),
        *(tweet(n) for n in range(5, 30)),
    ]
    monkeypatch.setattr(pieces, "SIZE", size)
    got = read(tmp_path, x_files([]) | {"data/tweets.js": tweets(tricky, indent=indent)})
    assert [post.text for post in got.posts] == [item["full_text"] for item in tricky]
    assert got.problems == []


def test_posts_without_a_wrapper_are_read_as_of_old(tmp_path: Path) -> None:
    old = (
        "window.YTD.tweet.part0 = [ "
        + ", ".join(json.dumps(tweet(n), indent=2) for n in (1, 2, 3))
        + " ]"
    )
    files = x_files([])
    del files["data/tweets.js"]
    got = read(tmp_path, files | {"data/tweet.js": old})
    assert sorted(got.by_number) == [1, 2, 3]


def test_a_bad_post_costs_only_itself(tmp_path: Path) -> None:
    items: list[Any] = [tweet(n) for n in range(1, 6)]
    items[1] = {key: value for key, value in items[1].items() if key != "id_str"}
    items[2]["created_at"] = "gisteren"
    items[3]["full_text"] = 17
    got = read(tmp_path, x_files(items))
    assert sorted(got.by_number) == [1, 5]
    assert [p.partition(": found")[0] for p in got.problems] == [
        f"data/tweets.js, row {row}" for row in (2, 3, 4)
    ]
    assert got.found.counts.unreadable == 3


def test_an_archive_gives_the_terminal_no_orders(tmp_path: Path) -> None:
    files = x_files([tweet(1), tweet(2, created_at="\x1b]0;ha\x07\x1b[2J\u202eooit")])
    files["../\x1b[31m.js"] = ""
    files["data/account.js"] = files["data/account.js"].replace("An_V", "\\u001b[31mAn_V")
    got = read(tmp_path, files)
    assert len(got.problems) == 2
    told = [*got.problems, got.found.handle or "", got.found.state().handle]
    assert all(text.isprintable() for text in told)


def test_half_an_emoji_is_no_reason_to_lose_a_post(tmp_path: Path) -> None:
    text = tweets([tweet(1), tweet(2)]).replace("Bericht 2", "Bericht \\ud83d")
    got = read(tmp_path, x_files([]) | {"data/tweets.js": text})
    assert sorted(got.by_number) == [1, 2]


def test_a_cut_part_is_read_as_far_as_it_came_and_proves_no_day(tmp_path: Path) -> None:
    text = tweets([tweet(n) for n in range(1, 50)])
    got = read(tmp_path, x_files([]) | {"data/tweets.js": text[: len(text) // 2]})
    assert len(got.posts) == 24
    assert got.spans == []
    assert "data/tweets.js, row 25" in got.problems[0]
    assert "it ends in the middle" in got.problems[1]


def test_a_part_that_ends_between_two_posts_proves_no_day(tmp_path: Path) -> None:
    text = tweets([tweet(1), tweet(2)])
    got = read(tmp_path, x_files([]) | {"data/tweets.js": text[: text.rindex("}") + 1]})
    assert len(got.posts) == 2
    assert got.spans == []


def test_an_empty_part_is_no_problem(tmp_path: Path) -> None:
    got = read(tmp_path, x_files([]) | {"data/tweets.js": "window.YTD.tweets.part0 = [ ]"})
    assert (got.posts, got.problems) == ([], [])


@pytest.mark.parametrize(("told", "problem"), [("5", "3 posts"), ("3", ""), ("2", "")])
def test_the_manifest_says_whether_posts_are_missing(
    tmp_path: Path, told: str, problem: str
) -> None:
    files = x_files([tweet(n) for n in range(3)])
    types = {"tweets": {"files": [{"fileName": "data/tweets.js", "count": told}]}}
    files["data/manifest.js"] = "window.__THAR_CONFIG = " + json.dumps({"dataTypes": types})
    got = read(tmp_path, files)
    assert any(problem and problem in p for p in got.problems) == bool(problem)
    assert bool(got.spans) == (not problem)


def test_a_missing_part_is_told_and_no_day_is_proven(tmp_path: Path) -> None:
    files = x_files([tweet(1)])
    types = {"tweets": {"files": [
        {"fileName": "data/tweets.js", "count": "1"},
        {"fileName": "data/tweets-part1.js", "count": "4"},
    ]}}  # fmt: skip
    files["data/manifest.js"] = "window.__THAR_CONFIG = " + json.dumps({"dataTypes": types})
    got = read(tmp_path, files)
    assert got.problems == [
        "tweets-part1.js: found 'the part is missing', expected its 4 posts: download it again, "
        "then give the new file"
    ]
    assert got.spans == []


@pytest.mark.parametrize("lost", ["tweets", "tweets-part1"])
def test_without_its_manifest_a_part_missing_between_others_is_told(
    tmp_path: Path, lost: str
) -> None:
    files = x_files([tweet(1)], tweets_part1=tweets([tweet(2)], 1), tweets_part2=tweets([tweet(3)]))
    del files["data/manifest.js"], files[f"data/{lost}.js"]
    got = read(tmp_path, files)
    assert [p.partition(":")[0] for p in got.problems] == [f"{lost}.js"]
    assert len(got.posts) == 2
    assert got.spans == []


def test_without_its_manifest_nothing_before_the_oldest_post_is_proven(tmp_path: Path) -> None:
    files = x_files([tweet(1), tweet(5)])
    del files["data/manifest.js"]
    (span,) = read(tmp_path, files).spans
    assert span.start_at == START + timedelta(days=1)


def test_a_split_archive_asks_for_its_other_zips(tmp_path: Path) -> None:
    files = x_files([tweet(1)])
    files["data/manifest.js"] = files["data/manifest.js"].replace("false", "true")
    got = read(tmp_path, files)
    assert "put all its zips in one folder" in got.found.notes[0]
    assert got.spans == []


def test_a_part_downloaded_twice_is_read_once(tmp_path: Path) -> None:
    files = x_files([tweet(1), tweet(2)], tweets_part1=tweets([tweet(2), tweet(1)], 1))
    got = read(tmp_path, files)
    assert len(got.posts) == 2
    assert got.found.counts.repeated == 2


def test_a_folder_of_another_language_is_read_the_same(tmp_path: Path) -> None:
    files = {f"X-archief van An/{name}": text for name, text in x_files([tweet(1)]).items()}
    got = read(tmp_path, files)
    assert got.found.handle == OWN
    assert len(got.posts) == 1


def test_without_its_data_it_says_what_to_give(tmp_path: Path) -> None:
    page = tmp_path / "Your archive.html"
    page.write_text("<!doctype html>")
    with pytest.raises(ArchiveUnreadable, match="give the whole zip"):
        archives.recognise(page)


def test_without_account_js_the_problem_is_told(tmp_path: Path) -> None:
    files = x_files([tweet(1)])
    del files["data/account.js"], files["data/manifest.js"]
    got = read(tmp_path, files)
    assert got.found.handle is None
    assert any("account.js" in problem for problem in got.problems)
    assert len(got.posts) == 1


@pytest.mark.parametrize("text", ["", "=", "window.YTD.account.part0 = [", "[[[[", "= [1]", "= {}"])
def test_a_damaged_account_js_stops_nothing(tmp_path: Path, text: str) -> None:
    got = read(tmp_path, x_files([tweet(1)]) | {"data/account.js": text})
    assert got.found.handle == OWN  # from the manifest
    assert len(got.posts) == 1


def test_a_moment_with_another_zone_is_read(tmp_path: Path) -> None:
    post = one(tmp_path, tweet(0, created_at="Wed Oct 10 22:19:24 +0200 2018"))
    assert post.created_at == datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC)
    assert x_moment(START) == "Mon Jan 01 12:00:00 +0000 2024"
