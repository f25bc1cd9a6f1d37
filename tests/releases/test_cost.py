"""What a setup has cost so far this month: thing by thing, and a sentence for who may not see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.releases.deployed_api import DeployedApi
from tests.steps.conftest import Setup, StartSetup
from tests.steps.rights.roles import REFERENCE, give_only
from wizard.cloud.services.costs import Spending, month_to_date
from wizard.commands.operating.cost import cost
from wizard.engine.events import CostEvent, ResultEvent
from wizard.engine.session import CommandError
from wizard.steps import project, registry

GROUP = "/resourceGroups/rg-orders-dev"


async def made(start_setup: StartSetup) -> Setup:
    """A group with a registry that is 24 hours old."""
    setup = await start_setup()
    await setup.apply(project.CONTRIBUTION, registry.CONTRIBUTION)
    clock = setup.practice.cloud.clock
    middle = datetime.now(UTC).replace(day=15, hour=12)
    clock.now = middle.timestamp  # type: ignore[method-assign]
    document = next(one for one in setup.practice.cloud.store.resources.values() if one["name"] == "crordersdev")
    document["systemData"]["createdAt"] = f"{middle - timedelta(days=1):%Y-%m-%dT%H:%M:%S}.0000000Z"
    return setup


async def test_each_thing_has_its_part(start_setup: StartSetup, tmp_path: Path) -> None:
    api = DeployedApi(await made(start_setup), tmp_path)
    assert await cost(api.session()) == 0
    (part,) = [event for event in api.told.events if isinstance(event, CostEvent)]
    assert (part.what, part.resource.endswith("/crordersdev"), part.currency) == ("Image store (crordersdev)", True, "USD")
    assert part.amount == pytest.approx(0.1666, abs=0.001)
    result = api.told.events[-1]
    assert isinstance(result, ResultEvent) and result.extra == {"amount": 0.17, "currency": "USD"}
    assert "The practice cloud itself costs nothing" in result.sentence


async def test_what_was_deleted_meanwhile_is_counted_and_parts_belong_to_their_whole() -> None:
    spending = Spending("EUR", {"/a/providers/x/one": 1.0, "/a/providers/x/one/blobs/b": 0.5, "/a/providers/x/oneandmore": 4.0})
    assert spending.of("/A/providers/X/One") == 1.5


async def test_who_may_not_see_it_is_told_the_right(start_setup: StartSetup, tmp_path: Path) -> None:
    setup = await made(start_setup)
    api = DeployedApi(setup, tmp_path)
    session = api.session()
    await give_only(setup, "rg-orders-dev", REFERENCE["Key Vault Contributor"])  # may read the group, and no costs
    with pytest.raises(CommandError, match=r"Microsoft\.CostManagement/query/read"):
        await cost(session)


async def test_a_query_that_practice_does_not_know_is_refused_in_words(start_setup: StartSetup) -> None:
    setup = await made(start_setup)
    answer = await setup.practice.call("POST", f"{GROUP}/providers/Microsoft.CostManagement/query", {"type": "Usage"}, version="2023-11-01")
    assert (answer.status, answer.body["error"]["code"]) == (400, "BadRequest")
    assert (await month_to_date(setup.cloud.arm, f"{setup.practice.scope}{GROUP}")).currency == "USD"
