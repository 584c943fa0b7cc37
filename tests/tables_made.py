"""Researchers' tables of the same invented people: An Voorbeeld, councillor, and three citizens."""

from __future__ import annotations

import json
from typing import Any

from tests.archives_made import BIG, DID, PIET, Made, as_csv, as_lines

AN_ID, PIET_ID = "3000000001", "3000000002"
_USERS = [
    {"id": AN_ID, "username": "An_Voorbeeld", "name": "An Voorbeeld"},
    {"id": PIET_ID, "username": "piet_verzonnen", "name": "Piet Verzonnen"},
]
_URL = "https://api.twitter.com/2/users/3000000001/tweets?max_results=100"


def tweet(number: int, at: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": str(BIG + number),
        "author_id": AN_ID,
        "created_at": f"{at}.000Z",
        "text": text,
        "lang": "nl",
        "conversation_id": str(BIG + number),
        "reply_settings": "everyone",
        "public_metrics": {"reply_count": 2},
        **more,
    }


def mentioned(*names: str) -> dict[str, Any]:
    return {"mentions": [{"username": name, "start": 0, "end": len(name) + 1} for name in names]}


def pages(url: str = _URL) -> list[dict[str, Any]]:
    asked = {"type": "replied_to", "id": str(BIG - 1)}
    included = {"id": str(BIG - 1), "author_id": PIET_ID, "text": "Wanneer wordt de put hersteld?"}
    reposted = {"type": "retweeted", "id": str(BIG - 2)}
    quoted = {"type": "quoted", "id": str(BIG - 1)}
    data = [
        tweet(1, "2024-03-05T10:00:00", "Vanavond debat &amp; receptie"),
        tweet(
            2,
            "2024-03-05T11:00:00",
            "@piet_verzonnen morgen",
            referenced_tweets=[asked],
            in_reply_to_user_id=PIET_ID,
            conversation_id=str(BIG - 1),
            entities=mentioned("piet_verzonnen"),
        ),
        tweet(
            3,
            "2024-03-05T11:05:00",
            "En nog dit",
            referenced_tweets=[{"type": "replied_to", "id": str(BIG + 1)}],
            in_reply_to_user_id=AN_ID,
        ),
        tweet(
            4,
            "2024-03-06T10:00:00",
            "RT @bo_b: het geheim van Bo",
            referenced_tweets=[reposted],
            entities=mentioned("bo_b"),
        ),
        tweet(
            5,
            "2024-03-06T11:00:00",
            "Goede vraag",
            referenced_tweets=[quoted],
            reply_settings="following",
        ),
    ]
    page = {"data": data, "includes": {"users": _USERS, "tweets": [included]}}
    bad = {"data": [{"id": "12", "author_id": AN_ID, "text": "zonder moment"}], "includes": {}}
    told = {"url": url, "version": "2.13.0", "retrieved_at": "2024-03-09T08:00:00+00:00"}
    return [page | {"__twarc": told}, bad | {"__twarc": told}]


def twarc() -> Made:
    return Made({"an.jsonl": as_lines(pages())}, pack="file")


def twarc_rows() -> list[dict[str, Any]]:
    """The same posts as twarc-csv writes them."""
    rows = []
    refs: dict[str, tuple[str, str, str]] = {
        "retweeted": ("retweeted_user_id", "retweeted_username", "bo_b"),
        "replied_to": ("in_reply_to_user_id", "in_reply_to_username", "piet_verzonnen"),
        "quoted": ("quoted_user_id", "quoted_username", "piet_verzonnen"),
    }
    for one in pages()[0]["data"]:
        row = {
            name: one[name]
            for name in (
                "id",
                "conversation_id",
                "author_id",
                "created_at",
                "text",
                "lang",
                "reply_settings",
            )
        }
        told = {ref["type"]: ref["id"] for ref in one.get("referenced_tweets", ())}
        for kind, (id_column, name_column, name) in refs.items():
            row[f"referenced_tweets.{kind}.id"] = told.get(kind, "")
            is_own = kind == "replied_to" and one.get("in_reply_to_user_id") == AN_ID
            user = (AN_ID, "An_Voorbeeld") if is_own else (PIET_ID, name)
            row[id_column], row[name_column] = (
                user if kind in told and name != "bo_b" else ("", name if kind in told else "")
            )
        row["entities.mentions"] = json.dumps(one.get("entities", {}).get("mentions", []))
        row["public_metrics.reply_count"] = "2"
        row["author.username"] = "An_Voorbeeld"
        row["__twarc.url"] = _URL
        rows.append(row)
    return rows


def minet() -> Made:
    names = (
        "id",
        "timestamp_utc",
        "user_screen_name",
        "text",
        "reply_count",
        "lang",
        "to_username",
        "to_userid",
        "to_tweetid",
        "user_id",
        "retweeted_id",
        "retweeted_user",
        "quoted_id",
        "quoted_user",
        "mentioned_names",
    )

    def row(number: int, seconds: int, text: str, **more: str) -> dict[str, Any]:
        told = {
            "id": BIG + number,
            "timestamp_utc": f"{seconds}.0",
            "user_screen_name": "An_Voorbeeld",
            "text": text,
            "user_id": AN_ID,
            "lang": "nl",
            **more,
        }
        return {name: told.get(name, "") for name in names}

    rows = [
        row(1, 1709632800, "Vanavond debat", reply_count="3"),
        row(
            2,
            1709636400,
            "@piet_verzonnen morgen",
            to_username="piet_verzonnen",
            to_userid=PIET_ID,
            to_tweetid=str(BIG - 1),
            mentioned_names="piet_verzonnen",
        ),
        row(
            3,
            1709636700,
            "En nog dit",
            to_username="An_Voorbeeld",
            to_userid=AN_ID,
            to_tweetid=str(BIG + 1),
        ),
        row(4, 1709719200, "het geheim van Bo", retweeted_id=str(BIG - 2), retweeted_user="bo_b"),
        row(5, 1709722800, "Goede vraag", quoted_id=str(BIG - 1), quoted_user="piet_verzonnen"),
        row(6, 1709722900, "te groot geworden") | {"id": "9.00719925474099E+15"},
    ]
    return Made({"tweets.csv": as_csv(rows)}, pack="file")


def minet_bluesky() -> Made:
    names = (
        "uri",
        "timestamp_utc",
        "indexed_at_utc",
        "user_did",
        "user_handle",
        "text",
        "original_text",
        "reply_count",
        "to_post_uri",
        "to_user_did",
        "to_root_post_uri",
        "repost_by_user_did",
        "repost_by_user_handle",
        "repost_timestamp_utc",
        "quoted_uri",
        "mentioned_user_dids",
        "mentioned_user_handles",
        "user_langs",
    )

    def row(key: str, seconds: int, text: str, **more: str) -> dict[str, Any]:
        told = {
            "uri": f"at://{DID}/app.bsky.feed.post/{key}",
            "timestamp_utc": str(seconds),
            "user_did": DID,
            "user_handle": "an.voorbeeld.example",
            "text": text,
            "user_langs": "nl",
            **more,
        }
        return {name: told.get(name, "") for name in names}

    parent = f"at://{PIET}/app.bsky.feed.post/3kaaaaaaaaa2a"
    rows = [
        row(
            "3kbbbbbbbbb2b", 1709632800, "Vanavond debat", indexed_at_utc="2024-03-05T10:00:01.000Z"
        ),
        row(
            "3kbbbbbbbbb2c",
            1709636400,
            "@piet_verzonnen.example morgen",
            to_post_uri=parent,
            to_user_did=PIET,
            to_root_post_uri=parent,
            mentioned_user_dids=PIET,
            mentioned_user_handles="piet_verzonnen.example",
        ),
        row("3kbbbbbbbbb2d", 1709722800, "Goede vraag", quoted_uri=parent),
        row(
            "3kbbbbbbbbb2e",
            1709722900,
            "Een lijst",
            quoted_uri=f"at://{DID}/app.bsky.graph.list/3k",
        ),
        row(
            "3kaaaaaaaaa2a",
            1709600000,
            "het geheim van Bo",
            user_did=PIET,
            user_handle="piet_verzonnen.example",
            repost_by_user_did=DID,
            repost_by_user_handle="an.voorbeeld.example",
            repost_timestamp_utc="1709719200",
        )
        | {"uri": parent},
    ]
    return Made({"posts.csv": as_csv(rows)}, pack="file")


def fourcat() -> Made:
    def row(number: int, at: int, body: str, **more: str) -> dict[str, Any]:
        return {
            "id": str(BIG + number),
            "thread_id": str(BIG + number),
            "timestamp": "2024-03-05 10:00:00",
            "unix_timestamp": str(at),
            "body": body,
            "author": "An_Voorbeeld",
            "author_fullname": "An Voorbeeld",
            "author_id": AN_ID,
            "language_guess": "nl",
            "reply_count": "1",
            "is_retweet": "no",
            "is_quote_tweet": "no",
            "is_reply": "no",
            "mentions": "",
            "reply_to": "",
        } | more

    rows = [
        row(1, 1709632800, "Vanavond debat"),
        row(
            2,
            1709636400,
            "@piet_verzonnen morgen",
            is_reply="yes",
            reply_to="piet_verzonnen",
            mentions="piet_verzonnen",
            thread_id=str(BIG - 1),
        ),
        row(3, 1709719200, "RT @bo_b: het geheim van Bo", is_retweet="yes", mentions="bo_b"),
        row(4, 1709722800, "Goede vraag", is_quote_tweet="yes"),
        row(5, 1709722800, "geen moment") | {"unix_timestamp": "", "timestamp": "gisteren"},
    ]
    return Made({"dataset.csv": as_csv(rows)}, pack="file")


def fourcat_bluesky() -> Made:
    parent = {"cid": "bafy", "uri": f"at://{PIET}/app.bsky.feed.post/3kaaaaaaaaa2a"}

    def view(key: str, at: str, text: str, **more: Any) -> dict[str, Any]:
        record = {
            "created_at": f"{at}Z",
            "text": text,
            "langs": ["nl"],
            "reply": None,
            "facets": None,
            "embed": None,
            "py_type": "app.bsky.feed.post",
            **more,
        }
        author = {"did": DID, "handle": "an.voorbeeld.example"}
        return {
            "uri": f"at://{DID}/app.bsky.feed.post/{key}",
            "author": author,
            "record": record,
            "indexed_at": f"{at}Z",
            "reply_count": 1,
            "4CAT_metadata": {"query": "zwembad"},
        }

    return Made(
        {
            "dataset.ndjson": as_lines(
                [
                    view("3kbbbbbbbbb2b", "2024-03-05T10:00:00", "Vanavond debat"),
                    view(
                        "3kbbbbbbbbb2c",
                        "2024-03-05T11:00:00",
                        "@piet_verzonnen.example morgen",
                        reply={"root": parent, "parent": parent},
                    ),
                    view("3kbbbbbbbbb2d", "jaar nul", "geen moment"),
                ]
            )
        },
        pack="file",
    )


def crowdtangle() -> Made:
    def row(at: str, message: str, **more: str) -> dict[str, Any]:
        return {
            "Page Name": "An Voorbeeld",
            "User Name": "An.Voorbeeld",
            "Facebook Id": "100000000000001",
            "Followers at Posting": "1,234",
            "Post Created": at,
            "Type": "Status",
            "Comments": "1,204",
            "URL": f"https://www.facebook.com/100000000000001/posts/{at[8:10]}",
            "Message": message,
            "Link": "",
        } | more

    rows = [
        row("2024-03-05 10:00:00 CET", "Vanavond debat\nom acht uur"),
        row(
            "2024-07-06 10:00:00 CEST",
            "Lees dit",
            Link="https://www.facebook.com/gemeente/posts/77",
        ),
        row("2024-07-07 10:00:00 EDT", "", Link="https://www.facebook.com/gemeente/videos/78/"),
        row("2024-07-08 10:00:00 IST", "in een onduidelijke zone"),
    ]
    return Made({"export.csv": as_csv(rows)}, pack="file")


def meta_content_library() -> Made:
    def row(number: int, at: str, text: str, **more: str) -> dict[str, Any]:
        return {
            "id": str(BIG + number),
            "creation_time": at,
            "text": text,
            "lang": "nl",
            "post_owner.id": "700000000000001",
            "post_owner.name": "An Voorbeeld",
            "post_owner.username": "An.Voorbeeld",
            "statistics.comment_count": "12",
            "statistics.love_count": "1",
            "shared_post_id": "",
            "mcl_url": f"https://www.facebook.com/{BIG + number}",
        } | more

    rows = [
        row(1, "2024-03-05T10:00:00+0000", "Vanavond debat"),
        row(2, "2024-03-06 10:00:00", "Lees dit", shared_post_id=str(BIG + 90)),
        row(3, "2024-03-07T10:00:00+00:00", "", shared_post_id=str(BIG + 91)),
        row(4, "2024-03-08T10:00:00+00:00", "zonder eigenaar")
        | {"post_owner.id": "", "post_owner.username": ""},
    ]
    return Made({"posts.csv": as_csv(rows)}, pack="file")
