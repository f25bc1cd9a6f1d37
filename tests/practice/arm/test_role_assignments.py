"""Role assignments: who may make them, what they need, and when they count."""

import time
import uuid

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.mgmt.authorization.aio import AuthorizationManagementClient
from azure.mgmt.authorization.models import RoleAssignmentCreateParameters

from tests.conftest import Practice, StartPractice
from wizard.practice.access.directory import SERVICE_PRINCIPAL, USER

GROUP = "/resourceGroups/rg-a"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
ROLE_ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
READS = "Microsoft.App/containerApps/read"


def sdk(practice: Practice) -> AuthorizationManagementClient:
    return AuthorizationManagementClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport())


def name() -> str:
    return str(uuid.uuid4())


def wanted(practice: Practice, principal: str, role: str = READER, kind: str | None = "ServicePrincipal") -> RoleAssignmentCreateParameters:
    definition = f"{practice.scope}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    return RoleAssignmentCreateParameters(role_definition_id=definition, principal_id=principal, principal_type=kind)


@pytest.fixture
async def principal(practice: Practice) -> str:
    await practice.call("PUT", GROUP, {"location": "westeurope"})
    return practice.cloud.directory.add_managed_identity("id-a", "")["object_id"]


async def test_an_assignment_is_made_read_listed_and_deleted_through_the_sdk(practice: Practice, principal):
    client, scope, chosen = sdk(practice), practice.scope + GROUP, name()
    created = await client.role_assignments.create(scope, chosen, wanted(practice, principal))
    assert (created.scope, created.principal_type, created.created_by) == (
        scope,
        "ServicePrincipal",
        None,
    )  # recorded: a GET alone names who made it
    assert (await client.role_assignments.get(scope, chosen)).id == created.id
    assert [a.name async for a in client.role_assignments.list_for_scope(scope, filter=f"principalId eq '{principal}'")] == [chosen]
    assert [a.name async for a in client.role_assignments.list_for_scope(scope, filter=f"assignedTo('{principal}')")] == [chosen]
    assert practice.cloud.access.allowed(principal, READS, f"{scope}/providers/Microsoft.App/containerApps/x")
    assert (await client.role_assignments.delete(scope, chosen)).name == chosen
    assert not practice.cloud.access.allowed(principal, READS, scope)
    assert (await practice.call("DELETE", f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{chosen}")).status == 204
    with pytest.raises(ResourceNotFoundError) as missing:
        await client.role_assignments.get(scope, chosen)
    assert missing.value.error.message == f"The role assignment '{chosen}' is not found."


async def test_lists_reach_up_and_down_unless_asked_for_the_scope_alone(practice: Practice, principal):
    client, chosen = sdk(practice), name()
    await client.role_assignments.create(practice.scope + GROUP, chosen, wanted(practice, principal))
    at_subscription = [a.name async for a in client.role_assignments.list_for_subscription()]
    above_only = [a.name async for a in client.role_assignments.list_for_subscription(filter="atScope()")]
    assert chosen in at_subscription and chosen not in above_only and len(above_only) == 3
    in_group = [a.name async for a in client.role_assignments.list_for_resource_group("rg-a")]
    assert chosen in in_group and set(above_only) <= set(in_group)


async def test_the_same_assignment_again_is_200_and_under_another_name_exists(practice: Practice, principal):
    client, scope, chosen = sdk(practice), practice.scope + GROUP, name()
    first = await client.role_assignments.create(scope, chosen, wanted(practice, principal))
    again = await client.role_assignments.create(scope, chosen, wanted(practice, principal))
    assert (again.id, again.created_on) == (first.id, first.created_on)
    with pytest.raises(ResourceExistsError) as exists:
        await client.role_assignments.create(scope, name(), wanted(practice, principal))
    assert (exists.value.error.code, exists.value.error.message) == ("RoleAssignmentExists", "The role assignment already exists.")
    with pytest.raises(HttpResponseError) as changed:
        await client.role_assignments.create(scope, chosen, wanted(practice, principal, OWNER))
    assert changed.value.error.code == "RoleAssignmentUpdateNotPermitted"


async def test_what_the_account_has_by_itself_exists_already(practice: Practice):
    with pytest.raises(ResourceExistsError):
        await sdk(practice).role_assignments.create(practice.scope, name(), wanted(practice, SERVICE_PRINCIPAL, OWNER))


async def test_a_type_that_is_not_the_principals_is_refused(practice: Practice, principal):
    with pytest.raises(HttpResponseError) as refused:
        await sdk(practice).role_assignments.create(practice.scope + GROUP, name(), wanted(practice, principal, kind="User"))
    assert refused.value.error.code == "UnmatchedPrincipalType"
    created = await sdk(practice).role_assignments.create(practice.scope + GROUP, name(), wanted(practice, USER, kind="User"))
    assert created.principal_type == "User"


async def test_a_new_principal_is_not_found_without_its_type(start_practice: StartPractice):
    practice = await start_practice(speed="real")
    practice.cloud.clock.slow_down(0.0)
    await practice.call("PUT", GROUP, {"location": "westeurope"})
    practice.cloud.clock.slow_down(1.0)
    principal = practice.cloud.directory.add_managed_identity("young", "")["object_id"]
    practice.cloud.clock.slow_down(0.0)
    role = f"/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    path = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{name()}"
    body = {"properties": {"principalId": principal, "roleDefinitionId": role}}
    refused = await practice.call("PUT", path, body)
    assert (refused.status, refused.body["error"]["code"]) == (400, "PrincipalNotFound")
    matches = f"Principal {principal.replace('-', '')} does not exist in the directory {practice.cloud.tenant_id}."
    assert refused.body["error"]["message"].startswith(matches)
    body["properties"]["principalType"] = "ServicePrincipal"
    assert (await practice.call("PUT", path, body)).status == 201


async def test_nobody_can_be_given_a_role_that_does_not_exist_nor_a_role_to_nobody(practice: Practice, principal):
    scope, create = practice.scope + GROUP, sdk(practice).role_assignments.create
    for parameters, code in (
        (wanted(practice, principal, str(uuid.uuid4())), "RoleDefinitionDoesNotExist"),
        (wanted(practice, str(uuid.uuid4()), kind=None), "PrincipalNotFound"),
    ):
        with pytest.raises(HttpResponseError) as refused:
            await create(scope, name(), parameters)
        assert refused.value.error.code == code
    with pytest.raises(HttpResponseError) as no_guid:
        await create(scope, "mine", wanted(practice, principal))
    assert no_guid.value.error.code == "InvalidRoleAssignmentId"


async def test_a_scope_that_is_not_there_takes_no_assignment(practice: Practice, principal):
    for scope, code in (
        (f"{practice.scope}{GROUP}/providers/Microsoft.KeyVault/vaults/none", "ResourceNotFound"),
        (f"{practice.scope}/resourceGroups/none", "ResourceGroupNotFound"),
    ):
        with pytest.raises(ResourceNotFoundError) as refused:
            await sdk(practice).role_assignments.create(scope, name(), wanted(practice, principal))
        assert refused.value.error.code == code


async def test_an_assignment_counts_only_after_its_time(practice: Practice, principal):
    practice.cloud.faults.add(["rbac-delay:3600"])
    scope = practice.scope + GROUP
    created = await sdk(practice).role_assignments.create(scope, name(), wanted(practice, principal))
    assert not practice.cloud.access.allowed(principal, READS, scope)
    practice.cloud.store.collection("role_effects")[created.id] = {"at": time.time()}
    assert practice.cloud.access.allowed(principal, READS, scope)


async def test_a_contributor_may_not_assign_and_is_told_where(practice: Practice, principal):
    practice.cloud.faults.add(["account:contributor"])
    chosen = name()
    with pytest.raises(HttpResponseError) as refused:
        await sdk(practice).role_assignments.create(practice.scope, chosen, wanted(practice, principal))
    assert refused.value.error.code == "AuthorizationFailed"
    scope = f"{practice.scope}/providers/Microsoft.Authorization/roleAssignments/{chosen}"
    assert f"'Microsoft.Authorization/roleAssignments/write' over scope '{scope}'" in refused.value.error.message


async def test_a_refused_assignment_leaves_nothing(practice: Practice, principal):
    practice.cloud.faults.add(["role-denied"])
    with pytest.raises(HttpResponseError) as refused:
        await sdk(practice).role_assignments.create(practice.scope + GROUP, name(), wanted(practice, principal))
    assert refused.value.error.code == "AuthorizationFailed"
    assert len(practice.cloud.store.collection("role_assignments")) == 0


async def test_roles_are_found_by_name_in_any_case_and_by_id(practice: Practice):
    client = sdk(practice)
    (role,) = [r async for r in client.role_definitions.list(practice.scope, filter="roleName eq 'acrpull'")]
    assert (role.role_name, role.permissions[0].actions) == ("AcrPull", ["Microsoft.ContainerRegistry/registries/pull/read"])
    assert (await client.role_definitions.get(practice.scope, READER)).role_name == "Reader"
    assert len([r async for r in client.role_definitions.list(practice.scope)]) > 20
    with pytest.raises(ResourceNotFoundError):
        await client.role_definitions.get(practice.scope, str(uuid.uuid4()))


async def test_permissions_are_the_callers_at_each_kind_of_scope(practice: Practice, principal):
    practice.cloud.faults.add(["account:contributor"])
    client = sdk(practice)
    (mine,) = [p async for p in client.permissions.list_for_resource_group("rg-a")]
    assert mine.actions == ["*"] and "Microsoft.Authorization/*/Write" in mine.not_actions
    raw = await practice.call("GET", "/providers/Microsoft.Authorization/permissions", version="2022-04-01")
    assert raw.body["value"][0]["actions"] == ["*"]
    assert [d async for d in client.deny_assignments.list_for_scope(practice.scope)] == []


async def test_check_access_answers_actions_and_data_actions_with_the_assignment(practice: Practice, principal):
    body = {
        "Subject": {"Attributes": {"ObjectId": SERVICE_PRINCIPAL}},
        "Actions": [
            {"Id": "Microsoft.KeyVault/vaults/write", "IsDataAction": False},
            {"Id": "Microsoft.KeyVault/vaults/secrets/setSecret/action", "IsDataAction": True},
        ],
    }
    path = f"{GROUP}/providers/Microsoft.Authorization/checkAccess"
    answer = await practice.call("POST", path, body, version="2018-09-01-preview")
    write, secret = answer.body
    assert (write["actionId"], write["accessDecision"]) == ("Microsoft.KeyVault/vaults/write", "Allowed")
    assert write["roleAssignment"]["scope"] == practice.scope
    assert (secret["accessDecision"], secret["roleAssignment"]) == ("NotAllowed", None)


async def test_a_condition_limits_which_roles_its_holder_gives_and_to_whom(practice: Practice, principal):
    path = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments"
    condition = (
        "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR "
        f"(@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{READER}}} AND "
        "@Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))"
    )
    held = {"principalId": SERVICE_PRINCIPAL, "roleDefinitionId": f"/x/{ROLE_ADMINISTRATOR}", "condition": condition}
    created = await practice.call("PUT", f"{path}/{name()}", {"properties": held})
    assert (created.status, created.body["properties"]["condition"], created.body["properties"]["conditionVersion"]) == (
        201,
        condition,
        "2.0",
    )
    practice.cloud.faults.add(["account:contributor"])

    allowed = {"principalId": principal, "principalType": "ServicePrincipal", "roleDefinitionId": f"/x/{READER}"}
    assert (await practice.call("PUT", f"{path}/{name()}", {"properties": allowed})).status == 201
    for wrong in ({**allowed, "roleDefinitionId": f"/x/{OWNER}"}, {**allowed, "principalId": USER, "principalType": "User"}):
        refused = await practice.call("PUT", f"{path}/{name()}", {"properties": wrong})
        assert (refused.status, refused.body["error"]["code"]) == (403, "AuthorizationFailed")
        assert "has an authorization with ABAC condition that is not fulfilled" in refused.body["error"]["message"]


@pytest.mark.parametrize("condition", ["yes", "ActionMatches{'a'} AND", "@Resource[Microsoft.Storage/x:name] StringEquals 'a'", "(!(", "!"])
async def test_a_condition_in_no_known_language_is_refused(practice: Practice, principal, condition):
    body = {"properties": {"principalId": principal, "roleDefinitionId": f"/x/{READER}", "condition": condition}}
    refused = await practice.call("PUT", f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{name()}", body)
    assert (refused.status, refused.body["error"]["code"]) == (400, "BadRequest")
