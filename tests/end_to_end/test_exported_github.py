"""The exported script with GitHub, run with the real `az`, the real `gh` and the real Git, on a machine of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from .conftest import SECRET
from .support.azure_cli import AzureCli
from .test_azure_cli import register_providers, start_cli  # noqa: F401 - a fixture

ANSWERS = {"build": "github", "owner": "contoso", "repository": "orders-api"}
SET = [argument for key, value in ANSWERS.items() for argument in ("--set", f"pipeline.{key}={value}")]
FILE = ".github/workflows/azwizard-notes-dev.yml"
PROGRAMS = ("git", "gh")

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(any(shutil.which(name) is None for name in PROGRAMS), reason="git or gh is not installed"),
]


def test_it_builds_by_a_push_and_the_wizard_keeps_all_of_it(start_cli: Callable[[], AzureCli]) -> None:  # noqa: F811
    az = start_cli()
    az.learn_names("kv-notes-dev.vault.azure.net", "crnotesdev.azurecr.io")
    register_providers(az)
    az("provider", "register", "--namespace", "Microsoft.ManagedIdentity")
    project = az.wizard.folder
    (project / FILE).parent.mkdir(parents=True)
    written = az.wizard("export", "pipeline", "--github", "--output", str(project / FILE), *SET)
    assert written.exit == 0, written.stderr
    script = az.folder / "setup.sh"
    script.write_text(az.wizard("export", "az", "--practice", *SET).stdout)
    info = az.wizard.practice_json
    signed_in = {"GH_TOKEN": info["client_secret"], "GIT_SSL_CAINFO": info["ca_file"], "SSL_CERT_FILE": info["ca_file"]}
    by_token = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "credential.https://github.com.helper",
        "GIT_CONFIG_VALUE_0": "!f() { echo username=x; echo password=$GH_TOKEN; }; f",
    }
    environment = {**signed_in, **by_token, "AZWIZARD_SECRET_API_KEY": SECRET, "CURL_CA_BUNDLE": info["ca_file"], "PROJECT": str(project)}
    own = "git -c user.name=anna -c user.email=anna@example.com"
    commit = f'cd "$PROJECT" && git init -q -b main && git add -A . && {own} commit -q -m "Deploy" && sh "{script}"'
    done = az.run(["sh", "-c", commit], seconds=800, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert "Healthy" in done.stdout
    again = az.run(["sh", "-c", f'cd "$PROJECT" && sh "{script}"'], seconds=800, **environment)
    assert again.returncode == 0, again.stdout + again.stderr
    revision = newest_revision(az)
    applied = az.wizard.apply(*SET).result
    assert applied["outcome"] in ("unchanged", "succeeded"), "at most the end of Azure's own work was waited for"
    assert newest_revision(az) == revision
    planned = az.wizard("plan", "--practice", "--json", *SET)
    assert [event["step"] for event in planned.events if event["event"] == "plan" and event["action"] != "keep"] == []


def newest_revision(az: AzureCli) -> str:
    """What Azure calls the app's newest revision."""
    app = ("--name", "capp-notes-dev", "--resource-group", "rg-notes-dev")
    return str(az("containerapp", "show", *app, "--query", "properties.latestRevisionName"))
