"""The app: placeholder, identity, roles, first version and what changes it later, on the practice cloud."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.steps.conftest import StartSetup
from tests.steps.deployed import app, ask, begin, changes, deployed, edit, make
from wizard.practice.vault import secret_documents
from wizard.steps.registry_of_steps import contributions


async def test_the_api_answers_with_its_secret_its_folder_and_its_variables(start_setup: StartSetup, tmp_path: Path):
    setup = await deployed(start_setup, tmp_path)
    assert await ask(setup, "/health") == (200, {"status": "ok"})
    assert (await ask(setup, "/seen"))[1]["key"] == "canary-1"
    assert (await ask(setup, "/orders", "POST", {"item": "tea"}))[0] == 201
    assert await changes(setup) == {}


async def test_an_identity_made_before_needs_no_placeholder(start_setup: StartSetup, tmp_path: Path):
    setup = await deployed(start_setup, tmp_path, app={"identity": "user"})
    assert (await app(setup))["identity"]["type"] == "UserAssigned"
    assert (await ask(setup, "/seen"))[1]["key"] == "canary-1"
    assert await changes(setup) == {}
    revisions = (
        await setup.practice.call(
            "GET", "/resourceGroups/rg-orders-dev/providers/Microsoft.App/containerApps/capp-orders-dev/revisions", version="2024-03-01"
        )
    ).body
    assert len(revisions["value"]) == 1


async def test_a_variable_edited_by_someone_else_is_the_only_thing_that_the_plan_shows(start_setup: StartSetup, tmp_path: Path):
    setup = await deployed(start_setup, tmp_path)
    template = (await app(setup))["properties"]["template"]
    next(item for item in template["containers"][0]["env"] if item["name"] == "LOG_LEVEL")["value"] = "debug"
    await edit(setup, {"template": {"containers": template["containers"]}})
    shown = await changes(setup)
    assert set(shown) == {"app.revision", "app.running"}
    assert shown["app.revision"].startswith("variable LOG_LEVEL: debug → info")
    assert (await make(setup)).changed == 2
    assert await changes(setup) == {}


async def test_data_on_a_share_outlives_a_new_revision_and_no_two_revisions_write_at_once(start_setup: StartSetup, tmp_path: Path):
    setup = await deployed(start_setup, tmp_path)
    await ask(setup, "/orders", "POST", {"item": "tea"})
    setup.tables["app"] = {**setup.tables["app"], "cpu": 0.5}
    shown = await changes(setup)
    assert "processor cores: 0.25 → 0.5; memory: 0.5Gi → 1Gi" in shown["app.revision"]
    assert "stopped first" in shown["app.revision"]
    assert (await make(setup)).outcome == "succeeded"
    assert await ask(setup, "/orders") == (200, ["tea"])
    assert any("stopping the running version" in line for line in setup.told("app.revision"))


async def test_a_new_value_of_a_secret_reaches_the_api_at_once(start_setup: StartSetup, tmp_path: Path):
    setup = await deployed(start_setup, tmp_path)
    setup.given = {"api-key": "canary-2"}
    assert (await make(setup)).outcome == "succeeded"
    assert (await ask(setup, "/seen"))[1]["key"] == "canary-2"
    assert await changes(setup) == {}


async def test_a_value_that_someone_else_put_into_the_vault_is_noticed(
    start_setup: StartSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    setup = await deployed(start_setup, tmp_path)
    uri = "https://kv-orders-dev.vault.azure.net"
    later = time.time() + 90
    monkeypatch.setattr(secret_documents, "time", SimpleNamespace(time=lambda: later))
    await setup.cloud.secrets(uri).set_secret("api-key", "canary-2")
    setup.given = {}
    assert (await changes(setup))["app.revision"].startswith("secret api-key: an older value → the value in the vault")


async def test_what_others_set_beside_it_is_kept(start_setup: StartSetup, tmp_path: Path):
    setup = await deployed(start_setup, tmp_path)
    secrets = (await app(setup))["properties"]["configuration"]["secrets"]
    await edit(setup, {"configuration": {"secrets": [*secrets, {"name": "theirs", "value": "canary-3"}]}})
    assert await changes(setup) == {}
    setup.tables["app"] = {**setup.tables["app"], "cpu": 0.5}
    plan = await setup.plan()
    assert (await make(setup)).outcome == "succeeded"
    remaining = (await app(setup))["properties"]["configuration"]["secrets"]
    assert [secret["name"] for secret in remaining] == ["api-key", "theirs"]
    assert plan.notes is not None


async def test_an_image_that_does_not_listen_says_so_with_the_lines_that_tell(start_setup: StartSetup, tmp_path: Path):
    setup = await begin(start_setup, tmp_path, app={"port": 5001, "health_path": "/health"})
    result = await make(setup)
    assert result.outcome == "failed"
    details = setup.told("app.running")[-1]
    assert "TargetPort" in details or "5001" in details


async def test_a_version_that_azure_refuses_leaves_the_old_one_at_work(start_setup: StartSetup, tmp_path: Path):
    setup = await deployed(start_setup, tmp_path)
    setup.given = {}
    setup.tables["app"] = {**setup.tables["app"], "cpu": 0.5}
    plan = await setup.plan(*contributions())
    await setup.cloud.secrets("https://kv-orders-dev.vault.azure.net").update_secret_properties("api-key", enabled=False)
    assert (await setup.make(plan)).outcome == "failed"
    assert "api-key is switched off" in setup.told("app.revision")[-1]
    assert "starting it again" in setup.told("app.revision")


async def test_a_version_that_azure_cannot_finish_is_finished_by_the_next_run(start_setup: StartSetup, tmp_path: Path):
    setup = await begin(start_setup, tmp_path, app={"identity": "user"})
    setup.practice.cloud.faults.add(["fail:Microsoft.App/containerApps"])
    assert (await make(setup)).outcome == "failed"
    assert (await make(setup)).outcome == "succeeded"
    assert await changes(setup) == {}


async def test_destroy_leaves_nothing_of_it(start_setup: StartSetup, tmp_path: Path):
    from wizard.steps import container_app, environment, identity, revision

    setup = await deployed(start_setup, tmp_path)
    result = await setup.destroy(environment.CONTRIBUTION, container_app.CONTRIBUTION, revision.CONTRIBUTION, identity.CONTRIBUTION)
    assert result.outcome == "succeeded" and result.failed == 0
    left = (await setup.practice.call("GET", "/resourceGroups/rg-orders-dev/resources", version="2021-04-01")).body["value"]
    assert not [item["id"] for item in left if "Microsoft.App" in item["id"]]
