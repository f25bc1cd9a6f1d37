"""The exported ARM template, deployed to the practice cloud: a plan afterwards keeps everything; and it is the Bicep in other words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.export.test_bicep import CANARY, SHARED, TABLES
from tests.practice.apps import write_api
from tests.steps.conftest import Setup, StartSetup
from tests.steps.deployed import SERVER
from tests.support.waiting import eventually
from wizard.export import arm
from wizard.export.arm_text import ArmWriter
from wizard.export.bicep import who_has_roles
from wizard.export.bicep_text import Expression
from wizard.practice.registry.building import preload
from wizard.state.snapshot import Snapshot
from wizard.steps import project
from wizard.steps.registry_of_steps import contributions

ONE = "/resourceGroups/rg-orders-dev/providers/Microsoft.Resources/deployments/main"


async def exported(setup: Setup) -> dict[str, Any]:
    """The template as the command makes it."""
    plan = await setup.plan(*contributions())
    steps = [planned.step for planned in plan.steps]
    who = await who_has_roles(Snapshot(setup.cloud, setup.answers, setup.secret), steps, plan.facts)
    template: dict[str, Any] = json.loads(arm.render(steps, setup.answers, plan.facts, who))
    return template


async def deploy(setup: Setup, template: dict[str, Any], **values: Any) -> dict[str, Any]:
    """What `az deployment group create` does: validated, made, waited for; the deployment as it ended."""
    parameters = {name: {"value": value} for name, value in values.items()}
    sent = {"properties": {"mode": "Incremental", "template": template, "parameters": parameters}}
    valid = await setup.practice.call("POST", f"{ONE}/validate", sent)
    assert valid.status == 200, valid.body
    assert (await setup.practice.call("PUT", ONE, sent)).status in (200, 201)
    deployment: dict[str, Any] = {}

    async def has_ended() -> bool:
        deployment.update((await setup.practice.call("GET", ONE)).body)
        return deployment["properties"]["provisioningState"] in ("Succeeded", "Failed")

    await eventually(has_ended)
    assert deployment["properties"]["provisioningState"] == "Succeeded", deployment["properties"]["error"]
    return deployment


async def deployed_by_template(setup: Setup, api: Path) -> dict[str, Any]:
    """Both runs that the export tells, with the image brought into the registry between them."""
    setup.given = {"api-key": CANARY, "jwt-signing-key": CANARY}
    await setup.apply(project.CONTRIBUTION)
    template = await exported(setup)
    assert CANARY not in json.dumps(template)
    await deploy(setup, template, firstRun=True)
    image = await preload.preload(setup.practice.cloud, SERVER, "orders-api", ["1.0"], write_api(api))
    values = {"value_api_key": CANARY, "value_jwt_signing_key": CANARY}
    return await deploy(setup, template, imageDigest=image["digest"], **values)


@pytest.mark.parametrize("identity", ["system", pytest.param("user", marks=pytest.mark.nightly)])
async def test_a_plan_after_its_deployment_keeps_everything(start_setup: StartSetup, tmp_path: Path, identity: str) -> None:
    setup = await start_setup(**TABLES, app={"identity": identity, "cpu": 0.5})
    deployment = await deployed_by_template(setup, tmp_path / "api")
    plan = await setup.plan(*contributions())
    assert {item.step.id: item.look.detail for item in plan.steps if item.action != "keep"} == {}
    assert deployment["properties"]["outputs"]["address"]["value"].startswith("https://capp-orders-dev.")


async def test_what_lies_in_another_group_is_a_deployment_there(start_setup: StartSetup, tmp_path: Path) -> None:
    setup = await start_setup(**TABLES, app={"identity": "user"})
    setup.tables["registry"] = {"name": "crshared01", **SHARED}
    assert (await setup.practice.call("PUT", "/resourceGroups/rg-shared", {"location": "westeurope"})).status == 201
    registry_path = "/resourceGroups/rg-shared/providers/Microsoft.ContainerRegistry/registries/crshared01"
    await setup.practice.call("PUT", registry_path, {"location": "westeurope", "sku": {"name": "Basic"}})
    await preload.preload(setup.practice.cloud, "crshared01.azurecr.io", "orders-api", ["1.0"], write_api(tmp_path / "api"))
    template = await exported(setup)
    modules = [each for each in template["resources"].values() if each["type"] == arm.DEPLOYMENT]
    assert modules and {each["resourceGroup"] for each in modules} == {"rg-shared"}
    assert template["resources"]["registry"] == {
        "existing": True,
        "type": "Microsoft.ContainerRegistry/registries",
        "apiVersion": "2025-11-01",
        "name": "crshared01",
        "resourceGroup": "rg-shared",
    }
    await setup.apply(project.CONTRIBUTION)
    await deploy(setup, template, firstRun=True)
    roles = await setup.practice.call("GET", f"{registry_path}/providers/Microsoft.Authorization/roleAssignments")
    assert [role for role in roles.body["value"] if role["properties"]["scope"].endswith("/crshared01")]


@pytest.mark.parametrize(
    ("bicep", "compiled"),
    [
        ("firstRun ? '' : 'https://${app!.properties.x.fqdn}'", "if(firstRun(), '', concat('https://', reference('app').x.fqdn))"),
        ("giveRoles && !empty(you)", "and(giveRoles(), not(empty(you())))"),
        ("you == 'it' ? 'a' : guid(vault.id, 'b')", "if(equals(you(), 'it'), 'a', guid(vault().id, 'b'))"),
        ("storage.listKeys().keys[0].value", "listKeys('storage').keys[0].value"),
    ],
)
def test_an_expression_of_bicep_is_written_in_arms_language(bicep: str, compiled: str) -> None:
    def named(name: str, members: list[str]) -> str:
        match members:
            case [".properties", *further]:
                return f"reference('{name}'){''.join(further)}"
            case [".listKeys()", *further]:
                return f"listKeys('{name}'){''.join(further)}"
        return f"{name}(){''.join(members)}"

    assert ArmWriter(named).json(Expression(bicep)) == f"[{compiled}]"


def test_text_that_looks_like_an_expression_stays_text() -> None:
    writer = ArmWriter(lambda _name, _members: None)
    assert writer.json({"[a]": ["[b]", "[c", 1, None, 0.5]}) == {"[[a]": ["[[b]", "[c", 1, None, 0.5]}
    assert writer.expression({"a": [True, None, 0.5, "it's"]}) == "createObject('a', createArray(true(), null(), json('0.5'), 'it''s'))"
