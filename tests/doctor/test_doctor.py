"""The doctor on broken deployments: one right verdict each, and the API answers after the fix. On healthy ones it says so."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.doctor.ward import APP, GROUP, STORAGE, TABLES, Break, Patient
from tests.practice.apps import DOCKERFILE, RUN
from tests.sections.conftest import StartSetup
from tests.sections.deployed import begin
from wizard import naming, running

ENVIRONMENT = f"{GROUP}/providers/Microsoft.App/managedEnvironments/cae-orders-dev"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/crordersdev"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-orders-dev"
VAULT_URI = "https://kv-orders-dev.vault.azure.net/"
FIRST = "from flask import Flask, jsonify, request\n"


@dataclass(frozen=True)
class Illness:
    """One broken deployment.

    :param image: what differs in the image that is deployed (``run``, ``dockerfile``).
    :param harm: what happens after the deployment.
    :param says: words of the verdict's detail or evidence.
    :param person: what the person does where the wizard cannot.
    """

    verdict: str
    why: str = ""
    tables: dict[str, Any] = field(default_factory=dict)
    image: dict[str, str] = field(default_factory=dict)
    harm: Break | None = None
    says: str = ""
    person: Break | None = None


async def nothing(patient: Patient) -> None:
    return None


async def repushed(patient: Patient) -> None:
    await patient.push()
    assert (await patient.deploy()).outcome == "succeeded"


def starting(code: str) -> dict[str, str]:
    """An image whose run.py does something more at its start."""
    return {"run": RUN.replace("app = Flask(__name__)", f"{code}\napp = Flask(__name__)")}


def bound(address: str) -> dict[str, str]:
    return {"dockerfile": DOCKERFILE.replace("0.0.0.0:5000", address)}


async def without_pull_role(patient: Patient) -> None:
    await patient.take_role(REGISTRY, naming.ROLES["AcrPull"])
    await patient.restart()


async def without_secrets_role(patient: Patient) -> None:
    await patient.take_role(VAULT, naming.ROLES["Key Vault Secrets User"])
    await patient.restart()


async def still_running_without_secrets_role(patient: Patient) -> None:
    await patient.take_role(VAULT, naming.ROLES["Key Vault Secrets User"])


async def secret_deleted(patient: Patient) -> None:
    await patient.setup.cloud.secrets(VAULT_URI).delete_secret("api-key")
    patient.setup.given = {}


async def secret_purged(patient: Patient) -> None:
    await secret_deleted(patient)
    await patient.setup.cloud.secrets(VAULT_URI).purge_deleted_secret("api-key")
    await patient.restart()


async def secret_written(patient: Patient) -> None:
    patient.setup.given = {"api-key": "canary-2"}
    assert (await patient.deploy()).outcome == "succeeded"


async def secret_switched_off(patient: Patient) -> None:
    await patient.setup.cloud.secrets(VAULT_URI).update_secret_properties("api-key", enabled=False)


async def secret_switched_on(patient: Patient) -> None:
    await patient.setup.cloud.secrets(VAULT_URI).update_secret_properties("api-key", enabled=True)


async def key_rotated(patient: Patient) -> None:
    """Until the key is newer than the app, by Azure's clock of whole seconds."""
    made = (await patient.call("GET", STORAGE, version="2023-05-01"))["properties"]["keyCreationTime"]["key1"]
    newer = made
    while newer <= made:
        await patient.call("POST", f"{STORAGE}/regenerateKey", {"keyName": "key1"}, "2023-05-01")
        newer = (await patient.call("GET", STORAGE, version="2023-05-01"))["properties"]["keyCreationTime"]["key1"]


async def key_rotated_and_restarted(patient: Patient) -> None:
    await key_rotated(patient)
    await patient.restart()


async def share_deleted(patient: Patient) -> None:
    await patient.call("DELETE", f"{STORAGE}/fileServices/default/shares/fileshare-db-orders-dev", version="2023-05-01")
    await patient.restart()


async def key_forbidden(patient: Patient) -> None:
    await patient.call("PATCH", STORAGE, {"properties": {"allowSharedKeyAccess": False}}, "2023-05-01")
    await patient.restart()


async def connection_deleted(patient: Patient) -> None:
    await patient.call("DELETE", f"{ENVIRONMENT}/storages/azure-files-db")


async def ingress(patient: Patient, **changes: Any) -> None:
    properties = (await patient.app())["properties"]
    await patient.edit({"configuration": {"ingress": {**properties["configuration"]["ingress"], **changes}}})


async def port_changed(patient: Patient) -> None:
    await ingress(patient, targetPort=8080)


async def internal(patient: Patient) -> None:
    await ingress(patient, external=False)


async def stopped(patient: Patient) -> None:
    group, name = patient.answers.project.resource_group, patient.answers.app.name
    await (await patient.setup.cloud.apps.container_apps.begin_stop(group, name, polling_interval=0.05)).result()


async def deactivated(patient: Patient) -> None:
    name = (await patient.app())["properties"]["latestRevisionName"]
    await patient.call("POST", f"{APP}/revisions/{name}/deactivate")


async def template(patient: Patient, change: Callable[[Any], None]) -> None:
    properties = (await patient.app())["properties"]
    change(properties["template"])
    await patient.edit({"template": properties["template"]})


async def by_tag(patient: Patient) -> None:
    await template(patient, lambda it: it["containers"][0].update(image="crordersdev.azurecr.io/orders-api:1.0"))


async def newer_pushed(patient: Patient) -> None:
    await patient.push(run=RUN + "\n# newer\n")


async def sleeps(patient: Patient) -> None:
    await template(patient, lambda it: it["scale"].update(minReplicas=0, cooldownPeriod=1))
    name = (await patient.app())["properties"]["latestRevisionName"]
    began = time.monotonic()
    while time.monotonic() - began < 20:
        if (await patient.call("GET", f"{APP}/revisions/{name}"))["properties"]["runningState"] == "ScaledToZero":
            return


async def unreachable_version(patient: Patient) -> None:
    await patient.push(tag="2.0", **bound("127.0.0.1:5000"))
    await patient.deploy_with("pipeline", tag="2.0")


async def older_version(patient: Patient) -> None:
    await patient.deploy_with("pipeline", tag="1.0")


async def locked(patient: Patient) -> None:
    await patient.ask("/orders")


async def provider_off(patient: Patient) -> None:
    patient.setup.practice.cloud.store.collection("providers")["Microsoft.App"] = {"namespace": "Microsoft.App", "state": "NotRegistered"}


NO_SHARE: dict[str, Any] = {"storage": {"shares": []}, "variables": TABLES["variables"][1:]}
NO_NOBRL: dict[str, Any] = {"storage": {"shares": [{"designation": "db", "mount": "/project-container/databases"}]}}
ENDED_BY_FORCE = {"dockerfile": DOCKERFILE.rpartition("CMD")[0] + 'CMD ["python", "-c", "import os; os._exit(137)"]\n'}
ILLNESSES = [
    Illness("loopback", "gunicorn on 127.0.0.1", image=bound("127.0.0.1:5000"), says="111", person=repushed),
    Illness("wrong-port", "the image's port", image=bound("0.0.0.0:8000"), says="8000"),
    Illness("wrong-port", "the app's port, changed", harm=port_changed, says="8080"),
    Illness("crash", "an exception", image=starting("raise RuntimeError('boom')"), says="boom", person=repushed),
    Illness("crash", "a package", image=starting("import nothing_like_it"), says="nothing_like_it", person=repushed),
    Illness("variable-missing", image=starting("os.environ['NEEDED']"), says="NEEDED", person=repushed),
    Illness("out-of-memory", image=ENDED_BY_FORCE, says="0.5Gi", person=repushed),
    Illness("pull-role-missing", harm=without_pull_role, says="crordersdev"),
    Illness("secret-role-missing", harm=without_secrets_role),
    Illness("secret-role-missing", "still running", harm=still_running_without_secrets_role, says="next start"),
    Illness("secret-missing", "deleted", harm=secret_deleted, says="api-key"),
    Illness("secret-missing", "purged", harm=secret_purged, says="api-key", person=secret_written),
    Illness("secret-disabled", harm=secret_switched_off, says="api-key", person=secret_switched_on),
    Illness("key-rotated", "still running", harm=key_rotated),
    Illness("key-rotated", "started again", harm=key_rotated_and_restarted),
    Illness("share-missing", harm=share_deleted, says="db"),
    Illness("shared-key-disabled", harm=key_forbidden),
    Illness("ingress-internal", harm=internal),
    Illness("stopped", "the app", harm=stopped),
    Illness("stopped", "the revision", harm=deactivated),
    Illness("unpinned-image", harm=by_tag),
    Illness("latest-moved", harm=newer_pushed),
    Illness("scaled-to-zero", tables=NO_SHARE, harm=sleeps),
    Illness("new-version-failed", tables=NO_SHARE, harm=unreachable_version, says="127.0.0.1", person=older_version),
    Illness("database-locked", tables={**NO_NOBRL, "app": {"port": 5000, "health_path": "/health"}}, harm=locked, says="nobrl"),
    Illness(
        "api-error", image={"run": RUN.replace('return jsonify(status="ok")', "return 1 / 0")}, says="ZeroDivisionError", person=repushed
    ),
    Illness("provider-not-registered", harm=provider_off, says="Microsoft.App"),
]
HEALTHY: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("as in the article", {}, {}),
    ("an identity made before", {"app": {"port": 5000, "identity": "user"}}, {}),
    ("no share", NO_SHARE, {}),
    ("no secret", {"key_vault": {"secrets": []}, "variables": TABLES["variables"][:2]}, {}),
    ("another port", {"app": {"port": 8080}}, bound("0.0.0.0:8080")),
    ("two workers, no database", NO_SHARE, {"dockerfile": DOCKERFILE.replace('"--bind"', '"--workers", "2", "--bind"')}),
    ("asleep when nobody calls", {**NO_SHARE, "app": {"port": 5000, "min_replicas": 0}}, {}),
    ("a path that is not there", {"app": {"port": 5000, "health_path": "/nowhere"}}, {}),
    ("several copies", {**NO_SHARE, "app": {"port": 5000, "min_replicas": 2, "max_replicas": 3}}, {}),
    ("more memory", {"app": {"port": 5000, "cpu": 0.5, "memory": "1.0Gi"}}, {}),
]
Admit = Callable[..., Awaitable[Patient]]


@pytest.fixture
def admit(start_setup: StartSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Admit:
    """Deploys an API, healthy or not."""
    monkeypatch.setattr(running, "ANSWER_PATIENCE", 2.0)  # a deployment that is broken on purpose is not waited for

    async def deployed(tables: dict[str, Any], image: dict[str, str]) -> Patient:
        setup = await begin(start_setup, tmp_path, **tables)
        patient = Patient.admitted(setup)
        if image:
            await patient.push(**image)
        await patient.deploy()
        return patient

    return deployed


@pytest.mark.parametrize("illness", ILLNESSES, ids=[f"{it.verdict}: {it.why}".rstrip(": ") for it in ILLNESSES])
async def test_a_broken_deployment_gets_one_right_verdict_and_answers_after_the_fix(admit: Admit, illness: Illness) -> None:
    patient = await admit(illness.tables, illness.image)
    await (illness.harm or nothing)(patient)
    began = time.monotonic()
    verdict = await patient.examine()
    assert (verdict.id, time.monotonic() - began < 30) == (illness.verdict, True), verdict
    assert illness.says in " ".join([verdict.detail, *verdict.evidence]), verdict
    assert "canary" not in str(verdict)
    if illness.person is None:
        result = await patient.mend(verdict)
        assert result.outcome in ("succeeded", "unchanged"), patient.setup.events[-6:]
    else:
        assert verdict.cure is not None and verdict.cure.words
        await illness.person(patient)
    assert await patient.ask() == 200
    assert (await patient.examine()).id == "healthy"


@pytest.mark.parametrize(("tables", "image"), [case[1:] for case in HEALTHY], ids=[case[0] for case in HEALTHY])
async def test_a_healthy_deployment_is_called_so(admit: Admit, tables: dict[str, Any], image: dict[str, str]) -> None:
    patient = await admit(tables, image)
    verdict = await patient.examine()
    assert verdict.id == "healthy", verdict
    assert verdict.cure is None


async def test_nothing_deployed_is_not_called_an_illness_of_the_app(start_setup: StartSetup, tmp_path: Path) -> None:
    patient = Patient.admitted(await begin(start_setup, tmp_path))
    assert (await patient.examine()).id == "not-deployed"
