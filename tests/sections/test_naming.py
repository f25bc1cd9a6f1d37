"""Names: derived ones that are accepted are what Azure accepts, and every refusal says what to do."""

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.cloud.resource_ids import resource_id, role_assignment_name, role_definition_id
from wizard.sections import name_rules, naming

WORDS = st.from_regex(r"[a-z][a-z0-9]{1,13}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
ENVIRONMENTS = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,6})?", fullmatch=True)
DESIGNATIONS = st.from_regex(r"[a-z0-9]{1,10}(-[a-z0-9]{1,8})?", fullmatch=True)

# The rules as reference section 4 writes them, apart from the program's own.
AZURE = {
    "resource_group": r"[-\w._()]{0,89}[-\w_()]",
    "key_vault": r"(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]",
    "registry": r"[a-zA-Z0-9]{5,50}",
    "storage_account": r"[a-z0-9]{3,24}",
    "container_environment": r"[a-z](?!.*--)[a-z0-9-]{0,58}[a-z0-9]",
    "container_app": r"(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
    "identity": r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}",
}


@pytest.mark.parametrize("kind", AZURE)
@given(project=WORDS, environment=ENVIRONMENTS)
def test_a_derived_name_is_accepted_exactly_when_azure_takes_it(kind: str, project: str, environment: str):
    name = getattr(naming, kind)(project, environment)
    refused = getattr(name_rules, kind.upper())(name)
    if refused is None:
        assert re.fullmatch(AZURE[kind], name)
    else:
        assert name in refused and len(name) > 24, "only its length may be wrong"


@pytest.mark.parametrize(("kind", "limit"), [("key_vault", 24), ("storage_account", 24), ("container_app", 32)])
@given(project=WORDS, environment=ENVIRONMENTS)
def test_a_too_long_name_is_refused_with_a_shorter_one_that_is_right(kind: str, limit: int, project: str, environment: str):
    name = getattr(naming, kind)(project, environment)
    check = getattr(name_rules, kind.upper())
    sentence = check(name)
    if len(name) > limit:
        assert sentence is not None
        shorter = name_rules.shorten(name, limit)
        assert shorter in sentence and check(shorter) is None
    else:
        assert sentence is None


@given(project=WORDS, environment=ENVIRONMENTS)
def test_another_name_for_a_taken_one_is_valid_different_and_always_the_same(project: str, environment: str):
    setup = naming.setup(project, environment)
    for kind, limit in (("key_vault", 24), ("registry", 50), ("storage_account", 24)):
        name = getattr(naming, kind)(project, environment)[:limit].rstrip("-")
        other = naming.suffixed(name, setup, limit)
        assert other != name and other == naming.suffixed(name, setup, limit)
        assert getattr(name_rules, kind.upper())(other) is None


@given(designation=DESIGNATIONS, project=WORDS, environment=ENVIRONMENTS)
def test_what_a_share_is_for_can_be_read_from_its_name(designation: str, project: str, environment: str):
    share = naming.file_share(designation, project, environment)
    assert naming.designation(share, naming.setup(project, environment)) == designation


@given(designation=DESIGNATIONS, project=WORDS)
def test_an_environment_of_its_own_takes_every_share(designation: str, project: str):
    assert name_rules.ENVIRONMENT_STORAGE(naming.environment_storage(designation, project)) is None


def test_a_shared_environment_tells_the_projects_shares_apart():
    assert naming.environment_storage("db", "orders") == "azure-files-db"
    assert naming.environment_storage("db", "orders", shared=True) == "azure-files-orders-db"
    assert naming.designation("someones-share", "orders-dev") == ""


@given(st.text(max_size=40))
def test_any_variables_name_becomes_a_secrets_name_or_nothing(name: str):
    kebab = name_rules.kebab_case(name)
    assert kebab == "" or name_rules.SECRET(kebab) is None


def test_the_articles_names():
    assert naming.resource_group("orders", "dev") == "rg-orders-dev"
    assert naming.key_vault("orders", "dev") == "kv-orders-dev"
    assert naming.registry("my-orders", "dev") == "crmyordersdev"
    assert naming.storage_account("my-orders", "dev") == "stmyordersdev"
    assert naming.container_environment("orders", "dev") == "cae-orders-dev"
    assert naming.container_app("orders", "dev") == "capp-orders-dev"
    assert naming.file_share("db", "orders", "dev") == "fileshare-db-orders-dev"
    assert name_rules.kebab_case("JWT_SIGNING_KEY") == "jwt-signing-key"


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (name_rules.PROJECT, ["", "o", "Orders", "my_api", "1api", "a--b", "api-", "a" * 33]),
        (name_rules.ENVIRONMENT_WORD, ["", "Dev", "a" * 17, "-dev"]),
        (name_rules.REGION, ["", "West Europe", "Westeurope"]),
        (name_rules.RESOURCE_GROUP, ["", "rg.", "rg/x", "r" * 91, "rg\n"]),
        (name_rules.KEY_VAULT, ["kv", "1kv", "kv--a", "kv_a", "kv-", "k" * 25, "kv-a\n"]),
        (name_rules.REGISTRY, ["cr-a", "crab"[:4], "c" * 51]),
        (name_rules.STORAGE_ACCOUNT, ["st", "st-a", "STabc", "s" * 25]),
        (name_rules.CONTAINER_ENVIRONMENT, ["cae-", "Cae", "c--a"]),
        (name_rules.CONTAINER_APP, ["c", "capp_", "1app", "c" * 33]),
        (name_rules.DESIGNATION, ["", "DB", "d b", "d" * 20]),
        (name_rules.FILE_SHARE, ["a", "a--b", "A-b", "a" * 64]),
        (name_rules.ENVIRONMENT_STORAGE, ["", "1a", "a" * 33]),
        (name_rules.MOUNT, ["", "/", "data", "/da:ta", "/da\nta"]),
        (name_rules.SECRET, ["", "API_KEY", "-a", "a-", "a.b", "a" * 128]),
        (name_rules.VARIABLE, ["", "1A", "A B"]),
        (name_rules.IMAGE, ["", "Orders", "a//b", "a_-b", "a___b"]),
        (name_rules.TENANT, ["", "a b", "contoso.com/x", "a\n"]),
        (name_rules.ORGANIZATION, ["", "-a", "a-", "a/b", "a" * 51]),
        (name_rules.DEVOPS_PROJECT, ["", "_a", ".a", "a.", "a/b", "it's", "a" * 65]),
        (name_rules.DEVOPS_REPOSITORY, ["", "_a", "a.", "a/b", "a\x00", "a" * 65]),
        (name_rules.GITHUB_REPOSITORY, ["", ".", "..", "a b", "a/b", "a" * 101]),
        (name_rules.TAG, ["", ".1", "a b", "sha256:12"]),
    ],
)
def test_what_azure_refuses_is_refused_with_a_sentence(check, wrong: list[str]):
    for name in wrong:
        sentence = check(name)
        assert sentence and sentence.endswith(".") and "{" not in sentence, (name, sentence)


@pytest.mark.parametrize(
    ("check", "right"),
    [
        (name_rules.RESOURCE_GROUP, ["rg-orders-dev", "Größe_(1)", "a"]),
        (name_rules.MOUNT, ["/data", "/project-container/databases"]),
        (name_rules.IMAGE, ["orders-api", "team/orders.api", "a--b/c__d"]),
        (name_rules.TAG, ["1.4", "latest", "_x", "sha256:" + "0" * 64]),
        (name_rules.VARIABLE, ["LOG_LEVEL", "log.level", "_x"]),
        (name_rules.SECRET, ["api-key", "a", "1-a", "ConnectionStrings--Orders"]),
        (name_rules.REGISTRY, ["crordersdev", "ContosoRegistry"]),
        (name_rules.CONTAINER_ENVIRONMENT, ["cae-orders-dev", "c" * 60]),
        (name_rules.DEVOPS_PROJECT, ["Orders API", "Größe"]),
        (name_rules.GITHUB_REPOSITORY, [".github", "orders.api"]),
    ],
)
def test_what_azure_takes_is_taken(check, right: list[str]):
    assert [check(name) for name in right] == [None] * len(right)


def test_a_secret_in_capitals_is_answered_with_its_kebab_case():
    assert "jwt-signing-key" in (name_rules.SECRET("JWT_SIGNING_KEY") or "")


def test_a_secret_of_a_vault_that_is_there_keeps_its_name_and_the_app_calls_it_by_one_that_apps_may_have():
    assert name_rules.SECRETS(("ApiClient--Secret",)) is None
    assert naming.app_secret("ApiClient--Secret") == "apiclient--secret"


def test_a_secret_that_stands_there_twice_is_refused():
    assert name_rules.SECRETS(("a", "b")) is None
    assert "“a”" in (name_rules.SECRETS(("a", "b", "a")) or "")


def test_a_role_assignments_name_is_the_same_for_the_same_three_however_the_scope_is_written():
    scope = resource_id("s", "rg", "Microsoft.KeyVault/vaults", "kv")
    name = role_assignment_name(scope, "p", "AcrPull")
    assert name == role_assignment_name(scope.upper(), "P", "AcrPull") == str(UUID(name))
    assert len({name, role_assignment_name(scope, "q", "AcrPull"), role_assignment_name(scope, "p", "AcrPush")}) == 3


def test_arm_ids():
    assert (
        resource_id("S", "rg", "Microsoft.App/containerApps", "a")
        == "/subscriptions/S/resourceGroups/rg/providers/Microsoft.App/containerApps/a"
    )
    assert role_definition_id("S", "AcrPull").endswith("/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d")
