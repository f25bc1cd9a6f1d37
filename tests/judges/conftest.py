"""Programs that judge what azwizard writes, each in an environment of its own: their requirements are not ours, nor each other's.

Needs a package index; a judge that cannot be installed from it is skipped with its reason.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from wizard.engine.step import Outputs, Step
from wizard.export.az import render as az_script
from wizard.export.bicep import render as bicep_files
from wizard.export.bicep_resources import Who
from wizard.export.pipeline import azure_pipelines, github_workflow
from wizard.setup.answers import Answers
from wizard.setup.json_schema import schema
from wizard.setup.loading import load, resolve
from wizard.steps.registry_of_steps import contributions

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
LONGEST = 500.0  # seconds to install one; checkov has ninety requirements
SETUP = """\
[project]
name = "orders"
[sign_in]
subscription = "00000000-0000-0000-0000-000000000001"
[key_vault]
secrets = ["api-key"]
[[storage.shares]]
designation = "db"
mount = "/db"
nobrl = true
[[variables]]
name = "API_KEY"
secret = "api-key"
[[variables]]
name = "GREETING"
value = '''it's $(touch hacked) "quoted" <b> $HOME'''
"""
IN_DEVOPS = """\
[pipeline]
build = "azure-devops"
organization = "contoso"
project = "Our orders"
repository = "orders-api"
folder = "services/orders"
"""

Judge = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Run a judge by the name of its package and its command line; skips where that package cannot be installed."""

    @cache
    def programs(package: str) -> Path:
        [requirement] = [line for line in REQUIREMENTS.read_text().splitlines() if line.startswith(f"{package}==")]
        folder = tmp_path_factory.mktemp(package)
        venv.create(folder, with_pip=True)
        place = folder / ("Scripts" if sys.platform == "win32" else "bin")
        command = [place / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
        except subprocess.TimeoutExpired:
            pytest.skip(f"{requirement} was not installed within {LONGEST} seconds here")
        if done.returncode:
            pytest.skip(f"{requirement} cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
        return place

    def run(package: str, *command: object) -> subprocess.CompletedProcess[str]:
        program, *arguments = map(str, command)
        done = subprocess.run(
            [programs(package) / program, *arguments],
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        print(f"{program} {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    return run


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what azwizard writes of two setups: one that the registry builds, and one in Azure DevOps."""
    folder = tmp_path_factory.mktemp("written")
    steps, answers = _setup(tmp_path_factory.mktemp("registry"), SETUP)
    files = bicep_files(steps, answers, Outputs(), Who("00000000-0000-0000-0000-000000000002", "User", {})).files
    files |= {
        "image.yml": github_workflow(answers),
        "registry.sh": az_script(steps, answers, Outputs()),
        "schema.json": json.dumps(schema()),
    }
    steps, answers = _setup(tmp_path_factory.mktemp("devops"), SETUP + IN_DEVOPS)
    files |= {"azure-pipelines.yml": azure_pipelines(answers), "devops.sh": az_script(steps, answers, Outputs())}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _setup(folder: Path, text: str) -> tuple[list[Step], Answers]:
    (folder / "azwizard.toml").write_text(text)
    answers = resolve(load(folder / "azwizard.toml"))
    return [step for contribution in contributions() for step in contribution.steps(answers)], answers
