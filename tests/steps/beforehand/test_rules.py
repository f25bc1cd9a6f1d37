"""What an organization's rules say of a setup, read from Azure's answers in the forms that it gives them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.steps.conftest import StartSetup
from wizard.state import choices, rules

ABOUT = {"result": "True", "expressionKind": "Field", "expression": "type", "path": "type", "targetValue": "Microsoft.Storage/x"}


class Answering:
    """A cloud that answers one question: what the rules say."""

    subscription_id = "s"

    def __init__(self, *expressions: dict[str, Any]) -> None:
        details = {"evaluatedExpressions": [ABOUT, *expressions]}
        policy = {"policyAssignmentId": "/x/policyAssignments/one"}
        self._evaluations = [{"policyInfo": policy, "evaluationResult": "NonCompliant", "evaluationDetails": details}]

    async def arm(self, *_asked: Any) -> Any:
        return {"contentEvaluationResult": {"policyEvaluations": self._evaluations}}


@pytest.mark.parametrize("written", ["tags[CostCenter]", "tags['CostCenter']", "tags.CostCenter", 'tags["CostCenter"]'])
async def test_a_wanted_tag_is_found_however_azure_writes_it_and_after_the_fields_that_choose_resources(written: str) -> None:
    cloud: Any = Answering({"expression": written, "operator": "Exists", "targetValue": "false"})
    [denial] = await rules.policy_denials(cloud, {}, [rules.Assignment("/x/policyAssignments/one", "Tag them", {})])
    assert (denial.tag, denial.policy) == ("CostCenter", "Tag them")


async def test_the_regions_of_a_rule_of_ones_own_are_read_from_what_it_compares_with() -> None:
    cloud: Any = Answering({"expression": "location", "operator": "NotIn", "targetValue": ["Sweden Central", "italynorth"]})
    [denial] = await rules.policy_denials(cloud, {}, [])
    assert denial.regions == ["swedencentral", "italynorth"]


@pytest.mark.parametrize(("fault", "shown"), [("allowed-regions:italynorth,swedencentral", ["italynorth", "swedencentral"]), ("", None)])
async def test_the_list_of_regions_shows_those_that_the_subscription_may_use(
    start_setup: StartSetup, fault: str, shown: list[str] | None
) -> None:
    setup = await start_setup(faults=[fault] if fault else [])
    [page] = [page async for page in choices.regions(setup.cloud, setup.answers)]
    values = [choice.value for choice in page]
    assert values == shown if shown else len(values) > 10 and "westeurope" in values


async def test_a_younger_tls_is_asked_of_an_account_that_takes_an_older_one(start_setup: StartSetup) -> None:
    from wizard.steps import project, storage

    share = {"designation": "db", "mount": "/data"}
    setup = await start_setup(storage={"shares": [share]})
    await setup.apply(project.CONTRIBUTION, storage.CONTRIBUTION)
    setup.tables["storage"]["minimum_tls"] = "1.3"
    assert (await setup.actions(storage.CONTRIBUTION))["storage.account"] == "change"
    assert (await setup.apply(storage.CONTRIBUTION)).outcome == "succeeded"
    assert set((await setup.actions(storage.CONTRIBUTION)).values()) == {"keep"}
    assert (await setup.recovered(storage.CONTRIBUTION))["minimum_tls"] == "1.3"
