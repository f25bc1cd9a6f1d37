"""A build that really takes place: in the container engine, with the classic builder that registry tasks use, into the registry."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.containers.dockerfile_parser import DockerfileSyntaxError
from wizard.containers.dockerfile_rules import buildkit_only
from wizard.containers.dockerfile_stages import read_stages
from wizard.containers.engine import BuildRecipe, Engine, ImageDetails
from wizard.containers.engine_error import BuildFailed, EngineError
from wizard.containers.image_archive import BadArchive, LayerBlob, PackedImage, pack
from wizard.containers.ledger import LEDGER, Ledger
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.registry import images, manifests
from wizard.practice.registry.blob_store import BlobStore
from wizard.practice.registry.building.dockerfiles import BuildError, parse_error, parsed
from wizard.practice.registry.building.image_builder import NEEDS_BUILDKIT

_CONTAINER = "application/vnd.docker.container.image.v1+json"
_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


@dataclass(frozen=True)
class Built:
    """An image that was built, before it is pushed anywhere."""

    manifest: dict[str, Any]
    text: bytes
    packed: PackedImage


class EngineBuild:
    """Builds in the engine of one practice cloud."""

    def __init__(self, cloud: PracticeCloud, engine: Engine) -> None:
        self._cloud, self._engine = cloud, engine
        self._blobs = BlobStore(cloud)
        self._known = cloud.store.collection("engine_layers")  # diff id -> {"digest", "size"} of the gzip that is here
        self._dockerfiles = cloud.store.collection("engine_dockerfiles")  # what is built -> the hash of the Dockerfile it was built of

    async def build(self, archive: Path, text: str, recipe: BuildRecipe, work: Path, say: Callable[[str], None]) -> Built:
        """Build the context in `archive` by the Dockerfile `text`, which lies in it. Raises BuildError in the builder's words."""
        for command in parsed(text):
            if modern := buildkit_only(command):
                raise BuildError(NEEDS_BUILDKIT.format(form=modern[0]))
        try:
            read_stages(text, recipe.arguments)  # Podman builds more than Azure does: EXPOSE of a word, for example
        except DockerfileSyntaxError as error:
            raise parse_error(error) from error
        recipe_hash = hashlib.sha256(text.encode()).hexdigest()
        key = f"{recipe.tag.partition(':')[0]} {recipe.dockerfile} {recipe.target}"
        fresh = self._dockerfiles.get(key) != {"hash": recipe_hash}  # the cache can give a wrong CMD when the Dockerfile changed
        recipe = BuildRecipe(recipe.dockerfile, recipe.tag, recipe.target, recipe.arguments, fresh)
        try:
            built = await self._engine.build(archive, recipe, Ledger(self._cloud.home / LEDGER), say)
            self._dockerfiles[key] = {"hash": recipe_hash}
            return await self._packed(built.image, work)
        except BuildFailed as failed:
            raise BuildError(str(failed)) from failed
        except (EngineError, BadArchive) as error:
            raise BuildError(f"practice cloud: the container engine failed: {error}") from error

    async def _packed(self, image: ImageDetails, work: Path) -> Built:
        here = {layer: known for layer in image.layers if (known := self._known.get(layer)) and self._blobs.file(known["digest"]).is_file()}
        folder = work / "layers"
        folder.mkdir()
        async with self._engine.saved(image.id) as content:
            packed = await pack(content, image.id, [layer for layer in image.layers if layer not in here], folder)
        layers = {**{layer: LayerBlob(known["digest"], known["size"]) for layer, known in here.items()}, **packed.layers}
        described = {"mediaType": _CONTAINER, "size": len(packed.config), "digest": image.id}
        parts = [{"mediaType": _LAYER, "size": layers[layer].size, "digest": layers[layer].digest} for layer in image.layers]
        manifest = {"schemaVersion": 2, "mediaType": manifests.MEDIA_TYPE, "config": described, "layers": parts}
        return Built(manifest, manifests.canonical(manifest), PackedImage(packed.config, layers))

    def keep(self, built: Built, server: str, repository: str, tags: list[str], dockerfile: str) -> None:
        """Push what was built: its layers become the registry's, its tags move to it."""
        for layer, blob in built.packed.layers.items():
            if blob.file is not None and blob.file.exists():
                self._blobs.put(server, repository, blob.file, blob.digest)
            else:
                self._blobs.link(server, repository, blob.digest)
            self._known[layer] = {"digest": blob.digest, "size": blob.size}
        self._blobs.put(server, repository, built.packed.config, str(built.manifest["config"]["digest"]))
        pushed = manifests.pushed_manifest(built.text, manifests.MEDIA_TYPE, built.manifest, built.packed.config)
        images.keep_pushed(self._cloud, server, repository, tags, pushed, dockerfile)
