"""The file shares an app has, read back from Azure: the inverse of the volumes in `wizard.steps.app.payload`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.state.resource_snapshot import ResourceSnapshot


@dataclass(frozen=True)
class Mount:
    """A share as the app sees it.

    :param designation: what the share is for; it is the volume's name.
    :param account: the storage account.
    :param access: ``ReadWrite`` or ``ReadOnly``.
    """

    designation: str
    account: str
    share: str
    mount: str
    access: str
    nobrl: bool


async def mounts(snapshot: ResourceSnapshot) -> list[Mount]:
    """The shares that the setup's app mounts, in its order; none before the app has its first version."""
    app = await snapshot.app()
    template = app.properties.template if app and app.properties else None
    if template is None or not template.containers:
        return []
    storages = await snapshot.environment_storages()
    volumes = {str(volume.name): volume for volume in template.volumes or []}
    result = []
    for mount in template.containers[0].volume_mounts or []:
        volume = volumes.get(str(mount.volume_name))
        storage = storages.get(str(volume.storage_name)) if volume else None
        file = storage.properties.azure_file if storage and storage.properties else None
        if volume and file:
            options = str(volume.mount_options or "").split(",")
            result.append(
                Mount(
                    designation=str(volume.name),
                    account=str(file.account_name),
                    share=str(file.share_name),
                    mount=str(mount.mount_path),
                    access=str(file["accessMode"]),
                    nobrl="nobrl" in options,
                )
            )
    return result
