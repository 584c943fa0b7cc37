import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from metrics.text.grammar import EntryError, compile_classes, compile_entry
from metrics.text.tokens import canonical, clean, splitter

PARTIES = compile_classes({"party": ["n-va", "open vld"]})
CLASSES = compile_classes({"power": ["minister*", "<party>"]}, None, PARTIES)
FRENCH = splitter(["l'", "d'"], ["-vous"])


def fits(entry, text, split=None):
    pattern = compile_entry(entry, CLASSES, split)
    return re2.search(pattern, canonical(clean(text), split)) is not None


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("elke stem telt", "Want elke stem telt!"),
        ("subsid*", "De subsidies"),
        ("*belasting", "Een kadasterbelasting."),
        ("*plan*", "circulatieplannen"),
        ("(ga|kom) stemmen", "kom stemmen"),
        ("(ga nu|kom) stemmen", "ga nu stemmen"),
        ("ga [nu|ook] stemmen", "Ga stemmen"),
        ("ga [nu|ook] stemmen", "Ga ook stemmen"),
        ("kan u ... terecht", "Dan kan u op het stadhuis terecht"),
        ("kan u ... terecht", "kan u terecht"),
        ("^ wanneer", "Ja. Wanneer dan"),
        ("weten $", "laat iets weten. Groet"),
        ("weten $", "laat iets weten"),
        ("toch ?", "Dat klopt, toch?"),
        ("lijst <n>", "LIJST 12"),
        ("<nth> plaats", "5e plaats"),
        ("stem <party>", "Stem Open VLD"),
        ("<power> liegt", "N-VA liegt"),
        ("<power> liegt", "ministers? neen: minister liegt"),
        ("zie <url>", "Zie: https://a.example"),
        ("een <word> weg", "een lange weg"),
        ("A.U.B.", "nu aub"),
    ],
)
def test_an_entry_fits(entry, text):
    assert fits(entry, text)


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("stem", "stemmen"),
        ("elke stem telt", "elke stem die telt"),
        ("kan u ... terecht", "kan u dat. Daar terecht"),
        ("kan u ... terecht", "kan u een twee drie vier terecht"),
        ("^ wanneer", "ik weet niet wanneer"),
        ("weten $", "weten we dat"),
        ("toch ?", "toch. Ja?"),
        ("lijst <n>", "lijst drie"),
        ("een <word> weg", "een weg"),
    ],
)
def test_an_entry_does_not_fit(entry, text):
    assert not fits(entry, text)


def test_alternatives_of_clitics_read_as_the_text_does():
    assert fits("(avez|pouvez) vous dit", "Avez-vous dit", FRENCH)
    assert fits("d'accord", "D’accord", FRENCH)
    assert fits("(l'|la) avis", "l'avis", FRENCH)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("(?! a)", "marks stand alone"),
        ("(?:a|b)", "marks stand alone"),
        ("a{3}", "grammar"),
        (r"\w+", "grammar"),
        ("a+b", "grammar"),
        ("(a|b", "not closed"),
        ("[a", "not closed"),
        ("(a]", "not closed"),
        ("a)", "stands where"),
        ("a | b", "stands where"),
        ("a ^ b", "stands where"),
        ("(a||b)", "empty alternative"),
        ("()", "empty alternative"),
        ("[een]", "fits every text"),
        ("...", "fits every text"),
        ("<word>", "fits every text"),
        ("<nobody> x", "no list under"),
        ("in*", "at least 3"),
        ("*", "at least 3"),
        ("a*b", "may only begin or end"),
        ("ov-*", "only letters"),
        ("r&d*", "only letters"),
        ("toch?", "marks stand alone"),
        ("a , b", "nothing a read text can contain"),
        ("x" * 601, "longer than"),
        ("a < b", "stands where"),
    ],
)
def test_what_does_not_fit_the_grammar_is_refused_with_the_reason(entry, reason):
    with pytest.raises(EntryError, match=reason):
        compile_entry(entry, CLASSES)


@given(st.text(alphabet="ab ()[]|<>*^$.?!\\{}+é'-", max_size=30))
def test_any_entry_compiles_to_a_pattern_or_is_refused(entry):
    try:
        pattern = compile_entry(entry, CLASSES)
    except EntryError:
        return
    re2.compile(pattern)


def test_a_gap_at_either_end_changes_nothing():
    classes = compile_classes({})
    assert compile_entry("... stem op ...", classes) == compile_entry("stem op", classes)
    assert compile_entry("stem ... $", classes) != compile_entry("stem $", classes)
