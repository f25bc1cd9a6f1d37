"""Answers read from azwizard.toml, overridden for one run, resolved, and written back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from wizard.platform.language import _
from wizard.sections.project import Project
from wizard.setup.answers import TABLES, Answers, derived
from wizard.setup.introspection import Question, questions
from wizard.setup.parsing import read_tables, read_text
from wizard.setup.problems import AnswersError, Problem, in_file_order, nearest
from wizard.setup.stages import STAGES, base_stage, clashes, for_stage, split
from wizard.setup.toml_reader import read_setup_file
from wizard.setup.validation import disagreements


def load(path: Path, stage: str = "") -> Answers:
    """Read a setup file. What is derived stays empty: see `resolve`.

    :param stage: one of its stages; the top of the file where it is "" or names the environment there.

    Raises AnswersError with everything that is wrong with it, in the file's order.
    """
    top, stages = split(read_setup_file(path))
    document = for_stage(top, stages, stage)
    values, problems = read_tables(document, TABLES)
    if problems:
        readable = Answers(**{"project": Project(name="unknown"), **values})
        problems += disagreements(derived(readable), skip=[problem.where for problem in problems])
        raise AnswersError(in_file_order(problems, document))
    return Answers(**values, file=path, stage=stage if stage in stages else "")


def stages_of(path: Path) -> list[str]:
    """The names of a setup file's stages, the one at its top first. Raises AnswersError."""
    top, stages = split(read_setup_file(path))
    return list(dict.fromkeys([base_stage(top), *stages]))


def override(answers: Answers, settings: Iterable[str]) -> Answers:
    """Other answers for this run, such as ``app.cpu=0.5``: keys as in the file, one value each, typed as the question wants.

    Raises AnswersError.
    """
    problems: list[Problem] = []
    for setting in settings:
        try:
            answers = _overridden(answers, setting)
        except AnswersError as error:
            problems += error.problems
    if problems:
        raise AnswersError(problems)
    return answers


def resolve(answers: Answers) -> Answers:
    """The answers with every empty one that follows from others filled in, checked together.

    Raises AnswersError when they contradict each other, or when a derived name is none that Azure takes.
    """
    resolved = derived(answers)
    problems = disagreements(resolved)
    if answers.stage and not problems:
        others = [stage for stage in stages_of(answers.file) if stage != answers.stage]
        problems = [problem for stage in others for problem in clashes(derived(load(answers.file, stage)), resolved)]
    if problems:
        raise AnswersError(problems)
    return resolved


def write(path: Path, answers: Answers | Mapping[str, Any]) -> None:
    """Write answers, or their plain tables, to a setup file: wholly or not at all. Comments of an existing file stay.

    Raises AnswersError when the existing file is not TOML, OSError when the file cannot be written.
    """
    from wizard.setup.toml_writer import write_setup_file

    if isinstance(answers, Answers):
        written = read_setup_file(path) if path.exists() else {}
        answers = _in_its_stage(answers, written) if answers.stage else tables(answers, written)
    write_setup_file(path, answers)


def _in_its_stage(answers: Answers, written: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of a setup file with the answers of a stage in it: what is as at the top stands there alone. Raises AnswersError."""
    top, stages = split(written)
    stage = stages.get(answers.stage, {})
    said = tables(answers, for_stage(top, stages, answers.stage))
    del said["format"]
    said["project"].pop("environment", None)
    different = {name: _different(table, top.get(name, {}), stage.get(name, {})) for name, table in said.items()}
    return {**written, STAGES: {**stages, answers.stage: {name: table for name, table in different.items() if table is not None}}}


def _different(table: Any, top: Any, stage: Any) -> Any:
    """What a stage says of a table: a list whole, else the keys that are not as at the top; None where it says nothing of it."""
    if not isinstance(table, Mapping):
        return None if table == top and not stage else table
    return {key: value for key, value in table.items() if key in stage or key not in top or top[key] != value} or None


def add_stage(path: Path, name: str) -> None:
    """Begin a stage in a setup file, which is as the top of the file until it says something. Raises AnswersError, OSError."""
    from wizard.setup.toml_writer import write_setup_file

    written = read_setup_file(path)
    document = {**written, STAGES: {name: {}} | dict(written.get(STAGES, {}))}
    split(document)
    write_setup_file(path, document)


def in_stage(answers: Answers, name: str) -> dict[str, Any]:
    """What the setup file says of a table in the stage of the answers. Raises AnswersError."""
    return dict(read_setup_file(answers.file)[STAGES][answers.stage].get(name) or {})


def write_in_stage(answers: Answers, name: str, values: Mapping[str, Any]) -> None:
    """Give a table of the setup file exactly these values in the stage of the answers. Raises AnswersError, OSError."""
    from wizard.setup.toml_writer import write_setup_file

    written = read_setup_file(answers.file)
    stage = {**written[STAGES][answers.stage], name: dict(values)}
    stage = {table: content for table, content in stage.items() if content}
    write_setup_file(answers.file, {**written, STAGES: {**written[STAGES], answers.stage: stage}})


def tables(answers: Answers, written: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The answers as the plain tables of azwizard.toml.

    :param written: tables of an existing file; what equals its default is named only where they name it.
    """
    written = written or {}
    plain: dict[str, Any] = {"format": 1} | ({STAGES: written[STAGES]} if STAGES in written else {})
    for name in TABLES:
        table = _plain(getattr(answers, name), written.get(name))
        if table or name in written:
            plain[name] = table
    return plain


def _plain(value: Any, written: Any) -> Any:
    if isinstance(value, tuple):
        earlier = list(written or [])
        return [_plain(item, earlier[number] if number < len(earlier) else None) for number, item in enumerate(value)]
    if not isinstance(value, msgspec.Struct):
        return value
    named = written if isinstance(written, Mapping) else {}
    return {
        question.key: _plain(inner, named.get(question.key))
        for question in questions(value.__class__)
        if (inner := getattr(value, question.key)) != question.default or question.key in named
    }


def _overridden(answers: Answers, setting: str) -> Answers:
    """The answers with one setting. Raises AnswersError."""
    where, equals, text = setting.partition("=")
    where = where.strip()
    name, dot, key = where.partition(".")
    option = f"--set {setting if not equals else where}"
    if not (equals and dot):
        raise AnswersError(
            [Problem(option, _("“{option}” is not of the form --set section.key=value, such as --set app.cpu=0.5.").format(option=option))]
        )
    key, _dot, inner = key.partition(".")
    question = _question(name, key)
    if question is None or (inner and question.kind is not dict):
        known = [
            f"{table}.{q.key}"
            for table, table_type in TABLES.items()
            if table != "variables"
            for q in questions(table_type)
            if q.kind is not tuple
        ]
        raise AnswersError([Problem(option, _("{option}: there is no such key.").format(option=option) + nearest(where, known))])
    if question.kind is tuple:
        raise AnswersError([Problem(option, _("{option}: it is a list; write it in the setup file.").format(option=option))])
    value, problems = read_text(f"{inner}={text.strip()}" if inner else text.strip(), question, option)
    if inner and not problems:
        value = getattr(getattr(answers, name), key) | value
    if problems:
        raise AnswersError(problems)
    table = msgspec.structs.replace(getattr(answers, name), **{key: value})
    return msgspec.structs.replace(answers, **{name: table})


def label_of(field: str) -> str:
    """What a screen calls a field such as ``app.health_path``."""
    question = _question(*field.split(".", 1))
    return _(question.ask.label) if question is not None else field


def _question(name: str, key: str) -> Question | None:
    every: Sequence[Question] = questions(TABLES[name]) if name in TABLES and name != "variables" else ()
    return next((question for question in every if question.key == key), None)
