"""Pages of one WordPress listing, to its last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from ingest.feedwalk import CACHED
from ingest.http import Reply
from ingest.model import Quarantined
from ingest.wordpress_api import ApiComment, ApiPost
from ingest.wordpress_home import Asker

_MOST_PAGES = 2_000
_T = TypeVar("_T", ApiPost, ApiComment)


@dataclass(slots=True)
class Listing:
    """One listing while it is read: the ids it showed, and whether it stood still meanwhile.

    An item that is deleted while the pages are read moves the others up, so that one
    is passed over; the total that every page tells gives that away.
    """

    asker: Asker
    root: str
    name: str
    params: dict[str, str]
    seen: set[int] = field(default_factory=set)
    is_steady: bool = True
    age: timedelta = CACHED  # of the answers: how old what they show may be
    bad_count: int = 0
    _total: str | None = None

    def pages(
        self, read: Callable[[bytes], tuple[list[_T], list[Quarantined], int]]
    ) -> Iterator[tuple[list[_T], list[Quarantined]]]:
        """The readable items of each page, and what could not be read."""
        for number in range(1, _MOST_PAGES + 1):
            reply = self.asker.ask(self.root, self.name, {**self.params, "page": str(number)})
            told = _number(reply, "x-wp-totalpages")
            if reply.status == 400 and number > 1:  # after the last page
                self.is_steady = self.is_steady and self._total is None
                return
            if reply.status != 200:
                raise self.asker.unexpected(f"the list of {self.name} answers {reply.status}")
            try:
                items, bad, count = read(reply.body)
            except (ValueError, RecursionError) as error:
                happened = f"the list of {self.name} is not what WordPress gives"
                raise self.asker.unexpected(happened) from error
            self._note(reply)
            self.bad_count += len(bad)
            self.seen.update(item.id for item in items)
            yield items, bad
            if number >= told if told is not None else count == 0:
                return
        raise self.asker.unexpected(f"the list of {self.name} has over {_MOST_PAGES} pages")

    def _note(self, reply: Reply) -> None:
        total = reply.headers.get("x-wp-total")
        self.is_steady = self.is_steady and (self._total is None or self._total == total)
        self._total = total
        age = reply.headers.get("age") or ""
        if age.isascii() and age.isdigit():
            self.age = max(self.age, timedelta(seconds=int(age[:8])))


def _number(reply: Reply, name: str) -> int | None:
    text = reply.headers.get(name) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
