"""The resource group and the services, on the practice cloud."""

from tests.steps.conftest import StartSetup
from tests.steps.rights.roles import CONTRIBUTOR, give_only
from wizard.steps import storage
from wizard.steps.project import CONTRIBUTION

GROUP = "/resourceGroups/rg-orders-dev"
TAGS = {"azwizard-setup": "orders-dev", "azwizard-section": "project", "azwizard-project": "orders", "azwizard-environment": "dev"}


async def test_the_group_is_made_in_the_region_and_carries_what_resume_needs(start_setup: StartSetup):
    setup = await start_setup()
    result = await setup.apply(CONTRIBUTION)
    assert (result.outcome, result.created) == ("succeeded", 1)
    group = (await setup.practice.call("GET", GROUP)).body
    assert (group["location"], group["tags"]) == ("westeurope", TAGS)
    assert await setup.actions(CONTRIBUTION) == dict.fromkeys(await setup.actions(CONTRIBUTION), "keep")


async def test_services_are_switched_on_before_anything_uses_them(start_setup: StartSetup):
    setup = await start_setup(registered=False)
    namespaces = ["Microsoft.App", "Microsoft.ContainerRegistry", "Microsoft.KeyVault", "Microsoft.Storage"]
    actions = await setup.actions(CONTRIBUTION)
    assert sorted(step for step in actions if step.startswith("provider.")) == [f"provider.{name}" for name in namespaces]
    assert set(actions.values()) == {"create"}
    await setup.apply(CONTRIBUTION)
    for name in namespaces:
        assert (await setup.practice.call("GET", f"{setup.practice.scope}/providers/{name}", version="2021-04-01")).body[
            "registrationState"
        ] == "Registered"


async def test_an_identity_made_before_the_app_needs_one_more_service(start_setup: StartSetup):
    setup = await start_setup(app={"identity": "user"})
    assert "provider.Microsoft.ManagedIdentity" in await setup.actions(CONTRIBUTION)


async def test_a_group_that_this_setup_did_not_make_is_a_conflict_with_both_ways_out(start_setup: StartSetup):
    setup = await start_setup()
    await setup.practice.call("PUT", GROUP, {"location": "westeurope"})
    look = (await setup.plan(CONTRIBUTION)).steps[0].look
    assert look.found == "conflict" and "rg-orders-dev" in look.detail
    assert "existing_group = true" in look.remedy and "another name" in look.remedy


async def test_a_group_that_was_given_is_kept_and_survives_destroy(start_setup: StartSetup):
    setup = await start_setup(project={"existing_group": True})
    await setup.practice.call("PUT", GROUP, {"location": "northeurope"})
    assert (await setup.actions(CONTRIBUTION))["project.resource_group"] == "keep"
    result = await setup.destroy(CONTRIBUTION)
    assert (result.deleted, result.kept) == (0, 1)
    assert "stays" in setup.told("project.resource_group")[-1]
    assert (await setup.practice.call("GET", GROUP)).status == 200


async def test_a_given_group_that_is_not_there_blocks(start_setup: StartSetup):
    setup = await start_setup(project={"existing_group": True, "resource_group": "rg-given"})
    item = (await setup.plan(CONTRIBUTION)).steps[0]
    assert item.action == "blocked" and "rg-given" in item.look.detail


async def test_a_group_elsewhere_is_a_conflict_that_names_its_region(start_setup: StartSetup):
    setup = await start_setup()
    await setup.apply(CONTRIBUTION)
    setup.tables["project"]["region"] = "northeurope"
    look = (await setup.plan(CONTRIBUTION)).steps[0].look
    assert look.found == "conflict" and 'region = "westeurope"' in look.remedy


async def test_a_region_that_azure_does_not_have_stops_before_anything_is_made(start_setup: StartSetup):
    setup = await start_setup(project={"region": "atlantis"})
    look = (await setup.plan(CONTRIBUTION)).steps[0].look
    assert look.found == "conflict" and "atlantis" in look.detail


async def test_destroy_removes_the_group_unless_it_holds_other_things(start_setup: StartSetup):
    setup = await start_setup()
    await setup.apply(CONTRIBUTION)
    other = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/someone"
    await setup.practice.call("PUT", other, {"location": "westeurope"}, version="2023-01-31")
    result = await setup.destroy(CONTRIBUTION)
    assert (result.deleted, result.kept) == (0, 1) and "someone" in setup.told("project.resource_group")[-1]
    await setup.practice.call("DELETE", other, version="2023-01-31")
    assert (await setup.destroy(CONTRIBUTION)).deleted == 1
    assert (await setup.practice.call("GET", GROUP)).status == 404


async def test_a_refused_registration_fails_with_a_sentence_and_the_group_is_there(start_setup: StartSetup):
    setup = await start_setup(registered=False, faults=["provider-denied:Microsoft.App"])
    result = await setup.apply(CONTRIBUTION)
    assert result.failed == 1 and result.created == 4
    assert "Microsoft.App" in setup.told("provider.Microsoft.App")[-1]


async def test_a_reader_is_told_which_right_is_missing_where(start_setup: StartSetup):
    setup = await start_setup(registered=False, faults=["account:reader"])
    plan = await setup.plan(CONTRIBUTION)
    lacking = {(check.action, check.scope) for check in plan.checks if check.state == "missing"}
    subscription = f"/subscriptions/{setup.cloud.subscription_id}"
    assert ("Microsoft.App/register/action", subscription) in lacking
    assert ("Microsoft.Resources/subscriptions/resourceGroups/write", f"{subscription}{GROUP}") in lacking
    assert {str(item.action) for item in plan.steps} == {"blocked"}


async def test_someone_with_a_role_on_a_given_group_alone_is_not_stopped_by_what_they_may_not_look_at(start_setup: StartSetup):
    setup = await start_setup(project={"existing_group": True})
    await setup.practice.call("PUT", GROUP, {"location": "westeurope"})
    await give_only(setup, "rg-orders-dev", CONTRIBUTOR)
    assert set((await setup.actions(CONTRIBUTION)).values()) == {"keep"}


async def test_the_project_is_recovered_from_tags_also_when_its_name_has_hyphens(start_setup: StartSetup):
    setup = await start_setup(project={"name": "my-orders-api", "environment": "dev-2"})
    await setup.apply(CONTRIBUTION)
    table = await setup.recovered(CONTRIBUTION)
    assert table == {"name": "my-orders-api", "environment": "dev-2", "region": "westeurope", "resource_group": "rg-my-orders-api-dev-2"}


async def test_a_tag_given_later_or_taken_away_by_someone_is_put_on_everything_of_the_setup(start_setup: StartSetup):
    setup = await start_setup(project={"tags": {"CostCenter": "42"}}, storage={"shares": [{"designation": "db", "mount": "/data"}]})
    both = (CONTRIBUTION, storage.CONTRIBUTION)
    await setup.apply(*both)
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stordersdev"
    assert (await setup.practice.call("GET", account)).body["tags"]["CostCenter"] == "42"
    assert set((await setup.actions(*both)).values()) == {"keep"}

    setup.tables["project"]["tags"] = {"CostCenter": "43", "Owner": "me"}
    await setup.practice.call("PATCH", account, {"tags": {"azwizard-setup": "orders-dev", "own": "kept"}})
    plan = await setup.plan(*both)
    [change] = [item for item in plan.steps if item.action == "change"]
    assert change.step.id == "project.tags" and "CostCenter (stordersdev): none → 43" in change.look.detail
    assert "Owner (rg-orders-dev): none → me" in change.look.detail
    assert (await setup.apply(*both)).outcome == "succeeded"
    for path in (GROUP, account):
        tags = (await setup.practice.call("GET", path)).body["tags"]
        assert (tags["CostCenter"], tags["Owner"], tags["azwizard-setup"]) == ("43", "me", "orders-dev")
    assert (await setup.practice.call("GET", account)).body["tags"]["own"] == "kept"
    assert set((await setup.actions(*both)).values()) == {"keep"}
