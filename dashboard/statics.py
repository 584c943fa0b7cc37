"""Streamlit's scripts and styles, packed once and sent packed ever after.

Streamlit leaves packing to a proxy, since its own middleware would pack each file again
for each visitor. Kept in memory a file is packed once; names hold a hash of what is in
the file, so a browser may keep it for a year.
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from pathlib import Path

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

SHIPPED = Path(streamlit.__file__).parent / "static"
NAME = re.compile(r"/(static/(?:js|css)/[\w.-]+\.(?:js|css))")
TYPES = {".js": "text/javascript", ".css": "text/css"}
KEPT = {
    "Cache-Control": "public, immutable, max-age=31536000",
    "Content-Encoding": "gzip",
    "Vary": "Accept-Encoding",
}


class Packed:
    """Answers requests for scripts and styles by whoever can unpack; the rest passes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        asked = NAME.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if asked is None or scope["method"] != "GET" or not _unpacks(scope):
            return await self.app(scope, receive, send)
        path = SHIPPED / asked[1]
        try:
            body = await run_in_threadpool(packed, path)
        except OSError:  # of another version, or never there: Streamlit knows what to say
            return await self.app(scope, receive, send)
        answer = Response(body, media_type=TYPES[path.suffix], headers=KEPT)
        return await answer(scope, receive, send)


def _unpacks(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    accepted = (one.strip() for one in headers.get("accept-encoding", "").split(","))
    return "gzip" in accepted and "range" not in headers


@lru_cache(maxsize=1024)
def packed(path: Path) -> bytes:
    """The file, packed."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)
