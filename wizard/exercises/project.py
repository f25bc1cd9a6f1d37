"""The files of an exercise: the starter's, with what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from wizard.exercises.exercise import Change, Exercise

STARTER = ("app.py", "Dockerfile", "requirements.txt", "azwizard.toml")


def write(exercise: Exercise, folder: Path) -> None:
    """Write the files of an exercise into `folder`, over those of an earlier try. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    starter = files("wizard.exercises").joinpath("starter")
    for name in STARTER:
        (folder / name).write_text(starter.joinpath(name).read_text(encoding="utf-8"), encoding="utf-8")
    change(folder, [("azwizard.toml", 'name = "exercise"', f'name = "{exercise.name}"'), *exercise.changes])


def change(folder: Path, changes: Iterable[Change]) -> None:
    """Change texts in the files of an exercise. Raises OSError."""
    for name, before, after in changes:
        text = (folder / name).read_text(encoding="utf-8")
        assert before in text, f"{before!r} does not stand in {name}"
        (folder / name).write_text(text.replace(before, after, 1) if before else text + after, encoding="utf-8")
