"""GitHub: workflows, their runs and jobs, and what begins a run: a push, or someone who asks for it."""

from __future__ import annotations

import secrets
from typing import Any

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.github.front import HOST, USER, WEB_HOST, GitHubError, GitHubFront, GitHubRequest, now
from wizard.practice.github.git_data import WORKFLOWS
from wizard.practice.github.repositories import MAIN, GitHubRepositories
from wizard.practice.github.workflow_file import InvalidWorkflow
from wizard.practice.github.workflow_run import WorkflowRunner
from wizard.practice.kernel.store import Document

LOGS_HOST = "productionresultssa0.blob.core.windows.net"
QUEUED_SECONDS = 3.0
SKIPPED = ("[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]")
_OPERATION = "github-run"


class Workflows:
    """The workflows that the default branch of each repository holds, and every run of one."""

    def __init__(self, cloud: PracticeCloud, repositories: GitHubRepositories, runner: WorkflowRunner) -> None:
        self._cloud, self._repositories, self._runner = cloud, repositories, runner
        self._runs = cloud.store.collection("github_runs")
        self._numbers = cloud.store.collection("github_numbers")
        self._signed: dict[str, str] = {}  # what a signed address opens: its signature -> the job

    # Workflows

    async def list_all(self, call: GitHubRequest) -> web.Response:
        """GET of the workflows of a repository."""
        result = [self._described(call, path) for path in self._paths(self._repositories.front.repository(call))]
        return web.json_response({"total_count": len(result), "workflows": result})

    async def get(self, call: GitHubRequest) -> web.Response:
        """GET of one workflow by its id or its file."""
        return web.json_response(self._described(call, self._path(call)))

    async def dispatch(self, call: GitHubRequest) -> web.Response:
        """Begin a run of a branch, where the workflow lets anyone."""
        repository, path = self._repositories.front.repository(call), self._path(call)
        ref = f"refs/heads/{str(call.body.get('ref', '')).removeprefix('refs/heads/')}"
        commit = self._repositories.git(repository).refs().get(ref)
        if commit is None:
            raise GitHubError(422, f"No ref found for: {call.body.get('ref')}")
        try:
            workflow = self._runner.read(repository, path, commit)
        except InvalidWorkflow as error:
            raise GitHubError(422, str(error)) from error
        if not workflow.dispatch:
            raise GitHubError(422, "Workflow does not have 'workflow_dispatch' trigger")
        self._begin(repository, path, workflow.name, ref, commit, "workflow_dispatch")
        return web.Response(status=204)

    def _paths(self, repository: Document) -> list[str]:
        git = self._repositories.git(repository)
        head = git.refs().get(MAIN)
        names = git.files(head) if head else {}
        return [path for path in names if path.startswith(WORKFLOWS) and path.endswith((".yml", ".yaml"))]

    def _path(self, call: GitHubRequest) -> str:
        """The file that a request names by its own name or by the workflow's id. Raises GitHubError."""
        target = call.names["workflow"]
        paths = self._paths(self._repositories.front.repository(call))
        result = next((path for path in paths if target in (path.removeprefix(WORKFLOWS), str(self._id(path)))), None)
        if result is None:
            raise GitHubError(404, "Not Found")
        return result

    def _id(self, path: str) -> int:
        known = self._cloud.store.collection("github_workflows")
        if path not in known:
            known[path] = {"id": 190_000_001 + len(known)}
        return int(known[path]["id"])

    def _described(self, call: GitHubRequest, path: str) -> dict[str, Any]:
        repository = self._repositories.front.repository(call)
        head = self._repositories.git(repository).refs()[MAIN]
        try:
            name = self._runner.read(repository, path, head).name
        except InvalidWorkflow:
            name = path
        address = f"https://{WEB_HOST}/{repository['owner']}/{repository['name']}/blob/main/{path}"
        return {"id": self._id(path), "name": name, "path": path, "state": "active", "html_url": address}

    # What begins a run

    async def pushed(self, repository: Document, ref: str, commit: str) -> None:
        """A push begins a run of each workflow whose triggers it meets, unless the commit says ``[skip ci]``."""
        git = self._repositories.git(repository)
        pushed_commit = git.commit(commit)
        if any(word in pushed_commit.comment.lower() for word in SKIPPED):
            return
        files = git.files(commit)
        before = git.files(pushed_commit.parents[0]) if pushed_commit.parents else {}
        changed = [path for path in {*files, *before} if files.get(path) != before.get(path)]
        for path in [name for name in files if name.startswith(WORKFLOWS) and name.endswith((".yml", ".yaml"))]:
            try:
                workflow = self._runner.read(repository, path, commit)
            except InvalidWorkflow:
                self._begin(repository, path, path, ref, commit, "push")
                continue
            if workflow.starts_for(ref, changed):
                self._begin(repository, path, workflow.name, ref, commit, "push")

    def _begin(self, repository: Document, path: str, name: str, ref: str, commit: str, event: str) -> None:
        number, counted = self._next("run", 16_400_000_000), self._next(f"runs of {path}", 0)
        title = self._repositories.git(repository).commit(commit).comment.partition("\n")[0]
        self._runs[str(number)] = {
            "id": number,
            "name": name,
            "path": path,
            "workflow_id": self._id(path),
            "repository_id": repository["id"],
            "display_title": title,
            "run_number": counted,
            "run_attempt": 1,
            "event": event,
            "head_branch": ref.removeprefix("refs/heads/"),
            "head_sha": commit,
            "status": "queued",
            "conclusion": None,
            "created_at": now(),
            "run_started_at": now(),
            "updated_at": now(),
            "actor": {"login": USER},
            "url": f"https://{HOST}/repos/{repository['owner']}/{repository['name']}/actions/runs/{number}",
            "html_url": f"https://{WEB_HOST}/{repository['owner']}/{repository['name']}/actions/runs/{number}",
            "jobs": [],
            "error": "",
        }
        self._queue(number)

    def _queue(self, number: int) -> None:
        self._cloud.operations.begin(_OPERATION, str(number), QUEUED_SECONDS, resource_type=_OPERATION)

    async def carry_out(self, operation: Document) -> None:
        """What finishes the operation of a run."""
        run = self._runs.get(operation["target"])
        if run is not None and run["status"] != "completed":
            await self._runner.run(run)

    def _next(self, kind: str, first: int) -> int:
        number = int(self._numbers.get(kind, {"last": first})["last"]) + 1
        self._numbers[kind] = {"last": number}
        return number

    # Runs

    async def runs(self, call: GitHubRequest) -> web.Response:
        """GET of the runs of a repository or of one workflow."""
        repository = self._repositories.front.repository(call)
        path = self._path(call) if "workflow" in call.names else None
        result = [run for run in self._runs.values() if run["repository_id"] == repository["id"] and path in (None, run["path"])]
        for key, field in (("head_sha", "head_sha"), ("branch", "head_branch"), ("event", "event")):
            result = [run for run in result if call.query.get(key) in (None, run[field])]
        newest = sorted(result, key=lambda run: -int(run["id"]))[: int(call.query.get("per_page", 30))]
        return web.json_response({"total_count": len(result), "workflow_runs": [_shown(run) for run in newest]})

    async def run(self, call: GitHubRequest) -> web.Response:
        """GET of one run."""
        return web.json_response(_shown(self._run(call)))

    async def rerun(self, call: GitHubRequest) -> web.Response:
        """Begin a run again; it keeps its number, and its attempts are counted."""
        run = self._run(call)
        if run["status"] != "completed":
            raise GitHubError(403, "This workflow is already running")
        run.update(status="queued", conclusion=None, run_attempt=run["run_attempt"] + 1, jobs=[], run_started_at=now())
        self._runner.keep(run)
        self._queue(run["id"])
        return web.json_response({}, status=201)

    async def cancel(self, call: GitHubRequest) -> web.Response:
        """POST cancel of a run; 409 where it is over."""
        run = self._run(call)
        if run["status"] == "completed":
            raise GitHubError(409, "Cannot cancel a workflow run that is completed.")
        self._runner.cancel(run)
        return web.json_response({}, status=202)

    async def jobs(self, call: GitHubRequest) -> web.Response:
        """GET of the jobs of a run, with their steps."""
        jobs = self._run(call)["jobs"]
        return web.json_response({"total_count": len(jobs), "jobs": jobs})

    async def log(self, call: GitHubRequest) -> web.Response:
        """Where the log of an ended job lies, for a minute."""
        repository, job = self._repositories.front.repository(call), call.names["job"]
        known = any(
            str(item["id"]) == job for run in self._runs.values() if run["repository_id"] == repository["id"] for item in run["jobs"]
        )
        if not known or job not in self._runner.logs:
            raise GitHubError(404, "Not Found")
        signature = secrets.token_urlsafe(32)
        self._signed[signature] = job
        address = f"https://{LOGS_HOST}/actions-results/{job}/logs/job/job-logs.txt?sp=r&sig={signature}"
        return web.Response(status=302, headers={"Location": address})

    async def signed_log(self, request: web.Request) -> web.StreamResponse:
        """The host behind those addresses; a token that is sent along is refused, as storage does."""
        job = self._signed.get(request.query.get("sig", ""))
        if job is None or "Authorization" in request.headers:
            return web.Response(status=403, text="AuthenticationFailed")
        lines = self._runner.logs[job]["lines"]
        return web.Response(text="".join(f"{line}\r\n" for line in lines), content_type="text/plain")

    def _run(self, call: GitHubRequest) -> Document:
        repository, result = self._repositories.front.repository(call), self._runs.get(call.names["run"])
        if result is None or result["repository_id"] != repository["id"]:
            raise GitHubError(404, "Not Found")
        return result


def _shown(run: Document) -> dict[str, Any]:
    return {name: value for name, value in run.items() if name not in ("jobs", "error", "repository_id")}


def install(cloud: PracticeCloud, front: GitHubFront, repositories: GitHubRepositories, runner: WorkflowRunner) -> None:
    """Serve workflows and runs."""
    service = Workflows(cloud, repositories, runner)
    one = "/repos/{owner}/{repo}/actions"
    front.add("GET", f"{one}/workflows", service.list_all)
    front.add("GET", f"{one}/workflows/{{workflow}}", service.get)
    front.add("POST", f"{one}/workflows/{{workflow}}/dispatches", service.dispatch)
    front.add("GET", f"{one}/workflows/{{workflow}}/runs", service.runs)
    front.add("GET", f"{one}/runs", service.runs)
    front.add("GET", f"{one}/runs/{{run}}", service.run)
    front.add("POST", f"{one}/runs/{{run}}/rerun", service.rerun)
    front.add("POST", f"{one}/runs/{{run}}/cancel", service.cancel)
    front.add("GET", f"{one}/runs/{{run}}/jobs", service.jobs)
    front.add("GET", f"{one}/jobs/{{job}}/logs", service.log)
    repositories.when_pushed.append(service.pushed)
    cloud.operations.when_done(_OPERATION, service.carry_out)
    cloud.hosts.add(LOGS_HOST, service.signed_log)
