"""Every word exists, in three languages, with the same places, and is used."""

from __future__ import annotations

import ast
import re
from datetime import date, datetime
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from dashboard.words import DEFAULT, HERE, LOCALES, words

ROOT = Path(__file__).parents[1]
KEY = re.compile(r"[a-z]+\.[a-z_0-9]+")
FILES = (
    ".py",
    ".css",
    ".woff2",
    ".svg",
    ".po",
    ".md",
    ".html",
    ".json",
    ".typ",
    ".csv",
    ".txt",
    ".cff",
    ".png",
    ".pdf",
)
SETTINGS = ("server.",)  # of Streamlit
IN_TEMPLATE = re.compile(r"""["']([a-z]+\.[a-z_0-9]+)["']""")


def _messages(lang: str) -> dict[str, Message]:
    with (HERE / f"{lang}.po").open("rb") as file:
        catalog = read_po(file, locale=lang)
    return {
        message.id[0] if isinstance(message.id, tuple) else message.id: message
        for message in catalog
        if message.id
    }


def _texts(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _keys_in_source() -> set[str]:
    sources = [ROOT / "app.py", *(ROOT / "dashboard").rglob("*.py")]
    found = set()
    for source in sources:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    for template in (ROOT / "dashboard").rglob("*.jinja"):
        found |= set(IN_TEMPLATE.findall(template.read_text("utf-8")))
    others = {text for text in found if text.endswith(FILES) or text.startswith(SETTINGS)}
    return {text for text in found if KEY.fullmatch(text)} - (others - set(_messages(DEFAULT)))


def test_every_key_in_the_pages_has_words() -> None:
    assert sorted(_keys_in_source() - set(_messages(DEFAULT))) == []


def test_every_word_is_used() -> None:
    assert sorted(set(_messages(DEFAULT)) - _keys_in_source()) == []


@pytest.mark.parametrize("lang", LOCALES)
def test_nothing_is_untranslated(lang: str) -> None:
    messages = _messages(lang)
    assert set(messages) == set(_messages(DEFAULT))
    assert not [key for key, one in messages.items() if not all(_texts(one)) or one.fuzzy]


@pytest.mark.parametrize("lang", LOCALES)
def test_plurals_are_plurals_in_every_language(lang: str) -> None:
    kinds = {key: len(_texts(message)) for key, message in _messages(lang).items()}
    assert kinds == {key: len(_texts(message)) for key, message in _messages(DEFAULT).items()}


@pytest.mark.parametrize("lang", LOCALES)
def test_translations_fill_the_same_places(lang: str) -> None:
    original = _messages(DEFAULT)
    for key, message in _messages(lang).items():
        wanted = {name for text in _texts(original[key]) for name in _places(text)}
        for text in _texts(message):
            assert _places(text) == wanted, key


def test_most_texts_differ_between_languages() -> None:
    dutch, french, english = (_messages(lang) for lang in LOCALES)
    same = [
        key
        for key in dutch
        if len(dutch[key].string) > 24
        and (dutch[key].string in {french[key].string, english[key].string})
    ]
    assert same == []


def test_numbers_are_written_as_belgians_write_them() -> None:
    dutch, french, english = words("nl"), words("fr"), words("en")
    assert dutch.number(1234.5, 1) == "1.234,5"
    assert english.number(1234.5, 1) == "1,234.5"
    assert french.number(1234.5, 1).replace("\u202f", " ") == "1 234,5"
    assert dutch.percent(0.213) == "21%"
    assert french.percent(0.213).replace("\u202f", " ").replace("\xa0", " ") == "21 %"
    assert dutch.percents(0.18, 0.234) == "18–23%"
    assert dutch.percents(0.0052, 0.0118) == "0,5–1,2%"
    assert french.percent(0.0052, 1).endswith("%")
    assert dutch.times(3.94) == "×3,9"
    assert dutch.times(12.1) == "×12"
    assert dutch.factor(6.04) == "6"


def test_days_are_written_out() -> None:
    day = date(2024, 10, 13)
    assert words("nl").day(day) == "13 oktober 2024"
    assert words("fr").short_day(day) == "13 oct"
    assert words("en").weekday(day) == "Sunday 13 October 2024"
    assert words("nl").month(day) == "okt"
    assert words("nl").short_weekday(day) == "zo"
    assert words("nl").moment(datetime(2025, 1, 2, 6, 5)).endswith("06:05")  # noqa: DTZ001


def test_none_is_one_in_french_and_many_in_dutch() -> None:
    assert words("nl").count("count.answers", 0) == "0 antwoorden aan inwoners"
    assert words("fr").count("count.answers", 0) == "0 réponse aux habitants"
    assert words("nl").count("count.answers", 1) == "1 antwoord aan inwoners"


def test_an_unknown_language_reads_dutch() -> None:
    assert words("xx").lang == DEFAULT


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        words("nl")("no.such_key")
