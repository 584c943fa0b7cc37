"""Whether a server listens to, and a request comes from, this machine alone."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

EDITABLE = "WINTERSLAAP_EDITABLE"  # set by `winterslaap serve`; anything but 1 is read-only
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def is_here(headers: Mapping[str, str], ip: str | None) -> bool:
    """Whether a request comes from this machine, without a proxy in between.

    The name in `Host` must be loopback's too: a page elsewhere that points its own name
    at this machine is not the reader's own hand.
    """
    asked = {name.lower(): value for name, value in headers.items()}
    if any(name in asked for name in FORWARDED):
        return False
    if ip is not None and not is_loopback(ip):
        return False
    try:
        host = urlsplit(f"//{asked.get('host', '')}").hostname
    except ValueError:
        return False
    return host is not None and is_loopback(host)


def is_loopback(host: str) -> bool:
    """Whether a name or address can only be this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
