"""What any client may ask of lists, and the words that members of a body know: served as Azure does, or refused in its shape."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Practice

GROUP = "/resourceGroups/rg-lists"
IDENTITIES = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-lists-1"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stlists1"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/crlists1"
ENVIRONMENT = f"{GROUP}/providers/Microsoft.App/managedEnvironments/cae-lists"
KIND = "Microsoft.ManagedIdentity/userAssignedIdentities"


@pytest.fixture
async def group(practice: Practice) -> Practice:
    """A group with three identities, two of them tagged."""
    await practice.call("PUT", GROUP, {"location": "westeurope", "tags": {"team": "orders"}})
    for name, tags in {"id-a": {"team": "x"}, "id-b": {"team": "y"}, "id-c": {}}.items():
        await practice.call("PUT", f"{IDENTITIES}/{name}", {"location": "westeurope", "tags": tags})
    return practice


async def names(practice: Practice, path: str, **query: str) -> list[str]:
    """The names of a list, page by page."""
    answer = await practice.call("GET", path, params={f"${key}": value for key, value in query.items()})
    assert answer.status == 200, answer
    listed = [each["name"] for each in answer.body["value"]]
    while link := answer.body.get("nextLink"):
        async with practice.session.get(link, headers={"Authorization": f"Bearer {await practice.token()}"}) as response:
            answer.body.clear()
            answer.body.update(await response.json())
        listed.append("|")
        listed += [each["name"] for each in answer.body["value"]]
    return listed


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("tagName eq 'team'", ["id-a", "id-b"]),
        ("tagName eq 'TEAM' and tagValue eq 'y'", ["id-b"]),
        (f"resourceType eq '{KIND}' and name ne 'id-a'", ["id-b", "id-c"]),
        ("name eq 'id-a' or name eq 'id-c'", ["id-a", "id-c"]),
        (f"(resourceType eq '{KIND.upper()}')", ["id-a", "id-b", "id-c"]),
        ("resourceType eq 'Microsoft.Web/sites'", []),
    ],
)
async def test_a_filter_gives_what_it_says(group: Practice, wanted: str, expected: list[str]) -> None:
    assert await names(group, f"{GROUP}/resources", filter=wanted) == expected


@pytest.mark.parametrize("wanted", ["banana", "name eq id-a", "colour eq 'red'", "name eq 'a' xor name eq 'b'", "name eq 'a' and"])
@pytest.mark.parametrize("path", ["/resources", f"{GROUP}/resources", "/resourceGroups"])
async def test_a_filter_that_says_nothing_is_refused(group: Practice, path: str, wanted: str) -> None:
    refused = await group.call("GET", path, params={"$filter": wanted})
    assert (refused.status, refused.body["error"]["code"]) == (400, "InvalidFilterInQueryString")


async def test_a_list_comes_in_the_pages_that_are_wanted(group: Practice) -> None:
    assert await names(group, "/resources", top="2") == ["id-a", "id-b", "|", "id-c"]
    assert await names(group, "/resources", top="1", filter="tagName eq 'team'") == ["id-a", "|", "id-b"]
    assert await names(group, "/resourceGroups", top="50") == ["rg-lists"]
    for size in ("0", "-1", "many"):
        refused = await group.call("GET", "/resources", params={"$top": size})
        assert (refused.status, refused.body["error"]["code"]) == (400, "InvalidTopInQueryString")
    await group.call("PUT", ACCOUNT, {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
    shares = f"{ACCOUNT}/fileServices/default/shares"
    for share in ("one", "two", "three"):
        assert (await group.call("PUT", f"{shares}/{share}", {"properties": {}})).status == 201
    assert sorted(await names(group, shares, maxpagesize="1")) == ["one", "three", "two", "|", "|"]


async def test_a_filter_of_assignments_is_one_of_two(group: Practice) -> None:
    refused = await group.call("GET", "/providers/Microsoft.Authorization/roleAssignments", params={"$filter": "principalId"})
    assert (refused.status, refused.body["error"]["code"]) == (400, "UnsupportedQuery")


SKU = {"family": "A", "name": "standard"}
PLACE = {"location": "westeurope"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (VAULT, {**PLACE, "properties": {"tenantId": "TENANT", "sku": {"family": "A", "name": "gold"}}}),
        (VAULT, {**PLACE, "properties": {"tenantId": "TENANT"}}),
        (VAULT, {**PLACE, "properties": {"sku": SKU}}),
        (VAULT, {**PLACE, "properties": {"tenantId": "TENANT", "sku": SKU, "networkAcls": {"defaultAction": "Perhaps"}}}),
        (ACCOUNT, {**PLACE, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {"minimumTlsVersion": "TLS9"}}),
        (ACCOUNT, {**PLACE, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "identity": {"type": "Mine"}}),
        (REGISTRY, {**PLACE, "sku": {"name": "Basic"}, "properties": {"publicNetworkAccess": "Sometimes"}}),
        (ENVIRONMENT, {**PLACE, "properties": {"appLogsConfiguration": {"destination": "log-analytics"}}}),
    ],
)
async def test_a_word_that_azure_does_not_know_and_what_is_missing_are_refused_and_nothing_is_made(
    group: Practice, path: str, body: dict[str, Any]
) -> None:
    if (body.get("properties") or {}).get("tenantId"):
        body = {**body, "properties": {**body["properties"], "tenantId": group.cloud.tenant_id}}
    refused = await group.call("PUT", path, body)
    assert (refused.status, "error" in refused.body) == (400, True), refused
    assert (await group.call("GET", path)).status == 404


async def test_one_issuer_and_subject_has_one_credential_of_an_identity(group: Practice) -> None:
    trust = {"issuer": "https://token.actions.githubusercontent.com", "subject": "repo:a/b:ref:refs/heads/main", "audiences": ["api://x"]}
    one = f"{IDENTITIES}/id-a/federatedIdentityCredentials/main"
    assert (await group.call("PUT", one, {"properties": trust})).status == 201
    assert (await group.call("PUT", one, {"properties": trust})).status == 200
    twin = await group.call("PUT", one.replace("main", "twin"), {"properties": trust})
    assert (twin.status, twin.body["error"]["code"]) == (409, "Conflict")
    other = one.replace("id-a", "id-b")
    assert (await group.call("PUT", other, {"properties": trust})).status == 201
