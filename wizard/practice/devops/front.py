"""Azure DevOps: dev.azure.com and the host of profiles. Sign-in, api-versions and routes, before a service sees a request."""

from __future__ import annotations

import base64
import hmac
import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from wizard.practice.access.directory import CLIENT_ID, SERVICE_PRINCIPAL, USER
from wizard.practice.access.tokens import DEVOPS, TokenRefused
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.bodies import BodyRefused, read_body
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import documented, judged, reported
from wizard.practice.kernel.requests import Caller
from wizard.practice.kernel.shapes import parsed
from wizard.practice.kernel.store import Document

log = logging.getLogger(__name__)

HOST = "dev.azure.com"
LARGEST_BODY = 128 << 20  # of a push over REST
PROFILE_HOST = "app.vssps.visualstudio.com"
ORGANIZATION = "contoso"
PROJECT = "orders"
REPOSITORY = "orders-api"
_MEMBERS = (USER, SERVICE_PRINCIPAL)
_SIGN_IN_PAGE = (
    "<!DOCTYPE html>\r\n<html><head><title>Azure DevOps Services | Sign In</title></head>\r\n"
    "<body><h1>Sign in to your account</h1></body></html>\r\n"
)
KNOWN = {
    "any without a token": reported("203 with the sign-in page, as clients meet it"),
    "OPTIONS /{organization}/_apis": reported("200 with resource locations", "azure-devops-python-api"),
    "GET _apis/resourceAreas, connectionData": documented("200"),
    "GET _apis/projects, git/..., build/..., serviceendpoint/...": documented("200 as the REST reference has it"),
    "GET _apis/distributedtask/pools, queues, variablegroups": documented("200 with Microsoft's machines, and no group of variables"),
    "POST git/.../pushes, pipelines, pipelines/{id}/runs": documented("201, 200; the run carries Docker steps out and names the others"),
    "GET any with an api-version that is no number": judged("as without one"),
    "any other": reported("404 HttpException, the controller was not found", "hkarthik7/azure-devops-java-sdk issue 103"),
}

NEWEST = (7, 2)  # version of the REST API (learn.microsoft.com/rest/api/azure/devops)


@dataclass
class DevOpsRequest:
    """One request: `project` is the project of its path, None for what concerns the organization; `names` what its route left open."""

    method: str
    project: Document | None
    names: dict[str, str]
    query: Any
    body: Any
    accept: str
    caller: Caller


Handler = Callable[[DevOpsRequest], Awaitable[web.Response]]


class DevOpsError(Exception):
    """A refusal in the words of Azure DevOps: `type_key` is its exception's name, such as ``GitReferenceStaleException``."""

    def __init__(self, status: int, type_key: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.type_key = type_key
        self.message = message

    def answer(self) -> web.Response:
        """The refusal as Azure DevOps writes it: JSON with message, typeName and typeKey."""
        name = f"Microsoft.TeamFoundation.{self.type_key}, Microsoft.TeamFoundation"
        body = {"$id": "1", "innerException": None, "message": self.message, "typeName": name, "typeKey": self.type_key}
        return web.json_response({**body, "errorCode": 0, "eventId": 3000}, status=self.status)


class DevOpsFront:
    """The front of the organization `ORGANIZATION`, which exists with one project and one empty repository.

    Its members are the practice account and the practice user; an account that is only a reader (fault ``account:reader``) changes
    nothing. By Basic a personal access token is taken, as which the client secret of practice.json serves, and an access token of
    Microsoft Entra ID, which is what the azure-devops extension of az sends (1.0.7, services.py).
    """

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._routes: list[tuple[str, re.Pattern[str], bool, Handler]] = []
        self.options: Callable[[str], web.Response] | None = None
        self.git: Callable[[web.Request, str], Awaitable[web.Response | None]] | None = None
        self.projects = cloud.store.collection("devops_projects")
        if PROJECT not in self.projects:
            self.projects[PROJECT] = {
                "id": str(uuid.uuid4()),
                "name": PROJECT,
                "url": f"https://{HOST}/{ORGANIZATION}/_apis/projects/{PROJECT}",
                "state": "wellFormed",
                "revision": 11,
                "visibility": "private",
                "lastUpdateTime": "2026-01-01T00:00:00.000Z",
            }

    def add(self, method: str, template: str, handler: Handler, *, preview: bool = False) -> None:
        """Serve ``_apis/`` + `template`, such as ``git/repositories/{repository}/refs``.

        :param preview: only an api-version with ``-preview`` is taken.
        """
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
        self._routes.append((method, re.compile(pattern, re.IGNORECASE), preview, handler))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request; who is not signed in gets the sign-in page with status 203, as a browser would (reference.md 6)."""
        try:
            caller = self._caller(request.headers.get("Authorization"))
            organization, _, rest = request.path.strip("/").partition("/")
            if request.host.partition(":")[0].lower() == PROFILE_HOST:
                return await self._answer(request, caller, request.path.strip("/"))
            if self._cloud.faults.active("no-organization"):
                raise TokenRefused("VS800075", f"{caller.name} is no member of the organization {organization}.")
            if request.method == "OPTIONS" and organization == "_apis":
                return listed([])  # what lies above all organizations, which clients ask for what they miss in one
            if organization.lower() != ORGANIZATION:
                return _page(404, f"<title>Azure DevOps Services</title><p>404 - There is no organization {organization}.</p>")
            if self.git is not None and (answer := await self.git(request, f"/{rest}")) is not None:
                return answer
            return await self._answer(request, caller, rest)
        except TokenRefused:
            if "/_git/" in request.path:  # Git asks for a password where it is told so, and knows no sign-in page
                return web.Response(status=401, headers={"WWW-Authenticate": f'Basic realm="https://{HOST}/"'})
            return _page(203, _SIGN_IN_PAGE)
        except DevOpsError as refusal:
            return refusal.answer()
        except BodyRefused as refusal:
            return DevOpsError(refusal.status, "VssServiceException", refusal.message).answer()
        except Exception:
            log.exception("%s %s broke", request.method, request.path)
            return DevOpsError(500, "VssServiceException", "TF400898: An Internal Error Occurred.").answer()

    async def _answer(self, request: web.Request, caller: Caller, path: str) -> web.Response:
        if request.method == "OPTIONS" and self.options is not None and f"/{path}".endswith("/_apis"):
            return self.options(request.host.partition(":")[0].lower())
        scope, marker, rest = f"/{path}".partition("/_apis/")
        if not marker:
            return _page(200, "<title>Azure DevOps Services</title>")
        project = self.project(scope.strip("/")) if scope.strip("/") else None
        for method, pattern, preview, handler in self._routes:
            match = pattern.fullmatch(rest.rstrip("/"))
            if match and method == request.method:
                _check_version(request, preview)
                if method != "GET":
                    self.check_may_write()
                body = await _body(request)
                accept = request.headers.get("Accept", "")
                return await handler(DevOpsRequest(request.method, project, match.groupdict(), request.query, body, accept, caller))
        message = f"The controller for path '/{path}' was not found or does not implement IController."
        raise DevOpsError(404, "HttpException", message)

    def project(self, name: str) -> Document:
        """A project by its name or id. Raises DevOpsError."""
        match = next((p for p in self.projects.values() if name.lower() in (p["name"].lower(), p["id"])), None)
        if match is None:
            message = f"TF200016: The following project does not exist: {name}. Verify that the name of the project is correct and that "
            raise DevOpsError(
                404, "ProjectDoesNotExistWithNameException", f"{message}the project exists on the specified Azure DevOps Server."
            )
        return match

    def _caller(self, authorization: str | None) -> Caller:
        scheme, _, credentials = (authorization or "").partition(" ")
        if scheme.lower() != "basic":
            return self._signed_in(authorization)
        try:
            token = base64.b64decode(credentials).decode().partition(":")[2]
        except ValueError:
            token = ""
        if token.count(".") == 2:
            return self._signed_in(f"Bearer {token}")
        known = str(self._cloud.store.collection("accounts")[CLIENT_ID]["client_secret"])
        if not hmac.compare_digest(token.encode(), known.encode()):
            raise TokenRefused("TF400813", "The personal access token is not valid.")
        return Caller(SERVICE_PRINCIPAL, CLIENT_ID, CLIENT_ID, "ServicePrincipal", self._cloud.tenant_id)

    def _signed_in(self, authorization: str | None) -> Caller:
        """The member whose access token it is. Raises TokenRefused."""
        caller = self._cloud.tokens.caller(authorization, DEVOPS)
        if caller.object_id not in _MEMBERS:
            raise TokenRefused("VS800075", f"{caller.name} is no member of the organization {ORGANIZATION}.")
        return caller

    def check_may_write(self) -> None:
        """Raises DevOpsError for an account that may only read."""
        if self._cloud.faults.value("account") == "reader":
            message = (
                "TF401027: You need the 'Contribute' permission to perform this action. Details: identity 'practice', scope 'project'."
            )
            raise DevOpsError(403, "AccessDeniedException", message)


def listed(values: list[Any]) -> web.Response:
    """A list as Azure DevOps answers it."""
    return web.json_response({"count": len(values), "value": values})


def in_project(request: DevOpsRequest) -> Document:
    """The project of a request that must have one. Raises DevOpsError."""
    if request.project is None:
        raise DevOpsError(400, "VssPropertyValidationException", "A project name is required in order to reference this resource.")
    return request.project


def _check_version(request: web.Request, preview: bool) -> None:
    version = request.query.get("api-version") or re.sub(r".*api-version=", "", request.headers.get("Accept", ""))
    if request.method != "GET" and not re.match(r"\d+\.\d", version):
        message = f'No api-version was supplied for the "{request.method}" request. The version must be supplied either as part of the '
        raise DevOpsError(
            400,
            "VssVersionNotSpecifiedException",
            f'{message}Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").',
        )
    number = re.match(r"(\d+)\.(\d+)", version)
    if number is not None and (int(number[1]), int(number[2])) > NEWEST:
        latest = ".".join(map(str, NEWEST))
        message = f"The requested REST API version of {number[0]} is out of range for this server. The latest REST API version this server "
        raise DevOpsError(400, "VssVersionOutOfRangeException", f"{message}supports is {latest}.")
    if preview and "-preview" not in version:
        message = f'The requested version "{version}" of the resource is under preview. The -preview flag must be supplied in the '
        raise DevOpsError(
            400, "VssInvalidPreviewVersionException", f'{message}api-version for such requests. For example: "{version}-preview"'
        )


async def _body(request: web.Request) -> Any:
    raw = await read_body(request, LARGEST_BODY)
    try:
        body = parsed(raw) if raw else {}
    except AzureError as refusal:
        raise DevOpsError(400, "VssServiceException", f"{refusal.message} Parameter name: body") from None
    return object_in({"body": body}, "body")


def object_in(body: Document, name: str) -> Document:
    """A member that is an object; empty where it is not there. Raises DevOpsError for one of another kind."""
    value = body.get(name) or {}
    if not isinstance(value, dict):
        raise _of_another_kind(name)
    return value


def objects_in(body: Document, name: str) -> list[Document]:
    """A member that is a list of objects; empty where it is not there. Raises DevOpsError for one of another kind."""
    values = body.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise _of_another_kind(name)
    return values


def _of_another_kind(name: str) -> DevOpsError:
    return DevOpsError(400, "InvalidArgumentValueException", f"The value is of another kind than is wanted here. Parameter name: {name}")


def _page(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/html")
