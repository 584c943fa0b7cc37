"""What all tests share: no network but loopback, and skips that CI does not accept."""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Nobody's own keyring is opened by a test, nor by a process that a test starts.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

from tests.browsing import browser, readers, site, visit
from tests.edition_made import built, edition_copy, tampered
from tests.network.bluesky_network import bluesky_network

# one network, one app and one browser for all tests of a session
__all__ = [
    "bluesky_network",
    "browser",
    "built",
    "edition_copy",
    "readers",
    "site",
    "tampered",
    "visit",
]

settings.register_profile(
    "default",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


class OutsideLoopbackError(RuntimeError):
    """A test tried to leave this machine."""


def _is_loopback(host: str) -> bool:
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            raise OutsideLoopbackError(f"tests talk to loopback only, not to {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


TOGETHER = ("browser", "bluesky_network")  # what shares one app or network, on one of many workers


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        group = next((name for name in TOGETHER if item.get_closest_marker(name)), item.path.stem)
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.skipped and os.environ.get("WINTERSLAAP_SKIP") == "never":
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where nothing may be: {report.longrepr}"
    return report
