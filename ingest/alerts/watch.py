"""Looks at the store after a run, remembers what is new, and tells it once.

The memory is the store's table `alert`: a row when an alert was raised, one when the
webhook took it. A webhook that fails is tried again after the next run.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec

from ingest.alerts.feed import Raised, atom
from ingest.alerts.model import Alert, AlertKind
from ingest.alerts.rules import due
from ingest.alerts.words import language_of
from ingest.collect import KEY_FILE, STORE_FILE
from ingest.csvfile import write_file
from ingest.errors import SourceError
from ingest.http import Config, Http
from ingest.roster import Roster
from ingest.rotation import settled_key
from ingest.store import Store

FEED_FILE = "alerts.xml"
MOST_ENTRIES, MOST_POSTED = 100, 50
SHOWN_FOR = timedelta(days=28)
POSTED_FOR = timedelta(days=7)  # older ones are no news for a webhook
_LAST = (
    'select alert_id, "at", kind, person_id, account_id, since, link, message, lang from alert '
    "where event = 'raised' order by \"at\" desc, rowid"
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look brought."""

    new: tuple[Raised, ...]
    recent: tuple[Raised, ...]  # of the last 28 days, the newest first, the new ones among them
    posted_count: int
    problem: str = ""  # why the webhook did not take them


def look(
    data_dir: Path,
    roster: Roster,
    config: Config,
    *,
    webhook: str = "",
    lang: str = "",
    transport: httpx.BaseTransport | None = None,
) -> Looked:
    """Raise what is new, write the feed, and post what the webhook has not had yet.

    News is told in `lang`, else in the person's own language. A webhook that fails is
    told in `problem`. Raises StoreError as any opening does.
    """
    secret = settled_key(data_dir / STORE_FILE, data_dir / KEY_FILE)
    with Store(data_dir / STORE_FILE, secret) as store:
        now = config.now().astimezone(UTC)
        new = _raise_new(store, due(store, roster, now, lang), now)
        recent = [one for one in _raised(store) if now - one.raised_at <= SHOWN_FOR]
        write_file(data_dir / FEED_FILE, atom(_feed_id(store), _raised(store, MOST_ENTRIES), now))
        waiting = _unsent(store, now) if webhook else []
        problem = ""
        if waiting:
            try:
                with Http(config, transport=transport) as http:
                    http.post(webhook, _body(waiting), source="alerts", account="webhook")
            except SourceError as error:
                waiting, problem = [], str(error)
            _remember_sent(store, waiting, now)
    return Looked(tuple(new), tuple(recent), len(waiting), problem)


def _raise_new(store: Store, alerts: Sequence[Alert], now: datetime) -> list[Raised]:
    known = {one.alert.about for one in _raised(store)}
    new = [
        Raised(str(uuid.uuid4()), now, alert)
        for alert in dict.fromkeys(alerts)
        if alert.about not in known
    ]
    with store.transaction():
        store.insert(
            "alert",
            [
                (
                    _naive(now),
                    "raised",
                    one.alert_id,
                    one.alert.kind.value,
                    one.alert.person_id,
                    one.alert.account_id,
                    _naive(one.alert.since),
                    one.alert.link,
                    one.alert.message,
                    one.alert.lang,
                )
                for one in new
            ],
        )
    return new


def _raised(store: Store, most: int | None = None) -> list[Raised]:
    """What was raised, the newest first."""
    rows = store.rows(_LAST if most is None else f"{_LAST} limit {most:d}")
    return [
        Raised(alert_id, _aware(at), _alert(*stored, lang=language_of(lang or "", "")))
        for alert_id, at, *stored, lang in rows
    ]


def _alert(
    kind: str,
    person: str,
    account: str | None,
    since: datetime,
    link: str | None,
    message: str,
    *,
    lang: str,
) -> Alert:
    return Alert(AlertKind(kind), person, account, _aware(since), link, message, lang)


def _unsent(store: Store, now: datetime) -> list[Raised]:
    sent = {row[0] for row in store.rows("select alert_id from alert where event = 'sent'")}
    fresh = [one for one in _raised(store) if now - one.raised_at <= POSTED_FOR]
    oldest_first = sorted(fresh, key=lambda one: one.raised_at)
    return [one for one in oldest_first if one.alert_id not in sent][:MOST_POSTED]


def _remember_sent(store: Store, sent: Sequence[Raised], now: datetime) -> None:
    nothing = (None,) * 7
    with store.transaction():
        store.insert("alert", [(_naive(now), "sent", one.alert_id, *nothing) for one in sent])


def _body(raised: Sequence[Raised]) -> bytes:
    """JSON as chat services take it (`text`), with every alert beside it for machines."""
    lines = (" ".join(filter(None, (one.alert.message, one.alert.link))) for one in raised)
    alerts = [
        {"id": one.alert_id, "raised_at": one.raised_at, "title": one.title, "alert": one.alert}
        for one in raised
    ]
    return msgspec.json.encode({"text": "\n".join(lines), "alerts": alerts})


def _feed_id(store: Store) -> str:
    """The feed's own lasting id, made with the first feed."""
    found = store.rows("select min(value) from meta where name = 'alert_feed'")[0][0]
    if found is None:
        found = str(uuid.uuid4())
        store.rows("insert into meta values ('alert_feed', ?)", [found])
    return str(found)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
