"""What the practice cloud remembers: named collections of JSON documents, written through to SQLite."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

Document = dict[str, Any]
FORMAT = 1
"""The form of the file; 0 is a file from before it was numbered, which is the same."""


class NewerState(sqlite3.DatabaseError):
    """A newer practice cloud wrote this state."""

    def __init__(self) -> None:
        super().__init__("a newer azwizard wrote it")


class Collection(MutableMapping[str, Document]):
    """Documents by key; keys compare without case, as ARM ids do.

    A document read is the live object: after changing it in place, assign it again (``c[key] = document``) to keep it.
    """

    def __init__(self, database: sqlite3.Connection, name: str) -> None:
        self._database = database
        self._name = name
        self._when_deleted: list[Callable[[str], None]] = []
        self._past: dict[str, list[tuple[float, Document | None]]] | None = None
        rows = database.execute("SELECT key, document FROM documents WHERE collection = ? ORDER BY rowid", (name,))
        self._documents: dict[str, tuple[str, Document]] = {key.lower(): (key, json.loads(text)) for key, text in rows}

    def __getitem__(self, key: str) -> Document:
        return self._documents[key.lower()][1]

    def __setitem__(self, key: str, document: Document) -> None:
        key_as_written = self._documents.get(key.lower(), (key,))[0]
        self._remember(key, document)
        self._documents[key.lower()] = (key_as_written, document)
        self._database.execute(
            "INSERT INTO documents VALUES (?, ?, ?) ON CONFLICT (collection, key) DO UPDATE SET document = excluded.document",
            (self._name, key_as_written, json.dumps(document)),
        )

    def __delitem__(self, key: str) -> None:
        self._remember(key, None)
        key_as_written, _ = self._documents.pop(key.lower())
        self._database.execute("DELETE FROM documents WHERE collection = ? AND key = ?", (self._name, key_as_written))
        for tell in self._when_deleted:
            tell(key_as_written)

    def keep_past(self, *, wanted: bool) -> None:
        """From now on keep what documents were, for `as_of`; or forget it."""
        self._past = (self._past or {}) if wanted else None

    def as_of(self, seconds: float) -> list[Document]:
        """What `values` gave so many seconds ago, as far back as the past was kept: what came or went since is not seen yet."""
        then = time.time() - seconds
        past = {key: next((known for at, known in reversed(versions) if at <= then), None) for key, versions in (self._past or {}).items()}
        present = {key: document for key, (_, document) in self._documents.items()}
        return [document for document in {**present, **past}.values() if document is not None]

    def _remember(self, key: str, document: Document | None) -> None:
        """Keep what a document was and is, while lists of the past are asked for."""
        if self._past is None:
            return
        low = key.lower()
        if low not in self._past:
            self._past[low] = [(0.0, self._written(low))]
        self._past[low].append((time.time(), None if document is None else json.loads(json.dumps(document))))

    def _written(self, low: str) -> Document | None:
        """A document as it was last written, whatever has been changed in place since."""
        if low not in self._documents:
            return None
        row_key = (self._name, self._documents[low][0])
        row = self._database.execute("SELECT document FROM documents WHERE collection = ? AND key = ?", row_key).fetchone()
        return json.loads(row[0]) if row else None

    def when_deleted(self, tell: Callable[[str], None]) -> None:
        """Call `tell` with the key of each document that is deleted from now on."""
        self._when_deleted.append(tell)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.lower() in self._documents

    def __iter__(self) -> Iterator[str]:
        return iter([key for key, _ in self._documents.values()])

    def __len__(self) -> int:
        return len(self._documents)


class Store:
    """The collections of one practice cloud, in one SQLite file that survives a kill.

    Collections agreed between services: ``resources`` (ARM id -> the body a GET answers) and, beside it, ``private`` (ARM id ->
    what Azure never answers: account keys, literal app secrets); ``role_assignments`` (ARM id -> body); ``deleted_vaults``.
    Secret values of a vault live in collections named ``vault_...`` and nowhere else: those lie in a file of their own, ``vault.db``
    beside `file`, so that it can be shown that no other file holds one.
    """

    def __init__(self, file: Path) -> None:
        self._database = _opened(file)
        self._vault = _opened(file.with_name("vault.db"))
        self._collections: dict[str, Collection] = {}

    def collection(self, name: str) -> Collection:
        """The collection of that name, made on first use."""
        if name not in self._collections:
            self._collections[name] = Collection(self._vault if name.startswith("vault_") else self._database, name)
        return self._collections[name]

    @property
    def resources(self) -> Collection:
        """Every ARM resource by its id."""
        return self.collection("resources")

    @property
    def private(self) -> Collection:
        """What belongs to a resource and no GET tells: keys, passwords; by the resource's id."""
        return self.collection("private")

    def close(self) -> None:
        """Close both databases; nothing can be stored afterwards."""
        self._database.close()
        self._vault.close()


def _opened(file: Path) -> sqlite3.Connection:
    file.touch(mode=0o600)
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    [version] = database.execute("PRAGMA user_version").fetchone()
    if version > FORMAT:
        raise NewerState
    database.execute(f"PRAGMA user_version = {FORMAT}")
    database.execute("CREATE TABLE IF NOT EXISTS documents (collection TEXT, key TEXT, document TEXT, PRIMARY KEY (collection, key))")
    return database
