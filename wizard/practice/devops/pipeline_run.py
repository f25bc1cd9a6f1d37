"""One run of an Azure DevOps pipeline: the pushed commit is checked out, its Docker steps are carried out, the rest is named."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.devops.pipeline_yaml import InvalidPipeline, Job, JobStep, expand, parse
from wizard.practice.devops.repositories import Repositories
from wizard.practice.devops.service_connections import Connections, PushRefused
from wizard.practice.git import docker
from wizard.practice.kernel.store import Document
from wizard.practice.registry import images
from wizard.practice.registry.building import contexts
from wizard.practice.registry.building import image_builder as assembly
from wizard.practice.registry.building.dockerfiles import BuildError

STEP_SECONDS = 5.0  # for what surrounds the Docker step
DOCKER_SECONDS = 60.0
WORKSPACE = "/home/vsts/work/1"
NO_PARALLELISM = (
    "No hosted parallelism has been purchased or granted. To request a free parallelism grant, please fill out the following form "
    "https://aka.ms/azpipelines-parallelism-request"
)
PERMISSION = "This pipeline needs permission to access a resource before this run can continue"


class StepFailed(Exception):
    """Why a step ends a run, as its log's ``##[error]`` says."""


class PipelineRunner:
    """Carries out runs. Safe to repeat: a run that was cut short begins anew."""

    def __init__(
        self, cloud: PracticeCloud, repositories: Repositories, connections: Connections, may_use: Callable[[int, str], bool]
    ) -> None:
        self.cloud, self.repositories, self.connections = cloud, repositories, connections
        self._may_use = may_use
        self._builds = cloud.store.collection("devops_builds")

    async def run(self, build: Document) -> None:
        """Carry a run out to its end, or leave it waiting for a permission."""
        build.update(status="inProgress", startTime=build.get("startTime") or now(), records=[], waits=False)
        self.keep(build)
        project = {"id": build["project"]["id"]}
        git = self.repositories.git(build["repository"])
        text = git.content(git.files(build["sourceVersion"])[build["file"].strip("/")].id).decode("utf-8", "replace")
        try:
            jobs = parse(text).jobs
        except InvalidPipeline as error:
            self.end(build, "failed", str(error))
            return
        if not self._permitted(build, project, jobs):
            return
        for job in jobs:
            if not await _JobRun(self, build, job).carry_out():
                return
        self.end(build, "succeeded")

    def keep(self, build: Document) -> None:
        """Store a build as it is now."""
        self._builds[str(build["id"])] = build

    def over(self, build: Document) -> bool:
        """Whether the run was cancelled, or deleted with its pipeline."""
        build_document = self._builds.get(str(build["id"]))
        return build_document is None or build_document["status"] == "completed"

    def end(self, build: Document, result: str, error: str = "") -> None:
        """Bring a run to its end, with everything in it that still went on."""
        if error:
            record(build, "Job", "Job", issues=[_issue(error)])
        for it in build["records"]:
            if it["state"] != "completed":
                it.update(state="completed", result=result, finishTime=now())
        build.update(status="completed", result=result, finishTime=now(), waits=False)
        self.keep(build)

    def _permitted(self, build: Document, project: Document, jobs: tuple[Job, ...]) -> bool:
        """Without it the run waits, as it does for someone to click “Permit”."""
        names = {
            expand(step.inputs["containerregistry"], job.variables)
            for job in jobs
            for step in job.steps
            if "containerregistry" in step.inputs
        }
        used = [connection for name in names if (connection := self.connections.find(project, name)) is not None]
        if all(self._may_use(build["definition"]["id"], item["id"]) for item in used):
            return True
        stage = record(build, "Stage", jobs[0].stage, state="pending")
        record(build, "Checkpoint", "Checkpoint", stage, state="inProgress")
        record(build, "Checkpoint.Authorization", PERMISSION, stage, state="inProgress")
        build["waits"] = True
        self.keep(build)
        return False


class _JobRun:
    """One job on one machine."""

    def __init__(self, runner: PipelineRunner, build: Document, job: Job) -> None:
        self._runner, self._build, self._job = runner, build, job
        self._cloud = runner.cloud
        self._logs = self._cloud.store.collection("devops_logs")
        self._built: dict[str, docker.UnpushedImage] = {}
        branch = str(build["sourceBranch"])
        self._variables = job.variables | {
            "Build.SourcesDirectory": f"{WORKSPACE}/s",
            "System.DefaultWorkingDirectory": f"{WORKSPACE}/s",
            "Pipeline.Workspace": WORKSPACE,
            "Build.BuildId": str(build["id"]),
            "Build.BuildNumber": str(build["buildNumber"]),
            "Build.Repository.Name": str(build["repository"]["name"]),
            "Build.SourceBranch": branch,
            "Build.SourceBranchName": branch.rpartition("/")[2],
            "Build.SourceVersion": str(build["sourceVersion"]),
        }

    async def carry_out(self) -> bool:
        """Whether the job went well; otherwise the run has ended."""
        stage = record(self._build, "Stage", self._job.stage)
        job = record(self._build, "Job", self._job.name, stage)
        if self._cloud.faults.active("no-parallelism"):
            job["issues"], job["errorCount"] = [_issue(NO_PARALLELISM)], 1
            self._runner.end(self._build, "failed")
            return False
        with contexts.temporary_folder(self._cloud) as folder:
            sources = docker.workspace(folder)
            for step in (JobStep("checkout", f"Checkout {self._build['repository']['name']}@main", {}), *self._job.steps):
                if step.enabled and not await self._step(step, job, sources):
                    return False
        for it in (job, stage):
            it.update(state="completed", result="succeeded", finishTime=now())
        self._runner.keep(self._build)
        return True

    async def _step(self, step: JobStep, job: Document, sources: Path) -> bool:
        task = record(self._build, "Task", step.name, job)
        number = sum(item.get("log") is not None for item in self._build["records"]) + 1
        task["log"] = {"id": number, "type": "Container"}
        key = f"{self._build['id']}/{number}"
        self._logs[key] = {"lines": []}
        self._runner.keep(self._build)
        lines = [f"##[section]Starting: {step.name}"]
        failure = ""
        try:
            seconds = await self._work(step, sources, lines.append)
        except StepFailed as error:
            failure, seconds = str(error), STEP_SECONDS
            lines.append(f"##[error]{failure}")
        lines.append(f"##[section]Finishing: {step.name}")
        await self._write(key, lines, seconds)
        if self._runner.over(self._build):
            return False
        if failure:
            task.update(issues=[_issue(failure)], errorCount=1, state="completed", result="failed", finishTime=now())
            self._runner.end(self._build, "failed")
            return False
        task.update(state="completed", result="succeeded", finishTime=now())
        self._runner.keep(self._build)
        return True

    async def _work(self, step: JobStep, sources: Path, say: assembly.Log) -> float:
        """Do what the step says; how long that takes in Azure."""
        if step.task == "checkout":
            git = self._runner.repositories.git(self._build["repository"])
            await asyncio.to_thread(git.check_out, self._build["sourceVersion"], sources)
            say(f"HEAD is now at {self._build['sourceVersion'][:7]}")
            return STEP_SECONDS
        if step.task.partition("@")[0].lower() != "docker":
            say(f"practice cloud: {step.task} is not executed here; checking out and Docker are")
            return STEP_SECONDS
        inputs = {name: expand(value, self._variables) for name, value in step.inputs.items()}
        command = inputs.get("command", "buildAndPush").lower()
        if command in ("build", "buildandpush"):
            await self._docker_build(inputs, sources, say)
        if command in ("push", "buildandpush"):
            self._docker_push(inputs, say)
        return DOCKER_SECONDS

    async def _docker_build(self, inputs: dict[str, str], sources: Path, say: assembly.Log) -> None:
        """The task's own defaults: the first Dockerfile there is, and the folder it lies in as build context."""
        dockerfile = _dockerfile(inputs.get("dockerfile", "**/Dockerfile"), sources)
        context_pattern = inputs.get("buildcontext", "**")
        context = dockerfile.parent if context_pattern == "**" else _inside(context_pattern, sources)
        if not context.is_dir():
            raise StepFailed(f'unable to prepare context: path "{context_pattern}" not found')
        place, tags = dockerfile.relative_to(sources), _tags(inputs, self._build)
        repository = inputs.get("repository", "")
        where = WORKSPACE + "/s" + "".join(f"/{part}" for part in context.relative_to(sources).parts)
        say(f"/usr/bin/docker build -f {WORKSPACE}/s/{place.as_posix()} {' '.join(f'-t {repository}:{tag}' for tag in tags)} {where}")
        try:
            self._built[repository] = await docker.build(self._cloud, sources, context, dockerfile, say)
        except BuildError as error:
            say(f"ERROR: failed to solve: {error}")
            raise StepFailed(f"The process '/usr/bin/docker' failed with exit code 1. {error}") from error

    def _docker_push(self, inputs: dict[str, str], say: assembly.Log) -> None:
        repository = inputs.get("repository", "")
        connection = self._runner.connections.find({"id": self._build["project"]["id"]}, inputs.get("containerregistry", ""))
        if connection is None:
            raise StepFailed("Service connection not found: set containerRegistry to the name of a Docker registry service connection.")
        if repository not in self._built:
            raise StepFailed(f"An image does not exist locally with the tag: {repository}")
        try:
            self._runner.connections.check_push(connection)
        except PushRefused as refused:
            raise StepFailed(str(refused)) from refused
        server, tags = self._runner.connections.login_server(connection), _tags(inputs, self._build)
        if wrong := next((tag for tag in tags if not images.NAME.fullmatch(f"{repository}:{tag}")), None):
            raise StepFailed(f"invalid reference format: {repository}:{wrong}")
        docker.push(self._cloud, server, repository, tags, self._built[repository], say)

    async def _write(self, key: str, lines: list[str], seconds: float) -> None:
        """Append the lines over that many of Azure's seconds, in a few pieces, as a log grows."""
        pieces = max(1, min(6, len(lines)))
        per_piece = -(-len(lines) // pieces)
        for start in range(0, len(lines), per_piece):
            await asyncio.sleep(self._cloud.clock.lasts(seconds / pieces))
            if self._runner.over(self._build):
                return
            log = self._logs[key]
            log["lines"] += [f"{now()} {line}" for line in lines[start : start + per_piece]]
            self._logs[key] = log


def record(build: Document, kind: str, name: str, parent: Document | None = None, **more: Any) -> Document:
    """Add a line to a run's timeline, in progress unless told otherwise."""
    place = {"id": str(uuid.uuid4()), "parentId": parent["id"] if parent else None, "type": kind, "name": name}
    state = {"startTime": now(), "finishTime": None, "state": "inProgress", "result": None, "order": len(build["records"]) + 1}
    line: Document = {**place, **state, "errorCount": 0, "warningCount": 0, "log": None, "issues": [], **more}
    build["records"].append(line)
    return line


def _issue(message: str) -> dict[str, Any]:
    return {"type": "error", "category": "General", "message": message}


def _inside(path: str, sources: Path) -> Path:
    """A path of the machine below its sources; raises StepFailed for one that leads elsewhere."""
    relative = path.removeprefix(f"{WORKSPACE}/s").lstrip("/")
    resolved = (sources / relative).resolve()
    if not resolved.is_relative_to(sources):
        raise StepFailed(f'unable to prepare context: path "{path}" not found')
    return resolved


def _dockerfile(pattern: str, sources: Path) -> Path:
    """The file that the task's pattern names; raises StepFailed in the task's words."""
    relative = pattern.removeprefix(f"{WORKSPACE}/s").lstrip("/")
    files = (file for file in sorted(sources.rglob("*")) if file.is_file())
    names = ((file, file.relative_to(sources).as_posix()) for file in files)
    wildcard = relative.removeprefix("**/")
    file_of_context = next((file for file, name in names if name == relative or fnmatch(name, relative) or fnmatch(name, wildcard)), None)
    if file_of_context is None:
        raise StepFailed(f"Unhandled: No Dockerfile matching {WORKSPACE}/s/{relative} was found.")
    return file_of_context


def _tags(inputs: dict[str, str], build: Document) -> list[str]:
    """One tag a line or between commas; the run's id without any."""
    tags = [tag.strip() for line in inputs.get("tags", "").splitlines() for tag in line.split(",") if tag.strip()]
    return tags or [str(build["id"])]


def now() -> str:
    """A time as Azure DevOps writes it."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
