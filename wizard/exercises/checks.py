"""Whether an exercise is solved: each check reads the practice cloud, and no file of the learner's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec.structs import replace

from wizard.cloud.resource_ids import ROLES
from wizard.cloud.transport import practice_process
from wizard.engine.cost import idle_cost
from wizard.platform.daemon_thread import in_daemon_thread
from wizard.platform.language import _
from wizard.steps.app.revision_status import is_front

if TYPE_CHECKING:
    from wizard.exercises.exercise import Check, Scene

CHEAP = 5.0
"""USD a month: what an API may cost while nobody calls, in the exercise of the bill."""


async def answers(scene: Scene) -> str:
    """The deployed API itself answers the path of its health with 200."""
    path = scene.session.answers.app.health_path
    answer = await scene.answer(path)
    if answer is None or is_front(answer):
        return _("The deployed API does not answer yet.")
    return (
        "" if answer.status == 200 else _("The deployed API answers {path} with {status}, not 200.").format(path=path, status=answer.status)
    )


def greets_with(version: int) -> Check:
    """The deployed API greets, in that version of its code."""

    async def check(scene: Scene) -> str:
        answer = await scene.answer("/")
        if answer is None or answer.status != 200:
            return _("The deployed API does not answer / with 200 yet.")
        try:
            running = json.loads(answer.text)["version"]
        except (ValueError, KeyError, TypeError):
            running = "?"
        sentence = _("The deployed API runs version {running} of its code, not {wanted}.")
        return "" if running == version else sentence.format(running=running, wanted=version)

    return check


async def may_pull(scene: Scene) -> str:
    """The app's identity has the role AcrPull at the registry."""
    principal = ((await scene.app()).get("identity") or {}).get("principalId")
    registry = scene.snapshot.targets.registry
    held = await scene.snapshot.role_assignments(registry.id) if registry and principal else []
    role = ROLES["AcrPull"]
    if any(one.principal_id == principal and str(one.role_definition_id).lower().endswith(role) for one in held):
        return ""
    return _("The app's identity has no role AcrPull at the registry.")


async def mounts_with_nobrl(scene: Scene) -> str:
    """Every share that the app mounts has the mount option nobrl."""
    shares = [volume for volume in (await scene.template()).get("volumes") or () if volume.get("storageType") == "AzureFile"]
    if shares and all("nobrl" in str(volume.get("mountOptions") or "").split(",") for volume in shares):
        return ""
    return _("The share with the database is not mounted with nobrl.")


async def costs_little(scene: Scene) -> str:
    """What the app holds in the practice cloud costs little while nobody calls."""
    template = await scene.template()
    containers = template.get("containers") or ()
    if not containers:
        return _("There is no app.")
    size = containers[0].get("resources") or {}
    own = replace(
        scene.session.answers.app,
        cpu=float(size.get("cpu") or 0.25),
        memory=str(size.get("memory") or "0.5Gi"),
        min_replicas=int((template.get("scale") or {}).get("minReplicas") or 0),
    )
    cost = idle_cost(replace(scene.session.answers, app=own))
    sentence = _("While nobody calls, the app costs {cost:.2f} USD a month; it may cost {most:.2f}.")
    return "" if cost <= CHEAP else sentence.format(cost=cost, most=CHEAP)


async def still_a_contributor(scene: Scene) -> str:
    """The person practises as a contributor, who may not give roles."""
    account = await in_daemon_thread(practice_process.account)
    return "" if account == "contributor" else _("You are still somebody else: azwizard practice fault account:contributor")
