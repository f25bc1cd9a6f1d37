"""A run that is stopped while Azure works: the next one goes on with what has begun and begins nothing twice."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.steps.conftest import Setup, StartSetup
from wizard.engine.contribution import Contribution
from wizard.steps import key_vault, project, registry, storage

MAKES: dict[str, tuple[Contribution, dict[str, object], str]] = {
    "key_vault.vault": (key_vault.CONTRIBUTION, {}, "/vaults/"),
    "registry.registry": (registry.CONTRIBUTION, {}, "/registries/"),
    "storage.account": (
        storage.CONTRIBUTION,
        {"storage": {"shares": [{"designation": "db", "mount": "/data"}]}},
        "/storageAccounts/stordersdev?",
    ),
}


@pytest.mark.parametrize("step", MAKES)
async def test_what_azure_is_making_is_no_conflict_and_is_not_begun_again(start_setup: StartSetup, tmp_path: Path, step: str):
    section, tables, path = MAKES[step]
    har = tmp_path / "traffic.har"
    setup = await start_setup(speed="fast", faults=["slow:0.3"], har=har, **tables)
    await setup.apply(project.CONTRIBUTION)
    run = asyncio.create_task(setup.apply(project.CONTRIBUTION, section))
    await _begun(setup, step)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert (await setup.actions(project.CONTRIBUTION, section))[step] == "create"
    assert (await setup.apply(project.CONTRIBUTION, section)).outcome == "succeeded", setup.events
    await setup.practice.server.close()
    entries = json.loads(har.read_text())["log"]["entries"]
    puts = [entry["request"]["url"] for entry in entries if entry["request"]["method"] == "PUT" and path in entry["request"]["url"]]
    assert len([url for url in puts if "roleAssignments" not in url]) == 1, puts


async def _begun(setup: Setup, step: str) -> None:
    """Wait until Azure has told that it makes it, and the journal knows."""
    known = asyncio.Event()
    save = setup.journal.save_token

    def save_token(of: str, kind: str, token: str) -> None:
        save(of, kind, token)
        if of == step:
            known.set()

    setup.journal.save_token = save_token  # type: ignore[method-assign]
    await asyncio.wait_for(known.wait(), 20)
