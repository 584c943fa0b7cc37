"""Facebook's "Download your information" as JSON: own posts, shares and comments.

Files are known by what is in them, since folders and names are in the account's language.
Facebook gives its items no id, so a post is its second; nor does it say who could see one, so
all are counted. Whom a comment answers stands only in its title, a sentence in the account's
language: English ones are read, of others the kind is unknown and replies are not observable.
What others wrote, and messages, stay unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Any, cast

from ingest.archives import instagram, meta
from ingest.archives.container import Member, Opened
from ingest.archives.jsonitems import CutShort, elements
from ingest.archives.jsonitems import read as read_items
from ingest.archives.model import OWN_ARCHIVE, Found
from ingest.errors import ArchiveUnreadable
from ingest.model import Batch, Kind, Post

NAME, TITLE, IS_OWN, PLATFORM = "facebook", "Facebook download (JSON)", True, "facebook"
_GROUPS = ("group_posts",)  # with comments among them
_POSTS = ("status_updates", "group_posts_v2", *_GROUPS)
_COMMENTS = ("comments_v2", "comments", "group_comments_v2", "group_comments")
_PROFILE = ("profile_v2", "profile")
_WORDS = tuple(
    f'"{word}"'.encode()
    for word in ("post", "comment", "attachments", *_POSTS, *_COMMENTS, *_PROFILE)
)
_PROBED, _SAMPLED, _UNDERSTOOD = 20, 200, 0.9
_OWN_ITEM = re.compile(r"(?:his|her|their|its) own \w+")
_ITEM_OF = re.compile(r"(?P<name>.+?)['’]s [a-z][a-z ]*?(?: (?:in|from) .+)?")
_PERMALINK = re.compile(
    r"https?://(?:[\w-]+\.)?(?:facebook|fb)\.com/(?:[^?#]*/(?:posts|videos|photos)/|"
    r"(?:permalink|story|photo|watch|reel|share/[pvr])\b)",
    re.IGNORECASE,
)


def recognise(opened: Opened) -> Found | None:
    """A download with posts or comments; one as HTML, or without either, is refused."""
    files: dict[str, list[Member]] = {"posts": [], "comments": [], "profile": []}
    for member in opened.ending(".json"):
        if kind := _kind_of(member):
            files[kind].append(member)
    if not files["posts"] and not files["comments"]:
        meta.refuse_html(opened, PLATFORM, "Facebook download")
        if files["profile"]:
            happened = "this Facebook download holds no posts and no comments"
            raise ArchiveUnreadable(opened.name, happened, f"tick both and {meta.ASK_JSON}")
        return None
    owner = _owner(files["profile"], files["comments"])
    found = Found(NAME, TITLE, IS_OWN, PLATFORM, opened, handle=owner, native_id=owner)
    found.size = sum(member.size for name in ("posts", "comments") for member in files[name])
    found.details = dict(files)
    shows_replies = _titles_are_read(files["comments"])
    found.shows = replace(OWN_ARCHIVE, replies=shows_replies, full_history=False)
    found.notes.append("Facebook does not tell who could see an item: all are counted")
    if not files["posts"]:
        found.is_timeline = False
        found.notes.append("no posts are in this download: it proves no day")
    if not shows_replies:
        found.notes.append(_NO_REPLIES if files["comments"] else "no comments are in it")
    with suppress(ArchiveUnreadable):
        if instagram.recognise(opened):
            found.notes.append("an Instagram download lies beside it: import that by itself")
    return found


_NO_REPLIES = (
    "whom your comments answer is not told in words that are read here: they count as activity "
    "only (ask for the download again with the account's language set to English (US))"
)


def read(found: Found) -> Iterator[Batch]:
    """Posts, then comments; of several with one second the one with most words."""
    for name in ("posts", "comments"):
        for member in cast("list[Member]", found.details[name]):
            yield from meta.batches(found, member, _entries(read_items(found, member)), _item)


def _entries(items: Iterable[tuple[str, object]]) -> Iterator[object]:
    """The entries of a file; until 2021 those of groups stood one deeper, posts and comments."""
    for _, entry in items:
        deeper = entry.get("activity_log_data") if isinstance(entry, dict) else None
        yield from deeper if isinstance(deeper, list) else [entry]


def _item(entry: object, owner: str | None) -> Post | None:
    is_comment = _comment_in(entry) is not None
    return _comment(entry, owner) if is_comment else _post(entry, owner)


def _kind_of(member: Member) -> str | None:
    """Whether a file holds posts, comments or the profile; messages are not looked into."""
    head = member.head()
    if member.name.startswith("edits_you_made") or b'"participants"' in head:
        return None
    if not any(word in head for word in _WORDS):
        return None
    kinds: set[str | None] = set()
    try:
        for key, entry in islice(elements(member), _PROBED):
            if key in _PROFILE and isinstance(entry, dict) and "name" in entry:
                return "profile"
            kinds |= {_entry_kind(key, one) for one in _entries([(key, entry)])}
    except (CutShort, OSError, EOFError):
        pass  # told when it is read
    return "posts" if "posts" in kinds else "comments" if "comments" in kinds else None


def _entry_kind(key: str, entry: object) -> str | None:
    if not isinstance(entry, dict) or "timestamp" not in entry:
        return None
    data = _dicts(entry.get("data"))
    if key in ("", *_COMMENTS, *_GROUPS) and any(
        isinstance(one.get("comment"), dict) for one in data
    ):
        return "comments"
    is_shared = not data and bool(entry.get("attachments"))
    if key in ("", *_POSTS) and (is_shared or any("post" in one for one in data)):
        return "posts"
    return None


def _owner(profiles: Sequence[Member], comments: Sequence[Member]) -> str | None:
    """The account's address or name; else the name under which its comments stand."""
    for member in profiles:
        for _, profile in meta.readable(member):
            if isinstance(profile, dict):
                names = profile.get("name")
                full = names.get("full_name") if isinstance(names, dict) else names
                address = str(profile.get("profile_uri") or "").partition("facebook.com/")[2]
                address = address.removeprefix("profile.php?id=").strip("/")
                if handle := address or profile.get("username") or full:
                    return _name(handle)
    for member in comments:
        for entry in islice(_entries(meta.readable(member)), 1):
            if comment := _comment_in(entry):
                return _name(comment.get("author")) or None
    return None


def _titles_are_read(comments: Sequence[Member]) -> bool:
    """Whether nearly all comments say, in a language read here, whom they answer."""
    told = []
    for member in comments:
        for entry in islice(_entries(meta.readable(member)), _SAMPLED):
            if (comment := _comment_in(entry)) and isinstance(entry, dict):
                author, title = _words(comment.get("author")), _words(entry.get("title"))
                told.append(_addressee(title, author)[0] is not Kind.UNKNOWN)
    return bool(told) and sum(told) >= _UNDERSTOOD * len(told)


def _post(entry: object, owner: str | None) -> Post | None:
    """One entry of a list of posts; None of a mere notice without words, pictures or link."""
    if not isinstance(entry, dict) or "label_values" in entry:
        raise ValueError("an entry of an unknown kind")
    at = meta.moment(entry.get("timestamp"))
    held = [one for part in _dicts(entry.get("attachments")) for one in _dicts(part.get("data"))]
    parts = [_words(one.get("post")) for one in _dicts(entry.get("data"))]
    media = [one["media"] for one in held if isinstance(one.get("media"), dict)]
    notes = [one["note"] for one in held if isinstance(one.get("note"), dict)]
    parts += [_words(note.get(name)) for note in notes for name in ("title", "text")]
    parts += [_words(one.get("description")) for one in media] if not any(parts) else []
    text, ids, names = meta.untagged("\n".join(dict.fromkeys(filter(None, parts))))
    links = [_words(one.get("url")) for one in map(_context, held)]
    shared = next((link for link in links if _PERMALINK.match(link)), None)
    is_own = bool(text or media or notes) or any("place" in one or "poll" in one for one in held)
    if not is_own and not any("." in link for link in links):
        return None
    kind = Kind.POST if shared is None or media else Kind.QUOTE if text else Kind.REPOST
    tagged = [_words(tag.get("name")) for tag in _dicts(entry.get("tags"))]
    others = _named(_words(entry.get("title")), "")[1:]  # the first is the person
    return Post(
        uri=f"facebook:{owner or 'unknown'}:post:{int(at.timestamp())}",
        created_at=at,
        kind=kind,
        text=text,
        parent_uri=shared if kind is not Kind.POST else None,
        mentions=ids,
        mention_names=_hideable(text, (*names, *tagged, *others)),
    )


def _comment(entry: object, owner: str | None) -> Post | None:
    """One own comment."""
    comment = _comment_in(entry)
    if comment is None or not isinstance(entry, dict):
        raise ValueError("an entry of an unknown kind")
    at = meta.moment(comment.get("timestamp") or entry.get("timestamp"))
    author, title = _words(comment.get("author")), _words(entry.get("title"))
    text, ids, names = meta.untagged(_words(comment.get("comment")))
    kind, addressee = _addressee(title, author)
    return Post(
        uri=f"facebook:{owner or 'unknown'}:comment:{int(at.timestamp())}",
        created_at=at,
        kind=kind,
        text=text,
        partner=owner if kind is Kind.SELF_REPLY else _name(addressee) or None,
        mentions=ids,
        mention_names=_hideable(text, (*names, addressee, *_named(title, author))),
    )


def _addressee(title: str, author: str) -> tuple[Kind, str]:
    """What a comment is and whose post or comment it answers, as far as its title tells."""
    rest = title.removesuffix(".").removeprefix(author).strip()
    verb, _, item = rest.partition(" on " if rest.startswith("commented on ") else " to ")
    if verb not in {"commented", "replied"}:
        return Kind.UNKNOWN, ""
    if _OWN_ITEM.match(item):
        return Kind.SELF_REPLY, ""
    match = _ITEM_OF.fullmatch(item)
    if match is None:
        return Kind.UNKNOWN, ""
    return (Kind.SELF_REPLY, "") if match["name"] == author else (Kind.REPLY, match["name"])


def _named(title: str, author: str) -> list[str]:
    """What may be names in a title of any language, so that they can be hidden in the text."""
    runs: list[list[str]] = [[]]
    for word in title.replace(author, " | ").split() if author else title.split():
        bare = re.sub(r"(?:['’]s)?[.,:;!?]*$", "", word)
        if bare[:1].isalpha() and not bare[:1].islower():
            runs[-1].append(bare)
            if bare == word:
                continue
        runs.append([])
    return [" ".join(run) for run in runs if run]


def _hideable(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that stand in the text: whole ones, first names, and words it begins with."""
    whole = [name for name in names if len(name.split()) > 1 or name.startswith("@")]
    found = [name for name in whole if name in text]
    for name in whole:
        first = re.escape(name.split()[0].lstrip("@"))
        found += re.findall(rf"(?<!\w){first}(?!\w)", text)[:1]
    found += [name for name in names if name and re.match(rf"{re.escape(name)}(?!\w)", text)]
    return tuple(dict.fromkeys(found))


def _comment_in(entry: object) -> Mapping[str, Any] | None:
    data = _dicts(entry.get("data")) if isinstance(entry, dict) else []
    held = (one.get("comment") for one in data)
    return next((one for one in held if isinstance(one, dict)), None)


def _context(held: Mapping[str, Any]) -> Mapping[str, Any]:
    context = held.get("external_context")
    return context if isinstance(context, dict) else {}


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _words(value: object) -> str:
    return meta.repaired(value).strip() if isinstance(value, str) else ""


def _name(value: object) -> str:
    """A name or address in the one form in which the same account always looks the same."""
    return " ".join(_words(value).casefold().split())
