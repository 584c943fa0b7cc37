"""Status: what is known since when, in the person's own days, and what helps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from ingest import roster
from ingest.coverage import Days
from ingest.errors import AccountGone, StoreError
from ingest.model import Batch, Span, Stream
from ingest.status import status
from ingest.store import Store
from tests.collecting import collect, collecting, last_page, page, write_roster
from tests.invented import SECRET, walk_of

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from ingest.http import Config, Http
    from ingest.model import Account, Known

pytestmark = pytest.mark.local_days


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "winterslaap.key").write_bytes(SECRET)
    write_roster(tmp_path, per_host=1)
    return tmp_path


class OneGone:
    def walk(self, account: Account, known: Known, http: Http, config: Config) -> Generator[Batch]:
        if account.person_id == "mens-a0":
            raise AccountGone("feeds", account.account_id, "answers 410", "take it off the roster")
        yield page(account, 0, known)
        if account.person_id == "mens-b0":
            yield last_page(account)


def test_before_the_first_run_every_account_says_how_to_begin(data_dir: Path) -> None:
    found = status(data_dir / "winterslaap.duckdb", roster.read(data_dir))
    assert found.last_run is None
    assert [one.todo for one in found.accounts] == [
        f"winterslaap collect --only mens-{letter}0-feed" for letter in "abc"
    ]
    assert not (data_dir / "winterslaap.duckdb").exists()


def test_each_account_says_what_is_known_and_what_to_do(data_dir: Path) -> None:
    report = collect(data_dir, OneGone())
    found = status(data_dir / "winterslaap.duckdb", roster.read(data_dir))
    assert found.last_run == (report.run_id, "incomplete")
    gone, whole, unproven = found.accounts
    assert (gone.last_run, gone.message, gone.todo) == (
        "failed",
        "feeds · mens-a0-feed: answers 410",
        "take it off the roster",
    )
    assert whole.acts == (Days(date(2024, 1, 2), date(2025, 2, 3)),)
    assert (whole.proofs, whole.state, whole.todo) == (("listing_to_end",), "active", None)
    assert whole.received == ()
    assert unproven.todo == "no whole day is proven yet: collect again tomorrow"


def test_holes_are_counted_and_the_last_one_named_in_local_days(data_dir: Path) -> None:
    collect(data_dir, OneGone())
    people = roster.read(data_dir)
    (account,) = (a for a in people.accounts if a.person_id == "mens-b0")
    with Store(data_dir / "winterslaap.duckdb", SECRET) as store:
        span = Span(
            Stream.ACTS,
            datetime(2025, 3, 9, 23, tzinfo=UTC),  # midnight in Brussels
            datetime(2025, 3, 30, 22, tzinfo=UTC),  # summer time began that day
            "overlap",
        )
        walk_of(store, account).append(Batch(spans=(span,)))
    found = status(data_dir / "winterslaap.duckdb", people).accounts[1]
    assert found.acts[1] == Days(date(2025, 3, 10), date(2025, 3, 30))
    assert found.hole_count == 1
    assert found.todo == "unknown days, the last 2025-02-04 to 2025-03-09: collect more often"


def test_status_can_be_read_after_a_process_was_killed_but_not_while_it_runs(
    data_dir: Path,
) -> None:
    path, people = data_dir / "winterslaap.duckdb", roster.read(data_dir)
    with (
        collecting(data_dir, 0.2) as process,
        pytest.raises(StoreError, match=f"process {process.pid} is using it"),
    ):
        status(path, people)
    found = status(path, people)
    assert found.last_run is not None
    assert found.last_run[1] == "running"
