"""Builds that were cut off by a kill: what the engine went on to make of them, which nobody heard of any more.

Docker's classic builder ends a build at its next line after the caller is gone; the image of the line before is in the engine by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aiodocker import Docker
from aiodocker.exceptions import DockerError

from wizard.containers.ledger import Ledger

BUILD = "build"  # in the ledger while a build goes on: the engine's time in seconds, a blank, what the image is to be called
BASE = "base"  # an image that a build began from, which is not ours: its id, or its name
LONGEST_CHAIN = 200  # images of one build, as many as it has lines


async def begin_build(docker: Docker, ledger: Ledger, tag: str) -> str:
    """Write down that a build begins; gives the entry, to be dropped when it has ended."""
    entry = f"{await _engine_seconds(docker)} {tag}"
    ledger.add(BUILD, entry)
    return entry


async def claim_cut_off(docker: Docker, ledger: Ledger) -> None:
    """Write down as ours what the engine made of builds that did not end.

    That is, of the images since the build began, those without a name and the one that bears the build's, when they grew from its own or
    from what it began from, or its own grew from them: the next run may have found the finished image and known nothing else of the build.
    """
    entries = ledger.entries(BUILD)
    if not entries:
        return
    images: list[Mapping[str, Any]] = await docker.images.list(all="1")
    for entry in entries:
        begun, _blank, tag = entry.partition(" ")
        later = [image for image in images if int(image.get("Created") or 0) >= int(begun)]
        parents = {short(identifier) for identifier in ledger.entries("image")}
        parents |= {short(identifier) for base in ledger.entries(BASE) if (identifier := await _identifier(docker, base))}
        for _round in range(LONGEST_CHAIN):
            below = {short(str(image.get("ParentId"))) for image in later if short(str(image["Id"])) in parents}
            grown = [image for image in later if _is_ours(image, tag) and _is_one(image, parents, below)]
            if not (new := [image for image in grown if short(str(image["Id"])) not in parents]):
                break
            for image in new:
                ledger.add("image", str(image["Id"]))
                parents.add(short(str(image["Id"])))
        ledger.drop(BUILD, entry)


async def _identifier(docker: Docker, base: str) -> str:
    """The id of an image that a build began from; "" for a name that the engine does not have, such as that of a stage."""
    try:
        return str((await docker.images.inspect(base))["Id"])
    except DockerError:
        return ""


def _is_one(image: Mapping[str, Any], parents: set[str], below: set[str]) -> bool:
    """Whether an image grew from one of `parents`, or is what such a one grew from."""
    return short(str(image.get("ParentId"))) in parents or short(str(image["Id"])) in below


def _is_ours(image: Mapping[str, Any], tag: str) -> bool:
    """Whether an image has no name, or the one that the build gives."""
    names = [name for name in image.get("RepoTags") or () if name != "<none>:<none>"]
    return not names or names == [tag]


def short(identifier: str) -> str:
    """The first 11 digits of an image's id: as many as a build's output always has (Docker shows 12, Podman 11)."""
    return identifier.removeprefix("sha256:")[:11]


async def _engine_seconds(docker: Docker) -> int:
    """The engine's own clock, which in a virtual machine is not this computer's: ``2026-11-30T17:12:39.123456789Z``, or with ``+01:00``."""
    told = str((await docker.system.info())["SystemTime"])
    zone = "+00:00" if told.endswith("Z") else told[-6:]
    return int(datetime.fromisoformat(told[:19] + zone).timestamp())
