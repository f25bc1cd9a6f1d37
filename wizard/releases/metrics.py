"""How an API fared in its last half hour, for every face: a line of small columns, one a minute, and what they come to in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wizard.cloud.services.metrics import ERRORS, RIGHT, Values, read_metrics
from wizard.engine.events import MetricEvent
from wizard.platform.language import N_, _, plural

if TYPE_CHECKING:
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

MINUTES = 30
COLUMNS = "▁▂▃▄▅▆▇█"
UNKNOWN = "·"
NANO = 1_000_000_000
MEBI = 1024 * 1024


@dataclass(frozen=True)
class TrackedMetric:
    """A metric as it is told.

    :param name: its key for programs.
    :param source: Azure's name of it, or `ERRORS`.
    :param top: what the highest column stands for, given the highest value and the answers.
    """

    name: str
    source: str
    title: str
    why: str
    words: Callable[[Values, Answers], str]
    top: Callable[[float, Answers], float]


async def read_recent(snapshot: Snapshot) -> tuple[list[MetricEvent], str]:
    """Each metric of the setup's app, or none and why in a sentence: nothing else depends on them."""
    from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError

    from wizard.cloud.errors.cloud_error import CloudError

    target = snapshot.targets.app
    assert target is not None
    try:
        values = await read_metrics(snapshot.cloud.arm, target.id, datetime.now(UTC), MINUTES)
    except (HttpResponseError, ServiceRequestError, ServiceResponseError, CloudError) as error:
        if isinstance(error, HttpResponseError) and error.status_code == 403:
            sentence = _("How many calls come may not be shown to you: that takes the right {right}, which Reader gives.")
            return [], sentence.format(right=RIGHT)
        return [], _("Azure Monitor could not be asked how your API fared.")
    return [_event(metric, values[metric.source], snapshot.answers) for metric in METRICS], ""


def sparkline(values: Values, top: float) -> str:
    """A column for each value, `top` and more being the highest; a dot where nothing is known, the lowest for nothing at all."""
    highest = len(COLUMNS) - 1
    return "".join(UNKNOWN if value is None else COLUMNS[min(highest, -int(-value * highest // top)) if top > 0 else 0] for value in values)


def _event(metric: TrackedMetric, values: Values, answers: Answers) -> MetricEvent:
    if metric.source in ("Requests", ERRORS):  # a minute without one has no value in Azure
        values = [value or 0.0 for value in values]
    known = [value for value in values if value is not None]
    return MetricEvent(
        metric.name,
        _(metric.title),
        sparkline(values, metric.top(max(known, default=0.0), answers)),
        metric.words(known, answers) if known else _("not known yet: Azure tells it some minutes late"),
        _(metric.why),
        tuple(values),
    )


def _calls(values: Values, _answers: Answers) -> str:
    return plural("{count} call", "{count} calls", _sum(values)).format(count=_sum(values))


def _failed(values: Values, _answers: Answers) -> str:
    return plural("{count} failed ✗", "{count} failed ✗", _sum(values)).format(count=_sum(values)) if _sum(values) else _("none ✓")


def _processor(values: Values, answers: Answers) -> str:
    percent = [round((value or 0) / NANO / answers.app.cpu * 100) for value in (values[-1], max(value or 0 for value in values))]
    return _("{now} % now, {most} % at most, of {cores:g} cores").format(now=percent[0], most=percent[1], cores=answers.app.cpu)


def _memory(values: Values, answers: Answers) -> str:
    held, most = ((value or 0) / MEBI for value in (values[-1], max(value or 0 for value in values)))
    words = _("{now:.0f} MiB now, {most:.0f} at most, of {whole:.0f}")
    return words.format(now=held, most=most, whole=_mebibytes(answers)) + (" ✗" if most > 0.9 * _mebibytes(answers) else "")


def _restarts(values: Values, _answers: Answers) -> str:
    count = int(max(value or 0 for value in values))
    return plural("{count} restart ✗", "{count} restarts ✗", count).format(count=count) if count else _("none ✓")


def _copies(values: Values, answers: Answers) -> str:
    now = int(values[-1] or 0)
    return _("{now} now, {most} at most, of {limit}").format(
        now=now, most=int(max(value or 0 for value in values)), limit=answers.app.max_replicas
    )


def _sum(values: Values) -> int:
    return round(sum(value or 0 for value in values))


def _mebibytes(answers: Answers) -> float:
    return float(answers.app.memory.removesuffix("Gi")) * 1024


METRICS = (
    TrackedMetric(
        "requests",
        "Requests",
        N_("calls"),
        N_("The requests that reached your API, a column for each minute; the highest column is the busiest minute."),
        _calls,
        lambda most, _answers: most,
    ),
    TrackedMetric(
        "errors",
        ERRORS,
        N_("failures"),
        N_("The requests that were answered with 500 to 599: your code went wrong, or nothing listened. The log tells which."),
        _failed,
        lambda most, _answers: most,
    ),
    TrackedMetric(
        "cpu",
        "UsageNanoCores",
        N_("processor"),
        N_("How much of its processor a copy used; the highest column is all that it has (cpu under [app])."),
        _processor,
        lambda _most, answers: answers.app.cpu * NANO,
    ),
    TrackedMetric(
        "memory",
        "WorkingSetBytes",
        N_("memory"),
        N_("What a copy held in memory; the highest column is all that it has (memory under [app]), and what takes more is ended."),
        _memory,
        lambda _most, answers: _mebibytes(answers) * MEBI,
    ),
    TrackedMetric(
        "restarts",
        "RestartCount",
        N_("restarts"),
        N_("How often a copy was started again because it had ended, as after a crash."),
        _restarts,
        lambda most, _answers: max(most, 1.0),
    ),
    TrackedMetric(
        "replicas",
        "Replicas",
        N_("copies"),
        N_("How many copies ran; the highest column is the most that may run (max_replicas under [app])."),
        _copies,
        lambda most, answers: max(most, answers.app.max_replicas),
    ),
)
