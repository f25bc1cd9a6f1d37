"""Whether what an API writes is kept: volumes and SQLite databases held against the mounted shares and the number of writers."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import tomlkit

from wizard.lint.finding import Finding, Severity
from wizard.platform.language import _
from wizard.sections.naming import kebab_case
from wizard.source.gunicorn_config import GUNICORN_FILE, gunicorn_settings
from wizard.source.start_command import StartCommand

if TYPE_CHECKING:
    from wizard.lint.project import CodeProject
    from wizard.sections.storage import Share

ONE_WORKER = re.compile(r"""((?:--workers|-w|\bWEB_CONCURRENCY)(?:[= ]|"\s*,\s*"|(?<=-w)))\d+""")
SQLITE = re.compile(r"(?:sqlite(?:\+\w+)?:///)?(?P<path>[^\s?:*]+\.(?:db|sqlite3?))(?:\?.*)?", re.IGNORECASE)


def volumes(project: CodeProject) -> Iterator[Finding]:
    """A VOLUME without a share loses its files at each start; a share without a VOLUME is fine."""
    mounts = {posixpath.normpath(share.mount) for share in project.answers.storage.shares}
    lines = [(posixpath.normpath(posixpath.join(it.workdir, word)), it) for it in project.docker.instructions for word in it.words]
    for path, line in {path: line for path, line in reversed(lines) if line.name == "VOLUME" and path not in mounts}.items():
        sentence = _(
            "The Dockerfile ({where}) keeps {path} in a volume, and no share is mounted there: what is written is lost at each start."
        )
        where = f"{project.answers.pipeline.dockerfile}:{line.line}"
        yield _with_share(project, "volume-without-share", sentence.format(where=where, path=path), path)


def databases(project: CodeProject) -> Iterator[Finding]:
    """A SQLite database lies on a share that can be written to, with nobrl."""
    paths = sqlite_paths(project)
    holding = [(path, share) for path in paths if (share := _share_of(project, path)) is not None]
    if paths and not holding:
        path = next(iter(paths))
        sentence = _("The SQLite database {path} lies on no share: it is lost at each start.").format(path=path)
        volume = next((it for it in project.docker.volumes if f"{path}/".startswith(f"{posixpath.normpath(it)}/")), None)
        if volume is None:
            yield _with_share(project, "sqlite-not-kept", sentence, posixpath.dirname(path))
        else:  # the share for the volume keeps it
            yield project.in_setup("sqlite-not-kept", Severity.WARNING, project.setup_line(re.escape(posixpath.basename(path))), sentence)
    for share in {share.designation: share for _path, share in holding}.values():
        if share.access == "ReadOnly":
            sentence = _("The SQLite database lies on the share “{share}”, which may only be read: every write would fail.")
            yield _at_share(project, share, "sqlite-read-only", Severity.ERROR, sentence, "access", 'access = "ReadWrite"')
        elif not share.nobrl:
            sentence = _("The SQLite database lies on the share “{share}” without nobrl: it would report “database is locked”.")
            yield _at_share(project, share, "sqlite-without-nobrl", Severity.WARNING, sentence, "nobrl", "nobrl = true")


def check_workers(project: CodeProject) -> Iterator[Finding]:
    """Several processes do not write to one SQLite database."""
    command = project.command
    if command is None or command.server != "gunicorn" or not sqlite_paths(project):
        return
    told = gunicorn_settings(command, project.files, project.docker.workdir, project.variables).get("workers")
    if not told or not told.isdigit() or int(told) < 2:
        return
    sentence = _("{count} workers write to one SQLite database: they wait for each other's locks, and some fail. One worker is safe.")
    yield _one_worker(project, command, sentence.format(count=told))


def _one_worker(project: CodeProject, command: StartCommand, sentence: str) -> Finding:
    """At the line that says how many there are."""
    line = command.instruction
    for instruction in (line, *(it for it in project.docker.instructions if it.name == "ENV")):
        lines = project.dockerfile.read_text(encoding="utf-8-sig").splitlines()[instruction.line - 1 : instruction.end]
        text = "\n".join(lines)
        one = ONE_WORKER.sub(lambda found: f"{found[1]}1", text)
        if one != text:
            return project.of_line("workers-and-sqlite", Severity.WARNING, instruction, sentence, one)
    file = project.files.find(posixpath.normpath(posixpath.join(project.docker.workdir, command.options.get("config", GUNICORN_FILE))))
    if file is not None and file.is_file():
        texts = file.read_text(encoding="utf-8-sig").splitlines()
        number = next((number for number, text in enumerate(texts, 1) if re.match(r"workers\s*=", text)), 0)
        if number:
            return project.in_file("workers-and-sqlite", Severity.WARNING, file, number, sentence, "workers = 1")
    return project.of_line("workers-and-sqlite", Severity.WARNING, line, sentence)


def sqlite_paths(project: CodeProject) -> list[str]:
    """Where in the container its SQLite databases lie: as its variables say, or else the code, where that is certain."""
    given = [match["path"] for value in project.variables.values() if (match := SQLITE.fullmatch(value))]
    replaced = {use.default for use in project.code.variables if use.name in {variable.name for variable in project.answers.variables}}
    in_code = [path for path in project.code.databases if not any(default and path in default for default in replaced)]
    certain = given or [path for path in in_code if path.startswith("/") or "/" in path]
    return list(dict.fromkeys(posixpath.normpath(posixpath.join(project.docker.workdir, path)) for path in certain))


def _share_of(project: CodeProject, path: str) -> Share | None:
    inside = [share for share in project.answers.storage.shares if f"{path}/".startswith(f"{posixpath.normpath(share.mount)}/")]
    return max(inside, key=lambda share: len(share.mount), default=None)


def _at_share(project: CodeProject, share: Share, id: str, severity: Severity, sentence: str, key: str, right: str) -> Finding:
    """A finding in the share's table of the setup file: at the key's own line, or before the line after the mount."""
    mount = project.setup_line(rf'^\s*mount\s*=\s*"{re.escape(share.mount)}/?"')
    text = sentence.format(share=share.designation)
    lines = project.answers.file.read_text(encoding="utf-8-sig").splitlines() if mount else []
    begin = next((number for number in range(mount, 0, -1) if lines[number - 1].lstrip().startswith("[[")), mount)
    for number in range(begin + 1, len(lines) + 1):
        if lines[number - 1].lstrip().startswith("["):
            break
        if re.match(rf"\s*{key}\s*=", lines[number - 1]):
            return project.in_setup(id, severity, number, text, right)
    return project.in_setup(id, severity, mount + 1 if mount else 0, text, right, end=mount)


def _with_share(project: CodeProject, id: str, sentence: str, path: str) -> Finding:
    """A finding that a further share in the setup file settles."""
    if path in ("/", posixpath.normpath(project.docker.workdir)):
        words = _("A share there would hide your code: let it lie in a folder of its own, and mount a share at that.")
        return project.in_setup(id, Severity.WARNING, 0, f"{sentence} {words}")
    taken = {share.designation for share in project.answers.storage.shares}
    word = kebab_case(posixpath.basename(path))[:12].strip("-") or "files"
    designation = next(name for name in (word, *(f"{word}-{number}" for number in range(2, 99))) if name not in taken)
    holds_database = any(f"{it}/".startswith(f"{path}/") for it in sqlite_paths(project))

    def change(setup: Any) -> None:
        table = tomlkit.table()
        table.update({"designation": designation, "mount": path} | ({"nobrl": True} if holds_database else {}))
        setup.setdefault("storage", tomlkit.table(is_super_table=True)).setdefault("shares", tomlkit.aot()).append(table)

    return project.setup_edited(id, Severity.WARNING, f"{sentence} " + _("A share keeps it."), change)
