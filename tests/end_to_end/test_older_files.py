"""What older versions wrote is read by this one, and what a newer one wrote is met with a sentence.

`format_1` holds what commit 052ccab (2026-11-27) left on a disk: a setup file, its draft, the journals of a whole run and of one that was
killed, and the state of its practice cloud, databases as SQL.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from wizard.engine.journal import Journal, NewerJournal
from wizard.practice.kernel.store import NewerState, Store
from wizard.setup.loading import load, resolve
from wizard.workspace.draft import Draft
from wizard.workspace.known_setups import known_setups

from .support.bad_line import BadLine, apply, bad_line

KEPT = Path(__file__).parent / "format_1"
IMAGE = "1bd29d08faaca7b6e03e29fe85c240a0b0dfc18ba83074bbf7138caa525c33b0"
SUBSCRIPTION = "5ca082f3-0000-4000-8000-c401184ae3a8"
TENANT = "72f988bf-0000-4000-8000-2d7cd011db47"


def restored(name: str, file: Path) -> Path:
    """A database as it was."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = sqlite3.connect(file)
    database.executescript((KEPT / f"{name}.sql").read_text(encoding="utf-8"))
    database.close()
    return file


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir(mode=0o700)
    return tmp_path / "home"


@pytest.fixture
def setup(tmp_path: Path) -> Path:
    """The setup file beside its code."""
    folder = tmp_path / "project"
    (folder / "api").mkdir(parents=True)
    shutil.copy(KEPT / "Dockerfile", folder / "api" / "Dockerfile")
    shutil.copy(KEPT / "api.txt", folder / "api" / "api.py")
    return Path(shutil.copy(KEPT / "azwizard.toml", folder / "azwizard.toml"))


def journal_file(home: Path) -> Path:
    return home / "journal" / "practice" / TENANT / SUBSCRIPTION / "older-dev.db"


@pytest.fixture
async def line(home: Path, tmp_path: Path) -> AsyncIterator[BadLine]:
    """The practice cloud of this version on the state of the older one."""
    for name in ("state", "vault"):
        restored(name, home / "practice" / f"{name}.db")
    shutil.copytree(KEPT / "blobs", home / "practice" / "blobs")
    tree = home / "practice" / "images" / IMAGE / "api"
    tree.mkdir(parents=True)
    (home / "practice" / "shares" / "stolderdev" / "fileshare-files-older-dev").mkdir(parents=True)
    shutil.copy(KEPT / "api.txt", tree / "api.py")
    async with bad_line(home, tmp_path / "traffic.har") as line:
        yield line


@pytest.mark.parametrize("journal", ["journal", pytest.param("journal_of_a_killed_run", marks=pytest.mark.nightly)])
async def test_a_setup_that_an_older_version_deployed_is_as_it_should_be(line: BadLine, home: Path, setup: Path, journal: str) -> None:
    restored(journal, journal_file(home))
    text = await asyncio.to_thread(setup.read_text)
    async with asyncio.timeout(100):
        first, second = await apply(setup), await apply(setup)
    assert first.exit == 0, first.stdout + first.stderr
    changes = {event["step"] for event in first.of("plan") if event["action"] != "keep"}
    assert changes <= {"app.running"}, "its one copy may still be starting, since the practice cloud was just started anew"
    assert (first.result["created"], first.result["changed"], first.result["failed"]) == (0, len(changes), 0)
    assert (second.exit, second.result["outcome"], second.result["kept"]) == (0, "unchanged", 23), second.stdout + second.stderr
    assert await asyncio.to_thread(setup.read_text) == text


def test_the_journals_of_older_runs_tell_how_they_went(home: Path) -> None:
    with Journal(restored("journal", home / "whole.db"), "older-dev") as whole:
        last = whole.last_run()
        assert last is not None and (last.outcome, last.done, last.steps) == ("succeeded", 23, 23)
    with Journal(restored("journal_of_a_killed_run", home / "killed.db"), "older-dev") as killed:
        last = killed.last_run()
        assert last is not None and last.outcome is None and 0 < last.done < last.steps


def test_an_older_draft_is_gone_on_with(home: Path, setup: Path) -> None:
    digest = hashlib.sha256(setup.read_bytes()).hexdigest()
    text = (KEPT / "draft.json").read_text().replace('"DIGEST"', json.dumps(digest)).replace('"FILE"', json.dumps(str(setup)))
    file = Draft.open(setup).kept_in
    file.parent.mkdir(mode=0o700)
    file.write_text(text)
    draft = Draft.open(setup)
    assert (draft.typed["app.cpu"], draft.screen, draft.focus) == ("0,7", "storage", "storage.account")
    assert {"app.cpu", "storage.shares[1].designation"} <= set(draft.read().problems)
    assert [known.file for known in known_setups(setup.parent)] == [setup]


NO_DRAFTS = ("[]", "no JSON", '{"typed": []}', '{"typed": {"app.cpu": 3}}', '{"typed": {"variables": ["x"]}}', '{"at": "noon", "file": 1}')


@pytest.mark.parametrize("content", NO_DRAFTS)
def test_a_draft_that_is_none_is_left_alone(home: Path, setup: Path, content: str) -> None:
    file = Draft.open(setup).kept_in
    file.parent.mkdir(mode=0o700)
    file.write_text(content)
    assert Draft.open(setup).typed == {}
    assert known_setups(setup.parent)


def test_a_setup_file_before_its_format_was_numbered_is_read(tmp_path: Path, setup: Path) -> None:
    unnumbered = tmp_path / "unnumbered.toml"
    unnumbered.write_text(setup.read_text().replace("format = 1\n", ""))
    assert resolve(load(unnumbered)).app == resolve(load(setup)).app


def test_what_a_newer_version_wrote_is_left_alone_in_words(home: Path) -> None:
    journal, state = restored("journal", home / "newer.db"), restored("state", home / "state.db")
    for file in (journal, state):
        database = sqlite3.connect(file)
        database.execute("PRAGMA user_version = 99")
        database.close()
    before = journal.read_bytes()
    with pytest.raises(NewerJournal, match="newer azwizard"):
        Journal(journal, "older-dev")
    assert journal.read_bytes() == before
    with pytest.raises(NewerState, match="newer azwizard"):
        Store(state)
