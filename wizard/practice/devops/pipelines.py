"""Azure DevOps: pipelines, which service connections they may use, their runs, and what a run tells while it goes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.devops import builds as devops_builds
from wizard.practice.devops.front import (
    HOST,
    ORGANIZATION,
    DevOpsError,
    DevOpsFront,
    DevOpsRequest,
    in_project,
    listed,
    object_in,
    objects_in,
)
from wizard.practice.devops.pipeline_records import described_run, pipeline_name, timestamp
from wizard.practice.devops.pipeline_run import PipelineRunner
from wizard.practice.devops.pipeline_yaml import InvalidPipeline, PipelineDefinition, expand, parse
from wizard.practice.devops.repositories import DEFAULT_BRANCH, Repositories
from wizard.practice.devops.service_connections import Connections
from wizard.practice.git.objects import GitError
from wizard.practice.kernel.store import Document

_OPERATION = "devops-run"
QUEUED_SECONDS = 6.0  # of the 90 that a run takes in all


class Pipelines:
    """The pipelines of every project. A run is a build: both routes show the same document.

    A run whose connection the pipeline may not use yet waits, InProgress, until someone permits it.
    """

    def __init__(self, cloud: PracticeCloud, front: DevOpsFront, repositories: Repositories, connections: Connections) -> None:
        self._cloud, self._front = cloud, front
        self._repositories, self._connections = repositories, connections
        self._pipelines = cloud.store.collection("devops_pipelines")
        self._permits = cloud.store.collection("devops_permits")
        self._builds = cloud.store.collection("devops_builds")
        self._runner = PipelineRunner(cloud, repositories, connections, self.may_use)
        self.builds = devops_builds.PipelineBuilds(cloud, self._runner.end)

    # Pipelines

    async def list_all(self, request: DevOpsRequest) -> web.Response:
        """GET of a project's pipelines."""
        return listed([self._described(item) for item in self._of(in_project(request))])

    async def get(self, request: DevOpsRequest) -> web.Response:
        """GET of one pipeline."""
        return web.json_response(self._described(self._find(request)))

    async def post(self, request: DevOpsRequest) -> web.Response:
        """POST of a pipeline: created from a file in a repository."""
        project, body = in_project(request), request.body
        configuration = object_in(body, "configuration")
        named = object_in(configuration, "repository").get("id")
        if not named:
            raise DevOpsError(400, "ArgumentNullException", "Value cannot be null. Parameter name: repository")
        repository = self._repositories.find(project, str(named))
        name, folder = str(body.get("name") or repository["name"]), str(body.get("folder") or "\\")
        if any((item["name"].lower(), item["folder"].lower()) == (name.lower(), folder.lower()) for item in self._of(project)):
            raise DevOpsError(
                409, "DefinitionExistsException", f"A pipeline named {name} already exists in folder {folder}. Parameter name: definition"
            )
        number = self._next("pipeline")
        self._pipelines[str(number)] = {
            "id": number,
            "name": name,
            "folder": folder,
            "project": project["id"],
            "repository": repository["id"],
            "file": str(configuration.get("path") or "/azure-pipelines.yml"),
            "created": timestamp(),
        }
        return web.json_response(self._described(self._pipelines[str(number)]))

    async def resource_usage(self, request: DevOpsRequest) -> web.Response:
        """How many runs the hosted machines take at once; fault ``no-parallelism``: none."""
        total = 0 if self._cloud.faults.active("no-parallelism") else 1
        limit = {
            "parallelismTag": request.query.get("parallelismTag", "Private"),
            "isHosted": True,
            "totalCount": total,
            "totalMinutes": 1800,
        }
        return web.json_response({"usedCount": 0, "usedMinutes": 0, "runningRequests": [], "resourceLimit": limit})

    async def definitions(self, request: DevOpsRequest) -> web.Response:
        """The same pipelines in the older words, which can be asked for by repository and file."""
        pipelines = self._of(in_project(request))
        if repository := request.query.get("repositoryId"):
            pipelines = [match for match in pipelines if match["repository"] == repository]
        if file := request.query.get("yamlFilename"):
            pipelines = [match for match in pipelines if match["file"].strip("/") == file.strip("/")]
        return listed([self._definition(match) for match in pipelines])

    async def definition(self, request: DevOpsRequest) -> web.Response:
        """One of them by its id."""
        return web.json_response(self._definition(self._find(request)))

    async def delete(self, request: DevOpsRequest) -> web.Response:
        """DELETE of a pipeline with its builds."""
        pipeline = self._find(request)
        del self._pipelines[str(pipeline["id"])]
        for key in [key for key, build in self._builds.items() if build["definition"]["id"] == pipeline["id"]]:
            del self._builds[key]
        return web.Response(status=204)

    def _of(self, project: Document) -> list[Document]:
        return [pipeline for pipeline in self._pipelines.values() if pipeline["project"] == project["id"]]

    def _find(self, request: DevOpsRequest) -> Document:
        pipeline = self._pipelines.get(request.names["pipeline"])
        if pipeline is None or pipeline["project"] != in_project(request)["id"]:
            message = f"The build definition {request.names['pipeline']} was not found."
            raise DevOpsError(404, "DefinitionNotFoundException", message)
        return pipeline

    def _described(self, pipeline: Document) -> dict[str, Any]:
        repository = {"id": pipeline["repository"], "type": "azureReposGit"}
        configuration = {"path": pipeline["file"], "repository": repository, "type": "yaml"}
        url = f"https://{HOST}/{ORGANIZATION}/{pipeline['project']}/_apis/pipelines/{pipeline['id']}?revision=1"
        web_url = f"https://{HOST}/{ORGANIZATION}/{pipeline['project']}/_build/definition?definitionId={pipeline['id']}"
        links = {"_links": {"web": {"href": web_url}}, "url": url}
        return {**links, "configuration": configuration, "id": pipeline["id"], "revision": 1, **pipeline_name(pipeline)}

    def _definition(self, pipeline: Document) -> dict[str, Any]:
        repository = {"id": pipeline["repository"], "type": "TfsGit", "defaultBranch": DEFAULT_BRANCH}
        process = {"yamlFilename": pipeline["file"].strip("/"), "type": 2}
        kind = {"type": "build", "queueStatus": "enabled", "revision": 1, "quality": "definition", "createdDate": pipeline["created"]}
        return {
            "process": process,
            "repository": repository,
            "id": pipeline["id"],
            "name": pipeline["name"],
            "path": pipeline["folder"],
            **kind,
        }

    # Which connection a pipeline may use

    async def permits(self, request: DevOpsRequest) -> web.Response:
        """GET of which pipelines may use a service connection."""
        return web.json_response(self._permitted(request.names["connection"]))

    async def permit(self, request: DevOpsRequest) -> web.Response:
        """Permit pipelines, and let the runs that waited for it go on."""
        connection = self._connections.find(in_project(request), request.names["connection"])
        if connection is None:
            raise DevOpsError(404, "ResourceNotFoundException", f"Resource endpoint {request.names['connection']} was not found.")
        held = self._permits.get(connection["id"], {"pipelines": []})["pipelines"]
        for permission in objects_in(request.body, "pipelines"):
            held = [number for number in held if number != permission.get("id")] + (
                [permission.get("id")] if permission.get("authorized") else []
            )
        self._permits[connection["id"]] = {"pipelines": held}
        for build in self._builds.values():
            if build["waits"] and build["status"] != "completed":
                self._begin(build)
        return web.json_response(self._permitted(connection["id"]))

    def may_use(self, pipeline: int, connection_id: str) -> bool:
        """Whether that pipeline was permitted to use the connection."""
        return pipeline in self._permits.get(connection_id, {"pipelines": []})["pipelines"]

    def _permitted(self, connection_id: str) -> dict[str, Any]:
        held = self._permits.get(connection_id, {"pipelines": []})["pipelines"]
        pipelines = [{"id": number, "authorized": True, "authorizedOn": timestamp()} for number in held]
        return {"resource": {"type": "endpoint", "id": connection_id}, "pipelines": pipelines}

    # Runs

    async def run(self, request: DevOpsRequest) -> web.Response:
        """POST of a run: a build is queued."""
        pipeline = self._find(request)
        repositories = object_in(object_in(request.body, "resources"), "repositories")
        self_repository = object_in(repositories, "self")
        build = self._queue(in_project(request), pipeline, str(self_repository.get("refName") or DEFAULT_BRANCH), "manual")
        return web.json_response(described_run(pipeline, build))

    async def pushed(self, repository: Document, ref: str, commit: str) -> None:
        """A push begins a run of each pipeline whose trigger names the branch, unless its comment says ``[skip ci]``."""
        comment = self._repositories.git(repository).commit(commit).comment
        if "[skip ci]" in comment.lower() or "***no_ci***" in comment.lower():
            return
        for pipeline in [item for item in self._pipelines.values() if item["repository"] == repository["id"]]:
            project = self._front.project(pipeline["project"])
            try:
                if self._read(project, pipeline, ref, commit).starts_for(ref):
                    self._queue(project, pipeline, ref, "individualCI")
            except DevOpsError:
                continue

    def _queue(self, project: Document, pipeline: Document, ref: str, reason: str) -> Document:
        repository = self._repositories.find(project, pipeline["repository"])
        commit = self._repositories.git(repository).head(ref)
        if commit is None:
            place = f"repository {repository['name']} hosted on https://{HOST}/{ORGANIZATION}/ using ref {ref}"
            message = f"Could not get the latest source version for {place}."
            raise DevOpsError(400, "PipelineValidationException", message)
        self._read(project, pipeline, ref, commit)
        number = self._next("build")
        build: Document = {
            "id": number,
            "buildNumber": f"{datetime.now(UTC):%Y%m%d}.{number}",
            "status": "notStarted",
            "queueTime": timestamp(),
            "definition": {"id": pipeline["id"], "name": pipeline["name"], "path": pipeline["folder"], "type": "build"},
            "project": {"id": project["id"], "name": project["name"]},
            "sourceBranch": ref,
            "sourceVersion": commit,
            "reason": reason,
            "repository": {"id": repository["id"], "type": "TfsGit", "name": repository["name"]},
            "records": [],
            "waits": False,
            "file": pipeline["file"],
        }
        self._builds[str(number)] = build
        self._begin(build)
        return build

    def _begin(self, build: Document) -> None:
        self._cloud.operations.begin(_OPERATION, str(build["id"]), QUEUED_SECONDS, resource_type=_OPERATION)

    def _read(self, project: Document, pipeline: Document, ref: str, commit: str) -> PipelineDefinition:
        """The pipeline's file in a commit, checked as a run checks it. Raises DevOpsError."""
        repository = self._repositories.find(project, pipeline["repository"])
        git, file = self._repositories.git(repository), pipeline["file"]
        try:
            blob = git.files(commit).get(file.strip("/"))
            if blob is None:
                place = f"https://{HOST}/{ORGANIZATION}/{project['name']}/_git/{repository['name']} branch {ref} version {commit}"
                raise InvalidPipeline(f"{file}: File {file} not found in repository {place}.")
            read = parse(git.content(blob.id).decode("utf-8", "replace"))
            for job in read.jobs:
                for step in job.steps:
                    if name := expand(step.inputs.get("containerregistry", ""), job.variables):
                        self._check_reference(project, job.name, name)
        except (GitError, InvalidPipeline) as error:
            raise DevOpsError(400, "PipelineValidationException", str(error)) from error
        return read

    def _check_reference(self, project: Document, job: str, name: str) -> None:
        if self._connections.find(project, name) is None:
            raise InvalidPipeline(
                f"The pipeline is not valid. Job {job}: Step Docker input containerRegistry references service connection {name} which "
                "could not be found. The service connection does not exist, has been disabled or has not been authorized for use. For "
                "authorization details, refer to https://aka.ms/yamlauthz."
            )

    async def list_runs(self, request: DevOpsRequest) -> web.Response:
        """GET of a pipeline's runs."""
        pipeline = self._find(request)
        return listed([described_run(pipeline, build) for build in self.builds.of([pipeline["id"]])])

    async def get_run(self, request: DevOpsRequest) -> web.Response:
        """GET of one run."""
        return web.json_response(described_run(self._find(request), self.builds.find(request)))

    async def carry_out(self, operation: Document) -> None:
        """What finishes the operation of a run."""
        build = self._builds.get(operation["target"])
        if build is not None and build["status"] != "completed":
            await self._runner.run(build)

    def _next(self, kind: str) -> int:
        numbers = self._cloud.store.collection("devops_numbers")
        number = int(numbers.get(kind, {"last": 0})["last"]) + 1
        numbers[kind] = {"last": number}
        return number


def install(cloud: PracticeCloud, front: DevOpsFront, repositories: Repositories, connections: Connections) -> None:
    """Serve pipelines, runs and builds."""
    service = Pipelines(cloud, front, repositories, connections)
    front.add("GET", "pipelines", service.list_all)
    front.add("POST", "pipelines", service.post)
    front.add("GET", "pipelines/pipelinepermissions/endpoint/{connection}", service.permits, preview=True)
    front.add("PATCH", "pipelines/pipelinepermissions/endpoint/{connection}", service.permit, preview=True)
    front.add("GET", "pipelines/{pipeline}", service.get)
    front.add("GET", "pipelines/{pipeline}/runs", service.list_runs)
    front.add("POST", "pipelines/{pipeline}/runs", service.run)
    front.add("GET", "pipelines/{pipeline}/runs/{build}", service.get_run)
    front.add("GET", "distributedtask/resourceusage", service.resource_usage, preview=True)
    front.add("GET", "build/definitions", service.definitions)
    front.add("GET", "build/definitions/{pipeline}", service.definition)
    front.add("DELETE", "build/definitions/{pipeline}", service.delete)
    repositories.when_pushed.append(service.pushed)
    devops_builds.install(front, service.builds)
    cloud.operations.when_done(_OPERATION, service.carry_out)
