"""What roles give, as reference.md 3 works it out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.cloud.permissions.checker import EVERYONE, Denial, Permission, Permitted, after_denials, evaluate, parents
from wizard.cloud.permissions.conditions import lets_assign, only
from wizard.practice.access.conditions import AssignmentAttempt, parse

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
        ([CONTRIBUTOR], "Microsoft.KeyVault/vaults/write", Permitted.ALLOWED),
        ([CONTRIBUTOR], ASSIGN, Permitted.DENIED),
        ([CONTRIBUTOR, RBAC_ADMINISTRATOR], ASSIGN, Permitted.ALLOWED),
        ([RBAC_ADMINISTRATOR], "Microsoft.Authorization/locks/write", Permitted.DENIED),
        ([READER], "Microsoft.Storage/storageAccounts/listKeys/action", Permitted.DENIED),
        ([CONTRIBUTOR], "microsoft.app/containerapps/WRITE", Permitted.ALLOWED),
        ([APPS_CONTRIBUTOR], "Microsoft.App/containerApps/write", Permitted.UNKNOWN),
        ([APPS_CONTRIBUTOR, OWNER], "Microsoft.App/containerApps/write", Permitted.ALLOWED),
        ([Permission(actions=(ASSIGN,), condition="only these roles")], ASSIGN, Permitted.UNKNOWN),
        ([], "Microsoft.App/containerApps/read", Permitted.DENIED),
    ],
)
def test_roles_give_what_azure_says_they_give(roles, action, verdict):
    assert evaluate(roles, action) is verdict


def test_owner_may_not_touch_the_secrets_in_a_vault():
    assert evaluate([OWNER], "Microsoft.KeyVault/vaults/secrets/setSecret/action", data=True) is Permitted.DENIED


@given(st.lists(permissions, max_size=3), permissions, actions)
def test_another_role_never_takes_a_right_away(roles, more, action):
    before, after = evaluate(roles, action), evaluate([*roles, more], action)
    strength = [Permitted.DENIED, Permitted.UNKNOWN, Permitted.ALLOWED]
    assert strength.index(after) >= strength.index(before)


@given(st.lists(permissions, max_size=4), actions)
def test_neither_case_nor_the_order_of_roles_matters(roles, action):
    assert evaluate(roles, action) is evaluate(roles[::-1], action.upper())


@given(permissions, actions)
def test_what_a_role_excludes_it_does_not_give(role, action):
    denied = Permission(role.actions, (*role.not_actions, action))
    assert evaluate([denied], action) is Permitted.DENIED


@given(st.lists(permissions, max_size=3), actions)
def test_a_star_for_actions_gives_no_data_action(roles, action):
    assert evaluate([OWNER, *roles], action, data=True) is Permitted.DENIED


@given(permissions, actions, st.sampled_from([True, False, None]))
def test_a_condition_turns_yes_into_what_is_known_of_it_and_no_into_nothing_else(role, action, met):
    free, bound = Permission(role.actions, role.not_actions), Permission(role.actions, role.not_actions, condition="c")
    without = evaluate([free], action)
    expected = {True: Permitted.ALLOWED, False: Permitted.DENIED, None: Permitted.UNKNOWN}[met] if without is Permitted.ALLOWED else without
    assert evaluate([bound], action, meets=lambda _condition: met) is expected


ME, OTHER, TEAM = "11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000", "33333333-0000-4000-8000-000000000000"
ALL = [{"actions": ["*"], "notActions": []}]


@pytest.mark.parametrize(
    ("principals", "excepted", "verdict"),
    [
        ([(ME, "User")], [], Permitted.DENIED),
        ([(ME.upper(), "User")], [], Permitted.DENIED),
        ([(EVERYONE, "SystemDefined")], [], Permitted.DENIED),
        ([(EVERYONE, "SystemDefined")], [(ME, "User")], Permitted.ALLOWED),
        ([(EVERYONE, "SystemDefined")], [(TEAM, "Group")], Permitted.UNKNOWN),
        ([(TEAM, "Group")], [], Permitted.UNKNOWN),
        ([(OTHER, "User")], [], Permitted.ALLOWED),
    ],
)
def test_a_deny_assignment_wins_over_every_role_for_whom_it_is_meant(principals, excepted, verdict):
    properties = {
        "permissions": ALL,
        "principals": [{"id": identifier, "type": kind} for identifier, kind in principals],
        "excludePrincipals": [{"id": identifier, "type": kind} for identifier, kind in excepted],
    }
    denials = Denial.parse(properties, ME)
    assert after_denials(evaluate([OWNER], ASSIGN), denials, ASSIGN) is verdict


@given(permissions, actions)
def test_a_denial_never_gives_anything(denied, action):
    for verdict in Permitted:
        left = after_denials(verdict, [Denial(denied, applies=True)], action)
        assert left is verdict or (left in (Permitted.DENIED, Permitted.UNKNOWN) and verdict is not Permitted.DENIED)


ROLE_IDS = st.lists(st.uuids().map(str), min_size=1, max_size=4, unique=True)
KINDS = st.sampled_from(["ServicePrincipal", "User", "Group"])


@given(ROLE_IDS, st.uuids().map(str), KINDS, st.booleans())
def test_the_wizard_and_azure_read_a_condition_alike(allowed, other, kind, wanted):
    condition, role = only(allowed), allowed[0] if wanted else other
    spaced = condition.replace(" AND ", "\n AND\r\n ").replace("(", "( ").replace("{'", "{ '")
    attributes = {"roledefinitionid": role, "principaltype": kind}
    azure = parse(condition)(AssignmentAttempt("Microsoft.Authorization/roleAssignments/write", request=attributes))
    assert azure is lets_assign(condition, role.upper(), kind) is lets_assign(spaced, role, kind) is (wanted and kind == "ServicePrincipal")
    assert parse(condition)(AssignmentAttempt("Microsoft.Authorization/roleAssignments/delete", resource=attributes)) is azure
    assert lets_assign(f"{condition} OR {condition}", role, kind) is None


def test_the_scopes_above_a_resource_end_at_the_subscription():
    share = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a/fileServices/default"
    assert parents(share) == [
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",
        "/subscriptions/s/resourceGroups/g",
        "/subscriptions/s",
    ]
    assert parents("/subscriptions/s") == []
