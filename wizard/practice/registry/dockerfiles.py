"""Dockerfiles read: their instructions, their variables, the images they build on; in Docker's words where that cannot be."""

from __future__ import annotations

import re

import dockerfile

_IGNORED = ("LABEL", "MAINTAINER", "SHELL", "STOPSIGNAL", "HEALTHCHECK", "ONBUILD")
_KNOWN = (*_IGNORED, "FROM", "ARG", "ENV", "COPY", "ADD", "RUN", "WORKDIR", "USER", "EXPOSE", "VOLUME", "CMD", "ENTRYPOINT")
_VARIABLE = re.compile(r"\\(?P<escaped>.)|\$(?P<plain>[A-Za-z_]\w*)|\$\{(?P<braced>[A-Za-z_]\w*)(?::?(?P<sign>[-+])(?P<word>[^}]*))?\}")


class BuildError(Exception):
    """Why a build stops, in Docker's words."""


def base_images(text: str, arguments: dict[str, str]) -> list[str]:
    """The images that a Dockerfile builds on, as the registry's scan for dependencies reads them.

    Raises BuildError in that scan's words, for a FROM line with ``--platform`` too (reference.md 1.6).
    """
    given = dict(arguments)
    stages: list[str] = []
    found: list[str] = []
    for command in parsed(text):
        if command.cmd == "ARG" and not stages:
            name, _, default = command.value[0].partition("=")
            given.setdefault(name, expand(default, given))
        if command.cmd != "FROM":
            continue
        if command.flags or not command.value:
            raise BuildError(f"unable to understand line {command.original}")
        image = expand(command.value[0], given)
        if image.lower() not in stages and image != "scratch":
            found.append(image)
        stages.append(command.value[2].lower() if len(command.value) == 3 else "")
    if not stages:
        raise BuildError("unexpected dockerfile format")
    return found


def parsed(text: str) -> tuple[dockerfile.Command, ...]:
    """The instructions of a Dockerfile; raises BuildError with Docker's parse error."""
    try:
        commands: tuple[dockerfile.Command, ...] = dockerfile.parse_string(text)
    except dockerfile.GoParseError as error:
        raise BuildError(f"dockerfile parse error {error}") from error
    for command in commands:
        if command.cmd not in _KNOWN:
            raise BuildError(f"dockerfile parse error line {command.start_line}: unknown instruction: {command.cmd}")
        if not command.value and not command.json:
            raise BuildError(f"dockerfile parse error line {command.start_line}: {command.cmd} requires at least one argument")
    return commands


def expand(text: str, variables: dict[str, str]) -> str:
    """A word with its variables replaced and its quotes taken off, as Docker's own shell lexer does it."""
    parts: list[str] = []
    for quoted in re.findall(r"'[^']*'|\"(?:\\.|[^\"\\])*\"|(?:\\.|[^'\"\\])+|.", text, re.DOTALL):
        if quoted.startswith("'") and quoted.endswith("'") and len(quoted) > 1:
            parts.append(quoted[1:-1])
        else:
            bare = quoted[1:-1] if quoted.startswith('"') and quoted.endswith('"') and len(quoted) > 1 else quoted
            parts.append(_VARIABLE.sub(lambda match: _value(match, variables), bare))
    return "".join(parts)


def unquoted(text: str) -> str:
    """A word without its quotes."""
    return expand(text, {})


def _value(match: re.Match[str], variables: dict[str, str]) -> str:
    if match["escaped"] is not None:
        return str(match["escaped"])
    name = match["plain"] or match["braced"]
    value = variables.get(name, "")
    if match["sign"] == "-":
        return value or expand(match["word"], variables)
    if match["sign"] == "+":
        return expand(match["word"], variables) if value else ""
    return value
