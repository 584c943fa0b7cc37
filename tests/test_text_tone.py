import random

import pytest
from vaderSentiment import vaderSentiment as shared

from metrics.text.lists import shipped
from metrics.text.model import ToneLists
from metrics.text.tone import MAX_CHARS, Tone

PACKAGE = shared.SentimentIntensityAnalyzer()
ENGLISH = Tone(ToneLists(is_evaluated=True, is_vader=True))
PIVOTS = [
    "not",
    "never",
    "no",
    "nor",
    "but",
    "BUT",
    "kind",
    "of",
    "sort",
    "least",
    "at",
    "so",
    "this",
    "without",
    "doubt",
    "very",
    "extremely",
    "isn't",
    "really",
    "VERY",
    "the",
    "shit",
    "bus",
    "stop",
    "bad",
    "ass",
    "yeah",
    "right",
    ":)",
    ":(",
    ":D",
    "!!!",
    "??",
    "!",
    "don't",
    "day",
    "council",
    "and",
    "😀",
    "❤",
    "👍🏽",
    "👍",
    "🎉top",
    "good",
    "BAD",
]


def sentences(count, seed):
    chance = random.Random(seed)
    lexicon = sorted(PACKAGE.lexicon)
    emoji = sorted(PACKAGE.emojis)
    for _ in range(count):
        words = [
            chance.choice(PIVOTS)
            if chance.random() < 0.6
            else chance.choice(lexicon if chance.random() < 0.9 else emoji)
            for _ in range(chance.randint(1, 30))
        ]
        yield chance.choice([" ", " ", "  ", "\n"]).join(words)


def test_english_scores_are_the_packages_on_thousands_of_sentences():
    for text in sentences(5_000, seed=4):
        assert ENGLISH.compound(text) == PACKAGE.polarity_scores(text)["compound"], text


@pytest.mark.parametrize(
    "text", ["", " ", "!", "but", "not", "😀", "GREAT", "great great", "a but"]
)
def test_english_edges_are_the_packages(text):
    assert ENGLISH.compound(text) == PACKAGE.polarity_scores(text)["compound"]


def test_the_shared_module_stays_as_installed():
    for lists in shipped().values():
        Tone(lists.tone, lists.split)
    assert "niet" not in shared.NEGATE
    assert "heel" not in shared.BOOSTER_DICT
    assert shared.negated(["not"])
    assert PACKAGE.polarity_scores("The food is good")["compound"] == pytest.approx(0.4404)


def scored(code, text):
    lists = shipped()[code]
    return Tone(lists.tone, lists.split).compound(text)


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        ("nl", "Dat is een goed plan", "Dat is geen goed plan"),
        ("nl", "Schitterend werk, proficiat!", "Een schandalige leugen"),
        ("fr", "C'est une bonne idée", "Ce n'est pas une bonne idée"),
        ("fr", "Magnifique, bravo !", "Une honte, quel mensonge"),
        ("de", "Das ist ein guter Plan", "Das ist kein guter Plan"),
        ("de", "Großartig, herzlichen Glückwunsch!", "Eine Schande und eine Lüge"),
        ("en", "This is a good plan", "This is not a good plan"),
    ],
)
def test_each_language_has_its_own_words_and_negations(code, good, bad):
    assert scored(code, good) > 0.05
    assert scored(code, bad) < 0


def test_function_words_of_dutch_and_german_weigh_nothing():
    assert scored("nl", "de man die het plan van de stad las") == 0
    assert scored("de", "die Sitzung war gestern") == 0


def test_what_follows_but_weighs_more():
    assert scored("nl", "een mooi plan maar een slechte uitvoering") < scored(
        "nl", "een slechte uitvoering maar een mooi plan"
    )


def test_boosters_strengthen_and_emoji_count():
    assert scored("nl", "heel mooi") > scored("nl", "mooi") > 0
    assert scored("nl", "op naar morgen 👏") > 0 > scored("nl", "op naar morgen 😡")
    assert scored("fr", "demain😡") < 0


def test_idioms_count_as_one_word():
    assert scored("nl", "petje af voor de brandweer") > 0
    assert scored("de", "Vielen Dank an die Feuerwehr") > 0


def test_only_the_beginning_of_a_long_text_has_a_tone():
    assert scored("nl", "x " * MAX_CHARS + "schitterend") == 0
