"""What the repository of a setup holds, wherever it lies: how it differs from the source folder, and what a push would change."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.cloud.lookups import get_or_none
from wizard.sections import naming
from wizard.source.git.tree import FILE_MODE, LINK, RUNNABLE, contents, ids, in_repository, link_contents, missing_from, programs
from wizard.state.read_once import ReadCache, read_once

if TYPE_CHECKING:
    from azure.mgmt.msi.v2024_11_30.models import FederatedIdentityCredential, Identity

    from wizard.cloud import Cloud
    from wizard.setup.answers import Answers
    from wizard.source.build_context import BuildContext

MAIN = "refs/heads/main"
NO_COMMIT = "0" * 40
COMMITS_READ = 12  # at most, to find out whether they are this setup's; further ones count as others'


def identity_name(answers: Answers) -> str:
    """What the identity is called that the pipeline pushes images as."""
    return f"{naming.identity(answers.project.name, answers.project.environment)}-pipeline"


@dataclass(frozen=True)
class PushedCommit:
    """A commit that holds the source as it is now, and the branch that names it."""

    branch: str
    commit: str


@dataclass(frozen=True)
class FileChange:
    """A file that a push would ``add``, ``edit`` or ``delete``."""

    path: str
    kind: str
    content: bytes = b""
    mode: str = FILE_MODE


class RepositoryReading(ReadCache):
    """Read when first asked for, and then kept. Every reader raises CloudError; NOT_FOUND with what there is, for a wrong name.

    What differs between the services is asked of the methods that each has to have; the rest follows from Git alone.
    """

    takes_links = False  # whether a push over REST can make links and mark programs
    moved_on: str  # the code of a refused push to a branch that someone else has pushed to meanwhile
    no_run = ""  # what a commit says so that pushing it begins no run
    service: str  # what the service is called
    credential_name: str  # of what lets its runs sign in to Azure

    def __init__(self, cloud: Cloud, answers: Answers, source: Callable[[], Awaitable[BuildContext]]) -> None:
        super().__init__()
        self.cloud = cloud
        self.setup = answers.project.setup
        self._answers = answers
        self._source = source

    @property
    @abstractmethod
    def file(self) -> str:
        """The path in the repository of the file that describes how the image is built."""

    @abstractmethod
    async def default_branch(self) -> str:
        """The branch that is built, such as ``refs/heads/main``."""

    @abstractmethod
    async def branches(self) -> dict[str, str]:
        """Branch -> commit; none in an empty repository."""

    @abstractmethod
    async def files(self, commit: str) -> dict[str, str]:
        """Path -> Git's object id."""

    @abstractmethod
    async def modes(self, commit: str) -> dict[str, str]:
        """Path -> Git's mode."""

    @abstractmethod
    async def text(self, commit: str, path: str) -> str:
        """The content of one text file."""

    @abstractmethod
    async def last_changes(self, commit: str, paths: tuple[str, ...]) -> dict[str, str]:
        """Path -> the commit that last changed it, as far as that is known."""

    @abstractmethod
    async def first_lines(self, commit: str) -> dict[str, str]:
        """Commit -> the first line of what it says of itself, of the newest ones."""

    @abstractmethod
    async def comment(self, commit: str) -> str:
        """What a commit says of itself."""

    @abstractmethod
    async def needs_pull_request(self, branch: str) -> bool:
        """Whether a rule forbids to push to that branch."""

    @abstractmethod
    async def push(self, branch: str, before: str, comment: str, changes: Sequence[FileChange]) -> str:
        """Make one commit on a branch; its id. `before` is the commit that the branch names, or where a new branch begins."""

    @abstractmethod
    async def pull_request(self, source: str, target: str, title: str, text: str) -> int:
        """The number of the open pull request from one branch to another, made when there is none."""

    @abstractmethod
    def local_file(self, folder: Path) -> Path | None:
        """Where the same file may lie on this machine, whose source folder is `folder`."""

    @abstractmethod
    async def new_file(self, there: str | None) -> str:
        """That file as it should be: the one that is there brought into line, or a new one. Raises UnreadablePipeline."""

    @abstractmethod
    async def image(self) -> str | None:
        """The image of the newest good run of the pushed commit, such as ``orders-api:12``."""

    @property
    def own_branch(self) -> str:
        """Where a change goes that the default branch takes by pull request only."""
        return f"refs/heads/azwizard/{self.setup}"

    @read_once
    async def file_there(self, commit: str | None) -> str | None:
        """The file that describes the build: the one in the source folder, which is pushed with it, or else the repository's."""
        local = self.local_file((await self._source()).folder)
        text = await asyncio.to_thread(_text, local) if local else None
        if text is not None or commit is None or self.file not in await self.files(commit):
            return text
        new = await self.new_file(None)
        if (await self.files(commit))[self.file] in ids(new.encode()):
            return new  # as the wizard wrote it: nothing to read
        return await self.text(commit, self.file)

    @read_once
    async def file_wanted(self, commit: str | None) -> str:
        """That file as it should be. Raises UnreadablePipeline too."""
        return await self.new_file(await self.file_there(commit))

    async def changes(self, commit: str | None) -> list[FileChange]:
        """What must be pushed so that a commit holds the source and the pipeline's file; what others put beside it stays there.

        Where there is no code on this machine, the repository's is taken as it is.
        """
        return sorted([*await self.written(commit), *await self.gone(commit)], key=lambda change: change.path)

    @read_once
    async def written(self, commit: str | None) -> list[FileChange]:
        """What a commit lacks, or has otherwise."""
        source, there = await self._source(), await self.files(commit) if commit else {}
        contents_here = await asyncio.to_thread(contents, source, self._answers.pipeline.folder, there)
        contents_here[self.file] = (await self.file_wanted(commit)).encode()
        modes = await self._special_modes(source)
        contents_here |= link_contents(source, self._answers.pipeline.folder) if modes else {}
        marked = await self.modes(commit) if self.takes_links and commit else {}

        def mode(path: str) -> str:
            there_now = marked.get(path, FILE_MODE)
            return modes.get(path, FILE_MODE if there_now == LINK else there_now)

        changed = {
            path: content
            for path, content in contents_here.items()
            if there.get(path) not in ids(content) or marked.get(path, FILE_MODE) != mode(path)
        }
        return [FileChange(path, "edit" if path in there else "add", content, mode(path)) for path, content in sorted(changed.items())]

    async def _special_modes(self, source: BuildContext) -> dict[str, str]:
        """Path -> mode of the links and programs among the source, where a push can make them."""
        if not self.takes_links:
            return {}
        folder = self._answers.pipeline.folder
        marked = await asyncio.to_thread(programs, source, folder)
        return dict.fromkeys(marked, RUNNABLE) | dict.fromkeys(link_contents(source, folder), LINK)

    @read_once
    async def gone(self, commit: str | None) -> list[FileChange]:
        """What was pushed by this setup and does not exist here any more."""
        if commit is None or (await self._source()).absent:
            return []
        missing = await self._missing_here(await self.files(commit))
        return [FileChange(path, "delete") for path in sorted(await self.written_by_us(commit, missing))]

    async def _missing_here(self, there: dict[str, str]) -> list[str]:
        """The repository's files in the code's folder that do not exist on this machine."""
        source, below = await self._source(), in_repository(self._answers.pipeline.folder, "")
        return await asyncio.to_thread(missing_from, source.folder, below, [path for path in there if path != self.file])

    async def written_by_us(self, commit: str, paths: Iterable[str]) -> set[str]:
        """Those files that a push of this setup changed last, so that nobody else's work is in them."""
        queried = list(paths)
        if not queried:
            return set()
        last, lines = await asyncio.gather(self.last_changes(commit, tuple(queried)), self.first_lines(commit))
        perhaps = (
            fromkey
            for fromkey in dict.fromkeys(last[path] for path in queried if path in last)
            if self.setup in lines.get(fromkey, self.setup)
        )
        commits = list(perhaps)[:COMMITS_READ]
        comments = await asyncio.gather(*map(self.comment, commits))
        own_commits = {commit_id for commit_id, comment in zip(commits, comments, strict=True) if self.mark in comment.splitlines()}
        return {path for path in queried if last.get(path) in own_commits}

    @property
    def mark(self) -> str:
        """The line by which a commit of this setup is known."""
        return f"{naming.SETUP_TAG}: {self.setup}"

    @read_once
    async def links(self, commit: str | None) -> list[str]:
        """Links among the source that the repository does not have, and files where it has links, where only Git itself pushes those."""
        if self.takes_links:
            return []
        source, there = await self._source(), await self.files(commit) if commit else {}
        links_here = link_contents(source, self._answers.pipeline.folder)
        return sorted(path for path, target in links_here.items() if there.get(path) not in ids(target))

    @read_once
    async def unmarked_programs(self, commit: str | None) -> list[str]:
        """Scripts that can be run on this machine and would not in the repository, where that mark is only set by Git itself."""
        if self.takes_links:
            return []
        source, folder = await self._source(), self._answers.pipeline.folder
        programs_here = await asyncio.to_thread(programs, source, folder)
        if not programs_here or commit is None:
            return programs_here
        modes = await self.modes(commit)
        return [path for path in programs_here if modes.get(path) != RUNNABLE]

    @read_once
    async def pushed(self) -> PushedCommit | None:
        """Where the source is in the repository as it is now; None when it must be pushed."""
        branches = await self.branches()
        for branch in (await self.default_branch(), self.own_branch):
            if branch in branches and not await self.written(branches[branch]) and not await self.gone(branches[branch]):
                return PushedCommit(branch, branches[branch])
        return None

    # In Azure

    @read_once
    async def identity(self) -> Identity | None:
        """The identity that the runs sign in as."""
        group, name = self._answers.project.resource_group, identity_name(self._answers)
        return await get_or_none(self.cloud.identities.user_assigned_identities.get(group, name))

    @read_once
    async def credential(self) -> FederatedIdentityCredential | None:
        """What lets them sign in as that identity without a password."""
        group, name = self._answers.project.resource_group, identity_name(self._answers)
        return await get_or_none(self.cloud.identities.federated_identity_credentials.get(group, name, self.credential_name))


def _text(file: Path) -> str | None:
    return file.read_bytes().decode("utf-8", "replace") if file.is_file() else None
