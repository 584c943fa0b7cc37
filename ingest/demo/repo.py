"""Writes a repository as Bluesky's servers do: records, Merkle search tree, commit, CAR file.

After the public specification (atproto.com/specs/repository). The commit's
signature is invented: 64 bytes that nobody's key made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import libipld

_TID_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_DAG_CBOR = b"\x01\x71\x12\x20"


def tid(micros: int, clock: int) -> str:
    """A timestamp identifier: sorts by time, thirteen letters."""
    number = (micros << 10) | (clock & 1023)
    return "".join(_TID_LETTERS[(number >> shift) & 31] for shift in range(60, -1, -5))


def cid_of(block: bytes) -> bytes:
    """The content identifier of a DAG-CBOR block, as raw bytes."""
    return _DAG_CBOR + hashlib.sha256(block).digest()


def cid_text(cid: bytes) -> str:
    """A content identifier as people write it: bafyrei…"""
    return str(libipld.encode_cid(cid))


def depth(key: bytes) -> int:
    """In which layer of the tree a key stands: leading zero bits of its hash, in pairs."""
    zeros = 0
    for byte in hashlib.sha256(key).digest():
        if byte:
            return (zeros + 8 - byte.bit_length()) // 2
        zeros += 8
    return zeros // 2


def tree(leaves: Mapping[str, bytes]) -> tuple[bytes, dict[bytes, bytes]]:
    """The root's CID and all nodes (CID → block) of the tree over keys and record CIDs."""
    entries = [(key.encode(), leaves[key]) for key in sorted(leaves)]
    nodes: dict[bytes, bytes] = {}
    layer = max((depth(key) for key, _ in entries), default=0)
    return _node(entries, layer, nodes), nodes


def _node(entries: list[tuple[bytes, bytes]], layer: int, nodes: dict[bytes, bytes]) -> bytes:
    """Write the node of one layer and everything below it; its CID."""
    places = [place for place, (key, _) in enumerate(entries) if depth(key) == layer]
    bounds = zip([-1, *places], [*places, len(entries)], strict=True)
    below = [
        _node(entries[start + 1 : end], layer - 1, nodes) if start + 1 < end else None
        for start, end in bounds
    ]
    written: list[dict[str, Any]] = []
    last = b""
    for place, right in zip(places, below[1:], strict=True):
        key, cid = entries[place]
        shared = _shared_count(last, key)
        written.append({"k": key[shared:], "p": shared, "t": right, "v": cid})
        last = key
    block = libipld.encode_dag_cbor({"e": written, "l": below[0]})
    cid = cid_of(block)
    nodes[cid] = block
    return cid


@dataclass(frozen=True, slots=True)
class Repo:
    """A repository at one revision: its commit and every block, the commit's first."""

    rev: str
    root: bytes
    blocks: Mapping[bytes, bytes]

    def car(self, without: Iterable[bytes] = ()) -> bytes:
        """The CAR file, leaving out blocks that the asker has."""
        known = set(without)
        header = libipld.encode_dag_cbor({"roots": [self.root], "version": 1})
        parts = [_varint(len(header)), header]
        for cid, block in self.blocks.items():
            if cid not in known:
                parts += [_varint(len(cid) + len(block)), cid, block]
        return b"".join(parts)


def write(did: str, records: Mapping[str, bytes], rev: str) -> Repo:
    """The repository that holds these records (collection/key → block)."""
    leaves = {key: cid_of(block) for key, block in records.items()}
    data, nodes = tree(leaves)
    signature = hashlib.sha512(f"invented:{did}:{rev}".encode()).digest()
    commit = libipld.encode_dag_cbor(
        {"did": did, "rev": rev, "sig": signature, "data": data, "prev": None, "version": 3}
    )
    root = cid_of(commit)
    stored = {leaves[key]: records[key] for key in sorted(records)}
    return Repo(rev, root, {root: commit, **nodes, **stored})


def _shared_count(one: bytes, other: bytes) -> int:
    """How many bytes two keys have in common from the start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    written.append(number)
    return bytes(written)
