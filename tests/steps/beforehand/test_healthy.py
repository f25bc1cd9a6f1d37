"""No false alarm: setups of all sorts on a subscription that is in order pass ``check`` without a word that is untrue."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.practice.apps import write_api
from tests.steps.beforehand.checked import check
from tests.steps.conftest import Setup, StartSetup
from wizard.engine.preflight.checks import preflight
from wizard.practice.arm.regions import regions_of_type
from wizard.practice.registry.building import preload
from wizard.state.snapshot import Snapshot
from wizard.steps.registry_of_steps import contributions

MOST_REQUESTS = 12
SIZES = [(0.25, "0.5Gi"), (0.5, "1Gi"), (0.75, "1.5Gi"), (1, "2Gi"), (2, "4Gi")]
SHARED = {"existing": True, "resource_group": "RG_Shared.Things-(1)"}
GROUP = f"/resourceGroups/{SHARED['resource_group']}"
PROVIDERS = f"{GROUP}/providers"
SHARED_REGISTRY = {"name": "crShared01", **SHARED}
BUILDS: list[dict[str, Any]] = [
    {"build": "registry"},
    {"build": "azure-devops", "organization": "contoso", "project": "orders", "repository": "orders-api"},
    {
        "build": "azure-devops",
        "organization": "contoso",
        "project": "orders",
        "repository": "orders-api",
        "branch": "release/2",
        "connection": "automatic",
    },
    {"build": "github", "owner": "contoso", "repository": "orders-api"},
    {"build": "github", "owner": "contoso", "repository": "orders-api", "branch": "trunk", "deploy": True},
    {"build": "existing", "image": "orders-api", "tag": "1.0"},
]
DOCKERFILE = """\
FROM python:3.12-slim
WORKDIR /api
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:{port}", "app:app"]
"""
TAGS = [("CostCenter", "42"), ("Owner", "é team"), ("x", "y"), ("hidden-title", "a & b"), ("Kostenstelle (neu)", "")]
TRUE_OF_ALL = {"preflight.region-capacity"}
"""What is told as unknown of every setup that makes an environment, and is true: only Azure's own answer tells it."""


def setup_of(seed: int) -> dict[str, Any]:
    """A setup that nothing is wrong with, drawn by `seed`; what exists already lies in another group."""
    draw = random.Random(seed)  # noqa: S311
    build = BUILDS[seed % len(BUILDS)]
    shared = {table for table in ("key_vault", "registry", "storage", "environment") if draw.random() < 0.25}
    cpu, memory = draw.choice(SIZES)
    shares = draw.sample(["db", "logs", "json", "uploads"], draw.randint("storage" in shared, 3))
    secrets = draw.sample(["api-key", "jwt-key", "smtp-password"], draw.randint(0, 3))
    project: dict[str, Any] = {
        "name": draw.choice(["orders", "a1", "price-list", "notes", "orders-form"]),
        "environment": draw.choice(["dev", "test", "prod", "qa2"]),
        "region": "westeurope" if shared else draw.choice([region.name for region in regions_of_type("Microsoft.App/managedEnvironments")]),
        "tags": dict(draw.sample(TAGS, draw.randint(0, 3))),
    }
    if draw.random() < 0.3:
        project |= {"budget": draw.choice([1, 10, 999]), "budget_email": "ann@contoso.com"}
    if draw.random() < 0.2:
        project |= {"resource_group": "RG_Given.(mine)_x", "existing_group": True}
    app: dict[str, Any] = {
        "port": draw.choice([80, 3000, 5000, 8000, 8080]),
        "cpu": cpu,
        "memory": memory,
        "identity": draw.choice(["system", "user"]),
        "max_replicas": 1 if "db" in shares else draw.choice([1, 2, 5]),
        "min_replicas": draw.choice([0, 1]),
        "probes": draw.random() < 0.7,
    }
    if app["max_replicas"] > 1 and draw.random() < 0.6:
        app |= draw.choice([{"scale_requests": 30}, {"scale_days": "weekdays", "scale_timezone": "Europe/Paris", "scale_copies": 2}])
    if app["identity"] == "user" and not build.get("deploy") and draw.random() < 0.4:
        app["before_deploy"] = "python manage.py migrate"
    own = draw.random() < 0.4
    storage: dict[str, Any] = {"shares": [{"designation": name, "mount": f"/data/{name}", "nobrl": name == "db"} for name in shares]}
    if shares and "storage" in shared:
        storage |= {"account": "stshared01", **SHARED}
    elif shares:
        storage |= {"minimum_tls": draw.choice(["1.2", "1.3"]), "backup_days": draw.choice([0, 7, 365])}
    return {
        "format": 2,
        "project": project,
        "pipeline": build,
        "key_vault": {"secrets": secrets} | ({"name": "Kv-Shared-01", **SHARED} if "key_vault" in shared else {}),
        "registry": SHARED_REGISTRY if "registry" in shared or build["build"] == "existing" else {"name": "cr0wn9"} if own else {},
        "storage": storage,
        "environment": {"name": "cae-shared", **SHARED} if "environment" in shared else {"name": "my-own-place"} if own else {},
        "app": app,
        "variables": [{"name": "MODE", "value": "a=b; ünd"}]
        + [{"name": secret.upper().replace("-", "_"), "secret": secret} for secret in secrets],
    }


def write_code(folder: Path, port: int) -> None:
    """An API with nothing to find fault with."""
    for name, text in {
        "Dockerfile": DOCKERFILE.format(port=port),
        "requirements.txt": "flask==3.1.0\ngunicorn==23.0.0\n",
        "app.py": "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/health')\ndef health():\n    return {}\n",
        ".dockerignore": ".env\n.git\n",
    }.items():
        (folder / name).write_text(text)


async def make_what_exists(setup: Setup) -> None:
    """What the setups name as existing: a group of one's own, and in another group one of each kind, as `az` makes them."""
    place = {"location": "westeurope"}
    access = {"tenantId": setup.cloud.tenant_id, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
    for path, body in {
        "/resourceGroups/RG_Given.(mine)_x": place,
        GROUP: place,
        f"{PROVIDERS}/Microsoft.KeyVault/vaults/Kv-Shared-01": {**place, "properties": access},
        f"{PROVIDERS}/Microsoft.ContainerRegistry/registries/crShared01": {**place, "sku": {"name": "Basic"}},
        f"{PROVIDERS}/Microsoft.Storage/storageAccounts/stshared01": {**place, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}},
        f"{PROVIDERS}/Microsoft.App/managedEnvironments/cae-shared": {**place, "properties": {}},
    }.items():
        made = await setup.practice.call("PUT", path, body)
        assert made.status in (200, 201, 202), made.body
    await preload.preload(setup.practice.cloud, "crshared01.azurecr.io", "orders-api", ["1.0"], write_api(setup.folder.parent / "other"))


async def assert_healthy(
    start_setup: StartSetup, printed: pytest.CaptureFixture[str], given: pytest.MonkeyPatch, seeds: range, *, registered: bool
) -> None:
    setup = await start_setup(registered=True)
    await make_what_exists(setup)
    if not registered:
        for namespace in ("Microsoft.App", "Microsoft.KeyVault", "Microsoft.Storage", "Microsoft.ContainerRegistry"):
            setup.practice.cloud.store.collection("providers")[namespace] = {"namespace": namespace, "state": "NotRegistered"}
    for name in ("API_KEY", "JWT_KEY", "SMTP_PASSWORD"):
        given.setenv(f"AZWIZARD_SECRET_{name}", "canary-1")
    alarms: dict[int, list[Any]] = {}
    for seed in seeds:
        setup.tables = setup_of(seed)
        write_code(setup.folder, setup.tables["app"]["port"])
        status, events = await check(setup, printed)
        told = [event for event in events if event["event"] == "check" and event["state"] != "met" and event["check"] not in TRUE_OF_ALL]
        told += [event for event in events if event["event"] not in ("check", "result")]
        if status or told:
            alarms[seed] = [status, setup.tables["pipeline"], *told, events[-1]]
        setup.given = dict.fromkeys(setup.tables["key_vault"]["secrets"], "canary-1")
        plan = await setup.plan(*contributions())
        before = setup.cloud.requests
        snapshot = Snapshot(setup.cloud, setup.answers, setup.secret)
        await preflight(snapshot, setup.answers, [item.step for item in plan.to_make], plan.facts)
        assert setup.cloud.requests - before <= MOST_REQUESTS, seed
    assert alarms == {}


@pytest.mark.parametrize(
    "seeds", [range(2), *(pytest.param(range(first, first + 5), marks=pytest.mark.nightly) for first in range(0, 40, 5))], ids=str
)
@pytest.mark.parametrize("registered", [True, False])
async def test_healthy_setups_pass_the_check(
    start_setup: StartSetup, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, registered: bool, seeds: range
) -> None:
    """Forty, each in a subscription whose services are switched on and in one where they are not."""
    await assert_healthy(start_setup, capsys, monkeypatch, seeds, registered=registered)
