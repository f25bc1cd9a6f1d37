"""What a Dockerfile says that matters before it is built: ports, volumes, the command, and what a build in the registry cannot do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import dockerfile as parser

from wizard.platform.language import _

IMAGES_WITHOUT_SERVER = re.compile(r"(docker\.io/)?(library/)?(python|debian|ubuntu|alpine)([:@].*)?")
"""Base images whose own command is a shell or an interpreter that ends at once without a terminal."""


class DockerfileError(Exception):
    """A Dockerfile that cannot be read or understood; the text is a sentence for the person."""


@dataclass(frozen=True)
class Instruction:
    """One instruction of the last stage, from `line` to `end`, both counted from 1.

    :param name: in capitals, such as ``COPY``.
    :param words: what follows, with variables replaced; in the shell form of CMD, ENTRYPOINT and RUN one text, as it is written.
    :param workdir: the folder that relative paths start from at that line.
    """

    name: str
    words: tuple[str, ...]
    line: int
    end: int
    workdir: str
    as_json: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """What certainly stops the build or the API: a sentence, and the text that should stand from `line` to `end` instead."""

    sentence: str
    line: int = 0
    end: int = 0
    replacement: str = ""


@dataclass(frozen=True)
class DockerfileFacts:
    """What the last stage of a Dockerfile says, with what it takes over from earlier stages.

    :param ports: the TCP ports it exposes.
    :param volumes: absolute paths of its volumes.
    :param command: what starts the container, ENTRYPOINT before CMD; empty when the base image decides.
    :param image: the image it is built on.
    :param environment: the variables it sets.
    """

    ports: tuple[int, ...] = ()
    volumes: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    instructions: tuple[Instruction, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    workdir: str = "/"
    image: str = ""

    @property
    def problems(self) -> tuple[str, ...]:
        """The sentences about what certainly stops the build or the API."""
        return tuple(fault.sentence for fault in self.faults)

    def last(self, name: str) -> Instruction | None:
        """The instruction of that name that counts, such as ``CMD``; None when there is none."""
        return next((it for it in reversed(self.instructions) if it.name == name), None)


@dataclass
class _Stage:
    """One FROM and what follows it, while it is read."""

    image: str
    values: dict[str, str]
    ports: tuple[int, ...] = ()
    volumes: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    workdir: str = "/"
    environment: dict[str, str] = field(default_factory=dict)
    instructions: tuple[Instruction, ...] = ()


def read_dockerfile(path: Path) -> DockerfileFacts:
    """The facts of a Dockerfile. Raises DockerfileError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        commands = parser.parse_string(text)
    except OSError as error:
        raise DockerfileError(_("{path} cannot be read: {reason}. Make it readable.").format(path=path, reason=error.strerror)) from None
    except UnicodeDecodeError:
        raise DockerfileError(_("{path} is not UTF-8 text. Save it as UTF-8.").format(path=path)) from None
    except parser.GoParseError as error:
        raise DockerfileError(_("Docker does not understand {path}: {reason}.").format(path=path, reason=error)) from None
    stages = _stages(commands)
    if not stages:
        raise DockerfileError(_("{path} has no FROM line, so there is nothing to build on.").format(path=path))
    last = stages[-1]
    command = last.entrypoint + last.command
    faults = [fault for line in commands if (fault := _refused_by_quick_build(path, line))]
    if not command and IMAGES_WITHOUT_SERVER.fullmatch(last.image):
        faults.append(Fault(_no_command(path), len(text.splitlines())))
    return DockerfileFacts(last.ports, last.volumes, command, tuple(faults), last.instructions, last.environment, last.workdir, last.image)


def _stages(commands: tuple[parser.Command, ...]) -> list[_Stage]:
    """Every stage, in order; a stage built on an earlier one begins with what that one said."""
    stages: list[_Stage] = []
    named: dict[str, _Stage] = {}
    arguments: dict[str, str] = {}
    for line in commands:
        if line.cmd.upper() == "FROM" and line.value:
            image = _expanded(line.value[0], arguments)
            base = named.get(image.lower())
            stage = (
                _Stage(image, {})
                if base is None
                else _Stage(**{**vars(base), "values": dict(base.values), "environment": dict(base.environment)})
            )
            words = (image, *line.value[1:])
            stage.instructions += (Instruction("FROM", words, line.start_line, line.end_line, stage.workdir, flags=line.flags),)
            stages.append(stage)
            if len(line.value) == 3:
                named[line.value[2].lower()] = stage
            named[str(len(stages) - 1)] = stage
        elif stages:
            _take(stages[-1], line, arguments)
        elif line.cmd.upper() == "ARG":
            arguments |= _pairs(line.value, {})
    return stages


def _take(stage: _Stage, line: parser.Command, arguments: dict[str, str]) -> None:
    name = line.cmd.upper()
    values = [_expanded(value, stage.values) for value in line.value]
    words = line.value if name in ("CMD", "ENTRYPOINT", "RUN") else tuple(values)
    stage.instructions += (Instruction(name, words, line.start_line, line.end_line, stage.workdir, line.json, line.flags),)
    match name:
        case "ARG":
            stage.values |= _pairs(values, arguments)
        case "ENV":
            stage.environment |= {name: value.strip("\"'") for name, value in zip(values[::2], values[1::2], strict=False)}
            stage.values |= stage.environment
        case "EXPOSE":
            ports = [int(found[1]) for value in values if (found := re.fullmatch(r"(\d+)(/tcp)?", value, re.IGNORECASE))]
            stage.ports += tuple(ports)
        case "VOLUME":
            stage.volumes += tuple(value if value.startswith("/") else f"{stage.workdir.rstrip('/')}/{value}" for value in values)
        case "WORKDIR" if values:
            stage.workdir = values[0] if values[0].startswith("/") else f"{stage.workdir.rstrip('/')}/{values[0]}"
        case "ENTRYPOINT":
            stage.entrypoint, stage.command = line.value, ()
        case "CMD":
            stage.command = line.value


def _pairs(values: tuple[str, ...] | list[str], defaults: dict[str, str]) -> dict[str, str]:
    pairs = (value.partition("=") for value in values)
    return {name: value.strip("\"'") if equals else defaults.get(name, "") for name, equals, value in pairs}


def _expanded(text: str, values: dict[str, str]) -> str:
    """`text` with ``$NAME``, ``${NAME}`` and ``${NAME:-default}`` replaced; an unknown name stays as it is written."""
    return re.sub(
        r"\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))",
        lambda found: values.get(found[1] or found[3]) or (found[2] if found[2] is not None else found[0]),
        text,
    )


def _refused_by_quick_build(path: Path, line: parser.Command) -> Fault | None:
    """What a build in the registry, which runs without BuildKit, refuses of a line (reference 1.6)."""
    command = line.cmd.upper()
    without = ""
    if command == "FROM" and any(flag.startswith("--platform") for flag in line.flags):
        sentence = _(
            "{path}, line {line}: the registry cannot build FROM with --platform. Remove --platform: it always builds for linux/amd64."
        )
        without = re.sub(r"\s--platform=\S+", "", line.original)
    elif command == "RUN" and any(flag.startswith("--mount") for flag in line.flags):
        sentence = _(
            "{path}, line {line}: the registry cannot build RUN with --mount, which needs BuildKit. Write the line without --mount."
        )
        without = re.sub(r"(?<=\s)--mount=\S+\s+", "", line.original)
    elif line.heredocs:
        sentence = _(
            "{path}, line {line}: the registry cannot build a here-document (<<), which needs BuildKit. Write its lines as RUN a && b."
        )
        if command == "RUN":
            without = "RUN " + " && ".join(text for text in line.heredocs[0].content.strip().splitlines())
    else:
        return None
    end = max(line.end_line, line.start_line)
    return Fault(sentence.format(path=path, line=line.start_line), line.start_line, end, without)


def _no_command(path: Path) -> str:
    return _(
        "{path} says nowhere what to start, so the container would end at once. "
        'End it with a line such as CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"].'
    ).format(path=path)
