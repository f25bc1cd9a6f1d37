"""Registry tasks: sources are uploaded, a run builds an image of them, its log can be read while it goes (reference.md 1.6)."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import GROUP, arm_id, body_of, read
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded, specified
from wizard.practice.kernel.requests import Answer, Request
from wizard.practice.kernel.store import Document
from wizard.practice.registry import images, run_names
from wizard.practice.registry import task_run as build_run
from wizard.practice.registry.blobs import Blobs
from wizard.practice.registry.building import contexts
from wizard.practice.registry.shapes import RUN, RUN_UPDATE

REGISTRIES = images.REGISTRIES
RUNS = f"{REGISTRIES}/runs"
_FILTER = re.compile(r"(\w+) eq '?([^']*)'?", re.IGNORECASE)


def install(cloud: PracticeCloud) -> None:
    """Serve the tasks of every registry on management.azure.com."""
    service = TaskRuns(cloud)
    registry = GROUP + REGISTRIES + "/{name}"
    run = registry + "/runs/{run}"
    add = cloud.arm.add
    add(
        "POST",
        registry + "/listBuildSourceUploadUrl",
        service.upload_url,
        action=f"{REGISTRIES}/listBuildSourceUploadUrl/action",
        known=recorded("200 with a signed address"),
    )
    add(
        "POST",
        registry + "/scheduleRun",
        service.schedule,
        action=f"{REGISTRIES}/scheduleRun/action",
        takes=RUN,
        known=recorded("200 Queued"),
    )
    add("GET", registry + "/runs", service.list_all, action=f"{RUNS}/read", known=recorded("200 with a list"))
    add("GET", run, service.get, action=f"{RUNS}/read", known=recorded("200"))
    add("PATCH", run, service.patch, action=f"{RUNS}/write", takes=RUN_UPDATE, known=recorded("200"))
    add("POST", run + "/listLogSasUrl", service.log_url, action=f"{RUNS}/listLogSasUrl/action", known=recorded("200 with a signed address"))
    add("POST", run + "/cancel", service.cancel, action=f"{RUNS}/cancel/action", known=specified("200 without a body"))
    contexts.clear_temporary(cloud)
    cloud.operations.when_done("registry-run", build_run.TaskRunner(cloud).run, failed=service.failed)


def forget(cloud: PracticeCloud, registry: Document) -> None:
    """Delete the runs, uploads and logs of a registry that is being deleted."""
    for name in ("runs", build_run.REQUESTS):
        runs = cloud.store.collection(name)
        for key in [key for key in runs if key.lower().startswith(f"{registry['id'].lower()}/")]:
            del runs[key]
    Blobs(cloud).forget(run_names.container(registry))


class TaskRuns:
    """The runs of every registry.

    Documents: ``runs``, ARM id -> the body a GET answers; `build_run.REQUESTS`, ARM id -> what was asked, until it ends.
    A run is Queued, Started and Running for 60 s in all, then Succeeded or Failed.
    """

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._runs = cloud.store.collection("runs")
        self._requests = cloud.store.collection(build_run.REQUESTS)
        self._blobs = Blobs(cloud)

    async def upload_url(self, request: Request) -> Answer:
        """POST listBuildSourceUploadUrl: a signed address to which the sources of a build are sent."""
        registry = self._ready(request)
        path = f"tasks-source/{datetime.now(UTC):%Y%m%d}0000/{uuid.uuid4().hex}.tar.gz"
        url = self._blobs.signed_url(f"{run_names.container(registry)}/{path}", "cw", 3600)
        return Answer(200, {"relativePath": path, "uploadUrl": url})

    def _ready(self, request: Request) -> Document:
        registry = read(self._cloud, request, REGISTRIES)
        if registry["properties"]["provisioningState"] != "Succeeded":
            raise AzureError(409, "Conflict", f"The registry {registry['name']} is still being created.", target="request")
        return registry

    def _check_plan(self, registry: Document, request: Request) -> None:
        """Faults ``free-trial`` and ``student``: uploading is allowed, building is not (errors.md 46)."""
        if self._cloud.faults.active("free-trial") or self._cloud.faults.active("student"):
            message = (
                f"ACR Tasks requests for the registry {registry['name'].lower()} and {request.names['subscription']} are not permitted. "
                "Please file an Azure support request at http://aka.ms/azuresupport for assistance."
            )
            raise AzureError(400, "TasksOperationsNotAllowed", message, target="request")

    async def schedule(self, request: Request) -> Answer:
        """POST scheduleRun: a build of uploaded sources is queued."""
        registry = self._ready(request)
        self._check_plan(registry, request)
        body = body_of(request)
        _check(body, registry)
        private = self._cloud.store.private[registry["id"]]
        private["runs"] += 1
        self._cloud.store.private[registry["id"]] = private
        name = f"ch{private['runs']:x}"
        run_id = f"{arm_id(request.names, REGISTRIES, registry['name'])}/runs/{name}"
        by = request.caller.name if request.caller.kind == "User" else request.caller.app_id
        self._runs[run_id] = {
            "type": RUNS,
            "properties": {
                "runId": name,
                "status": "Queued",
                "lastUpdatedTime": run_names.now(),
                "provisioningState": "Succeeded",
                "isArchiveEnabled": bool(body.get("isArchiveEnabled", False)),
            },
            "id": run_id,
            "name": name,
            "systemData": {"lastModifiedBy": by, "lastModifiedByType": "User", "lastModifiedAt": run_names.now()},
        }
        self._requests[run_id] = {**body, "caller": request.caller.object_id}
        queued = {**self._runs[run_id], "properties": dict(self._runs[run_id]["properties"])}
        self._runs[run_id]["properties"].update(
            {
                "runType": "QuickRun",
                "createTime": run_names.now(),
                "platform": {"os": "Linux", "architecture": "amd64"},
                "agentConfiguration": {"cpu": 2},
            }
        )
        self._runs[run_id] = self._runs[run_id]
        self._cloud.operations.begin("registry-run", run_id, build_run.QUEUED)
        return Answer(200, queued)

    async def get(self, request: Request) -> Answer:
        """GET of one run."""
        return Answer(200, self._find(request))

    async def list_all(self, request: Request) -> Answer:
        """GET of a registry's runs, the newest first."""
        registry = read(self._cloud, request, REGISTRIES)
        prefix = f"{registry['id'].lower()}/"
        runs = [run for key, run in self._runs.items() if key.lower().startswith(prefix)][::-1]
        for member, value in _FILTER.findall(request.query.get("$filter", "")):
            runs = [run for run in runs if str(run["properties"].get(member[0].lower() + member[1:], "")).lower() == value.lower()]
        top = request.query.get("$top", "100")
        return Answer(200, {"value": runs[: int(top) if top.isdecimal() else 100]})

    async def patch(self, request: Request) -> Answer:
        """PATCH of a run: whether it is kept as an archive."""
        run = self._find(request)
        run["properties"]["isArchiveEnabled"] = bool(body_of(request).get("isArchiveEnabled", False))
        self._runs[run["id"]] = run
        return Answer(200, run)

    async def log_url(self, request: Request) -> Answer:
        """POST listLogSasUrl: a signed address from which the run's log can be read."""
        run = self._find(request)
        registry = read(self._cloud, request, REGISTRIES)
        return Answer(200, {"logLink": self._blobs.signed_url(run_names.log_path(registry, run), "r", 4200)})

    async def cancel(self, request: Request) -> Answer:
        """POST cancel of a run."""
        run = self._find(request)
        if run["properties"]["status"] not in build_run.ENDED:
            self._end(run, "Canceled")
        return Answer(200)

    async def failed(self, operation: Document) -> None:
        """End a run that could not be carried out, with its error."""
        run = self._runs.get(operation["target"])
        if run is not None and run["properties"]["status"] not in build_run.ENDED:
            run["properties"]["runErrorMessage"] = operation["error"]["message"]
            self._end(run, "Failed")

    def _end(self, run: Document, status: str) -> None:
        build_run.TaskRunner(self._cloud).end(run, status)

    def _find(self, request: Request) -> Document:
        registry = read(self._cloud, request, REGISTRIES)
        run = self._runs.get(f"{registry['id']}/runs/{request.names['run']}")
        if run is None:
            raise AzureError(404, "ResourceNotFound", f"The run {request.names['run']} was not found in the registry {registry['name']}.")
        return run


def _check(body: dict[str, Any], registry: Document) -> None:
    if body.get("type") != "DockerBuildRequest":
        raise AzureError(
            400, "InvalidRequest", f"The practice cloud runs a DockerBuildRequest only, not '{body.get('type')}'.", target="request"
        )
    if not body.get("dockerFilePath"):
        raise AzureError(400, "InvalidRequest", "The docker file path is required.", target="request")
    if str((body.get("platform") or {}).get("os", "")).lower() != "linux":
        raise AzureError(400, "InvalidRequest", "The practice cloud builds for Linux only.", target="request")
    for name in body.get("imageNames") or []:
        if not images.NAME.fullmatch(run_names.local_name(str(name), registry, "ch1")):
            raise AzureError(400, "InvalidRequest", f"The image name '{name}' is invalid.", target="request")
