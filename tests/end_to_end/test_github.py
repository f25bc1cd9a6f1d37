"""A project that GitHub builds, with the commands a person types: the pushed commit, the run, the tag and the app agree."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import SECRET, WizardProcess, another_machine
from tests.end_to_end.support.practice_client import PracticeClient
from tests.support.waiting import wait_until

ANSWERS = {"build": "github", "owner": "contoso", "repository": "orders-api"}
DEPLOY = {**ANSWERS, "deploy": "true"}
SET = [argument for key, value in DEPLOY.items() for argument in ("--set", f"pipeline.{key}={value}")]
ONE = "/repos/contoso/orders-api"
APP = "/resourceGroups/rg-notes-dev/providers/Microsoft.App/containerApps/capp-notes-dev"


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_apply_unchanged_a_push_alone_and_destroy(wizard: WizardProcess) -> None:
    wizard.environment["AZWIZARD_SECRET_API_KEY"] = SECRET
    wizard("practice", "start", "--speed", "instant")
    first = wizard.apply(*SET)
    assert (first.exit, first.result["outcome"]) == (0, "succeeded"), first.stdout + first.stderr
    practice = wizard.practice()
    assert practice.request("GET", f"{first.result['url']}/health").status == 200
    (run,) = github(practice, "GET", f"{ONE}/actions/runs")["workflow_runs"]
    assert (run["head_sha"], run["conclusion"]) == (head(practice), "success")
    built = image(practice)
    again = wizard.apply(*SET)
    assert (again.exit, again.result["outcome"]) == (0, "unchanged"), again.stdout
    assert again.result["requests"] <= 45

    code = wizard.folder / "run.py" if (wizard.folder / "run.py").is_file() else next(wizard.folder.rglob("*.py"))
    changed = code.read_text() + "\n# changed by a push\n"
    push(practice, code.relative_to(wizard.folder).as_posix(), changed)
    ended(practice, 2)
    assert image(practice) != built  # by the push alone
    assert practice.request("GET", f"{first.result['url']}/health").status == 200
    code.write_text(changed)
    online = image(practice)
    after = wizard.apply(*SET)  # which only notes the release that the push brought
    assert (after.exit, image(practice)) == (0, online), after.stdout
    assert len(github(practice, "GET", f"{ONE}/actions/runs")["workflow_runs"]) == 2

    gone = wizard("destroy", "--practice", "--yes", "--json", *SET)
    assert (gone.exit, gone.result["outcome"]) == (0, "succeeded"), gone.stdout
    assert github(practice, "GET", f"{ONE}/actions/variables")["variables"] == []
    assert github(practice, "GET", f"{ONE}/actions/workflows")["total_count"] == 0


@pytest.mark.nightly
def test_another_machine_reads_the_setup_from_azure(wizard: WizardProcess, tmp_path: Path) -> None:
    wizard.environment["AZWIZARD_SECRET_API_KEY"] = SECRET
    wizard("practice", "start", "--speed", "instant")
    assert wizard.apply(*SET).exit == 0
    other = another_machine(wizard, tmp_path)
    written = tomllib.loads((other.folder / "azwizard.toml").read_text())["pipeline"]
    assert written == {**ANSWERS, "branch": "main", "deploy": True, "image": "notes", "dockerfile": "Dockerfile"}
    planned = other("plan", "--practice", "--json")
    assert planned.exit == 0 and {event["action"] for event in planned.of("plan")} == {"keep"}, planned.stdout


def github(practice: PracticeClient, method: str, path: str, body: Any = None) -> Any:
    """One call as the practice account, whose client secret serves as a token."""
    headers = {"Authorization": f"Bearer {practice.info['client_secret']}", "User-Agent": "tests"}
    answer = practice.request(method, f"https://api.github.com{path}", None if body is None else json.dumps(body).encode(), headers)
    assert answer.status < 300, answer
    return json.loads(answer.body) if answer.body else None


def head(practice: PracticeClient) -> str:
    return str(github(practice, "GET", f"{ONE}/git/ref/heads/main")["object"]["sha"])


def image(practice: PracticeClient) -> str:
    """What the app runs."""
    return str(practice.arm("GET", APP, "2024-03-01").json()["properties"]["template"]["containers"][0]["image"])


def push(practice: PracticeClient, path: str, text: str) -> None:
    """One file changed on the branch, as a person's own push does."""
    before = head(practice)
    base = github(practice, "GET", f"{ONE}/git/commits/{before}")["tree"]["sha"]
    entry = {"path": path, "mode": "100644", "type": "blob", "content": text}
    tree = github(practice, "POST", f"{ONE}/git/trees", {"base_tree": base, "tree": [entry]})["sha"]
    commit = github(practice, "POST", f"{ONE}/git/commits", {"message": "By hand", "tree": tree, "parents": [before]})["sha"]
    github(practice, "PATCH", f"{ONE}/git/refs/heads/main", {"sha": commit})


def ended(practice: PracticeClient, count: int) -> None:
    """Wait until so many runs have come to their end."""

    def all_ended() -> bool:
        runs = github(practice, "GET", f"{ONE}/actions/runs")["workflow_runs"]
        return len(runs) == count and all(run["status"] == "completed" for run in runs)

    wait_until(all_ended, seconds=120)
