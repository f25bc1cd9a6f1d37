"""A class from its folders to its proof: prepared, checked, watched on the board, helped, practising, paid for and cleaned up."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.conftest import WizardProcess
from tests.exercises.test_exercises import SOLUTIONS

STUCK = (
    ("azwizard.toml", "port = 5000", "port = 70000", "8. Your app", "70000"),
    ("azwizard.toml", "[pipeline]", '[registry]\nlogin = "no"\n\n[pipeline]', "4. Image store", "login"),
    ("azwizard.toml", "[pipeline]", '[[storage.shares]]\ndesignation = "data"\nmount = "data"\n\n[pipeline]', "6. Files to keep", "/data"),
)
"""File, what stands there, what a learner writes instead, the step on the board, and what its error names."""
ROW = re.compile(
    r'<tr class="([^"]*)"><td class="name">(.*?)</td><td class="step">(.*?)</td>.*?<td class="last">(.*?)</td><td class="solved">(.*?)</td>'
)


@dataclass
class Class:
    """A trainer, whose board runs, and learners who sit at the trainer's computer, each with a home and a practice cloud of their own."""

    trainer: WizardProcess
    learners: list[WizardProcess]
    board: subprocess.Popen[str]
    page: str

    def rows(self) -> list[tuple[str, ...]]:
        """Kind, name, step, last error and solved exercises of each learner on the board."""
        with urllib.request.urlopen(self.page, timeout=40) as answer:
            return ROW.findall(answer.read().decode())


def begin(folder: Path, number: int) -> Class:
    """Prepare a class of so many learners and open its board."""
    learners = "".join(f'[[class.learners]]\nname = "Learner {one}"\n' for one in range(1, number + 1))
    (folder / "class.toml").write_text(f'[class]\ntitle = "A class"\nproject = "notes"\n{learners}')
    trainer = WizardProcess(folder / "home", folder)
    assert trainer("class", "prepare", "--json").result["created"] == number
    mine = folder / "notes-01" / "app.py"
    mine.write_text(mine.read_text() + "# mine\n")
    assert trainer("class", "prepare", "--json").result["outcome"] == "unchanged"
    assert mine.read_text().endswith("# mine\n")
    seats = folder / "class-trainer" / "seats"
    own = [WizardProcess(seats / f"{one:02}", folder / f"notes-{one:02}") for one in range(1, number + 1)]
    for learner in own:
        learner.home.mkdir(parents=True)
    board = trainer.start("class", "board", "--port", "0")
    assert board.stdout is not None
    return Class(trainer, own, board, board.stdout.readline().strip())


@pytest.fixture
def room(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Class]:
    room = begin(tmp_path, request.param)
    yield room
    room.board.terminate()
    room.board.communicate(timeout=40)
    for learner in room.learners:
        learner("practice", "stop")


def checked(room: Class) -> None:
    """Every laptop is green but two, which are red for different reasons, on the board too."""
    assert room.trainer("class", "pack", "--packages-only").exit == 0
    empty = room.trainer.folder / "empty"
    empty.mkdir()
    pack = room.trainer.folder / "pack"
    for number, learner in enumerate(room.learners):
        learner("practice", "start", "--speed", "instant")
        learner.environment = {"HTTPS_PROXY": "http://127.0.0.1:9"} if number == 0 else {}
        outcome = learner("class", "check", "--json", "--wheels", str(empty if number == 1 else pack))
        learner.environment = {}
        lacking = {0: ["proxy"], 1: ["packages"]}.get(number, [])
        assert [event["check"] for event in outcome.of("check", state="missing")] == lacking, outcome.stdout
        assert outcome.exit == (3 if lacking else 0)
    steps = [step for _kind, _name, step, *_rest in room.rows()]
    assert steps == ["Laptop not ready: proxy", "Laptop not ready: packages", *["Laptop ready"] * (len(room.learners) - 2)]


def stuck_and_helped(room: Class) -> None:
    """Three are stuck at different steps, which the board shows with their errors; help brings them on."""
    for learner, (file, before, after, _step, _word) in zip(room.learners, STUCK, strict=False):
        setup = learner.folder / file
        text = setup.read_text()
        assert before in text
        setup.write_text(text.replace(before, after, 1))
        assert learner("check", "--practice").exit == 3
    for (kind, _name, step, error, _solved), (*_written, expected, word) in zip(room.rows(), STUCK, strict=False):
        assert ("error" in kind, step) == (True, expected)
        assert word in error
    for number in range(1, len(STUCK) + 1):
        assert room.trainer("class", "help", f"Learner {number}", "--step", "13").exit == 0


def deployed(room: Class) -> None:
    """Everybody's API runs, and all had the same trouble for a while."""
    assert room.trainer("class", "fault", "rbac-delay:0").exit == 0
    for learner in room.learners:
        applied = learner("apply", "--practice", "--yes")
        assert applied.exit == 0, applied.stderr
        assert "rbac-delay:0" in learner("practice", "status").stdout
    assert room.trainer("class", "fault", "--clear").exit == 0
    assert [(kind, step, error) for kind, _name, step, error, _solved in room.rows()] == [("running", "The API runs", "")] * len(
        room.learners
    )
    assert room.learners[0]("status", "--practice").exit in (0, 5)
    assert "rbac-delay" not in room.learners[0]("practice", "status").stdout


def practised(room: Class, exercises: tuple[str, ...], who: int) -> None:
    """The first of them solve the exercises, and the board ticks them."""
    for learner in room.learners[:who]:
        for name in exercises:
            assert learner("exercise", name).exit == 0
            folder = learner.folder / f"exercise-{name}"
            SOLUTIONS[name](learner, folder)
            assert learner("apply", "--practice", "--yes", cwd=folder).exit == 0
            assert learner("exercise", name, "--check").exit == 0
    assert [solved for *_rest, solved in room.rows()] == [", ".join(sorted(exercises))] * who + [""] * (len(room.learners) - who)


def cleaned_up(room: Class, exercises: tuple[str, ...], who: int) -> None:
    """The cost is told, and one proof says that nothing of anyone's is left."""
    assert room.trainer("class", "cost", "--json").result["low"] > 5 * len(room.learners)
    assert room.trainer("class", "destroy").exit == 2, "nothing is deleted without a confirmation"
    assert not (room.trainer.folder / "class-proof.jsonl").exists(), "nor proven"
    assert all(learner("practice", "status").exit == 0 for learner in room.learners), "nor stopped"
    destroyed = room.trainer("class", "destroy", "--yes", "--json")
    assert destroyed.exit == 0, destroyed.stdout + destroyed.stderr
    proof = [json.loads(line) for line in (room.trainer.folder / "class-proof.jsonl").read_text().splitlines()]
    assert [(line["group_is_gone"], line["left"]) for line in proof] == [(True, [])] * len(proof)
    solved = [f"{name}-dev" for name in exercises]
    wanted = [[f"notes-{one:02}-dev", *(solved if one <= who else [])] for one in range(1, len(room.learners) + 1)]
    assert [line["setup"] for line in proof] == [setup for own in wanted for setup in own]


def in_full(room: Class, who: int, exercises: tuple[str, ...]) -> None:
    """The whole of it; the first `who` learners solve the exercises."""
    checked(room)
    stuck_and_helped(room)
    deployed(room)
    practised(room, exercises, who)
    cleaned_up(room, exercises, who)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("room", [3], indirect=True)
def test_a_class_of_three_from_its_folders_to_its_proof(room: Class) -> None:
    in_full(room, 1, ("crash",))


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("room", [12], indirect=True)
def test_a_class_of_twelve_from_its_folders_to_its_proof(room: Class) -> None:
    in_full(room, 12, ("port", "crash"))
