"""An invented councillor with an X archive, and what a public source shows of her, by hand."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from ingest import roster as rosters
from ingest.collect import KEY_FILE, STORE_FILE
from ingest.identities import remember
from ingest.model import (
    Account,
    AccountState,
    Batch,
    Kind,
    Post,
    Received,
    Shows,
    Span,
    Status,
    Stream,
)
from ingest.privacy import read_key
from ingest.store import AccountRun, Store
from ingest.walk import Walk
from metrics import text

WHO = "an-audit"
HANDLE = "anaudit"
FIRST, MADE = date(2021, 3, 1), date(2024, 12, 31)
CAMPAIGN = date(2024, 7, 1), date(2024, 10, 13)
ONLY_IN_CAMPAIGN = "kees_van_de_markt"
CITIZENS = ("jan_hoekstraat", "lies_boomgaard", "omar_kerkplein", "mia_dorp", "tom_veld")
SECRET = "zwaluwstaartverbinding"  # a word of a post that stands nowhere else
SHOWS = Shows(True, True, True, True, True)
PUBLIC = Account(f"{WHO}-bluesky", WHO, "bluesky", "an.audit.example")
LINK = "https://bsky.app/profile/did:plc:anaudit/post/3kasked"
ASKED = "at://did:plc:anaudit/app.bsky.feed.post/3kasked"


def roster_files(folder: Path, *, to_on: str = "") -> rosters.Roster:
    """The roster of one councillor, on disk and read."""
    council = folder / "rosters" / "auditdorp"
    council.mkdir(parents=True, exist_ok=True)
    (council / "people.csv").write_text(
        "person_id,name,municipality,party,language,is_invented\n"
        f"{WHO},An Audit,Auditdorp,Lijst Plein,nl,yes\n"
    )
    (council / "mandates.csv").write_text(
        "person_id,kind,office,level,jurisdiction,election_id,from_on,to_on\n"
        f"{WHO},mandate,councillor,local,BE-VLG,,{FIRST},{to_on}\n"
    )
    (council / "accounts.csv").write_text(
        "account_id,person_id,platform,handle,run_by\n"
        f"{PUBLIC.account_id},{WHO},bluesky,{PUBLIC.handle},self\n"
    )
    return rosters.read(folder)


def acts() -> Iterator[tuple[datetime, str, str | None]]:
    """A post each Monday, a reply each Wednesday; in the campaign a second one, to somebody new."""
    for number in range((MADE - FIRST).days):
        day = FIRST + timedelta(days=number)
        if day.weekday() == 0:
            yield _at(day, 9), f"De bibliotheek is zaterdag open. {SECRET}", None
        if day.weekday() == 2:
            yield _at(day, 12), "Graag gedaan, tot zaterdag.", CITIZENS[number // 7 % 5]
        if day.weekday() == 4 and CAMPAIGN[0] <= day <= CAMPAIGN[1]:
            yield _at(day, 18), "Dank je, tot op de markt.", ONLY_IN_CAMPAIGN


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def x_archive(handle: str = HANDLE) -> bytes:
    """Her archive as X makes it."""
    tweets = []
    for number, (at, said, to) in enumerate(acts()):
        tweet: dict[str, Any] = {
            "id_str": str(10**18 + number),
            "created_at": at.strftime("%a %b %d %H:%M:%S +0000 %Y"),
            "full_text": f"@{to} {said}" if to else said,
            "lang": "nl",
            "entities": {"user_mentions": []},
        }
        if to:
            names = [*CITIZENS, ONLY_IN_CAMPAIGN]
            user_id = str(9_000 + names.index(to))
            tweet |= {
                "in_reply_to_status_id_str": str(2 * 10**18 + number),
                "in_reply_to_user_id_str": user_id,
                "in_reply_to_screen_name": to,
            }
            tweet["entities"]["user_mentions"] = [{"screen_name": to, "id_str": user_id}]
        tweets.append({"tweet": tweet})
    account = {"username": handle, "accountId": "77", "createdAt": f"{FIRST}T00:00:00.000Z"}
    config = {"archiveInfo": {"generationDate": f"{MADE}T00:00:00.000Z"}, "userInfo": {}}
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("data/manifest.js", f"window.__THAR_CONFIG = {json.dumps(config)}")
        packed.writestr(
            "data/account.js", f"window.YTD.account.part0 = {json.dumps([{'account': account}])}"
        )
        packed.writestr("data/tweets.js", f"window.YTD.tweets.part0 = {json.dumps(tweets)}")
    return out.getvalue()


def state(account: Account = PUBLIC, shows: Shows = SHOWS) -> AccountState:
    """What the platform says of an account, opened when the mandate began."""
    return AccountState(
        "did:plc:anaudit", account.handle, account.platform, Status.ACTIVE, shows, _at(FIRST, 0)
    )


def spans(last: date, *streams: Stream) -> tuple[Span, ...]:
    """Days known from the beginning up to a day, not including it."""
    return tuple(Span(one, _at(FIRST, 0), _at(last, 0), "declared") for one in streams)


def as_batch(last: date = MADE, more: Sequence[Post] = ()) -> Batch:
    """The same acts as a source would give them back, with the days that prove them."""
    posts = [
        Post(
            f"https://x.example/{number}",
            at,
            Kind.REPLY if to else Kind.POST,
            text=f"@{to} {said}" if to else said,
            parent_uri=f"https://x.example/other/{number}" if to else None,
            root_uri=f"https://x.example/other/{number}" if to else None,
            partner=to,
            mentions=(to,) if to else (),
            mention_names=(f"@{to}",) if to else (),
        )
        for number, (at, said, to) in enumerate(acts())
    ]
    own = Shows(True, True, False, False, True)
    account = Account(f"{WHO}-x", WHO, "x", HANDLE)
    return Batch(posts=(*posts, *more), spans=spans(last, Stream.ACTS), state=state(account, own))


def asked(day: date, author: str, said: str, parent: str = ASKED) -> Received:
    """What a citizen wrote under one of her posts."""
    uri = f"at://did:plc:{author}/app.bsky.feed.post/{day:%Y%m%d}{abs(hash(said)) % 10**6}"
    return Received(uri, _at(day, 10), f"did:plc:{author}", said, parent, ASKED)


def public_batch(*received: Received, more: Sequence[Post] = ()) -> Batch:
    """Her public account: one post under which citizens write."""
    post = Post(ASKED, _at(date(2024, 11, 4), 8), Kind.POST, text="Wie heeft een vraag?")
    return Batch(
        posts=(post, *more),
        received=received,
        spans=spans(MADE, Stream.ACTS, Stream.RECEIVED),
        state=state(),
    )


def collected(folder: Path, *batches: Batch) -> None:
    """A public store in which the batches of her public account are."""
    roster = rosters.read(folder)
    now = _at(MADE, 6)
    with Store(folder / STORE_FILE, read_key(folder / KEY_FILE)) as store:
        run_id = store.begin_run(now)
        others = remember(store, roster, now)
        walk = Walk(store, PUBLIC, run_id, text, now=lambda: now, language="nl", others=others)
        for batch in batches:
            walk.append(batch)
        remember(store, roster, now)
        ran = AccountRun(
            PUBLIC.account_id, "bluesky", now, now, "complete", None, "", 1, 1, 1, 0, 0.0
        )
        store.record(run_id, ran)
        store.end_run(run_id, "complete", "", now)
