"""A feed's window never claims a moment that it does not show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.coverage import Stretch, merged
from ingest.feeddocument import Document, Item
from ingest.feedpages import Entry, newest_first, proven, read_page

START = datetime(2020, 1, 1, tzinfo=UTC)
END = START + timedelta(days=2_000)
ADDRESS = "https://an.voorbeeld.example/feed.xml"


def at(day: float) -> datetime:
    return START + timedelta(days=day)


def entry(day: float | None, changed: float | None = None) -> Entry:
    return Entry(None if day is None else at(day), None if changed is None else at(changed))


def holds(stretches: list[Stretch], moment: datetime) -> bool:
    return any(stretch.start_at <= moment < stretch.end_at for stretch in stretches)


histories = st.lists(st.integers(0, 1_999), min_size=1, max_size=40, unique=True).map(
    lambda days: sorted(days, reverse=True)
)


@given(histories, st.integers(1, 40))
def test_no_item_outside_the_window_lies_in_what_it_proves(days: list[int], size: int) -> None:
    window, gone = days[:size], days[size:]
    found = proven([entry(day) for day in window], END)
    assert merged(found) == (Stretch(at(window[-1]), END),)
    assert not any(holds(found, at(day)) for day in gone)


@given(histories, st.integers(1, 40), st.data())
def test_the_moment_of_an_item_without_a_date_is_never_proven(
    days: list[int], size: int, data: st.DataObject
) -> None:
    window = days[:size]
    undated = data.draw(st.sets(st.sampled_from(range(len(window))), max_size=4))
    found = proven([entry(None if i in undated else d) for i, d in enumerate(window)], END)
    assert not any(holds(found, at(window[i])) for i in undated)


@given(histories, st.integers(3, 40), st.data())
def test_a_pinned_item_never_stretches_the_window(
    days: list[int], size: int, data: st.DataObject
) -> None:
    window, gone = days[:size], days[size:]
    if not gone:
        return
    pinned = data.draw(st.sampled_from(gone))
    found = proven([entry(pinned), *map(entry, window)], END)
    assert not any(holds(found, at(day)) for day in gone if day != pinned)


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=5, max_size=40))
def test_a_feed_ordered_by_change_is_known_from_its_oldest_change_on(
    items: list[tuple[int, int]],
) -> None:
    published = [(day, day + later) for day, later in items]
    by_change = sorted(published, key=lambda pair: -pair[1])
    window, gone = by_change[:4], by_change[4:]
    found = proven([entry(*pair) for pair in window], END)
    for day, changed in gone:
        assert not holds(found, at(day)) or changed == window[-1][1]


@given(histories)
def test_documents_with_the_oldest_item_first_are_turned_around(days: list[int]) -> None:
    entries = [entry(day) for day in days]
    if len(days) >= 5:
        assert newest_first(entries[::-1]) == entries
    assert newest_first(entries) == entries


def test_an_old_item_on_top_of_a_single_new_one_is_taken_for_pinned() -> None:
    assert proven([entry(3), entry(1_500)], END) == [Stretch(at(1_500), END)]


def test_reading_a_page_twice_gives_the_same_page() -> None:
    items = tuple(
        Item(f"https://an.voorbeeld.example/{n}", None, "T", "tekst", at(n), None)
        for n in (9, 7, 8, 3)
    )
    document = Document(items, {})
    assert read_page(document, ADDRESS, END) == read_page(document, ADDRESS, END)
    assert not any(post.is_pinned for post in read_page(document, ADDRESS, END).posts[:1])
