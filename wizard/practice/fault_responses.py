"""What a request gets that a fault has hit, in the words of the service that it was meant for."""

from __future__ import annotations

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.bodies import BodyRefused
from wizard.practice.kernel.errors import OWN_FAULT, AzureError

_THROTTLED_SECONDS = 10.0


def throttled(cloud: PracticeCloud, request: web.Request) -> web.Response:
    """429 with Retry-After (errors.md 23)."""
    seconds = max(1, round(cloud.clock.lasts(_THROTTLED_SECONDS)))
    message = (
        f"Number of requests for subscription '{cloud.subscription_id}' and operation '{request.method}{request.path.upper()}' exceeded "
        f"the backend storage limit. Please try again after '{seconds}' seconds."
    )
    headers = {"Retry-After": str(seconds), "x-ms-failure-cause": "gateway"}
    return _answer(request, 429, "SubscriptionRequestsThrottled", message, headers)


def broken(request: web.Request, *, unavailable: bool) -> web.Response:
    """500 or 503."""
    if unavailable:
        return _answer(request, 503, "ServiceUnavailable", "The service is unavailable at the moment. Please try again later.", {})
    return _answer(request, 500, "InternalServerError", "Encountered internal server error.", {})


def refused_body(request: web.Request, refusal: BodyRefused) -> web.Response:
    """A body that was not read to its end: too large, or not to be unpacked."""
    code = {413: "RequestContentTooLarge", 415: "UnsupportedMediaType"}.get(refusal.status, "InvalidRequestContent")
    return _answer(request, refusal.status, code, refusal.message, {})


def unreadable_body(request: web.Request, refusal: AzureError) -> web.Response:
    """A body that is no JSON, where the service has no words of its own for it."""
    return _answer(request, refusal.status, refusal.code, refusal.message, {})


def unreadable_address(request: web.Request) -> web.Response:
    """A path or query with control characters in it, which no host of Azure's takes."""
    return _answer(request, 400, "BadRequest", "The request URL is invalid.", {})


def failed(request: web.Request) -> web.Response:
    """A fault of ours, which is in the log; a client that knows the header does not try again."""
    return _answer(request, 500, "InternalServerError", "An internal server error occurred.", OWN_FAULT)


def _answer(request: web.Request, status: int, code: str, message: str, headers: dict[str, str]) -> web.Response:
    error = {"code": code, "message": message}
    body = {"errors": [error]} if request.host.partition(":")[0].endswith(".azurecr.io") else {"error": error}
    return web.json_response(body, status=status, headers=headers)
