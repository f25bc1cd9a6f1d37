"""A Dockerfile's stages with what each one says of its image, variables replaced and quotes taken off as a build would.

Scopes are Docker's: ARG before FROM is for FROM lines, and for stages that name it again; ENV beats ARG; a stage built on an earlier one
takes over its configuration; an ENTRYPOINT drops a CMD that the stage did not say itself (moby/buildkit convert.go, and the classic
builder's dispatchers.go; tried with docker.io 20.10).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from wizard.containers.dockerfile_parser import Command, DockerfileSyntaxError, Heredoc, NoStageError, parse
from wizard.containers.dockerfile_rules import buildkit_only, check, flag_name
from wizard.containers.dockerfile_values import exposed, is_signal
from wizard.containers.dockerfile_words import WordError, expand, expanded_words

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
PREDEFINED = (*_PROXIES, *(name.lower() for name in _PROXIES))
"""Build arguments that need no ARG line."""

_AMD64 = {"PLATFORM": "linux/amd64", "OS": "linux", "ARCH": "amd64", "VARIANT": ""}
PLATFORM = {f"{side}{what}": value for side in ("TARGET", "BUILD") for what, value in _AMD64.items()}
"""Build arguments that BuildKit, not the classic builder, has of itself; Container Apps runs linux/amd64."""

BASE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The PATH that base images bring along."""

SHELL = ("/bin/sh", "-c")
_AS_WRITTEN = ("CMD", "ENTRYPOINT", "RUN", "SHELL", "HEALTHCHECK", "ONBUILD", "MAINTAINER")


@dataclass(frozen=True)
class Instruction:
    """One instruction of a stage, from `line` to `end`, both counted from 1.

    :param name: in capitals, such as ``COPY``.
    :param words: what follows, as the build takes it; in the shell form of CMD, ENTRYPOINT and RUN one text, as it is written.
    :param workdir: the folder that relative paths start from at that line.
    :param variables: what RUN finds in its environment, and COPY in its words, at that line.
    :param shell: what a text is given to, as SHELL says at that line.
    :param user: who carries out RUN at that line, "" for root or whoever the base image says.
    :param modern: what of it only BuildKit builds, see `dockerfile_rules.buildkit_only`.
    """

    name: str
    words: tuple[str, ...]
    line: int
    end: int
    workdir: str
    as_json: bool = False
    flags: tuple[str, ...] = ()
    heredocs: tuple[Heredoc, ...] = ()
    original: str = ""
    variables: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)
    user: str = ""
    modern: tuple[str, ...] = ()
    shell: tuple[str, ...] = SHELL

    def flag(self, name: str) -> str | None:
        """The value of ``--name=value``, "" for ``--name`` alone, None without it."""
        values = [flag.partition("=")[2] for flag in self.flags if flag_name(flag) == name]
        return values[-1] if values else None


@dataclass
class Stage:
    """One FROM and what follows it.

    :param name: in small letters, "" without one.
    :param image: what it is built on, as FROM names it; `parent` is the earlier stage of that name.
    :param entrypoint: its instruction, or that of the stage it is built on; `cmd` likewise. None when the base image decides.
    :param triggers: what ONBUILD keeps for the stages that are built on it.
    :param ports: such as ``5000/tcp``.
    """

    number: int
    name: str
    image: str
    parent: Stage | None
    own: list[Instruction] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = ""
    shell: tuple[str, ...] = SHELL
    triggers: list[Command] = field(default_factory=list)
    ports: list[str] = field(default_factory=list)
    volumes: list[str] = field(default_factory=list)
    entrypoint: Instruction | None = None
    cmd: Instruction | None = None
    drops_cmd: bool = False

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        """Its own, after those of the stages it is built on."""
        return (*(self.parent.instructions if self.parent else ()), *self.own)

    @property
    def base(self) -> str:
        """The image at the bottom, which no stage of this Dockerfile makes."""
        return self.parent.base if self.parent else self.image

    @staticmethod
    def argv(instruction: Instruction | None) -> list[str]:
        """What a container executes for its ENTRYPOINT or CMD: the list, or the shell with the text; empty without one."""
        if instruction is None or (instruction.name == "ENTRYPOINT" and not instruction.words):
            return []
        return list(instruction.words) if instruction.as_json else [*instruction.shell, *filter(None, [" ".join(instruction.words)])]


def read_stages(text: str, arguments: Mapping[str, str] | None = None, *, modern: bool = False) -> list[Stage]:
    """Every stage of a Dockerfile, in order, at least one.

    :param arguments: values of ``--build-arg``.
    :param modern: as BuildKit reads it, not as the classic builder does.
    :raises DockerfileSyntaxError: in Docker's words.
    """
    dockerfile = parse(text)
    reader = _StageReader(dict(arguments or {}), dockerfile.escape, modern=modern)
    for command in dockerfile.commands:
        check(command)
        try:
            reader.take(command)
        except WordError as error:
            raise DockerfileSyntaxError(str(error), command.line) from None
    if not reader.stages:
        raise NoStageError
    return reader.stages


def find_stage(stages: list[Stage], name: str) -> Stage | None:
    """The stage that ``--from`` or ``--target`` names, by its name or its number; the last one of several of one name."""
    named = next((stage for stage in reversed(stages) if stage.name and stage.name == name.lower()), None)
    return named or (stages[int(name)] if name.isdecimal() and int(name) < len(stages) else None)


class _StageReader:
    def __init__(self, arguments: dict[str, str], escape: str, *, modern: bool) -> None:
        self.stages: list[Stage] = []
        self._arguments, self._escape, self._modern = arguments, escape, modern
        self._global: dict[str, str] = dict(PLATFORM) if modern else {}  # ARGs before the first FROM

    def take(self, command: Command) -> None:
        if command.name == "FROM":
            self._from(command)
        elif command.name == "ARG" and not self.stages:
            for word in command.words:
                name, _, default = word.partition("=")
                self._global[name] = self._arguments.get(name, self._expand(default, self._global))
        elif not self.stages:
            raise NoStageError(command.line)
        else:
            self._follow(self.stages[-1], command)

    def _expand(self, text: str, variables: Mapping[str, str]) -> str:
        of_base = bool(self.stages) and self.stages[-1].base != "scratch"
        return expand(text, variables, escape=self._escape, modern=self._modern, open_ended=of_base)

    def _from(self, command: Command) -> None:
        words = command.words
        image = self._expand(words[0], self._global)
        if not image:
            raise DockerfileSyntaxError(f"base name ({words[0]}) should not be blank", command.line)
        parent = next((stage for stage in reversed(self.stages) if stage.name and stage.name == image.lower()), None)
        name = words[2].lower() if len(words) == 3 else ""
        stage = Stage(len(self.stages), name, image, parent)
        if parent is not None:
            _take_over(stage, parent, arguments=self._modern)
        flags = tuple(self._expand(flag, self._global) for flag in command.flags)
        stage.own.append(
            Instruction("FROM", (image, *words[1:]), command.line, command.end, stage.workdir, False, flags, original=command.original)
        )
        self.stages.append(stage)
        for trigger in parent.triggers if parent is not None else ():
            self._follow(stage, replace(trigger, line=command.line, end=command.end))

    def _follow(self, stage: Stage, command: Command) -> None:
        predefined = {name: self._arguments[name] for name in PREDEFINED if name in self._arguments}
        from_base = {"PATH": BASE_PATH} if stage.base != "scratch" else {}
        variables = {**from_base, **predefined, **stage.arguments, **stage.environment}
        words = tuple(self._words(command, variables))
        flags = tuple(flag if flag_name(flag) in ("from", "mount") else self._expand(flag, variables) for flag in command.flags)
        instruction = Instruction(
            command.name,
            words,
            command.line,
            command.end,
            stage.workdir,
            command.as_json,
            flags,
            command.heredocs,
            command.original,
            variables,
            stage.user,
            buildkit_only(command),
            stage.shell,
        )
        stage.own.append(instruction)
        if command.name == "ARG":
            self._argument(stage, command, variables)
        elif command.name == "ONBUILD" and command.sub is not None:
            stage.triggers.append(command.sub)
        else:
            _configure(stage, instruction)

    def _words(self, command: Command, variables: Mapping[str, str]) -> Iterator[str]:
        if command.name in _AS_WRITTEN:
            yield from command.words
        elif command.name == "EXPOSE":
            for word in command.words:
                yield from expanded_words(word, variables, escape=self._escape, modern=self._modern)
        else:
            for number, word in enumerate(command.words):
                inside = command.heredocs and number < len(command.words) - 1 and "<<" in word
                yield word if inside else self._expand(word, variables)

    def _argument(self, stage: Stage, command: Command, variables: Mapping[str, str]) -> None:
        for word in command.words:
            name, equals, default = word.partition("=")
            value = self._arguments.get(name, self._expand(default, variables) if equals else self._global.get(name))
            if value is not None:
                stage.arguments[name] = value


def _take_over(stage: Stage, parent: Stage, *, arguments: bool) -> None:
    """Begin a stage with the configuration of the one it is built on; BuildKit hands its arguments on, too."""
    stage.environment, stage.labels = dict(parent.environment), dict(parent.labels)
    stage.arguments = dict(parent.arguments) if arguments else {}
    stage.ports, stage.volumes = list(parent.ports), list(parent.volumes)
    stage.workdir, stage.user, stage.shell = parent.workdir, parent.user, parent.shell
    stage.entrypoint, stage.cmd, stage.drops_cmd = parent.entrypoint, parent.cmd, parent.drops_cmd


def _configure(stage: Stage, instruction: Instruction) -> None:
    """Let an instruction change what the stage's image says of itself."""
    words = instruction.words
    match instruction.name:
        case "ENV":
            stage.environment |= dict(zip(words[::2], words[1::2], strict=True))
        case "LABEL":
            stage.labels |= dict(zip(words[::2], words[1::2], strict=True))
        case "WORKDIR":
            stage.workdir = inside(stage.workdir, words[0])
        case "USER":
            stage.user = words[0]
        case "SHELL":
            stage.shell = words
        case "EXPOSE":
            new_ports = [port for word in words for port in exposed(word, instruction.line)]
            stage.ports = list(dict.fromkeys([*stage.ports, *new_ports]))
        case "STOPSIGNAL" if words[0] and not is_signal(words[0]):  # an empty one may stand in the base image's variables
            raise DockerfileSyntaxError(f"Invalid signal: {words[0]}", instruction.line)
        case "VOLUME":
            if not all(word.strip() for word in words):
                raise DockerfileSyntaxError("VOLUME specified can not be an empty string", instruction.line)
            stage.volumes += words
        case "CMD":
            stage.cmd = instruction
        case "ENTRYPOINT":
            stage.entrypoint = instruction
            if stage.cmd not in stage.own:  # what the base said, another stage or an image
                stage.cmd, stage.drops_cmd = None, True


def inside(workdir: str, path: str) -> str:
    """An absolute path of the image: `path`, from `workdir` when it is relative, with no ``..`` above the root."""
    joined = posixpath.normpath(posixpath.join("/", workdir, path))
    return "/" + joined.lstrip("/")
