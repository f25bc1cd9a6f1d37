"""What a mounted share does to what lies below it: it hides the image's own files, and Azure Files is no local disk."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.source.files.databases import is_temporary
from wizard.source.files.hidden_files import NEEDED, hidden_files, holds_code

SHOWN = 3


def check_shares(project: CodeProject) -> Iterator[Finding]:
    """A share neither lies over the code nor over files that come with it."""
    for share in project.answers.storage.shares:
        line = project.setup_line(rf'^\s*mount\s*=\s*"{re.escape(share.mount)}/?"')
        better = f"{share.mount.rstrip('/')}/{share.designation}"
        if posixpath.normpath(share.mount) in NEEDED:
            sentence = _(
                "The share “{share}” would lie over {mount}, which the container's system needs, so that nothing could start: "
                "mount it at a folder of its own, such as {better}."
            )
            better = f"/data/{share.designation}"
            sentence = sentence.format(share=share.designation, mount=share.mount, better=better)
            yield project.in_setup("share-over-system", Severity.ERROR, line, sentence)
            continue
        if holds_code(project.code, share.mount):
            sentence = _(
                "The share “{share}” would lie over your code at {mount} and hide it, so that nothing could start: "
                "mount it at a folder of its own, such as {better}."
            )
            text = f'mount = "{better}"'
            sentence = sentence.format(share=share.designation, mount=share.mount, better=better)
            yield project.in_setup("share-over-code", Severity.ERROR, line, sentence, text)
            continue
        hidden = [path for path in hidden_files(project.code, share.mount) if not project.ignored(path)]
        if hidden:
            names = ", ".join(hidden[:SHOWN]) + (" …" if len(hidden) > SHOWN else "")
            sentence = _(
                "The share “{share}” hides what your image has at {mount}: {files}. "
                "Copy these files to the share once, or let the API write to a folder of its own."
            )
            sentence = sentence.format(share=share.designation, mount=share.mount, files=names)
            yield project.in_setup("share-hides-files", Severity.WARNING, line, sentence)


def check_logs(project: CodeProject) -> Iterator[Finding]:
    """A log that is written to a file: nobody sees it in Azure, and it is gone with the container."""
    mounts = [f"{share.mount.rstrip('/')}/" for share in project.answers.storage.shares]
    for log in project.stored.logs:
        if not log.path.startswith((*mounts, "/dev/")):
            sentence = _("The log {path} is written to a file of the container: Azure does not show it, and it is lost at each start.")
            sentence = f"{sentence.format(path=log.path)} {_('Log to standard output instead.')}"
            file, _colon, line = log.where.rpartition(":")
            yield project.in_file("log-to-file", Severity.INFO, project.folder / file, int(line), sentence)


def check_kept_files(project: CodeProject) -> Iterator[Finding]:
    """Uploads and small databases in files are gone with the container, unless their folder is a share; so is what is written elsewhere."""
    mounts = [share.mount.rstrip("/") for share in project.answers.storage.shares]
    databases = {database.folder for database in project.stored.databases}
    for kept in project.stored.kept:
        on_share = any(f"{kept.folder}/".startswith(f"{mount}/") for mount in mounts)
        in_volume = any(f"{kept.folder}/".startswith(f"{volume.rstrip('/')}/") for volume in project.docker.volumes)
        if on_share or in_volume or is_temporary(kept.folder) or kept.folder in databases:
            continue
        file, _colon, line = kept.where.rpartition(":")
        sentence = _("What your API writes to {folder} lies on no share: it is lost at each start.").format(folder=kept.folder)
        severity = Severity.WARNING if kept.meant_to_last else Severity.INFO
        yield project.in_file("files-not-kept", severity, project.folder / file, int(line), sentence)
