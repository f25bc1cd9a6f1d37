"""Who gets a seat: the learners of class.toml, or without one as many as are asked for; each with a folder and a home of their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wizard.classroom.class_file import Board, ClassCloud, ClassFile, Course, Learner, read_class
from wizard.classroom.door.trainer import Trainer
from wizard.classroom.prepare import prepare
from wizard.engine.session import CommandError
from wizard.platform.folders import private_folder
from wizard.platform.language import _

CLASS = "class.toml"


@dataclass(frozen=True)
class Seat:
    """One learner's place at the trainer's computer.

    :param folder: with the learner's project.
    :param home: for all that azwizard keeps of the learner, the practice cloud too.
    """

    name: str
    folder: Path
    home: Path
    practice: bool


def seats_for(folder: Path, count: int) -> list[Seat]:
    """The seats of the class in a folder, the first `count`; what is not there yet is made.

    Raises AnswersError, OSError, and CommandError where the class has fewer learners.
    """
    read = class_in(folder, count)
    learners = read.learners[:count]
    if len(learners) < count:
        sentence = _("{count} seats, and {file} has {learners} learners.").format(count=count, file=CLASS, learners=len(learners))
        raise CommandError([("seats", sentence)])
    return [_seat(read, learner) for learner in learners]


def class_in(folder: Path, count: int) -> ClassFile:
    """The class of the folder's class.toml; else one that practises, whose learners are numbers. Raises AnswersError."""
    file = folder / CLASS
    if file.exists():
        return read_class(file)
    learners = tuple(Learner(name=str(number)) for number in range(1, count + 1))
    return ClassFile(Course(title="", project="seat", learners=learners), ClassCloud(), Board(), file.absolute())


def _seat(read: ClassFile, learner: Learner) -> Seat:
    prepare(read, learner)
    home = private_folder(Trainer(read).seat_home(learner))
    return Seat(learner.name, read.folder(learner), home, read.cloud.kind == "practice")
