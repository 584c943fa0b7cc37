"""What every archive and table must keep to, whoever wrote its reader; the folder is the register.

`tests/archives_made.py` and `tests/tables_made.py` make one of each (invented people), and
`tests/fixtures/archives/<case>.expected.json` is what it must become.
"""

from __future__ import annotations

import io
import json
import random
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import archives
from ingest.errors import WinterslaapError
from ingest.model import Account, Batch, Kind, Quarantined
from ingest.rows import NotCitizens
from ingest.store import Store
from ingest.walk import Walk
from tests import archives_made, tables_made
from tests.archives_made import CITIZENS, OTHERS_WORDS, Made
from tests.invented import FormText
from tests.recorded_pages import as_json

EXPECTED = Path(__file__).with_name("fixtures") / "archives"
MADE: dict[str, Callable[[], Made]] = {
    "bluesky_car": archives_made.bluesky_car,
    "crowdtangle": tables_made.crowdtangle,
    "facebook": archives_made.facebook,
    "fourcat": tables_made.fourcat,
    "fourcat.bluesky": tables_made.fourcat_bluesky,
    "instagram": archives_made.instagram,
    "linkedin": archives_made.linkedin,
    "mastodon_archive": archives_made.mastodon_archive,
    "meta_content_library": tables_made.meta_content_library,
    "minet": tables_made.minet,
    "minet.bluesky": tables_made.minet_bluesky,
    "plain": archives_made.plain,
    "twarc": tables_made.twarc,
    "x_archive": archives_made.x_archive,
}
FORMATS = [form.NAME for form in archives.formats()]
SAME_NAMES = {"mastodon_archive", "x_archive"}  # their files are called so in every language
each_case = pytest.mark.parametrize("case", MADE)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def read(path: Path) -> tuple[archives.Found, list[Batch]]:
    with archives.recognise(path) as found:
        return found, list(archives.read(found))


def told(found: archives.Found, batches: list[Batch]) -> dict[str, Any]:
    """What an archive became, in an order that does not depend on the file's."""
    posts: dict[str, list[Any]] = {}
    for batch in batches:
        owner = batch.state.native_id if batch.state else ""
        posts.setdefault(owner, []).extend(as_json(post) for post in batch.posts)
    return {
        "format": found.format,
        "platform": found.platform,
        "handle": found.handle,
        "native_id": found.native_id,
        "shows": as_json(found.shows),
        "is_timeline": found.is_timeline,
        "notes": found.notes,
        "posts": {who: sorted(held, key=lambda p: p["uri"]) for who, held in posts.items() if held},
        "spans": [as_json(span) for batch in batches for span in batch.spans],
        "quarantined": sorted(
            ({"reason": q.reason, "field": q.field} for b in batches for q in b.quarantined),
            key=str,
        ),
        "problems": [str(problem) for problem in found.problems.listed],
    }


def moments_in(value: Any) -> Iterator[datetime]:
    if isinstance(value, datetime):
        yield value
    elif isinstance(value, msgspec.Struct):
        yield from moments_in(msgspec.structs.astuple(value))
    elif is_dataclass(value):
        for one in fields(value):
            yield from moments_in(getattr(value, one.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from moments_in(item)


def test_every_format_has_an_archive_made_by_the_tests() -> None:
    assert {case.partition(".")[0] for case in MADE} == set(FORMATS)


def test_every_expected_file_belongs_to_a_case() -> None:
    assert {path.name.removesuffix(".expected.json") for path in EXPECTED.glob("*.json")} == set(
        MADE
    )


@pytest.mark.parametrize("form", archives.formats(), ids=FORMATS)
def test_a_format_says_what_it_is(form: archives.Format) -> None:
    assert form.__doc__
    assert form.TITLE
    assert isinstance(form.IS_OWN, bool)
    assert form.__name__.rpartition(".")[2] == form.NAME  # type: ignore[attr-defined]


def test_the_readme_explains_every_format_and_no_other() -> None:
    readme = (Path(archives.__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Archives and tables")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(FORMATS)


@each_case
def test_an_archive_becomes_the_objects_beside_it(case: str, tmp_path: Path) -> None:
    expected = json.loads((EXPECTED / f"{case}.expected.json").read_text(encoding="utf-8"))
    assert told(*read(MADE[case]().write(tmp_path))) == expected


@each_case
def test_only_its_own_format_claims_it(case: str, tmp_path: Path) -> None:
    given = archives.opened(MADE[case]().write(tmp_path))
    claims = []
    for form in archives.formats():
        with suppress(WinterslaapError):
            if form.recognise(given) is not None:
                claims.append(form.NAME)
    given.close()
    assert claims == [case.partition(".")[0]]


@each_case
@pytest.mark.parametrize("pack", ["zip", "tar", "folder"])
def test_how_it_is_packed_changes_nothing(case: str, pack: str, tmp_path: Path) -> None:
    made = MADE[case]()
    whole = told(*read(made.write(tmp_path, pack)))
    assert whole["posts"] == told(*read(made.write(tmp_path)))["posts"]


@each_case
def test_an_upload_is_read_as_the_file_is(case: str, tmp_path: Path) -> None:
    path = MADE[case]().write(tmp_path)
    with archives.recognise(io.BytesIO(path.read_bytes()), path.name) as found:
        batches = list(archives.read(found))
    assert told(found, batches) == told(*read(path))


@pytest.mark.parametrize("case", [one for one in MADE if one not in SAME_NAMES])
def test_other_names_of_the_files_change_nothing(case: str, tmp_path: Path) -> None:
    made = MADE[case]()
    renamed = {
        f"mijn gegevens/map {number}/bestand {number}.{name.rpartition('.')[2]}": data
        for number, (name, data) in enumerate(made.files.items())
        if "repost" not in name.lower()
    }
    again = told(*read(Made(renamed).write(tmp_path)))
    kept = {n: d for n, d in made.files.items() if "repost" not in n.lower()}
    (tmp_path / "kept").mkdir()
    assert again["posts"] == told(*read(Made(kept).write(tmp_path / "kept")))["posts"]


@each_case
def test_moments_are_in_utc(case: str, tmp_path: Path) -> None:
    _, batches = read(MADE[case]().write(tmp_path))
    assert all(at.tzinfo is UTC for at in moments_in(tuple(batches)))


@each_case
def test_nothing_that_others_wrote_is_received_and_no_received_day_is_proven(
    case: str, tmp_path: Path
) -> None:
    found, batches = read(MADE[case]().write(tmp_path))
    assert not found.shows.received_under_own_posts
    assert not found.shows.received_mentions
    assert not any(batch.received for batch in batches)
    assert {span.stream.value for batch in batches for span in batch.spans} <= {"acts"}


@each_case
def test_its_span_begins_at_its_oldest_item_or_where_it_proves_more(
    case: str, tmp_path: Path
) -> None:
    found, batches = read(MADE[case]().write(tmp_path))
    moments = [p.created_at for batch in batches for p in batch.posts if p.created_at]
    for batch in batches:
        for span in batch.spans:
            assert found.is_timeline
            assert span.start_at == (found.begins_at or min(moments))
            assert span.end_at > max(moments)
            assert span.end_at < NOW


@each_case
def test_a_repost_has_no_text_of_another(case: str, tmp_path: Path) -> None:
    _, batches = read(MADE[case]().write(tmp_path))
    assert not [p for b in batches for p in b.posts if p.kind is Kind.REPOST and p.text]


class Kept:
    """A store into which batches are appended, as an import does."""

    def __init__(self, path: Path, platform: str) -> None:
        self.store = Store(path, b"k" * 32)
        self.platform, self.runs = platform, 0

    def append(self, batches: list[Batch]) -> int:
        self.runs += 1
        added = 0
        by_owner: dict[str, list[Batch]] = {}
        for batch in batches:
            assert batch.state is not None
            by_owner.setdefault(batch.state.native_id, []).append(batch)
        for owner, held in by_owner.items():
            account = Account(f"an-{owner}", "an", self.platform, owner)
            walk = Walk(
                self.store,
                account,
                str(self.runs),
                FormText(),
                now=lambda: NOW,
                others=NotCitizens(),
            )
            added += sum(walk.append(batch).post_count for batch in held)
        return added

    def rows(self) -> dict[str, set[str]]:
        """Every table's rows as text, without run and moment of seeing."""
        columns = self.store.rows(
            "select table_name, list(column_name order by ordinal_position) "
            "filter (column_name not in ('run_id', 'seen_at')) "
            "from information_schema.columns where table_schema = 'main' group by table_name"
        )
        held = {}
        for table, names in columns:
            cells = ", ".join(f'"{name}"' for name in names or ["run_id"])
            held[table] = {repr(row) for row in self.store.rows(f'select {cells} from "{table}"')}
        return held


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Callable[[str], Kept]]:
    made: list[Kept] = []

    def make(platform: str) -> Kept:
        made.append(Kept(tmp_path / f"{len(made)}" / "store.duckdb", platform))
        return made[-1]

    yield make
    for one in made:
        one.store.close()


@each_case
def test_a_second_import_of_the_same_file_adds_nothing(
    case: str, tmp_path: Path, kept: Callable[[str], Kept]
) -> None:
    path = MADE[case]().write(tmp_path)
    found, batches = read(path)
    store = kept(found.platform)
    assert store.append(batches) > 0
    before = store.rows()
    assert store.append(read(path)[1]) == 0
    assert store.rows()["post"] == before["post"]


@each_case
def test_the_order_of_items_changes_nothing(
    case: str, tmp_path: Path, kept: Callable[[str], Kept]
) -> None:
    found, batches = read(MADE[case]().write(tmp_path))
    single = [
        replace(batch, posts=(post,), spans=(), quarantined=())
        for batch in batches
        for post in batch.posts
    ]
    random.Random(7).shuffle(single)
    one, other = kept(found.platform), kept(found.platform)
    one.append(batches)
    other.append(single)
    assert other.rows()["post"] == one.rows()["post"]


@each_case
def test_no_citizens_name_or_text_reaches_the_store(
    case: str, tmp_path: Path, kept: Callable[[str], Kept]
) -> None:
    found, batches = read(MADE[case]().write(tmp_path))
    store = kept(found.platform)
    store.append(batches)
    store.store.close()
    held = store.store.path.read_bytes()
    store.store = Store(store.store.path, b"k" * 32)
    everything = "\n".join(line for rows in store.rows().values() for line in rows)
    for word in (*CITIZENS, *OTHERS_WORDS):
        assert word not in everything
        assert word.encode() not in held
    assert not re.search(r"(?i)\bpiet\b|\bfien\b|\bbo\b", everything)


def mutated(body: bytes, chance: random.Random) -> bytes:
    """The body with a few stretches cut, doubled, turned around or overwritten, or cut short."""
    for _ in range(chance.randint(0, 3)):
        start = chance.randrange(len(body) + 1)
        end = min(len(body), start + chance.choice((0, 1, 4, 40, 400)))
        part = body[start:end]
        new = chance.choice((b"", part * 2, part[::-1], chance.randbytes(len(part) or 1), b"\0"))
        body = body[:start] + new + body[end:]
    return body[: chance.choice((len(body), chance.randrange(len(body) + 1)))]


@each_case
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_damage_is_told_and_never_a_crash(case: str, seed: int) -> None:
    chance = random.Random(seed)
    made = MADE[case]()
    files = {n: mutated(d, chance) for n, d in made.files.items()}
    with tempfile.TemporaryDirectory() as folder, suppress(WinterslaapError):
        found, batches = read(Made(files, made.pack).write(Path(folder)))
        assert all(at.tzinfo is UTC for at in moments_in(tuple(batches)))
        for batch in batches:
            assert all(isinstance(bad, Quarantined) for bad in batch.quarantined)
        if any(batch.quarantined for batch in batches):
            assert found.problems.count


@each_case
@settings(max_examples=15)
@given(share=st.floats(0, 1))
def test_of_a_file_that_is_cut_short_the_first_part_is_read(case: str, share: float) -> None:
    made = MADE[case]()
    cut = {
        name: data if "personal_information" in name else data[: int(len(data) * share)]
        for name, data in made.files.items()
    }
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        _, batches = read(made.write(Path(one)))
        whole = {post.uri: post.created_at for batch in batches for post in batch.posts}
        with suppress(WinterslaapError):
            _, batches = read(Made(cut, made.pack).write(Path(other)))
            for post in (post for batch in batches for post in batch.posts):
                assert whole[post.uri] == post.created_at
