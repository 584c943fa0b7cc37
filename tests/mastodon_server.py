"""A small invented Mastodon server whose history a test writes, speaking through httpx."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from ingest.model import Account

HOST = "sociaal.voorbeeld.example"  # the server
DOMAIN = "voorbeeld.example"  # in its accts
AN = Account("an-mastodon", "an-voorbeeld", "mastodon", f"an@{DOMAIN}")
OPENED_AT = datetime(2024, 1, 1, tzinfo=UTC)
Json = dict[str, Any]


def account(name: str, **more: Any) -> Json:
    user, _, host = name.partition("@")
    number = str(sum(name.encode()) + 1_000)
    return {
        "id": number,
        "username": user,
        "acct": name,
        "url": f"https://{host or HOST}/@{user}",
        "created_at": OPENED_AT.isoformat(),
        "statuses_count": 1,
        **more,
    }


@dataclass
class Server:
    """Statuses by id; ids grow with time, as a server gives them out."""

    statuses: dict[str, Json] = field(default_factory=dict)
    owner: Json = field(default_factory=lambda: account("an"))
    page_size: int = 5
    cap: int = 60  # descendants in a context
    token: str | None = None  # without it: 401
    has_feed: bool = False
    failing: dict[str, int] = field(default_factory=dict)  # part of a path → status

    def add(self, day: float, content: str = "tekst", **more: Any) -> str:
        """A status `day` days after the account was opened; its id."""
        at = OPENED_AT + timedelta(days=day)
        status_id = str(int(at.timestamp() * 1000))
        while status_id in self.statuses:
            status_id = str(int(status_id) + 1)
        by = more.pop("by", None)
        author = account(by) if by else self.owner
        parent = self.statuses.get(more.pop("to", ""))
        self.statuses[status_id] = {
            "id": status_id,
            "created_at": at.isoformat(),
            "visibility": "public",
            "account": author,
            "url": f"{author['url']}/{status_id}",
            "uri": f"{author['url']}/object/{status_id}",
            "content": f"<p>{content}</p>",
            "in_reply_to_id": parent and parent["id"],
            "in_reply_to_account_id": parent and parent["account"]["id"],
            "reblog": None,
            "mentions": [],
            **more,
        }
        return status_id

    def url(self, status_id: str) -> str:
        url: str = self.statuses[status_id]["url"]
        return url

    def children(self, status_id: str) -> list[Json]:
        return [s for s in self.statuses.values() if s["in_reply_to_id"] == status_id]

    def shown(self, status: Json) -> Json:
        return {"replies_count": len(self.children(status["id"])), **status}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        for part, status in self.failing.items():
            if part in str(request.url):
                return httpx.Response(status)
        if path == "/.well-known/webfinger":
            return self._finger(request)
        if self.has_feed and path == "/@an.rss":
            return httpx.Response(200, content=self._rss())
        if not path.startswith("/api/v1/"):
            return httpx.Response(404)
        if self.token and request.headers.get("authorization") != f"Bearer {self.token}":
            return httpx.Response(401, json={"error": "The access token is invalid"})
        return self._api(path.removeprefix("/api/v1/").split("/"), request)

    def _finger(self, request: httpx.Request) -> httpx.Response:
        if request.url.params["resource"] != f"acct:an@{DOMAIN}":
            return httpx.Response(404)
        actor = f"https://{HOST}/users/an"
        link = {"rel": "self", "type": "application/activity+json", "href": actor}
        return httpx.Response(200, json={"subject": f"acct:an@{DOMAIN}", "links": [link]})

    def _api(self, parts: list[str], request: httpx.Request) -> httpx.Response:
        match parts:
            case ["accounts", "lookup"] if request.url.params["acct"] == "an":
                return httpx.Response(200, json=self.owner)
            case ["accounts", wanted, "statuses"] if wanted == self.owner["id"]:
                return self._listing(request)
            case ["accounts", wanted]:
                accounts = {s["account"]["id"]: s["account"] for s in self.statuses.values()}
                found = accounts.get(wanted)
                return httpx.Response(200, json=found) if found else httpx.Response(404)
            case ["statuses", wanted, "context"] if wanted in self.statuses:
                return httpx.Response(200, json=self._context(wanted))
            case ["statuses", wanted] if wanted in self.statuses:
                return httpx.Response(200, json=self.shown(self.statuses[wanted]))
        return httpx.Response(404, json={"error": "Record not found"})

    def _listing(self, request: httpx.Request) -> httpx.Response:
        below = int(request.url.params.get("max_id", 10**18))
        own = [s for s in self.statuses.values() if s["account"]["id"] == self.owner["id"]]
        if self.owner.get("suspended"):
            own = []
        newest_first = sorted(own, key=lambda s: int(s["id"]), reverse=True)
        page = [s for s in newest_first if int(s["id"]) < below][: self.page_size]
        headers = {}
        if page:
            last, first = page[-1]["id"], page[0]["id"]
            base = f"http://behind-a-proxy.example{request.url.path}?limit=40&"
            links = f'<{base}max_id={last}>; rel="next", <{base}min_id={first}>; rel="prev"'
            headers = {"link": links}
        return httpx.Response(200, json=[self.shown(s) for s in page], headers=headers)

    def _context(self, status_id: str) -> Json:
        above: list[Json] = []
        parent = self.statuses[status_id]["in_reply_to_id"]
        while parent in self.statuses:
            above.append(self.statuses[parent])
            parent = above[-1]["in_reply_to_id"]
        below: list[Json] = []
        queue = self.children(status_id)
        while queue:
            below.append(queue.pop(0))
            queue += self.children(below[-1]["id"])
        return {
            "ancestors": [self.shown(s) for s in reversed(above)],
            "descendants": [self.shown(s) for s in below[: self.cap]],
        }

    def _rss(self) -> bytes:
        items = "".join(
            f"<item><guid>{s['url']}</guid><pubDate>{_mail_date(s['created_at'])}</pubDate>"
            f"<description>{s['content'].replace('<', '&lt;')}</description></item>"
            for s in sorted(self.statuses.values(), key=lambda s: int(s["id"]), reverse=True)
            if s["account"]["id"] == self.owner["id"] and not s["in_reply_to_id"]
        )
        return f'<rss version="2.0"><channel><title>An</title>{items}</channel></rss>'.encode()


def _mail_date(text: str) -> str:
    return f"{datetime.fromisoformat(text):%d %b %Y %H:%M:%S +0000}"
