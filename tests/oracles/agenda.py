"""METHOD §9: what citizens raise, what the person posts about, and what is picked up."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING

from metrics.text import TOPICS
from tests.oracles.answering import shared_texts
from tests.oracles.attitude import is_read, is_unread, own_acts
from tests.oracles.mart_rows import TopicRaised, TopicShare

if TYPE_CHECKING:
    from tests.oracles.lives import Life
    from tests.oracles.rows import Metric, Received


def raised(life: Life) -> list[Received]:
    """What citizens sent, question or not, on days on which what is received is known."""
    spam = shared_texts(life)
    days = life.eligible & life.received_covered
    return [
        item
        for item in life.received
        if life.class_of(item.asker_key) == "citizen"
        and not item.is_abuse
        and item.similarity_key not in spam
        and item.day in days
    ]


def topic_shares(life: Life) -> list[TopicShare]:
    """Off-season: what citizens raise beside what the person posts about."""
    items = [i for i in raised(life) if life.phase[i.day or 0] == "off_season" and i.topics]
    acts = [act for act in own_acts(life, "off_season") if is_read(act) and act.post.topics]
    few = life.world.choice("citizen_count", 10)
    rows = []
    for topic in TOPICS if items or acts else ():
        mine = [item for item in items if topic in item.topics]
        askers = len({item.asker_key for item in mine})
        posted = sum(topic in act.post.topics for act in acts)
        is_shown = askers >= few
        rows.append(
            TopicShare(
                person_id=life.person.person_id,
                topic=topic,
                raised_count=len(mine) if is_shown else None,
                raised_askers=askers if is_shown else None,
                raised_share=len(mine) / len(items) if is_shown else None,
                posted_count=posted,
                posted_share=posted / len(acts) if acts else None,
            )
        )
    return rows


def span_of(life: Life) -> int:
    return int(life.world.choice("topic_days", 28))


def events(life: Life, topic: str, everything: list[Received]) -> list[tuple[int, list[Received]]]:
    """Days on which a topic stands raised by three citizens within four weeks, and by whom."""
    items = [item for item in everything if topic in item.topics]
    needed, span = life.world.choice("topic_askers", 3), span_of(life)
    found: list[tuple[int, list[Received]]] = []
    for day in sorted({item.day or 0 for item in items}):
        around = [item for item in items if day - span < (item.day or 0) <= day]
        if len({item.asker_key for item in around}) < needed:
            continue
        if not found or day - found[-1][0] >= span:
            wide = [item for item in items if day - span < (item.day or 0) <= day + span]
            found.append((day, wide))
    return found


def is_usable(life: Life, day: int) -> bool:
    """The four weeks after the day are off-season, and all that was done in them was read."""
    return all(
        d in life.read_days and life.phase[d] == "off_season"
        for d in range(day + 1, day + span_of(life) + 1)
    )


def is_hit(life: Life, topic: str, day: int) -> bool:
    """The person posts about it within the four weeks after the day."""
    return any(
        is_read(act) and topic in act.post.topics and day < act.day <= day + span_of(life)
        for act in own_acts(life)
    )


def pick_up(life: Life) -> Metric:
    """How much more often a topic is posted about after citizens raised it than at other times."""
    off = {day for day in life.known if life.phase[day] == "off_season"}
    row = life.metric("pick_up", "all", off)
    row.numerator, total, n = 0, Fraction(0), 0
    shift = life.world.choice("topic_shift_days", 90)
    everything = raised(life)
    for topic in TOPICS:
        for day, _ in events(life, topic, everything):
            others = [d for d in (day - shift, day + shift) if is_usable(life, d)]
            if not is_usable(life, day) or not others:
                continue
            hit = is_hit(life, topic, day)
            placebo = Fraction(sum(is_hit(life, topic, d) for d in others), len(others))
            row.numerator += hit
            total += hit - placebo
            n += 1
    row.denominator = n
    shown = [
        any(getattr(a, flag) for a in life.accounts) for flag in ("shows_acts", "shows_received")
    ]
    if not all(shown):
        row.reason = "not_observable"
    elif not life.known:
        row.reason = "no_coverage"
    elif is_unread(life):
        row.reason = "not_observable"
    elif n < life.world.choice("topic_count", 10):
        row.reason = "too_few"
    else:
        row.value, row.word = float(total / n), "descriptive"
    return row


def topics_raised(life: Life) -> list[TopicRaised]:
    rows = []
    few = life.world.choice("citizen_count", 10)
    everything = raised(life)
    for topic in TOPICS:
        for day, items in events(life, topic, everything):
            askers = len(Counter(item.asker_key for item in items))
            rows.append(
                TopicRaised(
                    person_id=life.person.person_id,
                    topic=topic,
                    from_day=day,
                    asker_count=askers if askers >= few else None,
                    is_picked_up=is_hit(life, topic, day) if is_usable(life, day) else None,
                )
            )
    return rows
