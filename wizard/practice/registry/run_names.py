"""What a run of a registry's task is called by: its times, its log, the images that it makes."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wizard.practice.kernel.store import Document

if TYPE_CHECKING:
    pass


def now() -> str:
    """A time as registries write it."""
    return datetime.now(UTC).isoformat()


def container(registry: Document) -> str:
    """Where uploads and logs of a registry lie on the blob host."""
    return f"container-{hashlib.md5(registry['id'].lower().encode(), usedforsecurity=False).hexdigest()}"


def log_path(registry: Document, run: Document) -> str:
    """The blob that the log of a run is."""
    return f"{container(registry)}/logs/{run['name']}/rawtext.log"


def local_name(image_name: str, registry: Document, run_name: str) -> str:
    """``repository:tag`` of an image name, which may begin with the login server and hold the run's id."""
    plain = image_name.replace("{{.Run.ID}}", run_name).replace("{{.ID}}", run_name)
    return plain.removeprefix(f"{registry['properties']['loginServer']}/")


def stamped(line: str) -> str:
    """A line of a log behind its time."""
    return f"{datetime.now(UTC):%Y/%m/%d %H:%M:%S} {line}"


def elapsed(run: Document) -> str:
    """How long a run has taken, such as ``1m5s``."""
    began = datetime.fromisoformat(run["properties"].get("createTime") or now())
    seconds = round((datetime.now(UTC) - began).total_seconds())
    return f"{seconds // 60}m{seconds % 60}s" if seconds >= 60 else f"{seconds}s"
