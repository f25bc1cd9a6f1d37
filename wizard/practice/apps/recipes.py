"""The container that an app or a job asks for, as what runs it needs it: image, environment, shares, limits."""

from __future__ import annotations

from typing import Any

from wizard.practice.apps.documents import image_of, memory_gibibytes
from wizard.practice.apps.identity_access import PullFailed, SecretUnreadable, pulled_image, resolved_secrets
from wizard.practice.apps.mounts import SHARES, shared_folder
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.environments.storages import find_storage
from wizard.practice.kernel.store import Document
from wizard.practice.runtime.launch_recipes import BindMount, Recipe
from wizard.practice.runtime.packages.python_environments import image_base
from wizard.practice.storage.share_folders import MountError


class StartFailure(Exception):
    """Why a container cannot be started: Azure's word for the state it waits in, the detail, and the event that tells of it."""

    def __init__(self, state: str, detail: str, reason: str) -> None:
        super().__init__(detail)
        self.state = state
        self.detail = detail
        self.reason = reason


def recipe_of(cloud: PracticeCloud, resource: Document, template: dict[str, Any], name: str, own: dict[str, str]) -> Recipe:
    """The container to run, with the image, the secrets and the shares that can be had now.

    :param resource: the app or the job as it is now, whose identity, registries and secrets count.
    :param own: the variables that Container Apps itself sets.
    :raises StartFailure: in Azure's words.
    """
    container = template["containers"][0]
    resource = {**resource, "properties": {**resource["properties"], "template": template}}
    try:
        image = pulled_image(cloud, resource)
    except PullFailed as failed:
        detail = f'Back-off pulling image "{image_of(resource)}": Failed to pull image {failed}'
        raise StartFailure("ImagePullBackOff", detail, "ImagePullFailure") from None
    try:
        values = resolved_secrets(cloud, resource)
    except SecretUnreadable as unreadable:
        raise StartFailure("CreateContainerConfigError", str(unreadable), "SecretSyncFailure") from None
    configuration = image.configuration
    env = dict(line.partition("=")[::2] for line in configuration.get("Env") or []) | own
    for variable in container.get("env") or []:
        env[variable["name"]] = values[variable["secretRef"]] if "secretRef" in variable else variable["value"]
    runs = list(configuration.get("Run") or [])
    return Recipe(
        name=name,
        files=image.files,
        workdir=configuration.get("WorkingDir") or "/",
        argv=_command(container, configuration),
        env=env,
        mounts=_mounts(cloud, resource, template),
        empty=_empty_folders(template),
        runs=runs,
        passed_over=list(configuration.get("PassedOver") or []),
        requirements=str(configuration.get("Requirements") or ""),
        base=image_base(str(configuration.get("Base") or ""), runs),
        memory=int((memory_gibibytes(container["resources"]["memory"]) or 0) * (1 << 30)),
        cpu=float(container["resources"]["cpu"] or 0),
        image=image.built,
    )


def _mounts(cloud: PracticeCloud, resource: Document, template: dict[str, Any]) -> list[BindMount]:
    volumes = {volume["name"]: volume for volume in template["volumes"] or []}
    mounts = []
    for volume_mount in template["containers"][0].get("volumeMounts") or []:
        volume = volumes[volume_mount["volumeName"]]
        if volume.get("storageType") not in SHARES:
            continue
        storage = find_storage(cloud, resource["properties"]["environmentId"], volume["storageName"])
        if storage is None:
            message = f"ManagedEnvironment Storage '{volume['storageName']}' was not found."
            raise StartFailure("ContainerCreating", message, "FailedMount")
        try:
            source, read_only = shared_folder(cloud, resource, *storage)
        except MountError as error:
            message = f'MountVolume.SetUp failed for volume "{volume["name"]}" : rpc error: code = Internal desc = {error}'
            raise StartFailure("ContainerCreating", message, "FailedMount") from None
        options = [option.strip() for option in str(volume.get("mountOptions") or "").split(",")]
        mounts.append(BindMount(source, "/" + volume_mount["mountPath"].strip("/"), read_only, "nobrl" in options))
    return mounts


def _empty_folders(template: dict[str, Any]) -> list[str]:
    """Where EmptyDir volumes are mounted."""
    empty = {volume["name"] for volume in template["volumes"] or [] if volume.get("storageType", "EmptyDir") == "EmptyDir"}
    volume_mounts = template["containers"][0].get("volumeMounts") or []
    return ["/" + mount["mountPath"].strip("/") for mount in volume_mounts if mount["volumeName"] in empty]


def _command(container: dict[str, Any], image: dict[str, Any]) -> list[str]:
    """What to execute: ``command`` stands for ENTRYPOINT and drops CMD, ``args`` stands for CMD."""
    if container.get("command"):
        return [*container["command"], *(container.get("args") or [])]
    argv = [*(image.get("Entrypoint") or []), *(container.get("args") or image.get("Cmd") or [])]
    if not argv:
        raise StartFailure("RunContainerError", "no command specified", "ContainerStartFailure")
    return argv
