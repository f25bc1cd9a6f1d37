"""Templates deployed to the practice cloud: validated, looked ahead, carried out with the rights of who deploys them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.conftest import Practice
from wizard.practice.arm.templates.expressions import Expressions

GROUP = "/resourceGroups/rg-orders-dev"
ONE = f"{GROUP}/providers/Microsoft.Resources/deployments/main"
OPERATIONS = f"{GROUP}/deployments/main/operations"
VAULT_ID = "resourceId('Microsoft.KeyVault/vaults', variables('vault'))"
VAULT = {
    "type": "Microsoft.KeyVault/vaults",
    "apiVersion": "2026-05-15",
    "name": "[variables('vault')]",
    "location": "[parameters('location')]",
    "properties": {"tenantId": "[subscription().tenantId]", "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True},
}
IDENTITY = {
    "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
    "apiVersion": "2024-11-30",
    "name": "[format('id-{0}', parameters('project'))]",
    "location": "[resourceGroup().location]",
}
ROLE = {
    "type": "Microsoft.Authorization/roleAssignments",
    "apiVersion": "2022-04-01",
    "scope": "[format('Microsoft.KeyVault/vaults/{0}', variables('vault'))]",
    "name": "[guid(resourceId('Microsoft.KeyVault/vaults', variables('vault')), 'reader')]",
    "properties": {
        "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')]",
        "principalId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-orders'), '2024-11-30').principalId]",
        "principalType": "ServicePrincipal",
    },
    "dependsOn": ["[resourceId('Microsoft.KeyVault/vaults', variables('vault'))]", "id-orders"],
}


def body(*resources: Any, **values: Any) -> dict[str, Any]:
    template = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {
            "location": {"type": "string", "defaultValue": "[resourceGroup().location]"},
            "project": {"type": "string"},
            "password": {"type": "secureString", "defaultValue": "none"},
        },
        "variables": {"vault": "[format('kv-{0}-dev', parameters('project'))]"},
        "resources": list(resources),
        "outputs": {
            "uri": {"type": "string", "value": "[reference(resourceId('Microsoft.KeyVault/vaults', variables('vault'))).vaultUri]"}
        },
    }
    parameters = {name: {"value": value} for name, value in {"project": "orders", **values}.items()}
    return {"properties": {"mode": "Incremental", "template": template, "parameters": parameters}}


async def ended(practice: Practice) -> dict[str, Any]:
    for operation in list(practice.cloud.store.collection("operations")):
        await practice.cloud.operations.finished(operation)
    return (await practice.call("GET", ONE)).body


@pytest.fixture
async def group(practice: Practice) -> Practice:
    await practice.call("PUT", GROUP, {"location": "westeurope"})
    return practice


async def test_a_template_makes_what_it_names_in_the_order_of_its_needs(group: Practice):
    sent = body(ROLE, VAULT, IDENTITY, password="s3cret")
    assert (await group.call("POST", f"{ONE}/validate", sent)).status == 200
    assert group.cloud.store.resources.get(f"{group.scope}{GROUP}/providers/Microsoft.KeyVault/vaults/kv-orders-dev") is None
    accepted = await group.call("PUT", ONE, sent)
    assert (accepted.status, accepted.body["properties"]["provisioningState"]) == (201, "Accepted")
    assert "value" not in accepted.body["properties"]["parameters"]["password"]
    created = await ended(group)
    assert created["properties"]["provisioningState"] == "Succeeded", created
    assert created["properties"]["outputs"]["uri"]["value"] == "https://kv-orders-dev.vault.azure.net/"
    roles = await group.call(
        "GET", f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-orders-dev/providers/Microsoft.Authorization/roleAssignments"
    )
    assert any(role["properties"]["principalType"] == "ServicePrincipal" for role in roles.body["value"])
    again = await group.call("PUT", ONE, sent)
    assert again.status == 200 and (await ended(group))["properties"]["provisioningState"] == "Succeeded"


async def test_looking_ahead_tells_what_would_be_made_and_what_stays(group: Practice):
    sent = body(VAULT, IDENTITY)

    async def changes() -> dict[str, str]:
        answer = await group.call("POST", f"{ONE}/whatIf", sent)
        assert answer.status == 202
        for operation in list(group.cloud.store.collection("operations")):
            await group.cloud.operations.finished(operation)
        path, _, version = answer.headers["Location"].removeprefix("https://management.azure.com").partition("?api-version=")
        result = await group.call("GET", path, version=version)
        return {change["resourceId"].rsplit("/", 1)[-1]: change["changeType"] for change in result.body["properties"]["changes"]}

    assert await changes() == {"kv-orders-dev": "Create", "id-orders": "Create"}
    await group.call("PUT", ONE, sent)
    await ended(group)
    assert await changes() == {"kv-orders-dev": "NoChange", "id-orders": "NoChange"}


@pytest.mark.parametrize(
    ("resource", "code", "named"),
    [
        ({"type": "Microsoft.Web/sites", "apiVersion": "2024-04-01", "name": "a"}, "InvalidResourceType", "Microsoft.Web"),
        ({**VAULT, "apiVersion": "1999-01-01"}, "NoRegisteredProviderFound", "1999-01-01"),
        ({**VAULT, "location": "atlantis"}, "LocationNotAvailableForResourceType", "atlantis"),
        ({**VAULT, "name": "[nothing('x')]"}, "InvalidTemplate", "nothing"),
        ({**VAULT, "name": "[parameters('absent')]"}, "InvalidTemplate", "absent"),
        ({**VAULT, "name": "[concat('a']"}, "InvalidTemplate", "concat"),
        ({**VAULT, "dependsOn": ["[variables('vault')]"], "name": "a/b"}, "InvalidTemplate", "segment"),
        ("x", "InvalidTemplate", "no object"),
        ({**VAULT, "properties": {"sku": 5}}, "InvalidRequestContent", "sku"),
    ],
)
async def test_what_cannot_be_deployed_is_refused_before_anything_is_made(group: Practice, resource: Any, code: str, named: str):
    for method, path in (("POST", f"{ONE}/validate"), ("PUT", ONE)):
        refused = await group.call(method, path, body(resource))
        assert (refused.status // 100, refused.body["error"]["code"]) == (4, code), refused
        assert named in refused.body["error"]["message"]


async def test_a_refusal_of_one_resource_fails_the_deployment_with_its_reason(group: Practice):
    group.cloud.faults.add(["fail:Microsoft.KeyVault/vaults"])
    await group.call("PUT", ONE, body(VAULT))
    failed = await ended(group)
    assert failed["properties"]["provisioningState"] == "Failed"
    assert failed["properties"]["error"]["code"] == "DeploymentFailed"
    assert failed["properties"]["error"]["details"][0]["code"] == "InternalServerError"
    [operation] = (await group.call("GET", OPERATIONS)).body["value"]
    ended_as = operation["properties"]
    assert (ended_as["provisioningState"], ended_as["statusMessage"]["error"]["code"]) == ("Failed", "InternalServerError")
    assert (await group.call("GET", f"{OPERATIONS}/{operation['operationId']}")).body == operation
    unknown = await group.call("GET", f"{OPERATIONS}/0123456789ABCDEF")
    assert (unknown.status, unknown.body["error"]["code"]) == (404, "DeploymentOperationNotFound")


async def test_while_it_runs_it_cannot_be_replaced_or_deleted_and_can_be_cancelled(group: Practice, monkeypatch: pytest.MonkeyPatch):
    finishers, looked_at = group.cloud.operations._finishers, asyncio.Event()
    carried_out = finishers["deployment"]

    async def after_the_looks(operation: dict[str, Any]) -> None:
        await looked_at.wait()
        await carried_out(operation)

    monkeypatch.setitem(finishers, "deployment", after_the_looks)
    running = await group.call("PUT", ONE, body(VAULT, ROLE, IDENTITY))
    for method, sent in (("PUT", body(VAULT)), ("DELETE", None)):
        refused = await group.call(method, ONE, sent)
        assert (refused.status, refused.body["error"]["code"]) == (409, "DeploymentActive"), refused
    assert (await group.call("POST", f"{ONE}/cancel")).status == 204
    looked_at.set()
    assert (await ended(group))["properties"]["provisioningState"] == "Canceled"
    status = running.headers["Azure-AsyncOperation"].partition(group.scope)[2].partition("?")[0]
    assert (await group.call("GET", status)).body == {"status": "Canceled"}
    assert (await group.call("PUT", ONE, body(VAULT))).status == 200
    assert (await ended(group))["properties"]["provisioningState"] == "Succeeded"


async def test_a_template_is_read_with_the_comments_and_names_that_az_sends(group: Practice):
    sent = json.dumps(body(VAULT)).replace('"template"', "template /* as it stands in its file */", 1)
    sent = sent.replace('"resources"', "// a comment with a \" quotation mark\n 'resources'", 1).removesuffix("}") + ",}"
    async with group.session.put(
        f"https://management.azure.com{group.scope}{ONE}?api-version=2024-11-01",
        data=sent,
        headers={"Authorization": f"Bearer {await group.token()}"},
    ) as answer:
        assert answer.status == 201, await answer.text()
    created = await ended(group)
    assert created["properties"]["provisioningState"] == "Succeeded", created


async def test_what_a_deployment_made_its_template_and_its_end_can_be_asked_for(group: Practice):
    lower = ONE.replace("resourceGroups", "resourcegroups")  # as the specification and az spell it
    assert (await group.call("PUT", lower, body(VAULT))).body["id"] == f"{group.scope}{ONE}"
    await ended(group)
    operations = await group.call("GET", f"{lower.replace('/providers/Microsoft.Resources', '')}/operations")
    assert [each["properties"]["targetResource"]["id"].rsplit("/", 1)[-1] for each in operations.body["value"]] == ["kv-orders-dev"]
    exported = await group.call("POST", f"{ONE}/exportTemplate")
    assert exported.body["template"]["resources"] == [VAULT]
    cancelled = await group.call("POST", f"{ONE}/cancel")
    assert (cancelled.status, cancelled.body["error"]["code"]) == (409, "DeploymentCannotBeCancelled")
    await group.call("DELETE", GROUP)
    for operation in list(group.cloud.store.collection("operations")):
        await group.cloud.operations.finished(operation)
    await group.call("PUT", GROUP, {"location": "westeurope"})
    assert (await group.call("GET", ONE.removesuffix("/main"))).body["value"] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("[[not an expression]", "[not an expression]"),
        ("[if(equals('a', 'A'), 'yes', nothing())]", "yes"),
        ("[if(false(), nothing().x[0], 'no')]", "no"),
        ("[createObject('a', createArray(1, 2)).a[1]]", 2),
        ("[toUpper(substring('abcdef', 1, 2))]", "BC"),
        ("[format('{0}-{1}', 'a', 3)]", "a-3"),
        ("[coalesce(null(), 'x')]", "x"),
    ],
)
async def test_an_expression_has_its_value(text: str, value: Any):
    assert await Expressions({}).evaluated(text) == value


async def test_what_policies_and_providers_refuse_is_told_all_together_and_nothing_is_made(group: Practice):
    group.cloud.faults.add(["policy-tag:CostCenter", "account-quota:0"])
    account = {
        "type": "Microsoft.Storage/storageAccounts",
        "apiVersion": "2026-09-01",
        "name": "stordersdev",
        "location": "westeurope",
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "tags": {"CostCenter": "42"},
    }
    for method, path in (("POST", f"{ONE}/validate"), ("PUT", ONE)):
        refused = await group.call(method, path, body(VAULT, account))
        assert (refused.status, refused.body["error"]["code"]) == (400, "InvalidTemplateDeployment")
        policy, own_check = refused.body["error"]["details"]
        assert (policy["code"], policy["target"]) == ("RequestDisallowedByPolicy", "kv-orders-dev")
        assert own_check["code"] == "PreflightValidationCheckFailed"
        assert own_check["details"][0]["code"] == "MaxStorageAccountsCountPerSubscriptionExceeded"
    assert (await group.call("GET", ONE)).status == 404


async def test_a_nested_deployment_is_validated_in_a_group_that_the_template_makes(practice: Practice):
    inner = {"$schema": "x", "contentVersion": "1.0.0.0", "resources": [{**IDENTITY, "name": "id-a", "location": "westeurope"}]}
    made = {"type": "Microsoft.Resources/resourceGroups", "apiVersion": "2025-04-01", "name": "rg-new", "location": "westeurope"}
    nested = {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2025-04-01",
        "name": "inner",
        "resourceGroup": "rg-new",
        "dependsOn": ["[subscriptionResourceId('Microsoft.Resources/resourceGroups', 'rg-new')]"],
        "properties": {"mode": "Incremental", "expressionEvaluationOptions": {"scope": "inner"}, "template": inner},
    }
    template = {"$schema": "x", "contentVersion": "1.0.0.0", "resources": [made, nested]}
    sent = {"location": "westeurope", "properties": {"mode": "Incremental", "template": template}}
    path = "/providers/Microsoft.Resources/deployments/all/validate"
    valid = await practice.call("POST", path, sent)
    assert valid.status == 200, valid.body
    assert any(resource["id"].endswith("userAssignedIdentities/id-a") for resource in valid.body["properties"]["validatedResources"])
    practice.cloud.faults.add(["policy-tag:CostCenter"])
    refused = await practice.call("POST", path, sent)
    assert [detail["target"] for detail in refused.body["error"]["details"]] == ["id-a"]


async def test_a_group_is_exported_as_a_template_that_can_be_deployed_again(group: Practice):
    await group.call("PUT", ONE, body(VAULT, IDENTITY))
    await ended(group)
    sent = {"resources": ["*"], "options": "SkipAllParameterization"}
    exported = await group.call("POST", f"{GROUP}/exportTemplate", sent)
    assert exported.status == 200
    template = exported.body["template"]
    assert {each["name"] for each in template["resources"]} == {"kv-orders-dev", "id-orders"}
    again = {"properties": {"mode": "Incremental", "template": template}}
    assert (await group.call("POST", f"{ONE}/validate", again)).status == 200
    named = await group.call("POST", f"{GROUP}/exportTemplate", {"resources": ["*"], "options": "IncludeParameterDefaultValue"})
    assert named.body["template"]["parameters"]["vaults_kv_orders_dev_name"] == {"type": "String", "defaultValue": "kv-orders-dev"}
