"""A contributor who may not give roles: what is missing, the packet for an owner, and what an owner's `az` makes of its script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .azure_cli import AzureCli
from .test_azure_cli import start_cli  # noqa: F401 - a fixture

ASSIGN = "Microsoft.Authorization/roleAssignments/write"
SCRIPT = "give-rights.sh"

pytestmark = pytest.mark.timeout(600)


def missing(az: AzureCli, *options: str) -> list[dict[str, Any]]:
    """What `check` says is missing."""
    told = az.wizard("check", "--practice", "--json", *options)
    lacking = told.of("check", state="missing")
    assert (told.exit, told.result["outcome"]) == ((3, "missing") if lacking else (0, "met")), told.stdout
    return lacking


def become(az: AzureCli, account: str) -> None:
    assert az.wizard("practice", "fault", f"account:{account}").exit == 0


@pytest.mark.parametrize("identity", ["user", "system"])
def test_an_owner_runs_the_script_and_the_contributor_goes_on(start_cli: Callable[[], AzureCli], identity: str) -> None:  # noqa: F811
    az, chosen = start_cli(), ("--set", f"app.identity={identity}")
    become(az, "contributor")
    lacking = missing(az, *chosen)
    assert [event["action"] for event in lacking] == [ASSIGN] * 3
    assert all(role in str(lacking) for role in ("Key Vault Administrator", "Key Vault Secrets User", "AcrPull"))

    written = az.wizard("handoff", "--practice", "--json", *chosen)
    assert (written.exit, written.result["asked"]) == (0, 3), written.stdout + written.stderr
    folder = az.wizard.folder / "handoff-notes-dev"
    assert {file.name for file in folder.iterdir()} == {SCRIPT, "message.txt", "answer.txt"}
    assert "Asked on" in az.wizard("status", "--practice", *chosen).stdout

    become(az, "owner")
    for _time in range(2):
        done = az.run(["sh", folder / SCRIPT])
        assert done.returncode == 0, done.stderr
    given = az("role", "assignment", "list", "--resource-group", "rg-notes-dev")
    assert len(given) == (3 if identity == "user" else 2)

    become(az, "contributor")
    told = az.wizard("check", "--practice", "--json", *chosen)
    assert (told.exit, told.result["outcome"], told.result["given"]) == (0, "met", 3), told.stdout
    applied = az.wizard("apply", "--practice", "--yes", "--json", *chosen)
    assert (applied.exit, applied.result["outcome"]) == (0, "succeeded"), applied.stdout
    assert az.wizard("apply", "--practice", "--yes", "--json", *chosen).result["outcome"] == "unchanged"
