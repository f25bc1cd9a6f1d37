"""The metrics of apps, minute by minute: requests as they are answered, and what copies use, looked at every few seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wizard.practice.kernel.clock import Clock

MINUTE = 60
KEPT = 24 * 60  # minutes; Azure keeps 93 days


@dataclass(frozen=True)
class Metric:
    """A metric of an app (learn: Supported metrics for Microsoft.App/containerapps).

    :param usual: the aggregation that is told where none is asked for.
    """

    name: str
    title: str
    description: str
    unit: str
    usual: str
    dimensions: tuple[str, ...]


REPLICA = ("revisionName", "podName")
METRICS = {
    metric.name.lower(): metric
    for metric in (
        Metric("Requests", "Requests", "Requests processed", "Count", "total", (*REPLICA, "statusCodeCategory", "statusCode")),
        Metric("RestartCount", "Replica Restart Count", "Restart count of container app replicas", "Count", "maximum", REPLICA),
        Metric("Replicas", "Replica Count", "Number of replicas count of container app", "Count", "maximum", ("revisionName",)),
        Metric(
            "UsageNanoCores",
            "CPU Usage",
            "CPU consumed by the container app, in nano cores. 1,000,000,000 nano cores = 1 core",
            "NanoCores",
            "average",
            REPLICA,
        ),
        Metric(
            "WorkingSetBytes", "Memory Working Set Bytes", "Container App working set memory used in bytes.", "Bytes", "average", REPLICA
        ),
    )
}


@dataclass
class Cell:
    """What was seen of one metric with one set of dimensions in one minute."""

    total: float = 0.0
    count: int = 0
    minimum: float = float("inf")
    maximum: float = float("-inf")

    def add(self, value: float) -> None:
        """Take a value that was seen."""
        self.total, self.count = self.total + value, self.count + 1
        self.minimum, self.maximum = min(self.minimum, value), max(self.maximum, value)

    def join(self, other: Cell) -> None:
        """Take all that another one saw."""
        self.total, self.count = self.total + other.total, self.count + other.count
        self.minimum, self.maximum = min(self.minimum, other.minimum), max(self.maximum, other.maximum)

    def told(self, aggregations: tuple[str, ...]) -> dict[str, float]:
        """The aggregations that were asked for; none where nothing was seen."""
        if not self.count:
            return {}
        values = {"total": self.total, "count": float(self.count), "minimum": self.minimum, "maximum": self.maximum}
        return {name: {**values, "average": self.total / self.count}[name] for name in aggregations}


Minute = dict[tuple[str, tuple[str, ...]], Cell]


@dataclass
class MetricStore:
    """Every value of the last day, by app and minute."""

    clock: Clock
    _minutes: dict[str, dict[int, Minute]] = field(default_factory=dict)

    def add(self, app_id: str, metric: str, value: float, *dimensions: str) -> None:
        """Note a value now, its dimensions in the metric's order."""
        minutes = self._minutes.setdefault(app_id.lower(), {})
        now = int(self.clock.now()) // MINUTE
        if now not in minutes:
            minutes[now] = {}
            for old in [minute for minute in minutes if minute <= now - KEPT]:
                del minutes[old]
        minutes[now].setdefault((metric, dimensions), Cell()).add(value)

    def answered(self, app_id: str, revision: str, replica: str, status: int) -> None:
        """Count a request that a copy, or the proxy in its place, answered."""
        self.add(app_id, "Requests", 1.0, revision, replica, f"{status // 100}xx", str(status))

    def forget(self, app_id: str) -> None:
        """An app is gone, and what was known of it."""
        self._minutes.pop(app_id.lower(), None)

    def between(self, app_id: str, begin: float, end: float) -> Iterator[tuple[float, Mapping[tuple[str, tuple[str, ...]], Cell]]]:
        """(its beginning in seconds, what was seen) of each minute that begins in that time."""
        for minute, seen in sorted(self._minutes.get(app_id.lower(), {}).items()):
            if begin <= minute * MINUTE < end:
                yield minute * MINUTE, seen
