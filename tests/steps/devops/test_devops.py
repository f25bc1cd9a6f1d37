"""Building with Azure DevOps: connection, code, pipeline and image on the practice cloud, and what goes wrong there."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.practice.devops_client import RawDevOps
from tests.steps.conftest import Setup, StartSetup
from wizard.cloud import Cloud
from wizard.cloud.permissions import directory_roles as directory
from wizard.engine.step import Status
from wizard.practice.git.objects import NO_COMMIT
from wizard.practice.registry import images
from wizard.steps import pipeline, project, registry

ALL = (project.CONTRIBUTION, registry.CONTRIBUTION, pipeline.CONTRIBUTION)
SERVER = "crordersdev.azurecr.io"
TABLE = {
    "build": "azure-devops",
    "organization": "contoso",
    "project": "orders",
    "repository": "orders-api",
    "dockerfile": "docker/Dockerfile",
    "image": "orders-api",
}
MINE = """\
# built by hand, see the wiki
trigger:
- main

variables:
- name: imageRepository
  value: orders-api # our name

steps:
- script: echo tested # keep me
- task: Docker@2
  inputs:
    repository: $(imageRepository)
    dockerfile: '$(Build.SourcesDirectory)/docker/Dockerfile'
    containerRegistry: azwizard-orders-dev
    tags: $(Build.BuildId)
"""


async def started(start_setup: StartSetup, faults: tuple[str, ...] = (), speed: str = "instant", **more: Any) -> Setup:
    setup = await start_setup(faults=faults, speed=speed, pipeline=TABLE | more)
    (setup.folder / "docker").mkdir()
    (setup.folder / "docker" / "Dockerfile").write_text(
        'FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nCOPY . .\nCMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]\n'
    )
    (setup.folder / "requirements.txt").write_text("flask\ngunicorn\n")
    (setup.folder / "run.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    return setup


def client(setup: Setup) -> RawDevOps:
    return RawDevOps(setup.practice)


async def head(setup: Setup, branch: str = "main") -> str:
    refs = await client(setup).call("GET", "orders/_apis/git/repositories/orders-api/refs", params={"filter": f"heads/{branch}"})
    return str(refs.body["value"][0]["objectId"])


async def builds(setup: Setup) -> list[dict[str, Any]]:
    return list((await client(setup).call("GET", "orders/_apis/build/builds")).body["value"])


async def content(setup: Setup, path: str, branch: str = "main") -> str:
    place = "orders/_apis/git/repositories/orders-api/items"
    query = {"path": path, "includeContent": "true", "versionDescriptor.version": branch}
    return str((await client(setup).call("GET", place, params=query)).body["content"])


async def look(setup: Setup, step: str) -> Any:
    return next(item.look for item in (await setup.plan(*ALL)).steps if item.step.id == step)


async def test_the_pushed_commit_the_run_the_tag_and_the_digest_agree(start_setup: StartSetup):
    setup = await started(start_setup)
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    (build,) = await builds(setup)
    assert (build["sourceVersion"], build["result"]) == (await head(setup), "succeeded")
    plan = await setup.plan(*ALL)
    assert {str(item.action) for item in plan.steps} == {"keep"}, [(i.step.id, i.action, i.look.detail) for i in plan.steps]
    image = images.find(setup.practice.cloud, SERVER, "orders-api", "latest")
    assert image is not None
    assert (image["digest"], sorted(image["tags"])) == (plan.facts.image_digest, [str(build["id"]), "latest"])
    assert (await setup.apply(*ALL)).outcome == "unchanged"


async def test_a_touched_file_is_pushed_and_built_once_more(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    first = (await setup.plan(*ALL)).facts.image_digest
    (setup.folder / "run.py").write_text("from flask import Flask\n\napp = Flask('orders')\n")
    observation = await look(setup, "pipeline.code")
    assert observation.found is Status.DIFFERENT and "run.py" in observation.detail
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert await content(setup, "/run.py") == (setup.folder / "run.py").read_text()
    assert len(await builds(setup)) == 2
    assert (await setup.plan(*ALL)).facts.image_digest != first


async def test_what_git_ignores_and_secrets_are_never_pushed(start_setup: StartSetup):
    setup = await started(start_setup)
    (setup.folder / ".gitignore").write_text("*.db\n")
    (setup.folder / "local.db").write_text("data")
    (setup.folder / ".env").write_text("API_KEY=secret\n")
    await setup.apply(*ALL)
    items = await client(setup).call("GET", "orders/_apis/git/repositories/orders-api/items", params={"recursionLevel": "Full"})
    assert {item["path"] for item in items.body["value"]} == {"/azure-pipelines.yml", "/docker/Dockerfile", "/requirements.txt", "/run.py"}


async def test_a_pipeline_that_is_there_is_used_with_its_comments_and_jobs_and_the_difference_is_shown(start_setup: StartSetup):
    setup = await started(start_setup)
    await client(setup).push({"azure-pipelines.yml": MINE, "README.md": "Orders\n"})
    there = await client(setup).pipeline()
    observation = await look(setup, "pipeline.code")
    assert "+    buildContext: $(projectPath)" in observation.detail
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    text = await content(setup, "/azure-pipelines.yml")
    assert all(
        kept in text for kept in ("# built by hand, see the wiki", "value: orders-api # our name", "- script: echo tested # keep me")
    )
    assert await content(setup, "/README.md") == "Orders\n"
    assert [build["definition"]["id"] for build in await builds(setup)] == [there]
    assert (await setup.apply(*ALL)).outcome == "unchanged"
    await setup.destroy(pipeline.CONTRIBUTION)
    assert (await client(setup).call("GET", f"orders/_apis/pipelines/{there}")).status == 200


async def test_where_a_policy_wants_it_a_pull_request_is_opened_and_its_branch_built(start_setup: StartSetup):
    setup = await started(start_setup)
    await client(setup).push({"README.md": "Orders\n"})
    before = await head(setup)
    setup.practice.cloud.faults.add(["branch-policy"])
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert await head(setup) == before
    pulls = "orders/_apis/git/repositories/orders-api/pullrequests"
    (pull,) = (await client(setup).call("GET", pulls)).body["value"]
    assert (await builds(setup))[0]["sourceBranch"] == pull["sourceRefName"] == "refs/heads/azwizard/orders-dev"
    assert (await setup.apply(*ALL)).outcome == "unchanged"
    assert "pull request" in (await look(setup, "pipeline.code")).detail


async def test_what_others_wrote_is_never_overwritten_without_a_pull_request(start_setup: StartSetup):
    setup = await started(start_setup)
    await client(setup).push({"run.py": "app = 'newer'\n"})
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert await content(setup, "/run.py") == "app = 'newer'\n"
    assert "Flask" in await content(setup, "/run.py", "azwizard/orders-dev")


async def test_a_wrong_name_says_which_there_are(start_setup: StartSetup):
    setup = await started(start_setup)
    for key, word in (("project", "orders"), ("repository", "orders-api")):
        setup.tables["pipeline"] = TABLE | {key: "nothing"}
        observation = await look(setup, "pipeline.connection")
        assert observation.found is Status.BLOCKED and word in observation.remedy
    setup.tables["pipeline"] = TABLE | {"organization": "fabrikam"}
    assert "fabrikam" in (await look(setup, "pipeline.connection")).detail


async def test_without_machines_the_failure_says_what_to_ask_for_and_the_next_apply_completes(start_setup: StartSetup):
    setup = await started(start_setup, faults=("no-parallelism",))
    assert (await setup.apply(*ALL)).failed == 1
    assert "azpipelines-parallelism-request" in setup.told("pipeline.image")[-1]
    setup.practice.cloud.faults.clear()
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events


async def test_an_automatic_connection_that_may_not_register_offers_the_way_that_need_not(start_setup: StartSetup):
    setup = await started(start_setup, faults=("no-app-registration",), connection="automatic")
    observation = await look(setup, "pipeline.connection")
    assert observation.found is Status.BLOCKED and 'connection = "identity"' in observation.remedy
    setup.tables["pipeline"] = TABLE
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events


async def test_a_directory_role_that_may_be_activated_is_the_remedy(start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch):
    async def role_to_activate(cloud: Cloud) -> str:
        return "Cloud Application Administrator"

    monkeypatch.setattr(directory, "role_to_activate", role_to_activate)
    setup = await started(start_setup, faults=("no-app-registration",), connection="automatic")
    observation = await look(setup, "pipeline.connection")
    assert (
        observation.found is Status.BLOCKED and "Cloud Application Administrator" in observation.remedy and "identity" in observation.remedy
    )


async def test_an_automatic_connection_needs_no_identity(start_setup: StartSetup):
    setup = await started(start_setup, connection="automatic")
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert "pipeline.identity" not in await setup.actions(*ALL)


async def test_a_right_that_is_slow_to_count_is_waited_for_by_running_again(start_setup: StartSetup):
    setup = await started(start_setup, faults=("rbac-delay:1",))
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert len(await builds(setup)) > 1


async def test_a_run_that_someone_began_for_the_same_commit_is_followed(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    await client(setup).push({"run.py": "from flask import Flask\n\napp = Flask('pushed')\n"}, before=await head(setup), comment="By hand")
    (setup.folder / "run.py").write_text("from flask import Flask\n\napp = Flask('pushed')\n")
    await setup.apply(*ALL)
    assert [build["reason"] for build in await builds(setup)] == ["individualCI", "manual"]


async def test_destroying_takes_what_the_setup_made_and_leaves_the_code(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    assert (await setup.destroy(*ALL)).failed == 0, setup.events
    devops = client(setup)
    assert (await devops.call("GET", "orders/_apis/serviceendpoint/endpoints")).body["value"] == []
    assert (await devops.call("GET", "orders/_apis/pipelines")).body["value"] == []
    assert await head(setup) != NO_COMMIT
    assert (await setup.practice.call("GET", "/resourceGroups/rg-orders-dev")).status == 404


async def test_an_identity_that_the_answers_no_longer_name_goes_with_the_setup(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*ALL)
    setup.tables["pipeline"] = {"build": "existing", "image": "orders-api", "tag": "latest"}
    assert {str(action) for action in (await setup.actions(*ALL)).values()} == {"keep"}
    assert (await setup.destroy(*ALL)).failed == 0, setup.events
    assert (await setup.practice.call("GET", "/resourceGroups/rg-orders-dev")).status == 404


async def test_code_that_cannot_run_is_not_pushed(start_setup: StartSetup):
    setup = await started(start_setup)
    recipe = setup.folder / "docker" / "Dockerfile"
    recipe.write_text(recipe.read_text().replace("0.0.0.0:", "127.0.0.1:"))
    observation = await look(setup, "pipeline.code")
    assert observation.found is Status.BLOCKED and "127.0.0.1" in observation.detail, observation


async def test_where_answers_are_lost_nothing_is_made_twice(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(project.CONTRIBUTION, registry.CONTRIBUTION)
    setup.practice.cloud.faults.add(["disconnect:0.15"])
    for _attempt in range(4):
        if (await setup.apply(*ALL)).outcome != "failed":
            break
    setup.practice.cloud.faults.clear()
    assert (await setup.apply(*ALL)).outcome == "unchanged", setup.events
    assert len(await builds(setup)) == 1


async def test_a_wizard_that_was_stopped_while_the_run_went_on_follows_it(start_setup: StartSetup):
    setup = await started(start_setup, speed="fast")
    setup.practice.cloud.faults.add(["slow:0.3"])
    await setup.apply(project.CONTRIBUTION, registry.CONTRIBUTION)
    begun = asyncio.Event()
    heard = setup.events.append

    def listen(event: Any) -> None:
        heard(event)
        if getattr(event, "step", "") == "pipeline.image" and "Build and push" in event.detail:
            begun.set()

    setup.events = RequestLog(listen)
    run = asyncio.create_task(setup.apply(*ALL))
    await asyncio.wait_for(begun.wait(), 30)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert len(await builds(setup)) == 1


class RequestLog(list[Any]):
    """Events that someone else hears too."""

    def __init__(self, listen: Any) -> None:
        super().__init__()
        self.append = listen  # type: ignore[method-assign]
