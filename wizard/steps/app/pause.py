"""Pausing the app and starting it again: Azure's own stop and start of it, and a tag that says the person wanted it so.

Azure keeps a stopped app with its settings and its address, charges no copies of it, and answers every request to it with the page of a
stopped app (microsoft/azure-container-apps#1613). Stop and start are ``POST …/containerApps/NAME/stop`` and ``…/start`` of the
specification (2024-03-01): 202 with a Location that the SDK follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wizard.cloud.tags import change_tags
from wizard.engine.polling import until
from wizard.platform.language import _
from wizard.sections import naming
from wizard.steps.app.revision_status import RevisionState, newest_revision

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.state.resources import ResourceRef

ARM = Mapping[str, Any]


def is_stopped(app: ARM) -> bool:
    """Whether the app was stopped as a whole, by whomever. `app` is as Azure holds it, in ARM's names."""
    return str((app.get("properties") or {}).get("runningStatus") or "").lower() == "stopped"


def paused_since(app: ARM) -> str | None:
    """When the person paused the app, as UTC time; None where it is not stopped, or somebody else stopped it."""
    return (app.get("tags") or {}).get(naming.PAUSED_TAG) if is_stopped(app) else None


def paused_words(since: str) -> str:
    """What is said of a paused app."""
    return _("paused since {time} UTC; azwizard start starts it again").format(time=since[:16].replace("T", " "))


async def pause(cloud: Cloud, target: ResourceRef) -> None:
    """Tag the app and stop it. The tag comes first: a run killed in between has paused nothing. Raises HttpResponseError."""
    await change_tags(cloud, target.id, "Merge", {naming.PAUSED_TAG: datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")})
    poller = await cloud.apps.container_apps.begin_stop(target.group, target.name, polling_interval=cloud.polling_interval)
    await poller.result()


async def start(cloud: Cloud, target: ResourceRef, tell: Callable[[str], None]) -> RevisionState | None:
    """Start the app and wait until its newest revision runs or has failed; that revision, or None where the app has none.

    :param tell: shows a line while Azure is waited for.
    :raises HttpResponseError: where Azure refuses.
    :raises CloudError: when the revision neither runs nor fails within a quarter of an hour.
    """
    poller = await cloud.apps.container_apps.begin_start(target.group, target.name, polling_interval=cloud.polling_interval)
    await poller.result()
    await change_tags(cloud, target.id, "Delete", {naming.PAUSED_TAG: ""})
    state: RevisionState | None = None

    async def settled() -> bool:
        nonlocal state
        state = await newest_revision(cloud, target)
        return state is None or state.works or state.failed

    await until(settled, tell, _("your API starts"), interval=cloud.polling_interval)
    return state
