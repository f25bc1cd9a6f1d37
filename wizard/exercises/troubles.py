"""What goes wrong in an exercise after it was deployed, done to the practice cloud as somebody else would have done it to Azure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.cloud.permissions.role_assignments import revoke
from wizard.cloud.transport import practice_process
from wizard.platform.daemon_thread import in_daemon_thread

if TYPE_CHECKING:
    from wizard.exercises.exercise import Scene


async def take_the_role_away(scene: Scene) -> None:
    """The app may not pull its image any more."""
    principal = ((await scene.app()).get("identity") or {}).get("principalId")
    registry = scene.snapshot.targets.registry
    assert registry and principal
    await revoke(scene.cloud, registry.id, "AcrPull", str(principal))


async def rotate_the_key(scene: Scene) -> None:
    """The storage account gets other keys, and the app is started anew."""
    account = scene.snapshot.targets.storage
    assert account
    for key in ("key1", "key2"):
        await scene.cloud.storage.storage_accounts.regenerate_key(account.group, account.name, {"keyName": key})
    await start_anew(scene)


async def start_anew(scene: Scene) -> None:
    """The app's running version is started anew."""
    app = scene.snapshot.targets.app
    assert app
    revisions = scene.cloud.apps.container_apps_revisions
    name = str(((await scene.app()).get("properties") or {}).get("latestRevisionName"))
    await revisions.restart_revision(app.group, app.name, name)


async def push_as_latest(scene: Scene) -> None:
    """A colleague pushes what stands in the folder to the registry, as ``latest``."""
    answers = scene.session.answers
    push = practice_process.push_image
    await in_daemon_thread(lambda: push(answers.registry.name, answers.pipeline.image, "latest", answers.source_folder))
