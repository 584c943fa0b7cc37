"""Citizens become keyed hashes here, and their names leave the texts of the watched.

The key is 32 random bytes, made at the first run and kept beside the store with
mode 0600; each `ingest.rotation` chains 32 more behind them. Without it the hashes
cannot be recomputed; with it they can, so it is never copied unless asked.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import struct
import tempfile
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from ingest.errors import StoreError

KEY_BYTES = 32
MOST_REMEMBERED = 16_384  # accounts, in memory alone
HIDDEN = "@…"
MERGED_CHARS = 80

_KEY = struct.Struct(">q")
URL = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)+/\S*")
_NAMED = re.compile(
    r"(?<!\w)[@＠](?P<name>\w[\w.-]*\w(?:@[\w-]+(?:\.[\w-]+)+(?::\d+)?)?|\w)"
    r"|(?P<did>did:(?:plc:[a-z0-9]+|web:[\w.:%-]+))"
    r"|(?<=/profile/)(?P<profile>[\w-]+(?:\.[\w-]+)+)"
)


class Keys:
    """Turns ids into keyed 64-bit hashes: the same id always into the same number.

    `secret` is the chain of keys, the oldest first: H(last, … H(second, H(first, id))).
    """

    def __init__(self, secret: bytes) -> None:
        self._hash = blake2b(key=secret[:KEY_BYTES], digest_size=8)
        links = range(KEY_BYTES, len(secret), KEY_BYTES)
        self._later = [chained(secret[link : link + KEY_BYTES]) for link in links]
        self._of_account = lru_cache(MOST_REMEMBERED)(self.of)  # a few are met all the time

    def of(self, text: str) -> int:
        """The keyed hash of a text, as a signed 64-bit whole number."""
        state = self._hash.copy()
        state.update(text.encode() if text.isascii() else text.encode("utf-8", "surrogatepass"))
        key: int = _KEY.unpack(state.digest())[0]
        for again in self._later:
            key = again(key)
        return key

    def partner(self, platform: str, native_id: str) -> int:
        """The hash of an account: of the watched and of citizens alike."""
        return self._of_account(f"{platform}:{native_id}")

    def item(self, uri: str) -> int:
        """The hash of a post's or reply's address."""
        return self.of(f"item:{uri}")

    def same(self, kind: str, text: str) -> int | None:
        """The hash by which equal texts are found again; None of an empty one."""
        return self.of(f"{kind}:{text}") if text else None


def chained(link: bytes) -> Callable[[int], int]:
    """What hashes a hash again with one more key."""
    empty = blake2b(key=link, digest_size=8)

    def again(key: int) -> int:
        state = empty.copy()
        state.update(key.to_bytes(8, "big", signed=True))
        return int.from_bytes(state.digest(), "big", signed=True)

    return again


def read_key(path: Path) -> bytes:
    """The key in this file, made (mode 0600) if there is none yet."""
    if not path.exists():
        write_key(path, secrets.token_bytes(KEY_BYTES))
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
        secret = path.read_bytes()
    except OSError as error:
        raise StoreError(f"key · {path}: {error.strerror} → run as the user who made it") from error
    if not secret or len(secret) % KEY_BYTES:
        raise StoreError(
            f"key · {path}: {len(secret)} bytes, not {KEY_BYTES} → restore it from your backup"
        )
    return secret


def write_key(path: Path, secret: bytes) -> None:
    """A whole new key file or none; one that is there stays, also when two start at once."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
        with os.fdopen(handle, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()
    except OSError as error:
        raise StoreError(
            f"key · {path}: {error.strerror} → choose a folder you may write to with --data"
        ) from error


def hide_names(text: str, is_known: Callable[[str], bool]) -> str:
    """The text with @names, DIDs and profile addresses replaced, but for the known ones.

    `is_known` gets a name without its @, in lower case.
    """

    def replace(match: re.Match[str]) -> str:
        name = match["name"] or match["did"] or match["profile"]
        return match[0] if is_known(name.lower()) else HIDDEN

    left = text.replace(HIDDEN, "")
    if "@" in left or "＠" in left or "did:" in left or "/profile/" in left:
        return _NAMED.sub(replace, text)
    return text


def safe_line(text: str, is_known: Callable[[str], bool]) -> str:
    """One line of at most 300 characters for records and screens, without a citizen's name."""
    return hide_names(" ".join(text.split()), is_known)[:300]


def merge_text(text: str) -> str:
    """What two copies of one post share: no addresses, white space or case, 80 characters."""
    bare = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if "/" in bare or "www." in bare:
        bare = URL.sub(" ", bare)
    return "".join(bare.casefold().split())[:MERGED_CHARS]
