"""First version: the app written at once as the answers want it, and the look at whether it runs and answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wizard.cloud.permissions.right import PermissionRequirement
from wizard.engine.contribution import Contribution
from wizard.engine.step import Change, Observation, Outputs, Step, StepContext, conflict, different, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.state.resources import APP, ResourceRefs
from wizard.state.snapshot import Snapshot
from wizard.steps.app.az import az_put
from wizard.steps.app.before_deploy import BeforeDeployStep, cleanup_steps, leftover_notes
from wizard.steps.app.differences import differences, is_placeholder, needs_new_revision
from wizard.steps.app.known import known_facts, with_holes
from wizard.steps.app.old_images import OldImagesStep
from wizard.steps.app.payload import desired_app, proposed_app, used_secrets
from wizard.steps.app.put_back import after_failure, serving_copy
from wizard.steps.app.revision_status import RevisionState, newest_revision, not_running
from wizard.steps.app.running import RunningStep
from wizard.steps.app.secret_values import newer_secrets
from wizard.steps.app.single_writer import begin_again, restart_writers, stop_writers
from wizard.steps.app.writing import delete_app, wait_for_app, write_app

if TYPE_CHECKING:
    from azure.mgmt.appcontainers.models import ContainerApp

    from wizard.setup.answers import Answers


NEVER_READY = "ContainerAppOperationError"  # errors.md 49


class RevisionStep(Step):
    """The app as the answers want it: one PUT, one revision.

    Each of its needs is Azure's: the environment must be made (400 ManagedEnvironmentNotProvisioned), a volume's storage be known to it
    (404 ManagedEnvironmentStorageNotFound), the image be there and allowed (MANIFEST_UNKNOWN, UNAUTHORIZED), each secret be readable with
    the identity, and of an app one operation goes on at a time (409 ContainerAppOperationInProgress), so that with an identity of the
    app's own its first operation is waited for. All of these are recorded.
    """

    id = step_ids.REVISION
    section = "revision"
    expected_seconds = 30.0

    def __init__(self, answers: Answers) -> None:
        targets = ResourceRefs.named(answers, answers.sign_in.subscription)
        assert targets.app and targets.environment
        self._answers = answers
        self._targets = targets
        self._target = targets.app
        self._environment_id = targets.environment.id
        self._one_writer = any(share.nobrl for share in answers.storage.shares)
        self.title = _("Version of {name}").format(name=self._target.name)
        storages = [f"environment.storage.{share.designation}" for share in answers.storage.shares]
        secrets = [step_ids.secret(name) for name in used_secrets(answers)]
        self.needs = (
            step_ids.ENVIRONMENT,
            step_ids.APP_IDENTITY if answers.app.identity == "system" else step_ids.IDENTITY,
            "identity.acr_pull",
            "identity.secrets_user",
            step_ids.IMAGE,
            *storages,
            *secrets,
            *((step_ids.BEFORE_DEPLOY,) if answers.app.before_deploy else ()),
        )
        self.follows = (step_ids.IMAGE, *storages, *secrets)
        self.rights = self._rights(targets)

    def proposed(self, tenant_id: str, facts: Outputs) -> Mapping[str, Any] | None:
        """The app as policies and locks would judge it."""
        return {"type": APP, "name": self._target.name, **proposed_app(self._answers, facts)}

    def _rights(self, targets: ResourceRefs) -> tuple[PermissionRequirement, ...]:
        assert targets.app and targets.environment
        role = "Container Apps Contributor"
        rights = [
            PermissionRequirement("Microsoft.App/containerApps/write", targets.app.id, role),
            PermissionRequirement("Microsoft.App/managedEnvironments/join/action", targets.environment.id, role),
        ]
        if targets.identity:
            action = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"
            rights.append(PermissionRequirement(action, targets.identity.id, "Managed Identity Operator"))
        return tuple(rights)

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """What of the app differs from the answers, image included."""
        app, facts.health_route = await asyncio.gather(snapshot.app(), snapshot.health_route())
        if app is None:
            return missing(self._image_words())
        if not snapshot.is_ours(app):
            return conflict(
                _("There is an app {name} already, and this setup did not make it.").format(name=self._target.name),
                _("Choose another name under [app], or have its owner remove it."),
            )
        actual = app.as_dict()
        if is_placeholder(actual):
            return missing(self._image_words())
        if str(actual["properties"].get("environmentId")).lower() != self._environment_id.lower():
            return conflict(
                _("The app {name} runs in another place, and cannot be moved.").format(name=self._target.name),
                _("Write that environment under [environment], or destroy this setup first."),
            )
        newest = str(actual["properties"].get("latestRevisionName"))
        known, newer = await asyncio.gather(known_facts(snapshot), newer_secrets(snapshot, used_secrets(self._answers), newest))
        changes = differences(actual, desired_app(self._answers, known)) or newer
        state = str(actual["properties"].get("provisioningState"))
        if not changes and state != "Succeeded":
            changes = [Change(_("state"), state, "Succeeded", self.section, is_unsettled=True, is_answer=False)]
        return self._different(actual, changes) if changes else same(self._image_words())

    async def make(self, making: StepContext) -> None:
        """Write the app once, as the answers want it and with all that others set beside it."""
        app = await wait_for_app(making, self._target)
        actual = app.as_dict() if app else {}
        desired = desired_app(self._answers, making.facts)
        before = await newest_revision(making.cloud, self._target, app=app) if app else None
        if before is not None and await self._stands_already(making, actual, desired, before.name):
            making.facts.revision = before.name
            return
        changed = not actual or needs_new_revision(actual, desired)
        stopped = await self._stop_the_only_writer(making, before) if changed and actual and not is_placeholder(actual) else None
        if app is not None and before is not None and before.works and not is_placeholder(actual):
            making.facts.app_before = serving_copy(app)
        name = await self._write(making, app, desired, stopped)
        making.facts.revision = making.facts.revision_begun = name
        if before is not None and name == before.name:
            await begin_again(making, self._target, before, one_writer=self._one_writer)

    async def _stands_already(self, making: StepContext, actual: dict[str, Any], desired: dict[str, Any], revision: str) -> bool:
        """Whether only the end had to be waited for of what an earlier, killed run wrote."""
        unsettled = bool(making.look.changes) and all(change.is_unsettled for change in making.look.changes)
        if not unsettled or actual["properties"].get("provisioningState") != "Succeeded" or differences(actual, desired):
            return False
        return not await newer_secrets(Snapshot(making.cloud, self._answers, making.secret), used_secrets(self._answers), revision)

    async def _write(
        self, making: StepContext, app: ContainerApp | None, desired: dict[str, Any], stopped: RevisionState | None
    ) -> str | None:
        """Write the app over what it is; the name of its newest revision.

        A refusal leaves the app as it was, and so begins again what was stopped.
        """
        from azure.core.exceptions import HttpResponseError

        from wizard.cloud.errors.cloud_error import CloudError

        try:
            written = await write_app(making, self._target, desired, app)
        except (HttpResponseError, CloudError) as error:
            state = await newest_revision(making.cloud, self._target)
            if stopped and state and state.name == stopped.name:
                await restart_writers(making, self._target, stopped)
            if isinstance(error, HttpResponseError) and error.error is not None and error.error.code == NEVER_READY:
                failure = await not_running(making, self._answers, self._target, state)
                raise await after_failure(making, self._answers, self._target, failure) from error
            raise
        return written.properties.latest_revision_name if written.properties else None

    async def undo(self, making: StepContext) -> str | None:
        """Delete the app where this setup made it."""
        return await delete_app(making, self._target, self._answers.project.setup)

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that creates or updates the app from a file."""
        return [az_put(self._target, desired_app(self._answers, with_holes(self._answers, facts)))]

    def _image_words(self) -> str:
        pipeline = self._answers.pipeline
        return f"{pipeline.image}:{pipeline.tag}" if pipeline.build == "existing" else pipeline.image

    def _different(self, actual: dict[str, Any], changes: list[Change]) -> Observation:
        look = different(*changes)
        if not self._one_writer or not any(change.section in ("revision", "storage", "variables", "secrets") for change in changes):
            return look
        note = _("the running version is stopped first, so that two never write to one database; your API is away for a moment")
        return replace(look, detail=f"{look.detail} ({note})")

    async def _stop_the_only_writer(self, making: StepContext, before: RevisionState | None) -> RevisionState | None:
        if not self._one_writer or before is None:
            return None
        if not before.active:
            return before if making.facts.stopped_at is not None else None  # the command before this version had it stopped
        making.facts.stopped_at = time.monotonic()
        await stop_writers(making, self._target, before)
        return before


def steps(answers: Answers) -> list[Step]:
    """The command before it, the app as it should be, the look at whether it runs, then the images that nobody needs any more."""
    revision = RevisionStep(answers)
    job = ResourceRefs.named(answers, answers.sign_in.subscription).job
    needs = [need for need in revision.needs if need != step_ids.BEFORE_DEPLOY]
    before: list[Step] = [BeforeDeployStep(answers, job, needs)] if job else []
    old_images: list[Step] = [OldImagesStep(answers)] if answers.revision.keep_images else []
    return [*before, revision, RunningStep(answers), *old_images]


CONTRIBUTION = Contribution(section="revision", steps=steps, leftover_notes=leftover_notes, cleanup_steps=cleanup_steps)
