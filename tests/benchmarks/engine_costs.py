"""Measures what a container engine costs: ``python -m tests.support.container_engine run python -m tests.benchmarks.engine_costs``.

Prints one line for each budget, and exits with 1 when one is missed: the apply of a one-line change against the first, the bytes that a
push sends against the layers that changed, and the memory that reading an image of 1 GB takes.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import resource
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from tests.end_to_end.conftest import SECRET, WizardProcess
from tests.end_to_end.support.small_project import SmallProject
from tests.support.distribution_rules import PushRules
from wizard.containers.engine import BuildRecipe, Engine
from wizard.containers.image_archive import pack
from wizard.containers.ledger import LEDGER, Ledger, practice_label

DOCKERFILE = """FROM python:3.11-slim
WORKDIR /api
RUN pip install flask gunicorn
COPY api.py .
CMD ["python", "api.py"]
"""
LARGE = "FROM python:3.11-slim\nRUN head -c 1000000000 /dev/urandom > /large\n"
MANIFESTS = 20_000  # bytes that a changed configuration may take beside its layer


class LayeredProject(SmallProject):
    """An API whose requirements are a layer of their own, above the layer of its code."""

    def prepare(self, way: str) -> None:
        self.folder.mkdir()
        self.write()
        self.edit("azwizard.toml", 'build = "registry"', f'build = "{way}"')
        (self.folder / "api/Dockerfile").write_text(DOCKERFILE)

    def seconds(self) -> float:
        """How long an apply takes."""
        began = time.monotonic()
        done = self.wizard.apply()
        assert done.exit == 0, done.stdout + done.stderr
        return time.monotonic() - began

    def change_one_line(self) -> None:
        self.edit("api/api.py", 'b"well"', 'b"very well"')


def started(home: Path, name: str, way: str) -> LayeredProject:
    """A project on a practice cloud of its own, with the engine behind it."""
    folder = home / name
    given = {"AZWIZARD_SECRET_API_KEY": SECRET, "DOCKER_HOST": os.environ["DOCKER_HOST"]}
    project = LayeredProject(WizardProcess(home / f"{name}-home", folder, given), folder, name, home / f"{name}.har")
    project.prepare(way)
    start = project.wizard("practice", "start", "--speed", "fast", "--engine", "auto", "--har", str(project.har))
    assert start.exit == 0, start.stderr
    return project


def one_line_change(home: Path) -> float:
    """The apply of a one-line change, in parts of the first apply."""
    project = started(home, "timed", "registry")
    try:
        first = project.seconds()
        project.change_one_line()
        return project.seconds() / first
    finally:
        project.wizard("practice", "stop")


def sent_bytes(home: Path) -> float:
    """The bytes that the push of a one-line change sends, in parts of the layer that changed."""
    project = started(home, "pushed", "docker")
    project.seconds()
    project.change_one_line()
    project.seconds()
    assert project.seconds()  # nothing changed: nothing is built or sent
    project.wizard("practice", "stop")
    entries = json.loads(project.har.read_text())["log"]["entries"]
    rules, layers = PushRules(), dict[str, int]()
    rules.read(entries)
    assert rules.violations == []
    for entry in entries:
        if entry["request"]["method"] == "PUT" and "/manifests/" in entry["request"]["url"]:
            manifest = json.loads(entry["request"]["postData"]["text"])
            layers |= {layer["digest"]: layer["size"] for layer in manifest["layers"]}
    return (rules.sent - MANIFESTS) / sum(layers.values())


async def reading_memory(folder: Path) -> float:
    """The megabytes by which this process grows while it reads an image of 1 GB."""
    context, ledger = folder / "context.tar", Ledger(folder / LEDGER)
    with tarfile.open(context, "w") as tar:
        member = tarfile.TarInfo("Dockerfile")
        member.size = len(LARGE)
        tar.addfile(member, io.BytesIO(LARGE.encode()))
    engine = await Engine.at(os.environ["DOCKER_HOST"])
    assert engine is not None
    async with engine:
        try:
            recipe = BuildRecipe("Dockerfile", "azwizard-practice/large:1")
            image = (await engine.build(context, recipe, ledger, lambda _line: None)).image
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            async with engine.saved(image.id) as content:
                await pack(content, image.id, image.layers, folder)
            return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        finally:
            await engine.sweep(practice_label(folder), ledger)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        budgets = {
            "memory while an image of 1 GB is read, MB": (asyncio.run(reading_memory(home)), 64.0),
            "apply of a one-line change / first apply": (one_line_change(home), 0.6),
            "bytes sent / layers that were new": (sent_bytes(home), 1.05),
        }
    for what, (measured, limit) in budgets.items():
        print(f"{what}: {measured:.2f}, limit {limit:g}: {'held' if measured <= limit else 'MISSED'}", flush=True)
    return int(any(measured > limit for measured, limit in budgets.values()))


if __name__ == "__main__":
    sys.exit(main())
