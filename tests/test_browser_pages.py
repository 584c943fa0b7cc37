"""Every page of the navigation in a real browser: desk, phone, dark, zoomed, by keyboard."""

from __future__ import annotations

import pytest

from tests.browsing import (
    DESKTOP,
    PHONE,
    SMALL,
    WIDTH,
    ZOOMED,
    Open,
    address_of,
    check_accessibility,
    keep,
    pages,
    resize,
    settle,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PLACES = {name: address_of(name) for name in pages()} | {"person": "/person?person=bram-de-winter"}
STATES = PLACES | {
    "person-unknown": "/person?person=hanne-onbekend",
    "person-absent": "/person?person=nobody-here",
    "overview-nobody": "/?q=zzz",
    "compare-two": "/compare?people=bram-de-winter.dirk-zender",
}
STOPS = """() => [...document.querySelectorAll(
  '[data-testid=stSelectbox] input, [data-testid=stTextInput] input,'
  + ' [data-testid=stDataFrame] canvas[data-testid=data-grid-canvas]')]
  .filter(one => one.checkVisibility() && one.offsetParent && !one.disabled)
  .map((one, place) => { one.dataset.stop = place; return place })"""
FOCUS = """() => { const one = document.activeElement;
  const near = one.dataset?.stop ? one
    : one.closest('[data-testid=stDataFrame]')?.querySelector('[data-stop]');
  return near ? Number(near.dataset.stop) : null }"""

MOVING = """() => document.getAnimations()
  .filter(one => one.playState === 'running' && one.effect.getComputedTiming().duration > 10)
  .map(one => String(one.animationName))"""


def no_error(page: object) -> None:
    assert page.locator("h1").count() == 1  # type: ignore[attr-defined]
    assert page.locator('[data-testid="stException"]').count() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", STATES)
def test_on_a_desk_the_page_is_seen_by_everybody(visit: Open, name: str) -> None:
    page = visit(STATES[name])
    no_error(page)
    assert page.evaluate("document.documentElement.lang") == "nl"
    check_accessibility(page)
    keep(page, f"{name}-desktop", DESKTOP)
    resize(page, ZOOMED)
    settle(page)
    assert page.evaluate(WIDTH) <= ZOOMED[0], "scrolls sideways at 200 %"


@pytest.mark.parametrize("name", PLACES)
def test_in_the_dark_the_page_is_seen_by_everybody_and_nothing_moves(
    visit: Open, name: str
) -> None:
    page = visit(PLACES[name], DESKTOP, "dark")
    no_error(page)
    assert page.evaluate(MOVING) == []
    check_accessibility(page)
    keep(page, f"{name}-dark", DESKTOP)


@pytest.mark.parametrize("name", PLACES)
def test_on_a_phone_nothing_scrolls_sideways(visit: Open, name: str) -> None:
    page = visit(PLACES[name], PHONE)
    no_error(page)
    assert page.evaluate(WIDTH) <= PHONE[0]
    check_accessibility(page)
    keep(page, f"{name}-phone", PHONE)
    resize(page, SMALL)
    settle(page)
    assert page.evaluate(WIDTH) <= SMALL[0]
    check_accessibility(page)


@pytest.mark.parametrize("name", pages())
def test_the_keyboard_reaches_every_choice_and_table(visit: Open, name: str) -> None:
    page = visit(PLACES[name])
    wanted = set(page.evaluate(STOPS))
    seen: set[int | None] = set()
    for _ in range(150):
        page.keyboard.press("Tab")
        seen.add(page.evaluate(FOCUS))
        if wanted <= seen:
            break
    missed = [page.locator(f'[data-stop="{one}"]').evaluate("one => one.ariaLabel || one.outerHTML")
              for one in wanted - seen]  # fmt: skip
    assert not missed


def test_the_navigation_holds_the_pages_that_are_tested(visit: Open) -> None:
    page = visit("/")
    links = page.locator('[data-testid="stTopNavLink"]')
    seen = {
        str(one.get_attribute("href")).split("?")[0].rstrip("/").rsplit("/", 1)[-1]
        for one in links.all()
    }
    assert {name for name in seen if name and ":" not in name} <= set(pages())
    assert links.count() >= 4
