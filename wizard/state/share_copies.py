"""The files on the shares, copied to this computer before they are deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.cloud.errors.cloud_error import CloudError, ErrorKind
from wizard.platform.language import _, plural
from wizard.sections import naming
from wizard.state.share_access import open_share_files

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.cloud.services.share_files import ShareEntry, ShareFilesClient
    from wizard.setup.answers import Answers

PIECE = 4 << 20
"""The largest part of a file that Azure gives at once (Get File)."""


async def copy_shares(cloud: Cloud, answers: Answers, folder: Path, say: Callable[[str], None]) -> None:
    """Copy every file of each share into ``FOLDER/SHARE``, in the same folders.

    Raises CloudError where a share cannot be read, has a name that must not be written here, or its folder holds something already;
    HttpResponseError; OSError. What was copied by then stays.
    """
    project = answers.project
    names = [naming.file_share(share.designation, project.name, project.environment) for share in answers.storage.shares]
    targets = [(name, folder / name) for name in names]
    taken = next((target for _name, target in targets if target.exists() and any(target.iterdir())), None)
    if taken is not None:
        sentence = _("{folder} holds something already: name another folder for the copies.").format(folder=taken)
        raise CloudError(ErrorKind.FILES, sentence, "")
    files = await open_share_files(cloud, answers)
    for name, target in targets:
        count = await _copy_folder(files, name, "", target)
        words = plural("{share}: {count} file copied to {folder}", "{share}: {count} files copied to {folder}", count)
        say(words.format(share=name, count=count, folder=target))


async def _copy_folder(files: ShareFilesClient, share: str, path: str, target: Path) -> int:
    """Copy a folder with all in it; how many files those were."""
    await asyncio.to_thread(target.mkdir, parents=True, exist_ok=True)
    count = 0
    for entry in await files.entries(share, path):
        inner = f"{path}/{entry.name}".lstrip("/")
        own = target / _safe(entry.name)
        if entry.is_folder:
            count += await _copy_folder(files, share, inner, own)
        else:
            await _copy_file(files, share, inner, entry, own)
            count += 1
    return count


async def _copy_file(files: ShareFilesClient, share: str, path: str, entry: ShareEntry, target: Path) -> None:
    with await asyncio.to_thread(target.open, "xb") as output:
        for start in range(0, entry.size, PIECE):
            content = await files.read_range(share, path, start, min(start + PIECE, entry.size) - 1)
            await asyncio.to_thread(output.write, content)


def _safe(name: str) -> str:
    """A name from outside, which must stay within its folder."""
    if name in ("", ".", "..") or any(sign in name for sign in "/\\\0"):
        raise CloudError(ErrorKind.FILES, _("A file on the share has a name that cannot be written here: {name}").format(name=name), "")
    return name
