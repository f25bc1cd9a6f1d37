"""The exported workflow for GitHub: its actions, its rights, the folder it keeps to."""

from __future__ import annotations

import re
from pathlib import Path

from tests.export.pipelines import SETUP, read
from wizard.export.pipeline import azure_pipelines, github_workflow
from wizard.setup.loading import load, resolve


def test_the_workflow_names_its_actions_by_commit_and_runs_one_at_a_time(setup_file: Path) -> None:
    text = github_workflow(resolve(load(setup_file)))
    uses = [line for line in text.splitlines() if "uses:" in line]
    assert len(uses) == 3 and all(re.search(r"@[0-9a-f]{40}  # v\d+\.\d+\.\d+$", line) for line in uses)
    content = read(text)
    assert content["concurrency"]["cancel-in-progress"] is False
    assert content["jobs"]["build"]["steps"][0]["with"] == {"persist-credentials": False}


def test_the_workflow_for_github_asks_for_no_more_than_it_needs(setup_file: Path) -> None:
    text = github_workflow(resolve(load(setup_file)))
    content = read(text)
    assert set(content) == {"name", "on", "permissions", "concurrency", "env", "jobs"}  # in YAML 1.2 `on` is a word, and no longer true
    assert content["permissions"] == {} and content["jobs"]["build"]["permissions"] == {"id-token": "write", "contents": "read"}
    assert content["on"] == {"push": {"branches": ["main"]}, "workflow_dispatch": None}
    (login,) = [step["with"] for step in content["jobs"]["build"]["steps"] if step.get("uses", "").startswith("azure/login@")]
    assert login == {f"{name}-id": f"${{{{ vars.AZURE_{name.upper()}_ID_ORDERS_DEV }}}}" for name in ("client", "tenant", "subscription")}
    (role,) = [line for line in text.splitlines() if "role assignment create" in line]
    assert "--role AcrPush " in role and "az acr show --name crordersdev" in role
    (trust,) = [line for line in text.splitlines() if "federated-credential create" in line]
    assert all(word in trust for word in ("token.actions.githubusercontent.com", "api://AzureADTokenExchange", '--subject "$SUBJECT"'))
    assert "gh api repos/OWNER/REPOSITORY/actions/oidc/customization/sub --jq .sub_claim_prefix):ref:refs/heads/main" in text


def test_in_a_larger_repository_both_pipelines_keep_to_their_folder(setup_file: Path) -> None:
    setup_file.write_text(SETUP + 'folder = "services/orders"\n')
    answers = resolve(load(setup_file))
    azure, github = read(azure_pipelines(answers)), read(github_workflow(answers))
    assert azure["trigger"] == {"branches": {"include": ["main"]}, "paths": {"include": ["services/orders"]}}
    assert azure["variables"]["projectPath"] == "$(Build.SourcesDirectory)/services/orders"
    assert azure["variables"]["dockerfilePath"] == "$(Build.SourcesDirectory)/services/orders/docker/Dockerfile"
    assert github["on"]["push"]["paths"] == ["services/orders/**"]
    assert (github["env"]["CONTEXT"], github["env"]["DOCKERFILE"]) == ("services/orders", "services/orders/docker/Dockerfile")


def test_the_workflow_for_github_signs_in_without_a_password(setup_file: Path) -> None:
    text = github_workflow(resolve(load(setup_file)))
    steps = read(text)["jobs"]["build"]["steps"]
    push = next(step["with"] for step in steps if step.get("uses", "").startswith("docker/build-push-action"))
    assert (push["context"], push["file"]) == ("${{ env.CONTEXT }}", "${{ env.DOCKERFILE }}")
    env = {"REGISTRY": "crordersdev", "IMAGE": "orders-api", "CONTEXT": ".", "DOCKERFILE": "docker/Dockerfile", "GROUP": "rg-orders-dev"}
    assert read(text)["env"] == env
    assert push["tags"].split("\n")[1] == "${{ env.REGISTRY }}.azurecr.io/${{ env.IMAGE }}:latest"
    assert read(text)["jobs"]["build"]["permissions"]["id-token"] == "write" and "secrets." not in text
    assert "federated-credential create" in text
