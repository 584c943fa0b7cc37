"""A Bluesky repository file, read block by block.

A CAR file is a header, then frames (length, CID, block) in any order. The blocks
are one commit, the nodes of a search tree over `collection/record key` (MST), and
the records. Only an index of 20 bytes per block is kept beside the file's bytes;
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
from struct import Struct
from typing import TYPE_CHECKING, Any

import libipld
import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHA_256 = b"\x12\x20"
_DAG_CBOR = b"\x01\x71" + _SHA_256
_RAW = b"\x01\x55" + _SHA_256
_CID_BYTES = 36
_FIRST_8 = Struct(">Q").unpack_from  # of a hash, as a number
_MAX_KEY_BYTES = 1024
_SHELF_BITS = 14
_SHELF_SHIFT = 64 - _SHELF_BITS
_LAST = "\x7f"  # sorts after every record key


class CarError(ValueError):
    """The file is cut short, damaged, or not a repository."""


class BadBlockError(CarError):
    """A whole block that is not what it should be: the rest of the file is sound."""


class Entry(msgspec.Struct, frozen=True, gc=False):
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
        self._index = _Index(body, first_frame)
        self.did = self.rev = ""
        self._data = b""
        if not self.is_header_only:
            self._read_commit()

    @property
    def is_header_only(self) -> bool:
        """Whether the file says just which commit is the last: nothing is newer."""
        return len(self._index.digests) == 0

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
        stack: list[Entry | _Subtree] = [_Subtree(self._data, "", _LAST, "", 0)]
        while stack:
            item = stack.pop()
            if isinstance(item, Entry):
                key = item.key
                if key <= last:
                    raise CarError("its keys are out of order")
                last = key
                for low, high in ranges:  # a generator here would cost a third of the walk
                    if low < key < high:
                        yield item
                        break
            elif any(item.after < high and low < item.before for low, high in ranges):
                node = self.block(item.cid)
                if node is None:
                    yield Gap(item.after, item.before, item.level())
                else:
                    stack += _parts(node, item)[::-1]

    def _find(self, cid: bytes) -> bytes | None:
        if not (isinstance(cid, bytes) and len(cid) == _CID_BYTES and cid.startswith(_DAG_CBOR)):
            raise CarError("a link of an unknown kind")
        index = self._index
        (wanted,) = _FIRST_8(cid, 4)
        shelf = wanted >> _SHELF_SHIFT
        at = bisect_left(index.digests, wanted, index.shelves[shelf], index.shelves[shelf + 1])
        for place in range(at, index.shelves[shelf + 1]):
            start = index.places[place]
            if self._body.startswith(cid, start):
                return self._body[start + _CID_BYTES : start + index.lengths[place]]
        return None


class _Index:
    """Where each block is: by the first 8 bytes of its hash, sorted."""

    def __init__(self, body: bytes, first_frame: int) -> None:
        digests, places, lengths = _frames(body, first_frame)
        numbers = np.frombuffer(digests, dtype=np.uint64)
        order = np.argsort(numbers, kind="stable")
        numbers = numbers[order]
        # Where the hashes with these first bits begin: a search of a few instead of all.
        bounds = np.arange(1 << _SHELF_BITS, dtype=np.uint64) << np.uint64(_SHELF_SHIFT)
        shelves = np.searchsorted(numbers, bounds).astype(np.uint32)
        self.shelves = array("I", shelves.tobytes())
        self.shelves.append(len(numbers))
        self.digests = array("Q", numbers.tobytes())
        self.places = array("Q", np.frombuffer(places, dtype=np.uint64)[order].tobytes())
        self.lengths = array("I", np.frombuffer(lengths, dtype=np.uint32)[order].tobytes())


class _Subtree(msgspec.Struct, frozen=True, gc=False):
    cid: bytes
    after: str
    before: str
    above: str  # a key of the node that points here, or of one so many levels higher
    drop: int

    def level(self) -> int | None:
        """The level of the node that points here; None where no key tells it."""
        return level_of(self.above) - self.drop if self.above else None


def _parts(node: dict[str, Any], place: _Subtree) -> list[Entry | _Subtree]:
    """A node's subtrees and entries from left to right."""
    parts: list[Entry | _Subtree] = []
    key, after, above, drop = b"", place.after, place.above, place.drop + 1
    child = node.get("l")
    try:
        for item in node["e"]:
            shared, cid = item["p"], item["v"]
            if not (isinstance(cid, bytes) and 0 <= shared <= len(key)):
                raise CarError("a node of its tree is broken")
            key = key[:shared] + item["k"]
            text = key.decode("ascii")
            if len(key) > _MAX_KEY_BYTES:
                raise CarError("a key is too long")
            if drop:
                above, drop = text, 0
            if child is not None:
                parts.append(_Subtree(child, after, text, above, 0))
            parts.append(Entry(text, cid))
            after, child = text, item.get("t")
    except (TypeError, KeyError, AttributeError, UnicodeDecodeError) as error:
        raise CarError("a node of its tree is broken") from error
    if child is not None:
        parts.append(_Subtree(child, after, place.before, above, drop))
    return parts


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


def _frames(body: bytes, at: int) -> tuple[array[int], array[int], array[int]]:
    """Of each block: the first 8 bytes of its hash, where its CID begins, the length of both."""
    digests, places, lengths = array("Q"), array("Q"), array("I")
    end = len(body)
    while at < end:
        length, start = _varint(body, at)
        at = start + length
        if length < _CID_BYTES or at > end:
            raise CarError("it is cut short")
        if body.startswith(_DAG_CBOR, start):
            digests.append(_FIRST_8(body, start + 4)[0])
            places.append(start)
            lengths.append(length)
        elif not body.startswith(_RAW, start):
            raise CarError("it holds a block of an unknown kind")
    return digests, places, lengths


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
