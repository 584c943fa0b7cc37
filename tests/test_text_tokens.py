import pytest

from metrics.text.tokens import MAX_CHARS, canonical, clean, sentences, splitter

FRENCH = splitter(["l'", "d'"], ["-vous", "-t-il"])


def read(text, split=None):
    return canonical(clean(text), split).strip()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Wanneer komt die er, @an?", "wanneer komt die er <name> ?"),
        ("Zie https://a.example/b?c=1#d en www.b.example.", "zie <url> en <url>"),
        ("Mail info@stad.example of bel 09 000 00 00", "mail <mail> of bel <phone>"),
        ("@an@social.example dag", "<name> dag"),
        ("Wat?! Nee...", "wat ? nee ."),
        ("een\ntwee\r\ndrie", "een . twee . drie"),
        ("a.u.b. nu", "aub nu"),
        ("«Ja» (neen) – ‘misschien’", "ja neen misschien"),
        ("12,5 % van 19u30 tot 5e", "12,5 van 19u30 tot 5e"),
        ("Lijst #3 #Stem2024", "lijst #3 #stem2024"),
        ("top👍🏽top ❤️", "top 👍 top ❤"),
        ("porte-à-porte candidat·e·s", "porte-à-porte candidat·e·s"),
        ("12/10/2024 is geen nummer", "12 10 2024 is geen nummer"),
    ],
)
def test_a_text_becomes_its_tokens(text, tokens):
    assert read(text) == tokens


def test_french_clitics_are_words_of_their_own():
    assert read("L’école d'hier, avez-vous vu? Y a-t-il", FRENCH) == (
        "l' école d' hier avez vous vu ? y a t il"
    )


def test_invisible_characters_do_not_hide_a_word():
    assert read("st\u200bem\u00ad op\u202e mij\ufeff") == "stem op mij"
    assert read("stem\x00op\x07mij") == "stem op mij"


def test_composed_and_decomposed_accents_are_the_same_word():
    assert read("cafe\u0301") == read("café") == "café"


def test_a_long_text_is_read_up_to_a_limit():
    assert len(clean("é" * 100_000)) == MAX_CHARS


def test_sentences_keep_their_closing_mark():
    assert sentences(" a b ? c . d ") == [(" a b ", "?"), (" c ", "."), (" d ", "")]


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "—", "()"])
def test_nothing_to_read_gives_no_token(text):
    assert read(text) in ("", ".")


def test_an_ordinal_ends_no_sentence_and_a_year_does():
    assert canonical(clean("Am 3. März ist Wahl")) == " am 3 märz ist wahl "
    assert canonical(clean("So war es 2019. Und jetzt")) == " so war es 2019 . und jetzt "


def test_the_name_of_a_citizen_that_was_hidden_is_still_a_name():
    assert canonical(clean("@… Dat bekijk ik")) == " <name> dat bekijk ik "
