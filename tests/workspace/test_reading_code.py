"""The code is read beside everything else, and no longer than somebody waits for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.support.base_project import persons_project
from wizard.source import code_facts
from wizard.workspace.source_once import read_folder


async def test_the_event_loop_goes_on_while_code_is_read(tmp_path: Path) -> None:
    facts = await read_folder(persons_project(tmp_path / "shop").folder)
    assert facts.is_flask
    assert facts.health_path == "/health"


async def test_reading_ends_when_nobody_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def endless(_folder: Path, stop: object) -> None:
        loop.call_soon_threadsafe(begun.set)
        while not stop():  # type: ignore[operator]
            pass
        loop.call_soon_threadsafe(ended.set)

    monkeypatch.setattr(code_facts, "read_code", endless)
    reading = asyncio.create_task(read_folder(tmp_path))
    async with asyncio.timeout(10):
        await begun.wait()
        reading.cancel()
        await ended.wait()
        with pytest.raises(asyncio.CancelledError):
            await reading
