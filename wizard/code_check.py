"""What certainly breaks, or may hurt, in an API's code once it runs in Azure: looked for before anything is built (reference section 9)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from wizard.code_reading import read_code
from wizard.data_check import databases, volumes
from wizard.dockerfile import DockerfileError, DockerfileFacts, Instruction
from wizard.finding import Finding, Severity
from wizard.language import _
from wizard.private import PRIVATE_NAME
from wizard.project_files import Project
from wizard.scaffold import dockerfile
from wizard.server_check import server
from wizard.source import SECRET_FILE
from wizard.start_command import from_elsewhere

if TYPE_CHECKING:
    from wizard.answers import Answers
    from wizard.source import Source

OTHER_PROCESSOR = re.compile(r"(?:[\w.]+/)?(arm32v\d|arm64v8|i386|ppc64le|s390x)/")


def check_code(answers: Answers, source: Source | None = None) -> list[Finding]:
    """Everything found, the worst first, then by file and line.

    :param answers: resolved.
    :param source: the source folder as a build gets it, where it was read already.
    Nothing of the code is run. Without a source folder nothing is found: that is told elsewhere.
    """
    folder = answers.source_folder
    if not folder.is_dir():
        return []
    if not (folder / answers.pipeline.dockerfile).is_file():
        return [] if answers.pipeline.build == "existing" else [_no_dockerfile(answers)]
    try:
        project = Project.read(answers, source)
    except DockerfileError as error:
        name = answers.pipeline.dockerfile
        return [Finding("dockerfile-unreadable", Severity.ERROR, folder / name, name, 0, str(error))]
    found = [finding for check in CHECKS for finding in check(project)]
    order = list(Severity)
    return sorted(dict.fromkeys(found), key=lambda it: (order.index(it.severity), it.file, it.line))


def errors(findings: list[Finding]) -> list[Finding]:
    """Those that certainly break."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _no_dockerfile(answers: Answers) -> Finding:
    folder, name = answers.source_folder, answers.pipeline.dockerfile
    sentence = _("There is no Dockerfile, which says how your code becomes an image.")
    return Finding("no-dockerfile", Severity.ERROR, folder / name, name, 0, sentence, dockerfile(read_code(folder)))


def _faults(project: Project) -> Iterator[Finding]:
    """What a build in the registry refuses, and a Dockerfile without a command."""
    for fault in project.docker.faults:
        if project.answers.pipeline.build == "registry" or not fault.replacement:
            yield project.in_dockerfile("not-buildable", Severity.ERROR, fault.line, fault.sentence, fault.replacement, fault.end)


def _copies(project: Project) -> Iterator[Finding]:
    """Everything that COPY names is sent to the build."""
    if project.source is None:
        return
    sent = {entry.path for entry in project.source.entries}
    folders = {parent for path in sent for parent in _parents(path)} | {entry.path for entry in project.source.entries}
    for copy in project.docker.instructions:
        if copy.name not in ("COPY", "ADD") or from_elsewhere(copy) or len(copy.words) < 2:
            continue
        for word in copy.words[:-1]:
            path = posixpath.normpath(word.lstrip("/") or ".")
            if path != "." and "$" not in path and not word.startswith("<<") and not any(_glob(path).fullmatch(it) for it in folders):
                yield project.of_line("copy-missing", Severity.ERROR, copy, _copy_sentence(project, path))


def _copy_sentence(project: Project, path: str) -> str:
    if SECRET_FILE.fullmatch(posixpath.basename(path)):
        return _(
            "COPY names {path}, a file of passwords, which is never sent: put its values in the key vault, and remove it here."
        ).format(path=path)
    if (project.folder / path).exists():
        return _("COPY names {path}, which .dockerignore leaves out of the build: remove it there, or here.").format(path=path)
    return _("COPY names {path}, which is not in {folder}: the build ends there.").format(path=path, folder=project.folder)


def _exposed(project: Project) -> Iterator[Finding]:
    """EXPOSE says the port that requests are sent to; Azure does not read it, but people do."""
    port, expose = project.answers.app.port, project.docker.last("EXPOSE")
    listens = project.listens
    if expose and project.docker.ports and port not in project.docker.ports and (listens is None or listens == port):
        sentence = _("EXPOSE says {exposed}, and requests are sent to port {port}.").format(
            exposed=", ".join(map(str, project.docker.ports)), port=port
        )
        yield project.of_line("expose-port", Severity.WARNING, expose, sentence, f"EXPOSE {port}")


def _processor(project: Project) -> Iterator[Finding]:
    begin = project.docker.last("FROM")
    if begin and OTHER_PROCESSOR.match(project.docker.image):
        sentence = _("The base image {image} is made for another kind of processor; Azure runs linux/amd64.").format(
            image=project.docker.image
        )
        plain = f"FROM {OTHER_PROCESSOR.sub('', project.docker.image)}" + (f" AS {begin.words[2]}" if len(begin.words) > 2 else "")
        yield project.of_line("wrong-processor", Severity.ERROR, begin, sentence, plain)


def _user(project: Project) -> Iterator[Finding]:
    """Files on a share belong to root unless the mount says otherwise."""
    user = project.docker.last("USER")
    if user and user.words and user.words[0].partition(":")[0] not in ("root", "0") and project.answers.storage.shares:
        sentence = _(
            "The API runs as {user}, and files on a share belong to root: writing works, changing their owner or mode (chown) does not."
        ).format(user=user.words[0])
        yield project.of_line("user-and-shares", Severity.INFO, user, sentence)


def _secret_files(project: Project) -> Iterator[Finding]:
    """A file of passwords that ``COPY . .`` would take along."""
    whole = [copy for copy in _copies_of(project.docker) if "." in copy.words[:-1] or "./" in copy.words[:-1]]
    if not whole:
        return
    for path in sorted(project.folder.iterdir()):
        if path.is_file() and SECRET_FILE.fullmatch(path.name) and not project.ignored(path.name):
            sentence = _("{file} may hold passwords, and “{line}” would put it into the image: name it in .dockerignore.").format(
                file=path.name, line=f"{whole[0].name} {' '.join(whole[0].words)}"
            )
            yield project.appended("secret-file-copied", Severity.WARNING, ".dockerignore", sentence, path.name)


def _secrets_in_dockerfile(project: Project) -> Iterator[Finding]:
    for line in project.docker.instructions:
        if line.name == "ENV":
            for name, value in zip(line.words[::2], line.words[1::2], strict=False):
                if PRIVATE_NAME.search(name) and value.strip("\"'") and "$" not in value:
                    sentence = _("ENV puts the value of {name} into the image, where everyone who may pull it reads it.").format(name=name)
                    sentence += " " + _("Remove it, and make {name} a secret in azwizard.toml.").format(name=name)
                    yield project.of_line("secret-in-dockerfile", Severity.WARNING, line, sentence)


def _copies_of(docker: DockerfileFacts) -> list[Instruction]:
    return [it for it in docker.instructions if it.name in ("COPY", "ADD") and not from_elsewhere(it)]


def _glob(pattern: str) -> re.Pattern[str]:
    """A pattern of COPY as a regular expression: ``*`` and ``?`` stay within a name."""
    parts = ("[^/]*" if mark == "*" else "[^/]" if mark == "?" else re.escape(mark) for mark in re.split(r"([*?])", pattern))
    return re.compile("".join(parts))


def _parents(path: str) -> list[str]:
    names = path.split("/")
    return ["/".join(names[:count]) for count in range(1, len(names))]


CHECKS: tuple[Callable[[Project], Iterator[Finding]], ...] = (
    _faults,
    _copies,
    _processor,
    server,
    _exposed,
    volumes,
    databases,
    _user,
    _secret_files,
    _secrets_in_dockerfile,
)
