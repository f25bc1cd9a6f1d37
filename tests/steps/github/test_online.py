"""A push that puts the new version online by itself."""

from __future__ import annotations

import pytest

from tests.practice.apps import write_api
from tests.steps.conftest import StartSetup
from tests.steps.deployed import TABLES, app, ask, changes, make
from tests.steps.github.test_github import TABLE, client, variables

VARIABLE = "AZURE_CONTAINER_APP_ORDERS_DEV"


@pytest.mark.nightly  # an API is started twice
async def test_apply_unchanged_a_push_alone_and_the_answer_taken_back(start_setup: StartSetup):
    answers = {**TABLE, "deploy": True, "check_code": False}
    setup = await start_setup(**{**TABLES, "pipeline": answers})
    setup.given = {"api-key": "canary-1"}
    write_api(setup.folder)
    assert (await make(setup)).outcome == "succeeded", setup.events[-8:]
    before = (await app(setup))["properties"]["template"]["containers"][0]["image"]
    assert await changes(setup) == {} and (await variables(setup))[VARIABLE] == "capp-orders-dev"

    code = next(file for file in setup.folder.iterdir() if file.suffix == ".py")
    text = code.read_text() + "\n# pushed\n"
    await client(setup).push({code.name: text})
    run = await client(setup).ended()
    assert run["conclusion"] == "success", await client(setup).log(run)
    now = (await app(setup))["properties"]["template"]["containers"][0]["image"]
    assert now != before and "@sha256:" in now
    assert (await ask(setup, "/health"))[0] == 200
    code.write_text(text)
    assert set(await changes(setup)) == {"app.running"}  # the version that the push brought is not noted as a release yet

    setup.tables["pipeline"] = {**answers, "deploy": False}
    assert set(await changes(setup)) >= {"pipeline.variables"}
    assert (await make(setup)).outcome == "succeeded", setup.events[-8:]
    assert VARIABLE not in await variables(setup)
