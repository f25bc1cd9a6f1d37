"""The app's one payload, what differs from it, and what of others is kept in it."""

from __future__ import annotations

import copy
from typing import Any

from wizard.engine.step import Outputs
from wizard.platform.secret import Secret
from wizard.sections.container_app import App
from wizard.sections.environment import Environment
from wizard.sections.key_vault import KeyVault
from wizard.sections.pipeline import Pipeline
from wizard.sections.project import Project
from wizard.sections.sign_in import SignIn
from wizard.sections.storage import Share, Storage
from wizard.sections.variables import Variable
from wizard.setup.answers import Answers
from wizard.setup.loading import resolve
from wizard.steps.app.differences import differences, is_placeholder, needs_new_revision
from wizard.steps.app.payload import desired_app, merged, placeholder_app

DIGEST = "sha256:" + "ab" * 32
FACTS = Outputs(vault_uri="https://kv-orders-dev.vault.azure.net/", login_server="crordersdev.azurecr.io", image_digest=DIGEST)


def answers(**tables: Any) -> Answers:
    return resolve(
        Answers(
            **{
                "project": Project(name="orders"),
                "sign_in": SignIn(subscription="5ca082f3-0000-4000-8000-c401184ae3a8"),
                "key_vault": KeyVault(secrets=("api-key",)),
                "pipeline": Pipeline(image="orders-api"),
                "storage": Storage(shares=(Share(designation="db", mount="/data", nobrl=True),)),
                "variables": (Variable(name="LOG_LEVEL", value="info"), Variable(name="API_KEY", secret="api-key")),
                **tables,
            }
        )
    )


def as_azure_answers(app: dict[str, Any]) -> dict[str, Any]:
    """The same app in the shape in which Azure gives it back (recorded: azd-2026, Test_CLI_Up_Down_ContainerApp)."""
    actual = copy.deepcopy(app)
    configuration, template = actual["properties"]["configuration"], actual["properties"]["template"]
    actual["properties"]["provisioningState"] = "Succeeded"
    configuration["ingress"] |= {"fqdn": "capp.x.azurecontainerapps.io", "transport": "Http", "exposedPort": 0, "customDomains": None}
    configuration |= {"dapr": None, "maxInactiveRevisions": 100, "identitySettings": []}
    for registry in configuration["registries"]:
        registry |= {"username": "", "passwordSecretRef": "", "identity": registry["identity"].replace("resourceGroups", "resourcegroups")}
    template |= {"revisionSuffix": "", "initContainers": None}
    template["scale"] |= {"cooldownPeriod": 300, "pollingInterval": 30, "rules": None}
    template["containers"][0]["resources"] = {"cpu": "0.25", "memory": "0.50Gi", "ephemeralStorage": "1Gi"}
    return actual


def actual() -> dict[str, Any]:
    return as_azure_answers(desired_app(answers(), FACTS))


def changed(azure: dict[str, Any], **tables: Any) -> list[tuple[str, str, str, str]]:
    return [
        (difference.section, difference.what, difference.before, difference.after)
        for difference in differences(azure, desired_app(answers(**tables), FACTS))
    ]


def test_what_azure_gives_back_in_its_own_words_is_no_difference():
    assert changed(actual()) == []


def test_the_payload_pins_the_digest_and_refers_to_the_vault_without_a_double_slash():
    properties = desired_app(answers(), FACTS)["properties"]
    assert properties["template"]["containers"][0]["image"] == f"crordersdev.azurecr.io/orders-api@{DIGEST}"
    assert properties["configuration"]["secrets"] == [
        {"name": "api-key", "keyVaultUrl": "https://kv-orders-dev.vault.azure.net/secrets/api-key", "identity": "system"}
    ]
    assert properties["template"]["volumes"][0]["mountOptions"] == "nobrl"


def test_a_user_assigned_identity_reads_the_image_and_the_secrets():
    identity = "/subscriptions/s/resourceGroups/rg-orders-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-orders-dev"
    facts = Outputs(vault_uri=FACTS.vault_uri, login_server=FACTS.login_server, image_digest=DIGEST, identity_resource_id=identity)
    app = desired_app(answers(app=App(identity="user")), facts)
    configuration = app["properties"]["configuration"]
    assert app["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}
    assert {configuration["registries"][0]["identity"], configuration["secrets"][0]["identity"]} == {identity}


def test_an_environment_shared_with_others_names_the_project_in_its_storages():
    shared = Environment(name="cae-shared", existing=True, resource_group="rg-shared")
    properties = desired_app(answers(environment=shared), FACTS)["properties"]
    assert properties["template"]["volumes"][0]["storageName"] == "azure-files-orders-db"
    assert "/resourceGroups/rg-shared/" in properties["environmentId"]


def test_each_difference_names_its_section_in_plain_words():
    other = [Variable(name="LOG_LEVEL", value="debug"), Variable(name="API_KEY", value="open")]
    assert changed(actual(), variables=tuple(other)) == [
        ("variables", "variable LOG_LEVEL", "info", "debug"),
        ("variables", "variable API_KEY", "the secret api-key", "open"),
    ]
    assert changed(actual(), app=App(cpu=0.5, port=8000, min_replicas=0, health_path="/")) == [
        ("container_app", "port", "5000", "8000"),
        ("revision", "processor cores", "0.25", "0.5"),
        ("revision", "memory", "0.5Gi", "1Gi"),
        ("revision", "copies that always run", "1", "0"),
        ("revision", "path to try", "/health", "/"),
    ]
    assert changed(actual(), storage=Storage()) == [("storage", "folder /data", "azure-files-db (nobrl)", "nothing")]
    assert changed(actual(), variables=()) == [
        ("variables", "variable LOG_LEVEL", "info", "nothing"),
        ("variables", "variable API_KEY", "the secret api-key", "nothing"),
    ]


def test_a_secret_that_someone_replaced_by_a_value_is_told_and_its_value_never_is():
    app = actual()
    app["properties"]["configuration"]["secrets"] = [{"name": "api-key"}]
    url = "https://kv-orders-dev.vault.azure.net/secrets/api-key"
    assert changed(app) == [("secrets", "secret api-key", "a value of its own", url)]


def test_only_the_template_begins_a_new_revision():
    assert not needs_new_revision(actual(), desired_app(answers(app=App(port=8000, health_path="/")), FACTS))
    assert needs_new_revision(actual(), desired_app(answers(app=App(cpu=0.5)), FACTS))


def test_a_placeholder_is_known_as_one():
    assert is_placeholder(placeholder_app(answers(), FACTS))
    assert not is_placeholder(actual())


def test_a_start_command_set_on_the_app_is_shown_and_gives_way_to_the_dockerfile():
    app = actual()
    app["properties"]["template"]["containers"][0] |= {"command": ["python", "run.py"], "args": ["--debug"]}
    assert changed(app) == [("revision", "what starts it", "python run.py --debug", "what the Dockerfile says")]
    assert needs_new_revision(app, desired_app(answers(), FACTS))
    written = merged(app, desired_app(answers(), FACTS), {})
    assert not {"command", "args"} & set(written["properties"]["template"]["containers"][0])


def test_what_others_set_is_written_again_as_it_was():
    app = actual()
    configuration = app["properties"]["configuration"]
    configuration["ingress"]["customDomains"] = [{"name": "api.example.org"}]
    configuration["registries"].append({"server": "theirs.azurecr.io", "identity": "system"})
    configuration["secrets"] += [
        {"name": "literal"},
        {"name": "reference", "keyVaultUrl": "https://x.vault.azure.net/secrets/y", "identity": "system"},
    ]
    app["properties"]["template"]["containers"][0]["probes"] = [{"type": "Liveness"}]
    app["properties"]["template"]["revisionSuffix"] = "v1"
    app["identity"] = {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {"/theirs": {"clientId": "c"}}}
    written = merged(app, desired_app(answers(app=App(cpu=0.5)), FACTS), {"literal": Secret("kept")})
    configuration, template = written["properties"]["configuration"], written["properties"]["template"]
    assert configuration["ingress"]["customDomains"] == [{"name": "api.example.org"}]
    assert [registry["server"] for registry in configuration["registries"]] == ["crordersdev.azurecr.io", "theirs.azurecr.io"]
    assert [secret["name"] for secret in configuration["secrets"]] == ["api-key", "literal", "reference"]
    assert configuration["secrets"][1]["value"] == "kept"
    assert template["containers"][0]["probes"] == [{"type": "Liveness"}] and template["containers"][0]["resources"]["cpu"] == 0.5
    assert "revisionSuffix" not in template
    assert written["identity"] == {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {"/theirs": {}}}


def test_nothing_that_azure_answers_as_null_is_sent_back():
    assert "None" not in repr(merged(actual(), desired_app(answers(), FACTS), {}))


def test_writing_twice_differs_from_nothing():
    desired = desired_app(answers(), FACTS)
    assert differences(merged(actual(), desired, {}), desired) == []
