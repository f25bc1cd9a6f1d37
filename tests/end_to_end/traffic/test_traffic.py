"""The traffic of every path, held against Azure's own specifications."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.classroom.test_subscription import CLASS

from .recording import CONTRACT, Recording, recorded

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(not CONTRACT.is_file(), reason="check_traffic.py is not beside this checkout"),
]

DEVOPS = {"build": "azure-devops", "organization": "contoso", "project": "orders", "repository": "orders-api"}
GITHUB = {"build": "github", "owner": "contoso", "repository": "orders-api"}
DOCKER = {"build": "docker"}
JOB = {"app.before_deploy": "echo done", "app.identity": "user", "project.budget": "10", "project.budget_email": "ann@contoso.com"}
USER = {"app.identity": "user"}


def _pipeline(answers: dict[str, str], **more: str) -> dict[str, str]:
    return {f"pipeline.{key}": value for key, value in {**answers, **more}.items()}


PATHS = {
    "job": JOB,
    "registry": {"revision.keep_images": "2"},
    "registry-user": USER,
    "devops": _pipeline(DEVOPS),
    "devops-user": USER | _pipeline(DEVOPS, connection="automatic"),
    "github": _pipeline(GITHUB),
    "github-user": USER | _pipeline(GITHUB),
}
KNOWN_BEFORE = ("policy-tag:CostCenter", "allowed-regions:swedencentral", "account-quota:0", "lock", "mfa", "core-quota:0")


def look(recording: Recording) -> None:
    """Everything that looks and changes nothing."""
    for words in (("plan",), ("status",), ("status", "--brief"), ("status", "--steps"), ("doctor",), ("test",), ("cost",), ("metrics",)):
        recording.run(*words)
    recording.run("releases")
    recording.run("logs", json=False)


def touch(recording: Recording) -> None:
    with (recording.project.folder / "api" / "api.py").open("a") as code:
        code.write("\n# changed\n")


def day(recording: Recording) -> None:
    """From nothing to an API in use, through everything that day two brings, to nothing."""
    project, run = recording.project, recording.run
    for fault in KNOWN_BEFORE:
        project.fault(fault)
        run("check", exits=3)
    project.fault("account:reader")
    run("handoff")
    project.fault()
    run("check")
    run("handoff")
    run("apply", "--yes")
    look(recording)
    touch(recording)
    run("deploy", "--yes")
    run("diff", "1", "2")
    run("rollback", "1", "--yes")
    run("deploy", "--yes")
    run("pause", "--yes")
    run("start", "--yes")
    project.wizard.environment["AZWIZARD_SECRET_API_KEY"] = "canary-other-value"
    run("secret", "set", "api-key")
    run("apply", "--yes", "--set", "app.cpu=0.5", "--set", "app.memory=1Gi")
    run("destroy", "--yes")


@pytest.mark.nightly
@pytest.mark.parametrize("path", PATHS)
def test_nothing_that_is_sent_or_answered_violates_azures_specification(path: str, tmp_path: Path) -> None:
    with recorded(path, tmp_path) as recording:
        recording.settings = PATHS[path]
        day(recording)


@pytest.mark.engine
@pytest.mark.parametrize("build", ["docker", "registry"])
def test_nor_does_it_with_a_container_engine(build: str, engine_address: str, tmp_path: Path) -> None:
    with recorded(f"engine-{build}", tmp_path, {"DOCKER_HOST": engine_address}, "docker") as recording:
        recording.project.edit("api/Dockerfile", "python:3.12-slim", "python:3.11-slim")
        recording.settings = {"pipeline.build": build}
        day(recording)


@pytest.mark.nightly
def test_nor_from_stage_to_stage_and_on_another_computer(tmp_path: Path) -> None:
    with recorded("stages", tmp_path) as recording:
        project, run = recording.project, recording.run
        project.setup.write_text(project.setup.read_text().replace("format = 1", "format = 2") + "\n[stages.prod.app]\nmax_replicas = 2\n")
        run("apply", "--yes")
        run("promote", "dev", "prod", "--yes")
        run("diff", "--stages", "dev", "prod")
        run("status", "--stage", "prod")
        info = project.wizard.practice().info
        (project.folder / "elsewhere").mkdir()
        where = ("--subscription", info["subscription_id"], "--resource-group", "rg-stages-dev")
        resumed = project.wizard("resume", "--practice", *where, cwd=project.folder / "elsewhere")
        assert resumed.exit == 0, resumed.stderr
        run("apply", "--yes", "--set", "pipeline.build=existing", "--set", "pipeline.tag=latest")
        run("destroy", "--yes", "--stage", "prod")
        run("destroy", "--yes")


@pytest.mark.nightly
def test_nor_for_a_class_in_a_subscription(tmp_path: Path) -> None:
    with recorded("class", tmp_path) as recording:
        project = recording.project
        (project.folder / "class.toml").write_text(CLASS)
        recording.run("class", "prepare", "--yes")
        (project.folder / "class.toml").write_text(CLASS.replace("budget = 20", "budget = 30"))
        recording.run("class", "prepare", "--yes")
        recording.run("class", "destroy", "--yes")
        proof = (project.folder / "class-proof.jsonl").read_text().splitlines()
        assert all(json.loads(line)["group_is_gone"] for line in proof)
