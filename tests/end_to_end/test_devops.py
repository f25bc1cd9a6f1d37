"""A project that Azure DevOps builds, with the commands a person types: the pushed commit, the run, the tag and the app agree."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

from tests.end_to_end.conftest import SECRET, WizardProcess, another_machine
from tests.end_to_end.support.practice_client import PracticeClient

ANSWERS = {"build": "azure-devops", "organization": "contoso", "project": "orders", "repository": "orders-api"}
SET = [argument for key, value in ANSWERS.items() for argument in ("--set", f"pipeline.{key}={value}")]


def test_what_was_pushed_is_what_runs(wizard: WizardProcess) -> None:
    wizard.environment["AZWIZARD_SECRET_API_KEY"] = SECRET
    wizard("practice", "start", "--speed", "instant")
    first = wizard.apply(*SET)
    assert (first.exit, first.result["outcome"]) == (0, "succeeded"), first.stdout + first.stderr
    practice = wizard.practice()
    assert practice.request("GET", f"{first.result['url']}/health").status == 200
    (build,) = devops(practice, "orders/_apis/build/builds")
    (branch,) = devops(practice, "orders/_apis/git/repositories/orders-api/refs")
    assert (build["sourceVersion"], build["result"]) == (branch["objectId"], "succeeded")
    if shutil.which("git"):
        (repository,) = (wizard.home / "practice" / "git").iterdir()
        shown = ["git", "-c", "safe.directory=*", "--git-dir", str(repository), "ls-tree", "-r", "--name-only", build["sourceVersion"]]
        names = subprocess.run(shown, check=True, capture_output=True, text=True).stdout.split()
        assert {"Dockerfile", "azure-pipelines.yml"} <= {Path(name).name for name in names}
    path = "/resourceGroups/rg-notes-dev/providers/Microsoft.App/containerApps/capp-notes-dev"
    image = practice.arm("GET", path, "2024-03-01").json()["properties"]["template"]["containers"][0]["image"]
    lines = log(practice, build["id"])
    assert f"latest: digest: {image.partition('@')[2]}" in lines and f"{build['id']}: digest: {image.partition('@')[2]}" in lines
    again = wizard.apply(*SET)
    assert (again.exit, again.result["outcome"]) == (0, "unchanged"), again.stdout
    assert again.result["requests"] <= 45
    gone = wizard("destroy", "--practice", "--yes", "--json", *SET)
    assert (gone.exit, gone.result["outcome"]) == (0, "succeeded"), gone.stdout
    assert devops(practice, "orders/_apis/serviceendpoint/endpoints") == []


def test_another_machine_reads_the_setup_from_azure_and_takes_all_of_it_away(wizard: WizardProcess, tmp_path: Path) -> None:
    wizard.environment["AZWIZARD_SECRET_API_KEY"] = SECRET
    wizard("practice", "start", "--speed", "instant")
    assert wizard.apply(*SET).exit == 0
    other = another_machine(wizard, tmp_path)
    written = tomllib.loads((other.folder / "azwizard.toml").read_text())["pipeline"]
    assert written == {**ANSWERS, "connection": "identity", "image": "notes", "dockerfile": "Dockerfile"}
    planned = other("plan", "--practice", "--json")
    assert planned.exit == 0 and {event["action"] for event in planned.of("plan")} == {"keep"}, planned.stdout
    assert other.apply().result["outcome"] == "unchanged"
    gone = other("destroy", "--practice", "--yes", "--json")
    assert (gone.exit, gone.result["outcome"]) == (0, "succeeded"), gone.stdout
    practice = wizard.practice()
    assert devops(practice, "orders/_apis/serviceendpoint/endpoints") == devops(practice, "orders/_apis/pipelines") == []


def devops(practice: PracticeClient, path: str) -> list[dict[str, Any]]:
    return list(json.loads(called(practice, path))["value"])


def log(practice: PracticeClient, run: int) -> str:
    """All logs of a run."""
    logs = devops(practice, f"orders/_apis/build/builds/{run}/logs")
    return "\n".join(called(practice, f"orders/_apis/build/builds/{run}/logs/{item['id']}") for item in logs)


def called(practice: PracticeClient, path: str) -> str:
    token = practice.token("499b84ac-1321-427f-aa17-267ca6975798/.default")
    answer = practice.request("GET", f"https://dev.azure.com/contoso/{path}?api-version=7.1", None, {"Authorization": f"Bearer {token}"})
    assert answer.status == 200, answer
    return answer.body.decode()
