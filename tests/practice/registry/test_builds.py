"""Registry builds: upload, run, log and image, and what stops one, in Docker's words."""

import asyncio
import io
import tarfile

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.containerregistrytasks.aio import ContainerRegistryTasksMgmtClient

from tests.conftest import Practice, register_all
from tests.practice.helping import REPOSITORY_WRITER, archive, grant, group
from tests.practice.registry.test_registries import GROUP, NAME, SERVER, connect, make
from wizard.practice.registry import images

DOCKERFILE = """\
FROM python:3.12-slim
ARG VERSION=1
ENV PORT=8000 \\
    NAME="orders $VERSION"
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY src/ ./src/
EXPOSE 8000
USER nobody
CMD gunicorn --bind 0.0.0.0:$PORT src.app:app
"""
SOURCES = {"Dockerfile": DOCKERFILE, "requirements.txt": "flask\n", "src/app.py": "app = 1\n"}


def connect_tasks(practice: Practice) -> ContainerRegistryTasksMgmtClient:
    return ContainerRegistryTasksMgmtClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport())


@pytest.fixture
async def client(practice: Practice):
    await group(practice)
    async with connect(practice) as registries:
        await make(registries)
    async with connect_tasks(practice) as client:
        yield client


async def schedule(client, practice: Practice, content: bytes, **wanted):
    upload = await client.registries.get_build_source_upload_url(GROUP, NAME)
    async with practice.session.put(upload.upload_url, data=content, headers={"x-ms-blob-type": "BlockBlob"}) as response:
        assert response.status == 201
    query = {
        "type": "DockerBuildRequest",
        "sourceLocation": upload.relative_path,
        "dockerFilePath": "Dockerfile",
        "imageNames": ["orders/api:v1", "orders/api:latest"],
        "isPushEnabled": True,
        "platform": {"os": "Linux", "architecture": "amd64"},
        **wanted,
    }
    return await client.registries.schedule_run(GROUP, NAME, query)


async def build(client, practice: Practice, files, **wanted):
    """Schedule a run and wait for its end: the run and its whole log."""
    content = files if isinstance(files, bytes) else archive(files)
    run = await schedule(client, practice, content, **wanted)
    await asyncio.gather(*practice.cloud.operations._tasks.values())
    link = (await client.runs.get_log_sas_url(GROUP, NAME, run.run_id)).log_link
    async with practice.session.get(link) as response:
        log, complete = await response.text(), response.headers.get("x-ms-meta-complete")
    ended = await client.runs.get(GROUP, NAME, run.run_id)
    assert complete == {"Succeeded": "successful", "Failed": "failed", "Canceled": "canceled"}[ended.status]
    return ended, log


async def test_a_run_builds_the_image_that_the_dockerfile_describes(client, practice):
    run, log = await build(client, practice, SOURCES, arguments=[{"name": "VERSION", "value": "7", "isSecret": False}])
    assert run.status == "Succeeded", log
    image = images.find(practice.cloud, SERVER, "orders/api", "latest")
    assert {output.digest for output in run.output_images} == {image["digest"]}
    assert set(image["tags"]) == {"v1", "latest"}
    config = image["config"]
    assert config["WorkingDir"] == "/app"
    assert config["Env"] == ["PORT=8000", "NAME=orders 7"]
    assert config["Cmd"] == ["/bin/sh", "-c", "gunicorn --bind 0.0.0.0:$PORT src.app:app"]
    assert (config["User"], config["ExposedPorts"]) == ("nobody", ["8000/tcp"])
    tree = images.folder(practice.cloud, image)
    assert sorted(p.relative_to(tree).as_posix() for p in tree.rglob("*") if p.is_file()) == ["app/requirements.txt", "app/src/app.py"]


async def test_the_log_tells_each_step_and_says_once_what_was_not_executed(client, practice):
    _, log = await build(client, practice, SOURCES)
    assert log.count("base images are not here, and RUN lines are carried out as far as") == 1
    assert "Step 1/10 : FROM python:3.12-slim\r\n" in log
    assert f"Successfully tagged {SERVER}/orders/api:v1\r\n" in log
    assert "Run ID: ch1 was successful after " in log


async def test_a_run_is_queued_then_started_then_running_and_its_log_grows(start_practice):
    practice = await start_practice(speed="fast")
    register_all(practice.cloud)
    await group(practice)
    async with connect(practice) as registries:
        await make(registries)
    async with connect_tasks(practice) as client:
        run = await schedule(client, practice, archive(SOURCES))
        assert run.status == "Queued"
        link = (await client.runs.get_log_sas_url(GROUP, NAME, run.run_id)).log_link
        async with practice.session.head(link) as response:
            assert (response.status, response.headers["x-ms-error-code"]) == (404, "BlobNotFound")
        practice.cloud.clock.speed = "instant"
        await asyncio.gather(*practice.cloud.operations._tasks.values())
        async with practice.session.get(link, headers={"x-ms-range": "bytes=5-9"}) as response:
            assert (response.status, len(await response.read())) == (206, 5)
            total = response.headers["Content-Range"].removeprefix("bytes 5-9/")
        async with practice.session.head(link) as response:
            assert (response.status, response.headers["Content-Length"], response.headers["x-ms-meta-complete"]) == (
                200,
                total,
                "successful",
            )


@pytest.mark.parametrize(
    ("dockerfile", "words"),
    [
        (None, "lstat Dockerfile: no such file or directory"),
        ("", "cannot be empty"),
        (
            "FROM python:3.12\nCOPY nothing.py .\n",
            "COPY failed: file not found in build context or excluded by .dockerignore: stat nothing.py: file does not exist",
        ),
        ("FROM python:3.12\nCOPY *.toml ./\n", "COPY failed: no source files were specified"),
        ("FROM python:3.12\nCOPY ../secret .\n", "COPY failed: forbidden path outside the build context: ../secret ()"),
        ("FROM python:3.12\nFETCH x\n", "dockerfile parse error line 2: unknown instruction: FETCH"),
        ("FROM --platform=$BUILDPLATFORM python:3.12\n", "unable to understand line FROM --platform=$BUILDPLATFORM python:3.12"),
        ("FROM python:3.12\nRUN --mount=type=cache,target=/x pip install x\n", "requires BuildKit"),
        (
            "FROM python:3.12\nCOPY requirements.txt src .\nCOPY requirements.txt src /x\n",
            "the destination must be a directory and end with a /",
        ),
        ("WORKDIR /x\n", "unexpected dockerfile format"),
    ],
)
async def test_a_build_stops_where_docker_stops(client, practice, dockerfile, words):
    files = {name: text for name, text in SOURCES.items() if name != "Dockerfile"}
    run, log = await build(client, practice, files if dockerfile is None else {**files, "Dockerfile": dockerfile})
    assert run.status == "Failed"
    assert words in log
    assert "failed to run step ID: build: " in log
    assert "Run ID: ch1 failed after " in log
    assert run.run_error_message == "failed during run, err: exit status 1"
    assert images.find(practice.cloud, SERVER, "orders/api", "v1") is None


async def test_stages_copy_from_one_another_and_the_last_one_is_the_image(client, practice):
    dockerfile = (
        "ARG BASE=python:3.12\nFROM $BASE AS build\nWORKDIR /build\nCOPY src/app.py .\n"
        "FROM build AS middle\nENV A=1\nFROM python:3.12\nCOPY --from=build /build/app.py /srv/\nCOPY --from=1 /build /copy\n"
        'ENTRYPOINT ["python"]\nCMD ["/srv/app.py"]\n'
    )
    run, log = await build(client, practice, {**SOURCES, "Dockerfile": dockerfile})
    assert run.status == "Succeeded", log
    image = images.find(practice.cloud, SERVER, "orders/api", "v1")
    tree = images.folder(practice.cloud, image)
    assert sorted(p.relative_to(tree).as_posix() for p in tree.rglob("*") if p.is_file()) == ["copy/app.py", "srv/app.py"]
    assert (image["config"]["Entrypoint"], image["config"]["Cmd"]) == (["python"], ["/srv/app.py"])


async def test_a_secret_build_argument_is_in_no_log_and_not_kept(client, practice):
    dockerfile = "FROM python:3.12\nARG TOKEN\nCOPY $TOKEN /x\n"
    arguments = [{"name": "TOKEN", "value": "canary-6", "isSecret": True}]
    _, log = await build(client, practice, {**SOURCES, "Dockerfile": dockerfile}, arguments=arguments)
    assert "canary-6" not in log
    assert "stat ***" in log
    assert not practice.cloud.store.collection("vault_run_requests")


def escaping(kind: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        member = tarfile.TarInfo("../outside" if kind == "path" else "link")
        if kind == "link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member, io.BytesIO())
    return buffer.getvalue()


@pytest.mark.parametrize("content", [escaping("path"), escaping("link"), b"this is no archive"], ids=["path", "link", "broken"])
async def test_an_archive_that_is_broken_or_reaches_out_is_refused(client, practice, content):
    run, log = await build(client, practice, content)
    assert run.status == "Failed"
    assert "failed to extract the source code" in log
    assert not (practice.cloud.home / "builds" / "outside").exists()


async def test_a_run_without_its_sources_fails(client, practice):
    run, log = await build(client, practice, SOURCES, sourceLocation="tasks-source/other.tar.gz")
    assert (run.status, "failed to download context" in log) == ("Failed", True)


async def test_a_canceled_run_pushes_nothing(start_practice):
    practice = await start_practice(speed="fast")
    register_all(practice.cloud)
    await group(practice)
    async with connect(practice) as registries:
        await make(registries)
    async with connect_tasks(practice) as client:
        run = await schedule(client, practice, archive(SOURCES))
        await client.runs.cancel(GROUP, NAME, run.run_id)
        practice.cloud.clock.speed = "instant"
        await asyncio.gather(*practice.cloud.operations._tasks.values())
        assert (await client.runs.get(GROUP, NAME, run.run_id)).status == "Canceled"
        assert images.find(practice.cloud, SERVER, "orders/api", "v1") is None


async def test_a_free_trial_may_not_build(client, practice):
    practice.cloud.faults.add(["free-trial"])
    with pytest.raises(HttpResponseError) as refused:
        await schedule(client, practice, archive(SOURCES))
    assert (refused.value.status_code, refused.value.error.code) == (400, "TasksOperationsNotAllowed")


@pytest.mark.parametrize("fault", ["fail:Microsoft.ContainerRegistry/registries/runs", "build-failure"])
async def test_a_build_fails_on_purpose_once(client, practice, fault):
    practice.cloud.faults.add([fault])
    run, log = await build(client, practice, SOURCES)
    assert run.status == "Failed"
    assert "Run ID: ch1 failed after" in log
    practice.cloud.faults.clear()
    run, log = await build(client, practice, SOURCES)
    assert run.status == "Succeeded", log


async def test_runs_are_listed_newest_first(client, practice):
    await build(client, practice, SOURCES)
    await build(client, practice, SOURCES)
    assert [run.run_id async for run in client.runs.list(GROUP, NAME)] == ["ch2", "ch1"]


async def test_a_wrong_or_expired_signature_opens_no_blob(client, practice):
    upload = await client.registries.get_build_source_upload_url(GROUP, NAME)
    for url in (upload.upload_url.replace("sig=", "sig=A"), upload.upload_url.replace("se=2", "se=1")):
        async with practice.session.put(url, data=b"x", headers={"x-ms-blob-type": "BlockBlob"}) as response:
            assert (response.status, response.headers["x-ms-error-code"]) == (403, "AuthenticationFailed")
            assert (await response.text()).startswith('<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthenticationFailed</Code>')


async def test_a_build_that_a_stop_cut_short_is_done_anew_at_the_next_start(start_practice):
    practice = await start_practice(speed="fast")
    register_all(practice.cloud)
    await group(practice)
    async with connect(practice) as registries:
        await make(registries)
    async with connect_tasks(practice) as client:
        run = await schedule(client, practice, archive(SOURCES))
    await practice.server.close()
    practice = await start_practice()
    await asyncio.gather(*practice.cloud.operations._tasks.values())
    async with connect_tasks(practice) as client:
        assert (await client.runs.get(GROUP, NAME, run.run_id)).status == "Succeeded"
    assert images.find(practice.cloud, SERVER, "orders/api", "v1") is not None


async def test_a_registry_with_rights_by_repository_lets_only_a_caller_push_who_may(client, practice):
    async with connect(practice) as registries:
        registry = await make(registries, roleAssignmentMode="AbacRepositoryPermissions")
    run, log = await build(client, practice, SOURCES)
    assert (run.status, "denied: requested access" in log) == ("Failed", True)
    await grant(practice, registry.id, REPOSITORY_WRITER)
    run, log = await build(client, practice, SOURCES, credentials={"sourceRegistry": {"identity": "[caller]"}})
    assert run.status == "Succeeded", log
