"""What stops people before anything is made: told by plan, check and apply alike where Azure can be asked, else at the first refusal.

Each remedy that is told is then done as it is told, and apply completes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .conftest import ProcessOutcome, WizardProcess
from .support.small_project import SmallProject

SECRET = {"AZWIZARD_SECRET_API_KEY": "canary-2f9ac4-value"}
OFFERED = re.compile(r'(?:name|account) = "([^"]+)"')
DEVOPS = ("pipeline.build=azure-devops", "pipeline.organization=contoso", "pipeline.project=orders", "pipeline.repository=orders-api")


@dataclass(frozen=True)
class Row:
    """One thing that stops, and one remedy.

    :param says: the step that tells it -> words of the sentence and of its remedy.
    :param settings: what the setup says besides, by ``--set``.
    :param remedy: what is set then; a value of ``*`` is the name that the step of that table offers.
    :param granted: whether it is Azure that gives way: the fault is taken back. Where not, it stays in force to the end.
    :param asked: whether Azure can be asked beforehand.
    """

    why: str
    fault: str
    says: dict[str, tuple[str, ...]]
    settings: tuple[str, ...] = ()
    remedy: tuple[str, ...] = ()
    granted: bool = False
    asked: bool = True


BURIED = {"key_vault.vault": ("deleted key vault still has the name", 'deleted = "recover"', 'deleted = "purge"', 'name = "kv-')}
TRIAL = {"pipeline.image": ("free trial", "pay as you go", 'build = "docker"', '"azure-devops"')}
QUOTA = {"environment.environment": ("may have 0 places to run in westeurope", "another region", "existing", "higher limit")}
MACHINES = {"pipeline.image": ("no machine to run your pipeline", "azpipelines-parallelism-request", 'build = "registry"')}
ROWS = [
    Row(
        "the directory lets nobody register an application",
        "no-app-registration",
        {"pipeline.connection": ("application", 'connection = "identity"')},
        settings=(*DEVOPS, "pipeline.connection=automatic"),
        remedy=("pipeline.connection=identity",),
    ),
    Row("no machine builds and one is granted", "no-parallelism", MACHINES, settings=DEVOPS, granted=True, asked=False),
    Row("no machine builds and the registry does", "no-parallelism", MACHINES, DEVOPS, ("pipeline.build=registry",), asked=False),
    Row("a deleted vault is brought back", "vault-soft-deleted", BURIED, remedy=("key_vault.deleted=recover",)),
    Row("a deleted vault is purged", "vault-soft-deleted", BURIED, remedy=("key_vault.deleted=purge",)),
    Row("a deleted vault keeps its name and another is taken", "vault-soft-deleted", BURIED, remedy=("key_vault.name=*",)),
    Row(
        "others have the names",
        "name-taken",
        {
            "key_vault.vault": ("Someone else", "key vault called kv-"),
            "registry.registry": ("Someone else", "container registry called cr"),
            "storage.account": ("Someone else", "storage account called st"),
        },
        remedy=("key_vault.name=*", "registry.name=*", "storage.account=*"),
    ),
    Row("the quota is used up and raised", "environment-quota:0", QUOTA, granted=True),
    Row("a free trial is upgraded", "free-trial", TRIAL, granted=True),
    Row("a free trial builds in Azure DevOps", "free-trial", TRIAL, remedy=DEVOPS),
]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WizardProcess]:
    """A wizard whose practice cloud records its traffic, for all rows: each has names of its own. Its services are switched on."""
    wizard = begun(tmp_path_factory.mktemp("beforehand"))
    for namespace in ("Microsoft.KeyVault", "Microsoft.ContainerRegistry", "Microsoft.Storage", "Microsoft.App"):
        assert wizard.practice().arm("POST", f"/providers/{namespace}/register", "2021-04-01").status == 200
    yield wizard
    wizard("practice", "stop")


def begun(folder: Path) -> WizardProcess:
    wizard = WizardProcess(folder / "home", folder)
    wizard("practice", "start", "--speed", "instant", "--har", str(folder / "traffic.har"))
    return wizard


@pytest.fixture
def project(shared: WizardProcess, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SmallProject]:
    row: Row = request.node.callspec.params["row"]
    wizard = WizardProcess(shared.home, tmp_path, dict(SECRET))
    project = SmallProject(wizard, tmp_path, f"before-{ROWS.index(row)}", shared.folder / "traffic.har")
    project.write()
    yield project
    project.fault()
    if DEVOPS[0] in row.settings + row.remedy:  # the repository is the same for all
        wizard("destroy", "--practice", "--yes", "--json", *_set(dict.fromkeys(row.settings + row.remedy)))


@pytest.mark.parametrize("row", [pytest.param(item, id=item.why.replace(" ", "-")) for item in ROWS])
def test_it_is_told_before_harm_and_its_remedy_completes_the_setup(row: Row, project: SmallProject) -> None:
    settings = _set(row.settings)
    project.fault(row.fault)
    before = project.recorded
    commands = ("plan", "check", "apply") if row.asked else ("apply",)
    for command in commands:
        outcome = project.wizard(command, "--practice", "--json", *(["--yes"] if command == "apply" else []), *settings)
        print(
            f"{row.fault} | {command} | exit {outcome.exit} | {outcome.result['outcome']} | "
            + " | ".join(said(outcome, say) for say in row.says)
        )
        assert outcome.exit == (3 if row.asked else 1), outcome.stdout + outcome.stderr
        for step, words in row.says.items():
            assert not [word for word in words if word not in said(outcome, step)], said(outcome, step)
    if row.asked:
        assert project.writes(before) == []

    if row.granted:
        project.fault()
    offered = {step.partition(".")[0]: OFFERED.findall(said(outcome, step)) for step in row.says}
    remedy = _set(item.replace("*", offered[item.partition(".")[0]][-1]) if "*" in item else item for item in row.remedy)
    done = project.wizard.apply(*settings, *remedy)
    assert (done.exit, done.result["outcome"]) == (0, "succeeded"), done.stdout + done.stderr
    assert project.made_twice() == []
    again = project.wizard.apply(*settings, *remedy)
    assert (again.exit, again.result["outcome"]) == (0, "unchanged"), again.stdout + again.stderr


def test_a_handoff_tells_what_else_is_missing_where_no_right_is(shared: WizardProcess, tmp_path: Path) -> None:
    project = SmallProject(WizardProcess(shared.home, tmp_path, dict(SECRET)), tmp_path, "others", tmp_path / "none.har")
    project.write()
    outcome = project.wizard("handoff", "--practice", "--json", "--set", "project.region=japanwest")
    assert (outcome.exit, outcome.result["outcome"]) == (3, "missing"), outcome.stdout
    assert "not to be had in japanwest" in said(outcome, "environment.environment")


def test_a_quota_is_told_before_anything_is_made_also_where_no_service_is_switched_on_yet(tmp_path: Path) -> None:
    """A new subscription, in which ``Microsoft.App`` is not registered."""
    cloud = begun(tmp_path)
    project = SmallProject(WizardProcess(cloud.home, tmp_path, dict(SECRET)), tmp_path, "fresh", tmp_path / "traffic.har")
    project.write()
    project.fault("environment-quota:0")
    refused = project.wizard.apply()
    words = QUOTA["environment.environment"]
    assert refused.exit == 3 and not [word for word in words if word not in said(refused, "environment.environment")], refused.stdout
    assert project.writes() == []
    project.fault()
    done = project.wizard.apply()
    assert (done.exit, done.result["outcome"]) == (0, "succeeded") and project.made_twice() == [], done.stdout
    cloud("practice", "stop")


def said(told: ProcessOutcome, step: str) -> str:
    """What a command said of what hinders a step, preflight included, or of a step that failed, with its remedy."""
    matches = told.of("check", check=step, state="missing") + told.of("step", step=step, state="failed")
    matches += [event for event in told.of("check", state="missing") if event["check"].startswith("preflight.")]
    matches += [event for event in told.of("plan", step=step) if event["action"] in ("conflict", "blocked", "unknown")]
    return " ".join(f"{event['detail']} {event.get('remedy', '')}".strip() for event in matches)


def _set(settings: Iterable[str]) -> list[str]:
    return [argument for setting in settings for argument in ("--set", setting)]
