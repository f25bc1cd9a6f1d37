"""A setup whose image was once built by Azure DevOps: what stays there is said by every plan, and destroy alone removes it."""

from __future__ import annotations

from tests.steps.conftest import StartSetup
from tests.steps.devops.test_devops import ALL, TABLE, client, started
from wizard.engine.destroy import deletions, with_cleanup
from wizard.steps.registry_of_steps import contributions

THERE = ("orders/_apis/serviceendpoint/endpoints", "orders/_apis/pipelines")


async def test_what_another_way_to_build_leaves_behind_is_said_and_destroyed(start_setup: StartSetup):
    setup = await started(start_setup)
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    assert (await setup.plan(*ALL)).notes == []

    setup.tables["pipeline"] = {"build": "existing", "image": "orders-api"}
    assert (await setup.apply(*ALL)).outcome == "unchanged", setup.events
    plan = await setup.plan(*ALL)
    named = ("id-orders-dev-pipeline", "push images to crordersdev", "azwizard-orders-dev", "Pipeline of orders-api")
    (note,) = plan.notes
    assert all(name in note for name in named)

    whole = await with_cleanup(plan, contributions())
    assert all(any(name in line.title for line in deletions(whole)) for name in named)
    assert (await setup.undo(whole)).outcome == "succeeded", setup.events
    assert [(await client(setup).call("GET", path)).body["count"] for path in THERE] == [0, 0]


async def test_what_others_made_there_is_neither_said_nor_touched(start_setup: StartSetup):
    setup = await started(start_setup)
    await client(setup).push({"azure-pipelines.yml": "steps:\n- script: a\n"})
    others = await client(setup).pipeline()
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    setup.tables["pipeline"] = {"build": "existing", "image": "orders-api"}
    whole = await with_cleanup(await setup.plan(*ALL), contributions())
    assert "azwizard-orders-dev" in whole.notes[0] and "Pipeline of" not in whole.notes[0]
    assert (await setup.undo(whole)).outcome == "succeeded", setup.events
    left = (await client(setup).call("GET", THERE[1])).body["value"]
    assert [item["id"] for item in left] == [others]


async def test_another_way_to_sign_in_leaves_the_identity_behind(start_setup: StartSetup):
    setup = await started(start_setup)
    assert (await setup.apply(*ALL)).outcome == "succeeded", setup.events
    setup.tables["pipeline"] = TABLE | {"connection": "automatic"}
    (note,) = (await setup.plan(*ALL)).notes
    assert "id-orders-dev-pipeline" in note and "push images" in note and "Connection" not in note
