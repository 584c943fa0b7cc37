"""A repository file is read as it is, or refused; never half read, never a crash."""

from __future__ import annotations

import contextlib
import random
import tracemalloc
from pathlib import Path
from typing import Any

import libipld
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.bluesky_repo import gone_since
from ingest.car import BadBlockError, CarError, Entry, Gap, Repo, level_of
from ingest.demo import repo as writer

FIXTURES = Path(__file__).with_name("fixtures") / "bluesky"
DID = "did:plc:annaannaannaannaannaanna"
POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
LIKE, FOLLOW = "app.bsky.feed.like", "app.bsky.graph.follow"
ALL = ["app.bsky.actor.profile", LIKE, POST, REPOST, FOLLOW]
REV_1, REV_2 = "3l2aaaaaaaa22", "3l2bbbbbbbb22"


def built(keys: dict[str, int], rev: str = REV_1) -> writer.Repo:
    records = {key: libipld.encode_dag_cbor({"n": number}) for key, number in keys.items()}
    return writer.write(DID, records, rev)


def entries(repo: Repo, collections: list[str] = ALL) -> list[str]:
    return [part.key for part in repo.walk(collections) if isinstance(part, Entry)]


def test_a_file_of_a_real_server_is_read_whole() -> None:
    repo = Repo((FIXTURES / "repo_whole.car").read_bytes())
    assert (repo.did, repo.rev) == ("did:plc:bbxqpzo2cdu3naqu4et76slm", "3n2twjnrd3427")
    keys = entries(repo)
    assert [len([k for k in keys if k.startswith(f"{c}/")]) for c in ALL] == [1, 0, 84, 10, 0]
    assert not [part for part in repo.walk(ALL) if isinstance(part, Gap)]


def test_the_writer_of_the_tests_builds_the_tree_of_a_real_server() -> None:
    repo = Repo((FIXTURES / "repo_whole.car").read_bytes())
    leaves = {part.key: part.cid for part in repo.walk(ALL) if isinstance(part, Entry)}
    commit = repo.block(repo.root)
    assert commit is not None
    assert writer.tree(leaves)[0] == commit["data"]


def test_a_difference_of_a_real_server_gives_the_new_post_and_the_deletion() -> None:
    whole = Repo((FIXTURES / "repo_whole.car").read_bytes())
    since = Repo((FIXTURES / "repo_since.car").read_bytes())
    stored = {f"at://{whole.did}/{key}" for key in entries(whole, [POST, REPOST])}
    new = [
        part.key
        for part in since.walk([POST, REPOST])
        if isinstance(part, Entry) and since.holds(part.cid)
    ]
    assert new == [f"{POST}/3n2twn4ps4627"]
    gone = gone_since(since, whole.did, stored)
    assert gone == {f"at://{whole.did}/{POST}/3lqtnp7jsc22b"}


def test_the_answer_to_a_current_revision_is_a_header_alone() -> None:
    repo = built({f"{POST}/a": 1})
    answer = Repo(repo.car(repo.blocks))
    assert answer.is_header_only
    assert answer.root == repo.root
    assert len(repo.car(repo.blocks)) == 59


def test_only_the_wanted_collections_are_visited() -> None:
    keys = {f"{c}/3l{i:011d}": i for c in ALL for i in range(300)}
    repo = Repo(built(keys).car())
    assert entries(repo, [POST]) == sorted(k for k in keys if k.startswith(f"{POST}/"))
    assert entries(repo, [POST, FOLLOW]) == sorted(
        k for k in keys if k.startswith((f"{POST}/", f"{FOLLOW}/"))
    )


def test_memory_follows_the_file_and_not_its_records() -> None:
    keys = {f"{POST}/3l{i:011d}": i for i in range(6_000)}
    body = built(keys).car()
    tracemalloc.start()
    repo = Repo(body)
    count = sum(1 for part in repo.walk([POST]) if isinstance(part, Entry) and repo.block(part.cid))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 6_000
    assert peak < len(body), "the index and one path of the tree, not the records"


def test_an_unreadable_record_leaves_the_others_readable() -> None:
    blocks = {f"{POST}/a": b"\xff", f"{POST}/b": libipld.encode_dag_cbor({"n": 1})}
    repo = Repo(writer.write(DID, blocks, REV_1).car())
    first, second = (part for part in repo.walk([POST]) if isinstance(part, Entry))
    with pytest.raises(BadBlockError):
        repo.block(first.cid)
    assert repo.block(second.cid) == {"n": 1}


_keys = st.dictionaries(
    st.builds(
        "{}/{}".format,
        st.sampled_from([LIKE, POST, REPOST]),
        st.text("234567abc", min_size=1, max_size=3),
    ),
    st.integers(0, 3),
    max_size=40,
)


@given(_keys)
def test_every_key_comes_out_once_and_in_order(keys: dict[str, int]) -> None:
    repo = Repo(built(keys).car())
    assert entries(repo) == sorted(keys)
    found = [part for part in repo.walk(ALL) if isinstance(part, Entry)]
    assert [repo.block(part.cid) for part in found] == [{"n": keys[k]} for k in sorted(keys)]


@given(_keys, _keys, st.integers(0, 4))
@settings(max_examples=400)
def test_a_difference_tells_deletions_exactly_or_says_that_it_cannot(
    before: dict[str, int], after: dict[str, int], share: int
) -> None:
    if share:  # mostly small changes, as in life
        most = {k: v for i, (k, v) in enumerate(sorted(before.items())) if i % (share + 1)}
        after = most | dict(list(after.items())[:2])
    old, new = built(before), built(after, REV_2)
    difference = Repo(new.car(old.blocks))
    stored = {f"at://{DID}/{k}" for k in before if not k.startswith(LIKE)}
    gone = gone_since(difference, DID, stored)
    truth = {uri for uri in stored if uri.removeprefix(f"at://{DID}/") not in after}
    if gone is not None:
        only_posts = not any(k.startswith(LIKE) for k in before)
        assert gone == truth or (not only_posts and gone < truth)


def test_ordinary_changes_are_decided_by_the_difference_alone() -> None:
    chance = random.Random(1)
    keys = {f"{POST}/3l{i:011d}": i for i in range(400)}
    undecided = 0
    for _ in range(100):
        after = dict(keys)
        for key in chance.sample(sorted(keys), chance.randint(1, 4)):
            del after[key]
        after[f"{POST}/3m{chance.randrange(10**11):011d}"] = 1
        difference = Repo(built(after, REV_2).car(built(keys).blocks))
        gone = gone_since(difference, DID, {f"at://{DID}/{key}" for key in keys})
        undecided += gone is None
        assert gone is None or gone == {f"at://{DID}/{k}" for k in keys if k not in after}
    assert undecided <= 2


def test_levels_are_those_of_the_specification() -> None:
    assert [level_of(key) for key in ("2653ae71", "blue", "app.bsky.feed.post/454397e440ec")] == [
        0,
        1,
        4,
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><title>502</title>",
        b'{"error":"RepoNotFound"}',
        b"\x00" * 100,
        b"\xff" * 100,
        b"\x80" * 20,
    ],
    ids=["nothing", "a web page", "json", "zeros", "ones", "an endless number"],
)
def test_what_is_no_repository_is_refused(body: bytes) -> None:
    with pytest.raises(CarError):
        Repo(body)


@pytest.mark.parametrize("cut", [1, 30, 59, 60, 200, 1000, 3000])
def test_a_file_cut_short_is_refused_wherever_it_was_cut(cut: int) -> None:
    body = (FIXTURES / "repo_whole.car").read_bytes()
    with pytest.raises(CarError):
        read_all(body[:-cut])


def test_a_file_cut_between_two_blocks_has_gaps() -> None:
    repo = built({f"{POST}/3l{i:011d}": i for i in range(50)})
    last = next(reversed(repo.blocks))
    cut = Repo(repo.car([last]))
    missing = [part for part in cut.walk(ALL) if isinstance(part, Gap) or not cut.holds(part.cid)]
    assert missing


def test_a_tree_that_names_a_part_twice_is_refused() -> None:
    """Else a file of a few kilobytes could unfold to billions of entries."""
    leaf = libipld.encode_dag_cbor({"n": 1})
    node = {"l": None, "e": [{"p": 0, "k": b"app.bsky.feed.post/b", "v": writer.cid_of(leaf)}]}
    blocks = {writer.cid_of(leaf): leaf}
    for letter in "abcdefghijklmnopqrstuvwxyz":
        block = libipld.encode_dag_cbor(node)
        blocks[writer.cid_of(block)] = block
        key = f"app.bsky.feed.post/c{letter}".encode()
        entry = {"p": 0, "k": key, "v": writer.cid_of(leaf), "t": writer.cid_of(block)}
        node = {"l": writer.cid_of(block), "e": [entry]}
    with pytest.raises(CarError, match="out of order"):
        entries(Repo(_car_around(node, blocks)))


@pytest.mark.parametrize(
    "node",
    [
        {"l": None, "e": None},
        {"l": None, "e": [1]},
        {"l": None, "e": [{"p": 5, "k": b"x", "v": bytes(36)}]},
        {"l": None, "e": [{"p": -1, "k": b"x", "v": bytes(36)}]},
        {"l": None, "e": [{"p": 0, "k": "text", "v": bytes(36)}]},
        {"l": None, "e": [{"p": 0, "k": b"\xff", "v": bytes(36)}]},
        {"l": None, "e": [{"p": 0, "k": b"app.bsky.feed.post/" + b"x" * 2000, "v": bytes(36)}]},
        {"l": b"no link", "e": []},
        {"l": 7, "e": []},
        {},
    ],
)
def test_a_broken_tree_is_refused(node: dict[str, Any]) -> None:
    with pytest.raises(CarError):
        read_all(_car_around(node, {}))


def _car_around(node: dict[str, Any], blocks: dict[bytes, bytes]) -> bytes:
    tree = libipld.encode_dag_cbor(node)
    data = writer.cid_of(tree)
    commit = libipld.encode_dag_cbor({"did": DID, "rev": REV_1, "data": data, "version": 3})
    root = writer.cid_of(commit)
    return writer.Repo(REV_1, root, {root: commit, data: tree, **blocks}).car()


def read_all(body: bytes) -> int:
    """Reads everything; CarError where something is missing or damaged."""
    repo, count = Repo(body), 0
    for part in repo.walk(ALL):
        if isinstance(part, Gap) or repo.block(part.cid) is None:
            raise CarError("incomplete")
        count += 1
    return count


@given(st.data())
@settings(max_examples=300)
def test_no_damage_makes_it_crash_or_passes_for_the_whole(data: st.DataObject) -> None:
    body = bytearray((FIXTURES / "repo_whole.car").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    with contextlib.suppress(CarError):
        assert read_all(bytes(body)) <= 95
