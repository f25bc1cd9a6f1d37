"""What a person gets wrong, and what Azure refuses: said in a sentence, before harm, with a state from which ``apply`` goes on."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .conftest import Outcome, Wizard
from .small_project import SmallProject

USER = ("--set", "app.identity=user")
EVERYWHERE, HERE = "0.0.0.0", "127.0.0.1"  # noqa: S104
SECRET = {"AZWIZARD_SECRET_API_KEY": "canary-5e41f7-value"}
OFFERED = re.compile(r'name = "([^"]+)"')
Spoil = Callable[[SmallProject], None]


@dataclass(frozen=True)
class Refusal:
    """One thing that is wrong.

    :param why: what it is, which names the test.
    :param says: the check or step that tells it -> words of its sentence: the thing, the reason, the next move.
    :param exit: 3 when it is known before anything was made, 1 when Azure refuses during the run.
    :param spoil: makes the project wrong; `faults` does so with the practice cloud.
    :param arguments: of the refused command.
    :param remedy: of the next one, with ``{}`` for the name that the sentence offers; project and cloud are well again by then.
    :param begun_again: whether Azure accepted the making of something and failed afterwards, so that it must be made again.
    """

    why: str
    says: dict[str, tuple[str, ...]]
    exit: int = 3
    spoil: Spoil = lambda project: None
    faults: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    remedy: tuple[str, ...] = ()
    secret: bool = True
    begun_again: bool = False


def setting(old: str, new: str) -> Spoil:
    return lambda project: project.edit("azwizard.toml", old, new)


def dockerfile(old: str, new: str) -> Spoil:
    return lambda project: project.edit("api/Dockerfile", old, new)


def code(old: str, new: str) -> Spoil:
    return lambda project: project.edit("api/api.py", old, new)


def removed(name: str) -> Spoil:
    return lambda project: (project.folder / name).unlink()


def looping(name: str) -> Spoil:
    """A file that not even root can read: a link to itself."""

    def spoil(project: SmallProject) -> None:
        (project.folder / name).unlink()
        (project.folder / name).symlink_to(Path(name).name)

    return spoil


REFUSALS = [
    Refusal("an unknown key", {"answers:app.prot": ("[app]", "prot", "Did you mean port?")}, spoil=setting("port = 8080", "prot = 8080")),
    Refusal("a wrong type", {"answers:app.port": ("[app]", "port")}, spoil=setting("port = 8080", 'port = "eighty"')),
    Refusal("an invalid name", {"answers:project.name": ("name",)}, spoil=setting('name = "p', 'name = "Orders_API')),
    Refusal(
        "a name that is too long", {"answers:project.name": ("name",)}, spoil=setting('name = "p', 'name = "a-name-that-is-far-too-long-p')
    ),
    Refusal("no TOML", {"answers:": ("azwizard.toml",)}, spoil=setting("format = 1", "format: 1")),
    Refusal("no setup file", {"answers:": ("azwizard.toml",)}, spoil=removed("azwizard.toml")),
    Refusal("an unreadable setup file", {"answers:": ("azwizard.toml",)}, spoil=looping("azwizard.toml")),
    Refusal("no env file", {"env-file": ("values.env", "--env-file")}, arguments=("--env-file", "values.env")),
    Refusal("an unreadable env file", {"env-file": ("api",)}, arguments=("--env-file", "api")),
    Refusal("no Dockerfile", {"pipeline.image": ("Dockerfile", "[pipeline]")}, spoil=removed("api/Dockerfile")),
    Refusal("an unreadable Dockerfile", {"pipeline.image": ("Dockerfile",)}, spoil=looping("api/Dockerfile")),
    # Refusal("an unreadable source file", {"pipeline.image": ("api.py",)}, spoil=looping("api/api.py")),
    Refusal("no source folder", {"pipeline.image": ("source", "[project]")}, arguments=("--set", "project.source=elsewhere")),
    Refusal("a secret without a value", {"key_vault.secret.api-key": ("api-key", "AZWIZARD_SECRET_API_KEY")}, secret=False),
    Refusal("names that are taken: vault", {"key_vault.vault": ("kv-", "key_vault.name =")}, faults=("name-taken",)),
    Refusal(
        "a deleted vault", {"key_vault.vault": ("kv-", "purge")}, faults=("vault-soft-deleted",), remedy=("--set", "key_vault.name={}")
    ),
    Refusal(
        "no such region", {"project.resource_group": ("westerneurope", "westeurope")}, arguments=("--set", "project.region=westerneurope")
    ),
    Refusal(
        "a region without Container Apps", {"environment.environment": ("[project]",)}, arguments=("--set", "project.region=japanwest")
    ),
    Refusal("no room for an environment", {"environment.environment": ("quota",)}, faults=("environment-quota:0",)),
    Refusal("a disabled subscription", {"sign-in:sign-in": ("Practice subscription", "Disabled")}, faults=("subscription-disabled",)),
    Refusal("a full region", {"environment.environment": ("region",)}, exit=1, faults=("region-capacity",)),
    Refusal(
        "a provider that may not be registered",
        {"provider.Microsoft.ManagedIdentity": ("Microsoft.ManagedIdentity",)},
        exit=1,
        faults=("provider-denied:Microsoft.ManagedIdentity",),
        arguments=USER,
        remedy=USER,
    ),
    Refusal("roles that may not be given", {"key_vault.administrator": ("role",)}, exit=1, faults=("role-denied",)),
    Refusal(
        "a policy", {"storage.account": ("Storage accounts should prevent shared key access",)}, exit=1, faults=("policy-no-shared-key",)
    ),
    Refusal("a free trial", {"pipeline.image": ("existing",)}, exit=1, faults=("free-trial",)),
    Refusal("a build that fails", {"pipeline.image": ("nothing.py",)}, exit=1, spoil=dockerfile("COPY api.py", "COPY nothing.py")),
    Refusal(
        "an app that crashes",
        {"app.running": ("stops as soon as it is started", "boom", "correct the code")},
        exit=1,
        spoil=code("import http.server", "raise SystemExit('boom')"),
    ),
    Refusal(
        "nothing that listens",
        {"app.running": ("nothing answers at its port", EVERYWHERE, "[app]")},
        exit=1,
        spoil=code("http.server.ThreadingHTTPServer", "import time; time.sleep(900)  # "),
    ),
    Refusal(
        "an app that listens on 127.0.0.1",
        {"app.running": ("127.0.0.1 only", EVERYWHERE, "[app]")},
        exit=1,
        spoil=code(EVERYWHERE, HERE),
    ),
    # Refusal("a vault that fails", {"key_vault.vault": ("vault",)}, exit=1, faults=("fail:Microsoft.KeyVault/vaults",), begun_again=True),
    Refusal(
        "an environment that fails",
        {"environment.environment": ("x",)},
        exit=1,
        faults=("fail:Microsoft.App/managedEnvironments",),
        begun_again=True,
    ),
]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wizard]:
    """A wizard whose practice cloud, shared by the whole table, records its traffic; the providers are registered."""
    folder = tmp_path_factory.mktemp("refusals")
    wizard = Wizard(folder / "home", folder)
    wizard("practice", "start", "--speed", "instant", "--har", str(folder / "traffic.har"))
    yield wizard
    wizard("practice", "stop")


@pytest.fixture
def project(recorded: Wizard, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SmallProject]:
    """The small API under a name of its own."""
    name = f"p{zlib.crc32(request.node.name.encode()):08x}"
    project = SmallProject(recorded, tmp_path, name, recorded.folder / "traffic.har")
    project.write()
    yield project
    project.fault()


@pytest.mark.parametrize("refusal", [pytest.param(it, id=it.why.replace(" ", "-")) for it in REFUSALS])
def test_a_refusal_is_told_does_no_harm_and_can_be_mended(refusal: Refusal, project: SmallProject) -> None:
    refusal.spoil(project)
    project.fault(*refusal.faults)
    before = len(list(project.exchanges()))
    refused = apply(project, *refusal.arguments, secret=refusal.secret)
    for step in refusal.says:  # shown when the test fails, or with pytest -rA
        print(f"{refusal.why} | {refused.exit} | {step} | {told(refused, step)}")
    assert refused.exit == refusal.exit, refused.stdout + refused.stderr
    for step, words in refusal.says.items():
        sentence = told(refused, step)
        assert not [word for word in words if word not in sentence], sentence
    if refusal.exit == 3:
        assert project.writes(before) == []

    project.write()
    project.fault()
    offered = OFFERED.search(" ".join(told(refused, step) for step in refusal.says))
    mended = apply(project, *(word.format(offered and offered[1]) for word in refusal.remedy))
    assert mended.exit == 0, mended.stdout + mended.stderr
    made = {event["step"] for event in refused.of("step", state="done")} - {"pipeline.image"}  # mended code is another image
    assert made & {event["step"] for event in mended.of("plan", action="create")} == set()
    assert refusal.begun_again or project.made_twice() == []


def apply(project: SmallProject, *arguments: str, secret: bool = True) -> Outcome:
    environment = SECRET if secret else {}
    wizard = Wizard(project.wizard.home, project.folder, environment)
    return wizard.apply(*arguments)


def told(refused: Outcome, step: str) -> str:
    """What was said of a check or a step that hindered, or of a step that failed."""
    said = refused.of("check", check=step, state="missing") + refused.of("step", step=step, state="failed")
    said += [event for event in refused.of("plan", step=step) if event["action"] in ("conflict", "blocked", "unknown")]
    return " ".join(f"{event['detail']} {event.get('remedy', '')}".strip() for event in said)
