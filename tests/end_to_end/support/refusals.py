"""What a person gets wrong, and what Azure refuses: one table, with what is said of each and what mends it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from .small_project import SmallProject

LATE_PROVIDER = "Microsoft.ManagedIdentity"  # needed by no other row, so that it is not registered yet
EVERYWHERE = "0.0.0.0"  # noqa: S104
Spoil = Callable[[SmallProject], None]


@dataclass(frozen=True)
class PlantedRefusal:
    """One thing that is wrong.

    :param why: what it is, which names the test.
    :param says: the check or step that tells it -> words of its sentence: the thing, the reason, the next move.
    :param exit: 3 when it is known before anything was made, 1 when Azure refuses during the run.
    :param spoil: makes the project wrong; `faults` does so with the practice cloud.
    :param arguments: of the refused command.
    :param remedy: what the next command sets to the names that the sentences offer; project and cloud are well again by then.
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


def no_text(name: str) -> Spoil:
    """A file that is no text."""
    return lambda project: (project.folder / name).write_bytes(b"\xff\xfe\xff")


def forbidden(name: str) -> Spoil:
    """A file that nobody may read, unless they are root."""

    def spoil(project: SmallProject) -> None:
        if os.geteuid() == 0:
            pytest.skip("root may read every file")
        (project.folder / name).chmod(0)

    return spoil


def looping(name: str) -> Spoil:
    """A file that not even root can read: a link to itself."""

    def spoil(project: SmallProject) -> None:
        (project.folder / name).unlink()
        (project.folder / name).symlink_to(Path(name).name)

    return spoil


REFUSALS = [
    PlantedRefusal(
        "an unknown key", {"answers:app.prot": ("[app] prot", "no such key", "port?")}, spoil=setting("port = 8080", "prot = 8080")
    ),
    PlantedRefusal("a wrong type", {"answers:app.port": ("[app] port", "whole number", "eighty")}, spoil=setting("= 8080", '= "eighty"')),
    PlantedRefusal(
        "an invalid name",
        {"answers:project.name": ("[project] name", "Orders_API", "small letters")},
        spoil=setting('name = "p', 'name = "Orders_API'),
    ),
    PlantedRefusal(
        "a name that is too long",
        {"answers:project.name": ("[project] name", "2 to 32")},
        spoil=setting('name = "p', 'name = "a-name-that-is-far-too-long-p'),
    ),
    PlantedRefusal(
        "a name that makes another one too long",
        {"answers:key_vault.name": ("[key_vault] name", "kv-", "24")},
        spoil=setting('name = "p', 'name = "rather-a-long-name-p'),
    ),
    PlantedRefusal("a file that is not TOML", {"answers:": ("azwizard.toml", "line 1", "key =")}, spoil=setting("format = 1", "format: 1")),
    PlantedRefusal("no setup file", {"answers:": ("no setup file azwizard.toml", "Open the wizard")}, spoil=removed("azwizard.toml")),
    PlantedRefusal(
        "an unreadable setup file", {"answers:": ("azwizard.toml cannot be read", "name another")}, spoil=looping("azwizard.toml")
    ),
    PlantedRefusal("no env file", {"env-file": ("no file values.env", "--env-file FILE")}, arguments=("--env-file", "values.env")),
    PlantedRefusal("an unreadable env file", {"env-file": ("api cannot be read", "--env-file FILE")}, arguments=("--env-file", "api")),
    PlantedRefusal("no Dockerfile", {"pipeline.image": ("no Dockerfile at", "write one", "[pipeline]")}, spoil=removed("api/Dockerfile")),
    PlantedRefusal("an unreadable Dockerfile", {"pipeline.image": ("api/Dockerfile cannot be read",)}, spoil=looping("api/Dockerfile")),
    PlantedRefusal(
        "an unreadable ignore file", {"pipeline.image": (".dockerignore cannot be read", "UTF-8")}, spoil=no_text("api/.dockerignore")
    ),
    PlantedRefusal(
        "an unreadable source file", {"pipeline.image": ("api.py cannot be read", "right to read")}, spoil=forbidden("api/api.py")
    ),
    PlantedRefusal(
        "no source folder", {"pipeline.image": ("no folder", "elsewhere", "[project]")}, arguments=("--set", "project.source=elsewhere")
    ),
    PlantedRefusal(
        "a secret without a value",
        {"key_vault.secret.api-key": ("api-key needs a value", "--env-file", "AZWIZARD_SECRET_API_KEY")},
        secret=False,
    ),
    PlantedRefusal(
        "names that others have",
        {
            "key_vault.vault": ("Someone else", "key vault called kv-", "[key_vault]"),
            "registry.registry": ("Someone else", "container registry called cr", "[registry]"),
            "storage.account": ("Someone else", "storage account called st", "[storage]"),
        },
        faults=("name-taken",),
        remedy=("key_vault.name", "registry.name", "storage.account"),
    ),
    PlantedRefusal(
        "a deleted vault of that name",
        {"key_vault.vault": ("deleted key vault still has the name kv-", "recover", "purge", "another name")},
        faults=("vault-soft-deleted",),
        remedy=("key_vault.name",),
    ),
    PlantedRefusal(
        "no such region",
        {"project.resource_group": ("no region westerneurope", "[project]", "westeurope")},
        arguments=("--set", "project.region=westerneurope"),
    ),
    PlantedRefusal(
        "a region without Container Apps",
        {"environment.environment": ("not to be had in japanwest", "another region", "[project]")},
        arguments=("--set", "project.region=japanwest"),
    ),
    PlantedRefusal(
        "a quota",
        {"environment.environment": ("may have 0 places to run in westeurope", "quota", "ask Azure for a higher limit")},
        faults=("environment-quota:0",),
    ),
    PlantedRefusal(
        "a disabled subscription",
        {"preflight.subscription-state": ("Practice subscription", "Disabled", "Re-enable it")},
        faults=("subscription-disabled",),
    ),
    PlantedRefusal(
        "a full region",
        {"environment.environment": ("no room for another place to run", "later", "another region")},
        exit=1,
        faults=("region-capacity",),
    ),
    PlantedRefusal(
        "a service that may not be switched on",
        {f"provider.{LATE_PROVIDER}": ("may not switch on the service", f"{LATE_PROVIDER}/register/action", "Ask an owner")},
        exit=1,
        faults=(f"provider-denied:{LATE_PROVIDER}",),
        arguments=("--set", "app.identity=user"),
    ),
    PlantedRefusal(
        "roles that may not be given",
        {
            "key_vault.administrator": ("may not give roles", "roleAssignments/write on", "vaults/kv-", "Ask an owner"),
            "identity.acr_pull": ("may not give roles", "roleAssignments/write on", "registries/cr", "Ask an owner"),
        },
        exit=1,
        faults=("role-denied",),
    ),
    PlantedRefusal(
        "a policy",
        {"storage.account": ("Azure policy", "Storage accounts should prevent shared key access", "exemption")},
        faults=("policy-no-shared-key",),
    ),
    PlantedRefusal(
        "a free trial",
        {"pipeline.image": ("builds no images", "free trial", 'build = "docker"')},
        faults=("free-trial",),
    ),
    PlantedRefusal(
        "a build that fails",
        {"pipeline.image": ("could not be built", "exit status 1", "Correct your Dockerfile")},
        exit=1,
        faults=("build-failure",),
    ),
    PlantedRefusal(
        "a build that fails at a file that is not there",
        {"pipeline.image": ("could not be built", "stat nothing.py: file does not exist", "Correct your Dockerfile")},
        exit=1,
        spoil=dockerfile("COPY api.py", "COPY nothing.py"),
        arguments=("--set", "pipeline.check_code=false"),
    ),
    PlantedRefusal(
        "a file that the Dockerfile copies and that is not there",
        {"pipeline.image": ("Dockerfile:3: COPY names nothing.py", "the build ends there")},
        spoil=dockerfile("COPY api.py", "COPY nothing.py"),
    ),
    PlantedRefusal(
        "an app that crashes",
        {"app.running": ("stops as soon as it is started", "boom", "correct the code")},
        exit=1,
        spoil=code("import http.server", "raise SystemExit('boom')"),
    ),
    PlantedRefusal(
        "an app that listens on another port",
        {"app.running": ("nothing answers at its port", "TargetPort 8080", "port 5000", "[app]")},
        exit=1,
        spoil=code("8080", "len('x' * 5000)"),  # nothing that reading the code could tell
    ),
    PlantedRefusal(
        "an app that listens on 127.0.0.1",
        {"app.running": ("nothing answers at its port", "127.0.0.1 only", EVERYWHERE)},
        exit=1,
        spoil=code(f'"{EVERYWHERE}"', "'.'.join('127 0 0 1'.split())"),
    ),
    PlantedRefusal(
        "an app that never listens",
        {"app.running": ("nothing answers at its port", EVERYWHERE, "[app]")},
        exit=1,
        spoil=code("http.server.ThreadingHTTPServer", "__import__('time').sleep(900)  # "),
    ),
    *(
        PlantedRefusal(
            f"a failed operation: {kind}", {step: ("Azure", "the same again")}, exit=1, faults=(f"fail:{kind}",), begun_again=True
        )
        for kind, step in {
            "Microsoft.KeyVault/vaults": "key_vault.vault",
            "Microsoft.ContainerRegistry/registries": "registry.registry",
            "Microsoft.Storage/storageAccounts": "storage.account",
            "Microsoft.App/managedEnvironments": "environment.environment",
            "Microsoft.App/containerApps": "app.identity",
        }.items()
    ),
]
