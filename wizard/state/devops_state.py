"""What Azure DevOps holds of a setup: the repository and how it differs from the source folder, the connection, the pipeline, its runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.cloud.lookups import get_or_none
from wizard.platform.language import _
from wizard.sections import naming
from wizard.source.git.pipeline_file import FILE, DesiredPipeline, connection_name, pipeline_file, pipeline_yaml
from wizard.source.git.tree import RUNNABLE, contents, ids, in_repository, link_contents, missing_from, programs
from wizard.state.read_once import ReadCache, read_once

if TYPE_CHECKING:
    from azure.mgmt.msi.v2024_11_30.models import FederatedIdentityCredential, Identity

    from wizard.cloud import Cloud
    from wizard.cloud.services.devops import DevOpsClient, Item
    from wizard.setup.answers import Answers
    from wizard.source.build_context import BuildContext

MAIN = "refs/heads/main"
NO_COMMIT = "0" * 40
CREDENTIAL = "azure-devops"
COMMITS_READ = 12  # at most, to find out whether they are this setup's; further ones count as others'
GOOD = ("succeeded", "partiallySucceeded")


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


class PipelineReading(ReadCache):
    """Read when first asked for, and then kept. Every reader raises CloudError; NOT_FOUND with what there is, for a wrong name."""

    def __init__(self, cloud: Cloud, answers: Answers, source: Callable[[], Awaitable[BuildContext]]) -> None:
        super().__init__()
        self.cloud = cloud
        self.setup = answers.project.setup
        self._answers = answers
        self._source = source

    @cached_property
    def devops(self) -> DevOpsClient:
        return self.cloud.devops(self._answers.pipeline.organization)

    @property
    def project(self) -> str:
        return self._answers.pipeline.project

    @property
    def own_branch(self) -> str:
        """Where a change goes that the default branch takes by pull request only."""
        return f"refs/heads/azwizard/{self.setup}"

    @read_once
    async def repository(self) -> Item:
        """The repository of the answers."""
        from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

        pipeline = self._answers.pipeline
        if not pipeline.organization:
            names = ", ".join(await self.devops.organizations())
            why = _("It is not said in which Azure DevOps organisation your repository is.")
            raise CloudError(
                ErrorKind.NOT_FOUND, why, _("Write organization under [pipeline]; yours are: {names}.").format(names=names or "-")
            )
        try:
            repositories = await self.devops.repositories(self.project)
        except CloudError as error:
            if error.code != "ProjectDoesNotExistWithNameException":
                raise
            names = ", ".join(str(item["name"]) for item in await self.devops.projects())
            why = _("The organisation {organization} has no project {name}.").format(organization=pipeline.organization, name=self.project)
            raise CloudError(
                ErrorKind.NOT_FOUND, why, _("Correct project under [pipeline]; there are: {names}.").format(names=names)
            ) from error
        repository_document = next((item for item in repositories if item["name"].lower() == pipeline.repository.lower()), None)
        if repository_document is None:
            names = ", ".join(str(item["name"]) for item in repositories)
            why = _("The project {project} has no repository {name}.").format(project=self.project, name=pipeline.repository)
            raise CloudError(
                ErrorKind.NOT_FOUND, why, _("Correct repository under [pipeline]; there are: {names}.").format(names=names or "-")
            )
        return repository_document

    async def default_branch(self) -> str:
        return str((await self.repository()).get("defaultBranch") or MAIN)

    @read_once
    async def branches(self) -> dict[str, str]:
        """Branch -> commit."""
        return await self.devops.branches(self.project, (await self.repository())["id"])

    @read_once
    async def files(self, commit: str) -> dict[str, str]:
        """Path -> Git's object id."""
        return await self.devops.files(self.project, (await self.repository())["id"], commit)

    @property
    def file(self) -> str:
        """The path of the pipeline's file in the repository."""
        return pipeline_file(self._answers)

    @read_once
    async def yaml_there(self, commit: str | None) -> str | None:
        """The pipeline's file: the one in the source folder, which is pushed with it, or else the repository's."""
        folder = (await self._source()).folder
        local = await asyncio.to_thread(_text, folder / FILE)
        if local is not None or commit is None or self.file not in await self.files(commit):
            return local
        new = pipeline_yaml(await self._wanted())
        if (await self.files(commit))[self.file] in ids(new.encode()):
            return new  # as the wizard wrote it: nothing to read
        return await self.devops.text(self.project, (await self.repository())["id"], commit, self.file)

    @read_once
    async def yaml_wanted(self, commit: str | None) -> str:
        """The pipeline's file as it should be. Raises UnreadablePipeline too."""
        return pipeline_yaml(await self._wanted(), await self.yaml_there(commit))

    async def _wanted(self) -> DesiredPipeline:
        return DesiredPipeline.of(self._answers, (await self.default_branch()).removeprefix("refs/heads/"))

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
        contents_here[self.file] = (await self.yaml_wanted(commit)).encode()
        changed = {path: content for path, content in contents_here.items() if there.get(path) not in ids(content)}
        return [FileChange(path, "edit" if path in there else "add", content) for path, content in sorted(changed.items())]

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
        last, lines = await asyncio.gather(self._last_changes(commit), self._first_lines(commit))
        perhaps = (
            fromkey
            for fromkey in dict.fromkeys(last[path] for path in queried if path in last)
            if self.setup in lines.get(fromkey, self.setup)
        )
        commits = list(perhaps)[:COMMITS_READ]
        comments = await asyncio.gather(*map(self.comment, commits))
        own_commits = {commit_id for commit_id, comment in zip(commits, comments, strict=True) if self.mark in comment.splitlines()}
        return {path for path in queried if last.get(path) in own_commits}

    @read_once
    async def _last_changes(self, commit: str) -> dict[str, str]:
        return await self.devops.last_changes(self.project, (await self.repository())["id"], commit)

    @read_once
    async def _first_lines(self, commit: str) -> dict[str, str]:
        return await self.devops.first_lines(self.project, (await self.repository())["id"], commit)

    @read_once
    async def comment(self, commit: str) -> str:
        """What a commit says of itself."""
        return await self.devops.comment(self.project, (await self.repository())["id"], commit)

    @property
    def mark(self) -> str:
        """The line by which a commit of this setup is known."""
        return f"{naming.SETUP_TAG}: {self.setup}"

    @read_once
    async def links(self, commit: str | None) -> list[str]:
        """Links among the source that the repository does not have, and files where it has links: only Git itself pushes those."""
        source, there = await self._source(), await self.files(commit) if commit else {}
        links_here = link_contents(source, self._answers.pipeline.folder)
        return sorted(path for path, target in links_here.items() if there.get(path) not in ids(target))

    @read_once
    async def unmarked_programs(self, commit: str | None) -> list[str]:
        """Scripts that can be run on this machine and would not in the repository, where that mark is only set by Git itself."""
        source, folder = await self._source(), self._answers.pipeline.folder
        programs_here = await asyncio.to_thread(programs, source, folder)
        if not programs_here or commit is None:
            return programs_here
        modes = await self.devops.modes(self.project, (await self.repository())["id"], commit)
        return [path for path in programs_here if modes.get(path) != RUNNABLE]

    @read_once
    async def pushed(self) -> PushedCommit | None:
        """Where the source is in the repository as it is now; None when it must be pushed."""
        branches = await self.branches()
        for branch in (await self.default_branch(), self.own_branch):
            if branch in branches and not await self.written(branches[branch]) and not await self.gone(branches[branch]):
                return PushedCommit(branch, branches[branch])
        return None

    @read_once
    async def connection(self) -> Item | None:
        """The setup's service connection."""
        await self.repository()
        return await self.devops.connection(self.project, connection_name(self.setup))

    @read_once
    async def pipeline(self) -> Item | None:
        """The pipeline that the repository's file describes, whoever made it."""
        pipelines = await self.devops.pipelines_of(self.project, (await self.repository())["id"], self.file)
        return pipelines[0] if pipelines else None

    @read_once
    async def may_use(self) -> bool:
        """Whether the pipeline may use the connection."""
        pipeline, connection = await self.pipeline(), await self.connection()
        if pipeline is None or connection is None:
            return False
        return await self.devops.may_use(self.project, int(pipeline["id"]), str(connection["id"]))

    @read_once
    async def builds(self) -> list[Item]:
        """The pipeline's runs of the pushed commit, the newest first."""
        pipeline, pushed = await self.pipeline(), await self.pushed()
        if pipeline is None or pushed is None:
            return []
        builds = await self.devops.builds(self.project, int(pipeline["id"]))
        return [build for build in builds if build["sourceVersion"] == pushed.commit]

    async def image(self) -> str | None:
        """The image of the newest good run of the pushed commit, such as ``orders-api:12``."""
        good = next((build for build in await self.builds() if build.get("result") in GOOD), None)
        return f"{self._answers.pipeline.image}:{good['id']}" if good else None

    # In Azure

    @read_once
    async def identity(self) -> Identity | None:
        """The identity that the connection signs in as."""
        group, name = self._answers.project.resource_group, identity_name(self._answers)
        return await get_or_none(self.cloud.identities.user_assigned_identities.get(group, name))

    @read_once
    async def credential(self) -> FederatedIdentityCredential | None:
        """What lets the connection sign in as that identity without a password."""
        group, name = self._answers.project.resource_group, identity_name(self._answers)
        return await get_or_none(self.cloud.identities.federated_identity_credentials.get(group, name, CREDENTIAL))


def _text(file: Path) -> str | None:
    return file.read_bytes().decode("utf-8", "replace") if file.is_file() else None
