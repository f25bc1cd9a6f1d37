"""Microsoft.Consumption: budgets of a subscription and of a resource group. Nothing costs anything here, so none is ever spent."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import body_of
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import judged, specified
from wizard.practice.kernel.requests import Answer, Request
from wizard.practice.kernel.shapes import ANYTHING, FLAG, NUMBER, TEXT, Each, OneOf

KIND = "Microsoft.Consumption/budgets"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}")
_GRAINS = OneOf(("Monthly", "Quarterly", "Annually", "BillingMonth", "BillingQuarter", "BillingAnnual"))
BUDGET = {
    "eTag": TEXT,
    "properties": {
        "category": OneOf(("Cost",)),
        "amount": NUMBER,
        "timeGrain": _GRAINS,
        "timePeriod": {"startDate": TEXT, "endDate": TEXT},
        "filter": ANYTHING,
        "notifications": Each(
            {
                "enabled": FLAG,
                "operator": OneOf(("EqualTo", "GreaterThan", "GreaterThanOrEqualTo")),
                "threshold": NUMBER,
                "thresholdType": OneOf(("Actual", "Forecasted")),
                "locale": TEXT,
                "contactEmails": [TEXT],
                "contactRoles": [TEXT],
                "contactGroups": [TEXT],
            }
        ),
    },
}
"""Budget (Microsoft.Consumption 2024-08-01)."""
_REQUIRED = ("category", "amount", "timeGrain", "timePeriod")
_REQUIRED_OF_NOTIFICATION = ("enabled", "operator", "threshold", "contactEmails")


def install(cloud: PracticeCloud) -> None:
    """Serve budgets on management.azure.com."""
    budgets = Budgets(cloud)
    add = cloud.arm.add
    for scope in ("/subscriptions/{subscription}", "/subscriptions/{subscription}/resourceGroups/{group}"):
        every = f"{scope}/providers/{KIND}"
        one = every + "/{name}"
        add("GET", every, budgets.list_all, action=f"{KIND}/read", known=specified("200 with a list"))
        add("GET", one, budgets.get, action=f"{KIND}/read", known=judged("200; 404, whose words are ours"))
        add("PUT", one, budgets.put, action=f"{KIND}/write", takes=BUDGET, known=specified("201, 200 for one that is there"))
        add("DELETE", one, budgets.delete, action=f"{KIND}/delete", known=specified("200"))


class Budgets:
    """The budgets of one practice cloud, in the collection ``budgets`` by their id in small letters."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._budgets = cloud.store.collection("budgets")

    async def list_all(self, request: Request) -> Answer:
        """GET of the budgets of a scope."""
        prefix = f"{request.resource_id}/".lower()
        return Answer(200, {"value": [budget for key, budget in self._budgets.items() if key.startswith(prefix)]})

    async def get(self, request: Request) -> Answer:
        """GET of one budget."""
        return Answer(200, self._found(request))

    async def put(self, request: Request) -> Answer:
        """Keep a budget. What the specification requires is required, and a month begins on its first day."""
        if not _NAME.fullmatch(request.names["name"]):
            raise _refused(f"The budget name '{request.names['name']}' is invalid: 1 to 63 letters, digits, '-' and '_'.")
        properties: dict[str, Any] = body_of(request).get("properties") or {}
        _check(properties)
        key = request.resource_id.lower()
        existed = key in self._budgets
        budget = {
            "id": request.resource_id.lstrip("/"),  # as the specification's example has it
            "name": request.names["name"],
            "type": KIND,
            "eTag": f'"{uuid.uuid4().hex[:15]}"',
            "properties": {**properties, "currentSpend": {"amount": 0.0, "unit": "USD"}},
        }
        self._budgets[key] = budget
        return Answer(200 if existed else 201, budget)

    async def delete(self, request: Request) -> Answer:
        """DELETE of a budget; 404 where there is none."""
        self._found(request)
        del self._budgets[request.resource_id.lower()]
        return Answer(200)

    def _found(self, request: Request) -> dict[str, Any]:
        budget = self._budgets.get(request.resource_id.lower())
        if budget is None:
            raise AzureError(404, "NotFound", f"The budget '{request.names['name']}' was not found.")
        return budget


def _check(properties: dict[str, Any]) -> None:
    missing = next((name for name in _REQUIRED if properties.get(name) in (None, {})), None)
    if missing is not None:
        raise _refused(f"The property '{missing}' of the budget is required.")
    if properties["amount"] <= 0:
        raise _refused("The amount of a budget must be greater than 0.")
    try:
        start = datetime.fromisoformat(properties["timePeriod"].get("startDate", "").replace("Z", "+00:00")).astimezone(UTC)
    except ValueError:
        raise _refused("The start date of the budget is no date.") from None
    if properties["timeGrain"] in ("Monthly", "Quarterly", "Annually") and start.day != 1:
        raise _refused("The start date of the budget must be the first day of a month.")
    for name, notification in (properties.get("notifications") or {}).items():
        lacking = next((word for word in _REQUIRED_OF_NOTIFICATION if notification.get(word) is None), None)
        if lacking is not None:
            raise _refused(f"The property '{lacking}' of the notification '{name}' is required.")
        if not 0 <= notification["threshold"] <= 1000:
            raise _refused(f"The threshold of the notification '{name}' must be between 0 and 1000.")


def _refused(message: str) -> AzureError:
    return AzureError(400, "BadRequest", message)
