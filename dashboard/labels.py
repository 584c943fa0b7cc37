"""Which words go with the codes of a published copy: offices, gates, bands, platforms."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.words import Words

OFFICES = {
    "councillor": "office.councillor",
    "alderman": "office.alderman",
    "mayor": "office.mayor",
    "mp": "office.mp",
    "mep": "office.mep",
    "minister": "office.minister",
}
PLATFORMS = {
    "bluesky": "platform.bluesky",
    "mastodon": "platform.mastodon",
    "feeds": "platform.feeds",
    "wordpress": "platform.wordpress",
    "x": "platform.x",
    "facebook": "platform.facebook",
    "instagram": "platform.instagram",
    "linkedin": "platform.linkedin",
}
BURSTS = {
    "steady": "burst.steady",
    "campaign_burst": "burst.campaign_burst",
    "quieter_in_season": "burst.quieter_in_season",
    "not_clear": "burst.not_clear",
}
REASONS = {  # as short as a cell of a table
    "no_coverage": "reason.no_coverage",
    "too_short": "reason.too_short",
    "too_few": "reason.too_few",
    "nobody_asked": "reason.nobody_asked",
    "not_observable": "reason.not_observable",
    "no_season": "reason.no_season",
    "rarely_present": "reason.rarely_present",
    "possible": "reason.possible",
}
WHY = {  # as a sentence; a metric of its own comes before the general one
    ("presence", "no_coverage"): "why.presence_no_coverage",
    ("answer_rate", "too_few"): "why.answers_too_few",
    ("conversation", "too_few"): "why.conversation_too_few",
    ("burst_acts", "too_few"): "why.burst_too_few",
    ("burst_replies", "too_few"): "why.burst_too_few",
    ("burst_acts", "too_short"): "why.burst_too_short",
    ("burst_replies", "too_short"): "why.burst_too_short",
    ("return", "too_few"): "why.relation_few",
    ("carry_over", "too_few"): "why.relation_few",
    ("depth", "too_few"): "why.relation_few",
    ("relation_days", "too_few"): "why.relation_few",
    ("partner_ladder", "too_few"): "why.ladder_few",
    ("reply_share_citizen", "too_few"): "why.replies_few",
    ("reply_share_politician", "too_few"): "why.replies_few",
    ("reply_share_party", "too_few"): "why.replies_few",
    ("reply_share_media", "too_few"): "why.replies_few",
    ("reply_share_organisation", "too_few"): "why.replies_few",
    ("partners_per_30", "too_few"): "why.replies_few",
    ("effective_partners", "too_few"): "why.replies_few",
    ("campaign_share", "too_few"): "why.read_few",
    ("service_share", "too_few"): "why.read_few",
    ("restricted_share", "too_few"): "why.restricted_few",
    ("restricted_share", "not_observable"): "why.restricted_hidden",
    ("asks_per_100", "too_few"): "why.read_few",
    ("followed_up_in_public", "too_few"): "why.promises_few",
    ("pick_up", "too_few"): "why.topics_few",
    ("tone_acts", "too_few"): "why.tone_few",
    ("tone_received", "too_few"): "why.tone_few",
    ("tone_acts", "not_observable"): "why.tone_hidden",
    ("tone_received", "not_observable"): "why.tone_hidden",
    ("", "no_coverage"): "why.no_coverage",
    ("", "too_short"): "why.too_short",
    ("", "too_few"): "why.too_few",
    ("", "nobody_asked"): "why.nobody_asked",
    ("", "not_observable"): "why.not_observable",
    ("", "no_season"): "why.no_season",
    ("", "rarely_present"): "why.rarely_present",
    ("", "possible"): "why.possible",
}
PILLARS = {
    "presence": "pillar.presence",
    "steadiness": "pillar.steadiness",
    "conversation": "pillar.conversation",
    "answering": "pillar.answering",
    "return": "pillar.return",
}
ADVICE = {
    "SourceUnavailable": "advice.unavailable",
    "RateLimited": "advice.rate_limited",
    "AccessDenied": "advice.denied",
    "AccountGone": "advice.gone",
    "UnexpectedPayload": "advice.unexpected",
}
RUNS = {
    "complete": "run.complete",
    "unchanged": "run.unchanged",
    "incomplete": "run.incomplete",
    "interrupted": "run.interrupted",
    "failed": "run.failed",
    "skipped": "run.skipped",
    "running": "run.running",
}
LIMITS = (
    "about.limit_public",
    "about.limit_unknown",
    "about.limit_deleted",
    "about.limit_lists",
    "about.limit_interval",
    "about.limit_elections",
    "about.limit_cause",
)
PRIVACY = (
    "about.private_keys",
    "about.private_texts",
    "about.private_small",
    "about.private_people",
)


def is_told(value: Any) -> bool:
    """Whether a cell holds something: not None, not NaN, not NULL."""
    return not (value is None or value is pd.NA or value is pd.NaT or value != value)


def named(table: dict[str, str], code: Any, t: Words) -> str:
    """The words for a code; a code without words as it stands, without its underscores."""
    if not is_told(code):
        return ""
    key = table.get(str(code))
    return t(key) if key else str(code).replace("_", " ").replace("-", " ")


def why(metric: str, reason: Any, t: Words) -> str:
    """Why there is no number, as a sentence."""
    key = WHY.get((metric, str(reason))) or WHY.get(("", str(reason)))
    return t(key) if key else named(REASONS, reason, t)


def platforms(listed: Any, t: Words) -> str:
    """Platforms from a list joined by +, by name."""
    names = [name.strip() for name in str(listed or "").split("+") if name.strip()]
    return ", ".join(named(PLATFORMS, name, t) for name in names)


def band(code: Any, reason: Any, t: Words) -> str:
    """A band, or why there is none."""
    if is_told(code) and code != "none":
        return str(code)
    return named(REASONS, reason, t) if is_told(reason) else t("band.none")


def score_sentence(row: Any, t: Words) -> str:
    """The 365 score with its interval and pillars, or why there is none."""
    names = [
        t(PILLARS[name]).lower() for name in str(row["pillars"] or "").split("+") if name in PILLARS
    ]
    over = ", ".join(names)
    if not is_told(row["score"]):
        key = "score.none" if over else "score.nothing"
        return t(key, why=why("", row["reason"], t), **({"pillars": over} if over else {}))
    text = t(
        "score.some",
        score=t.number(row["score"]),
        low=t.number(row["low"]),
        high=t.number(row["high"]),
        pillars=over,
    )
    code = row["band"]
    if not is_told(code) or code == "none":
        return f"{text} {t('score.no_band')}"
    return f"{text} {t('score.band', band=code)}"
