"""The shapes of Dockerfile answer, built and run as a practice cloud with an engine builds and runs them."""

from __future__ import annotations

import asyncio
import io
import tarfile
from pathlib import Path

import aiohttp
import pytest

from tests.containers.shapes import SHAPES, DockerfileShape
from wizard.containers.engine import BuildRecipe, Engine
from wizard.containers.image_archive import pack
from wizard.containers.ledger import LEDGER, Ledger, practice_label
from wizard.practice.runtime.containers import ContainerRunner
from wizard.practice.runtime.engine_runner import EngineRunner
from wizard.practice.runtime.interface import RunningReplica
from wizard.practice.runtime.launch_recipes import EngineImage, Recipe

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
async def test_the_shape_answers(shape: DockerfileShape, engine: Engine, tmp_path: Path):
    ledger, lines = Ledger(tmp_path / LEDGER), []
    recipe = BuildRecipe(shape.dockerfile, "azwizard-practice/shape:1", shape.target, fresh=True)
    built = await engine.build(context_of(shape, tmp_path), recipe, ledger, lines.append)
    runner = EngineRunner(engine, practice_label(tmp_path), ledger, tmp_path, ContainerRunner(tmp_path / "processes"))
    argv = [*(built.image.configuration.get("Entrypoint") or []), *(built.image.configuration.get("Cmd") or [])]
    env = dict(line.partition("=")[::2] for line in built.image.configuration["Env"])
    image = EngineImage(built.image.id, tmp_path / "none", [])
    try:
        replica = await runner.start(Recipe("shape-1", tmp_path, "/app", argv, env, image=image, memory=512 << 20, cpu=0.5), lines.append)
        try:
            await asyncio.wait_for(_listens(replica), 60)
            assert await _get(replica) == "ok", lines[-20:]
        finally:
            await replica.stop(1)
    finally:
        await engine.sweep(practice_label(tmp_path), ledger)
        runner.close()


async def test_reading_a_large_image_takes_little_memory(engine: Engine, tmp_path: Path):
    import resource

    text = "FROM python:3.11-slim\nRUN head -c 300000000 /dev/urandom > /large\n"
    ledger = Ledger(tmp_path / LEDGER)
    built = await engine.build(
        context_of(DockerfileShape("large", text, {}), tmp_path), BuildRecipe("Dockerfile", "azwizard-practice/large:1"), ledger, print
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    folder = tmp_path / "layers"
    folder.mkdir()
    async with engine.saved(built.image.id) as content:
        packed = await pack(content, built.image.id, built.image.layers[-1:], folder)
    assert next(iter(packed.layers.values())).size > 290_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10
    await engine.sweep(practice_label(tmp_path), ledger)


async def _listens(replica: RunningReplica) -> None:
    while not replica.reachable(5000):
        assert not replica.exited.done(), replica.exited.result()
        replica.changed.clear()
        await asyncio.wait([asyncio.ensure_future(replica.changed.wait()), replica.exited], return_when=asyncio.FIRST_COMPLETED)


async def _get(replica: RunningReplica) -> str:
    connector = aiohttp.UnixConnector(path=str(await replica.bridge(5000)))
    async with aiohttp.ClientSession(connector=connector) as session, session.get("http://replica/") as answer:
        return await answer.text()


def context_of(shape: DockerfileShape, folder: Path) -> Path:
    archive = folder / "context.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, text in {**shape.files, shape.dockerfile: shape.text}.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    return archive
