"""A start script that the container cannot run: line ends, the x bit, its interpreter."""

from __future__ import annotations

import posixpath
import re

from wizard.doctor.evidence import Evidence, telling_lines
from wizard.doctor.verdict import Fix, Verdict, apply_again
from wizard.lint.fixes import repaired
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.source.dockerfile import DockerfileError
from wizard.source.dockerignore import IgnoreFileError

NO_RIGHT = re.compile(r'exec: "([^"]+)": permission denied')
A_FOLDER = re.compile(r'exec: "([^"]+)": is a directory')  # of runc that Go 1.20 or newer built; an older one says "permission denied"
NO_FORMAT = re.compile(r"exec (\S+): exec format error")
NO_SCRIPT = re.compile(r"exec (\S+): no such file or directory")
CARRIAGE_RETURN = re.compile(r"env: (?:can't execute )?['‘]([\w./+-]+)(?:\\r|\r)['’]: No such file", re.IGNORECASE)
"""What GNU's and BusyBox's env say of ``#!/usr/bin/env bash`` in a script whose lines end as in Windows."""

CARRIAGE_RETURN_IN_LINE = re.compile(
    r"\$'\\r': command not found|\bset: (?:Illegal option -|-?\r?: invalid option)\r?$|^\S+: (?:line )?\d+: \r?: not found\r?$"
    r"|(?:attribute|named|file|directory|argument|chdir to|address|number)\b[^'\"]*['\"][^'\"]*\\r['\"]"
)
"""What dash, bash, Python and gunicorn say where a line ends in a carriage return: as ``\\r``, or as nothing to be seen."""

SCRIPT = re.compile(r".*\.(?:sh|bash|py|pl|rb)$")
FIRST_LINE = re.compile(r"#!\s*(\S+)")
SCRIPT_FINDINGS = ("crlf", "not-executable", "exec-format")


def script(evidence: Evidence, lines: tuple[str, ...]) -> Verdict | None:
    """What starts the API is there, and cannot be run: what runs it is absent, nothing is named, nobody may run it, or it is a folder."""
    log_text = "\n".join([*lines, *evidence.said.console])
    if match := A_FOLDER.search(log_text) or NO_RIGHT.search(log_text):
        return _not_executable(evidence, lines, match[1], folder=match.re is A_FOLDER)
    shown = telling_lines([*lines[:2], *(line for line in evidence.said.console if NO_SCRIPT.search(line) or NO_FORMAT.search(line))])
    if match := NO_FORMAT.search(log_text):
        return _not_of_this_format(evidence, shown, match[1])
    if match := NO_SCRIPT.search(log_text):
        return _without_interpreter(evidence, shown, match[1])
    words = _("Save the script with the line ends of Linux (LF), not those of Windows.")
    if match := CARRIAGE_RETURN.search(log_text):
        detail = _("Your API cannot be started: its start script asks for {name} with a carriage return behind it.").format(name=match[1])
        shown = telling_lines([line for line in log_text.splitlines() if CARRIAGE_RETURN.search(line)])
        return Verdict("crlf", detail, shown, _script_fix(evidence, words, match[1]))
    if wrong := [line for line in evidence.said.console if CARRIAGE_RETURN_IN_LINE.search(line)]:
        detail = _(
            "Your API cannot be started: a line of its start script ends in a carriage return, which the program takes for a letter."
        )
        return Verdict("crlf", detail, telling_lines([*lines[:2], wrong[-1]]), _script_fix(evidence, words, ""))
    return None


def _not_executable(evidence: Evidence, lines: tuple[str, ...], name: str, *, folder: bool) -> Verdict:
    dockerfile = evidence.answers.pipeline.dockerfile
    project = _project(evidence)
    if folder or name.endswith("/") or name in (".", "..") or (project is not None and name == project.docker.workdir):
        detail = _("Your API cannot be started: {name} is a folder and no program.").format(name=name)
        words = _("Name the program in CMD or ENTRYPOINT of {file}, not the folder.").format(file=dockerfile)
        return Verdict("not-executable", detail, lines, Fix(words, "apply"))
    detail = _("Your API cannot be started: {name} has no right to be run (no x bit).")
    if not SCRIPT.match(name):
        detail = _("Your API cannot be started: {name} is a folder, or has no right to be run (no x bit).")
    words = _("Write RUN chmod +x {name} before the last line of {file}.")
    return Verdict("not-executable", detail.format(name=name), lines, _script_fix(evidence, words, name))


def _not_of_this_format(evidence: Evidence, shown: tuple[str, ...], name: str) -> Verdict:
    if SCRIPT.match(name) or _first_line(evidence, name) is not None:
        detail = _("Your API cannot be started: {name} does not begin with #! and the program that runs it.").format(name=name)
        words = _("Write #!/bin/sh as the first line of {name}, without anything before it.")
        return Verdict("exec-format", detail, shown, _script_fix(evidence, words, name))
    detail = _("Your API cannot be started: {name} is built for another processor than Azure's, or is a script that begins without #!.")
    words = _("Build the image for linux/amd64 (docker build --platform linux/amd64), or write #!/bin/sh as the script's first line.")
    return Verdict("exec-format", detail.format(name=name), shown, _script_fix(evidence, words, name))


def _without_interpreter(evidence: Evidence, shown: tuple[str, ...], name: str) -> Verdict:
    first = _first_line(evidence, name)
    match = FIRST_LINE.match(first) if first is not None and not first.endswith("\r") else None
    if match:
        detail = _("Your API cannot be started: the first line of {name} names {program}, which its image does not have.")
        words = _("Write a program that is there, such as #!/bin/sh, or have {program} installed in the image.")
        return Verdict("crash", detail.format(name=name, program=match[1]), shown, Fix(words.format(program=match[1]), "apply"))
    detail = _("Your API cannot be started: {name} is there, and the program that its first line names is not.").format(name=name)
    words = _("Most often its lines end as in Windows: save {name} with the line ends of Linux (LF).")
    return Verdict("crlf", detail, shown, _script_fix(evidence, words, name))


def _project(evidence: Evidence) -> CodeProject | None:
    """The project whose image runs; None where it is built elsewhere, or cannot be read."""
    if not evidence.answers.pipeline.builds_folder:
        return None
    try:
        return CodeProject.read(evidence.answers)
    except (DockerfileError, IgnoreFileError, OSError):
        return None


def _first_line(evidence: Evidence, name: str) -> str | None:
    """The first line of a script of the project, with a carriage return that it may have; None where the project has no such file."""
    project = _project(evidence)
    file = project.files.find(posixpath.normpath(posixpath.join(project.docker.workdir, name))) if project is not None else None
    try:
        return None if file is None else file.read_bytes().partition(b"\n")[0].decode(errors="replace")
    except OSError:
        return None


def _script_fix(evidence: Evidence, words: str, name: str) -> Fix:
    """What the code check proposes; otherwise a sentence."""
    proposed = [finding for finding in evidence.findings if finding.replacement and finding.id in SCRIPT_FINDINGS]
    if proposed and evidence.answers.pipeline.builds_folder:
        return apply_again(evidence, files=repaired(proposed))
    return Fix(words.format(name=name, file=evidence.answers.pipeline.dockerfile), "apply")
