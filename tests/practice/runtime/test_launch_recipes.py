"""From an image's command line to the one that runs here."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.practice.runtime.launch_recipes import Recipe, _read_by_python, _with_environment
from wizard.practice.runtime.packages.python_environments import python_of, scripts_of


@pytest.mark.parametrize("runner", ["uv run", "uv run --no-sync", "uv run --project .", "poetry run", "pipenv run", "pdm run"])
def test_a_command_that_is_run_in_the_projects_environment_is_run_in_the_one_there_is(tmp_path: Path, runner: str) -> None:
    scripts_of(tmp_path).mkdir(parents=True)
    (scripts_of(tmp_path) / "gunicorn").touch()
    command = [str(python_of(tmp_path)), str(scripts_of(tmp_path) / "gunicorn"), "run:app"]
    assert _with_environment([*runner.split(), "gunicorn", "run:app"], tmp_path) == command
    assert _with_environment([*runner.split(), "python", "-m", "api"], tmp_path) == [str(python_of(tmp_path)), "-m", "api"]


@pytest.mark.parametrize(
    ("first", "run", "mode", "is_read_so"),
    [
        ("#!/opt/venv/bin/python\n", "python -m venv /opt/venv", 0o755, True),
        ("#!/app/.venv/bin/python3\n", "uv sync --frozen", 0o755, True),
        ("#!/opt/venv/bin/python\n", "pip install flask", 0o755, False),
        ("#!/opt/venv/bin/python\r\n", "python -m venv /opt/venv", 0o755, False),
        ("#!/opt/venv/bin/python\n", "python -m venv /opt/venv", 0o644, False),
    ],
)
def test_a_script_of_an_environment_that_the_build_makes_is_read_by_python(
    tmp_path: Path, first: str, run: str, mode: int, is_read_so: bool
) -> None:
    script = tmp_path / "app" / "serve.py"
    script.parent.mkdir()
    script.write_bytes(first.encode())
    script.chmod(mode)
    argv = _read_by_python(Recipe("orders", tmp_path, "/app", ["./serve.py", "x"], {}, runs=[run]))
    assert argv == (["python", "./serve.py", "x"] if is_read_so else ["./serve.py", "x"])
