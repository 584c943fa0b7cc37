"""What users of other libraries write to have the same posts; no network in here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx

POST = "app.bsky.feed.post"
_TID_DIGITS = str.maketrans("234567abcdefghijklmnopqrstuvwxyz", "0123456789abcdefghijklmnopqrstuv")


def sdk_posts(body: bytes, did: str) -> list[tuple[Any, ...]]:
    """The atproto SDK's file and models, and on top what its user writes to have posts.

    In the order of the keys: address, both moments, kind, parent, whose it is, the model.
    """
    from atproto import CAR, models

    car, quote, found = CAR.from_bytes(body), models.AppBskyEmbedRecord.Main, []
    blocks: dict[bytes, Any] = {cid._raw_byte_form: b for cid, b in car.blocks.items()}  # type: ignore[misc]
    for key, cid in _tree(blocks, blocks[car.root._raw_byte_form]["data"]):  # type: ignore[index]
        collection, _, rkey = key.partition("/")
        if collection != POST:
            continue
        post: Any = models.get_or_create(blocks[cid], strict=False)
        claimed = datetime.fromisoformat(post.created_at)
        made = datetime.fromtimestamp((int(rkey.translate(_TID_DIGITS), 32) >> 10) / 1e6, UTC)
        kind, parent = "post", None
        if post.reply:
            kind, parent = "reply", post.reply.parent.uri
        elif isinstance(post.embed, quote):
            kind, parent = "quote", post.embed.record.uri
        partner = parent.split("/", 3)[2] if parent else None
        if kind == "reply" and partner == did:
            kind = "self_reply"
        found.append((f"at://{did}/{key}", claimed, made, kind, parent, partner, post))
    return found


def _tree(blocks: dict[bytes, Any], cid: bytes) -> Iterator[tuple[str, bytes]]:
    """Keys and hashes of the records, in order: the SDK leaves that to its user."""
    node, key = blocks[cid], b""
    if node["l"]:
        yield from _tree(blocks, node["l"])
    for entry in node["e"]:
        key = key[: entry["p"]] + entry["k"]
        yield key.decode(), entry["v"]
        if entry["t"]:
            yield from _tree(blocks, entry["t"])


def sdk_models(body: bytes) -> list[Any]:
    """The posts of a file as the SDK's models and nothing more."""
    from atproto import CAR, models

    blocks = CAR.from_bytes(body).blocks.values()
    return [models.get_or_create(b, strict=False) for b in blocks if b.get("$type") == POST]


def mastodon_py(base: str, body: bytes) -> Any:
    """A client of Mastodon.py to which everything is answered with this body."""
    headers = {"content-type": "application/json; charset=utf-8"}
    return mastodon_client(base, lambda _: httpx.Response(200, content=body, headers=headers), [])


def mastodon_client(
    base: str, handler: Callable[[httpx.Request], httpx.Response], asked: list[str]
) -> Any:
    """A client of Mastodon.py that is answered in this process; `asked` gets the addresses."""
    import requests
    from mastodon import Mastodon

    class Inside(requests.adapters.BaseAdapter):
        """No network."""

        def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
            """What the handler says."""
            asked.append(str(request.url))
            told = handler(httpx.Request(request.method or "GET", str(request.url)))
            answer = requests.Response()
            answer.status_code, answer._content = told.status_code, told.content
            answer.request = request
            answer.headers.update(dict(told.headers))
            answer.url = str(request.url)
            return answer

        def close(self) -> None:
            """Nothing to close."""

    session = requests.Session()
    session.mount("https://", Inside())
    return Mastodon(api_base_url=base, session=session, version_check_mode="none")
