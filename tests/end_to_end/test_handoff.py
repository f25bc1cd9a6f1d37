"""A contributor who may not give roles: what is missing, the packet for an owner, and what an owner's `az` makes of its script."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from wizard.cloud.permissions.conditions import only
from wizard.cloud.resource_ids import ROLES

from .support.azure_cli import AzureCli
from .test_azure_cli import start_cli  # noqa: F401 - a fixture

ASSIGN = "Microsoft.Authorization/roleAssignments/write"
SCRIPT = "give-rights.sh"
PULL, READ = ROLES["AcrPull"], ROLES["Key Vault Secrets User"]

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]


def missing(az: AzureCli, *options: str) -> list[dict[str, Any]]:
    """What `check` says is missing."""
    outcome = az.wizard("check", "--practice", "--json", *options)
    lacking = outcome.of("check", state="missing")
    assert (outcome.exit, outcome.result["outcome"]) == ((3, "missing") if lacking else (0, "met")), outcome.stdout
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
    assert "Asked on" in az.wizard("status", "--practice", *chosen).stderr

    become(az, "owner")
    for _time in range(2):
        done = az.run(["sh", folder / SCRIPT])
        assert done.returncode == 0, done.stderr
    assigned = az("role", "assignment", "list", "--resource-group", "rg-notes-dev")
    assert len(assigned) == (3 if identity == "user" else 2)

    become(az, "contributor")
    outcome = az.wizard("check", "--practice", "--json", *chosen)
    assert (outcome.exit, outcome.result["outcome"], outcome.result["given"]) == (0, "met", 3), outcome.stdout
    applied = az.wizard("apply", "--practice", "--yes", "--json", *chosen)
    assert (applied.exit, applied.result["outcome"]) == (0, "succeeded"), applied.stdout
    assert az.wizard("apply", "--practice", "--yes", "--json", *chosen).result["outcome"] == "unchanged"


def test_a_second_round_widens_what_the_first_gave(start_cli: Callable[[], AzureCli]) -> None:  # noqa: F811
    """First the API without a secret, so that only the registry is to be opened to it; later the vault too."""
    az = start_cli()
    setup = az.wizard.folder / "azwizard.toml"
    whole = setup.read_text()
    setup.write_text(whole.replace('secrets = ["api-key"]', "secrets = []").partition("[[variables]]")[0])
    become(az, "contributor")
    hand_over(az, ["Key Vault Administrator", "AcrPull"])
    (given,) = limited(az)
    applied = az.wizard.apply()
    assert (applied.exit, applied.result["outcome"]) == (0, "succeeded"), applied.stdout

    setup.write_text(whole)
    hand_over(az, ["Key Vault Secrets User"])
    (widened,) = limited(az)
    assert (widened["id"], given["condition"], widened["condition"]) == (given["id"], only([PULL]), only([PULL, READ]))
    applied = az.wizard.apply()
    assert (applied.exit, applied.result["outcome"]) == (0, "succeeded"), applied.stdout
    assert az.wizard.apply().result["outcome"] == "unchanged"

    become(az, "owner")
    update = {"scope": widened["scope"], "name": widened["name"], "condition": only([READ]), "conditionVersion": "2.0"}
    az("role", "assignment", "update", "--role-assignment", json.dumps(update))
    stale = az.run(["sh", az.wizard.folder / "handoff-notes-dev" / SCRIPT])
    assert stale.returncode == 1 and "another condition" in stale.stderr


def limited(az: AzureCli) -> list[dict[str, Any]]:
    """The rights to give roles that are limited by a condition."""
    return [item for item in az("role", "assignment", "list", "--resource-group", "rg-notes-dev") if item.get("condition")]


def hand_over(az: AzureCli, roles: list[str]) -> None:
    """As a contributor ask for these roles, and no others; as an owner run the script twice; as a contributor lack nothing."""
    lacking = missing(az)
    assert len(lacking) == len(roles) and all(role in str(lacking) for role in roles), lacking
    assert az.wizard("handoff", "--practice", "--json").exit == 0
    become(az, "owner")
    for _time in range(2):
        done = az.run(["sh", az.wizard.folder / "handoff-notes-dev" / SCRIPT])
        assert done.returncode == 0, done.stderr
    become(az, "contributor")
    assert missing(az) == []
