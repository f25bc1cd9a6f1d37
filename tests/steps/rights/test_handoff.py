"""What is asked for is enough and no more: given, the plan lacks no right and can be made."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.practice.apps import write_api
from tests.steps.conftest import Setup, StartSetup
from tests.steps.deployed import SERVER, TABLES
from wizard.cloud.permissions.conditions import only
from wizard.cloud.resource_ids import ROLES
from wizard.commands.handoff import handoff
from wizard.engine.session import CommandOptions, Session
from wizard.handoff.message import answer, message
from wizard.handoff.record import recall, remember
from wizard.handoff.request import HandoffRequest, request_for
from wizard.handoff.script import render
from wizard.practice.access import builtin_roles as roles
from wizard.practice.registry.building import preload
from wizard.setup.secret_sources import SecretValues
from wizard.steps.registry_of_steps import contributions

VERSION = "2022-04-01"


async def asked(setup: Setup) -> HandoffRequest | None:
    return request_for((await setup.plan(*contributions())).steps, setup.answers)


async def give(setup: Setup, request: HandoffRequest) -> None:
    """Do as the script does, as the owner."""
    practice, answers = setup.practice, setup.answers
    practice.cloud.faults.add(["account:owner"])
    providers = practice.cloud.store.collection("providers")
    for namespace in request.services:
        providers[namespace] = {"namespace": namespace, "state": "Registered"}
    group = f"/resourceGroups/{answers.project.resource_group}"
    if request.group:
        await practice.call("PUT", group, {"location": "westeurope", "tags": answers.project.resource_tags("project")})
    app = ""
    if request.identity:
        place = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{request.identity}"
        body = {"location": "westeurope", "tags": answers.project.resource_tags("identity")}
        app = (await practice.call("PUT", place, body, version="2024-11-30")).body["properties"]["principalId"]
    for grant in request.grants:
        properties = {
            "roleDefinitionId": f"/providers/Microsoft.Authorization/roleDefinitions/{roles.role_id(grant.role)}",
            "principalId": app if grant.to == "app" else setup.cloud.principal.object_id,
            "principalType": "ServicePrincipal",
            **({"condition": only(ROLES[role] for role in grant.assignable)} if grant.assignable else {}),
        }
        path = f"{grant.scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
        assert (await practice.call("PUT", path, {"properties": properties}, version=VERSION)).status == 201


@pytest.mark.parametrize("identity", ["user", "system"])
@pytest.mark.parametrize("account", ["contributor", "reader"])
async def test_what_is_asked_for_is_enough(start_setup: StartSetup, tmp_path: Path, account: str, identity: str):
    setup = await start_setup(**{**TABLES, "app": TABLES["app"] | {"identity": identity}}, registered=False)
    setup.given = {"api-key": "canary-1"}
    setup.practice.cloud.faults.add([f"account:{account}"])
    request = await asked(setup)
    assert request is not None and request.group == "rg-orders-dev"
    assert "Owner" not in str(request.grants) and "subscriptions/5" not in {grant.scope for grant in request.grants}
    remember(setup.journal, request.rights)

    await give(setup, request)
    setup.practice.cloud.faults.add([f"account:{account}"])
    plan = await setup.plan(*contributions())
    assert plan.passport.lacking == [] and request_for(plan.steps, setup.answers) is None
    count = len(request.rights)
    assert (record := recall(setup.journal, [])) is not None and record.sentence.endswith(f": {count} of {count} given.")
    assert recall(setup.journal, []) is None

    await preload.preload(setup.practice.cloud, SERVER, "orders-api", ["1.0"], write_api(tmp_path / "api"))
    first = await setup.apply(*contributions())  # the image lies in a registry that is made only now
    await preload.preload(setup.practice.cloud, SERVER, "orders-api", ["1.0"], write_api(tmp_path / "api2"))
    result = await setup.apply(*contributions())
    assert (first.failed, result.outcome) == (0, "succeeded"), setup.events[-6:]
    assert {str(item.action) for item in (await setup.plan(*contributions())).steps} == {"keep"}
    gone = await setup.destroy(*contributions()) if account == "contributor" else None  # a reader was given nothing to delete with
    assert gone is None or (gone.outcome, gone.failed) == ("succeeded", 0), setup.events[-6:]


@pytest.mark.parametrize("account", ["contributor", "reader"])
async def test_with_azure_devops_what_is_asked_for_is_enough_too(start_setup: StartSetup, account: str):
    devops = {"build": "azure-devops", "organization": "contoso", "project": "orders", "repository": "orders-api"}
    setup = await start_setup(**{**TABLES, "pipeline": devops}, registered=False)
    write_api(setup.folder)
    setup.given = {"api-key": "canary-1"}
    setup.practice.cloud.faults.add([f"account:{account}"])
    request = await asked(setup)
    assert request is not None
    limited = [set(grant.assignable) for grant in request.grants if grant.assignable]
    assert limited == [{"AcrPull", "AcrPush", "Key Vault Secrets User"}]
    await give(setup, request)
    setup.practice.cloud.faults.add([f"account:{account}"])
    assert (await setup.plan(*contributions())).passport.lacking == []
    if account == "contributor":  # Azure DevOps lets a reader push nothing
        assert (await setup.apply(*contributions())).outcome == "succeeded", setup.events[-6:]
        assert {str(item.action) for item in (await setup.plan(*contributions())).steps} == {"keep"}


async def test_an_owner_asks_nobody(start_setup: StartSetup):
    setup = await start_setup(**TABLES)
    assert await asked(setup) is None


async def test_what_exists_is_asked_for_on_itself_and_not_on_its_group(start_setup: StartSetup):
    setup = await start_setup(**TABLES)
    setup.given = {"api-key": "canary-1"}
    setup.practice.cloud.faults.add(["account:contributor"])
    await setup.apply(*contributions())
    request = await asked(setup)
    assert request is not None and not request.group
    scopes = {grant.role: grant.scope.rsplit("/", 1)[-1] for grant in request.grants}
    assert scopes == {"Key Vault Secrets Officer": "kv-orders-dev", "Role Based Access Control Administrator": "rg-orders-dev"}


async def test_a_part_of_it_given_is_said(start_setup: StartSetup):
    setup = await start_setup(**TABLES)
    setup.practice.cloud.faults.add(["account:contributor"])
    request = await asked(setup)
    assert request is not None
    remember(setup.journal, request.rights)
    record = recall(setup.journal, request.rights[:1])
    assert record is not None and (record.count, record.given) == (3, 2) and "2 of 3 given" in record.sentence


class Told:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.spoke = asyncio.Event()
        self.events: list[Any] = []

    def say(self, sentence: str) -> None:
        self.spoke.set()

    def event(self, event: Any) -> None:
        self.events.append(event)

    answer, show = event, say


async def test_the_command_waits_until_everything_is_given(start_setup: StartSetup, tmp_path: Path):
    setup, told = await start_setup(**TABLES), Told()
    setup.practice.cloud.faults.add(["account:contributor"])
    request, secrets = await asked(setup), SecretValues(["api-key"], None)
    assert request is not None
    session = Session(CommandOptions(), told, setup.answers, secrets, setup.cloud, contributions)
    waiting = asyncio.ensure_future(handoff(session, output=tmp_path / "packet", wait=True))
    await told.spoke.wait()
    await give(setup, request)
    setup.practice.cloud.faults.add(["account:contributor"])
    assert await waiting == 0
    assert told.events[-1].outcome == "met" and (tmp_path / "packet" / "give-rights.sh").is_file()


async def test_the_packet_names_whom_what_and_why_and_no_secret(start_setup: StartSetup):
    setup = await start_setup(**TABLES)
    setup.given = {"api-key": "canary-1"}
    setup.practice.cloud.faults.add(["account:contributor"])
    request = await asked(setup)
    assert request is not None
    texts = [
        message(request, setup.answers, setup.cloud, ["Ada (ada@example.com)"]),
        render(request, setup.answers, setup.cloud.principal),
        answer(request, setup.answers),
    ]
    assert "To: Ada (ada@example.com)" in texts[0] and setup.cloud.principal.object_id in texts[0]
    assert all(line in texts[0] for line in request.words) and all(title in texts[0] for title in request.titles)
    assert "canary" not in "".join(texts) and " Owner" not in texts[1]
