"""Colours that hold under colour blindness, in greyscale, and on light and dark pages.

Orange is election season, blue is talking, grey is sending, a pale outlined
block is silence, hatching is what nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SANS = '"Source Sans", "Source Sans Pro", sans-serif'
STYLE = Path(__file__).with_name("style.css")


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of one theme."""

    background: str
    ink: str
    muted: str
    grid: str
    talk: str
    send: str
    season: str
    season_cell: str
    season_text: str
    silence: str
    silence_line: str
    hatch: str
    scale: tuple[str, str, str, str, str, str]  # 0, 1, 2, 3-4, 5-8, 9+ answers a day


LIGHT = Look(
    background="#ffffff",
    ink="#15232b",
    muted="#4f5e68",
    grid="#e1e6e9",
    talk="#12679b",
    send="#76848d",
    season="#fdebd8",
    season_cell="#fbdcc0",
    season_text="#a8430a",
    silence="#e9edef",
    silence_line="#8b979e",
    hatch="#929ea5",
    scale=("#e9edef", "#cfe3f0", "#93c1de", "#4d94c2", "#12679b", "#083d5f"),
)
DARK = Look(
    background="#11181c",
    ink="#eef2f4",
    muted="#a9b5bc",
    grid="#2b363d",
    talk="#5fb0e8",
    send="#8b98a0",
    season="#432c1d",
    season_cell="#5a3b26",
    season_text="#ffab70",
    silence="#232e35",
    silence_line="#788790",
    hatch="#6b7982",
    scale=("#232d34", "#1d4461", "#20638f", "#2f86c4", "#68b3ec", "#c9e3f8"),
)


def look_of(theme: str | None) -> Look:
    """The colours for a page whose theme is "dark", "light" or not told."""
    return DARK if theme == "dark" else LIGHT


def style(look: Look) -> str:
    """The pages' own CSS, with this theme's colours as variables."""
    names = (
        "ink",
        "muted",
        "grid",
        "talk",
        "send",
        "season",
        "season_cell",
        "season_text",
        "silence",
        "silence_line",
        "hatch",
        "background",
    )
    values = "".join(f"--ws-{name.replace('_', '-')}:{getattr(look, name)};" for name in names)
    scale = "".join(f"--ws-scale-{number}:{color};" for number, color in enumerate(look.scale))
    return f"<style>:root{{{values}{scale}}}\n{STYLE.read_text('utf-8')}</style>"
