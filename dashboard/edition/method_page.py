"""How the numbers of an edition come about, with the choices it was computed with."""

from __future__ import annotations

from dashboard import labels
from dashboard.edition.site import Page, Site, draw
from dashboard.labels import PILLARS, REASONS, named
from dashboard.words import Words, words
from metrics import read

RULES = (
    "edition.rule_public",
    "edition.rule_unknown",
    "edition.rule_season",
    "edition.rule_answer",
    "edition.rule_margin",
    "edition.rule_band",
    "edition.rule_sleep",
    "edition.rule_rank",
)
FULL = {
    "presence": ("edition.what_presence", "presence_full"),
    "steadiness": ("edition.what_steadiness", "burst_zero"),
    "conversation": ("edition.what_conversation", "conversation_full"),
    "answering": ("edition.what_answering", "answering_full"),
    "return": ("edition.what_return", "return_full"),
}


def page(site: Site, lang: str) -> str:
    """The method page in one language."""
    t = words(lang)
    params = read.all_of(site.copy, "param")
    choices = dict(zip(params["name"], params["value"], strict=True))
    rows = [
        (str(row["name"]), str(row["value"] or ""), str(row["description"] or ""))
        for row in params.to_dict("records")
    ]
    reasons = [(named(REASONS, code, t), labels.why("", code, t)) for code in REASONS]
    return draw(
        "method",
        site,
        lang,
        Page("method.html", t("edition.method_title"), t("edition.method_summary")),
        sections=[(t("edition.method_rules"), _rules(choices, t))],
        pillars=[_pillar(name, choices, t) for name in FULL],
        reasons=reasons,
        params=rows,
    )


def _rules(choices: dict[str, str], t: Words) -> list[str]:
    def whole(name: str) -> str:
        return t.number(float(choices[name])) if name in choices else "–"

    band = choices.get("band_probability")
    values = {
        "edition.rule_season": {"days": whole("season_days"), "after": whole("aftermath_days")},
        "edition.rule_answer": {
            "days": whole("answer_window_days"),
            "askers": whole("asker_count"),
        },
        "edition.rule_band": {"share": t.percent(float(band)) if band else "–"},
        "edition.rule_sleep": {"days": whole("asleep_days"), "after": whole("sleep_after_days")},
    }
    return [t(key, **values.get(key, {})) for key in RULES]


def _pillar(name: str, choices: dict[str, str], t: Words) -> tuple[str, str, str, str]:
    """Name, what counts, and the values that earn no and all points."""
    what, choice = FULL[name]
    full = float(choices[choice])
    if name == "steadiness":
        ends = (t.times(full), t.times(1.0))
    else:
        ends = (t.percent(0.0), t.percent(full))
    return (t(PILLARS[name]), t(what), *ends)
