"""Images of older releases go once a new version runs, where the person keeps only so many; what anyone else runs stays."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from tests.practice.apps import RUN
from tests.releases.deployed_api import DeployedApi, deployed_api
from tests.steps.conftest import StartSetup
from tests.steps.deployed import APP, SERVER, ask, make
from wizard.engine.session import CommandError
from wizard.practice.registry import images


def tags(api: DeployedApi) -> list[str]:
    """The tags that the registry has."""
    return sorted(tag for image in images.of(api.setup.practice.cloud, SERVER, "orders-api") for tag in image["tags"])


async def test_only_the_images_of_the_newest_releases_are_kept(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await deployed_api(start_setup, tmp_path)
    api.setup.tables["revision"] = {"keep_images": 1}
    await api.change_code("2.0", RUN.replace("ok", "second"))
    assert "format = 2" in api.file.read_text()
    planned = await api.changes()
    assert "release 1" in planned["revision.old_images"] and "deleted" in planned["revision.old_images"]
    assert tags(api) == ["1.0", "2.0"], "a plan deletes nothing"

    resources = api.setup.practice.cloud.store.resources
    mine = next(document for id, document in resources.items() if id.lower().endswith(APP.lower()))
    another = copy.deepcopy(mine) | {"id": mine["id"].replace("capp-orders-dev", "capp-other"), "name": "capp-other"}
    resources[another["id"]] = another
    assert "revision.old_images" not in await api.changes(), "another app runs it"
    del resources[another["id"]]

    assert (await make(api.setup)).outcome == "succeeded", api.setup.events[-6:]
    assert tags(api) == ["2.0"]
    assert (await ask(api.setup, "/health"))[1] == {"status": "second"}
    assert await api.changes() == {}
    with pytest.raises(CommandError, match="no release before the one that runs"):
        await api.roll_back()
