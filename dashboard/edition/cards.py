"""The cards of many people, drawn by several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from dashboard.edition.model import Edition
from dashboard.edition.site import LANGUAGES

WORKERS = 2
SUFFIXES = {"svg": ".svg", "png": ".png", "pdf": ".pdf", "preview_png": ".preview.png"}

Found = TypeVar("Found")
Work = Callable[[Edition, Path, Path, str], Found]  # edition, copy, folder, person


def files_of(edition: Edition, copy: Path, person_id: str) -> Iterator[tuple[str, bytes, str]]:
    """Every file of a person's cards: where it is, its bytes, and the card's first sentence."""
    from dashboard.edition.card import render  # loads fonts and a renderer: once per process

    for lang in LANGUAGES:
        card = render(copy, person_id, lang, edition)
        first = card.sentences[0]
        yield f"{lang}/{person_id}.html", card.html.encode(), first
        for name, suffix in SUFFIXES.items():
            yield f"{lang}/{person_id}{suffix}", getattr(card, name), first


def in_workers(
    work: Work[Found], edition: Edition, copy: Path, folder: Path, people: Sequence[str],
    workers: int = WORKERS,
) -> Iterator[tuple[str, Found]]:  # fmt: skip
    """What `work` finds for each person, as it comes; nothing is begun after an error."""
    if workers < 2 or len(people) < 2:
        for person_id in people:
            yield person_id, work(edition, copy, folder, person_id)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(work, edition, copy, folder, one): one for one in people}
        try:
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
