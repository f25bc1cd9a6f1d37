"""What was typed into a setup, right or wrong, kept with every keystroke; the setup file itself only ever gets what is right."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from wizard.platform.folders import write_private
from wizard.sections.project import Project
from wizard.setup.answers import Answers, derived
from wizard.setup.introspection import Question
from wizard.setup.loading import load, stages_of, tables, write
from wizard.setup.parsing import shown_value
from wizard.workspace.draft_store import drafts_folder, read_draft
from wizard.workspace.typed_reader import VARIABLES, Reading, TypedReader, lines_of


@dataclass
class Draft:
    """One setup while a person works on it.

    :param typed: place -> text, switch, or the lines of a table (``storage.shares``, ``variables``), where they differ from the file.
    :param screen: where the person is, and `focus` the field.
    :param cloud: where it was last looked at: kind, tenant and subscription, for its journal.
    :param confirmed: the digest of the answers for which the person typed the setup's name, until that run came to its end.
    :param unwritten: why the setup file could not be written the last time; "" when it could.
    :param others: the other stages of the file, with which a stage must not share a name in Azure.
    """

    file: Path
    base: Answers
    typed: dict[str, Any] = field(default_factory=dict)
    screen: str = ""
    focus: str = ""
    cloud: dict[str, str] = field(default_factory=dict)
    confirmed: str = ""
    unwritten: str = ""
    others: Sequence[Answers] = ()
    _as_left: tuple[object, object] | None = None

    @classmethod
    def open(cls, file: Path, stage: str = "") -> Draft:
        """The draft of a setup file, which need not exist yet, in one of its stages. Raises AnswersError when the file cannot be used.

        A file that was changed by hand since counts more than what was typed before.
        """
        file = file.absolute()
        draft = cls(file, load(file, stage)) if file.exists() else cls.blank(file)
        draft.others = _other_stages(draft.base)
        saved = read_draft(draft.kept_in)
        draft.confirmed = saved.get("confirmed", "")
        draft.screen, draft.focus, draft.cloud = saved.get("screen", ""), saved.get("focus", ""), saved.get("cloud", {})
        if saved.get("digest", "") == _digest(file):
            draft.typed = saved.get("typed", {})
        draft._as_left = draft._state()
        return draft

    @classmethod
    def blank(cls, file: Path) -> Draft:
        """A draft with nothing in it, for a setup that does not exist yet."""
        return cls(file.absolute(), Answers(project=Project(name=""), file=file.absolute()))

    @property
    def stage(self) -> str:
        """The stage under ``[stages]`` that is worked on; "" for the top of the file."""
        return self.base.stage

    @cached_property
    def kept_in(self) -> Path:
        """Where the draft lies, outside the project."""
        place = f"{self.file}#{self.stage}" if self.stage else str(self.file)
        return drafts_folder() / f"{hashlib.sha256(place.encode()).hexdigest()[:16]}.json"

    @property
    def is_new(self) -> bool:
        """Whether nothing was typed and there is no file."""
        return not self.typed and not self.file.exists()

    def put(self, where: str, value: Any) -> None:
        """Keep what was typed at a place. The value of an entry that is locked away never belongs here."""
        self.typed[where] = value
        self.save()

    def forget(self, where: str) -> None:
        """Go back to what the file says, or to what follows from the other answers."""
        self.typed.pop(where, None)
        self.save()

    def save(self) -> None:
        """Put it on the disk now."""
        content = {
            "file": str(self.file),
            "stage": self.stage,
            "digest": _digest(self.file),
            "at": time.time(),
            "screen": self.screen,
            "focus": self.focus,
            "cloud": self.cloud,
            "confirmed": self.confirmed,
            "typed": self.typed,
        }
        write_private(self.kept_in, json.dumps(content, ensure_ascii=False))
        self._as_left = self._state()

    def others_changes(self) -> Draft | None:
        """The draft as another wizard on this computer, or an editor, has made it since; None when nothing in it is different.

        Raises AnswersError when the setup file cannot be used any more.
        """
        if self._as_left in (None, self._state()):
            return None
        theirs = Draft.open(self.file, self.stage)
        theirs.screen, theirs.focus, theirs.cloud = self.screen, self.focus, self.cloud
        if (theirs.typed, tables(theirs.base)) == (self.typed, tables(self.base)):
            self._as_left = theirs._as_left
            return None
        return theirs

    def _state(self) -> tuple[object, object]:
        """What is different once somebody has saved the draft or written the setup file: neither is read for that."""
        return _file_state(self.kept_in), _file_state(self.file)

    def confirm(self, answers: Answers | None) -> None:
        """The person agreed to make exactly these answers; None when that is done with."""
        self.confirmed = _digest_of(answers) if answers else ""
        self.save()

    def is_confirmed(self, answers: Answers) -> bool:
        """Whether the person agreed to exactly these answers, and the run that followed did not come to its end."""
        return self.confirmed == _digest_of(answers)

    def shown(self, where: str, question: Question, answers: Answers) -> Any:
        """What stands in a field: what was typed, else the answer with what follows from others."""
        if where in self.typed:
            return self.typed[where]
        if question.ask.derive and not answers.project.name:
            return ""
        table, _dot, key = where.partition(".")
        value = getattr(getattr(answers, table), key)
        return value if question.kind is bool else shown_value(value)

    def lines(self, where: str) -> list[dict[str, Any]]:
        """The lines of a table, as they stand on the screen."""
        return lines_of(where, self.typed, self.base)

    def read(self) -> Reading:
        """Everything that was typed, read as answers, with all that is wrong at once."""
        return TypedReader(self.typed, self.base, self.others).read()

    def write_setup(self) -> bool:
        """Write the setup file when everything is right; False, with the file as it was, when something is not or it cannot be written."""
        reading = self.read()
        if reading.problems or reading.lacking:
            self.save()
            return False
        if not self.file.exists() or tables(reading.given) != tables(self.base):
            try:
                write(self.file, reading.given)
            except OSError as error:
                self.unwritten = error.strerror or str(error)
                self.save()
                return False
        self.unwritten = ""
        self.base = reading.given
        self.typed = {where: value for where, value in self.typed.items() if where == VARIABLES}
        self.save()
        return True


def _other_stages(base: Answers) -> list[Answers]:
    """What the other stages of its file come to, for answers of a stage. Raises AnswersError."""
    return [derived(load(base.file, stage)) for stage in stages_of(base.file) if stage != base.stage] if base.stage else []


def _digest_of(answers: Answers) -> str:
    return hashlib.sha256(json.dumps(tables(answers), sort_keys=True).encode()).hexdigest()


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def _file_state(file: Path) -> object:
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_ino, state.st_mtime_ns, state.st_size
