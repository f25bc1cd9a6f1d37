"""Container apps (Microsoft.App/containerApps): what a request may ask for, what it makes, and when that is done."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from wizard.practice.apps import documents as app_documents
from wizard.practice.apps import identity_access as app_access
from wizard.practice.apps import validation as app_rules
from wizard.practice.apps.fleet import Fleet
from wizard.practice.apps.ingress import Ingress
from wizard.practice.apps.mounts import SHARES
from wizard.practice.apps.placement import environment_for
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import arm_id, body_of, read, system_data
from wizard.practice.environments.identities import change_identity, remove_identity
from wizard.practice.environments.operations import operation_headers
from wizard.practice.environments.storages import find_storage, storage_not_found
from wizard.practice.environments.stream_tokens import stream_base, stream_token
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.requests import Answer, Request
from wizard.practice.kernel.store import Document

APPS = "Microsoft.App/containerApps"
_APP_SECONDS, DELETE_SECONDS = 30, 15


class ContainerApps:
    """The apps of one practice cloud."""

    def __init__(self, cloud: PracticeCloud, fleet: Fleet, ingress: Ingress) -> None:
        self._cloud, self._fleet, self._ingress = cloud, fleet, ingress
        self._literals = cloud.store.collection("vault_app_secrets")

    async def put(self, request: Request) -> Answer:
        """PUT of an app: created, or replaced as a whole."""
        name = request.names["name"]
        app_rules.check_name(name)
        existing = self._cloud.store.resources.get(arm_id(request.names, APPS, name))
        sent = body_of(request)
        app = self._checked(request, sent, existing, {})
        return Answer(201, app, await self._begun(request, app, results=False))

    async def patch(self, request: Request) -> Answer:
        """PATCH of an app: what is sent is merged into what is there."""
        existing = read(self._cloud, request, APPS)
        sent = body_of(request)
        whole = app_documents.merged(
            existing, {key: value for key, value in sent.items() if key in ("tags", "properties", "workloadProfileName")}
        )
        whole["identity"] = sent.get("identity")
        app = self._checked(request, whole, existing, app_access.app_secrets(self._cloud, existing))
        return Answer(202, None, await self._begun(request, app))

    async def delete(self, request: Request) -> Answer:
        """DELETE of an app; 204 where there is none."""
        app = self._cloud.store.resources.get(arm_id(request.names, APPS, request.names["name"]))
        if app is None:
            return Answer(204)
        self._refuse_while_busy(app)
        app["properties"]["provisioningState"] = "Deleting"
        self._cloud.store.resources[app["id"]] = app
        operation = self._cloud.operations.begin("app-delete", app["id"], DELETE_SECONDS)
        return Answer(202, None, operation_headers(self._cloud, request, operation, app, "containerapp", status=False))

    async def list_secrets(self, request: Request) -> Answer:
        """POST listSecrets: the app's secrets with their values, but for those that a vault holds."""
        app = read(self._cloud, request, APPS)
        values = app_access.app_secrets(self._cloud, app)
        shown = [
            secret if "keyVaultUrl" in secret else {"name": secret["name"], "value": values.get(secret["name"], "")}
            for secret in app["properties"]["configuration"]["secrets"] or []
        ]
        return Answer(200, {"value": shown})

    async def auth_token(self, request: Request) -> Answer:
        """POST getAuthtoken: the token that opens the app's streams of logs."""
        return Answer(200, stream_token(self._cloud, read(self._cloud, request, APPS), request.caller))

    async def verification_id(self, request: Request) -> Answer:
        """The same for every app of the subscription, as the value of its ``asuid`` record."""
        return Answer(200, _verification_id(self._cloud))

    async def start(self, request: Request) -> Answer:
        """POST start: a stopped app runs again."""
        return await self._switch(request, "Running")

    async def stop(self, request: Request) -> Answer:
        """POST stop: every replica ends until the app is started again."""
        return await self._switch(request, "Stopped")

    async def provisioned(self, operation: Document) -> None:
        """End of a write: what it deployed is running by now or has failed; either way the write itself succeeded."""
        app = self._cloud.store.resources.get(operation["target"])
        if app is None:
            return
        revision = self._fleet.latest(app["id"])
        if revision is not None and revision.active and not self._fleet.stopped(app["id"]):
            await revision.settled.wait()
        self._settle(operation, "Succeeded")

    async def provisioning_failed(self, operation: Document) -> None:
        """End an operation on an app that Azure could not carry out."""
        self._settle(operation, "Failed")

    async def deleted(self, operation: Document) -> None:
        """End a deletion: the app and all its revisions are gone."""
        await self.remove(operation["target"])

    async def remove(self, app_id: str) -> None:
        """Delete an app with everything that runs of it and its identity."""
        if app_id not in self._cloud.store.resources:
            return
        await self._fleet.remove(app_id)
        app = self._cloud.store.resources.pop(app_id)
        remove_identity(self._cloud, app)
        self._literals.pop(app_id, None)
        await self._ingress.sync()

    def _checked(self, request: Request, whole: Mapping[str, Any], existing: Document | None, known: Mapping[str, str]) -> Document:
        """The app that a request asks for, with its identity; its literal secrets are kept already.

        :param whole: what the app shall be; only ``identity`` may be absent, which leaves it as it is.
        :param known: values of literal secrets that need not be sent again.
        """
        environment = environment_for(self._cloud, request, whole, APPS)
        if existing is not None:
            self._refuse_while_busy(existing)
        app = self._composed(request, whole, existing, environment)
        literals = _literals(whole, known)
        properties = app["properties"]
        app_rules.check_configuration(properties["configuration"])
        app_rules.check_template(
            request.names["name"], properties["template"], {s["name"] for s in properties["configuration"]["secrets"] or []}
        )
        self._check_suffix(app)
        for volume in properties["template"]["volumes"] or []:
            if volume.get("storageType") in SHARES and find_storage(self._cloud, environment["id"], str(volume.get("storageName"))) is None:
                raise storage_not_found(str(volume.get("storageName")))
        had = app["identity"].get("principalId")
        change_identity(self._cloud, app, whole.get("identity"), request.caller)
        try:
            app_access.check(self._cloud, app, literals)
        except AzureError:
            if not had:
                remove_identity(self._cloud, app)
            raise
        self._literals[app["id"]] = literals
        return app

    async def _begun(self, request: Request, app: Document, *, results: bool = True) -> dict[str, str]:
        """Keep the app, start the operation and what is new of the app, with nothing in between; the headers that tell of it."""
        self._cloud.store.resources[app["id"]] = app
        operation = self._cloud.operations.begin("app", app["id"], _APP_SECONDS)
        if app["properties"]["runningStatus"] == "Running" and not operation["data"].get("doomed"):
            self._fleet.deploy(app)
        await self._ingress.sync()
        return operation_headers(self._cloud, request, operation, app, "containerapp", results=results)

    def _composed(self, request: Request, whole: Mapping[str, Any], existing: Document | None, environment: Document) -> Document:
        """The app as a GET shows it while the write goes on (recorded: PUT 201 InProgress)."""
        name = existing["name"] if existing else request.names["name"]
        app_id = existing["id"] if existing else arm_id(request.names, APPS, name).replace("/containerApps/", "/containerapps/")  # recorded
        sent = whole.get("properties") or {}
        configuration, domain = dict(sent.get("configuration") or {}), environment["properties"]["defaultDomain"]
        app_rules.check_secrets(configuration.get("secrets") or [], self._known(existing, request.method))
        before = existing["properties"] if existing else {}
        profile = sent.get("workloadProfileName") or ("Consumption" if environment["properties"]["workloadProfiles"] else None)
        app = {
            "id": app_id,
            "name": name,
            "type": APPS,
            "location": environment["location"],
            "systemData": system_data(self._cloud.clock, request.caller, existing),
            "properties": {
                "provisioningState": "InProgress",
                "runningStatus": before.get("runningStatus", "Running"),
                "managedEnvironmentId": environment["id"],
                "environmentId": environment["id"],
                "workloadProfileName": profile,
                "outboundIpAddresses": [environment["properties"]["staticIp"]],
                "latestRevisionName": before.get("latestRevisionName", ""),
                "latestReadyRevisionName": before.get("latestReadyRevisionName", ""),
                "latestRevisionFqdn": before.get("latestRevisionFqdn", ""),
                "customDomainVerificationId": before.get("customDomainVerificationId") or _verification_id(self._cloud),
                "configuration": app_documents.configuration(configuration, f"{name}.internal.{domain}", f"{name}.{domain}"),
                "template": app_documents.template(sent.get("template") or {}, name),
                "eventStreamEndpoint": f"{stream_base(app_id, environment['location'])}/eventstream",
                "delegatedIdentities": [],
            },
            "identity": dict(existing["identity"]) if existing else {"type": "None"},
        }
        if whole.get("tags"):
            app["tags"] = whole["tags"]
        return app

    def _known(self, existing: Document | None, method: str) -> dict[str, str]:
        return app_access.app_secrets(self._cloud, existing) if existing and method == "PATCH" else {}

    def _check_suffix(self, app: Document) -> None:
        """Refuse a suffix that another revision of the app has had."""
        template = app["properties"]["template"]
        suffix = template["revisionSuffix"]
        used = self._fleet.get(app["id"], f"{app['name']}--{suffix}") if suffix else None
        latest = self._fleet.latest(app["id"])
        if used is not None and (used is not latest or not app_documents.same_template(used.document["properties"]["template"], template)):
            raise app_rules.invalid_field(
                "template.revisionsuffix", f'Invalid value: "{suffix}": revision with suffix {suffix} already exists.'
            )

    def _refuse_while_busy(self, app: Document) -> None:
        if self._cloud.operations.running_on(app["id"]) is not None:
            message = f"Cannot modify a container app '{app['name']}' because there is an operation in progress."
            raise AzureError(409, "ContainerAppOperationInProgress", message)

    async def _switch(self, request: Request, status: str) -> Answer:
        app = read(self._cloud, request, APPS)
        self._refuse_while_busy(app)
        if app["properties"]["runningStatus"] != status:
            app["properties"]["runningStatus"] = status
            self._cloud.store.resources[app["id"]] = app
            if status == "Running":
                self._fleet.start_app(app["id"])
            else:
                await self._fleet.stop_app(app["id"])
        return Answer(202, None, await self._begun(request, app))

    def _settle(self, operation: Document, state: str) -> None:
        app = self._cloud.store.resources.get(operation["target"])
        if app is None:
            return
        app["properties"]["provisioningState"] = state
        latest = self._fleet.latest(app["id"])
        if latest is not None:
            app["properties"]["latestRevisionName"] = latest.name
            app["properties"]["latestRevisionFqdn"] = self._fleet.fqdn(latest)
        self._cloud.store.resources[app["id"]] = app


def _verification_id(cloud: PracticeCloud) -> str:
    """Derived from the subscription, so that it is always the same."""
    return hashlib.sha256(cloud.subscription_id.encode()).hexdigest().upper()


def _literals(whole: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    """The values of the literal secrets that the app shall have."""
    sent = ((whole.get("properties") or {}).get("configuration") or {}).get("secrets") or []
    return {s["name"]: str(s.get("value") or known[s["name"]]) for s in sent if not s.get("keyVaultUrl")}
