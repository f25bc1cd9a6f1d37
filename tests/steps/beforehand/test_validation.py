"""Azure validates the plan as one deployment: what it refuses is told with what it is about, and what it cannot say stops nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.steps.conftest import Setup, StartSetup
from tests.steps.deployed import TABLES
from wizard.engine.plan import HINDERS
from wizard.engine.preflight.obstacle import Preflight
from wizard.engine.preflight.validation import literal
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.requests import Answer, Request
from wizard.steps.registry_of_steps import contributions

ACCOUNT, VAULT = "stordersdev", "kv-orders-dev"
Respond = Callable[[Request], Answer]
Validating = Callable[[Setup, Respond], list[Request]]


async def begun(start_setup: StartSetup, *faults: str) -> Setup:
    setup = await start_setup(faults=list(faults), **TABLES)
    setup.given = {"api-key": "canary-1"}
    return setup


@pytest.fixture
def validating(monkeypatch: pytest.MonkeyPatch) -> Validating:
    """Has validations answered by a function; gives the requests that came."""

    def answered_by(setup: Setup, respond: Respond) -> list[Request]:
        requests: list[Request] = []
        real = setup.practice.cloud.arm.find

        async def handle(request: Request) -> Answer:
            requests.append(request)
            return respond(request)

        def find(method: str, path: str) -> Any:
            route, names = real(method, path)
            return (type(route)(**{**vars(route), "handler": handle}) if path.endswith("/validate") else route), names

        monkeypatch.setattr(setup.practice.cloud.arm, "find", find)
        return requests

    return answered_by


def refusing(code: str, message: str, *details: dict[str, Any], status: int = 400) -> Respond:
    return lambda _request: Answer(status, AzureError(status, code, message, details=list(details) or None).body())


def later(request: Request) -> Answer:
    """Azure goes on with it, and tells the outcome at an address that knows nothing."""
    return Answer(202, None, {"Location": f"https://management.azure.com{request.path}?api-version=2025-04-01", "Retry-After": "0"})


async def test_a_group_that_is_there_is_asked_and_one_that_is_not_is_made_by_the_deployment(
    start_setup: StartSetup, validating: Validating
) -> None:
    setup = await begun(start_setup)
    requests = validating(setup, lambda _request: Answer(200, {}))
    await setup.plan(*contributions())
    group = {"location": "westeurope", "tags": {"azwizard-setup": "orders-dev"}}
    await setup.practice.call("PUT", "/resourceGroups/rg-orders-dev", group, version="2021-04-01")
    await setup.plan(*contributions())
    subscription, in_group = requests
    assert "resourceGroups" not in subscription.path and subscription.body["location"] == "westeurope"
    resources = subscription.body["properties"]["template"]["resources"]
    assert [resource["type"] for resource in resources] == ["Microsoft.Resources/resourceGroups", "Microsoft.Resources/deployments"]
    inside = resources[1]["properties"]["template"]["resources"]
    kinds = {resource["type"].partition("/")[0] for resource in inside}
    assert kinds == {"Microsoft.KeyVault", "Microsoft.ContainerRegistry", "Microsoft.Storage", "Microsoft.App"}
    assert "/resourceGroups/rg-orders-dev/" in in_group.path
    of_this = in_group.body["properties"]["template"]["resources"]
    assert [(each["type"], each["name"]) for each in of_this] == [(each["type"], each["name"]) for each in inside]


async def test_each_refusal_is_told_of_its_own_resource(start_setup: StartSetup, validating: Validating) -> None:
    setup = await begun(start_setup)
    inner = {"code": "SkuNotAvailable", "target": ACCOUNT, "message": "It is currently not available in location 'westeurope'."}
    wrapped = {"code": "PreflightValidationCheckFailed", "message": "Preflight validation failed.", "details": [inner]}
    policy = {"code": "RequestDisallowedByPolicy", "message": f"Resource '{VAULT}' was disallowed by policy. Reasons: 'No vaults here'."}
    validating(setup, refusing("InvalidTemplateDeployment", "See inner errors for details.", wrapped, policy))
    plan = await setup.plan(*contributions())
    told = {one.steps: one for one in plan.obstacles if one.certain}
    assert {steps: one.what for steps, one in told.items()} == {
        ("storage.account",): Preflight.VALIDATION,
        ("key_vault.vault",): Preflight.POLICY,
    }
    assert "No vaults here" in told[("key_vault.vault",)].sentence
    stopped = {item.step.id for item in plan.steps if item.look.preflight}
    assert stopped == {"storage.account", "key_vault.vault"}
    assert all(item.action in HINDERS for item in plan.steps if item.step.id in stopped)


@pytest.mark.parametrize(
    "respond",
    [
        refusing("AuthorizationFailed", "The client 'x' does not have authorization to perform action 'y' over scope 'z'.", status=403),
        refusing("InvalidTemplateDeployment", "Authorization failed for template resource 'a' of type 'b'.", status=403),
        refusing("InvalidTemplate", "Deployment template validation failed: 'x'."),
        refusing("MissingSubscriptionRegistration", "The subscription is not registered to use namespace 'Microsoft.App'.", status=409),
        refusing("InvalidTemplateDeployment", "See details.", {"code": "VaultAlreadyExists", "message": f"'{VAULT}' is already in use."}),
        refusing("ResourceGroupNotFound", "Resource group 'x' could not be found.", status=404),
        later,
        lambda _request: Answer(200, None),
    ],
    ids=["right", "right-in-template", "template", "not-switched-on", "name", "not-found", "later", "nothing"],
)
async def test_what_says_nothing_of_the_plan_stops_nothing(start_setup: StartSetup, validating: Validating, respond: Respond) -> None:
    setup = await begun(start_setup)
    requests = validating(setup, respond)
    plan = await setup.plan(*contributions())
    assert [one for one in plan.obstacles if one.certain or one.what is Preflight.VALIDATION] == []
    assert requests


async def test_an_unknown_refusal_that_names_nothing_of_the_plan_is_a_warning(start_setup: StartSetup, validating: Validating) -> None:
    setup = await begun(start_setup)
    validating(setup, refusing("InvalidTemplateDeployment", "See details.", {"code": "NewRule", "message": "Not on a Monday."}))
    plan = await setup.plan(*contributions())
    [warning] = [one for one in plan.obstacles if one.what is Preflight.VALIDATION]
    assert not warning.certain and "Not on a Monday" in warning.sentence


def test_text_in_brackets_is_no_expression_of_the_template() -> None:
    given = {"tags": {"a": "[concat('x')]", "b": "[open", "c": ["[d]"]}}
    assert literal(given) == {"tags": {"a": "[[concat('x')]", "b": "[open", "c": ["[[d]"]}}
