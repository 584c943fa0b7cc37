"""What every page starts with: its language, colours, the copy it reads, and honest labels."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import escape
from pathlib import Path

import streamlit as st

from dashboard import access, address, trouble
from dashboard.look import Look, look_of, style
from dashboard.words import LOCALES, Words, words
from metrics import read

ROOT = Path(__file__).parents[1]
STALE_DAYS = 14  # a question has been open for its whole window by then
LANGUAGE_NAMES = {"nl": "NL", "fr": "FR", "en": "EN"}


@dataclass(frozen=True, slots=True)
class Frame:
    """A page's words and colours, and the published copy it shows."""

    words: Words
    look: Look
    path: Path
    run: read.Run

    @property
    def window(self) -> tuple[date, date]:
        """First and last day of the window."""
        return self.run.from_on, self.run.to_on - timedelta(days=1)


def data_dir() -> Path:
    """The folder with the published copies."""
    return Path(os.environ.get("WINTERSLAAP_DATA") or ROOT / "data")


def begin() -> Frame | None:
    """Draw what is around the page; None when there is no published copy yet."""
    t, look = surround()
    path = read.latest(data_dir())
    if path is None:
        trouble.nothing_yet(t, data_dir(), may_collect=access.may_collect())
        return None
    here = Frame(t, look, path, read.run(path))
    _stale(here)
    return here


def surround() -> tuple[Words, Look]:
    """Draw the page's style and language switch; a page without a copy needs no more."""
    t = words(address.language())
    look = look_of(st.context.theme.type)
    st.html(style(look))
    _language_switch(t)
    return t, look


def _stale(here: Frame) -> None:
    """Say how old the numbers are when questions may have been answered since."""
    t, collected = here.words, here.run.last_collected_at
    if collected is None or here.run.is_invented:
        return
    age = (datetime.now(UTC).replace(tzinfo=None) - collected).days
    if age > STALE_DAYS:
        say(t("frame.stale", day=t.day(collected.date()), days=t.number(age)), "ws-stale")


def _language_switch(t: Words) -> None:
    def changed() -> None:
        chosen = st.session_state["address-language"] or t.lang
        st.session_state["language"] = chosen
        address.answer(address.LANGUAGE, chosen)

    st.session_state["address-language"] = t.lang
    with st.container(key="language"):
        st.segmented_control(
            t("frame.language"),
            list(LOCALES),
            format_func=lambda lang: LANGUAGE_NAMES[lang],
            key="address-language",
            on_change=changed,
            label_visibility="collapsed",
            required=True,
        )
        st.html(
            f"<script>document.documentElement.lang = {t.lang!r}</script>",
            unsafe_allow_javascript=True,
        )


def invented(frame: Frame) -> None:
    """Say that nobody here exists, when that is so."""
    if frame.run.is_invented:
        say(frame.words("frame.invented"), "ws-invented")


def say(text: str, kind: str = "ws-note") -> None:
    """A paragraph in one of our styles; the text is shown as it is, and nothing when empty."""
    if text:
        st.html(f'<p class="{kind}">{escape(text)}</p>')


def legend(items: Sequence[tuple[str, str]]) -> None:
    """A row of swatches with their meaning; a swatch is a colour or a class of ours."""
    rows = "".join(
        f"<span><b {_swatch(swatch)}></b>{escape(text)}</span>" for swatch, text in items
    )
    st.html(f'<p class="ws-legend">{rows}</p>')


def _swatch(swatch: str) -> str:
    if swatch.startswith("ws-"):
        return f'class="{swatch}"'
    return f'style="background:{swatch}"'


def footer(frame: Frame) -> None:
    """How old the numbers are and what they cannot say."""
    t, run = frame.words, frame.run
    collected = run.last_collected_at
    age = t("frame.collected", day=t.day(collected.date())) if collected else ""
    built = t(
        "frame.built", day=t.day(run.built_at.date()), method=run.method_version, run=run.run_id
    )
    st.divider()
    say(" ".join(part for part in (t("frame.cannot_say"), age, built) if part))
