"""A Bluesky repository file (.car): Settings → Account → Export my data.

The same format, and the same reading, as the walk's one request. It is checked block by block
against its hashes, so one that is cut short is refused whole. It was made when its last
revision was, and the account is known since its oldest record of any kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ingest.archives.container import Member, Opened
from ingest.archives.model import OWN_ARCHIVE, Found
from ingest.bluesky_items import tid_moment
from ingest.bluesky_repo import Reading, read_items
from ingest.car import CarError, Entry, Repo
from ingest.errors import ArchiveUnreadable
from ingest.model import Batch

NAME, TITLE, IS_OWN, PLATFORM = "bluesky_car", "Bluesky repository (.car)", True, "bluesky"
ASK = "export it again: Settings → Account → Export my data → Download CAR file"
_START = b"\xa2eroots"
_ENDS = (".car", ".repo", ".bin")
_MOST = 2**30
_LAUNCH = datetime(2022, 11, 1, tzinfo=UTC)
_RECORDS = tuple(
    f"app.bsky.{name}"
    for name in ("feed.like", "feed.post", "feed.repost", "graph.follow", "graph.block")
)


def recognise(opened: Opened) -> Found | None:
    """One file that begins as a CAR does; a cut or empty one is refused."""
    likely = [m for m in opened.members if m.path.lower().endswith(_ENDS) or opened.kind == "file"]
    members = [m for m in likely if _START in m.head(64) or m.path.lower().endswith(".car")]
    if not members:
        return None
    if len(members) > 1:
        happened = f"{len(members)} repository files are in it"
        raise ArchiveUnreadable(opened.name, happened, "give one account's file at a time")
    repo = _repo(opened, members[0])
    found = Found(NAME, TITLE, IS_OWN, PLATFORM, opened, native_id=repo.did, shows=OWN_ARCHIVE)
    found.size = members[0].size
    found.ends_at = tid_moment(repo.rev)
    found.begins_at = _oldest(repo, found.ends_at)
    found.details = {"member": members[0]}
    return found


def read(found: Found) -> Iterator[Batch]:
    """Posts and reposts in the order of their keys."""
    member = found.details["member"]
    if not isinstance(member, Member):
        raise TypeError(member)
    repo = _repo(found.opened, member)
    yield Batch()  # an account without posts is known too
    made_at = (found.ends_at or datetime.now(UTC)) + timedelta(seconds=1)
    try:
        for batch in read_items(repo, Reading(repo.did, made_at)):
            for bad in batch.quarantined:
                expected = "a record as Bluesky writes it"
                found.problems.add(member.path, 0, bad.field, bad.reason, expected)
            yield batch
    except CarError as error:
        raise ArchiveUnreadable(found.opened.name, f"the repository: {error}", ASK) from error


def _repo(opened: Opened, member: Member) -> Repo:
    if member.size > _MOST:
        raise ArchiveUnreadable(opened.name, f"{member.size} bytes is too large for one", ASK)
    try:
        with member.open() as stream:
            repo = Repo(stream.read())
        if repo.is_header_only:
            raise CarError("it holds no records")
    except CarError as error:
        raise ArchiveUnreadable(opened.name, f"this repository file: {error}", ASK) from error
    return repo


def _oldest(repo: Repo, made_at: datetime | None) -> datetime | None:
    """The oldest moment that a record's key vouches for; None if none does."""
    try:
        keys = [part.key for part in repo.walk(_RECORDS) if isinstance(part, Entry)]
    except CarError:
        return None  # told when it is read
    moments = [at for key in keys if (at := tid_moment(key.rpartition("/")[2])) is not None]
    return min((at for at in moments if _LAUNCH <= at <= (made_at or at)), default=None)
