"""A loopback Bluesky: AppView, PLC directory and personal data server for the council."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingest.demo import repo
from ingest.demo.people import DOMAIN
from ingest.demo.records import Records, did_of
from ingest.demo.world import Voice

APPVIEW_HOST = f"appview.{DOMAIN}"
PLC_HOST = f"plc.{DOMAIN}"
PDS_HOST = f"pds.{DOMAIN}"
TAKEN = "takendown"
MAX_DEPTH = 1000
_LIMIT_HEADERS = {
    "ratelimit-limit": "3000000",
    "ratelimit-remaining": "2999999",
    "ratelimit-reset": "300",
    "ratelimit-policy": "3000000;w=300",
}


def _json(body: Any, status: int = 200) -> Response:
    return Response(
        msgspec.json.encode(body),
        status,
        media_type="application/json",
        headers=_LIMIT_HEADERS,
    )


def _error(name: str, message: str, status: int = 400) -> Response:
    return _json({"error": name, "message": message}, status)


class _AppView:
    def __init__(self, records: Records) -> None:
        self.records = records

    def resolve_handle(self, request: Request) -> Response:
        voice = self.records.find(request.query_params.get("handle", ""))
        if voice is None:
            return _error("InvalidRequest", "Unable to resolve handle")
        return _json({"did": did_of(voice)})

    def get_profile(self, request: Request) -> Response:
        voice = self.records.find(request.query_params.get("actor", ""))
        if voice is None:
            return _error("InvalidRequest", "Profile not found")
        if not _is_up(voice):
            return _error("AccountTakedown", "Account has been suspended")
        return _json(self.records.profile(voice))

    def get_profiles(self, request: Request) -> Response:
        actors = request.query_params.getlist("actors")
        if not 0 < len(actors) <= 25:
            return _error("InvalidRequest", "Error: actors must have 1 to 25 elements")
        voices = [voice for actor in actors if (voice := self.records.find(actor))]
        shown = [self.records.profile(voice) for voice in voices if _is_up(voice)]
        return _json({"profiles": shown})

    def get_posts(self, request: Request) -> Response:
        uris = request.query_params.getlist("uris")
        if not 0 < len(uris) <= 25:
            return _error("InvalidRequest", "Error: uris must have 1 to 25 elements")
        posts = [self.records.posts[uri] for uri in uris if uri in self.records.posts]
        return _json({"posts": [self.records.view(item) for item in posts if _is_up(item.voice)]})

    def get_thread(self, request: Request) -> Response:
        query = request.query_params
        item = self.records.posts.get(query.get("uri", ""))
        if item is None or not _is_up(item.voice):
            return _error("NotFound", f"Post not found: {query.get('uri')}")
        depth, height = int(query.get("depth", 6)), int(query.get("parentHeight", 80))
        thread = self.records.thread(item, min(depth, MAX_DEPTH), min(height, MAX_DEPTH))
        return _json({"thread": thread})


class _Pds:
    def __init__(self, records: Records) -> None:
        self.records = records

    def get_repo(self, request: Request) -> Response:
        voice = self._voice(request)
        if isinstance(voice, Response):
            return voice
        since = request.query_params.get("since", "")
        now = self.records.repo_of(voice)
        known = self.records.repo_of(voice, since).blocks if since else {}
        if since >= now.rev:
            known = now.blocks
        car = now.car(without=known)
        return Response(car, media_type="application/vnd.ipld.car", headers=_LIMIT_HEADERS)

    def latest_commit(self, request: Request) -> Response:
        voice = self._voice(request)
        if isinstance(voice, Response):
            return voice
        now = self.records.repo_of(voice)
        return _json({"cid": repo.cid_text(now.root), "rev": now.rev})

    def repo_status(self, request: Request) -> Response:
        did = request.query_params.get("did", "")
        voice = self._voice(request)
        if isinstance(voice, Response):
            is_known = did in self.records.voices
            return _json({"did": did, "active": False, "status": TAKEN}) if is_known else voice
        return _json({"did": did, "active": True, "rev": self.records.repo_of(voice).rev})

    def _voice(self, request: Request) -> Voice | Response:
        """Whose repository is asked for, or why there is none."""
        did = request.query_params.get("did", "")
        voice = self.records.voices.get(did)
        if voice is None:
            return _error("RepoNotFound", f"Could not find repo for DID: {did}")
        if not _is_up(voice):
            return _error("RepoTakendown", f"Repo has been takendown: {did}")
        return voice


def appview(records: Records) -> Starlette:
    """The public AppView: handles, profiles, posts and threads."""
    view = _AppView(records)
    return _xrpc(
        {
            "com.atproto.identity.resolveHandle": view.resolve_handle,
            "app.bsky.actor.getProfile": view.get_profile,
            "app.bsky.actor.getProfiles": view.get_profiles,
            "app.bsky.feed.getPosts": view.get_posts,
            "app.bsky.feed.getPostThread": view.get_thread,
        }
    )


def pds(records: Records) -> Starlette:
    """The personal data server: whole repositories, what changed in them, their state."""
    server = _Pds(records)
    return _xrpc(
        {
            "com.atproto.sync.getRepo": server.get_repo,
            "com.atproto.sync.getLatestCommit": server.latest_commit,
            "com.atproto.sync.getRepoStatus": server.repo_status,
        }
    )


def plc(records: Records) -> Starlette:
    """The PLC directory: DID documents."""

    async def document(request: Request) -> Response:
        voice = records.voices.get(request.path_params["did"])
        if voice is None:
            return _json({"message": "DID not registered"}, 404)
        service = {
            "id": "#atproto_pds",
            "type": "AtprotoPersonalDataServer",
            "serviceEndpoint": f"https://{PDS_HOST}",
        }
        return _json(
            {
                "@context": ["https://www.w3.org/ns/did/v1"],
                "id": did_of(voice),
                "alsoKnownAs": [f"at://{voice.handle}"],
                "verificationMethod": [],
                "service": [service],
            }
        )

    return Starlette(routes=[Route("/{did}", document)])


def _is_up(voice: Voice) -> bool:
    return voice.status != "suspended"


def _xrpc(methods: dict[str, Callable[[Request], Response]]) -> Starlette:
    """An app that answers these methods and says so of any other."""

    async def answer(request: Request) -> Response:
        method = methods.get(request.path_params["method"])
        if method is None:
            return _error("MethodNotImplemented", "Method Not Implemented", 501)
        return method(request)

    return Starlette(routes=[Route("/xrpc/{method}", answer)])
