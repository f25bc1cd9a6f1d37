"""Scripts and start lines that surely fail in the first second: line ends of Windows, no right to run, no interpreter, joined words."""

from __future__ import annotations

import ast
import json
import os
import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wizard.containers.dockerfile_stages import Instruction
from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.source.compose.service import read_compose
from wizard.source.files.container_files import from_elsewhere
from wizard.source.starting.command_words import SHELLS, program_of
from wizard.source.starting.entry_point import find_app

STARTS = ("CMD", "ENTRYPOINT")
_QUOTED_LIST = re.compile(r"\[\s*['\"‘’“”]")
_RUN_TOGETHER = re.compile(r"(--?[A-Za-z][\w-]*)\s+(\S.*)", re.DOTALL)
_STRIPPED = ("-b", "-w", "-k", "-t", "-n", "-e", "-p")
"""Options of gunicorn after which a blank does no harm: its settings take it off again (tried with gunicorn 27).

``-c``, ``-m``, ``-u`` and ``-g`` keep it, and look for a file, a number, a user and a group with a blank in front.
"""
_ARGUMENTS_ONLY = re.compile(r"\s*(?:exec\s+)?\"?\$(?:@|\*|\{@\})\"?\s*")
_BARE_IMAGES = re.compile(r"(docker\.io/)?(library/)?(python|debian|ubuntu|alpine)([:@].*)?")
_SCRIPT = re.compile(r"(?!/usr/|/bin/|/opt/|/sbin/)[\w./-]+\.(sh|py)")
_NOT_READ = re.compile(r"\$|\.(tar(\.\w+)?|tgz|txz|tbz2?)\b")
"""A COPY or ADD whose files are not known here: named by a variable, or unpacked from an archive."""
_PYTHON = re.compile(r"python[\d.]*")
_CHANGED_ONLY = re.compile(r"\bchmod\b|\bchown\b|\bdos2unix\b|\bsed -i")
_FETCHES = re.compile(r"\b(git clone|curl|wget|unzip|tar|make|npm|yarn)\b")
_CONVERTED = re.compile(r"dos2unix|\\r")


def check_start(project: CodeProject) -> Iterator[Finding]:
    """What is started, as the Dockerfile says it."""
    yield from _lists(project)
    starts = [line for line in (project.docker.entrypoint, project.docker.cmd) if line is not None]
    for line in starts:
        yield from _words(project, line)
    script = _started_script(project)
    yield from _missing_file(project)
    if script is not None:
        yield from _line_ends(project, script)
        yield from _right_to_run(project, script)
        yield from _interpreter(project, script)
        yield from _nothing_to_start(project, script)


def _missing_file(project: CodeProject) -> Iterator[Finding]:
    """What is started is a script of the project by its name, and nothing puts it into the image."""
    command, named = project.command, missing_start(project)
    if command is None or not named:
        return
    sentence = _("{file} is started, and nothing puts it into the image: it is not in your project, or no COPY line takes it along.")
    sentence = sentence.format(file=named)
    compose = read_compose(project.folder)
    place = _place(project, named)
    if compose is not None and any(f"{place}/".startswith(f"{mount.rstrip('/')}/") for mount in compose.mounts):
        sentence += " " + _("On your computer {compose} mounts your folder there; in Azure nothing does.").format(compose=compose.file)
    yield project.of_command("target-missing", Severity.ERROR, command, sentence)


def missing_start(project: CodeProject) -> str:
    """The script that is started and surely is not in the image; "" for none.

    Only where nothing else could bring it: the base image has no programs of its own beside Python's, no other stage gives files, and no
    RUN line names the script but to change its rights or its line ends.
    """
    command = project.command
    if command is None or project.start.server or command.unknown or not _BARE_IMAGES.fullmatch(project.docker.image):
        return ""
    words = [word for word in command.words if not word.startswith("-")]
    by_another = bool(words) and (words[0] in SHELLS or _PYTHON.fullmatch(posixpath.basename(words[0])) is not None)
    named = next(iter(words[by_another:]), "")
    copies = [line for line in project.docker.instructions if line.name in ("COPY", "ADD")]
    unread = any(from_elsewhere(line) or line.heredocs or _NOT_READ.search(" ".join(line.words)) for line in copies)
    if not _SCRIPT.fullmatch(named) or unread or "$" in _place(project, named):
        return ""
    runs = [
        " ".join([*line.words, *(item.content for item in line.heredocs)]) for line in project.docker.instructions if line.name == "RUN"
    ]
    name = posixpath.basename(named)
    made = any((name in run and not _CHANGED_ONLY.search(run)) or _FETCHES.search(run) for run in runs)
    file = project.files.find(_place(project, named))
    return "" if made or (file is not None and file.is_file()) else named


def _place(project: CodeProject, named: str) -> str:
    folder = project.command.options.get("chdir", "") if project.command else ""
    return posixpath.normpath(posixpath.join(project.docker.workdir, folder, named))


def _lists(project: CodeProject) -> Iterator[Finding]:
    """A list in other quotes is no JSON: Docker takes it for a line of shell, or for names with brackets."""
    for stage in project.docker.stages:
        for line in stage.own:
            if not is_no_list(line):
                continue
            words = _list_of(_after_name(line))
            sentence = _("This is no list to Docker, which knows double quotes only: it hands the brackets to the shell as they stand.")
            flags = "".join(f"{flag} " for flag in line.flags)
            right = f"{line.name} {flags}{json.dumps(words, ensure_ascii=False)}" if words else ""
            yield project.of_line("not-a-list", Severity.ERROR, line, sentence, right)


def is_no_list(line: Instruction) -> bool:
    """Whether an instruction has what looks like a list and is none to Docker."""
    return not line.as_json and line.name in (*STARTS, "RUN", "COPY", "ADD", "VOLUME") and bool(_QUOTED_LIST.match(_after_name(line)))


def _after_name(line: Instruction) -> str:
    return re.sub(r"^\s*\w+\s+(?:--\S+\s+)*", "", line.original)


def _list_of(text: str) -> list[str]:
    """The words that were meant; none where that is not clear."""
    try:
        words = ast.literal_eval(re.sub("[‘’]", "'", re.sub("[“”]", '"', text)).strip())
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return []
    return words if isinstance(words, list) and all(isinstance(word, str) for word in words) else []


def parted_words(line: Instruction) -> list[str]:
    """The words of a list as they were meant: an option and its value that stand in one word are two."""
    words = list(line.words)
    if not line.as_json or not words or (words[0] in SHELLS and len(words) > 1 and words[1].startswith("-")):
        return words
    parted: list[str] = []
    strips = program_of(words) == "gunicorn"
    for place, word in enumerate(words):
        match = _RUN_TOGETHER.fullmatch(word) if place else None
        if match and "=" not in match[1] and not (strips and match[1] in _STRIPPED):
            parted += [match[1], match[2]]
        elif not place and re.search(r"\s", word):
            try:
                parted += shlex.split(word)
            except ValueError:
                parted.append(word)
        else:
            parted.append(word)
    return parted


def _words(project: CodeProject, line: Instruction) -> Iterator[Finding]:
    """An option and its value in one word of a list arrive as one word, which no program understands."""
    words, parted = list(line.words), parted_words(line)
    if parted != words:
        wrong = next(word for word, right in zip(words, parted, strict=False) if word != right)
        sentence = _("“{word}” is one word of the list, and arrives as one: an option and its value are two.").format(word=wrong)
        yield project.of_line("words-run-together", Severity.ERROR, line, sentence, f"{line.name} {json.dumps(parted, ensure_ascii=False)}")


@dataclass(frozen=True)
class _Script:
    """A script of the folder that the container starts.

    :param named: as the Dockerfile names it.
    :param runs_itself: whether it is executed, not read by a shell that the Dockerfile names.
    :param by_kernel: whether nothing but the kernel executes it; a shell would read a script without a first line itself.
    """

    path: Path
    named: str
    content: bytes
    line: Instruction
    runs_itself: bool
    by_kernel: bool


def _started_script(project: CodeProject) -> _Script | None:
    line = project.docker.entrypoint if project.docker.entrypoint and project.docker.entrypoint.words else project.docker.cmd
    if line is None or not line.words:
        return None
    words = list(line.words)
    in_shell = not line.as_json
    if len(words) >= 3 and words[0] in SHELLS and words[1] in ("-c", "-lc", "-ec"):
        words, in_shell = [words[2]], True
    if in_shell:
        try:
            words = shlex.split(words[0].partition("&&")[0].partition(";")[0])
        except ValueError:
            return None
    words = words[1:] if words[:1] == ["exec"] else words
    by_shell = bool(words) and words[0] in SHELLS
    words = [word for word in words[1:] if not word.startswith("-")] if by_shell else words
    if not words or "$" in words[0] or ("/" not in words[0] and not by_shell):
        return None
    file = project.files.find(posixpath.normpath(posixpath.join(project.docker.workdir, words[0])))
    if file is None or not file.is_file() or file.stat().st_size > 1 << 20:
        return None
    return _Script(file, words[0], file.read_bytes(), line, not by_shell, not in_shell and not by_shell)


def _mended(project: CodeProject, script: _Script, what: re.Pattern[str]) -> bool:
    """Whether a RUN line works on the script: it is named there, or all of its kind are."""
    kind = f"*{script.path.suffix}" if script.path.suffix else "\0"
    for line in project.docker.instructions:
        run = " ".join([*line.words, *(document.content for document in line.heredocs)]) if line.name == "RUN" else ""
        if what.search(run) and (script.path.name in run or kind in run or re.search(r"\s-\w*R|\bfind\b", run)):
            return True
    return False


def _line_ends(project: CodeProject, script: _Script) -> Iterator[Finding]:
    lines = script.content.splitlines(keepends=True)
    python = b"python" in (lines[0] if lines else b"")
    wrong = [line for line in lines if line.endswith(b"\r\n") and not (line.strip().startswith(b"#") and line is not lines[0])]
    if not wrong or (python and not script.runs_itself) or _mended(project, script, _CONVERTED):
        return
    sentence = _(
        "{file} has the line ends of Windows: in the container its first line names a program that is not there, or its commands fail."
    )
    name = script.path.name
    try:
        text = script.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    yield project.in_file("crlf", Severity.ERROR, script.path, 0, sentence.format(file=name), text.replace("\r\n", "\n"))
    attributes = project.folder / ".gitattributes"
    known = attributes.read_text(encoding="utf-8-sig", errors="replace") if attributes.is_file() else ""
    if "eol=lf" not in known:
        pattern = f"*{script.path.suffix}" if script.path.suffix else name
        sentence = _("Git on Windows writes {pattern} with such line ends; this line keeps them as they are in Linux.").format(
            pattern=pattern
        )
        yield project.appended("crlf", Severity.WARNING, ".gitattributes", sentence, f"{pattern} text eol=lf")


def _right_to_run(project: CodeProject, script: _Script) -> Iterator[Finding]:
    if not script.runs_itself or (os.name == "nt" and project.answers.pipeline.build != "registry"):
        return
    copied = [line for line in project.docker.instructions if line.name in ("COPY", "ADD") and line.flag("chmod") is not None]
    if script.path.stat().st_mode & 0o100 or _mended(project, script, re.compile(r"\bchmod\b|\binstall\b")) or copied:
        return
    sentence = _("{file} has no right to be run (no x bit): the container ends with “permission denied”.").format(file=script.path.name)
    lines = project.dockerfile.read_text(encoding="utf-8-sig").splitlines()[script.line.line - 1 : script.line.end]
    run, user = f"RUN chmod +x {script.named}", script.line.user
    if user.partition(":")[0] not in ("", "root", "0"):
        run = f"USER root\n{run}\nUSER {user}"
    text = "\n".join([run, *lines]) if " " not in script.named and script.line in project.docker.stages[-1].own else ""
    yield project.of_line("not-executable", Severity.ERROR, script.line, sentence, text)


def _interpreter(project: CodeProject, script: _Script) -> Iterator[Finding]:
    """The first line names a program that the image has."""
    first = script.content.splitlines()[0].decode("utf-8", errors="replace").strip() if script.content.strip() else ""
    if script.by_kernel and not first.startswith("#!") and not script.content.startswith(b"\x7fELF"):
        sentence = _("{file} does not begin with #! and the program that runs it: the container ends with “exec format error”.")
        marked = first.startswith("\ufeff#!")
        text = first.removeprefix("\ufeff") if marked else "#!/bin/sh"
        yield project.in_file(
            "exec-format", Severity.ERROR, script.path, 1, sentence.format(file=script.path.name), text, 1 if marked else -1
        )
    needs_bash = re.match(r"#!\s*(/usr)?/bin/(env\s+)?bash\b", first) if script.runs_itself else None
    alpine = re.search(r"(^|/)alpine([:@]|$)|:[\w.-]*alpine", project.docker.image)
    installed = any("bash" in " ".join(line.words) for line in project.docker.instructions if line.name == "RUN")
    if needs_bash and alpine and not installed:
        sentence = _("{file} is run by bash, which {image} does not have.").format(file=script.path.name, image=project.docker.image)
        yield project.in_file("exec-format", Severity.ERROR, script.path, 1, sentence)


def _nothing_to_start(project: CodeProject, script: _Script) -> Iterator[Finding]:
    """A script that only starts what CMD says, and no CMD."""
    if script.line is not project.docker.entrypoint or project.docker.cmd is not None or len(script.line.words) > 2:
        return
    commands = [line for line in script.content.decode("utf-8", errors="replace").splitlines() if line.strip() and not line.startswith("#")]
    if not commands or not _ARGUMENTS_ONLY.fullmatch(commands[-1]):
        return
    sentence = _("{file} starts what CMD says, and there is no CMD: the container ends at once.").format(file=script.path.name)
    folder = project.files.find(project.docker.workdir)
    app = find_app(folder) if folder is not None and folder.is_dir() else None
    target = app.target if app is not None and app.kind == "wsgi" else ""
    words = ["gunicorn", "--bind", f"0.0.0.0:{project.answers.app.port}", target]
    lines = project.dockerfile.read_text(encoding="utf-8-sig").splitlines()[script.line.line - 1 : script.line.end]
    text = "\n".join([*lines, f"CMD {json.dumps(words)}"]) if target and script.line in project.docker.stages[-1].own else ""
    yield project.of_line("nothing-to-start", Severity.ERROR, script.line, sentence, text)
