"""An anonymous visitor of the demo's loopback servers, for the tests that ask them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ingest.demo.council import SEED, council
from ingest.demo.world import Item, Voice
from ingest.http import Config, Http, Reply

COUNCIL = council(SEED)


@dataclass(frozen=True)
class Visitor:
    """An anonymous visitor of the servers."""

    http: Http
    config: Config

    def get(self, url: str, headers: dict[str, str] | None = None, **params: str) -> Reply:
        return self.http.get(url, params=params, headers=headers, source="demo", account="visitor")

    def json(self, url: str, **params: str) -> Any:
        reply = self.get(url, **params)
        assert reply.status == 200, reply.body
        return json.loads(reply.body)

    def appview(self, method: str, **params: str) -> Reply:
        return self.get(f"{self.config.appview_url}/xrpc/{method}", **params)


def voice_of(archetype: str, platform: str) -> Voice:
    (voice,) = (
        v
        for v in COUNCIL.accounts
        if v.platform == platform and v.person and v.person.archetype == archetype
    )
    return voice


def shown_items(voice: Voice) -> list[Item]:
    return [item for item in COUNCIL.items_of(voice.voice_id) if item.visibility != "private"]
