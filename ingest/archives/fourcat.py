"""4CAT's datasets of X, Bluesky, Instagram and Facebook, as NDJSON or as CSV.

NDJSON holds posts as their platform gave them; the CSV is 4CAT's own mapping of them. A
dataset is the answer to a query, or what a browser came past: it proves no day. LinkedIn's
dates are estimates and other platforms are not watched: such datasets are refused.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from ingest.archives import grouped, table, x_items
from ingest.archives.container import Member, Opened
from ingest.archives.grouped import Item, Unreadable
from ingest.archives.model import Found
from ingest.archives.x_api import of_api_1, of_api_2
from ingest.archives.x_items import native, post_uri
from ingest.bluesky_items import Unreadable as BadRecord
from ingest.bluesky_items import author_of, read_post
from ingest.errors import ArchiveUnreadable
from ingest.model import Batch, Kind, Post

NAME, TITLE, IS_OWN, PLATFORM = "fourcat", "4CAT (CSV or NDJSON)", False, "x"
_COLUMNS = frozenset({"id", "thread_id", "body", "author"})
_MOMENTS = frozenset({"timestamp", "unix_timestamp", "created_at"})
_LINES = (b'"4CAT_metadata"', b'"__import_meta"', b'"author_user"')
_BSKY_URL = re.compile(r"https://bsky\.app/profile/(?P<who>[^/]+)/post/(?P<key>[\w.~:-]+)")
_AT_NAMES = re.compile(r"(?<![\w@])@[\w.]*\w")


def recognise(opened: Opened) -> Found | None:
    """A table with 4CAT's columns, or lines that bear its marks."""
    tables = [m for m in opened.ending(".csv") if _is_mapped(frozenset(table.header_of(m)))]
    lines = [
        m for m in opened.ending(".ndjson", ".jsonl", ".json", ".txt")
        if any(mark in m.head(2**15) for mark in _LINES)
    ]  # fmt: skip
    if not tables and not lines:
        return None
    found = Found(NAME, TITLE, IS_OWN, PLATFORM, opened, shows=grouped.ACTS_AND_REPLIES)
    platforms = {_platform_of_row(row) for m in tables for _, row in _first(found, m)}
    platforms |= {_platform_of(d) for m in lines for _, d in _first_lines(found, m)}
    found.problems.listed.clear()  # they are met again when it is read
    found.problems.count = 0
    if "" in platforms:
        happened = "this 4CAT dataset is of a platform whose posts are not read"
        todo = "give a dataset of X, Bluesky, Instagram or Facebook, or our plain CSV"
        raise ArchiveUnreadable(opened.name, happened, todo)
    found.platform = next(iter(sorted(platforms)), PLATFORM)
    if found.platform in {"instagram", "facebook"}:
        found.shows = grouped.ACTS
    found.size = sum(member.size for member in (*tables, *lines))
    found.details = {"tables": tables, "lines": lines}
    found.is_timeline = False
    found.notes.append(grouped.NOT_ALL)
    return found


def read(found: Found) -> Iterator[Batch]:
    """Every post under its author."""
    for member in cast("list[Member]", found.details["tables"]):
        yield from grouped.batches(found, member, table.rows(member, found.problems), _row)
    for member in cast("list[Member]", found.details["lines"]):
        yield from grouped.batches(found, member, grouped.numbered_lines(found, member), _line)


def _is_mapped(names: frozenset[str]) -> bool:
    return names >= _COLUMNS and bool(names & _MOMENTS)


def _first(found: Found, member: Member) -> Iterator[tuple[int, Mapping[str, str]]]:
    for one in table.rows(member, found.problems):
        yield one
        return


def _first_lines(found: Found, member: Member) -> Iterator[tuple[int, object]]:
    for one in grouped.numbered_lines(found, member):
        yield one
        return


def _platform_of_row(row: Mapping[str, str]) -> str:
    if row["id"].startswith("at://"):
        return "bluesky"
    if {"is_retweet", "is_reply"} & row.keys() or "tweet_url" in row:
        return "x"
    if "num_likes" in row and "instagram.com" in row.get("url", ""):
        return "instagram"
    return "facebook" if "facebook.com" in row.get("url", "") else ""


def _platform_of(document: object) -> str:
    if not isinstance(document, dict):
        return ""
    source = str((document.get("__import_meta") or {}).get("source_platform") or "")
    if "author_user" in document or source in {"twitter.com", "x.com"}:
        return "x"
    if "record" in document:
        return "bluesky"
    return "instagram" if source == "instagram.com" or "taken_at" in document else ""


def _row(row: Mapping[str, str]) -> Iterator[Item]:
    readers = {"bluesky": _bluesky_row, "x": _x_row}
    platform = _platform_of_row(row)
    if not platform:
        raise Unreadable("a row of a platform that is not read")
    yield readers.get(platform, _meta_row)(row)


def _x_row(row: Mapping[str, str]) -> Item:
    author = native(row["author"]) or ""
    kind, partner = Kind.POST, None
    if row.get("is_retweet") == "yes":
        match = x_items.RETWEET.match(row["body"])
        told = row.get("retweeted_user") or (match[1] if match else "")
        kind, partner = Kind.REPOST, native(told)
    elif row.get("is_reply") == "yes":
        partner = native(row.get("replied_to") or row.get("reply_to"))
        kind = Kind.SELF_REPLY if partner == author else Kind.REPLY
    elif row.get("is_quote_tweet") == "yes":
        kind, partner = Kind.QUOTE, native(row.get("quote_author") or row.get("quoted_user"))
    post = Post(
        uri=post_uri(grouped.number(row["id"])),
        created_at=_at(row),
        kind=kind,
        text="" if kind is Kind.REPOST else html.unescape(row["body"]),
        root_uri=post_uri(grouped.number(row["thread_id"])) if row["thread_id"] else None,
        partner=partner,
        mention_names=tuple(f"@{name}" for name in _several(row.get("mentions"))),
        langs=_lang(row.get("language_guess")),
        reply_count=None if kind is Kind.REPOST else grouped.count(row.get("reply_count")),
    )
    return _owned(author, post, row["author"], "x")


def _bluesky_row(row: Mapping[str, str]) -> Item:
    author, replied = row["author_id"], _at_uri(row.get("replied_to_post"))
    quoted = _at_uri(row.get("quoted_post"))
    kind = Kind.REPLY if row.get("replied_to_post") else Kind.QUOTE if quoted else Kind.POST
    of = author_of(replied or quoted or "")
    if kind is Kind.REPLY and (of == author or row.get("replied_to_user") == row["author"]):
        kind, of = Kind.SELF_REPLY, author
    post = Post(
        uri=row["id"],
        created_at=_at(row),
        kind=kind,
        text=row["body"],
        parent_uri=replied or quoted,
        root_uri=row["thread_id"] if kind in {Kind.REPLY, Kind.SELF_REPLY} else None,
        partner=of,
        mention_names=tuple(f"@{name}" for name in _several(row.get("mentions"))),
        langs=tuple(_several(row.get("languages")))[:3],
        reply_count=grouped.count(row.get("reply_count")),
    )
    return _owned(author, post, row["author"], "bluesky")


def _meta_row(row: Mapping[str, str]) -> Item:
    """Posts of Instagram and Facebook; rows of comments do not tell whom they answer."""
    author = row["author"].strip().lower()
    is_comment = row.get("type") == "comment"
    post = Post(
        uri=row.get("url") or f"4cat:{row['id']}",
        created_at=_at(row),
        kind=Kind.UNKNOWN if is_comment else Kind.POST,
        text=row["body"],
        mention_names=tuple(dict.fromkeys(_AT_NAMES.findall(row["body"]))),
        reply_count=None if is_comment else grouped.count(row.get("num_comments")),
    )
    return _owned(author, post, author, _platform_of_row(row))


def _line(document: object) -> Iterator[Item]:
    platform = _platform_of(document)
    if not isinstance(document, dict) or not platform:
        raise Unreadable("a line of a platform that is not read")
    if platform == "bluesky":
        yield _bluesky_post(document)
    elif platform == "instagram":
        yield _instagram_post(document)
    elif "author_user" in document:
        yield _x_post(document)
    else:
        yield of_api_1(_as_api_1(document))


def _x_post(tweet: Mapping[str, Any]) -> Item:
    """A post of X's API 2, which 4CAT keeps with its authors in it."""
    refs = [{**r, "author": r.get("author_user")} for r in tweet.get("referenced_tweets") or ()]
    return of_api_2({**tweet, "author": tweet["author_user"], "referenced_tweets": refs}, {}, {})


def _as_api_1(tweet: Mapping[str, Any]) -> dict[str, Any]:
    """A post as X's pages get it, in the shape of API 1.1, which stands inside it."""
    user = tweet["core"]["user_results"]["result"]
    named = {**user.get("legacy", {}), **user.get("core", {})}
    reposted = tweet["legacy"].get("retweeted_status_result")
    inner = reposted and reposted["result"].get("tweet", reposted["result"])
    return {
        **tweet["legacy"],
        "id_str": tweet["rest_id"],
        "user": {"screen_name": named["screen_name"], "id_str": user["rest_id"]},
        "retweeted_status": _as_api_1(inner) if inner else None,
    }


def _bluesky_post(view: Mapping[str, Any]) -> Item:
    """A post view as Bluesky's API gives it, its names in snake or camel case."""
    record, author = view["record"], view["author"]
    renamed = {_camel(name): value for name, value in record.items()}
    at = _utc(str(renamed["createdAt"]))
    try:
        record_read = read_post(view["uri"], _camelled(renamed), max(at, datetime.now(UTC)), None)
    except BadRecord as error:
        raise Unreadable(str(error)) from error
    indexed = view.get("indexed_at") or view.get("indexedAt")
    post = msgspec.structs.replace(
        record_read,
        created_at=at,
        indexed_at=_utc(indexed) if isinstance(indexed, str) else record_read.indexed_at,
        reply_count=grouped.count(view.get("reply_count", view.get("replyCount"))),
    )
    return _owned(author["did"], post, author.get("handle"), "bluesky")


def _instagram_post(node: Mapping[str, Any]) -> Item:
    user = node.get("user") or node.get("owner") or {}
    caption = (node.get("caption") or {}).get("text") or ""
    author = str(user.get("username") or "").lower()
    post = Post(
        uri=f"https://www.instagram.com/p/{node['code']}/",
        created_at=datetime.fromtimestamp(int(node["taken_at"]), UTC),
        kind=Kind.POST,
        text=caption,
        mention_names=tuple(dict.fromkeys(_AT_NAMES.findall(caption))),
        reply_count=grouped.count(node.get("comment_count")),
    )
    return _owned(author, post, author, "instagram")


def _owned(author: str, post: Post, handle: str | None, platform: str) -> Item:
    if not author:
        raise Unreadable("a row without an author")
    return Item(author, post, handle or None, platform)


def _at(row: Mapping[str, str]) -> datetime:
    return _utc(row.get("unix_timestamp") or row.get("created_at") or row["timestamp"])


def _utc(cell: str) -> datetime:
    try:
        return table.moment(cell).astimezone(UTC)
    except ValueError as error:
        raise Unreadable("no moment") from error


def _at_uri(url: str | None) -> str | None:
    """The address of a post by its web address, where that names the account by its DID."""
    match = _BSKY_URL.fullmatch(url or "")
    if match is None or not match["who"].startswith("did:"):
        return None
    return f"at://{match['who']}/app.bsky.feed.post/{match['key']}"


def _camelled(value: Any) -> Any:
    if isinstance(value, dict):
        names = {
            _camel(str(k)) if k != "py_type" else "$type": _camelled(v) for k, v in value.items()
        }
        return {k: v for k, v in names.items() if v is not None}
    return [_camelled(one) for one in value] if isinstance(value, list) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest) if first else name


def _several(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split(",") if part.strip() not in {"", "N/A"}]


def _lang(cell: str | None) -> tuple[str, ...]:
    return (cell,) if cell and len(cell) == 2 else ()
