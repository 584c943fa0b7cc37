"""Which alerts hold now: METHOD's days and answers, read so that an alert never accuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.alerts.facts import Question, Watched, open_questions, watched
from ingest.alerts.model import Alert, AlertKind
from ingest.alerts.words import language_of, say
from ingest.coverage import day_start
from ingest.roster import Person, Roster
from ingest.store import Store

ASLEEP_DAYS, OPEN_DAYS = 28, 10
RECENT_DAYS = 28  # holes and open questions are news for so long
LATE_DAYS = 3  # how long ago the last proven day of a silence may be
STALE = timedelta(hours=48)
ONE_DAY = timedelta(days=1)
_AT_URI = re.compile(r"at://(did:[^/]+)/app\.bsky\.feed\.post/([^/]+)")


def due(store: Store, roster: Roster, now: datetime, lang: str = "") -> list[Alert]:
    """Every alert that holds now, new or not, in the order of people.

    In the language given, else in the person's own.
    """
    accounts = watched(store, roster)
    oldest = now - timedelta(days=OPEN_DAYS + RECENT_DAYS)
    questions = open_questions(store, roster, oldest, now - timedelta(days=OPEN_DAYS))
    found: list[Alert] = []
    for person in sorted(roster.people, key=lambda one: one.person_id):
        mine = [one for one in accounts if one.account.person_id == person.person_id]
        told_in = language_of(lang, person.language)
        days = PersonDays(person, mine, roster, told_in)
        found += days.asleep(now)
        found += days.unanswered([q for q in questions if q.person_id == person.person_id])
        for one in mine:
            found += broken(one, person, now, told_in)
    return found


class PersonDays:
    """What is known of one person, day by day."""

    def __init__(
        self, person: Person, accounts: Sequence[Watched], roster: Roster, lang: str
    ) -> None:
        self._person, self._zone, self._lang = person, ZoneInfo(person.timezone), lang
        self._own = [one for one in accounts if one.account.run_by in {"self", "office"}]
        self._mandates = [one for one in roster.mandates if one.person_id == person.person_id]
        self._absences = [one for one in roster.absences if one.person_id == person.person_id]

    def asleep(self, now: datetime) -> Iterator[Alert]:
        """No own act on 28 proven days in a row, up to now."""
        last_on = self._last_known(now)
        if last_on is None:
            return
        acted_at = max((one.last_act_at for one in self._own if one.last_act_at), default=None)
        acted_on = acted_at.astimezone(self._zone).date() if acted_at else date.min
        first_on = last_on
        while first_on > acted_on and self._counts(first_on):
            first_on -= ONE_DAY
        is_whole = acted_at is not None and first_on == acted_on
        first_on += ONE_DAY
        day_count = (last_on - first_on).days + 1
        if day_count < ASLEEP_DAYS:
            return
        since = acted_at if is_whole and acted_at else day_start(first_on, self._zone)
        shared = any(
            one.last_repost_at and one.last_repost_at.astimezone(self._zone).date() >= first_on
            for one in self._own
        )
        names = ", ".join(one.account.handle for one in self._own if one.is_valid(last_on))
        message = say(
            self._lang,
            "asleep" if is_whole else "asleep_at_least",
            name=self._person.name,
            days=day_count,
            period=say(self._lang, "period", first=first_on, last=last_on),
            accounts=names,
        )
        message += say(self._lang, "reposts_only") if shared else ""
        person_id = self._person.person_id
        yield Alert(AlertKind.ASLEEP, person_id, None, since, None, message, self._lang)

    def unanswered(self, questions: Sequence[Question]) -> Iterator[Alert]:
        """Questions without a public answer on the ten days after, one alert per own item."""
        proven = [question for question in questions if self._is_proven(question)]
        for uri in dict.fromkeys(question.uri for question in proven):
            here = [question for question in proven if question.uri == uri]
            first = here[0]
            asked_on = first.asked_at.astimezone(self._zone).date()
            noun = "question" if len(here) == 1 else "questions"
            message = say(
                self._lang,
                "unanswered",
                name=self._person.name,
                count=say(self._lang, noun, count=len(here)),
                place=say(self._lang, "under_own" if uri else "elsewhere"),
                days=OPEN_DAYS,
                day=asked_on,
            )
            yield Alert(
                AlertKind.QUESTION_OPEN,
                self._person.person_id,
                first.account_id,
                first.asked_at,
                web_address(uri),
                message,
                self._lang,
            )

    def _is_proven(self, question: Question) -> bool:
        asked_on = question.asked_at.astimezone(self._zone).date()
        return all(self._counts(asked_on + n * ONE_DAY) for n in range(OPEN_DAYS + 1))

    def _last_known(self, now: datetime) -> date | None:
        today = now.astimezone(self._zone).date()
        recent = (today - n * ONE_DAY for n in range(1, LATE_DAYS + 1))
        return next((day for day in recent if self._is_covered(day)), None)

    def _counts(self, day: date) -> bool:
        return self._is_covered(day) and self._is_eligible(day)

    def _is_covered(self, day: date) -> bool:
        """Whether every own account valid that day is known, and there is one."""
        valid = [one for one in self._own if one.is_valid(day) and one.shows_acts]
        return bool(valid) and all(one.is_known(day) for one in valid)

    def _is_eligible(self, day: date) -> bool:
        away = any(a.from_on <= day <= (a.to_on or date.max) for a in self._absences)
        mandates = self._mandates
        holds = any(m.from_on <= day <= (m.to_on or date.max) for m in mandates)
        return not away and (holds or not mandates)


def broken(one: Watched, person: Person, now: datetime, lang: str) -> Iterator[Alert]:
    """The account is closed, has not been known for two days, or has a new hole."""
    zone = ZoneInfo(person.timezone)
    today, run = now.astimezone(zone).date(), one.last_run
    account_id = one.account.account_id
    if run is None or not one.is_valid(today):
        return

    def alert(since: datetime, key: str, **values: object) -> Alert:
        kind, message = AlertKind.COVERAGE_BROKEN, say(lang, key, name=person.name, **values)
        return Alert(kind, person.person_id, account_id, since, None, message, lang)

    has_failed = run.status in {"failed", "incomplete"} and run.error != "Interrupted"
    is_closed = run.error in {"AccountGone", "AccessDenied"}
    known_until = one.known_until
    is_stale = known_until is None or run.ended_at - known_until > STALE
    if has_failed and (is_closed or is_stale):
        key, day = ("unknown_since", known_until.date()) if known_until else ("never_known", None)
        yield alert(known_until or run.first_ended_at, key, day=day, told=run.message)
    for earlier, later in zip(one.known, one.known[1:], strict=False):
        first_on, last_on = earlier.last_on + ONE_DAY, later.first_on - ONE_DAY
        if (today - last_on).days <= RECENT_DAYS and one.is_valid(last_on):
            days = say(lang, "period", first=first_on, last=last_on)
            period = days if first_on < last_on else first_on
            yield alert(day_start(first_on, zone), "hole", account=account_id, period=period)


def web_address(uri: str | None) -> str | None:
    """Where a browser shows an item."""
    at = _AT_URI.fullmatch(uri or "")
    if at:
        return f"https://bsky.app/profile/{at[1]}/post/{at[2]}"
    return uri if uri and uri.startswith(("http://", "https://")) else None
