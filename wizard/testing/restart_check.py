"""The proof that a file on each share survives a restart: one is put there before, looked for after, and taken away again."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from wizard.engine.events import ShareEvent
from wizard.platform.language import _
from wizard.sections import naming
from wizard.state.mounts import mounts
from wizard.state.share_access import open_share_files
from wizard.state.snapshot import Snapshot

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.cloud.services.share_files import ShareFilesClient
    from wizard.setup.answers import Answers

T = TypeVar("T")
CLOSED = "AuthorizationFailure"  # storage's word for a caller whom the account's firewall keeps out


class ShareProof:
    """A file on each share of a setup, put there through Azure Files, and so into the folder that the API finds at its mount.

    What cannot be done to a share is told of that share in `look`, and raises nothing.
    """

    def __init__(self, cloud: Cloud, answers: Answers) -> None:
        project = answers.project
        self.file = f"azwizard-proof-{secrets.token_hex(4)}.txt"
        self._cloud, self._answers = cloud, answers
        self._shares = {naming.file_share(share.designation, project.name, project.environment): share for share in answers.storage.shares}
        self._written: dict[str, bytes] = {}
        self._trouble: dict[str, str] = {}
        self._began = time.monotonic()
        self._opened: ShareFilesClient | None = None

    async def write(self) -> None:
        """Put the file onto every share that lets it be done."""
        for share in self._shares:
            self._written[share] = f"{self._answers.project.setup} {share} {secrets.token_hex(16)}\n".encode()
            await self._put(share)

    async def look(self) -> list[ShareEvent]:
        """Whether each file is still what it was, and what runs now has the share mounted."""
        mounted = await mounts(Snapshot(self._cloud, self._answers, lambda _name: None))
        places = {(mount.account, mount.share, mount.mount) for mount in mounted}
        lines = []
        for share, expected in self._shares.items():
            if (self._answers.storage.account, share, expected.mount) not in places:
                self._trouble.setdefault(share, _("Your API does not mount it: azwizard doctor looks for the reason."))
            if share not in self._trouble:
                await self._compare(share)
            detail = self._trouble.get(share) or _("A file that was there before the restart is there after it.")
            lines.append(ShareEvent(share, expected.mount, share not in self._trouble, round(time.monotonic() - self._began, 3), detail))
        return lines

    async def remove(self) -> list[str]:
        """Take every file away again; gives the shares where that did not work."""
        left = []
        for share in self._written:
            known = self._trouble.pop(share, "")
            await self._take(share)
            if not known and share in self._trouble:
                left.append(share)
        return left

    async def _put(self, share: str) -> None:
        await self._tried(share, lambda files: files.write(share, self.file, self._written[share]))

    async def _take(self, share: str) -> None:
        await self._tried(share, lambda files: files.delete(share, self.file))

    async def _compare(self, share: str) -> None:
        content = await self._tried(share, lambda files: files.read(share, self.file))
        if share not in self._trouble and content != self._written[share]:
            self._trouble[share] = (
                _("The file that was there before the restart is gone.")
                if content is None
                else _("The file came back with another content.")
            )

    async def _tried(self, share: str, work: Callable[[ShareFilesClient], Awaitable[T]]) -> T | None:
        """Do something with the files of the account; why it did not work becomes the share's trouble."""
        from wizard.cloud import translate

        try:
            return await work(await self._files())
        except Exception as error:
            problem = translate(error)
            closed = _("The storage account's firewall keeps this computer out, so no file can be put there from here.")
            self._trouble[share] = closed if problem.code == CLOSED else f"{problem.sentence} {problem.remedy}".strip()
            return None

    async def _files(self) -> ShareFilesClient:
        """The account's files, opened once with its present key."""
        if self._opened is not None:
            return self._opened
        self._opened = await open_share_files(self._cloud, self._answers)
        return self._opened
