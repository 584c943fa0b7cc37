"""Reading posts: all features per second, against the same work done with the usual tools."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.figure import Figure
from metrics.text import read
from metrics.text.lists import shipped
from metrics.text.tone import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
POSTS, PEER_POSTS, LANGUAGES = 8_000, 400, ("nl", "fr", "de", "en")
AIM_POSTS, AIM_START, AIM_GAIN = 2_500, 1.0, 1.6


def posts(count: int, seed: int = 7) -> list[str]:
    """Different texts of 140 to 300 characters in four languages, from invented sentences."""
    chance = random.Random(seed)  # noqa: S311 a benchmark, no secret
    made = []
    for i in range(count):
        sentences = _sentences()[LANGUAGES[i % len(LANGUAGES)]]
        length = chance.randint(140, 300)
        text = f"{i}"
        while len(text) < length:
            text += " " + chance.choice(sentences)
        made.append(text[:300])
    return made


def figures() -> list[Figure]:
    """Speed of one process and of two, the peer's speed, tone against the package, start-up."""
    texts = posts(POSTS)
    _read(texts[:200])
    ours = POSTS / _cpu(lambda: _read(texts))
    peer = PEER_POSTS / _cpu(lambda: _naive(texts[:PEER_POSTS]))
    naive = "py3langid over all languages, raw vaderSentiment, a loop over re"
    return [
        Figure(
            "text: posts read, all features, per CPU-second",
            ours,
            "posts/s",
            f"≥ {AIM_POSTS:,}",
            ours >= AIM_POSTS,
            naive,
            peer,
            ours / peer,
        ),
        _two_processes(texts),
        _tone(texts),
        _start(),
    ]


def _two_processes(texts: list[str]) -> Figure:
    """Wall time of two fresh processes against one, on the same texts with the same answers."""
    quarters = [texts[i::4] for i in range(4)]
    one, alone = _pooled(1, quarters)
    two, together = _pooled(2, quarters)
    gain = one / two
    what = "text: two processes against one, same answers"
    is_reached = alone == together and gain >= AIM_GAIN
    return Figure(what, gain, "×", f"≥ {AIM_GAIN} on two free cores", is_reached)


def _pooled(processes: int, parts: list[list[str]]) -> tuple[float, list[Any]]:
    """Seconds and answers of a pool whose processes have read something before."""
    start = get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=start, initializer=_warm) as pool:
        list(pool.map(_read, [["dag"]] * 8 * processes))
        began = time.perf_counter()
        answers = list(pool.map(_read, parts))
        return time.perf_counter() - began, answers


def _warm() -> None:
    _read(posts(1_000, seed=99))


def _tone(texts: list[str]) -> Figure:
    """Our engine for English against the package's own, with the same scores."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    package = SentimentIntensityAnalyzer()
    engine = Tone(shipped()["en"].tone)
    english = [text for i, text in enumerate(texts) if LANGUAGES[i % 4] == "en"]
    is_same = all(engine.compound(t) == package.polarity_scores(t)["compound"] for t in english)
    ours = len(english) / _cpu(lambda: [engine.compound(text) for text in english])
    theirs = len(english) / _cpu(lambda: [package.polarity_scores(text) for text in english])
    what = "text: tone in English, same scores, per CPU-second"
    aim = "same scores, faster"
    is_reached = is_same and ours > theirs
    return Figure(what, ours, "texts/s", aim, is_reached, "vaderSentiment", theirs, ours / theirs)


def _start() -> Figure:
    """CPU time of a fresh process that reads its first post, less an empty Python's."""
    first = "from metrics.text import read; read(['Dag iedereen'], langs=['nl'], direction='sent')"
    used = min(_fresh(first) for _ in range(3)) - min(_fresh("pass") for _ in range(3))
    what = "text: start-up, model and all lists"
    return Figure(what, used, "CPU-s", f"≤ {AIM_START:.0f}", used <= AIM_START)


def _fresh(code: str) -> float:
    timed = f"{code}\nimport time; print(time.process_time())"
    answer = subprocess.run(  # noqa: S603 the code is written above
        [sys.executable, "-c", timed], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(answer.stdout)


def _read(texts: list[str]) -> list[Any]:
    return read(texts, langs=[None] * len(texts), direction="sent")


def _naive(texts: list[str]) -> int:
    """The usual way: a language over all known ones, VADER as shipped, one pattern at a time."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    global _PEER
    if _PEER is None:
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        _PEER = identifier, SentimentIntensityAnalyzer(), _naive_patterns()
    identifier, analyser, patterns = _PEER
    fired = 0
    for text in texts:
        language, _ = identifier.classify(text)
        analyser.polarity_scores(text)
        fired += sum(bool(p.search(text)) for p in patterns.get(language, patterns["en"]))
    return fired


_PEER: Any = None


def _naive_patterns() -> dict[str, list[re.Pattern[str]]]:
    """The entries of our lists as plain regular expressions, compiled once."""
    known = re.compile(r"\(\?:\\A\||\\z|\\pL|\\pN")
    patterns = {}
    for code, lists in shipped().items():
        entries = [
            entry.pattern
            for rule in lists.rules.values()
            for entry in (*rule.strong, *rule.weak, *rule.excepted)
            if not known.search(entry.pattern)
        ]
        patterns[code] = [re.compile(p.strip(), re.IGNORECASE) for p in entries]
    return patterns


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _sentences() -> dict[str, list[str]]:
    """The tests' invented sentences, by language."""
    import csv

    found = {}
    for code in LANGUAGES:
        path = ROOT / "tests" / "fixtures" / "text" / f"labelled_{code}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            found[code] = [row["text"] for row in csv.DictReader(file)]
    return found
