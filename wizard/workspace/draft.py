"""What was typed into a setup, right or wrong, kept with every keystroke; the setup file itself only ever gets what is right."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from wizard.platform.folders import write_private
from wizard.platform.language import _
from wizard.platform.phrases import quoted
from wizard.sections import name_rules
from wizard.sections.project import Project
from wizard.sections.storage import Share
from wizard.sections.variables import Variable
from wizard.setup.answers import TABLES, Answers, derived
from wizard.setup.env_table import EnvEntry, Place, entries_of, secrets_and_variables
from wizard.setup.introspection import Question, questions
from wizard.setup.loading import load, tables, write
from wizard.setup.parsing import read_text, shown_value
from wizard.setup.problems import Problem, place
from wizard.setup.validation import disagreements
from wizard.workspace.draft_store import drafts_folder, read_draft

SHARES = "storage.shares"
VARIABLES = "variables"


@dataclass(frozen=True)
class Reading:
    """What a draft comes to.

    :param answers: with derived values; what is wrong or missing has its default.
    :param given: the same without derived values, as it is written to the setup file.
    :param problems: place -> what is wrong there, in a sentence without the place.
    :param lacking: places that need an answer and have none, such as ``variables[2].value`` for a variable that the code cannot do
        without. Nothing is wrong with that until it is needed.
    """

    answers: Answers
    given: Answers
    problems: Mapping[str, str]
    lacking: Sequence[str]

    def problems_in(self, table: str) -> list[str]:
        """The sentences about one table."""
        return [sentence for where, sentence in self.problems.items() if where.startswith(table)]


@dataclass
class Draft:
    """One setup while a person works on it.

    :param typed: place -> text, switch, or the lines of a table (``storage.shares``, ``variables``), where they differ from the file.
    :param screen: where the person is, and `focus` the field.
    :param cloud: where it was last looked at: kind, tenant and subscription, for its journal.
    :param confirmed: the digest of the answers for which the person typed the setup's name, until that run came to its end.
    :param unwritten: why the setup file could not be written the last time; "" when it could.
    """

    file: Path
    base: Answers
    typed: dict[str, Any] = field(default_factory=dict)
    screen: str = ""
    focus: str = ""
    cloud: dict[str, str] = field(default_factory=dict)
    confirmed: str = ""
    unwritten: str = ""
    _as_left: tuple[object, object] | None = None

    @classmethod
    def open(cls, file: Path) -> Draft:
        """The draft of a setup file, which need not exist yet. Raises AnswersError when the file cannot be used.

        A file that was changed by hand since counts more than what was typed before.
        """
        file = file.absolute()
        draft = cls(file, load(file)) if file.exists() else cls.blank(file)
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

    @cached_property
    def kept_in(self) -> Path:
        """Where the draft lies, outside the project."""
        return drafts_folder() / f"{hashlib.sha256(str(self.file).encode()).hexdigest()[:16]}.json"

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
        theirs = Draft.open(self.file)
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
        if where in self.typed:
            return [dict(line) for line in self.typed[where]]
        if where == SHARES:
            return [_share_line(share) for share in self.base.storage.shares]
        return [{"name": item.name, "place": str(item.place), "secret": item.secret, "value": item.value} for item in entries_of(self.base)]

    def read(self) -> Reading:
        """Everything that was typed, read as answers, with all that is wrong at once."""
        problems: dict[str, str] = {}
        lacking: list[str] = []
        values: dict[str, Any] = {}
        for name, table_type in TABLES.items():
            if name != VARIABLES:
                values[name] = self._table(name, table_type, problems, lacking)
        secrets, variables, numbers = self._variables(problems, lacking)
        values["key_vault"] = _with(values["key_vault"], secrets=secrets)
        result = Answers(**values, variables=variables, file=self.file)
        answers = derived(result)
        for problem in disagreements(answers) if "project.name" not in (*problems, *lacking) else ():
            where = _renumbered(problem.where, numbers)
            problems.setdefault(where, _without_place(problem))
        return Reading(answers, result, problems, lacking)

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

    def _table(self, name: str, table_type: Any, problems: dict[str, str], lacking: list[str]) -> Any:
        """One table; what is wrong in it keeps its default."""
        values: dict[str, Any] = {}
        for question in questions(table_type):
            where = f"{name}.{question.key}"
            if where == SHARES:
                values[question.key] = self._shares(problems, lacking)
            elif where in self.typed and question.kind is not tuple:
                values[question.key] = read_typed(self.typed[where], question, where, problems)
            else:
                values[question.key] = getattr(getattr(self.base, name), question.key)
            if question.required and values[question.key] == "" and where not in problems:
                lacking.append(where)
        return table_type(**values)

    def _shares(self, problems: dict[str, str], lacking: list[str]) -> tuple[Share, ...]:
        shares = []
        for number, line in enumerate(self.lines(SHARES)):
            values: dict[str, Any] = {}
            for question in questions(Share):
                where = f"{SHARES}[{number}].{question.key}"
                values[question.key] = read_typed(line.get(question.key, ""), question, where, problems)
                if question.required and not values[question.key] and where not in problems:
                    lacking.append(where)
            shares.append(Share(**values))
        return tuple(shares)

    def _variables(self, problems: dict[str, str], lacking: list[str]) -> tuple[tuple[str, ...], tuple[Variable, ...], list[int]]:
        """Secrets, variables, and the line of the table that each variable stands in."""
        table: list[EnvEntry] = []
        numbers: list[int] = []
        for number, line in enumerate(self.lines(VARIABLES)):
            entry = EnvEntry(line["name"].strip(), Place(line["place"]), line["secret"], line["value"])
            where = f"{VARIABLES}[{number}].name"
            if entry.place is Place.OUT or not (entry.name or entry.secret):
                continue
            sentence = name_rules.VARIABLE(entry.name) if entry.name else None
            if entry.place is Place.LOCKED and not sentence:
                sentence = name_rules.EXISTING_SECRET(entry.secret)
            if sentence:
                problems[where] = sentence
                continue
            table.append(entry)
            if entry.is_unfilled and line.get("required"):
                lacking.append(f"{VARIABLES}[{number}].value")
            if entry.name and not entry.is_unfilled:
                numbers.append(number)
        return *secrets_and_variables(table), numbers


def read_typed(typed: Any, question: Question, where: str, problems: dict[str, str]) -> Any:
    """The value of a field; its default, and a sentence in `problems`, when it is wrong."""
    if isinstance(typed, bool):
        return typed
    text = str(typed).strip()
    empty = "" if question.required else question.default
    if text == "":
        return empty
    named = quoted(_(question.ask.label))
    value, problem = read_text(text, question, named)
    if problem:
        problems[where] = _without_place(problem[0], named)
        return empty
    return value


def _without_place(problem: Problem, named: str = "") -> str:
    sentence = problem.sentence.removeprefix(f"{named or place(problem.where)}: ")
    return sentence[:1].upper() + sentence[1:]


def _renumbered(where: str, numbers: Sequence[int]) -> str:
    """A place among the variables, as a line of the table."""
    if not where.startswith(f"{VARIABLES}["):
        return where
    number, _bracket, _key = where.removeprefix(f"{VARIABLES}[").partition("]")
    return f"{VARIABLES}[{numbers[int(number)]}].name"


def _share_line(share: Share) -> dict[str, Any]:
    return {
        "designation": share.designation,
        "mount": share.mount,
        "access": share.access,
        "nobrl": share.nobrl,
        "quota": str(share.quota),
    }


def _with(table: Any, **values: Any) -> Any:
    import msgspec

    return msgspec.structs.replace(table, **values)


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
