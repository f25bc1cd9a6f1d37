"""The traffic of every path, held against Azure's own specifications by check_traffic.py, where it lies beside this checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import WizardProcess
from .support.small_project import SmallProject

CONTRACT = Path(__file__).parents[2].parent / "shared" / "contract" / "check_traffic.py"
DEVOPS = {"build": "azure-devops", "organization": "contoso", "project": "orders", "repository": "orders-api"}
GITHUB = {"build": "github", "owner": "contoso", "repository": "orders-api"}
JOB = {"app.before_deploy": "echo done", "app.identity": "user", "project.budget": "10", "project.budget_email": "ann@contoso.com"}
PATHS = {
    "job": JOB,
    "registry": {},
    "registry-user": {"app.identity": "user"},
    "devops": {f"pipeline.{key}": value for key, value in DEVOPS.items()},
    "devops-user": {"app.identity": "user", **{f"pipeline.{key}": value for key, value in DEVOPS.items()}},
    "github": {f"pipeline.{key}": value for key, value in GITHUB.items()},
    "github-user": {"app.identity": "user", **{f"pipeline.{key}": value for key, value in GITHUB.items()}},
}
REFUSALS = ("account:reader", "policy-tag:CostCenter", "allowed-regions:swedencentral", "account-quota:0", "lock")


@pytest.mark.nightly
@pytest.mark.timeout(900)
@pytest.mark.skipif(not CONTRACT.is_file(), reason="check_traffic.py is not beside this checkout")
@pytest.mark.parametrize("path", PATHS)
def test_nothing_that_is_sent_or_answered_violates_azures_specification(path: str, tmp_path: Path) -> None:
    har, folder = tmp_path / "traffic.har", tmp_path / "project"
    folder.mkdir()
    wizard = WizardProcess(tmp_path / "home", folder, {"AZWIZARD_SECRET_API_KEY": "canary-2f9ac4-value", "AZWIZARD_ENGINE": "process"})
    wizard("practice", "start", "--speed", "instant", "--har", str(har))
    project = SmallProject(wizard, folder, path, har)
    project.write()
    settings = [argument for key, value in PATHS[path].items() for argument in ("--set", f"{key}={value}")]

    def run(*words: str, exits: int = 0) -> None:
        outcome = wizard(*words, "--practice", "--json", *settings)
        assert outcome.exit == exits, (words, outcome.stdout[-2000:], outcome.stderr)

    for fault in REFUSALS:
        project.fault(fault)
        run("check", exits=3)
        project.fault()
    run("handoff")
    run("apply", "--yes")
    for words in (("plan",), ("status",), ("doctor",), ("test",), ("cost",), ("releases",), ("pause", "--yes"), ("start", "--yes")):
        run(*words)
    run("apply", "--yes", "--set", "app.cpu=0.5", "--set", "app.memory=1Gi")
    run("destroy", "--yes")
    wizard("practice", "stop")
    held = subprocess.run([sys.executable, str(CONTRACT), str(har)], capture_output=True, text=True, check=False)
    assert held.returncode == 0, held.stdout[-4000:]
    assert "\n0 violations in " in held.stdout
