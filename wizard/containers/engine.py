"""A container engine on this computer, through the Docker Engine API: Docker Desktop, Docker Engine, Podman and what else speaks it.

The classic builder is used, which registry tasks run too. What this module makes in an engine it writes down in a `Ledger`, and only
what stands there is ever removed: a person's own images and containers are never touched.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiodocker import Docker
from aiodocker.exceptions import DockerContextError, DockerError
from yarl import URL

from wizard.containers.cut_off import BASE, BUILD, begin_build, claim_cut_off, short
from wizard.containers.engine_error import BuildFailed, EngineError
from wizard.containers.ledger import Ledger
from wizard.containers.podman_words import in_dockers_words

PLATFORM = "linux/amd64"  # what Container Apps runs (reference.md 1.6)
ANSWER_SECONDS = 5.0  # in which an engine that is there says something
VERSION_SECONDS = 30.0  # and then who it is, for which Podman runs two programs
PIECE = 1 << 18
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # with which the engine marks what a RUN line wrote to standard error
_STEP = re.compile(r"(?:\[\d+/\d+\] )?step \d+/\d+ ?: (?P<from>from\s+(?:--\S+\s+)*(?P<base>\S+))?", re.IGNORECASE)
_CACHED = re.compile(r" ?-{2,3}> Using cache")
_IMAGE = re.compile(r" ?-{2,3}> ([0-9a-f]{11,64})\s*")  # Docker: " ---> " and 12 digits; Podman: "--> " and 11


@dataclass(frozen=True)
class ImageDetails:
    """An image as the engine holds it.

    :param id: ``sha256:...`` of its configuration.
    :param layers: the diff ids: ``sha256:...`` of each layer's uncompressed archive.
    :param configuration: in the words of an image's own: ``Env``, ``Cmd``, ``Entrypoint``, ``WorkingDir``, ``User``, ...
    """

    id: str
    architecture: str
    layers: tuple[str, ...]
    configuration: Mapping[str, Any]
    size: int


@dataclass(frozen=True)
class BuiltImage:
    """What a build made, and every image that it used or made on the way, named as `short` does: the engine's cache."""

    image: ImageDetails
    used: frozenset[str]


@dataclass(frozen=True)
class BuildRecipe:
    """How to build an image of a context.

    :param dockerfile: its path in the context.
    :param tag: what the image is called in the engine.
    :param target: the stage to stop at; "" for the last.
    """

    dockerfile: str
    tag: str
    target: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    fresh: bool = False  # use no cache


class Engine:
    """One engine that answers. Close it when done."""

    def __init__(self, docker: Docker, address: str | None, kind: str, version: Mapping[str, Any]) -> None:
        self.docker = docker
        self.address = address  # None for whatever Docker's own context says
        self.kind = kind  # docker | podman
        self.version = str(version["Version"])
        self.architecture = str(version.get("Arch", ""))

    @classmethod
    async def at(cls, address: str | None) -> Engine | None:
        """The engine at that address, or None when there is none that runs Linux containers."""
        try:
            docker = Docker(url=address)
        except (AssertionError, ValueError, OSError, ImportError, DockerContextError):
            return None
        try:
            async with asyncio.timeout(ANSWER_SECONDS), docker.session.get(URL(f"{docker.docker_host}/_ping")):
                pass
            async with asyncio.timeout(VERSION_SECONDS):
                version = await docker.version()
        except (DockerError, aiohttp.ClientError, OSError, TimeoutError):
            await docker.close()
            return None
        if version.get("Os", "linux") != "linux":
            await docker.close()
            return None
        components = " ".join(str(part.get("Name")) for part in version.get("Components") or [])
        return cls(docker, address, "podman" if "podman" in components.lower() else "docker", version)

    async def close(self) -> None:
        await self.docker.close()

    async def __aenter__(self) -> Engine:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def build(self, context: Path, recipe: BuildRecipe, ledger: Ledger, say: Callable[[str], None]) -> BuiltImage:
        """Build the tar archive `context`, compressed or not, for `PLATFORM`, with the classic builder.

        :param say: gets the builder's output line by line.
        :raises BuildFailed: when a line of the Dockerfile fails.
        :raises EngineError: when the engine refuses the build as a whole.
        """
        ledger.add("engine", self.address or "")
        output = _BuildOutput(ledger, say)
        parameters = {
            "dockerfile": recipe.dockerfile,
            "t": recipe.tag,
            "target": recipe.target,
            "buildargs": json.dumps(dict(recipe.arguments)),
            "nocache": "1" if recipe.fresh else "0",
            "platform": PLATFORM,
            "rm": "1",
            "forcerm": "1",  # rm alone leaves the container of a RUN line that failed
        }
        url = URL(f"{self.docker.docker_host}/{self.docker.api_version}/build")  # aiodocker's own build() knows no target
        headers = {"Content-Type": "application/x-tar"}
        entry = await begin_build(self.docker, ledger, recipe.tag)
        try:
            async with self.docker.session.post(url, params=parameters, data=_pieces(context), headers=headers, timeout=_ENDLESS) as answer:
                if answer.status >= 400:
                    raise EngineError(_message(await answer.text()), answer.status)
                async for line in answer.content:
                    output.take(json.loads(line))
        except aiohttp.ClientError as error:
            raise EngineError(f"the engine broke off: {error}") from error
        try:
            output.end()
        finally:
            ledger.drop(BUILD, entry)  # one that was cut off keeps it: the engine may have gone on
        details = await self.image(recipe.tag)
        if details is None:
            raise EngineError("the engine built no image")
        ledger.add("image", details.id)
        return BuiltImage(details, frozenset({*output.used, short(details.id)}))

    async def image(self, reference: str) -> ImageDetails | None:
        """An image by its id or name, or None when the engine does not hold it."""
        try:
            shown = await self.docker.images.inspect(reference)
        except DockerError as error:
            if error.status == 404:
                return None
            raise EngineError(error.message, error.status) from error
        return ImageDetails(
            id=str(shown["Id"]) if str(shown["Id"]).startswith("sha256:") else f"sha256:{shown['Id']}",
            architecture=str(shown["Architecture"]),
            layers=tuple((shown.get("RootFS") or {}).get("Layers") or ()),
            configuration=shown.get("Config") or {},
            size=int(shown["Size"]),
        )

    @asynccontextmanager
    async def saved(self, reference: str) -> AsyncIterator[aiohttp.StreamReader]:
        """The archive that ``docker save`` makes of an image, to be read as it comes."""
        try:
            async with self.docker.images.export_image(reference, timeout=_ENDLESS) as content:
                yield content
        except DockerError as error:
            raise EngineError(error.message, error.status) from error
        except aiohttp.ClientError as error:
            raise EngineError(f"the engine broke off: {error}") from error

    async def load(self, archive: AsyncIterator[bytes], reference: str, ledger: Ledger) -> None:
        """Put an image that ``docker save`` could have made into the engine; it is called `reference` in the archive."""
        known = await self.image(reference)
        ledger.add("engine", self.address or "")
        try:
            await self.docker.images.import_image(archive, timeout=_ENDLESS)
        except DockerError as error:
            raise EngineError(error.message, error.status) from error
        if known is None and (loaded := await self.image(reference)) is not None:
            ledger.add("image", loaded.id)

    async def tidy(self, ledger: Ledger, used: frozenset[str]) -> None:
        """Remove the images that earlier builds made and the last one had no use for."""
        await claim_cut_off(self.docker, ledger)
        for image in reversed(ledger.entries("image")):
            if short(image) not in used and await _gone(self.docker.images.delete(image, noprune=True)):
                ledger.drop("image", image)

    async def sweep(self, label: str, ledger: Ledger) -> None:
        """Remove the containers and volumes that carry `label`, then the images that `ledger` names, the latest first."""
        try:
            for container in await self.docker.containers.list(all=True, filters={"label": [label]}):
                await _gone(container.delete(force=True, v=True))
            volumes: Any = self.docker.volumes  # aiodocker gives these methods no types
            for volume in (await volumes.list(filters={"label": [label]})).get("Volumes") or []:
                await _gone((await volumes.get(volume["Name"])).delete(force=True))
            await claim_cut_off(self.docker, ledger)
            await self._remove(ledger.entries("image"))
        except (DockerError, aiohttp.ClientError) as error:
            raise EngineError(str(error)) from error
        ledger.forget()

    async def _remove(self, images: Sequence[str]) -> None:
        """Remove images, the latest first, and again what stayed because of one that grew from it, as long as any goes."""
        left = list(reversed(images))
        while left:
            stayed = [image for image in left if not await _gone(self.docker.images.delete(image, noprune=True))]
            if len(stayed) == len(left):
                return
            left = stayed


class _BuildOutput:
    """The stream of a build: lines to say, images to write down, and how it ends. HTTP's 200 says nothing of the last."""

    def __init__(self, ledger: Ledger, say: Callable[[str], None]) -> None:
        self._ledger, self._say = ledger, say
        self._rest = ""
        self.used: set[str] = set()
        self._ours = False  # whether the next image that is named was made by this build
        self._failure: dict[str, Any] | None = None

    def take(self, message: dict[str, Any]) -> None:
        if "error" in message:
            self._failure = message.get("errorDetail") or {"message": message["error"]}
        elif text := message.get("stream"):
            *lines, self._rest = (self._rest + text).split("\n")
            for line in lines:
                self._line(line)
        elif (status := message.get("status")) and "progress" not in message:
            self._say(f"{message['id']}: {status}" if message.get("id") else str(status))

    def end(self) -> None:
        if self._rest:
            self._line(self._rest)
        if self._failure is not None:
            message, code_in_words = in_dockers_words(str(self._failure.get("message", "the build failed")))
            code = self._failure.get("code", code_in_words)
            raise BuildFailed(message, code if isinstance(code, int) else None)

    def _line(self, line: str) -> None:
        """Write down what it names before it is said: whoever listens may be killed there."""
        if step := _STEP.match(line):
            self._ours = step["from"] is None
            if step["base"]:
                self._ledger.add(BASE, step["base"])  # Podman tells no id of what it begins from
        elif _CACHED.match(line):
            self._ours = False
        elif named := _IMAGE.fullmatch(line):
            self.used.add(short(named[1]))
            self._ledger.add("image" if self._ours else BASE, named[1])
        self._say(_COLOURS.sub("", line).rstrip("\r"))


_ENDLESS = aiohttp.ClientTimeout(total=None, sock_connect=ANSWER_SECONDS)


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as content:
        while piece := await asyncio.to_thread(content.read, PIECE):
            yield piece


def _message(text: str) -> str:
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text.strip()


async def _gone(removal: Any) -> bool:
    """Await a removal; whether it is gone. What a container still uses, or an image that grew from it, stays for the next time."""
    try:
        await removal
    except DockerError as error:
        if error.status not in (404, 409):
            raise
        return error.status == 404
    return True
