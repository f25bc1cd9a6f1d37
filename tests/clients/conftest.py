"""Clients of Azure that others wrote, unmodified, on a machine whose hosts file names the practice cloud."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import copy_sample
from tests.end_to_end.support.azure_cli import WizardOnMachine
from tests.end_to_end.support.own_machine import NoMachine, OwnMachine

VAULT, REGISTRY, ACCOUNT = "kv-clients-4f1c", "crclients4f1c", "stclients4f1c"
MADE_LATER = [
    f"{VAULT}.vault.azure.net",
    "kv-clients-gone.vault.azure.net",
    f"{REGISTRY}.azurecr.io",
    *(f"{ACCOUNT}.{kind}.core.windows.net" for kind in ("file", "blob", "queue", "table")),
]
"""Host names of what the clients make: a name server would know them as soon as they are there."""


@pytest.fixture(scope="module")
def wizard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WizardOnMachine]:
    """A machine with a practice cloud on port 443, in a folder with the sample API."""
    folder = tmp_path_factory.mktemp("clients")
    (folder / "project").mkdir()
    try:
        machine = OwnMachine(folder)
    except NoMachine as why:
        pytest.skip(f"the hosts file of this computer stays as it is, and it allows no namespaces: {why}")
    copy_sample(folder / "project")
    wizard = WizardOnMachine(folder / "home", folder / "project", {"AZWIZARD_ENGINE": "process"}, machine=machine)
    started = wizard("practice", "start", "--port", "443", "--speed", "instant")
    assert started.exit == 0, started.stderr
    learn_names(wizard)
    yield wizard
    wizard("practice", "stop")
    machine.close()


def learn_names(wizard: WizardOnMachine) -> None:
    """Write the host names that the practice cloud has by now into the hosts file."""
    wizard.machine.resolve([*wizard.practice_json["hosts"], *MADE_LATER])


def start_client(wizard: WizardOnMachine, argv: list[str | Path], **environment: str) -> subprocess.Popen[str]:
    """Start a client on the machine; what reads a list of certificates reads the practice cloud's."""
    certificates = wizard.practice_json["ca_file"]
    variables = ("REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "CURL_CA_BUNDLE")
    return subprocess.Popen(
        wizard.machine.command(argv, wizard.folder),
        env={**os.environ, **dict.fromkeys(variables, certificates), **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
