"""On a free trial, where the registry builds nothing: the screens offer this computer's engine, and the walk ends at an answer."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.screens.conftest import SAMPLE
from tests.support.distribution_rules import PushRules
from tests.support.terminal import Terminal

pytestmark = [pytest.mark.engine, pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux, which is not installed")]


class TrialNewcomer:
    """Someone with an API in a folder, and a practice cloud on a free trial that records its traffic."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.har = folder / "traffic.har"
        self.project = folder / "project"
        self.environment = {"AZWIZARD_HOME": str(folder / "home"), "LANGUAGE": "en", "DOCKER_HOST": engine, "AZWIZARD_ENGINE": "auto"}
        shutil.copytree(SAMPLE, self.project / "orders-api")
        dockerfile = self.project / "orders-api" / "Dockerfile"
        dockerfile.write_text(re.sub(r"FROM python:\S+", "FROM python:3.11-slim", dockerfile.read_text()))

    def azwizard(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder."""
        command = [sys.executable, "-m", "wizard", *words]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), **self.environment}
        return subprocess.run(command, cwd=self.project, env=environment, capture_output=True, text=True, check=False)

    def exchanges(self) -> list[dict[str, Any]]:
        """What was recorded until the practice cloud was stopped."""
        assert self.azwizard("practice", "stop").returncode == 0
        return list(json.loads(self.har.read_text())["log"]["entries"])


def sent(exchanges: list[dict[str, Any]]) -> int:
    """The bytes of all layers that were pushed; every exchange with the registry keeps to its specification."""
    rules = PushRules()
    rules.read(exchanges)
    assert rules.violations == []
    return rules.sent


@pytest.fixture
def newcomer(engine_address: str, tmp_path: Path) -> Iterator[TrialNewcomer]:
    someone = TrialNewcomer(tmp_path, engine_address)
    started = someone.azwizard("practice", "start", "--speed", "instant", "--fault", "free-trial", "--har", str(someone.har))
    assert started.returncode == 0, started.stderr
    yield someone
    someone.azwizard("practice", "stop")


def test_a_newcomer_on_a_free_trial_is_led_to_this_computers_engine_and_to_an_answer(newcomer: TrialNewcomer) -> None:
    terminal = Terminal(f"azwizard-trial-{os.getpid()}", newcomer.project, newcomer.environment, (80, 24), "--practice")
    try:
        terminal.wait("orders-api/")
        terminal.press("Enter")
        terminal.wait("[Next F8]")
        terminal.press("F8")
        terminal.wait("may do all that is needed")
        terminal.press("F8")
        terminal.wait("needs a value")
        terminal.type("canary-first")
        terminal.wait("kept hidden")
        terminal.press("F8")
        terminal.wait("4 of 12")
        terminal.press("F8")
        screen = " ".join(terminal.wait("with the space bar").split())
        assert "free trial" in screen and "Docker or Podman" in screen
        terminal.press("Space")
        terminal.wait("Nothing is left to do here")
        terminal.press("F9")
        terminal.wait("[To the box F8]")
        terminal.press("F8")
        terminal.type("orders-dev")
        terminal.press("Enter")
        terminal.wait("[Try it F8]", 300)
        terminal.press("F8")
        terminal.wait("Enter sends the request")
        terminal.press("Enter")
        terminal.wait("200 OK")
    finally:
        terminal.close()
    walked = datetime.now(UTC)
    again = newcomer.azwizard("apply", "--practice", "--yes")
    assert again.returncode == 0, again.stderr
    exchanges = newcomer.exchanges()
    later = [exchange for exchange in exchanges if datetime.fromisoformat(exchange["startedDateTime"]) > walked]
    assert sent(exchanges) > 0
    assert later and sent(later) == 0, "an unchanged project sends nothing"
