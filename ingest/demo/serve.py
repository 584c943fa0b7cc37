"""The council's servers on one loopback port, each answering to its own invented host name."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Host

from ingest.demo.bluesky import APPVIEW_HOST, PDS_HOST, PLC_HOST, appview, pds, plc
from ingest.demo.council import Council
from ingest.demo.feeds import Blogs, blogs_app
from ingest.demo.mastodon import Instance, instance_app
from ingest.demo.people import BLOG_HOST, MASTODON_HOST
from ingest.demo.records import Records

HOSTS = (APPVIEW_HOST, PLC_HOST, PDS_HOST, MASTODON_HOST, BLOG_HOST)
_START_SECONDS = 20.0


def app_of(council: Council) -> Starlette:
    """One app for all hosts of the council."""
    records = Records(council)
    apps = {
        APPVIEW_HOST: appview(records),
        PLC_HOST: plc(records),
        PDS_HOST: pds(records),
        MASTODON_HOST: instance_app(Instance(council)),
        BLOG_HOST: blogs_app(Blogs(council)),
    }
    return Starlette(routes=[Host(host, app) for host, app in apps.items()])


@contextmanager
def serve(app: Starlette) -> Iterator[str]:
    """The app on a free loopback port, in a thread of its own; yields its address."""
    # asyncio sends small answers at once only where the protocol is named
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", ws="none", http="h11"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name="voorbeeldstad", daemon=True
        )
        thread.start()
        try:
            _await(server, thread)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_START_SECONDS)


def _await(server: uvicorn.Server, thread: threading.Thread) -> None:
    ends_at = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > ends_at:
            raise RuntimeError("the demo's servers did not start")
        time.sleep(0.01)
