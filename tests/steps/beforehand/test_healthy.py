"""No false alarm: setups of all sorts on a subscription that is in order meet no obstacle, within the budget of requests."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.practice.apps import write_api
from tests.steps.conftest import StartSetup
from wizard.engine.preflight.checks import preflight
from wizard.practice.arm.regions import regions_of_type
from wizard.state.snapshot import Snapshot
from wizard.steps.registry_of_steps import contributions

MOST_REQUESTS = 12
SIZES = [(0.25, "0.5Gi"), (0.5, "1Gi"), (1.0, "2Gi"), (2.0, "4Gi")]


def setup_of(seed: int) -> dict[str, Any]:
    """A setup that nothing is wrong with, drawn by `seed`."""
    draw = random.Random(seed)  # noqa: S311
    cpu, memory = draw.choice(SIZES)
    names = draw.sample(["db", "logs", "json", "uploads"], draw.randint(0, 3))
    secrets = draw.sample(["api-key", "jwt-key", "smtp-password"], draw.randint(0, 3))
    tables: dict[str, Any] = {
        "project": {
            "name": draw.choice(["orders", "a1", "price-list", "notes"]),
            "environment": draw.choice(["dev", "test", "prod"]),
            "region": draw.choice([region.name for region in regions_of_type("Microsoft.App/managedEnvironments")]),
            "tags": dict(draw.sample([("CostCenter", "42"), ("Owner", "é team"), ("x", "y")], draw.randint(0, 2))),
        },
        "pipeline": {"build": "registry"},
        "key_vault": {"secrets": secrets},
        "storage": {"shares": [{"designation": name, "mount": f"/data/{name}", "nobrl": name == "db"} for name in names]},
        "app": {
            "port": draw.choice([5000, 8000, 8080]),
            "cpu": cpu,
            "memory": memory,
            "identity": draw.choice(["system", "user"]),
            "max_replicas": 1 if "db" in names else draw.choice([1, 2, 5]),
        },
        "variables": [{"name": secret.upper().replace("-", "_"), "secret": secret} for secret in secrets],
    }
    if names:
        tables["storage"]["minimum_tls"] = draw.choice(["1.2", "1.3"])
    return tables


async def assert_healthy(start_setup: StartSetup, seeds: range, *, registered: bool) -> None:
    setup = await start_setup(registered=registered)
    write_api(setup.folder)
    for seed in seeds:
        setup.tables = {"format": 2, **setup_of(seed)}
        setup.given = dict.fromkeys(setup.tables["key_vault"]["secrets"], "canary-1")
        plan = await setup.plan(*contributions())
        assert not [one for one in plan.obstacles if one.certain], (seed, plan.obstacles)
        assert not [item.look.detail for item in plan.steps if item.look.preflight], seed
        before = setup.cloud.requests
        snapshot = Snapshot(setup.cloud, setup.answers, setup.secret)
        await preflight(snapshot, setup.answers, [item.step for item in plan.to_make], plan.facts)
        assert setup.cloud.requests - before <= MOST_REQUESTS, seed


@pytest.mark.parametrize("registered", [True, False])
async def test_healthy_setups_meet_no_obstacle(start_setup: StartSetup, registered: bool) -> None:
    await assert_healthy(start_setup, range(3) if registered else range(3, 6), registered=registered)


@pytest.mark.nightly
async def test_forty_healthy_setups_meet_no_obstacle(start_setup: StartSetup) -> None:
    await assert_healthy(start_setup, range(40), registered=True)
