"""The pages that people read agree with the program."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from wizard.cli import azwizard
from wizard.engine.session import ExitCode
from wizard.setup.docs_page import page

ROOT = Path(__file__).parents[2]


def test_the_page_of_the_setup_file_is_what_the_questions_say() -> None:
    written = (ROOT / "docs" / "setup-file.md").read_text(encoding="utf-8")
    assert written == page(), "write it again: python -m wizard.setup.docs_page > docs/setup-file.md"


@pytest.mark.parametrize("marker", ["try", "tests"])
def test_the_readme_has_one_command_for_each(marker: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    match = re.search(rf"^<!-- {marker} -->\n```sh\n(.+)\n```$", readme, re.MULTILINE)
    assert match is not None
    assert "-c constraints.txt" in match[1]


def test_the_readme_names_every_command_and_every_exit_status() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, command in azwizard.commands.items():
        if command.hidden:
            continue
        inner = command.commands if isinstance(command, click.Group) and name == "export" else {"": None}
        assert all(f"azwizard {name} {word}".rstrip() in readme for word in inner)
    assert all(f"| {int(status)} |" in readme for status in ExitCode)


def test_constraints_are_exact_versions_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
