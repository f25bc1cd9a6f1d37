"""The Azure CLI, which knows nothing of the wizard, sees in the practice cloud what the wizard made; and the wizard sees what it made."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from .conftest import SECRET, ProcessOutcome, copy_sample
from .support.azure_cli import INSTALL, AzureCli, WizardOnMachine, find_az
from .support.own_machine import NoMachine, OwnMachine

GROUP = ("--resource-group", "rg-notes-dev")
APP = ("--name", "capp-notes-dev", *GROUP)

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def start_cli(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], AzureCli]]:
    """Starts machines, each with a practice cloud on port 443, the wizard with its sample API, and ``az``, signed in."""
    program = find_az()
    if program is None:
        pytest.skip(f"az is not installed; {INSTALL} does it, or AZWIZARD_TEST_AZ names it")
    with ExitStack() as stack:

        def start() -> AzureCli:
            folder = tmp_path_factory.mktemp("machine")
            for name in ("project", "azure"):
                (folder / name).mkdir()
            try:
                machine = OwnMachine(folder)
            except NoMachine as why:
                pytest.skip(f"the hosts file of this computer stays as it is, and it allows no namespaces: {why}")
            stack.callback(machine.close)
            copy_sample(folder / "project")
            wizard = WizardOnMachine(folder / "home", folder / "project", {"AZWIZARD_SECRET_API_KEY": SECRET}, machine=machine)
            started = wizard("practice", "start", "--port", "443", "--speed", "instant")
            assert started.exit == 0, started.stderr
            stack.callback(wizard, "practice", "stop")
            cli = AzureCli(program, wizard, folder / "azure")
            [subscription] = cli.sign_in()
            assert subscription["user"]["type"] == "servicePrincipal"
            return cli

        yield start


@pytest.fixture(scope="module")
def az(start_cli: Callable[[], AzureCli]) -> AzureCli:
    """``az`` where the wizard has deployed its sample API."""
    cli = start_cli()
    succeeded(cli.wizard.apply())
    cli.learn_names()
    return cli


def succeeded(outcome: ProcessOutcome) -> ProcessOutcome:
    assert (outcome.exit, outcome.result["outcome"]) == (0, "succeeded"), outcome.stdout + outcome.stderr
    return outcome


def test_it_shows_the_group_with_its_tags(az: AzureCli) -> None:
    group = az("group", "show", "--name", "rg-notes-dev")
    assert (group["location"], group["properties"]["provisioningState"]) == ("westeurope", "Succeeded")
    assert group["tags"]["azwizard-setup"] == "notes-dev"
    kinds = {resource["type"] for resource in az("resource", "list", *GROUP)}
    assert kinds == {
        "Microsoft.KeyVault/vaults",
        "Microsoft.ContainerRegistry/registries",
        "Microsoft.Storage/storageAccounts",
        "Microsoft.App/managedEnvironments",
        "Microsoft.App/containerApps",
    }


def test_it_shows_the_secret_of_the_vault(az: AzureCli) -> None:
    secret = az("keyvault", "secret", "show", "--vault-name", "kv-notes-dev", "--name", "api-key")
    assert secret["value"] == SECRET
    assert secret["id"].startswith("https://kv-notes-dev.vault.azure.net/secrets/api-key/")


def test_it_shows_the_registrys_tags_of_which_the_app_runs_the_newest(az: AzureCli) -> None:
    assert az("acr", "repository", "list", "--name", "crnotesdev") == ["notes"]
    tags = az("acr", "repository", "show-tags", "--name", "crnotesdev", "--repository", "notes", "--detail")
    assert {len(tag["name"]) for tag in tags if tag["name"] != "latest"} == {12}
    [digest] = {tag["digest"] for tag in tags}
    [container] = az("containerapp", "show", *APP)["properties"]["template"]["containers"]
    assert container["image"] == f"crnotesdev.azurecr.io/notes@{digest}"


def test_it_shows_the_shares_and_the_environments_storages(az: AzureCli) -> None:
    shares = az("storage", "share-rm", "list", "--storage-account", "stnotesdev", *GROUP)
    assert {share["name"]: share["shareQuota"] for share in shares} == {"fileshare-db-notes-dev": 5, "fileshare-logs-notes-dev": 5}
    storages = az("containerapp", "env", "storage", "list", "--name", "cae-notes-dev", *GROUP)
    assert {storage["name"]: storage["properties"]["azureFile"] for storage in storages} == {
        f"azure-files-{what}": {"accessMode": "ReadWrite", "accountName": "stnotesdev", "shareName": f"fileshare-{what}-notes-dev"}
        for what in ("db", "logs")
    }


def test_it_shows_the_app_with_its_revision_that_runs(az: AzureCli) -> None:
    app = az("containerapp", "show", *APP)
    properties = app["properties"]
    assert (properties["provisioningState"], properties["runningStatus"]) == ("Succeeded", "Running")
    ingress = properties["configuration"]["ingress"]
    assert (ingress["external"], ingress["targetPort"]) == (True, 5000)
    assert properties["configuration"]["secrets"] == [
        {"identity": "system", "keyVaultUrl": "https://kv-notes-dev.vault.azure.net/secrets/api-key", "name": "api-key"}
    ]
    assert [volume.get("mountOptions") for volume in properties["template"]["volumes"]] == ["nobrl", None]
    [revision] = az("containerapp", "revision", "list", *APP)
    assert revision["name"] == properties["latestRevisionName"]
    assert (revision["properties"]["active"], revision["properties"]["healthState"], revision["properties"]["replicas"]) == (
        True,
        "Healthy",
        1,
    )
    [placeholder] = [each for each in az("containerapp", "revision", "list", *APP, "--all") if not each["properties"]["active"]]
    assert "quickstart" in placeholder["properties"]["template"]["containers"][0]["image"]


def test_it_shows_what_the_app_writes_and_what_azure_says_of_it(az: AzureCli) -> None:
    console = [json.loads(line)["Log"] for line in az.text("containerapp", "logs", "show", *APP).splitlines()]
    assert any("Listening at: http://0.0.0.0:5000" in line for line in console)
    assert not any(SECRET in line for line in console)
    system = [json.loads(line) for line in az.text("containerapp", "logs", "show", *APP, "--type", "system").splitlines()]
    assert {"RevisionCreation", "PullingImage", "ContainerStarted", "RevisionReady"} <= {event["Reason"] for event in system}


def test_it_shows_the_role_assignments_as_the_wizard_made_them(az: AzureCli) -> None:
    identity = az("containerapp", "show", *APP)["identity"]["principalId"]
    person = az("ad", "sp", "show", "--id", az.wizard.practice_json["client_id"])["id"]
    vault = az("keyvault", "show", "--name", "kv-notes-dev")["id"]
    registry = az("acr", "show", "--name", "crnotesdev")["id"]
    assigned = [each for scope in (vault, registry) for each in az("role", "assignment", "list", "--scope", scope)]
    assert {(each["roleDefinitionName"], each["principalId"], each["principalType"], each["scope"]) for each in assigned} == {
        ("Key Vault Administrator", person, "ServicePrincipal", vault),
        ("Key Vault Secrets User", identity, "ServicePrincipal", vault),
        ("AcrPull", identity, "ServicePrincipal", registry),
    }


def test_the_commands_above_the_workflow_for_github_make_an_identity_that_may_push_and_no_more(az: AzureCli) -> None:
    text = az.wizard("export", "pipeline", "--github").stdout
    commands = [line.removeprefix("#   ") for line in text.splitlines() if line.startswith("#   az ")]
    subject = "SUBJECT=repo:contoso@1/notes@2:ref:refs/heads/main"  # which gh would ask GitHub for
    done = az.run(["sh", "-euc", "\n".join([subject, *commands])])
    assert done.returncode == 0, done.stderr
    identity = az("identity", "show", "--name", "id-notes-dev-pipeline", *GROUP)
    assigned = az("role", "assignment", "list", "--assignee", identity["principalId"], "--all")
    assert [(item["roleDefinitionName"], item["scope"].rpartition("/")[2]) for item in assigned] == [("AcrPush", "crnotesdev")]
    (trust,) = az("identity", "federated-credential", "list", "--identity-name", "id-notes-dev-pipeline", *GROUP)
    assert (trust["issuer"], trust["subject"]) == (
        "https://token.actions.githubusercontent.com",
        "repo:contoso@1/notes@2:ref:refs/heads/main",
    )


def register_providers(az: AzureCli) -> None:
    """Switch on what the subscription needs; told to wait, az would wait ten seconds for each before it looks."""
    for namespace in ("Microsoft.KeyVault", "Microsoft.ContainerRegistry", "Microsoft.Storage", "Microsoft.App"):
        az("provider", "register", "--namespace", namespace)


EXISTING = {"project": "existing_group", "key_vault": "existing", "registry": "existing"}


def shared_setup(folder: Path, *, existing: bool) -> None:
    """The sample's setup file, with the names of a group, a vault and a registry that `az` made."""
    names = {"project": 'resource_group = "rg-shared"', "key_vault": 'name = "kv-shared-4f1c"', "registry": 'name = "crshared4f1c"'}
    copy_sample(folder)
    setup = folder / "azwizard.toml"
    text = setup.read_text() + "\n[registry]\n"
    for table, name in names.items():
        text = text.replace(f"[{table}]\n", f"[{table}]\n{name}\n" + (f"{EXISTING[table]} = true\n" if existing else ""))
    setup.write_text(text)


def test_what_it_made_is_used_by_the_wizard_as_it_is_and_left_alone(start_cli: Callable[[], AzureCli]) -> None:
    az = start_cli()
    wizard = az.wizard
    register_providers(az)
    place = ("--resource-group", "rg-shared", "--location", "westeurope")
    az("group", "create", "--name", "rg-shared", "--location", "westeurope")
    az("keyvault", "create", "--name", "kv-shared-4f1c", *place)
    az("acr", "create", "--name", "crshared4f1c", "--sku", "Basic", *place)
    before = made_by_az(az)

    shared_setup(wizard.folder, existing=False)
    refused = wizard("plan", "--practice", "--json")
    conflicts = {event["step"].split(".")[0]: event["detail"] for event in refused.of("plan", action="conflict")}
    assert (refused.exit, set(conflicts)) == (3, set(EXISTING)), refused.stdout
    for table, detail in conflicts.items():
        assert f"{EXISTING[table]} = true under [{table}]" in detail
        assert "otherwise choose another name there" in detail

    shared_setup(wizard.folder, existing=True)
    planned = wizard("plan", "--practice", "--json")
    remaining = [event["step"] for event in planned.of("plan", action="keep") if "was there before and is used as it is" in event["detail"]]
    assert (planned.exit, remaining) == (5, ["project.resource_group", "key_vault.vault", "registry.registry"]), planned.stdout
    succeeded(wizard.apply())
    assert wizard.apply().result["outcome"] == "unchanged"
    az.learn_names()
    assert az("keyvault", "secret", "show", "--vault-name", "kv-shared-4f1c", "--name", "api-key")["value"] == SECRET

    succeeded(wizard("destroy", "--practice", "--yes", "--json"))
    assert made_by_az(az) == before
    assert len(az("resource", "list", "--resource-group", "rg-shared")) == 2


def made_by_az(az: AzureCli) -> list[Any]:
    shown = [
        az("group", "show", "--name", "rg-shared"),
        az("keyvault", "show", "--name", "kv-shared-4f1c"),
        az("acr", "show", "--name", "crshared4f1c"),
    ]
    roles = [az("role", "assignment", "list", "--scope", each["id"]) for each in shown]
    return [*shown, *roles]


def test_the_exported_script_makes_the_setup_and_can_be_run_again(start_cli: Callable[[], AzureCli]) -> None:
    az = start_cli()
    wizard = az.wizard
    register_providers(az)
    script = az.folder / "setup.sh"
    script.write_text(wizard("export", "az", "--practice").stdout)
    # A name server would know the names of the vault and the registry as soon as the script has made them.
    az.learn_names("kv-notes-dev.vault.azure.net", "crnotesdev.azurecr.io")

    first = run_script(az, script)
    assert "capp-notes-dev" in first
    az.learn_names()
    secret = az("keyvault", "secret", "show", "--vault-name", "kv-notes-dev", "--name", "api-key")
    assert (secret["value"], secret["tags"]["azwizard-setup"]) == (SECRET, "notes-dev")
    planned = wizard("plan", "--practice", "--json")
    # The script does not know the source's hash, so the wizard builds an image of its own, and all else is as it would make it.
    differing = {event["step"]: event["action"] for event in planned.events if event["event"] == "plan" and event["action"] != "keep"}
    assert differing == {"pipeline.image": "create", "app.revision": "change", "app.running": "change"}, planned.stdout

    succeeded(wizard.apply())
    assert wizard.apply().result["outcome"] == "unchanged"
    assert '"status":"ok"' in run_script(az, script)
    assert wizard("destroy", "--practice", "--yes", "--json").result["outcome"] == "succeeded"
    assert az("group", "list") == []


def test_the_exported_template_makes_the_setup_as_the_wizard_would(start_cli: Callable[[], AzureCli]) -> None:
    az = start_cli()
    wizard = az.wizard
    register_providers(az)
    setup = wizard.folder / "azwizard.toml"
    setup.write_text(setup.read_text().replace('build = "registry"', 'build = "existing"\ntag = "1.0"'))
    exported = wizard("export", "arm", "--practice")
    template, secrets = az.folder / "azuredeploy.json", az.folder / "secrets.json"
    template.write_text(exported.stdout)
    secrets.write_text(json.dumps({"parameters": {"value_api_key": {"value": SECRET}}}))
    [group] = [line.strip() for line in exported.stderr.splitlines() if line.strip().startswith("az group create")]
    assert az.run(shlex.split(group)).returncode == 0

    def deployment(verb: str, *parameters: str) -> Any:
        file = ("--template-file", str(template), "--parameters", *parameters)
        return az("deployment", "group", verb, "--resource-group", "rg-notes-dev", *file)

    assert deployment("validate", "firstRun=true")["properties"]["provisioningState"] == "Succeeded"
    first = az("deployment", "group", "what-if", *GROUP, "--no-pretty-print", "-f", str(template), "--parameters", "firstRun=true")
    assert {change["changeType"] for change in first["changes"]} == {"Create"}
    assert deployment("create", "firstRun=true")["properties"]["provisioningState"] == "Succeeded"
    az.learn_names()
    az.text("acr", "build", "--registry", "crnotesdev", "--image", "notes:1.0", str(wizard.folder))
    digest = az("acr", "repository", "show", "--name", "crnotesdev", "--image", "notes:1.0")["digest"]
    made = deployment("create", f"@{secrets}", f"imageDigest={digest}")
    assert made["properties"]["provisioningState"] == "Succeeded"

    planned = wizard("plan", "--practice", "--json")
    assert {event["step"]: event["detail"] for event in planned.of("plan") if event["action"] != "keep"} == {}, planned.stdout
    operations = az("deployment", "operation", "group", "list", *GROUP, "--name", "azuredeploy")
    assert {each["properties"]["provisioningState"] for each in operations} == {"Succeeded"}
    [address] = [output["value"] for output in made["properties"]["outputs"].values()]
    assert address.startswith("https://capp-notes-dev.")
    assert az("deployment", "group", "export", *GROUP, "--name", "azuredeploy")["languageVersion"] == "2.0"


def run_script(az: AzureCli, script: Path) -> str:
    """What the script prints, its API's answer included; it must succeed."""
    ca_file = az.wizard.practice_json["ca_file"]
    done = az.run(["sh", script], AZWIZARD_SECRET_API_KEY=SECRET, CURL_CA_BUNDLE=ca_file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert SECRET not in done.stdout + done.stderr
    return done.stdout
