"""An edition built as a folder of static pages: whole or not at all, and never over another.

It is built in `<out>/<ID>.part` and gets its name when everything is there. A build that
was killed goes on with what it finds there if its inputs are the same.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from dashboard.edition import package, shelf
from dashboard.edition.cards import WORKERS, files_of, in_workers
from dashboard.edition.corrections import Change, Correction, changes
from dashboard.edition.manifest import (
    MANIFEST,
    Manifest,
    digest_of,
    digests,
    fingerprint_of,
    read_manifest,
    software,
)
from dashboard.edition.model import FONTS, Edition
from dashboard.edition.site import LANGUAGES, PAGES, TEMPLATES, File, Site
from dashboard.edition.site_pages import pages, previews
from dashboard.edition.tables import Tables, tables_of, write_copy
from metrics.errors import EditionError

UNFINISHED = ".part"
WORK = ".work"  # what a build keeps for itself
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

OnProgress = Callable[[int, int], None]  # cards done, cards in all


@dataclass(frozen=True, slots=True)
class Order:
    """What to build from which copy, for whom, into which folder."""

    copy: Path
    out: Path
    edition: Edition
    people: tuple[str, ...] | None = None  # everybody
    because: str = ""
    contact: str = ""
    folder: str = ""  # instead of the edition's id, for what is not published

    @property
    def target(self) -> Path:
        """Where the edition will stand."""
        return self.out / (self.folder or self.edition.id)


@dataclass(frozen=True, slots=True)
class Built:
    """What came of an order."""

    path: Path
    manifest: Manifest
    is_new: bool  # not there before with the same bytes
    drawn: int  # cards drawn now; the others were there from a build that was stopped


def build(order: Order, on_progress: OnProgress | None = None, workers: int = WORKERS) -> Built:
    """Build the edition, or find that it is there already; EditionError when it may not be."""
    _check(order)
    part = order.target.with_name(order.target.name + UNFINISHED)
    tables = tables_of(order.copy, order.people)
    correction = correction_of(order.edition, order.because, order.out, tables)
    prepared = _prepare(order, tables, correction, part)
    if order.target.exists():
        try:
            standing = _standing(order, prepared.inputs)
        finally:
            shutil.rmtree(part)
        return Built(order.target, standing, is_new=False, drawn=0)
    sentences, drawn = _draw_cards(prepared, tables, part, on_progress, workers)
    data = tuple(File(path.name, path.stat().st_size) for path in sorted((part / "data").iterdir()))
    site = Site(
        order.edition, prepared.copy, sentences, prepared.rows, data, correction, order.contact
    )
    for path, content in files_but_cards(site):
        _put(part / path, content)
    shutil.rmtree(part / WORK)
    manifest = replace(_manifest(order, tables, prepared.inputs), files=digests(part))
    _put(part / MANIFEST, manifest.text().encode())
    part.rename(order.target)
    if not order.edition.preview:
        shelf.write(order.out)
    return Built(order.target, manifest, is_new=True, drawn=drawn)


def _check(order: Order) -> None:
    edition, problems = order.edition, []
    if not ID.fullmatch(edition.id):
        problems.append(f"{edition.id}: an edition's id has letters a-z, digits and hyphens")
    if edition.corrects and not order.because.strip():
        problems.append(f"{edition.id} corrects {edition.corrects}: --because is missing")
    if edition.corrects == edition.id:
        problems.append(f"{edition.id}: an edition corrects another one, never itself")
    if order.because and not edition.corrects:
        problems.append(f"{edition.id}: --because belongs to --corrects")
    taken = {*PAGES, "municipality", "party"} & set(order.people or ())
    problems += [f"{one}: a page has this name, no person can" for one in sorted(taken)]
    if problems:
        raise EditionError("\n".join(problems))


def correction_of(edition: Edition, because: str, out: Path, tables: Tables) -> Correction | None:
    """What these tables change of the edition that is corrected, which stands in `out`."""
    old_id = edition.corrects
    if not old_id:
        return None
    folder = out / old_id
    if not (folder / MANIFEST).is_file():
        raise EditionError(f"{old_id}: there is no such edition in {out}")
    old = read_manifest(folder)
    before = package.read_tables(folder / "data")
    people = [set(one["person"]["person_id"].to_pylist()) for one in (before, tables)]
    return Correction(
        old_id,
        old.edition.title,
        because.strip(),
        (*changes(before, tables), *_statements(old.edition, edition)),
        tuple(sorted(people[1] - people[0])),
        tuple(sorted(people[0] - people[1])),
        before,
    )


def _statements(old: Edition, new: Edition) -> list[Change]:
    texts = [{who: one.text for who, one in each.statements.items()} for each in (old, new)]
    return [
        Change(who, "statement", "", "text", texts[0].get(who, ""), texts[1].get(who, ""))
        for who in sorted({*texts[0], *texts[1]})
        if texts[0].get(who) != texts[1].get(who)
    ]


@dataclass(frozen=True, slots=True)
class _Prepared:
    edition: Edition
    inputs: str
    copy: Path
    rows: Mapping[str, int]


def _prepare(order: Order, tables: Tables, correction: Correction | None, part: Path) -> _Prepared:
    """The data package and the copy to draw from; what other inputs left behind is gone."""
    fresh = part.with_name(f"{part.name}.data")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        rows = package.write(tables, order.edition, fresh, correction)
        more = (order.because, order.contact)
        inputs = fingerprint_of(order.edition, fresh, *more)
        known = part / WORK / "inputs"
        if not known.is_file() or known.read_text("utf-8") != inputs:
            shutil.rmtree(part, ignore_errors=True)
            (part / WORK).mkdir(parents=True)
            _put(known, inputs.encode())
        for left in part.rglob(f"*{UNFINISHED}"):
            left.unlink()
        shutil.rmtree(part / "data", ignore_errors=True)
        fresh.rename(part / "data")
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    for left in (part / WORK).glob("*.duckdb"):
        left.unlink()
    copy = part / WORK / f"{token_hex(8)}.duckdb"  # readers keep what they read by its path
    return _Prepared(order.edition, inputs, write_copy(tables, copy), rows)


def _standing(order: Order, inputs: str) -> Manifest:
    """The manifest of the edition that is there; EditionError unless it has the same inputs."""
    there = read_manifest(order.target)
    todo = f"choose a new id, with --corrects {order.edition.id} --because '…'"
    if there.inputs != inputs:
        raise EditionError(
            f"{order.edition.id} is published already, from other data, choices or software: "
            f"it is never replaced → {todo}"
        )
    if digests(order.target) != dict(there.files):
        raise EditionError(
            f"{order.edition.id} is there with other bytes than its manifest says "
            f"→ winterslaap edition verify {order.target}"
        )
    return there


def _draw_cards(
    prepared: _Prepared,
    tables: Tables,
    part: Path,
    on_progress: OnProgress | None,
    workers: int,
) -> tuple[dict[str, dict[str, str]], int]:
    """Draw the cards that are not there yet; the first sentences of all, by language and person."""
    everyone = tables["person"]["person_id"].to_pylist()
    told = {person_id: _told(part, person_id) for person_id in everyone}
    missing = [person_id for person_id in everyone if told[person_id] is None]
    say = on_progress or _silent
    say(len(everyone) - len(missing), len(everyone))
    drawn = in_workers(_draw, prepared.edition, prepared.copy, part, missing, workers)
    for done, (person_id, found) in enumerate(drawn, 1):
        told[person_id] = found
        say(len(everyone) - len(missing) + done, len(everyone))
    sentences = {
        lang: {person_id: (found or {})[lang] for person_id, found in told.items()}
        for lang in LANGUAGES
    }
    return sentences, len(missing)


def _silent(done: int, total: int) -> None:
    """Nobody watches."""
    del done, total


def _draw(edition: Edition, copy: Path, part: Path, person_id: str) -> dict[str, str]:
    """Draw one person's cards and note what was written; the first sentence by language."""
    files: dict[str, str] = {}
    first: dict[str, str] = {}
    for path, content, sentence in files_of(edition, copy, person_id):
        _put(part / path, content)
        files[path] = digest_of(part / path)
        first[path.partition("/")[0]] = sentence
    note: dict[str, Any] = {"files": files, "sentences": first}
    _put(part / WORK / f"{person_id}.json", json.dumps(note, ensure_ascii=False).encode())
    return first


def _told(part: Path, person_id: str) -> dict[str, str] | None:
    """The first sentences of a person whose cards a stopped build left whole; None otherwise."""
    try:
        note = json.loads((part / WORK / f"{person_id}.json").read_text("utf-8"))
        if all(digest_of(part / path) == found for path, found in note["files"].items()):
            return dict(note["sentences"])
    except (OSError, ValueError, KeyError):
        pass
    return None


def files_but_cards(site: Site) -> Iterator[tuple[str, bytes]]:
    """Every file of an edition that is no card and no data: pages, pictures, style and fonts."""
    for path, html in pages(site):
        yield path, html.encode()
    yield from previews(site)
    yield "style.css", (TEMPLATES / "style.css").read_bytes()
    for font in sorted(FONTS.iterdir()):
        if font.suffix in (".woff2", ".txt"):
            yield f"fonts/{font.name}", font.read_bytes()


def _manifest(order: Order, tables: Tables, inputs: str) -> Manifest:
    people = tables["person"].num_rows
    return Manifest(order.edition, people, order.because, order.contact, inputs, software())


def _put(path: Path, content: bytes) -> None:
    """Write a file so that it is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + UNFINISHED)
    unfinished.write_bytes(content)
    unfinished.replace(path)
