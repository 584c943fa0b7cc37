"""twarc: posts of X as its API gave them, as lines of JSON or as twarc-csv's table.

Read are twarc2's pages (`data` beside `includes`), flattened and streamed ones, twarc 1's posts,
and the CSV. Which request a line came from is told in `__twarc`: users' timelines, and
searches for nothing but `from:` names, hold all posts back to the oldest row; other searches
prove no day. Of posts that others wrote, those in `includes` are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import msgspec

from ingest.archives import grouped, table
from ingest.archives.container import Member, Opened
from ingest.archives.grouped import Item, Unreadable
from ingest.archives.model import Found
from ingest.archives.x_api import item, of_api_1, of_api_2
from ingest.archives.x_items import native, post_uri
from ingest.model import Batch

NAME, TITLE, IS_OWN, PLATFORM = "twarc", "twarc (JSONL or CSV)", False, "x"
_COLUMNS = frozenset({"id", "author_id", "created_at", "text", "author.username"})
_LINES = (b'"conversation_id"', b'"author_id"', b'"edit_history_tweet_ids"', b'"id_str"')
_TIMELINE = re.compile(r"/2/users/\d+/tweets$")
_Told = tuple[object, Mapping[str, str], Mapping[str, str]]  # a post; names, authors by ids
_FROM_ONLY = re.compile(r"(?:\s|\(|\)|\bOR\b|from:@?\w+|-is:retweet|-is:nullcast)+")


def recognise(opened: Opened) -> Found | None:
    """A table with twarc-csv's columns, or lines with posts as X's API gives them."""
    tables = [m for m in opened.ending(".csv") if frozenset(table.header_of(m)) >= _COLUMNS]
    lines = [m for m in opened.ending(".jsonl", ".json", ".ndjson", ".txt") if _has_posts(m)]
    if not tables and not lines:
        return None
    found = Found(NAME, TITLE, IS_OWN, PLATFORM, opened, shows=grouped.ACTS_AND_REPLIES)
    found.size = sum(member.size for member in (*tables, *lines))
    found.details = {"tables": tables, "lines": lines}
    requests = [_request_of_row(row) for m in tables for _, row in islice(_rows(found, m), 1)]
    requests += [_request_of(d) for m in lines for _, d in islice(_documents(found, m), 1)]
    found.problems.listed.clear()  # they are met again when it is read
    found.problems.count = 0
    found.is_timeline = all(map(_has_all, requests))
    if not found.is_timeline:
        was_searched = any(request and not _has_all(request) for request in requests)
        found.notes.append(grouped.SEARCHED if was_searched else grouped.NOT_ALL)
    return found


def read(found: Found) -> Iterator[Batch]:
    """Every post under its author."""
    for member in cast("list[Member]", found.details["tables"]):
        yield from grouped.batches(found, member, _rows(found, member), _Row(found).items)
    for member in cast("list[Member]", found.details["lines"]):
        yield from grouped.batches(found, member, _Page(found).tweets(member), _post)


def _has_posts(member: Member) -> bool:
    head = member.head(2**14)
    return head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{") and any(w in head for w in _LINES)


def _rows(found: Found, member: Member) -> Iterator[tuple[int, Mapping[str, str]]]:
    return table.rows(member, found.problems)


def _documents(found: Found, member: Member) -> Iterator[tuple[int, object]]:
    return grouped.numbered_lines(found, member)


def _request_of_row(row: Mapping[str, str]) -> str:
    return row.get("__twarc.url", "")


def _request_of(document: object) -> str:
    told = document.get("__twarc") if isinstance(document, dict) else None
    return str(told.get("url") or "") if isinstance(told, dict) else ""


def _has_all(request: str) -> bool:
    """Whether an answer to this request holds everything its accounts wrote in its time."""
    parts = urlsplit(request)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if _TIMELINE.search(parts.path):
        return "replies" not in asked.get("exclude", "")
    is_search = "/tweets/search/" in parts.path
    return is_search and bool(_FROM_ONLY.fullmatch(asked.get("query", "-")))


class _Reading:
    """What is seen while a file is read."""

    def __init__(self, found: Found) -> None:
        self.found = found

    def check(self, request: str) -> None:
        """No day is proven once one answer is not a whole timeline's."""
        is_vouched = not request and grouped.DECLARED in self.found.notes
        if not is_vouched and not _has_all(request):
            grouped.note_search(self.found)


class _Row(_Reading):
    """The table's rows."""

    def items(self, row: Mapping[str, str]) -> Iterator[Item]:
        """The post in a row."""
        self.check(_request_of_row(row))
        author = grouped.number(row["author_id"])
        refs = {
            n: row.get(f"referenced_tweets.{n}.id", "")
            for n in ("retweeted", "replied_to", "quoted")
        }
        names = {
            "retweeted": (row.get("retweeted_username"), row.get("retweeted_user_id")),
            "replied_to": (row.get("in_reply_to_username"), row.get("in_reply_to_user_id")),
            "quoted": (row.get("quoted_username"), row.get("quoted_user_id")),
        }
        about = {
            name: (
                post_uri(grouped.number(ref)) if ref else None,
                native(who[0]) or who[1] or None,
                who[1],
            )
            for (name, ref), who in zip(refs.items(), names.values(), strict=True)
        }
        mentions = _json_list(row.get("entities.mentions"))
        yield item(
            author,
            row["author.username"],
            {**row, "mentions": mentions, "replies": row.get("public_metrics.reply_count")},
            about,
        )


class _Page(_Reading):
    """Lines: pages of answers, flattened posts, streamed ones, and those of API 1.1."""

    def tweets(self, member: Member) -> Iterator[tuple[int, _Told]]:
        """Every post by itself, so that a bad one costs only itself, with what explains it."""
        for row, document in _documents(self.found, member):
            fields = document if isinstance(document, dict) else {}
            self.check(_request_of(fields))
            is_empty = "data" not in fields and bool(fields.keys() & {"meta", "errors"})
            data = [] if is_empty else fields.get("data", document)
            included = fields.get("includes")
            users, authors = _expansions(included if isinstance(included, dict) else {})
            for tweet in data if isinstance(data, list) else [data]:
                yield row, (tweet, users, authors)


def _expansions(included: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """The names of users and the authors of posts, by their ids."""
    users = [one for one in included.get("users") or () if isinstance(one, dict)]
    tweets = [one for one in included.get("tweets") or () if isinstance(one, dict)]
    return (
        {one["id"]: one["username"] for one in users if "id" in one and "username" in one},
        {one["id"]: one["author_id"] for one in tweets if "id" in one and "author_id" in one},
    )


def _post(told: _Told) -> Iterator[Item]:
    tweet, users, authors = told
    if not isinstance(tweet, dict):
        raise Unreadable("a line of an unknown kind")
    yield of_api_1(tweet) if "id_str" in tweet else of_api_2(tweet, users, authors)


def _json_list(cell: str | None) -> list[Any]:
    try:
        told = msgspec.json.decode(cell) if cell else []
    except msgspec.DecodeError:
        return []
    return told if isinstance(told, list) else []
