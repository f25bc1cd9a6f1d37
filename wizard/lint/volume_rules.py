"""Whether what an API writes is kept: volumes and SQLite databases held against the mounted shares and the number of writers."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import tomlkit

from wizard.lint.finding import Finding, Severity
from wizard.platform.language import _
from wizard.sections.name_rules import kebab_case
from wizard.setup.toml_writer import add_table
from wizard.source.files.databases import TEMPORARY, Database
from wizard.source.files.hidden_files import holds_code, holds_system
from wizard.source.starting.gunicorn_config import GUNICORN_FILE
from wizard.source.starting.start import CPU
from wizard.source.starting.start_command import StartCommand
from wizard.source.text_file import read_lines

if TYPE_CHECKING:
    from wizard.lint.project import CodeProject
    from wizard.sections.storage import Share

ONE_WORKER = re.compile(r"""((?:--workers|-w|\bWEB_CONCURRENCY)(?:[= ]|"\s*,\s*"|(?<=-w)))\d+""")
SQLITE = re.compile(r"(?:sqlite(?:\+\w+)?:///)?(?P<path>[^\s?:*]+\.(?:db|sqlite3?))(?:\?.*)?", re.IGNORECASE)


def volumes(project: CodeProject) -> Iterator[Finding]:
    """A VOLUME without a share loses its files at each start; a share without a VOLUME is fine."""
    mounts = {posixpath.normpath(share.mount) for share in project.answers.storage.shares}
    lines = [
        (posixpath.normpath(posixpath.join(instruction.workdir, word)), instruction)
        for instruction in project.docker.instructions
        for word in instruction.words
    ]
    for path, line in {path: line for path, line in reversed(lines) if line.name == "VOLUME" and path not in mounts}.items():
        sentence = _(
            "The Dockerfile ({where}) keeps {path} in a volume, and no share is mounted there: what is written is lost at each start."
        )
        where = f"{project.answers.pipeline.dockerfile}:{line.line}"
        yield _with_share(project, "volume-without-share", sentence.format(where=where, path=path), path)


def databases(project: CodeProject) -> Iterator[Finding]:
    """A SQLite database lies on a share that can be written to, with nobrl."""
    known = sqlite_databases(project)
    lost = {
        name.folder: name
        for name in reversed(known)
        if name.path and _share_of(project, name.path) is None and name.folder not in TEMPORARY
    }
    for folder, database in reversed(lost.items()):
        sentence = _("The SQLite database {path} lies on no share: it is lost at each start.").format(path=database.path)
        volume = next((item for item in project.docker.volumes if f"{database.path}/".startswith(f"{posixpath.normpath(item)}/")), None)
        if volume is None:
            yield _with_share(project, "sqlite-not-kept", sentence, folder)
        else:  # the share for the volume keeps it
            line = project.setup_line(re.escape(posixpath.basename(database.path or "")))
            yield project.in_setup("sqlite-not-kept", Severity.WARNING, line, sentence)
    if not any(share.nobrl for share in project.answers.storage.shares):
        for database in (name for name in known if name.path is None):
            sentence = _(
                "The SQLite database {written} lies where the code says when it runs: unless that is on a share, it is lost at each start."
            )
            file, _colon, at = database.where.rpartition(":")
            sentence = sentence.format(written=database.written)
            yield project.in_file("sqlite-not-kept", Severity.WARNING, project.folder / file, int(at), sentence)
    yield from _unfit_shares(project, known)


def _unfit_shares(project: CodeProject, known: list[Database]) -> Iterator[Finding]:
    holding = [share for name in known if name.path and (share := _share_of(project, name.path)) is not None]
    for share in {share.designation: share for share in holding}.values():
        if share.access == "ReadOnly":
            sentence = _("The SQLite database lies on the share “{share}”, which may only be read: every write would fail.")
            yield _at_share(project, share, "sqlite-read-only", Severity.ERROR, sentence, "access", 'access = "ReadWrite"')
        elif not share.nobrl:
            sentence = _("The SQLite database lies on the share “{share}” without nobrl: it would report “database is locked”.")
            yield _at_share(project, share, "sqlite-without-nobrl", Severity.WARNING, sentence, "nobrl", "nobrl = true")


def check_wal(project: CodeProject) -> Iterator[Finding]:
    """Write-ahead logging needs memory that all who open the database share, which a network share has not (sqlite.org/wal.html)."""
    where = project.stored.wal
    on_share = any(
        sqlite_database.path and _share_of(project, sqlite_database.path) is not None for sqlite_database in sqlite_databases(project)
    )
    if where and on_share:
        file, _colon, line = where.rpartition(":")
        sentence = _(
            "journal_mode=WAL does not work on a file share: readers see old rows, or the database breaks. Use DELETE or TRUNCATE."
        )
        yield project.in_file("sqlite-wal", Severity.WARNING, project.folder / file, int(line), sentence)


def check_workers(project: CodeProject) -> Iterator[Finding]:
    """Several processes do not write to one SQLite database, and their number is not that of a computer which is not the container's."""
    command, workers = project.command, project.start.workers
    if command is None or not workers:
        return
    counted = workers == CPU or "nproc" in workers or "cpu_count" in workers
    if not counted and (not workers.isdigit() or int(workers) < 2):
        return
    if sqlite_databases(project):
        sentence = _("{count} workers write to one SQLite database: they wait for each other's locks, and some fail. One worker is safe.")
        if counted:
            sentence = _(
                "Several workers write to one SQLite database, as many as the processors of Azure's computer allow, "
                "of which your container has a part only: they wait for each other's locks, and some fail. One worker is safe."
            )
        yield _one_worker(project, command, "workers-and-sqlite", sentence.format(count=workers))
    elif counted:
        sentence = _(
            "The number of workers is counted by the processors of Azure's computer, of which your container has a part only: "
            "its memory may not be enough. Write a number, such as 2."
        )
        yield _one_worker(project, command, "workers-by-cpu", sentence)


def _one_worker(project: CodeProject, command: StartCommand, id: str, sentence: str) -> Finding:
    """At the line that says how many there are."""
    line = command.instruction
    for instruction in (line, *(item for item in project.docker.instructions if item.name == "ENV")):
        lines = read_lines(project.dockerfile)[instruction.line - 1 : instruction.end]
        text = "\n".join(lines)
        one = ONE_WORKER.sub(lambda match: f"{match[1]}1", text)
        if one != text:
            return project.of_line(id, Severity.WARNING, instruction, sentence, one)
    file = project.files.find(posixpath.normpath(posixpath.join(project.docker.workdir, command.options.get("config", GUNICORN_FILE))))
    if file is not None and file.is_file():
        texts = read_lines(file)
        number = next((number for number, text in enumerate(texts, 1) if re.match(r"workers\s*=", text)), 0)
        if number:
            return project.in_file(id, Severity.WARNING, file, number, sentence, "workers = 1")
    return project.of_line(id, Severity.WARNING, line, sentence)


def sqlite_databases(project: CodeProject) -> list[Database]:
    """The SQLite databases that the API opens: those of its code, with the setup's variables in place, and those that only these name."""
    declared = {variable.name for variable in project.answers.variables}
    replaced = {use.default for use in project.code.variables if use.name in declared}
    known = [database for database in project.stored.databases if database.written not in replaced]
    written = {item.written for item in known}
    for name, value in project.variables.items():
        match = SQLITE.fullmatch(value)
        if match and value not in written and not any(item.path and item.path.endswith(f"/{match['path'].lstrip('/')}") for item in known):
            path = posixpath.normpath(posixpath.join(project.docker.workdir, match["path"]))
            known.append(Database(value, path, f"{project.answers.file.name}:{project.setup_line(re.escape(name))}"))
    return known


def _share_of(project: CodeProject, path: str) -> Share | None:
    inside = [share for share in project.answers.storage.shares if f"{path}/".startswith(f"{posixpath.normpath(share.mount)}/")]
    return max(inside, key=lambda share: len(share.mount), default=None)


def _at_share(project: CodeProject, share: Share, id: str, severity: Severity, sentence: str, key: str, right: str) -> Finding:
    """A finding in the share's table of the setup file: at the key's own line, or before the line after the mount."""
    mount = project.setup_line(rf'^\s*mount\s*=\s*"{re.escape(share.mount)}/?"')
    text = sentence.format(share=share.designation)
    lines = read_lines(project.answers.file) if mount else []
    begin = next((number for number in range(mount, 0, -1) if lines[number - 1].lstrip().startswith("[[")), mount)
    for number in range(begin + 1, len(lines) + 1):
        if lines[number - 1].lstrip().startswith("["):
            break
        if re.match(rf"\s*{key}\s*=", lines[number - 1]):
            return project.in_setup(id, severity, number, text, right)
    return project.in_setup(id, severity, mount + 1 if mount else 0, text, right, end=mount)


def _with_share(project: CodeProject, id: str, sentence: str, path: str) -> Finding:
    """A finding that a further share in the setup file settles."""
    if holds_system(path) or holds_code(project.code, path):
        words = _("A share there would hide your code: let it lie in a folder of its own, and mount a share at that.")
        if holds_system(path) and path != "/":
            words = _("{path} belongs to the container's system: let it lie in a folder of its own, and mount a share at that.").format(
                path=path
            )
        return project.in_setup(id, Severity.WARNING, 0, f"{sentence} {words}")
    taken = {share.designation for share in project.answers.storage.shares}
    word = kebab_case(posixpath.basename(path))[:12].strip("-") or "files"
    designation = next(name for name in (word, *(f"{word}-{number}" for number in range(2, 99))) if name not in taken)
    holds_database = any(f"{sqlite_database.path}/".startswith(f"{path}/") for sqlite_database in sqlite_databases(project))

    def change(setup: Any) -> None:
        values = {"designation": designation, "mount": path} | ({"nobrl": True} if holds_database else {})
        add_table(setup.setdefault("storage", tomlkit.table(is_super_table=True)), "shares", values)

    return project.setup_edited(id, Severity.WARNING, f"{sentence} " + _("A share keeps it."), change)
