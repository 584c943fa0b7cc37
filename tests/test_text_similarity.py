import time

from metrics.text import boilerplate, similarity_text


def test_names_addresses_case_and_numbers_do_not_make_texts_different():
    first = similarity_text("@an Bedankt voor je goede vraag 12, zie https://a.example 😀")
    second = similarity_text("BEDANKT voor je goede vraag; zie https://b.example @piet")
    assert first == second == "bedankt goede voor vraag zie"


def test_nothing_to_compare_is_empty():
    assert similarity_text("👍 @an https://a.example 12") == ""


def test_a_text_of_fewer_than_five_words_is_like_no_other():
    assert similarity_text("Wanneer komt dat fietspad er nu eindelijk?").count(" ") == 4
    assert similarity_text("Wanneer komt dat fietspad?") == ""


FORM = "Dank je {} voor je bericht, onze medewerkers nemen dit verder op met de bevoegde dienst"


def test_three_near_identical_answers_are_boilerplate():
    texts = [FORM.format(name) for name in ("An", "Piet", "Els")]
    other = "De werken aan de brug starten volgende maand en duren tot de zomer"
    assert boilerplate([texts[0], other, texts[1], texts[2]]) == [True, False, True, True]


def test_two_are_not():
    texts = [FORM.format("An"), FORM.format("Piet")]
    assert boilerplate(texts) == [False, False]


def test_short_thanks_are_not_boilerplate():
    assert boilerplate(["Dankjewel!"] * 10) == [False] * 10
    assert boilerplate([]) == []


def test_order_changes_nothing():
    texts = [FORM.format(i) for i in range(3)] + [f"woord{i} heel iets anders hier" for i in "abc"]
    found = dict(zip(texts, boilerplate(texts), strict=True))
    assert dict(zip(texts[::-1], boilerplate(texts[::-1]), strict=True)) == found


def test_thousands_of_answers_take_bounded_time():
    texts = [
        f"antwoord {i % 700} over straat{i} en plein{i % 13} vandaag gegeven" for i in range(5000)
    ]
    texts += [FORM.format("An")] * 5000
    began = time.process_time()
    found = boilerplate(texts)
    assert time.process_time() - began < 10
    assert all(found[5000:])
