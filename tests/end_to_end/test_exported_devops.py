"""The exported script with Azure DevOps, run with the real `az` (its core commands alone) and the real Git, on a machine of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import SECRET
from .support.azure_cli import AzureCli
from .test_azure_cli import register_providers, start_cli  # noqa: F401 - a fixture
from .test_devops import SET

RESOURCE = "499b84ac-1321-427f-aa17-267ca6975798"
pytestmark = [pytest.mark.timeout(600), pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")]


def run(az: AzureCli, *options: str) -> str:
    """Export the script and run it; what it prints."""
    script = az.folder / "setup.sh"
    script.write_text(az.wizard("export", "az", "--practice", *SET, *options).stdout)
    ca_file = az.wizard.practice_json["ca_file"]
    done = az.run(["sh", script], AZWIZARD_SECRET_API_KEY=SECRET, CURL_CA_BUNDLE=ca_file, GIT_SSL_CAINFO=ca_file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert SECRET not in done.stdout + done.stderr
    return done.stdout


def devops(az: AzureCli, path: str) -> list[dict[str, Any]]:
    """What Azure DevOps lists there."""
    url = f"https://dev.azure.com/contoso/{path}{'&' if '?' in path else '?'}api-version=7.1"
    return list(az("rest", "--resource", RESOURCE, "--url", url)["value"])


def kept(az: AzureCli, *options: str) -> dict[str, str]:
    """What the wizard would still do, by step."""
    planned = az.wizard("plan", "--practice", "--json", *SET, *options)
    return {event["step"]: event["action"] for event in planned.events if event["event"] == "plan" and event["action"] != "keep"}


@pytest.mark.parametrize("connection", ["identity", "automatic"])
def test_it_makes_the_pipeline_and_can_be_run_again_and_the_wizard_keeps_all_of_it(
    start_cli: Callable[[], AzureCli],  # noqa: F811
    connection: str,
) -> None:
    az, chosen = start_cli(), ("--set", f"pipeline.connection={connection}")
    az.learn_names("kv-notes-dev.vault.azure.net", "crnotesdev.azurecr.io")
    register_providers(az)
    az("provider", "register", "--namespace", "Microsoft.ManagedIdentity")
    (az.wizard.folder / ".env").write_text("API_KEY=canary-env\n")
    assert "Healthy" in run(az, *chosen)
    (build,) = devops(az, "orders/_apis/build/builds")
    (branch,) = devops(az, "orders/_apis/git/repositories/orders-api/refs")
    assert (build["result"], build["sourceVersion"]) == ("succeeded", branch["objectId"])
    items = devops(az, "orders/_apis/git/repositories/orders-api/items?recursionLevel=Full")
    names = {item["path"] for item in items}
    assert {"/Dockerfile", "/azure-pipelines.yml"} <= names and not {"/.env", "/azwizard.toml"} & names
    assert kept(az, *chosen) == {}
    assert az.wizard.apply(*SET, *chosen).result["outcome"] == "unchanged"

    az.learn_names()
    assert '"status":"ok"' in run(az, *chosen)
    assert [devop["id"] for devop in devops(az, "orders/_apis/build/builds")] == [build["id"]]
    assert len(devops(az, "orders/_apis/serviceendpoint/endpoints")) == len(devops(az, "orders/_apis/pipelines")) == 1
    gone = az.wizard("destroy", "--practice", "--yes", "--json", *SET, *chosen)
    assert gone.result["outcome"] == "succeeded", gone.stdout
    assert devops(az, "orders/_apis/serviceendpoint/endpoints") == devops(az, "orders/_apis/pipelines") == []
    assert az("group", "list") == []


def test_where_a_policy_wants_pull_requests_its_branch_is_built(start_cli: Callable[[], AzureCli]) -> None:  # noqa: F811
    az = start_cli()
    az.learn_names("kv-notes-dev.vault.azure.net", "crnotesdev.azurecr.io")
    register_providers(az)
    az("provider", "register", "--namespace", "Microsoft.ManagedIdentity")
    readme = {"changeType": "add", "item": {"path": "/README.md"}, "newContent": {"content": "Orders", "contentType": "rawtext"}}
    update = {"name": "refs/heads/main", "oldObjectId": "0" * 40}
    body = json.dumps({"refUpdates": [update], "commits": [{"comment": "Begin", "changes": [readme]}]})
    url = "https://dev.azure.com/contoso/orders/_apis/git/repositories/orders-api/pushes?api-version=7.1"
    az("rest", "--resource", RESOURCE, "--method", "post", "--url", url, "--body", body)
    assert az.wizard("practice", "fault", "branch-policy").exit == 0
    assert "azwizard/notes-dev" in run(az)
    (build,) = devops(az, "orders/_apis/build/builds")
    assert (build["sourceBranch"], build["result"]) == ("refs/heads/azwizard/notes-dev", "succeeded")
    assert kept(az) == {}
