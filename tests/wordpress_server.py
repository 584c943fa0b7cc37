"""A small invented WordPress site whose posts and comments a test writes, served through httpx."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from ingest.model import Account

HOST = "an.voorbeeld.example"
SITE = f"https://{HOST}"
AN = Account("an-site", "an-voorbeeld", "wordpress", SITE)
START = datetime(2024, 1, 1, 12, tzinfo=UTC)
AUTHOR = 1


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def uri(post: int, comment: int | None = None) -> str:
    return f"{SITE}/?p={post}" + (f"#comment-{comment}" if comment else "")


@dataclass
class WordPress:
    """A site with permalinks; `refuses` are parts of addresses with the status they answer."""

    posts: dict[int, dict[str, Any]] = field(default_factory=dict)
    comments: dict[int, dict[str, Any]] = field(default_factory=dict)
    refuses: dict[str, int] = field(default_factory=dict)
    has_link: bool = True
    has_totals: bool = True
    is_pretty: bool = True  # /wp-json/, not only ?rest_route=
    author_page: int | None = None  # whom the page at the handle names
    headers: dict[str, str] = field(default_factory=dict)
    feed: bytes = b""

    def write(self, number: int, at: float, author: int = AUTHOR, **more: Any) -> WordPress:
        self.posts[number] = _item(number, at, author, f"Bericht {number}") | {
            "title": {"rendered": f"Titel {number}"},
            "type": "post",
            "status": "publish",
            "comment_status": "open",
            **more,
        }
        return self

    def say(
        self,
        number: int,
        post: int,
        at: float,
        text: str = "Wanneer?",
        name: str = "Bert Bedenksel",
        author: int = 0,
        parent: int = 0,
    ) -> WordPress:
        self.comments[number] = _item(number, at, author, text) | {
            "post": post,
            "parent": parent,
            "author_name": name,
            "type": "comment",
            "status": "approved",
        }
        return self

    def answer(self, number: int, post: int, at: float, text: str, parent: int = 0) -> WordPress:
        return self.say(number, post, at, text, "An Voorbeeld", AUTHOR, parent)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        for part, status in self.refuses.items():
            if part in str(request.url):
                return httpx.Response(status, json={"code": "rest_forbidden"})
        params = request.url.params
        route = params.get("rest_route") or ""
        if self.is_pretty and request.url.path.startswith("/wp-json/"):
            route = request.url.path.removeprefix("/wp-json")
        if route.startswith("/wp/v2/"):
            return self._route(route.removeprefix("/wp/v2/"), params)
        if request.url.path in {"/", "/author/an/"}:
            return httpx.Response(200, html=self._page(request))
        if request.url.path in {"/feed/", "/author/an/feed/"} and self.feed:
            return httpx.Response(200, content=self.feed)
        return httpx.Response(404)

    def _page(self, request: httpx.Request) -> str:
        root = f"{SITE}/wp-json/" if self.is_pretty else f"{SITE}/?rest_route=/"
        head = f'<link rel="https://api.w.org/" href="{root}" />' if self.has_link else ""
        if self.author_page and "/author/" in request.url.path:
            href = f"{root}wp/v2/users/{self.author_page}"
            head += f'<link rel="alternate" type="application/json" href="{href}" />'
        if self.feed:
            head += '<link rel="alternate" type="application/rss+xml" href="/feed/" />'
        return f"<!doctype html><html><head>{head}</head><body>An</body></html>"

    def _route(self, name: str, params: httpx.QueryParams) -> httpx.Response:
        if name == "users":
            found = [{"id": AUTHOR}] if params.get("slug") == "an" else []
            return httpx.Response(200, json=found)
        items = list((self.posts if name == "posts" else self.comments).values())
        if after := params.get("after"):
            since = datetime.fromisoformat(after).replace(tzinfo=None).isoformat()
            items = [item for item in items if item["date_gmt"] > since]
        if author := params.get("author"):
            items = [item for item in items if item["author"] == int(author)]
        if posts := params.get("post"):
            items = [item for item in items if str(item["post"]) in posts.split(",")]
        items.sort(key=lambda item: (item["date_gmt"], item["id"]), reverse=True)
        size, number = int(params.get("per_page", 10)), int(params.get("page", 1))
        page_count = -(-len(items) // size)
        if name == "posts" and number > max(1, page_count):
            return httpx.Response(400, json={"code": "rest_post_invalid_page_number"})
        totals = {"x-wp-total": str(len(items)), "x-wp-totalpages": str(page_count)}
        return httpx.Response(
            200,
            content=json.dumps(items[(number - 1) * size : number * size]),
            headers={**self.headers, **(totals if self.has_totals else {})},
        )


def _item(number: int, at: float, author: int, text: str) -> dict[str, Any]:
    moment = day(at).replace(tzinfo=None).isoformat(timespec="seconds")
    content = {"rendered": f"<p>{text}</p>\n", "protected": False}
    return {"id": number, "date": moment, "date_gmt": moment, "author": author, "content": content}
