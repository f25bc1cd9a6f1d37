"""The permission algorithm of reference.md section 3, and who holds what where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Practice, StartPractice
from wizard.practice.access import builtin_roles as roles
from wizard.practice.access.directory import SERVICE_PRINCIPAL, USER
from wizard.practice.access.rbac import grants, matches

WORDS = st.sampled_from(["Microsoft.App", "containerApps", "Microsoft.KeyVault", "vaults", "secrets", "write", "read", "action"])
ACTIONS = st.lists(WORDS, min_size=2, max_size=6).map("/".join)


def permission(*actions: str, without: tuple[str, ...] = (), data: tuple[str, ...] = (), without_data: tuple[str, ...] = ()):
    return {"actions": list(actions), "notActions": list(without), "dataActions": list(data), "notDataActions": list(without_data)}


def role(name: str):
    return roles.definitions()[roles.role_id(name)]["permissions"]


def allowed(names: tuple[str, ...], action: str, *, data: bool = False) -> bool:
    return any(grants(p, action, data=data) for name in names for p in role(name))


@pytest.mark.parametrize(
    ("held", "action", "data", "expected"),
    [
        (("Contributor",), "Microsoft.KeyVault/vaults/write", False, True),
        (("Contributor",), "Microsoft.Authorization/roleAssignments/write", False, False),
        (("Contributor", "Role Based Access Control Administrator"), "Microsoft.Authorization/roleAssignments/write", False, True),
        (("Contributor",), "Microsoft.App/register/action", False, True),
        (("Owner",), "Microsoft.KeyVault/vaults/secrets/setSecret/action", True, False),
        (("Contributor",), "Microsoft.KeyVault/vaults/secrets/setSecret/action", True, False),
        (("Key Vault Administrator",), "Microsoft.KeyVault/vaults/secrets/setSecret/action", True, True),
        (("Key Vault Secrets User",), "Microsoft.KeyVault/vaults/secrets/setSecret/action", True, False),
        (("Key Vault Secrets User",), "Microsoft.KeyVault/vaults/secrets/getSecret/action", True, True),
        (("Role Based Access Control Administrator",), "Microsoft.Authorization/locks/write", False, False),
        (("Reader",), "Microsoft.Storage/storageAccounts/listKeys/action", False, False),
        (("Contributor",), "microsoft.app/containerapps/WRITE", False, True),
        (("Container Apps Contributor",), "Microsoft.App/containerApps/write", False, True),
        (("Managed Identity Operator",), "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", False, True),
        (("Key Vault Contributor",), "Microsoft.KeyVault/locations/deletedVaults/purge/action", False, False),
        (("Contributor",), "Microsoft.KeyVault/locations/deletedVaults/purge/action", False, True),
        (("AcrPull",), "Microsoft.ContainerRegistry/registries/pull/read", False, True),
        (("AcrPull",), "Microsoft.ContainerRegistry/registries/read", False, False),
    ],
)
def test_azures_roles_allow_what_azure_says(held, action, data, expected):
    assert allowed(held, action, data=data) is expected


@given(ACTIONS)
def test_a_star_allows_every_action_and_no_data_action(action):
    assert grants(permission("*"), action)
    assert not grants(permission("*"), action, data=True)


@given(ACTIONS, ACTIONS)
def test_what_one_permission_excludes_another_may_still_allow(action, other):
    excluding, allowing = permission("*", without=(action,)), permission(action)
    assert not grants(excluding, action)
    assert grants(allowing, action)
    assert grants(excluding, other) is not matches(action, other)


@given(ACTIONS)
def test_actions_compare_without_regard_to_case(action):
    assert matches(action.upper(), action.lower()) and grants(permission(action.swapcase()), action)


@given(st.lists(WORDS, min_size=3, max_size=6), st.data())
def test_a_star_for_any_part_still_fits(words, data):
    place = data.draw(st.integers(0, len(words) - 1))
    pattern = "/".join([*words[:place], "*", *words[place + 1 :]])
    assert matches(pattern, "/".join(words))


@given(ACTIONS, ACTIONS)
def test_a_pattern_without_a_star_fits_itself_only(pattern, action):
    assert matches(pattern, action) is (pattern == action)


def test_every_role_of_this_path_is_known_by_its_published_id():
    expected = {
        "Owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        "Contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
        "User Access Administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        "Key Vault Administrator": "00482a5a-887f-4fb3-b363-3b7fe8e74483",
        "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
        "Key Vault Purge Operator": "a68e7c17-0ab2-4c09-9a58-125dae29748c",
        "AcrPull": "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        "AcrPush": "8311e382-0749-4cb8-b61a-304f252e45ec",
        "AcrDelete": "c2f4ef07-c644-48eb-af81-4b1b4947fb11",
        "Container Registry Repository Catalog Lister": "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7",
        "Container Registry Tasks Contributor": "fb382eab-e894-4461-af04-94435c366c3f",
        "Container Apps Contributor": "358470bc-b998-42bd-ab17-a7e34c199c0f",
        "Container Apps ManagedEnvironments Contributor": "57cc5028-e6a7-4284-868d-0611c5923f8d",
        "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
        "Managed Identity Contributor": "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
        "Storage Account Contributor": "17d1049b-9a84-46fb-8f53-869881c3d3ab",
    }
    assert {name: roles.role_id(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("account", "may_write", "may_assign"), [("owner", True, True), ("contributor", True, False), ("reader", False, False)]
)
async def test_the_accounts_role_is_what_the_fault_says_now(practice: Practice, account, may_write, may_assign):
    practice.cloud.faults.add([f"account:{account}"])
    for principal in (SERVICE_PRINCIPAL, USER):
        access = practice.cloud.access
        assert access.allowed(principal, "Microsoft.Resources/subscriptions/resourceGroups/write", practice.scope) is may_write
        assert (
            access.allowed(principal, "Microsoft.Authorization/roleAssignments/write", f"{practice.scope}/resourceGroups/g") is may_assign
        )
        assert access.allowed(principal, "Microsoft.KeyVault/vaults/read", practice.scope)


async def test_a_right_reaches_down_and_never_up_or_sideways(practice: Practice):
    identity = practice.cloud.directory.add_managed_identity("me", "")["object_id"]
    group = f"{practice.scope}/resourceGroups/rg-a"
    practice.cloud.store.collection("role_assignments")["a"] = {
        "id": "a",
        "properties": {"principalId": identity, "scope": group, "roleDefinitionId": roles.role_id("Reader")},
    }
    allowed = practice.cloud.access.allowed
    assert allowed(identity, "Microsoft.App/containerApps/read", f"{group.upper()}/providers/Microsoft.App/containerApps/x")
    assert not allowed(identity, "Microsoft.App/containerApps/read", practice.scope)
    assert not allowed(identity, "Microsoft.App/containerApps/read", f"{group}2")


async def test_seeded_subscriptions_can_be_read_and_nothing_else(start_practice: StartPractice):
    practice = await start_practice(seeds=(("subscriptions", 3),))
    other = "/subscriptions/5eeded00-0000-4000-8000-000000000002"
    assert (await practice.call("GET", f"{other}/resourceGroups")).body == {"value": []}
    refused = await practice.call("PUT", f"{other}/resourceGroups/rg", {"location": "westeurope"})
    assert (refused.status, refused.body["error"]["code"]) == (403, "AuthorizationFailed")
    missing = await practice.call("GET", "/subscriptions/5eeded00-0000-4000-8000-000000000004/resourceGroups")
    assert (missing.status, missing.body["error"]["code"]) == (404, "SubscriptionNotFound")
