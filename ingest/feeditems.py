"""The items of an RSS, Atom or JSON Feed document, and the feeds a web page names.

feedparser reads the bytes that were fetched; it never fetches. A document that
declares entities of its own is refused before it is parsed (entity bombs). What
is not well formed is read as far as it goes, and says so in `problem`.
"""

from __future__ import annotations

import calendar
import codecs
import io
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import feedparser
from selectolax.lexbor import LexborHTMLParser

from ingest.feeddocument import Author, Document, Item, absolute
from ingest.feeddocument import Refused as Refused
from ingest.feeddocument import WebPage as WebPage
from ingest.feedjson import read_json
from ingest.plaintext import clean

HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
THREAD = "http://purl.org/syndication/thread/1.0"  # RFC 4685
SLASH = "http://purl.org/rss/1.0/modules/slash/"
COMMENTS = "http://wellformedweb.org/CommentAPI/"  # wfw:commentRss
_XML_START = re.compile(rb"<(?:rss|feed|rdf:rdf|\w+:(?:feed|rss))\b", re.IGNORECASE)
_HTML_START = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_ENTITY = re.compile(r"<!\s*ENTITY", re.IGNORECASE)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_BODY = re.compile(rb"</head|<body\b", re.IGNORECASE)
_HEAD_BYTES = 1_048_576
_MOST_HEAD_TAGS = 20_000
_MAIL = re.compile(r"\S+@\S+(?:\s+\((?P<name>[^()]*)\))?")
_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json"}


def read(body: bytes, url: str, content_type: str = "") -> Document:
    """The document's items; raises WebPage or Refused."""
    if not body.strip():
        raise Refused("an empty answer")
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return read_json(body, url)
    head = body[:4096].replace(b"\0", b"")
    if _HTML_START.search(head) and not _XML_START.search(head):
        raise WebPage(body, url)
    _refuse_entities(body, content_type)
    return _read_xml(body, url, content_type)


def feeds_in(body: bytes, url: str) -> list[str]:
    """Addresses of the feeds that a web page names, those of comments last."""
    end = _BODY.search(body, 0, _HEAD_BYTES)
    head = body[: end.start() if end else _HEAD_BYTES]
    if head.count(b"<") > _MOST_HEAD_TAGS:
        return []
    found = []
    for link in LexborHTMLParser(head).css("link[rel][href]"):
        values = link.attributes
        kind = (values.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" in (values.get("rel") or "").lower().split() and kind in _FEED_TYPES:
            about = f"{values.get('title') or ''} {values.get('href') or ''}".lower()
            is_comments = any(word in about for word in ("comment", "reactie", "commentaire"))
            found.append((is_comments, absolute(values.get("href"), url)))
    return [address for _, address in sorted(found, key=lambda pair: pair[0]) if address]


def _refuse_entities(body: bytes, content_type: str) -> None:
    """Raise Refused where the document declares entities, in whatever encoding."""
    texts = [body.replace(b"\0", b"").decode("latin-1")]
    names = [match[1].decode("ascii", "replace") for match in _DECLARED.finditer(body[:1024])]
    names += _CHARSET.findall(content_type)
    for name in names:
        try:
            if codecs.lookup(name).name not in {"utf-8", "ascii", "iso8859-1", "cp1252"}:
                texts.append(body.decode(name, "replace"))
        except (LookupError, ValueError):
            continue
    if any(_ENTITY.search(text) for text in texts):
        raise Refused("a document that declares entities of its own")


def _read_xml(body: bytes, url: str, content_type: str) -> Document:
    headers = {"content-location": url}
    if charset := _CHARSET.search(content_type):
        headers["content-type"] = f"application/xml; charset={charset[1]}"
    try:
        parsed = feedparser.parse(
            io.BytesIO(body),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Refused(f"a document that cannot be read ({type(error).__name__})") from error
    if not parsed.get("version") and not parsed.entries:
        if _HTML_START.search(body[:65536]):
            raise WebPage(body, url)
        raise Refused("something that is no feed")
    spaces = {uri: prefix for prefix, uri in parsed.namespaces.items()}
    history = spaces.get(HISTORY, "fh").lower()
    names = Names(
        spaces.get(THREAD, "thr").lower(),
        spaces.get(SLASH, "slash").lower(),
        spaces.get(COMMENTS, "wfw").lower(),
    )
    return Document(
        items=tuple(_xml_item(entry, names, url) for entry in parsed.entries),
        links=_links(dict.get(parsed.feed, "links"), url),
        is_complete=f"{history}_complete" in parsed.feed,
        is_archive=f"{history}_archive" in parsed.feed,
        generator=_text(dict.get(parsed.feed, "generator")),
        lang=_text(dict.get(parsed.feed, "language")) or None,
        problem=_problem(parsed),
        title=_text(dict.get(parsed.feed, "title")),
        author=_author(parsed.feed),
    )


class Names(NamedTuple):
    """The prefixes that a document has given to the extensions that are read."""

    thread: str
    slash: str
    comments: str


def _xml_item(entry: Any, names: Names, url: str) -> Item:
    # dict.get: FeedParserDict answers one key by another and warns about it.
    contents = [part for part in dict.get(entry, "content") or [] if isinstance(part, dict)]
    markup = next((_text(p.get("value")) for p in contents if _text(p.get("value"))), "")
    told = dict.get(entry, f"{names.thread}_in-reply-to")
    reply: dict[str, Any] = told if isinstance(told, dict) else {}
    replies = _replies(entry)
    comments = _text(dict.get(entry, f"{names.comments}_commentrss")) or replies.get("href")
    count = _count(entry, f"{names.slash}_comments", f"{names.thread}_total")
    return Item(
        guid=_text(dict.get(entry, "id")) or None,
        link=_text(dict.get(entry, "link")) or None,
        title=_text(dict.get(entry, "title")),
        markup=markup or _text(dict.get(entry, "summary")),
        published_at=_moment(entry, "published"),
        updated_at=_moment(entry, "updated"),
        lang=_text(contents[0].get("language")) or None if contents else None,
        parent=_text(reply.get("ref") or reply.get("href")) or None,
        comment_count=_count(replies, "count") if count is None else count,
        comments_url=absolute(_text(comments), url),
        parent_url=_text(reply.get("href")) or None,
        author=_author(entry),
    )


def _replies(entry: Any) -> dict[str, Any]:
    """The link to the feed of an entry's replies (RFC 4685); empty where there is none."""
    for link in dict.get(entry, "links") or []:
        kind = _text(link.get("type")).partition(";")[0].strip().lower()
        if _text(link.get("rel")).lower() == "replies" and kind in _FEED_TYPES:
            return dict(link)
    return {}


def _author(entry: Any) -> Author | None:
    """The name and web address of who wrote it; of "mail (name)" the name alone."""
    detail = dict.get(entry, "author_detail")
    if not isinstance(detail, dict):
        return None
    name = _text(detail.get("name"))
    if mail := _MAIL.fullmatch(_text(dict.get(entry, "author"))):
        name = mail["name"] or ""  # feedparser would take a part of the address for the name
    return Author(" ".join(clean(name).split()), _text(detail.get("href")))


def _count(entry: Any, *names: str) -> int | None:
    """The first of these fields that is a number."""
    texts = (_text(dict.get(entry, name)) for name in names)
    return next((int(t) for t in texts if t.isascii() and t.isdigit() and len(t) < 9), None)


def _problem(parsed: Any) -> str | None:
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    if error is None or isinstance(
        error, feedparser.NonXMLContentType | feedparser.CharacterEncodingOverride
    ):
        return None
    return f"{type(error).__name__}: {clean(str(error))[:120]}"


def _links(links: Any, url: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in links or []:
        address = absolute(_text(link.get("href")), url)
        if address:
            found.setdefault(_text(link.get("rel")).lower(), address)
    return found


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _moment(entry: Any, name: str) -> datetime | None:
    """What feedparser made of a date, else what mail's rules make of it; without zone UTC."""
    parts = dict.get(entry, f"{name}_parsed")
    try:
        if parts:
            return datetime.fromtimestamp(calendar.timegm(parts), UTC)
        at = parsedate_to_datetime(_text(dict.get(entry, name)))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, OSError):
        return None
