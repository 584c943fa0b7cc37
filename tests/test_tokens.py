"""Access tokens: kept in the machine's keyring, shown to nobody but their server."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError

import cli
from ingest import tokens
from ingest.errors import AccessDenied, TokenError
from ingest.sources import mastodon
from tests.mastodon_server import AN, HOST, Server
from tests.walking import Memory

TOKEN = "s3cr3t-t0k3n"


class InMemory(KeyringBackend):
    """A keyring for one test."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError("not there")
        del self.kept[service, username]


class Locked(InMemory):
    """A keyring that nobody unlocks; its words repeat what they were given."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"{service} {username} {TOKEN}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(f"{service} {username} {password}")


@pytest.fixture
def ring() -> Iterator[InMemory]:
    yield from opened(InMemory())


def opened(backend: Any) -> Iterator[Any]:
    before = keyring.get_keyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    def command(*arguments: str, typed: str = "") -> SimpleNamespace:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return SimpleNamespace(code=ended.value.code, out=out, err=err)

    return command


def refusing() -> Server:
    server = Server(token=TOKEN)
    for number in range(3):
        server.add(number)
    return server


@pytest.mark.usefixtures("ring")
def test_a_token_in_the_keyring_opens_its_server() -> None:
    assert isinstance(Memory().walk(mastodon, AN, refusing()).error, AccessDenied)
    tokens.keep(HOST, TOKEN)
    found = Memory().walk(mastodon, AN, refusing())
    assert found.error is None
    assert len(found.posts) == 3


@pytest.mark.usefixtures("ring")
def test_the_environment_goes_before_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens.keep(HOST, "an-older-one")
    monkeypatch.setenv(tokens.variable(HOST), TOKEN)
    assert tokens.token_for(HOST) == TOKEN


def test_set_list_and_forget_never_show_the_token(
    run: Any, ring: InMemory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = run("token", "set", f"https://{HOST.upper()}/@an", typed=f"{TOKEN}\n")
    again = run("token", "set", "toet.example:8443", typed=TOKEN)
    listed, machine = run("token", "list"), run("token", "list", "--json")
    assert (asked.code, again.code, listed.code) == (0, 0, 0)
    assert listed.out.splitlines() == [f"{HOST} (keyring)", "toet.example:8443 (keyring)"]
    assert json.loads(machine.out)["keyring"] == [HOST, "toet.example:8443"]
    assert ring.kept["winterslaap", HOST] == TOKEN
    forgotten = run("token", "forget", f"an@{HOST}")
    assert forgotten.code == 0
    assert tokens.in_keyring() == ["toet.example:8443"]
    assert run("token", "forget", HOST).code == 1
    told = [one.out + one.err for one in (asked, again, listed, machine, forgotten)]
    assert TOKEN not in "".join(told) + caplog.text


@pytest.mark.usefixtures("ring")
def test_a_variable_is_listed_by_its_name_alone(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "winterslaap token set HOST" in run("token", "list").err
    monkeypatch.setenv(tokens.variable(HOST), TOKEN)
    said = run("token", "list")
    assert said.out == "WINTERSLAAP_TOKEN_SOCIAAL_VOORBEELD_EXAMPLE (environment)\n"


@pytest.mark.parametrize("backend", [fail.Keyring(), Locked(), null.Keyring()])
def test_a_keyring_that_is_missing_or_locked_is_one_line_without_the_token(
    run: Any, backend: Any
) -> None:
    for _ in opened(backend):
        said = run("token", "set", HOST, typed=TOKEN)
        assert (said.code, said.err.count("\n")) == (1, 1)
        assert "WINTERSLAAP_TOKEN_SOCIAAL_VOORBEELD_EXAMPLE" in said.err
        assert TOKEN not in said.err
        assert run("token", "list").code == 0


@pytest.mark.parametrize("backend", [fail.Keyring(), Locked()])
def test_without_a_keyring_a_walk_goes_on_as_a_stranger(backend: Any) -> None:
    for _ in opened(backend):
        error = Memory().walk(mastodon, AN, refusing()).error
        assert isinstance(error, AccessDenied)
        assert f"→ winterslaap token set {HOST}" in str(error)


@pytest.mark.usefixtures("ring")
@pytest.mark.parametrize("wrong", ["", "two words", "a\tb", "naïef", "x" * 2_000])
def test_what_is_no_token_is_not_kept(run: Any, wrong: str) -> None:
    said = run("token", "set", HOST, typed=wrong)
    assert said.code == 1
    assert not tokens.in_keyring()


@pytest.mark.parametrize("wrong", ["", "https://", "a b.example", "an@", "-/-", "x" * 300])
def test_what_is_no_server_is_told(wrong: str) -> None:
    with pytest.raises(TokenError, match="that is no server"):
        tokens.host_of(wrong)
