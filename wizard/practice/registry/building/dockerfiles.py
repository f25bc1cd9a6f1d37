"""Dockerfiles read for a build: the images they build on; in Docker's words where that cannot be."""

from __future__ import annotations

from wizard.containers.dockerfile_parser import Command, DockerfileSyntaxError, NoStageError, parse
from wizard.containers.dockerfile_rules import check
from wizard.containers.dockerfile_stages import read_stages


class BuildError(Exception):
    """Why a build stops, in Docker's words."""


def base_images(text: str, arguments: dict[str, str]) -> list[str]:
    """The images that a Dockerfile builds on, as the registry's scan for dependencies reads them.

    Raises BuildError in that scan's words, for a FROM line with ``--platform`` too (reference.md 1.6).
    """
    for command in parsed(text):
        if command.name == "FROM" and command.flags:
            raise BuildError(f"unable to understand line {command.original}")
    try:
        stages = read_stages(text, arguments)
    except NoStageError as error:
        raise BuildError("unexpected dockerfile format") from error
    except DockerfileSyntaxError as error:
        raise parse_error(error) from error
    return [stage.image for stage in stages if stage.parent is None and stage.image != "scratch"]


def parsed(text: str) -> tuple[Command, ...]:
    """The instructions of a Dockerfile; raises BuildError with Docker's parse error."""
    try:
        commands = parse(text).commands
        for command in commands:
            check(command)
    except DockerfileSyntaxError as error:
        raise parse_error(error) from error
    return commands


def parse_error(error: DockerfileSyntaxError) -> BuildError:
    """What Docker says of a Dockerfile that it does not understand."""
    return BuildError(f"dockerfile parse error line {error.line}: {error}" if error.line else f"dockerfile parse error: {error}")
