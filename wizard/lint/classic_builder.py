"""What a build in the registry refuses: every form that only BuildKit builds, with lines that do the same without it (reference 1.6).

Where no such lines are certain, as for a secret that is mounted, nothing is proposed: a person decides.
"""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.containers.dockerfile_parser import DockerfileSyntaxError, parse
from wizard.containers.dockerfile_rules import flag_name
from wizard.containers.dockerfile_stages import PLATFORM, Instruction, Stage, read_stages
from wizard.lint.finding import Finding, Severity
from wizard.lint.scaffold import app_to_start
from wizard.lint.scaffold_dockerfile import start_words
from wizard.platform.language import _
from wizard.source.starting.command_words import SHELLS
from wizard.source.starting.start import DEVELOPMENT, StartReader
from wizard.source.text_file import read_lines

if TYPE_CHECKING:
    from wizard.lint.project import CodeProject

_CONTROL = re.compile(
    r"\s*(if|then|else|elif|fi|for|while|until|do|done|case|esac|function|\{|\}|\(|\))\b|.*(\\|\{|\(|<<\S+|;;)\s*$|\s*[})]"
)
_LONGEST_HEREDOC = 40  # lines that still make a command one wants to read


def not_buildable(project: CodeProject) -> Iterator[Finding]:
    """What only BuildKit builds, where the registry or this computer builds; and an image that starts nothing."""
    lines = read_lines(project.dockerfile)
    for problem in project.docker.problems:
        yield project.in_dockerfile("not-buildable", Severity.ERROR, len(lines), problem, _missing_command(project, lines))
    if not project.answers.pipeline.builds_folder:
        return
    yield from _platform_arguments(project)
    refused = False
    for stage in project.docker.stages:
        for line in stage.own:
            if finding := _refused(project, stage, line, "\n".join(lines[line.line - 1 : line.end])):
                refused = True
                yield finding
    if not refused:
        yield from _variables(project)


def _missing_command(project: CodeProject, lines: list[str]) -> str:
    """The last line, and a CMD after it: a Procfile's or compose file's if it is one plain command, or what starts the application."""
    command = StartReader(project.folder, project.docker, project.files, project.variables).hinted().command
    app = app_to_start(project.code)
    words: list[str] = []
    if command is not None and command.server and not (command.unknown or command.server in DEVELOPMENT):
        words = [word for word in shlex.split(command.instruction.words[0]) if word != "--reload"]
    if (not words or words[0] in SHELLS or re.search(r"[$;&|<>]", "".join(words))) and app is not None:
        words = start_words(app, project.answers.app.port)
    return f"{lines[-1]}\nCMD {json.dumps(words)}" if words and lines else ""


def _refused(project: CodeProject, stage: Stage, line: Instruction, text: str) -> Finding | None:
    """The finding about one instruction, if it has a form of BuildKit's."""
    if line.name == "FROM" and line.flags:
        sentence = _("The registry cannot build FROM with --platform. Remove --platform: it always builds for linux/amd64.")
        return project.of_line("not-buildable", Severity.ERROR, line, sentence, _without_flags(text, ("platform",)))
    if not line.modern:
        return None
    names = {"<<": _("a here-document (<<)"), "git": _("ADD of a Git repository")}
    forms = ", ".join(names.get(form) or f"{line.name} {form}" for form in line.modern)
    remedies = " ".join(dict.fromkeys(filter(None, (_remedy(line, form) for form in line.modern))))
    sentence = _("The registry cannot build {forms}, which needs BuildKit.").format(forms=forms)
    fix = _Rewriting(project, stage, line, text).proposed()
    return project.of_line("not-buildable", Severity.ERROR, line, f"{sentence} {remedies}".strip(), fix)


def _remedy(line: Instruction, form: str) -> str:
    kinds = {mount.kind for mount in _mounts(line)}
    if form == "--mount" and kinds & {"secret", "ssh"}:
        return _("What it needs of a secret has to come another way: the registry gives a build none.")
    if form == "--mount" and "bind" in kinds:
        return _("Copy the files that it binds before, and write the line without --mount.")
    return {
        "--mount": _("Write the line without --mount."),
        "--chmod": _("Copy first, then set the mode with RUN chmod."),
        "--link": _("Write the line without it."),
        "--parents": _("Copy each folder by a line of its own."),
        "--exclude": _("Name in .dockerignore what is to stay out."),
        "--checksum": _("Check what was downloaded in a RUN line."),
        "<<": _("Write its lines as RUN a && b."),
        "git": _("Clone it in a RUN line, or copy its files."),
    }.get(form, "")


def _platform_arguments(project: CodeProject) -> Iterator[Finding]:
    """``ARG TARGETARCH``: BuildKit gives it a value, the registry's builder leaves it empty."""
    for stage in project.docker.stages:
        for line in stage.own:
            names = [word for word in line.words if PLATFORM.get(word)] if line.name == "ARG" else []
            if names:
                sentence = _("The registry's builder gives {names} no value, as BuildKit does: give it one.").format(names=", ".join(names))
                words = [f"{word}={PLATFORM[word]}" if word in names else word for word in line.original.split()[1:]]
                yield project.of_line("not-buildable", Severity.ERROR, line, sentence, f"ARG {' '.join(words)}")


def _variables(project: CodeProject) -> Iterator[Finding]:
    """``${NAME#prefix}`` and what else the classic builder does not understand."""
    try:
        read_stages(project.dockerfile.read_text(encoding="utf-8-sig"))
    except DockerfileSyntaxError as error:
        sentence = _("The registry cannot build this line: {reason}.").format(reason=error)
        yield project.in_dockerfile("not-buildable", Severity.ERROR, error.line, sentence)


@dataclass(frozen=True)
class _Mount:
    """``--mount`` of a RUN line."""

    kind: str
    source: str
    target: str
    stage: str


def _mounts(line: Instruction) -> list[_Mount]:
    mounts = []
    for flag in line.flags if line.name == "RUN" else ():
        if flag_name(flag) == "mount":
            pairs = dict(part.partition("=")[::2] for part in flag.partition("=")[2].split(","))
            source = pairs.get("source") or pairs.get("src") or "."
            target = pairs.get("target") or pairs.get("dst") or pairs.get("destination") or ""
            mounts.append(_Mount(pairs.get("type", "bind"), source, target, pairs.get("from", "")))
    return mounts


@dataclass(frozen=True)
class _Rewriting:
    """One instruction said without BuildKit.

    :param text: its lines as they are written.
    """

    project: CodeProject
    stage: Stage
    line: Instruction
    text: str

    def proposed(self) -> str:
        """The lines that should stand there instead; "" where a person has to decide."""
        match self.line.name:
            case "RUN" if self.line.heredocs:
                return self._commands() if self.line.modern == ("<<",) else ""
            case "RUN":
                return self._run()
            case "COPY" if self.line.heredocs:
                return self._written() if self.line.modern == ("<<",) else ""
            case "COPY" | "ADD":
                return self._copy()
        return ""

    def _run(self) -> str:
        """What a mount binds is copied before; a cache is only for speed."""
        if set(self.line.modern) - {"--mount", "--network"} or self.line.flag("network") not in (None, "default"):
            return ""
        copies: list[str] = []
        for mount in _mounts(self.line):
            if mount.kind == "bind" and (copy := self._bound(mount)):
                copies.append(copy)
            elif mount.kind not in ("cache", "tmpfs"):
                return ""
        plain = _without_flags(self.text, ("mount", "network"))
        return "\n".join([*dict.fromkeys(copies), plain]) if plain else ""

    def _bound(self, mount: _Mount) -> str:
        """The COPY for a bind mount; "" where its files are not sent to the build, or a name has blanks."""
        if not mount.target or re.search(r"[\s$]", mount.source + mount.target + mount.stage):
            return ""
        if mount.stage:
            return f"COPY --from={mount.stage} {mount.source} {mount.target}"
        path = posixpath.normpath(mount.source.lstrip("/") or ".")
        sent = self.project.sent
        return f"COPY {path} {mount.target}" if path == "." or path in sent.files or path in sent.folders else ""

    def _copy(self) -> str:
        forms = set(self.line.modern)
        remote = self.line.flag("checksum") is not None
        if forms - {"--chmod", "--link", "--checksum"} or (remote and len(self.line.words) != 2):
            return ""
        plain = _without_flags(self.text, ("chmod", "link", "checksum"))
        if not plain or self.stage.base == "scratch":
            return plain if forms == {"--link"} else ""
        places = self._places()
        runs = []
        if remote:
            digest = str(self.line.flag("checksum")).removeprefix("sha256:")
            runs.append(f'RUN echo "{digest}  {places[0]}" | sha256sum -c -')
        if mode := self.line.flag("chmod"):
            if any(re.search(r"[\s'\"$]", word) for word in (mode, *places)):
                runs.append(f"RUN {json.dumps(['chmod', *(['-R'] if self._holds_folder() else []), mode, *places])}")
            else:
                runs.append(f"RUN chmod {'-R ' if self._holds_folder() else ''}{mode} {' '.join(places)}")
        if runs and self.line.user.partition(":")[0] not in ("", "root", "0"):
            runs = ["USER root", *runs, f"USER {self.line.user}"]
        return "\n".join([plain, *runs])

    def _places(self) -> list[str]:
        """Where the sources lie afterwards."""
        *sources, target = self.line.words
        named = [posixpath.basename(posixpath.normpath(source)) for source in sources if not self._is_folder(source)]
        if target.endswith("/") or target in (".", "..") or len(sources) > 1:
            places = [posixpath.join(target, name) for name in named]
            return [*places, target] if len(named) < len(sources) else places
        return [target]

    def _holds_folder(self) -> bool:
        return self.line.flag("from") is not None or any(map(self._is_folder, self.line.words[:-1]))

    def _is_folder(self, source: str) -> bool:
        path = posixpath.normpath(source.lstrip("/") or ".")
        return self.line.flag("from") is None and (path == "." or path in self.project.sent.folders)

    def _commands(self) -> str:
        """A here-document of plain commands as one RUN line; they then stop at the first that fails."""
        document = self.line.heredocs[0]
        lines = [line.strip() for line in document.content.splitlines() if line.strip() and not line.strip().startswith("#")]
        whole = re.fullmatch(r"<<-?\s*([\"']?)\w+\1", self.line.words[0].strip())
        if not whole or len(self.line.heredocs) > 1 or document.content.startswith("#!") or any(map(_CONTROL.match, lines)) or not lines:
            return ""
        try:
            for line in lines:
                shlex.split(line)
        except ValueError:  # a quotation over several lines
            return ""
        return "RUN " + " && \\\n    ".join(line.rstrip(";") for line in lines)

    def _written(self) -> str:
        """A small file that stands in the Dockerfile, written by printf."""
        document, target = self.line.heredocs[0], self.line.words[-1]
        lines = document.content.splitlines()
        plain = not re.search(r"[$\\`\r]", document.content) and len(lines) <= _LONGEST_HEREDOC
        if len(self.line.words) != 2 or target.endswith("/") or not plain or not lines or self.line.flags or self.stage.base == "scratch":
            return ""
        folder = posixpath.dirname(target)
        make_folder = f"mkdir -p {shlex.quote(folder)} && " if folder else ""
        words = " \\\n    ".join("'" + line.replace("'", "'\\''") + "'" for line in lines)
        return f"RUN {make_folder}printf '%s\\n' \\\n    {words} \\\n    > {shlex.quote(target)}"


def _without_flags(text: str, names: tuple[str, ...]) -> str:
    """An instruction's lines without some of its flags, everything else as it is written; "" where that cannot be done."""
    flag = r"""--[\w-]+(?:=(?:\\.|"[^"]*"|'[^']*'|[^\s"'])*)?"""
    gap = r"(?:[ \t]*[\\`][ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*|[ \t]+)"
    head = re.match(rf"\s*\w+{gap}", text)
    if head is None:
        return ""
    at, flags_kept = head.end(), ""
    while match := re.compile(rf"({flag}){gap}").match(text, at):
        flags_kept += "" if flag_name(match[1]) in names else match[0]
        at = match.end()
    result = re.sub(r"[\\`][ \t]*\n\s*$", "", head[0]).rstrip() + " " + flags_kept + text[at:]
    return result if _is_same(text, result, names) else ""


def _is_same(before: str, after: str, names: tuple[str, ...]) -> bool:
    """Whether two texts of one instruction differ in those flags only."""
    try:
        (old,), (new,) = parse(before).commands, parse(after).commands
    except (DockerfileSyntaxError, ValueError):
        return False
    flags = tuple(flag for flag in old.flags if flag_name(flag) not in names)
    return (old.name, flags, " ".join(old.words).split()) == (new.name, new.flags, " ".join(new.words).split())
