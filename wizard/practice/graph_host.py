"""graph.microsoft.com: who one is and what principals are called; everything else is refused."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from wizard.practice.access.directory import OWNER, USER
from wizard.practice.access.tokens import GRAPH, TokenRefused
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.bodies import read_body
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import documented
from wizard.practice.kernel.requests import Caller
from wizard.practice.kernel.shapes import TEXT, parsed, shaped
from wizard.practice.kernel.store import Document

HOST = "graph.microsoft.com"
LARGEST_BODY = 1 << 20
_PEOPLE = {USER: "Practice user", OWNER: "Olivia Owner"}
_METADATA = "https://graph.microsoft.com/v1.0/$metadata"
_FILTER = re.compile(r"(appId|id|servicePrincipalNames/any\(c:\s*c)\s+eq\s+'([^']*)'", re.IGNORECASE)
_BY_APP = re.compile(r"/v1\.0/servicePrincipals\(appId='([^']*)'\)", re.IGNORECASE)
_USER = re.compile(r"/v1\.0/users/[^/]+")
# The segments of Graph that clients of Azure's ask; what a caller may not is refused after the address was found good.
_SEGMENTS = (
    "me", "users", "groups", "directory", "directoryObjects", "directoryRoles", "servicePrincipals", "applications", "policies",
    "organization", "domains", "devices", "oauth2PermissionGrants", "roleManagement", "identity", "subscribedSkus",
    "tenantRelationships", "auditLogs",
    "contacts", "invitations", "subscriptions", "$batch", "$metadata",
)  # fmt: skip
KNOWN = {
    "GET /v1.0/me": documented("200 with the user, 400 for an application"),
    "GET /v1.0/users/{id}": documented("200 with the user of that id or name, 404 Request_ResourceNotFound"),
    "POST /v1.0/directoryObjects/getByIds": documented("200 with those that exist"),
    "GET /v1.0/servicePrincipals": documented("200 with those that the filter names"),
    "GET /v1.0/servicePrincipals/{id}": documented("200, 404 Request_ResourceNotFound"),
    "any other": documented("403 Authorization_RequestDenied; 400 BadRequest for a version or segment that Graph does not have"),
}


class Graph:
    """The small part of Microsoft Graph that clients ask on this path."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request to Microsoft Graph."""
        try:
            caller = self._cloud.tokens.caller(request.headers.get("Authorization"), GRAPH)
        except TokenRefused as refused:
            missing = not request.headers.get("Authorization")
            return _error(401, "InvalidAuthenticationToken", "Access token is empty." if missing else refused.message)
        try:
            return await self._answer(request, caller)
        except AzureError:
            return _error(
                400,
                "BadRequest",
                "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
            )

    async def _answer(self, request: web.Request, caller: Caller) -> web.Response:
        path, method = request.path.rstrip("/"), request.method
        version, _, segments = path.lstrip("/").partition("/")
        if version not in ("v1.0", "beta"):
            return _error(400, "BadRequest", f"Invalid version: {version}.")
        if (segment := re.split(r"[/(]", segments)[0]) not in _SEGMENTS:
            return _error(400, "BadRequest", f"Resource not found for the segment '{segment}'.")
        if (method, path) == ("GET", "/v1.0/me"):
            return self._me(caller)
        if (method, path) == ("POST", "/v1.0/directoryObjects/getByIds"):
            return self._by_ids(shaped({"ids": [TEXT], "types": [TEXT]}, parsed(await read_body(request, LARGEST_BODY))))
        if (method, path) == ("GET", "/v1.0/servicePrincipals"):
            return self._service_principals(request.query.get("$filter", ""))
        if method == "GET" and path.endswith("/transitiveMemberOf/microsoft.graph.directoryRole"):
            return self._directory_roles()
        if method == "GET" and path.endswith("/appRoleAssignments"):
            return web.json_response({"@odata.context": f"{_METADATA}#appRoleAssignments", "value": []})
        if (method, path) == ("GET", "/v1.0/policies/authorizationPolicy"):
            return self._policy()
        if method == "GET" and _USER.fullmatch(path):
            return self._user(path.removeprefix("/v1.0/users/"))
        if method == "GET" and (match := _BY_APP.fullmatch(path)):
            return self._service_principals_by_app(match[1])
        if method == "GET" and path.startswith("/v1.0/servicePrincipals/"):
            return self._service_principal(path.rsplit("/", 1)[1])
        return _error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")

    def _me(self, caller: Caller) -> web.Response:
        user = self._cloud.directory.get(caller.object_id)
        if user is None or user["kind"] != "User":
            return _error(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
        return web.json_response({"@odata.context": f"{_METADATA}#users/$entity", **_described(user)})

    def _user(self, wanted: str) -> web.Response:
        """Someone by object id or user principal name (Get a user, learn.microsoft.com/graph/api/user-get)."""
        user = self._cloud.directory.user(unquote(wanted))
        if user is None:
            message = f"Resource '{wanted}' does not exist or one of its queried reference-property objects are not present."
            return _error(404, "Request_ResourceNotFound", message)
        return web.json_response({"@odata.context": f"{_METADATA}#users/$entity", **_described(user)})

    def _directory_roles(self) -> web.Response:
        """The account may register applications, unless fault ``no-app-registration`` takes that away."""
        developer = {
            "@odata.type": "#microsoft.graph.directoryRole",
            "displayName": "Application Developer",
            "roleTemplateId": "cf1c38e5-3621-4004-a7cb-879624dced7c",
        }
        value = [] if self._cloud.faults.active("no-app-registration") else [developer]
        return web.json_response({"@odata.context": f"{_METADATA}#directoryRoles(displayName,roleTemplateId)", "value": value})

    def _policy(self) -> web.Response:
        allowed = not self._cloud.faults.active("no-app-registration")
        permissions = {"allowedToCreateApps": allowed, "allowedToCreateSecurityGroups": True, "allowedToReadOtherUsers": True}
        context = f"{_METADATA}#policies/authorizationPolicy/$entity"
        return web.json_response({"@odata.context": context, "id": "authorizationPolicy", "defaultUserRolePermissions": permissions})

    def _by_ids(self, body: dict[str, Any]) -> web.Response:
        principals = [self._cloud.directory.get(identifier) for identifier in body.get("ids", [])]
        value = [{"@odata.type": _odata_type(principal), **_described(principal)} for principal in principals if principal is not None]
        recorded = {"Location": "https://graph.microsoft.com"}
        return web.json_response({"@odata.context": f"{_METADATA}#directoryObjects", "value": value}, headers=recorded)

    def _service_principals(self, text: str) -> web.Response:
        match = _FILTER.search(text)
        if match is None:
            return _error(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
        by_object_id = match[1].lower() == "id"
        principal = self._cloud.directory.get(match[2]) if by_object_id else self._cloud.directory.by_client_id(match[2])
        principals = [_described(principal)] if principal is not None and principal["kind"] != "User" else []
        return web.json_response({"@odata.context": f"{_METADATA}#servicePrincipals", "value": principals})

    def _service_principals_by_app(self, app_id: str) -> web.Response:
        """One by its alternate key (learn.microsoft.com/graph/api/serviceprincipal-get)."""
        principal = self._cloud.directory.by_client_id(app_id)
        return self._service_principal(principal["object_id"] if principal is not None else app_id)

    def _service_principal(self, object_id: str) -> web.Response:
        principal = self._cloud.directory.get(object_id)
        if principal is None or principal["kind"] == "User":
            absent = f"Resource '{object_id}' does not exist or one of its queried reference-property objects are not present."
            return _error(404, "Request_ResourceNotFound", absent)
        return web.json_response({"@odata.context": f"{_METADATA}#servicePrincipals/$entity", **_described(principal)})


def _odata_type(principal: Document) -> str:
    return "#microsoft.graph.user" if principal["kind"] == "User" else "#microsoft.graph.servicePrincipal"


def _described(principal: Document) -> dict[str, Any]:
    if principal["kind"] == "User":
        return {
            "id": principal["object_id"],
            "displayName": _PEOPLE[principal["object_id"]],
            "userPrincipalName": principal["name"],
            "mail": principal["name"],
        }
    managed = principal["kind"] == "ManagedIdentity"
    return {
        "id": principal["object_id"],
        "accountEnabled": True,
        "alternativeNames": ["isExplicit=False", principal["resource_id"]] if managed else [],
        "appId": principal["client_id"],
        "displayName": principal["name"],
        "servicePrincipalNames": [principal["client_id"]],
        "servicePrincipalType": "ManagedIdentity" if managed else "Application",
    }


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


def install(cloud: PracticeCloud) -> None:
    """Serve graph.microsoft.com."""
    cloud.hosts.add(HOST, Graph(cloud).handle)
