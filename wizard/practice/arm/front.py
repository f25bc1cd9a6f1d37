"""management.azure.com: Azure Resource Manager's own checks, in its order, before a provider sees a request."""

from __future__ import annotations

import base64
import itertools
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web
from multidict import CIMultiDict

from wizard.practice.access.tokens import ARM, TokenRefused
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.governance import policies
from wizard.practice.arm.governance.limits import check_offered
from wizard.practice.arm.governance.locks import check_locks
from wizard.practice.arm.marked_resources import mark
from wizard.practice.arm.regions import region_of, regions_of_type, type_has_location
from wizard.practice.arm.tags import check_tags
from wizard.practice.arm.versions import check_served, check_written, in_version
from wizard.practice.kernel.bodies import BodyRefused, read_body
from wizard.practice.kernel.errors import GATEWAY, OWN_FAULT, AzureError, group_not_found
from wizard.practice.kernel.requests import Answer, Request, Route, group_of, resource_type_of, segments
from wizard.practice.kernel.shapes import parsed

log = logging.getLogger(__name__)

HOST = "management.azure.com"
LARGEST_BODY = 4 << 20  # Resource Manager takes no more
_WRITES = ("PUT", "PATCH", "DELETE", "POST")
_REFUSED = {413: "RequestContentTooLarge", 415: "UnsupportedMediaType", 400: "InvalidRequestContent"}


class Manager:
    """The front of Azure Resource Manager."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._reads, self._changes = itertools.count(1), itertools.count(1)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one HTTP request; a fault of ours is a bare 500 and goes to the log."""
        try:
            answer = await self._answer(request)
        except TokenRefused as refused:
            answer = self._unauthorized(refused)
        except AzureError as refusal:
            answer = Answer(refusal.status, refusal.body(), refusal.headers)
        except BodyRefused as refused:
            answer = Answer(refused.status, AzureError(refused.status, _REFUSED[refused.status], refused.message).body(), GATEWAY)
        except Exception:
            log.exception("%s %s broke", request.method, request.path)
            answer = Answer(500, AzureError(500, "InternalServerError", "An internal server error occurred.").body(), OWN_FAULT)
        return as_response(answer, self._quota(request.method))

    async def _answer(self, request: web.Request) -> Answer:
        caller = self._cloud.tokens.caller(request.headers.get("Authorization"), ARM)
        path = re.sub("/{2,}", "/", request.path)
        query = CIMultiDict(request.query)  # names of a query have no case for Azure
        check_written(query.get("api-version"))
        mark(self._cloud)
        arm_request = Request(request.method, path, query, request.headers, None, caller)
        route = self._entered(arm_request)
        arm_request.body = route.body(parsed(await read_body(request, LARGEST_BODY)))
        return await self._passed(arm_request, route)

    async def part_of_deployment(self, request: Request, *, only_check: bool = False) -> Answer:
        """One resource of a deployment, with every check that a request of its own would meet; `body` is the template's.

        :param only_check: asks the provider what it checks beforehand, and makes nothing; a group that the same deployment makes may be
            missing then, and a provider not be switched on: a deployment does that (learn.microsoft.com, resource-providers-and-types).
        """
        check_written(request.api_version)
        sent, request.body = request.body, None
        route = self._entered(request)
        request.body = route.body(sent)
        if not only_check:
            self._switch_on(request)
            return await self._passed(request, route)
        self._check_location(request)
        _check_tags(request)
        check_locks(self._cloud, request)
        policies.check_write(self._cloud, request)
        check_offered(self._cloud, request)
        if route.beforehand is not None:
            route.beforehand(request)
        return Answer(200)

    def _entered(self, request: Request) -> Route:
        """The route of a request that may go on to it, before its body is looked at."""
        self._check_subscription(request)
        route, request.names = self._cloud.arm.find(request.method, request.path)
        check_served(request.path, request.api_version)
        if route.action:
            self._cloud.access.require(request.caller, route.action.format(**request.names), scope_of(request, route))
        return route

    async def _passed(self, request: Request, route: Route) -> Answer:
        self._check_group(request, route)
        self._check_registration(request, route)
        self._check_location(request)
        _check_tags(request)
        self._check_second_factor(request)
        check_locks(self._cloud, request)
        policies.check_write(self._cloud, request)
        check_offered(self._cloud, request)
        answer = await route.handler(request)
        return replace(answer, body=in_version(request.api_version, answer.body))

    def _check_subscription(self, request: Request) -> None:
        parts = segments(request.path)
        if len(parts) < 2 or parts[0].lower() != "subscriptions":
            return
        if not subscription_exists(self._cloud, parts[1]):
            raise AzureError(404, "SubscriptionNotFound", f"The subscription '{parts[1]}' could not be found.", headers=GATEWAY)
        faults = self._cloud.faults
        warned = faults.value("subscription-state") == "Warned" and request.method != "DELETE"
        disabled = warned or faults.active("subscription-disabled") or faults.active("spending-limit")
        if disabled and request.method in _WRITES and len(parts) > 2 and not _only_asks(request.path):
            message = f"The subscription '{parts[1]}' is disabled and therefore marked as read only. "
            advice = "You cannot perform any write actions on this subscription until it is re-enabled."
            raise AzureError(409, "ReadOnlyDisabledSubscription", message + advice, headers=GATEWAY)

    def _check_group(self, request: Request, route: Route) -> None:
        name = group_of(request.path)
        if name is None or not route.group_must_exist:
            return
        group = self._cloud.store.resources.get("/" + "/".join(segments(request.path)[:4]))
        if group is None:
            raise group_not_found(name)
        if group["properties"]["provisioningState"] == "Deleting" and request.method in ("PUT", "PATCH", "POST"):
            message = f"The resource group '{name}' is in deprovisioning state and cannot perform this operation."
            raise AzureError(409, "ResourceGroupBeingDeleted", message, headers=GATEWAY)

    def _check_registration(self, request: Request, route: Route) -> None:
        namespace = resource_type_of(request.path).partition("/")[0]
        state = self._cloud.store.collection("providers").get(namespace)
        changes = request.method in ("PUT", "PATCH", "POST") and not route.action.lower().endswith(("/read", "register/action"))
        if not changes or state is None or state["state"] in ("Registered", "Registering"):
            return
        advice = "See https://aka.ms/rps-not-found for how to register subscriptions."
        message = f"The subscription is not registered to use namespace '{namespace}'. {advice}"
        details = [{"code": "MissingSubscriptionRegistration", "target": namespace, "message": message}]
        raise AzureError(409, "MissingSubscriptionRegistration", message, details=details, headers=GATEWAY)

    def _switch_on(self, request: Request) -> None:
        """Register the provider of what a deployment makes, where its caller may."""
        namespace = resource_type_of(request.path).partition("/")[0]
        state = self._cloud.store.collection("providers").get(namespace)
        subscription = "/" + "/".join(segments(request.path)[:2])
        if state is not None and self._cloud.access.allowed(request.caller.object_id, f"{namespace}/register/action", subscription):
            self._cloud.store.collection("providers")[namespace] = {**state, "state": "Registered"}

    def _check_location(self, request: Request) -> None:
        kind = resource_type_of(request.path)
        if request.method != "PUT" or group_of(request.path) is None or not type_has_location(kind):
            return
        location = request.body.get("location") if isinstance(request.body, dict) else None
        if not location:
            raise AzureError(400, "LocationRequired", "The location property is required for this definition.", headers=GATEWAY)
        offered, region = regions_of_type(kind), region_of(location)
        if region is None or region not in offered:
            available = ",".join(r.name for r in offered)
            message = (
                f"The provided location '{location}' is not available for resource type '{kind}'. "
                f"List of available regions for the resource type is '{available}'."
            )
            raise AzureError(400, "LocationNotAvailableForResourceType", message, headers=GATEWAY)
        existing = self._cloud.store.resources.get(request.resource_id)
        if existing is not None and region_of(existing["location"]) != region:
            name, group = segments(request.path)[-1], group_of(request.path)
            message = (
                f"The resource '{name}' already exists in location '{existing['location']}' in resource group '{group}'. A resource with "
                f"the same name cannot be created in location '{region.name}'. Please select a new resource name."
            )
            raise AzureError(409, "InvalidResourceLocation", message, headers=GATEWAY)

    def _check_second_factor(self, request: Request) -> None:
        """Whatever creates, changes or deletes wants a second factor of people since October 2025 (azure-dev#5425, aka.ms/MFAforAzure)."""
        if request.method not in ("PUT", "PATCH", "DELETE") or request.caller.has_second_factor:
            return
        verb = "Delete" if request.method == "DELETE" else "Create"
        message = (
            f"Resource '{segments(request.path)[-1]}' was disallowed by Azure: Users must use MFA for {verb} operation. Users must "
            "authenticate with multi-factor authentication to create or update resources. For instructions, see http://aka.ms/MFAforAzure."
        )
        claims = base64.b64encode(b'{"access_token":{"acrs":{"essential":true,"values":["p1"]}}}').decode()
        authority = f"https://login.microsoftonline.com/{self._cloud.tenant_id}/oauth2/authorize"
        challenge = f'Bearer realm="", authorization_uri="{authority}", error="insufficient_claims", claims="{claims}"'
        raise AzureError(401, "RequestDisallowedByAzure", message, headers={"WWW-Authenticate": challenge, **GATEWAY})

    def _unauthorized(self, refused: TokenRefused) -> Answer:
        authority = f"https://login.windows.net/{self._cloud.tenant_id}"
        description = "The access token has expired." if refused.code == "ExpiredAuthenticationToken" else "The access token is invalid."
        challenge = f'Bearer authorization_uri="{authority}", error="{refused.error}", error_description="{description}"'
        body = {"error": {"code": refused.code, "message": refused.message}}
        return Answer(401, body, {"WWW-Authenticate": challenge, **GATEWAY})

    def _quota(self, method: str) -> dict[str, str]:
        if method in ("GET", "HEAD"):
            return {"x-ms-ratelimit-remaining-subscription-reads": str(1100 - next(self._reads) % 100)}
        return {"x-ms-ratelimit-remaining-subscription-writes": str(800 - next(self._changes) % 100)}


def scope_of(request: Request, route: Route) -> str:
    """Where the caller must hold the route's action: the route's ``scope`` hole, or the innermost resource that the path names.

    What lies directly under a subscription (a provider's registration, its locations) is asked at the subscription.
    """
    parts = segments(request.path)
    if "scope" in request.names:
        return request.resource_id if "name" in request.names else "/" + request.names["scope"]
    providers = [index for index, part in enumerate(parts) if part.lower() == "providers"]
    if not providers:
        return "/" + "/".join(parts[: 4 if group_of(request.path) else 2])
    start = providers[-1]
    if start == 2:
        return "/" + "/".join(parts[:2])
    named = (len(parts) - start - 2) // 2
    return "/" + "/".join(parts[: start + 2 + 2 * named] if named else parts[:start])


def _only_asks(path: str) -> bool:
    """Whether a POST asks and changes nothing, which a disabled subscription still answers."""
    return path.rstrip("/").rpartition("/")[2].lower() in ("checkpolicyrestrictions", "checkaccess", "checknameavailability")


def subscription_exists(cloud: PracticeCloud, subscription_id: str) -> bool:
    """Whether there is a subscription of that id: the practice one, or one that a list was seeded with."""
    return subscription_id.lower() == cloud.subscription_id or seeded_number(cloud, subscription_id) is not None


SEEDED = "5eeded00-0000-4000-8000-{:012d}"


def seeded_number(cloud: PracticeCloud, subscription_id: str) -> int | None:
    """Which of the seeded subscriptions has that id, counted from 1."""
    match = re.fullmatch(r"5eeded00-0000-4000-8000-(\d{12})", subscription_id.lower())
    number = int(match[1]) if match else 0
    return number if 1 <= number <= cloud.seeds.get("subscriptions", 0) else None


def _check_tags(request: Request) -> None:
    tags = request.body.get("tags") if request.method in ("PUT", "PATCH") and isinstance(request.body, dict) else None
    if isinstance(tags, dict):
        check_tags({name: value or "" for name, value in tags.items()}, resource_type_of(request.path))


def as_response(answer: Answer, headers: Mapping[str, str] | None = None) -> web.Response:
    """An `Answer` as HTTP: JSON as ARM writes it, or no body."""
    merged = {"Cache-Control": "no-cache", "Pragma": "no-cache", "Expires": "-1", **(headers or {}), **answer.headers}
    if answer.body is None:
        return web.Response(status=answer.status, headers=merged)
    text = json.dumps(answer.body, ensure_ascii=False)
    return web.Response(status=answer.status, text=text, content_type="application/json", charset="utf-8", headers=merged)


def install(cloud: PracticeCloud) -> None:
    """Serve management.azure.com."""
    manager = Manager(cloud)
    cloud.part_of_deployment = manager.part_of_deployment
    cloud.hosts.add(HOST, manager.handle)
