"""Every word people read, in Dutch, French and English, with numbers and days to match.

The catalogues are gettext files beside this one, read once with Babel; nothing
is installed globally, so two readers can read two languages at the same time.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from babel.core import Locale
from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

DEFAULT = "nl"
LOCALES = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}
HERE = Path(__file__).parent


class Words:
    """The words, numbers and days of one language."""

    def __init__(self, lang: str, texts: dict[str, tuple[str, ...]]) -> None:
        self.lang = lang
        self.locale = LOCALES[lang]
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with its places filled in."""
        text = self._texts[key][0]
        return text.format(**values) if values else text

    def count(self, key: str, number: int, **values: object) -> str:
        """The text of `key` in the form that goes with `number`, shown as {n}."""
        is_one = number in {0, 1} if self.lang == "fr" else number == 1
        text = self._texts[key][0 if is_one else 1]
        return text.format(n=self.number(number), **values)

    def number(self, value: float, digits: int = 0) -> str:
        """12.345,6 as this language writes it."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return _decimal(value, pattern, self.locale)

    def percent(self, share: float, digits: int = 0) -> str:
        """0.213 as 21 %, the way this language writes it."""
        return _percent(share, digits, self.locale)

    def percents(self, low: float, high: float) -> str:
        """An interval of shares: 18–23 %; with a decimal where both ends look the same."""
        digits = 1 if self.percent(low) == self.percent(high) else 0
        return f"{self.number(100 * low, digits)}–{self.percent(high, digits)}"

    def factor(self, factor: float) -> str:
        """How many times, with one decimal below ten where it says something: 3,9 or 6."""
        digits = 1 if factor < 10 and round(factor, 1) % 1 else 0
        return self.number(factor, digits)

    def times(self, factor: float) -> str:
        """How many times as much: ×3,9."""
        return f"×{self.factor(factor)}"

    def day(self, day: date) -> str:
        """13 oktober 2024."""
        return _date(day, "d MMMM y", self.locale)

    def moment(self, moment: datetime) -> str:
        """2 jan. 2025 06:00."""
        return format_datetime(moment, "d MMM y HH:mm", locale=self.locale)

    def short_day(self, day: date) -> str:
        """13 okt."""
        return format_date(day, "d MMM", locale=self.locale).replace(".", "")

    def weekday(self, day: date) -> str:
        """Zondag 13 oktober 2024."""
        return _date(day, "EEEE d MMMM y", self.locale)

    def month(self, day: date) -> str:
        """Okt."""
        return format_date(day, "LLL", locale=self.locale).replace(".", "")

    def language(self, code: str) -> str:
        """Nederlands."""
        return str(Locale.parse(self.locale).languages.get(code, code))

    def short_weekday(self, day: date) -> str:
        """Zo."""
        return format_date(day, "EEEEEE", locale=self.locale)


@lru_cache(maxsize=20_000)
def _date(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


@lru_cache(maxsize=20_000)
def _decimal(value: float, pattern: str, locale: str) -> str:
    return format_decimal(value, format=pattern, locale=locale)


@lru_cache(maxsize=20_000)
def _percent(share: float, digits: int, locale: str) -> str:
    if not digits:
        return format_percent(share, locale=locale)
    pattern = Locale.parse(locale).percent_formats[None].pattern
    wanted = pattern.replace("0", "0." + "0" * digits)
    return format_percent(share, format=wanted, locale=locale)


def _read(lang: str) -> Words:
    with (HERE / f"{lang}.po").open("rb") as file:
        catalog = read_po(file, locale=lang)
    texts = {
        str(message.id[0] if isinstance(message.id, tuple) else message.id): (
            tuple(message.string) if isinstance(message.string, tuple) else (str(message.string),)
        )
        for message in catalog
        if message.id
    }
    return Words(lang, texts)


@lru_cache(maxsize=len(LOCALES))
def words(lang: str) -> Words:
    """The words of a language; Dutch when we have no such language."""
    return _read(lang if lang in LOCALES else DEFAULT)
