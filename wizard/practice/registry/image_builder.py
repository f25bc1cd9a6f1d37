"""Dockerfiles carried out as far as a file tree and its configuration go: what the image would hold, and what it would start.

RUN and base images are not executed. Everything else is done as Docker's classic builder does it, which registry tasks use, with its
words for what goes wrong.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from wizard.containers.dockerfile_parser import Command
from wizard.containers.dockerfile_words import WordError, expand
from wizard.practice.registry.archives import UnsafeArchive, extract
from wizard.practice.registry.dockerfiles import BuildError, parsed
from wizard.practice.runtime.run_lines import RunLine

Log = Callable[[str], None]

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
_PREDEFINED = (*_PROXIES, *(name.lower() for name in _PROXIES))
NOT_EXECUTED = "practice cloud: RUN lines and base images are not executed here; everything else of the Dockerfile is"


@dataclass
class Stage:
    """One stage: its file tree, and the configuration an image of it would have."""

    name: str
    folder: Path
    base: str
    environment: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = ""
    command: list[str] = field(default_factory=list)
    entrypoint: list[str] = field(default_factory=list)
    ports: list[str] = field(default_factory=list)
    volumes: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    installs: list[RunLine] = field(
        default_factory=list
    )  # its RUN lines and those of the stages it takes files from, for what they install
    requirements: str = ""  # the key of what they install, see `requirements`
    sets_command: bool = False

    def configuration(self) -> dict[str, Any]:
        """What the image is started with, in the words of an image's own configuration, and what was not executed."""
        return {
            "WorkingDir": self.workdir,
            "Env": [f"{name}={value}" for name, value in self.environment.items()],
            "Cmd": self.command,
            "Entrypoint": self.entrypoint,
            "ExposedPorts": self.ports,
            "Volumes": self.volumes,
            "User": self.user,
            "Base": self.base,
            "Run": self.runs,
            "Requirements": self.requirements,
        }


def assemble(context: Path, text: str, arguments: dict[str, str], work: Path, log: Log, *, target: str = "", classic: bool = True) -> Stage:
    """Carry out a Dockerfile over a build context.

    :param arguments: values of ``--build-arg``.
    :param work: an empty folder; the file tree of each stage is made below it.
    :param log: gets one line of Docker's output at a time.
    :param target: the stage to stop at, by default the last one.
    :param classic: refuse what only BuildKit understands, as registry tasks do.
    :returns: the stage that becomes the image.
    :raises BuildError: with Docker's words.
    """
    return _ImageBuild(context, arguments, work, log, classic=classic).run(parsed(text), target)


class _ImageBuild:
    def __init__(self, context: Path, arguments: dict[str, str], work: Path, log: Log, *, classic: bool) -> None:
        self._classic = classic
        self._context = context
        self._arguments = arguments
        self._work = work
        self._log = log
        self._global: dict[str, str] = {}  # ARGs before the first FROM
        self._stages: list[Stage] = []

    def run(self, commands: tuple[Command, ...], target: str) -> Stage:
        self._log(NOT_EXECUTED)
        for number, command in enumerate(commands, 1):
            if command.name == "FROM" and self._stages and target and self._stages[-1].name == target.lower():
                break
            self._log(f"Step {number}/{len(commands)} : {command.original}")
            self._step(command)
        if not self._stages:
            raise BuildError("no build stage in current context")
        if target and self._stages[-1].name != target.lower():
            raise BuildError(f"failed to reach build target {target} in Dockerfile")
        return self._stages[-1]

    def _step(self, command: Command) -> None:
        if command.name == "FROM":
            self._from(command)
        elif command.name == "ARG":
            self._arg(command)
        elif not self._stages:
            raise BuildError("no build stage in current context")
        else:
            self._check_classic(command)
            handler: Callable[[Stage, Command], None] | None = getattr(self, f"_{command.name.lower()}", None)
            try:
                if handler is not None:
                    handler(self._stages[-1], command)
            except WordError as error:
                raise BuildError(str(error)) from error
            except (OSError, ValueError) as error:  # a name that this machine's file system cannot have, or a file in a folder's place
                raise BuildError(f"{command.name} failed: {getattr(error, 'strerror', None) or 'invalid path'}") from error

    def _check_classic(self, command: Command) -> None:
        modern = [flag.partition("=")[0] for flag in command.flags if not flag.startswith(("--from=", "--chown="))] + ["<<"] * len(
            command.heredocs
        )
        if modern and self._classic and command.name in ("RUN", "COPY", "ADD"):
            raise BuildError(
                f"the {modern[0]} option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images "
                "with BuildKit enabled"
            )
        if command.heredocs and command.name != "RUN":
            raise BuildError(f"practice cloud: {command.name} takes files from the build context only, not from the Dockerfile itself")

    def _from(self, command: Command) -> None:
        words = command.words
        if not words or (len(words) > 1 and (len(words) != 3 or words[1].upper() != "AS")):
            raise BuildError("FROM requires either one or three arguments")
        image = expand(words[0], self._global)
        if not image:
            raise BuildError(f"base name ({words[0]}) should not be blank")
        name = words[2].lower() if len(words) == 3 else ""
        stage = Stage(name, self._work / f"stage{len(self._stages)}", image)
        stage.folder.mkdir()
        earlier = next((s for s in self._stages if s.name and s.name == image.lower()), None)
        if earlier is not None:
            shutil.copytree(earlier.folder, stage.folder, symlinks=True, dirs_exist_ok=True)
            for word in ("base", "workdir", "user"):
                setattr(stage, word, getattr(earlier, word))
            for word in ("command", "entrypoint", "ports", "volumes", "runs", "installs"):
                setattr(stage, word, list(getattr(earlier, word)))
            stage.environment = dict(earlier.environment)
        elif re.search(r"(^|/)python(:|@|$)", image):
            stage.command = ["python3"]
        self._stages.append(stage)

    def _arg(self, command: Command) -> None:
        for word in command.words:
            name, equals, default = word.partition("=")
            if not self._stages:
                self._global[name] = self._arguments.get(name, expand(default, self._global))
                continue
            stage = self._stages[-1]
            value = self._arguments.get(name, self._expand(stage, default) if equals else self._global.get(name))
            if value is not None:
                stage.arguments[name] = value

    def _expand(self, stage: Stage, text: str) -> str:
        given = {name: self._arguments[name] for name in _PREDEFINED if name in self._arguments}
        return expand(text, {**given, **stage.arguments, **stage.environment})

    def _env(self, stage: Stage, command: Command) -> None:
        words = command.words
        values = {expand(words[i], {}): self._expand(stage, words[i + 1]) for i in range(0, len(words) - 1, 2)}
        stage.environment.update(values)

    def _workdir(self, stage: Stage, command: Command) -> None:
        stage.workdir = _joined(stage.workdir, self._expand(stage, command.words[0]))
        _inside(stage.folder, stage.workdir).mkdir(parents=True, exist_ok=True)

    def _user(self, stage: Stage, command: Command) -> None:
        stage.user = self._expand(stage, command.words[0])

    def _expose(self, stage: Stage, command: Command) -> None:
        for word in command.words:
            port = self._expand(stage, word)
            if not re.fullmatch(r"\d+(-\d+)?(/(tcp|udp|sctp))?", port):
                raise BuildError(f"Invalid containerPort: {port}")
            stage.ports.append(port if "/" in port else f"{port}/tcp")

    def _volume(self, stage: Stage, command: Command) -> None:
        stage.volumes += [self._expand(stage, word) for word in command.words]

    def _cmd(self, stage: Stage, command: Command) -> None:
        stage.command = _argv(command)
        stage.sets_command = True

    def _entrypoint(self, stage: Stage, command: Command) -> None:
        stage.entrypoint = _argv(command)
        if not stage.sets_command:
            stage.command = []  # an ENTRYPOINT makes Docker forget the CMD of the base image

    def _run(self, stage: Stage, command: Command) -> None:
        stage.runs.append(" ".join(command.words))
        stage.installs.append(RunLine(stage.runs[-1], stage.workdir, stage.folder, self._context))
        self._log(" ---> not executed")

    def _copy(self, stage: Stage, command: Command) -> None:
        source = next((flag.partition("=")[2] for flag in command.flags if flag.startswith("--from=")), None)
        words = [self._expand(stage, word) for word in command.words]
        if source is None:
            self._place(stage, command.name, self._context, words)
            return
        earlier = self._stage(source)
        if earlier is None:
            self._log(f"practice cloud: nothing is copied from the image {source}, which is not here")
        else:
            stage.installs = [*(run for run in earlier.installs if run not in stage.installs), *stage.installs]
            self._place(stage, command.name, earlier.folder, words)

    def _stage(self, name: str) -> Stage | None:
        if name.isdigit():
            if int(name) >= len(self._stages) - 1:
                raise BuildError(f"invalid from flag value {name}: refers to current build stage or does not exist")
            return self._stages[int(name)]
        return next((stage for stage in self._stages[:-1] if stage.name == name.lower()), None)

    def _add(self, stage: Stage, command: Command) -> None:
        *sources, destination = [self._expand(stage, word) for word in command.words]
        local = [source for source in sources if not re.match(r"https?://|git@", source)]
        if len(local) < len(sources):
            self._log("practice cloud: nothing is downloaded for ADD")
        archives = [source for source in local if re.search(r"\.(tar|tar\.gz|tgz|tar\.bz2|tar\.xz)$", source)]
        for source in archives:
            target = _inside(stage.folder, _joined(stage.workdir, destination))
            target.mkdir(parents=True, exist_ok=True)
            for found in _sources("ADD", self._context, source):
                try:
                    extract(found, target)
                except UnsafeArchive as error:
                    raise BuildError(f"ADD failed: {error}") from error
        plain = [source for source in local if source not in archives]
        if plain:
            self._place(stage, "ADD", self._context, [*plain, destination])

    def _place(self, stage: Stage, verb: str, root: Path, words: list[str]) -> None:
        if len(words) < 2:
            raise BuildError(f"{verb} requires at least two arguments, but only one was provided. Destination could not be determined.")
        *patterns, destination = words
        found = [path for pattern in patterns for path in _sources(verb, root, pattern)]
        into_folder = destination.endswith("/") or destination in (".", "./")
        if len(found) > 1 and not into_folder:
            raise BuildError(f"When using {verb} with more than one source file, the destination must be a directory and end with a /")
        target = _inside(stage.folder, _joined(stage.workdir, destination))
        for path in found:
            if path.is_dir() and not path.is_symlink():
                shutil.copytree(path, target, symlinks=True, dirs_exist_ok=True)
            else:
                final = target / path.name if into_folder or target.is_dir() else target
                final.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, final, follow_symlinks=False)


def _argv(command: Command) -> list[str]:
    return list(command.words) if command.as_json else ["/bin/sh", "-c", " ".join(command.words)]


def _joined(workdir: str, path: str) -> str:
    joined = PurePosixPath(workdir) / path
    return os.path.normpath(str(joined)).replace("//", "/")


def _inside(folder: Path, path: str) -> Path:
    """A path of the image below its folder on this machine; links on the way must not lead out of it."""
    wanted = folder / path.lstrip("/")
    if not wanted.resolve().is_relative_to(folder.resolve()):
        raise BuildError(f"forbidden path outside the image: {path}")
    return wanted


def _sources(verb: str, root: Path, pattern: str) -> list[Path]:
    """What a COPY source names under `root`; raises BuildError in Docker's words when that is nothing, or lies outside."""
    clean = os.path.normpath(pattern.lstrip("/") or ".")
    if clean.startswith(".."):
        raise BuildError(f"{verb} failed: forbidden path outside the build context: {pattern} ()")
    if re.search(r"[*?\[]", clean):
        found = sorted(_matching(root, clean.split("/")))
        if not found:
            raise BuildError(f"{verb} failed: no source files were specified")
        return found
    path = root / clean
    if not path.exists() and not path.is_symlink():
        raise BuildError(f"{verb} failed: file not found in build context or excluded by .dockerignore: stat {clean}: file does not exist")
    if not path.resolve().is_relative_to(root.resolve()):
        raise BuildError(f"{verb} failed: forbidden path outside the build context: {pattern} ()")
    return [path]


def _matching(root: Path, patterns: list[str]) -> Iterable[Path]:
    first, *rest = patterns
    for path in root.iterdir():
        if fnmatchcase(path.name, first):
            if not rest:
                yield path
            elif path.is_dir() and not path.is_symlink():
                yield from _matching(path, rest)
