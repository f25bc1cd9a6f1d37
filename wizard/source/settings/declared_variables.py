"""The variables that files beside the code name: docker-compose.yml, .env.example, .flaskenv. A real .env is never read here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from wizard.platform.secret_names import is_placeholder
from wizard.source.compose.service import read_compose
from wizard.source.settings.variable_use import VariableUse
from wizard.source.text_file import read_lines

EXAMPLES = (
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    "env.example",
    "example.env",
    ".env-example",
    ".env.defaults",
    "sample.env",
)
QUOTED = re.compile(r"""(["'])(.*?)\1\s*(?:\#.*)?""")
"""A value in quotes, which a remark may follow."""
ENTRY = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def declared_variables(folder: Path) -> list[VariableUse]:
    """Every variable that a file beside the code names, none of them required."""
    values: list[tuple[str, str | None, str]] = []
    compose = read_compose(folder)
    if compose is not None:
        values += [(name, value, f"{compose.file}:{compose.line_of(name)}") for name, value in compose.environment.items()]
    for example in dict.fromkeys([*EXAMPLES, *(compose.env_files if compose is not None else ())]):
        for number, line in enumerate(read_lines(folder / example), 1):
            if entry := ENTRY.fullmatch(line):
                values.append((entry[1], example_value(entry[2]), f"{example}:{number}"))
    others = frozenset(compose.others) if compose is not None else frozenset()
    return [
        VariableUse(name, None, False, where, in_code=False, example=None if value and _names_service(value, others) else value)
        for name, value, where in values
    ]


def _names_service(value: str, services: frozenset[str]) -> bool:
    """Whether a value is the address of another service of the compose file, which nobody else knows by that name."""
    return any(re.search(rf"(?:^|[@/,]){re.escape(name)}(?=[:/,?]|$)", value) for name in services)


def example_value(text: str) -> str | None:
    """The value that an example gives; None where it only holds the place of one."""
    value = text.strip()
    quoted = QUOTED.fullmatch(value)
    value = quoted[2] if quoted else re.sub(r"(^|\s+)#.*", "", value)
    return None if not value or is_placeholder(value) else value


def flask_environment(folder: Path) -> dict[str, str]:
    """What .flaskenv says, which ``flask run`` reads."""
    variables: dict[str, Any] = {}
    for line in read_lines(folder / ".flaskenv"):
        if entry := ENTRY.fullmatch(line):
            variables[entry[1]] = example_value(entry[2]) or ""
    return variables
