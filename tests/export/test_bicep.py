"""The exported Bicep: what a deployment of it would send is what apply sent, and every file is whole in itself."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.export.bicep_deployment import contained, sent, whole, written_by_apply
from tests.export.bicep_reader import Evaluation, plain, read
from tests.practice.apps import write_api
from tests.steps.conftest import Setup, StartSetup
from tests.steps.deployed import SERVER, make
from wizard.commands.exporting import export as commands
from wizard.engine.reporting.reporter import TextReporter
from wizard.engine.session import CommandError, CommandOptions, ExitCode, Session
from wizard.engine.step import Outputs
from wizard.export.bicep import MAIN, PARAMETERS, Bicep, render, who_has_roles
from wizard.export.bicep_resources import Who
from wizard.practice.registry.building import preload
from wizard.setup.secret_sources import SecretValues
from wizard.state.snapshot import Snapshot
from wizard.steps import identity, key_vault, project, registry
from wizard.steps.registry_of_steps import contributions

CANARY = "canary-7c41"
SHARES = [
    {"designation": "db", "mount": "/project-container/databases", "nobrl": True},
    {"designation": "logs", "mount": "/project-container/logs"},
    {"designation": "json", "mount": "/project-container/json", "access": "ReadOnly"},
]
TABLES: dict[str, Any] = {
    "pipeline": {"build": "existing", "image": "orders-api", "tag": "1.0"},
    "key_vault": {"secrets": ["api-key", "jwt-signing-key"]},
    "storage": {"backup_days": 3, "shares": SHARES},
    "variables": [
        {"name": "DATABASE_PATH", "value": "/project-container/databases/orders.db"},
        {"name": "ODD", "value": "it's ${vault.id} \\ 'x'\n${"},
        {"name": "API_KEY", "secret": "api-key"},
        {"name": "JWT_SIGNING_KEY", "secret": "jwt-signing-key"},
    ],
}
"""As large as the article's setup, with its image in the registry already."""
SHARED = {"existing": True, "resource_group": "rg-shared"}


async def exported(setup: Setup) -> Bicep:
    """The files as the command makes them."""
    plan = await setup.plan(*contributions())
    steps = [planned.step for planned in plan.steps]
    who = await who_has_roles(Snapshot(setup.cloud, setup.answers, setup.secret), steps, plan.facts)
    return render(steps, setup.answers, plan.facts, who)


@pytest.fixture(params=["system", "user"])
def whose(request: pytest.FixtureRequest) -> str:
    """Whose identity the app has."""
    return str(request.param)


@pytest.fixture
async def made(start_setup: StartSetup, tmp_path: Path, whose: str) -> Setup:
    """A setup that apply made, its traffic recorded."""
    setup = await start_setup(
        **TABLES,
        app={"identity": whose, "cpu": 0.5} | ({"before_deploy": "echo $ODD"} if whose == "user" else {}),
        har=tmp_path / "traffic.har",
    )
    setup.given = {"api-key": CANARY, "jwt-signing-key": CANARY}
    await setup.apply(project.CONTRIBUTION, key_vault.CONTRIBUTION, registry.CONTRIBUTION)
    await preload.preload(setup.practice.cloud, SERVER, "orders-api", ["1.0"], write_api(tmp_path / "api"))
    assert (await make(setup)).outcome == "succeeded", setup.events[-8:]
    return setup


async def test_a_deployment_sends_what_apply_sent(made: Setup, tmp_path: Path, whose: str) -> None:
    bicep = await exported(made)
    main = whole(bicep)[MAIN]
    assert not bicep.modules
    assert not any(CANARY in text for text in bicep.files.values())

    puts = written_by_apply(tmp_path / "traffic.har", "management.azure.com")
    ours, theirs = await sent(made, main), dict(puts)
    assert [path for path, _version in set(theirs) - set(ours)] == [f"{made.practice.scope}/resourcegroups/rg-orders-dev"]
    yours = "registries/crordersdev/providers/Microsoft.Authorization"  # roles that apply gives only to those who lack them
    assert all(yours in path for path, _version in set(ours) - set(theirs))
    for place in set(ours) & set(theirs):
        assert contained(ours[place], theirs[place]), place
        joined = place[0].endswith("/fileServices/default") or (whose == "system" and "/containerApps/" in place[0])
        assert joined or ours[place] == theirs[place], place  # apply keeps what Azure or someone else put beside it

    first = await sent(made, main, firstRun=True)
    place, body = next((place, body) for place, body in puts if "/containerApps/" in place[0])
    assert first.get(place) == (body if whose == "system" else None)
    late = {place, *(other for other in ours if "/jobs/" in other[0])}  # what needs an image
    assert {other: first.get(other) for other in ours if other not in late} == {other: ours[other] for other in ours if other not in late}


async def test_a_secret_is_written_when_its_value_is_given(made: Setup, tmp_path: Path) -> None:
    main = whole(await exported(made))[MAIN]
    before = await sent(made, main)
    assert not any("/secrets/" in path for path, _version in before)
    values = {path: body for (path, _version), body in (await sent(made, main, value_api_key="***", value_jwt_signing_key="***")).items()}
    puts = written_by_apply(tmp_path / "traffic.har", "kv-orders-dev.vault.azure.net")
    assert len(puts) == 2
    for (path, _version), body in puts:
        vault = f"{made.practice.scope}/resourceGroups/rg-orders-dev/providers/Microsoft.KeyVault/vaults/kv-orders-dev"
        assert values[f"{vault}{path}"] == {"properties": {"value": body["value"]}, "tags": body["tags"]}


async def test_a_role_that_is_there_keeps_its_name_and_an_unknown_one_gets_a_lasting_one(start_setup: StartSetup) -> None:
    setup = await start_setup(**TABLES, app={"identity": "user"})
    setup.given = {"api-key": "1", "jwt-signing-key": "2"}
    before = whole(await exported(setup))[MAIN].resources
    assert plain(before["role_app_AcrPull"].parts["name"]).startswith("guid(registry.id, identity.id, ")

    await setup.apply(project.CONTRIBUTION, key_vault.CONTRIBUTION, registry.CONTRIBUTION, identity.CONTRIBUTION)
    app = await setup.cloud.identities.user_assigned_identities.get("rg-orders-dev", "id-orders-dev")
    assignments = setup.cloud.authorization.role_assignments
    assigned = [assignment async for assignment in assignments.list_for_resource_group("rg-orders-dev")]
    (pull,) = [item for item in assigned if item.principal_id == app.principal_id and "/registries/" in str(item.scope)]
    (administrator,) = [item for item in assigned if item.principal_id == setup.cloud.principal.object_id and "/vaults/" in str(item.scope)]
    other = "8d7b6a54-1111-4222-8333-444455556666"
    same = {"roleDefinitionId": pull.role_definition_id, "principalId": pull.principal_id, "principalType": "ServicePrincipal"}
    parameters: Any = {"properties": same}
    await assignments.delete(str(pull.scope), str(pull.name))
    await assignments.create(str(pull.scope), other, parameters)

    after = whole(await exported(setup))[MAIN].resources
    assert plain(after["role_app_AcrPull"].parts["name"]) == f"'{other}'"
    yours = after["role_you_KeyVaultAdministrator"].parts["name"]
    assert Evaluation({"you": setup.cloud.principal.object_id})(yours) == administrator.name
    assert Evaluation({"you": "someone", "vault.id": "/kv"})(yours).startswith("guid(/kv, someone, ")


@pytest.mark.parametrize("where", ["rg-orders-dev", "rg-shared"])
async def test_what_belongs_to_others_is_referred_to_wherever_it_lies(start_setup: StartSetup, whose: str, where: str) -> None:
    variables = {"existing": True, "resource_group": where}
    vault, storage = {**TABLES["key_vault"], **variables}, {"shares": SHARES, **variables}
    tables = {**TABLES, "key_vault": vault, "registry": variables, "environment": variables, "storage": storage, "app": {"identity": whose}}
    bicep = await exported(await start_setup(**tables))
    files = whole(bicep)
    existing = {
        resource.name: resource.parts for resource in files[MAIN].resources.values() if resource.existing and "parent" not in resource.parts
    }
    assert {"containerEnvironment", "registry", "vault"} <= set(existing)
    elsewhere = "resourceGroup('rg-shared')"
    assert all((plain(parts["scope"]) if "scope" in parts else "") == elsewhere * (where == "rg-shared") for parts in existing.values())
    records = [resource.name for file in files.values() for resource in file.resources.values() if not resource.existing]
    assert len(records) == len(set(records))
    assert {"share_db", "folder_json", "secret_api_key", "role_app_AcrPull", "role_you_KeyVaultAdministrator", "app"} <= set(records)
    assert bool(bicep.modules) == (where == "rg-shared")
    assert {plain(module.parts["scope"]) for module in files[MAIN].modules.values()} <= {elsewhere}
    if bicep.modules:
        folders = files["environment-rg-shared.bicep"].resources
        assert set(folders) == {"containerEnvironment", "storage", "folder_db", "folder_logs", "folder_json"}
        assert "@secure()\nparam value_api_key string\n" in bicep.modules["key_vault-rg-shared.bicep"]


async def test_an_accounts_key_reaches_a_module_as_a_secure_parameter(start_setup: StartSetup) -> None:
    bicep = await exported(await start_setup(**TABLES, environment=SHARED))
    module = whole(bicep)[MAIN].modules["environment_rg_shared"]
    assert "@secure()\nparam storage_listKeys_keys_0_value string\n" in bicep.modules[module.type]
    assert "storage_listKeys_keys_0_value: storage.listKeys().keys[0].value" in plain(module.body)
    assert {"share_db", "share_logs", "share_json"} <= module.names


async def test_a_pipelines_identity_and_its_right_to_push_are_made_too(start_setup: StartSetup) -> None:
    setup = await start_setup(**{**TABLES, "pipeline": {"build": "azure-devops", "organization": "contoso"}})
    steps = [step for contribution in contributions() for step in contribution.steps(setup.answers)]
    bicep = render(steps, setup.answers, Outputs(), Who("me", "User", {}))
    resources = whole(bicep)[MAIN].resources
    assert resources["pipelineIdentity"].type.startswith("Microsoft.ManagedIdentity/")
    assert "pipelineIdentity" in resources["role_pipeline_AcrPush"].names
    assert "azwizard export pipeline" in bicep.main


async def test_a_hundred_variables_are_no_part_of_a_choice_which_is_one_expression(start_setup: StartSetup) -> None:
    variables = [{"name": f"SETTING_{number}", "value": "x" * 300} for number in range(100)]
    main = whole(await exported(await start_setup(**{**TABLES, "variables": variables})))[MAIN]
    assert len(plain(main.variables["env"])) > 24_576 > len(plain(main.resources["app"].body))


async def test_the_head_says_what_a_deployment_does_otherwise_than_apply(start_setup: StartSetup) -> None:
    setup = await start_setup(**{**TABLES, "key_vault": {"deleted": "purge"}, "project": {"existing_group": True}, "variables": []})
    text = " ".join((await exported(setup)).main.partition("targetScope")[0].replace("//", "").split())
    assert "az keyvault purge --name kv-orders-dev" in text
    assert "custom domain" in text and "az containerapp revision deactivate" in text
    assert "az group create" not in text
    last = '--parameters imageDigest="$(az acr repository show --name crordersdev --image orders-api:1.0 --query digest --output tsv)"'
    assert f"--template-file {MAIN} {last}" in text
    setup.tables["storage"] = {"shares": [SHARES[1]]}
    assert "revision deactivate" not in (await exported(setup)).main


@pytest.mark.parametrize("folder", ["a 'b */ resource", "a\\nresource x 'y@1' = {}", "a${b}\u00a0'''"])
async def test_the_head_says_in_whole_commands_how_to_deploy(start_setup: StartSetup, folder: str) -> None:
    setup = await start_setup(**{**TABLES, "pipeline": {"build": "registry"}, "project": {"source": folder}})
    bicep = await exported(setup)
    whole(bicep)
    head, _target, _rest = bicep.main.partition("\n\ntargetScope")
    assert all(line.startswith("//") for line in head.splitlines())
    commands = [line.removeprefix("//").strip() for line in head.splitlines() if line.startswith("//      ")]
    group = ["az", "deployment", "group", "create", "--resource-group", "rg-orders-dev"]
    assert [*group, "--template-file", MAIN, "--parameters", "firstRun=true"] in [
        shlex.split(command) for command in commands if "first" in command
    ]
    assert " ".join([*group, "--parameters", PARAMETERS]) in commands
    build = next(command for command in commands if command.startswith("az acr build --registry crordersdev "))
    assert not folder.isprintable() or shlex.split(build)[-1] == str(setup.answers.source_folder)
    assert bicep.parameters.startswith(f"using '{MAIN}'\n")
    assert "param value_api_key = readEnvironmentVariable('AZWIZARD_SECRET_API_KEY', '')\n" in bicep.parameters


async def test_the_command_prints_one_file_and_writes_several(
    start_setup: StartSetup, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    setup = await start_setup(**TABLES)
    session = Session(CommandOptions(), TextReporter(), setup.answers, SecretValues([], environment={}), setup.cloud, contributions)
    assert await commands.bicep(session, None) is ExitCode.DONE
    assert capsys.readouterr().out == (await exported(setup)).main
    setup.tables["registry"] = SHARED
    session.answers = setup.answers
    with pytest.raises(CommandError, match="--output"):
        await commands.bicep(session, None)
    assert await commands.bicep(session, tmp_path / "infra") is ExitCode.DONE
    bicep = await exported(setup)
    assert {path.name: path.read_text() for path in (tmp_path / "infra").iterdir()} == bicep.files
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="cannot be written"):
        await commands.bicep(session, tmp_path / "file" / "infra")


def test_the_readers_own_eyes_are_open() -> None:
    with pytest.raises(AssertionError):
        read("resource x 'y@1' = {\n  name: 'a\n}\n")
