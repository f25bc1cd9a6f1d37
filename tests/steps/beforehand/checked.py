"""The command ``azwizard check`` on a setup of a practice cloud in this process."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.steps.conftest import Setup
from wizard.commands import commands
from wizard.engine.session import CommandOptions


async def check(setup: Setup, printed: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]]]:
    """``azwizard check --json`` on the setup file: its exit status, and its events."""
    _answers = setup.answers  # which writes the file
    printed.readouterr()
    status = await commands.run_command(CommandOptions(setup.folder / "azwizard.toml", practice=True, json=True), commands.check)
    return int(status), [json.loads(line) for line in printed.readouterr().out.splitlines()]
