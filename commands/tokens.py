"""`winterslaap token`: access tokens of servers that show strangers nothing."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import terminal
from commands.options import AsJson
from ingest import tokens
from ingest.errors import TokenError

app = typer.Typer(
    no_args_is_help=True,
    help="Access tokens of Mastodon servers that show strangers nothing; kept in the keyring.",
)
Host = Annotated[str, typer.Argument(help="The server, as mastodon.example.")]


@app.command("set")
def token_set(host: Host) -> None:
    """Keep a server's access token in this machine's keyring; asks for it, shows it nowhere.

    A token that may read is enough: on the server, under Preferences, Development, New
    application, with read:statuses and read:accounts alone. Where nobody is there to ask,
    it is read from standard input. The environment variable WINTERSLAAP_TOKEN_<HOST> goes
    before the keyring.

    \b
    $ winterslaap token set mastodon.example
    $ winterslaap token set mastodon.example < token.txt
    """
    name = tokens.host_of(host)
    tokens.keep(name, _asked(name))
    terminal.say(f"the token for {name} is in the keyring → collect uses it from now on")


@app.command("forget")
def token_forget(host: Host) -> None:
    """Take a server's access token out of the keyring.

    \b
    $ winterslaap token forget mastodon.example
    """
    name = tokens.host_of(host)
    if not tokens.forget(name):
        terminal.say(f"there was no token for {name} in the keyring")
        raise typer.Exit(1)
    terminal.say(f"the token for {name} is forgotten → revoke it on the server too")


@app.command("list")
def token_list(*, as_json: AsJson = False) -> None:
    """Show for which servers there is a token, never the tokens.

    \b
    $ winterslaap token list
    """
    variables, problem, kept = tokens.in_environment(), "", list[str]()
    try:
        kept = tokens.in_keyring()
    except TokenError as error:
        problem = str(error)
    if as_json:
        told = {"environment": variables, "keyring": kept, "problem": problem or None}
        terminal.print_json(told)
        return
    for name in variables:
        typer.echo(f"{name} (environment)")
    for name in kept:
        typer.echo(f"{name} (keyring)")
    if not variables and not kept:
        terminal.say("no tokens → winterslaap token set HOST")
    if problem:
        terminal.say(problem)


def _asked(host: str) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(f"Access token for {host}", hide_input=True, err=True)).strip()
    return sys.stdin.readline(2_000).strip()
