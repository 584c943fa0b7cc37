"""The tests' small invented servers on a real loopback port, and the troubles they can make."""

from __future__ import annotations

import asyncio
import logging
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec
from starlette.applications import Starlette
from starlette.routing import Mount

from ingest.demo.serve import serve

Handler = Callable[[httpx.Request], httpx.Response]
PATIENCE = 0.25  # seconds that a client waits for these servers
TROUBLES = ("silent", "cut", "broken", "busy", "shuffled")


class HungUp(Exception):
    """The connection is closed in the middle of an answer."""


@dataclass
class Troubles:
    """What may go wrong with a request, drawn by lot from a deck; `share` 0: nothing.

    Feeds are shuffled only on demand: their order is itself a statement, an item out of
    place is taken for a pinned one.
    """

    share: float = 0.0
    weights: tuple[int, ...] = (2, 6, 6, 1, 10)  # in the order of TROUBLES
    shuffles_feeds: bool = False
    lots: random.Random = field(default_factory=lambda: random.Random(7))
    made: Counter[str] = field(default_factory=Counter)
    deck: list[str] = field(default_factory=list)

    def draw(self) -> str:
        """The trouble of the next request, or nothing."""
        if self.lots.random() >= self.share:
            return ""
        if not self.deck:
            pairs = zip(TROUBLES, self.weights, strict=True)
            self.deck = [trouble for trouble, count in pairs for _ in range(count)]
            self.lots.shuffle(self.deck)
        trouble = self.deck.pop()
        self.made[trouble] += 1
        return trouble


@dataclass
class Servers:
    """Handlers by host, and every request that reached them."""

    handlers: Mapping[str, Handler] = field(default_factory=dict)
    troubles: Troubles = field(default_factory=Troubles)
    asked: list[httpx.Request] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = _request(scope)
        with self.lock:
            self.asked.append(request)
            handler = self.handlers.get(request.url.host, lambda _: httpx.Response(404))
            answer = handler(request)
        trouble = self.troubles.draw()
        if trouble == "silent":
            await asyncio.sleep(2 * PATIENCE)
            raise HungUp
        if trouble == "broken":
            answer = httpx.Response(self.troubles.lots.choice((500, 502, 503)), content=b"oh no")
        if trouble == "busy":
            answer = httpx.Response(429, headers={"retry-after": "1"})
        body = answer.content
        may_shuffle = body[:1] in b"[{" or self.troubles.shuffles_feeds
        if trouble == "shuffled" and answer.status_code == 200 and may_shuffle:
            body = shuffled(body, self.troubles.lots)
        await _send(send, answer, body, is_cut=trouble == "cut")


def shuffled(body: bytes, lots: random.Random) -> bytes:
    """The same items in another order: of a JSON list, of the posts in it, of a feed."""
    if body[:1] in b"[{":
        value = msgspec.json.decode(body)
        listed = value if isinstance(value, list) else value.get("posts")
        if isinstance(listed, list):
            lots.shuffle(listed)
        return msgspec.json.encode(value)
    items = re.findall(rb"<item>.*?</item>", body, re.DOTALL)
    order = iter(lots.sample(items, len(items)))
    return re.sub(rb"<item>.*?</item>", lambda _: next(order), body, flags=re.DOTALL)


def _request(scope: Any) -> httpx.Request:
    headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
    host = dict(headers)["host"]
    query = scope["query_string"].decode()
    url = f"https://{host}{scope['path']}{'?' if query else ''}{query}"
    return httpx.Request(scope["method"], url, headers=headers)


async def _send(send: Any, answer: httpx.Response, body: bytes, *, is_cut: bool) -> None:
    kept = {k: v for k, v in answer.headers.items() if k not in {"content-length", "connection"}}
    headers = [(k.encode(), v.encode()) for k, v in kept.items()]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    if is_cut and len(body) > 1:
        await send(
            {"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True}
        )
        raise HungUp
    await send({"type": "http.response.body", "body": body})


@contextmanager
def serving(servers: Servers) -> Iterator[str]:
    """The servers on a free port; yields its address."""
    log = logging.getLogger("uvicorn.error")  # tells every connection that is broken off
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with serve(Starlette(routes=[Mount("/", app=servers)])) as address:
            yield address
    finally:
        log.setLevel(level)
