"""The reference Bluesky network from npm and PostgreSQL, on loopback, for a test session.

`running` is the network for tests and benchmarks alike; where Node or PostgreSQL is
missing, the tests skip and say so.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ingest.demo.repo import tid
from tests.network.servers import NetworkMissing, servers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

POST = "app.bsky.feed.post"
_WRITES_A_CALL = 200


@dataclass
class Person:
    """An account of the network, and what it may write."""

    did: str
    handle: str
    token: str
    home: str = ""  # where the account moved to


@dataclass
class Network:
    """Addresses of a running network, and how to fill it."""

    appview_url: str
    plc_url: str
    pds_url: str
    other_pds_url: str  # of the same network, empty
    control_url: str
    people: dict[str, Person] = field(default_factory=dict)
    _client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60.0))
    _keys: int = 0

    def join(self, name: str, opened_at: datetime, **profile: Any) -> Person:
        """A new account with a profile that says when it was opened."""
        account = self._call(
            "com.atproto.server.createAccount",
            {
                "handle": f"{name}.test",
                "email": f"{name}@voorbeeldstad.example",
                "password": f"geheim-{name}",
            },
        )
        person = Person(account["did"], f"{name}.test", account["accessJwt"])
        self.people[name] = person
        record = {"displayName": name, "createdAt": opened_at.isoformat(), **profile}
        self.put(person, "app.bsky.actor.profile", "self", record)
        return person

    def put(self, who: Person, collection: str, rkey: str, record: dict[str, Any]) -> None:
        """Write or overwrite one record."""
        value = {"$type": collection, **record}
        body = {"repo": who.did, "collection": collection, "rkey": rkey, "record": value}
        self._call("com.atproto.repo.putRecord", body, who)

    def write(
        self, who: Person, collection: str, at: datetime, record: dict[str, Any]
    ) -> dict[str, str]:
        """A record made at a moment, in claim and key; its address and hash."""
        self._keys += 1
        rkey = tid(round(at.timestamp() * 1_000_000) + self._keys, 7)
        value = {"$type": collection, "createdAt": stamp(at), **record}
        body = {"repo": who.did, "collection": collection, "rkey": rkey, "record": value}
        made = self._call("com.atproto.repo.createRecord", body, who)
        return {"uri": made["uri"], "cid": made["cid"]}

    def write_all(
        self, who: Person, collection: str, records: Iterable[tuple[datetime, dict[str, Any]]]
    ) -> None:
        """Many records made at their moments, two hundred in a commit, seen by the AppView."""
        writes = []
        for number, (at, record) in enumerate(records):
            value = {"$type": collection, "createdAt": stamp(at), **record}
            writes.append(
                {
                    "$type": "com.atproto.repo.applyWrites#create",
                    "collection": collection,
                    "rkey": tid(round(at.timestamp() * 1_000_000) + number, 9),
                    "value": value,
                }
            )
        for start in range(0, len(writes), _WRITES_A_CALL):
            chunk = writes[start : start + _WRITES_A_CALL]
            self._call("com.atproto.repo.applyWrites", {"repo": who.did, "writes": chunk}, who)
            self.wait()  # each time: thousands at once take longer than a request may

    def post(self, who: Person, text: str, at: datetime, **more: Any) -> dict[str, str]:
        """A post; its reference."""
        return self.write(who, POST, at, {"text": text, **more})

    def reply(
        self,
        who: Person,
        text: str,
        at: datetime,
        parent: dict[str, str],
        root: dict[str, str] | None = None,
    ) -> dict[str, str]:
        """A reply that the AppView has seen after its parent; its reference."""
        self.wait()  # the AppView judges a reply once, when it first sees it
        return self.post(who, text, at, reply={"parent": parent, "root": root or parent})

    def delete(self, who: Person, reference: dict[str, str]) -> None:
        """Take a record back."""
        _, _, _, collection, rkey = reference["uri"].split("/")
        body = {"repo": who.did, "collection": collection, "rkey": rkey}
        self._call("com.atproto.repo.deleteRecord", body, who)

    def deactivate(self, who: Person) -> None:
        """The person switches the account off."""
        self._call("com.atproto.server.deactivateAccount", {}, who)

    def take_down(self, who: Person) -> None:
        """The person's server removes the account from view."""
        subject = {"$type": "com.atproto.admin.defs#repoRef", "did": who.did}
        body = {"subject": subject, "takedown": {"applied": True, "ref": "test"}}
        self._call("com.atproto.admin.updateSubjectStatus", body, auth=("admin", "admin-pass"))

    def suspend(self, who: Person) -> None:
        """The AppView hears that the account is suspended; its server knows nothing of it."""
        self._control(f"/suspend?did={who.did}")

    def move(self, who: Person) -> None:
        """The person takes the account to the other server, as people do; `who` writes there."""
        old, new = self.pds_url, self.other_pds_url
        asked = {"aud": "did:web:localhost", "lxm": "com.atproto.server.createAccount"}
        proof = self._get(old, "com.atproto.server.getServiceAuth", asked, who).json()["token"]
        body = {"did": who.did, "handle": who.handle, "email": f"{who.handle}@elders.example"}
        login = Person(who.did, who.handle, proof, new)
        made = self._call("com.atproto.server.createAccount", {**body, "password": "x"}, login)
        car = self._get(old, "com.atproto.sync.getRepo", {"did": who.did}).content
        who.token, who.home = made["accessJwt"], new
        self._call("com.atproto.repo.importRepo", car, who)
        wanted = self._get(new, "com.atproto.identity.getRecommendedDidCredentials", {}, who).text
        self._control(f"/move?{httpx.QueryParams({'did': who.did, 'wanted': wanted})}")
        self._call("com.atproto.server.activateAccount", None, who)

    def join_on_own_domain(self, name: str) -> Person:
        """A new account whose DID is a web address; there can be one."""
        made = self._control(f"/own-domain?handle={name}.test").json()
        person = Person(made["did"], f"{name}.test", made["accessJwt"])
        self.people[name] = person
        return person

    def wait(self) -> None:
        """Until the AppView holds everything that was written."""
        self._control("/wait")

    def close(self) -> None:
        """Close connections."""
        self._client.close()

    def _control(self, path: str) -> httpx.Response:
        answer = self._client.get(f"{self.control_url}{path}")
        assert answer.status_code == 200, answer.text
        return answer

    def _get(
        self, home: str, method: str, params: dict[str, str], who: Person | None = None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {who.token}"} if who else {}
        answer = self._client.get(f"{home}/xrpc/{method}", params=params, headers=headers)
        assert answer.status_code == 200, f"{method}: {answer.status_code} {answer.text}"
        return answer

    def _call(
        self,
        method: str,
        body: dict[str, Any] | bytes | None,
        who: Person | None = None,
        auth: tuple[str, str] | None = None,
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {who.token}"} if who else {}
        url = f"{(who and who.home) or self.pds_url}/xrpc/{method}"
        login = httpx.BasicAuth(*auth) if auth else None
        content = json.dumps(body).encode() if isinstance(body, dict) else body
        if content is not None:
            kind = "json" if isinstance(body, dict) else "vnd.ipld.car"
            headers["Content-Type"] = f"application/{kind}"
        answer = self._client.post(url, headers=headers, content=content, auth=login)
        assert answer.status_code == 200, f"{method}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}


@contextlib.contextmanager
def running() -> Iterator[Network]:
    """A running, empty network; NetworkMissing where Node or PostgreSQL is."""
    with servers() as ports:
        network = Network(
            appview_url=f"http://localhost:{ports['appview']}",
            plc_url=f"http://localhost:{ports['plc']}",
            pds_url=f"http://localhost:{ports['pds']}",
            other_pds_url=f"http://localhost:{ports['pds2']}",
            control_url=f"http://127.0.0.1:{ports['control']}",
        )
        with contextlib.closing(network):
            yield network


@pytest.fixture(scope="session")
def bluesky_network() -> Iterator[Network]:
    """A running network for all tests of the session; skipped where it cannot run."""
    with contextlib.ExitStack() as stack:
        try:
            network = stack.enter_context(running())
        except NetworkMissing as missing:
            pytest.skip(str(missing))
        yield network


def stamp(at: datetime) -> str:
    """A moment as records hold it."""
    return at.isoformat().replace("+00:00", "Z")
