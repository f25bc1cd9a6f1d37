"""Try here with a container engine: the image as it would ship runs, answers, and nothing of it stays in the engine."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.containers.test_local_build import DOCKERFILE, write_source
from wizard.containers.engine import Engine
from wizard.engine.session import CommandOptions
from wizard.testing.local_order import LocalRunError
from wizard.testing.local_run import run_here
from wizard.workspace.workspace import Workspace

pytestmark = pytest.mark.engine


@pytest.fixture
def workspace(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """At work on a small API, where the tests' engine answers."""
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    code = tmp_path / "orders-api"
    code.mkdir()
    write_source(code)
    workspace = Workspace(CommandOptions(setup=tmp_path / "azwizard.toml"))
    workspace.begin(code)
    return workspace


async def test_the_image_as_it_ships_answers_and_leaves_nothing_in_the_engine(workspace: Workspace) -> None:
    told: list[str] = []
    answered = asyncio.Event()
    running = asyncio.ensure_future(run_here(workspace.code, workspace.reading.answers, workspace.secret, told.append, answered.set))
    waiting = asyncio.ensure_future(answered.wait())
    await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        running.result()
    assert any(line.startswith("✓ It answered") for line in told)
    running.cancel()
    await asyncio.wait([running])


async def test_a_line_that_fails_is_told_as_it_would_fail_in_azure(workspace: Workspace) -> None:
    write_source(workspace.code.folder, DOCKERFILE.replace("COPY . .", "COPY . .\nRUN exit 9"))
    workspace.look_at_code_again()
    with pytest.raises(LocalRunError, match=r"cannot be built, here as in Azure: [\s\S]*code: 9"):
        await run_here(workspace.code, workspace.reading.answers, workspace.secret, lambda _text: None)
