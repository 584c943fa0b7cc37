"""What a Mastodon API answers, decoded status by status.

The fields that Mastodon, GoToSocial, Pleroma, Akkoma and Pixelfed share. Extra
fields are allowed; a status without a mandatory field, or with one of another
type, is quarantined and the rest of the page is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from ingest.model import Quarantined

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # no platform is older: a claim before is no date

Id = str | int


class ApiAccount(msgspec.Struct, frozen=True):
    """An account as the API shows it."""

    id: Id
    acct: str
    url: str | None = None
    created_at: datetime | None = None
    statuses_count: int | None = None
    suspended: bool | None = None
    moved: ApiAccount | None = None


class ApiMention(msgspec.Struct, frozen=True):
    """An account named in a status."""

    id: Id
    acct: str


class ApiOption(msgspec.Struct, frozen=True):
    """One answer of a poll."""

    title: str


class ApiPoll(msgspec.Struct, frozen=True):
    """A poll in a status."""

    options: list[ApiOption] = []


class ApiQuote(msgspec.Struct, frozen=True):
    """A quoted status: wrapped with a state (Mastodon) or bare (Pleroma)."""

    quoted_status: ApiStatus | None = None
    id: Id | None = None
    uri: str | None = None
    url: str | None = None
    account: ApiAccount | None = None


class ApiCanReply(msgspec.Struct, frozen=True):
    """Who may reply without asking."""

    always: list[str] | None = None


class ApiPolicy(msgspec.Struct, frozen=True):
    """GoToSocial's interaction policy."""

    can_reply: ApiCanReply | None = None


class ApiStatus(msgspec.Struct, frozen=True):
    """A status as the API shows it; the first four fields are mandatory."""

    id: Id
    created_at: datetime
    visibility: str
    account: ApiAccount
    uri: str | None = None
    url: str | None = None
    content: str | None = None
    spoiler_text: str | None = None
    language: str | None = None
    in_reply_to_id: Id | None = None
    in_reply_to_account_id: Id | None = None
    replies_count: int | None = None
    pinned: bool | None = None
    edited_at: datetime | None = None
    mentions: list[ApiMention] = []
    poll: ApiPoll | None = None
    reblog: ApiStatus | None = None
    quote: ApiQuote | None = None
    interaction_policy: ApiPolicy | None = None


class ApiContext(msgspec.Struct, frozen=True):
    """What stands above and below a status."""

    ancestors: list[msgspec.Raw] = []
    descendants: list[msgspec.Raw] = []


_STATUS = msgspec.json.Decoder(ApiStatus)
_LISTING = msgspec.json.Decoder(list[msgspec.Raw])
_CONTEXT = msgspec.json.Decoder(ApiContext)


def read_listing(body: bytes) -> tuple[list[ApiStatus], list[Quarantined], int]:
    """The readable statuses of a listing, what was quarantined, and how many came."""
    return (*_statuses(raws := _LISTING.decode(body)), len(raws))


def read_context(body: bytes) -> tuple[list[ApiStatus], list[ApiStatus], list[Quarantined]]:
    """Ancestors, descendants, and what was quarantined."""
    context = _CONTEXT.decode(body)
    above, bad_above = _statuses(context.ancestors)
    below, bad_below = _statuses(context.descendants)
    return above, below, bad_above + bad_below


def _statuses(raws: Iterable[msgspec.Raw]) -> tuple[list[ApiStatus], list[Quarantined]]:
    good: list[ApiStatus] = []
    bad: list[Quarantined] = []
    for raw in raws:
        try:
            status = _STATUS.decode(raw)
            if moment(status.created_at) < EARLIEST:
                raise ValueError("created_at is before 1995")
        except (ValueError, RecursionError) as error:
            item = hashlib.sha256(bytes(raw)).hexdigest()
            bad.append(Quarantined(item, str(error)[:200], "status"))
        else:
            good.append(status)
    return good, bad


def moment(at: datetime) -> datetime:
    """The moment in UTC; without a zone, or at the calendar's edge, it is taken as UTC."""
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        return at.replace(tzinfo=UTC)
