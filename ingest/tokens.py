"""Access tokens of servers that show strangers nothing: from the environment, or the keyring.

The keyring is the operating system's own locked store of secrets (the library keyring
finds it). It cannot be asked what is in it, so one entry of it lists the hosts.
"""

from __future__ import annotations

import os
import re
import threading
from urllib.parse import urlsplit

import keyring
from keyring.errors import KeyringError, NoKeyringError

from ingest.errors import TokenError

SERVICE, HOSTS = "winterslaap", "hosts with a token"
PREFIX = "WINTERSLAAP_TOKEN_"
_TOKEN = re.compile(r"[!-~]{1,1000}")  # what may stand in a header
_HOST = re.compile(r"(?=.{1,253}(?::|$))[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?")
_keyring_lock = threading.Lock()  # not every back-end likes two threads


def variable(host: str) -> str:
    """The environment variable that may hold an access token for this server."""
    return PREFIX + re.sub(r"[^A-Z0-9]", "_", host.upper())


def token_for(host: str) -> str:
    """The access token for a server; empty where there is none or the keyring cannot be read."""
    found = os.environ.get(variable(host), "")
    if found:
        return found
    try:
        with _keyring_lock:
            return keyring.get_password(SERVICE, host) or ""
    except Exception:  # a back-end may fail in any way; a walk goes on as a stranger
        return ""


def keep(host: str, token: str) -> None:
    """Put a server's token into the keyring, in the place of an earlier one."""
    if not _TOKEN.fullmatch(token):
        raise TokenError(f"token · {host}: that is no access token → copy it again, whole")
    try:
        with _keyring_lock:
            keyring.set_password(SERVICE, host, token)
            if keyring.get_password(SERVICE, host) != token:
                raise KeyringError("it keeps nothing")
            _list(sorted({*_listed(), host}))
    except Exception as error:
        raise _trouble(host, error) from None


def forget(host: str) -> bool:
    """Take a server's token out of the keyring; whether there was one."""
    try:
        with _keyring_lock:
            was_there = keyring.get_password(SERVICE, host) is not None
            if was_there:
                keyring.delete_password(SERVICE, host)
            if host in (hosts := _listed()):
                _list([one for one in hosts if one != host])
    except Exception as error:
        raise _trouble(host, error) from None
    return was_there


def in_keyring() -> list[str]:
    """The hosts with a token in the keyring, in the order of the alphabet."""
    try:
        with _keyring_lock:
            return [host for host in _listed() if keyring.get_password(SERVICE, host)]
    except Exception as error:
        raise _trouble("", error) from None


def in_environment() -> list[str]:
    """The names of the variables that hold a token."""
    return sorted(name for name, value in os.environ.items() if name.startswith(PREFIX) and value)


def host_of(text: str) -> str:
    """The server in an address, a handle or a name; TokenError if there is none."""
    plain = text.strip().lower()
    host = urlsplit(plain).netloc if "://" in plain else plain.rpartition("@")[2].rstrip("/")
    if not _HOST.fullmatch(host):
        raise TokenError("token: that is no server → give its name, as mastodon.example")
    return host


def _listed() -> list[str]:
    return (keyring.get_password(SERVICE, HOSTS) or "").split()


def _list(hosts: list[str]) -> None:
    keyring.set_password(SERVICE, HOSTS, " ".join(hosts))


def _trouble(host: str, error: Exception) -> TokenError:
    """What the keyring could not do; its own words are left out, they may hold the secret."""
    name = variable(host) if host else f"{PREFIX}<HOST>"
    if isinstance(error, NoKeyringError):
        happened, todo = "this machine has no keyring", "set"
    else:
        happened, todo = f"the keyring did not open ({type(error).__name__})", "unlock it, or set"
    where = f"token · {host}" if host else "token"
    return TokenError(f"{where}: {happened} → {todo} the environment variable {name}")
