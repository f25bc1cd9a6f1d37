"""Whether what an API writes outlives its container: volumes and SQLite databases held against the mounted shares."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wizard.finding import Finding, Severity
from wizard.language import _
from wizard.naming import kebab_case

if TYPE_CHECKING:
    from wizard.project_files import Project
    from wizard.sections.storage import Share

SQLITE = re.compile(r"(?:sqlite(?:\+\w+)?:///)?(?P<path>[^\s?:*]+\.(?:db|sqlite3?))(?:\?.*)?", re.IGNORECASE)


def volumes(project: Project) -> Iterator[Finding]:
    """A VOLUME without a share loses its files at each start; a share without a VOLUME is fine."""
    mounts = {posixpath.normpath(share.mount) for share in project.answers.storage.shares}
    told = set()
    for line in project.docker.instructions:
        if line.name != "VOLUME":
            continue
        for word in line.words:
            path = posixpath.normpath(posixpath.join(line.workdir, word))
            if path not in mounts and path not in told:
                told.add(path)
                sentence = _(
                    "The Dockerfile keeps {path} in a volume, and no share is mounted there: what is written is lost at each start."
                )
                yield project.of_line("volume-without-share", Severity.WARNING, line, sentence.format(path=path) + " " + _share_hint(path))


def databases(project: Project) -> Iterator[Finding]:
    """A SQLite database lies on a share that can be written to, with nobrl."""
    paths = sqlite_paths(project)
    holding = [(path, share) for path in paths if (share := _share_of(project, path)) is not None]
    if paths and not holding:
        path = next(iter(paths))
        sentence = _("The SQLite database {path} lies on no share: it is lost at each start.").format(path=path)
        line = project.setup_line(re.escape(posixpath.basename(path)))
        yield project.in_setup("sqlite-not-kept", Severity.WARNING, line, f"{sentence} {_share_hint(posixpath.dirname(path))}")
    for share in {share.designation: share for _path, share in holding}.values():
        if share.access == "ReadOnly":
            sentence = _("The SQLite database lies on the share “{share}”, which may only be read: every write would fail.")
            yield _at_share(project, share, "sqlite-read-only", Severity.ERROR, sentence, "access", 'access = "ReadWrite"')
        elif not share.nobrl:
            sentence = _("The SQLite database lies on the share “{share}” without nobrl: it would report “database is locked”.")
            yield _at_share(project, share, "sqlite-without-nobrl", Severity.WARNING, sentence, "nobrl", "nobrl = true")


def sqlite_paths(project: Project) -> list[str]:
    """Where in the container its SQLite databases lie: as its variables say, or else the code, where that is certain."""
    given = [match["path"] for value in project.variables.values() if (match := SQLITE.fullmatch(value))]
    replaced = {use.default for use in project.code.variables if use.name in {variable.name for variable in project.answers.variables}}
    in_code = [path for path in project.code.databases if not any(default and path in default for default in replaced)]
    certain = given or [path for path in in_code if path.startswith("/") or "/" in path]
    return list(dict.fromkeys(posixpath.normpath(posixpath.join(project.docker.workdir, path)) for path in certain))


def _share_of(project: Project, path: str) -> Share | None:
    inside = [share for share in project.answers.storage.shares if f"{path}/".startswith(f"{posixpath.normpath(share.mount)}/")]
    return max(inside, key=lambda share: len(share.mount), default=None)


def _at_share(project: Project, share: Share, id: str, severity: Severity, sentence: str, key: str, right: str) -> Finding:
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


def _share_hint(path: str) -> str:
    word = kebab_case(posixpath.basename(path))[:15].strip("-") or "files"
    table = f'[[storage.shares]] designation = "{word}" mount = "{path}"'
    return _("Add a share to azwizard.toml: {table}").format(table=table)
