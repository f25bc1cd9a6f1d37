"""A Flask project becomes an API that answers, is changed, found again and removed: all with the commands a person types."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import SECRET, WizardProcess

CHECK_TRAFFIC = Path(__file__).parents[3] / "shared" / "contract" / "check_traffic.py"
CHANGED = ("--set", "app.cpu=0.5", "--set", "app.memory=1.0Gi")


@pytest.fixture(params=["system", "user"])
def identity(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_project_is_deployed_changed_and_destroyed(wizard: WizardProcess, tmp_path: Path, identity: str) -> None:
    har = tmp_path / "traffic.har"
    (tmp_path / "values.env").write_text(f"API_KEY={SECRET}\nUNRELATED=1\n")
    setting = ("--set", f"app.identity={identity}")
    values = ("--env-file", str(tmp_path / "values.env"))
    wizard("practice", "start", "--har", str(har))

    first = wizard.apply(*setting, *values)
    assert first.exit == 0, first.stdout + first.stderr
    assert first.result["outcome"] == "succeeded"
    assert "UNRELATED" in first.stderr
    url = first.result["url"]

    practice = wizard.practice()
    key = practice.secret("kv-notes-dev", "/secrets/api-key").json()["value"]
    assert practice.request("GET", f"{url}/health").status == 200
    assert practice.request("GET", f"{url}/notes").status == 401
    headers = {"X-Api-Key": key, "Content-Type": "application/json"}
    assert practice.request("POST", f"{url}/notes", b'{"text": "tea"}', headers).status == 201

    again = wizard.apply(*setting, *values)
    assert (again.exit, again.result["outcome"], again.result["created"]) == (0, "unchanged", 0), again.stdout
    assert again.result["requests"] <= 45

    changed = wizard.apply(*setting, *CHANGED)
    assert (changed.exit, changed.result["outcome"]) == (0, "succeeded"), changed.stdout + changed.stderr
    assert practice.request("GET", f"{url}/notes", None, headers).json() == [{"id": 1, "text": "tea"}]
    revisions = practice.arm(
        "GET", "/resourceGroups/rg-notes-dev/providers/Microsoft.App/containerApps/capp-notes-dev/revisions", "2024-03-01"
    )
    assert [
        r["properties"]["template"]["containers"][0]["resources"]["cpu"] for r in revisions.json()["value"] if r["properties"]["active"]
    ] == [0.5]
    shares = wizard.home / "practice" / "shares" / "stnotesdev"
    assert "note 1 written" in (shares / "fileshare-logs-notes-dev" / "notes.log").read_text()

    gone = wizard("destroy", "--practice", "--yes", "--json", *setting)
    assert (gone.exit, gone.result["outcome"]) == (0, "succeeded"), gone.stdout
    left = practice.arm("GET", "/resources", "2021-04-01").json()["value"]
    buried = practice.arm("GET", "/providers/Microsoft.KeyVault/deletedVaults", "2023-07-01").json()["value"]
    groups = practice.arm("GET", "/resourcegroups", "2021-04-01").json()["value"]
    assert (left, buried, groups) == ([], [], [])
    assert wizard("destroy", "--practice", "--yes", "--json", *setting).result["outcome"] == "unchanged"

    wizard("practice", "stop")
    assert no_trace_of(SECRET, tmp_path, except_in=(tmp_path / "values.env",))
    assert SECRET not in first.stdout + first.stderr + changed.stdout + changed.stderr
    hold_against_azures_specifications(har)


def no_trace_of(secret: str, folder: Path, except_in: tuple[Path, ...]) -> bool:
    """Whether no file below `folder` holds the secret; the practice cloud's vault was purged, so it is no exception."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink() and file not in except_in]
    return not [file for file in files if secret.encode() in file.read_bytes()]


def hold_against_azures_specifications(har: Path) -> None:
    """Check recorded traffic with the tool that holds Azure's own OpenAPI specifications, where it is at hand."""
    if wanted := os.environ.get("AZWIZARD_TEST_HAR"):
        shutil.copy(har, wanted)
    if not CHECK_TRAFFIC.exists():
        pytest.skip("Azure's specifications are not beside this checkout")
    done = subprocess.run([sys.executable, str(CHECK_TRAFFIC), str(har)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert int(done.stdout.split(" operations")[0].split()[-1]) >= 45


def test_a_touched_source_file_makes_plan_show_the_build_and_the_revision(deployed: WizardProcess) -> None:
    (deployed.folder / "notes" / "__init__.py").open("a").write("\n# touched\n")
    plan = deployed("plan", "--practice", "--json")
    assert plan.exit == 5
    assert [e["step"] for e in plan.of("plan", action="change") + plan.of("plan", action="create")] == [
        "app.revision",
        "app.running",
        "pipeline.image",
    ]


def test_a_variable_edited_by_someone_else_is_the_one_difference(deployed: WizardProcess) -> None:
    practice = deployed.practice()
    path = "/resourceGroups/rg-notes-dev/providers/Microsoft.App/containerApps/capp-notes-dev"
    template = practice.arm("GET", path, "2024-03-01").json()["properties"]["template"]
    entry = next(e for e in template["containers"][0]["env"] if e["name"] == "LOG_PATH")
    entry["value"] = "/tmp/elsewhere.log"  # noqa: S108
    assert practice.arm("PATCH", path, "2024-03-01", {"properties": {"template": template}}).status == 202
    plan = deployed("plan", "--practice", "--json")
    assert plan.exit == 5
    [line] = [e for e in plan.of("plan") if e["action"] not in ("keep",) and e["step"] == "app.revision"]
    assert "LOG_PATH" in line["detail"]
    assert "/tmp/elsewhere.log" in line["detail"]  # noqa: S108
    assert "DATABASE_PATH" not in line["detail"]


def test_a_setup_is_found_again_from_another_machine(deployed: WizardProcess, tmp_path: Path) -> None:
    other = tmp_path / "another machine"
    (other / "home").mkdir(parents=True)
    (other / "empty").mkdir()
    (other / "home" / "practice").symlink_to(deployed.home / "practice")
    elsewhere = WizardProcess(other / "home", other / "empty")
    outcome = elsewhere("resume", "--practice", "--subscription", "Practice subscription", "--resource-group", "rg-notes-dev", "--json")
    assert outcome.exit == 0, outcome.stdout + outcome.stderr
    plan = elsewhere("plan", "--practice", "--json")
    assert (plan.exit, {e["action"] for e in plan.of("plan")}) == (0, {"keep"}), json.dumps(plan.events, indent=1)
