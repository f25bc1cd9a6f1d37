"""The JavaScript SDKs of Azure, unmodified: what javascript.cjs does with them on the path works, all of it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.clients.conftest import ACCOUNT, REGISTRY, VAULT, start_client
from tests.end_to_end.support.azure_cli import WizardOnMachine
from wizard.practice.access.directory import SERVICE_PRINCIPAL

pytestmark = [pytest.mark.clients, pytest.mark.timeout(900)]

CHECKS = Path(__file__).with_name("javascript.cjs")
PACKAGES = (
    "identity",
    "arm-appcontainers",
    "arm-authorization",
    "arm-containerregistry",
    "arm-keyvault",
    "arm-msi",
    "arm-resources",
    "arm-resources-subscriptions",
    "arm-storage",
    "keyvault-secrets",
    "storage-file-share",
)
INSTALL = f"npm install {' '.join(f'@azure/{name}' for name in PACKAGES)}"


def test_all_that_they_do_on_the_path_works(wizard: WizardOnMachine) -> None:
    modules = Path(os.environ.get("AZWIZARD_TEST_NODE_MODULES", "node_modules"))
    node = shutil.which("node")
    if node is None or not (modules / "@azure").is_dir():
        pytest.skip(f"the SDKs are not there: {INSTALL}; AZWIZARD_TEST_NODE_MODULES names their folder")
    info = wizard.practice_json
    given = {
        "tenant": info["tenant_id"],
        "client": info["client_id"],
        "secret": info["client_secret"],
        "subscription": info["subscription_id"],
        "principal": SERVICE_PRINCIPAL,
        "vault": VAULT,
        "registry": REGISTRY,
        "account": ACCOUNT,
    }
    process = start_client(wizard, [node, CHECKS], NODE_PATH=str(modules.resolve()), PRACTICE=json.dumps(given))
    output, errors = process.communicate()
    results = [json.loads(line) for line in output.splitlines()]
    failed = {each["name"]: each["error"] for each in results if each["error"]}
    print(f"JavaScript SDKs: {len(results) - len(failed)} of {len(results)}")
    assert (process.returncode, failed) == (0, {}), errors
    assert len(results) > 60
