"""The values of secrets as the running copies read them: when they started, which may be before the vault got another value.

A reference without a version takes a new value within 30 minutes, and at once when its revision is started again (learn.microsoft.com,
"Manage secrets in Azure Container Apps", Key Vault secret URI and secret rotation).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wizard.cloud.permissions.right import PermissionRequirement
from wizard.engine.step import Change, Observation, Outputs, Step, StepContext, blocked, different, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.state.resources import ResourceRefs
from wizard.steps.app.differences import is_placeholder
from wizard.steps.app.pause import paused_since, paused_words
from wizard.steps.app.payload import used_secrets
from wizard.steps.app.revision_status import newest_revision, wait_for_answer, wait_until_running
from wizard.steps.app.single_writer import begin_again

if TYPE_CHECKING:
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot


async def newer_secrets(snapshot: Snapshot, names: Sequence[str], revision: str) -> list[Change]:
    """Secrets that got another value after the running copies had read them: from someone else, or from a run that was killed."""
    if not names:
        return []
    replicas, secrets = await asyncio.gather(snapshot.replicas(revision), _secrets(snapshot))
    began = [replica.properties.created_time for replica in replicas if replica.properties and replica.properties.created_time]
    newer = [name for name in names if name in secrets and began and secrets[name].updated_on > min(began)]
    words = _("an older value"), _("the value in the vault")
    return [Change(_("secret {name}").format(name=name), *words, "secrets", is_answer=False) for name in newer]


async def _secrets(snapshot: Snapshot) -> dict[str, Any]:
    """The vault's secrets without values; none when the person may not look at them."""
    from azure.core.exceptions import HttpResponseError

    try:
        return dict(await snapshot.secret_properties())
    except HttpResponseError as error:
        if error.status_code not in (401, 403):
            raise
        return {}


class NewValueStep(Step):
    """The version that serves reads a secret's new value: it is started again, and answers."""

    id = step_ids.NEW_VALUE
    section = "secrets"
    expected_seconds = 20.0

    def __init__(self, answers: Answers, name: str) -> None:
        target = ResourceRefs.named(answers, answers.sign_in.subscription).app
        assert target
        self._answers, self._target, self._name = answers, target, name
        self._one_writer = any(share.nobrl for share in answers.storage.shares)
        self.title = _("Your API reads the new value of {name}").format(name=name)
        self.needs = self.follows = (step_ids.secret(name),)
        self.rights = (PermissionRequirement("Microsoft.App/containerApps/write", target.id, "Container Apps Contributor"),)

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the copies that serve began before the secret got its newest value."""
        app = await snapshot.app()
        actual = app.as_dict() if app else {}
        if not actual or is_placeholder(actual):
            return blocked(_("Nothing is deployed yet: azwizard apply deploys it."), "")
        facts.revision = str(actual["properties"].get("latestReadyRevisionName") or actual["properties"].get("latestRevisionName"))
        facts.fqdn = ((actual["properties"].get("configuration") or {}).get("ingress") or {}).get("fqdn")
        if self._name not in used_secrets(self._answers):
            return same(_("no variable of your API holds it"))
        newer = await newer_secrets(snapshot, [self._name], facts.revision)
        return different(*newer) if newer else same()

    async def make(self, making: StepContext) -> None:
        """Start the newest revision again and wait until it answers; nothing is done while the app is paused."""
        app = await making.cloud.apps.container_apps.get(self._target.group, self._target.name)
        if self._name not in used_secrets(self._answers):
            return
        if since := paused_since(app.as_dict()):
            making.say(paused_words(since))
            return
        state = await newest_revision(making.cloud, self._target, making.facts.revision)
        if state is not None:
            await begin_again(making, self._target, state, one_writer=self._one_writer)
        await wait_until_running(making, self._answers, self._target)
        answer = await wait_for_answer(making, self._answers, self._target, str(making.facts.fqdn))
        path = self._answers.app.health_path
        making.say(_("it answered {path} with {status}").format(path=path, status=answer.status))
