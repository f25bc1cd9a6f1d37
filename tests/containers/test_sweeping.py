"""What a killed practice cloud left in an engine goes with ``practice stop``; what is the person's stays."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.containers.shapes import DockerfileShape
from tests.containers.test_shapes import context_of
from tests.support.container_engine import BASE_IMAGE
from wizard.cloud.transport import practice_process
from wizard.containers.cut_off import begin_build
from wizard.containers.engine import BuildRecipe, Engine
from wizard.containers.ledger import LEDGER, Ledger, practice_label

pytestmark = pytest.mark.engine


async def test_stop_removes_what_a_killed_practice_cloud_left_and_nothing_of_the_persons(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path))
    label, _, value = practice_label(tmp_path / "practice").partition("=")
    ledger = Ledger(tmp_path / "practice" / LEDGER)
    ledger.add("engine", engine.address or "")
    sleeping = {"Image": BASE_IMAGE, "Cmd": ["sleep", "600"], "Volumes": {"/data": {}}}
    left = await engine.docker.containers.create({**sleeping, "Labels": {label: value}}, name="left-behind")
    own = await engine.docker.containers.create(sleeping, name="of-the-person")
    await left.start()
    try:
        assert await asyncio.to_thread(practice_process.stop) is False
        there = [container.id for container in await engine.docker.containers.list(all=True)]
        assert there == [own.id]
        assert not ledger.entries("engine")
    finally:
        await own.delete(force=True, v=True)


async def test_an_image_that_a_copy_still_runs_is_removed_once_it_has_ended(engine: Engine, tmp_path: Path):
    ledger = Ledger(tmp_path / LEDGER)
    shape = DockerfileShape("small", f"FROM {BASE_IMAGE}\nRUN touch /made\nLABEL a=b\n", {})
    image = (await engine.build(context_of(shape, tmp_path), BuildRecipe("Dockerfile", "azwizard-practice/old:1"), ledger, print)).image
    copy = await engine.docker.containers.create({"Image": image.id, "Cmd": ["sleep", "600"]})
    try:
        await engine.tidy(ledger, frozenset())
        assert image.id in ledger.entries("image")
    finally:
        await copy.delete(force=True)
    await engine.tidy(ledger, frozenset())
    assert not ledger.entries("image")


async def test_all_of_a_build_goes_whose_end_nobody_heard_of(engine: Engine, tmp_path: Path):
    """The wizard was killed at the first line, the engine went on to the end, and the next run found the finished image by its name."""
    ledger, unheard = Ledger(tmp_path / LEDGER), Ledger(tmp_path / "unheard.jsonl")
    shape = DockerfileShape("small", f"FROM {BASE_IMAGE}\nRUN touch /one\nRUN touch /two\nLABEL a=b\n", {})
    await begin_build(engine.docker, ledger, "azwizard/cut:1")
    recipe = BuildRecipe("Dockerfile", "azwizard/cut:1", fresh=True)
    built = await engine.build(context_of(shape, tmp_path), recipe, unheard, print)
    ledger.add("image", built.image.id)
    assert len(built.used) > 3
    await engine.sweep("azwizard.practice=none", ledger)  # the engine's fixture then sees that nothing is left
