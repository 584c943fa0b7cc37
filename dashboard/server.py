"""The pages' server: Streamlit's own, with the page itself in the reader's language at once.

`winterslaap serve` starts it as `python -m dashboard.server`. Other routes, such as a
folder of static pages, go beside the dashboard: `application([Mount("/site", ...)])`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit.starlette import App

from dashboard import published, shell
from dashboard.statics import Packed

SCRIPT = Path(__file__).parents[1] / "app.py"


def application(routes: Sequence[BaseRoute] = ()) -> App:
    """The dashboard as an ASGI application; `routes` are asked first."""
    return App(SCRIPT, routes=[*routes, *shell.routes()], middleware=[Middleware(Packed)])


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
