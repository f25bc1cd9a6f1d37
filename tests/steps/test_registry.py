"""The registry and the person's roles on it, on the practice cloud."""

from tests.steps.conftest import StartSetup
from tests.steps.rights.roles import CONTRIBUTOR, READER, ROLE_ADMINISTRATOR, give_only
from wizard.engine.events import StepEvent, StepState
from wizard.engine.step import Status
from wizard.steps import project, registry

PATH = "/resourceGroups/rg-orders-dev/providers/Microsoft.ContainerRegistry/registries/crordersdev"
VERSION = "2023-07-01"
BOTH = (project.CONTRIBUTION, registry.CONTRIBUTION)


async def test_the_registry_is_basic_without_an_administrator_and_with_plain_roles(start_setup: StartSetup):
    setup = await start_setup()
    plan = await setup.plan(*BOTH)
    assert (await setup.apply(*BOTH)).outcome == "succeeded", setup.events
    body = (await setup.practice.call("GET", PATH, version="2025-11-01")).body
    assert body["sku"]["name"] == "Basic" and body["properties"]["adminUserEnabled"] is False
    assert body["properties"]["roleAssignmentMode"] == "LegacyRegistryPermissions"
    assert body["tags"]["azwizard-section"] == "registry"
    plan = await setup.plan(*BOTH)
    assert {str(item.action) for item in plan.steps} == {"keep"}
    assert plan.facts.login_server == "crordersdev.azurecr.io"


async def test_an_owners_roles_cover_the_articles_three_and_the_plan_says_why(start_setup: StartSetup):
    setup = await start_setup()
    looks = {item.step.id: item.look for item in (await setup.plan(*BOTH)).steps if item.step.id.startswith("registry.role.")}
    assert sorted(looks) == ["registry.role.acr-pull", "registry.role.acr-push", "registry.role.catalog-lister"]
    assert all(look.found is Status.SAME and look.detail for look in looks.values())


async def test_someone_who_may_only_read_gets_the_role_to_push_and_it_is_waited_for(start_setup: StartSetup):
    setup = await start_setup(registry={"existing": True}, project={"existing_group": True})
    await setup.practice.call("PUT", "/resourceGroups/rg-orders-dev", {"location": "westeurope"})
    await setup.practice.call("PUT", PATH, {"location": "westeurope", "sku": {"name": "Basic"}}, version="2025-11-01")
    await give_only(setup, "rg-orders-dev", READER, ROLE_ADMINISTRATOR)
    setup.practice.cloud.faults.add(["rbac-delay:0.3"])
    actions = await setup.actions(*BOTH)
    assert actions["registry.role.acr-push"] == "create"
    assert actions["registry.role.acr-pull"] == actions["registry.role.catalog-lister"] == "keep", "whoever may read may take images"
    assert (await setup.apply(*BOTH)).outcome == "succeeded", setup.events
    waits = [e for e in setup.events if isinstance(e, StepEvent) and e.step == "registry.role.acr-push" and e.state is StepState.WAITING]
    assert waits and waits[-1].seconds > 0
    assert set((await setup.actions(*BOTH)).values()) == {"keep"}
    await setup.destroy(registry.CONTRIBUTION)
    assert (await setup.actions(*BOTH))["registry.role.acr-push"] == "create"


async def test_a_name_that_others_have_is_a_conflict_with_another_one_offered(start_setup: StartSetup):
    setup = await start_setup(faults=["name-taken"])
    look = next(item.look for item in (await setup.plan(*BOTH)).steps if item.step.id == "registry.registry")
    assert look.found is Status.CONFLICT and 'name = "crordersdev' in look.remedy


async def test_a_registry_that_gives_rights_for_each_repository_is_a_conflict(start_setup: StartSetup):
    setup = await start_setup(registry={"existing": True})
    await setup.apply(project.CONTRIBUTION)
    body = {"location": "westeurope", "sku": {"name": "Basic"}, "properties": {"roleAssignmentMode": "AbacRepositoryPermissions"}}
    await setup.practice.call("PUT", PATH, body, version="2025-11-01")
    look = next(item.look for item in (await setup.plan(*BOTH)).steps if item.step.id == "registry.registry")
    assert look.found is Status.CONFLICT and "AcrPull" in look.detail


async def test_an_existing_registry_is_kept_as_it_is_and_survives_destroy(start_setup: StartSetup):
    setup = await start_setup(registry={"existing": True})
    await setup.apply(project.CONTRIBUTION)
    body = {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {"adminUserEnabled": True}}
    await setup.practice.call("PUT", PATH, body, version="2025-11-01")
    assert set((await setup.actions(*BOTH)).values()) == {"keep"}
    await setup.destroy(registry.CONTRIBUTION)
    remaining = (await setup.practice.call("GET", PATH, version="2025-11-01")).body
    assert remaining["properties"]["adminUserEnabled"] is True and remaining["sku"]["name"] == "Standard"


async def test_a_password_that_someone_switched_on_is_shown_and_switched_off(start_setup: StartSetup):
    setup = await start_setup()
    await setup.apply(*BOTH)
    await setup.practice.call("PATCH", PATH, {"properties": {"adminUserEnabled": True}}, version="2025-11-01")
    assert (await setup.actions(*BOTH))["registry.registry"] == "change"
    assert (await setup.apply(*BOTH)).changed == 1
    assert (await setup.practice.call("GET", PATH, version="2025-11-01")).body["properties"]["adminUserEnabled"] is False


async def test_destroy_removes_the_registry(start_setup: StartSetup):
    setup = await start_setup()
    await setup.apply(*BOTH)
    assert (await setup.destroy(*BOTH)).outcome == "succeeded", setup.events
    assert (await setup.practice.call("GET", PATH, version="2025-11-01")).status == 404


async def test_the_registry_is_recovered(start_setup: StartSetup):
    setup = await start_setup(registry={"name": "crsomethingelse"})
    await setup.apply(*BOTH)
    assert await setup.recovered(registry.CONTRIBUTION) == {"name": "crsomethingelse"}


async def test_a_contributor_of_a_given_group_alone_makes_the_registry_there(start_setup: StartSetup):
    setup = await start_setup(project={"existing_group": True})
    await setup.practice.call("PUT", "/resourceGroups/rg-orders-dev", {"location": "westeurope"})
    await give_only(setup, "rg-orders-dev", CONTRIBUTOR)
    assert (await setup.apply(*BOTH)).outcome == "succeeded", setup.events
