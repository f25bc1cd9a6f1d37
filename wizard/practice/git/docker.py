"""Docker on the machine of a run: an image built from checked-out sources, and pushed."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.store import Document
from wizard.practice.registry import images, manifests
from wizard.practice.registry.building import contexts
from wizard.practice.registry.building import image_builder as assembly
from wizard.practice.registry.building.dockerfiles import BuildError
from wizard.practice.registry.building.requirements import install_requirements


@dataclass(frozen=True)
class UnpushedImage:
    """An image that was built and is in no registry yet; `dockerfile` is its path in the sources."""

    stage: assembly.BuiltStage
    manifest: dict[str, Any]
    dockerfile: str


async def build(cloud: PracticeCloud, sources: Path, context: Path, dockerfile: Path, say: assembly.Log) -> UnpushedImage:
    """Build as ``docker build`` does; fault ``build-failure`` makes the next one fail. Raises BuildError.

    :param sources: where the repository is checked out, a folder of its own below a temporary one.
    """
    text = await asyncio.to_thread(dockerfile.read_text, encoding="utf-8", errors="replace")
    work = Path(tempfile.mkdtemp(dir=sources.parent))
    if cloud.faults.take("build-failure"):
        raise BuildError('process "/bin/sh -c pip install -r requirements.txt" did not complete successfully: exit code: 1')
    stage = await asyncio.to_thread(contexts.build, context, text, work, say)
    await install_requirements(cloud.environments, stage, say)
    manifest = await asyncio.to_thread(manifests.manifest_of, stage.folder, stage.configuration())
    return UnpushedImage(stage, manifest, dockerfile.relative_to(sources).as_posix())


def push(cloud: PracticeCloud, server: str, repository: str, tags: Sequence[str], image: UnpushedImage, say: assembly.Log) -> Document:
    """Put a built image under its tags, as ``docker push`` tells of it."""
    stored = images.keep(cloud, server, repository, tags, image.stage, image.manifest, image.dockerfile)
    for tag in tags:
        say(f"The push refers to repository [{server}/{repository}]")
        say(f"{tag}: digest: {stored['digest']} size: {stored['size']}")
    return stored


def workspace(folder: str) -> Path:
    """The folder that stands for the machine's sources, its path without links."""
    sources = Path(folder).resolve() / "s"
    sources.mkdir()
    return sources
