"""An image built by the container engine of this computer and pushed layer by layer, where the registry builds none.

What is the same is neither built nor sent: the image of one source has a tag of its own, and a layer that the repository has is known
by its digest, which for a layer that was packed before on this computer is remembered.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.platform.folders import home, write_private
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.cloud import CloudError
    from wizard.containers.engine import BuiltImage, Engine, ImageDetails
    from wizard.containers.engine_error import EngineError
    from wizard.containers.image_archive import LayerBlob
    from wizard.containers.ledger import Ledger
    from wizard.engine.step import StepContext
    from wizard.source.build_context import BuildContext

DOCKERFILE_KEY = "dockerfile"  # remembered: the hash of the Dockerfile that was built last
LINES_TOLD = 12  # of the build's output, when it fails
MEGABYTE = 1_000_000


class LocalImage:
    """The build and the push of one source.

    :param target: login server and repository.
    :param tags: what the image is tagged with; the first one belongs to this source alone.
    """

    def __init__(self, making: StepContext, source: BuildContext, target: tuple[str, str], tags: Sequence[str]) -> None:
        self._making = making
        self._source = source
        self._server, self._repository = target
        self._tags = tags
        self._lines: list[str] = []

    async def digest(self) -> str:
        """Build, push, and give the image's digest (``sha256:...``). Raises CloudError, HttpResponseError."""
        from wizard.containers.discovery import find_engine
        from wizard.containers.engine_error import EngineError
        from wizard.containers.image_archive import BadArchive

        engine = await find_engine()
        if engine is None:
            raise no_engine()
        async with engine:
            try:
                image = await self._built(engine)
                return await self._pushed(engine, image)
            except EngineError as error:
                raise self._failure(error) from error
            except BadArchive as error:
                raise _broken(str(error)) from error

    async def _built(self, engine: Engine) -> ImageDetails:
        """The image of this source: there already, as after a kill in the middle of its push, or built now."""
        name = f"azwizard/{self._repository}:{self._tags[0]}"
        if (image := await engine.image(name)) is None:
            image = (await self._build(engine, name)).image
        self._ledger().add("image", image.id)
        if image.architecture != "amd64":
            raise _broken(_("it is built for {architecture}, and Azure runs linux/amd64").format(architecture=image.architecture))
        return image

    async def _build(self, engine: Engine, name: str) -> BuiltImage:
        from wizard.containers.engine import BuildRecipe

        recipe_hash = await asyncio.to_thread(self._dockerfile_hash)
        fresh = self._making.recall(DOCKERFILE_KEY) != recipe_hash  # the cache can give a wrong CMD when the Dockerfile changed
        ledger = self._ledger()
        with tempfile.TemporaryDirectory(prefix="azwizard-") as folder:
            archive = Path(folder) / "source.tar.gz"
            await asyncio.to_thread(self._source.pack, archive)
            built = await engine.build(archive, BuildRecipe(self._source.dockerfile, name, fresh=fresh), ledger, self._hear)
        self._making.remember(DOCKERFILE_KEY, recipe_hash)
        await engine.tidy(ledger, built.used)
        return built

    async def _pushed(self, engine: Engine, image: ImageDetails) -> str:
        from wizard.containers.image_archive import LayerBlob, diff_ids, pack

        known = _remembered_layers()
        there = {layer: blob for layer in image.layers if (blob := known.get(layer)) and await self._has(blob.digest)}
        with tempfile.TemporaryDirectory(prefix="azwizard-") as folder:
            self._making.say(_("packing the layers that changed"))
            missing_layers = [layer for layer in image.layers if layer not in there]
            async with engine.saved(image.id) as content:
                packed = await pack(content, image.id, missing_layers, Path(folder))
            await self._send([blob for blob in packed.layers.values() if not await self._has(blob.digest)])
            layers = {**there, **packed.layers}
            _remember_layers({**known, **layers})
            config = Path(folder) / "config.json"
            config.write_bytes(packed.config)
            description = LayerBlob(image.id, len(packed.config), config)
            if not await self._has(image.id):
                await self._upload(description)
        return await self._name(_manifest(description, [layers[layer] for layer in diff_ids(packed.config)]))

    async def _send(self, blobs: Sequence[LayerBlob]) -> None:
        """Upload layers, showing how much of them all has arrived."""
        total, arrived = sum(blob.size for blob in blobs), 0

        def sent(size: int) -> None:
            nonlocal arrived
            arrived += size
            self._making.say(_("sending {done} of {all} MB").format(done=round(arrived / MEGABYTE, 1), all=round(total / MEGABYTE, 1)))

        for blob in blobs:
            await self._upload(blob, sent)

    async def _upload(self, blob: LayerBlob, sent: Callable[[int], None] = lambda size: None) -> None:
        assert blob.file is not None
        key = f"upload:{blob.digest}"
        await self._making.cloud.registry_push.upload(
            self._server,
            self._repository,
            blob.digest,
            blob.file,
            begun=self._making.recall(key),
            began=lambda place: self._making.remember(key, place),
            sent=sent,
        )
        self._making.forget(key)

    async def _name(self, manifest: bytes) -> str:
        """Put the manifest under every tag, the one of this source last: while it is not there, the push is not done."""
        digest = ""
        for tag in reversed(self._tags):
            digest = await self._making.cloud.registry_push.put_manifest(self._server, self._repository, tag, manifest)
        return digest

    async def _has(self, digest: str) -> bool:
        return await self._making.cloud.registry_push.has(self._server, self._repository, digest)

    def _hear(self, line: str) -> None:
        if line.strip():
            self._lines = [*self._lines, line][-LINES_TOLD:]
            self._making.say(line)

    def _dockerfile_hash(self) -> str:
        place = self._source.outside or self._source.folder / self._source.dockerfile
        return hashlib.sha256(place.read_bytes()).hexdigest()

    def _ledger(self) -> Ledger:
        return ledger_of(self._making.cloud.kind)

    def _failure(self, error: EngineError) -> CloudError:
        from wizard.cloud import CloudError, ErrorKind
        from wizard.containers.engine_error import BuildFailed

        if not isinstance(error, BuildFailed):
            return _broken(str(error))
        log_text = "\n".join([*self._lines, str(error)])
        return CloudError(
            ErrorKind.OTHER,
            _("The image could not be built. The build said last:\n{log}\n").format(log=log_text),
            _("Correct your Dockerfile or your code, then do the same again; what was made so far is kept."),
            message=log_text,
        )


def no_engine() -> CloudError:
    """No engine answers on this computer."""
    from wizard.cloud import CloudError, ErrorKind

    return CloudError(ErrorKind.OTHER, *no_engine_words())


def no_engine_words(*, registry_builds: bool = True) -> tuple[str, str]:
    """What is missing without an engine, and what helps."""
    remedy = _('Start Docker Desktop or Podman, or choose another way to build: build = "registry" or "azure-devops" under [pipeline].')
    if not registry_builds:
        remedy = _('Start Docker Desktop or Podman, or choose another way to build: build = "azure-devops" or "github" under [pipeline].')
    return _("No container engine answers on this computer: neither Docker nor Podman."), remedy


def ledger_of(kind: str) -> Ledger:
    """Where it stands what was built in the engine: for the practice cloud, in its own record, so that ``practice stop`` removes it."""
    from wizard.containers.ledger import LEDGER, Ledger

    return Ledger(home() / ("practice" if kind == "practice" else "images") / LEDGER)


def _broken(why: str) -> CloudError:
    from wizard.cloud import CloudError, ErrorKind

    return CloudError(
        ErrorKind.OTHER,
        _("The image could not be taken from the container engine: {why}.").format(why=why),
        _("Do the same again; should it stay so, restart the engine."),
    )


def _manifest(config: LayerBlob, layers: Sequence[LayerBlob]) -> bytes:
    """A manifest of Docker's second schema, which every registry and Container Apps take."""
    from wizard.cloud.services.registry_push import CONFIG, LAYER, MANIFEST

    def part(kind: str, blob: LayerBlob) -> dict[str, object]:
        return {"mediaType": kind, "size": blob.size, "digest": blob.digest}

    described = {"schemaVersion": 2, "mediaType": MANIFEST, "config": part(CONFIG, config), "layers": [part(LAYER, one) for one in layers]}
    return json.dumps(described, separators=(",", ":")).encode()


def _layers_file() -> Path:
    return home() / "images" / "layers.json"


def _remembered_layers() -> dict[str, LayerBlob]:
    """Digest and size of the layers that this computer packed before, by diff id."""
    from wizard.containers.image_archive import LayerBlob

    try:
        content = json.loads(_layers_file().read_text(encoding="utf-8"))
        return {diff_id: LayerBlob(str(digest), int(size)) for diff_id, (digest, size) in content.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _remember_layers(layers: dict[str, LayerBlob]) -> None:
    content = {diff_id: [blob.digest, blob.size] for diff_id, blob in layers.items()}
    write_private(_layers_file(), json.dumps(content, indent=1) + os.linesep)
