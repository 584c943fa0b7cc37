"""What people really give: the wrong download, half of it, another language's, an empty one."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import archives
from ingest.archives import grouped, meta
from ingest.errors import ArchiveUnreadable
from ingest.model import Batch, Kind, Post
from tests import archives_made, tables_made
from tests.archives_made import (
    BIG,
    FB_COMMENTS,
    FB_POSTS,
    IG_COMMENTS,
    IG_POSTS,
    LI,
    Made,
    as_csv,
    as_lines,
    broken,
    fb_comment,
    fb_post,
    ig_comment,
    meta_json,
)

HTML = b"<!DOCTYPE html><html><head><title>Your %s information</title></head><body>%s</body></html>"


def read(tmp_path: Path, made: Made) -> tuple[archives.Found, list[Post], list[Batch]]:
    with archives.recognise(made.write(tmp_path)) as found:
        batches = list(archives.read(found))
    return found, [post for batch in batches for post in batch.posts], batches


def refusal(tmp_path: Path, files: dict[str, bytes], pack: str = "zip") -> str:
    with pytest.raises(ArchiveUnreadable) as caught:
        archives.recognise(Made(files, pack).write(tmp_path))
    return str(caught.value)


def spans(batches: list[Batch]) -> list[Any]:
    return [span for batch in batches for span in batch.spans]


# ------------------------------------------------------------------- Facebook and Instagram


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_html_is_refused_with_how_to_ask_for_json_in_three_languages(
    tmp_path: Path, platform: str
) -> None:
    word = platform.title().encode()
    files = {
        "start_here.html": HTML % (word, word),
        f"your_{platform}_activity/posts/posts_1.html": HTML % (word, b"Dag"),
        "media/a.jpg": b"\xff\xd8",
    }
    said = refusal(tmp_path, files)
    assert f"{platform.title()} download is HTML" in said
    for words in (
        "Accounts Center → Your information and permissions",
        "Format: JSON",
        "Accountcentrum → Je gegevens downloaden",
        "Espace Comptes → Vos informations et autorisations → Télécharger vos informations",
    ):
        assert words in said


def test_a_download_without_posts_and_comments_says_what_to_tick(tmp_path: Path) -> None:
    profile = {"profile_v2": {"name": {"full_name": "An Voorbeeld"}}}
    said = refusal(tmp_path, {"p/profile_information.json": meta_json(profile)})
    assert "holds no posts and no comments" in said
    assert "tick both" in said
    stories = {"ig_stories": [archives_made.ig_media("2024-03-05 09:00")]}
    assert "Instagram download holds no posts" in refusal(
        tmp_path, {"media/stories.json": meta_json(stories)}
    )


def test_comments_alone_prove_no_day(tmp_path: Path) -> None:
    files = {"c.json": meta_json({"comments_v2": FB_COMMENTS})}
    found, posts, batches = read(tmp_path, Made(files))
    assert (found.native_id, len(posts), spans(batches)) == ("an voorbeeld", 4, [])
    assert "no posts are in this download: it proves no day" in found.notes


def test_posts_alone_show_no_replies(tmp_path: Path) -> None:
    found, _, _ = read(tmp_path, Made({"posts.json": meta_json(FB_POSTS)}))
    assert not found.shows.replies
    assert "no comments are in it" in found.notes


@pytest.mark.parametrize(
    "title",
    [
        "An Voorbeeld heeft gereageerd op het bericht van Piet Verzonnen.",
        "An Voorbeeld a répondu au commentaire de Piet Verzonnen.",
        "An Voorbeeld hat Piet Verzonnens Beitrag kommentiert.",
        "An Voorbeeld commented on a post.",
        "Iemand anders replied to Piet Verzonnen's comment.",
        "",
    ],
)
def test_whom_a_comment_answers_is_never_guessed(tmp_path: Path, title: str) -> None:
    text = "Piet Verzonnen dat klopt"
    comments = {"comments_v2": [fb_comment("2024-03-05 12:00", text, title)]}
    files = {"a.json": meta_json(FB_POSTS), "b.json": meta_json(comments)}
    found, posts, _ = read(tmp_path, Made(files))
    (comment,) = [post for post in posts if ":comment:" in post.uri]
    assert (comment.kind, comment.partner) == (Kind.UNKNOWN, None)
    assert not found.shows.replies
    assert any("English (US)" in note for note in found.notes)
    if "Piet" in title:
        assert any("Piet" in name for name in comment.mention_names)


@pytest.mark.parametrize(
    ("title", "kind", "partner"),
    [
        ("An Voorbeeld replied to Kim O'Niets's comment.", Kind.REPLY, "kim o'niets"),
        ("An Voorbeeld commented on De Krant's photo.", Kind.REPLY, "de krant"),
        ("An Voorbeeld commented on Fien Fictief’s post in Ons Dorp.", Kind.REPLY, "fien fictief"),
        ("An Voorbeeld replied to An Voorbeeld's comment.", Kind.SELF_REPLY, "unknown"),
        ("An Voorbeeld commented on her own video.", Kind.SELF_REPLY, "unknown"),
        ("An Voorbeeld commented on their own post.", Kind.SELF_REPLY, "unknown"),
    ],
)
def test_english_titles_say_whom_a_comment_answers(
    tmp_path: Path, title: str, kind: Kind, partner: str
) -> None:
    comments = {"comments_v2": [fb_comment("2024-03-05 12:00", "Ja", title)]}
    _, posts, _ = read(tmp_path, Made({"b.json": meta_json(comments)}))
    own = "an voorbeeld" if partner == "unknown" else partner
    assert (posts[0].kind, posts[0].partner) == (kind, own)


def test_folders_in_other_languages_and_older_shapes_are_read(tmp_path: Path) -> None:
    old = {"status_updates": [fb_post("2018-03-05 10:00", "Toen")]}
    older = {"comments": [fb_comment("2018-03-05 12:00", "Ja", "")]}
    group = {"group_posts_v2": [fb_post("2018-03-06 10:00", "In de groep")]}
    files = {
        "facebook-an/jouw_activiteit/berichten/je_berichten.json": meta_json(old),
        "facebook-an/jouw_activiteit/opmerkingen/opmerkingen.json": meta_json(older),
        "facebook-an/jouw_activiteit/groepen/berichten.json": meta_json(group),
    }
    _, posts, _ = read(tmp_path, Made(files))
    assert {post.text for post in posts} == {"Toen", "Ja", "In de groep"}


def test_posts_and_comments_in_groups_are_read_where_they_stood_together(tmp_path: Path) -> None:
    comment = fb_comment("2019-03-05 12:00", "Ja", "An Voorbeeld replied to Bo Bedacht's comment.")
    held = [fb_post("2019-03-05 10:00", "In de groep"), comment]
    group = {"group_posts": {"activity_log_data": held}}
    _, posts, _ = read(tmp_path, Made({"groepen.json": meta_json(group)}))
    assert [(post.kind, post.partner) for post in posts] == [
        (Kind.POST, None),
        (Kind.REPLY, "bo bedacht"),
    ]


def test_an_instagram_download_beside_it_is_told(tmp_path: Path) -> None:
    both = {**archives_made.facebook().files, **archives_made.instagram().files}
    found, _, _ = read(tmp_path, Made(both))
    told = "an Instagram download lies beside it: import that by itself"
    assert (found.format, told in found.notes) == ("facebook", True)
    alone, _, _ = read(tmp_path, archives_made.facebook())
    assert told not in alone.notes


def test_messages_are_not_looked_into(tmp_path: Path) -> None:
    said = [{"sender_name": "Bo Bedacht", "content": '"comment" "post"' * 9_000}] * 9
    message = meta_json({"participants": [{"name": "Bo Bedacht"}], "messages": said})
    files = {"posts_1.json": meta_json(FB_POSTS), "inbox/bo/message_1.json": message}
    with archives.recognise(Made(files).write(tmp_path)) as found:
        assert found.opened.read_bytes < 60_000 < len(message)


def test_an_old_text_of_an_edited_post_is_no_post(tmp_path: Path) -> None:
    files = {
        "posts/your_posts_1.json": meta_json(FB_POSTS[:1]),
        "posts/edits_you_made_to_posts.json": meta_json([fb_post("2024-03-05 11:00", "Vroeger")]),
    }
    _, posts, _ = read(tmp_path, Made(files))
    assert "Vroeger" not in {post.text for post in posts}


def test_parts_that_are_there_twice_count_once(tmp_path: Path) -> None:
    part = meta_json(FB_POSTS[:1])
    found, posts, _ = read(tmp_path, Made({"a/posts_1.json": part, "b/posts_1 (1).json": part}))
    assert (len(posts), found.counts.repeated) == (1, 1)


def test_a_part_that_is_cut_short_is_read_up_to_there_and_proves_no_day(tmp_path: Path) -> None:
    whole = meta_json([fb_post(f"2024-03-0{n} 10:00", f"Bericht {n}") for n in range(1, 10)])
    found, posts, batches = read(tmp_path, Made({"posts_1.json": whole[: len(whole) // 2]}))
    assert 3 <= len(posts) <= 5
    assert not spans(batches)
    (problem,) = found.problems.listed
    assert problem.row == len(posts) + 1
    assert "cut short" in str(problem)


def test_entries_of_an_unknown_kind_are_quarantined_with_a_reason(tmp_path: Path) -> None:
    label = {"timestamp": 1709632800, "media": [], "label_values": [{"label": "x", "value": "y"}]}
    known, later = fb_post("2024-03-05 10:00", "Bekend"), [label, 7, "x", None]
    found, posts, batches = read(tmp_path, Made({"posts_1.json": meta_json([known, *later])}))
    assert [post.text for post in posts] == ["Bekend"]
    reasons = [bad.reason for batch in batches for bad in batch.quarantined]
    assert reasons == ["an entry of an unknown kind"] * 4
    assert found.problems.count == 4


@pytest.mark.parametrize(
    "labels",
    [
        ("Comment", "Media Owner", "Time"),
        ("Opmerking", "Media-eigenaar", "Tijd"),
        ("Commentaire", "Propriétaire du contenu multimédia", "Heure"),
        ("Kommentar", "Medienbesitzer", "Zeit"),
        ("Comentario", "Propietario", "Hora"),
    ],
)
def test_instagrams_labels_in_any_language_are_read(
    tmp_path: Path, labels: tuple[str, str, str]
) -> None:
    comments = [ig_comment("2024-03-05 11:00", "Mooi gedaan", "fien.fictief", labels)]
    files = {"p.json": meta_json(IG_POSTS), "c.json": meta_json(comments)}
    profile = {"profile_user": [{"string_map_data": {"Nom d’utilisateur": {"value": "An.X"}}}]}
    _, posts, _ = read(tmp_path, Made(files | {"i.json": meta_json(profile)}))
    (comment,) = [post for post in posts if ":comment:" in post.uri]
    assert (comment.text, comment.partner) == ("Mooi gedaan", "fien.fictief")
    assert comment.uri.startswith("instagram:an.x:")


def test_without_the_owners_name_no_comment_is_an_answer(tmp_path: Path) -> None:
    _, posts, _ = read(tmp_path, Made({"c.json": meta_json(IG_COMMENTS)}))
    assert {(post.kind, post.partner) for post in posts} == {(Kind.UNKNOWN, None)}


def test_instagrams_older_shapes_are_read(tmp_path: Path) -> None:
    listed = {
        "title": "fien.fictief",
        "string_list_data": [{"value": "Ja", "timestamp": 1646000000}],
    }
    files = {
        "media.json": meta_json(
            {"photos": [{"caption": "Oud", "taken_at": "2018-03-05T10:00:00", "path": "a.jpg"}]}
        ),
        "comments.json": meta_json(
            {"media_comments": [["2018-03-05T11:00:00", "Toen ook", "fien.fictief"]]}
        ),
        "post_comments.json": meta_json({"comments_media_comments": [listed]}),
    }
    _, posts, _ = read(tmp_path, Made(files))
    assert {(post.text, post.created_at.year) for post in posts if post.created_at} == {
        ("Oud", 2018),
        ("Toen ook", 2018),
        ("Ja", 2022),
    }


def test_a_facebook_album_is_no_instagram_archive(tmp_path: Path) -> None:
    album = {"name": "Markt", "photos": [{"uri": "a.jpg", "creation_timestamp": 1709632800}]}
    assert "nothing in it is known" in refusal(tmp_path, {"album/0.json": meta_json(album)})


@given(text=st.text())
def test_broken_letters_are_repaired(text: str) -> None:
    assert meta.repaired(broken(text)) == text


@given(text=st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_text_that_is_right_already_stays_as_it_is(text: str) -> None:
    told = text + "€"
    assert meta.repaired(told) == told


@given(text=st.text(), cut=st.integers(0, 40))
def test_of_a_text_cut_in_a_letter_the_rest_is_repaired(text: str, cut: int) -> None:
    part = broken(text)[: max(0, len(broken(text)) - cut)]
    whole = part.encode("latin-1").decode(errors="ignore")
    assert meta.repaired(part).startswith(whole)
    assert len(meta.repaired(part)) <= len(part)


@given(text=st.text(st.characters(max_codepoint=0xFF)))
def test_repairing_never_fails_and_never_lengthens(text: str) -> None:
    assert len(meta.repaired(text)) <= len(text)


def test_french_words_that_were_never_broken_stay() -> None:
    assert meta.repaired("déjà vu, à l’été") == "déjà vu, à l’été"
    assert meta.repaired("café") == "café"


@pytest.mark.parametrize("odd", [0, -1, True, None, "gisteren", 10**18, float("nan"), []])
def test_a_moment_out_of_all_sense_is_none(odd: object) -> None:
    with pytest.raises(ValueError, match="moment"):
        meta.moment(odd)


def test_milliseconds_are_seconds() -> None:
    assert meta.moment(1709632800000) == meta.moment("1709632800")


# --------------------------------------------------------------------------------- LinkedIn


def test_the_fast_linkedin_archive_is_refused_with_how_to_ask_for_the_larger(
    tmp_path: Path,
) -> None:
    files = {
        "Connections.csv": b"First Name,Last Name,URL,Connected On\nBo,Bedacht,x,1 Jan 2024\n",
        "messages.csv": b"CONVERSATION ID,FROM,CONTENT\n1,Bo,x\n",
    }
    said = refusal(tmp_path, files)
    for words in ("Download larger data archive", "groter gegevensarchief", "plus volumineuse"):
        assert words in said
    assert "Bedacht" not in said


def test_linkedin_analytics_are_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, {"Content_2024-01-01_AnVoorbeeld.xlsx": b"PK", "a.txt": b"x"})
    assert "analytics" in said


def test_a_comment_on_linkedin_is_of_unknown_kind(tmp_path: Path) -> None:
    rows = f"Date,Link,Message\n2024-03-05 10:00:00,{LI}activity%3A7000000001,Ja\n".encode()
    found, (post,), batches = read(tmp_path, Made({"Comments.csv": rows}, "file"))
    assert (post.kind, post.partner, found.shows.replies) == (Kind.UNKNOWN, None, False)
    assert not spans(batches)


def test_a_visibility_that_is_not_known_is_not_taken_for_everybody(tmp_path: Path) -> None:
    row = {"Date": "2024-03-05 10:00:00", "ShareLink": "l", "ShareCommentary": "x"}
    shown = ("PUBLIC", "", "MEMBER_NETWORK", "CONNECTIONS", "SOMETHING_NEW")
    rows = [row | {"ShareLink": f"https://l.example/{v}", "Visibility": v} for v in shown]
    found, posts, batches = read(tmp_path, Made({"Shares.csv": as_csv(rows)}, "file"))
    assert len(posts) == 3
    assert "posts that were not for everybody: 1, neither stored nor counted" in found.notes
    (bad,) = [bad for batch in batches for bad in batch.quarantined]
    assert bad.reason == "a visibility of an unknown kind"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_linkedin_rows_saved_by_a_spreadsheet_are_read(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    row = {
        "Date": "2024-03-05 10:00:00",
        "ShareLink": "https://l.example/1",
        "ShareCommentary": "Déjà; vu, één",
    }
    data = as_csv([row], delimiter).decode().encode(encoding)
    _, (post,), _ = read(tmp_path, Made({"Shares.csv": data}, "file"))
    assert post.text == "Déjà; vu, één"


# --------------------------------------------------------------------- Mastodon and Bluesky


def test_likes_alone_are_no_mastodon_archive(tmp_path: Path) -> None:
    likes = archives_made.mastodon_archive().files["likes.json"]
    said = refusal(tmp_path, {"likes.json": likes}, "file")
    assert "no outbox.json" in said
    assert "Demander vos archives" in said


def test_an_outbox_alone_tells_whose_it_is(tmp_path: Path) -> None:
    data = json.dumps(archives_made.outbox()).encode()
    found, posts, batches = read(tmp_path, Made({"outbox.json": data}, "file"))
    assert found.native_id == "an@sociaal.example"
    assert min(post.created_at for post in posts if post.created_at) == spans(batches)[0].start_at


def test_what_was_not_for_everybody_is_neither_stored_nor_counted_but_told(tmp_path: Path) -> None:
    found, posts, _ = read(tmp_path, archives_made.mastodon_archive())
    assert not any("geheim" in post.text or "volgers" in post.text for post in posts)
    assert found.counts.posts + found.counts.replies + found.counts.quotes == 4
    assert "posts that were not for everybody: 2, neither stored nor counted" in found.notes


def test_an_account_that_never_posted_is_known_to_be_silent(tmp_path: Path) -> None:
    made = archives_made.mastodon_archive()
    empty = archives_made.outbox() | {"orderedItems": archives_made.outbox()["orderedItems"][-1:]}
    files = dict(made.files) | {"outbox.json": json.dumps(empty).encode()}
    _, posts, batches = read(tmp_path, Made(files))
    (span,) = spans(batches)
    assert not posts
    assert span.start_at == datetime(2023, 11, 1, tzinfo=UTC)
    assert span.end_at > datetime(2024, 3, 7, tzinfo=UTC)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.99])
def test_a_cut_repository_is_refused_whole(tmp_path: Path, share: float) -> None:
    data = archives_made.bluesky_car().files["repo.car"]
    said = refusal(tmp_path, {"repo.car": data[: int(len(data) * share)]}, "file")
    assert "Export my data" in said


# ------------------------------------------------------------------------ researchers' tables


@pytest.mark.parametrize(
    ("url", "is_timeline"),
    [
        ("https://api.twitter.com/2/users/3/tweets?max_results=100", True),
        ("https://api.twitter.com/2/users/3/tweets?exclude=replies%2Cretweets", False),
        ("https://api.twitter.com/2/users/3/mentions?max_results=100", False),
        ("https://api.twitter.com/2/tweets/search/all?query=from%3Aan_voorbeeld", True),
        ("https://api.twitter.com/2/tweets/search/all?query=%28from%3Aan+OR+from%3Abo%29", True),
        ("https://api.twitter.com/2/tweets/search/all?query=from%3Aan+zwembad", False),
        ("https://api.twitter.com/2/tweets/search/all?query=from%3Aan+-is%3Areply", False),
        ("https://api.twitter.com/2/tweets/search/recent?query=zwembad", False),
        ("", False),
    ],
)
def test_only_a_whole_timeline_proves_days(tmp_path: Path, url: str, is_timeline: bool) -> None:
    made = Made({"x.jsonl": as_lines(tables_made.pages(url)[:1])}, "file")
    found, posts, batches = read(tmp_path, made)
    assert (found.is_timeline, bool(spans(batches)), len(posts)) == (is_timeline, is_timeline, 5)


def test_one_answer_to_a_search_among_timelines_proves_nothing(tmp_path: Path) -> None:
    pages = [
        *tables_made.pages()[:1],
        *tables_made.pages("https://api.twitter.com/2/tweets/search/all?query=zwembad")[:1],
    ]
    found, _, batches = read(tmp_path, Made({"x.jsonl": as_lines(pages)}, "file"))
    assert (found.is_timeline, spans(batches)) == (False, [])


@pytest.mark.parametrize("name", ["minet", "fourcat", "crowdtangle", "meta_content_library"])
def test_a_table_proves_days_only_where_somebody_vouches_that_it_is_complete(
    tmp_path: Path, name: str
) -> None:
    made = getattr(tables_made, name)()
    _, posts, batches = read(tmp_path, made)
    assert not spans(batches)
    with archives.recognise(made.write(tmp_path)) as found:
        grouped.declare_complete(found)
        (span,) = spans(list(archives.read(found)))
    assert span.start_at == min(post.created_at for post in posts if post.created_at)
    assert grouped.NOT_ALL not in found.notes
    assert grouped.DECLARED in found.notes


def test_nobodys_word_makes_a_search_complete(tmp_path: Path) -> None:
    searched = tables_made.pages("https://api.twitter.com/2/tweets/search/all?query=zwembad")
    ((path, data),) = tables_made.minet().files.items()
    first, *rows = data.decode().splitlines()
    told = "\n".join([f"{first},match_query", *(f"{row},1" for row in rows)])
    for made in (
        Made({"x.jsonl": as_lines(searched[:1])}, "file"),
        Made({path: told.encode()}, "file"),
    ):
        with archives.recognise(made.write(tmp_path)) as found:
            grouped.declare_complete(found)
            assert not spans(list(archives.read(found)))
        assert grouped.SEARCHED in found.notes


def test_lines_without_their_request_prove_days_where_somebody_vouches(tmp_path: Path) -> None:
    bare = [{k: v for k, v in page.items() if k != "__twarc"} for page in tables_made.pages()[:1]]
    made = Made({"x.jsonl": as_lines(bare)}, "file")
    found, _, batches = read(tmp_path, made)
    assert (spans(batches), grouped.NOT_ALL in found.notes) == ([], True)
    with archives.recognise(made.write(tmp_path)) as found:
        grouped.declare_complete(found)
        assert len(spans(list(archives.read(found)))) == 1


def test_an_own_archive_cannot_be_declared_complete(tmp_path: Path) -> None:
    made = Made({"c.json": meta_json({"comments_v2": FB_COMMENTS})})
    with archives.recognise(made.write(tmp_path)) as found:
        grouped.declare_complete(found)
        assert not spans(list(archives.read(found)))


def test_twarcs_table_says_what_its_lines_say(tmp_path: Path) -> None:
    _, lines, _ = read(tmp_path, Made({"a.jsonl": as_lines(tables_made.pages()[:1])}, "file"))
    rows = as_csv(tables_made.twarc_rows())
    _, table, batches = read(tmp_path, Made({"a.csv": rows}, "file"))
    assert table == lines
    assert len(spans(batches)) == 1


def test_flattened_and_streamed_posts_say_what_pages_say(tmp_path: Path) -> None:
    (page,) = tables_made.pages()[:1]
    _, whole, _ = read(tmp_path, Made({"a.jsonl": as_lines([page])}, "file"))
    users = {user["id"]: user for user in page["includes"]["users"]}
    flat = []
    for tweet in page["data"]:
        refs = [dict(ref) for ref in tweet.get("referenced_tweets", ())]
        for ref in refs:
            if ref["type"] != "retweeted":
                own = ref["id"] == str(BIG + 1)
                ref["author"] = page["includes"]["users"][0 if own else 1]
        more = {"referenced_tweets": refs} if refs else {}
        if "in_reply_to_user_id" in tweet:
            more["in_reply_to_user"] = users[tweet["in_reply_to_user_id"]]
        flat.append(
            {**tweet, "author": users[tweet["author_id"]], **more, "__twarc": page["__twarc"]}
        )
    _, posts, _ = read(tmp_path, Made({"b.jsonl": as_lines(flat)}, "file"))
    assert posts == whole
    streamed = [{"data": one, "includes": page["includes"]} for one in page["data"]]
    _, posts, _ = read(tmp_path, Made({"c.jsonl": as_lines(streamed)}, "file"))
    assert posts == whole


def test_a_bad_post_in_a_page_costs_only_itself_and_an_empty_answer_nothing(tmp_path: Path) -> None:
    (page,) = tables_made.pages()[:1]
    data = [page["data"][0], {"id": "7"}, "x", *page["data"][1:]]
    included = {"users": [{"id": "1"}, 7, *page["includes"]["users"]], "tweets": None}
    lines = as_lines([page | {"data": data, "includes": included}, 7, {"errors": []}])
    found, posts, batches = read(tmp_path, Made({"x.jsonl": lines}, "file"))
    assert len(posts) == 5
    assert len([bad for batch in batches for bad in batch.quarantined]) == 3
    assert [problem.row for problem in found.problems.listed] == [1, 1, 2]


def test_a_reference_of_an_unknown_kind_is_not_guessed(tmp_path: Path) -> None:
    odd = tables_made.tweet(
        1, "2024-03-05T10:00:00", "x", referenced_tweets=[{"type": "echoed", "id": "7"}]
    )
    _, posts, batches = read(tmp_path, Made({"x.jsonl": as_lines([{"data": odd}])}, "file"))
    (bad,) = [bad for batch in batches for bad in batch.quarantined]
    assert (posts, bad.reason) == ([], "a reference of an unknown kind")


def test_posts_of_twarc_1_are_read(tmp_path: Path) -> None:
    user = {"screen_name": "An_Voorbeeld", "id_str": "1"}
    at = "Tue Mar 05 10:00:00 +0000 2024"

    def tweet(number: int, text: str, **more: Any) -> dict[str, Any]:
        told = {"id_str": str(BIG + number), "created_at": at, "full_text": text, "user": user}
        return told | {"entities": {"user_mentions": []}} | more

    piet = {"screen_name": "piet_verzonnen", "id_str": "2"}
    asked = {
        "in_reply_to_user_id_str": "2",
        "in_reply_to_screen_name": "piet_verzonnen",
        "in_reply_to_status_id_str": "5",
    }
    lines = [
        tweet(1, "Debat"),
        tweet(2, "@piet_verzonnen ja", **asked),
        tweet(3, "RT @piet_verzonnen: x", retweeted_status=tweet(9, "x") | {"user": piet}),
        tweet(4, "Zie", quoted_status_id_str="6", quoted_status={"user": piet}),
        tweet(5, "En", in_reply_to_user_id_str="1", in_reply_to_screen_name="An_Voorbeeld"),
    ]  # fmt: skip
    _, posts, _ = read(tmp_path, Made({"old.jsonl": as_lines(lines)}, "file"))
    assert [(post.kind, post.partner) for post in posts] == [
        (Kind.POST, None),
        (Kind.REPLY, "piet_verzonnen"),
        (Kind.REPOST, "piet_verzonnen"),
        (Kind.QUOTE, "piet_verzonnen"),
        (Kind.SELF_REPLY, "an_voorbeeld"),
    ]
    assert posts[0].uri == f"https://x.com/i/status/{BIG + 1}"


def test_4cat_lines_of_x_and_instagram_are_read(tmp_path: Path) -> None:
    (page,) = tables_made.pages()[:1]
    an, piet = page["includes"]["users"]
    told = page["data"][1]
    new = {
        **told,
        "author_user": an,
        "in_reply_to_user": piet,
        "referenced_tweets": [{**told["referenced_tweets"][0], "author_user": piet}],
    }
    _, (post,), _ = read(tmp_path, Made({"a.ndjson": as_lines([new])}, "file"))
    assert (post.kind, post.partner) == (Kind.REPLY, "piet_verzonnen")

    legacy = {"created_at": "Tue Mar 05 10:00:00 +0000 2024", "full_text": "Debat", "lang": "nl"}
    seen = {
        "rest_id": str(BIG),
        "legacy": legacy,
        "core": {"user_results": {"result": {"rest_id": "1", "legacy": {"screen_name": "An"}}}},
        "__import_meta": {"source_platform": "twitter.com"},
    }
    _, (post,), _ = read(tmp_path, Made({"b.ndjson": as_lines([seen])}, "file"))
    assert (post.uri, post.text) == (f"https://x.com/i/status/{BIG}", "Debat")

    picture = {
        "code": "Cx1",
        "taken_at": 1709632800,
        "user": {"username": "an.voorbeeld"},
        "caption": {"text": "Zomer met @fien.fictief"},
        "comment_count": 3,
        "__import_meta": {"source_platform": "instagram.com"},
    }
    found, (post,), _ = read(tmp_path, Made({"c.ndjson": as_lines([picture])}, "file"))
    assert (found.platform, post.reply_count) == ("instagram", 3)
    assert post.mention_names == ("@fien.fictief",)


def test_4cat_datasets_of_other_platforms_are_refused(tmp_path: Path) -> None:
    row = {"id": "1", "thread_id": "1", "body": "x", "author": "y", "timestamp": "2024-03-05 10:00"}
    assert "platform whose posts are not read" in refusal(
        tmp_path, {"d.csv": as_csv([row])}, "file"
    )


def test_crowdtangle_groups_are_refused(tmp_path: Path) -> None:
    names = ("Group Name", "User Name", "Followers at Posting", "Post Created", "Type", "URL")
    said = refusal(tmp_path, {"g.csv": as_csv([dict.fromkeys(names, "x")])}, "file")
    assert "does not tell who wrote them" in said


def test_crowdtangles_instagram_rows_are_read(tmp_path: Path) -> None:
    row = {
        "Account": "An",
        "User Name": "an.voorbeeld",
        "Followers at Posting": "10",
        "Post Created": "2024-03-05 10:00:00 EST",
        "Type": "Photo",
        "Comments": "4",
        "URL": "https://www.instagram.com/p/Cx1/",
        "Description": "Zomer",
        "Link": "https://www.instagram.com/p/Cx1/",
    }
    found, (post,), _ = read(tmp_path, Made({"i.csv": as_csv([row])}, "file"))
    assert (found.platform, post.text) == ("instagram", "Zomer")
    assert post.created_at == datetime(2024, 3, 5, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell", ["9.00719925474099E+15", "9,00719925474099E+15", f"{BIG}.0", "x", ""]
)
def test_an_id_that_a_spreadsheet_rewrote_is_refused(cell: str) -> None:
    with pytest.raises(grouped.Unreadable):
        grouped.number(cell)


def test_ids_beyond_2_to_the_53_stay_what_they_are(tmp_path: Path) -> None:
    assert grouped.number(str(BIG)) == grouped.number(BIG) == str(BIG)
    _, posts, _ = read(tmp_path, tables_made.minet())
    assert f"https://x.com/i/status/{BIG + 1}" in {post.uri for post in posts}


@pytest.mark.parametrize(
    "name", ["twarc", "minet", "fourcat", "crowdtangle", "meta_content_library"]
)
def test_one_file_may_hold_several_accounts(tmp_path: Path, name: str) -> None:
    made = getattr(tables_made, name)()
    ((path, data),) = made.files.items()
    both = data + b"".join(
        line + b"\n"
        for line in data.replace(b"An_Voorbeeld", b"Bea_X").replace(b"An.Voorbeeld", b"Bea.X")
        .replace(b"3000000001", b"3000000009").replace(b"9007199254", b"9107199254")
        .split(b"\n")[0 if name == "twarc" else 1 :]
        if line.strip()
    )  # fmt: skip
    found, _, batches = read(tmp_path, Made({path: both}, "file"))
    assert len([who for who in found.accounts if who]) == 2
    for batch in batches:
        assert batch.state is not None


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"{}", b"[]", b"\xef\xbb\xbf", b"null", b"{" * 5000]
)
@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.jsonl", "a.car", "outbox.json"])
def test_empty_and_meaningless_files_are_refused_or_hold_nothing(
    tmp_path: Path, name: str, data: bytes
) -> None:
    path = Made({name: data}, "file").write(tmp_path)
    posts: list[Post] = []
    with suppress(ArchiveUnreadable), archives.recognise(path) as found:
        batches = list(archives.read(found))
        posts = [post for batch in batches for post in batch.posts]
        assert not spans(batches)
    assert not posts
