"""class.toml: what a trainer says of a class, read as strictly as a setup file."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from wizard.platform.language import N_, _
from wizard.sections import name_rules
from wizard.sections.name_rules import NameRule
from wizard.sections.question import Ask
from wizard.setup import answers
from wizard.setup.introspection import questions
from wizard.setup.parsing import read_tables
from wizard.setup.problems import AnswersError, Problem, in_file_order, nearest
from wizard.setup.toml_reader import parsed, text_of
from wizard.setup.validation import disagreements

FORMAT = 1
MOST_LEARNERS = 300  # more than sit in any room; each is looked at by itself
ENVIRONMENT = "dev"
SUFFIX = NameRule(r"[a-z0-9]{1,8}", N_("“{name}” cannot end a name in Azure: use 1 to 8 small letters and digits."))


def check_exercises(names: tuple[str, ...]) -> str | None:
    """Each is one that there is."""
    from wizard.exercises.catalogue import EXERCISES

    known = [exercise.name for exercise in EXERCISES]
    wrong = next((name for name in names if name not in known), None)
    return None if wrong is None else _("There is no exercise '{name}'.").format(name=wrong) + nearest(wrong, known)


def check_address(text: str) -> str | None:
    """One address of a computer."""
    try:
        address = ip_address(text)
    except ValueError:
        return _("“{text}” is no address such as 127.0.0.1 or 192.168.1.10.").format(text=text)
    if address.is_unspecified or address.is_multicast:
        return _("{text} is not the address of one computer: learners need one that they can reach.").format(text=text)
    return None


class Learner(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One ``[[class.learners]]``."""

    name: Annotated[str, Ask(label=N_("Name"), why=N_("What the learner is called, as shown on lists; no need for a real name."))]
    suffix: Annotated[
        str,
        Ask(label=N_("Suffix"), why=N_("Ends this learner's project, so that names in Azure are nobody else's."), check=SUFFIX),
    ] = ""
    account: Annotated[
        str,
        Ask(
            label=N_("Account"), why=N_("In Azure: the learner's user principal name or object id, which gets the rights on its own group.")
        ),
    ] = ""


class Course(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[class]``."""

    title: Annotated[str, Ask(label=N_("Title"), why=N_("What the class is called, for the handout."))]
    language: Annotated[Literal["en", "fr"], Ask(label=N_("Language"), why=N_("The language of the handout."))] = "en"
    project: Annotated[
        str,
        Ask(label=N_("Project"), why=N_("How each learner's project begins; the suffix follows."), check=name_rules.PROJECT),
    ] = "class"
    exercises: Annotated[
        tuple[str, ...],
        Ask(label=N_("Exercises"), why=N_("Which exercises the handout lists; all of them when none is named."), check=check_exercises),
    ] = ()
    answers: Annotated[
        str,
        Ask(
            label=N_("Answers"),
            why=N_("A setup file, beside this one, with the answers that help brings; the starter's when none is named."),
        ),
    ] = ""
    learners: Annotated[
        tuple[Learner, ...], Ask(label=N_("Learners"), why=N_("Who takes part, each with a folder and names of their own."))
    ] = ()


class ClassCloud(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[cloud]``: where the class works."""

    kind: Annotated[
        Literal["practice", "azure"], Ask(label=N_("Cloud"), why=N_("The practice cloud on each laptop, or a subscription in Azure."))
    ] = "practice"
    subscription: Annotated[str, Ask(label=N_("Subscription"), why=N_("The subscription in Azure: its name or its id."))] = ""
    region: Annotated[str, Ask(label=N_("Region"), why=N_("Where in Azure."), check=name_rules.REGION)] = "westeurope"
    budget: Annotated[
        int,
        msgspec.Meta(ge=0, le=100_000),
        Ask(
            label=N_("Budget"),
            why=N_("In Azure: US dollars a month for each learner, at 80 % of which Azure writes to the contact; 0 for none."),
        ),
    ] = 0
    contact: Annotated[str, Ask(label=N_("Contact"), why=N_("The e-mail address to which Azure writes about budgets."))] = ""


class Board(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[board]``: where learners' computers reach the trainer's."""

    listen: Annotated[
        str,
        Ask(
            label=N_("Address"),
            why=N_("The address of this computer on which the board listens: 127.0.0.1 for itself alone."),
            check=check_address,
        ),
    ] = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65535), Ask(label=N_("Port"), why=N_("The port on which the board listens."))] = 8730


TABLES = {"class": Course, "cloud": ClassCloud, "board": Board}


class ClassFile(msgspec.Struct, frozen=True):
    """A whole class.toml; every learner has a suffix."""

    course: Course
    cloud: ClassCloud
    board: Board
    file: Path

    @property
    def learners(self) -> list[Learner]:
        """Everybody, with the suffix given or else one by number: ``01``, ``02``."""
        return [
            learner if learner.suffix else msgspec.structs.replace(learner, suffix=f"{number:02}")
            for number, learner in enumerate(self.course.learners, 1)
        ]

    def project_of(self, learner: Learner) -> str:
        """The name of that learner's project."""
        return f"{self.course.project}-{learner.suffix}"

    def learner(self, name: str) -> Learner | None:
        """Who is called so, or has that suffix."""
        return next((learner for learner in self.learners if name in (learner.name, learner.suffix)), None)

    def folder(self, learner: Learner) -> Path:
        """Where that learner's project lies: beside class.toml, named by the suffix, since names are anybody's text."""
        return self.file.parent / self.project_of(learner)


def read_class(path: Path) -> ClassFile:
    """Read a class.toml. Raises AnswersError with everything that is wrong in it."""
    if not path.exists():
        sentence = _("There is no class file {path}. Name yours, or write one as docs/class.md shows.").format(path=path)
        raise AnswersError([Problem("", sentence)])
    document = parsed(path, text_of(path))
    problems = [
        Problem(key, _("[{table}] is not a table of a class file.").format(table=key) + nearest(key, TABLES))
        for key in document
        if key not in TABLES and key != "format"
    ]
    if document.get("format", FORMAT) != FORMAT:
        problems.append(Problem("format", _("format must be a whole number such as {format}.").format(format=FORMAT)))
    if too_many := _too_many(document):
        raise AnswersError([too_many])
    values, wrong = read_tables({key: value for key, value in document.items() if key in TABLES}, TABLES)
    problems += wrong
    if not problems:
        read = ClassFile(values["class"], values["cloud"], values["board"], path.absolute())
        problems = _disagreements(read)
    if problems:
        raise AnswersError(in_file_order(problems, document))
    return read


def _too_many(document: dict[str, Any]) -> Problem | None:
    """Said before each is looked at."""
    course = document.get("class")
    listed = course.get("learners") if isinstance(course, dict) else None
    if not isinstance(listed, list) or len(listed) <= MOST_LEARNERS:
        return None
    sentence = _("A class has at most {most} learners; there are {number}. Make several classes.")
    return Problem("class.learners", sentence.format(most=MOST_LEARNERS, number=len(listed)))


def _disagreements(read: ClassFile) -> list[Problem]:
    suffixes = [learner.suffix for learner in read.learners]
    problems = []
    for number, suffix in enumerate(suffixes):
        if suffix in suffixes[:number]:
            sentence = _("Two learners have the suffix {suffix}, and so the same names in Azure.").format(suffix=suffix)
            problems.append(Problem(f"class.learners[{number}].suffix", sentence))
    if too_long := next((one for learner in read.learners if (one := _cannot_be_set_up(read, learner))), None):
        problems.append(too_long)
    if read.cloud.kind == "azure" and not read.cloud.subscription:
        problems.append(Problem("cloud.subscription", _('[cloud] subscription is needed with kind = "azure".')))
    if read.cloud.budget and not read.cloud.contact:
        problems.append(Problem("cloud.contact", _("[cloud] contact is needed with a budget: Azure writes to it.")))
    return problems


def _cannot_be_set_up(read: ClassFile, learner: Learner) -> Problem | None:
    """Why the names that follow from a learner's project are none that Azure takes, if so."""
    tables = {name: table for name, table in setup_tables(read, learner).items() if name != "format"}
    values, wrong = read_tables(tables, answers.TABLES)
    wrong = wrong or disagreements(answers.derived(answers.Answers(**values)))
    if not wrong:
        return None
    words = _("The setup of {learner} would be the project “{project}”, which cannot be: {reason}")
    sentence = words.format(learner=learner.suffix, project=read.project_of(learner), reason=wrong[0].sentence)
    return Problem("class.project", sentence)


def setup_tables(read: ClassFile, learner: Learner) -> dict[str, Any]:
    """A learner's azwizard.toml as plain tables."""
    subscription = read.cloud.subscription if read.cloud.kind == "azure" else "Practice subscription"
    return {
        "format": 1,
        "project": {"name": read.project_of(learner), "environment": ENVIRONMENT, "region": read.cloud.region},
        "sign_in": {"subscription": subscription},
        "pipeline": {"build": "registry", "image": "api"},
        "app": {"port": 5000, "health_path": "/health"},
    }


def own_part(read: ClassFile, learner: Learner) -> str:
    """A class.toml that names this learner alone, with which ``class check`` runs in the learner's folder."""
    import tomlkit

    course = {**_named(read.course), "learners": [{"name": learner.name, "suffix": learner.suffix}]}
    cloud = {key: value for key, value in _named(read.cloud).items() if key not in ("budget", "contact")}
    course.pop("answers", None)
    return tomlkit.dumps({"format": FORMAT, "class": course, "cloud": cloud, "board": _named(read.board)})


def _named(table: msgspec.Struct) -> dict[str, Any]:
    """What differs from its default, but for lists of tables."""
    values = {question.key: getattr(table, question.key) for question in questions(type(table)) if not question.item}
    defaults = {question.key: question.default for question in questions(type(table))}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items() if value != defaults[key]}
