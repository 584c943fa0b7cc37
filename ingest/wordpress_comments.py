"""Comments of a WordPress site as answers of the watched and questions of others.

A comment by the author below somebody else's is a reply to that person. A flat one
is a reply only if it names an earlier commenter below the same post, and no two
of them; else it only goes on with the author's own words. Whether that answered those
who asked before cannot be known: then their text is left empty, so that it counts as
no question (METHOD §5). Names are compared in
memory and never leave it: those found in the author's comments are listed so that
the store takes them out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ingest.model import Kind, Post, Received, Thread
from ingest.plaintext import from_html
from ingest.wordpress_api import ApiComment, Site, capped, moment_of, name_of

_SHORTEST_WORD = 3  # of a name that is taken out of a text
_ANSWERED_IN = timedelta(days=14)
_NO_DATE = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Watched:
    """Whose comments are the person's own.

    `posts` are the numbers of the person's posts; None: all of the site's are.
    `names` are those under which the authors comment: a visitor who uses one may be
    the author without signing in or anybody else, and is left out as unknown.
    """

    authors: frozenset[int]
    posts: frozenset[int] | None = None
    names: frozenset[str] = field(default=frozenset(), repr=False)

    def wrote(self, comment: ApiComment) -> bool:
        """Whether this is a comment by the person."""
        return comment.author in self.authors

    def is_unclear(self, comment: ApiComment) -> bool:
        """Whether a visitor bears the author's name."""
        return not comment.author and name_of(comment).casefold() in self.names

    def owns(self, post_id: int) -> bool:
        """Whether this is a post of the person."""
        return self.posts is None or post_id in self.posts


@dataclass(frozen=True, slots=True)
class _Other:
    """A comment by somebody else with its place in time and its writer's name."""

    place: tuple[datetime, int]
    comment: ApiComment
    name: str = field(repr=False)
    first_word: str = field(repr=False)  # without its case

    @classmethod
    def of(cls, comment: ApiComment) -> _Other:
        name = name_of(comment)
        first = name.casefold().split()[:1]
        return cls(_place(comment), comment, name, first[0] if first else "")


class Comments:
    """All comments that are known of some posts, in order of time."""

    def __init__(self, site: Site, watched: Watched, fetched_at: datetime) -> None:
        self.site, self.watched, self.fetched_at = site, watched, fetched_at
        self.by_id: dict[int, ApiComment] = {}
        self._below: dict[int, list[ApiComment]] = defaultdict(list)
        self._others: dict[int, list[_Other]] = {}

    def add(self, comments: Iterable[ApiComment]) -> None:
        """Take more comments; those that are known already stay as they are."""
        for comment in comments:
            if comment.id not in self.by_id:
                self.by_id[comment.id] = comment
                self._below[comment.post].append(comment)
                self._others.pop(comment.post, None)

    def own_names(self) -> frozenset[str]:
        """The names under which the person has commented."""
        own = (comment for comment in self.by_id.values() if self.watched.wrote(comment))
        return frozenset(name for comment in own if (name := name_of(comment).casefold()))

    def posts(self) -> list[Post]:
        """The person's own comments."""
        return [self._post(c) for c in self.by_id.values() if self.watched.wrote(c)]

    def received(self) -> list[Received]:
        """What others wrote to the person: below an own post or comment, or naming the author."""
        found, loose = [], self._loose()
        for comment in self.by_id.values():
            if self.watched.wrote(comment) or self.watched.is_unclear(comment):
                continue
            parent = self._parent(comment)
            text = from_html(comment.content.rendered)
            is_below = self.watched.owns(comment.post) and not comment.parent
            is_below = is_below or (parent is not None and self.watched.wrote(parent))
            is_mention = self.watched.owns(comment.post) and any(
                named_in(text, name) for name in self.watched.names
            )
            if is_below or is_mention:
                text = "" if self._is_perhaps_answered(comment, loose) else text
                found.append(self._received(comment, text, is_mention=not is_below))
        return found

    def threads(self, complete: Iterable[int]) -> list[Thread]:
        """The own posts all of whose comments are known."""
        return [
            Thread(self.site.post_uri(post), len(self._below[post]), is_partial=False)
            for post in sorted(complete)
            if self.watched.owns(post)
        ]

    def _loose(self) -> dict[int, list[tuple[datetime, str | None]]]:
        """Per post when an own comment answered whom; None: nobody can tell."""
        found: dict[int, list[tuple[datetime, str | None]]] = defaultdict(list)
        for comment in self.by_id.values():
            at = moment_of(comment)
            if at is not None and self.watched.is_unclear(comment):
                found[comment.post].append((at, None))
            if at is None or not self.watched.wrote(comment):
                continue
            to = self._answered(comment, from_html(comment.content.rendered))
            if to is not None or not comment.parent:
                found[comment.post].append((at, self.site.author(to) if to else None))
        return found

    def _is_perhaps_answered(
        self, comment: ApiComment, loose: dict[int, list[tuple[datetime, str | None]]]
    ) -> bool:
        """Whether an own comment that names nobody followed a flat one, and none to its writer."""
        at = moment_of(comment)
        if at is None or comment.parent:
            return False
        after = [to for when, to in loose.get(comment.post, ()) if at < when <= at + _ANSWERED_IN]
        return None in after and self.site.author(comment) not in after

    def _parent(self, comment: ApiComment) -> ApiComment | None:
        parent = self.by_id.get(comment.parent)
        return parent if parent is not None and parent.post == comment.post else None

    def _received(self, comment: ApiComment, text: str, *, is_mention: bool) -> Received:
        at = moment_of(comment)
        return Received(
            uri=self.site.comment_uri(comment),
            created_at=at,
            author=self.site.author(comment),
            text=text,
            parent_uri=self.site.parent_uri(comment),
            root_uri=self.site.post_uri(comment.post),
            indexed_at=capped(at, self.fetched_at),
            is_mention=is_mention,
        )

    def _post(self, comment: ApiComment) -> Post:
        at, text = moment_of(comment), from_html(comment.content.rendered)
        to = self._answered(comment, text)
        partner = self.site.author(to) if to else None
        is_reply = to is not None or self._is_to_unknown(comment)
        names = self._names(comment, to, text)
        return Post(
            uri=self.site.comment_uri(comment),
            created_at=at,
            kind=Kind.REPLY if is_reply else Kind.SELF_REPLY,
            text=text,
            indexed_at=capped(at, self.fetched_at),
            parent_uri=self.site.comment_uri(to) if to else self.site.parent_uri(comment),
            root_uri=self.site.post_uri(comment.post),
            partner=partner,
            mentions=tuple(self.site.author(who) for _, who in names),
            mention_names=tuple(name for name, _ in names),
        )

    def _is_to_unknown(self, comment: ApiComment) -> bool:
        """Whether the parent is by somebody whom the site does not tell."""
        if comment.parent:
            parent = self._parent(comment)
            return parent is None or not self.watched.wrote(parent)
        return not self.watched.owns(comment.post)

    def _answered(self, comment: ApiComment, text: str) -> ApiComment | None:
        """The comment by somebody else that this one answers."""
        parent = self._parent(comment)
        if comment.parent and (parent is None or not self.watched.wrote(parent)):
            return None if parent is None or self.watched.is_unclear(parent) else parent
        place, folded = _place(comment), text.casefold()
        named = [
            other.comment
            for other in self._by_others(comment.post)
            if other.place < place and other.first_word in folded
            if not self.watched.is_unclear(other.comment) and named_in(text, other.name)
        ]
        writers = {self.site.author(c) for c in named}
        return named[-1] if len(writers) == 1 else None

    def _by_others(self, post: int) -> list[_Other]:
        """The comments below a post by others who left a name, the latest last."""
        if post not in self._others:
            others = [_Other.of(c) for c in self._below[post] if not self.watched.wrote(c)]
            named = [other for other in others if other.name]
            self._others[post] = sorted(named, key=lambda other: other.place)
        return self._others[post]

    def _names(
        self, comment: ApiComment, to: ApiComment | None, text: str
    ) -> list[tuple[str, ApiComment]]:
        """The names of others as they stand in the text, and whose they are."""
        found: dict[str, ApiComment] = {}
        folded = text.casefold()
        for other in self._by_others(comment.post):
            if other.first_word not in folded:
                continue
            whole = rf"(?<!\w){re.escape(other.name)}(?!\w)"
            for match in re.finditer(whole, text, re.IGNORECASE):
                found.setdefault(match[0], other.comment)
            for word in named_in(text, other.name):
                found.setdefault(word, other.comment)
        for word in name_of(to).split() if to else ():
            is_name = len(word) >= _SHORTEST_WORD and word[:1].isupper()
            if to and is_name and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
                found.setdefault(word, to)
        return list(found.items())


def named_in(text: str, name: str) -> list[str]:
    """The forms in which a text names somebody, as they stand there.

    `@` and the name or its first word, anywhere; the whole name of two words or more,
    anywhere; a single name among the first words of a line, before a comma, another
    mark or the end of the line ("Dag Jan,"). Each with its capital.
    """
    words = name.split()
    if not words or words[0].casefold() not in text.casefold():
        return []
    found = []
    for form in dict.fromkeys((name, words[0])):
        if len(form) < 2:
            continue
        patterns = [re.escape(form)]
        if form[:1].islower():
            patterns.append(re.escape(form[:1].upper() + form[1:]))
        word = "|".join(patterns)
        is_whole = len(words) > 1 and form == name
        opening = rf"^(?:[^\W\d_]+[ \t]+){{0,3}}({word})[ \t]*(?:[,;:!.?–—-]|$)"
        match = (
            re.search(rf"(?<!\w)@({word})(?!\w)", text)
            or (is_whole and re.search(rf"(?<!\w)({word})(?!\w)", text))
            or (form[:1].isalpha() and re.search(opening, text, re.MULTILINE))
        )
        if match:
            found.append(match[1])
    return found


def _place(comment: ApiComment) -> tuple[datetime, int]:
    return (moment_of(comment) or _NO_DATE, comment.id)
