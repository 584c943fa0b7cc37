"""Dutch sentences of the invented town, as a grammar: a name in braces is another line."""

from __future__ import annotations

# fmt: off

RULES: dict[str, tuple[str, ...]] = {
    # things people talk about, by topic
    "mobility": (
        "het fietspad", "de zone 30", "het zebrapad", "de bushalte", "het parkeerbeleid",
        "de schoolstraat", "het kruispunt", "de fietsenstalling", "het sluipverkeer",
    ),
    "waste": (
        "de ophaling van het restafval", "het sluikstort", "de glasbol", "het containerpark",
        "de vuilnisbak", "het zwerfvuil", "de pmd-ophaling",
    ),
    "schools": (
        "de speelplaats", "de schoolpoort", "de kinderopvang", "de basisschool",
        "de muziekacademie", "de huiswerkklas", "het inschrijvingssysteem",
    ),
    "housing": (
        "de sociale woningen", "het bouwproject", "de leegstand", "het appartementsgebouw",
        "de verkaveling", "de huurprijzen", "de omgevingsvergunning",
    ),
    "safety": (
        "de wijkagent", "de straatverlichting", "de nachtelijke overlast", "de snelheidscontrole",
        "de brandweerkazerne", "het inbraakpreventieplan",
    ),
    "green": (
        "het stadspark", "de bomenrij", "het speelbos", "de volkstuintjes", "de waterbuffer",
        "de bermen", "het natuurgebied",
    ),
    "care": (
        "het woonzorgcentrum", "de thuiszorg", "de buurtkeuken", "het sociaal huis",
        "de wachtlijst voor thuiszorg", "het dienstencentrum",
    ),
    "economy": (
        "de wekelijkse markt", "het winkelcentrum", "de horeca", "het bedrijventerrein",
        "de leegstaande winkels", "de braderie",
    ),
    "culture": (
        "de bibliotheek", "het zwembad", "de sporthal", "het jeugdhuis", "de kermis",
        "het museum", "de toneelkring",
    ),
    "governance": (
        "de begroting", "het participatiebudget", "de bevraging", "het digitale loket",
        "de dienstverlening", "het meerjarenplan",
    ),
    "place": (
        "in de Fabelstraat", "op het Verzinselplein", "aan de Luchtkaai", "in de Sprookjeslaan",
        "in de wijk Droomdal", "bij de Wolkenbrug", "in het dorp Nergenshuizen",
        "op de Spiegelmarkt",
        "in de Raadselstraat", "langs de Mirageweg", "in de wijk Zandkasteel", "aan het Echopark",
        "in de Papierstraat", "rond de Kartonnen Toren", "achter het station", "aan de Rijmhoek",
    ),
    "moment": (
        "volgende week", "tegen het einde van de maand", "vanaf maandag", "deze zomer",
        "na de herfstvakantie", "dit voorjaar", "vanaf de eerste van de maand", "binnenkort",
        "nog voor de winter", "in de loop van volgend jaar", "vanaf woensdag", "donderdag",
    ),
    "who": (
        "de dienst Mobiliteit", "onze technische dienst", "de ploeg van Openbaar Domein",
        "de dienst Groen", "het jeugdteam", "de wijkwerking", "de milieudienst", "de buurtwerkers",
    ),
    "people": (
        "buren", "ouders", "fietsers", "handelaars", "jongeren", "senioren", "vrijwilligers",
        "leerlingen", "huurders", "wandelaars",
    ),
    "hello": ("Goed nieuws", "Ter info", "Even melden", "Voor wie het nog niet wist", "Praktisch",
              "Bericht voor de buurt", "Goed om te weten"),
    # own posts, by intent
    "service": (
        "{hello}: {who} pakt {thing} {place} aan, {moment} beginnen de werken.",
        "{hello}: door werken is {thing} {place} {moment} tijdelijk niet bereikbaar. "
            "Omleiding via {place2}.",
        "{moment^} start het herstel van {thing} {place}. De werken duren ongeveer {n} weken.",
        "{hello}: de gemeenteraad keurde het dossier over {thing} {place} goed. Uitvoering "
            "{moment}.",
        "Infoavond over {thing} {place}: {moment} om 20 uur, iedereen welkom.",
        "Vragen over {thing} {place}? {who^} is bereikbaar op het gratis nummer 0800 00 0{n2}.",
        "De resultaten van de telling {place} staan online: {n2} {people} namen deel.",
    ),
    "position": (
        "Wat mij betreft krijgt {thing} {place} eindelijk de aandacht die het verdient.",
        "Ik vind dat we {n2} procent meer moeten investeren in {thing}. Dat verdienen onze "
            "{people}.",
        "Nee, {thing} {place} afschaffen is geen oplossing. Verbeteren wel.",
        "Wij pleiten al langer voor een ander plan voor {thing} {place}: minder beton, meer "
            "ruimte voor {people}.",
        "Elke euro voor {thing} {place} verdient zichzelf terug. Daar blijf ik bij.",
        "Het voorstel over {thing} is een stap vooruit, maar voor {people} {place} is er "
            "meer nodig.",
    ),
    "personal": (
        "Fijne wandeling gemaakt {place}. Wat een mooie avond.",
        "Vandaag {n} uur achter de toog gestaan bij de {people} {place}. Moe maar tevreden.",
        "De eerste koffie van de dag drink ik {place}. Wie komt er mee genieten van de zon.",
        "Mijn dochter leerde vandaag fietsen {place}. Trots.",
        "Prachtige tentoonstelling gezien {place}, gemaakt door {people} uit de wijk.",
    ),
    "ask_public": (
        "Wat vinden jullie van {thing} {place}? Laat het me weten.",
        "Heb je een idee voor {thing} {place}? Suggesties zijn welkom, tot {moment}.",
        "We bekijken {thing} {place} opnieuw. Wat zou jij veranderen? Deel je ervaring hieronder.",
        "Denk mee over {thing} {place}: wat werkt er voor {people} en wat niet?",
    ),
    "thank_all": (
        "Dank aan alle {people} die {place} de handen uit de mouwen staken voor {thing}.",
        "Proficiat aan de {people} van {place2}: {n2} deelnemers en een prachtige sfeer.",
        "Bedankt {people} voor de warme ontvangst {place}. We nemen jullie opmerkingen over "
            "{thing} mee.",
        "Chapeau voor {who}, die {place} dag en nacht doorwerkte aan {thing}.",
    ),
    "promo": (
        "Vanavond te gast bij Radio Praatpaal over {thing} {place}. Luister mee vanaf {n} uur.",
        "Mijn opiniestuk over {thing} {place} staat vandaag in De Voorbeeldpost.",
        "Mijn tussenkomst over {thing} {place} in de gemeenteraad kan je herbekijken op de "
            "website.",
    ),
    "attack": (
        "Het bestuur laat {thing} {place} al {n} jaar verkommeren. Onbegrijpelijk.",
        "De tegenpartij roept veel over {thing} {place}, maar stemde {n} keer tegen elke "
            "oplossing.",
    ),
    "vote": (
        "Op de dag van de verkiezingen kan je kiezen: een betere aanpak van {thing} "
            "{place}. Ik reken op jouw stem!",
        "Stem voor {thing} die werkt. Plaats {n} op onze lijst, elke stem telt.",
        "Kies voor {people} {place}: geef mij je vertrouwen, plaats {n} op de lijst.",
        "Nog {n} weken tot de verkiezingen. Wij hebben een plan voor {thing} {place}. Jouw "
            "stem maakt het verschil.",
    ),
    "trail": (
        "Vandaag op campagne {place}, met {n} vrijwilligers {n2} deuren gedaan. Veel "
            "gehoord over {thing}.",
        "Flyers uitgedeeld {place}: {people} praten vooral over {thing}.",
        "Straks onze verkiezingsmeeting {place}. Kom je ook? Thema van de avond is {thing}.",
        "Campagneteam klaar voor de start {place}! Met {people} in gesprek over {thing}.",
    ),
    "elected": (
        "Bedankt voor jullie vertrouwen! {n2} voorkeurstemmen, daar word ik stil van.",
        "Dank aan iedereen die op ons stemde. We gaan aan de slag voor {people} {place}.",
    ),
    "more": (
        "En nog iets: {people} {place} zullen dat zeker merken.",
        "Concreet betekent dat {n2} meter nieuw {place}, klaar {moment}.",
        "Het hele dossier over {thing} ligt ter inzage {place}.",
        "Met dank aan {who}, die dit in {n} weken rond kreeg.",
    ),
    "update": (
        "Update: het werk aan {thing} {place} is klaar, {n} dagen vroeger dan voorzien.",
        "Update over {thing} {place}: {who} begint er {moment} aan.",
    ),
    # what citizens say
    "q_open": ("", "", "", "Dag {first}, ", "Beste, ", "Mevrouw, mijnheer, ", "Vraagje: ",
    "Goed idee, maar "),
    "q_close": ("", "", "", " Alvast bedankt.", " Wij wonen hier al {n2} jaar.",
    " Groeten uit Droomdal.",
                " Het is elke {weekday} hetzelfde.", " De {people} hier klagen ook."),
    "weekday": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"),
    "question": (
        "{q_open}wanneer wordt {thing} {place} aangepakt?{q_close}",
        "{q_open}waarom duurt het zo lang met {thing} {place}?{q_close}",
        "{q_open}kunt u zeggen wat er met {thing} {place} gebeurt {moment}?{q_close}",
        "{q_open}hoeveel kost {thing} {place} eigenlijk?{q_close}",
        "{q_open}wat gaat u doen voor de {people} {place}, nu {thing} verdwijnt?{q_close}",
        "{q_open}wie is verantwoordelijk voor {thing} {place}?{q_close}",
        "{q_open}komt er ook een oplossing voor {thing} {place2}?{q_close}",
        "{q_open}kan u eens komen kijken {place}? Het gaat over {thing}.{q_close}",
        "{q_open}hoe zit het met {thing} {place}?{q_close}",
        "{q_open}waar kunnen {people} terecht met klachten over {thing} {place}?{q_close}",
        "{q_open}zou je {thing} {place} kunnen laten nakijken?{q_close}",
        "{q_open}is er al nieuws over {thing} {place}?{q_close}",
    ),
    "again": (
        "En wanneer precies? {moment^} is wel erg vaag voor {people} {place}.",
        "Wat als het {moment} niet lukt met {thing}?",
        "Kunt u dan ook iets zeggen over {thing} {place2}?",
        "En wie controleert dat {place}?",
    ),
    "loud": (
        "Weer geen antwoord over {thing} {place}. Wanneer krijgen wij dat eindelijk?",
        "Waarom krijgen de {people} {place} nooit iets te horen over {thing}?",
        "Hoe komt het dat u {thing} {place} blijft negeren, al {n} jaar?",
        "Gaat u {moment} nog iets doen aan {thing} {place}, of wachten we op de volgende raad?",
        "Wat hebt u deze week gedaan voor {thing} {place}?",
        "Wie beslist er over {thing} {place}, u of {who}?",
    ),
    "wave": ("Wanneer komt er een oplossing voor het Verzinselplein? Teken de petitie en "
        "deel dit bericht.",),
    "remark": (
        "{place^} is dat ook nodig, al jaren.", "Voor {people} verandert er weinig, vrees ik.",
        "Ik kom elke {weekday} {place}, het wordt tijd.",
        "{thing^} {place} werkt bij ons prima, trouwens.",
        "Dat hebben we {n} jaar geleden ook gehoord.",
        "Vergeet {thing} {place2} niet.", "Bij ons {place} zijn de {people} er blij mee.",
    ),
    "praise": ("Goed bezig!", "Knap werk, {first}.",
    "Eindelijk, de {people} {place} wachtten hierop.",
               "Proficiat, {place} ziet het er mooi uit.", "Topinitiatief voor {people}."),
    "thanks": ("Bedankt voor het snelle antwoord!", "Dank u, dat helpt ons {place} vooruit.",
               "Merci, {first}. Ik geef het door aan de {people}.",
               "Dank je wel voor de uitleg over {thing}."),
    "insult": ("Zakkenvuller, je doet niets voor {people}.",
    "Wat een leugenaar ben jij. Schandalig.",
               "Idioot, bemoei je met iets anders dan {thing}.", "Sukkel. Ga weg {place}."),
    "spam": ("Verdien {n2} euro per dag van thuis uit, klik op https://snelgeld.example/{n2}",
             "Gratis bitcoin voor iedereen! https://munten.example/{n2}"),
    "grumble": (
        "Vandaag weer vast gezeten {place} door {thing}.",
        "Mooie avond {place}, veel {people} op de been.",
        "Iemand anders die last heeft van {thing} {place}.",
        "{thing^} {place}: het blijft een verhaal apart.",
        "Vanmorgen {n} kilometer gewandeld {place}. {thing^} oogt beter dan vorig jaar.",
    ),
    "aside": ("Helemaal mee eens.", "Dat klopt niet, kijk eens {place}.",
    "Bij jullie misschien, niet {place}.",
              "Ja, en {thing} dan.", "Laten we beleefd blijven, {people} lezen mee."),
    # what the person answers
    "answer": (
        "Dag, {who} begint {moment} aan {thing} {place}. Ik hou het mee in de gaten.",
        "Goede vraag. Voor {thing} {place} is {n2} 000 euro voorzien, de werken starten {moment}.",
        "Hoe het zit met {thing} {place} kijk ik na bij {who}, ik kom erop terug.",
        "Ik was er gisteren {place}. We passen {thing} aan, {moment} zie je het verschil.",
        "Klopt, dat duurt te lang. Ik vraag {who} om {moment} langs te komen {place}.",
        "Elke {weekday} van 9 tot 12 uur zit ik {place}: neem {thing} mee, dan lossen we het op.",
        "Voor {thing} {place} is er nog geen beslissing. Ik laat het hier weten zodra die er is.",
    ),
    "redirect": ("Stuur een mailtje naar info@voorbeeldstad.test",
    "Zie https://voorbeeldstad.test/contact",
                 "Neem contact op via https://voorbeeldstad.test/meldpunt"),
    "reply": (
        "Begrijp ik, ik neem het mee naar {who}.", "Terechte opmerking over {place}.",
        "Fijn om te horen van de {people} {place}!", "Daar heb je een punt, {thing} hoort daarbij.",
        "Dank voor je reactie, we bekijken {thing} {place} {moment}.",
    ),
    "welcome": ("Graag gedaan!", "Met plezier, tot {weekday} {place}.",
    "Graag, laat maar weten of het {place} lukt."),
    "chat": (
        "Dat hoor ik ook van {people} {place}. Ik geef het door aan {who}.",
        "Vervelend, ik vraag na hoe het zit met {thing} {place}.",
        "Mooi! {place^} was ik er ook bij.", "Wat zou er volgens jou helpen {place}?",
        "Herkenbaar. {thing^} staat {moment} op de agenda van de gemeenteraad.",
    ),
    "comment": (
        "Lees dit: zo pak je {thing} aan {place}.",
        "Hier ben ik het niet mee eens. {thing^} verdient beter.",
        "Terecht onder de aandacht gebracht, ook voor {people} {place}.",
    ),
    # with what an answer or reply ends, so that no two of a person are a form letter
    "close": (
        "De {people} {place2} merkten dat als eersten.",
        "{place2^} liep het {weekday} ook al mis, vertelden {people}.",
        "Mijn collega's bezochten vorige {weekday} {n} gezinnen {place2}.",
        "{who^} telde {n2} {people} op één {weekday}.",
        "Bij regen is het {place2} nog erger, zeggen {people}.",
        "Ter vergelijking: {place2} wachtten {people} tot {weekday}.",
        "De plannen hangen {moment} uit {place2}.",
        "Met {people} en {who} zaten we daarover {weekday} samen.",
        "Een buurvrouw {place2} stelde {weekday} hetzelfde vast.",
        "{who^} meet {moment} de drukte {place2}.",
        "Voor {people} {place2} ligt dat anders.",
        "In {n} van de {n2} gevallen gaat het om {people} {place2}.",
        "Het verslag van {who} ligt {moment} klaar {place2}.",
        "Op de vergadering van {weekday} {place2} zeiden {people} dat ook.",
    ),
    # what parties, media and clubs post
    "news": (
        "Nieuws: {thing} {place} zorgt voor discussie in de gemeenteraad van Voorbeeldstad.",
        "{n2} {people} tekenen bezwaar aan tegen plannen voor {thing} {place}.",
        "Reportage: hoe {people} {place} leven met {thing}.",
        "Werken aan {thing} {place} starten {moment}.",
    ),
    "club": (
        "Onze {people} vergaderen {weekday} {place} over {thing}.",
        "{n2} {people} deden mee aan onze actie voor {thing} {place}. Bedankt!",
        "Ons standpunt over {thing} {place} staat online.",
    ),
}
