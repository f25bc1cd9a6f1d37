"""The public images that the practice cloud has without any network: Microsoft's quickstart pages."""

from __future__ import annotations

import shutil
from pathlib import Path

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.store import Document
from wizard.practice.registry import images, manifests

NAMES = ("mcr.microsoft.com/k8se/quickstart", "mcr.microsoft.com/azuredocs/containerapps-helloworld")
FOLDER = Path(__file__).with_name("quickstart")
CONFIGURATION = {"WorkingDir": "/app", "Entrypoint": ["python", "/app/server.py"], "ExposedPorts": ["80/tcp"]}


def find_public(cloud: PracticeCloud, server: str, repository: str) -> Document | None:
    """A public image as a document like those of registries, its file tree in place; None for one that is not here."""
    if f"{server}/{repository}" not in NAMES:
        return None
    manifest = manifests.manifest_of(FOLDER, CONFIGURATION)
    image: Document = {
        "registry": server,
        "repository": repository,
        "digest": manifests.digest_of(manifests.canonical(manifest)),
        "tags": {},
        "created": cloud.clock.timestamp(),
        "updated": cloud.clock.timestamp(),
        "dockerfile": "Dockerfile",
        "size": manifest["layers"][0]["size"],
        "manifest": manifest,
        "config": dict(CONFIGURATION),
    }
    tree = images.folder(cloud, image)
    if not tree.exists():
        tree.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(FOLDER, tree)
    return image
