"""The workflow for GitHub: a new one, one that a person changed, and one that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.setup.answers import Answers
from wizard.setup.loading import load, resolve
from wizard.source.git.pipeline_file import UnreadablePipeline
from wizard.source.git.workflow_file import workflow

SETUP = """\
format = 1
[project]
name = "orders"
environment = "dev"
[pipeline]
build = "github"
owner = "contoso"
repository = "orders-api"
"""


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    (tmp_path / "azwizard.toml").write_text(SETUP)
    return resolve(load(tmp_path / "azwizard.toml"))


def test_one_that_is_as_it_should_be_stays_byte_for_byte(answers: Answers) -> None:
    new = workflow(answers)
    mine = new.replace("    steps:\n", "    timeout-minutes: 20\n    steps:\n      - run: make test  # mine\n")
    assert workflow(answers, mine) == mine


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("  IMAGE: other # ours\n", '  IMAGE: "orders" # ours\n'),
        ("  IMAGE: 'other'\n", '  IMAGE: "orders"\n'),
        ('  IMAGE: "other"\n', '  IMAGE: "orders"\n'),
        ('  IMAGE: "o # \\"t"  # ours\n', '  IMAGE: "orders"  # ours\n'),
    ],
)
def test_a_value_that_differs_is_brought_into_line_and_its_comment_stays(answers: Answers, written: str, expected: str) -> None:
    new = workflow(answers)
    assert workflow(answers, new.replace('  IMAGE: "orders"\n', written)) == new.replace('  IMAGE: "orders"\n', expected)


def test_a_branch_that_is_among_several_is_enough_and_another_is_replaced(answers: Answers) -> None:
    new = workflow(answers)
    several = new.replace('branches: ["main"]', "branches: [main, next]")
    assert workflow(answers, several) == several
    assert workflow(answers, new.replace('branches: ["main"]', "branches: [old]  # why")) == new.replace(
        'branches: ["main"]', 'branches: ["main"]  # why'
    )


@pytest.mark.parametrize("there", ["jobs: [", "just text", "on: push\n", "on: push\njobs: {a: {}}\n"])
def test_what_is_no_workflow_of_ours_is_said(answers: Answers, there: str) -> None:
    with pytest.raises(UnreadablePipeline):
        workflow(answers, there)


def test_odd_names_are_escaped(tmp_path: Path) -> None:
    (tmp_path / "azwizard.toml").write_text(SETUP + "dockerfile = '''odd \"name\": #1/Dockerfile'''\n")
    assert '  DOCKERFILE: "odd \\"name\\": #1/Dockerfile"\n' in workflow(resolve(load(tmp_path / "azwizard.toml")))
