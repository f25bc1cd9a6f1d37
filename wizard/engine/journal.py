"""The record of runs on this machine: what was intended, what Azure is still doing, what came of it. Never a secret value."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from wizard.platform.folders import private_file, private_folder
from wizard.platform.language import _
from wizard.platform.shown import from_outside

TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY, steps INTEGER NOT NULL, pid INTEGER NOT NULL, started REAL NOT NULL, ended REAL, outcome TEXT, done INTEGER
);
CREATE TABLE IF NOT EXISTS steps (
    run INTEGER NOT NULL, step TEXT NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
    code TEXT NOT NULL, message TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS operations (
    step TEXT NOT NULL, kind TEXT NOT NULL, token TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (step, kind)
);
CREATE TABLE IF NOT EXISTS notes (step TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (step, key));
"""
FORMAT = 1


class SetupLocked(Exception):
    """Another run holds this setup.

    :param pid: its process on this computer, when it could still say so.
    :param host: the name of another computer, where it goes on there.
    :param since: when it began, in UTC, where that is known.
    """

    def __init__(self, setup: str, pid: int | None, host: str = "", since: datetime | None = None) -> None:
        self.pid = pid
        self.host = host
        if host:
            text = _("A run on another computer ({host}) holds the setup {setup}.").format(host=from_outside(host), setup=setup)
        elif pid is None:
            text = _("Another run holds the setup {setup}.").format(setup=setup)
        else:
            text = _("Another run (process {pid}) holds the setup {setup}.").format(pid=pid, setup=setup)
        begun = "" if since is None else _("It began at {time} UTC.").format(time=f"{since:%Y-%m-%d %H:%M:%S}")
        advice = (
            _("Wait until it ends; one that was cut off there counts as over after 30 minutes.")
            if host
            else _("Wait until it ends, or stop it where it runs; nothing is lost.")
        )
        super().__init__(" ".join(filter(None, (text, begun, advice))))


class NewerJournal(OSError):
    """A newer azwizard wrote this journal, and what it holds may mean something that this one does not know."""

    def __init__(self, file: Path) -> None:
        super().__init__(errno.EINVAL, _("a newer azwizard wrote it; update this one (pip install --upgrade azwizard)"), str(file))


DELETED = "deleted"
"""How a run ended that left nothing of a setup."""


@dataclass(frozen=True)
class LastRun:
    """How the latest run went: "14 of 23 done, 2 hours ago".

    :param outcome: None when it was killed and could not say.
    :param seconds_ago: since its last sign of life.
    """

    outcome: str | None
    done: int
    steps: int
    seconds_ago: float


class Journal:
    """The journal of one setup in one subscription of one cloud. Every line is on the disk before the call returns."""

    def __init__(self, file: Path, setup: str) -> None:
        self._file = file
        self._setup = setup
        self._run: int | None = None
        self._is_held = False
        private_file(file)
        self._database = sqlite3.connect(file, isolation_level=None, timeout=10.0)
        self._database.execute("PRAGMA synchronous = FULL")
        [version] = self._database.execute("PRAGMA user_version").fetchone()
        if version > FORMAT:
            self._database.close()
            raise NewerJournal(file)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.executescript(TABLES)
        self._database.execute(f"PRAGMA user_version = {FORMAT}")

    @classmethod
    def open(cls, home: Path, kind: str, tenant: str, subscription: str, setup: str) -> Journal:
        """The journal of `setup` (``orders-dev``), kept apart by cloud, tenant and subscription; made when there is none."""
        folder = private_folder(home / "journal" / _safe(kind) / _safe(tenant) / _safe(subscription))
        return cls(folder / f"{_safe(setup)}.db", setup)

    @staticmethod
    def latest(home: Path, setup: str) -> dict[str, str]:
        """The cloud on which a setup was worked on last: its kind, tenant and subscription; empty where there is no journal of it."""
        files = sorted(home.glob(f"journal/*/*/*/{_safe(setup)}.db"), key=lambda file: file.stat().st_mtime)
        return dict(zip(("kind", "tenant", "subscription"), files[-1].parts[-4:-1], strict=True)) if files else {}

    def close(self) -> None:
        """Close the database; nothing can be written afterwards."""
        self._database.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the setup for this run; the operating system lets go of it when the process ends, however it ends.

        Who holds it already goes on holding it.

        :raises SetupLocked: at once, when another run holds it.
        """
        from filelock import FileLock, Timeout

        if self._is_held:
            yield
            return

        file = private_file(self._file.with_suffix(".lock"))
        holder = self._file.with_suffix(".pid")
        lock = FileLock(file, timeout=0, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise SetupLocked(self._setup, _pid_in(holder), since=_begun_at(holder)) from None
        try:
            private_file(holder).write_text(str(os.getpid()), encoding="ascii")
            self._is_held = True
            yield
        finally:
            self._is_held = False
            holder.unlink(missing_ok=True)
            lock.release()

    def begin(self, steps: int, unchanged: int = 0) -> None:
        """A run over so many steps begins, of which so many are as they should be already."""
        row = (steps, os.getpid(), time.time(), unchanged)
        cursor = self._database.execute("INSERT INTO runs (steps, pid, started, done) VALUES (?, ?, ?, ?)", row)
        self._run = cursor.lastrowid

    def end(self, outcome: str, done: int) -> None:
        """It ended: ``succeeded``, ``failed`` and so on, with so many steps as they should be."""
        row = (time.time(), outcome, done, self._run)
        self._database.execute("UPDATE runs SET ended = ?, outcome = ?, done = ? WHERE id = ?", row)

    def intend(self, step: str, kind: str) -> None:
        """`step` is about to tell Azure to do something."""
        self._note(step, kind, "intended")

    def has_begun(self, step: str) -> bool:
        """Whether an earlier run told Azure to make it and did not see how that ended."""
        return self._one("SELECT state FROM steps WHERE step = ? ORDER BY rowid DESC LIMIT 1", step) == "intended"

    def finished(self, step: str) -> None:
        """`step` is done and in effect, and no operation of an earlier run is waited for any more."""
        self._note(step, "make", "done")
        self._database.execute("DELETE FROM operations WHERE step = ?", (step,))

    def undone(self, step: str) -> None:
        """What `step` made is gone, and so is all that was remembered for it."""
        self._note(step, "undo", "done")
        self._database.execute("DELETE FROM notes WHERE step = ?", (step,))
        self._database.execute("DELETE FROM operations WHERE step = ?", (step,))

    def failed(self, step: str, code: str, message: str) -> None:
        """`step` failed, with Azure's code and words."""
        self._note(step, "make", "failed", code, from_outside(message))

    def token(self, step: str, kind: str) -> str | None:
        """The continuation token of the operation that Azure may still be carrying out for `step`."""
        return self._one("SELECT token FROM operations WHERE step = ? AND kind = ?", step, kind)

    def save_token(self, step: str, kind: str, token: str) -> None:
        """Azure has begun: with `token` a later run re-attaches instead of beginning again."""
        self._database.execute("INSERT OR REPLACE INTO operations VALUES (?, ?, ?, ?)", (step, kind, token, time.time()))

    def clear_token(self, step: str, kind: str) -> None:
        """That operation is over."""
        self._database.execute("DELETE FROM operations WHERE step = ? AND kind = ?", (step, kind))

    def remember(self, step: str, key: str, value: str) -> None:
        """Keep `value` for a later run of `step`; never a secret."""
        self._database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", (step, key, value))

    def recall(self, step: str, key: str) -> str | None:
        """What was kept under `key` and not forgotten."""
        return self._one("SELECT value FROM notes WHERE step = ? AND key = ?", step, key)

    def forget(self, step: str, key: str) -> None:
        """Drop what was kept under `key`."""
        self._database.execute("DELETE FROM notes WHERE step = ? AND key = ?", (step, key))

    def forget_all(self) -> None:
        """The setup is gone from Azure: nothing remembered of it holds any more. The record of runs stays."""
        self._database.executescript("BEGIN; DELETE FROM notes; DELETE FROM operations; COMMIT;")

    def last_run(self) -> LastRun | None:
        """How the latest run went, or None before the first."""
        row = self._database.execute("SELECT id, outcome, done, steps, started, ended FROM runs ORDER BY id DESC LIMIT 1").fetchone()
        if row is None:
            return None
        run, outcome, done, steps, started, ended = row
        finished, latest = self._database.execute(
            "SELECT count(DISTINCT step) FILTER (WHERE state = 'done'), max(at) FROM steps WHERE run = ?", (run,)
        ).fetchone()
        return LastRun(outcome, done if outcome else (done or 0) + finished, steps, max(0.0, time.time() - (ended or latest or started)))

    def failures(self, most: int = 10) -> list[tuple[str, str, str, str]]:
        """The latest failures, the newest first: time (UTC), step, Azure's code, Azure's words."""
        query = "SELECT at, step, code, message FROM steps WHERE state = 'failed' ORDER BY rowid DESC LIMIT ?"
        rows = self._database.execute(query, (most,)).fetchall()
        return [(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)), step, code, message) for at, step, code, message in rows]

    def _note(self, step: str, kind: str, state: str, code: str = "", message: str = "") -> None:
        row = (self._run or 0, step, time.time(), kind, state, code, message)
        self._database.execute("INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def _one(self, query: str, *values: str) -> str | None:
        row = self._database.execute(query, values).fetchone()
        return None if row is None else str(row[0])


def _safe(name: str) -> str:
    """`name` as one part of a path, whatever it holds."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", name).lstrip(".") or "_"


def _begun_at(holder: Path) -> datetime | None:
    """When the run that holds a setup wrote its process id."""
    try:
        return datetime.fromtimestamp(holder.stat().st_mtime, UTC)
    except OSError:
        return None


def _pid_in(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
