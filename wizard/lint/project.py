"""An API's project as the code check sees it: folder, Dockerfile, setup file, and how a finding names a place in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from wizard.containers.dockerfile_stages import Instruction
from wizard.lint.finding import Finding, Severity
from wizard.source.code_facts import CodeFacts, read_code, read_stored_files
from wizard.source.dockerfile import DockerfileFacts, read_dockerfile
from wizard.source.dockerignore import IgnoreFileError, read_ignore_file
from wizard.source.files.container_files import ContainerFiles
from wizard.source.files.databases import UNKNOWN, Stored
from wizard.source.starting.start import Start, StartReader
from wizard.source.starting.start_command import StartCommand
from wizard.source.text_file import read_lines

if TYPE_CHECKING:
    from wizard.setup.answers import Answers
    from wizard.source.build_context import BuildContext


def changed_lines(old: list[str], new: list[str]) -> tuple[int, int, str]:
    """Everything that differs as one piece: its first line, its last (less than the first to insert), and what stands there instead."""
    first = next((n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new)))
    rest = zip(reversed(old[first:]), reversed(new[first:]), strict=False)
    same = next((n for n, (one, other) in enumerate(rest) if one != other), min(len(old), len(new)) - first)
    return first + 1, len(old) - same, "\n".join(new[first : len(new) - same])


@dataclass(frozen=True)
class SentPaths:
    """What is sent to a build: paths of files (links too), and of the folders that hold them."""

    files: frozenset[str]
    folders: frozenset[str]

    @classmethod
    def of(cls, source: BuildContext | None) -> SentPaths:
        """Those of a source folder; none without one."""
        entries = source.entries if source else ()
        files = frozenset(entry.path for entry in entries if entry.kind != "folder")
        parents = {str(parent) for entry in entries for parent in PurePosixPath(entry.path).parents} - {"."}
        return cls(files, frozenset({*parents, *(entry.path for entry in entries if entry.kind == "folder")}))


@dataclass(frozen=True)
class CodeProject:
    """The files of a setup. Made by `read`.

    :param source: what a build gets; None when no build is asked for.
    :param variables: what the container finds in its environment, without the values of secrets.
    """

    answers: Answers
    folder: Path
    dockerfile: Path
    docker: DockerfileFacts
    source: BuildContext | None
    variables: Mapping[str, str]

    @classmethod
    def read(cls, answers: Answers, source: BuildContext | None = None) -> CodeProject:
        """Read the Dockerfile. Raises DockerfileError."""
        folder = answers.source_folder
        dockerfile = folder / answers.pipeline.dockerfile
        docker = read_dockerfile(dockerfile)
        if source is None and answers.pipeline.builds_folder:
            from wizard.source.build_context import read

            source = read(folder, answers.pipeline.dockerfile, answers.never_sent)
        values = {variable.name: variable.value for variable in answers.variables if variable.value is not None}
        return cls(answers, folder, dockerfile, docker, source, {**docker.environment, **values})

    @cached_property
    def code(self) -> CodeFacts:
        """What the Python files say."""
        return read_code(self.folder, self.answers.pipeline.dockerfile)

    @cached_property
    def files(self) -> ContainerFiles:
        """Where the container's files come from."""
        return ContainerFiles(self.folder, self.docker)

    @cached_property
    def sent(self) -> SentPaths:
        """What a build in the registry gets; nothing where another builds."""
        return SentPaths.of(self.source)

    @cached_property
    def start(self) -> Start:
        """What starts the API, with the setup's variables in its environment."""
        return StartReader(self.folder, self.docker, self.files, self.variables).read()

    @property
    def command(self) -> StartCommand | None:
        """What the container starts."""
        return self.start.command

    @cached_property
    def stored(self) -> Stored:
        """The databases and logs, with the setup's variables in its environment."""
        hidden = {variable.name: UNKNOWN for variable in self.answers.variables if variable.secret}
        return read_stored_files(self.code, {**self.variables, **hidden})

    def ignored(self, name: str) -> bool:
        """Whether .dockerignore leaves a file of the folder out."""
        try:
            return read_ignore_file(self.folder, self.dockerfile).leaves_out(name)
        except IgnoreFileError:
            return False

    def setup_line(self, pattern: str) -> int:
        """The first line of the setup file that matches; 0 when none does."""
        try:
            lines = read_lines(self.answers.file)
        except OSError:
            return 0
        return next((number for number, line in enumerate(lines, 1) if re.search(pattern, line)), 0)

    def in_dockerfile(self, id: str, severity: Severity, line: int, sentence: str, replacement: str = "", end: int = 0) -> Finding:
        """A finding at a line of the Dockerfile."""
        return Finding(id, severity, self.dockerfile, self.answers.pipeline.dockerfile, line, sentence, replacement, end or line)

    def of_line(self, id: str, severity: Severity, line: Instruction, sentence: str, replacement: str = "") -> Finding:
        """A finding about one instruction of the Dockerfile."""
        return self.in_dockerfile(id, severity, line.line, sentence, replacement, line.end)

    def of_command(self, id: str, severity: Severity, command: StartCommand, sentence: str, replacement: str = "") -> Finding:
        """A finding about what the container starts, at the instruction or in the script that has it."""
        script = command.script
        if script is None:
            return self.of_line(id, severity, command.instruction, sentence, replacement)
        return self.in_file(id, severity, script.path, script.line, sentence, replacement, script.end)

    def in_file(self, id: str, severity: Severity, path: Path, line: int, sentence: str, replacement: str = "", end: int = 0) -> Finding:
        """A finding in a file of the folder."""
        return Finding(id, severity, path, self._name(path), line, sentence, replacement, end or line)

    def appended(self, id: str, severity: Severity, name: str, sentence: str, text: str) -> Finding:
        """A finding that a line at the end of a file would settle; the file is made when it is not there."""
        path = self.folder / name
        if not path.is_file():
            return Finding(id, severity, path, name, 0, sentence, f"{text}\n")
        end = len(read_lines(path))
        return Finding(id, severity, path, name, end + 1, sentence, text, end)

    def in_setup(self, id: str, severity: Severity, line: int, sentence: str, replacement: str = "", end: int | None = None) -> Finding:
        """A finding in the setup file."""
        file = self.answers.file
        return Finding(id, severity, file, file.name, line, sentence, replacement if line else "", line if end is None else end)

    def setup_edited(self, id: str, severity: Severity, sentence: str, change: Callable[[Any], None]) -> Finding:
        """A finding that a change of the setup file settles, with the lines as they should stand; without them where it cannot be read."""
        return self.toml_edited(id, severity, self.answers.file, sentence, change)

    def toml_edited(self, id: str, severity: Severity, path: Path, sentence: str, change: Callable[[Any], None]) -> Finding:
        """The same for any TOML file."""
        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        name = path.name if path == self.answers.file else self._name(path)
        old = read_lines(path)
        try:
            content = tomlkit.parse("\n".join(old) + "\n")
            change(content)
        except (TOMLKitError, TypeError, KeyError, AttributeError):
            return Finding(id, severity, path, name, 0, sentence)
        line, end, text = changed_lines(old, tomlkit.dumps(content).splitlines())
        return Finding(id, severity, path, name, line, sentence, text, end)

    def _name(self, path: Path) -> str:
        try:
            return path.relative_to(self.folder).as_posix()
        except ValueError:
            return path.name
