"""Azure Resource Manager without an SDK: before anyone has chosen a subscription, where no SDK has a method, and for long lists."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure.core.pipeline import AsyncPipeline

    from wizard.cloud.transport.endpoints import Endpoints

SUBSCRIPTIONS_VERSION = "2022-12-01"
LONGEST_WAIT = 15.0
"""Seconds that a 202 may make wait."""


@dataclass(frozen=True)
class Subscription:
    """A subscription that the account sees. `state` is ``Enabled``, ``Warned``, ``PastDue``, ``Disabled`` or ``Deleted``,
    `spending_limit` ``On``, ``Off`` or ``CurrentPeriodOff``."""

    id: str
    name: str
    tenant_id: str
    state: str = "Enabled"
    quota_id: str = ""
    spending_limit: str = ""


async def arm_call(
    pipeline: AsyncPipeline[Any, Any], endpoints: Endpoints, method: str, path: str, api_version: str, body: Any = None, *, polls: int = 0
) -> Any:
    """`Cloud.arm`, before there is a `Cloud`."""
    from azure.core.rest import HttpRequest
    from azure.mgmt.core.exceptions import ARMErrorFormat

    if path.startswith("/"):
        request = HttpRequest(method, f"{endpoints.arm}{path}", params={"api-version": api_version}, json=body)
    elif path.startswith(f"{endpoints.arm}/"):
        request = HttpRequest(method, path, json=body)
    else:
        raise ValueError(f"not an address of Azure Resource Manager: {path}")
    response = (await pipeline.run(request)).http_response
    if response.status_code >= 400:
        from azure.core.exceptions import HttpResponseError, map_error

        map_error(response.status_code, response, _error_map())
        raise HttpResponseError(response=response, error_format=ARMErrorFormat)
    location = response.headers.get("Location")
    if response.status_code == 202 and location and polls:
        await asyncio.sleep(_seconds(response.headers.get("Retry-After")))
        return await arm_call(pipeline, endpoints, "GET", location, api_version, polls=polls - 1)
    text = response.text()
    return json.loads(text) if text else None


def _seconds(retry_after: str | None) -> float:
    """How long to wait before the outcome is asked for: what Azure says, within bounds; it may say a date too."""
    return min(float(retry_after), LONGEST_WAIT) if retry_after and retry_after.isdecimal() else 1.0


async def list_subscriptions(pipeline: AsyncPipeline[Any, Any], endpoints: Endpoints) -> list[Subscription]:
    """Every subscription that the account sees."""
    return [one async for page in subscription_pages(pipeline, endpoints) for one in page]


async def subscription_pages(pipeline: AsyncPipeline[Any, Any], endpoints: Endpoints) -> AsyncIterator[list[Subscription]]:
    """`Cloud.subscription_pages`, before there is a `Cloud`."""
    async for page in arm_pages(pipeline, endpoints, "/subscriptions", SUBSCRIPTIONS_VERSION):
        yield [subscription_of(item) for item in page]


def subscription_of(body: Mapping[str, Any]) -> Subscription:
    """A subscription as ARM tells it."""
    policies = body.get("subscriptionPolicies") or {}
    return Subscription(
        body["subscriptionId"],
        body["displayName"],
        body.get("tenantId") or "",
        body.get("state") or "Enabled",
        policies.get("quotaId") or "",
        policies.get("spendingLimit") or "",
    )


async def arm_list(pipeline: AsyncPipeline[Any, Any], endpoints: Endpoints, path: str, api_version: str) -> list[dict[str, Any]]:
    """Every item of a list, from all its pages."""
    return [item async for page in arm_pages(pipeline, endpoints, path, api_version) for item in page]


async def arm_pages(
    pipeline: AsyncPipeline[Any, Any], endpoints: Endpoints, path: str, api_version: str
) -> AsyncIterator[list[dict[str, Any]]]:
    """A list as it comes, page by page (``nextLink``)."""
    following: str | None = path
    while following:
        page = await arm_call(pipeline, endpoints, "GET", following, api_version)
        yield page["value"]
        following = page.get("nextLink")


def _error_map() -> dict[int, Any]:
    from azure.core.exceptions import ClientAuthenticationError, ResourceExistsError, ResourceNotFoundError

    return {401: ClientAuthenticationError, 404: ResourceNotFoundError, 409: ResourceExistsError}
