"""Sentences about an invented town, drawn from a grammar in Dutch, French or English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.demo.words_fr_en import EN, FR
from ingest.demo.words_nl import RULES as NL

if TYPE_CHECKING:
    from random import Random

TOPICS = (
    "mobility", "waste", "schools", "housing", "safety",
    "green", "care", "economy", "culture", "governance",
)  # fmt: skip
TOPIC_WEIGHTS = (22, 12, 12, 11, 10, 10, 7, 5, 6, 5)
_RULES = {"nl": NL, "fr": FR, "en": EN}
_SLOT = re.compile(r"\{(\w+)(\^?)\}")
MAX_LETTERS = 290  # Bluesky allows 300

# what a person's own post is about, off season and in season
INTENTS = ("service", "position", "personal", "ask_public", "thank_all", "promo", "attack")
INTENT_WEIGHTS = (30, 18, 14, 9, 16, 8, 5)
CAMPAIGN_INTENTS = ("vote", "trail")
CAMPAIGN_WEIGHTS = (9, 22)


def topic(rng: Random) -> str:
    """What a thread is about; mobility comes up most, as in any town."""
    return rng.choices(TOPICS, TOPIC_WEIGHTS)[0]


def language(rng: Random, languages: tuple[tuple[str, float], ...]) -> str:
    """One of the languages a person writes in, by their shares."""
    return rng.choices([code for code, _ in languages], [share for _, share in languages])[0]


def write(rng: Random, rule: str, lang: str, about: str, first: str = "") -> str:
    """A text of one kind (`rule`) in a language about a topic; `first`: whom it speaks to."""
    rules = _RULES[lang]
    if rule not in rules:
        rules = NL

    def fill(slot: re.Match[str]) -> str:
        name, upper = slot[1], slot[2]
        if name == "first":
            word = first or "allemaal"
        elif name == "n":
            word = str(rng.randint(2, 9))
        elif name == "n2":
            word = str(rng.randint(11, 99))
        else:
            key = {"thing": about, "place2": "place"}.get(name, name)
            word = _SLOT.sub(fill, rng.choice(rules[key]))
        return word[:1].upper() + word[1:] if upper else word

    text = _SLOT.sub(fill, rng.choice(rules[rule]))
    return (text[:1].upper() + text[1:])[:MAX_LETTERS]
