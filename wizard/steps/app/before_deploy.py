"""The command before each new version, such as the migrations of a database: a job runs it once with the new code.

Its failure stops the deployment before the app is written, so that the version that serves goes on. A rollback does not run it: what it
goes back to was prepared when it was deployed first.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.engine import ownership
from wizard.engine.polling import until
from wizard.engine.step import Change, Observation, Outputs, Step, StepContext, conflict, different, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.state.executions import GOES_ON, SUCCEEDED, container_of, status_of
from wizard.state.resources import JOB, ResourceRef, ResourceRefs
from wizard.steps.app.az import az_put
from wizard.steps.app.differences import execution_differences, is_placeholder, job_differences
from wizard.steps.app.job import desired_job
from wizard.steps.app.job_run import JobRun
from wizard.steps.app.known import known_facts, with_holes
from wizard.steps.app.put_back import serving_copy
from wizard.steps.app.revision_status import newest_revision
from wizard.steps.app.single_writer import restart_writers, stop_writers
from wizard.steps.app.writing import SETTLED, is_busy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

ROLE = "Container Apps Jobs Contributor"


class BeforeDeployStep(Step):
    """The job as the answers want it, and an execution of it that succeeded with the image and values of the version to come."""

    id = step_ids.BEFORE_DEPLOY
    section = "revision"
    expected_seconds = 40.0

    def __init__(self, answers: Answers, target: ResourceRef, needs: Sequence[str]) -> None:
        targets = ResourceRefs.named(answers, answers.sign_in.subscription)
        assert targets.app and targets.environment
        self._answers, self._target, self._app = answers, target, targets.app
        self._one_writer = any(share.nobrl for share in answers.storage.shares)
        self.title = _("Before each new version: {command}").format(command=answers.app.before_deploy)
        self.needs = needs
        self.follows = (step_ids.IMAGE,) if not answers.revision.release else ()
        self.rights = (
            PermissionRequirement(f"{JOB}/write", target.id, ROLE),
            PermissionRequirement(f"{JOB}/start/action", target.id, ROLE),
            PermissionRequirement("Microsoft.App/managedEnvironments/join/action", targets.environment.id, ROLE),
        )

    def proposed(self, tenant_id: str, facts: Outputs) -> dict[str, Any]:
        """The job as policies and locks would judge it."""
        project = self._answers.project
        return {"type": JOB, "name": self._target.name, "location": project.region, "tags": project.resource_tags(self.section)}

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the job is as the answers want it, and ran well last with the image and values of the version to come."""
        job, execution = await asyncio.gather(snapshot.job(), snapshot.newest_execution())
        if job is None:
            return self._kept_back() or missing(_("it runs once, before the new version gets requests"))
        if not snapshot.is_ours(job):
            return conflict(
                _("There is a job {name} already, and this setup did not make it.").format(name=self._target.name),
                _("Give the project another name, or have its owner remove it."),
            )
        if kept_back := self._kept_back():
            return kept_back
        desired = desired_job(self._answers, await known_facts(snapshot))
        changes = job_differences(job.as_dict(), desired)
        if changes:
            return different(*changes)
        return self._of_last_run(execution, desired)

    def _kept_back(self) -> Observation | None:
        """What is said while the setup is rolled back."""
        if not self._answers.revision.release:
            return None
        return same(_("not run for a release that was deployed before"), ours=True)

    def _of_last_run(self, execution: Any, desired: dict[str, Any]) -> Observation:
        ran = _("last run"), _("it ran for this version")
        if execution is None:
            return different(Change(ran[0], _("none"), ran[1], self.section, is_answer=False))
        if execution_differences(container_of(execution), desired):
            return different(Change(ran[0], _("for another version"), ran[1], self.section, is_answer=False))
        status = status_of(execution)
        if status == SUCCEEDED:
            return same(_("it ran for this version"))
        return different(Change(ran[0], status, ran[1], self.section, is_unsettled=status in GOES_ON, is_answer=False))

    async def make(self, making: StepContext) -> None:
        """Write the job and run it once; where one version only may write to a share, the one that runs is stopped first.

        Raises CloudError with the last lines of the command when it fails; the version that was stopped runs again then.
        """
        desired = desired_job(self._answers, making.facts)
        await self._write(making, desired)
        app = await get_or_none(making.cloud.apps.container_apps.get(self._app.group, self._app.name))
        before = None
        if self._one_writer and app is not None and not is_placeholder(app.as_dict()):
            before = await newest_revision(making.cloud, self._app, app=app)
            if before is not None and before.active:
                making.facts.app_before = serving_copy(app) if before.works else None
                making.facts.stopped_at = time.monotonic()
                await stop_writers(making, self._app, before)
        try:
            await JobRun(making, self._answers, self._target, desired).to_its_end()
        except Exception:
            if before is not None:
                await restart_writers(making, self._app, before)
            raise

    async def _write(self, making: StepContext, desired: dict[str, Any]) -> None:
        """The job as it should be, written again until Azure lets its identity in; as it is already, it is left alone."""
        from azure.core.exceptions import HttpResponseError

        jobs, place = making.cloud.apps.jobs, (self._target.group, self._target.name)
        payload: Any = desired
        job = await self._settled(making)
        if job is not None and not job_differences(job.as_dict(), desired):
            return

        async def accepted() -> bool:
            try:
                await making.operation(lambda **options: jobs.begin_create_or_update(*place, payload, **options))
            except HttpResponseError as error:
                if await is_busy(making, error):
                    await self._settled(making)
                return False
            return True

        await until(
            accepted, making.wait, _("Azure lets the command in (its roles come into effect)"), interval=making.cloud.polling_interval
        )

    async def _settled(self, making: StepContext) -> Any:
        """The job once Azure works on it no more, or None when there is none."""
        job: Any = None

        async def settled() -> bool:
            nonlocal job
            job = await get_or_none(making.cloud.apps.jobs.get(self._target.group, self._target.name))
            return job is None or job.as_dict()["properties"].get("provisioningState") in SETTLED

        await until(settled, making.wait, _("Azure still works on it"), interval=making.cloud.polling_interval)
        return job

    async def undo(self, making: StepContext) -> str | None:
        """Delete the job where this setup made it."""
        job = await self._settled(making)
        if job is None:
            return None
        if ownership.owner(job) != self._answers.project.setup:
            return ownership.look_kept(self._target.name)
        jobs = making.cloud.apps.jobs
        await making.operation(lambda **options: jobs.begin_delete(self._target.group, self._target.name, **options), "undo")

        async def gone() -> bool:
            return await self._settled(making) is None

        await until(gone, making.wait, _("Azure removes it"), interval=making.cloud.polling_interval)
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The commands that write the job and start it."""
        place = ["--name", self._target.name, "--resource-group", self._target.group]
        return [
            az_put(self._target, desired_job(self._answers, with_holes(self._answers, facts))),
            ["az", "containerapp", "job", "start", *place],
        ]


async def leftover_notes(answers: Answers, snapshot: Snapshot) -> list[str]:
    """A job of ours for which the answers name no command any more."""
    steps = await cleanup_steps(answers, snapshot)
    note = _("The job {name} of an earlier before_deploy stays until azwizard destroy. It costs nothing while it does not run.")
    return [note.format(name=step.job.name) for step in steps if isinstance(step, FormerJobStep)]


async def cleanup_steps(answers: Answers, snapshot: Snapshot) -> list[Step]:
    """What removes such a job."""
    if answers.app.before_deploy or await snapshot.group() is None:
        return []
    mine = [resource for resource in (await snapshot.resources()).values() if snapshot.is_ours(resource)]
    jobs = [ResourceRef.of(str(resource.id), existing=False) for resource in mine if str(resource.type).lower() == JOB.lower()]
    return [FormerJobStep(answers, job) for job in jobs]


class FormerJobStep(BeforeDeployStep):
    """The job of a command that the answers no longer name: only ever removed."""

    def __init__(self, answers: Answers, job: ResourceRef) -> None:
        super().__init__(answers, job, (step_ids.ENVIRONMENT, step_ids.IDENTITY))
        self.job = job
        self.title = _("Job {name}").format(name=job.name)

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether it is still there."""
        there = any(id_ == self.job.id.lower() for id_ in await snapshot.resources())
        return same(ours=True) if there else missing()
