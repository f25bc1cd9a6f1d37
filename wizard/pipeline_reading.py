"""What Azure DevOps holds of a setup: the repository and how it differs from the source folder, the connection, the pipeline, its runs."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from wizard import naming
from wizard.language import _
from wizard.pipeline_yaml import FILE, Wanted, connection_name, pipeline_yaml
from wizard.readings import Readings, found, read_once

if TYPE_CHECKING:
    from azure.mgmt.msi.v2024_11_30.models import FederatedIdentityCredential, Identity

    from wizard.answers import Answers
    from wizard.cloud import Cloud
    from wizard.cloud.devops import DevOps, Item
    from wizard.source import Source

MAIN = "refs/heads/main"
NO_COMMIT = "0" * 40
CREDENTIAL = "azure-devops"
GOOD = ("succeeded", "partiallySucceeded")


def identity_name(answers: Answers) -> str:
    """What the identity is called that the pipeline pushes images as."""
    return f"{naming.identity(answers.project.name, answers.project.environment)}-pipeline"


@dataclass(frozen=True)
class Pushed:
    """A commit that holds the source as it is now, and the branch that names it."""

    branch: str
    commit: str


@dataclass(frozen=True)
class FileChange:
    """A file that a push would write."""

    path: str
    new: bool
    content: bytes


class PipelineReading(Readings):
    """Read when first asked for, and then kept. Every reader raises CloudError; NOT_FOUND with what there is, for a wrong name."""

    def __init__(self, cloud: Cloud, answers: Answers, source: Callable[[], Awaitable[Source]]) -> None:
        super().__init__()
        self.cloud = cloud
        self.setup = answers.project.setup
        self._answers = answers
        self._source = source

    @cached_property
    def devops(self) -> DevOps:
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
        from wizard.cloud.errors import CloudError, Kind

        pipeline = self._answers.pipeline
        if not pipeline.organization:
            names = ", ".join(await self.devops.organizations())
            why = _("It is not said in which Azure DevOps organisation your repository is.")
            raise CloudError(Kind.NOT_FOUND, why, _("Write organization under [pipeline]; yours are: {names}.").format(names=names or "-"))
        try:
            repositories = await self.devops.repositories(self.project)
        except CloudError as error:
            if error.code != "ProjectDoesNotExistWithNameException":
                raise
            names = ", ".join(str(it["name"]) for it in await self.devops.projects())
            why = _("The organisation {organization} has no project {name}.").format(organization=pipeline.organization, name=self.project)
            raise CloudError(Kind.NOT_FOUND, why, _("Correct project under [pipeline]; there are: {names}.").format(names=names)) from error
        wanted = next((it for it in repositories if it["name"].lower() == pipeline.repository.lower()), None)
        if wanted is None:
            names = ", ".join(str(it["name"]) for it in repositories)
            why = _("The project {project} has no repository {name}.").format(project=self.project, name=pipeline.repository)
            raise CloudError(Kind.NOT_FOUND, why, _("Correct repository under [pipeline]; there are: {names}.").format(names=names or "-"))
        return wanted

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

    @read_once
    async def yaml_there(self, commit: str | None) -> str | None:
        """The pipeline's file: the one in the source folder, which is pushed with it, or else the repository's."""
        folder = (await self._source()).folder
        local = await asyncio.to_thread(_text, folder / FILE)
        if local is not None or commit is None or FILE not in await self.files(commit):
            return local
        new = pipeline_yaml(await self._wanted())
        if (await self.files(commit))[FILE] in _ids(new.encode()):
            return new  # as the wizard wrote it: nothing to read
        return await self.devops.text(self.project, (await self.repository())["id"], commit, FILE)

    @read_once
    async def yaml_wanted(self, commit: str | None) -> str:
        """The pipeline's file as it should be. Raises UnreadablePipeline too."""
        return pipeline_yaml(await self._wanted(), await self.yaml_there(commit))

    async def _wanted(self) -> Wanted:
        return Wanted.of(self._answers, (await self.default_branch()).removeprefix("refs/heads/"))

    @read_once
    async def changes(self, commit: str | None) -> list[FileChange]:
        """What must be written so that a commit holds the source and the pipeline's file; what only the repository has stays there."""
        source = await self._source()
        there = await self.files(commit) if commit else {}
        yaml = (await self.yaml_wanted(commit)).encode()
        return await asyncio.to_thread(_changes, source, yaml, there)

    @read_once
    async def pushed(self) -> Pushed | None:
        """Where the source is in the repository as it is now; None when it must be pushed."""
        branches = await self.branches()
        for branch in (await self.default_branch(), self.own_branch):
            if branch in branches and not await self.changes(branches[branch]):
                return Pushed(branch, branches[branch])
        return None

    @read_once
    async def connection(self) -> Item | None:
        """The setup's service connection."""
        await self.repository()
        return await self.devops.connection(self.project, connection_name(self.setup))

    @read_once
    async def pipeline(self) -> Item | None:
        """The pipeline that the repository's file describes, whoever made it."""
        pipelines = await self.devops.pipelines_of(self.project, (await self.repository())["id"], FILE)
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
        return await found(self.cloud.identities.user_assigned_identities.get(group, name))

    @read_once
    async def credential(self) -> FederatedIdentityCredential | None:
        """What lets the connection sign in as that identity without a password."""
        group, name = self._answers.project.resource_group, identity_name(self._answers)
        return await found(self.cloud.identities.federated_identity_credentials.get(group, name, CREDENTIAL))


def _changes(source: Source, yaml: bytes, there: dict[str, str]) -> list[FileChange]:
    ignored = _git_ignored(source.folder)
    wanted = {entry.path: source.folder / entry.path for entry in source.entries if entry.kind == "file" and entry.path != FILE}
    contents = {path: file.read_bytes() for path, file in wanted.items() if path in there or not ignored(path)}
    contents[FILE] = yaml
    return [FileChange(path, path not in there, text) for path, text in sorted(contents.items()) if there.get(path) not in _ids(text)]


def _ids(content: bytes) -> tuple[str, ...]:
    """Git's object ids of a file: as it stands, and with the line ends that Git may have made of it."""
    forms = (content, content.replace(b"\r\n", b"\n"))
    return tuple(hashlib.sha1(b"blob %d\0%b" % (len(form), form), usedforsecurity=False).hexdigest() for form in forms)


def _git_ignored(folder: Path) -> Callable[[str], bool]:
    """What the person keeps out of Git."""
    import pathspec

    file = folder / ".gitignore"
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []
    return pathspec.GitIgnoreSpec.from_lines(lines).match_file


def _text(file: Path) -> str | None:
    return file.read_bytes().decode("utf-8", "replace") if file.is_file() else None
