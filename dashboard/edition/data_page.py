"""What the data package of an edition holds, and what every column means."""

from __future__ import annotations

from typing import Any

from dashboard.edition.package import TYPES
from dashboard.edition.site import Page, Site, draw
from dashboard.words import Words, words
from metrics import contract

KILO = 1000


def page(site: Site, lang: str) -> str:
    """The data page with the codebook, in one language."""
    t, edition = words(lang), site.edition
    about = {one.name: one for one in contract.contract().tables}
    listed: list[dict[str, Any]] = []
    for name, count in sorted(site.rows.items()):
        table = about[name]
        listed.append(
            {
                "name": name,
                "text": f"{table.description.rstrip('.')} (one row per {table.grain})",
                "rows": t.number(count),
                "files": _files(site, name, t),
                "columns": [
                    {
                        "name": one.name,
                        "type": TYPES[one.type],
                        "unit": one.unit,
                        "description": one.description,
                    }
                    for one in table.columns
                ],
            }
        )
    citation = t(
        "edition.citation",
        title=edition.title,
        id=edition.id,
        day=t.day(edition.made_on),
        hash=edition.data_hash,
    )
    page_ = Page("data.html", t("edition.data_title"), t("edition.data_summary"))
    return draw("data", site, lang, page_, listed=listed, citation=citation)


def _files(site: Site, table: str, t: Words) -> list[dict[str, str]]:
    return [
        {"path": one.path, "kind": one.path.rpartition(".")[2].upper(), "size": _size(one.bytes, t)}
        for one in site.files
        if one.path.rpartition(".")[0] == table
    ]


def _size(count: int, t: Words) -> str:
    if count < KILO * KILO:
        return f"{t.number(max(1, round(count / KILO)))} kB"
    return f"{t.number(count / KILO / KILO, 1)} MB"
