"""What an import tells whoever gave the file: what it is, what it shows, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import typer

import terminal
from ingest.archives.model import Counts, Found
from ingest.importing import Imported, Landed
from ingest.model import Shows

MOST_SHOWN = 30  # problems on a screen; a file has them all
_KINDS = ("posts", "replies", "quotes", "reposts", "self_replies", "deleted", "received")
_WORDS = {  # one, more
    "posts": ("post", "posts"),
    "replies": ("reply to others", "replies to others"),
    "quotes": ("quote", "quotes"),
    "reposts": ("repost", "reposts"),
    "self_replies": ("reply to oneself", "replies to oneself"),
    "deleted": ("deleted one", "deleted ones"),
    "received": ("item by others", "items by others"),
    "repeated": ("that came twice", "that came twice"),
    "unreadable": ("unreadable", "unreadable"),
}


def show_done(found: Found, done: Imported) -> None:
    """The summary of an import."""
    new, known = done.total("new_count"), done.total("known_count")
    _show(found, done, ("stored", f"{new:,} new or changed; {known:,} were known already"))


def show_dry(found: Found, done: Imported) -> None:
    """The summary of an import that only looked."""
    _show(found, done, ("stored", "nothing: this only looked (--dry-run)"))


def _show(found: Found, done: Imported, stored: tuple[str, str]) -> None:
    whose = f" of {found.handle}" if found.handle else ""
    typer.echo(f"{found.title}{whose}")
    lines = [
        ("shows", _shown(found.shows, is_shown=True)),
        ("cannot show", _shown(found.shows, is_shown=False)),
        ("found", _counted(found.counts)),
        ("from", _moments(found.counts)),
        *(("for", _landed(one, found)) for one in done.landed),
        *([("left out", _strangers(done.strangers))] if done.strangers else []),
        stored,
        *(("note", note) for note in (*found.notes, *_empty(found))),
    ]
    for name, line in lines:
        terminal.show_wrapped(f"{name:<12} {line}", indent=2)


def show_problems(found: Found, file: object | None) -> None:
    """All problems that fit on a screen, and where the rest is."""
    problems = found.problems
    if not problems.count:
        return
    typer.echo(f"{problems.count:,} problem{'s' * (problems.count > 1)}; the rest was read:")
    terminal.show_table(
        ("file", "row", "column", "found", "expected"),
        [
            (one.file, str(one.row or ""), one.column, one.found, one.expected)
            for one in problems.listed[:MOST_SHOWN]
        ],
    )
    if problems.count > MOST_SHOWN:
        where = f"{file} lists" if file else "--problems FILE lists"
        terminal.say(f"… and {problems.count - MOST_SHOWN:,} more → {where} {_listed(found)}")


def _listed(found: Found) -> str:
    kept = len(found.problems.listed)
    return "them all" if kept == found.problems.count else f"the first {kept:,}"


def _shown(shows: Shows, *, is_shown: bool) -> str:
    words = {
        "own posts, quotes and reposts": shows.acts,
        "own replies": shows.replies,
        "what others asked below them": shows.received_under_own_posts,
        "who named the person elsewhere": shows.received_mentions,
    }
    named = [word for word, can in words.items() if can is is_shown]
    if is_shown or not named:
        return ", ".join(named) or "nothing"
    return f"{', '.join(named)}: not observable here, never counted as none"


def _counted(counts: Counts) -> str:
    told = [
        f"{count:,} {more if count > 1 else one}"
        for name, (one, more) in _WORDS.items()
        if (count := getattr(counts, name))
    ]
    return ", ".join(told) or "nothing"


def _empty(found: Found) -> tuple[str, ...]:
    """What to do where nothing was in a file and nothing was wrong with it."""
    if found.counts.total or found.problems.count:
        return ()
    whole = "the whole download" if found.is_own else "a file with one row for each"
    return (f"it holds no post: give {whole}",)


def _moments(counts: Counts) -> str:
    if counts.from_at is None or counts.to_at is None:
        return "no dated item"
    return f"{counts.from_at:%Y-%m-%d} (the oldest item) to {counts.to_at:%Y-%m-%d} (the newest)"


def _landed(landed: Landed, found: Found) -> str:
    account = landed.account
    who = f"{account.account_id} ({' '.join(filter(None, (account.platform, account.handle)))})"
    days = [
        f"{_day_after(span.start_at)} to {_day_before(span.end_at)}"
        for span in landed.spans
        if span.end_at - span.start_at > timedelta(days=2)
    ]
    if days:
        return f"{who}, every day known from {', '.join(days)}"
    return f"{who}, no day proven: {landed.why_unproven or _why(found)}"


def _why(found: Found) -> str:
    if found.opened.damaged:
        return "a part is damaged or missing"
    if not found.is_timeline:
        return "it is not known whether anything is missing in it"
    return "it holds less than a day"


def _day_after(moment: datetime) -> str:
    """The first whole day after a moment."""
    at_midnight = moment.time() == moment.time().min
    return f"{moment if at_midnight else moment + timedelta(days=1):%Y-%m-%d}"


def _day_before(moment: datetime) -> str:
    return f"{moment - timedelta(days=1):%Y-%m-%d}"


def _strangers(strangers: Mapping[str, int]) -> str:
    """Accounts that are nobody's in the roster, those with the most items by name."""
    most = sorted(strangers.items(), key=lambda one: (-one[1], one[0]))
    named = ", ".join(f"{name} ({count:,})" for name, count in most[:5])
    more = f" and {len(most) - 5:,} more" if len(most) > 5 else ""
    items = sum(strangers.values())
    return (
        f"{items:,} of accounts that nobody in the roster has: {named}{more} "
        "→ winterslaap roster add, or --person ID where all of it is one person's"
    )


def plain(found: Found, done: Imported) -> dict[str, Any]:
    """The summary as plain values."""
    counts = found.counts
    return {
        "format": found.format,
        "title": found.title,
        "is_own": found.is_own,
        "platform": found.platform,
        "handle": found.handle,
        "shows": found.shows,
        "notes": found.notes,
        "counts": {name: getattr(counts, name) for name in (*_KINDS, "repeated", "unreadable")},
        "from_at": counts.from_at,
        "to_at": counts.to_at,
        "run": done.run_id or None,
        "seconds": done.seconds,
        "accounts": [
            {
                "account_id": one.account.account_id,
                "person_id": one.account.person_id,
                "new": one.tally.new_count,
                "known": one.tally.known_count,
                "spans": [{"from_at": s.start_at, "to_at": s.end_at} for s in one.spans],
            }
            for one in done.landed
        ],
        "left_out": done.strangers,
        "problem_count": found.problems.count,
        "problems": found.problems.listed,
    }
