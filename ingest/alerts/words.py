"""What alerts say, in Dutch, French and English; moments are ISO days everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FALLBACK = "en"
WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "alerts": "Winterslaap: alerts",
            "title_asleep": "Asleep for 28 days",
            "title_question_open": "Question open for 10 days",
            "title_coverage_broken": "Coverage broken",
            "asleep": "{name}: no own post or reply for {days} days ({period}) on {accounts}",
            "asleep_at_least": "{name}: no own post or reply for at least {days} days ({period}) "
            "on {accounts}",
            "reposts_only": "; reposts only",
            "period": "{first} to {last}",
            "question": "a question",
            "questions": "{count} questions",
            "under_own": "under this item",
            "elsewhere": "in a thread of somebody else",
            "unanswered": "{name}: {count} {place} without a public answer for {days} days, "
            "the first asked on {day}",
            "unknown_since": "{name}: unknown since {day}: {told}",
            "never_known": "{name}: never known: {told}",
            "hole": "{name}: {account}: {period} is unknown → collect more often",
        },
        "nl": {
            "alerts": "Winterslaap: meldingen",
            "title_asleep": "Al 28 dagen in slaap",
            "title_question_open": "Vraag al 10 dagen open",
            "title_coverage_broken": "Dekking onderbroken",
            "asleep": "{name}: al {days} dagen geen eigen bericht of antwoord ({period}) "
            "op {accounts}",
            "asleep_at_least": "{name}: al minstens {days} dagen geen eigen bericht of antwoord "
            "({period}) op {accounts}",
            "reposts_only": "; alleen gedeelde berichten",
            "period": "{first} tot {last}",
            "question": "een vraag",
            "questions": "{count} vragen",
            "under_own": "onder dit bericht",
            "elsewhere": "in een gesprek van iemand anders",
            "unanswered": "{name}: {count} {place} al {days} dagen zonder openbaar antwoord, "
            "de eerste gesteld op {day}",
            "unknown_since": "{name}: onbekend sinds {day}: {told}",
            "never_known": "{name}: nooit bekend: {told}",
            "hole": "{name}: {account}: {period} is onbekend → haal vaker op",
        },
        "fr": {
            "alerts": "Winterslaap : alertes",
            "title_asleep": "Endormi depuis 28 jours",
            "title_question_open": "Question ouverte depuis 10 jours",
            "title_coverage_broken": "Couverture interrompue",
            "asleep": "{name} : ni publication ni réponse depuis {days} jours ({period}) "
            "sur {accounts}",
            "asleep_at_least": "{name} : ni publication ni réponse depuis au moins {days} jours "
            "({period}) sur {accounts}",
            "reposts_only": " ; seulement des partages",
            "period": "{first} à {last}",
            "question": "une question",
            "questions": "{count} questions",
            "under_own": "sous cette publication",
            "elsewhere": "dans le fil de quelqu'un d'autre",
            "unanswered": "{name} : {count} {place} sans réponse publique depuis {days} jours, "
            "la première posée le {day}",
            "unknown_since": "{name} : inconnu depuis le {day} : {told}",
            "never_known": "{name} : jamais connu : {told}",
            "hole": "{name} : {account} : {period} est inconnu → collecter plus souvent",
        },
    }
)
LANGUAGES = tuple(WORDS)


def language_of(chosen: str, own: str) -> str:
    """The language chosen, else the person's own, else English."""
    return next((one for one in (chosen, own) if one in WORDS), FALLBACK)


def say(lang: str, key: str, **values: object) -> str:
    """A phrase in a language, with its values."""
    return WORDS[lang][key].format(**values)
