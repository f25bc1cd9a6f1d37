"""What a manifest says of an image, and the digest by which it is known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.practice.kernel.store import Document

MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
MEDIA_TYPES = (
    MEDIA_TYPE,
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
)


def manifest_of(tree: Path, config: dict[str, Any]) -> dict[str, Any]:
    """A manifest whose digest depends on the content of the file tree and the configuration alone; its layer stands for the whole tree."""
    layer, size = _tree_hash(tree)
    text = json.dumps(config, sort_keys=True).encode()
    container = {"mediaType": "application/vnd.docker.container.image.v1+json", "size": len(text), "digest": digest_of(text)}
    layers = [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": size, "digest": f"sha256:{layer}"}]
    return {"schemaVersion": 2, "mediaType": MEDIA_TYPE, "config": container, "layers": layers}


def manifest_text(image: Document) -> bytes:
    """The bytes of an image's manifest, whose SHA-256 is its digest: those that were pushed, or those that `canonical` makes."""
    return str(image["manifest_text"]).encode() if "manifest_text" in image else canonical(image["manifest"])


def canonical(manifest: dict[str, Any]) -> bytes:
    """A manifest that was made here, as bytes."""
    return json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()


def media_type(image: Document) -> str:
    """The type of an image's manifest."""
    return str(image.get("media_type", MEDIA_TYPE))


@dataclass(frozen=True)
class PushedManifest:
    """A manifest as it was pushed: its bytes, its type, what it says, and the configuration that it names ({} for a list)."""

    text: bytes
    media_type: str
    manifest: dict[str, Any]
    config: dict[str, Any]


def pushed_manifest(text: bytes, media_type: str, manifest: dict[str, Any], config: bytes) -> PushedManifest:
    """A manifest with the bytes of the configuration that it names."""
    return PushedManifest(text, media_type, manifest, json.loads(config))


def digest_of(content: bytes) -> str:
    """``sha256:...`` of some bytes."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _tree_hash(tree: Path) -> tuple[str, int]:
    """A hash over names, contents, links and executable bits below `tree`, and how many bytes its files hold."""
    total, overall = 0, hashlib.sha256()
    for path in sorted(tree.rglob("*")):
        name = path.relative_to(tree).as_posix()
        if path.is_symlink():
            overall.update(f"link {name} {path.readlink()}\n".encode())
        elif path.is_dir():
            overall.update(f"folder {name}\n".encode())
        elif path.is_file():
            content = path.read_bytes()
            total += len(content)
            runs = bool(path.stat().st_mode & 0o100)
            overall.update(f"file {name} {runs} {hashlib.sha256(content).hexdigest()}\n".encode())
    return overall.hexdigest(), total
