"""The pages' server: Streamlit's own, with the page itself in the reader's language at once.

`winterslaap serve` starts it as `python -m dashboard.server`. Other routes, such as a
folder of static pages, go beside the dashboard: `application([Mount("/site", ...)])`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Thread

from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit.starlette import App

from dashboard import overview_table, published, shell
from dashboard.frame import data_dir
from dashboard.statics import Packed
from dashboard.words import LOCALES
from metrics import read
from metrics.errors import MetricsError

SCRIPT = Path(__file__).parents[1] / "app.py"


def application(routes: Sequence[BaseRoute] = ()) -> App:
    """The dashboard as an ASGI application; `routes` are asked first."""
    return App(
        SCRIPT,
        lifespan=_lifespan,
        routes=[*routes, *shell.routes()],
        middleware=[Middleware(Packed)],
    )


@asynccontextmanager
async def _lifespan(_: App) -> AsyncIterator[None]:
    Thread(target=warm, daemon=True).start()
    yield


def warm() -> None:
    """Read the newest copy before the first visitor asks; what is wrong with it, pages say."""
    with suppress(MetricsError):
        path = read.latest(data_dir())
        if path is None:
            return
        for lang in LOCALES:
            overview_table.shown(path, lang, (), "", is_strict=False)
            overview_table.cells(path, lang)


def run(host: str, port: int, routes: Sequence[BaseRoute] = ()) -> None:
    """Listen until Ctrl-C."""
    sys.argv = [str(SCRIPT)]  # Streamlit looks for its settings beside what was started
    with suppress(KeyboardInterrupt):
        application(routes).run(config={"server.address": host, "server.port": port})


def main() -> None:
    """Serve the copies and the editions of WINTERSLAAP_DATA."""
    asked = argparse.ArgumentParser(prog="python -m dashboard.server", description=main.__doc__)
    asked.add_argument("--host", default="127.0.0.1")
    asked.add_argument("--port", type=int, default=8501)
    given = asked.parse_args()
    data_dir = Path(os.environ.get("WINTERSLAAP_DATA") or SCRIPT.with_name("data"))
    run(given.host, given.port, published.routes(data_dir))


if __name__ == "__main__":
    main()
