"""What Azure Monitor knows of a container app in its last minutes: one call for all of it, one for the requests that failed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

VERSION = "2024-02-01"  # what azure-mgmt-monitor sends
METRICS = "Microsoft.Insights/metrics"
RIGHT = f"{METRICS}/read"
FAILED = "statusCodeCategory eq '5xx'"
AGGREGATIONS = {
    "Requests": "total",
    "RestartCount": "maximum",
    "Replicas": "maximum",
    "UsageNanoCores": "average",
    "WorkingSetBytes": "average",
}
"""Metric -> what of each minute is read (learn: Supported metrics for Microsoft.App/containerapps)."""
ERRORS = "Errors"
Arm = Callable[[str, str, str], Awaitable[Any]]
"""`Cloud.arm`: method, path, api-version."""
Values = Sequence[float | None]


async def read_metrics(arm: Arm, app_id: str, now: datetime, minutes: int) -> dict[str, Values]:
    """Metric -> a value for each of the last minutes, the present one last; None where nothing is known of one.

    Beside Azure's own names `ERRORS`: requests that were answered with 500 to 599. Raises HttpResponseError, 403 where it may not be seen.
    """
    end = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    span = f"{end - timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}/{end:%Y-%m-%dT%H:%M:%SZ}"
    every, failed = await asyncio.gather(
        _asked(arm, app_id, span, ",".join(AGGREGATIONS), ",".join(sorted(set(AGGREGATIONS.values())))),
        _asked(arm, app_id, span, "Requests", "total", FAILED),
    )
    values = {name: _values(every.get(name, []), aggregation, minutes) for name, aggregation in AGGREGATIONS.items()}
    return values | {ERRORS: _values(failed.get("Requests", []), "total", minutes)}


async def _asked(arm: Arm, app_id: str, span: str, names: str, aggregation: str, condition: str = "") -> dict[str, list[Mapping[str, Any]]]:
    """Metric -> its data points, oldest first; none where Azure has no series that fits the condition."""
    query = {"timespan": span, "interval": "PT1M", "metricnames": names, "aggregation": aggregation}
    parameters = "&".join(
        f"{key}={quote(value, safe=',/')}" for key, value in (query | ({"$filter": condition} if condition else {})).items()
    )
    answer = await arm("GET", f"{app_id}/providers/{METRICS}?{parameters}", VERSION)
    return {
        str(metric["name"]["value"]): [point for series in metric.get("timeseries") or [] for point in series.get("data") or []]
        for metric in (answer or {}).get("value") or []
    }


def _values(points: list[Mapping[str, Any]], aggregation: str, minutes: int) -> Values:
    return [None if (value := point.get(aggregation)) is None else float(value) for point in points[-minutes:]] or [None] * minutes
