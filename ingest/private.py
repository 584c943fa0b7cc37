"""Where people's own archives lie: one store per person, apart from the public one.

`DATA/private/<person_id>.duckdb` and its key beside it are read by `import`, `audit`, `forget`
and `key rotate` alone. Each has a key of its own, so that nothing in it can be joined with the
public store. Only the owner of the folder may look into it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.rotation import settled_key
from ingest.store import Store

FOLDER = "private"


@dataclass(frozen=True, slots=True)
class PrivateStore:
    """One person's private store, there or not."""

    person_id: str
    store_path: Path
    key_path: Path

    def open(self) -> Store:
        """The open store, made if there is none, in a folder that is nobody else's."""
        folder = self.store_path.parent
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        store = Store(self.store_path, settled_key(self.store_path, self.key_path))
        self.store_path.chmod(0o600)
        return store

    def remove(self) -> None:
        """Take store and key off the disk."""
        for path in (self.store_path, Path(f"{self.store_path}.wal"), self.key_path):
            path.unlink(missing_ok=True)


def of_person(data: Path, person_id: str) -> PrivateStore:
    """A person's private store below a data folder."""
    folder = data / FOLDER
    return PrivateStore(person_id, folder / f"{person_id}.duckdb", folder / f"{person_id}.key")


def all_of(data: Path) -> Iterator[PrivateStore]:
    """Every private store that there is, in the order of the persons' ids."""
    for path in sorted((data / FOLDER).glob("*.duckdb")):
        yield of_person(data, path.stem)
