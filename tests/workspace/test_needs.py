"""What a deployment takes is told before anything is asked, and seen where it can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.engine.session import CommandOptions
from wizard.platform import language
from wizard.workspace import machine
from wizard.workspace.needs import Need, needs
from wizard.workspace.workspace import Workspace


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that one works in, with a home for azwizard."""
    language.choose("en")
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(folder: Path, *, practice: bool) -> dict[str, Need]:
    workspace = Workspace(CommandOptions(setup=folder / "azwizard.toml", practice=practice))
    return {need.title: need for need in needs(workspace)}


def test_practice_wants_neither_account_nor_money(folder: Path) -> None:
    practising = told(folder, practice=True)
    assert practising["An account at Azure"].met and practising["Money"].met
    in_azure = told(folder, practice=False)
    assert in_azure["An account at Azure"].met is None
    assert "5 USD a month" in in_azure["Money"].detail


def test_code_is_ticked_where_it_lies_and_missed_where_none_does(folder: Path) -> None:
    assert told(folder, practice=True)["Your API's code"].met is False
    api = folder / "orders-api"
    api.mkdir()
    (api / "app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    need = told(folder, practice=True)["Your API's code"]
    assert need.met
    assert need.line == "✓ Your API's code: here in orders-api/"


def test_what_this_computer_lacks_is_said_with_what_would_help(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(folder, practice=True)["This computer"].met
    monkeypatch.setattr(machine, "LEAST_DISK", 1e9)
    need = told(folder, practice=True)["This computer"]
    assert need.met is False
    assert "AZWIZARD_HOME" in need.detail
