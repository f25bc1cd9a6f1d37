"""Two wizards on one setup see each other's changes, and neither writes over what the other typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.engine.session import CommandOptions
from wizard.platform import language
from wizard.workspace.workspace import Workspace

SETUP = """
format = 1
[project]
name = "orders"
environment = "dev"
source = "."
[app]
port = 5000
"""


@pytest.fixture
def wizards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Workspace, Workspace]:
    """Both open on the same setup."""
    language.choose("en")
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    file = tmp_path / "azwizard.toml"
    file.write_text(SETUP)
    one, other = (Workspace(CommandOptions(setup=file, practice=True)) for _each in range(2))
    return one, other


def test_what_one_types_is_there_in_the_other_which_goes_on_from_it(wizards: tuple[Workspace, Workspace]) -> None:
    one, other = wizards
    one.put("app.port", "8080")
    other.put("project.region", "northeurope")
    assert other.has_others_changes
    assert (other.reading.answers.app.port, other.reading.answers.project.region) == (8080, "northeurope")
    assert one.take_over_changes()
    assert (one.reading.answers.app.port, one.reading.answers.project.region) == (8080, "northeurope")


def test_looking_at_another_screen_undoes_nothing_of_the_other(wizards: tuple[Workspace, Workspace]) -> None:
    one, other = wizards
    other.remember(screen="key_vault")
    one.put("app.port", "8080")
    other.remember(screen="registry")
    assert not one.take_over_changes()
    assert one.reading.answers.app.port == other.reading.answers.app.port == 8080


def test_a_file_that_the_other_or_an_editor_writes_is_what_counts(wizards: tuple[Workspace, Workspace]) -> None:
    one, other = wizards
    one.put("app.port", "8080")
    assert one.draft.write_setup()
    assert other.take_over_changes()
    assert other.draft.write_setup()
    assert "port = 8080" in one.draft.file.read_text()
    one.draft.file.write_text(SETUP.replace("5000", "7000"))
    assert one.take_over_changes() and other.take_over_changes()
    assert one.reading.answers.app.port == other.reading.answers.app.port == 7000


def test_alone_nothing_is_taken_over(wizards: tuple[Workspace, Workspace]) -> None:
    one, _other = wizards
    one.put("app.port", "8080")
    one.remember(screen="key_vault", focus="key_vault.name")
    assert one.draft.write_setup()
    one.file_was_written()
    assert not one.take_over_changes()
    assert not one.has_others_changes
