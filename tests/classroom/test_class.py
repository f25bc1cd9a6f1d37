"""A class: its file is read strictly, folders have names of their own, laptops are checked, and nothing is left in the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import ProcessOutcome, WizardProcess
from wizard.classroom.class_file import TABLES, Learner, read_class
from wizard.setup.introspection import questions
from wizard.setup.problems import AnswersError

EXAMPLE = Path(__file__).parents[2] / "examples" / "class.toml"


@pytest.fixture
def trainer(tmp_path: Path) -> Iterator[WizardProcess]:
    """In a folder with a class of three."""
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "class.toml").write_text(EXAMPLE.read_text().replace("[cloud]", '[[class.learners]]\nname = "Chloé"\n\n[cloud]'))
    trainer = WizardProcess(tmp_path / "home", folder)
    yield trainer
    trainer("practice", "stop")


def missing(outcome: ProcessOutcome) -> list[str]:
    return [event["check"] for event in outcome.of("check", state="missing")]


def test_the_example_shows_every_key() -> None:
    text = EXAMPLE.read_text()
    keys = [question.key for table in (*TABLES.values(), Learner) for question in questions(table) if not question.item]
    assert [key for key in keys if f"\n{key} = " not in text] == []
    assert [learner.suffix for learner in read_class(EXAMPLE).learners] == ["anna", "02"]


@pytest.mark.parametrize(
    ("before", "after", "where", "words"),
    [
        ("title =", "titel =", "class.titel", "title"),
        ("[cloud]", "[clowd]", "clowd", "cloud"),
        ('suffix = "anna"', 'suffix = "Anna!"', "class.learners[0].suffix", "small letters"),
        ('suffix = "anna"', 'suffix = "02"', "class.learners[1].suffix", "02"),
        ('"nobrl"', '"nobrk"', "class.exercises", "nobrl"),
        ('kind = "practice"', 'kind = "azure"', "cloud.subscription", "subscription"),
        ("format = 1", "format = 7", "format", "1"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_with_its_place(tmp_path: Path, before: str, after: str, where: str, words: str) -> None:
    file = tmp_path / "class.toml"
    text = EXAMPLE.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))
    with pytest.raises(AnswersError) as raised:
        read_class(file)
    problem = next(problem for problem in raised.value.problems if problem.where == where)
    assert words in problem.sentence


def test_a_learners_name_is_text_and_no_path(tmp_path: Path) -> None:
    file = tmp_path / "class.toml"
    file.write_text('[class]\ntitle = "x"\n[[class.learners]]\nname = "../../etc"\n')
    read = read_class(file)
    assert read.folder(read.learners[0]) == tmp_path / "class-01"


def test_a_laptop_is_red_for_a_right_that_its_account_lacks(trainer: WizardProcess) -> None:
    trainer("practice", "start", "--speed", "instant", "--fault", "account:contributor")
    assert trainer("class", "pack", "--packages-only").exit == 0
    red = trainer("class", "check", "--json", "--wheels", "pack", "--output", "red.jsonl")
    assert (red.exit, set(missing(red))) == (3, {"right:Microsoft.Authorization/roleAssignments/write"})  # on the vault, on the registry
    written = [json.loads(line) for line in (trainer.folder / "red.jsonl").read_text().splitlines()]
    assert written[-1]["outcome"] == "missing"
