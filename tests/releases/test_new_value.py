"""One secret gets another value: it is in the vault, the API reads it, and it stands nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.releases.deployed_api import DeployedApi, deployed_api
from tests.steps.conftest import StartSetup
from tests.steps.deployed import ask, changes
from wizard.commands.operating.secret import set_secret
from wizard.engine.session import CommandError, ExitCode

NEW = "another-canary-value"


async def key(api: DeployedApi) -> str:
    """The value that the running copies read when they started."""
    return str((await ask(api.setup, "/seen"))[1]["key"])


@pytest.mark.parametrize("nobrl", [False, True], ids=["two may run", "one writer"])
async def test_the_api_reads_the_new_value_and_nothing_else_changes(start_setup: StartSetup, tmp_path: Path, nobrl: bool) -> None:
    api = await deployed_api(start_setup, tmp_path, nobrl=nobrl)
    assert await key(api) == "canary-1"
    file = tmp_path / "value"
    file.write_text(f"{NEW}\n")
    api.setup.tables["variables"] = [*api.setup.tables["variables"], {"name": "OTHER", "value": "waits for apply"}]
    api.file.write_text(api.file.read_text())
    assert await set_secret(api.session(), "API_KEY", file) is ExitCode.DONE
    assert await key(api) == NEW
    api.setup.given = {"api-key": NEW}
    assert list(await changes(api.setup)) == ["app.revision", "app.running"], "the other answer still waits"
    assert await set_secret(api.session(), "api-key", file) is ExitCode.DONE
    assert api.told.events[-1].sentence == "api-key has that value already."  # type: ignore[union-attr]
    assert NEW not in str(api.told.events) and NEW not in api.file.read_text()


async def test_a_secret_that_the_setup_does_not_have_and_no_value_change_nothing(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await deployed_api(start_setup, tmp_path)
    with pytest.raises(CommandError, match=r"no secret api-kye\. It has: api-key\. Did you mean api-key\?"):
        await set_secret(api.session(), "api-kye", tmp_path / "value")
    with pytest.raises(CommandError, match="cannot be read"):
        await set_secret(api.session(), "api-key", tmp_path / "value")
    (tmp_path / "value").write_text("\n")
    with pytest.raises(CommandError, match="nothing was changed"):
        await set_secret(api.session(), "api-key", tmp_path / "value")
    assert await key(api) == "canary-1"
