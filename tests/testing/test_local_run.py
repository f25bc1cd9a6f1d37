"""Trying an API on this computer: with what it asks for and nothing more, and nothing of it goes on afterwards."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from wizard.engine.session import CommandOptions
from wizard.lint.scaffold import missing_files
from wizard.platform.secret import Secret
from wizard.testing import local_run
from wizard.testing.local_order import LocalRunError
from wizard.testing.local_run import run_here
from wizard.workspace.workspace import Workspace

API = 'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef home():\n    return {}\n'
DOCKERFILE = 'FROM python:3.12-slim\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "run:app", "--bind", "0.0.0.0:5000"]\n'


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose Python environments several tests use."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def workspace(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """At work on an API that runs."""
    monkeypatch.setenv("AZWIZARD_HOME", str(home))
    monkeypatch.setenv("AZWIZARD_ENGINE", "process")
    code = tmp_path / "orders-api"
    code.mkdir()
    for name, text in {"run.py": API, "requirements.txt": "Flask\ngunicorn\n", "Dockerfile": DOCKERFILE}.items():
        (code / name).write_text(text)
    workspace = Workspace(CommandOptions(setup=tmp_path / "azwizard.toml"))
    workspace.begin(code)
    return workspace


SETUP = """
format = 1
[project]
name = "orders"
environment = "dev"
source = "orders-api"
[key_vault]
secrets = ["key"]
[[storage.shares]]
designation = "db"
mount = "/data"
[[variables]]
name = "KEY"
secret = "key"
"""
ASGI = {
    "run.py": "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/health')\ndef health():\n    return {}\n",
    "requirements.txt": "fastapi\nuvicorn\n",
    "Dockerfile": DOCKERFILE.replace(
        '"gunicorn", "run:app", "--bind", "0.0.0.0:5000"', '"uvicorn", "run:app", "--host", "0.0.0.0", "--port", "5000"'
    ),
}


@pytest.mark.parametrize("files", [{}, ASGI, {"Dockerfile": None}], ids=["gunicorn", "uvicorn", "no Dockerfile"])
async def test_an_api_that_is_tried_answers_and_nothing_of_it_goes_on_afterwards(
    workspace: Workspace, files: dict[str, str | None]
) -> None:
    rewrite(workspace, files)
    told: asyncio.Queue[str] = asyncio.Queue()
    running = asyncio.create_task(run_here(workspace.code, workspace.reading.answers, workspace.secret, told.put_nowait))
    words = ""
    while "http://" not in words:
        line = asyncio.ensure_future(told.get())
        await asyncio.wait([line, running], return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        words += await line
    assert "✓ It answered" in words
    match = re.search(r"http://127\.0\.0\.1:(\d+)", words)
    assert match is not None
    running.cancel()
    await asyncio.wait([running])
    with pytest.raises(OSError):
        await asyncio.open_connection("127.0.0.1", int(match[1]))
    assert files.get("Dockerfile", "") is not None or not (workspace.code.folder / "Dockerfile").exists()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"run.py": f"import nowhere\n{API}"}, "No module named 'nowhere'"),
        ({"requirements.txt": "Flask\n"}, r"server is not among the packages .* Add this line to them: gunicorn>=23"),
        ({"Dockerfile": DOCKERFILE.replace("0.0.0.0:", "127.0.0.1:")}, r"on 127\.0\.0\.1 only"),
        ({"run.py": f"import time\ntime.sleep(60)\n{API}"}, "did not answer within 6 seconds"),
        ({"Dockerfile": DOCKERFILE.replace("5000", "8000")}, "on port 8000, and your setup says 5000"),
        ({"Dockerfile": DOCKERFILE.replace("COPY . .", "COPY nowhere .")}, "cannot be built, here as in Azure: .*nowhere"),
    ],
    ids=["a module is missing", "a server is missing", "loopback", "slow", "another port", "nothing to copy"],
)
async def test_an_api_that_cannot_be_reached_in_azure_says_why(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, files: dict[str, str | None], says: str
) -> None:
    monkeypatch.setattr(local_run, "PATIENCE", 6.0)
    rewrite(workspace, files)
    with pytest.raises(LocalRunError, match=says):
        await run_here(workspace.code, workspace.reading.answers, workspace.secret, lambda _text: None)


async def test_a_secret_and_a_share_are_there_and_the_home_is_not_the_persons(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """gunicorn 25 and newer puts a control socket into the home, in the place of the person's own gunicorn's."""
    monkeypatch.setenv("HOME", "/the/persons/home")
    told: list[str] = []
    see = "import os, pathlib\npathlib.Path('/data/file').write_text('kept')\nprint(os.environ['KEY'], os.environ['HOME'], flush=True)\n"
    rewrite(workspace, {"run.py": f"{see}raise RuntimeError('seen: ' + os.environ['KEY'] + ' ' + os.environ['HOME'])\n"})
    file = workspace.draft.file.with_name("with-a-share.toml")
    file.write_text(SETUP)
    workspace.open(file, practice=True)
    workspace.give("key", Secret("canary-77c1"))
    with pytest.raises(LocalRunError, match="seen: canary-77c1 /root"):
        await run_here(workspace.code, workspace.reading.answers, workspace.secret, told.append)
    assert "canary-77c1" not in "".join(told)


def rewrite(workspace: Workspace, files: dict[str, str | None]) -> None:
    """Write files of the project anew; None takes one away."""
    for name, text in files.items():
        path = workspace.code.folder / name
        path.unlink() if text is None else path.write_text(text)
    workspace.look_at_code_again()


@pytest.mark.parametrize("has_dockerfile", [True, False])
def test_the_line_for_gunicorn_is_offered_where_it_has_to_start_the_api_and_is_forgotten(
    workspace: Workspace, has_dockerfile: bool
) -> None:
    assert "requirements.txt" not in missing_files(workspace.code)
    (workspace.code.folder / "requirements.txt").write_text("Flask")
    if not has_dockerfile:
        (workspace.code.folder / "Dockerfile").unlink()
    workspace.look_at_code_again()
    assert missing_files(workspace.code)["requirements.txt"] == "Flask\ngunicorn>=23\n"
    workspace.write_beside_code(missing_files(workspace.code))
    assert not missing_files(workspace.code)


async def test_packages_that_cannot_be_had_are_said_with_the_line_of_pip(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.code.folder / "requirements.txt").write_text("no-such-package-of-azwizard==1\n")
    workspace.look_at_code_again()
    with pytest.raises(LocalRunError, match=r"on this computer: .*no-such-package-of-azwizard"):
        await run_here(workspace.code, workspace.reading.answers, workspace.secret, lambda _text: None, wheels=tmp_path)
