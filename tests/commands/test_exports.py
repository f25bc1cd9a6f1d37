"""Exports: what is printed is the export or nothing, and a file is written wholly, with what a person wrote in it kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wizard.cli import azwizard

ROOT = Path(__file__).parents[2]
SETUP = """format = 1
[project]
name = "orders"
environment = "dev"
region = "westeurope"
[pipeline]
build = "azure-devops"
organization = "contoso"
project = "orders"
repository = "orders"
"""
OWN = "trigger: none\n\n# mine\nsteps:\n- script: pytest\n"
EMPTY_PLACES = ["> azure-pipelines.yml", ">> azure-pipelines.yml", "> ./sub/../azure-pipelines.yml", "> link.yml"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", "")  # no Azure CLI: nobody is signed in
    folder = tmp_path / "project"
    (folder / "sub").mkdir(parents=True)
    (folder / "azwizard.toml").write_text(SETUP)
    (folder / "app.py").write_text("from flask import Flask\napp = Flask(__name__)\n\n@app.get('/orders')\ndef orders():\n    return []\n")
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(azwizard, list(arguments), catch_exceptions=False)


@pytest.mark.parametrize(
    "what", [["az"], ["arm"], ["bicep"], ["az", "--output", "x.sh"], ["bicep", "--output", "main.bicep"], ["bicep", "--output", "infra"]]
)
def test_a_refusal_fills_no_file(folder: Path, what: list[str]) -> None:
    before = sorted(folder.rglob("*"))
    ended = run("export", *what)
    assert (ended.exit_code, ended.stdout) == (3, "")
    assert "az login" in ended.stderr
    assert sorted(folder.rglob("*")) == before


def test_requests_are_exported_without_a_sign_in_with_a_place_for_the_address(folder: Path) -> None:
    ended = run("export", "rest")
    assert ended.exit_code == 0
    assert "@host = https://capp-orders-dev.ENVIRONMENT.westeurope.azurecontainerapps.io" in ended.stdout
    assert "# The address is known once the app is created" in ended.stdout and "GET {{host}}/orders" in ended.stdout
    assert "Azure could not be asked" in ended.stderr
    assert run("export", "rest", "--output", "orders.rest").stdout == ""
    assert (folder / "orders.rest").read_text() == ended.stdout


def test_a_pipeline_is_written_into_the_file_with_own_changes_kept(folder: Path) -> None:
    file = folder / "azure-pipelines.yml"
    file.write_text(OWN)
    file.chmod(0o640)
    ended = run("export", "pipeline", "--output", "azure-pipelines.yml")
    assert (ended.exit_code, ended.stdout) == (0, "") and "Written: azure-pipelines.yml" in ended.stderr
    text = file.read_text()
    assert "# mine" in text and "script: pytest" in text and "orders" in text
    assert file.stat().st_mode & 0o777 == 0o640
    assert run("export", "pipeline", "--output", "azure-pipelines.yml").exit_code == 0
    assert file.read_text() == text
    assert sorted(path.name for path in folder.iterdir()) == ["app.py", "azure-pipelines.yml", "azwizard.toml", "sub"]


def test_a_file_that_cannot_be_read_as_a_pipeline_is_left_alone(folder: Path) -> None:
    (folder / "azure-pipelines.yml").write_text("steps: [\n")
    ended = run("export", "pipeline", "--output", "azure-pipelines.yml")
    assert (ended.exit_code, ended.stdout) == (3, "") and "cannot be read" in ended.stderr
    assert (folder / "azure-pipelines.yml").read_text() == "steps: [\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX")
@pytest.mark.parametrize("place", EMPTY_PLACES)
def test_a_pipeline_is_not_printed_into_the_file_it_would_keep(folder: Path, place: str) -> None:
    (folder / "azure-pipelines.yml").write_text(OWN)
    (folder / "link.yml").symlink_to("azure-pipelines.yml")
    command = f"'{sys.executable}' -m wizard export pipeline {place}"
    ended = subprocess.run(
        ["/bin/sh", "-c", command], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert "git checkout" in ended.stderr and "--output" in ended.stderr
    assert (folder / "azure-pipelines.yml").read_text() == (OWN if ">>" in place else "")


def test_an_empty_file_is_not_taken_for_one_without_changes(folder: Path) -> None:
    (folder / "azure-pipelines.yml").touch()
    assert (run("export", "pipeline").exit_code, run("export", "pipeline").stdout) == (2, "")
    assert run("export", "pipeline", "--output", "azure-pipelines.yml").exit_code == 0
    assert "trigger:" in (folder / "azure-pipelines.yml").read_text()


def test_what_stood_in_the_file_is_kept_beside_it(folder: Path) -> None:
    (folder / "orders.rest").write_text("GET http://mine\n")
    ended = run("export", "rest", "--output", "orders.rest")
    assert ended.exit_code == 0 and "orders.rest.bak" in ended.stderr
    assert (folder / "orders.rest.bak").read_text() == "GET http://mine\n"
    assert run("export", "rest", "--output", "orders.rest").exit_code == 0
    assert not (folder / "orders.rest.bak1").exists()


@pytest.mark.parametrize("output", ["none/orders.rest", "sub"])
def test_a_place_that_cannot_be_written_is_said(folder: Path, output: str) -> None:
    ended = run("export", "rest", "--output", output)
    assert ended.exit_code in (2, 3) and ended.stdout == ""
    assert list((folder / "sub").iterdir()) == []
