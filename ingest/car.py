"""A Bluesky repository file, read block by block.

A CAR file is a header, then frames (length, CID, block) in any order. The blocks
are one commit, the nodes of a search tree over `collection/record key` (MST), and
the records. Only an index of 16 bytes per block is kept beside the file's bytes;
blocks are checked against their hash and decoded one at a time when the tree
leads to them, so that memory follows the file and not its contents.

A file asked for `since` a revision leaves unchanged blocks out: a subtree that
is not in the file is a `Gap`. Formats: https://atproto.com/specs/repository and
https://ipld.io/specs/transport/car/carv1/. The signature is not verified: who
answers for the person's server is settled by TLS and the DID document.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import libipld
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHA_256 = b"\x12\x20"
_DAG_CBOR = b"\x01\x71" + _SHA_256
_RAW = b"\x01\x55" + _SHA_256
_CID_BYTES = 36
_MAX_KEY_BYTES = 1024
_LAST = "\x7f"  # sorts after every record key


class CarError(ValueError):
    """The file is cut short, damaged, or not a repository."""


class BadBlockError(CarError):
    """A whole block that is not what it should be: the rest of the file is sound."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record's place in the tree."""

    key: str  # collection/record key
    cid: bytes


@dataclass(frozen=True, slots=True)
class Gap:
    """A subtree that is not in the file: all its keys lie between these two."""

    after: str
    before: str
    level: int | None  # of the node that points to it; None: not known


class Repo:
    """The records of one account; `did` and `rev` are those of its commit."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.root, first_frame = _read_header(body)
        self._digests, self._places = _index(body, first_frame)
        self.did = self.rev = ""
        self._data = b""
        if not self.is_header_only:
            self._read_commit()

    @property
    def is_header_only(self) -> bool:
        """Whether the file says just which commit is the last: nothing is newer."""
        return len(self._digests) == 0

    def _read_commit(self) -> None:
        commit = self.block(self.root)
        if commit is None:
            raise CarError("its last commit is missing")
        parts = [commit.get(name) for name in ("did", "rev", "data")]
        if not isinstance(parts[0], str) or not isinstance(parts[1], str):
            raise CarError("its commit names no account or revision")
        if not isinstance(parts[2], bytes):
            raise CarError("its commit has no tree")
        self.did, self.rev, self._data = parts[0], parts[1], parts[2]

    def block(self, cid: bytes) -> dict[str, Any] | None:
        """One decoded block; None if it is not in the file."""
        data = self._find(cid)
        if data is None:
            return None
        if hashlib.sha256(data).digest() != cid[4:]:
            raise CarError("a block differs from its hash")
        try:
            value = libipld.decode_dag_cbor(data)
        except (ValueError, RecursionError) as error:
            raise BadBlockError("a block cannot be decoded") from error
        if not isinstance(value, dict):
            raise BadBlockError("a block is not an object")
        return value

    def holds(self, cid: bytes) -> bool:
        """Whether a block is in the file."""
        return self._find(cid) is not None

    def walk(self, collections: Sequence[str]) -> Iterator[Entry | Gap]:
        """All records of these collections in the order of their keys, and all gaps."""
        ranges = [(f"{name}/", f"{name}0") for name in collections]
        last = ""
        stack: list[Entry | _Subtree] = [_Subtree(self._data, "", _LAST, None)]
        while stack:
            item = stack.pop()
            if isinstance(item, Entry):
                if item.key <= last:
                    raise CarError("its keys are out of order")
                last = item.key
                for low, high in ranges:  # a generator here would cost a third of the walk
                    if low < item.key < high:
                        yield item
                        break
            elif any(item.after < high and low < item.before for low, high in ranges):
                node = self.block(item.cid)
                if node is None:
                    yield Gap(item.after, item.before, item.level)
                else:
                    stack.extend(reversed(_parts(node, item)))

    def _find(self, cid: bytes) -> bytes | None:
        if len(cid) != _CID_BYTES or not cid.startswith(_DAG_CBOR):
            raise CarError("a link of an unknown kind")
        wanted = int.from_bytes(cid[4:12], "big")
        at = bisect_left(self._digests, wanted)
        while at < len(self._digests) and self._digests[at] == wanted:
            length, start = _varint(self._body, int(self._places[at]))
            if self._body[start : start + _CID_BYTES] == cid:
                return self._body[start + _CID_BYTES : start + length]
            at += 1
        return None


@dataclass(frozen=True, slots=True)
class _Subtree:
    cid: bytes
    after: str
    before: str
    level: int | None  # of the node that points here


def _parts(node: dict[str, Any], place: _Subtree) -> list[Entry | _Subtree]:
    """A node's subtrees and entries from left to right."""
    entries = _entries(node)
    below = None if place.level is None else place.level - 1
    level = level_of(entries[0][0].key) if entries else below
    parts: list[Entry | _Subtree] = []
    after = place.after
    children = [node.get("l"), *(child for _, child in entries)]
    keys = [entry for entry, _ in entries]
    for child, entry in zip(children, [*keys, None], strict=True):
        before = entry.key if entry else place.before
        if child is not None:
            if not isinstance(child, bytes):
                raise CarError("a node of its tree is broken")
            parts.append(_Subtree(child, after, before, level))
        if entry:
            parts.append(entry)
            after = entry.key
    return parts


def _entries(node: dict[str, Any]) -> list[tuple[Entry, bytes | None]]:
    """The keys of a node, unfolded, each with the subtree on its right."""
    key, entries = b"", []
    listed = node.get("e")
    if not isinstance(listed, list):
        raise CarError("a node of its tree is broken")
    for item in listed:
        try:
            shared, rest, cid, right = item["p"], item["k"], item["v"], item.get("t")
            if not (isinstance(cid, bytes) and 0 <= shared <= len(key)):
                raise CarError("a node of its tree is broken")
            key = key[:shared] + rest
            text = key.decode("ascii")
        except (TypeError, KeyError, AttributeError, UnicodeDecodeError) as error:
            raise CarError("a node of its tree is broken") from error
        if len(key) > _MAX_KEY_BYTES:
            raise CarError("a key is too long")
        entries.append((Entry(text, cid), right))
    return entries


def level_of(key: str) -> int:
    """How high a key stands in the tree: pairs of zero bits its hash begins with."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest(), "big")
    return (256 - number.bit_length()) // 2


def _read_header(body: bytes) -> tuple[bytes, int]:
    length, start = _varint(body, 0)
    if length > 4096 or start + length > len(body):
        raise CarError("it is no repository file")
    try:
        header = libipld.decode_dag_cbor(body[start : start + length])
        version, root = header["version"], header["roots"][0]
    except (ValueError, RecursionError, TypeError, KeyError, IndexError) as error:
        raise CarError("it is no repository file") from error
    if version != 1 or not isinstance(root, bytes):
        raise CarError("it is no repository file of version 1")
    return root, start + length


def _index(body: bytes, at: int) -> tuple[array[int], array[int]]:
    """The first 8 bytes of each block's hash, sorted, and where its frame begins."""
    digests, places = array("Q"), array("Q")
    end = len(body)
    while at < end:
        length, start = _varint(body, at)
        if length < _CID_BYTES or start + length > end:
            raise CarError("it is cut short")
        kind = body[start : start + 4]
        if kind == _DAG_CBOR:
            digests.append(int.from_bytes(body[start + 4 : start + 12], "big"))
            places.append(at)
        elif kind != _RAW:
            raise CarError("it holds a block of an unknown kind")
        at = start + length
    order = np.argsort(np.frombuffer(digests, dtype=np.uint64), kind="stable")
    return (
        array("Q", np.frombuffer(digests, dtype=np.uint64)[order].tobytes()),
        array("Q", np.frombuffer(places, dtype=np.uint64)[order].tobytes()),
    )


def _varint(body: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number and the place after it."""
    if at + 1 < len(body) and body[at + 1] < 0x80 <= body[at]:  # 128 to 16,383: most frames
        return body[at] & 0x7F | body[at + 1] << 7, at + 2
    value = shift = 0
    for place in range(at, min(at + 9, len(body))):
        byte = body[place]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place + 1
        shift += 7
    raise CarError("it is cut short" if at + 9 > len(body) else "it is no repository file")
