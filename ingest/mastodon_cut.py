"""Where a first walk of a Mastodon account was cut, so that the next one goes on from there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ingest.coverage import Stretch, merged
from ingest.model import Known, Stream

CURSOR = "cut"


class Cut(msgspec.Struct, frozen=True):
    """All items from `reached_at` to `listed_at` are stored; what is older is still to be listed.

    Replies may have come under what was listed since `counted_at`.
    """

    account_id: str  # the server's own
    reached_at: datetime
    listed_at: datetime
    counted_at: datetime
    params: dict[str, str] | None  # of the next page; None: listed to its end

    @property
    def cursor(self) -> Mapping[str, str]:
        """What the store keeps of it."""
        return {CURSOR: msgspec.json.encode(self).decode()}

    def stored(self, known: Known) -> Stretch:
        """The moments of which all items are stored, later walks included."""
        spans = (Stretch(s.start_at, s.end_at) for s in known.spans if s.stream is Stream.ACTS)
        own = Stretch(self.reached_at, self.listed_at)
        found = merged([own, *spans])
        return next((s for s in found if s.start_at <= self.reached_at < s.end_at), own)


def cut_of(known: Known, account_id: str) -> Cut | None:
    """Where an earlier walk of this account was cut; None if it was not."""
    try:
        cut = msgspec.json.decode(known.cursors.get(CURSOR, ""), type=Cut)
    except msgspec.DecodeError:
        return None
    return cut if cut.account_id == account_id else None
