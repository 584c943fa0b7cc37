"""Posts as X's APIs give them: of version 2, with or without their expansions, and of 1.1."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.archives import grouped
from ingest.archives.grouped import Item, Unreadable
from ingest.archives.x_items import RETWEET, moment, native, post_uri
from ingest.model import Kind, Post

Tweet = Mapping[str, Any]
_REFERENCES = {"retweeted": Kind.REPOST, "replied_to": Kind.REPLY, "quoted": Kind.QUOTE}
About = tuple[str | None, str | None, str | None]  # a post's address, its author, their X id


def of_api_2(tweet: Tweet, users: Mapping[str, str], authors: Mapping[str, str]) -> Item:
    """A post of API 2; who is meant stands beside it, or in it where it was flattened."""
    author = grouped.number(tweet["author_id"])
    about: dict[str, About] = {}
    for ref in tweet.get("referenced_tweets") or ():
        if ref["type"] not in _REFERENCES:
            raise Unreadable("a reference of an unknown kind")
        inner = ref.get("author") or {}
        who = inner.get("id") or ref.get("author_id") or authors.get(ref["id"])
        about[ref["type"]] = (
            post_uri(ref["id"]),
            native(inner.get("username") or users.get(who or "")) or who,
            who,
        )
    asked = tweet.get("in_reply_to_user_id")
    if asked:
        named = (tweet.get("in_reply_to_user") or {}).get("username") or users.get(asked)
        parent = about.get("replied_to", (None, None, None))[0]
        about["replied_to"] = (parent, native(named) or asked, asked)
    entities, metrics = tweet.get("entities") or {}, tweet.get("public_metrics") or {}
    long = (tweet.get("note_tweet") or {}).get("text")
    fields = {
        **tweet,
        "mentions": entities.get("mentions") or [],
        "replies": metrics.get("reply_count"),
        "text": long or tweet["text"],
    }
    handle = (tweet.get("author") or {}).get("username") or users.get(author)
    return item(author, handle, fields, about)


def item(
    author: str,
    handle: str | None,
    fields: Mapping[str, Any],
    about: Mapping[str, About],
) -> Item:
    """A post of version 2; `about` tells of each kind of reference what it points to."""
    at = datetime.fromisoformat(fields["created_at"])
    at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    kind, parent, partner = Kind.POST, None, None
    for name, meant in _REFERENCES.items():
        told = about.get(name)
        if told and any(told):
            kind, parent, partner = meant, told[0], told[1]
            if kind is Kind.REPLY and told[2] == author:
                kind = Kind.SELF_REPLY
            break
    text = html.unescape(fields["text"])
    if kind is Kind.REPOST and partner is None and (match := RETWEET.match(text)):
        partner = native(match[1])
    owner = native(handle) or author
    names = [m for m in fields["mentions"] if isinstance(m, dict) and m.get("username")]
    lang, thread = fields.get("lang") or "", fields.get("conversation_id")
    post = Post(
        uri=post_uri(grouped.number(fields["id"])),
        created_at=at,
        kind=kind,
        text="" if kind is Kind.REPOST else text,
        parent_uri=parent,
        root_uri=post_uri(grouped.number(thread)) if thread and kind is not Kind.REPOST else None,
        partner=owner if kind is Kind.SELF_REPLY else partner,
        mentions=tuple(m["username"].lower() for m in names),
        mention_names=tuple(f"@{m['username']}" for m in names),
        langs=(lang,) if len(lang) == 2 else (),
        reply_count=None if kind is Kind.REPOST else grouped.count(fields["replies"]),
        is_restricted=settings != "everyone"
        if (settings := fields.get("reply_settings"))
        else None,
    )
    return Item(owner, post, handle)


def of_api_1(tweet: Tweet) -> Item:
    """A post of API 1.1."""
    user, reposted = tweet["user"], tweet.get("retweeted_status")
    handle, author = user["screen_name"], grouped.number(user["id_str"])
    text = html.unescape(tweet.get("full_text") or tweet["text"])
    kind, parent, partner = Kind.POST, None, None
    named = tweet.get("in_reply_to_screen_name")
    if isinstance(reposted, dict) or (reposted is None and RETWEET.match(text)):
        match = RETWEET.match(text)
        of = reposted["user"]["screen_name"] if reposted else match[1] if match else None
        kind, partner = Kind.REPOST, native(of)
        parent = post_uri(grouped.number(reposted["id_str"])) if reposted else None
    elif named or tweet.get("in_reply_to_user_id_str"):
        is_own = tweet.get("in_reply_to_user_id_str") == author
        kind = Kind.SELF_REPLY if is_own else Kind.REPLY
        replied = tweet.get("in_reply_to_status_id_str")
        parent, partner = (
            replied and post_uri(replied),
            native(named) or tweet.get("in_reply_to_user_id_str"),
        )
    elif quoted := tweet.get("quoted_status_id_str"):
        of = (tweet.get("quoted_status") or {}).get("user") or {}
        kind, parent, partner = Kind.QUOTE, post_uri(quoted), native(of.get("screen_name"))
    names = [m["screen_name"] for m in (tweet.get("entities") or {}).get("user_mentions", ())]
    lang = tweet.get("lang") or ""
    post = Post(
        uri=post_uri(grouped.number(tweet["id_str"])),
        created_at=moment(tweet["created_at"]),
        kind=kind,
        text="" if kind is Kind.REPOST else text,
        parent_uri=parent or None,
        partner=partner,
        mentions=tuple(name.lower() for name in names),
        mention_names=tuple(f"@{name}" for name in names),
        langs=(lang,) if len(lang) == 2 else (),
    )
    return Item(native(handle) or author, post, handle)
