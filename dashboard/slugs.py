"""Names as they stand in an address: short, plain, and each its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


def slug(text: str) -> str:
    """The text as it stands in an address: groen-dorp."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    return "-".join(words) or "-".join(f"{ord(sign):x}" for sign in text)


def slugs(texts: Iterable[str]) -> dict[str, str]:
    """Slug to text, in order; a text whose slug is taken gets a number."""
    found: dict[str, str] = {}
    for text in sorted(set(texts)):
        name, number = slug(text), 1
        while name in found:
            number += 1
            name = f"{slug(text)}-{number}"
        found[name] = text
    return found
