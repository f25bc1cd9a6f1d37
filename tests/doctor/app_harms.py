"""What someone else does to the app or to the place it runs in, and what a person does about it, through Azure's own calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.doctor.harms import ENVIRONMENT
from tests.doctor.ward import APP, Patient


async def ingress(patient: Patient, **changes: Any) -> None:
    properties = (await patient.app())["properties"]
    await patient.edit({"configuration": {"ingress": {**properties["configuration"]["ingress"], **changes}}})


async def ingress_off(patient: Patient) -> None:
    """As ``az containerapp ingress disable`` does."""
    await patient.edit({"configuration": {"ingress": None}})


async def port_changed(patient: Patient) -> None:
    await ingress(patient, targetPort=8080)


async def internal(patient: Patient) -> None:
    await ingress(patient, external=False)


async def restricted(patient: Patient) -> None:
    """Someone lets in the office only."""
    rule = {"name": "office", "ipAddressRange": "203.0.113.0/24", "action": "Allow"}
    await ingress(patient, ipSecurityRestrictions=[rule])


async def let_in(patient: Patient) -> None:
    rules = (await patient.app())["properties"]["configuration"]["ingress"]["ipSecurityRestrictions"]
    await ingress(patient, ipSecurityRestrictions=[*rules, {"name": "here", "ipAddressRange": "127.0.0.1/32", "action": "Allow"}])


async def stopped(patient: Patient) -> None:
    group, name = patient.answers.project.resource_group, patient.answers.app.name
    await (await patient.setup.cloud.apps.container_apps.begin_stop(group, name, polling_interval=0.05)).result()


async def deactivated(patient: Patient) -> None:
    name = (await patient.app())["properties"]["latestRevisionName"]
    await patient.call("POST", f"{APP}/revisions/{name}/deactivate")


async def older_one_off(patient: Patient) -> None:
    """Someone tries a change beside the version that gets the requests, and then switches the wrong one off."""
    await patient.edit({"configuration": {"activeRevisionsMode": "Multiple"}})
    older = (await patient.app())["properties"]["latestRevisionName"]
    await template(patient, lambda body: body["containers"][0]["env"].append({"name": "TRIED", "value": "yes"}))
    await ingress(patient, traffic=[{"revisionName": older, "weight": 100}])
    await patient.call("POST", f"{APP}/revisions/{older}/deactivate")


async def template(patient: Patient, change: Callable[[Any], None]) -> None:
    properties = (await patient.app())["properties"]
    change(properties["template"])
    await patient.edit({"template": properties["template"]})


async def by_tag(patient: Patient) -> None:
    await template(patient, lambda body: body["containers"][0].update(image="crordersdev.azurecr.io/orders-api:1.0"))


async def sleeps(patient: Patient) -> None:
    await template(patient, lambda body: body["scale"].update(minReplicas=0, cooldownPeriod=1))
    name = (await patient.app())["properties"]["latestRevisionName"]
    began = time.monotonic()
    while time.monotonic() - began < 20:
        if (await patient.call("GET", f"{APP}/revisions/{name}"))["properties"]["runningState"] == "ScaledToZero":
            return


async def failing_probe(patient: Patient) -> None:
    """Someone sets a health probe in the portal, with a path that the API does not have, and switches the version before off."""
    await _probed(patient, {"type": "Readiness", "httpGet": {"path": "/healthz", "port": 5000}, "periodSeconds": 1})


async def probed_elsewhere(patient: Patient) -> None:
    """The same with a probe that asks on a port where nothing listens."""
    await _probed(patient, {"type": "Startup", "tcpSocket": {"port": 9999}, "periodSeconds": 1, "failureThreshold": 3})


async def _probed(patient: Patient, probe: dict[str, Any]) -> None:
    before = (await patient.app())["properties"]["latestRevisionName"]
    await template(patient, lambda body: body["containers"][0].update(probes=[probe]))
    await patient.call("POST", f"{APP}/revisions/{before}/deactivate")


async def probe_corrected(patient: Patient) -> None:
    probe = {"type": "Readiness", "httpGet": {"path": "/health", "port": 5000}, "periodSeconds": 1}
    await template(patient, lambda body: body["containers"][0].update(probes=[probe]))


async def environment_failed(patient: Patient) -> None:
    """A change of the environment, such as of its logs, that Azure could not finish."""
    patient.faults("fail:Microsoft.App/managedEnvironments")
    await patient.call("PATCH", ENVIRONMENT, {"tags": (await patient.call("GET", ENVIRONMENT))["tags"]})
    while (await patient.call("GET", ENVIRONMENT))["properties"]["provisioningState"] == "InProgress":
        pass


async def provider_off(patient: Patient) -> None:
    patient.setup.practice.cloud.store.collection("providers")["Microsoft.App"] = {"namespace": "Microsoft.App", "state": "NotRegistered"}


async def out_of_reach(patient: Patient) -> None:
    patient.faults("app-unreachable")


async def subscription_disabled(patient: Patient) -> None:
    patient.faults("subscription-disabled")


async def faults_gone(patient: Patient) -> None:
    patient.setup.practice.cloud.faults.clear()
