"""Help for who is stuck: prepared answers up to a step, taken over into the learner's setup file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wizard.classroom.class_file import ClassFile, Learner, setup_tables
from wizard.platform.files import replace_file
from wizard.platform.language import _
from wizard.sections import ORDER, SECTIONS
from wizard.setup.loading import load, tables, write
from wizard.setup.problems import AnswersError
from wizard.setup.toml_reader import read_setup_file

LAST = len(ORDER) + 1
"""The step after the twelve: check everything, for which all answers are prepared."""


def place_of(step: int) -> str:
    """The screen of a step, counted from 1."""
    return ORDER[step - 1] if step < LAST else "review"


def prepared_answers(read: ClassFile, learner: Learner, step: int) -> dict[str, Any]:
    """The tables that the steps before that one ask for; one without a prepared answer is empty, which means the suggestions.

    Raises AnswersError when the class's setup with the answers cannot be used, OSError when it cannot be read.
    """
    prepared = setup_tables(read, learner)
    if read.course.answers:
        given = tables(load(read.file.parent / read.course.answers))
        given["project"] = {**given.get("project", {}), **prepared["project"]}
        given["sign_in"] = prepared["sign_in"]
        prepared = given
    keys = [section.key for section in SECTIONS[: step - 1] if section.key]
    names = [*keys, *(["variables"] if "key_vault" in ORDER[: step - 1] else [])]
    return {name: prepared.get(name, [] if name == "variables" else {}) for name in names}


def take_help(setup: Path, place: str, prepared: dict[str, Any]) -> str:
    """Put the prepared tables into a setup file and open the wizard at that screen; gives the sentence that tells the learner.

    What stood in the file is kept beside it. Raises OSError.
    """
    from wizard.workspace.draft import Draft

    kept = setup.with_name(f"{setup.name}.before-help")
    try:
        own = dict(read_setup_file(setup)) if setup.exists() else {}
        if setup.exists():
            replace_file(kept, setup.read_text(encoding="utf-8"))
        write(setup, {**own, **prepared})
        load(setup)
    except AnswersError:  # the learner's own part cannot be used: without it
        setup.unlink(missing_ok=True)
        write(setup, {"format": 1, **prepared})
    draft = Draft.open(setup)
    draft.typed, draft.screen, draft.focus = {}, place, ""
    draft.save()
    title = _("Check everything") if place == "review" else f"{ORDER.index(place) + 1}. {_(SECTIONS[ORDER.index(place)].title)}"
    return _("Your trainer filled in the answers before “{title}”. What stood in {file} is in {kept}.").format(
        title=title, file=setup.name, kept=kept.name
    )
