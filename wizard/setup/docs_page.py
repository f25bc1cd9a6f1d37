"""The page docs/setup-file.md, written from the questions themselves: ``python -m wizard.setup.docs_page > docs/setup-file.md``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wizard.platform.language import _
from wizard.sections import SECTIONS
from wizard.sections.project import Project
from wizard.setup.answers import TABLES, Answers, derived
from wizard.setup.introspection import Question, questions

INTRODUCTION = """\
# The setup file: azwizard.toml

One file describes one API in one environment. It is [TOML](https://toml.io), it belongs beside your code, and it never holds the value of a
secret: commit it. The wizard writes it; you may write it by hand. Only `name` in `[project]` is needed, everything else has a default
or is derived from it. An unknown key is an error that names the nearest known one.

Your editor can complete and check it, the rules of names included: `azwizard schema > azwizard.schema.json` writes the JSON Schema beside
the setup file. A new setup file begins with the line `#:schema ./azwizard.schema.json`, which Even Better TOML, Taplo and Tombi read.

    format = 1

    [project]
    name = "orders"

For one run only, `--set section.key=value` (such as `--set app.cpu=0.5`) takes the place of an answer; nothing is saved.

What exists already and belongs to others is named with `existing = true`, and with `resource_group` where that is another one than yours:
such a thing is used as it is, never changed and never deleted.

Several environments in one file are [stages](stages.md): `[stages.prod.app]` says what is different there.

This page is written by `python -m wizard.setup.docs_page`.
"""


def page() -> str:
    """The whole page, in Markdown. Derived answers are shown for a project called ``orders``."""
    example = derived(Answers(project=Project(name="orders")))
    about = {section.key: section for section in SECTIONS if section.key}
    parts = [INTRODUCTION]
    for name, answers_type in TABLES.items():
        bracketed = f"[[{name}]]" if name == "variables" else f"[{name}]"
        parts.append(f"## {bracketed} {_(about[name].title)}\n\n{_(about[name].why)}\n")
        parts.append(_table(answers_type, None if name == "variables" else getattr(example, name)))
        for question in questions(answers_type):
            if question.item:
                parts.append(f"### [[{name}.{question.key}]] {_(question.ask.label)}\n\n{_(question.ask.why)}\n")
                parts.append(_table(question.item, None))
    return "\n".join(parts)


def _table(answers_type: type, example: Any) -> str:
    return "\n".join(("| Key | What | Values | Without it |", "|---|---|---|---|", *_rows(answers_type, example), ""))


def _rows(answers_type: type, example: Any) -> Iterator[str]:
    for question in questions(answers_type):
        if not question.item:
            what = f"{_(question.ask.label)}. {_(question.ask.why)}".replace("|", "\\|").replace("<", "&lt;")
            yield f"| `{question.key}` | {what} | {_values(question)} | {_without(question, example)} |"


def _values(question: Question) -> str:
    if question.choices:
        return ", ".join(f"`{choice}`" for choice in question.choices)
    if question.kind is int and question.least is not None:
        return f"{question.least} to {question.most}"
    return {str: "text", int: "whole number", float: "number", bool: "`true`, `false`", tuple: "list of texts", dict: "table of texts"}[
        question.kind
    ]


def _without(question: Question, example: Any) -> str:
    if question.required:
        return "needed"
    if question.ask.derive:
        derived_value = getattr(example, question.key)
        return f"derived: `{derived_value}`" if derived_value else "derived, or none"
    if question.default in ("", None, ()):
        return "none"
    shown = str(question.default).lower() if isinstance(question.default, bool) else str(question.default)
    return f"`{shown}`"


if __name__ == "__main__":
    print(page(), end="")
