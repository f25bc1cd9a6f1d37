"""The Azure CLI's commands of the path, as azure_cli.txt lists them: at least 95 of 100 do what they say, and none ends in a traceback."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import ACCOUNT, REGISTRY, VAULT, learn_names, start_client
from tests.end_to_end.support.azure_cli import INSTALL, WizardOnMachine, find_az

pytestmark = [pytest.mark.clients, pytest.mark.timeout(1800)]

COMMANDS = Path(__file__).with_name("azure_cli.txt")
WORKER = Path(__file__).with_name("az_worker.py")
LEAST = 0.95
_LINE = re.compile(r"(?:(?P<keep>\w+) = |!(?P<code>\w+) )?(?P<command>.+)")
_OF_EXTENSIONS = ("devops", "repos", "pipelines")
TEMPLATE = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "resources": [
        {
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
            "apiVersion": "2024-11-30",
            "name": "id-made",
            "location": "[resourceGroup().location]",
        }
    ],
}


@dataclass(frozen=True)
class Listed:
    """One line of the list.

    :param keep: the name under which later lines find what it prints, "" for none.
    :param code: what Azure refuses it with, "" for a command that succeeds.
    """

    command: str
    keep: str
    code: str


@dataclass(frozen=True)
class Came:
    """What came of one command: `problem` is "" where it did what it should."""

    line: str
    problem: str
    skipped: bool = False


class Worker:
    """``az`` in one process that takes one command after the other."""

    def __init__(self, wizard: WizardOnMachine, program: Path) -> None:
        self._wizard = wizard
        settings = {"AZURE_CONFIG_DIR": str(wizard.home.with_name("azure")), "AZURE_CORE_COLLECT_TELEMETRY": "no"}
        settings["AZURE_EXTENSION_USE_DYNAMIC_INSTALL"] = "no"
        settings["AZURE_DEVOPS_CACHE_DIR"] = str(wizard.home.with_name("azure-devops"))  # where it keeps for a day what OPTIONS said
        if extensions := os.environ.get("AZWIZARD_TEST_AZ_EXTENSIONS"):
            settings["AZURE_EXTENSION_DIR"] = extensions
        self._process = start_client(wizard, [program.with_name("python"), WORKER], **settings)

    def __call__(self, arguments: list[str]) -> dict[str, Any]:
        """How a command ended: ``status``, ``output``, ``errors``."""
        learn_names(self._wizard)
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        outcome: dict[str, Any] = json.loads(self._process.stdout.readline())
        return outcome

    def close(self) -> None:
        self._process.communicate()


def listed_commands() -> list[Listed]:
    lines = [line for line in COMMANDS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    matches = [match for line in lines if (match := _LINE.fullmatch(line))]
    return [Listed(match["command"], match["keep"] or "", match["code"] or "") for match in matches]


@pytest.fixture(scope="module")
def az(wizard: WizardOnMachine) -> Iterator[Worker]:
    """``az``, signed in."""
    program = find_az()
    if program is None:
        pytest.skip(f"az is not installed; {INSTALL} does it, or AZWIZARD_TEST_AZ names it")
    worker = Worker(wizard, program)
    info = wizard.practice_json
    who = ["--username", info["client_id"], "--password", info["client_secret"], "--tenant", info["tenant_id"]]
    signed_in = worker(["login", "--service-principal", *who])
    assert signed_in["status"] == 0, signed_in["errors"]
    yield worker
    worker.close()


def came(listed: Listed, az: Worker, values: dict[str, str]) -> Came:
    """Run one command of the list."""
    try:
        arguments = shlex.split(listed.command.format(**values))
    except KeyError as name:
        return Came(listed.command, f"needs {name}, which an earlier command did not give")
    told_how = "--output" in arguments or arguments[:2] == ["containerapp", "up"]  # which takes no other
    outcome = az([*arguments, *([] if told_how else ["--output", "json"])])
    errors = outcome["errors"].strip()
    if arguments[0] in _OF_EXTENSIONS and "is misspelled or not recognized" in errors:
        return Came(listed.command, "", skipped=True)
    if listed.keep:
        values[listed.keep] = outcome["output"].strip()
    good = outcome["status"] != 0 and listed.code in errors if listed.code else outcome["status"] == 0
    return Came(listed.command, "" if good and "Traceback" not in errors else f"exit {outcome['status']}: {errors[-600:]}")


def test_its_commands_of_the_path_do_what_they_say(wizard: WizardOnMachine, az: Worker) -> None:
    (wizard.folder / "template.json").write_text(json.dumps(TEMPLATE))
    info = wizard.practice_json
    values = {
        "subscription": info["subscription_id"],
        "tenant": info["tenant_id"],
        "client_id": info["client_id"],
        "group": "rg-clients",
        "vault": VAULT,
        "registry": REGISTRY,
        "account": ACCOUNT,
        "folder": str(wizard.folder),
    }
    results = [came(listed, az, values) for listed in listed_commands()]
    tried = [each for each in results if not each.skipped]
    failed = [each for each in tried if each.problem]
    for each in failed:
        print(f"az {each.line}\n  {each.problem}")
    print(f"azure-cli: {len(tried) - len(failed)} of {len(tried)}; {len(results) - len(tried)} of extensions that are not installed")
    assert [each for each in failed if "Traceback" in each.problem] == []
    assert len(tried) - len(failed) >= LEAST * len(tried)
