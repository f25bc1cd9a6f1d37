"""The first run from a built wheel, with a project that asks for packages which azwizard does not have."""

from __future__ import annotations

import json
import os
import shutil
import sys
from fnmatch import fnmatch
from pathlib import Path
from textwrap import dedent
from zipfile import ZipFile

import pytest

from tests.installed.installation import ROOT, Installed, answer

pytestmark = [pytest.mark.installed, pytest.mark.timeout(600), pytest.mark.skipif(sys.platform == "win32", reason="gunicorn")]

SLOWEST = 17  # seconds of set-up, longer than any of Azure's deadlines at speed instant
PROJECT = {
    "requirements.txt": "flask\ngunicorn>=23\nflask-sqlalchemy\npydantic>=2\norjson\n./slow\n",
    "slow/setup.py": f"import time; time.sleep({SLOWEST})\nfrom setuptools import setup; setup(name='slow', py_modules=['slow'])\n",
    "slow/slow.py": "",
    "Dockerfile": """
        FROM python:3.12-slim
        WORKDIR /srv
        COPY . .
        RUN pip install -r requirements.txt
        CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]
    """,
    "run.py": """
        import importlib.util
        import orjson, pydantic, slow
        from flask import Flask, Response
        from flask_sqlalchemy import SQLAlchemy

        app = Flask(__name__)
        app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
        SQLAlchemy(app)


        @app.get("/health")
        def health():
            strangers = [name for name in ("textual", "msgspec", "azure.identity", "wizard") if _found(name)]
            return Response(orjson.dumps({"strangers": strangers, "pydantic": pydantic.VERSION}), mimetype="application/json")


        def _found(name):
            try:
                return importlib.util.find_spec(name) is not None
            except ModuleNotFoundError:
                return False
    """,
}
SETUP = """
    format = 1
    [project]
    name = "shop"
    environment = "dev"
    source = "code"
    [pipeline]
    build = "registry"
    dockerfile = "Dockerfile"
    image = "shop"
    [app]
    port = 5000
    health_path = "/health"
"""
TRY = """
import asyncio, re, sys, urllib.request
from pathlib import Path
from wizard.engine.session import CommandOptions
from wizard.testing.local_run import run_here
from wizard.workspace.workspace import Workspace

async def main():
    workspace = Workspace(CommandOptions(setup=Path(sys.argv[2])))
    workspace.begin(Path(sys.argv[1]))
    told = []
    answered = asyncio.Event()
    running = asyncio.ensure_future(run_here(workspace.code, workspace.reading.answers, workspace.secret, told.append, answered.set))
    waiting = asyncio.ensure_future(answered.wait())
    await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
    print("\\n".join(told))
    if running.done():
        running.result()
    running.cancel()
    await asyncio.wait([running])

asyncio.run(main())
"""


@pytest.fixture(scope="session")
def project(installed: Installed) -> Path:
    """A project's setup file, with its code beside it."""
    for name, text in {**{f"code/{name}": text for name, text in PROJECT.items()}, "azwizard.toml": SETUP}.items():
        file = installed.folder / "shop" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text).lstrip())
    return installed.folder / "shop" / "azwizard.toml"


def test_the_wheel_is_whole_and_holds_nothing_else(installed: Installed) -> None:
    names = set(ZipFile(installed.wheel).namelist())
    files = [file for package in ("wizard", "screens") for file in (ROOT / package).rglob("*") if file.is_file()]
    expected = {file.relative_to(ROOT).as_posix() for file in files if "__pycache__" not in file.parts and not fnmatch(file.name, "*.po")}
    assert {name for name in names if ".dist-info/" not in name} == expected


def test_the_sample_is_deployed_answers_and_is_destroyed(installed: Installed) -> None:
    sample = installed.folder / "sample"
    shutil.copytree(ROOT / "wizard" / "practice" / "sample", sample)
    setup = str(sample / "azwizard.toml")
    events = installed.run("apply", setup, "--practice", "--yes", "--json", AZWIZARD_SECRET_API_KEY="canary-of-this-test")
    assert answer(events[-1])
    assert secrets_in_environments() == []
    installed.run("destroy", setup, "--practice", "--yes", "--json")


def test_packages_that_azwizard_does_not_have_are_there_at_the_first_try(installed: Installed, project: Path) -> None:
    events = installed.run("apply", str(project), "--practice", "--yes", "--json")
    lines = [event["detail"] for event in events if event.get("step") == "pipeline.image" and event.get("detail")]
    assert any("installing your requirements" in words for words in lines)
    assert json.loads(answer(events[-1]))["strangers"] == []
    verdict = next(event for event in installed.run("doctor", str(project), "--practice", "--json") if event["event"] == "verdict")
    assert verdict["verdict"] == "healthy"
    installed.run("destroy", str(project), "--practice", "--yes", "--json")


def test_trying_here_finds_the_same_packages(installed: Installed, project: Path) -> None:
    text = installed.script(TRY, str(project.parent / "code"), str(installed.folder / "try.toml"))
    assert "It answered 200" in text


def test_a_requirement_that_exists_nowhere_is_never_a_fault_of_the_port(installed: Installed, project: Path) -> None:
    other = installed.folder / "nowhere"
    shutil.copytree(project.parent, other)
    (other / "code" / "requirements.txt").write_text("flask\ngunicorn>=23\nno-such-package-of-azwizard==1\n")
    setup = str(other / "azwizard.toml")
    words = json.dumps(installed.run("apply", setup, "--practice", "--yes", "--json", status=1))
    assert "No matching distribution found for no-such-package-of-azwizard" in words or "no-such-package-of-azwizard was not found" in words
    assert "listen on" not in words
    verdict = next(event for event in installed.run("doctor", setup, "--practice", "--json", status=1) if event["event"] == "verdict")
    assert verdict["verdict"] == "requirement-not-installable"
    installed.run("destroy", setup, "--practice", "--yes", "--json")


def secrets_in_environments() -> list[str]:
    """The programs of this machine whose environment holds the canary."""
    records = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if b"AZWIZARD_SECRET_API_KEY=canary-of-this-test" in environment.read_bytes() and environment.parent.name != str(os.getpid()):
                records.append((environment.parent / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return records
