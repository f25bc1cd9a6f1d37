"""Azure asks a new version at its health path before it gets requests: one that listens before it has loaded its code takes none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.practice.apps import RUN
from tests.releases.deployed_api import LISTENS_FIRST, STARTED_BY_PYTHON, DeployedApi, deployed_api
from tests.steps.conftest import StartSetup
from tests.steps.deployed import app
from wizard.setup.loading import load


async def probes(api: DeployedApi) -> list[dict[str, Any]]:
    container = (await app(api.setup))["properties"]["template"]["containers"][0]
    return list(container.get("probes") or [])


async def test_a_broken_version_that_listens_first_never_takes_a_request(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await deployed_api(start_setup, tmp_path, probed=True)
    assert {(probe["type"], probe["httpGet"]["path"]) for probe in await probes(api)} == {("Readiness", "/health"), ("Liveness", "/health")}
    served = (await app(api.setup))["properties"]["configuration"]["ingress"]["fqdn"]
    assert [probe["httpGet"]["httpHeaders"] for probe in await probes(api)] == [[{"name": "Host", "value": served}]] * 2
    assert await api.changes() == {}, "what Azure adds to the probes is no difference"
    await api.change_code("2.0", LISTENS_FIRST.replace("LOADING", "2"), dockerfile=STARTED_BY_PYTHON)
    async with api.called_all_the_time() as failed:
        assert (await api.deploy()).outcome == "failed"
        assert await api.running() == 1
        assert (await api.roll_back()).outcome == "succeeded"
    assert failed == []
    assert await api.changes() == {}


async def test_the_person_can_do_without_and_others_probes_stay(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await deployed_api(start_setup, tmp_path)
    assert await probes(api) == [], "no code is here that shows that the path answers"
    assert await api.changes() == {}
    api.keep_code()
    assert "GET /health, port 5000" in (await api.changes())["app.revision"]
    api.setup.tables["app"] = {**api.setup.tables["app"], "probes": False}
    await api.change_code("1.0", RUN)
    assert load(api.file).app.probes is False
    assert "format = 2" in api.file.read_text(), "an older azwizard would not know the key"
    assert "how Azure asks" not in str(await api.changes())
