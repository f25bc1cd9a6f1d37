"""The images that registries hold: documents, and the file tree of each under ``home/images``."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pathspec

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import everywhere
from wizard.practice.kernel.store import Document
from wizard.practice.registry import dockerfiles
from wizard.practice.registry import image_builder as assembly
from wizard.practice.registry.blob_store import BlobStore
from wizard.practice.registry.requirements import note_requirements

REGISTRIES = "Microsoft.ContainerRegistry/registries"
SUFFIX = ".azurecr.io"
MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
MEDIA_TYPES = (
    MEDIA_TYPE,
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
)
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
        `tags` maps each tag to ``{"created", "updated"}``, `config` is `assembly.BuiltStage.configuration`, `dockerfile` its path in the
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


async def preload(
    cloud: PracticeCloud, login_server: str, repository: str, tags: Sequence[str], source: Path, dockerfile: str = "Dockerfile"
) -> Document:
    """Put an image built from the folder `source` into a registry, which may not exist yet: it is there once the registry is.

    The folder's ``.dockerignore`` is honoured. Raises `dockerfiles.BuildError`, also when there is no such Dockerfile.
    """

    def from_source(work: Path) -> assembly.BuiltStage:
        if not source.is_dir():
            raise dockerfiles.BuildError(f"unable to prepare context: path {source} not found")
        return build(source, read_dockerfile(source, dockerfile), work, lambda _: None)

    with temporary_folder(cloud) as work:
        stage = await asyncio.to_thread(from_source, Path(work))
        await note_requirements(cloud.environments, stage)
        manifest = await asyncio.to_thread(manifest_of, stage.folder, stage.configuration())
        return keep(cloud, login_server, repository, tags, stage, manifest, dockerfile)


def build(
    source: Path, text: str, work: Path, say: assembly.Log, arguments: dict[str, str] | None = None, target: str = ""
) -> assembly.BuiltStage:
    """Build as ``docker build`` does, with the folder `source` as build context, whose ``.dockerignore`` is honoured.

    :param text: the Dockerfile, which need not lie in the context.
    :param work: a folder where the copy of the context and the stages are made, below a new folder for each build.
    Raises `dockerfiles.BuildError`.
    """
    folder = Path(tempfile.mkdtemp(dir=work))
    context, stages = folder / "context", folder / "stages"
    shutil.copytree(source, context, ignore=_ignoring(source), symlinks=True)
    stages.mkdir()
    return assembly.assemble(context, text, arguments or {}, stages, say, target=target, classic=False)


async def preload_asked(cloud: PracticeCloud, body: dict[str, Any]) -> dict[str, Any]:
    """Preload as the control host is asked to: ``{"registry", "repository", "tags", "source", "dockerfile"}``, the last one optional.

    :returns: ``{"image": "crordersdev.azurecr.io/orders-api@sha256:...", "digest", "tags"}``.
    :raises ValueError: with a sentence, for a folder or Dockerfile that is not there, or a name that no image can have.
    """
    server = str(body.get("registry", "")).lower().removesuffix(SUFFIX) + SUFFIX
    repository, tags = str(body.get("repository", "")), [str(tag) for tag in body.get("tags") or ["latest"]]
    if wrong := next((tag for tag in tags if not NAME.fullmatch(f"{repository}:{tag}")), None):
        raise ValueError(f"'{repository}:{wrong}' is not a name that an image can have.")
    if not Path(str(body.get("source", ""))).is_absolute():
        raise ValueError("The whole path of the folder that the image is made of is needed.")
    try:
        image = await preload(cloud, server, repository, tags, Path(body["source"]), str(body.get("dockerfile") or "Dockerfile"))
    except dockerfiles.BuildError as error:
        raise ValueError(f"No image can be made of '{body['source']}': {error}") from error
    return {"image": f"{server}/{repository}@{image['digest']}", "digest": image["digest"], "tags": tags}


def temporary_folder(cloud: PracticeCloud) -> tempfile.TemporaryDirectory[str]:
    """A folder to build in, on the file system where images lie; a context manager."""
    parent = cloud.home / "builds"
    parent.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True)


def clear_temporary(cloud: PracticeCloud) -> None:
    """Remove what a killed practice cloud left half built."""
    shutil.rmtree(cloud.home / "builds", ignore_errors=True)


def read_dockerfile(context: Path, path: str) -> str:
    """The text of a Dockerfile in a build context; raises BuildError in Docker's words."""
    file = context / path
    if not file.resolve().is_relative_to(context.resolve()) or not file.is_file():
        raise dockerfiles.BuildError(
            f"unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat {path}: no such file or directory"
        )
    text = file.read_text(encoding="utf-8", errors="replace")
    if not text.strip():
        raise dockerfiles.BuildError(f"the Dockerfile ({path}) cannot be empty")
    return text


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


def keep_pushed(
    cloud: PracticeCloud, login_server: str, repository: str, tags: Sequence[str], pushed: PushedManifest, dockerfile: str = ""
) -> Document:
    """Put an image whose layers are in the registry already under its tags."""
    history = [str(line.get("created_by", "")) for line in pushed.config.get("history") or []]
    image: Document = {
        "registry": login_server.lower(),
        "repository": repository,
        "digest": digest_of(pushed.text),
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
    stage: assembly.BuiltStage,
    manifest: dict[str, Any],
    dockerfile: str,
) -> Document:
    """Push a built stage: its tree moves to ``home/images``, and its tags move to it."""
    image: Document = {
        "registry": login_server.lower(),
        "repository": repository,
        "digest": digest_of(canonical(manifest)),
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


def _ignoring(source: Path) -> Any:
    """What ``shutil.copytree`` leaves out for a ``.dockerignore``, whose patterns all begin at its own folder."""
    file = source / ".dockerignore"
    lines = [line.strip() for line in file.read_text().splitlines()] if file.is_file() else []
    patterns = [_anchored(line) for line in lines if line and not line.startswith("#")]
    spec = pathspec.GitIgnoreSpec.from_lines(patterns)

    def ignored(directory: str, names: list[str]) -> list[str]:
        relative = Path(directory).relative_to(source)
        return [name for name in names if spec.match_file((relative / name).as_posix())]

    return ignored


def _anchored(pattern: str) -> str:
    negated, rest = (pattern[:1] == "!") * "!", pattern.lstrip("!").strip()
    return f"{negated}{rest}" if rest.startswith("**/") else f"{negated}/{rest.removeprefix('/').removeprefix('./')}"
