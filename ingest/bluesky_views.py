"""What the AppView shows: a profile, counts of replies, a thread. No network in here.

A thread comes as a tree whose nodes may be blocked, gone or cut: those are passed
over, and the own item above them counts as partly known when fewer replies came
than the server counts. Replies by people who ask not to be shown to visitors who
are not signed in are left out and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingest.bluesky_items import Unreadable, author_did, author_of, read_received
from ingest.model import Batch, Quarantined, Received, Thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

HIDDEN_LABEL = "!no-unauthenticated"
_SHOWN = "app.bsky.feed.defs#threadViewPost"


def is_hidden(view: Any) -> bool:
    """Whether somebody asks not to be shown to visitors who are not signed in."""
    labels = view.get("labels") if isinstance(view, dict) else None
    return isinstance(labels, list) and any(
        isinstance(label, dict) and label.get("val") == HIDDEN_LABEL and not label.get("neg")
        for label in labels
    )


def pinned_uri(profile: dict[str, Any]) -> str:
    """The address of the post that stands on top of the profile; empty if none does."""
    pinned = profile.get("pinnedPost")
    uri = pinned.get("uri") if isinstance(pinned, dict) else None
    return uri if isinstance(uri, str) else ""


def reply_counts(answer: dict[str, Any]) -> dict[str, int]:
    """How many replies each post of a `getPosts` answer has; vanished posts are not there."""
    posts = answer.get("posts")
    return {
        str(post.get("uri")): _count(post) or 0
        for post in (posts if isinstance(posts, list) else ())
        if isinstance(post, dict)
    }


def read_thread(
    root: dict[str, Any], uri: str, did: str, fetched_at: datetime
) -> tuple[Batch, int]:
    """The replies to own items in one tree, how much of it came, and how many were left out.

    Own items whose replies were cut away are not in `threads`, unless they are the
    one that was asked for: they have to be asked themselves.
    """
    threads: dict[str, Thread] = {}
    received: list[Received] = []
    bad: list[Quarantined] = []
    hidden_count = 0
    for node in _nodes(root):
        view = node["post"]
        count, replies = _count(view), node.get("replies")
        if author_did(view) == did:
            came = len(replies) if isinstance(replies, list) else 0
            if node is root or (count and isinstance(replies, list)):
                own_uri = str(view.get("uri"))
                threads[own_uri] = Thread(own_uri, count, is_partial=came < (count or 0))
        elif _answers(view, did):
            if is_hidden(view.get("author")):
                hidden_count += 1
                continue
            try:
                received.append(read_received(view, fetched_at))
            except Unreadable as error:
                bad.append(Quarantined(str(view.get("uri")), str(error), error.field))
    threads.setdefault(uri, Thread(uri, None, is_partial=True))
    batch = Batch(received=tuple(received), threads=tuple(threads.values()), quarantined=tuple(bad))
    return batch, hidden_count


def left_out(count: int) -> tuple[str, ...]:
    """The note about replies that were left out; none if there were none."""
    reason = "left out because their authors ask not to be shown to visitors"
    return (f"replies {reason}: {count}",) if count else ()


def _count(view: dict[str, Any]) -> int | None:
    count = view.get("replyCount")
    return count if isinstance(count, int) and 0 <= count < 2**31 else None


def _nodes(root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The shown posts of a tree, each with a `post`; parents before replies."""
    stack: list[Any] = [root]
    while stack:
        node = stack.pop()
        if not isinstance(node, dict) or node.get("$type", _SHOWN) != _SHOWN:
            continue
        if isinstance(node.get("post"), dict):
            yield node
        replies = node.get("replies")
        if isinstance(replies, list):
            stack.extend(reversed(replies))


def _answers(view: dict[str, Any], did: str) -> bool:
    """Whether a post names an own item as its parent."""
    place: Any = view.get("record")
    for name in ("reply", "parent", "uri"):
        place = place.get(name) if isinstance(place, dict) else None
    return isinstance(place, str) and author_of(place) == did
