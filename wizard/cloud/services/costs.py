"""What a setup has cost so far this month, as Azure's Cost Management tells it: 8 to 24 hours late (learn: Cost data updates)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

VERSION = "2023-11-01"
QUERY = "Microsoft.CostManagement/query"
RIGHT = f"{QUERY}/read"
MOST_PAGES = 20
Arm = Callable[[str, str, str, Any], Awaitable[Any]]
"""`Cloud.arm`: method, path, api-version, body."""


@dataclass
class Spending:
    """What was spent: ARM id in small letters -> amount, all in one currency; "" for what Azure names no resource of."""

    currency: str = "USD"
    parts: dict[str, float] = field(default_factory=dict)

    def of(self, resource_id: str) -> float:
        """What a resource cost, with everything that is a part of it."""
        whole = resource_id.lower()
        return sum(amount for part, amount in self.parts.items() if part == whole or part.startswith(f"{whole}/"))


async def month_to_date(arm: Arm, scope: str) -> Spending:
    """What lies in a scope (an ARM id) has cost since the month began. Raises HttpResponseError, also where it may not be seen (403)."""
    dataset = {
        "granularity": "None",
        "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
        "grouping": [{"type": "Dimension", "name": "ResourceId"}],
    }
    body = {"type": "ActualCost", "timeframe": "MonthToDate", "dataset": dataset}
    spending, address = Spending(), f"{scope}/providers/{QUERY}"
    for _page in range(MOST_PAGES):
        answer = await arm("POST", address, VERSION, body)
        properties: Mapping[str, Any] = (answer or {}).get("properties") or {}
        _add(spending, properties)
        if not (address := str(properties.get("nextLink") or "")):
            break
    return spending


def _add(spending: Spending, properties: Mapping[str, Any]) -> None:
    """The rows of one page, whose columns Azure names in an order of its own."""
    names = [str(column["name"]).lower() for column in properties.get("columns") or []]
    for row in properties.get("rows") or []:
        values = dict(zip(names, row, strict=False))
        part = str(values.get("resourceid") or "").lower()
        spending.parts[part] = spending.parts.get(part, 0.0) + float(values.get("cost") or 0.0)
        spending.currency = str(values.get("currency") or spending.currency)
