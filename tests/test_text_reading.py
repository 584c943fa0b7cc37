"""What the rules make of sentences, written for these tests."""

import pytest

from metrics.text import LABELS, Features, majority, read
from metrics.text.language import detect
from metrics.text.lists import shipped, versions

CODES = ("de", "en", "fr", "nl")


def sent(text, lang=None):
    return read([text], langs=[lang], direction="sent")[0]


def received(text, lang=None):
    return read([text], langs=[lang], direction="received")[0]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("De gemeenteraad beslist vanavond over het nieuwe zwembad", "nl"),
        ("Le conseil communal décide ce soir de la nouvelle piscine", "fr"),
        ("Der Gemeinderat entscheidet heute über das neue Schwimmbad", "de"),
        ("The council decides tonight about the new swimming pool", "en"),
        ("DE GEMEENTERAAD BESLIST VANAVOND OVER HET ZWEMBAD", "nl"),
    ],
)
def test_the_language_is_told_from_the_words(text, lang):
    assert sent(text).lang == lang


def test_a_short_text_takes_its_authors_language():
    assert sent("Super!", "nl").lang == "nl"
    assert sent("Super!", "fr").lang == "fr"
    assert sent("👍", "de").lang == "de"


def test_a_long_text_does_not_take_its_authors_language():
    assert sent("Le conseil communal décide ce soir de la nouvelle piscine", "nl").lang == "fr"


def test_a_region_is_a_language_and_an_unknown_one_is_no_fallback():
    assert sent("Super!", "nl-BE").lang == "nl"
    assert sent("👍", "es").lang is None


def test_another_script_is_no_configured_language():
    assert sent("Это решение городского совета о бассейне").lang is None


def test_addresses_names_and_tags_do_not_decide_the_language():
    text = "@the_mayor #swimmingpool https://the.example/good De raad beslist over het zwembad"
    assert sent(text).lang == "nl"


def test_nothing_to_read_has_no_language():
    assert sent("").lang is None
    assert detect("https://a.example @b #c", CODES) is None


def test_the_majority_is_the_most_frequent_language():
    assert majority(["nl", "fr", None, "nl"]) == "nl"
    assert majority(["nl", "fr"]) == majority(["fr", "nl"]) == "fr"
    assert majority([None]) is None


@pytest.mark.parametrize(
    ("text", "is_question"),
    [
        ("Wie komt er morgen mee?", True),
        ("Dat was toch afgesproken, toch?", False),
        ("Wist je dat de bib ook op zondag open is?", False),
        ("Zie https://a.example/?q=1", False),
        ("Das haben wir doch beschlossen, oder?", False),
        ("C'est prévu depuis mars, n'est-ce pas ?", False),
        ("You said so yourself, didn't you?", False),
        ("Did you know the library opens on Sundays?", False),
        ("Which bus stops here?", True),
    ],
)
def test_tags_are_no_questions(text, is_question):
    assert sent(text).is_question is is_question


@pytest.mark.parametrize(
    "text",
    [
        "Wanneer gaat de brug weer open?",
        "Kunnen jullie de planning eens delen?",
        "Gelieve de goot te laten nakijken.",
        "Nog altijd geen antwoord op mijn brief",
        "Quand rouvre le pont de la Meuse ?",
        "Avez-vous prévu des places pour les vélos ?",
        "J'aimerais savoir ce qui est prévu pour le pont",
        "Wann wird die Brücke wieder geöffnet?",
        "Ich bitte um Auskunft zu den Plänen für die Brücke",
        "When does the bridge reopen?",
        "Could you please look into the noise at night",
    ],
)
def test_a_question_or_a_request_wants_an_answer(text):
    assert received(text).wants_answer


@pytest.mark.parametrize(
    "text",
    [
        "Geloof je dat nu echt zelf?",
        "Wat heeft u al bereikt? Niets.",
        "Qui va payer tout ça ? Nous, évidemment.",
        "Wer soll das bezahlen? Wir natürlich.",
        "Do you seriously believe that?",
        "Mooi werk van de hele ploeg.",
        "Belle réalisation pour le quartier.",
    ],
)
def test_a_rhetorical_question_wants_no_answer(text):
    assert not received(text).wants_answer


def test_only_what_is_received_can_want_an_answer():
    assert not sent("Wanneer gaat de brug weer open?").wants_answer
    assert received("Wanneer gaat de brug weer open?").label == "none"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Geef mij zondag je stem, lijst 9!", "vote_ask"),
        ("Dimanche, votez pour notre équipe !", "vote_ask"),
        ("Am Sonntag bitte beide Stimmen für uns, jede Stimme zählt", "vote_ask"),
        ("Please vote for me on Thursday", "vote_ask"),
        ("Huis aan huis met de ploeg vandaag", "trail_update"),
        ("Porte-à-porte avec toute l'équipe", "trail_update"),
        ("Infostand auf dem Markt mit dem Team", "trail_update"),
        ("Out canvassing in Mill Lane", "trail_update"),
        ("Vanavond te gast in De Afspraak", "self_promo"),
        ("Mon interview dans Le Soir", "self_promo"),
        ("Mein Gastbeitrag in der taz", "self_promo"),
        ("Read my op-ed in the Guardian", "self_promo"),
        ("Wij vinden dat er meer geld naar de zorg moet", "position"),
        ("Il faut plus de moyens pour les soins", "position"),
        ("Wir fordern mehr Geld für die Pflege", "position"),
        ("We must put more money into care", "position"),
        ("De Dorpsstraat is afgesloten tot vrijdag, omleiding via de Ring", "service_info"),
        ("Collecte des déchets reportée à mardi", "service_info"),
        ("Vollsperrung der Hauptstraße, Umleitung über die B7", "service_info"),
        ("Bin collections are on Tuesday this week", "service_info"),
        ("Schandalig hoe deze regering liegt", "attack"),
        ("Quel mépris de la part du gouvernement", "attack"),
        ("Diese Regierung hat versagt", "attack"),
        ("This government's plan is a shambles", "attack"),
        ("Wat vinden jullie van het plan?", "ask_public"),
        ("Qu'en pensez-vous ?", "ask_public"),
        ("Was meint ihr dazu?", "ask_public"),
        ("What do you think?", "ask_public"),
        ("Proficiat aan de winnaars", "help_thank"),
        ("Bravo aux gagnants", "help_thank"),
        ("Herzlichen Glückwunsch an die Gewinner", "help_thank"),
        ("Congratulations to the winners", "help_thank"),
        ("Met mijn dochter naar zee", "personal"),
        ("Avec mes enfants à la mer, en vacances", "personal"),
        ("Mit meiner Familie am Meer", "personal"),
        ("At the seaside with my family", "personal"),
        ("De agenda staat online", "none"),
    ],
)
def test_each_label_has_its_lists(text, label):
    assert sent(text).label == label


def test_the_first_label_of_the_method_wins():
    assert sent("Bedankt allemaal, en stem zondag op lijst 9!").label == "vote_ask"
    assert LABELS[0] == "vote_ask"
    assert LABELS[-1] == "none"


def test_a_vote_in_the_council_asks_for_none():
    assert sent("Wij stemmen voor het voorstel over de bib").label != "vote_ask"
    assert sent("Onze stem voor de motie over het park staat vast").label != "vote_ask"
    assert sent("The house voted for the bill last night").label != "vote_ask"


def test_asking_the_public_is_told_apart_from_the_label():
    features = sent("Stem op mij! En wat vinden jullie van het park?")
    assert features.label == "vote_ask"
    assert features.asks_public


@pytest.mark.parametrize(
    "text",
    [
        "Ik kijk dat even na en kom erop terug",
        "Je m'en occupe et je reviens vers vous",
        "Ich kläre das und melde mich bei Ihnen",
        "I'll look into this and get back to you",
    ],
)
def test_an_undertaking_is_a_promise(text):
    features = sent(text)
    assert features.promise
    assert not features.is_redirect


@pytest.mark.parametrize(
    "text",
    [
        "Beloofd en gedaan: de bib is open",
        "Le ministre avait promis une réponse",
        "Die Regierung hat das versprochen und nicht gehalten",
        "Another broken promise by the government",
    ],
)
def test_talk_of_promises_is_no_promise(text):
    assert not sent(text).promise


@pytest.mark.parametrize(
    "text",
    [
        "https://stad.example/meldpunt",
        "@an https://stad.example/meldpunt 👍",
        "Dag An, meer info vind je op https://stad.example",
        "Bonjour, contactez info@ville.example",
        "Bitte wenden Sie sich an das Bürgerbüro",
        "Hi Ann, please contact your local office",
    ],
)
def test_only_a_link_or_an_address_is_a_redirect(text):
    assert sent(text).is_redirect


@pytest.mark.parametrize(
    "text",
    [
        "De brug opent opnieuw op maandag na de laatste betonwerken, zie https://stad.example",
        "Le pont rouvre lundi après les derniers travaux de béton, voir https://ville.example",
        "Nein, der Antrag wurde gestern mit großer Mehrheit abgelehnt.",
        "Yes, it reopens on Monday.",
        "👍",
        "",
    ],
)
def test_an_answer_with_a_link_is_no_redirect(text):
    assert not sent(text).is_redirect


@pytest.mark.parametrize(
    ("text", "is_abuse"),
    [
        ("Wat een klootzak ben jij", True),
        ("Ta gueule connard", True),
        ("Halt die Klappe du Depp", True),
        ("Shut up you moron", True),
        ("Goedkope lening nodig? Contacteer mij op WhatsApp", True),
        ("Ik ben het helemaal niet met u eens, dit is slecht beleid", False),
        ("Je ne suis pas d'accord, c'est une mauvaise décision", False),
        ("Ich bin anderer Meinung, das ist schlechte Politik", False),
        ("I disagree, this is bad policy", False),
    ],
)
def test_insults_and_spam_are_abuse_and_criticism_is_not(text, is_abuse):
    assert received(text).is_abuse is is_abuse


def test_topics_may_be_several():
    text = "Nieuw fietspad langs de school en meer afvalbakken in de straat van het ziekenhuis"
    assert set(sent(text).topics) >= {"mobility", "schools", "care"}


def test_a_prefix_does_not_hit_a_neighbour():
    assert "safety" not in sent("Een geweldig feest was het, geweldige avond").topics


def test_what_fired_names_the_entry_and_never_the_text():
    features = received("Wanneer gaat de geheime Zilverbrug weer open?")
    assert features.fired
    assert all(":" in fired for fired in features.fired)
    assert "zilver" not in features.to_json().casefold()


def test_features_survive_json():
    features = sent("Stem zondag op lijst 4! Wat vind jij van het fietspad?")
    assert Features.from_json(features.to_json()) == features
    assert Features.from_json(features.to_json().replace("{", '{"new":1,', 1)) == features


def test_features_carry_the_version_of_their_lists():
    current = versions(shipped())
    assert sent("De raad beslist over het nieuwe zwembad").version == current["nl"]
    assert sent("👍").version == current[None]


def test_texts_come_back_in_order_and_repeated_ones_alike():
    texts = ["Bravo !", "Danke schön", "Bravo !"]
    found = read(texts, langs=["fr", "de", "fr"], direction="sent")
    assert [f.lang for f in found] == ["fr", "de", "fr"]
    assert found[0] == found[2]


def test_as_many_languages_as_texts():
    with pytest.raises(ValueError, match="2 texts but 1 languages"):
        read(["a", "b"], langs=[None], direction="sent")
    with pytest.raises(ValueError, match="direction"):
        read(["a"], langs=[None], direction="both")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("nl", "@… Dat kijk ik morgen na bij de dienst."),
        ("fr", "@… Je me renseigne auprès du service."),
        ("de", "@… Ich kläre das mit dem Amt."),
        ("en", "@… I'll check with the officers tomorrow."),
    ],
)
def test_who_undertakes_something_and_says_nothing_else_helps(lang, text):
    (found,) = read([text], langs=[lang], direction="sent")
    assert (found.promise, found.label) == (True, "help_thank")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("nl", "Komt dat zwembad er, ja of nee?"),
        ("fr", "Vous gardez la piscine, oui ou non ?"),
        ("de", "Kommt das Freibad wieder, ja oder nein?"),
        ("en", "Are you keeping the pool, yes or no?"),
    ],
)
def test_yes_or_no_is_no_tag(lang, text):
    (found,) = read([text], langs=[lang], direction="received")
    assert (found.is_question, found.wants_answer) == (True, True)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("nl", "Ik vraag me af wanneer de bibliotheek weer opengaat"),
        ("fr", "Je me demande quand la bibliothèque va rouvrir"),
        ("de", "Ich frage mich, wann die Bücherei wieder öffnet"),
        ("en", "I'm wondering when the library will be open again"),
    ],
)
def test_a_question_without_a_mark_is_one(lang, text):
    (found,) = read([text], langs=[lang], direction="received")
    assert (found.is_question, found.wants_answer) == (True, True)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("nl", "Gelooft u dat nu echt?"),
        ("nl", "Hoe mooi is dat?"),
        ("fr", "Qui croit encore à ces promesses ?"),
        ("fr", "C'est ça que vous appelez gérer ?"),
        ("de", "Was würden wir nur ohne euch machen?"),
        ("de", "Ist das nicht herrlich?"),
        ("en", "Who seriously believes that?"),
        ("en", "What would we do without you?"),
    ],
)
def test_a_rhetorical_question_is_a_question_and_wants_no_answer(lang, text):
    (found,) = read([text], langs=[lang], direction="received")
    assert (found.is_question, found.wants_answer) == (True, False)
