"""How many requests a blog costs, the first time and when nothing has changed since."""

from __future__ import annotations

from types import ModuleType

import pytest

from ingest.model import Account
from ingest.sources import feeds, wordpress
from tests import feed_server, wordpress_server
from tests.comment_feeds import Talk
from tests.feed_server import Blog, day
from tests.walking import Handler, Memory
from tests.wordpress_server import WordPress


def site() -> WordPress:
    there = WordPress()
    for number in range(1, 251):
        there.write(number, number / 3)
    for number in range(1, 151):
        there.say(number, 1, 1 + number / 50)
    return there


def talk() -> Talk:
    """Twelve items with comments, one of them younger than 28 days, and one without."""
    there = Talk().write(*(8.0 * number for number in range(13)))
    for number in range(1, 13):
        there.say(number, 8.0 * number, "Wanneer?")
    there.comments[10].clear()
    there.comments[11].clear()
    return there


@pytest.mark.parametrize(
    ("source", "account", "there", "first", "again"),
    [
        (feeds, feed_server.AN, Blog(has_etag=True).write(*range(9)), 1, 1),
        (feeds, feed_server.AN, Blog().write(*range(35)), 1, 1),
        (feeds, feed_server.AN, Blog(paging="archive").write(*range(35)), 4, 1),
        (feeds, feed_server.AN, Blog(paging="wordpress").write(*range(35)), 5, 1),
        # the feed, and the comments below each item that counts some; then of the young one
        (feeds, feed_server.AN, talk(), 1 + 10, 1 + 1),
        # the page, the API, three pages of posts, two of comments; then one of each
        (wordpress, wordpress_server.AN, site(), 1 + 1 + 3 + 2, 1 + 1),
    ],
    ids=["etag", "window", "archive", "paged", "comments", "wordpress"],
)
def test_what_did_not_change_costs_one_request_for_its_acts(
    source: ModuleType, account: Account, there: Handler, first: int, again: int
) -> None:
    found = Memory().walk(source, account, there, day(100))
    assert len(found.asked) == first
    found.walk(source, account, there, day(101))
    assert len(found.asked) == again
    assert found.error is None
