"""Exercises: each begins unsolved, its hints say more and more, and only what the practice cloud holds solves it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import ProcessOutcome, WizardProcess
from wizard.exercises import project
from wizard.exercises.catalogue import EXERCISES
from wizard.setup.loading import load

SHORT = ("bill", "missing-role")
"""Solved in every run: the one by a file, the other by the cloud alone."""


@pytest.fixture(scope="module")
def learner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WizardProcess]:
    folder = tmp_path_factory.mktemp("learner")
    learner = WizardProcess(folder / "home", folder)
    learner("practice", "start", "--speed", "instant")
    yield learner
    learner("practice", "stop")


def told(outcome: ProcessOutcome) -> str:
    """The state of the one exercise that a command told of."""
    (event,) = outcome.of("exercise")
    return str(event["state"])


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_files_of_each_are_a_setup_that_can_be_read(exercise: project.Exercise, tmp_path: Path) -> None:
    project.write(exercise, tmp_path)
    project.change(tmp_path, exercise.later)
    setup = load(tmp_path / "azwizard.toml")
    assert setup.project.name == exercise.name
    assert not any("\n" in hint for hint in exercise.hints)


def test_none_has_begun_and_a_word_that_names_none_is_met_with_the_nearest(learner: WizardProcess) -> None:
    listed = learner("exercise", "--json")
    assert listed.exit == 0
    assert [event["exercise"] for event in listed.of("exercise")] == [exercise.name for exercise in EXERCISES]
    wrong = learner("exercise", "nobrk")
    assert wrong.exit == 2
    assert "nobrl" in wrong.stderr
    early = learner("exercise", "port", "--check")
    assert early.exit == 3
    assert "azwizard exercise port" in early.stderr


def test_a_folder_of_the_persons_own_is_not_written_over(learner: WizardProcess) -> None:
    mine = learner.folder / "exercise-crash" / "app.py"
    mine.parent.mkdir()
    mine.write_text("mine")
    assert learner("exercise", "crash").exit == 3
    assert mine.read_text() == "mine"
    shutil.rmtree(mine.parent)


def edit(file: str, before: str, after: str) -> Callable[[WizardProcess, Path], None]:
    def edited(_learner: WizardProcess, folder: Path) -> None:
        text = (folder / file).read_text()
        assert before in text
        (folder / file).write_text(text.replace(before, after) if before else text + after)

    return edited


def nothing(_learner: WizardProcess, _folder: Path) -> None:
    """What the hint says is done by deploying again."""


def mend_by_doctor(learner: WizardProcess, folder: Path) -> None:
    assert learner("doctor", "--practice", "--fix", "--yes", cwd=folder).exit == 0


def be_the_administrator(learner: WizardProcess, folder: Path) -> None:
    assert learner("apply", "--practice", "--yes", cwd=folder).exit == 3
    learner("practice", "fault", "account:owner")
    assert learner("apply", "--practice", "--yes", cwd=folder).exit == 0
    assert told(learner("exercise", "administrator", "--check", "--json")) == "begun"
    learner("practice", "fault", "account:contributor")


def put_the_code_back(_learner: WizardProcess, folder: Path) -> None:
    text = (folder / "app.py").read_text()
    (folder / "app.py").write_text(text.replace("VERSION = 2", "VERSION = 1").replace('["Hello"][VERSION]', '"Hello"'))


SOLUTIONS = {
    "port": edit("azwizard.toml", "port = 5000", "port = 8080"),
    "loopback": edit("Dockerfile", "127.0.0.1", "0.0.0.0"),  # noqa: S104
    "missing-role": nothing,
    "rotated-key": mend_by_doctor,
    "nobrl": edit("azwizard.toml", "nobrl = false", "nobrl = true"),
    "latest": nothing,
    "crash": edit("azwizard.toml", "", '\n[[variables]]\nname = "GREETING"\nvalue = "Hello"\n'),
    "administrator": be_the_administrator,
    "rollback": put_the_code_back,
    "bill": edit("azwizard.toml", "min_replicas = 3", "min_replicas = 0"),
}
"""What the third hint of each says."""


@pytest.mark.parametrize("name", [name if name in SHORT else pytest.param(name, marks=pytest.mark.nightly) for name in SOLUTIONS])
def test_it_is_solved_by_what_the_last_hint_says(learner: WizardProcess, name: str) -> None:
    begun = learner("exercise", name, "--json")
    assert begun.exit == 0, begun.stdout + begun.stderr
    assert told(begun) == "begun"
    before = learner("exercise", name, "--check", "--json")
    assert (before.exit, told(before)) == (5, "begun")
    assert before.of("exercise")[0]["detail"]
    assert learner("exercise", name, "--hint", "3").stdout.count("\n") == 3

    folder = learner.folder / f"exercise-{name}"
    SOLUTIONS[name](learner, folder)
    assert learner("exercise", name, "--check").exit == (0 if name in ("rotated-key", "administrator") else 5)
    applied = learner("apply", "--practice", "--yes", cwd=folder)
    assert applied.exit == 0, applied.stderr

    solved = learner("exercise", name, "--check", "--json")
    assert (solved.exit, told(solved)) == (0, "solved"), solved.stdout
    assert solved.of("exercise")[0]["hints"] == 3
    assert next(event for event in learner("exercise", "--json").of("exercise") if event["exercise"] == name)["seconds"] > 0


def test_every_exercise_has_its_solution() -> None:
    assert set(SOLUTIONS) == {exercise.name for exercise in EXERCISES}
