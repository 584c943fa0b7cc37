"""Finds a WordPress site's REST API and the author who is meant, and asks it.

The page at the handle names the API (`rel="https://api.w.org/"`, as a header or
in its head) and, on an author's page, the author's number. Where it names none,
`/wp-json/` and `/?rest_route=/` are tried; sites on WordPress.com have their own place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import httpx
from selectolax.lexbor import LexborHTMLParser

from ingest.errors import AccessDenied, AccountGone, UnexpectedPayload
from ingest.http import Config, Http, Reply, place
from ingest.model import Account
from ingest.wordpress_api import Site, error_code, read_users

_REL = "https://api.w.org/"
_HOSTED = "/wp/v2/sites/"  # on WordPress.com each site has a folder of one API
_USER = re.compile(r"/wp/v2/users/(\d{1,9})/?$")
_HEAD_BYTES = 1_048_576
_MOST_BYTES = 20 * 1024 * 1024
_CHECK = "check the address in a browser and correct it in accounts.csv"


class NoApi(Exception):
    """The site shows visitors no REST API; the text says what it did."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a site's API is, and whose posts are meant: None is all of the site's."""

    root: str
    site: Site
    author: int | None = None

    @property
    def cursors(self) -> Mapping[str, str]:
        """What saves finding it again."""
        author = "" if self.author is None else str(self.author)
        return {
            "wordpress_root": self.root,
            "wordpress_site": self.site.name,
            "wordpress_author": author,
        }

    @classmethod
    def from_cursors(cls, cursors: Mapping[str, str]) -> Home:
        """What an earlier walk found."""
        author = cursors.get("wordpress_author") or ""
        site = Site(cursors["wordpress_site"])
        return cls(cursors["wordpress_root"], site, int(author) if author else None)


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks on behalf of one account."""

    source: str
    account: Account
    http: Http
    config: Config

    def get(self, url: str, params: Mapping[str, str] | None = None) -> Reply:
        """Any answer below 500."""
        return self.http.get(
            url,
            params=params,
            headers={"Accept": "application/json, text/html;q=0.5"},
            source=self.source,
            account=self.account.account_id,
            max_bytes=min(self.config.max_bytes, _MOST_BYTES),
        )

    def ask(self, root: str, name: str, params: Mapping[str, str]) -> Reply:
        """The answer of one route of `wp/v2`; raises NoApi where it is not for visitors."""
        if _HOSTED in root:
            reply = self.get(urljoin(root, name), params)
        elif "rest_route=" in root:
            reply = self.get(root, {"rest_route": f"/wp/v2/{name}", **params})
        else:
            reply = self.get(urljoin(root, f"wp/v2/{name}"), params)
        if reply.status in {401, 403, 404, 410}:
            raise NoApi(f"{place(reply.url)} answers {reply.status}")
        return reply

    def unexpected(self, happened: str) -> UnexpectedPayload:
        """The error for an answer that WordPress would not give."""
        return UnexpectedPayload(self.source, self.account.account_id, happened, "try again later")

    def find(self, address: str) -> Home:
        """The API behind an address; raises NoApi where there is none for visitors."""
        page = self.get(address)
        account, where = self.account.account_id, place(page.url)
        if page.status in {404, 410}:
            raise AccountGone(self.source, account, f"{where} answers {page.status}", _CHECK)
        if page.status in {401, 403}:
            todo = "ask the publisher for access, or take the account out of the roster"
            happened = f"{where} refuses visitors ({page.status})"
            raise AccessDenied(self.source, account, happened, todo)
        root, user = _named(page)
        origin = _origin(page.url)
        roots = [root] if root else [f"{page.url.split('?')[0].rstrip('/')}/wp-json/"]
        roots += [] if root else [f"{origin}/wp-json/", f"{origin}/?rest_route=/"]
        host = urlsplit(page.url).netloc
        if host.endswith(".wordpress.com"):
            roots = [f"https://public-api.wordpress.com{_HOSTED}{host}/"]
        failure = NoApi(f"{where} is no WordPress site")
        for each in dict.fromkeys(roots):
            try:
                self._try(each)
            except NoApi as refused:
                failure = refused
                continue
            return Home(each, site_of(each), self._author(each, page.url, user))
        raise failure

    def _try(self, root: str) -> None:
        reply = self.ask(root, "posts", {"per_page": "1", "_fields": "id"})
        if reply.status != 200 or not reply.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
            told = error_code(reply.body) or f"{reply.status}, not JSON"
            raise NoApi(f"{place(reply.url)} answers {told}")

    def _author(self, root: str, url: str, named: int | None) -> int | None:
        """The author whose page this is; None where it is a whole site's."""
        if named is not None:
            return named
        parts = urlsplit(url)
        number = parse_qs(parts.query).get("author", [""])[0]
        if number.isascii() and number.isdigit():
            return int(number)
        match = re.search(r"/author/([^/]+)", parts.path)
        if match is None:
            return None
        slug = unquote(match[1])
        reply = self.ask(root, "users", {"slug": slug, "_fields": "id"})
        try:
            users = read_users(reply.body) if reply.status == 200 else []
        except (ValueError, RecursionError):
            users = []
        if len(users) != 1:
            raise NoApi(f"{place(reply.url)} does not tell who this author is")
        return users[0].id


def site_of(root: str) -> Site:
    """The site whose API is at this address."""
    parts = urlsplit(root)
    if _HOSTED in parts.path:
        return Site(parts.path.partition(_HOSTED)[2].partition("/")[0].lower())
    path = parts.path.partition("/wp-json")[0].removesuffix("/index.php").rstrip("/")
    return Site(f"{parts.netloc.rpartition('@')[2].lower()}{path}")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _named(page: Reply) -> tuple[str | None, int | None]:
    """The API and the author that a page names in its headers or its head."""
    root, user = None, None
    for href, rels, kind in _links(page):
        if not (address := _absolute(href, page.url)):
            continue
        if _REL in rels:
            root = root or address
        elif "alternate" in rels and kind == "application/json":
            match = _USER.search(unquote(urlsplit(address).path + urlsplit(address).query))
            user = int(match[1]) if match else user
    return root, user


def _links(page: Reply) -> list[tuple[str, list[str], str]]:
    found = []
    header = page.headers.get("link") or ""
    for link in httpx.Response(200, headers={"link": header}).links.values() if header else ():
        kind = link.get("type", "").lower()
        found.append((link.get("url", ""), link.get("rel", "").split(), kind))
    head = page.body[:_HEAD_BYTES].partition(b"</head")[0]
    if head.count(b"<") <= 20_000:
        for node in LexborHTMLParser(head).css("link[rel][href]"):
            values = node.attributes
            kind = (values.get("type") or "").lower()
            found.append((values.get("href") or "", (values.get("rel") or "").split(), kind))
    return found


def _absolute(href: str, url: str) -> str | None:
    try:
        address = urljoin(url, href.strip())
        parts = urlsplit(address)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return address if href and is_web else None
