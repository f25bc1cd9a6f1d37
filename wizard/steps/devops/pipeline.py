"""The pipeline in Azure DevOps, and the image that its run builds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wizard.engine.polling import PATIENCE, until
from wizard.engine.step import Change, Observation, StepContext, different, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.source.git.desired_pipeline import connection_name
from wizard.source.git.pipeline_file import pipeline_file
from wizard.state.repository.devops_state import PipelineReading
from wizard.state.repository.repository_state import PushedCommit
from wizard.steps.devops.step import DevOpsStep
from wizard.steps.repository.failed_run import explained
from wizard.steps.repository.step import made

if TYPE_CHECKING:
    from wizard.cloud.services.devops import Item
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

FOLDER = "\\azwizard"  # where our pipelines lie, which tells them from those of others
REFUSED_TRIES = 4


class PipelineStep(DevOpsStep):
    """The pipeline that the repository's file describes, permitted to use the connection. One that is there already is used."""

    id = step_ids.PIPELINE
    needs = (step_ids.PIPELINE_CODE, step_ids.PIPELINE_CONNECTION)
    expected_seconds = 2.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self.title = _("Pipeline of {name}, which may use the connection").format(name=self._pipeline.repository)

    async def _look(self, reading: PipelineReading, snapshot: Snapshot, facts: Outputs) -> Observation:
        pipeline = await reading.pipeline()
        if pipeline is None:
            return missing()
        if not await reading.may_use():
            return different(Change(_("permission to use the connection"), _("none"), connection_name(self._setup), self.section))
        return same(str(pipeline["name"]))

    async def make(self, making: StepContext) -> None:
        """Create the pipeline from the file in the repository, and permit it to use the connection."""
        reading = self._fresh(making)
        pipeline, connection = await reading.pipeline(), await reading.connection()
        assert connection is not None  # its step comes before
        repository = await reading.repository()
        if pipeline is None:
            add = reading.devops.add_pipeline(reading.project, self._setup, FOLDER, reading.file, repository)
            pipeline = await made(add, lambda: self._fresh(making).pipeline())
        await reading.devops.permit(reading.project, int(pipeline["id"]), str(connection["id"]))

    def made(self, pipeline: Item | None) -> bool:
        """Whether a pipeline is there and is this setup's."""
        return pipeline is not None and (pipeline["name"], pipeline["path"]) == (self._setup, FOLDER)

    async def undo(self, making: StepContext) -> str | None:
        """Delete the pipeline where this setup made it."""
        reading = self._fresh(making)
        pipeline = await reading.pipeline()
        if pipeline is None:
            return None
        if not self.made(pipeline):
            return _("{name} was not made by this setup: it stays.").format(name=pipeline["name"])
        await reading.devops.remove_pipeline(reading.project, int(pipeline["id"]))
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that creates the pipeline."""
        source = [
            "--repository",
            self._pipeline.repository,
            "--repository-type",
            "tfsgit",
            "--branch",
            "main",
            "--yml-path",
            pipeline_file(self._answers),
        ]
        name = ["--name", self._setup, "--folder-path", FOLDER, "--skip-first-run", "true"]
        return [["az", "pipelines", "create", *name, *source, *self._where()]]


class PipelineImageStep(DevOpsStep):
    """The image that the pipeline builds of the pushed commit; its tag is the number of the run, the app is pinned to its digest."""

    id = step_ids.IMAGE
    needs = (step_ids.PIPELINE_CODE, step_ids.PIPELINE, step_ids.REGISTRY, "registry.role.acr-pull")
    expected_seconds = 90.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self.needs = (*type(self).needs, *((step_ids.PIPELINE_ROLE,) if answers.pipeline.connection == "identity" else ()))
        self._image = answers.pipeline.image
        self.title = _("Image {image}, built by Azure DevOps").format(image=self._image)

    async def _look(self, reading: PipelineReading, snapshot: Snapshot, facts: Outputs) -> Observation:
        from azure.core.exceptions import HttpResponseError

        if await reading.pushed() is None:
            return missing(_("from the commit that is pushed before"))
        try:
            facts.image_digest = await snapshot.wanted_digest()
        except HttpResponseError as error:
            if error.status_code not in (401, 403):
                raise
        image = await reading.image()
        return same(_("tag {tag}, as your code is now").format(tag=image.partition(":")[2])) if image and facts.image_digest else missing()

    async def make(self, making: StepContext) -> None:
        """Follow the run that goes on for this commit already, or begin one; a right given a moment ago may take some tries to count."""
        from wizard.steps.devops.pipeline_run import CAUSES, GOOD, NOT_YET, OTHERWISE, PipelineRun

        reading = self._fresh(making)
        pipeline, pushed = await reading.pipeline(), await reading.pushed()
        assert pipeline is not None and pushed is not None  # their steps come before
        if await self._built_meanwhile(making, reading):
            return
        for tries_left in reversed(range(REFUSED_TRIES)):
            number = await self._begun(making, reading, int(pipeline["id"]), pushed)
            run = PipelineRun(making, reading.devops, reading.project, number)
            build = await run.end()
            making.forget("run")
            if build.get("result") in GOOD:
                making.facts.image_digest = await self._digest(making, number)
                return
            log = await run.said()
            if not tries_left or not NOT_YET.search(log):
                address = reading.devops.run_address(reading.project, number)
                raise explained(log, address, CAUSES, OTHERWISE, cancelled=build.get("result") == "canceled")
            making.wait(_("Azure applies the right of your pipeline; it is run again"))
            await asyncio.sleep(min(PATIENCE, making.cloud.polling_interval * 10))

    async def _built_meanwhile(self, making: StepContext, reading: PipelineReading) -> bool:
        """Whether a run of this commit has ended well since the look, such as the one that a push began."""
        _name, _colon, tag = (await reading.image() or "").partition(":")
        if tag:
            making.facts.image_digest = await making.cloud.registry.digest(str(making.facts.login_server), self._image, tag)
        return bool(tag and making.facts.image_digest)

    async def _begun(self, making: StepContext, reading: PipelineReading, pipeline: int, pushed: PushedCommit) -> int:
        """The number of the run to follow. Where the answer to beginning one was lost, it is looked for and not begun twice."""
        from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

        remembered = making.recall("run")

        async def going() -> int | None:
            builds = await reading.devops.builds(reading.project, pipeline)
            mine = (build for build in builds if build["sourceVersion"] == pushed.commit)
            return next((int(item["id"]) for item in mine if item["status"] != "completed" or str(item["id"]) == remembered), None)

        number = await going()
        try:
            number = number or await reading.devops.run(reading.project, pipeline, pushed.branch)
        except CloudError as error:
            number = await going() if error.kind in (ErrorKind.CONNECTION, ErrorKind.TIMEOUT) else None
            if number is None:
                raise
        making.remember("run", str(number))
        return number

    async def _digest(self, making: StepContext, number: int) -> str:
        """The image's digest once the registry has its tag."""
        digest: str | None = None

        async def there() -> bool:
            nonlocal digest
            digest = await making.cloud.registry.digest(str(making.facts.login_server), self._image, str(number))
            return digest is not None

        await until(there, making.wait, _("the registry shows the image"), interval=making.cloud.polling_interval)
        return str(digest)

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that runs the pipeline."""
        return [["az", "pipelines", "run", "--name", self._setup, "--folder-path", FOLDER, *self._where()]]
