"""Whether a built edition is what it says: files, numbers and pages, each derived again.

1. The fingerprint of every file, and that no file is missing or too many.
2. CSV and JSON against Parquet: the same rows.
3. Every number that follows from published counts, by `metrics.derivation`.
4. Every page and card, drawn again from the data package alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from dashboard.edition import package
from dashboard.edition.build import OnProgress, correction_of, files_but_cards
from dashboard.edition.cards import files_of, in_workers
from dashboard.edition.corrections import Correction
from dashboard.edition.manifest import (
    MANIFEST,
    Manifest,
    digests,
    read_manifest,
    software,
)
from dashboard.edition.model import Edition
from dashboard.edition.shelf import editions
from dashboard.edition.site import LANGUAGES, File, Site
from dashboard.edition.tables import Tables, write_copy
from metrics.derivation import UNDERIVED, derive
from metrics.errors import EditionError, MetricsError

READ = (".html", ".svg", ".csv", ".json", ".cff", ".md", ".css")  # files that differ line by line
WRITTEN_OTHERWISE = (".parquet", package.PACKAGE, ".md", ".cff", "LICENSE", package.CODEBOOK)
MOST_LINES = 5  # of one file that are told
WIDTH = 160  # of a line that is told


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in an edition that does not hold."""

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at in one edition, and what does not hold."""

    edition_id: str
    problems: tuple[Problem, ...]
    file_count: int
    cell_count: int  # numbers derived again
    page_count: int  # files drawn again; 0 where they were not
    notes: tuple[str, ...]


def folders(site: Path) -> list[Path]:
    """The editions at a path: the one it is, or those in it."""
    if (site / MANIFEST).is_file():
        return [site]
    found = sorted(path.parent for path in site.glob(f"*/{MANIFEST}"))
    if not found:
        raise EditionError(f"{site}: there is no edition here")
    return found


def verify(folder: Path, *, redraw: bool = True, on_progress: OnProgress | None = None) -> Report:
    """Look at everything in one edition; problems are listed, never raised."""
    manifest = read_manifest(folder)
    found = digests(folder)
    problems = list(_files(manifest, found))
    notes = [f"not derivable, only fingerprinted: {text}" for text in UNDERIVED]
    cells = pages = 0
    try:
        tables = package.read_tables(folder / "data")
        frames = {name: table.to_pandas(date_as_object=True) for name, table in tables.items()}
        checked = derive(frames)
        cells = checked.cells
        problems += [Problem(f"data/{one.table}", str(one)) for one in checked.mismatches]
        other = _other_software(manifest)
        with TemporaryDirectory() as place:
            if redraw and other is None:
                made = list(_drawn(folder, manifest, tables, Path(place), on_progress))
                pages = len(made)
            else:
                made = _package(folder, manifest, tables, Path(place) / "data")[0]
                notes.append("pages were not drawn again" + (f": {other}" if other else ""))
        if other is not None:  # another version may write the same rows otherwise
            made = [one for one in made if one and not one.path.endswith(WRITTEN_OTHERWISE)]
        problems += [one for one in made if one is not None]
    except (MetricsError, KeyError, ValueError) as error:
        problems.append(Problem("data", f"cannot be read as a data package: {error}"))
    return Report(
        manifest.edition.id,
        tuple(dict.fromkeys(problems)),
        len(found),
        cells,
        pages,
        (*notes, *_later(folder, manifest)),
    )


def _files(manifest: Manifest, found: dict[str, str]) -> Iterator[Problem]:
    for path in sorted({*manifest.files, *found}):
        if path not in found:
            yield Problem(path, "is missing")
        elif path not in manifest.files:
            yield Problem(path, "is not in the manifest")
        elif manifest.files[path] != found[path]:
            yield Problem(path, "has other bytes than the manifest says")


def _other_software(manifest: Manifest) -> str | None:
    """Which version drew the edition where this is another one."""
    here = software()
    other = {n: v for n, v in manifest.software.items() if here.get(n) != v}
    if not other:
        return None
    return ", ".join(f"made with {n} {v}, this is {here.get(n, 'none')}" for n, v in other.items())


def _package(
    folder: Path, manifest: Manifest, tables: Tables, fresh: Path
) -> tuple[list[Problem | None], dict[str, int], Correction | None]:
    """The data files written again from the Parquet files, and what they are written with."""
    edition, correction, found = manifest.edition, None, list[Problem | None]()
    if edition.corrects and not (folder.parent / edition.corrects / MANIFEST).is_file():
        found.append(Problem(folder.name, f"corrects {edition.corrects}, which is not beside it"))
    else:
        correction = correction_of(edition, manifest.because, folder.parent, tables)
    rows = package.write(tables, edition, fresh, correction)
    for path in sorted(fresh.iterdir()):
        is_ours = correction is not None or not edition.corrects or path.name != package.PACKAGE
        if is_ours:
            again = path.read_bytes()
            found += _compared(f"data/{path.name}", folder / "data" / path.name, again)
    return found, rows, correction


def _drawn(
    folder: Path, manifest: Manifest, tables: Tables, place: Path, on_progress: OnProgress | None
) -> Iterator[Problem | None]:
    """Every file of the edition made again from its data; None for each that is the same."""
    edition, fresh = manifest.edition, place / "data"
    problems, rows, correction = _package(folder, manifest, tables, fresh)
    yield from problems
    if edition.corrects and correction is None:
        return
    copy = write_copy(tables, place / f"{token_hex(8)}.duckdb")
    people = tables["person"]["person_id"].to_pylist()
    sentences: dict[str, dict[str, str]] = {lang: {} for lang in LANGUAGES}
    drawn = in_workers(_card, edition, copy, folder, people)
    for done, (person_id, (found, told)) in enumerate(drawn, 1):
        yield from found
        for lang, sentence in told.items():
            sentences[lang][person_id] = sentence
        if on_progress:
            on_progress(done, len(people))
    data = tuple(File(path.name, path.stat().st_size) for path in sorted(fresh.iterdir()))
    site = Site(edition, copy, sentences, rows, data, correction, manifest.contact)
    for path, again in files_but_cards(site):
        yield from _compared(path, folder / path, again)


def _card(
    edition: Edition, copy: Path, folder: Path, person_id: str
) -> tuple[list[Problem | None], dict[str, str]]:
    """What a person's cards say otherwise than those drawn now; the first sentences of these."""
    found: list[Problem | None] = []
    told: dict[str, str] = {}
    for path, again, sentence in files_of(edition, copy, person_id):
        found += _compared(path, folder / path, again)
        told[path.partition("/")[0]] = sentence
    return found, told


def _compared(path: str, old: Path, again: bytes) -> Iterator[Problem | None]:
    """What a file says otherwise than the one that was made again."""
    if not old.is_file():
        yield Problem(path, "is missing")
        return
    content = old.read_bytes()
    if content == again:
        yield None
        return
    if old.suffix not in READ:
        yield Problem(path, "is not what the published numbers give")
        return
    lines = [text.decode("utf-8", "replace").splitlines() for text in (content, again)]
    differing = [
        (number, said, follows)
        for number, (said, follows) in enumerate(zip_longest(*lines, fillvalue=""), 1)
        if said != follows
    ]
    for number, said, follows in differing[:MOST_LINES]:
        parts = _around(said, follows)
        yield Problem(path, f"line {number} says “{parts[0]}”, the data give “{parts[1]}”")
    if len(differing) > MOST_LINES:
        yield Problem(path, f"{len(differing) - MOST_LINES} more lines differ")


def _around(said: str, follows: str) -> tuple[str, str]:
    """Both lines, cut to where they differ."""
    differs = (i for i, pair in enumerate(zip(said, follows, strict=False)) if pair[0] != pair[1])
    begin = next(differs, min(len(said), len(follows)))
    begin = max(0, begin - WIDTH // 4)
    ends = (" ".join(text[begin : begin + WIDTH].split()) for text in (said, follows))
    return next(ends), next(ends)


def _later(folder: Path, manifest: Manifest) -> list[str]:
    """Which later editions correct this one, as far as they stand beside it."""
    return [
        f"corrected by {other}"
        for one in editions(folder.parent)
        if one.id == manifest.edition.id
        for other in one.corrected_by
    ]
