"""The archive of ``docker save`` read as it streams, and written: layers by content, whatever the archive calls them.

Every engine names the entries in its own way (one folder a layer, links for layers that are equal, or blobs by digest, compressed or
not), so a layer is known here by the SHA-256 of its uncompressed bytes alone, which an image's configuration lists as its diff id.
Nothing is held in memory but small JSON files and one piece of a layer.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import aiohttp

PIECE = 1 << 20
LARGEST_JSON = 8 << 20
LEVEL = 1  # of gzip: a few percent more to send than Docker's own 6, in a third of the time
GZIP = 31  # zlib's name for the gzip format; its header then holds no time, so the same layer gives the same bytes anywhere
MAGIC = b"\x1f\x8b"


class BadArchive(Exception):
    """An archive that does not hold the image it should."""


@dataclass(frozen=True)
class LayerBlob:
    """A layer as a registry holds it: the digest and size of its gzip; `file` is None where it was not needed."""

    digest: str
    size: int
    file: Path | None = None


@dataclass(frozen=True)
class PackedImage:
    """An image ready for a registry.

    :param config: the bytes of its configuration, whose SHA-256 is its id.
    :param layers: by diff id, those that were not left out.
    """

    config: bytes
    layers: Mapping[str, LayerBlob]


async def pack(content: aiohttp.StreamReader, image_id: str, needed: Sequence[str], folder: Path) -> PackedImage:
    """Read the archive of one image and compress its layers into `folder`.

    :param image_id: ``sha256:...``, by which its configuration is known.
    :param needed: the diff ids of the layers that are needed; others are read past.
    :raises BadArchive: when the configuration or a wanted layer is not in it.
    """
    reader = _Blocking(content, asyncio.get_running_loop())
    return await asyncio.to_thread(_pack, reader, image_id, needed, folder)


def diff_ids(config: bytes) -> list[str]:
    """The uncompressed layers' digests that an image's configuration lists."""
    return [str(layer) for layer in (json.loads(config).get("rootfs") or {}).get("diff_ids") or []]


def _pack(reader: _Blocking, image_id: str, needed: Sequence[str], folder: Path) -> PackedImage:
    documents: dict[str, bytes] = {}
    layers: dict[str, LayerBlob] = {}
    try:
        with tarfile.open(fileobj=reader, mode="r|", bufsize=PIECE) as tar:
            for number, member in enumerate(tar):
                if not member.isfile():
                    continue
                source = tar.extractfile(member)
                assert source is not None
                start = source.read(2)
                if start[:1] in (b"{", b"[") and member.size <= LARGEST_JSON and not member.name.endswith(".tar"):
                    text = start + source.read()
                    documents[digest_of(text)] = text
                elif member.size >= 512:  # an archive's smallest size: anything less is no layer
                    _layer(start, source, folder / f"{number}", needed, layers)
    except (tarfile.TarError, OSError, zlib.error) as error:
        raise BadArchive(f"the engine's archive cannot be read: {error}") from error
    config = documents.get(image_id)
    absent = [layer for layer in needed if layer not in layers]
    if config is None or absent:
        raise BadArchive(f"the engine's archive lacks {absent or image_id}")
    return PackedImage(config, layers)


def _layer(start: bytes, source: IO[bytes], place: Path, needed: Sequence[str], layers: dict[str, LayerBlob]) -> None:
    """Hash one layer as it comes, keep it when it is wanted, and compress it when it is not compressed already."""
    raw, plain, size = hashlib.sha256(), hashlib.sha256(), 0
    unpack = zlib.decompressobj(GZIP) if start == MAGIC else None
    with place.open("wb") as spool:
        piece = start
        while piece:
            raw.update(piece)
            plain.update(unpack.decompress(piece) if unpack else piece)
            spool.write(piece)
            size += len(piece)
            piece = source.read(PIECE)
    diff_id = f"sha256:{plain.hexdigest()}"
    if diff_id not in needed or diff_id in layers:
        place.unlink()
    elif unpack is not None:
        layers[diff_id] = LayerBlob(f"sha256:{raw.hexdigest()}", size, place)
    else:
        layers[diff_id] = _compressed(place)


def _compressed(spool: Path) -> LayerBlob:
    """The gzip of a file, which it takes the place of."""
    place, digest, size = spool.with_suffix(".gz"), hashlib.sha256(), 0
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    with spool.open("rb") as source, place.open("wb") as target:
        for piece in _read(source):
            packed = packer.compress(piece)
            digest.update(packed)
            size += target.write(packed)
        packed = packer.flush()
        digest.update(packed)
        size += target.write(packed)
    spool.unlink()
    return LayerBlob(f"sha256:{digest.hexdigest()}", size, place)


async def archive_of(config: bytes, layers: Sequence[Path], reference: str) -> AsyncIterator[bytes]:
    """The archive that ``docker load`` takes, of an image called `reference`: its configuration and its gzipped layers."""
    name = digest_of(config).removeprefix("sha256:")
    names = [f"{number}.tar" for number in range(len(layers))]
    manifest: list[dict[str, Any]] = [{"Config": f"{name}.json", "RepoTags": [reference], "Layers": names}]
    for path, text in ((f"{name}.json", config), ("manifest.json", json.dumps(manifest).encode())):
        yield _header(path, len(text)) + text + _padding(len(text))
    for path, layer in zip(names, layers, strict=True):
        size = await asyncio.to_thread(lambda file: sum(map(len, _unpacked(file))), layer)
        yield _header(path, size)
        pieces = _unpacked(layer)
        while piece := await asyncio.to_thread(next, pieces, b""):
            yield piece
        yield _padding(size)
    yield b"\0" * 1024


def digest_of(content: bytes) -> str:
    """``sha256:...`` of some bytes."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _unpacked(layer: Path) -> Iterator[bytes]:
    unpack = zlib.decompressobj(GZIP)
    with layer.open("rb") as source:
        for packed in _read(source):
            piece = unpack.decompress(packed, PIECE)
            while piece:
                yield piece
                piece = unpack.decompress(unpack.unconsumed_tail, PIECE)
    if rest := unpack.flush():
        yield rest


def _read(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(PIECE):
        yield piece


def _header(path: str, size: int) -> bytes:
    member = tarfile.TarInfo(path)
    member.size = size
    return member.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return b"\0" * (-size % tarfile.BLOCKSIZE)


class _Blocking(io.RawIOBase):
    """A stream of the event loop for a thread that reads it."""

    def __init__(self, content: aiohttp.StreamReader, loop: asyncio.AbstractEventLoop) -> None:
        self._content, self._loop = content, loop

    def read(self, size: int = -1) -> bytes:
        return asyncio.run_coroutine_threadsafe(self._content.read(size), self._loop).result()
