"""Relations, attitude, agenda and tone for the published copy of the tests: by simple rules."""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests.published_people import FROM, ONE_DAY, TO, Invented

if TYPE_CHECKING:
    from tests.published_numbers import Copy

TALK = {  # metric: phase, share of `conversation`'s size, margin, below the line
    "return": ("all", 0.55, 0.09, 80),
    "depth": ("all", 0.9, 0.1, 50),
    "carry_over": ("all", 0.7, 0.15, 24),
    "follow_through": ("all", 0.6, 0.12, 30),
    "followed_up_in_public": ("all", 0.35, 0.12, 26),
    "reply_share_citizen": ("off_season", 1.4, 0.05, 240),
    "reply_share_politician": ("off_season", 0.25, 0.04, 240),
    "reply_share_party": ("off_season", 0.05, 0.02, 240),
    "reply_share_media": ("off_season", 0.1, 0.03, 240),
    "reply_share_organisation": ("off_season", 0.06, 0.02, 240),
    "redirect_rate": ("off_season", 0.08, 0.03, 60),
}
DESCRIPTIVE: dict[str, Any] = {"word": "descriptive", "is_comparable": False}
DESCRIBED = {"campaign_share", "service_share", "asks_per_100", "tone_acts", "tone_received"}
TOPICS = {  # citizens who raised it, items of citizens, own acts
    "mobility": (34, 42, 30),
    "housing": (20, 30, 96),
    "waste": (16, 18, 12),
    "schools": (14, 14, 60),
    "safety": (6, 7, 53),
    "green": (0, 0, 35),
}
LABELS = {
    "service_info": 0.2,
    "help_thank": 0.15,
    "position": 0.2,
    "self_promo": 0.08,
    "vote_ask": 0.04,
    "trail_update": 0.03,
    "none": 0.3,
}


def quiet_reason(who: Invented) -> str | None:
    """Why nothing is known of whom they talk with."""
    if not who.shows_replies:
        return "not_observable"
    if who.reasons.get("presence") == "no_coverage":
        return "no_coverage"
    return "too_few" if who.slug in {"ilse-zelden", "gust-ongevraagd"} else None


def add(copy: Copy, who: Invented, talk: float) -> None:
    """Everything that is published of one person besides presence, rhythm and answering."""
    _relations(copy, who, min(0.6, talk))
    _described(copy, who)
    _partners(copy, who)
    _curve(copy, who)
    _agenda(copy, who)
    _broadcast(copy, who)
    _account_by_account(copy, who)


def _row(
    copy: Copy, who: Invented, name: str, phase: str, value: float | None, **more: Any
) -> None:
    row: dict[str, Any] = {
        "value": value,
        "low": None,
        "high": None,
        "numerator": None,
        "denominator": None,
        "effective_n": None,
        "reason": None,
        "word": None,
        "is_comparable": value is not None,
    } | more
    copy.add(
        "metric",
        person_id=who.slug,
        metric=name,
        phase=phase,
        covered_days=(who.eligible[1] - who.eligible[0]).days,
        from_on=who.eligible[0],
        to_on=who.eligible[1],
        **row,
    )


def _share(copy: Copy, who: Invented, name: str, phase: str, rate: float, margin: float, n: int,
           **more: Any) -> None:  # fmt: skip
    rate = min(0.95, round(rate * n) / n)
    _row(
        copy,
        who,
        name,
        phase,
        rate,
        low=max(0.0, rate - margin),
        high=min(1.0, rate + margin),
        numerator=round(rate * n),
        denominator=n,
        effective_n=float(n),
        **more,
    )


def _relations(copy: Copy, who: Invented, talk: float) -> None:
    reason = quiet_reason(who)
    for name, (phase, part, margin, n) in TALK.items():
        if reason:
            _row(copy, who, name, phase, None, reason=reason)
        else:
            _share(copy, who, name, phase, part * talk, margin, n)
    for kind, part in (("politician", 0.16), ("party", 0.04), ("media", 0.07), ("organisation", 0)):
        for phase, n in (("off_season", 300), ("season", 60)):
            name = f"conversation_{kind}"
            if reason or (phase == "season" and not who.elections):
                _row(copy, who, name, phase, None, reason=reason or "no_season")
            else:
                _share(copy, who, name, phase, part * talk, 6 / n, n)
    plain = {"relation_days": ("all", 214.0, 40), "partners_per_30": ("off_season", 17.4, 240)}
    plain |= {"effective_partners": ("off_season", 11.2, 240)}
    for name, (phase, value, n) in plain.items():
        if reason:
            _row(copy, who, name, phase, None, reason=reason)
        else:
            _row(copy, who, name, phase, value, numerator=45, denominator=n)
    if reason or who.answers is None or who.answers[0] < 0.5:
        why = reason or ("nobody_asked" if who.answers is None else "too_few")
        _row(copy, who, "response_median_days", "off_season", None, reason=why)
    else:
        _row(copy, who, "response_median_days", "off_season", 1.6, low=1.1, high=2.4,
             effective_n=float(who.askers[0]))  # fmt: skip


def _described(copy: Copy, who: Invented) -> None:
    reason = "no_coverage" if who.reasons.get("presence") == "no_coverage" else None
    reason = "too_few" if who.slug == "ilse-zelden" else reason
    _by_phase(copy, who, reason)
    plain: dict[str, tuple[str, float, dict[str, Any]]] = {
        "asks_per_100": ("off_season", 9.5, {"low": 6.5, "high": 13.4} | DESCRIPTIVE),
        "ask_months": ("all", 7.0, DESCRIPTIVE),
        "cliff": ("all", 0.3, {"low": 0.1, "high": 0.8}),
        "burstiness": ("all", 0.12, DESCRIPTIVE),
        "active_months": ("all", 10.0, {"low": 8.6, "high": 11.0}),
    }
    for name, (phase, value, more) in plain.items():
        if reason:
            _row(copy, who, name, phase, None, reason=reason)
        else:
            _row(copy, who, name, phase, value, numerator=19, denominator=200, **more)
    known = "no_coverage" if who.reasons.get("presence") == "no_coverage" else None
    for name in ("acts_per_week", "citizen_replies_per_week"):
        for phase, weekly in (("off_season", 1.4), ("season", 3.2)):
            why = known or (None if who.elections or phase == "off_season" else "no_season")
            why = "not_observable" if "replies" in name and not who.shows_replies else why
            ends = {} if why else {"low": 0.8 * weekly, "high": 1.3 * weekly}
            value = None if why else weekly
            _row(copy, who, name, phase, value, numerator=280, reason=why, **ends)
    few = {"numerator": 24, "denominator": 2}
    if reason or not who.elections:
        _row(copy, who, "burst_campaign", "all", None, reason=reason or "no_season")
    else:
        _row(copy, who, "burst_campaign", "all", 6.2, low=3.1, high=12.4, word="descriptive", **few)


def _by_phase(copy: Copy, who: Invented, reason: str | None) -> None:
    for phase, campaign, service in (("off_season", 0.08, 0.35), ("season", 0.31, 0.2)):
        for name, rate in (("campaign_share", campaign), ("service_share", service)):
            if reason or (phase == "season" and not who.elections):
                why = reason or "no_season"
                _row(copy, who, name, phase, None, reason=why, word="descriptive")
            else:
                more: dict[str, Any] = {"word": "descriptive", "is_comparable": False}
                _share(copy, who, name, phase, rate, 0.04, 200, **more)
        if reason or (phase == "season" and not who.elections):
            _row(copy, who, "restricted_share", phase, None, reason=reason or "no_season")
        else:
            _share(copy, who, "restricted_share", phase, 0.06, 0.03, 180, **DESCRIPTIVE)
        for name, tone in (("tone_acts", 0.21), ("tone_received", -0.06)):
            is_told = not reason and (name == "tone_acts" or phase == "off_season")
            is_told = is_told and (name == "tone_acts" or quiet_reason(who) is None)
            tone = tone if phase == "off_season" else 0.12
            bounds = {"low": tone - 0.05, "high": tone + 0.05, "denominator": 180}
            same = {"word": "descriptive", "is_comparable": False}
            if is_told:
                _row(copy, who, name, phase, tone, **bounds, **same)
            else:
                _row(copy, who, name, phase, None, reason=reason or "too_few", word="descriptive")


def _partners(copy: Copy, who: Invented) -> None:
    reason = quiet_reason(who)
    ladder = (44, 32, 15) if reason is None else (None, None, None)
    copy.add(
        "partner_ladder",
        person_id=who.slug,
        once=ladder[0],
        two_to_four=ladder[1],
        five_or_more=ladder[2],
        partner_count=91 if reason is None else None,
        reason=reason,
    )
    if not who.shows_replies:
        return
    months = (date(year, month, 1) for year in range(FROM.year, TO.year) for month in (1, 4, 7, 10))
    for number, on in enumerate(months):
        close = number // 4
        counts: tuple[int | None, ...] = (19 - number % 5, 10 + number % 4, None if close else 0)
        why = reason or ("too_short" if number < 1 else "too_few" if number % 6 == 5 else None)
        if why:
            counts = (None, None, None)
        copy.add(
            "partner_mix",
            person_id=who.slug,
            quarter_from_on=on,
            new_count=counts[0],
            warm_count=counts[1],
            close_count=counts[2],
            reason=why,
        )


def _curve(copy: Copy, who: Invented) -> None:
    if who.answers is None or "answer_rate" in who.reasons:
        return
    for day in (0.5, *range(1, 15)):
        known = ((0.0, 0.0), (1.0, 0.5), (3.0, 0.7), (7.0, 0.9), (14.0, 1.0))  # answered_within
        (left, low), (right, high) = next(p for p in pairwise(known) if p[0][0] < day <= p[1][0])
        share = who.answers[0] * (low + (high - low) * (day - left) / (right - left))
        low, high = max(0.0, share - 0.08), min(1.0, share + 0.08)
        copy.add(
            "response_curve", person_id=who.slug, day=float(day), share=share, low=low, high=high
        )


def _agenda(copy: Copy, who: Invented) -> None:
    reason = quiet_reason(who)
    if reason in {None, "not_observable"}:
        posted = sum(own for _, _, own in TOPICS.values())
        raised = sum(items for _, items, _ in TOPICS.values())
        for topic, (askers, items, own) in TOPICS.items():
            is_told = askers >= 10 and reason is None
            copy.add(
                "topic_share",
                person_id=who.slug,
                topic=topic,
                raised_count=items if is_told else None,
                raised_askers=askers if is_told else None,
                raised_share=items / raised if is_told else None,
                posted_count=own,
                posted_share=own / posted,
            )
    for name, share in LABELS.items():
        for phase in ("off_season", "season") if reason != "no_coverage" else ():
            copy.add(
                "label_share",
                person_id=who.slug,
                phase=phase,
                label=name,
                act_count=round(200 * share),
                share=share,
            )
    _row(copy, who, "pick_up", "all", None, reason=reason or "too_few")
    for number, topic in enumerate(("mobility", "housing", "mobility") if reason is None else ()):
        copy.add(
            "topic_raised",
            person_id=who.slug,
            topic=topic,
            from_on=date(2020 + number, 5, 3),
            asker_count=12 if number == 0 else None,
            is_picked_up=(True, False, None)[number],
        )


def _broadcast(copy: Copy, who: Invented) -> None:
    if who.slug == "dirk-zender":
        for number, days in enumerate((61, 40, 33)):
            first = date(2021 + number, 2, 1)
            copy.add(
                "broadcast_spell",
                person_id=who.slug,
                from_on=first,
                to_on=first + (days - 1) * ONE_DAY,
                days=days,
                is_at_least=number == 1,
                is_possible=number == 2,
            )


def _account_by_account(copy: Copy, who: Invented) -> None:
    mine = [row for row in copy.rows["metric"] if row["person_id"] == who.slug]
    names = {"presence", "active_months", "conversation", "tone_acts", "tone_received"}
    columns = ("metric", "phase", "value", "low", "high", "numerator", "denominator")
    more = ("effective_n", "covered_days", "reason", "is_comparable")
    for platform in who.platforms:
        for row in mine:
            if row["metric"] in names:
                copy.add(
                    "account_metric",
                    account_id=f"{who.slug}-{platform}",
                    person_id=who.slug,
                    **{name: row[name] for name in (*columns, *more)},
                )


CHOICES = (
    ("headline", "", 0.0),
    ("answer_window_days", "7", -1.5),
    ("mean", "arithmetic", 4.0),
    ("redirects", "in", 0.5),
    ("season", "90", 0.3),
    ("weight_presence", "double", 2.0),
    ("weight_return", "double", -6.0),
    ("weight_return", "half", 3.0),
)


def other_rules(copy: Copy, who: Invented, score: float | None, band_of: Any) -> dict[str, Any]:
    """The score under other rules, as rows of `alternative`; the range as columns of `score`."""
    names = ("alternative_low", "alternative_high", "alternative_keep", "moved_most_by")
    if score is None:
        return dict.fromkeys(names)
    scores = {
        choice: min(100.0, max(0.0, score + move)) for *choice_value, move in CHOICES
        for choice in [tuple(choice_value)]
    }  # fmt: skip
    for (choice, value), other in scores.items():
        is_lost = choice == "redirects" and who.slug == "chloe-vanpiek"
        copy.add(
            "alternative",
            person_id=who.slug,
            choice=choice,
            value=value,
            score=None if is_lost else other,
            band=None if is_lost else band_of(other),
            is_headline=choice == "headline",
            reason="other_pillars" if is_lost else None,
        )
    others = [other for key, other in scores.items() if key[0] != "headline"]
    kept = sum(band_of(other) == band_of(score) for other in others) / len(others)
    return dict(zip(names, (min(others), max(others), kept, "weight_return double"), strict=True))


def peers(copy: Copy) -> None:
    """What is usual among councillors, and how far chance alone reaches, by number of askers."""
    groups = {("councillor", "local"): 7}
    for (office, level), n in groups.items():
        for name in ("presence", "conversation", "answer_rate"):
            copy.add(
                "peer",
                office=office,
                level=level,
                metric=name,
                phase="off_season",
                people_count=n,
                median=0.41,
                low_quartile=0.2,
                high_quartile=0.66,
            )
        for askers in range(10, 201):
            error = math.sqrt(0.4 * 0.6 / askers)
            low, high = 0.4 - 1.96 * error, 0.4 + 1.96 * error
            far_low, far_high = 0.4 - 3.09 * error, 0.4 + 3.09 * error
            copy.add(
                "funnel",
                office=office,
                level=level,
                metric="answer_rate",
                people_count=n,
                n=askers,
                centre=0.4,
                low_95=max(0.0, low),
                high_95=min(1.0, high),
                low_998=max(0.0, far_low),
                high_998=min(1.0, far_high),
            )
