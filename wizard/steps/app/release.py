"""Releases as steps bring them about: the image of an earlier one, and the note in Azure that a deployment came to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.cloud.tags import change_tags
from wizard.engine.step import Observation, Outputs, Step, StepContext, blocked, same
from wizard.platform.git_remote import head_commit
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.state.releases import DIGEST_SHOWN, Release, next_number, outdated, releases_in

if TYPE_CHECKING:
    from azure.mgmt.appcontainers.models import ContainerApp

    from wizard.setup.answers import Answers
    from wizard.state.resources import ResourceRef
    from wizard.state.snapshot import Snapshot
    from wizard.steps.app.revision_status import RevisionState


class ReleaseImageStep(Step):
    """The image of an earlier release, which is in the registry already: nothing is built while the setup is rolled back."""

    id = step_ids.IMAGE
    section = "pipeline"
    needs = (step_ids.REGISTRY, "registry.role.acr-pull")
    expected_seconds = 1.0

    def __init__(self, answers: Answers) -> None:
        self._number = answers.revision.release
        self.title = _("Image of release {number}").format(number=self._number)

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the image of the chosen release is still in the registry; its digest is told to the steps that deploy it."""
        release = next((release for release in await snapshot.releases() if release.number == self._number), None)
        if release is None:
            return blocked(
                _("There is no release {number}.").format(number=self._number),
                _("azwizard releases lists those there are; azwizard deploy takes your code as it is now."),
            )
        facts.image_digest = await snapshot.wanted_digest()
        if facts.image_digest is None:
            return blocked(
                _("The image of release {number} is in the registry no more.").format(number=self._number),
                _("Go back to another release (azwizard releases), or deploy your code as it is now (azwizard deploy)."),
            )
        return same(_("rolled back to release {number} of {time}").format(number=self._number, time=f"{release.time:%Y-%m-%d %H:%M} UTC"))

    async def make(self, making: StepContext) -> None:
        """Nothing: a look finds it, or it cannot be had."""


async def note_release(
    making: StepContext, answers: Answers, target: ResourceRef, revision: RevisionState, app: ContainerApp | None = None
) -> None:
    """Note that a revision came to run, as the setup's next release, unless it is noted or the setup is rolled back.

    The tag is merged into the app's tags by themselves, which makes no new revision. A person who may write no tags may still write the
    app, since only so it came to run: then a merge patch of the app does it (Container Apps, Update: "using JSON Merge Patch"). The
    numbers go on from what Azure holds now, since another computer may have deployed meanwhile.

    :param app: as it was read just now; None where its version had to be waited for.
    """
    if answers.revision.release or revision.made_at is None or not revision.digest:
        return
    app = app or await making.cloud.apps.container_apps.get(target.group, target.name)
    tags = dict(app.tags or {})
    releases = releases_in(tags)
    if any(release.time == revision.made_at and release.has(revision.digest) for release in releases):
        return
    digest = revision.digest.removeprefix("sha256:")[:DIGEST_SHOWN]
    who = making.cloud.principal.name
    release = Release(next_number(releases), revision.made_at, head_commit(answers.source_folder)[:DIGEST_SHOWN], digest, who)
    await _write(making, str(app.id), target, release, {old.tag: tags[old.tag] for old in outdated(releases, tags)})
    making.say(_("this is release {number}").format(number=release.number))


async def _write(making: StepContext, app_id: str, target: ResourceRef, release: Release, dropped: dict[str, str]) -> None:
    from azure.core.exceptions import HttpResponseError

    try:
        if dropped:
            await change_tags(making.cloud, app_id, "Delete", dropped)
        await change_tags(making.cloud, app_id, "Merge", {release.tag: release.value})
    except HttpResponseError as error:
        if error.status_code != 403:
            raise
        patch = {"tags": {**dict.fromkeys(dropped), release.tag: release.value}}
        apps = making.cloud.apps.container_apps
        await making.operation(lambda **options: apps.begin_update(target.group, target.name, patch, **options), "release")  # type: ignore[call-overload]
