"""GitHub on the practice cloud: what REST answers, and a workflow that signs in to Azure and pushes an image."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Practice, StartPractice, register_all
from tests.practice.git_client import git_client
from tests.practice.github.github_client import ONE, SOURCES, SUBJECT, GitHubApi
from tests.practice.helping import grant
from wizard.practice.access.builtin_roles import role_id
from wizard.practice.registry import images

SERVER = "crordersdev.azurecr.io"
WORKFLOW = """\
name: Image
on:
  push:
    branches: [main]
  workflow_dispatch:
permissions: {}
concurrency:
  group: image-${{ github.ref }}
env:
  REGISTRY: crordersdev
jobs:
  build:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@v7
      - run: pytest
      - name: Sign in
        uses: azure/login@v3
        with:
          client-id: ${{ vars.AZURE_CLIENT_ID }}
          tenant-id: ${{ vars.AZURE_TENANT_ID }}
          subscription-id: ${{ vars.AZURE_SUBSCRIPTION_ID }}
      - run: az acr login --name "$REGISTRY"
      - name: Build
        id: build
        uses: docker/build-push-action@v7
        with:
          context: .
          push: true
          tags: |
            ${{ env.REGISTRY }}.azurecr.io/orders-api:${{ github.sha }}
            ${{ env.REGISTRY }}.azurecr.io/orders-api:latest
      - name: Only elsewhere
        if: vars.NOWHERE != ''
        run: az containerapp update --name x --resource-group y --image z
"""
FILE = ".github/workflows/image.yml"


async def trusted(practice: Practice, subject: str = SUBJECT, role: str = "AcrPush") -> GitHubApi:
    """A registry, an identity that may push to it and trusts the repository, and the repository's variables."""
    register_all(practice.cloud)
    await practice.call("PUT", "/resourceGroups/rg-orders-dev", {"location": "westeurope"})
    group = "/resourceGroups/rg-orders-dev/providers"
    registry = f"{group}/Microsoft.ContainerRegistry/registries/crordersdev"
    await practice.call("PUT", registry, {"location": "westeurope", "sku": {"name": "Basic"}})
    place = f"{group}/Microsoft.ManagedIdentity/userAssignedIdentities/id-orders-dev-pipeline"
    identity = (await practice.call("PUT", place, {"location": "westeurope"})).body["properties"]
    issuer = {"issuer": "https://token.actions.githubusercontent.com", "audiences": ["api://AzureADTokenExchange"]}
    await practice.call("PUT", f"{place}/federatedIdentityCredentials/github", {"properties": {**issuer, "subject": subject}})
    if role:
        await grant(practice, practice.scope + registry, role_id(role), identity["principalId"])
    client = GitHubApi(practice)
    values = {"CLIENT_ID": identity["clientId"], "TENANT_ID": practice.cloud.tenant_id, "SUBSCRIPTION_ID": practice.cloud.subscription_id}
    for name, value in values.items():
        assert (await client.call("POST", f"{ONE}/actions/variables", {"name": f"AZURE_{name}", "value": value})).status == 201
    return client


async def test_a_push_builds_the_image_as_the_file_says(practice: Practice):
    client = await trusted(practice)
    commit = await client.push({**SOURCES, FILE: WORKFLOW})
    run = await client.ended()
    log = await client.log(run)
    assert (run["conclusion"], run["head_sha"], run["event"]) == ("success", commit, "push"), log
    image = images.find(practice.cloud, SERVER, "orders-api", commit)
    assert image is not None and sorted(image["tags"]) == sorted([commit, "latest"])
    assert image["digest"] in log and "not executed here" in log
    (job,) = (await client.call("GET", f"{ONE}/actions/runs/{run['id']}/jobs")).body["jobs"]
    assert {step["name"]: step["conclusion"] for step in job["steps"]}["Only elsewhere"] == "skipped"


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ({"subject": "repo:contoso/orders-api:ref:refs/heads/main"}, "AADSTS700213"),
        ({"subject": SUBJECT.replace("contoso", "Contoso")}, "AADSTS7002138"),
        ({"role": ""}, "No subscriptions found"),
        ({"role": "AcrPull"}, "denied: requested access to the resource is denied"),
    ],
)
async def test_what_is_not_trusted_or_may_not_push_fails_in_azures_words(practice: Practice, harm: dict[str, str], words: str):
    client = await trusted(practice, **harm)
    await client.push({**SOURCES, FILE: WORKFLOW})
    run = await client.ended()
    assert run["conclusion"] == "failure" and words in await client.log(run)
    assert images.find(practice.cloud, SERVER, "orders-api", "latest") is None


async def test_a_job_without_the_permission_gets_no_token(practice: Practice):
    client = await trusted(practice)
    await client.push({**SOURCES, FILE: WORKFLOW.replace("id-token: write", "id-token: none")})
    assert "ACTIONS_ID_TOKEN_REQUEST_URL" in await client.log(await client.ended())


async def test_an_old_repositorys_subject_has_names_only(start_practice: StartPractice):
    practice = await start_practice(faults=("github-old-repository",))
    client = await trusted(practice, "repo:contoso/orders-api:ref:refs/heads/main")
    result = (await client.call("GET", f"{ONE}/actions/oidc/customization/sub")).body
    assert result == {"use_default": True, "use_immutable_subject": False, "sub_claim_prefix": "repo:contoso/orders-api"}
    await client.push({**SOURCES, FILE: WORKFLOW})
    assert (await client.ended())["conclusion"] == "success"


async def test_a_failed_run_can_be_run_again_and_an_asked_for_one_begins(practice: Practice):
    client = await trusted(practice)
    practice.cloud.faults.add(["build-failure"])
    await client.push({**SOURCES, FILE: WORKFLOW})
    failed = await client.ended()
    assert failed["conclusion"] == "failure"
    assert (await client.call("POST", f"{ONE}/actions/runs/{failed['id']}/rerun")).status == 201
    again = await client.ended()
    assert (again["id"], again["conclusion"], again["run_attempt"]) == (failed["id"], "success", 2)
    assert (await client.call("POST", f"{ONE}/actions/workflows/image.yml/dispatches", {"ref": "main"})).status == 204
    assert (await client.ended())["event"] == "workflow_dispatch"


async def test_refusals_are_githubs(start_practice: StartPractice):
    practice = await start_practice(faults=("github-token:repo",))
    client = GitHubApi(practice)
    wrong = await client.call("GET", ONE, headers={"Authorization": "Bearer ghp_nothing"})
    assert (wrong.status, wrong.body["message"]) == (401, "Bad credentials")
    assert (await client.call("GET", ONE, headers={})).status == 404
    empty = await client.call("GET", f"{ONE}/git/matching-refs/heads/")
    assert (empty.status, empty.body["message"]) == (409, "Git Repository is empty.")
    await client.push(SOURCES)
    change: list[dict[str, Any]] = [{"path": FILE, "mode": "100644", "type": "blob", "content": WORKFLOW}]
    assert (await client.call("POST", f"{ONE}/git/trees", {"tree": change})).status == 404
    practice.cloud.faults.add(["branch-policy"])
    head = await client.head()
    commit = await client.call("POST", f"{ONE}/git/commits", {"message": "x", "tree": head, "parents": [head]})
    assert (commit.status, commit.body["message"]) == (422, "Tree SHA does not exist")
    assert (await client.call("PATCH", f"{ONE}/git/refs/heads/main", {"sha": head})).status == 422
    assert (await client.call("GET", f"{ONE}/branches/main")).body["protected"] is True


async def test_git_itself_pushes_and_begins_a_run(practice: Practice, tmp_path: Any):
    client = await trusted(practice)
    await client.push({"run.py": "app = 1\n"})
    token = practice.description["client_secret"]
    async with git_client(practice, tmp_path) as git:
        await git("clone", f"https://x-access-token:{token}@github.com/contoso/orders-api.git", "work")
        work = tmp_path / "work"
        for path, text in {**SOURCES, FILE: WORKFLOW}.items():
            (work / path).parent.mkdir(parents=True, exist_ok=True)
            (work / path).write_text(text)
        await git("-C", "work", "add", "--all")
        await git("-C", "work", "-c", "user.name=Anna", "-c", "user.email=anna@example.com", "commit", "-m", "By Git")
        await git("-C", "work", "push", "origin", "HEAD:main")
    assert (await client.ended())["display_title"] == "By Git"
