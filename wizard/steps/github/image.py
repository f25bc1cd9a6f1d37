"""The image that a run of the workflow builds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wizard.engine.polling import PATIENCE, until
from wizard.engine.step import Observation, StepContext, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.steps.github.step import GitHubStep
from wizard.steps.repository.failed_run import explained

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from wizard.cloud.services.github import GitHubClient, Item
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.repository.github_state import GitHubReading
    from wizard.state.repository.repository_state import PushedCommit
    from wizard.state.snapshot import Snapshot

REFUSED_TRIES = 4
LOOKS_FOR_RUN = 10  # until a push has begun its run


class WorkflowImageStep(GitHubStep):
    """The image that the workflow builds of the pushed commit; its tag is that commit, the app is pinned to its digest."""

    id = step_ids.IMAGE
    needs = (step_ids.PIPELINE_CODE, step_ids.REGISTRY, "registry.role.acr-pull")
    expected_seconds = 90.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self._image = answers.pipeline.image
        self.title = _("Image {image}, built by GitHub").format(image=self._image)

    async def _look(self, reading: GitHubReading, snapshot: Snapshot, facts: Outputs) -> Observation:
        from azure.core.exceptions import HttpResponseError

        image = await reading.image()
        if image is None:
            return missing(_("from the commit that is pushed before"))
        try:
            facts.image_digest = await snapshot.wanted_digest()
        except HttpResponseError as error:
            if error.status_code not in (401, 403):
                raise
        commit = image.partition(":")[2][:8]
        return same(_("commit {commit}, as your code is now").format(commit=commit)) if facts.image_digest else missing(commit)

    async def make(self, making: StepContext) -> None:
        """Follow the run that goes on for this commit already, or begin one; a right given a moment ago may take some tries to count."""
        from wizard.steps.github.workflow_run import CAUSES, NOT_YET, OTHERWISE, WorkflowRun

        reading = self._fresh(making)
        github, pushed = await reading.github(), await reading.pushed()
        assert pushed is not None  # its step comes before
        for tries_left in reversed(range(REFUSED_TRIES)):
            if await self._digest(making, pushed):
                return
            number, attempt = await self._begun(making, reading, github, pushed)
            run = WorkflowRun(making, github, number)
            ended = await run.end(attempt)
            if ended.get("conclusion") == "success":
                there = _("the registry shows the image")
                await until(lambda: self._digest(making, pushed), making.wait, there, interval=making.cloud.polling_interval)
                return
            log = await run.said()
            making.remember("told", f"{number}/{ended.get('run_attempt')}")
            if not tries_left or not NOT_YET.search(log):
                address = f"{github.address}/actions/runs/{number}"
                raise explained(log, address, CAUSES, OTHERWISE, cancelled=ended.get("conclusion") == "cancelled")
            making.wait(_("Azure applies the right of your pipeline; it is run again"))
            await asyncio.sleep(min(PATIENCE, making.cloud.polling_interval * 10))

    async def _digest(self, making: StepContext, pushed: PushedCommit) -> bool:
        """Whether the registry has the commit's image by now, such as by a run that a push began."""
        server = str(making.facts.login_server)
        making.facts.image_digest = await making.cloud.registry.digest(server, self._image, pushed.commit)
        return making.facts.image_digest is not None

    async def _begun(self, making: StepContext, reading: GitHubReading, github: GitHubClient, pushed: PushedCommit) -> tuple[int, int]:
        """The run to follow, and which of its attempts: the newest, run again when it ended and that was told, or a new one.

        A push begins its run some seconds later; where none comes, as after a commit that says ``[skip ci]``, one is asked for.
        """
        for look in range(LOOKS_FOR_RUN):
            newest = next(iter(await github.runs(reading.file_name, pushed.commit)), None)
            if newest is not None:
                number, attempt = int(newest["id"]), int(newest["run_attempt"])
                if newest["status"] == "completed" and self._is_known(making, newest):
                    await _even_without_answer(github.rerun(number))
                    attempt += 1
                return number, attempt
            if look == LOOKS_FOR_RUN // 2:
                await _even_without_answer(github.dispatch(reading.file_name, pushed.branch.removeprefix("refs/heads/")))
            making.wait(_("GitHub begins the run"))
            await asyncio.sleep(making.cloud.polling_interval)
        from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

        sentence = _("GitHub began no run of {file}.").format(file=reading.file)
        raise CloudError(ErrorKind.TIMEOUT, sentence, _("See {address}.").format(address=f"{github.address}/actions"))

    def _is_known(self, making: StepContext, run: Item) -> bool:
        """Whether following a run that has ended would tell nothing new: it built what is gone, or its failure was told before."""
        return run.get("conclusion") == "success" or making.recall("told") == f"{run['id']}/{run['run_attempt']}"

    def az(self, facts: Outputs) -> list[list[str]]:
        """A run by hand, since az knows no GitHub."""
        from wizard.source.git.workflow_file import workflow_path

        return [["gh", "workflow", "run", workflow_path(self._setup).rpartition("/")[2], "--ref", self._pipeline.branch, *self._where]]


async def _even_without_answer(asking: Awaitable[None]) -> None:
    """Ask for a run; where the answer is lost, looking again tells whether it began, and a second one is never asked for at once."""
    from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

    try:
        await asking
    except CloudError as error:
        if error.kind not in (ErrorKind.CONNECTION, ErrorKind.TIMEOUT):
            raise
