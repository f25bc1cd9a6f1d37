"""The tags that an organization wants: given in the setup file or for one run, put on everything that is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.setup.loading import load, override, write
from wizard.setup.problems import AnswersError

HEAD = '[project]\nname = "orders"\nenvironment = "dev"\nregion = "westeurope"\n'


def written(folder: Path, text: str) -> Path:
    file = folder / "azwizard.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_tags_stand_on_every_resource_beside_the_setups_own(tmp_path: Path) -> None:
    answers = load(written(tmp_path, f'format = 2\n{HEAD}tags = {{ CostCenter = "42" }}\n'))
    tags = answers.project.resource_tags("registry")
    assert tags["CostCenter"] == "42"
    assert tags["azwizard-setup"] == "orders-dev"


def test_one_tag_can_be_given_for_one_run(tmp_path: Path) -> None:
    answers = load(written(tmp_path, f'format = 2\n{HEAD}tags = {{ CostCenter = "42" }}\n'))
    assert override(answers, ["project.tags.Owner=me"]).project.tags == {"CostCenter": "42", "Owner": "me"}


def test_a_file_with_tags_says_format_2_and_one_without_stays_format_1(tmp_path: Path) -> None:
    file = written(tmp_path, f"format = 1\n{HEAD}")
    answers = load(file)
    write(file, answers)
    assert "format = 1" in file.read_text(encoding="utf-8")
    write(file, override(answers, ["project.tags.CostCenter=42"]))
    assert "format = 2" in file.read_text(encoding="utf-8")
    assert load(file).project.tags == {"CostCenter": "42"}


@pytest.mark.parametrize("name", ["azwizard-setup", "a/b", "microsoftTeam", "x" * 129])
def test_a_tag_that_azure_refuses_is_refused_here(tmp_path: Path, name: str) -> None:
    with pytest.raises(AnswersError, match="cannot be a tag"):
        load(written(tmp_path, f'format = 2\n{HEAD}[project.tags]\n"{name}" = "1"\n'))
