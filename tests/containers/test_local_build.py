"""``build = "docker"``: built by this computer's engine and pushed over the registry's own API, to a practice cloud that has no engine."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.containers.conftest import holdings
from tests.steps.conftest import Setup, StartSetup
from wizard.containers.engine import Engine
from wizard.containers.ledger import LEDGER, Ledger
from wizard.engine.journal import Journal
from wizard.steps import pipeline, project, registry

pytestmark = [pytest.mark.engine, pytest.mark.practice]

ALL = (project.CONTRIBUTION, registry.CONTRIBUTION, pipeline.CONTRIBUTION)
IMAGE = "pipeline.image"
NOBODYS = "azwizard.practice=none"  # a label that nothing has
SERVER = "crordersdev.azurecr.io"
DOCKERFILE = """FROM python:3.11-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]
"""


def write_source(folder: Path, dockerfile: str = DOCKERFILE) -> None:
    (folder / "Dockerfile").write_text(dockerfile)
    (folder / "requirements.txt").write_text("flask\ngunicorn\n")
    (folder / "run.py").write_text('from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef home():\n    return "one"\n')


async def started(start_setup: StartSetup, **tables: object) -> Setup:
    setup = await start_setup(pipeline={"build": "docker"}, **tables)
    write_source(setup.folder)
    return setup


def sent(har: Path) -> int:
    """Bytes of all pieces that were uploaded."""
    entries = json.loads(har.read_text())["log"]["entries"]
    pieces = [
        entry["request"]["headers"] for entry in entries if entry["request"]["method"] == "PATCH" and "/blobs/" in entry["request"]["url"]
    ]
    return sum(int(header["value"]) for headers in pieces for header in headers if header["name"].lower() == "content-length")


async def test_the_image_is_built_here_and_pushed_once_pinned_to_its_digest(engine: Engine, start_setup: StartSetup):
    setup = await started(start_setup)
    assert (await setup.apply(*ALL)).outcome == "succeeded", [e for e in setup.events if getattr(e, "state", "") == "failed"]
    plan = await setup.plan(*ALL)
    assert {str(item.action) for item in plan.steps} == {"keep"}
    tags = await setup.cloud.registry.tags(SERVER, "orders")
    assert len(tags) == 2 and "latest" in tags
    assert plan.facts.image_digest == await setup.cloud.registry.digest(SERVER, "orders", "latest")
    assert (await setup.apply(*ALL)).outcome == "unchanged"
    await setup.practice.server.close()


async def test_a_changed_line_sends_the_changed_layer_only(engine: Engine, start_setup: StartSetup, tmp_path: Path):
    har = tmp_path / "traffic.har"
    setup = await started(start_setup, har=har)
    await setup.apply(*ALL)
    first = await setup.cloud.registry.digest(SERVER, "orders", "latest")
    (setup.folder / "run.py").write_text((setup.folder / "run.py").read_text().replace("one", "two"))
    assert (await setup.apply(*ALL)).outcome == "succeeded"
    details = setup.told(IMAGE)
    assert any("Using cache" in line for line in details), "the engine's cache serves what did not change"
    assert await setup.cloud.registry.digest(SERVER, "orders", "latest") != first
    layers = [image["manifest"]["layers"] for image in setup.practice.cloud.store.collection("images").values()]
    old, new = ({layer["digest"]: layer["size"] for layer in each} for each in layers)
    everything = {**old, **new}
    await setup.practice.server.close()
    configurations = 20_000
    assert sent(har) <= sum(everything.values()) * 1.05 + configurations


async def test_another_computer_whose_engine_lacks_the_image_changes_nothing_and_builds_what_changed(
    engine: Engine, start_setup: StartSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    before = await holdings(engine)
    setup = await started(start_setup)
    assert (await setup.apply(*ALL)).outcome == "succeeded"
    first = await setup.cloud.registry.digest(SERVER, "orders", "latest")
    await engine.sweep(NOBODYS, Ledger(tmp_path / "practice" / LEDGER))
    assert await holdings(engine) == before
    there = tmp_path / "there"
    monkeypatch.setenv("AZWIZARD_HOME", str(there))
    with Journal(tmp_path / "there.db", "orders-dev") as journal:
        other = replace(setup, journal=journal, events=[])
        assert (await other.apply(*ALL)).outcome == "unchanged"
        (setup.folder / "run.py").write_text((setup.folder / "run.py").read_text().replace("one", "two"))
        assert (await other.apply(*ALL)).outcome == "succeeded"
    assert await setup.cloud.registry.digest(SERVER, "orders", "latest") != first
    await engine.sweep(NOBODYS, Ledger(there / "practice" / LEDGER))
    await setup.practice.server.close()


async def test_a_failing_line_is_told_in_the_builders_words_and_leaves_nothing(engine: Engine, start_setup: StartSetup):
    setup = await started(start_setup)
    write_source(setup.folder, DOCKERFILE + "RUN cat /nowhere\n")
    assert (await setup.apply(*ALL)).failed == 1
    assert "returned a non-zero code: 1" in setup.told(IMAGE)[-1]
    await setup.practice.server.close()


async def test_without_an_engine_the_plan_says_so_before_anything_is_made(
    start_setup: StartSetup, engine_address: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AZWIZARD_ENGINE", "process")
    setup = await started(start_setup)
    plan = await setup.plan(*ALL)
    item = next(item for item in plan.steps if item.step.id == IMAGE)
    assert item.action == "blocked"
    assert "neither Docker nor Podman" in item.look.detail
