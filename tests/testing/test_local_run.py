"""Trying an API on this computer: with what it asks for and nothing more, and nothing of it goes on afterwards."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest

from wizard.engine.session import CommandOptions
from wizard.lint.scaffold import missing_files
from wizard.testing import local_run
from wizard.testing.local_run import LocalRunError, run_here
from wizard.workspace.workspace import Workspace

API = 'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef home():\n    return {}\n'
DOCKERFILE = 'FROM python:3.12-slim\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "run:app", "--bind", "0.0.0.0:5000"]\n'

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="gunicorn does not run on Windows")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose Python environments several tests use."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def desk(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """At work on an API that runs."""
    monkeypatch.setenv("AZWIZARD_HOME", str(home))
    code = tmp_path / "orders-api"
    code.mkdir()
    for name, text in {"run.py": API, "requirements.txt": "Flask\ngunicorn\n", "Dockerfile": DOCKERFILE}.items():
        (code / name).write_text(text)
    desk = Workspace(CommandOptions(setup=tmp_path / "azwizard.toml"))
    desk.begin(code)
    return desk


async def test_an_api_that_is_tried_answers_and_nothing_of_it_goes_on_afterwards(desk: Workspace) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    running = asyncio.create_task(run_here(desk.code, desk.reading.answers, desk.secret, told.put_nowait))
    words = ""
    while "http://" not in words:
        assert not running.done() or running.exception() is None
        words += await told.get()
    assert "✓ It answered 200" in words
    match = re.search(r"http://127\.0\.0\.1:(\d+)", words)
    assert match is not None
    running.cancel()
    await asyncio.wait([running])
    with pytest.raises(OSError):
        await asyncio.open_connection("127.0.0.1", int(match[1]))


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("run.py", f"import nowhere\n{API}", "No module named 'nowhere'"),
        ("requirements.txt", "Flask\n", r"gunicorn is not among the packages .* Add this line to them: gunicorn>=23"),
    ],
)
async def test_an_api_that_cannot_start_says_why(desk: Workspace, file: str, text: str, says: str) -> None:
    (desk.code.folder / file).write_text(text)
    desk.look_at_code_again()
    with pytest.raises(LocalRunError, match=says):
        await run_here(desk.code, desk.reading.answers, desk.secret, lambda _text: None)


@pytest.mark.parametrize("has_dockerfile", [True, False])
def test_the_line_for_gunicorn_is_offered_where_it_has_to_start_the_api_and_is_forgotten(desk: Workspace, has_dockerfile: bool) -> None:
    assert "requirements.txt" not in missing_files(desk.code)
    (desk.code.folder / "requirements.txt").write_text("Flask")
    if not has_dockerfile:
        (desk.code.folder / "Dockerfile").unlink()
    desk.look_at_code_again()
    assert missing_files(desk.code)["requirements.txt"] == "Flask\ngunicorn>=23\n"
    desk.write_beside_code(missing_files(desk.code))
    assert not missing_files(desk.code)


def test_an_api_that_is_tried_has_a_home_of_its_own(desk: Workspace, tmp_path: Path) -> None:
    matches = local_run._environment(desk.reading.answers, desk.secret, tmp_path, sys.executable)
    assert matches["HOME"] == str(tmp_path / "home")
    assert "VIRTUAL_ENV" not in matches


async def test_packages_that_cannot_be_had_are_said_with_the_line_of_pip(desk: Workspace, tmp_path: Path) -> None:
    (desk.code.folder / "requirements.txt").write_text("no-such-package-of-azwizard==1\n")
    desk.look_at_code_again()
    with pytest.raises(LocalRunError, match=r"on this computer: .*no-such-package-of-azwizard"):
        await run_here(desk.code, desk.reading.answers, desk.secret, lambda _text: None, wheels=tmp_path)
