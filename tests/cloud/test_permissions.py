"""What roles give, as reference.md 3 works it out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.cloud.access import Permission, Verdict, evaluate, parents

CONTRIBUTOR = Permission(
    actions=("*",),
    not_actions=("Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write", "Microsoft.Authorization/elevateAccess/Action"),
)
OWNER = Permission(actions=("*",))
READER = Permission(actions=("*/read",))
RBAC_ADMINISTRATOR = Permission(
    actions=("Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/roleAssignments/delete", "*/read")
)
APPS_CONTRIBUTOR = Permission(actions=("Microsoft.App/containerApps/*/write", "Microsoft.App/containerApps/read"))
ASSIGN = "Microsoft.Authorization/roleAssignments/write"

segments = st.sampled_from(["Microsoft.KeyVault", "vaults", "secrets", "Microsoft.App", "containerApps", "read", "write", "action", "*"])
patterns = st.lists(segments, min_size=1, max_size=4).map("/".join)
actions = st.lists(segments.filter(lambda s: s != "*"), min_size=2, max_size=4).map("/".join)
permissions = st.builds(
    Permission,
    st.lists(patterns, max_size=3).map(tuple),
    st.lists(patterns, max_size=2).map(tuple),
    condition=st.sampled_from([None, "@x"]),
)


@pytest.mark.parametrize(
    ("roles", "action", "verdict"),
    [
        ([CONTRIBUTOR], "Microsoft.KeyVault/vaults/write", Verdict.ALLOWED),
        ([CONTRIBUTOR], ASSIGN, Verdict.DENIED),
        ([CONTRIBUTOR, RBAC_ADMINISTRATOR], ASSIGN, Verdict.ALLOWED),
        ([RBAC_ADMINISTRATOR], "Microsoft.Authorization/locks/write", Verdict.DENIED),
        ([READER], "Microsoft.Storage/storageAccounts/listKeys/action", Verdict.DENIED),
        ([CONTRIBUTOR], "microsoft.app/containerapps/WRITE", Verdict.ALLOWED),
        ([APPS_CONTRIBUTOR], "Microsoft.App/containerApps/write", Verdict.UNKNOWN),
        ([APPS_CONTRIBUTOR, OWNER], "Microsoft.App/containerApps/write", Verdict.ALLOWED),
        ([Permission(actions=(ASSIGN,), condition="only these roles")], ASSIGN, Verdict.UNKNOWN),
        ([], "Microsoft.App/containerApps/read", Verdict.DENIED),
    ],
)
def test_roles_give_what_azure_says_they_give(roles, action, verdict):
    assert evaluate(roles, action) is verdict


def test_owner_may_not_touch_the_secrets_in_a_vault():
    assert evaluate([OWNER], "Microsoft.KeyVault/vaults/secrets/setSecret/action", data=True) is Verdict.DENIED


@given(st.lists(permissions, max_size=3), permissions, actions)
def test_another_role_never_takes_a_right_away(roles, more, action):
    before, after = evaluate(roles, action), evaluate([*roles, more], action)
    strength = [Verdict.DENIED, Verdict.UNKNOWN, Verdict.ALLOWED]
    assert strength.index(after) >= strength.index(before)


@given(st.lists(permissions, max_size=4), actions)
def test_neither_case_nor_the_order_of_roles_matters(roles, action):
    assert evaluate(roles, action) is evaluate(roles[::-1], action.upper())


@given(permissions, actions)
def test_what_a_role_excludes_it_does_not_give(role, action):
    denied = Permission(role.actions, (*role.not_actions, action))
    assert evaluate([denied], action) is Verdict.DENIED


def test_the_scopes_above_a_resource_end_at_the_subscription():
    share = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a/fileServices/default"
    assert parents(share) == [
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",
        "/subscriptions/s/resourceGroups/g",
        "/subscriptions/s",
    ]
    assert parents("/subscriptions/s") == []
