"""One run of a workflow: the pushed commit is checked out, the steps that we know are carried out, the others are named."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.git import docker
from wizard.practice.github.expressions import STATUS, InvalidExpression, expand, holds
from wizard.practice.github.front import USER, now
from wizard.practice.github.machine import Machine, WorkflowStepFailed
from wizard.practice.github.repositories import GitHubRepositories
from wizard.practice.github.tokens import RunTokens
from wizard.practice.github.workflow_file import InvalidWorkflow, Workflow, WorkflowJob, WorkflowStep, parse
from wizard.practice.kernel.store import Document
from wizard.practice.registry.building import contexts

STEP_SECONDS = 3.0
BUILD_SECONDS = 60.0
NOT_HERE = (
    "practice cloud: this is not executed here; checking out, azure/login, build-push-action, az acr login and az containerapp update are"
)
SLOW = ("docker/build-push-action",)


class WorkflowRunner:
    """Carries out runs, those of one concurrency group one after the other. Safe to repeat: a run that was cut short begins anew."""

    def __init__(self, cloud: PracticeCloud, repositories: GitHubRepositories, tokens: RunTokens) -> None:
        self.cloud, self.repositories, self.tokens = cloud, repositories, tokens
        self.logs = cloud.store.collection("github_logs")
        self._runs = cloud.store.collection("github_runs")
        self._groups: dict[str, asyncio.Lock] = {}

    def repository(self, run: Document) -> Document:
        """The repository that a run belongs to."""
        return next(item for item in self.repositories.front.repositories.values() if item["id"] == run["repository_id"])

    def read(self, repository: Document, path: str, commit: str) -> Workflow:
        """The workflow that a file of a commit describes. Raises InvalidWorkflow."""
        git = self.repositories.git(repository)
        blob = git.files(commit).get(path)
        if blob is None:
            raise InvalidWorkflow(f"Invalid workflow file: {path}\nThe file does not exist in this commit")
        return parse(git.content(blob.id).decode("utf-8", "replace"), path)

    async def run(self, run: Document) -> None:
        """Carry a run out to its end."""
        repository = self.repository(run)
        try:
            workflow = self.read(repository, run["path"], run["head_sha"])
            contexts = self._contexts(repository, run, workflow)
            group = f"{repository['id']}/{expand(workflow.group, contexts)}" if workflow.group else f"run/{run['id']}"
        except (InvalidWorkflow, InvalidExpression) as error:
            self._end(run, "failure", str(error))
            return
        lock = self._groups.setdefault(group, asyncio.Lock())
        if lock.locked():
            run["status"] = "pending"
            self.keep(run)
        async with lock:
            await self._jobs(run, workflow, contexts)

    async def _jobs(self, run: Document, workflow: Workflow, contexts: dict[str, Any]) -> None:
        run.update(status="in_progress", jobs=[])
        self.keep(run)
        ended: dict[str, str] = {}
        for job in workflow.jobs:
            if self.over(run):
                return
            after = [ended.get(name, "skipped") for name in job.needs]
            conclusion = "skipped"
            if all(item == "success" for item in after):
                conclusion = await _WorkflowJobRun(self, run, workflow, job, contexts).carry_out()
            ended[job.key] = conclusion
        if not self.over(run):
            self._end(run, "failure" if "failure" in ended.values() else "success")

    def _contexts(self, repository: Document, run: Document, workflow: Workflow) -> dict[str, Any]:
        full = f"{repository['owner']}/{repository['name']}"
        github = {
            "repository": full,
            "repository_owner": repository["owner"],
            "repository_id": str(repository["id"]),
            "ref": f"refs/heads/{run['head_branch']}",
            "ref_name": run["head_branch"],
            "sha": run["head_sha"],
            "run_id": run["id"],
            "run_number": run["run_number"],
            "run_attempt": run["run_attempt"],
            "workflow": workflow.name,
            "event_name": run["event"],
            "actor": USER,
            "workspace": f"/home/runner/work/{repository['name']}/{repository['name']}",
            "server_url": "https://github.com",
        }
        inputs = {"inputs": run.get("inputs") or {}}
        return {"github": github, "vars": self.repositories.values(repository), "secrets": {}, "job": {"status": "success"}, **inputs}

    def keep(self, run: Document) -> None:
        """Store a run as it is now."""
        run["updated_at"] = now()
        self._runs[str(run["id"])] = run

    def over(self, run: Document) -> bool:
        """Whether the run was cancelled."""
        return str(self._runs[str(run["id"])]["status"]) == "completed"

    def cancel(self, run: Document) -> None:
        """End a run as cancelled."""
        self._end(run, "cancelled")

    def _end(self, run: Document, conclusion: str, error: str = "") -> None:
        for job in run["jobs"]:
            if job["status"] != "completed":
                job.update(status="completed", conclusion=conclusion, completed_at=now())
        run.update(status="completed", conclusion=conclusion, error=error)
        self.keep(run)


class _WorkflowJobRun:
    """One job on one machine."""

    def __init__(self, runner: WorkflowRunner, run: Document, workflow: Workflow, job: WorkflowJob, contexts: Mapping[str, Any]) -> None:
        self._runner, self._run, self._workflow, self._job = runner, run, workflow, job
        self._cloud = runner.cloud
        self._contexts: dict[str, Any] = {**contexts, "steps": {}, "job": {"status": "success"}, "env": dict(workflow.env)}
        self._log: list[str] = []

    async def carry_out(self) -> str:
        """How the job ended: success or failure."""
        number = self._cloud.store.collection("github_numbers").get("job", {"last": 41_000_000_000})["last"] + 1
        self._cloud.store.collection("github_numbers")["job"] = {"last": number}
        job: Document = {"id": number, "run_id": self._run["id"], "name": self._job.name, "status": "in_progress", "conclusion": None}
        job |= {"started_at": now(), "completed_at": None, "run_attempt": self._run["run_attempt"], "steps": []}
        self._run["jobs"].append(job)
        self._runner.keep(self._run)
        with contexts.temporary_folder(self._cloud) as folder:
            machine = Machine(self._cloud, docker.workspace(folder), self._token())
            await self._steps(job, machine)
        if not self._runner.over(self._run):
            job.update(status="completed", conclusion=self._contexts["job"]["status"], completed_at=now())
            self._runner.logs[str(number)] = {"lines": self._log}
            self._runner.keep(self._run)
        return str(job["conclusion"])

    def _token(self) -> Any:
        """Makes the job's OpenID token, where it may ask for one."""
        if self._job.permissions.get("id-token") != "write":
            return None
        repository = self._runner.repository(self._run)
        return lambda audience: self._runner.tokens.issue(repository, self._run, audience, self._job.environment)

    async def _steps(self, job: Document, machine: Machine) -> None:
        for number, step in enumerate(self._job.steps, 1):
            line: Document = {"name": step.name, "number": number, "status": "in_progress", "conclusion": None}
            job["steps"].append(line)
            self._runner.keep(self._run)
            conclusion = await self._step(step, machine)
            await asyncio.sleep(self._cloud.clock.lasts(BUILD_SECONDS if step.uses in SLOW else STEP_SECONDS))
            if self._runner.over(self._run):
                return
            line.update(status="completed", conclusion=conclusion)
            if conclusion == "failure":
                self._contexts["job"]["status"] = "failure"

    async def _step(self, step: WorkflowStep, machine: Machine) -> str:
        """How one step ended: success, failure or skipped."""
        try:
            self._contexts["env"] = self._filled(self._workflow.env) | self._filled(self._job.env) | self._filled(step.env)
            if not self._is_due(step.condition):
                return "skipped"
            self._say(f"##[group]Run {step.uses or step.run.strip().splitlines()[0]}")
            outputs = await self._work(step, machine)
        except (WorkflowStepFailed, InvalidExpression) as failure:
            self._say(f"##[error]{failure}")
            return "failure"
        if step.identifier:
            self._contexts["steps"][step.identifier] = {"outputs": outputs, "outcome": "success", "conclusion": "success"}
        return "success"

    def _is_due(self, condition: str) -> bool:
        """Whether a step's condition holds; one that asks for no status holds only while the job goes well."""
        goes_well = STATUS.search(condition) is not None or self._contexts["job"]["status"] == "success"
        return goes_well and (not condition or holds(condition, self._contexts))

    async def _work(self, step: WorkflowStep, machine: Machine) -> dict[str, str]:
        inputs = self._filled(step.inputs)
        if step.uses == "actions/checkout":
            await self._check_out(machine)
        elif step.uses == "azure/login":
            machine.login(inputs, self._say)
        elif step.uses == "docker/build-push-action":
            return await machine.build_and_push(inputs, self._say)
        elif step.uses or not await machine.run(expand(step.run, self._contexts), self._contexts["env"], self._say):
            self._say(NOT_HERE)
        return {}

    async def _check_out(self, machine: Machine) -> None:
        repository = self._runner.repository(self._run)
        if self._job.permissions.get("contents") not in ("read", "write"):
            address = f"https://github.com/{repository['owner']}/{repository['name']}/"
            raise WorkflowStepFailed(f"fatal: repository '{address}' not found")
        git, commit = self._runner.repositories.git(repository), str(self._run["head_sha"])

        def write(folder: Path) -> None:
            git.check_out(commit, folder)

        await asyncio.to_thread(machine.check_out, write, commit, self._say)

    def _filled(self, texts: Mapping[str, str]) -> dict[str, str]:
        return {name: expand(text, self._contexts) for name, text in texts.items()}

    def _say(self, text: str) -> None:
        self._log += [f"{now()[:-1]}.0000000Z {line}" for line in text.splitlines()]
