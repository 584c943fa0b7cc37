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
_MONTHS = {_NAMES[at : at + 3]: f"{at // 3 + 1:02}" for at in range(0, 36, 3)}


def post_uri(status_id: str) -> str:
    """The address of a post by its id; ids exceed 2^53 and stay text."""
    return f"https://x.com/i/status/{status_id}"


def native(handle: str | None) -> str | None:
    """An account as partner and owner; None where nobody is named."""
    handle = (handle or "").strip().removeprefix("@").lower()
    return None if handle in {"", "i"} else handle


def moment(text: str) -> datetime:
    """`Wed Oct 10 20:19:24 +0000 2018` as a moment. Raises ValueError."""
    # put together by place: strptime takes ten times as long and heeds the machine's language
    month = _MONTHS.get(text[4:7])
    if month is None or len(text) != 30:
        raise ValueError(text)
    zone = f"{text[20:23]}:{text[23:25]}"
    try:
        found = datetime.fromisoformat(f"{text[26:]}-{month}-{text[8:10]}T{text[11:19]}{zone}")
    except ValueError:
        raise ValueError(text) from None
    return found if zone == "+00:00" else found.astimezone(UTC)
