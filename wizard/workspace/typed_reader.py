"""What was typed into a setup, read as answers: right or wrong, with all that is wrong at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wizard.platform.language import _
from wizard.platform.phrases import quoted
from wizard.sections import name_rules
from wizard.sections.storage import Share
from wizard.sections.variables import Variable
from wizard.setup.answers import TABLES, Answers, derived
from wizard.setup.env_table import EnvEntry, Place, entries_of, secrets_and_variables
from wizard.setup.introspection import Question, questions
from wizard.setup.parsing import read_text
from wizard.setup.problems import Problem, place
from wizard.setup.stages import STAGES, clashes
from wizard.setup.validation import disagreements

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


class TypedReader:
    """Reads what was typed over what the setup file says.

    :param typed: place -> text, switch, or the lines of a table.
    :param base: the answers of the file, or of one of its stages; `others` are those of its other stages.
    :param problems: place -> what is wrong there, in a sentence; filled while it reads, and `lacking` with it.
    """

    def __init__(self, typed: Mapping[str, Any], base: Answers, others: Sequence[Answers] = ()) -> None:
        self._typed, self._base, self._others = typed, base, others
        self.problems: dict[str, str] = {}
        self.lacking: list[str] = []

    def read(self) -> Reading:
        """Everything that was typed, read as answers, with all that is wrong at once."""
        values: dict[str, Any] = {}
        for name, table_type in TABLES.items():
            if name != VARIABLES:
                values[name] = self._table(name, table_type)
        secrets, variables, numbers = self._variables()
        values["key_vault"] = _with(values["key_vault"], secrets=secrets)
        result = Answers(**values, variables=variables, file=self._base.file, stage=self._base.stage)
        answers = derived(result)
        for problem in disagreements(answers) if "project.name" not in (*self.problems, *self.lacking) else ():
            where = _renumbered(problem.where, numbers)
            self.problems.setdefault(where, _without_place(problem))
        for problem in (clash for other in self._others for clash in clashes(other, answers)):
            where = problem.where.removeprefix(f"{STAGES}.{answers.stage}.")
            self.problems.setdefault(where, _without_place(problem, place(where)))
        return Reading(answers, result, self.problems, self.lacking)

    def _table(self, name: str, table_type: Any) -> Any:
        """One table; what is wrong in it keeps its default."""
        values: dict[str, Any] = {}
        for question in questions(table_type):
            where = f"{name}.{question.key}"
            if where == SHARES:
                values[question.key] = self._shares()
            elif where in self._typed and question.kind is not tuple:
                values[question.key] = _value(self._typed[where], question, where, self.problems)
            else:
                values[question.key] = getattr(getattr(self._base, name), question.key)
            if question.required and values[question.key] == "" and where not in self.problems:
                self.lacking.append(where)
        return table_type(**values)

    def _shares(self) -> tuple[Share, ...]:
        shares = []
        for number, line in enumerate(lines_of(SHARES, self._typed, self._base)):
            values: dict[str, Any] = {}
            for question in questions(Share):
                where = f"{SHARES}[{number}].{question.key}"
                values[question.key] = _value(line.get(question.key, ""), question, where, self.problems)
                if question.required and not values[question.key] and where not in self.problems:
                    self.lacking.append(where)
            shares.append(Share(**values))
        return tuple(shares)

    def _variables(self) -> tuple[tuple[str, ...], tuple[Variable, ...], list[int]]:
        """Secrets, variables, and the line of the table that each variable stands in."""
        table: list[EnvEntry] = []
        numbers: list[int] = []
        for number, line in enumerate(lines_of(VARIABLES, self._typed, self._base)):
            entry = EnvEntry(line["name"].strip(), Place(line["place"]), line["secret"], line["value"])
            where = f"{VARIABLES}[{number}].name"
            if entry.place is Place.OUT or not (entry.name or entry.secret):
                continue
            sentence = name_rules.VARIABLE(entry.name) if entry.name else None
            if entry.place is Place.LOCKED and not sentence:
                sentence = name_rules.EXISTING_SECRET(entry.secret)
            if sentence:
                self.problems[where] = sentence
                continue
            table.append(entry)
            if entry.is_unfilled and line.get("required"):
                self.lacking.append(f"{VARIABLES}[{number}].value")
            if entry.name and not entry.is_unfilled:
                numbers.append(number)
        return *secrets_and_variables(table), numbers


def lines_of(where: str, typed: Mapping[str, Any], base: Answers) -> list[dict[str, Any]]:
    """The lines of a table (`SHARES` or `VARIABLES`), as they stand on the screen."""
    if where in typed:
        return [dict(line) for line in typed[where]]
    if where == SHARES:
        return [_share_line(share) for share in base.storage.shares]
    return [{"name": item.name, "place": str(item.place), "secret": item.secret, "value": item.value} for item in entries_of(base)]


def _share_line(share: Share) -> dict[str, Any]:
    return {
        "designation": share.designation,
        "mount": share.mount,
        "access": share.access,
        "nobrl": share.nobrl,
        "quota": str(share.quota),
    }


def _value(typed: Any, question: Question, where: str, problems: dict[str, str]) -> Any:
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


def _with(table: Any, **values: Any) -> Any:
    import msgspec

    return msgspec.structs.replace(table, **values)
