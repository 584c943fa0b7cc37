"""The rules that turn what fired in a text into features, for one language.

Questions: a sentence that ends in "?" has the form of one, tags ("toch?") aside. It
wants an answer only where it has a question word or a verb with "you" and nothing
rhetorical; a request wants one without "?", and so does what opens like a question
in a text without any "?". Labels: the first of METHOD §8 whose list
fires, by one strong entry or three different weak ones; who undertakes something and
says nothing else of those helps (`help_thank`). A redirect names a link, an
address or an office and says nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from metrics.text import tokens
from metrics.text.features import LABELS, Features
from metrics.text.lists import TOPICS
from metrics.text.matching import Found, Matcher, replaced
from metrics.text.model import Entry, LanguageLists
from metrics.text.tone import Tone

if TYPE_CHECKING:
    from metrics.text.encoder import EncoderTone

MAX_FIRED = 3  # entries named per rule
AFTER_QUESTION = 4  # words of the next sentence that may answer it
MAX_REDIRECT_WORDS = 40
REST_BESIDE_PHRASE, REST_BESIDE_LINK, REST_ELSEWHERE = 8, 3, 1  # words longer than 3 letters

_IN_SENTENCE = ("question.asks", "question.tag", "question.choice", "question.rhetorical")
_CONTACTS = frozenset({"<url>", "<mail>", "<phone>"})
_MAY_REDIRECT = ("none", "service_info", "ask_public", "help_thank")
_TOPIC_RULES = tuple((topic, f"topic.{topic}") for topic in TOPICS)
_LABEL_RULES = tuple((label, f"label.{label}") for label in LABELS[:-1])
_PHRASE, _FILLER = "<phrase>", "<filler>"


class LanguageReader:
    """Reads the texts of one language; built once, safe to share."""

    def __init__(
        self, lists: LanguageLists, version: str, encoder: EncoderTone | None = None
    ) -> None:
        self.lists, self.version = lists, version
        rules = lists.rules.values()
        self._all = Matcher(rule for rule in rules if rule.name not in _IN_SENTENCE)
        self._sentence = Matcher(rule for rule in rules if rule.name in _IN_SENTENCE)
        self._tone: Tone | EncoderTone | None = encoder
        if encoder is None and lists.tone.is_evaluated:
            self._tone = Tone(lists.tone, lists.split)

    def features(self, cleaned: Sequence[str], is_received: bool) -> list[Features]:
        """The features of each cleaned text in this language, in order."""
        texts = [tokens.canonical(text, self.lists.split) for text in cleaned]
        found = [self._all.found(text) for text in texts]
        tones = [None if self._tone is None else self._tone.compound(text) for text in cleaned]
        return [self._one(*each, is_received) for each in zip(texts, found, tones, strict=True)]

    def _one(self, text: str, found: Found, tone: float | None, is_received: bool) -> Features:
        fired: list[Entry] = []
        topics = self._topics(found, text, fired)
        asked, answer_wanted = self._questions(text, fired if is_received else [])
        if is_received:
            is_abuse = self._abuse(found, text, fired)
            opener = " ? " not in text and self._named("question.opener", found, text, fired)
            request = self._named("question.request", found, text, fired)
            return Features(
                lang=self.lists.code,
                is_question=asked or opener,
                wants_answer=answer_wanted or opener or request,
                is_abuse=is_abuse,
                topics=topics,
                tone=tone,
                fired=tuple(entry.name for entry in fired),
                version=self.version,
            )
        label = self._label(found, text, fired)
        promise = self._named("promise", found, text, fired)
        if promise and label == LABELS[-1]:
            label = "help_thank"
        return Features(
            lang=self.lists.code,
            is_question=asked,
            is_redirect=label in _MAY_REDIRECT
            and not promise
            and self._is_redirect(found, text, fired),
            label=label,
            asks_public=self._named("label.ask_public", found, text, []),
            promise=promise,
            topics=topics,
            tone=tone,
            fired=tuple(entry.name for entry in fired),
            version=self.version,
        )

    def parts(self, text: str) -> list[tuple[Matcher, str]]:
        """What is matched with what: the whole text, and each of its questions by itself."""
        asked = [(self._sentence, whole) for whole, _words in _asked(text)]
        return [(self._all, text), *asked]

    def _named(self, name: str, found: Found, text: str, fired: list[Entry]) -> bool:
        entries = self._all.fired(name, found, text)
        fired += entries[:MAX_FIRED]
        return bool(entries)

    def _topics(self, found: Found, text: str, fired: list[Entry]) -> tuple[str, ...]:
        return tuple(
            topic
            for topic, name in _TOPIC_RULES
            if name in found and self._named(name, found, text, fired)
        )

    def _label(self, found: Found, text: str, fired: list[Entry]) -> str:
        for label, name in _LABEL_RULES:
            if name in found and self._named(name, found, text, fired):
                return label
        return LABELS[-1]

    def _abuse(self, found: Found, text: str, fired: list[Entry]) -> bool:
        insult = self._named("abuse.insult", found, text, fired)
        spam = self._named("abuse.spam", found, text, fired)
        return insult or spam

    def _questions(self, text: str, fired: list[Entry]) -> tuple[bool, bool]:
        """Whether a sentence has the form of a question, and whether one wants an answer."""
        if " ? " not in text:
            return False, False
        is_question = wants_answer = False
        for whole, words in _asked(text):
            marked = self._sentence.found(whole)
            if "question.tag" in marked and "question.choice" not in marked:
                continue
            is_question = True
            asks = self._sentence.fired("question.asks", self._sentence.found(words), words)
            asks += self._sentence.hits("question.choice", marked).strong
            if asks and "question.rhetorical" not in marked:
                wants_answer = True
                fired += asks[:MAX_FIRED]
        return is_question, wants_answer

    def _is_redirect(self, found: Found, text: str, fired: list[Entry]) -> bool:
        phrases = self._all.hits("redirect.phrase", found).strong
        if not phrases and _CONTACTS.isdisjoint(text.split()):
            return False
        if text.count(" ") > MAX_REDIRECT_WORDS:
            return False
        rest = _replaced(text, phrases, _PHRASE)
        rest = _replaced(rest, self._all.hits("redirect.filler", found).strong, _FILLER)
        if only_redirects(rest):
            fired += phrases[:MAX_FIRED]
            return True
        return False


def _asked(text: str) -> list[tuple[str, str]]:
    """The sentences that end in "?": with the words that may answer them, and without."""
    parts = tokens.sentences(text)
    asked = []
    for i, (words, mark) in enumerate(parts):
        if mark == "?":
            after = parts[i + 1][0].split()[:AFTER_QUESTION] if i + 1 < len(parts) else []
            asked.append((f"{words}? {''.join(f'{word} ' for word in after)}", words))
    return asked


def only_redirects(text: str) -> bool:
    """Whether a canonical text names where to go and says next to nothing else."""
    sends_away = False
    for words, _mark in tokens.sentences(text):
        seen = words.split()
        rest = sum(len(word) > 3 and word.isalpha() for word in seen)
        if _PHRASE in seen:
            allowed, sends_away = REST_BESIDE_PHRASE, True
        elif not _CONTACTS.isdisjoint(seen):
            allowed, sends_away = REST_BESIDE_LINK, True
        else:
            allowed = REST_ELSEWHERE
        if rest > allowed:
            return False
    return sends_away


def _replaced(text: str, entries: Iterable[Entry], by: str) -> str:
    for entry in entries:
        text = replaced(entry, f" {by} ", text)
    return text
