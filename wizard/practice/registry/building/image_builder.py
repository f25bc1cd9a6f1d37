"""Dockerfiles carried out as far as a file tree and its configuration go: what the image would hold, and what it would start.

Base images are not here, and of RUN lines only what needs no program is carried out (see `run_commands`). Everything else is done as
Docker's classic builder does it, which registry tasks use, with its words for what goes wrong.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from wizard.containers.dockerfile_parser import DockerfileSyntaxError
from wizard.containers.dockerfile_stages import Instruction, Stage, find_stage, inside, read_stages
from wizard.practice.kernel.file_tree import FileTree
from wizard.practice.registry.building.copy_instruction import NothingThere, copy
from wizard.practice.registry.building.dockerfiles import BuildError, parse_error, parsed
from wizard.practice.registry.building.run_commands import INSTALLER, carry_out
from wizard.practice.runtime.packages.run_lines import RunLine

Log = Callable[[str], None]

NOT_EXECUTED = (
    "practice cloud: base images are not here, and RUN lines are carried out as far as mkdir, chmod, cp, ln, mv, touch and rm go; "
    "what they install of Python is there when the image starts"
)
NEEDS_BUILDKIT = (
    "the {form} option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled"
)
_PLAIN_BASE = re.compile(r"(docker\.io/)?(library/)?(python|debian|ubuntu|alpine)([:@].*)?|scratch")
_OF_BASE = r"(?:usr|etc|var|lib\w*|bin|sbin|root|run|tmp|proc|sys|dev|opt|home)"
_OWN_FOLDER = re.compile(rf"/(?:(?:usr/src|opt|home|srv)/[^/]+|(?!{_OF_BASE}(?:/|$))[^/]+)(/.*)?")
"""Where a plain base image has nothing of its own, so that what lies there comes from the Dockerfile alone."""


@dataclass
class BuiltStage:
    """One stage carried out: its file tree, and the configuration an image of it would have.

    :param runs: its RUN lines, and those of the stages that it is built on or copies from, for what they install.
    :param passed_over: what of those lines was not carried out, apart from what installs Python packages.
    :param installs: the same lines, for what they install; `requirements` is the key of what that is, see `requirements`.
    """

    stage: Stage
    folder: Path
    runs: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    installs: list[RunLine] = field(default_factory=list)
    requirements: str = ""

    @property
    def tree(self) -> FileTree:
        """The stage's files."""
        return FileTree(self.folder)

    @property
    def workdir(self) -> str:
        """The folder in which the stage's next instruction works."""
        return self.stage.workdir

    @property
    def base(self) -> str:
        """The image that it is built on."""
        return self.stage.base

    def certain(self, path: str) -> bool:
        """Whether what is not in the tree at `path` would not be in the image either."""
        if self.passed_over or not _PLAIN_BASE.fullmatch(self.base) or not _OWN_FOLDER.fullmatch(path):
            return False
        names = path.removeprefix(self.stage.workdir).strip("/").split("/")
        return not any(name in run or name.startswith((".venv", "venv")) for run in self.runs if INSTALLER.search(run) for name in names)

    def configuration(self) -> dict[str, Any]:
        """What the image is started with, in the words of an image's own configuration, and what was not executed."""
        command = self.stage.argv(self.stage.cmd)
        if self.stage.cmd is None and not self.stage.drops_cmd and re.search(r"(^|/)python(:|@|$)", self.base):
            command = ["python3"]
        return {
            "WorkingDir": self.stage.workdir,
            "Env": [f"{name}={value}" for name, value in self.stage.environment.items()],
            "Cmd": command,
            "Entrypoint": self.stage.argv(self.stage.entrypoint),
            "ExposedPorts": self.stage.ports,
            "Volumes": self.stage.volumes,
            "User": self.stage.user,
            "Base": self.base,
            "Run": self.runs,
            "PassedOver": [*self.passed_over, *([] if _PLAIN_BASE.fullmatch(self.base) else [f"FROM {self.base}"])],
            "Requirements": self.requirements,
        }


def assemble(
    context: Path, text: str, arguments: dict[str, str], work: Path, log: Log, *, target: str = "", classic: bool = True
) -> BuiltStage:
    """Carry out a Dockerfile over a build context.

    :param arguments: values of ``--build-arg``.
    :param work: an empty folder; the file tree of each stage is made below it.
    :param log: gets one line of Docker's output at a time.
    :param target: the stage to stop at, by default the last one.
    :param classic: refuse what only BuildKit understands, as registry tasks do.
    :returns: the stage that becomes the image.
    :raises BuildError: with Docker's words.
    """
    commands = parsed(text)
    try:
        stages = read_stages(text, arguments, modern=not classic)
    except DockerfileSyntaxError as error:
        raise parse_error(error) from error
    last = find_stage(stages, target) if target else stages[-1]
    if last is None:
        raise BuildError(f"failed to reach build target {target} in Dockerfile")
    log(NOT_EXECUTED)
    before = [command.original for command in takewhile(lambda command: command.name != "FROM", commands)]
    needed_stages = stages[: last.number + 1] if classic else _needed(stages, last)
    total = len(before) + sum(len(stage.own) for stage in needed_stages)
    for number, original in enumerate(before, 1):
        log(f"Step {number}/{total} : {original}")
    build = _ImageBuild(context, stages, work, log, classic=classic)
    steps = ((stage, line) for stage in needed_stages for line in stage.own)
    for number, (stage, line) in enumerate(steps, len(before) + 1):
        log(f"Step {number}/{total} : {line.original}")
        build.carry_out(stage, line)
    return build.built[last.number]


def _needed(stages: list[Stage], last: Stage) -> list[Stage]:
    """The stages that BuildKit builds for `last`: itself, what it is built on, what those copy from."""
    needed = {last.number}
    for stage in reversed(stages[: last.number + 1]):
        if stage.number in needed:
            named = [find_stage(stages[: stage.number], source) for line in stage.own for source in _sources_of(line)]
            needed |= {other.number for other in (stage.parent, *named) if other is not None}
    return [stage for stage in stages if stage.number in needed]


def _sources_of(line: Instruction) -> list[str]:
    """The stages or images that a COPY or a RUN with mounts takes from."""
    mounted = [match[1] for flag in line.flags if (match := re.search(r"(?:^--mount=|,)from=([^,]+)", flag))]
    return [*mounted, *([str(line.flag("from"))] if line.flag("from") is not None else [])]


class _ImageBuild:
    def __init__(self, context: Path, stages: list[Stage], work: Path, log: Log, *, classic: bool) -> None:
        self.built: dict[int, BuiltStage] = {}
        self._stages = stages
        self._context, self._work, self._log, self._classic = FileTree(context), work, log, classic

    def carry_out(self, stage: Stage, line: Instruction) -> None:
        """Carry out one instruction of a stage."""
        if line.name == "FROM":
            self._from(stage)
            return
        if line.modern and self._classic:
            raise BuildError(NEEDS_BUILDKIT.format(form=line.modern[0]))
        built = self.built[stage.number]
        try:
            match line.name:
                case "WORKDIR":
                    built.tree.make_folder(inside(line.workdir, line.words[0]))
                case "RUN":
                    self._run(built, line)
                case "COPY" | "ADD":
                    self._copy(built, line)
        except (OSError, ValueError) as error:  # a name that this machine's file system cannot have, or a file in a folder's place
            raise BuildError(f"{line.name} failed: {getattr(error, 'strerror', None) or 'invalid path'}") from error

    def _from(self, stage: Stage) -> None:
        built = BuiltStage(stage, self._work / f"stage{stage.number}")
        if stage.parent is None:
            built.folder.mkdir()
        else:
            earlier = self.built[stage.parent.number]
            shutil.copytree(earlier.folder, built.folder, symlinks=True)
            built.runs, built.passed_over, built.installs = list(earlier.runs), list(earlier.passed_over), list(earlier.installs)
        self.built[stage.number] = built

    def _run(self, built: BuiltStage, line: Instruction) -> None:
        built.runs.append(" ".join(line.words))
        built.installs.append(RunLine(built.runs[-1], line.workdir, built.folder, self._context.root))
        result = carry_out(line, built.tree, built.certain)
        built.passed_over += (others := [command for command in result.passed_over if not INSTALLER.match(command)])
        for command in others:
            self._log(f" ---> not executed: {command}")
        if result.code:
            if result.failure:
                self._log(result.failure)
            command = " ".join(line.words if line.as_json else [*line.shell, *line.words])
            raise BuildError(f"The command '{command}' returned a non-zero code: {result.code}")

    def _copy(self, built: BuiltStage, line: Instruction) -> None:
        name = line.flag("from")
        if name is None:
            copy(line, self._context, built.tree, self._log, classic=self._classic)
            return
        earlier = self._earlier(built.stage, name)
        if earlier is None:
            self._pass_over(built, line, f"nothing is copied from the image {name}, which is not here")
            return
        built.runs = [*(run for run in earlier.runs if run not in built.runs), *built.runs]
        built.installs = [*(run for run in earlier.installs if run not in built.installs), *built.installs]
        try:
            copy(line, earlier.tree, built.tree, self._log, classic=self._classic)
        except NothingThere as nothing:
            if earlier.certain(f"/{nothing.path}"):
                raise
            self._pass_over(built, line, f"{nothing.path} of stage {name} is passed over: a RUN line or the base image makes it")

    def _pass_over(self, built: BuiltStage, line: Instruction, sentence: str) -> None:
        built.passed_over.append(line.original.strip())
        self._log(f"practice cloud: {sentence}")

    def _earlier(self, stage: Stage, name: str) -> BuiltStage | None:
        """The stage that ``--from`` names; None when it is an image."""
        earlier = find_stage(self._stages[: stage.number], name)
        if earlier is None and name.isdecimal():
            raise BuildError(f"invalid from flag value {name}: refers to current build stage or does not exist")
        return self.built[earlier.number] if earlier is not None else None
