"""A new version that does not come to run: the version before goes on serving, or is put back where two could not run at once.

In single revision mode Azure sends everything to the last revision that was ready, and ends the one before only once the new one is
(learn.microsoft.com, "Update and deploy changes in Azure Container Apps", Zero downtime deployment). Where only one may write to a share,
the one before was stopped beforehand, and a version that only accepts connections counts as ready where no probe asks for more: then the
whole app is written again as it was, so that Azure and the next plan agree on what runs.
"""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING, Any

from wizard.cloud.errors.cloud_error import CloudError
from wizard.cloud.lookups import get_or_none
from wizard.platform.language import _, plural
from wizard.state.releases import releases_in
from wizard.steps.app.revision_status import newest_revision, wait_until_running
from wizard.steps.app.single_writer import stop_writers
from wizard.steps.app.writing import wait_for_app, writable, write_app

if TYPE_CHECKING:
    from wizard.engine.step import StepContext
    from wizard.setup.answers import Answers
    from wizard.state.resources import ResourceRef

ARM = dict[str, Any]


async def after_failure(making: StepContext, answers: Answers, target: ResourceRef, error: CloudError) -> CloudError:
    """The error, told with what serves now; the version before is put back first where it had been stopped for the new one."""
    app = await get_or_none(making.cloud.apps.container_apps.get(target.group, target.name))
    properties = app.properties if app else None
    if app is None or not releases_in(dict(app.tags or {})):
        return error  # what was ready before is our placeholder, and no version of theirs
    ready = str((properties and properties.latest_ready_revision_name) or "")
    is_served = bool(ready) and ready != str(properties and properties.latest_revision_name)
    one_writer = any(share.nobrl for share in answers.storage.shares)
    if is_served and not one_writer:
        return _told(error, _("The version before goes on serving."))
    before = making.facts.app_before
    if before is None and is_served:
        before = await _as_it_was(making, target, writable(app), ready)
    return _told(error, await _put_back(making, answers, target, before, one_writer)) if before else error


def serving_copy(app: Any) -> ARM:
    """The app as it is to be written again; literal secrets of others are left to the writing, which asks for their values."""
    app_copy: ARM = copy.deepcopy(writable(app))
    configuration = app_copy["properties"]["configuration"]
    configuration["secrets"] = [secret for secret in configuration.get("secrets") or [] if secret.get("keyVaultUrl")]
    return app_copy


async def _as_it_was(making: StepContext, target: ResourceRef, app: ARM, revision: str) -> ARM | None:
    """The app with the template of a revision: after a run that was killed nothing else is known of how it was."""
    older = await get_or_none(making.cloud.apps.container_apps_revisions.get_revision(target.group, target.name, revision))
    template = older.properties.template if older and older.properties else None
    if template is None:
        return None
    app_copy = serving_copy(app)
    app_copy["properties"]["template"] = writable(template)
    return app_copy


async def _put_back(making: StepContext, answers: Answers, target: ResourceRef, before: ARM, one_writer: bool) -> str:
    """Run the version before again; what came of it, in a sentence."""
    from azure.core.exceptions import HttpResponseError

    failed = await newest_revision(making.cloud, target)
    try:
        if one_writer and failed and failed.active:
            await stop_writers(making, target, failed)
        making.say(_("putting the version before back"))
        written = await write_app(making, target, before, await wait_for_app(making, target))
        making.facts.revision = written.properties.latest_revision_name if written.properties else None
        await wait_until_running(making, answers, target)
    except (CloudError, HttpResponseError) as error:
        reason = error.sentence if isinstance(error, CloudError) else error.message
        return _("The version before could not be put back: {reason}").format(reason=reason)
    if making.facts.stopped_at is None:
        return _("The version before was put back, and serves again.")
    seconds = max(1, round(time.monotonic() - making.facts.stopped_at))
    sentence = plural(
        "The version before was put back, and serves again; your API was away for {count} second.",
        "The version before was put back, and serves again; your API was away for {count} seconds.",
        seconds,
    )
    return sentence.format(count=seconds)


def _told(error: CloudError, sentence: str) -> CloudError:
    """The same error with one more sentence."""
    return CloudError(error.kind, error.sentence, f"{error.remedy}\n{sentence}", code=error.code, message=error.message, link=error.link)
