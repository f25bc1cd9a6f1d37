"""A bad network and a busy Azure at once, in seeded mixes: every run ends and says why, and soon the same command ends well."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.figures import Figures
from wizard.cloud import Cloud, connect_practice
from wizard.cloud.errors.translation import translate
from wizard.cloud.services import blobs
from wizard.cloud.transport import transport
from wizard.cloud.transport.complete_responses import WholeAnswers
from wizard.engine.carry_out import carry_out
from wizard.engine.events import Event, StepEvent, StepState
from wizard.engine.journal import Journal, SetupLocked
from wizard.engine.plan import make_plan
from wizard.engine.session import signed_in
from wizard.platform.secret import Secret
from wizard.setup.answers import Answers
from wizard.setup.loading import load, resolve
from wizard.steps import environment, key_vault, project, registry, storage

from ..support.bad_line import BadLine, bad_line
from ..support.small_project import SETUP

SEEDS = [range(1), *(pytest.param(range(first, first + 50), marks=pytest.mark.nightly) for first in (100, 150, 200, 250))]
SHARE = 0.12
MOST_RUNS = 6
WITHOUT_AN_APP = (project, storage, key_vault, registry, environment)


@pytest.fixture
async def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BadLine]:
    """A practice cloud behind such a line; the wizard repeats without a pause and does not wait for long."""
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AZWIZARD_SECRET_API_KEY", "canary-5e3a70-value")
    monkeypatch.setattr(WholeAnswers, "sleep", no_pause)
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(blobs, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(blobs, "PAUSE", 0)
    async with bad_line(tmp_path / "home", tmp_path / "traffic.har") as line:
        yield line


async def no_pause(_transport: WholeAnswers, _seconds: float) -> None:
    """What a retry waits for."""


def secret(_name: str) -> Secret:
    return Secret("canary-5e3a70-value")


async def run_once(cloud: Cloud, answers: Answers, journal: Journal) -> str:
    """Plan and make everything but the app: the outcome, or the sentence that a person is told."""
    events: list[Event] = []
    try:
        plan = await make_plan(cloud, answers, secret, [module.CONTRIBUTION for module in WITHOUT_AN_APP])
        result = await carry_out(plan, cloud, journal, secret, events.append)
    except SetupLocked as held:
        return str(held)
    except Exception as error:
        return str(translate(error))  # which raises what is a fault of our own
    told = [event.detail for event in events if isinstance(event, StepEvent) and event.state is StepState.FAILED]
    assert result.outcome != "failed" or all(told), "a failure without a sentence"
    return " ".join([result.outcome, *told])


def doubles(line: BadLine, name: str) -> list[str]:
    """What stands twice in the practice cloud of a setup's: versions of a secret, role assignments of one meaning."""
    store = line.server.cloud.store
    roles = Counter(
        (document["properties"]["scope"].lower(), document["properties"]["principalId"], document["properties"]["roleDefinitionId"])
        for document in store.collection("role_assignments").values()
        if f"{name}dev" in document["properties"]["scope"] or f"{name}-dev" in document["properties"]["scope"]
    )
    return [str(role) for role, count in roles.items() if count > 1]


@pytest.mark.parametrize("seeds", SEEDS, ids=lambda seeds: f"{seeds[0]} to {seeds[-1]}")
async def test_every_mix_ends_right_within_few_runs(line: BadLine, tmp_path: Path, seeds: range, figures: Figures) -> None:
    async with await connect_practice() as cloud:
        for seed in seeds:
            name = f"mix{seed}"
            file = tmp_path / "azwizard.toml"
            file.write_text(SETUP.format(name=name))
            answers = signed_in(resolve(load(file)), cloud)
            with Journal(tmp_path / f"{name}.db", f"{name}-dev") as journal:
                line.breaks_now_and_then(seed, SHARE)
                told: list[str] = []
                while len(told) < MOST_RUNS and told[-1:] not in (["succeeded"], ["unchanged"]):
                    told.append(await run_once(cloud, answers, journal))
                assert told[-1] in ("succeeded", "unchanged"), (seed, told, line.struck)
                struck = len(line.struck)
                line.mend()
                assert await run_once(cloud, answers, journal) == "unchanged", (seed, told, line.struck)
            twice = doubles(line, name)
            figures(seeds=1, requests_struck=struck, doubled=len(twice))
            assert twice == [], (seed, line.struck)
    assert not (tmp_path / "home" / "crashes").exists()
