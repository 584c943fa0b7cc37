"""The coverage ledger: which days are known of each account and stream, and by what evidence.

METHOD §0.3: a day is known only if the whole of it, in the person's time zone, lies
inside proven spans; a person's day only if every own account that can show the
stream knows it. What is not known says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.coverage import ONE_DAY, Days, Stretch, day_start, known_days, merged, whole_days
from ingest.evidence import Evidence, Stored, evidence_in
from ingest.model import Account, Stream
from ingest.roster import Roster

NEVER = datetime.max.replace(tzinfo=UTC)


class Word(StrEnum):
    """What the ledger says of a day."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    NOT_VALID = "not_valid"  # the account was not the person's that day
    NOT_SHOWN = "not_shown"  # its source cannot show this stream


@dataclass(frozen=True, slots=True)
class DayKnown:
    """What is known of one local day of an account's stream, and by what, or why not."""

    account_id: str
    stream: Stream
    day: date
    word: Word
    reason: str  # empty for a known day
    todo: str
    evidence: tuple[Evidence, ...]  # the spans that touch the day


@dataclass(frozen=True, slots=True)
class PersonDay:
    """One local day of a person: known only if all own accounts that can show it know it."""

    person_id: str
    stream: Stream
    day: date
    word: Word
    accounts: tuple[DayKnown, ...]


@dataclass(frozen=True, slots=True)
class AccountLedger:
    """All evidence of one account, and the days on which it was the person's."""

    account: Account
    zone: ZoneInfo
    evidence: dict[Stream, tuple[Evidence, ...]]
    shown: frozenset[Stream]
    valid: Days
    is_collected: bool
    vanishing_before: datetime | None = None
    _days: dict[Stream, tuple[Days, ...]] = field(default_factory=dict)

    def known(self, stream: Stream) -> tuple[Days, ...]:
        """The whole local days that are proven, in order."""
        if stream not in self._days:
            spans = (Stretch(e.start_at, e.end_at) for e in self.evidence.get(stream, ()))
            self._days[stream] = known_days(spans, self.zone)
        return self._days[stream]

    def on(self, day: date, stream: Stream) -> DayKnown:
        """What is known of one day."""
        touching = self._touching(day, stream)
        word, reason, todo = self._judge(day, stream, touching)
        return DayKnown(self.account.account_id, stream, day, word, reason, todo, touching)

    def word(self, day: date, stream: Stream) -> Word:
        """The word alone."""
        return self.words(Days(day, day), stream)[0]

    def words(self, days: Days, stream: Stream) -> list[Word]:
        """The word of each day in turn."""
        is_shown = stream in self.shown or not self.is_collected
        words = [Word.UNKNOWN if is_shown else Word.NOT_SHOWN] * days.count
        for known in self.known(stream) if is_shown else ():
            _fill(words, days, known, Word.KNOWN)
        if days.first_on < self.valid.first_on:
            _fill(words, days, Days(days.first_on, self.valid.first_on - ONE_DAY), Word.NOT_VALID)
        if days.last_on > self.valid.last_on:
            _fill(words, days, Days(self.valid.last_on + ONE_DAY, days.last_on), Word.NOT_VALID)
        return words

    def unknown(self, days: Days, stream: Stream) -> list[Days]:
        """The stretches of days that are unknown, the latest first."""
        found: list[Days] = []
        for number, word in enumerate(self.words(days, stream)):
            day = days.first_on + timedelta(days=number)
            if word is Word.UNKNOWN and found and found[-1].last_on == day - ONE_DAY:
                found[-1] = Days(found[-1].first_on, day)
            elif word is Word.UNKNOWN:
                found.append(Days(day, day))
        return found[::-1]

    def _touching(self, day: date, stream: Stream) -> tuple[Evidence, ...]:
        start, end = day_start(day, self.zone), day_start(day + ONE_DAY, self.zone)
        found = self.evidence.get(stream, ())
        return tuple(e for e in found if e.start_at < end and start < e.end_at)

    def _judge(
        self, day: date, stream: Stream, touching: Sequence[Evidence]
    ) -> tuple[Word, str, str]:
        word, again = self.word(day, stream), f"winterslaap collect --only {self._id}"
        if word is Word.NOT_VALID:
            period = f"{self.valid.first_on} to {_end(self.valid.last_on)}"
            return word, f"the account counts from {period}", ""
        if word is Word.NOT_SHOWN:
            return word, f"{self.account.platform} cannot show this stream here", ""
        if word is Word.KNOWN:
            return word, "", ""
        spans = merged(Stretch(e.start_at, e.end_at) for e in self.evidence.get(stream, ()))
        if not self.is_collected:
            return word, "this account was never collected", again
        if not spans:
            return word, "no walk has proven a stretch of it yet", again
        start, end = day_start(day, self.zone), day_start(day + ONE_DAY, self.zone)
        if end > spans[-1].end_at:
            return word, f"known only until {_moment(spans[-1].end_at)}", again
        if touching:
            return word, "only a part of the day is proven", "nothing: what is gone stays unknown"
        if start < spans[0].start_at:
            return word, *self._too_early(spans[0].start_at)
        before = max(s.end_at for s in spans if s.end_at <= start)
        after = min(s.start_at for s in spans if s.start_at >= end)
        hole = f"in a hole from {_moment(before)} to {_moment(after)}"
        return word, hole, "collect more often, so that no new hole comes"

    def _too_early(self, first_at: datetime) -> tuple[str, str]:
        if self.vanishing_before is not None:
            reason = "items vanish soon on this account: nothing before its first walk is proof"
            return reason, "nothing: what is gone stays unknown"
        reason = f"known only from {_moment(first_at)} on"
        return reason, "an import of the account's archive may tell more"

    @property
    def _id(self) -> str:
        return self.account.account_id


@dataclass(frozen=True, slots=True)
class Ledger:
    """The evidence of all accounts of a roster."""

    accounts: tuple[AccountLedger, ...]

    def of(self, person_id: str) -> tuple[AccountLedger, ...]:
        """The accounts of one person."""
        return tuple(one for one in self.accounts if one.account.person_id == person_id)

    def on(self, person_id: str, day: date) -> tuple[PersonDay, ...]:
        """One day of a person, in every direction, with every account's evidence."""
        return tuple(
            PersonDay(
                person_id,
                stream,
                day,
                self.word(person_id, day, stream),
                tuple(one.on(day, stream) for one in self.of(person_id)),
            )
            for stream in self.streams(person_id)
        )

    def streams(self, person_id: str) -> tuple[Stream, ...]:
        """Acts and received, and whatever else there is evidence of."""
        proven = {stream for one in self.of(person_id) for stream, e in one.evidence.items() if e}
        return tuple(s for s in Stream if s in proven or s in {Stream.ACTS, Stream.RECEIVED})

    def word(self, person_id: str, day: date, stream: Stream) -> Word:
        """What is known of one day of a person."""
        return self.words(person_id, Days(day, day), stream)[0]

    def words(self, person_id: str, days: Days, stream: Stream) -> list[Word]:
        """The word of each day in turn: known only if every own account that is valid and
        can show the stream knows the day.
        """
        own = [one for one in self.of(person_id) if one.account.run_by in {"self", "office"}]
        if not own:
            return [Word.NOT_VALID] * days.count
        return list(map(_pooled, zip(*(one.words(days, stream) for one in own), strict=True)))


def _pooled(words: tuple[Word, ...]) -> Word:
    """The accounts' words as one."""
    for word in (Word.UNKNOWN, Word.KNOWN, Word.NOT_SHOWN):
        if word in words:
            return word
    return Word.NOT_VALID


def _fill(words: list[Word], days: Days, part: Days, word: Word) -> None:
    """Write a word over the part of the days that lies in them."""
    first, last = max(part.first_on, days.first_on), min(part.last_on, days.last_on)
    if first <= last:
        start = (first - days.first_on).days
        count = (last - first).days + 1
        words[start : start + count] = [word] * count


def read(store_path: Path, roster: Roster) -> Ledger:
    """The ledger of the roster's accounts; without a store nothing of anybody is known."""
    stored = evidence_in(store_path)
    zones = {person.person_id: ZoneInfo(person.timezone) for person in roster.people}
    accounts = (_ledger(one, zones[one.person_id], stored) for one in roster.accounts)
    return Ledger(tuple(accounts))


def _ledger(account: Account, zone: ZoneInfo, stored: Stored) -> AccountLedger:
    name = account.account_id
    opened_at = stored.opened.get(name)
    cut = (stored.first_walk.get(name) or NEVER) if name in stored.vanishing else None
    spans = [
        (stream, _from(e, cut) if cut and stream is Stream.ACTS else e)
        for stream, e in stored.spans.get(name, ())
    ]
    evidence = {
        stream: tuple(e for one, e in spans if one is stream and e.start_at < e.end_at)
        for stream in Stream
    }
    stretches = (Stretch(e.start_at, e.end_at) for found in evidence.values() for e in found)
    first_known = min((d.first_on for s in stretches if (d := whole_days(s, zone))), default=None)
    opened_on = opened_at.astimezone(zone).date() if opened_at else None
    starts = [day for day in (account.valid_from, opened_on) if day]
    first_on = max(starts) if starts else first_known or date.min + ONE_DAY
    shown = stored.shows.get(name, frozenset({Stream.ACTS}))
    return AccountLedger(
        account=account,
        zone=zone,
        evidence=evidence,
        shown=shown | {stream for stream, found in evidence.items() if found},
        valid=Days(first_on, account.valid_to or date.max - ONE_DAY),
        is_collected=name in stored.first_walk,
        vanishing_before=cut,
    )


def _from(evidence: Evidence, cut: datetime) -> Evidence:
    return replace(evidence, start_at=max(evidence.start_at, cut))


def _end(day: date) -> str:
    return "now" if day.year == date.max.year else str(day)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
