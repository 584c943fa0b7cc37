"""Invented archives as platforms write them, for the tests of `winterslaap import`."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.invented import START

BIG = 2**53 + 1  # an id that a JavaScript number cannot hold
OWN_ID, OWN = "77", "an_voorbeeld"


def x_moment(at: datetime) -> str:
    return at.strftime("%a %b %d %H:%M:%S +0000 %Y")


def tweet(number: int, text: str | None = None, **more: Any) -> dict[str, Any]:
    """A post, one per day from the start on."""
    found = {
        "id_str": str(BIG + number),
        "id": str(BIG + number),
        "created_at": x_moment(START + timedelta(days=number)),
        "full_text": f"Bericht {number}" if text is None else text,
        "lang": "nl",
        "favorite_count": "0",
        "entities": {"user_mentions": [], "urls": [], "hashtags": []},
    }
    return found | more


def named(*names: tuple[str, str]) -> dict[str, Any]:
    """The entities of a post that names accounts: handle and id."""
    return {"user_mentions": [{"screen_name": n, "id_str": i} for n, i in names], "urls": []}


def answer(number: int, to: str, to_id: str, text: str, **more: Any) -> dict[str, Any]:
    return tweet(
        number,
        text,
        in_reply_to_status_id_str=str(BIG * 3 + number),
        in_reply_to_user_id_str=to_id,
        in_reply_to_screen_name=to,
        entities=named((to, to_id)),
        **more,
    )


def part(
    name: str, items: Sequence[Mapping[str, Any]], number: int = 0, indent: int | None = 2
) -> str:
    return f"window.YTD.{name}.part{number} = {json.dumps(list(items), indent=indent)}"


def tweets(items: Sequence[Mapping[str, Any]], number: int = 0, indent: int | None = 2) -> str:
    return part("tweets", [{"tweet": one} for one in items], number, indent)


def x_files(items: Sequence[Mapping[str, Any]], **more: str) -> dict[str, str]:
    """The files of an X archive by their paths; `more` by name without data/ and .js."""
    account = {
        "username": "An_Voorbeeld",
        "accountId": OWN_ID,
        "createdAt": "2023-12-01T00:00:00.000Z",
    }
    manifest = {
        "userInfo": {"accountId": OWN_ID, "userName": "An_Voorbeeld"},
        "archiveInfo": {"generationDate": "2024-12-31T12:00:00.000Z", "isPartialArchive": False},
    }
    files = {
        "Your archive.html": "<!doctype html><title>Your archive</title>",
        "data/account.js": part("account", [{"account": account}]),
        "data/manifest.js": f"window.__THAR_CONFIG = {json.dumps(manifest)}",
        "data/tweets.js": tweets(items),
        "data/direct-messages.js": part(
            "direct_messages", [{"dmConversation": {"secret": "geheim"}}]
        ),
    }
    return files | {f"data/{name.replace('_', '-')}.js": text for name, text in more.items()}


def zipped(path: Path, files: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return path


def write_x_roster(data_dir: Path) -> None:
    """An with an X account and one on Mastodon, Bo with one on X, and a party that is known."""
    folder = data_dir / "rosters" / "voorbeeldstad"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "people.csv").write_text(
        "person_id,name,is_invented\nan,An Voorbeeld,yes\nbo,Bo Voorbeeld,yes\n"
    )
    (folder / "accounts.csv").write_text(
        "account_id,person_id,platform,handle\n"
        f"an-x,an,x,@{OWN}\nan-mastodon,an,mastodon,an@voorbeeld.example\nbo-x,bo,x,bo_voorbeeld\n"
    )
    (folder / "known_accounts.csv").write_text("platform,handle,class\nx,lijst_plein,party\n")
