"""What each learner begins with: a folder with the starter project, a setup whose names are nobody else's, and its part of class.toml."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from wizard.classroom.class_file import ClassFile, Learner, own_part, setup_tables
from wizard.classroom.door.door_pass import NAME
from wizard.exercises.project import STARTER
from wizard.setup.loading import load, resolve, write

SETUP = "azwizard.toml"
CLASS = "class.toml"


def prepare(read: ClassFile, learner: Learner) -> bool:
    """Write a learner's folder; False where it is there already, which is left alone.

    Raises AnswersError for names that Azure does not take, OSError.
    """
    folder = read.folder(learner)
    if folder.exists():
        return False
    folder.mkdir(parents=True)
    starter = files("wizard.exercises").joinpath("starter")
    for name in STARTER:
        if name != SETUP:
            (folder / name).write_text(starter.joinpath(name).read_text(encoding="utf-8"), encoding="utf-8")
    write(folder / SETUP, setup_tables(read, learner))
    (folder / CLASS).write_text(own_part(read, learner), encoding="utf-8")
    (folder / ".dockerignore").write_text("".join(f"{name}\n" for name in (NAME, CLASS)), encoding="utf-8")
    resolve(load(folder / SETUP))
    return True


def setup_of(read: ClassFile, learner: Learner) -> Path:
    """A learner's setup file."""
    return read.folder(learner) / SETUP
