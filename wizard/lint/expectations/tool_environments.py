"""Packages that a tool installs into an environment of its own, and a start that does not look there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.source.text_file import read_text


@dataclass(frozen=True)
class Tool:
    """A tool, as its own documentation describes its environments.

    :param installs: the line that fills its environment.
    :param shared: what in a RUN line lets it install among the image's own packages instead.
    :param variables: variables that do the same, or put the environment where PATH finds it.
    """

    name: str
    installs: re.Pattern[str]
    shared: re.Pattern[str]
    variables: tuple[str, ...]


TOOLS = (
    Tool(
        "poetry",
        re.compile(r"\bpoetry (?:-\S+ )*(install|sync)\b"),
        re.compile(r"virtualenvs\.create[ =\"']+(false|0)|poetry export"),
        ("POETRY_VIRTUALENVS_CREATE",),
    ),
    Tool(
        "pipenv",
        re.compile(r"\bpipenv (?:-\S+ )*(install|sync)\b"),
        re.compile(r"--system|pipenv (requirements|lock -r)"),
        ("PIPENV_SYSTEM",),
    ),
    Tool("uv", re.compile(r"\buv sync\b"), re.compile(r"uv export|uv pip install"), ("UV_PROJECT_ENVIRONMENT", "UV_SYSTEM_PYTHON")),
    Tool(
        "pdm",
        re.compile(r"\bpdm (?:-\S+ )*(install|sync)\b"),
        re.compile(r"use_venv[ =\"']+false|pdm export|--global"),
        ("PDM_USE_VENV",),
    ),
)
FOUND = re.compile(r"venv|/\.local/share|/poetry/|\bVIRTUAL_ENV\b", re.IGNORECASE)
"""What shows that a Dockerfile knows where an environment lies, in a variable, a path or a RUN line."""


def check_tool_environment(project: CodeProject) -> Iterator[Finding]:
    """Poetry, Pipenv, uv and PDM make an environment; only their ``run``, or a PATH that names it, finds what lies there."""
    command = project.command
    if command is None or not (command.server or project.start.server):
        return
    runs = " ; ".join(" ".join(item.words) for item in project.docker.instructions if item.name == "RUN")
    tool = next((tool for tool in TOOLS if tool.installs.search(runs)), None)
    if tool is None or tool.shared.search(runs) or any(project.docker.environment.get(name) for name in tool.variables):
        return
    started = " ".join(word for line in (project.docker.entrypoint, project.docker.cmd) if line is not None for word in line.words)
    script = read_text(command.script.path) if command.script is not None else ""
    around = " ".join((runs, started, script, *(f"{name}={value}" for name, value in project.docker.environment.items())))
    if re.search(rf"\b{tool.name}x? (?:\S+ )*?run\b", f"{started} {script}") or FOUND.search(around):
        return
    sentence = _(
        "{tool} installs into an environment of its own, which {server} is not started from: it would find neither itself nor your "
        "packages. Start it with {tool} run."
    )
    line = command.instruction
    right = ""
    if command.script is None and line.as_json:
        right = f"{line.name} {json.dumps([tool.name, 'run', *line.words], ensure_ascii=False)}"
    elif command.script is None and not re.search(r"&&|;|\|", " ".join(line.words)):
        text = " ".join(line.words).removeprefix("exec ")
        right = f"{line.name} exec {tool.name} run {text}"
    server = command.server or project.start.server
    yield project.of_command("tool-environment", Severity.ERROR, command, sentence.format(tool=tool.name, server=server), right)
