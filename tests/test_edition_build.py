"""An edition is whole, frozen and reproducible, stands on its own, and is never replaced."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from dashboard.edition import shelf
from dashboard.edition.build import UNFINISHED, WORK, Built, build
from dashboard.edition.manifest import MANIFEST, digests, read_manifest
from dashboard.edition.model import Statement
from dashboard.edition.site import LANGUAGES, PAGES, by_name
from metrics.errors import EditionError
from tests.edition_made import FEW, ID, TITLE, edition, order

ROOT = Path(__file__).parents[1]
ELSEWHERE = """
import sys
from pathlib import Path
from dashboard.edition.build import build
from tests.edition_made import order
if __name__ == "__main__":
    build(order(Path(sys.argv[1]), Path(sys.argv[2])))
"""


class Links(HTMLParser):
    """What a page points at, what may be pointed at in it, and its tags."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.tags: set[str] = set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("href", "src") and value is not None and not value.startswith("data:"):
                self.links.append(value)
            if name == "id" and value:
                self.ids.add(value)


def _pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def _elsewhere(copy: Path, out: Path, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", ELSEWHERE, str(copy), str(out)],
        cwd=ROOT,
        env=os.environ | environment,
        start_new_session=True,
    )


def test_there_is_a_card_in_every_form_and_language_and_every_page(built: Built) -> None:
    for lang in LANGUAGES:
        for person_id in FEW:
            for suffix in (".html", ".svg", ".png", ".pdf", ".preview.png"):
                assert (built.path / lang / f"{person_id}{suffix}").stat().st_size > 1_000
        for page in PAGES:
            assert TITLE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in (
                built.path / lang / f"{page}.html"
            ).read_text("utf-8")
        assert list((built.path / lang / "municipality").glob("*.html"))
        assert list((built.path / lang / "party").glob("*.html"))
    assert built.is_new
    assert built.drawn == len(FEW)
    assert not list(built.path.rglob(f"*{UNFINISHED}"))
    assert not (built.path / WORK).exists()


def test_every_link_leads_somewhere_in_the_folder(built: Built) -> None:
    site = built.path.parent
    pages = {path: Links(path) for path in _pages(site)}
    assert len(pages) > 20
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            assert not parts.scheme, f"{path}: {link} leads elsewhere"
            assert not parts.path.startswith("/"), f"{path}: {link} needs a server's root"
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path}: {link}"
            if parts.fragment:
                assert parts.fragment in pages[target].ids, f"{path}: {link}"
    for style in site.rglob("*.css"):
        for link in re.findall(r'url\("?([^")]+)', style.read_text("utf-8")):
            assert (style.parent / link).is_file(), f"{style}: {link}"


def test_no_page_has_a_script_or_loads_from_elsewhere(built: Built) -> None:
    for path in _pages(built.path.parent):
        text = path.read_text("utf-8")
        assert "script" not in Links(path).tags, path
        assert not re.search(r"\son[a-z]+=|javascript:|@import|url\(\"?https?:", text), path


def test_every_page_names_itself_in_all_languages(built: Built) -> None:
    for lang in LANGUAGES:
        for path in _pages(built.path / lang):
            text = path.read_text("utf-8")
            assert f'<html lang="{lang}">' in text, path
            for other in set(LANGUAGES) - {lang}:
                assert f'hreflang="{other}"' in text, path
            assert '<meta name="description" content="' in text, path
            assert 'property="og:title"' in text, path


def test_lists_are_alphabetical_and_print_no_rank(built: Built) -> None:
    for lang in LANGUAGES:
        for path in (built.path / lang).rglob("*.html"):
            if path.stem in FEW or path.stem in PAGES.keys() - {"index"}:
                continue
            found = re.findall(r'href="(?:\.\./)?(person-\d+)\.html"', path.read_text("utf-8"))
            assert found == sorted(found)
            assert not re.search(r"\b\d+(?:e|ste|de|st|nd|rd|th|er|ème)\b", path.read_text("utf-8"))


def test_editions_are_built_without_streamlit() -> None:
    code = (
        "import sys, dashboard.edition.build, dashboard.edition.card, dashboard.edition.verify; "
        "sys.exit('streamlit' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_names_sort_by_their_letters_whatever_their_accents() -> None:
    names = ["Émile", "Zoë", "eva", "Eddy"]
    assert sorted(names, key=by_name) == ["Eddy", "Émile", "eva", "Zoë"]


def test_the_same_inputs_give_the_same_bytes_anywhere(
    built: Built, edition_copy: Path, tmp_path: Path
) -> None:
    worlds = (
        {"TZ": "America/New_York", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        {
            "TZ": "Asia/Kathmandu",
            "PYTHONHASHSEED": "77",
            "LC_ALL": "C.UTF-8",
            "LANG": "tr_TR.UTF-8",
        },
    )
    running = [
        _elsewhere(edition_copy, tmp_path / f"a {number} é", **world)
        for number, world in enumerate(worlds)
    ]
    assert [one.wait(280) for one in running] == [0, 0]
    for number in range(len(worlds)):
        again = tmp_path / f"a {number} é"
        assert digests(again / ID) == dict(built.manifest.files)
        assert (again / ID / MANIFEST).read_bytes() == (built.path / MANIFEST).read_bytes()
        for shared in (shelf.LIST, "index.html"):
            assert (again / shared).read_bytes() == (built.path.parent / shared).read_bytes()


def test_a_build_that_was_killed_goes_on_and_gives_the_same_bytes(
    edition_copy: Path, tmp_path: Path
) -> None:
    some = tuple(f"person-{number:06d}" for number in range(5))
    whole = build(order(edition_copy, tmp_path / "whole", people=some))
    code = ELSEWHERE.replace("Path(sys.argv[2])", f"Path(sys.argv[2]), people={some}")
    out = tmp_path / "cut"
    part = out / f"{ID}{UNFINISHED}" / WORK
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(edition_copy), str(out)], cwd=ROOT, start_new_session=True
    )
    for _ in range(2_000):
        if list(part.glob("person-*.json")):
            break
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    left = len(list(part.glob("person-*.json")))
    assert 1 <= left < whole.drawn
    assert not (out / ID).exists()
    (out / f"{ID}{UNFINISHED}" / "nl" / f"half.svg{UNFINISHED}").write_text("half")
    again = build(order(edition_copy, out, people=some))
    assert again.drawn == whole.drawn - left
    assert digests(again.path) == digests(whole.path)


def test_what_other_inputs_left_behind_is_not_used(edition_copy: Path, tmp_path: Path) -> None:
    left = tmp_path / f"{ID}{UNFINISHED}"
    (left / WORK).mkdir(parents=True)
    (left / WORK / "inputs").write_text("others")
    (left / "nl").mkdir()
    (left / "nl" / "somebody.html").write_text("somebody else's card")
    made = build(order(edition_copy, tmp_path, people=FEW[:1]), workers=1)
    assert not list(made.path.rglob("somebody*"))


def test_an_edition_is_never_replaced(built: Built, edition_copy: Path) -> None:
    out = built.path.parent
    before = digests(out)
    again = build(order(edition_copy, out))
    assert not again.is_new
    with pytest.raises(EditionError, match=r"published already.*never replaced → .*--corrects"):
        build(order(edition_copy, out, edition=edition(edition_copy, title="Iets anders")))
    with pytest.raises(EditionError, match="published already"):
        build(order(edition_copy, out, people=FEW[:1]))
    assert digests(out) == before


def test_an_edition_with_changed_bytes_is_told_not_repaired(
    tampered: Path, edition_copy: Path
) -> None:
    page = tampered / "nl" / "index.html"
    page.write_text(page.read_text("utf-8") + " ")
    with pytest.raises(EditionError, match="other bytes than its manifest says"):
        build(order(edition_copy, tampered.parent))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"corrects": "be-oud"}, "--because is missing"),
        ({"corrects": ID}, "corrects another one"),
        ({"id": "Geen Naam"}, "letters a-z, digits and hyphens"),
    ],
)
def test_an_order_that_cannot_be_is_refused(
    more: dict[str, str], told: str, edition_copy: Path, tmp_path: Path
) -> None:
    with pytest.raises(EditionError, match=told):
        build(order(edition_copy, tmp_path, edition=replace(edition(edition_copy), **more)))
    assert not list(tmp_path.iterdir())


def test_strangers_are_named_all_at_once(edition_copy: Path, tmp_path: Path) -> None:
    with pytest.raises(EditionError, match=r"(?s)an-niemand.*jan-niemand"):
        build(order(edition_copy, tmp_path, people=("jan-niemand", FEW[0], "an-niemand")))


def test_an_edition_that_corrects_nothing_there_is_refused(
    edition_copy: Path, tmp_path: Path
) -> None:
    corrected = edition(edition_copy, corrects="be-nergens")
    with pytest.raises(EditionError, match="be-nergens: there is no such edition"):
        build(order(edition_copy, tmp_path, edition=corrected, because="Een fout."))


def test_a_manifest_is_read_as_it_was_written(edition_copy: Path, tmp_path: Path) -> None:
    said = {FEW[0]: Statement("Ik was met verlof <tot> maart.", date(2024, 12, 1))}
    given = edition(edition_copy, statements=said, base_url="https://kaarten.example/proef")
    made = build(order(edition_copy, tmp_path, edition=given, people=FEW[:1]), workers=1)
    assert read_manifest(made.path) == made.manifest
    assert made.manifest.edition == given
    card = (made.path / "nl" / f"{FEW[0]}.html").read_text("utf-8")
    assert "Ik was met verlof &lt;tot&gt; maart." in card
    page = (made.path / "fr" / "index.html").read_text("utf-8")
    assert (
        '<meta property="og:image" content="https://kaarten.example/proef/fr/preview.png">' in page
    )
    assert 'hreflang="nl" href="https://kaarten.example/proef/nl/index.html"' in page
    embed = (made.path / "nl" / "embed.html").read_text("utf-8")
    assert f"&lt;iframe src=&#34;https://kaarten.example/proef/nl/{FEW[0]}.html&#34;" in embed


def test_a_preview_is_in_no_list_and_asks_not_to_be_indexed(
    edition_copy: Path, tmp_path: Path
) -> None:
    hidden = edition(edition_copy, preview="Voorbeeld, niet gepubliceerd")
    made = build(
        order(edition_copy, tmp_path, edition=hidden, people=FEW[:1], folder="x7"), workers=1
    )
    assert made.path.name == "x7"
    assert shelf.editions(tmp_path) == ()
    page = (made.path / "nl" / "index.html").read_text("utf-8")
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert "Voorbeeld, niet gepubliceerd" in page
