"""What Azure DevOps holds of a setup: the repository, the connection, the pipeline and its runs."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.cloud.services.devops_errors import MOVED_ON
from wizard.platform.language import _
from wizard.source.git.desired_pipeline import FILE, DesiredPipeline, connection_name
from wizard.source.git.pipeline_file import pipeline_file, pipeline_yaml
from wizard.state.read_once import read_once
from wizard.state.repository.repository_state import MAIN, FileChange, RepositoryReading

if TYPE_CHECKING:
    from wizard.cloud.services.devops import DevOpsClient, Item

CREDENTIAL = "azure-devops"
GOOD = ("succeeded", "partiallySucceeded")


class PipelineReading(RepositoryReading):
    """What `RepositoryReading` leaves open, in Azure DevOps, and what there is only there."""

    service = "Azure DevOps"
    credential_name = CREDENTIAL
    moved_on = MOVED_ON
    no_run = " [skip ci]"  # the run is begun, and followed, by the step that waits for the image

    @cached_property
    def devops(self) -> DevOpsClient:
        return self.cloud.devops(self._answers.pipeline.organization)

    @property
    def project(self) -> str:
        return self._answers.pipeline.project

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

    def local_file(self, folder: Path) -> Path:
        return folder / FILE

    async def new_file(self, there: str | None) -> str:
        branch = (await self.default_branch()).removeprefix("refs/heads/")
        return pipeline_yaml(DesiredPipeline.of(self._answers, branch), there)

    async def text(self, commit: str, path: str) -> str:
        return await self.devops.text(self.project, (await self.repository())["id"], commit, path)

    async def modes(self, commit: str) -> dict[str, str]:
        return await self.devops.modes(self.project, (await self.repository())["id"], commit)

    async def last_changes(self, commit: str, paths: tuple[str, ...]) -> dict[str, str]:
        """Of every file, whatever the paths: one answer has them all."""
        return await self._all_last_changes(commit)

    @read_once
    async def _all_last_changes(self, commit: str) -> dict[str, str]:
        return await self.devops.last_changes(self.project, (await self.repository())["id"], commit)

    @read_once
    async def first_lines(self, commit: str) -> dict[str, str]:
        return await self.devops.first_lines(self.project, (await self.repository())["id"], commit)

    async def needs_pull_request(self, branch: str) -> bool:
        return await self.devops.needs_pull_request(self.project, str((await self.repository())["id"]), branch)

    async def push(self, branch: str, before: str, comment: str, changes: Sequence[FileChange]) -> str:
        repository = str((await self.repository())["id"])
        return await self.devops.push(self.project, repository, branch, before, comment, [_written(change) for change in changes])

    async def pull_request(self, source: str, target: str, title: str, text: str) -> int:
        return await self.devops.pull_request(self.project, str((await self.repository())["id"]), source, target, title, text)

    @read_once
    async def comment(self, commit: str) -> str:
        """What a commit says of itself."""
        return await self.devops.comment(self.project, (await self.repository())["id"], commit)

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


def _written(change: FileChange) -> Item:
    """A change as Azure DevOps takes it, which knows neither links nor programs."""
    item: Item = {"changeType": change.kind, "item": {"path": f"/{change.path}"}}
    if change.kind == "delete":
        return item
    return item | {"newContent": {"content": base64.b64encode(change.content).decode(), "contentType": "base64encoded"}}
