"""One message of a live stream as what somebody did in their repository; no network in here.

Two streams say the same: `com.atproto.sync.subscribeRepos`, which sends DAG-CBOR
frames with the changed blocks (atproto.com/specs/event-stream), and Jetstream, which
sends JSON. A message is unpacked only where it names somebody who is watched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import libipld
import msgspec

from ingest.bluesky_items import parse_moment
from ingest.car import CarError, Repo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_MICROS = 2**53
_DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,200}")
_PLC = re.compile(rb"did:plc:[a-z0-9]{24}")  # of fixed length: CBOR sets no mark behind it


class Garbage(Exception):
    """A message that cannot be read: what it told is not known."""


class Refusal(Exception):
    """The server ends the stream and says why."""


@dataclass(frozen=True, slots=True)
class Op:
    """One record made, changed or taken back."""

    uri: str
    record: dict[str, Any] | None  # None: deleted


@dataclass(frozen=True, slots=True)
class Event:
    """What one message says; without `ops` where it names nobody who is watched."""

    cursor: int
    at: datetime  # the server's clock
    did: str = ""
    ops: tuple[Op, ...] = ()
    is_hole: bool = False  # something before or in it was left out by the server


class Watched:
    """Whether a message can concern one of these accounts, by its bytes."""

    def __init__(self, dids: Set[str]) -> None:
        self._plc = frozenset(did.encode() for did in dids if _PLC.fullmatch(did.encode()))
        self._others = tuple(did.encode() for did in dids if not _PLC.fullmatch(did.encode()))

    def is_in(self, message: bytes) -> bool:
        """Whether one of them is named anywhere in it."""
        named = any(did in self._plc for did in _PLC.findall(message))
        return named or any(did in message for did in self._others)


Reader = Callable[[bytes, Watched], Event | None]


class _Commit(msgspec.Struct):
    operation: str
    collection: str
    rkey: str
    record: msgspec.Raw = msgspec.Raw()


class _Message(msgspec.Struct):
    """Jetstream's envelope; `commit` stays packed until it is wanted."""

    did: str
    time_us: int
    kind: str
    commit: msgspec.Raw = msgspec.Raw()


_envelope = msgspec.json.Decoder(_Message)
_commit = msgspec.json.Decoder(_Commit)


def read_jetstream(message: bytes, watched: Watched) -> Event | None:
    """A message of Jetstream; None if it is of no interest and moves nothing."""
    try:
        told = _envelope.decode(message)
        if not 0 < told.time_us < _MOST_MICROS:
            raise Garbage("its moment is impossible")
        at = _EPOCH + timedelta(microseconds=told.time_us)
        if told.kind != "commit" or not watched.is_in(message):
            return Event(told.time_us, at)
        commit = _commit.decode(told.commit)
        record = None
        if commit.operation != "delete":
            record = _record(msgspec.json.decode(commit.record))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Garbage("it is not what Jetstream sends") from error
    if not _DID.fullmatch(told.did):
        raise Garbage("nobody has such a name")
    op = Op(f"at://{told.did}/{commit.collection}/{commit.rkey}", record)
    return Event(told.time_us, at, told.did, (op,))


def read_firehose(message: bytes, watched: Watched) -> Event | None:
    """A frame of subscribeRepos; None if it has no number. Refusal if the server ends it."""
    header, payload = _frame(message)
    if header.get("op") == -1:
        raise Refusal(str(payload.get("error") or "an error")[:60])
    kind, cursor = header.get("t"), payload.get("seq")
    if kind == "#info":
        is_hole = payload.get("name") == "OutdatedCursor"
        return Event(0, _EPOCH, is_hole=True) if is_hole else None
    if not isinstance(cursor, int) or isinstance(cursor, bool) or cursor < 0:
        return None  # frames of later versions
    at = parse_moment(payload.get("time"))
    if at is None:
        raise Garbage("it has no moment")
    if kind == "#commit" and payload.get("tooBig"):
        return Event(cursor, at, is_hole=True)
    if kind != "#commit" or not watched.is_in(message):
        return Event(cursor, at)
    did = payload.get("repo")
    if not (isinstance(did, str) and _DID.fullmatch(did)):
        raise Garbage("nobody has such a name")
    return Event(cursor, at, did, _ops(payload))


def _frame(message: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        parts = libipld.decode_dag_cbor_multi(message)
    except (ValueError, RecursionError) as error:
        raise Garbage("it is no frame") from error
    if len(parts) != 2 or not all(isinstance(part, dict) for part in parts):
        raise Garbage("it is no frame")
    return parts[0], parts[1]


def _ops(payload: dict[str, Any]) -> tuple[Op, ...]:
    """The records of a commit, checked against their hashes."""
    try:
        repo = Repo(payload["blocks"])
        ops = []
        for told in payload["ops"]:
            uri, cid = f"at://{payload['repo']}/{told['path']}", told.get("cid")
            if told["action"] == "delete":
                ops.append(Op(uri, None))
                continue
            block = repo.block(cid)
            if block is None:
                raise Garbage("a record is missing")
            ops.append(Op(uri, block))
    except (CarError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Garbage("its records cannot be read") from error
    return tuple(ops)


def _record(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Garbage("a record is no object")
    return value
