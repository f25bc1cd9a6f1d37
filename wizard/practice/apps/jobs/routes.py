"""Jobs (Microsoft.App/jobs): what a request may ask for, their executions, and the replicas whose logs can be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.practice.apps import documents, identity_access, validation
from wizard.practice.apps.jobs.executions import RUNNING, Executions
from wizard.practice.apps.jobs.shapes import EXECUTION_TEMPLATE, JOB
from wizard.practice.apps.mounts import SHARES
from wizard.practice.apps.placement import environment_for
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import GROUP, arm_id, body_of, read, serve_reads, system_data
from wizard.practice.environments import operations as app_operations
from wizard.practice.environments.identities import change_identity, remove_identity
from wizard.practice.environments.operations import operation_headers
from wizard.practice.environments.storages import find_storage, storage_not_found
from wizard.practice.environments.stream_tokens import stream_base, stream_token
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import reported, specified
from wizard.practice.kernel.requests import Answer, Request
from wizard.practice.kernel.shapes import shaped
from wizard.practice.kernel.store import Document
from wizard.practice.runtime.interface import ReplicaRunner

JOBS = "Microsoft.App/jobs"
_LONG_RUNNING = "containerappsjob"  # in the address of an operation (learn.microsoft.com, Azure permissions for Compute)
_JOB_SECONDS, _DELETE_SECONDS = 10, 5
_CLIENT = "azure-cli-extensions, containerapp job logs show"


def install(cloud: PracticeCloud, runner: ReplicaRunner) -> Executions:
    """Serve jobs; their executions, for who reads their logs."""
    executions = Executions(cloud, runner)
    service = Jobs(cloud, executions)
    one = GROUP + JOBS + "/{name}"
    run = one + "/executions/{execution}"
    add = cloud.arm.add
    add("PUT", one, service.put, action=f"{JOBS}/write", takes=JOB, known=specified("201 InProgress with Azure-AsyncOperation"))
    changed = specified("202 without a body, with Azure-AsyncOperation and Location")
    add("PATCH", one, service.patch, action=f"{JOBS}/write", takes=JOB, known=changed)
    serve_reads(cloud, JOBS, one=specified, group=specified, subscription=specified)
    add("POST", f"{one}/listSecrets", service.secrets, action=f"{JOBS}/listSecrets/action", known=specified("200 with the values"))
    add("DELETE", one, service.delete, action=f"{JOBS}/delete", known=specified("202 without a body, with Location, 204"))
    add("POST", f"{one}/start", service.start, action=f"{JOBS}/start/action", known=specified("200 with the execution's name and id"))
    add("POST", f"{run}/stop", service.stop, action=f"{JOBS}/stop/action", known=specified("200 without a body"))
    add("GET", f"{one}/executions", service.list_executions, action=f"{JOBS}/executions/read", known=specified("200 with a list"))
    add("GET", run, service.get_execution, action=f"{JOBS}/executions/read", known=specified("200, 404"))
    add("GET", f"{run}/replicas", service.replicas, action=f"{JOBS}/executions/read", known=reported("200 with a list", _CLIENT))
    add("POST", f"{one}/getAuthToken", service.token, action=f"{JOBS}/getAuthToken/action", known=reported("200 with a token", _CLIENT))
    app_operations.serve(cloud, _LONG_RUNNING)
    cloud.operations.when_done("job", service.provisioned, failed=service.provisioning_failed)
    cloud.operations.when_done("job-delete", service.deleted, failed=service.provisioning_failed)
    cloud.on_group_delete(JOBS, service.remove, _DELETE_SECONDS)
    executions.resume()
    return executions


class Jobs:
    """The jobs of one practice cloud."""

    def __init__(self, cloud: PracticeCloud, executions: Executions) -> None:
        self._cloud, self._executions = cloud, executions
        self._literals = cloud.store.collection("vault_app_secrets")

    async def put(self, request: Request) -> Answer:
        """PUT of a job: created, or replaced as a whole."""
        validation.check_name(request.names["name"])
        existing = self._cloud.store.resources.get(arm_id(request.names, JOBS, request.names["name"]))
        if existing is not None:
            self._refuse_while_busy(existing)
        job = self._checked(request, body_of(request), existing)
        self._cloud.store.resources[job["id"]] = job
        operation = self._cloud.operations.begin("job", job["id"], _JOB_SECONDS)
        return Answer(201, job, operation_headers(self._cloud, request, operation, job, _LONG_RUNNING, results=False))

    async def patch(self, request: Request) -> Answer:
        """PATCH of a job: what is sent is merged into what is there; secrets that are sent without a value keep theirs."""
        existing = read(self._cloud, request, JOBS)
        self._refuse_while_busy(existing)
        sent = body_of(request)
        whole = documents.merged(existing, {key: sent[key] for key in ("tags", "properties") if key in sent})
        whole["identity"] = sent.get("identity")
        values = self._literals.get(existing["id"]) or {}
        for secret in _secrets(whole):
            if not secret.get("keyVaultUrl") and not secret.get("value") and secret["name"] in values:
                secret["value"] = values[secret["name"]]
        job = self._checked(request, whole, existing)
        self._cloud.store.resources[job["id"]] = job
        operation = self._cloud.operations.begin("job", job["id"], _JOB_SECONDS)
        return Answer(202, None, operation_headers(self._cloud, request, operation, job, _LONG_RUNNING))

    async def secrets(self, request: Request) -> Answer:
        """POST listSecrets: the job's secrets with their values, but for those that a vault holds."""
        job = read(self._cloud, request, JOBS)
        values = self._literals.get(job["id"]) or {}
        shown = job["properties"]["configuration"]["secrets"] or []
        return Answer(
            200, {"value": [each if "keyVaultUrl" in each else {**each, "value": values.get(each["name"], "")} for each in shown]}
        )

    async def delete(self, request: Request) -> Answer:
        """DELETE of a job with its executions; 204 where there is none."""
        job = self._cloud.store.resources.get(arm_id(request.names, JOBS, request.names["name"]))
        if job is None:
            return Answer(204)
        self._refuse_while_busy(job)
        job["properties"]["provisioningState"] = "Deleting"
        self._cloud.store.resources[job["id"]] = job
        operation = self._cloud.operations.begin("job-delete", job["id"], _DELETE_SECONDS)
        return Answer(202, None, operation_headers(self._cloud, request, operation, job, _LONG_RUNNING, status=False))

    async def start(self, request: Request) -> Answer:
        """POST start: an execution begins, with containers of its own where the body names some."""
        job = read(self._cloud, request, JOBS)
        self._refuse_while_busy(job)
        template = dict(job["properties"]["template"])
        if request.body and (sent := shaped(EXECUTION_TEMPLATE, request.body)).get("containers"):
            template["containers"] = documents.shown_containers(sent, job["name"])
        execution = self._executions.start(job, template)
        return Answer(200, {"name": execution["name"], "id": execution["id"]})

    async def stop(self, request: Request) -> Answer:
        """POST stop of an execution."""
        await self._executions.stop(self._execution(request))
        return Answer(200)

    async def list_executions(self, request: Request) -> Answer:
        """GET of a job's executions, the newest first."""
        job = read(self._cloud, request, JOBS)
        return Answer(200, {"value": [_shown(execution) for execution in self._executions.of(job["id"])]})

    async def get_execution(self, request: Request) -> Answer:
        """GET of one execution."""
        return Answer(200, _shown(self._execution(request)))

    async def replicas(self, request: Request) -> Answer:
        """GET of an execution's replicas, with the addresses of their logs."""
        job, execution = read(self._cloud, request, JOBS), self._execution(request)
        name, replica = execution["template"]["containers"][0]["name"], execution["replica"]
        base = f"{stream_base(job['id'], job['location'])}/executions/{execution['name']}/replicas/{replica}/containers/{name}"
        runs = execution["properties"]["status"] == RUNNING
        container = {"name": name, "ready": runs, "started": runs, "restartCount": 0, "logStreamEndpoint": f"{base}/logstream"}
        properties = {"createdTime": execution["properties"]["startTime"], "containers": [container]}
        return Answer(200, {"value": [{"id": f"{execution['id']}/replicas/{replica}", "name": replica, "properties": properties}]})

    async def token(self, request: Request) -> Answer:
        """POST getAuthToken: the token that opens the logs of the job's replicas."""
        return Answer(200, stream_token(self._cloud, read(self._cloud, request, JOBS), request.caller))

    async def provisioned(self, operation: Document) -> None:
        """End a write."""
        self._settle(operation, "Succeeded")

    async def provisioning_failed(self, operation: Document) -> None:
        """End an operation on a job that Azure could not carry out."""
        self._settle(operation, "Failed")

    async def deleted(self, operation: Document) -> None:
        """End a deletion."""
        await self.remove(operation["target"])

    async def remove(self, job_id: str) -> None:
        """Delete a job with its executions and its identity."""
        if job_id not in self._cloud.store.resources:
            return
        await self._executions.remove(job_id)
        remove_identity(self._cloud, self._cloud.store.resources.pop(job_id))
        self._literals.pop(job_id, None)

    def _checked(self, request: Request, sent: Mapping[str, Any], existing: Document | None) -> Document:
        """The job that a request asks for, with its identity; its literal secrets are kept already."""
        environment = environment_for(self._cloud, request, sent, JOBS)
        job = self._composed(request, sent, existing, environment)
        configuration, template = job["properties"]["configuration"], job["properties"]["template"]
        names = {secret["name"] for secret in configuration["secrets"] or []}
        if len(template["containers"]) != 1 or template["initContainers"]:
            raise validation.invalid_field("template.containers", "Invalid value: the practice cloud runs one container in a job")
        validation.check_container(template["containers"][0], template, names)
        for volume in template["volumes"] or []:
            if volume.get("storageType") in SHARES and find_storage(self._cloud, environment["id"], str(volume.get("storageName"))) is None:
                raise storage_not_found(str(volume.get("storageName")))
        literals = {secret["name"]: str(secret["value"]) for secret in _secrets(sent) if not secret.get("keyVaultUrl")}
        had = job["identity"].get("principalId")
        change_identity(self._cloud, job, sent.get("identity"), request.caller)
        try:
            identity_access.check(self._cloud, job, literals)
        except AzureError:
            if not had:
                remove_identity(self._cloud, job)
            raise
        self._literals[job["id"]] = literals
        return job

    def _composed(self, request: Request, sent: Mapping[str, Any], existing: Document | None, environment: Document) -> Document:
        """The job as a GET shows it while the write goes on."""
        name = existing["name"] if existing else request.names["name"]
        job_id = existing["id"] if existing else arm_id(request.names, JOBS, name)
        properties = sent.get("properties") or {}
        profile = properties.get("workloadProfileName") or ("Consumption" if environment["properties"]["workloadProfiles"] else None)
        job = {
            "id": job_id,
            "name": name,
            "type": JOBS,
            "location": environment["location"],
            "systemData": system_data(self._cloud.clock, request.caller, existing),
            "properties": {
                "provisioningState": "InProgress",
                "environmentId": environment["id"],
                "workloadProfileName": profile,
                "outboundIpAddresses": [environment["properties"]["staticIp"]],
                "configuration": _configuration(properties.get("configuration") or {}),
                "template": _template(properties.get("template") or {}, name),
                "eventStreamEndpoint": f"{stream_base(job_id, environment['location'])}/eventstream",
            },
            "identity": dict(existing["identity"]) if existing else {"type": "None"},
        }
        return job | ({"tags": sent["tags"]} if sent.get("tags") else {})

    def _execution(self, request: Request) -> Document:
        job = read(self._cloud, request, JOBS)
        execution = self._executions.find(job["id"], request.names["execution"])
        if execution is None:
            message = f"Job execution '{request.names['execution']}' of job '{job['name']}' was not found."
            raise AzureError(404, "JobExecutionNotFound", message)
        return execution

    def _refuse_while_busy(self, job: Document) -> None:
        if self._cloud.operations.running_on(job["id"]) is not None:
            message = f"Cannot modify a container apps job '{job['name']}' because there is an operation in progress."
            raise AzureError(409, "ContainerAppsJobOperationInProgress", message)

    def _settle(self, operation: Document, state: str) -> None:
        job = self._cloud.store.resources.get(operation["target"])
        if job is not None:
            job["properties"]["provisioningState"] = state
            self._cloud.store.resources[job["id"]] = job


def _secrets(sent: Mapping[str, Any]) -> list[dict[str, Any]]:
    return ((sent.get("properties") or {}).get("configuration") or {}).get("secrets") or []


def _configuration(sent: Mapping[str, Any]) -> dict[str, Any]:
    """``properties.configuration`` without the values of secrets; the service requires how it is triggered, and how long it may take."""
    validation.check_secrets(sent.get("secrets") or [], {})
    if not sent.get("replicaTimeout") or not sent.get("triggerType"):
        missing = "replicaTimeout" if not sent.get("replicaTimeout") else "triggerType"
        raise validation.invalid_field(f"configuration.{missing}", "Required value")
    counts = sent.get("manualTriggerConfig") or {}
    defaults = {"replicaCompletionCount": counts.get("replicaCompletionCount") or 1, "parallelism": counts.get("parallelism") or 1}
    return {
        "secrets": documents.shown_secrets(sent),
        "triggerType": sent["triggerType"],
        "replicaTimeout": sent["replicaTimeout"],
        "replicaRetryLimit": sent.get("replicaRetryLimit") or 0,
        "manualTriggerConfig": defaults if sent["triggerType"] == "Manual" else None,
        "scheduleTriggerConfig": sent.get("scheduleTriggerConfig"),
        "eventTriggerConfig": None,
        "registries": documents.shown_registries(sent),
        "identitySettings": sent.get("identitySettings") or [],
    }


def _template(sent: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {
        "containers": documents.shown_containers(sent, name),
        "initContainers": sent.get("initContainers") or None,
        "volumes": documents.shown_volumes(sent),
    }


def _shown(execution: Document) -> Document:
    return {member: execution[member] for member in ("id", "name", "type", "properties")}
