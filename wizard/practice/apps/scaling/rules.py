"""Scale rules: what Azure refuses in them, and how many copies they want (learn: Set scaling rules in Azure Container Apps).

Azure's rules are KEDA's: of several the one that wants most decides, within the limits; what cannot be measured here (queues, buses,
memory) wants nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from wizard.practice.kernel.errors import AzureError

KINDS = ("azureQueue", "custom", "http", "tcp")
DEFAULT_CONCURRENCY = 10
MOST_CHANGES = 1000  # of a schedule that are followed: some forty a day for a month
DEFAULT_RULE = {"name": "http-scaler", "http": {"metadata": {"concurrentRequests": str(DEFAULT_CONCURRENCY)}}}
Rule = dict[str, Any]


@dataclass(frozen=True)
class Load:
    """What a revision has to do just now.

    :param requests: at once, on average: those of the last seconds divided by the seconds.
    :param cpu: the part of their processor that its copies use, 1.0 for all of it.
    :param copies: how many it has.
    """

    requests: float
    cpu: float
    copies: int
    now: datetime


def check_rules(app: str, rules: list[Rule]) -> None:
    """Refuse rules that Azure does not take. The sentence about kinds is quoted (MicrosoftDocs/azure-docs#90247)."""
    for rule in rules:
        name = rule.get("name") or ""
        kinds = [kind for kind in KINDS if rule.get(kind)]
        if len(kinds) != 1:
            message = (
                f"The scale rule '{name}' provided for Container App '{app}' is invalid must have either Azure Queue or HTTP or Custom"
            )
            raise _refused(f"{message} Rule specified.")
        metadata = rule[kinds[0]].get("metadata") or {}
        if kinds[0] in ("http", "tcp") and not _positive(metadata.get("concurrentRequests", str(DEFAULT_CONCURRENCY))):
            raise _refused(f"The scale rule '{name}' provided for Container App '{app}' is invalid: concurrentRequests must be at least 1.")
        if kinds[0] == "custom" and not rule["custom"].get("type"):
            raise _refused(f"The scale rule '{name}' provided for Container App '{app}' is invalid: a custom rule must have a type.")
        if kinds[0] == "custom" and (reason := _unparsed(str(rule["custom"]["type"]), metadata)):
            raise _refused(f"The scale rule '{name}' provided for Container App '{app}' is invalid: {reason}.")
    names = [rule.get("name") for rule in rules]
    if len(set(names)) < len(names) or not all(names):
        raise _refused(f"The scale rules provided for Container App '{app}' are invalid: each must have a name of its own.")


def wanted(rules: list[Rule] | None, load: Load) -> int:
    """How many copies the rules want, without the limits."""
    return max((_wanted_by(rule, load) for rule in rules or [DEFAULT_RULE]), default=0)


def follow_cpu(rules: list[Rule] | None) -> bool:
    """Whether a rule asks what processor the copies use."""
    return any((rule.get("custom") or {}).get("type") == "cpu" for rule in rules or [])


def _wanted_by(rule: Rule, load: Load) -> int:
    if http := rule.get("http"):
        return math.ceil(load.requests / int((http.get("metadata") or {}).get("concurrentRequests", DEFAULT_CONCURRENCY)))
    custom = rule.get("custom") or {}
    metadata: Mapping[str, str] = custom.get("metadata") or {}
    if custom.get("type") == "cpu":
        percent = float(metadata.get("value", 100))
        return max(1, math.ceil(load.copies * load.cpu * 100 / percent))
    if custom.get("type") == "cron":
        return int(metadata["desiredReplicas"]) if is_within(metadata, load.now) else 0
    return 0


def is_within(metadata: Mapping[str, str], now: datetime) -> bool:
    """Whether a cron rule holds: its end comes before its next start (keda.sh/docs/latest/scalers/cron)."""
    there = now.astimezone(ZoneInfo(metadata["timezone"]))
    start, end = (next(CronSim(metadata[key], there)) for key in ("start", "end"))
    return end < start


def scheduled_seconds(rules: list[Rule] | None, copies: int, since: datetime, until: datetime) -> float:
    """Copy-seconds of cron rules between two times, beside `copies` that run anyhow. Of several rules the one that wants most counts."""
    crons = [metadata for rule in rules or [] if (metadata := _cron(rule))]
    return max((max(int(rule["desiredReplicas"]) - copies, 0) * _seconds_within(rule, since, until) for rule in crons), default=0.0)


def _cron(rule: Rule) -> Mapping[str, str]:
    custom = rule.get("custom") or {}
    return (custom.get("metadata") or {}) if custom.get("type") == "cron" else {}


def _seconds_within(metadata: Mapping[str, str], since: datetime, until: datetime) -> float:
    """How long a cron rule held between two times."""
    at, seconds = since, 0.0
    for _change in range(MOST_CHANGES):
        if at >= until:
            break
        holds = is_within(metadata, at)
        there = at.astimezone(ZoneInfo(metadata["timezone"]))
        changes = min(next(CronSim(metadata["end" if holds else "start"], there)), until)
        seconds += (changes - at).total_seconds() if holds else 0.0
        at = changes
    return seconds


def _unparsed(kind: str, metadata: Mapping[str, str]) -> str:
    """What KEDA's scaler of that kind would not read, or "". Scalers that are not rehearsed are taken as they are."""
    if kind == "cpu" and not _positive(metadata.get("value", "")):
        return "error parsing cpu metadata: value must be a number above 0"
    if kind != "cron":
        return ""
    lacking = [key for key in ("timezone", "start", "end", "desiredReplicas") if not metadata.get(key)]
    if lacking:
        return f"error parsing cron metadata: no {lacking[0]} specified"
    try:
        is_within(metadata, datetime.now().astimezone())
    except (CronSimError, StopIteration, ValueError, OSError, KeyError) as error:
        return f"error parsing cron metadata: {error}"
    if metadata["start"] == metadata["end"]:
        return "error parsing cron metadata: start and end can not have exactly same time input"
    return "" if _positive(metadata["desiredReplicas"]) else "error parsing cron metadata: desiredReplicas must be a whole number"


def _positive(text: object) -> bool:
    return str(text).isdigit() and int(str(text)) > 0


def _refused(message: str) -> AzureError:
    return AzureError(400, "ContainerAppInvalidScaleSpec", message)
