"""Archives and tables of invented people, one of each format, made when a test asks for them.

An Voorbeeld is the politician; Piet Verzonnen, Fien Fictief and Bo Bedacht are citizens, whose
names and words must never reach a store. Nobody of them exists.
"""

from __future__ import annotations

import csv
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import libipld

from ingest.demo import repo as writer
from tests.bluesky_world import key_at, stamp

CITIZENS = (
    "Piet Verzonnen",
    "piet_verzonnen",
    "Fien Fictief",
    "fien.fictief",
    "Bo Bedacht",
    "bo_b",
)
OTHERS_WORDS = ("Wanneer wordt de put hersteld", "het geheim van Bo")
BIG = 9_007_199_254_740_993  # 2^53 + 1: no floating point number holds it


@dataclass(frozen=True)
class Made:
    """The members of an archive; a single file where there is one and no pack."""

    files: Mapping[str, bytes]
    pack: str = "zip"  # zip | tar | file | folder
    more: dict[str, Any] = field(default_factory=dict)

    def write(self, folder: Path, pack: str | None = None) -> Path:
        pack = pack or self.pack
        if pack == "file":
            ((name, data),) = self.files.items()
            path = folder / name.rpartition("/")[2]
            path.write_bytes(data)
            return path
        if pack == "folder":
            for name, data in self.files.items():
                (folder / "given" / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / "given" / name).write_bytes(data)
            return folder / "given"
        path = folder / f"given.{pack}"
        if pack == "tar":
            with tarfile.open(path, "w") as tar:
                for name, data in self.files.items():
                    info = tarfile.TarInfo(name)
                    info.size = len(data)
                    tar.addfile(info, io.BytesIO(data))
        else:
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
                for name, data in self.files.items():
                    packed.writestr(name, data)
        return path


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def broken(text: str) -> str:
    """A text as Meta writes it: its UTF-8 bytes taken for Latin-1."""
    return text.encode().decode("latin-1")


def meta_json(value: Any) -> bytes:
    def whole(one: Any) -> Any:
        if isinstance(one, str):
            return broken(one)
        if isinstance(one, dict):
            return {broken(k): whole(v) for k, v in one.items()}
        return [whole(v) for v in one] if isinstance(one, list) else one

    return json.dumps(whole(value), indent=2).encode()


def as_csv(rows: Sequence[Mapping[str, Any]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = csv.DictWriter(out, names, delimiter=delimiter, restval="")
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode()


def as_lines(documents: Sequence[Any]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in documents).encode()


# ------------------------------------------------------------------------------- Facebook


def fb_comment(at: str, text: str, title: str, **more: Any) -> dict[str, Any]:
    comment = {"timestamp": seconds(at), "comment": text, "author": "An Voorbeeld", **more}
    return {"timestamp": seconds(at), "data": [{"comment": comment}], "title": title}


def fb_post(at: str, text: str | None, *held: Any, title: str = "", **more: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {"timestamp": seconds(at)}
    if held:
        entry["attachments"] = [{"data": list(held)}]
    entry["data"] = [{"post": text}] if text is not None else []
    return entry | ({"title": title} if title else {}) | more


FB_POSTS = [
    fb_post(
        "2024-03-05 10:00",
        "Vanavond café‑praat over het zwembad 🏊",
        title="An Voorbeeld updated her status.",
    ),
    fb_post(
        "2024-03-06 11:00",
        None,
        {"media": {"uri": "a.jpg", "description": "De markt"}},
        title="An Voorbeeld added a new photo.",
    ),
    fb_post("2024-03-06 11:00", None, {"media": {"uri": "b.jpg", "description": ""}}),
    fb_post(
        "2024-03-07 12:00",
        "Lees dit",
        {"external_context": {"url": "https://www.facebook.com/gemeente/posts/123"}},
    ),
    fb_post(
        "2024-03-08 12:00",
        None,
        {"external_context": {"url": "https://m.facebook.com/story.php?id=4"}},
    ),
    fb_post("2024-03-09 12:00", None, {"external_context": {"url": "https://krant.example/a"}}),
    fb_post(
        "2024-03-10 12:00",
        "Met @[100001:2048:Piet Verzonnen] en Fien Fictief op de markt",
        tags=[{"name": "Fien Fictief"}],
    ),
    fb_post("2024-03-11 12:00", None, title="An Voorbeeld saved a seller."),
    fb_post(
        "2024-03-12 12:00",
        "Proficiat Bo Bedacht!",
        title="An Voorbeeld wrote on Bo Bedacht's timeline.",
    ),
    {"data": [{"post": "zonder moment"}], "timestamp": 0},
]
FB_COMMENTS = [
    fb_comment(
        "2024-03-05 12:00",
        "Piet de put is volgende week hersteld",
        "An Voorbeeld replied to Piet Verzonnen's comment.",
    ),
    fb_comment(
        "2024-03-05 13:00",
        "Fien Fictief Dank!",
        "An Voorbeeld commented on Fien Fictief's post in Dorpsraad.",
    ),
    fb_comment("2024-03-05 14:00", "Nog dit", "An Voorbeeld commented on her own post."),
    fb_comment("2024-03-05 15:00", "", "An Voorbeeld replied to her own comment."),
]


def facebook() -> Made:
    root = "facebook-anvoorbeeld/your_facebook_activity"
    profile = {
        "profile_v2": {
            "name": {"full_name": "An Voorbeeld"},
            "profile_uri": "https://www.facebook.com/an.voorbeeld",
        }
    }
    others = {
        "wall_posts_sent_to_you": {
            "activity_log_data": [fb_post("2024-03-06 08:00", OTHERS_WORDS[0])]
        }
    }
    message = {"participants": [{"name": "Bo Bedacht"}], "messages": [{"content": OTHERS_WORDS[1]}]}
    return Made(
        {
            f"{root}/posts/your_posts__check_ins__photos_and_videos_1.json": meta_json(FB_POSTS),
            f"{root}/comments_and_reactions/comments.json": meta_json({"comments_v2": FB_COMMENTS}),
            f"{root}/posts/other_people's_posts_to_your_timeline.json": meta_json(others),
            f"{root}/messages/inbox/bo_1/message_1.json": meta_json(message),
            "facebook-anvoorbeeld/personal_information/profile_information.json": meta_json(
                profile
            ),
        }
    )


# ------------------------------------------------------------------------------ Instagram


def ig_comment(
    at: str, text: str, owner: str, labels: Sequence[str] = ("Comment", "Media Owner", "Time")
) -> dict[str, Any]:
    return {
        "media_list_data": [{"uri": ""}],
        "string_map_data": {
            labels[0]: {"value": text},
            labels[1]: {"value": owner},
            labels[2]: {"timestamp": seconds(at)},
        },
    }


def ig_media(at: str, title: str = "") -> dict[str, Any]:
    return {"uri": "media/posts/1.jpg", "creation_timestamp": seconds(at), "title": title}


IG_POSTS = [
    {"media": [ig_media("2024-03-05 10:00", "Zomer in het café ☀ met @fien.fictief")]},
    {
        "media": [ig_media("2024-03-06 10:00"), ig_media("2024-03-06 10:00")],
        "title": "Twee foto's",
        "creation_timestamp": seconds("2024-03-06 10:00"),
    },
    {"media": []},
]
IG_COMMENTS = [
    ig_comment("2024-03-05 11:00", "@piet_verzonnen morgen om tien uur", "an.voorbeeld"),
    ig_comment("2024-03-05 12:00", "Nog te vroeg", "an.voorbeeld"),
    ig_comment("2024-03-05 13:00", "Mooie foto", "Fien.Fictief"),
    ig_comment("2024-03-05 14:00", "@bo_b kijk eens", "fien.fictief"),
]


def instagram() -> Made:
    root = "your_instagram_activity"
    profile = {"profile_user": [{"string_map_data": {"Gebruikersnaam": {"value": "an.voorbeeld"}}}]}
    stories = {"ig_stories": [ig_media("2024-03-05 09:00", "alleen vandaag")]}
    return Made(
        {
            f"{root}/media/posts_1.json": meta_json(IG_POSTS),
            f"{root}/media/reels.json": meta_json(
                {"ig_reels_media": [{"media": [ig_media("2024-03-07 10:00", "Een filmpje")]}]}
            ),
            f"{root}/media/stories.json": meta_json(stories),
            f"{root}/comments/post_comments_1.json": meta_json(IG_COMMENTS),
            "personal_information/personal_information/personal_information.json": meta_json(
                profile
            ),
        }
    )


# ------------------------------------------------------------------------------- LinkedIn


LI = "https://www.linkedin.com/feed/update/urn%3Ali%3A"


def linkedin() -> Made:
    shares = (
        "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n"
        f"2024-03-05 10:00:00,{LI}share%3A70000000000000007001,"
        '"Eerste regel""\n""Tweede ""«regel»""""",,,MEMBER_NETWORK\n'
        f"2024-03-06 10:00:00,{LI}share%3A70000000000000007002,"
        "Dank @[Piet Verzonnen](urn:li:person:abc),https://a.example,,PUBLIC\n"
        f"2024-03-07 10:00:00,{LI}share%3A70000000000000007003,,,,\n"
        f"2024-03-08 10:00:00,{LI}share%3A70000000000000007004,"
        "enkel voor wie mij kent,,,CONNECTIONS\n"
    )
    comments = (
        "Date,Link,Message\n"
        f"2024-03-05 12:00:00,{LI}activity%3A70000000000000007101,"
        '"De ""put"" is, zoals \\"beloofd\\", hersteld\n\nDank"\n'
        f",{LI}activity%3A70000000000000007102,zonder datum\n"
    )
    reposts = f"Date,Link\n2024-03-09 10:00:00,{LI}activity%3A70000000000000007103\n"
    profile = "First Name,Last Name,Maiden Name,Headline\nAn,Voorbeeld,,Schepen\n"
    connections = (
        "First Name,Last Name,URL,Connected On\nBo,Bedacht,https://l.example/bo,1 Jan 2024\n"
    )
    return Made(
        {
            "Shares_1.csv": shares.encode(),
            "Comments_1.csv": comments.encode("utf-8-sig"),
            "Profile.csv": profile.encode(),
            "Connections.csv": connections.encode(),
            "Instant Reposts.csv": reposts.encode(),
        }
    )


# ------------------------------------------------------------------------------- Mastodon

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
AN = "https://sociaal.example/users/an"


def note(number: int, at: str, html: str, **more: Any) -> dict[str, Any]:
    to, cc = more.pop("to", [PUBLIC]), more.pop("cc", [f"{AN}/followers"])
    held = {
        "id": f"{AN}/statuses/{number}",
        "type": "Note",
        "url": f"https://sociaal.example/@an/{number}",
        "published": f"{at}Z",
        "to": to,
        "cc": cc,
        "content": html,
        "contentMap": {"nl": html},
        "tag": [],
    }
    return {
        "id": f"{AN}/statuses/{number}/activity",
        "type": "Create",
        "actor": AN,
        "published": f"{at}Z",
        "to": to,
        "cc": cc,
        "object": held | more,
    }


def mention(href: str, name: str) -> dict[str, str]:
    return {"type": "Mention", "href": href, "name": name}


def outbox() -> dict[str, Any]:
    piet = "https://elders.example/users/piet_verzonnen"
    boost = {
        "id": f"{AN}/statuses/106/activity",
        "type": "Announce",
        "actor": AN,
        "published": "2024-03-06T08:00:00Z",
        "to": [PUBLIC],
        "cc": [],
        "object": "https://elders.example/users/bo_b/statuses/9",
    }
    items = [
        note(101, "2024-03-05T10:00:00", "<p>Vanavond debat</p><p>om acht uur</p>"),
        note(
            102,
            "2024-03-05T11:00:00",
            '<p><a class="mention" href="x">@<span>piet_verzonnen</span></a> morgen</p>',
            inReplyTo=f"{piet}/statuses/77",
            tag=[mention(piet, "@piet_verzonnen@elders.example")],
        ),
        note(
            103,
            "2024-03-05T11:05:00",
            "<p>En nog dit</p>",
            inReplyTo=f"{AN}/statuses/101",
            summary="Vervolg",
        ),
        note(
            104,
            "2024-03-05T12:00:00",
            "<p>Niet in de lijst</p>",
            to=[f"{AN}/followers"],
            cc=[PUBLIC],
        ),
        note(105, "2024-03-05T13:00:00", f"<p>{OTHERS_WORDS[1]}</p>", to=[piet], cc=[]),
        boost,
        note(BIG, "2024-03-06T09:00:00", "<p>Dit bericht</p>", quote=f"{piet}/statuses/78"),
        {
            "id": "x",
            "type": "Delete",
            "actor": AN,
            "published": "2024-03-06T09:30:00Z",
            "to": [PUBLIC],
            "cc": [],
        },
        note(108, "2024-03-07T13:00:00", "<p>alleen volgers</p>", to=[f"{AN}/followers"], cc=[]),
    ]
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "outbox.json",
        "type": "OrderedCollection",
        "totalItems": 4,
        "orderedItems": items,
    }


def mastodon_archive() -> Made:
    actor = {
        "@context": ["https://www.w3.org/ns/activitystreams"],
        "id": AN,
        "type": "Person",
        "preferredUsername": "An",
        "published": "2023-11-01T00:00:00Z",
    }
    likes = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "likes.json",
        "type": "OrderedCollection",
        "orderedItems": ["https://elders.example/@bo_b/1"],
    }
    return Made(
        {
            "outbox.json": json.dumps(outbox(), ensure_ascii=False).encode(),
            "actor.json": json.dumps(actor).encode(),
            "likes.json": json.dumps(likes).encode(),
        },
        pack="tar",
    )


# -------------------------------------------------------------------------------- Bluesky

DID, PIET = "did:plc:anvoorbeeldanvoorbeeldan", "did:plc:pietverzonnenpietverzonn"


def bluesky_car() -> Made:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    parent = {"uri": f"at://{PIET}/app.bsky.feed.post/3kaaaaaaaaa2a", "cid": "bafy"}
    told: list[tuple[str, str, dict[str, Any]]] = [
        ("graph.follow", "2024-03-01 08:00", {"subject": PIET}),
        ("feed.post", "2024-03-05 10:00", {"text": "Vanavond debat", "langs": ["nl"]}),
        (
            "feed.post",
            "2024-03-05 11:00",
            {"text": "@piet_verzonnen.example morgen", "reply": {"root": parent, "parent": parent}},
        ),
        ("feed.repost", "2024-03-05 12:00", {"subject": parent}),
        ("feed.post", "2024-03-05 13:00", {"text": ["geen tekst"]}),
    ]
    records = {
        f"app.bsky.{kind}/{key_at(at(when))}": libipld.encode_dag_cbor(
            {"$type": f"app.bsky.{kind}", "createdAt": stamp(at(when)), **record}
        )
        for kind, when, record in told
    }
    car = writer.write(DID, records, key_at(at("2024-03-09 08:00")))
    return Made({"repo.car": car.car()}, pack="file")


# --------------------------------------------------------------- X archive and plain CSV


def x_archive() -> Made:
    def tweet(number: int, at: str, text: str, **more: Any) -> dict[str, Any]:
        when = datetime.fromisoformat(at).strftime("%a %b %d %H:%M:%S +0000 %Y")
        held = {"id_str": str(BIG + number), "created_at": when, "full_text": text, "lang": "nl"}
        return {"tweet": held | more}

    named = {"entities": {"user_mentions": [{"screen_name": "piet_verzonnen", "id_str": "2"}]}}
    asked = {
        "in_reply_to_status_id_str": str(BIG - 1),
        "in_reply_to_user_id_str": "2",
        "in_reply_to_screen_name": "piet_verzonnen",
    }
    tweets = [
        tweet(1, "2024-03-05T10:00:00", "Vanavond debat &amp; receptie"),
        tweet(2, "2024-03-05T11:00:00", "@piet_verzonnen morgen", **named, **asked),
        tweet(3, "2024-03-06T10:00:00", "RT @bo_b: het geheim van Bo"),
    ]
    account = [{"account": {"username": "An_Voorbeeld", "accountId": "1"}}]
    return Made(
        {
            "data/tweets.js": b"window.YTD.tweets.part0 = " + json.dumps(tweets).encode(),
            "data/account.js": b"window.YTD.account.part0 = " + json.dumps(account).encode(),
        }
    )


def plain() -> Made:
    def row(number: int, text: str, **more: str) -> dict[str, str]:
        at = f"2024-03-05T1{number}:00:00Z"
        uri = f"https://an.example/{number}"
        return {"uri": uri, "account": "x:an_voorbeeld", "created_at": at, "text": text, **more}

    answer = {"kind": "reply", "in_reply_to_account": "piet_verzonnen"}
    rows = [row(1, "Vanavond debat", kind="post"), row(2, "@piet_verzonnen morgen", **answer)]
    return Made({"plain.csv": as_csv(rows)}, pack="file")
