"""The page before any script has run: in the reader's language, with a title and its outline.

The markup is Streamlit's own `index.html`; React replaces all that is in `root` when it
starts. Pages that are not ours, and a Streamlit whose page looks otherwise, are served as
they are.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

from dashboard.address import LANGUAGE
from dashboard.look import DARK, LIGHT
from dashboard.words import DEFAULT, LOCALES, Words, words

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
PAGES = Path(__file__).with_name("pages")
FIRST = "overview"  # what stands at the root
STYLE = Path(__file__).with_name("shell.css")
FONT = Path(__file__).parent / "fonts" / "titles.woff2"
FONT_AT = "/fonts/titles.woff2"
ROOT = '<div id="root">'


def routes() -> list[Route]:
    """One route per page of ours, and one for the font of the titles."""
    names = sorted(page.stem for page in PAGES.glob("*.py"))
    pages = [Route("/" if name == FIRST else f"/{name}", _answer, name=name) for name in names]
    return [*pages, Route(FONT_AT, _font, name="font")]


async def _font(_: Request) -> FileResponse:
    return FileResponse(FONT, headers={"Cache-Control": "public, max-age=604800"})


async def _answer(request: Request) -> HTMLResponse:
    lang = request.query_params.get(LANGUAGE, DEFAULT)
    page = request.url.path.strip("/") or FIRST
    return HTMLResponse(
        html(page, lang if lang in LOCALES else DEFAULT), headers={"Cache-Control": "no-cache"}
    )


@lru_cache(maxsize=64)
def html(page: str, lang: str) -> str:
    """What the browser gets first for a page in a language."""
    t = words(lang)
    name = t(f"nav.{page}")
    title = "Winterslaap" if page == FIRST else f"{name} · Winterslaap"
    head = (
        f'<meta name="description" content="{escape(t("overview.title"))}">'
        f'<link rel="preload" href=".{FONT_AT}" as="font" type="font/woff2" crossorigin>'
        f"{_style()}</head>"
    )
    noscript = f"<noscript><p>{escape(t('shell.no_script'))}</p></noscript>"
    text = INDEX.read_text("utf-8")
    for pattern, new in (
        (r"<html[^>]*>", f'<html lang="{lang}">'),
        (r"<title>.*?</title>", f"<title>{escape(title)}</title>"),
        (r"</head>", head),
        (r"<noscript>.*?</noscript>", noscript),
        (re.escape(ROOT), ROOT + _outline(t, t("overview.title") if page == FIRST else name)),
    ):
        text = new.join(re.split(pattern, text, maxsplit=1, flags=re.DOTALL))
    return text


def _style() -> str:
    colors = {
        scheme: f"--ink:{look.ink};--paper:{look.background};--pale:{look.silence};"
        for scheme, look in (("light", LIGHT), ("dark", DARK))
    }
    return (
        '<style>@font-face{font-family:"Winterslaap Titles";font-weight:600 700;font-display:swap;'
        f'src:url(".{FONT_AT}") format("woff2")}}:root{{{colors["light"]}}}'
        f"@media (prefers-color-scheme:dark){{:root{{{colors['dark']}}}}}"
        f"{STYLE.read_text('utf-8')}</style>"
    )


def _outline(t: Words, heading: str) -> str:
    blocks = "<i></i>" * 3
    return (
        f'<main class="ws-shell" aria-busy="true"><p role="status">{escape(t("shell.loading"))}</p>'
        f"<h1>{escape(heading)}</h1><b></b><div>{blocks}</div><u></u></main>"
    )
