"""The two sides of the import benchmark, each run alone: `import_sides ours|peer FILE FOLDER`."""

from __future__ import annotations

import html
import json
import re
import sys
import time
import zipfile
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

import msgspec

from bench.figure import peak_megabytes


class Timed:
    """The product's text step with a clock."""

    def __init__(self) -> None:
        from metrics import text

        self._text, self.seconds = text, 0.0

    def read(
        self,
        texts: Sequence[str],
        *,
        langs: Sequence[str | None],
        direction: Literal["sent", "received"],
    ) -> Sequence[Any]:
        """What the product's step says, timed."""
        began = time.process_time()
        found = self._text.read(texts, langs=langs, direction=direction)
        self.seconds += time.process_time() - began
        return found

    def similarity_text(self, text: str) -> str:
        """What the product's step says, timed."""
        began = time.process_time()
        found = self._text.similarity_text(text)
        self.seconds += time.process_time() - began
        return found


def ours(archive: Path, folder: Path) -> dict[str, float]:
    """The whole import into a new private store, then the same once more."""
    from ingest import archives, importing, private, roster

    council = folder / "rosters" / "voorbeeldstad"
    council.mkdir(parents=True)
    (council / "people.csv").write_text("person_id,name,is_invented\nan,An,yes\n")
    everybody = roster.read(folder)
    step, spent, new, clock = Timed(), [], [], []
    started = time.perf_counter()
    for _ in range(2):
        began, text = time.process_time(), step.seconds
        with archives.recognise(archive) as found, private.of_person(folder, "an").open() as store:
            done = importing.run(
                found, store, everybody, text_step=step, person_id="an", is_private=True
            )
        spent.append((time.process_time() - began, step.seconds - text))
        clock.append(time.perf_counter() - started)
        new.append(done.total("new_count"))
    (first, text), (second, text_again) = spent
    return {
        "posts": new[0],
        "seconds": first - text,
        "text": text,
        "clock": clock[0],
        "again": second - text_again,
        "again_posts": new[1],
        "megabytes": peak_megabytes(),
    }


def peer(archive: Path, folder: Path) -> dict[str, float]:
    """The same posts as one would straightforwardly write it: json.load, pandas, DuckDB.

    Kinds, moments, partners as keyed hashes and texts without the names of others, once per
    post, in a table of the same columns; no text step, no check of damage, no second run.
    """
    import duckdb
    import pandas as pd

    began = time.process_time()
    tweets = []
    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            if re.fullmatch(r"data/tweets(-part\d+)?\.js", name):
                text = packed.read(name).decode().partition("=")[2]
                tweets += [one["tweet"] for one in json.loads(text)]
    frame = pd.json_normalize(tweets)
    frame = frame.drop_duplicates("id_str")
    frame["created_at"] = pd.to_datetime(
        frame["created_at"].str[4:], format="%b %d %H:%M:%S %z %Y", utc=True
    ).dt.tz_localize(None)
    frame["text"] = frame["full_text"].map(html.unescape)
    frame["kind"] = "post"
    frame.loc[frame["in_reply_to_user_id_str"].notna(), "kind"] = "reply"
    frame.loc[frame["in_reply_to_user_id_str"] == "1", "kind"] = "self_reply"
    frame.loc[frame["text"].str.startswith("RT @"), "kind"] = "repost"
    frame.loc[frame["kind"] == "repost", "text"] = None
    frame["text"] = frame["text"].str.replace(r"(?<!\w)@(?!an_voorbeeld\b)\w+", "@…", regex=True)
    for column, source in (
        ("post_key", "id_str"),
        ("parent_key", "in_reply_to_status_id_str"),
        ("partner_key", "in_reply_to_screen_name"),
    ):
        frame[column] = frame[source].map(_hash, na_action="ignore").astype("Int64")
    kept = frame[["id_str", "post_key", "created_at", "kind", "parent_key", "partner_key", "text"]]
    with duckdb.connect(str(folder / "peer.duckdb")) as con:
        con.register("kept", kept)
        con.execute("create table post as select * from kept")
    return {
        "posts": len(kept),
        "seconds": time.process_time() - began,
        "megabytes": peak_megabytes(),
    }


def _hash(text: str) -> int:
    digest = blake2b(text.encode(), key=b"k" * 32, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


if __name__ == "__main__":
    side, file, where = sys.argv[1:]
    figures = {"ours": ours, "peer": peer}[side](Path(file), Path(where))
    sys.stdout.write(msgspec.json.encode(figures).decode())
