"""From an image's command line to the one that runs here."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.practice.runtime.launch_recipes import _with_environment
from wizard.practice.runtime.packages.python_environments import python_of, scripts_of


@pytest.mark.parametrize("runner", ["uv run", "uv run --no-sync", "uv run --project .", "poetry run", "pipenv run", "pdm run"])
def test_a_command_that_is_run_in_the_projects_environment_is_run_in_the_one_there_is(tmp_path: Path, runner: str) -> None:
    scripts_of(tmp_path).mkdir(parents=True)
    (scripts_of(tmp_path) / "gunicorn").touch()
    command = [str(python_of(tmp_path)), str(scripts_of(tmp_path) / "gunicorn"), "run:app"]
    assert _with_environment([*runner.split(), "gunicorn", "run:app"], tmp_path) == command
    assert _with_environment([*runner.split(), "python", "-m", "api"], tmp_path) == [str(python_of(tmp_path)), "-m", "api"]
