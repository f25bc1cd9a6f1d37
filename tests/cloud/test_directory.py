"""What the directory lets the account do, and whom it names."""

from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError

from tests.conftest import Practice
from wizard.cloud import Cloud
from wizard.cloud.permissions.checker import Permitted
from wizard.cloud.permissions.directory_roles import may_register_applications, role_to_activate
from wizard.handoff.owners import owners

DEVELOPER = {"value": [{"roleTemplateId": "CF1C38E5-3621-4004-a7cb-879624dced7c"}]}
NONE: dict[str, Any] = {"value": []}
READER = {"value": [{"roleTemplateId": "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"}]}


@pytest.mark.parametrize(
    ("kind", "roles", "other", "verdict"),
    [
        ("User", DEVELOPER, None, Permitted.ALLOWED),
        ("User", NONE, {"defaultUserRolePermissions": {"allowedToCreateApps": True}}, Permitted.ALLOWED),
        ("User", None, {"defaultUserRolePermissions": {"allowedToCreateApps": True}}, Permitted.ALLOWED),
        ("User", READER, {"defaultUserRolePermissions": {"allowedToCreateApps": False}}, Permitted.DENIED),
        ("User", None, {"defaultUserRolePermissions": {"allowedToCreateApps": False}}, Permitted.UNKNOWN),
        ("User", NONE, None, Permitted.UNKNOWN),
        ("ServicePrincipal", DEVELOPER, None, Permitted.ALLOWED),
        ("ServicePrincipal", NONE, NONE, Permitted.DENIED),
        ("ServicePrincipal", NONE, {"value": [{"appRoleId": "18a4783c-866b-4cc7-a460-3d5e5662c884"}]}, Permitted.UNKNOWN),
        ("ServicePrincipal", None, None, Permitted.UNKNOWN),
    ],
)
async def test_what_the_directory_does_not_tell_is_not_known(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, kind, roles, other, verdict):
    async def graph(method, path, body=None):
        answer = roles if "transitiveMemberOf" in path else other
        if answer is None:
            raise ClientAuthenticationError("AADSTS65002")
        return answer

    monkeypatch.setattr(cloud, "graph", graph)
    monkeypatch.setattr(cloud, "principal", type(cloud.principal)(cloud.principal.object_id, kind, "me"))
    assert await may_register_applications(cloud) is verdict


ADMINISTRATOR = {"roleDefinitionId": "9B895D92-2cd3-44c7-9d02-a6ac2d5ea5c3", "directoryScopeId": "/"}


@pytest.mark.parametrize(
    ("kind", "eligible", "role"),
    [
        ("User", {"value": [ADMINISTRATOR]}, "Application Administrator"),
        ("User", {"value": [ADMINISTRATOR | {"directoryScopeId": "/administrativeUnits/1"}]}, ""),
        ("User", {"value": [ADMINISTRATOR | {"roleDefinitionId": "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"}]}, ""),
        ("User", None, ""),
        ("ServicePrincipal", {"value": [ADMINISTRATOR]}, ""),
    ],
)
async def test_a_directory_role_that_may_be_activated_is_known_where_the_directory_tells(cloud, monkeypatch, kind, eligible, role):
    async def graph(method, path, body=None):
        if eligible is None or "filterByCurrentUser(on='principal')" not in path:
            raise ClientAuthenticationError("PermissionScopeNotGranted")
        return eligible

    monkeypatch.setattr(cloud, "graph", graph)
    monkeypatch.setattr(cloud, "principal", type(cloud.principal)(cloud.principal.object_id, kind, "me"))
    assert await role_to_activate(cloud) == role


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/v9.0/me", 400, "Invalid version: v9.0"),
        ("/v1.0/orders", 400, "Resource not found for the segment 'orders'"),
        ("/v1.0/servicePrincipals(appId='none')", 404, "Resource 'none' does not exist"),
        ("/v1.0/applications", 403, "Insufficient privileges"),
    ],
)
async def test_an_address_that_graph_does_not_have_is_told_before_what_one_may(practice: Practice, path: str, status: int, words: str):
    headers = {"Authorization": f"Bearer {await practice.token('https://graph.microsoft.com')}"}
    async with practice.session.get(f"https://graph.microsoft.com{path}", headers=headers) as response:
        assert (response.status, words in (await response.json())["error"]["message"]) == (status, True)


async def test_the_practice_account_may_register_and_knows_the_owner_by_name(cloud: Cloud):
    assert await may_register_applications(cloud) is Permitted.ALLOWED
    assert "Olivia Owner (owner@practice.onmicrosoft.com)" in await owners(cloud)
