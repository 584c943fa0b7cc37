"""Our own CSV: one row per public post, with the columns that data/README.md explains."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime

from ingest.archives.container import Opened
from ingest.archives.model import Found
from ingest.model import Batch, Kind, Post

NAME, TITLE = "plain", "plain CSV of winterslaap (import --template)"
IS_OWN, PLATFORM = False, "other"
COLUMNS = (
    "uri",
    "account",
    "created_at",
    "kind",
    "in_reply_to_account",
    "in_reply_to_uri",
    "text",
    "lang",
)


def recognise(opened: Opened) -> Found | None:
    """A table whose header has our three mandatory columns."""
    for member in opened.ending(".csv", ".txt", ".tsv"):
        header = member.head().split(b"\n", 1)[0].decode("utf-8-sig", "replace").strip()
        if {"uri", "account", "created_at"} <= set(header.split(",")):
            return Found(NAME, TITLE, IS_OWN, PLATFORM, opened, details={"member": member})
    return None


def read(found: Found) -> Iterator[Batch]:
    """Its rows, one account after the other as they stand in the file."""
    (member,) = found.opened.ending(".csv", ".txt", ".tsv")
    with member.open() as stream:
        lines = io.TextIOWrapper(stream, "utf-8-sig", newline="")
        for row in csv.DictReader(lines):
            created = datetime.fromisoformat(row["created_at"]).replace(tzinfo=UTC)
            post = Post(row["uri"], created, Kind(row["kind"] or "post"), text=row["text"] or "")
            yield Batch(posts=(post,), state=found.state(row["account"]))
