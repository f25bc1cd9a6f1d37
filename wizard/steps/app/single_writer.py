"""One writer at a time: copies that share a folder mounted with ``nobrl`` do not see each other's locks (reference section 5).

Azure keeps the old revision until the new one runs, so that two would write to one SQLite database: the old one is stopped before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.engine.polling import until
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.engine.step import StepContext
    from wizard.state.resources import ResourceRef
    from wizard.steps.app.revision_status import RevisionState


async def stop_writers(making: StepContext, app: ResourceRef, revision: RevisionState) -> None:
    """Deactivate a revision and wait until none of its copies is left. Raises HttpResponseError.

    Azure lets the only active revision be deactivated (microsoft/azure-container-apps#1345), and one be activated again by the API in
    single revision mode (microsoft/azure-container-apps#787).
    """
    apps = making.cloud.apps
    making.say(_("stopping the running version, so that two never write to one database"))
    await apps.container_apps_revisions.deactivate_revision(app.group, app.name, revision.name)

    async def gone() -> bool:
        replicas = await apps.container_apps_revision_replicas.list_replicas(app.group, app.name, revision.name)
        return not replicas.value

    await until(gone, making.wait, _("the running version stops"), interval=making.cloud.polling_interval)


async def restart_writers(making: StepContext, app: ResourceRef, revision: RevisionState) -> None:
    """Activate a revision that was stopped. Raises HttpResponseError."""
    making.say(_("starting it again"))
    await making.cloud.apps.container_apps_revisions.activate_revision(app.group, app.name, revision.name)


async def begin_again(making: StepContext, app: ResourceRef, revision: RevisionState, *, one_writer: bool) -> None:
    """The revision is the same, and what it read when it started is not: a secret's value, or a share. Raises HttpResponseError."""
    if one_writer:
        await stop_writers(making, app, revision)
        await restart_writers(making, app, revision)
    else:
        making.say(_("starting it again, so that it reads what has changed"))
        await making.cloud.apps.container_apps_revisions.restart_revision(app.group, app.name, revision.name)
