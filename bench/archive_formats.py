"""Reading 100,000 items of each archive format, against loading the same file whole.

`python -m bench.archive_formats ours|whole FILE` is one side, run alone.
"""

from __future__ import annotations

import csv
import importlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.figure import Figure, peak_megabytes

ROOT = Path(__file__).parent.parent
ITEMS = 100_000
AIM_RATE, AIM_MEGABYTES = 10_000, 250
_TEXT = "Vanavond om acht uur praten we over het zwembad, het café en de fietsstraat. " * 2
_BEGAN = datetime(2012, 1, 1, tzinfo=UTC)
_AN = "https://sociaal.example/users/an"
_PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def figures() -> list[Figure]:
    """Items a CPU-second and peak memory of each format; the peer only loads the file."""
    found = []
    count = int(os.environ.get("BENCH_ARCHIVES", ITEMS))
    with tempfile.TemporaryDirectory() as folder:
        for name, (member, write) in MADE.items():
            path = Path(folder) / f"{name}.zip"
            with (
                zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
                packed.open(member, "w", force_zip64=True) as stream,
            ):
                for piece in write(count):
                    stream.write(piece.encode())
            ours, whole = _apart("ours", path), _apart("whole", path)
            found += _figures(name, count, ours, whole)
            path.unlink()
    return found


def _figures(
    name: str, count: int, ours: dict[str, float], whole: dict[str, float]
) -> list[Figure]:
    rate = ours["items"] / ours["seconds"]
    what = f"archives: {name}, {count:,} items"
    peer = "the file loaded whole"
    return [
        Figure(
            what,
            rate,
            "items/CPU-s",
            f"≥ {AIM_RATE:,}",
            rate >= AIM_RATE and ours["items"] == count,
            peer,
            count / whole["seconds"],
            rate * whole["seconds"] / count,
        ),
        Figure(
            f"{what}, peak memory",
            ours["megabytes"],
            "MB",
            f"≤ {AIM_MEGABYTES}",
            ours["megabytes"] <= AIM_MEGABYTES,
            peer,
            whole["megabytes"],
            whole["megabytes"] / ours["megabytes"],
        ),
    ]


def _apart(side: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.archive_formats", side, str(path)]
    answer = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def _ours(path: Path) -> int:
    from ingest import archives

    with archives.recognise(path) as found:
        return sum(len(batch.posts) for batch in archives.read(found))


def _whole(path: Path) -> int:
    with zipfile.ZipFile(path) as packed:
        (name,) = packed.namelist()
        text = packed.read(name).decode()
    if name.endswith(".csv"):
        return len(list(csv.DictReader(io.StringIO(text, newline=""))))
    if name.endswith((".jsonl", ".ndjson")):
        return len([json.loads(line) for line in text.splitlines()])
    return len(json.loads(text))


def _at(number: int) -> datetime:
    return _BEGAN + timedelta(minutes=41 * number)


def _array(
    one: Callable[[int], Any], count: int, before: str = "[", after: str = "]"
) -> Iterator[str]:
    for number in range(count):
        yield (before if number == 0 else ",\n") + json.dumps(one(number))
    yield after


def _table(one: Callable[[int], dict[str, Any]], count: int) -> Iterator[str]:
    out = io.StringIO()
    table = csv.DictWriter(out, list(one(0)))
    table.writeheader()
    for number in range(count):
        table.writerow(one(number))
        if out.tell() > 2**16:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _facebook(number: int) -> dict[str, Any]:
    text = f"{number} {_TEXT}".encode().decode("latin-1")
    held = [{"data": [{"media": {"uri": f"posts/media/{number}.jpg", "description": text}}]}]
    at = int(_at(number).timestamp())
    title = "An Voorbeeld added a new photo."
    return {"timestamp": at, "attachments": held, "data": [{"post": text}], "title": title}


def _instagram(number: int) -> dict[str, Any]:
    text = f"{number} {_TEXT}".encode().decode("latin-1")
    at = int(_at(number).timestamp())
    return {"media": [{"uri": f"media/{number}.jpg", "creation_timestamp": at, "title": text}]}


def _linkedin(number: int) -> dict[str, Any]:
    link = f"https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A{7 * 10**18 + number}"
    told = {"Date": f"{_at(number):%Y-%m-%d %H:%M:%S}", "ShareLink": link}
    return told | {"ShareCommentary": _TEXT, "SharedUrl": "", "Visibility": "MEMBER_NETWORK"}


def _mastodon(number: int) -> dict[str, Any]:
    at, piet = f"{_at(number):%Y-%m-%dT%H:%M:%SZ}", "https://elders.example/users/burger"
    held = {
        "id": f"{_AN}/statuses/{number}",
        "type": "Note",
        "url": f"https://sociaal.example/@an/{number}",
        "published": at,
        "inReplyTo": f"{piet}{number}/statuses/1" if number % 2 else None,
        "content": f"<p>{_TEXT}</p>",
        "contentMap": {"nl": f"<p>{_TEXT}</p>"},
        "tag": [
            {
                "type": "Mention",
                "href": f"{piet}{number}",
                "name": f"@burger{number}@elders.example",
            }
        ],
    }
    told = {"id": f"{_AN}/statuses/{number}/activity", "type": "Create", "actor": _AN}
    return told | {"published": at, "to": [_PUBLIC], "cc": [], "object": held}


def _outbox(count: int) -> Iterator[str]:
    head = '{"@context": "https://www.w3.org/ns/activitystreams", "orderedItems": ['
    return _array(_mastodon, count, head, "]}")


def _tweet(number: int) -> dict[str, Any]:
    return {
        "id": str(10**18 + number),
        "author_id": "1",
        "created_at": f"{_at(number):%Y-%m-%dT%H:%M:%S.000Z}",
        "conversation_id": str(10**18 + number),
        "text": _TEXT,
        "lang": "nl",
        "public_metrics": {"reply_count": 1, "like_count": 2},
        "entities": {"mentions": [{"username": f"burger{number}", "id": str(number)}]},
    }


def _pages(count: int) -> Iterator[str]:
    users = {"users": [{"id": "1", "username": "an_voorbeeld"}]}
    for start in range(0, count, 100):
        data = [_tweet(number) for number in range(start, min(count, start + 100))]
        yield json.dumps({"data": data, "includes": users}) + "\n"


def _minet(number: int) -> dict[str, Any]:
    return {
        "id": 10**18 + number,
        "timestamp_utc": int(_at(number).timestamp()),
        "user_screen_name": "an_voorbeeld",
        "text": _TEXT,
        "to_username": f"burger{number}",
        "to_tweetid": 10**17 + number,
        "retweeted_id": "",
    }


def _fourcat(number: int) -> dict[str, Any]:
    told = {"id": 10**18 + number, "thread_id": 10**18 + number, "author": "an_voorbeeld"}
    return told | {"body": _TEXT, "unix_timestamp": int(_at(number).timestamp()), "is_reply": "no"}


def _crowdtangle(number: int) -> dict[str, Any]:
    return {
        "User Name": "an.voorbeeld",
        "Followers at Posting": "10",
        "Post Created": f"{_at(number):%Y-%m-%d %H:%M:%S} CET",
        "Type": "Status",
        "URL": f"https://www.facebook.com/1/posts/{number}",
        "Message": _TEXT,
    }


def _library(number: int) -> dict[str, Any]:
    told = {"id": 10**15 + number, "creation_time": f"{_at(number):%Y-%m-%dT%H:%M:%S+00:00}"}
    return told | {"text": _TEXT, "post_owner.username": "an.voorbeeld", "statistics.love_count": 1}


MADE: dict[str, tuple[str, Callable[[int], Iterator[str]]]] = {
    "facebook": ("posts/your_posts_1.json", lambda count: _array(_facebook, count)),
    "instagram": ("media/posts_1.json", lambda count: _array(_instagram, count)),
    "linkedin": ("Shares.csv", lambda count: _table(_linkedin, count)),
    "mastodon_archive": ("outbox.json", _outbox),
    "twarc": ("posts.jsonl", _pages),
    "minet": ("posts.csv", lambda count: _table(_minet, count)),
    "fourcat": ("dataset.csv", lambda count: _table(_fourcat, count)),
    "crowdtangle": ("export.csv", lambda count: _table(_crowdtangle, count)),
    "meta_content_library": ("posts.csv", lambda count: _table(_library, count)),
}


def main(side: str, path: str) -> None:
    """Print what one side took, without the loading of modules."""
    if side == "ours":
        importlib.import_module("ingest.archives").formats()
    began = time.process_time()
    items = {"ours": _ours, "whole": _whole}[side](Path(path))
    taken = time.process_time() - began
    print(json.dumps({"items": items, "seconds": taken, "megabytes": peak_megabytes()}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
