"""What is there already and cannot carry the app: said in words before anything is made, with what would help (practice faults too)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.steps.conftest import Setup, StartSetup
from wizard.state import choices
from wizard.steps import environment, project, registry, storage

GROUP = "/resourceGroups/rg-shared"
ENVIRONMENT = f"{GROUP}/providers/Microsoft.App/managedEnvironments/cae-shared"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/crshared"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stshared"
PLACE = {"name": "cae-shared", "existing": True, "resource_group": "rg-shared"}
SHARES = [{"designation": "db", "mount": "/data"}]


async def made(setup: Setup, path: str, body: dict[str, Any]) -> None:
    """A resource of others, finished."""
    await setup.practice.call("PUT", GROUP, {"location": "westeurope"})
    assert (await setup.practice.call("PUT", path, {"location": "westeurope", **body})).status in (200, 201, 202)
    cloud = setup.practice.cloud
    for operation in list(cloud.store.collection("operations")):
        await cloud.operations.finished(operation)


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"environmentMode": "Express"}, "an Express one: it has no file shares"),
        ({"environmentMode": "Archived"}, "is archived"),
        (
            {"vnetConfiguration": {"internal": True, "infrastructureSubnetId": "/subscriptions/s/x"}},
            "open to its own network only (internal)",
        ),
        ({"publicNetworkAccess": "Disabled"}, "lets nobody in from the internet"),
    ],
    ids=["express", "archived", "internal", "closed"],
)
async def test_an_environment_that_cannot_carry_the_app_is_a_conflict_in_words(
    start_setup: StartSetup, properties: dict[str, Any], said: str
):
    setup = await start_setup(environment=PLACE)
    await made(setup, ENVIRONMENT, {"properties": properties})
    look = (await setup.plan(environment.CONTRIBUTION)).steps[0].look
    assert (look.found, said in look.detail) == ("conflict", True), look
    assert "another one under [environment]" in look.remedy


async def test_the_fault_makes_an_environment_of_others_an_express_one_and_not_that_of_the_setup(start_setup: StartSetup):
    setup = await start_setup(environment=PLACE)
    await made(setup, ENVIRONMENT, {})
    setup.practice.cloud.faults.add(["express-environment"])
    assert (await setup.actions(environment.CONTRIBUTION))["environment.environment"] == "conflict"
    setup.tables["environment"] = {}
    assert (await setup.apply(project.CONTRIBUTION, environment.CONTRIBUTION)).outcome == "succeeded"


async def test_the_list_to_choose_from_says_of_an_environment_that_it_cannot_carry_the_app(start_setup: StartSetup):
    setup = await start_setup()
    await made(setup, ENVIRONMENT, {"properties": {"environmentMode": "Express"}})
    await made(setup, ENVIRONMENT.replace("cae-shared", "cae-well"), {})
    [page] = [page async for page in choices.environments(setup.cloud, setup.answers) if page[0].value]
    assert [choice.words for choice in page] == ["cae-well  (rg-shared)", "cae-shared  (rg-shared)  an Express one"]


async def test_a_registry_of_others_that_takes_no_arm_tokens_is_a_conflict_until_its_owner_switches_them_on(start_setup: StartSetup):
    setup = await start_setup(registry={"name": "crshared", "existing": True, "resource_group": "rg-shared"})
    await made(setup, REGISTRY, {"sku": {"name": "Basic"}})
    setup.practice.cloud.faults.add(["arm-tokens-disabled"])
    look = (await setup.plan(registry.CONTRIBUTION)).steps[0].look
    assert look.found == "conflict"
    assert "az acr config authentication-as-arm update --registry crshared --status enabled" in look.remedy
    policies = {"azureADAuthenticationAsArmPolicy": {"status": "enabled"}}
    assert (await setup.practice.call("PATCH", REGISTRY, {"properties": {"policies": policies}})).status == 200
    assert (await setup.actions(registry.CONTRIBUTION))["registry.registry"] == "keep"


async def test_in_its_own_registry_the_setup_switches_arm_tokens_on(start_setup: StartSetup):
    setup = await start_setup()
    assert (await setup.apply(project.CONTRIBUTION, registry.CONTRIBUTION)).outcome == "succeeded"
    setup.practice.cloud.faults.add(["arm-tokens-disabled"])
    assert (await setup.actions(registry.CONTRIBUTION))["registry.registry"] == "change"
    assert (await setup.apply(registry.CONTRIBUTION)).changed == 1
    assert (await setup.actions(registry.CONTRIBUTION))["registry.registry"] == "keep"


async def test_an_account_of_others_whose_files_take_no_key_is_a_conflict(start_setup: StartSetup):
    setup = await start_setup(storage={"account": "stshared", "existing": True, "resource_group": "rg-shared", "shares": SHARES})
    services = {"allowSharedKeyAccessForServices": {"file": {"enabled": False}}}
    await made(setup, ACCOUNT, {"kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": services})
    look = (await setup.plan(storage.CONTRIBUTION)).steps[0].look
    assert (look.found, "by its key" in look.detail) == ("conflict", True)


async def test_in_its_own_account_the_setup_lets_the_key_open_files_again(start_setup: StartSetup):
    setup = await start_setup(storage={"shares": SHARES})
    assert (await setup.apply(project.CONTRIBUTION, storage.CONTRIBUTION)).outcome == "succeeded"
    setup.practice.cloud.faults.add(["no-file-keys"])
    assert (await setup.actions(storage.CONTRIBUTION))["storage.account"] == "change"
    assert (await setup.apply(storage.CONTRIBUTION)).failed == 0
    assert (await setup.actions(storage.CONTRIBUTION))["storage.account"] == "keep"
