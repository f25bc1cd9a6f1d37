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


def test_a_class_of_three_from_its_folders_to_its_proof(trainer: WizardProcess) -> None:
    trainer("practice", "start", "--speed", "instant")
    prepared = trainer("class", "prepare", "--json")
    assert prepared.exit == 0, prepared.stderr
    folders = sorted(folder.name for folder in trainer.folder.iterdir() if folder.is_dir())
    assert folders == ["class-trainer", "notes-02", "notes-03", "notes-anna"]
    mine = trainer.folder / "notes-anna" / "app.py"
    mine.write_text(mine.read_text() + "# mine\n")
    assert trainer("class", "prepare").exit == 0
    assert mine.read_text().endswith("# mine\n")

    cost = trainer("class", "cost", "--json")
    assert cost.exit == 0
    assert 15 < cost.result["low"] < cost.result["high"]

    applied = trainer("apply", "--practice", "--yes", cwd=mine.parent)
    assert applied.exit == 0, applied.stderr
    assert trainer("class", "destroy").exit == 2, "nothing is deleted without a confirmation"
    destroyed = trainer("class", "destroy", "--yes", "--json")
    assert destroyed.exit == 0, destroyed.stdout + destroyed.stderr
    proof = [json.loads(line) for line in (trainer.folder / "class-proof.jsonl").read_text().splitlines()]
    assert [(line["setup"], line["group_is_gone"], line["left"]) for line in proof] == [
        ("notes-anna-dev", True, []),
        ("notes-02-dev", True, []),
        ("notes-03-dev", True, []),
    ]


def test_two_laptops_are_red_for_different_reasons_and_one_is_green(trainer: WizardProcess, tmp_path: Path) -> None:
    trainer("practice", "start", "--speed", "instant")
    assert trainer("class", "pack", "--packages-only").exit == 0
    check = ("class", "check", "--json", "--wheels", "pack")
    green = trainer(*check)
    assert (green.exit, missing(green)) == (0, []), green.stdout

    empty = tmp_path / "empty"
    empty.mkdir()
    trainer.environment["HTTPS_PROXY"] = "http://127.0.0.1:9"
    red = trainer("class", "check", "--json", "--wheels", str(empty), "--output", "red.jsonl")
    assert (red.exit, missing(red)) == (3, ["proxy", "packages"])
    written = [json.loads(line) for line in (trainer.folder / "red.jsonl").read_text().splitlines()]
    assert written[-1]["outcome"] == "missing"
    assert [line["check"] for line in written if line.get("state") == "missing"] == ["proxy", "packages"]

    del trainer.environment["HTTPS_PROXY"]
    trainer("practice", "fault", "account:contributor")
    red = trainer(*check)
    assert red.exit == 3
    assert set(missing(red)) == {"right:Microsoft.Authorization/roleAssignments/write"}


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_a_class_of_twelve_deploys_costs_and_is_gone(trainer: WizardProcess) -> None:
    learners = "".join(f'[[class.learners]]\nname = "Learner {number}"\n' for number in range(1, 13))
    (trainer.folder / "class.toml").write_text(f'[class]\ntitle = "Twelve"\nproject = "twelve"\n{learners}')
    trainer("practice", "start", "--speed", "instant")
    assert trainer("class", "prepare", "--json").result["created"] == 12
    folders = sorted(trainer.folder.glob("twelve-*"))
    assert [trainer("apply", "--practice", "--yes", cwd=folder).exit for folder in folders] == [0] * 12
    assert trainer("class", "cost", "--json").result["low"] > 12 * 5
    assert trainer("class", "destroy", "--yes").exit == 0
    proof = [json.loads(line) for line in (trainer.folder / "class-proof.jsonl").read_text().splitlines()]
    assert [(line["group_is_gone"], line["left"]) for line in proof] == [(True, [])] * 12
