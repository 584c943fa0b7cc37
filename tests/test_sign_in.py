"""Editors sign in at a real OpenID provider on this machine; others may sign in and still read."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from dashboard.loopback import EDITABLE
from tests.browsing import free_port, served
from tests.published_copy import build

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]
NAME = "winterslaap.localhost"  # not loopback's own name: nobody is "at this machine" there
SECRETS = """
[auth]
redirect_uri = "http://{name}:{port}/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "winterslaap"
client_secret = "invented"
server_metadata_url = "http://localhost:{provider}/.well-known/openid-configuration"

[winterslaap]
editors = ["An@redactie.example"]
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[int]:
    if not all(map(find_spec, ("authlib", "oidc_provider_mock"))):
        pytest.skip("Authlib and a provider are not here (pip install authlib oidc-provider-mock)")
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        for _ in range(200):
            try:
                urllib.request.urlopen(
                    f"http://localhost:{port}/.well-known/openid-configuration", timeout=2
                ).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
        process.terminate()


@pytest.fixture(scope="module")
def site(provider: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("sign-in"), free_port()
    build(folder)
    secrets = folder / "home" / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir(parents=True)
    secrets.write_text(SECRETS.format(name=NAME, port=port, provider=provider), "utf-8")
    with served(folder, port=port, **{EDITABLE: "1", "HOME": str(folder / "home")}):
        yield f"http://{NAME}:{port}"


def _signed_in(browser: Any, site: str, email: str) -> Any:
    page = browser.new_context(locale="nl-BE").new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{site}/about")
    page.get_by_role("button", name="Aanmelden").click()
    page.locator("input[name=sub]").fill(email)
    page.locator("button[type=submit], input[type=submit]").first.click()
    page.wait_for_url(re.compile(f"^{re.escape(site)}"))
    page.wait_for_selector("h1")
    page.goto(f"{site}/about")
    page.get_by_role("button", name="Afmelden").wait_for()
    page.goto(f"{site}/collect")
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    return page


def test_an_editor_who_signs_in_may_collect(browser: Any, site: str) -> None:
    page = _signed_in(browser, site, "an@redactie.example")
    page.get_by_role("button", name="Toevoegen", exact=True).wait_for()
    page.context.close()


def test_somebody_else_who_signs_in_only_reads(browser: Any, site: str) -> None:
    page = _signed_in(browser, site, "iemand@elders.example")
    page.get_by_text("Hier kun je enkel lezen").wait_for()
    assert page.get_by_role("button", name="Toevoegen", exact=True).count() == 0
    page.context.close()
