"""The files on the shares copied before everything is deleted: every folder and byte, or nothing is deleted; then the proof."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from tests.steps.conftest import Setup, StartSetup
from wizard.cloud import CloudError
from wizard.cloud.services.share_files import ShareEntry
from wizard.commands.commands import destroy
from wizard.engine.destroy import deletions
from wizard.engine.session import CommandError, CommandOptions, ExitCode, Session, read_secrets
from wizard.state import share_copies
from wizard.steps import key_vault, project, registry, storage

ALL = (project.CONTRIBUTION, key_vault.CONTRIBUTION, registry.CONTRIBUTION, storage.CONTRIBUTION)
TABLES: dict[str, Any] = {"storage": {"shares": [{"designation": "db", "mount": "/data"}]}, "key_vault": {"secrets": ["api-key"]}}
SHARE = "fileshare-db-orders-dev"
FILES = {"orders.db": b"0123456789" * 500_000, "empty": b"", "a folder/b/ü & 1.txt": b"deep"}


class ToldLines:
    """What a command told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def event(self, event: object) -> None:
        self.lines.append(str(event))

    answer = event

    def say(self, sentence: str) -> None:
        self.lines.append(sentence)

    show = say


@pytest.fixture
async def setup(start_setup: StartSetup) -> Setup:
    """A storage account with files on its share, a vault and a registry."""
    setup = await start_setup(**TABLES)
    setup.given = {"api-key": "canary"}
    assert (await setup.apply(*ALL)).outcome == "succeeded"
    kept = setup.practice.cloud.home / "shares" / "stordersdev" / SHARE
    for name, content in FILES.items():
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        (kept / name).write_bytes(content)
    return setup


def session(setup: Setup, told: ToldLines) -> Session:
    options = CommandOptions(setup=setup.answers.file, yes=True)
    return Session(options, told, setup.answers, read_secrets(options, setup.answers), setup.cloud, lambda: ALL)


async def test_what_goes_is_named_copied_and_then_proved_to_be_gone(setup: Setup, tmp_path: Path) -> None:
    data = {line.step: line.detail for line in deletions(await setup.plan(*ALL))}
    assert "api-key" in data["key_vault.vault"] and "/data" in data["storage.account"] and "image" in data["registry.registry"]
    told = ToldLines()
    assert await destroy(session(setup, told), tmp_path / "kept") is ExitCode.DONE, told.lines
    copies = tmp_path / "kept" / SHARE
    assert {file.relative_to(copies).as_posix(): file.read_bytes() for file in copies.rglob("*") if file.is_file()} == FILES
    [result] = [line for line in told.lines if line.startswith("ResultEvent")]
    for title in ("Gone: Key vault kv-orders-dev", "Gone: Storage account stordersdev", "Gone: Container registry crordersdev"):
        assert title in result


async def test_without_a_whole_copy_nothing_is_deleted(setup: Setup, tmp_path: Path) -> None:
    (tmp_path / SHARE).mkdir()
    (tmp_path / SHARE / "mine").touch()
    with pytest.raises(CommandError, match="holds something already") as stopped:
        await destroy(session(setup, ToldLines()), tmp_path)
    assert stopped.value.status is ExitCode.FAILED
    assert set((await setup.actions(*ALL)).values()) == {"keep"}


@pytest.mark.parametrize("name", ["..", "", "a/b", "a\\b"])
async def test_a_name_from_outside_stays_within_its_folder(tmp_path: Path, name: str) -> None:
    class Hostile:
        async def entries(self, _share: str, _folder: str) -> list[ShareEntry]:
            return [ShareEntry(name, is_folder=False, size=0)]

    with pytest.raises(CloudError, match="cannot be written here"):
        await share_copies._copy_folder(Hostile(), SHARE, "", tmp_path / "kept")  # type: ignore[arg-type]
    assert (await asyncio.to_thread(os.listdir, tmp_path / "kept")) == []
