"""An alert, as it is told and remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertKind(StrEnum):
    """What an alert is about."""

    ASLEEP = "asleep"
    QUESTION_OPEN = "question_open"
    COVERAGE_BROKEN = "coverage_broken"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at; it is told once, however the message's numbers grow."""

    kind: AlertKind
    person_id: str
    account_id: str | None  # only where it is about one account
    since: datetime  # UTC: the last act, the question, the last known moment
    link: str | None  # the person's own item, never a citizen's
    message: str
    lang: str = "en"  # of the message

    @property
    def about(self) -> tuple[str, str, str | None, datetime, str | None]:
        """What makes it the same alert in the next run."""
        return self.kind.value, self.person_id, self.account_id, self.since, self.link
