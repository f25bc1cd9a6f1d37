"""What tests of the app's sections share: a small setup whose image is in its registry already."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.practice.apps import write_api
from tests.steps.conftest import Setup, StartSetup
from wizard.engine.events import ResultEvent
from wizard.practice.registry.building import preload
from wizard.steps import key_vault, project, registry
from wizard.steps.registry_of_steps import contributions

GROUP = "/resourceGroups/rg-orders-dev"
APP = f"{GROUP}/providers/Microsoft.App/containerApps/capp-orders-dev"
ENVIRONMENT = f"{GROUP}/providers/Microsoft.App/managedEnvironments/cae-orders-dev"
SERVER = "crordersdev.azurecr.io"
VERSION = "2024-03-01"
TABLES: dict[str, Any] = {
    "pipeline": {"build": "existing", "image": "orders-api", "tag": "1.0"},
    "key_vault": {"secrets": ["api-key"]},
    "storage": {"shares": [{"designation": "db", "mount": "/project-container/databases", "nobrl": True}]},
    "app": {"port": 5000, "health_path": "/health"},
    "variables": [
        {"name": "DATABASE_PATH", "value": "/project-container/databases/orders.db"},
        {"name": "LOG_LEVEL", "value": "info"},
        {"name": "API_KEY", "secret": "api-key"},
    ],
}


async def begin(start_setup: StartSetup, tmp_path: Path, **tables: Any) -> Setup:
    """A setup with its group, vault and registry made, and the API's image in the registry."""
    setup = await start_setup(**{**TABLES, **tables})
    setup.given = {"api-key": "canary-1"}
    await setup.apply(project.CONTRIBUTION, key_vault.CONTRIBUTION, registry.CONTRIBUTION)
    await preload.preload(setup.practice.cloud, SERVER, "orders-api", ["1.0"], write_api(tmp_path / "api"))
    return setup


async def deployed(start_setup: StartSetup, tmp_path: Path, **tables: Any) -> Setup:
    """The same, with everything made: the API runs."""
    setup = await begin(start_setup, tmp_path, **tables)
    result = await make(setup)
    assert result.outcome == "succeeded", setup.events[-8:]
    return setup


async def make(setup: Setup) -> ResultEvent:
    """Apply every section."""
    return await setup.apply(*contributions())


async def changes(setup: Setup) -> dict[str, str]:
    """Of every section's steps those that are not kept: step id -> what the plan says."""
    plan = await setup.plan(*contributions())
    return {item.step.id: item.look.detail for item in plan.steps if item.action != "keep"}


async def app(setup: Setup) -> Any:
    """The app as Azure answers it."""
    return (await setup.practice.call("GET", APP, version=VERSION)).body


async def edit(setup: Setup, properties: dict[str, Any]) -> None:
    """Someone else changes the app."""
    called = await setup.practice.call("PATCH", APP, {"properties": properties}, version=VERSION)
    assert called.status in (200, 202), called.body
    while (await app(setup))["properties"]["provisioningState"] == "InProgress":
        pass


async def ask(setup: Setup, path: str, method: str = "GET", body: Any = None) -> tuple[int, Any]:
    """What the deployed API answers."""
    fqdn = (await app(setup))["properties"]["configuration"]["ingress"]["fqdn"]
    answer = await setup.cloud.call_app(fqdn, path, method=method, body=body)
    return answer.status, json.loads(answer.body or b"null")
