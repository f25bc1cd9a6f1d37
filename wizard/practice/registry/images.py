"""The images that registries hold: documents, and the file tree of each under ``home/images``."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import everywhere
from wizard.practice.kernel.store import Document
from wizard.practice.registry import manifests
from wizard.practice.registry.blob_store import BlobStore
from wizard.practice.registry.building.image_builder import BuiltStage

REGISTRIES = "Microsoft.ContainerRegistry/registries"
SUFFIX = ".azurecr.io"
NAME = re.compile(r"[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?")  # repository, or repository:tag


def registry(cloud: PracticeCloud, login_server: str) -> Document | None:
    """The registry that answers under that name now."""
    ready = (r for r in everywhere(cloud, REGISTRIES) if r["properties"]["provisioningState"] == "Succeeded")
    return next((r for r in ready if r["properties"]["loginServer"] == login_server.lower()), None)


def find(cloud: PracticeCloud, login_server: str, repository: str, reference: str) -> Document | None:
    """The image behind a tag or a digest, or None, as when its registry does not exist.

    :param reference: ``latest`` or ``sha256:...``.
    :returns: ``{"registry", "repository", "digest", "tags", "created", "updated", "dockerfile", "size", "manifest", "config"}``:
        with ``manifest_text``, ``media_type`` and ``architecture`` for one that was pushed.
        `tags` maps each tag to ``{"created", "updated"}``, `config` is `BuiltStage.configuration`, `dockerfile` its path in the
        build context.
    """
    if login_server.lower().endswith(SUFFIX) and registry(cloud, login_server) is None:
        return None
    return next((i for i in of(cloud, login_server, repository) if reference == i["digest"] or reference in i["tags"]), None)


def folder(cloud: PracticeCloud, image: Document) -> Path:
    """The file tree of an image, as it stands below ``/``."""
    return cloud.home / "images" / str(image["digest"]).removeprefix("sha256:")


def may_pull(cloud: PracticeCloud, login_server: str, principal_id: str) -> bool:
    """Whether that principal may pull from the registry, by its effective roles and the registry's role mode (reference.md 1.5)."""
    document = registry(cloud, login_server)
    if document is None or not takes_arm_tokens(document):
        return False
    return _may(cloud, login_server, principal_id, f"{REGISTRIES}/pull/read", f"{REGISTRIES}/repositories/content/read")


def may_push(cloud: PracticeCloud, login_server: str, principal_id: str) -> bool:
    """Whether that principal may push to the registry, in the same way."""
    return _may(cloud, login_server, principal_id, f"{REGISTRIES}/push/write", f"{REGISTRIES}/repositories/content/write")


def _may(cloud: PracticeCloud, login_server: str, principal_id: str, action: str, data_action: str) -> bool:
    document = registry(cloud, login_server)
    if document is None:
        return False
    if document["properties"]["roleAssignmentMode"] == "AbacRepositoryPermissions":
        return cloud.access.allowed(principal_id, data_action, document["id"], data=True)
    return cloud.access.allowed(principal_id, action, document["id"])


def takes_arm_tokens(registry: Document) -> bool:
    """Whether a registry lets in by a token of Resource Manager's, as an app's identity has (learn: managed-identity-image-pull)."""
    policy = registry["properties"]["policies"].get("azureADAuthenticationAsArmPolicy") or {}
    return str(policy.get("status", "enabled")).lower() != "disabled"


def keep_pushed(
    cloud: PracticeCloud, login_server: str, repository: str, tags: Sequence[str], pushed: manifests.PushedManifest, dockerfile: str = ""
) -> Document:
    """Put an image whose layers are in the registry already under its tags."""
    history = [str(line.get("created_by", "")) for line in pushed.config.get("history") or []]
    image: Document = {
        "registry": login_server.lower(),
        "repository": repository,
        "digest": manifests.digest_of(pushed.text),
        "tags": {},
        "created": cloud.clock.timestamp(),
        "updated": cloud.clock.timestamp(),
        "dockerfile": dockerfile,
        "size": sum(int(layer.get("size", 0)) for layer in pushed.manifest.get("layers") or []),
        "manifest": pushed.manifest,
        "manifest_text": pushed.text.decode(),
        "media_type": pushed.media_type,
        "config": {**(pushed.config.get("config") or {}), "Base": "", "Run": _run_lines(history)},
        "architecture": str(pushed.config.get("architecture", "")),
    }
    return _tagged(cloud, image, tags)


def for_linux(cloud: PracticeCloud, image: Document) -> Document | None:
    """The image that a list of images has for linux/amd64, None when it has none; one that is no list is its own."""
    children = image["manifest"].get("manifests")
    if children is None:
        return image
    platform = {"os": "linux", "architecture": "amd64"}
    fitting = (child["digest"] for child in children if platform.items() <= (child.get("platform") or {}).items())
    return next(
        (image_of_platform for digest in fitting if (image_of_platform := find(cloud, image["registry"], image["repository"], digest))),
        None,
    )


def layers(cloud: PracticeCloud, image: Document) -> list[Path]:
    """The archives of a pushed image's layers, gzipped, the lowest first; empty for one that was made here without an engine."""
    if "manifest_text" not in image:
        return []
    return [blob(cloud, str(layer["digest"])) for layer in image["manifest"].get("layers") or []]


def blob(cloud: PracticeCloud, digest: str) -> Path:
    """Where a layer or a configuration lies."""
    return BlobStore(cloud).file(digest)


def _run_lines(history: Sequence[str]) -> list[str]:
    """The RUN lines among an image's ``history[].created_by``, as either builder writes them."""
    shell = [line.removeprefix("RUN ").removeprefix("/bin/sh -c ").removesuffix(" # buildkit") for line in history if "/bin/sh -c" in line]
    return [line for line in shell if not line.startswith("#(nop)")]


def keep(
    cloud: PracticeCloud,
    login_server: str,
    repository: str,
    tags: Sequence[str],
    stage: BuiltStage,
    manifest: dict[str, Any],
    dockerfile: str,
) -> Document:
    """Push a built stage: its tree moves to ``home/images``, and its tags move to it."""
    image: Document = {
        "registry": login_server.lower(),
        "repository": repository,
        "digest": manifests.digest_of(manifests.canonical(manifest)),
        "tags": {},
        "created": cloud.clock.timestamp(),
        "updated": cloud.clock.timestamp(),
        "dockerfile": dockerfile,
        "size": manifest["layers"][0]["size"],
        "manifest": manifest,
        "config": stage.configuration(),
    }
    target = folder(cloud, image)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        stage.folder.rename(target)
    return _tagged(cloud, image, tags)


def copy(cloud: PracticeCloud, image: Document, login_server: str, repository: str, tag: str) -> Document:
    """Put the same image under another name, as importing it does."""
    fresh = {"registry": login_server.lower(), "repository": repository, "tags": {}}
    for part in [*(image["manifest"].get("layers") or []), image["manifest"].get("config")] if "manifest_text" in image else []:
        BlobStore(cloud).link(login_server.lower(), repository, str(part["digest"]))
    return _tagged(cloud, {**image, **fresh, "created": cloud.clock.timestamp(), "updated": cloud.clock.timestamp()}, [tag])


def of(cloud: PracticeCloud, login_server: str, repository: str | None = None) -> list[Document]:
    """The images of a registry, or of one of its repositories."""
    server = login_server.lower()
    images = (image for image in cloud.store.collection("images").values() if image["registry"] == server)
    return [image for image in images if repository is None or image["repository"] == repository]


def size(cloud: PracticeCloud, login_server: str) -> int:
    """How many bytes the images of a registry hold."""
    return sum(image["size"] for image in of(cloud, login_server))


def untag(cloud: PracticeCloud, image: Document, tag: str) -> None:
    """Take a tag off its image, which stays."""
    del image["tags"][tag]
    cloud.store.collection("images")[_key(image)] = image


def delete(cloud: PracticeCloud, image: Document) -> None:
    """Delete an image with its tags, and its file tree when no other name has it."""
    images = cloud.store.collection("images")
    del images[_key(image)]
    if not any(other["digest"] == image["digest"] for other in images.values()):
        shutil.rmtree(folder(cloud, image), ignore_errors=True)


def forget(cloud: PracticeCloud, login_server: str) -> None:
    """Delete every image of a registry."""
    for image in of(cloud, login_server):
        delete(cloud, image)
    BlobStore(cloud).forget(login_server.lower())


def _tagged(cloud: PracticeCloud, image: Document, tags: Sequence[str]) -> Document:
    images = cloud.store.collection("images")
    now = cloud.clock.timestamp()
    stored = images.get(_key(image), image)
    for tag in tags:
        created = now
        for other in of(cloud, image["registry"], image["repository"]):
            if tag in other["tags"]:
                created = other["tags"][tag]["created"]
                if other["digest"] != image["digest"]:
                    untag(cloud, other, tag)
        stored["tags"][tag] = {"created": created, "updated": now}
    stored["updated"] = now
    images[_key(stored)] = stored
    return stored


def _key(image: Document) -> str:
    return f"{image['registry']}/{image['repository']}@{image['digest']}"
