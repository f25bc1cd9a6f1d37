"""The passport against what Azure then does: every built-in role of this path, on the group and on the subscription."""

from __future__ import annotations

import base64
import json
import random
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.steps.conftest import Setup, StartSetup
from tests.steps.deployed import TABLES, deployed
from tests.steps.rights.roles import REFERENCE
from wizard.cloud.permissions.checker import Permission, PermissionChecker, Permitted, evaluate
from wizard.cloud.permissions.conditions import only
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.resource_ids import ROLES, role_definition_id
from wizard.engine.step import Step
from wizard.practice.access import builtin_roles as roles
from wizard.practice.access.directory import SERVICE_PRINCIPAL
from wizard.practice.access.rbac import grants
from wizard.practice.arm.versions import versions_for
from wizard.steps.app.payload import PLACEHOLDER_IMAGE
from wizard.steps.registry import ROLES as REGISTRY_ROLES
from wizard.steps.registry import registry_id
from wizard.steps.registry_of_steps import contributions

GROUP = "/resourceGroups/rg-orders-dev"
ONLY_THESE = only([ROLES["AcrPull"], ROLES["Key Vault Secrets User"]])
DEVOPS = {"build": "azure-devops", "organization": "contoso", "project": "orders", "repository": "orders-api"}
WAYS: list[dict[str, dict[str, str]]] = [
    {},
    {"app": {"identity": "user"}, "pipeline": {"build": "registry"}, "key_vault": {"deleted": "purge"}},
    {"pipeline": DEVOPS},
    {"pipeline": DEVOPS | {"connection": "automatic"}},
]
PLACES = (
    "",
    GROUP,
    f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-orders-dev",
    f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/crordersdev",
    f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stordersdev",
    f"{GROUP}/providers/Microsoft.App/managedEnvironments/cae-orders-dev",
)
WRITES = {
    "federatedIdentityCredentials/write": "/federatedIdentityCredentials/tried",
    "fileServices/write": "/fileServices/default",
    "shares/write": "/fileServices/default/shares/fileshare-tried",
    "storages/write": "/storages/tried",
}
ROUNDS = 24
SERVER = "crordersdev.azurecr.io"


def every_right(setup: Setup) -> list[PermissionRequirement]:
    """What making the whole setup takes, in every way that it can be made; and the article's registry roles."""
    answers = setup.answers
    registry = [
        PermissionRequirement(action, registry_id(answers), role)
        for role, action, *_words in REGISTRY_ROLES.values()
        if "catalog" not in action
    ]
    steps: list[Step] = []
    tables = dict(setup.tables)
    for way in WAYS:
        setup.tables = tables | {name: {**tables[name], **more} for name, more in way.items()}
        steps += [step for contribution in contributions() for step in contribution.steps(setup.answers)]
    setup.tables = tables
    return list(dict.fromkeys([*(right for step in steps for right in step.rights), *registry]))


async def is_done(setup: Setup, right: PermissionRequirement) -> bool | None:
    """Whether Azure lets the account do it; None when something else that it takes is refused first."""
    if right.data:
        return await in_vault(setup, right)
    if right.action.endswith(("pull/read", "push/write")):
        return await in_registry(setup, right.action.split("/")[-2])
    if right.assigns:
        return await assigned(setup, right)
    if right.action.endswith(("join/action", "assign/action")):
        return await app_takes(setup, right)
    method, path, body = request_for(right)
    version = next(version for version in versions_for(path) if not version.endswith("-preview"))
    return not refused(await setup.practice.call(method, path, body, version=version))


def request_for(right: PermissionRequirement) -> tuple[str, str, Any]:
    """The call that the action is for; what would change something says nothing that could be carried out."""
    verb = right.action.split("/", 1)[1]
    if verb == "register/action":
        return "POST", f"{right.scope}/providers/{right.action.split('/')[0]}/register", None
    if verb.endswith("deletedVaults/purge/action"):
        return "POST", f"{right.scope}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-none/purge", None
    if verb.endswith("runs/read"):
        return "GET", f"{right.scope}/runs", None
    if verb.endswith("runs/listLogSasUrl/action"):
        return "POST", f"{right.scope}/runs/none/listLogSasUrl", None
    if verb.endswith("/action"):
        return "POST", f"{right.scope}/{verb.split('/')[-2]}", {}
    return "PUT", right.scope + next((below for end, below in WRITES.items() if verb.endswith(end)), ""), {}


def refused(called: Any, action: str = "") -> bool:
    if called.status != 403:
        return False
    error = called.body["error"]
    return error["code"] in ("AuthorizationFailed", "LinkedAuthorizationFailed") and action in error["message"]


async def app_takes(setup: Setup, right: PermissionRequirement) -> bool | None:
    """The app written with what it takes; what is wrong in it Azure says only after it looked at the rights."""
    practice = setup.practice
    environment = f"{practice.scope}{GROUP}/providers/Microsoft.App/managedEnvironments/cae-orders-dev"
    body: dict[str, Any] = {"location": "westeurope", "properties": {"environmentId": environment, "template": {"containers": []}}}
    if "ManagedIdentity" in right.action:
        body["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {right.scope: {}, f"{right.scope}-none": {}}}
        body["properties"]["template"]["containers"] = [{"name": "tried", "image": PLACEHOLDER_IMAGE}]
    name = f"capp-{uuid.uuid4().hex[:8]}"
    called = await practice.call("PUT", f"{GROUP}/providers/Microsoft.App/containerApps/{name}", body, version="2024-03-01")
    if refused(called, right.action):
        return False
    return None if called.status == 403 else True


async def assigned(setup: Setup, right: PermissionRequirement) -> bool:
    """The very role given to whom it is for, and taken back."""
    principal = SERVICE_PRINCIPAL if right.to == "you" else setup.practice.cloud.store.collection("tried")["app"]["id"]
    path = f"{right.scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    definition = role_definition_id(setup.cloud.subscription_id, right.assigns)
    properties = {"roleDefinitionId": definition, "principalId": principal, "principalType": "ServicePrincipal"}
    called = await setup.practice.call("PUT", path, {"properties": properties}, version="2022-04-01")
    setup.practice.cloud.store.collection("role_assignments").pop(path, None)
    assert called.status in (201, 403, 409), called.body
    return not refused(called)


async def in_vault(setup: Setup, right: PermissionRequirement) -> bool:
    """What the vault itself answers."""
    token = await setup.practice.token("https://vault.azure.net")
    method, path, body = {
        "getSecret": ("GET", "/secrets/api-key", None),
        "setSecret": ("PUT", "/secrets/tried", {"value": "tried"}),
        "readMetadata": ("GET", "/secrets", None),
    }[right.action.split("/")[-2]]
    url, headers = f"https://kv-orders-dev.vault.azure.net{path}", {"Authorization": f"Bearer {token}"}
    session = setup.practice.session
    async with session.request(method, url, params={"api-version": "7.4"}, json=body, headers=headers) as response:
        return response.status == 200


async def in_registry(setup: Setup, word: str) -> bool:
    """What the registry's token carries."""
    token = await setup.cloud.registry._session.access_token(SERVER, f"repository:orders-api:{word}")
    claims = token.split(".")[1]
    access = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["access"]
    return any(word in granted["actions"] for granted in access)


def hold(setup: Setup, monkeypatch: pytest.MonkeyPatch, *held: dict[str, Any]) -> None:
    """Give the account these assignments, and no other."""
    monkeypatch.setattr(setup.practice.cloud.access, "account_assignments", lambda: list(held))


def assignment(role: str, scope: str, condition: str | None = None) -> dict[str, Any]:
    return {
        "id": f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}",
        "name": "held",
        "properties": {
            "roleDefinitionId": f"/providers/Microsoft.Authorization/roleDefinitions/{role}",
            "principalId": SERVICE_PRINCIPAL,
            "principalType": "ServicePrincipal",
            "scope": scope,
            "condition": condition,
        },
    }


async def disagreements(setup: Setup, rights: Sequence[PermissionRequirement], held: str, *, sure: bool) -> list[str]:
    """Where the passport says one thing and Azure does another, or, when it should be `sure`, says nothing."""
    records = []
    for right in rights:
        verdict = (await PermissionChecker(setup.cloud).may(right.scope, [right]))[right]
        done = await is_done(setup, right)
        if sure and verdict is Permitted.UNKNOWN:
            records.append(f"{held}: {right.action} {right.assigns} is not known")
        if done is not None and verdict is not Permitted.UNKNOWN and (verdict is Permitted.ALLOWED) is not done:
            records.append(f"{held}: {right.action} {right.assigns} is {verdict}, done: {done}")
    return records


async def test_the_role_that_a_right_names_gives_it(start_setup: StartSetup):
    setup = await start_setup(**TABLES)
    for right in every_right(setup):
        role = roles.definitions()[roles.role_id(right.role)]["permissions"]
        assert any(grants(permission, right.action, data=right.data) for permission in role), right


async def ready(start_setup: StartSetup, tmp_path: Path) -> Setup:
    """Everything made, with identities beside the app's own, and nobody but the account holds a role."""
    setup = await deployed(start_setup, tmp_path, faults=["rbac-delay:0"])
    practice = setup.practice
    for name in ("id-orders-dev", "id-orders-dev-pipeline"):
        place = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        assert (await practice.call("PUT", place, {"location": "westeurope"}, version="2024-11-30")).status == 201
    app = (await practice.call("GET", f"{GROUP}/providers/Microsoft.App/containerApps/capp-orders-dev", version="2024-03-01")).body
    practice.cloud.store.collection("tried")["app"] = {"id": app["identity"]["principalId"]}
    practice.cloud.store.collection("role_assignments").clear()
    return setup


def do_not_offer(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Azure give no verdicts of its own."""

    async def not_offered(
        self: PermissionChecker, scope: str, rights: Sequence[PermissionRequirement]
    ) -> dict[PermissionRequirement, Permitted]:
        return {}

    monkeypatch.setattr(PermissionChecker, "_check_access", not_offered)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("asks", ["Azure's verdict", "the list of permissions"])
async def test_what_the_passport_says_is_what_azure_does(
    start_setup: StartSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asks: str
):
    setup = await ready(start_setup, tmp_path)
    practice, rights = setup.practice, every_right(setup)
    sure = asks == "Azure's verdict"
    if not sure:
        do_not_offer(setup, monkeypatch)
    wrong: list[str] = []
    for scope in (practice.scope, practice.scope + GROUP):
        for role, properties in roles.definitions().items():
            hold(setup, monkeypatch, assignment(role, scope))
            wrong += await disagreements(setup, rights, f"{properties['roleName']} on {scope}", sure=sure)
        hold(setup, monkeypatch, assignment(ROLES["Role Based Access Control Administrator"], scope, ONLY_THESE))
        wrong += await disagreements(setup, rights, f"conditioned on {scope}", sure=sure)
    assert wrong == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("asks", ["Azure's verdict", "the list of permissions"])
async def test_several_roles_together_on_any_places_give_what_azure_lets_one_do(
    start_setup: StartSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asks: str
):
    setup = await ready(start_setup, tmp_path)
    if asks != "Azure's verdict":
        do_not_offer(setup, monkeypatch)
    rights, wrong = every_right(setup), []
    draw = random.Random(20)  # noqa: S311  the same on every run
    for _round in range(ROUNDS):
        held = [
            assignment(role, setup.practice.scope + draw.choice(PLACES), draw.choice([None, None, ONLY_THESE]) if "Admin" in name else None)
            for name, role in draw.sample(sorted(REFERENCE.items()), draw.randint(0, 4))
        ]
        hold(setup, monkeypatch, *held)
        named = str(
            [(item["properties"]["roleDefinitionId"][-36:], item["properties"]["scope"], item["properties"]["condition"]) for item in held]
        )
        wrong += await disagreements(setup, rights, named, sure=asks == "Azure's verdict")
    assert wrong == []


def test_every_role_of_the_reference_is_held_against_azure():
    assert {identifier: roles.definitions().get(identifier, {}).get("roleName") for identifier in REFERENCE.values()} == {
        identifier: name for name, identifier in REFERENCE.items()
    }


REFERENCE_ROLES = st.sampled_from(sorted(REFERENCE.values()))
PARTS = sorted(
    {part for item in roles.definitions().values() for one in item["permissions"] for part in one["actions"] + one["dataActions"]}
)
ACTIONS = st.sampled_from(PARTS).flatmap(
    lambda pattern: st.sampled_from(["read", "a/b", "write"]).map(lambda word: pattern.replace("*", word))
)


@settings(max_examples=400, deadline=None)
@given(st.lists(REFERENCE_ROLES, max_size=5), ACTIONS, st.booleans(), st.booleans())
def test_no_set_of_roles_is_read_otherwise_than_azure_reads_it(held: list[str], action: str, data: bool, upper: bool):
    """No false “allowed” and no false “not allowed”; unknown only where Azure's own pattern does not match what Azure lets one do."""
    given_there = [permission for role in held for permission in roles.definitions()[role]["permissions"]]
    azure = any(grants(permission, action, data=data) for permission in given_there)
    verdict = evaluate([Permission.parse(item) for item in given_there], action.upper() if upper else action, data=data)
    assert verdict in ((Permitted.ALLOWED, Permitted.UNKNOWN) if azure else (Permitted.DENIED,))
    if verdict is Permitted.UNKNOWN:
        assert any("/*/" in pattern for permission in given_there for pattern in permission["actions"])
