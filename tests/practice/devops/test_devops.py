"""The practice Azure DevOps: sign-in, Git, pull requests, service connections, and runs that really build the pushed commit."""

from __future__ import annotations

import asyncio
import base64
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Practice, StartPractice, register_all
from tests.practice.devops_client import BASE, CONTEXT_LINE, SOURCES, YAML, RawDevOps
from tests.practice.helping import group
from tests.practice.registry.test_registries import SERVER, connect, make
from wizard.practice.git.objects import NO_COMMIT, Repository
from wizard.practice.registry import images

FILES = {**SOURCES, "azure-pipelines.yml": YAML}


@pytest.fixture
async def devops(practice: Practice) -> RawDevOps:
    """Azure DevOps, beside a registry ``crordersdev``."""
    await with_registry(practice)
    return RawDevOps(practice)


async def with_registry(practice: Practice) -> None:
    await group(practice)
    async with connect(practice) as registries:
        await make(registries)


async def ready(devops: RawDevOps, files: dict[str, Any] | None = None) -> int:
    """Everything a run needs; the pipeline's number."""
    connection = await devops.federated()
    assert (await devops.push(files or FILES)).status == 201
    pipeline = await devops.pipeline()
    await devops.permit(connection, pipeline)
    return pipeline


async def test_who_is_not_signed_in_gets_the_sign_in_page_with_203(practice: Practice):
    for header in ({}, {"Authorization": f"Bearer {await practice.token()}"}, {"Authorization": "Basic OnRva2Vu"}):
        async with practice.session.get(f"{BASE}/_apis/projects?api-version=7.1", headers=header) as answer:
            assert answer.status == 203 and answer.content_type == "text/html" and "Sign In" in await answer.text()


@pytest.mark.parametrize("kind", ["personal access token", "access token, as the extension of az sends it"])
async def test_a_token_in_place_of_a_password_signs_in_too(practice: Practice, kind: str):
    personal = kind.startswith("personal")
    secret = practice.description["client_secret"] if personal else await practice.token("499b84ac-1321-427f-aa17-267ca6975798")
    token = base64.b64encode(f":{secret}".encode()).decode()
    async with practice.session.get(f"{BASE}/_apis/projects?api-version=7.1", headers={"Authorization": f"Basic {token}"}) as answer:
        assert [project["name"] for project in (await answer.json())["value"]] == ["orders"]


async def test_the_organization_is_found_by_who_one_is(practice: Practice):
    devops = RawDevOps(practice)
    host = "https://app.vssps.visualstudio.com/_apis"
    me = (await devops.call("GET", f"{host}/profile/profiles/me")).body["id"]
    accounts = await devops.call("GET", f"{host}/accounts", params={"memberId": me})
    assert [account["accountName"] for account in accounts.body["value"]] == ["contoso"]
    assert (await devops.call("GET", f"{host.replace('app.vssps.visualstudio.com', 'dev.azure.com/fabrikam')}/projects")).status == 404


async def test_what_is_pushed_is_a_real_commit(devops: RawDevOps):
    first = (await devops.push({"a.txt": "one\n", "app/run.py": "x = 1\n", "app-b.txt": "b"})).body["refUpdates"][0]["newObjectId"]
    second = await devops.push({"app/run.py": "x = 2\n"}, before=first, comment="Second")
    assert second.status == 201
    repository = await devops.repository()
    assert repository["defaultBranch"] == "refs/heads/main"
    folder = devops.practice.cloud.home / "git" / f"{repository['id']}.git"
    git = Repository(folder)
    files = git.files(str(git.head("refs/heads/main")))
    assert {path: git.content(blob.id) for path, blob in files.items()} == {
        "a.txt": b"one\n",
        "app/run.py": b"x = 2\n",
        "app-b.txt": b"b",
    }
    if shutil.which("git"):
        await asyncio.to_thread(read_with_git, folder)


def read_with_git(folder: Path) -> None:
    git = ["git", "-c", "safe.directory=*", "--git-dir", str(folder)]
    subprocess.run([*git, "fsck", "--strict", "--no-dangling"], check=True, capture_output=True)
    subjects = subprocess.run([*git, "log", "--format=%s", "main"], check=True, capture_output=True, text=True).stdout.split()
    assert subjects == ["Second", "Change"]


async def test_a_push_from_an_old_commit_is_refused(devops: RawDevOps):
    await devops.push({"a.txt": "one\n"})
    stale = await devops.push({"b.txt": "two\n"})
    assert stale.status == 409 and stale.body["message"].startswith("TF401028")
    assert (await devops.push({"../b": "x"}, branch="other")).status == 400


async def test_a_policy_wants_a_pull_request(devops: RawDevOps):
    first = (await devops.push({"a.txt": "one\n"})).body["refUpdates"][0]["newObjectId"]
    devops.practice.cloud.faults.add(["branch-policy"])
    refused = await devops.push({"a.txt": "two\n"}, before=first)
    assert refused.status == 403 and refused.body["message"].startswith("TF402455")
    assert (await devops.push({"a.txt": "two\n"}, before=first, branch="change", kind="edit")).status == 201
    pulls = "orders/_apis/git/repositories/orders-api/pullrequests"
    query = {"sourceRefName": "refs/heads/change", "targetRefName": "refs/heads/main", "title": "Change"}
    pull = await devops.call("POST", pulls, query)
    assert pull.status == 201
    assert (await devops.call("POST", pulls, query)).status == 409
    done = await devops.call("PATCH", f"{pulls}/{pull.body['pullRequestId']}", {"status": "completed"})
    assert done.body["status"] == "completed"
    item = await devops.call("GET", "orders/_apis/git/repositories/orders-api/items", params={"path": "/a.txt", "includeContent": "true"})
    assert item.body["content"] == "two\n"


async def test_a_run_builds_the_pushed_commit_with_the_dockerfile_in_a_subfolder(devops: RawDevOps):
    run = await devops.run(await ready(devops))
    assert (run["state"], run["result"]) == ("completed", "succeeded"), await devops.log(run["id"])
    image = images.find(devops.practice.cloud, SERVER, "orders-api", "latest")
    assert image is not None and sorted(image["tags"]) == [str(run["id"]), "latest"]
    assert f"latest: digest: {image['digest']}" in await devops.log(run["id"])
    assert (images.folder(devops.practice.cloud, image) / "app" / "run.py").read_text() == "app = 1\n"
    assert {record["type"] for record in await devops.records(run["id"])} == {"Stage", "Job", "Task"}


async def test_without_a_build_context_the_same_build_fails_as_the_article_says(devops: RawDevOps):
    without = YAML.replace(f"        {CONTEXT_LINE}\n", "")
    run = await devops.run(await ready(devops, {**SOURCES, "azure-pipelines.yml": without}))
    assert run["result"] == "failed"
    failed = next(record for record in await devops.records(run["id"]) if record["type"] == "Task" and record["result"] == "failed")
    assert "requirements.txt" in failed["issues"][0]["message"]


async def test_a_wrong_dockerfile_path_fails_in_the_tasks_words(devops: RawDevOps):
    wrong = YAML.replace("/docker/Dockerfile", "/Dockerfile")
    run = await devops.run(await ready(devops, {**SOURCES, "azure-pipelines.yml": wrong}))
    assert run["result"] == "failed"
    assert "No Dockerfile matching /home/vsts/work/1/s/Dockerfile was found" in await devops.log(run["id"])


async def test_a_run_waits_until_its_pipeline_may_use_the_connection(devops: RawDevOps):
    connection = await devops.federated()
    await devops.push(FILES)
    pipeline = await devops.pipeline()
    run = await devops.run(pipeline)
    assert run["state"] == "inProgress"
    assert any(
        record["type"] == "Checkpoint.Authorization" and record["state"] == "inProgress" for record in await devops.records(run["id"])
    )
    refused = await devops.call("PATCH", f"orders/_apis/pipelines/pipelinepermissions/endpoint/{connection['id']}", {})
    assert refused.status == 400 and "-preview" in refused.body["message"]
    await devops.permit(connection, pipeline)
    await devops.settled(str(run["id"]))
    run = (await devops.call("GET", f"orders/_apis/pipelines/{pipeline}/runs/{run['id']}")).body
    assert run["result"] == "succeeded"


async def test_a_new_organization_has_no_machine_to_run_on(devops: RawDevOps):
    devops.practice.cloud.faults.add(["no-parallelism"])
    run = await devops.run(await ready(devops))
    assert run["result"] == "failed"
    records = [issue["message"] for record in await devops.records(run["id"]) for issue in record["issues"]]
    assert any("No hosted parallelism" in words for words in records)


async def test_a_connection_without_its_trust_or_its_role_cannot_push(devops: RawDevOps):
    place = "/resourceGroups/rg-orders-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-pipeline"
    pipeline = await ready(devops)
    assert (await devops.practice.call("DELETE", f"{place}/federatedIdentityCredentials/devops", version="2023-01-31")).status == 200
    run = await devops.run(pipeline)
    assert run["result"] == "failed" and "AADSTS700213" in await devops.log(run["id"])


async def test_an_automatic_connection_registers_an_application_and_gives_it_its_role(devops: RawDevOps):
    connection = await devops.connect("WorkloadIdentityFederation", "Automatic")
    assert connection["isReady"], connection
    await devops.push(FILES)
    pipeline = await devops.pipeline()
    await devops.permit(connection, pipeline)
    assert (await devops.run(pipeline))["result"] == "succeeded"


async def test_an_automatic_connection_says_later_that_it_may_not_register_one(start_practice: StartPractice):
    practice = await start_practice(faults=("no-app-registration",))
    register_all(practice.cloud)
    await with_registry(practice)
    connection = await RawDevOps(practice).connect("ServicePrincipal", "Automatic")
    assert not connection["isReady"] and connection["operationStatus"]["state"] == "Failed"
    assert "Insufficient privileges" in connection["operationStatus"]["statusMessage"]


async def test_a_push_begins_a_run_unless_it_says_not_to(devops: RawDevOps):
    pipeline = await ready(devops)
    head = Repository(devops.practice.cloud.home / "git" / f"{(await devops.repository())['id']}.git").head("refs/heads/main")
    head = (await devops.push({"run.py": "app = 2\n"}, before=str(head), comment="Quiet [skip ci]")).body["refUpdates"][0]["newObjectId"]
    assert not (await devops.call("GET", "orders/_apis/build/builds", params={"definitions": str(pipeline)})).body["value"]
    await devops.push({"run.py": "app = 3\n"}, before=head)
    builds = (await devops.call("GET", "orders/_apis/build/builds", params={"definitions": str(pipeline)})).body["value"]
    assert [build["reason"] for build in builds] == ["individualCI"]
    await devops.settled(str(builds[0]["id"]))


async def test_a_run_of_a_file_that_is_no_pipeline_is_refused(devops: RawDevOps):
    await devops.push({"azure-pipelines.yml": "steps: [\n", **SOURCES})
    pipeline = await devops.pipeline()
    refused = await devops.call("POST", f"orders/_apis/pipelines/{pipeline}/runs", {})
    assert refused.status == 400 and "azure-pipelines.yml" in refused.body["message"]
    unknown = YAML.replace("Connection: registry", "Connection: other")
    head = (await devops.call("GET", "orders/_apis/git/repositories/orders-api/refs", params={"filter": "heads/main"})).body["value"][0]
    await devops.push({"azure-pipelines.yml": unknown}, before=head["objectId"], comment="[skip ci]")
    refused = await devops.call("POST", f"orders/_apis/pipelines/{pipeline}/runs", {})
    assert refused.status == 400 and "service connection other" in refused.body["message"]


async def test_a_reader_changes_nothing(start_practice: StartPractice):
    practice = await start_practice(faults=("account:reader",))
    devops = RawDevOps(practice)
    assert (await devops.repository())["name"] == "orders-api"
    assert (await devops.push({"a": "b"}, before=NO_COMMIT)).status == 403


async def test_what_clients_list_before_they_choose_is_told(devops: RawDevOps):
    pools = (await devops.call("GET", "_apis/distributedtask/pools")).body["value"]
    assert [pool["name"] for pool in pools if pool["isHosted"]] == ["Azure Pipelines"]
    [queue] = [each for each in (await devops.call("GET", "orders/_apis/distributedtask/queues")).body["value"] if each["pool"]["isHosted"]]
    assert (await devops.call("GET", f"_apis/distributedtask/pools/{queue['pool']['id']}")).body == queue["pool"]
    assert (await devops.call("GET", "orders/_apis/distributedtask/variablegroups")).body["value"] == []
    assert (await devops.call("GET", "orders/_apis/git/pullrequests")).body["value"] == []
    for path in ("_apis/distributedtask/pools/77", "orders/_apis/build/definitions/77", "orders/_apis/distributedtask/variablegroups/1"):
        missing = await devops.call("GET", path)
        assert missing.status == 404 and missing.body["typeKey"].endswith("NotFoundException")
    await devops.push(SOURCES)
    pipeline = await devops.pipeline()
    assert (await devops.call("GET", f"orders/_apis/build/definitions/{pipeline}")).body["id"] == pipeline


async def test_every_client_is_told_first_where_what_is(devops: RawDevOps):
    locations = (await devops.call("OPTIONS", "_apis")).body["value"]
    assert {each["area"] for each in locations} >= {"core", "git", "build", "pipelines", "serviceendpoint", "distributedtask", "Location"}
    assert all(each["routeTemplate"] and each["maxVersion"] for each in locations)
    areas = (await devops.call("GET", "_apis/resourceAreas")).body["value"]
    assert (await devops.call("GET", f"_apis/resourceAreas/{areas[0]['id']}")).body == areas[0]
    unnamed = await devops.call("POST", "orders/_apis/pipelines", {"name": "x"})
    assert (unnamed.status, unnamed.body["typeKey"]) == (400, "ArgumentNullException")
    younger = await devops.call("GET", "_apis/projects", version="99.0")
    assert (younger.status, younger.body["typeKey"]) == (400, "VssVersionOutOfRangeException")
    connection = (await devops.call("GET", "_apis/connectionData")).body
    assert connection["authenticatedUser"] == connection["authorizedUser"] and connection["deploymentType"] == "hosted"
