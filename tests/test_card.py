"""A card in its five forms: the same facts, checkable inside each, and the same bytes again."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import pypdf
import pytest
from PIL import Image
from pypdf.generic import DictionaryObject, IndirectObject
from selectolax.lexbor import LexborHTMLParser

from dashboard.edition import card
from dashboard.edition.model import Card, Edition, Statement, edition_of
from dashboard.words import LOCALES, words
from tests.published_copy import build

ROOT = Path(__file__).parents[1]
MOST_BYTES = 60_000  # of a page, compressed, its fonts apart
EVERYBODY = (
    "amber-stroobants", "bram-de-winter", "elif-feedman", "femke-nieuw", "gust-ongevraagd",
    "hanne-onbekend", "ilse-zelden", "jef-zonder-stembus", "kaat-ziek",
)  # fmt: skip
NAUGHTY = "Zoë <script>alert(1)</script> & 😀 d'Oultremont"
COMMENT = "Ik was ziek.\n\n<script>alert('x')</script> & 😀\nأنا أجيب"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = build(tmp_path_factory.mktemp("data"))
    with duckdb.connect(str(path)) as con:
        con.execute("update person set name = ? where person_id = 'kaat-ziek'", [NAUGHTY])
        con.execute("update person set name = 'عمر' where person_id = 'ilse-zelden'")
    return path


@pytest.fixture(scope="module")
def edition(copy: Path) -> Edition:
    given = Statement(COMMENT, date(2024, 12, 20))
    plain = edition_of(copy, "be-vl-2030-voorbeeldstad", "Voorbeeldstad 2030")
    return replace(plain, statements={"kaat-ziek": given}, corrects="be-vl-2030-voorbeeldstad-1")


@pytest.fixture(scope="module")
def drawn(copy: Path, edition: Edition) -> dict[tuple[str, str], Card]:
    some = [("bram-de-winter", lang) for lang in LOCALES]
    some += [(who, "nl") for who in EVERYBODY if who != "bram-de-winter"]
    return {(who, lang): card.render(copy, who, lang, edition) for who, lang in some}


@pytest.fixture(scope="module")
def bram(drawn: dict[tuple[str, str], Card]) -> Card:
    return drawn["bram-de-winter", "nl"]


@pytest.fixture(scope="module")
def kaat(drawn: dict[tuple[str, str], Card]) -> Card:
    return drawn["kaat-ziek", "nl"]


def svg_text(svg: bytes) -> str:
    """What stands in the picture, not in its title or description."""
    root = ET.fromstring(svg)
    return " ".join("".join(one.itertext()) for one in root.iter(f"{SVG}text"))


def pdf_of(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_everything_that_makes_a_card_checkable_stands_inside_the_picture(
    bram: Card, edition: Edition
) -> None:
    said = flat(svg_text(bram.svg))
    for part in (
        edition.id, edition.data_hash, "methode 1", "CC BY 4.0", "Bram De Winter", "marge 14–28%",
        "54 vragenstellers", "19 van de 90 vragen", "2.192 van 2.192 dagen", "1 januari 2019",
        "Bekeken accounts: Bluesky (", "mails en privéberichten zien we niet", "verzonnen",
        "deze persoon bestaat niet", "Verbetert editie be-vl-2030-voorbeeldstad-1",
        "binnen 14 dagen",
        "90%-interval", "winterslaap", "26 mei", "13 okt",
    ):  # fmt: skip
        assert part in said, part


def test_page_and_pdf_say_what_the_picture_says(bram: Card) -> None:
    pdf = flat(pdf_of(bram.pdf).pages[0].extract_text())
    page = flat(LexborHTMLParser(bram.html).body.text())  # type: ignore[union-attr]
    for sentence in (
        "bleef het op deze accounts 34 weken stil",
        "54 vragenstellers",
        "fe",
        "Zo lezen",
    ):
        assert sentence in pdf
        assert sentence in page
    for number in ("21%", "56%", "×7,2", "marge 14–28%"):
        assert number in pdf
        assert number in page
        assert number in flat(svg_text(bram.svg))


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("elif-feedman", "toont het niet"),
        ("femke-nieuw", "Minder dan 10 inwoners"),
        ("gust-ongevraagd", "Dat is geen nul"),
        ("jef-zonder-stembus", "geen verkiezing die voor deze persoon telt"),
    ],
)
def test_where_a_gate_is_not_passed_every_form_says_why(
    drawn: dict[tuple[str, str], Card], who: str, reason: str
) -> None:
    one = drawn[who, "nl"]
    assert reason in flat(svg_text(one.svg))
    assert reason in flat(pdf_of(one.pdf).pages[0].extract_text())
    assert reason in flat(LexborHTMLParser(one.html).body.text())  # type: ignore[union-attr]


def test_answers_that_cannot_be_seen_are_never_counted_as_none(
    drawn: dict[tuple[str, str], Card],
) -> None:
    said = svg_text(drawn["elif-feedman", "nl"].svg)
    assert "Antwoorden zijn op deze accounts niet te zien" in said
    assert "0 antwoorden" not in said
    assert "0 antwoorden" not in drawn["elif-feedman", "nl"].html


@pytest.mark.parametrize("lang", sorted(LOCALES))
def test_a_card_is_in_its_own_language_throughout(
    drawn: dict[tuple[str, str], Card], lang: str
) -> None:
    one, t = drawn["bram-de-winter", lang], words(lang)
    assert f'<html lang="{lang}">' in one.html
    assert f'xml:lang="{lang}"' in one.svg.decode()
    assert t("card.read_title") in one.html
    assert t("card.read_title") in svg_text(one.svg)
    assert pdf_of(one.pdf).trailer["/Root"]["/Lang"].startswith(lang)
    for other in set(LOCALES) - {lang}:
        assert words(other)("card.read_title") not in svg_text(one.svg)
        assert f'href="../{other}/bram-de-winter.html"' in one.html


def test_a_winter_sleep_names_the_accounts_watched(bram: Card) -> None:
    assert bram.sentences[0].endswith(
        "Van 30 mei 2019 tot en met 25 januari 2020. "
        "Bekeken accounts: Bluesky (bram-de-winter.voorbeeld.example)."
    )


def test_many_unknown_days_are_a_warning_on_the_card(drawn: dict[tuple[str, str], Card]) -> None:
    warning = "Let op: 1.189 van 2.192 dagen zijn onbekend"
    assert warning in flat(svg_text(drawn["hanne-onbekend", "nl"].svg))
    assert warning in flat(pdf_of(drawn["hanne-onbekend", "nl"].pdf).pages[0].extract_text())
    assert "Let op" not in svg_text(drawn["bram-de-winter", "nl"].svg)


def test_days_on_which_replies_could_not_be_seen_are_a_warning_and_no_zero(
    copy: Path, edition: Edition
) -> None:
    half = build(copy.parent / "half")
    with duckdb.connect(str(half)) as con:
        con.execute(
            "update account set first_covered_on = date '2022-01-01', "
            "valid_from_on = date '2022-01-01' where person_id = 'gust-ongevraagd'"
        )
    said = flat(svg_text(card.render(half, "gust-ongevraagd", "nl", edition).svg))
    assert "Let op: op 1.096 bekende dagen waren antwoorden niet te zien" in said
    assert "Antwoorden zijn op deze accounts niet te zien" in said


def test_nobody_gets_a_place(drawn: dict[tuple[str, str], Card]) -> None:
    for one in drawn.values():
        said = " ".join(one.sentences) + LexborHTMLParser(one.html).body.text()  # type: ignore[union-attr]
        assert not re.search(r"\b\d+(?:de|ste|st|nd|rd|th|ème) (?:van|of|sur|plaats|place)", said)
        assert not re.search(r"\b(?:plaats|rang|rank|place) \d", said, re.IGNORECASE)


def test_the_comment_of_the_person_is_printed_and_stays_text(kaat: Card) -> None:
    assert "Ik was ziek." in svg_text(kaat.svg)
    assert "Ik was ziek." in flat(pdf_of(kaat.pdf).pages[0].extract_text())
    assert "20 december 2024" in svg_text(kaat.svg)
    page = LexborHTMLParser(kaat.html)
    assert page.css("script") == []
    assert page.css_first("blockquote").text() == COMMENT
    assert b"<script" not in kaat.svg
    assert NAUGHTY in page.css_first("title").text()


def test_signs_that_cannot_be_printed_are_left_out_of_the_picture_and_it_says_so(
    kaat: Card, drawn: dict[tuple[str, str], Card]
) -> None:
    said = svg_text(kaat.svg)
    assert "😀" not in said
    assert "أ" not in said
    assert words("nl")("card.signs_left_out") in said
    arabic = drawn["ilse-zelden", "nl"]
    assert "ilse-zelden" in svg_text(arabic.svg)
    assert "عمر" in arabic.html


def test_a_preview_says_in_every_form_that_it_is_not_published(
    copy: Path, edition: Edition
) -> None:
    said = "voorbeeld, niet gepubliceerd"
    one = card.render(copy, "femke-nieuw", "nl", replace(edition, preview=said))
    published = card.render(copy, "femke-nieuw", "nl", edition)
    assert said in svg_text(one.svg)
    assert said in one.html
    assert "noindex" in one.html
    assert said in pdf_of(one.pdf).pages[0].extract_text()
    assert one.preview_png != published.preview_png
    assert said not in svg_text(published.svg)
    assert "noindex" not in published.html


def test_the_page_needs_no_script_and_is_light(drawn: dict[tuple[str, str], Card]) -> None:
    for one in drawn.values():
        page = LexborHTMLParser(one.html)
        assert page.css("script, iframe, object, embed, link[rel=stylesheet], img") == []
        assert not re.search(r"\son\w+=", one.html)
        assert len(gzip.compress(one.html.encode(), mtime=0)) <= MOST_BYTES
        assert "http" not in re.sub(r"https?://[\w.-]*example\S*", "", one.html)


def test_the_page_has_one_title_headings_in_order_and_tables_with_headers(bram: Card) -> None:
    page = LexborHTMLParser(bram.html)
    levels = [int(one.tag[1]) for one in page.css("h1, h2, h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(page.css("table")) == 2
    assert all(one.css("th[scope=col]") for one in page.css("table"))
    assert all(one.css("th[scope=row]") for one in page.css("tbody tr"))
    ids = [one.attributes["id"] for one in page.css("[id]")]
    assert len(ids) == len(set(ids))


def test_every_drawing_says_its_finding_or_is_not_read_aloud(bram: Card) -> None:
    page = LexborHTMLParser(bram.html)
    told = page.css("svg[role=img]")
    assert len(told) == 1 + 6  # the weeks and six years
    assert "34 weken stil" in (told[0].attributes["aria-label"] or "")
    assert "Kalender van 2024" in (told[1].attributes["aria-label"] or "")
    for one in page.css("svg"):
        assert "aria-label" in one.attributes or one.attributes.get("aria-hidden") == "true"


def test_the_year_table_adds_up_to_what_is_in_the_calendars(bram: Card, copy: Path) -> None:
    page = LexborHTMLParser(bram.html)
    rows = [
        [cell.text() for cell in row.css("th, td")] for row in page.css("table.counts tbody tr")
    ]
    with duckdb.connect(str(copy), read_only=True) as con:
        counted = con.execute(
            "select year(on_day)::varchar, sum(citizen_replies)::int from day "
            "where person_id = 'bram-de-winter' group by 1 order by 1"
        ).fetchall()
    assert [(row[0], int(row[1].replace(".", ""))) for row in rows] == counted
    assert sum(int(row[3].replace(".", "")) for row in rows) == 2192


def test_citizens_met_again_are_not_counted_below_ten(copy: Path, edition: Edition) -> None:
    def cells(numerator: int) -> list[str]:
        other = build(copy.parent / f"return-{numerator}")
        with duckdb.connect(str(other)) as con:
            con.execute(
                "update metric set value = .2, low = .1, high = .3, reason = null, numerator = ?, "
                "denominator = 45 where metric = 'return' and person_id = 'chloe-vanpiek'",
                [numerator],
            )
        page = LexborHTMLParser(card.render(other, "chloe-vanpiek", "nl", edition).html)
        return [one.text() for one in page.css("tbody tr")[7].css("td")]

    assert cells(10)[-1] == "10 / 45"
    assert cells(9)[-1] == ""


def test_the_svg_is_well_formed_carries_its_fonts_and_loads_nothing(bram: Card) -> None:
    root = ET.fromstring(bram.svg)
    assert root.find(f"{SVG}title").text.startswith("Scorekaart van Bram De Winter")  # type: ignore[union-attr]
    assert "34 weken stil" in (root.find(f"{SVG}desc").text or "")  # type: ignore[union-attr]
    style = root.find(f"{SVG}style").text or ""  # type: ignore[union-attr]
    assert style.count("@font-face") == 3
    assert set(re.findall(r"url\((\w+):", style)) == {"data"}
    assert b"href" not in bram.svg
    assert not re.search(r"font-family:'[^']*\d'", style.split("Source")[0])


def test_pictures_have_the_size_that_platforms_expect(bram: Card) -> None:
    assert Image.open(io.BytesIO(bram.png)).size == (1820, 2574)
    assert Image.open(io.BytesIO(bram.preview_png)).size == (1200, 630)


def _tags(node: object, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Every tag of the structure tree with its alternative text, in reading order."""
    if isinstance(node, IndirectObject):
        node = node.get_object()
    if isinstance(node, list):
        for one in node:
            _tags(one, found)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            found.append((str(node["/S"]), str(node.get("/Alt", ""))))
        _tags(node.get("/K"), found)
    return found


@pytest.mark.parametrize("who", ["bram-de-winter", "kaat-ziek", "elif-feedman"])
def test_the_pdf_is_one_tagged_page_with_title_language_and_alternative_texts(
    drawn: dict[tuple[str, str], Card], who: str
) -> None:
    pdf = pdf_of(drawn[who, "nl"].pdf)
    root = pdf.trailer["/Root"]
    assert len(pdf.pages) == 1
    assert [round(float(side)) for side in pdf.pages[0].mediabox] == [0, 0, 595, 842]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl-BE"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert str(pdf.metadata.title).startswith("Scorekaart van")
    xmp = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part>1<|pdfuaid:part=\"1\"", xmp)
    tags = _tags(root["/StructTreeRoot"], [])
    kinds = [kind for kind, _ in tags]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") >= 5
    figures = [alt for kind, alt in tags if kind == "/Figure"]
    assert len(figures) >= 7
    assert all(figures)


def test_the_pdf_embeds_our_fonts_and_no_others(bram: Card) -> None:
    [page] = pdf_of(bram.pdf).pages
    for font in page["/Resources"]["/Font"].values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()
        descriptor = inner["/FontDescriptor"].get_object()
        assert "Winterslaap" in str(descriptor["/FontName"])
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


ELSEWHERE = """
import hashlib, json, sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from dashboard.edition import card
from dashboard.edition.model import Statement, edition_of
edition = edition_of(Path(sys.argv[1]), "be-vl-2030-voorbeeldstad", "Voorbeeldstad 2030")
given = Statement(sys.argv[2], date(2024, 12, 20))
edition = replace(edition, statements={"kaat-ziek": given}, corrects="be-vl-2030-voorbeeldstad-1")
one = card.render(Path(sys.argv[1]), sys.argv[3], "nl", edition)
forms = (one.html.encode(), one.svg, one.png, one.preview_png, one.pdf)
print(json.dumps([hashlib.sha256(form).hexdigest() for form in forms]))
"""


@pytest.mark.parametrize("who", ["bram-de-winter", "kaat-ziek"])
def test_another_process_in_another_time_zone_draws_the_same_bytes(
    copy: Path, drawn: dict[tuple[str, str], Card], who: str
) -> None:
    here = drawn[who, "nl"]
    forms = (here.html.encode(), here.svg, here.png, here.preview_png, here.pdf)
    outside = {"TZ": "America/New_York", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    again = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(copy), COMMENT, who],
        capture_output=True, check=True, text=True, cwd=ROOT, env=os.environ | outside,
    )  # fmt: skip
    assert json.loads(again.stdout) == [hashlib.sha256(form).hexdigest() for form in forms]


def test_the_order_in_which_cards_are_drawn_changes_nothing(
    copy: Path, edition: Edition, bram: Card
) -> None:
    card.render(copy, "gust-ongevraagd", "fr", edition)
    assert card.render(copy, "bram-de-winter", "nl", edition) == bram


def test_embed_codes_need_the_address_of_the_site(copy: Path, edition: Edition, bram: Card) -> None:
    address = "https://kaarten.example/2030/"
    page = card.render(copy, "bram-de-winter", "nl", replace(edition, base_url=address)).html
    shown = [one.text() for one in LexborHTMLParser(page).css("code")]
    assert shown[0].startswith('<iframe src="https://kaarten.example/2030/nl/bram-de-winter.html"')
    assert 'src="https://kaarten.example/2030/nl/bram-de-winter.svg"' in shown[1]
    assert "<code>" not in bram.html
