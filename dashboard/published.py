"""The published editions beside the dashboard: where the server shows them, and who is in them."""

from __future__ import annotations

import os
from pathlib import Path

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from dashboard.edition import FOLDER
from dashboard.edition.shelf import Published, editions

PLACE = "published"  # the first part of their address
SHOWN = "WINTERSLAAP_SHOWS_EDITIONS"  # set by the server that has them beside the dashboard


class Frozen(StaticFiles):
    """Files that never change: a browser asks for them once a day, and nobody sniffs types."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file with its headers."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=86400"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def folder(data_dir: Path) -> Path:
    """Where the editions of a data folder stand."""
    return data_dir / FOLDER


def routes(data_dir: Path) -> list[BaseRoute]:
    """The editions under `/published`; what is built later is there at once."""
    files = Frozen(directory=folder(data_dir), html=True, check_dir=False)
    os.environ[SHOWN] = "1"
    return [Mount(f"/{PLACE}", app=files, name=PLACE)]


def is_shown() -> bool:
    """Whether the editions can be opened from the dashboard."""
    return os.environ.get(SHOWN) == "1"


def listed(data_dir: Path) -> tuple[Published, ...]:
    """The editions of a data folder, the last made first, without those that are damaged."""
    return editions(folder(data_dir), skip_damaged=True)


def address(edition_id: str, lang: str, page: str = "index") -> str:
    """Where a page of an edition is, from a page of the dashboard."""
    return f"{PLACE}/{edition_id}/{lang}/{page}.html"


def has_card(data_dir: Path, edition_id: str, lang: str, person_id: str) -> bool:
    """Whether a person is on a card of an edition."""
    return (folder(data_dir) / edition_id / lang / f"{person_id}.html").is_file()
