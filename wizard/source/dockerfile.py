"""What a Dockerfile says that matters before it is built: ports, volumes, the command, and the stages with their instructions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wizard.containers.dockerfile_parser import DockerfileSyntaxError, NoStageError
from wizard.containers.dockerfile_stages import Instruction, Stage, inside, read_stages
from wizard.platform.language import _

IMAGES_WITHOUT_SERVER = re.compile(r"(docker\.io/)?(library/)?(python|debian|ubuntu|alpine)([:@].*)?")
"""Base images whose own command is a shell or an interpreter that ends at once without a terminal."""


class DockerfileError(Exception):
    """A Dockerfile that cannot be read or understood; the text is a sentence for the person, `line` 0 for the file as a whole."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        super().__init__(sentence)
        self.line = line


@dataclass(frozen=True)
class DockerfileFacts:
    """What the last stage of a Dockerfile says, with what it takes over from earlier stages.

    :param ports: the TCP ports it exposes.
    :param volumes: absolute paths of its volumes.
    :param command: what starts the container, ENTRYPOINT before CMD; empty when the base image decides.
    :param instructions: those of the last stage, after those of the stages that it is built on.
    :param image: the image it is built on, at the bottom.
    :param environment: the variables it sets.
    :param stages: every stage, in order.
    :param problems: sentences about what certainly stops the API, however the image is built.
    """

    ports: tuple[int, ...] = ()
    volumes: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    instructions: tuple[Instruction, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    workdir: str = "/"
    image: str = ""
    stages: tuple[Stage, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def entrypoint(self) -> Instruction | None:
        """The ENTRYPOINT that counts."""
        return self.stages[-1].entrypoint if self.stages else None

    @property
    def cmd(self) -> Instruction | None:
        """The CMD that counts: none when an ENTRYPOINT in a later stage took it back."""
        return self.stages[-1].cmd if self.stages else None

    def last(self, name: str) -> Instruction | None:
        """The last instruction of that name, such as ``USER``; None when there is none."""
        return next((instruction for instruction in reversed(self.instructions) if instruction.name == name), None)


def read_dockerfile(path: Path) -> DockerfileFacts:
    """The facts of a Dockerfile, as BuildKit reads it. Raises DockerfileError."""
    try:
        stages = read_stages(path.read_text(encoding="utf-8-sig"), modern=True)
    except OSError as error:
        raise DockerfileError(_("{path} cannot be read: {reason}. Make it readable.").format(path=path, reason=error.strerror)) from None
    except UnicodeDecodeError:
        raise DockerfileError(_("{path} is not UTF-8 text. Save it as UTF-8.").format(path=path)) from None
    except NoStageError as error:
        raise DockerfileError(_("{path} has no FROM line, so there is nothing to build on.").format(path=path), error.line) from None
    except DockerfileSyntaxError as error:
        sentence = _("Docker does not understand {path}: {reason}.")
        if error.line:
            sentence = _("Docker does not understand line {line} of {path}: {reason}.")
        raise DockerfileError(sentence.format(path=path, line=error.line, reason=error), error.line) from None
    last = stages[-1]
    command = tuple(word for line in (last.entrypoint, last.cmd) if line is not None for word in line.words)
    taken_back = last.entrypoint is not None or last.cmd is not None  # an ENTRYPOINT takes the base image's CMD back too
    problems = () if command or not (taken_back or IMAGES_WITHOUT_SERVER.fullmatch(last.base)) else (_no_command(path),)
    return DockerfileFacts(
        tuple(int(port.removesuffix("/tcp")) for port in last.ports if re.fullmatch(r"\d+/tcp", port)),
        tuple(inside(line.workdir, word) for line in last.instructions if line.name == "VOLUME" for word in line.words),
        command,
        last.instructions,
        last.environment,
        last.workdir,
        last.base,
        tuple(stages),
        problems,
    )


def _no_command(path: Path) -> str:
    return _("{path} says nowhere what to start, so the container would end at once. End it with a CMD line.").format(path=path.name)
