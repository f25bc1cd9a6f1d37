"""When more copies run: the rules of the answers as Azure writes them (KEDA's), read back, and in words.

A revision without any rule has Azure's own: one copy more for each 10 requests at once. As soon as it has one, that is gone, and an app
that sleeps would wake for nobody (learn: Set scaling rules in Azure Container Apps): so the rule for requests is always among ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wizard.platform.language import _
from wizard.platform.phrases import choice

if TYPE_CHECKING:
    from wizard.setup.answers import Answers

ARM = dict[str, Any]
REQUESTS, CPU, HOURS = OURS = ("azwizard-requests", "azwizard-cpu", "azwizard-hours")
"""Names that are ours: a rule of another name is somebody else's, and stays."""
AZURES_OWN = 10  # requests at once for each copy
DAYS = {"weekdays": ("1-5", "2-6"), "every-day": ("*", "*")}
"""The days as cron has them, 0 being Sunday: of the beginning, and of an end on the day after."""


def scale(answers: Answers) -> ARM:
    """``properties.template.scale`` as the answers want it; without ``rules`` where they leave it to Azure."""
    rules = scale_rules(answers)
    limits: ARM = {"minReplicas": answers.app.min_replicas, "maxReplicas": answers.app.max_replicas}
    return limits | ({"rules": rules} if rules else {})


def scale_rules(answers: Answers) -> list[ARM]:
    """The rules of the answers; each metadata value is a text (OpenAPI: ``additionalProperties: string``)."""
    app = answers.app
    if not app.scale_requests and not app.scale_cpu and app.scale_days == "never":
        return []
    rules: list[ARM] = [{"name": REQUESTS, "http": {"metadata": {"concurrentRequests": str(app.scale_requests or AZURES_OWN)}}}]
    if app.scale_cpu:
        rules.append({"name": CPU, "custom": {"type": "cpu", "metadata": {"type": "Utilization", "value": str(app.scale_cpu)}}})
    if app.scale_days != "never":
        days, days_after = DAYS[app.scale_days]
        hours = {
            "timezone": app.scale_timezone,
            "start": _cron(app.scale_from, days),
            "end": _cron(app.scale_until, days if app.scale_from < app.scale_until else days_after),
            "desiredReplicas": str(app.scale_copies),
        }
        rules.append({"name": HOURS, "custom": {"type": "cron", "metadata": hours}})
    return rules


def _cron(hour: str, days: str) -> str:
    return f"{int(hour[3:])} {int(hour[:2])} * * {days}"


def ours_and_others(actual: Sequence[ARM], desired: Sequence[ARM]) -> list[ARM]:
    """The rules to be written: those of the answers, then those that somebody else added."""
    return [*desired, *(rule for rule in actual if rule.get("name") not in OURS)]


def scale_answers(rules: Sequence[ARM]) -> dict[str, Any]:
    """The answers that our rules in Azure stand for; of a rule that was changed by hand into what no answer says, nothing."""
    by_name = {str(rule.get("name")): _metadata(rule) for rule in rules}
    answers: dict[str, Any] = {}
    if (requests := by_name.get(REQUESTS, {}).get("concurrentRequests", "")).isdigit():
        answers["scale_requests"] = int(requests)
    if (percent := by_name.get(CPU, {}).get("value", "")).isdigit():
        answers["scale_cpu"] = int(percent)
    return answers | _hours_answers(by_name.get(HOURS, {}))


def _hours_answers(metadata: Mapping[str, str]) -> dict[str, Any]:
    start, end = (re.fullmatch(r"(\d+) (\d+) \* \* (\S+)", metadata.get(key, "")) for key in ("start", "end"))
    if not start or not end or not metadata.get("desiredReplicas", "").isdigit():
        return {}
    begins, ends = (f"{int(time[2]):02}:{int(time[1]):02}" for time in (start, end))
    days = next((word for word, (day, after) in DAYS.items() if start[3] == day and end[3] == (day if begins < ends else after)), "")
    hours = {"scale_from": begins, "scale_until": ends, "scale_timezone": metadata.get("timezone", "")}
    return {"scale_days": days, **hours, "scale_copies": int(metadata["desiredReplicas"])} if days else {}


def rule_words(rules: Sequence[ARM]) -> dict[str, str]:
    """What each of our rules does, by what it follows."""
    by_name = {str(rule.get("name")): _metadata(rule) for rule in rules}
    words = {}
    if REQUESTS in by_name:
        words[_("another copy by calls")] = _("above {count} at once for each").format(count=by_name[REQUESTS].get("concurrentRequests"))
    if CPU in by_name:
        words[_("another copy by processor use")] = _("above {percent} %").format(percent=by_name[CPU].get("value"))
    if HOURS in by_name:
        words[_("copies at fixed hours")] = _hours_words(by_name[HOURS])
    return words


def _hours_words(metadata: Mapping[str, str]) -> str:
    hours = _hours_answers(metadata)
    if not hours:  # changed by hand: as cron says it
        return ", ".join(f"{key} {value}" for key, value in metadata.items())
    return _("{copies}, {days}, {begins} to {ends}, {timezone}").format(
        copies=hours["scale_copies"],
        days=choice("app.scale_days", hours["scale_days"]),
        begins=hours["scale_from"],
        ends=hours["scale_until"],
        timezone=hours["scale_timezone"],
    )


def _metadata(rule: ARM) -> dict[str, str]:
    kind = rule.get("http") or rule.get("custom") or {}
    return {str(key): str(value) for key, value in (kind.get("metadata") or {}).items()}
