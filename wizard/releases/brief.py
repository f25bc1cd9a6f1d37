"""How a deployed API stands in the fewest requests: one read of its app, one request to its path to try."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wizard.cloud.light import LightCloud, TakeTheWholeWay, to_azure, to_practice
from wizard.engine.events import StandingEvent
from wizard.state.releases import digest_of, releases_in, running_release
from wizard.state.resources import ResourceRefs
from wizard.steps.app.az import API_VERSION
from wizard.steps.app.differences import is_placeholder
from wizard.steps.app.pause import is_stopped, paused_since
from wizard.steps.app.revision_status import is_front

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.cloud.services.apps import AppAnswer
    from wizard.setup.answers import Answers

HEALTH_SECONDS = 10.0
ARM = Mapping[str, Any]


def lightly(answers: Answers, *, practice: bool) -> tuple[StandingEvent | None, LightCloud]:
    """How the API stands, read without an SDK, or None where nothing of it is deployed; and the cloud it was read from.

    Raises TakeTheWholeWay wherever something is not as it mostly is: not signed in to az, a refusal, a practice cloud yet to be started.
    """
    sign_in = answers.sign_in
    if not practice and sign_in.credential != "azure-cli":
        raise TakeTheWholeWay
    cloud = to_practice() if practice else to_azure(sign_in.subscription, sign_in.tenant)
    place = _app_id(answers, cloud.subscription_id)
    app = cloud.get(place, API_VERSION)
    if app is None or is_placeholder(app):
        return None, cloud
    serving = app if _is_newest(app) else cloud.get(f"{place}/revisions/{_ready(app)}", API_VERSION)
    if serving is None:
        raise TakeTheWholeWay
    answer = cloud.call_app(_fqdn(app), answers.app.health_path, HEALTH_SECONDS)
    return _standing(answers, app, serving, answer), cloud


async def wholly(cloud: Cloud, answers: Answers) -> StandingEvent | None:
    """The same from a cloud with its SDKs; None where nothing of the setup is deployed. Raises HttpResponseError."""
    from azure.core.exceptions import ResourceNotFoundError

    from wizard.cloud.errors.cloud_error import CloudError

    place = _app_id(answers, cloud.subscription_id)
    try:
        app = await cloud.arm("GET", place, API_VERSION)
    except ResourceNotFoundError:
        return None
    if is_placeholder(app):
        return None
    serving = app if _is_newest(app) else await cloud.arm("GET", f"{place}/revisions/{_ready(app)}", API_VERSION)
    try:
        answer = await cloud.call_app(_fqdn(app), answers.app.health_path, seconds=HEALTH_SECONDS)
    except CloudError:
        answer = None
    return _standing(answers, app, serving, answer)


def _standing(answers: Answers, app: ARM, serving: ARM, answer: AppAnswer | None) -> StandingEvent:
    releases = releases_in(app.get("tags"))
    release = running_release(releases, digest_of(serving), answers.revision.release)
    health = 0 if answer is None or is_front(answer) else answer.status
    state = "paused" if paused_since(app) else "stopped" if is_stopped(app) else "running"
    return StandingEvent(
        state=state if health or state != "running" else "failing",
        address=f"https://{_fqdn(app)}",
        health=health,
        release=release.number if release else 0,
        since=f"{release.time:%Y-%m-%dT%H:%M:%SZ}" if release else "",
        who=release.who if release else "",
        commit=release.commit if release else "",
        rolled_back=release is not None and release is not releases[-1],
        newest_serves=_is_newest(app),
        replicas=None,
    )


def _app_id(answers: Answers, subscription_id: str) -> str:
    app = ResourceRefs.named(answers, subscription_id).app
    assert app
    return app.id


def _ready(app: ARM) -> str:
    """The revision that serves."""
    return str(app["properties"].get("latestReadyRevisionName") or app["properties"].get("latestRevisionName") or "")


def _is_newest(app: ARM) -> bool:
    return _ready(app) == str(app["properties"].get("latestRevisionName") or "")


def _fqdn(app: ARM) -> str:
    return str(((app["properties"].get("configuration") or {}).get("ingress") or {}).get("fqdn") or "")
