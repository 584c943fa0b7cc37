"""Instagram's "Download your information" as JSON: own posts, reels and comments.

Files are known by what is in them, since folders, names and labels are in the account's
language. Posts have no id, so a post is its second. A comment tells under whose post it
stands, not which comment it answers: under one's own post a comment that begins with a @name
may answer a citizen or call one, so it is of unknown kind, and replies are not observable.
Stories and archived posts are not public for long: they are counted, not stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, cast

from ingest.archives import meta
from ingest.archives.container import Member, Opened
from ingest.archives.jsonitems import read as read_items
from ingest.archives.model import OWN_ARCHIVE, Found
from ingest.errors import ArchiveUnreadable
from ingest.model import Batch, Kind, Post

NAME, TITLE, IS_OWN, PLATFORM = "instagram", "Instagram download (JSON)", True, "instagram"
_OLD_POSTS = ("photos", "videos")  # of 2018; Facebook's albums have such names too
_POSTS = ("ig_reels_media", "ig_igtv_media", *_OLD_POSTS)
_COMMENTS = (
    "comments_media_comments",
    "comments_reels_comments",
    "comments_live_comments",
    "media_comments",
)
_NOT_PUBLIC = ("ig_stories", "ig_archived_post_media", "stories")
_WORDS = tuple(
    f'"{word}'.encode()
    for word in ("creation_timestamp", "string_", "profile_user", *_POSTS, *_COMMENTS)
)
_COMMENT_LABELS = frozenset({"comment", "opmerking", "reactie", "commentaire", "kommentar"})
_USERNAME_LABELS = frozenset(
    {"username", "gebruikersnaam", "nom d’utilisateur", "nom d'utilisateur", "benutzername"}
)
_HANDLE = re.compile(r"[a-z0-9._]{1,30}")
_AT_NAMES = re.compile(r"(?<![\w@])@[A-Za-z0-9._]*[A-Za-z0-9_]")
_PROBED = 20


def recognise(opened: Opened) -> Found | None:
    """A download with posts or comments; one as HTML, or without either, is refused."""
    files: dict[str, list[Member]] = {"posts": [], "comments": [], "profile": [], "left": []}
    for member in opened.ending(".json"):
        if kind := _kind_of(member):
            files[kind].append(member)
    if not files["posts"] and not files["comments"]:
        meta.refuse_html(opened, PLATFORM, "Instagram download")
        if files["profile"] or files["left"]:
            happened = "this Instagram download holds no posts and no comments"
            raise ArchiveUnreadable(opened.name, happened, f"tick both and {meta.ASK_JSON}")
        return None
    handle = _owner(files["profile"])
    found = Found(NAME, TITLE, IS_OWN, PLATFORM, opened, handle=handle, native_id=handle)
    found.size = sum(member.size for name in ("posts", "comments") for member in files[name])
    found.details = dict(files)
    found.shows = replace(OWN_ARCHIVE, replies=False, full_history=False)
    found.notes.append("Instagram does not tell which comment a comment answers")
    if not files["posts"]:
        found.is_timeline = False
        found.notes.append("no posts are in this download: it proves no day")
    if left := sum(1 for member in files["left"] for _ in _entries(meta.readable(member))):
        found.notes.append(f"stories and archived posts, which are not public: {left}, not counted")
    return found


def read(found: Found) -> Iterator[Batch]:
    """Posts and reels, then comments; of several with one second the one with most words."""
    readers: tuple[tuple[str, Callable[[object, str | None], Post]], ...] = (
        ("posts", _post),
        ("comments", _comment),
    )
    for name, reader in readers:
        for member in cast("list[Member]", found.details[name]):
            entries = _entries(read_items(found, member))
            yield from meta.batches(found, member, entries, reader)


def _entries(items: Iterator[tuple[str, Any]]) -> Iterator[object]:
    """The entries of a file, without the stories and archived posts among them."""
    return (entry for key, entry in items if key in ("", *_POSTS, *_COMMENTS))


def _kind_of(member: Member) -> str | None:
    """Whether a file holds posts, comments or the profile; messages are not looked into."""
    head = member.head()
    if b'"participants"' in head or not any(word in head for word in _WORDS):
        return None
    kinds = {_entry_kind(*one) for one in islice(meta.readable(member), _PROBED)} - {None}
    return kinds.pop() if len(kinds) == 1 else None


def _entry_kind(key: str, entry: object) -> str | None:
    if key == "profile_user":
        return "profile"
    if key in _NOT_PUBLIC:
        return "left"
    if key in _COMMENTS or (key == "" and _comment_parts(entry) is not None):
        return "comments"
    if not isinstance(entry, dict):
        return None
    is_post = "taken_at" in entry if key in _OLD_POSTS else key in ("", *_POSTS) and _media(entry)
    return "posts" if is_post else None


def _owner(profiles: Sequence[Member]) -> str | None:
    for member in profiles:
        for _, profile in meta.readable(member):
            fields = profile.get("string_map_data") if isinstance(profile, dict) else None
            for label, value in _labelled(fields):
                if label in _USERNAME_LABELS and (handle := str(value.get("value") or "").strip()):
                    return handle.lower()
    return None


def _post(entry: object, owner: str | None) -> Post:
    """One post, reel or old `media.json` line."""
    if not isinstance(entry, dict):
        raise ValueError("an entry of an unknown kind")  # noqa: TRY004
    media = _media(entry)
    both = [entry, *media]
    moments = [one[n] for one in both for n in ("creation_timestamp", "taken_at") if one.get(n)]
    if not moments:
        raise ValueError("no moment")
    at = _moment(moments[0])
    captions = [one.get(name) for one in both for name in ("title", "caption")]
    text = next((meta.repaired(c).strip() for c in captions if isinstance(c, str) and c), "")
    return _made(owner, "post", at, Kind.POST, text)


def _comment(entry: object, owner: str | None) -> Post:
    """One own comment; whose it answers is known only below another's post without a @name."""
    parts = _comment_parts(entry)
    if parts is None:
        raise ValueError("an entry of an unknown kind")
    at, text, under = _moment(parts[0]), meta.repaired(parts[1]).strip(), parts[2].lower()
    called = _AT_NAMES.match(text)
    if not under or owner is None or (called and under == owner):
        kind, partner = Kind.UNKNOWN, None
    elif under == owner:
        kind, partner = Kind.SELF_REPLY, owner
    else:
        names_other = called is not None and called[0][1:].lower() != under
        kind, partner = Kind.REPLY, None if names_other else under
    return _made(owner, "comment", at, kind, text, partner)


def _made(
    owner: str | None, what: str, at: datetime, kind: Kind, text: str, partner: str | None = None
) -> Post:
    names = tuple(dict.fromkeys(_AT_NAMES.findall(text)))
    return Post(
        uri=f"instagram:{owner or 'unknown'}:{what}:{int(at.timestamp())}",
        created_at=at,
        kind=kind,
        text=text,
        partner=partner,
        mentions=tuple(name[1:].lower() for name in names),
        mention_names=names,
    )


def _comment_parts(entry: object) -> tuple[object, str, str] | None:
    """Moment, text and whose post it is, of each shape that comments have had."""
    if isinstance(entry, list):  # 2018: [moment, text, whose]
        words = [one for one in entry if isinstance(one, str)]
        return (words[0], words[1], words[2]) if len(entry) == len(words) == 3 else None
    if not isinstance(entry, dict):
        return None
    listed = entry.get("string_list_data")
    if isinstance(listed, list) and listed and isinstance(listed[0], dict):  # until 2022
        one = listed[0]
        return one.get("timestamp"), str(one.get("value") or ""), str(entry.get("title") or "")
    fields = list(_labelled(entry.get("string_map_data")))
    times = [value["timestamp"] for _, value in fields if value.get("timestamp")]
    told = [(label, str(value["value"])) for label, value in fields if value.get("value")]
    texts = [value for label, value in told if label in _COMMENT_LABELS]
    whose = [value for label, value in told if label not in _COMMENT_LABELS]
    if not texts and len(told) == 2:  # a language not known: comment, then whose post
        texts, whose = [told[0][1]], [told[1][1]]
    if len(times) != 1 or len(texts) > 1 or len(whose) > 1:
        return None
    if any(not _HANDLE.fullmatch(w.lower()) for w in whose):
        return None
    return times[0], (texts or [""])[0], (whose or [""])[0]


def _labelled(fields: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The labelled values of an entry, their labels repaired and in lower case."""
    for label, value in fields.items() if isinstance(fields, dict) else ():
        if isinstance(value, dict):
            yield meta.repaired(label).strip().lower(), value


def _media(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    media = entry.get("media")
    found = media if isinstance(media, list) else [media]
    return [one for one in found if isinstance(one, dict) and "creation_timestamp" in one]


def _moment(value: object) -> datetime:
    """Seconds, or in 2018 an ISO moment in UTC."""
    if isinstance(value, str) and not value.isdigit():
        found = datetime.fromisoformat(value)
        value = found.replace(tzinfo=found.tzinfo or UTC).timestamp()
    return meta.moment(value)
