"""Azure DevOps: service connections to container registries, and who a pipeline is when it uses one."""

from __future__ import annotations

import uuid
from typing import Any

from aiohttp import web

from wizard.practice.access.builtin_roles import role_id
from wizard.practice.access.rbac import authorization_failed
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.devops.front import ORGANIZATION, DevOpsError, DevOpsFront, DevOpsRequest, in_project, listed, object_in, objects_in
from wizard.practice.kernel.requests import Caller
from wizard.practice.kernel.store import Document
from wizard.practice.registry import images

ISSUER = f"https://vstoken.dev.azure.com/{uuid.uuid5(uuid.NAMESPACE_DNS, ORGANIZATION)}"
FEDERATION = "WorkloadIdentityFederation"
AUTOMATIC_SECONDS = 10.0
_OPERATION = "devops-connection"


class PushRefused(Exception):
    """A pipeline may not push: the words its log shows."""


class Connections:
    """The service connections of every project; only the type ``dockerregistry`` for an Azure Container Registry is made here."""

    def __init__(self, cloud: PracticeCloud, front: DevOpsFront) -> None:
        self._cloud = cloud
        self._front = front
        self._documents = cloud.store.collection("devops_connections")

    def find(self, project: Document, name: str) -> Document | None:
        """A project's connection by name or id."""
        return next((item for item in self._of(project) if name.lower() in (item["name"].lower(), item["id"])), None)

    def _of(self, project: Document) -> list[Document]:
        def shared(connection: Document) -> bool:
            return any(reference["projectReference"]["id"] == project["id"] for reference in connection["serviceEndpointProjectReferences"])

        return [document for document in self._documents.values() if shared(document)]

    async def list_all(self, request: DevOpsRequest) -> web.Response:
        """GET of a project's service connections, by name where asked."""
        names = [name.lower() for name in request.query.get("endpointNames", "").split(",") if name]
        return listed([item for item in self._of(in_project(request)) if not names or item["name"].lower() in names])

    async def get(self, request: DevOpsRequest) -> web.Response:
        """GET of one service connection, null where there is none."""
        return web.json_response(self.find(in_project(request), request.names["connection"]))  # null for none

    async def post(self, request: DevOpsRequest) -> web.Response:
        """POST of a service connection to a container registry."""
        body: dict[str, Any] = request.body
        references = objects_in(body, "serviceEndpointProjectReferences")
        if body.get("type") != "dockerregistry" or not body.get("name") or not references:
            raise DevOpsError(
                400,
                "ArgumentException",
                "The practice cloud makes service connections of the type dockerregistry, with a name and a project.",
            )
        reference = object_in(references[0], "projectReference")
        project = self._front.project(str(reference.get("id") or reference.get("name")))
        if self.find(project, str(body["name"])) is not None:
            message = (
                f"Service connection with name {body['name']} already exists. Only a user having Administrator/User role permissions on "
            )
            raise DevOpsError(409, "DuplicateServiceConnectionException", f"{message}service connection {body['name']} can see it.")
        connection = self._document(body, project)
        self._documents[connection["id"]] = connection
        if connection["data"].get("creationMode") == "Automatic":
            connection["isReady"], connection["operationStatus"] = False, {"state": "InProgress", "statusMessage": ""}
            self._documents[connection["id"]] = connection
            caller = {"object_id": request.caller.object_id, "name": request.caller.name}
            self._cloud.operations.begin(_OPERATION, connection["id"], AUTOMATIC_SECONDS, resource_type=_OPERATION, data=caller)
        return web.json_response(connection)

    def _document(self, body: dict[str, Any], project: Document) -> Document:
        authorization = body.get("authorization") or {}
        parameters = dict(authorization.get("parameters") or {})
        if authorization.get("scheme") == FEDERATION:
            subject = f"sc://{ORGANIZATION}/{project['name']}/{body['name']}"
            parameters |= {"workloadIdentityFederationIssuer": ISSUER, "workloadIdentityFederationSubject": subject}
        return {
            "id": str(uuid.uuid4()),
            "name": body["name"],
            "type": body["type"],
            "url": body.get("url"),
            "description": body.get("description") or "",
            "authorization": {"scheme": authorization.get("scheme"), "parameters": parameters},
            "data": dict(body.get("data") or {}),
            "isShared": False,
            "isReady": True,
            "isOutdated": False,
            "operationStatus": {"state": "Ready", "statusMessage": ""},
            "owner": "Library",
            "serviceEndpointProjectReferences": [
                {"projectReference": {"id": project["id"], "name": project["name"]}, "name": body["name"]}
            ],
        }

    async def made(self, operation: Document) -> None:
        """An automatic connection comes about: an application in the directory, and its role on the registry, both as the caller."""
        connection = self._documents.get(operation["target"])
        if connection is None or connection["isReady"]:
            return
        who = operation["data"]
        scope = str(connection["authorization"]["parameters"].get("scope"))
        failure = self._refusal(Caller(who["object_id"], "", who["name"], "", ""), scope)
        if failure is None:
            application = self._cloud.directory.add_application(f"{ORGANIZATION}-{connection['name']}")
            connection["authorization"]["parameters"]["serviceprincipalid"] = application["client_id"]
            connection["data"]["spnObjectId"] = application["object_id"]
            self._grant(application, scope, connection)
        connection["isReady"] = failure is None
        connection["operationStatus"] = {"state": "Ready" if failure is None else "Failed", "statusMessage": failure or ""}
        self._documents[connection["id"]] = connection

    def _refusal(self, caller: Caller, scope: str) -> str | None:
        if self._cloud.faults.active("no-app-registration"):
            return (
                "Failed to create an app in Microsoft Entra. Error: Insufficient privileges to complete the operation in Microsoft Graph "
                "Ensure that the user has permissions to create a Microsoft Entra Application."
            )
        action = "Microsoft.Authorization/roleAssignments/write"
        if not self._cloud.access.allowed(caller.object_id, action, scope):
            words = authorization_failed(caller, action, scope).message
            failed = "Failed to set Azure permission for the service principal on the container registry: error code: Forbidden, "
            return f"{failed}inner error code: AuthorizationFailed, inner error message {words}"
        return None

    def _grant(self, application: Document, scope: str, connection: Document) -> None:
        name = str(uuid.uuid4())
        assignment_id = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"
        definition = f"/subscriptions/{self._cloud.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{role_id('AcrPush')}"
        now = self._cloud.clock.timestamp()
        times = {"createdOn": now, "updatedOn": now, "createdBy": "", "updatedBy": ""}
        more = {"condition": None, "conditionVersion": None, "delegatedManagedIdentityResourceId": None, "description": None}
        holder = {"principalId": application["object_id"], "principalType": "ServicePrincipal"}
        properties = {"roleDefinitionId": definition, **holder, "scope": scope, **more, **times}
        kind = {"type": "Microsoft.Authorization/roleAssignments", "name": name}
        self._cloud.store.collection("role_assignments")[assignment_id] = {"properties": properties, "id": assignment_id, **kind}
        connection["data"]["azureSpnRoleAssignmentId"] = name

    async def delete(self, request: DevOpsRequest) -> web.Response:
        """Delete a connection, and the application that was made with it."""
        connection = self._documents.pop(request.names["connection"], None)
        if connection is None:
            raise DevOpsError(
                404, "ServiceEndpointNotFoundException", f"The service connection {request.names['connection']} was not found."
            )
        if connection["data"].get("creationMode") == "Automatic" and connection["data"].get("spnObjectId"):
            self._cloud.directory.remove(connection["data"]["spnObjectId"])
        return web.Response(status=204)

    def login_server(self, connection: Document) -> str:
        """The registry that a connection leads to."""
        return str(connection["authorization"]["parameters"].get("loginServer") or "").lower()

    def check_push(self, connection: Document) -> None:
        """Sign in as the connection does and ask whether that may push. Raises PushRefused with what the log then shows."""
        parameters = connection["authorization"]["parameters"]
        client_id = str(parameters.get("serviceprincipalid") or "")
        principal = self._cloud.directory.by_client_id(client_id)
        if principal is None:
            raise PushRefused(f"AADSTS700016: Application with identifier '{client_id}' was not found in the directory.")
        if connection["authorization"]["scheme"] == FEDERATION and connection["data"].get("creationMode") != "Automatic":
            self._check_federation(principal, parameters)
        server = self.login_server(connection)
        if images.registry(self._cloud, server) is None:
            raise PushRefused(f'Error response from daemon: Get "https://{server}/v2/": dial tcp: lookup {server}: no such host')
        if not images.may_push(self._cloud, server, principal["object_id"]):
            raise PushRefused("denied: requested access to the resource is denied")

    def _check_federation(self, principal: Document, parameters: dict[str, Any]) -> None:
        federation = (parameters["workloadIdentityFederationIssuer"], parameters["workloadIdentityFederationSubject"])
        credentials = self._cloud.store.collection("federated_credentials")
        prefix = f"{principal['resource_id']}/federatedIdentityCredentials/".lower()
        held = [credential["properties"] for key, credential in credentials.items() if key.lower().startswith(prefix)]
        if not any((item["issuer"], item["subject"]) == federation for item in held):
            raise PushRefused(
                "AADSTS700213: No matching federated identity record found for presented assertion subject "
                f"'{federation[1]}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion."
            )


def install(cloud: PracticeCloud, front: DevOpsFront) -> Connections:
    """Serve service connections."""
    service = Connections(cloud, front)
    front.add("GET", "serviceendpoint/endpoints", service.list_all)
    front.add("GET", "serviceendpoint/endpoints/{connection}", service.get)
    front.add("POST", "serviceendpoint/endpoints", service.post)
    front.add("DELETE", "serviceendpoint/endpoints/{connection}", service.delete)
    cloud.operations.when_done(_OPERATION, service.made)
    return service
