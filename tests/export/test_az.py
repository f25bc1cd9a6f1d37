"""The exported script: complete, in order, safe for a shell, and without secrets."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from wizard.engine.step import Outputs, Step
from wizard.export.az import render
from wizard.setup.answers import Answers
from wizard.setup.loading import load, resolve
from wizard.steps.registry_of_steps import contributions

SETUP = """
[project]
name = "orders"
[sign_in]
subscription = "00000000-0000-0000-0000-000000000001"
[key_vault]
secrets = ["api-key"]
[[storage.shares]]
designation = "db"
mount = "/db"
[[storage.shares]]
designation = "logs"
mount = "/logs"
[[variables]]
name = "API_KEY"
secret = "api-key"
[[variables]]
name = "GREETING"
value = '''it's $(touch hacked) `touch hacked` "quoted" <b> \\\\ $HOME'''
"""

FAKE_AZ = """#!/bin/sh
for argument in "$@"; do printf '%s\\n' "$argument" >>"$LOG"; done
case "$*" in *"secret set"*) cat >>"$LOG" ;; esac
case "$*" in *"show --name"*--output*none*) exit 1 ;; esac
case "$*" in *vaultUri*) echo https://kv-orders-dev.vault.azure.net/ ;; *--query*) echo asked ;; esac
printf '\\n' >>"$LOG"
"""


def setup(folder: Path, more: str = "") -> tuple[list[Step], Answers]:
    (folder / "azwizard.toml").write_text(SETUP + more)
    answers = resolve(load(folder / "azwizard.toml"))
    return [step for contribution in contributions() for step in contribution.steps(answers)], answers


@pytest.fixture
def script(tmp_path: Path) -> str:
    return render(*setup(tmp_path), Outputs(vault_uri="https://old.vault.azure.net/"))


DEVOPS = """
[pipeline]
build = "azure-devops"
organization = "contoso"
project = "Our orders"
repository = "orders-api"
folder = "services/it's $HOME"
connection = "{connection}"
"""


def position(script: str, line: str) -> int:
    assert line in script
    return script.index(line)


def test_every_step_stands_after_those_it_needs(script: str) -> None:
    lines = [
        "az group create",
        "az keyvault create",
        "az containerapp create",
        "--role AcrPull --scope",
        "az rest --method put",
        "az resource wait",
    ]
    places = [position(script, line) for line in lines]
    assert places == sorted(places)
    assert position(script, "az containerapp env create") < position(script, "az containerapp create")


def test_roles_go_to_whoever_signed_in_a_service_principal_too(script: str) -> None:
    ask = "YOUR_ID=$(az ad signed-in-user show --query id --output tsv 2>/dev/null || az account show --query user.name --output tsv)"
    assert position(script, ask) < position(script, "--role 'Key Vault Administrator' --assignee \"$YOUR_ID\"")
    assert script.count("signed-in-user") == 1


def test_a_build_finds_the_dockerfile_from_every_folder(script: str, tmp_path: Path) -> None:
    assert f'--file {tmp_path / "Dockerfile"} "$work/code" ' in script


def test_what_azure_names_on_the_way_is_asked_for_once(script: str) -> None:
    assert script.count("STORAGE_KEY=") == 1
    assert script.count("PRINCIPAL_ID=") == 1
    assert "old.vault" not in script


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no POSIX shell here")
@pytest.mark.parametrize("spelling", ["/.env", "./.env", "**/.env", "**/*.env", "# nothing"])
def test_az_gets_no_secret_file_however_dockerignore_spells_it(tmp_path: Path, spelling: str) -> None:
    source = tmp_path / "it's code"
    for name in (".env", ".env.prod", ".env.example", "deep/.env", "deep/run.py", ".venv/pip.py"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("")
    (source / ".dockerignore").write_text(f"{spelling}\n")
    script = render(*setup(source), Outputs())
    start = script.index("work=$(mktemp -d)")
    build = script[start : script.index("\n", script.index("az acr build", start))]
    done = subprocess.run(
        ["sh", "-euc", f'az() {{ (cd "$work/code" && find . -type f | sort); }}\n{build}'], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["./.dockerignore", "./.env.example", "./deep/run.py"]


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no POSIX shell here")
def test_the_script_runs_and_gives_every_value_as_it_is(tmp_path: Path, script: str) -> None:
    for name, text in (("az", FAKE_AZ), ("curl", "#!/bin/sh\n"), ("script", script)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "LOG": str(tmp_path / "log"), "AZWIZARD_SECRET_API_KEY": "canary-5d2 $x'"}
    done = subprocess.run(["sh", tmp_path / "script"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    log = (tmp_path / "log").read_text()
    assert not (tmp_path / "hacked").exists()
    assert '"value": "it\'s $(touch hacked) `touch hacked` \\"quoted\\" <b> \\\\\\\\ $HOME"' in log
    assert '"keyVaultUrl": "https://kv-orders-dev.vault.azure.net/secrets/api-key"' in log
    assert "/dev/stdin\n--encoding\nutf-8\n--output\nnone\ncanary-5d2 $x'" in log
    assert log.count("canary-5d2") == 1
    assert "canary-5d2" not in script


def test_an_image_given_by_its_digest_is_not_asked_for(tmp_path: Path) -> None:
    digest = "sha256:" + "0" * 64
    steps, answers = setup(tmp_path, f'[pipeline]\nbuild = "existing"\ntag = "{digest}"\n')
    assert f"IMAGE_DIGEST={digest}" in render(steps, answers, Outputs())


@pytest.mark.parametrize("connection", ["identity", "automatic"])
def test_with_azure_devops_the_script_has_all_that_it_takes_in_azure_devops(tmp_path: Path, connection: str):
    text = render(*setup(tmp_path, DEVOPS.format(connection=connection)), Outputs())
    assert "service-connection.json" not in text and "az devops" not in text and "az pipelines" not in text
    expected = [
        "/_apis/serviceendpoint/endpoints",
        "git/repositories/orders-api",
        "/_apis/pipelines?",
        "/_apis/pipelines/$PIPELINE/runs",
        "az acr repository",
    ]
    assert [position(text, line) for line in expected] == sorted(position(text, line) for line in expected)
    assert "https://dev.azure.com/contoso/$path" in text and "Our%20orders/_git/orders-api" in text
    assert ("federated-credential create" in text) is (connection == "identity")
    assert "<" not in re.sub(r"<<'?(JSON|YAML|EXCLUDE)|</dev/tty|AZWIZARD_SECRET_<NAME>|<b>", "", text)  # every place is filled in
    assert 'mkdir -p "$work/code/services/it\'s \\$HOME"' in text
    script = tmp_path / "setup.sh"
    script.write_text(text)
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize(
    "more", ["", DEVOPS.format(connection="identity"), DEVOPS.format(connection="automatic")], ids=["registry", "identity", "automatic"]
)
def test_shellcheck_finds_nothing_in_the_script(tmp_path: Path, more: str):
    done = subprocess.run(
        ["shellcheck", "--shell=sh", "--exclude=SC2016", "-"],  # a person's $ between single quotes is meant as it stands
        input=render(*setup(tmp_path, more), Outputs()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_variables_on_github_are_written_with_any_age_of_gh(tmp_path: Path) -> None:
    text = render(*setup(tmp_path, '[pipeline]\nbuild = "github"\nowner = "contoso"\nrepository = "orders-api"\n'), Outputs())
    name, place = "AZURE_CLIENT_ID_ORDERS_DEV", "repos/contoso/orders-api/actions/variables"
    fields = f'-f name={name} -f value="$PIPELINE_CLIENT_ID" --silent'
    change, make = f"gh api --method PATCH {place}/{name} {fields}", f"gh api --method POST {place} {fields}"
    assert f"{change} 2>/dev/null || {make}" in text.replace("-f value=''", "-f value=")
    assert "gh variable" not in text
