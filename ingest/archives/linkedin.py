r"""LinkedIn's "Get a copy of your data": own posts, bare reposts and comments.

`Shares.csv` doubles the quotes in a text once more and puts each line of it in quotes;
`Comments.csv` escapes them with a backslash. A comment names the post it stands below by an
address that does not say whose post that is, so comments are of unknown kind and replies are
not observable. `MEMBER_NETWORK`, which stands beside nearly all posts, is taken for everybody.
Moments are in UTC. Articles, votes and reactions are not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

from ingest.archives import table
from ingest.archives.container import Member, Opened
from ingest.archives.model import OWN_ARCHIVE, Found, Problems
from ingest.errors import ArchiveUnreadable
from ingest.model import Batch, Kind, Post, Quarantined

NAME, TITLE, IS_OWN, PLATFORM = "linkedin", "LinkedIn data archive", True, "linkedin"
ASK_LARGER = (
    "ask for the larger archive (it takes up to a day), not the fast one "
    "(en: Settings & Privacy → Data privacy → Get a copy of your data → Download larger data "
    "archive; nl: Instellingen en privacy → Gegevensprivacy → Een kopie van uw gegevens "
    "opvragen → groter gegevensarchief; fr: Préférences et confidentialité → Confidentialité "
    "des données → Obtenir une copie de vos données → archive plus volumineuse)"
)
_SHARES = frozenset({"Date", "ShareLink", "ShareCommentary"})
_COMMENTS = frozenset({"Date", "Link", "Message"})
_REPOSTS = frozenset({"Date", "Link"})
_PROFILE = frozenset({"First Name", "Last Name", "Headline"})
_OTHERS = frozenset({"CONVERSATION ID", "Connected On", "First Name", "Endorsee First Name"})
_ANALYTICS = re.compile(r"(?i)(?:.*/)?(?:content|audience|aggregateanalytics)[_ ].*\.xlsx?")
_SHOWN = frozenset({"", "MEMBER_NETWORK", "PUBLIC", "LOGGED_IN", "ANYONE"})
_LIMITED = frozenset({"CONNECTIONS", "CONNECTIONS_ONLY", "GROUP", "CONTAINER", "PRIVATE"})
_URN = re.compile(
    r"(?:urn(?::|%3A)li(?::|%3A)\w+(?::|%3A)|activity-|share-|ugcPost-)(\d{6,})", re.IGNORECASE
)
_TAG = re.compile(r"@\[([^\]\n]{1,200})\]\((urn:li:\w+:[\w-]+)\)")  # how a text names an account
_BATCH = 1_000


def recognise(opened: Opened) -> Found | None:
    """An archive, or single files of it; the fast one without posts is refused."""
    files: dict[str, list[Member]] = {"shares": [], "comments": [], "reposts": []}
    owner, is_fast = None, False
    for member in opened.ending(".csv"):
        names = frozenset(table.header_of(member))
        if names >= _SHARES:
            files["shares"].append(member)
        elif names == _COMMENTS:
            files["comments"].append(member)
        elif names == _REPOSTS and "repost" in member.name.lower():
            files["reposts"].append(member)
        elif names >= _PROFILE:
            owner = _owner(member) or owner
        is_fast = is_fast or bool(names & _OTHERS)
    if not files["shares"] and not files["comments"]:
        _refuse_near(opened, is_fast=is_fast)
        return None
    found = Found(NAME, TITLE, IS_OWN, PLATFORM, opened, handle=owner, native_id=owner)
    found.size = sum(member.size for members in files.values() for member in members)
    found.details = dict(files)
    found.shows = replace(OWN_ARCHIVE, replies=False, full_history=False)
    found.notes.append("LinkedIn does not tell whose posts you commented on")
    if not files["shares"]:
        found.is_timeline = False
        found.notes.append("no Shares.csv is given: comments alone prove no day")
    return found


def _owner(profile: Member) -> str | None:
    """The person's name: the archive holds no address of the profile."""
    for _, row in table.rows(profile, Problems()):
        return " ".join(f"{row['First Name']} {row['Last Name']}".casefold().split()) or None
    return None


def _refuse_near(opened: Opened, *, is_fast: bool) -> None:
    if is_fast:
        happened = "this LinkedIn archive holds no posts and no comments"
        raise ArchiveUnreadable(opened.name, happened, ASK_LARGER)
    if any(_ANALYTICS.fullmatch(member.path) for member in opened.members):
        happened = "these are LinkedIn's analytics, which count but do not list posts"
        raise ArchiveUnreadable(opened.name, happened, ASK_LARGER)


def read(found: Found) -> Iterator[Batch]:
    """Posts, comments, then reposts; those that not everybody could see are only counted."""
    reading = _Reading(found)
    readers = {"shares": _share, "comments": _comment, "reposts": _repost}
    for name, reader in readers.items():
        for member in cast("list[Member]", found.details[name]):
            escape = "\\" if name == "comments" else None
            rows = table.rows(member, found.problems, escape=escape)
            yield from reading.batches(member, rows, reader)
    if reading.limited:
        told = f"posts that were not for everybody: {reading.limited}"
        found.notes.append(f"{told}, neither stored nor counted")


@dataclass(slots=True)
class _Reading:
    """What is counted while the files are read."""

    found: Found
    limited: int = 0

    def batches(
        self,
        member: Member,
        rows: Iterable[tuple[int, Mapping[str, str]]],
        reader: Callable[[Mapping[str, str]], Post],
    ) -> Iterator[Batch]:
        """A thousand rows at a time."""
        posts: list[Post] = []
        bad: list[Quarantined] = []
        for number, row in rows:
            seen_by = row.get("Visibility", "").strip().upper()
            if seen_by in _LIMITED:
                self.limited += 1
                continue
            try:
                if seen_by not in _SHOWN:
                    raise ValueError("a visibility of an unknown kind")
                posts.append(reader(row))
            except ValueError as error:
                expected = "a row as LinkedIn writes it, its date as 2024-01-31 10:00:00"
                self.found.problems.add(member.path, number, "", error, expected)
                bad.append(Quarantined(f"{member.path} {number}", str(error)))
            if len(posts) + len(bad) >= _BATCH:
                yield Batch(posts=tuple(posts), quarantined=tuple(bad))
                posts, bad = [], []
        if posts or bad:
            yield Batch(posts=tuple(posts), quarantined=tuple(bad))


def _share(row: Mapping[str, str]) -> Post:
    at, link = _moment(row), row["ShareLink"].strip()
    text = row["ShareCommentary"].replace('"\r\n"', "\n").replace('"\n"', "\n").replace('""', '"')
    has_more = any(row.get(name, "").strip() for name in ("SharedUrl", "MediaUrl"))
    kind = Kind.POST if text.strip() or has_more else Kind.REPOST
    return _made(link or f"linkedin:post:{int(at.timestamp())}", at, kind, text)


def _comment(row: Mapping[str, str]) -> Post:
    at, link = _moment(row), row["Link"].strip()
    below = _URN.search(link)
    uri = f"linkedin:comment:{below[1] if below else ''}:{int(at.timestamp())}"
    return _made(uri, at, Kind.UNKNOWN, row["Message"], parent=link or None)


def _repost(row: Mapping[str, str]) -> Post:
    at, link = _moment(row), row["Link"].strip()
    return _made(f"linkedin:repost:{int(at.timestamp())}", at, Kind.REPOST, "", parent=link or None)


def _made(uri: str, at: datetime, kind: Kind, text: str, parent: str | None = None) -> Post:
    tags = _TAG.findall(text)
    return Post(
        uri=uri,
        created_at=at,
        kind=kind,
        text=_TAG.sub(r"@\1", text).strip(),
        parent_uri=parent,
        mentions=tuple(urn for _, urn in tags),
        mention_names=tuple(f"@{name}" for name, _ in tags),
    )


def _moment(row: Mapping[str, str]) -> datetime:
    if not row["Date"].strip():
        raise ValueError("no moment")
    return table.moment(row["Date"]).astimezone(UTC)
