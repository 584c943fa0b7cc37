"""Editions for tests: of an invented council that was really scored, built once a session."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bench import synthetic
from dashboard.edition.build import Built, Order, build
from dashboard.edition.model import Edition, edition_of
from metrics import score

NOW = datetime(2025, 1, 2, tzinfo=UTC)
SIZE = synthetic.Size(people=8, posts=400, received=0.6)
ID = "be-proef-2024"
TITLE = "Proefstad <het hele jaar> & meer"
FEW = ("person-000001", "person-000002")


def scored(folder: Path, choices: Mapping[str, Any] | None = None) -> Path:
    """A published copy of eight invented people with questions, answers and two seasons."""
    roster = synthetic.fill(folder / score.STORE, SIZE)
    return score.run(folder, roster, choices=choices, now=NOW)


def edition(copy: Path, edition_id: str = ID, **more: Any) -> Edition:
    """An edition of this copy with details of one's choice."""
    return replace(edition_of(copy, edition_id, TITLE), **more)


def order(copy: Path, out: Path, **more: Any) -> Order:
    """An order for two people."""
    out.mkdir(parents=True, exist_ok=True)
    given = {"edition": edition(copy), "people": FEW} | more
    return Order(copy, out, **given)


@pytest.fixture(scope="session")
def edition_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scored copy."""
    return scored(tmp_path_factory.mktemp("scored"))


@pytest.fixture(scope="session")
def built(edition_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One edition that nobody changes."""
    return build(order(edition_copy, tmp_path_factory.mktemp("editions")))


@pytest.fixture
def tampered(built: Built, tmp_path: Path) -> Path:
    """A copy of the edition that a test may change."""
    return Path(shutil.copytree(built.path, tmp_path / ID))
