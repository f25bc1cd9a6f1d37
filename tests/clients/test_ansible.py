"""Ansible's collection azure.azcollection, unmodified: every task of ansible.yml does what it says, and repeating one changes nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import ACCOUNT, REGISTRY, VAULT, start_client
from tests.end_to_end.support.azure_cli import WizardOnMachine
from wizard.practice.access.directory import SERVICE_PRINCIPAL

pytestmark = [pytest.mark.clients, pytest.mark.timeout(3000)]

PLAYBOOK = Path(__file__).with_name("ansible.yml")
INSTALL = "pip install ansible, and requirements.txt of its azure.azcollection"


def _problem(task: dict[str, Any]) -> str:
    """What a task did other than it should; "" for nothing."""
    [result] = task["hosts"].values()
    if result.get("failed"):
        return str(result.get("msg"))[-500:]
    return "changed something" if task["task"]["name"].endswith(" again") and result.get("changed") else ""


def test_every_task_of_the_path_works(wizard: WizardOnMachine) -> None:
    program = Path(os.environ.get("AZWIZARD_TEST_ANSIBLE", ".venv-ansible/bin/ansible-playbook"))
    if not program.is_file():
        pytest.skip(f"Ansible is not installed: {INSTALL}; AZWIZARD_TEST_ANSIBLE names its ansible-playbook")
    info = wizard.practice_json
    values = {
        "ansible_python_interpreter": str(program.resolve().with_name("python")),
        "tenant": info["tenant_id"],
        "subscription": info["subscription_id"],
        "principal": SERVICE_PRINCIPAL,
        "vault": VAULT,
        "registry": REGISTRY,
        "account": ACCOUNT,
    }
    settings = {
        "AZURE_TENANT": info["tenant_id"],
        "AZURE_CLIENT_ID": info["client_id"],
        "AZURE_SECRET": info["client_secret"],
        "AZURE_SUBSCRIPTION_ID": info["subscription_id"],
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        "ANSIBLE_HOME": str(wizard.home.with_name("ansible")),
    }
    process = start_client(wizard, [program, "-i", "localhost,", PLAYBOOK, "-e", json.dumps(values)], **settings)
    output, errors = process.communicate()
    assert "{" in output, errors
    [play] = json.loads(output[output.index("{") :])["plays"]
    failed = {task["task"]["name"]: problem for task in play["tasks"] if (problem := _problem(task))}
    print(f"azure.azcollection: {len(play['tasks']) - len(failed)} of {len(play['tasks'])}")
    assert failed == {}
    assert len(play["tasks"]) > 30
