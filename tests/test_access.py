"""Who may collect from a page: this machine's own reader and signed-in editors, nobody else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import cli
from dashboard import access, running
from dashboard.loopback import EDITABLE, is_here, is_loopback
from tests.published_copy import build

ROOT = Path(__file__).parents[1]
HERE = {"Host": "localhost:8501"}
ELSEWHERE = {"Host": "winterslaap.example"}
PAGE = "dashboard/pages/collect.py"

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Visit:
    build(tmp_path)
    monkeypatch.setenv("WINTERSLAAP_DATA", str(tmp_path))

    def open_page(
        headers: dict[str, str] = HERE, editable: str | None = "1", ip: str | None = None
    ) -> AppTest:
        monkeypatch.delenv(EDITABLE, raising=False)
        if editable is not None:
            monkeypatch.setenv(EDITABLE, editable)
        monkeypatch.setattr(access, "_headers", lambda: headers)
        monkeypatch.setattr(access, "_ip", lambda: ip)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        app.run()
        assert not app.exception
        return app

    return open_page


@pytest.mark.parametrize(
    ("host", "is_so"),
    [
        ("127.0.0.1", True),
        ("127.8.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("LOCALHOST", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.7", False),
        ("localhost.evil.example", False),
        ("winterslaap.example", False),
        ("", False),
    ],
)
def test_only_loopback_is_this_machine(host: str, is_so: bool) -> None:
    assert is_loopback(host) is is_so


@pytest.mark.parametrize(
    ("headers", "ip"),
    [
        (ELSEWHERE, None),
        ({"Host": "192.168.1.7:8501"}, None),
        ({}, None),
        ({"Host": "[half"}, None),
        ({"Host": "localhost:8501"}, "192.168.1.9"),
        ({"Host": "localhost:8501", "X-Forwarded-For": "203.0.113.5"}, None),
        ({"host": "127.0.0.1", "x-real-ip": "203.0.113.5"}, None),
        ({"Host": "127.0.0.1", "Forwarded": "for=203.0.113.5"}, None),
    ],
)
def test_a_request_from_elsewhere_is_not_this_machine(
    headers: dict[str, str], ip: str | None
) -> None:
    assert not is_here(headers, ip)


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501"])
def test_a_request_to_loopback_is_this_machine(host: str) -> None:
    assert is_here({"Host": host}, None)


def _served(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    told: dict[str, str] = {}

    def call(command: list[str], cwd: Path, env: dict[str, str]) -> int:
        told.update(env)
        return 0

    monkeypatch.setattr(cli.subprocess, "call", call)
    monkeypatch.setattr(cli.terminal, "open_when_ready", lambda address: None)
    with pytest.raises(SystemExit):
        cli.main(["serve", *arguments])
    return told[EDITABLE]


@pytest.mark.parametrize(
    ("arguments", "editable"),
    [
        ((), "1"),
        (("--host", "localhost"), "1"),
        (("--host", "0.0.0.0"), "0"),
        (("--host", "192.168.1.7"), "0"),
        (("--read-only",), "0"),
        (("--host", "0.0.0.0", "--editable"), "1"),
    ],
)
def test_serving_the_network_is_read_only_unless_asked(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], editable: str
) -> None:
    assert _served(monkeypatch, *arguments) == editable


def _opens(app: AppTest) -> bool:
    app.switch_page(PAGE)
    app.run()
    return bool(app.title) and app.title[0].value == "Mensen toevoegen en ophalen"


def test_at_this_machine_the_page_has_its_form(visit: Visit) -> None:
    app = visit()
    assert _opens(app)
    assert app.text_input
    assert [one.label for one in app.button] == ["Toevoegen"]
    assert app.info[0].value.startswith("Er staat nog niemand in de lijst")


@pytest.mark.parametrize(
    ("headers", "editable", "ip"),
    [
        (HERE, None, None),
        (HERE, "0", None),
        (HERE, "", None),
        (ELSEWHERE, "1", None),
        (ELSEWHERE, "0", None),
        (HERE | {"X-Forwarded-For": "203.0.113.5"}, "1", None),
        (HERE, "1", "203.0.113.5"),
    ],
)
def test_a_visitor_never_sees_the_page(
    visit: Visit, headers: dict[str, str], editable: str | None, ip: str | None
) -> None:
    app = visit(headers, editable, ip)
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        app.switch_page(PAGE)
    alone = AppTest.from_file(str(ROOT / PAGE)).run()
    assert alone.warning[0].value.startswith("Deze pagina is alleen voor wie Winterslaap beheert")
    assert not alone.text_input
    assert not [one for one in alone.button if one.label in {"Start ophalen", "Toevoegen"}]


def test_a_page_that_was_open_accepts_nothing_once_it_is_read_only(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(running, "begin", lambda *a: asked.append(a))
    monkeypatch.setattr(running, "ask", lambda *a: asked.append(a))
    app = visit()
    assert _opens(app)
    save = next(one for one in app.button if one.label == "Toevoegen")
    monkeypatch.setattr(access, "_headers", lambda: ELSEWHERE)
    save.click().run()
    assert asked == []


class Signed(dict[str, Any]):
    """Streamlit's user, as far as we ask it."""

    is_logged_in = True


@pytest.mark.parametrize(
    ("email", "editors", "verified", "may"),
    [
        ("an@redactie.example", ["AN@redactie.example "], True, True),
        ("an@redactie.example", ["an@redactie.example"], None, True),
        ("an@redactie.example", ["an@redactie.example"], False, False),
        ("bo@elders.example", ["an@redactie.example"], True, False),
        ("", [""], True, False),
        ("an@redactie.example", [], True, False),
        ("an@redactie.example", "an@redactie.example", True, False),
        ("an@redactie.example", None, True, False),
    ],
)
def test_from_elsewhere_only_a_named_editor_may(
    monkeypatch: pytest.MonkeyPatch, email: str, editors: Any, verified: bool | None, may: bool
) -> None:
    secrets = {("auth", "redirect_uri"): "https://x.example/oauth2callback",
               ("winterslaap", "editors"): editors}  # fmt: skip
    user = Signed(email=email) | ({} if verified is None else {"email_verified": verified})
    monkeypatch.setenv(EDITABLE, "1")
    monkeypatch.setattr(access, "_headers", lambda: ELSEWHERE)
    monkeypatch.setattr(access, "_ip", lambda: None)
    monkeypatch.setattr(access, "_secret", lambda *name: secrets.get(name))
    monkeypatch.setattr(access.st, "user", Signed(user))
    assert access.may_collect() is may
    monkeypatch.setenv(EDITABLE, "0")
    assert not access.may_collect()


def test_without_sign_in_nobody_is_an_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        access, "_secret", lambda section, name: None if section == "auth" else [""]
    )
    assert not access.is_editor()
