"""Who, of those that a stream shows, may be shown to visitors who are not signed in."""

from __future__ import annotations

from collections.abc import Iterable, Set

from ingest.atproto import Asker, Refused
from ingest.bluesky_views import is_hidden
from ingest.http import Http
from ingest.model import Account

_A_CALL = 25
_MOST_REMEMBERED = 20_000


class Authors:
    """Asks the AppView once for each author; a stream carries no labels of accounts."""

    def __init__(self, http: Http, watched: Set[str]) -> None:
        account = Account("live", "", "bluesky", "")
        self._ask = Asker("live", account, http, http.config)
        self._watched = watched
        self._shown: dict[str, bool] = {}

    def shown(self, dids: Iterable[str]) -> set[str]:
        """Those of them who do not ask to be left out and are there; SourceError if nobody tells.

        Somebody whom the AppView does not know (yet) is not shown.
        """
        wanted = set(dids)
        self._learn(sorted(wanted - self._watched - self._shown.keys()))
        return {did for did in wanted if did in self._watched or self._shown.get(did)}

    def forget(self) -> None:
        """Ask anew from now on: people change their mind."""
        self._shown.clear()

    def _learn(self, dids: list[str]) -> None:
        if len(self._shown) > _MOST_REMEMBERED:
            self.forget()
        for start in range(0, len(dids), _A_CALL):
            chunk = dids[start : start + _A_CALL]
            told = self._told(chunk)
            self._shown.update({did: told.get(did, False) for did in chunk})

    def _told(self, dids: list[str]) -> dict[str, bool]:
        try:
            reply = self._ask.appview("app.bsky.actor.getProfiles", {"actors": dids})
        except Refused:  # one of them is no name: it spoils the answer for the others
            parts = [[did] for did in dids] if len(dids) > 1 else []
            return {did: is_shown for part in parts for did, is_shown in self._told(part).items()}
        profiles = self._ask.json(reply).get("profiles")
        listed = profiles if isinstance(profiles, list) else []
        return {str(p.get("did")): not is_hidden(p) for p in listed if isinstance(p, dict)}
