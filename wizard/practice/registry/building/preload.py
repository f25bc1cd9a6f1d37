"""Images that are in a registry before anything is built there: for tests, trials, and whoever asks the control host."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.store import Document
from wizard.practice.registry import images, manifests
from wizard.practice.registry.building import contexts, dockerfiles
from wizard.practice.registry.building import image_builder as assembly
from wizard.practice.registry.building.requirements import note_requirements


async def preload(
    cloud: PracticeCloud, login_server: str, repository: str, tags: Sequence[str], source: Path, dockerfile: str = "Dockerfile"
) -> Document:
    """Put an image built from the folder `source` into a registry, which may not exist yet: it is there once the registry is.

    The folder's ``.dockerignore`` is honoured. Raises `dockerfiles.BuildError`, also when there is no such Dockerfile.
    """

    def from_source(work: Path) -> assembly.BuiltStage:
        if not source.is_dir():
            raise dockerfiles.BuildError(f"unable to prepare context: path {source} not found")
        return contexts.build(source, contexts.read_dockerfile(source, dockerfile), work, lambda _: None)

    with contexts.temporary_folder(cloud) as work:
        stage = await asyncio.to_thread(from_source, Path(work))
        await note_requirements(cloud.environments, stage)
        manifest = await asyncio.to_thread(manifests.manifest_of, stage.folder, stage.configuration())
        return images.keep(cloud, login_server, repository, tags, stage, manifest, dockerfile)


async def preload_asked(cloud: PracticeCloud, body: dict[str, Any]) -> dict[str, Any]:
    """Preload as the control host is asked to: ``{"registry", "repository", "tags", "source", "dockerfile"}``, the last one optional.

    :returns: ``{"image": "crordersdev.azurecr.io/orders-api@sha256:...", "digest", "tags"}``.
    :raises ValueError: with a sentence, for a folder or Dockerfile that is not there, or a name that no image can have.
    """
    server = str(body.get("registry", "")).lower().removesuffix(images.SUFFIX) + images.SUFFIX
    repository, tags = str(body.get("repository", "")), [str(tag) for tag in body.get("tags") or ["latest"]]
    if wrong := next((tag for tag in tags if not images.NAME.fullmatch(f"{repository}:{tag}")), None):
        raise ValueError(f"'{repository}:{wrong}' is not a name that an image can have.")
    if not Path(str(body.get("source", ""))).is_absolute():
        raise ValueError("The whole path of the folder that the image is made of is needed.")
    try:
        image = await preload(cloud, server, repository, tags, Path(body["source"]), str(body.get("dockerfile") or "Dockerfile"))
    except dockerfiles.BuildError as error:
        raise ValueError(f"No image can be made of '{body['source']}': {error}") from error
    return {"image": f"{server}/{repository}@{image['digest']}", "digest": image["digest"], "tags": tags}
