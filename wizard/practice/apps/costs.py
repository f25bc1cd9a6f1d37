"""Microsoft.CostManagement: what was spent. Nothing costs anything here; told is what list prices would have come to since it was made."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from wizard.practice.apps.scaling.rules import scheduled_seconds
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import body_of
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import documented
from wizard.practice.kernel.requests import Answer, Request, within
from wizard.practice.kernel.shapes import ANYTHING, TEXT, Each, OneOf
from wizard.practice.kernel.store import Document

QUERY = "Microsoft.CostManagement/query"
_SHAPE = {
    "type": OneOf(("ActualCost", "AmortizedCost", "Usage")),
    "timeframe": OneOf(("MonthToDate", "BillingMonthToDate", "TheLastMonth", "TheLastBillingMonth", "WeekToDate", "Custom")),
    "timePeriod": {"from": TEXT, "to": TEXT},
    "dataset": {
        "granularity": OneOf(("None", "Daily")),
        "aggregation": Each({"name": TEXT, "function": OneOf(("Sum",))}),
        "grouping": [{"type": OneOf(("Dimension", "TagKey")), "name": TEXT}],
        "filter": ANYTHING,
    },
}
_DAY = 86_400
_REGISTRY_DAYS = {"Basic": 0.1666, "Standard": 0.6666, "Premium": 1.6666}  # USD (prices.azure.com, 2026-08)
_IDLE_SECOND = 0.000003  # USD, of a core and of a GiB alike


def install(cloud: PracticeCloud) -> None:
    """Serve queries on a subscription and on a resource group."""
    costs = Costs(cloud)
    for scope in ("/subscriptions/{subscription}", "/subscriptions/{subscription}/resourceGroups/{group}"):
        known = documented(
            "200 with columns and rows, for MonthToDate by resource", "learn.microsoft.com/rest/api/cost-management/query/usage"
        )
        cloud.arm.add("POST", f"{scope}/providers/{QUERY}", costs.query, action=f"{QUERY}/read", takes=_SHAPE, known=known)


class Costs:
    """What the resources of one practice cloud would have cost."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    async def query(self, request: Request) -> Answer:
        """POST query: the sum of each resource since the month began."""
        body = body_of(request)
        dataset = body.get("dataset") or {}
        if not body.get("type") or not body.get("timeframe"):
            raise _refused("Invalid query definition: type and timeframe are required.")
        names = [grouping.get("name") for grouping in dataset.get("grouping") or []]
        if body["timeframe"] != "MonthToDate" or names != ["ResourceId"] or dataset.get("granularity", "None") != "None":
            raise _refused("Invalid query definition: the practice cloud knows MonthToDate by ResourceId, without a granularity.")
        scope = request.resource_id.partition("/providers/")[0]
        aggregation = next((one["name"] for one in (dataset.get("aggregation") or {}).values()), "Cost")
        columns = [(aggregation, "Number"), ("ResourceId", "String"), ("Currency", "String")]
        rows = [[amount, resource["id"].lower(), "USD"] for resource in self._within(scope) if (amount := self._amount(resource)) > 0]
        name = str(uuid.uuid4())
        properties: dict[str, Any] = {
            "nextLink": None,
            "columns": [{"name": column, "type": kind} for column, kind in columns],
            "rows": rows,
        }
        return Answer(200, {"id": f"{scope}/providers/{QUERY}/{name}".lstrip("/"), "name": name, "type": QUERY, "properties": properties})

    def _within(self, scope: str) -> list[Document]:
        return [resource for resource in self._cloud.store.resources.values() if within(resource["id"], scope) and "systemData" in resource]

    def _amount(self, resource: Document) -> float:
        """List prices for the time that it has been there this month; what it does beside standing there costs nothing here."""
        now = datetime.fromtimestamp(self._cloud.clock.now(), UTC)
        month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        made = datetime.fromisoformat(str(resource["systemData"]["createdAt"])[:19]).replace(tzinfo=UTC)
        return _cost(resource, max(made, month), now) if now > max(made, month) else 0.0


def _cost(resource: Document, since: datetime, until: datetime) -> float:
    """What it cost between two times, in USD, as it is now."""
    kind, seconds = resource["type"].lower(), (until - since).total_seconds()
    if kind == "microsoft.containerregistry/registries":
        return seconds * _REGISTRY_DAYS.get(str(resource["sku"]["name"]), 0.0) / _DAY
    if kind == "microsoft.app/containerapps" and resource["properties"]["runningStatus"] == "Running":
        template = resource["properties"]["template"]
        needs, scale = template["containers"][0]["resources"], template["scale"]
        size = float(needs["cpu"]) + float(str(needs["memory"]).removesuffix("Gi"))
        copies = int(scale["minReplicas"] or 0)
        copy_seconds = seconds * copies + scheduled_seconds(scale.get("rules"), copies, since, until)
        return _IDLE_SECOND * size * copy_seconds
    return 0.0


def _refused(message: str) -> AzureError:
    return AzureError(400, "BadRequest", message)
