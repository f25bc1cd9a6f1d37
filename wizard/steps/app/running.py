"""Whether the newest revision runs and answers; then it is noted as a release, otherwise the version before goes on or is put back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wizard.engine.step import Change, Observation, Outputs, Step, StepContext, different, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.state.releases import Release, next_number, releases_in
from wizard.state.resources import ResourceRefs
from wizard.state.snapshot import Snapshot
from wizard.steps.app.differences import is_placeholder
from wizard.steps.app.pause import paused_since, paused_words
from wizard.steps.app.put_back import after_failure
from wizard.steps.app.release import note_release
from wizard.steps.app.revision_status import RevisionState, newest_revision, wait_for_answer, wait_until_running
from wizard.steps.app.single_writer import restart_writers, stop_writers
from wizard.steps.app.writing import wait_for_app

if TYPE_CHECKING:
    from azure.mgmt.appcontainers.models import ContainerApp

    from wizard.setup.answers import Answers


class RunningStep(Step):
    """The newest revision runs, and the API behind it has answered one request."""

    id = step_ids.RUNNING
    section = "revision"
    needs = (step_ids.REVISION,)
    follows = (step_ids.REVISION,)
    expected_seconds = 20.0

    def __init__(self, answers: Answers) -> None:
        target = ResourceRefs.named(answers, answers.sign_in.subscription).app
        assert target
        self._answers, self._target = answers, target
        self._path = answers.app.health_path
        self._one_writer = any(share.nobrl for share in answers.storage.shares)
        self.title = _("Your API runs and answers")

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the newest revision runs, serves and answers, without changing anything."""
        app, revisions = await asyncio.gather(snapshot.app(), snapshot.revisions())
        actual = app.as_dict() if app else {}
        if not actual or is_placeholder(actual):
            return missing(self._path)
        name = actual["properties"].get("latestRevisionName")
        self._learn(facts, actual, name)
        if since := paused_since(actual):
            return same(paused_words(since))
        state = RevisionState.of(revisions[name]) if name in revisions else None
        if state is not None and state.works:
            unnoted = self._unnoted(releases_in(app.tags if app else None), state)
            return different(unnoted) if unnoted else same(f"https://{facts.fqdn}")
        return different(Change(_("revision {name}").format(name=name), state.word if state else _("nothing"), _("it runs"), self.section))

    async def make(self, making: StepContext) -> None:
        """Wait until the newest revision runs and answers; where it does not, put the version before back and raise why."""
        from wizard.cloud.errors.cloud_error import CloudError

        app = await wait_for_app(making, self._target)
        if app and (since := paused_since(app.as_dict())):
            making.say(paused_words(since))
            return
        standing = await self._woken(making, app)
        try:
            state = await self._answering(making, app, standing)
        except CloudError as error:
            raise await after_failure(making, self._answers, self._target, error) from error
        await note_release(making, self._answers, self._target, state, None if standing is None else app)

    async def _answering(self, making: StepContext, app: ContainerApp | None, standing: RevisionState | None) -> RevisionState:
        """The revision, once it runs and answers. Raises CloudError with what tells why it does not.

        :param app: as it was read before anything was waited for; what is learned from it does not change meanwhile.
        """
        state = await wait_until_running(making, self._answers, self._target, standing)
        app = app or await making.cloud.apps.container_apps.get(self._target.group, self._target.name)
        self._learn(making.facts, app.as_dict(), state.name)
        answer = await wait_for_answer(making, self._answers, self._target, str(making.facts.fqdn))
        making.say(_("it answered {path} with {status}").format(path=self._path, status=answer.status))
        return state

    def _unnoted(self, releases: Sequence[Release], state: RevisionState) -> Change | None:
        """What a run that was killed at its very end did not note. A setup from before there were releases has none, and needs none."""
        if self._answers.revision.release or not releases or not state.digest or any(one.has(state.digest) for one in releases):
            return None
        number = next_number(releases)
        return Change(_("release"), str(releases[-1].number), str(number), self.section, is_unsettled=True)

    def az(self, facts: Outputs) -> list[list[str]]:
        """The commands that show how the revisions do, and the request that each health check sends."""
        place = ["--name", self._target.name, "--resource-group", self._target.group]
        show = ["az", "containerapp", "revision", "list", *place, "--query", "[].[name, properties.runningState, properties.healthState]"]
        return [show, ["curl", "--fail-with-body", f"https://{facts.fqdn or '<fqdn>'}{self._path}"]]

    async def _woken(self, making: StepContext, app: ContainerApp | None) -> RevisionState | None:
        """The newest revision, as it stands; None where there is none, or where it is not the one that is waited for.

        One that stands still or failed before is begun again; one that this run began shows how it goes as it is.
        """
        state = await newest_revision(making.cloud, self._target, app=app)
        if state is None or state.works or state.name == making.facts.revision_begun or (state.active and not state.failed):
            return state if state and making.facts.revision in (None, state.name) else None
        if state.active and self._one_writer:
            await stop_writers(making, self._target, state)
        if not state.active or self._one_writer:
            await restart_writers(making, self._target, state)
        else:
            await making.cloud.apps.container_apps_revisions.restart_revision(self._target.group, self._target.name, state.name)
        return None

    def _learn(self, facts: Outputs, app: dict[str, Any], revision: str | None) -> None:
        ingress = (app["properties"].get("configuration") or {}).get("ingress") or {}
        facts.revision, facts.fqdn = revision, ingress.get("fqdn")
