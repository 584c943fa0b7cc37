"""METHOD §5: whether citizens who ask are answered, and how soon."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracles.intervals import jeffreys
from tests.oracles.mart_rows import CurvePoint
from tests.oracles.rows import ANSWER_DAYS, DAY

if TYPE_CHECKING:
    from tests.oracles.lives import Act, Life
    from tests.oracles.rows import Account, Metric, Received

CAMPAIGN_ASKERS = 3
GATE_ASKERS, GATE_COMPARED = 10, 30
WITHIN = (1, 3, 7, 14)
POINTS = (0.5, *range(1, 15))


def asked_by_citizens(life: Life, phase: str, *, is_answerable: bool = True) -> list[Received]:
    """Every question by a citizen, where an answer would be seen (or where it would not)."""
    return [
        item
        for item in life.received
        if item.is_question
        and life.shows_replies(item.account_key) == is_answerable
        and life.class_of(item.asker_key) == "citizen"
        and item.day in life.eligible
        and life.phase[item.day or 0] == phase
    ]


def shared_texts(life: Life) -> set[int]:
    """Texts that three or more sent to the person."""
    askers: dict[int, set[int]] = {}
    for item in life.received:
        if item.similarity_key is not None and item.asker_key is not None:
            askers.setdefault(item.similarity_key, set()).add(item.asker_key)
    return {key for key, who in askers.items() if len(who) >= CAMPAIGN_ASKERS}


def questions(life: Life, phase: str) -> list[Received]:
    """What counts of it: no insults, no text that three of them share."""
    spam = shared_texts(life)
    return [
        item
        for item in asked_by_citizens(life, phase)
        if not item.is_abuse and item.similarity_key not in spam
    ]


def is_answer(act: Act, item: Received) -> bool:
    """A later reply or quote in that thread to that asker, or a quote of the question itself."""
    if act.kind not in {"reply", "quote"} or item.at is None or act.at <= item.at:
        return False
    in_thread = item.root_key is not None and act.post.root_key == item.root_key
    if in_thread and act.post.partner_key == item.asker_key:
        return True
    return act.kind == "quote" and act.post.parent_key == item.item_key


def first_answer(life: Life, item: Received) -> int | None:
    """Seconds from the question to its first answer; a redirect is one only by another rule."""
    counts_redirects = life.world.choice("redirect_is_answer", False)
    return first_word(life, item, {False, True} if counts_redirects else {False})


def first_word(life: Life, item: Received, is_redirect: set[bool]) -> int | None:
    """Seconds until the first redirect, or the first word that is none, or either."""
    waits = [
        act.at - (item.at or 0)
        for act in life.acts
        if act.post.is_redirect in is_redirect and is_answer(act, item)
    ]
    return min(waits, default=None)


def answer_days(life: Life) -> int:
    return int(life.world.choice("answer_window_days", ANSWER_DAYS))


def comparable_items(life: Life) -> int:
    return int(life.world.choice("comparable_items", GATE_COMPARED))


def is_in_time(life: Life, item: Received) -> bool:
    return _is_soon(life, first_answer(life, item))


def is_only_redirected(life: Life, item: Received) -> bool:
    """Sent elsewhere and not answered, whatever a redirect counts for."""
    return _is_soon(life, first_word(life, item, {True})) and not _is_soon(
        life, first_word(life, item, {False})
    )


def _is_soon(life: Life, wait: int | None) -> bool:
    return wait is not None and wait <= answer_days(life) * DAY


def is_watched(life: Life, item: Received) -> bool:
    day = item.day or 0
    return all(d in life.covered for d in range(day, day + answer_days(life) + 1))


def answering(life: Life) -> list[Metric]:
    rows = []
    for phase in ("off_season", "season"):
        asked = questions(life, phase)
        items = [i for i in asked if is_watched(life, i)]
        answered = {i.item_key: is_in_time(life, i) for i in items}
        redirected = {i.item_key: is_only_redirected(life, i) for i in items}
        for name, is_hit in (("answer_rate", answered), ("redirect_rate", redirected)):
            row = _rate(life.metric(name, phase, life.known), items, is_hit)
            row.is_comparable = bool(items) and len(items) >= comparable_items(life)
            row.reason = _reason(life, phase, asked, items)
            rows.append(row if row.reason is None else _without_value(row))
    return rows


def _rate(row: Metric, items: list[Received], is_hit: dict[int, bool]) -> Metric:
    """Mean over askers of the share of their items that were hit."""
    row.numerator, row.denominator = sum(is_hit.values()), len(items)
    per_asker: dict[int, list[bool]] = {}
    for item in items:
        per_asker.setdefault(item.asker_key or 0, []).append(is_hit[item.item_key])
    rates = [Fraction(sum(hits), len(hits)) for hits in per_asker.values()]
    if rates:
        row.value = float(sum(rates) / len(rates))
        row.effective_n = float(len(rates))
        row.low, row.high = jeffreys(float(sum(rates)), len(rates))
    return row


def _without_value(row: Metric) -> Metric:
    row.value = row.low = row.high = row.effective_n = None
    row.is_comparable = False
    return row


def _reason(life: Life, phase: str, asked: list[Received], items: list[Received]) -> str | None:
    """Why there is no rate; who was asked but not watched long enough was still asked."""
    if phase == "season" and not life.has_season():
        return "no_season"
    if not two_way_accounts(life):
        return "not_observable"
    if asked and not items:
        return "no_coverage"
    if not items and asked_by_citizens(life, phase):
        return "too_few"
    if not items:
        is_hidden = bool(asked_by_citizens(life, phase, is_answerable=False))
        return "nobody_asked" if is_shown(life, phase) and not is_hidden else "not_observable"
    askers = {item.asker_key for item in items}
    return "too_few" if len(askers) < life.world.choice("asker_count", GATE_ASKERS) else None


def two_way_accounts(life: Life) -> list[Account]:
    return [a for a in life.accounts if a.shows_received and life.shows_replies(a.account_key)]


def is_shown(life: Life, phase: str) -> bool:
    """Somewhere, on some known day, a question and its answer would both have been seen."""
    both = two_way_accounts(life)
    return any(
        life.phase[day] == phase and any(a.first_day <= day <= a.last_day for a in both)
        for day in life.received_covered & life.eligible
    )


def follow_up(life: Life, item: Received) -> int:
    """Seconds from the question to the start of the first unknown day."""
    day = item.day or 0
    while day in life.covered:
        day += 1
    return day * DAY - (item.at or 0)


@dataclass(frozen=True)
class Wait:
    """How long a question waited, whether for an answer, and how long it was watched."""

    seconds: int
    is_answered: bool
    watched: int
    weight: Fraction


def waits(life: Life, items: list[Received]) -> list[Wait]:
    askers = [item.asker_key for item in items]
    found = []
    for item in items:
        answer, limit = first_answer(life, item), follow_up(life, item)
        is_answered = answer is not None and answer <= limit
        seconds = answer if is_answered and answer is not None else limit
        weight = Fraction(1, askers.count(item.asker_key))
        found.append(Wait(seconds, is_answered, limit, weight))
    return found


def response(life: Life) -> list[Metric]:
    """Weighted Kaplan-Meier of the time to the first answer, off-season."""
    asked = questions(life, "off_season")
    items = [i for i in asked if i.day in life.covered and follow_up(life, i) > 0]
    found = waits(life, items)
    reason = _reason(life, "off_season", asked, items)
    steps = curve(found)
    rows = [_answered_within(life, days, found, steps) for days in WITHIN]
    rows.append(_median(life, found, len({i.asker_key for i in items})))
    for row in rows:
        row.numerator = sum(wait.is_answered for wait in found)
        row.denominator = len(items)
        if reason is not None or row.value is None:
            is_median = row.metric == "response_median_days"
            _without_value(row).reason = reason or ("too_few" if is_median else "too_short")
        else:
            row.is_comparable = len(items) >= comparable_items(life)
    return rows


def _answered_within(
    life: Life, days: float, found: list[Wait], steps: list[tuple[int, Fraction]]
) -> Metric:
    """Unknown beyond the longest watch; as sure as the askers watched that long are many."""
    row = life.metric(f"answered_within_{days}d", "off_season", life.known)
    watched = sum((w.weight for w in found if w.watched >= days * DAY), Fraction(0))
    if watched:
        waiting = [s for moment, s in steps if moment <= days * DAY]
        share = 1 - (waiting[-1] if waiting else Fraction(1))
        row.value, row.effective_n = float(share), float(watched)
        row.low, row.high = jeffreys(float(share * watched), float(watched))
    return row


def curve_points(life: Life) -> list[CurvePoint]:
    """The share that has an answer after half a day, a day, two … a fortnight."""
    asked = questions(life, "off_season")
    items = [i for i in asked if i.day in life.covered and follow_up(life, i) > 0]
    if _reason(life, "off_season", asked, items) is not None:
        return []
    found = waits(life, items)
    rows = [_answered_within(life, days, found, curve(found)) for days in POINTS]
    return [
        CurvePoint(row.person_id, float(days), row.value, row.low or 0.0, row.high or 0.0)
        for days, row in zip(POINTS, rows, strict=True)
        if row.value is not None
    ]


def _median(life: Life, found: list[Wait], askers: int) -> Metric:
    """When half of them had their answer, in days, if half ever had.

    Between the first moment at which it may be half, by the band around the curve, and the
    first at which it must be; the latter may lie beyond what was watched.
    """
    row = life.metric("response_median_days", "off_season", life.known)
    halves = [moment for moment, s in curve(found) if s <= Fraction(1, 2)]
    if not halves:
        return row
    row.value, row.effective_n = halves[0] / DAY, float(askers)
    for moment in sorted({wait.seconds for wait in found}):
        watched = sum((w.weight for w in found if w.watched >= moment), Fraction(0))
        waiting = [s for at, s in curve(found) if at <= moment]
        answered = 1 - (waiting[-1] if waiting else Fraction(1))
        low, high = jeffreys(float(answered * watched), float(watched))
        if high >= 0.5 and row.low is None:
            row.low = moment / DAY
        if low >= 0.5 and row.high is None:
            row.high = moment / DAY
    return row


def curve(found: list[Wait]) -> list[tuple[int, Fraction]]:
    """Moments of answers and the share still waiting after each."""
    waiting = Fraction(1)
    steps = []
    for moment in sorted({w.seconds for w in found if w.is_answered}):
        at_risk = sum((w.weight for w in found if w.seconds >= moment), Fraction(0))
        answered = sum(
            (w.weight for w in found if w.is_answered and w.seconds == moment), Fraction(0)
        )
        waiting *= 1 - answered / at_risk
        steps.append((moment, waiting))
    return steps
