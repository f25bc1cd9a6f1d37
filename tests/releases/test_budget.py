"""A budget for a month: made, changed, found again from Azure alone, and gone with the setup or with its answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.steps.conftest import Setup, StartSetup
from wizard.engine.destroy import destroy, with_cleanup
from wizard.engine.session import CommandError, CommandOptions, read_answers
from wizard.steps import project

STEP = "project.budget"
BUDGET = "/resourceGroups/rg-orders-dev/providers/Microsoft.Consumption/budgets/azwizard-orders-dev"
NAMED = {"name": "orders", "budget": 20, "budget_email": "me@example.com"}


async def budget_of(setup: Setup) -> Any:
    return (await setup.practice.call("GET", BUDGET)).body


async def test_it_is_made_changed_and_found_again(start_setup: StartSetup) -> None:
    setup = await start_setup(project=NAMED)
    assert (await setup.actions(project.CONTRIBUTION))[STEP] == "create"
    assert (await setup.apply(project.CONTRIBUTION)).outcome == "succeeded"
    made = (await budget_of(setup))["properties"]
    emails = [notification["contactEmails"] for notification in made["notifications"].values()]
    assert (made["amount"], made["timeGrain"], emails) == (20, "Monthly", [["me@example.com"], ["me@example.com"]])
    assert (await setup.actions(project.CONTRIBUTION))[STEP] == "keep"

    setup.tables["project"] = {**NAMED, "budget": 30, "budget_email": "us@example.com"}
    (look,) = [item.look.detail for item in (await setup.plan(project.CONTRIBUTION)).to_make]
    assert look == "amount: 20 → 30; to whom Azure writes: me@example.com → us@example.com"
    assert (await setup.apply(project.CONTRIBUTION)).changed == 1
    recovered = await setup.recovered(project.CONTRIBUTION)
    assert (recovered["budget"], recovered["budget_email"]) == (30, "us@example.com")


@pytest.mark.parametrize("is_named", [True, False])
async def test_it_goes_with_the_setup_also_when_it_is_named_no_more(start_setup: StartSetup, is_named: bool) -> None:
    setup = await start_setup(project=NAMED)
    await setup.apply(project.CONTRIBUTION)
    setup.tables["project"] = NAMED if is_named else {"name": "orders"}
    plan = await with_cleanup(await setup.plan(project.CONTRIBUTION), [project.CONTRIBUTION])
    result = await destroy(plan, setup.cloud, setup.journal, setup.events.append)
    assert result.outcome == "succeeded", result
    assert setup.practice.cloud.store.collection("budgets").get(f"{setup.practice.scope}{BUDGET}".lower()) is None


def test_a_budget_needs_someone_to_tell(tmp_path: Path) -> None:
    file = tmp_path / "azwizard.toml"
    for wrong in ("budget = 5\n", 'budget = 5\nbudget_email = "me"\n'):
        file.write_text(f'[project]\nname = "orders"\n{wrong}')
        with pytest.raises(CommandError, match="budget_email"):
            read_answers(CommandOptions(setup=file))
