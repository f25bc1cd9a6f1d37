"""The probes by which Azure asks an API whether it is ready and alive, at its health path.

A version takes requests only once its readiness probe has passed. Without one Azure asks no more than whether something listens, and a
server that listens before it has loaded its code takes requests that it cannot answer. Azure's own startup probe (TCP on the port of the
ingress, 240 tries) stays beside ours, since a type that is not named keeps its default (learn.microsoft.com, "Health probes in Azure
Container Apps"); 200 to 399 passes.

They ask under the API's own name: without a Host header Azure asks under the copy's IP address, which Django's ALLOWED_HOSTS and its like
refuse with 400 (Container Apps 2024-03-01, ContainerAppProbeHttpGet.host: "defaults to the pod IP. You probably want to set "Host" in
httpHeaders instead."). A front that the name belongs to plays no part: Azure asks the copy itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers

ARM = dict[str, Any]

READINESS: ARM = {"type": "Readiness", "initialDelaySeconds": 1, "periodSeconds": 5, "timeoutSeconds": 10, "failureThreshold": 10}
"""A copy that is busy with long requests for almost a minute gets no more, and is not taken for broken."""
LIVENESS: ARM = {"type": "Liveness", "initialDelaySeconds": 30, "periodSeconds": 30, "timeoutSeconds": 10, "failureThreshold": 10}
"""Started again only after five minutes without an answer: by then it hangs, however slowly it loads or works."""


def health_probes(answers: Answers, facts: Outputs) -> list[ARM] | None:
    """The probes of the API's container; None where nobody knows whether its health path answers, so that Azure's stay as they are."""
    if not answers.app.probes:
        return []
    if facts.health_route is None:
        return None
    request: ARM = {"path": answers.app.health_path, "port": answers.app.port, "scheme": "HTTP"}
    if facts.environment_domain:
        request["httpHeaders"] = [{"name": "Host", "value": f"{answers.app.name}.{facts.environment_domain}"}]
    return [{**probe, "httpGet": request} for probe in (LIVENESS, READINESS)] if facts.health_route else []


def are_ours(probes: list[ARM]) -> bool:
    """Whether all of these are what `health_probes` gives, for whatever path and port, or there are none: others' probes stay."""
    return all(any(_has(probe, own) for own in (READINESS, LIVENESS)) and probe.get("httpGet") for probe in probes)


def probed_paths(probes: list[ARM]) -> str | None:
    """``GET /health, port 5000, Host: orders.example.azurecontainerapps.io`` for probes of ours; None for none."""
    if not probes:
        return None
    request = probes[0]["httpGet"]
    headers = [f"{header.get('name')}: {header.get('value')}" for header in request.get("httpHeaders") or []]
    return ", ".join([f"GET {request.get('path')}", f"port {request.get('port')}", *headers])


def same_probes(actual: list[ARM], desired: list[ARM]) -> bool:
    """Whether Azure has these probes, with whatever defaults it added to them."""
    return len(actual) == len(desired) and all(any(_has(probe, expected) for probe in actual) for expected in desired)


def _has(probe: ARM, expected: ARM) -> bool:
    return all(_has(probe.get(key) or {}, value) if isinstance(value, dict) else probe.get(key) == value for key, value in expected.items())
