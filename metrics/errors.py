"""Everything that can go wrong between the store and the published copy.

MetricsError
├── ChoiceError
├── LoadError
├── ModelError
├── CheckFailed
├── PublishError
├── CopyUnreadable
├── ExportError
├── EditionError
└── SparkError

`str(error)` is one line that a person can act on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class MetricsError(Exception):
    """Base of all errors of scoring; the last published copy stays as it is."""


class ChoiceError(MetricsError):
    """Choices that cannot be made, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class LoadError(MetricsError):
    """The store or the roster cannot be read into the models' inputs."""


class ModelError(MetricsError):
    """A model cannot be built."""

    def __init__(self, model: str, happened: str) -> None:
        super().__init__(f"model {model}: {' '.join(happened.split())}")
        self.model = model


class CheckFailed(MetricsError):
    """Rows exist that must not: nothing was published."""

    def __init__(self, check: str, row_count: int, example: str) -> None:
        super().__init__(f"check {check} selects {row_count} rows, the first: {example}")
        self.check, self.row_count, self.example = check, row_count, example


class PublishError(MetricsError):
    """The copy could not be written: the last one stays the latest."""


class CopyUnreadable(MetricsError):
    """A published copy is damaged, or was made by another version."""

    def __init__(self, path: Path, happened: str) -> None:
        super().__init__(f"{path}: {' '.join(happened.split())} → winterslaap score")
        self.path = path


class ExportError(MetricsError):
    """An export cannot be written, or is not one that can be read."""


class EditionError(MetricsError):
    """An edition cannot be built, or would replace another in silence; one problem a line."""


class SparkError(MetricsError):
    """Spark is not there or does not start."""
