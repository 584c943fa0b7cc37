"""What every reader of X's posts agrees on: addresses, ids and moments.

An account is its handle in lower case, since that is what rosters hold; a post is
`https://x.com/i/status/<id>`, which leads to it whatever its author is called today.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

PLATFORM = "x"
STATUS_URL = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(?:i/web|(?P<handle>\w{1,20}))/status(?:es)?/(?P<id>\d+)/?(?:[?#].*)?"
)
RETWEET = re.compile(r"RT @(\w{1,20}):")
_NAMES = "JanFebMarAprMayJunJulAugSepOctNovDec"
_MONTHS = {_NAMES[at : at + 3]: at // 3 + 1 for at in range(0, 36, 3)}


def post_uri(status_id: str) -> str:
    """The address of a post by its id; ids exceed 2^53 and stay text."""
    return f"https://x.com/i/status/{status_id}"


def native(handle: str | None) -> str | None:
    """An account as partner and owner; None where nobody is named."""
    handle = (handle or "").strip().removeprefix("@").lower()
    return None if handle in {"", "i"} else handle


def moment(text: str) -> datetime:
    """`Wed Oct 10 20:19:24 +0000 2018` as a moment; X writes UTC. Raises ValueError."""
    # cut by place: strptime takes ten times as long and heeds the machine's language
    if len(text) != 30 or text[19:26] != " +0000 ":
        return datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
    month = _MONTHS.get(text[4:7])
    if month is None:
        raise ValueError(text)
    day, hour, minute, second = (int(text[at : at + 2]) for at in (8, 11, 14, 17))
    return datetime(int(text[26:]), month, day, hour, minute, second, tzinfo=UTC)
