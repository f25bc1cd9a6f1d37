"""Microsoft.Insights/metrics of an app: a GET with what, when, how finely and how summed up in its query (OpenAPI 2024-02-01)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from wizard.practice.apps.metrics.sampler import Sampler
from wizard.practice.apps.metrics.store import METRICS, Cell, Metric, MetricStore
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import GROUP, read
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import specified
from wizard.practice.kernel.requests import Answer, Request
from wizard.practice.kernel.store import Document

APPS = "Microsoft.App/containerApps"
INSIGHTS = "Microsoft.Insights/metrics"
NAMESPACE = "microsoft.app/containerapps"
GRAINS = {"PT1M": 1, "PT5M": 5, "PT15M": 15, "PT30M": 30, "PT1H": 60, "PT6H": 360, "PT12H": 720, "P1D": 1440}  # minutes
AGGREGATIONS = ("total", "average", "maximum", "minimum", "count")
DEFAULT_SPAN = timedelta(hours=1)
_CONDITION = re.compile(r"\s*(\w+)\s+eq\s+'([^']*)'\s*", re.IGNORECASE)
Conditions = dict[str, list[str]]


def install(cloud: PracticeCloud, store: MetricStore, sampler: Sampler) -> None:
    """Serve the metrics of each app."""
    cloud.arm.add(
        "GET",
        f"{GROUP}{APPS}/{{name}}/providers/{INSIGHTS}",
        MetricRoutes(cloud, store, sampler).list,
        action=f"{INSIGHTS}/read",
        known=specified("200 with a timeseries of each metric, 400 BadRequest", "monitor 2024-02-01, Metrics_List"),
    )


class MetricRoutes:
    """Answers questions about what was counted and measured."""

    def __init__(self, cloud: PracticeCloud, store: MetricStore, sampler: Sampler) -> None:
        self._cloud, self._store, self._sampler = cloud, store, sampler

    async def list(self, request: Request) -> Answer:
        """GET: a value for every interval of the time that is asked about, the present minute included."""
        app, query = read(self._cloud, request, APPS), request.query
        await self._sampler.look()
        begin, end = self._span(query.get("timespan", ""))
        if (query.get("metricnamespace") or NAMESPACE).lower() != NAMESPACE:
            raise _bad(f"Metric namespace '{query['metricnamespace']}' is not supported for resource type '{APPS}'.")
        grain, interval = _grain(query.get("interval") or "PT1M", begin, end)
        wanted, conditions = _wanted(query.get("metricnames", "")), _conditions(query.get("$filter", ""))
        chosen = tuple(part.strip().lower() for part in query.get("aggregation", "").split(",") if part.strip())
        if unknown := [part for part in chosen if part not in AGGREGATIONS]:
            raise _bad(f"Invalid aggregation type: {unknown[0]}.")
        value = []
        for metric in wanted:
            if lacking := [name for name in conditions if name not in map(str.lower, metric.dimensions)]:
                raise _bad(f"Metric: {metric.name} does not support requested dimension combination: {lacking[0]}.")
            series = self._series(app, metric, conditions, begin, end, grain)
            value.append(_told(app, metric, series, chosen or (metric.usual,), _steps(begin, end, grain)))
        span = f"{begin:%Y-%m-%dT%H:%M:%SZ}/{end:%Y-%m-%dT%H:%M:%SZ}"
        whole = {"cost": int((end - begin).total_seconds() // 60), "timespan": span, "interval": interval, "value": value}
        return Answer(200, {**whole, "namespace": NAMESPACE, "resourceregion": str(app["location"]).lower().replace(" ", "")})

    def _span(self, text: str) -> tuple[datetime, datetime]:
        if not text:
            end = datetime.fromtimestamp(self._cloud.clock.now(), UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
            return end - DEFAULT_SPAN, end
        try:
            begin, end = (datetime.fromisoformat(part).astimezone(UTC) for part in text.split("/"))
        except ValueError:
            raise _bad(f"Invalid time range: {text}. It should be two times in ISO 8601 with / between them.") from None
        if begin >= end:
            raise _bad(f"Start time cannot be equal to or greater than end time: {text}")
        return begin.replace(second=0, microsecond=0), end

    def _series(
        self, app: Document, metric: Metric, conditions: Conditions, begin: datetime, end: datetime, grain: timedelta
    ) -> dict[tuple[str, ...], dict[int, Cell]]:
        """Values of the filter's dimensions -> number of the interval -> what was seen in it."""
        names = [name.lower() for name in metric.dimensions]
        series: dict[tuple[str, ...], dict[int, Cell]] = {} if conditions else {(): {}}
        for second, seen in self._store.between(app["id"], begin.timestamp(), end.timestamp()):
            number = int((second - begin.timestamp()) // grain.total_seconds())
            for (name, dimensions), cell in seen.items():
                by_name = dict(zip(names, dimensions, strict=True)) if name == metric.name else {}
                if name == metric.name and all(_fits(by_name[key], values) for key, values in conditions.items()):
                    key = tuple(by_name[key] for key in conditions)
                    series.setdefault(key, {}).setdefault(number, Cell()).join(cell)
        return _named(series, conditions)


def _named(series: dict[tuple[str, ...], dict[int, Cell]], conditions: Conditions) -> dict[tuple[str, ...], dict[int, Cell]]:
    """Each series with the dimensions' names beside their values."""
    return {tuple(f"{name}={value}" for name, value in zip(conditions, key, strict=True)): cells for key, cells in series.items()}


def _told(
    app: Document,
    metric: Metric,
    series: Mapping[tuple[str, ...], Mapping[int, Cell]],
    aggregations: tuple[str, ...],
    times: Iterable[datetime],
) -> dict[str, Any]:
    """One metric as Azure writes it; an interval of which nothing is known has its time alone."""
    steps = [f"{time:%Y-%m-%dT%H:%M:%SZ}" for time in times]
    timeseries = []
    for key, cells in series.items():
        pairs = (part.partition("=") for part in key)
        metadata = [{"name": {"value": name, "localizedValue": name}, "value": value} for name, _equals, value in pairs]
        data = [{"timeStamp": step, **cells.get(number, Cell()).told(aggregations)} for number, step in enumerate(steps)]
        timeseries.append({"metadatavalues": metadata, "data": data})
    return {
        "id": f"{app['id']}/providers/{INSIGHTS}/{metric.name}",
        "type": INSIGHTS,
        "name": {"value": metric.name, "localizedValue": metric.title},
        "displayDescription": metric.description,
        "unit": metric.unit,
        "timeseries": timeseries,
        "errorCode": "Success",
    }


def _grain(text: str, begin: datetime, end: datetime) -> tuple[timedelta, str]:
    if text.upper() == "FULL":
        return end - begin, f"PT{max(1, int((end - begin).total_seconds() // 60))}M"
    if text.upper() not in GRAINS:
        raise _bad(f"Detected invalid time grain input: {text}. Supported ones are: {','.join(GRAINS)}.")
    return timedelta(minutes=GRAINS[text.upper()]), text.upper()


def _steps(begin: datetime, end: datetime, grain: timedelta) -> list[datetime]:
    count = -((begin - end) // grain)
    return [begin + number * grain for number in range(count)]


def _wanted(names: str) -> list[Metric]:
    """The metrics that are asked for; the first one where none is named."""
    asked = [name.strip() for name in names.split(",") if name.strip()] or [next(iter(METRICS))]
    for name in asked:
        if name.lower() not in METRICS:
            valid = ",".join(metric.name for metric in METRICS.values())
            kind = "Failed to find metric configuration for provider: Microsoft.App, resource Type: containerApps"
            raise _bad(f"{kind}, metric: {name}, Valid metrics: {valid}")
    return [METRICS[name.lower()] for name in asked]


def _conditions(text: str) -> Conditions:
    """``revisionName eq 'x' and statusCodeCategory eq '*'``: dimension in small letters -> its values."""
    conditions: Conditions = {}
    for part in filter(str.strip, re.split(r"\s(?:and|or)\s", text)):
        match = _CONDITION.fullmatch(part)
        if match is None:
            raise _bad(f"Invalid filter: {text}.")
        conditions.setdefault(match[1].lower(), []).append(match[2])
    return conditions


def _fits(value: str, wanted: list[str]) -> bool:
    return "*" in wanted or value.lower() in map(str.lower, wanted)


def _bad(message: str) -> AzureError:
    return AzureError(400, "BadRequest", message)
