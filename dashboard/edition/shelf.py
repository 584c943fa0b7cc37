"""The editions in a folder, and the page that lists them: the only page that is ever rewritten."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard.edition.manifest import MANIFEST, read_manifest
from dashboard.edition.model import FONTS
from dashboard.edition.site import LANGUAGES, TEMPLATES, draw_plain
from dashboard.words import words
from metrics.errors import EditionError

LIST = "editions.json"


@dataclass(frozen=True, slots=True)
class Published:
    """One edition in a folder."""

    id: str
    title: str
    made_on: date
    from_on: date
    to_on: date
    data_hash: str
    people: int
    is_invented: bool
    corrects: str | None
    corrected_by: tuple[str, ...]


def editions(folder: Path, *, skip_damaged: bool = False) -> tuple[Published, ...]:
    """The editions in a folder, the last made first; previews are not published."""
    found = []
    for path in sorted(folder.glob(f"*/{MANIFEST}")):
        try:
            found.append(read_manifest(path.parent))
        except EditionError:
            if not skip_damaged:
                raise
    shown = [one for one in found if not one.edition.preview]
    by_old: dict[str, list[str]] = {}
    for one in shown:
        if one.edition.corrects:
            by_old.setdefault(one.edition.corrects, []).append(one.edition.id)
    listed = [
        Published(
            one.edition.id,
            one.edition.title,
            one.edition.made_on,
            one.edition.from_on,
            one.edition.to_on,
            one.edition.data_hash,
            one.people,
            one.edition.is_invented,
            one.edition.corrects,
            tuple(sorted(by_old.get(one.edition.id, ()))),
        )
        for one in shown
    ]
    return tuple(sorted(listed, key=_place))


def _place(one: Published) -> tuple[int, bool, str]:
    """The last made first, and of one day what was corrected after what corrects it."""
    return -one.made_on.toordinal(), bool(one.corrected_by), one.id


def write(folder: Path) -> None:
    """Write the list of editions of a folder, as a page and for machines."""
    listed = editions(folder)
    plain = [{name: getattr(one, name) for name in Published.__slots__} for one in listed]
    text = json.dumps({"editions": plain}, indent=1, ensure_ascii=False, default=str) + "\n"
    everyone = [words(lang) for lang in LANGUAGES]
    html = draw_plain("editions", editions=listed, everyone=everyone)
    (folder / "fonts").mkdir(exist_ok=True)
    for path in sorted(FONTS.glob("*.woff2")):
        (folder / "fonts" / path.name).write_bytes(path.read_bytes())
    (folder / "style.css").write_bytes((TEMPLATES / "style.css").read_bytes())
    (folder / LIST).write_text(text, "utf-8")
    (folder / "index.html").write_text(html, "utf-8")
