"""Whether this reader may collect: who runs the pages may, visitors never.

Three things must hold: the server was started to be edited, and the reader is at
this machine; or, from elsewhere, the reader is signed in and named as an editor.
Behind a proxy the server listens on loopback too, so the address that the reader
typed counts, not the one that the server hears.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.loopback import EDITABLE, is_here


def is_editable() -> bool:
    """Whether the server was started so that anybody at all may collect."""
    return os.environ.get(EDITABLE) == "1"


def may_collect() -> bool:
    """Whether this reader may see and use the page that collects."""
    return is_editable() and (is_here(_headers(), _ip()) or is_editor())


def is_editor() -> bool:
    """Whether the reader is signed in with an address that secrets.toml lists as an editor."""
    editors = _secret("winterslaap", "editors")
    if not has_sign_in() or not isinstance(editors, list | tuple):
        return False
    user: Any = st.user
    if not user.is_logged_in or user.get("email_verified") is False:
        return False
    wanted = {str(one).strip().lower() for one in editors}
    return str(user.get("email") or "").strip().lower() in wanted - {""}


def has_sign_in() -> bool:
    """Whether secrets.toml has the section that Streamlit's sign-in needs."""
    return _secret("auth", "redirect_uri") is not None


def _headers() -> Mapping[str, str]:
    return dict(st.context.headers)


def _ip() -> str | None:
    """Whom the server hears; None where that is this machine itself."""
    return st.context.ip_address


def _secret(section: str, name: str) -> Any:
    try:
        return st.secrets.get(section, {}).get(name)
    except FileNotFoundError:  # there is no secrets.toml
        return None
