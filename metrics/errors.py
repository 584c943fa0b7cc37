"""Everything that can go wrong between the store and the published copy.

MetricsError
├── LoadError
├── ModelError
├── CheckFailed
└── PublishError

`str(error)` is one line that a person can act on.
"""

from __future__ import annotations


class MetricsError(Exception):
    """Base of all errors of scoring; the last published copy stays as it is."""


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
