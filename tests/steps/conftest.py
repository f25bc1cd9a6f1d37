"""A setup on a practice cloud in this process: planned, made, looked at again, destroyed with the real plan and run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.conftest import Practice, StartPractice, register_all
from wizard.cloud import Cloud, connect_practice
from wizard.engine.contribution import Contribution
from wizard.engine.events import Event, ResultEvent, StepEvent
from wizard.engine.journal import Journal
from wizard.engine.plan import Plan, make_plan
from wizard.engine.run import Run
from wizard.platform.secret import Secret
from wizard.setup.answers import Answers
from wizard.setup.loading import load, resolve, write
from wizard.state.discovery import snapshot_of_group

StartSetup = Callable[..., Awaitable["Setup"]]


@dataclass
class Setup:
    """One setup file on one practice cloud; `given` are the secret values of the next plan or run."""

    practice: Practice
    cloud: Cloud
    folder: Path
    journal: Journal
    tables: dict[str, Any]
    given: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    @property
    def answers(self) -> Answers:
        """What the setup file says, resolved, in the subscription that is signed in to."""
        file = self.folder / "azwizard.toml"
        write(file, self.tables)
        answers = resolve(load(file))
        sign_in = msgspec.structs.replace(answers.sign_in, subscription=self.cloud.subscription_id)
        return msgspec.structs.replace(answers, sign_in=sign_in)

    def secret(self, name: str) -> Secret | None:
        return Secret(self.given[name]) if name in self.given else None

    async def plan(self, *contributions: Contribution) -> Plan:
        """A fresh look at these sections' steps."""
        return await make_plan(self.cloud, self.answers, self.secret, contributions)

    async def actions(self, *contributions: Contribution) -> dict[str, str]:
        """Step id -> what the plan says of it."""
        return {item.step.id: str(item.action) for item in (await self.plan(*contributions)).steps}

    async def apply(self, *contributions: Contribution) -> ResultEvent:
        """Plan these sections and carry the plan out."""
        return await self.make(await self.plan(*contributions))

    async def make(self, plan: Plan) -> ResultEvent:
        """Carry a plan out."""
        return await self._run(plan).make()

    async def destroy(self, *contributions: Contribution) -> ResultEvent:
        """Undo these sections."""
        return await self.undo(await self.plan(*contributions))

    async def undo(self, plan: Plan) -> ResultEvent:
        """Undo what a plan says."""
        return await self._run(plan).undo()

    def _run(self, plan: Plan) -> Run:
        return Run(plan, self.cloud, self.journal, self.secret, self.events.append)

    async def recovered(self, contribution: Contribution) -> Any:
        """What Azure alone tells of a section's answers."""
        snapshot = await snapshot_of_group(self.cloud, self.answers.project.resource_group)
        assert snapshot is not None
        assert contribution.recover is not None
        return await contribution.recover(snapshot)

    def told(self, step: str) -> list[str]:
        """Every line that a step showed."""
        return [event.detail for event in self.events if isinstance(event, StepEvent) and event.step == step]


@pytest.fixture
async def start_setup(start_practice: StartPractice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StartSetup]:
    """Starts a practice cloud and a setup on it: ``await start_setup(storage={...}, faults=["name-taken"])``."""
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path))
    async with AsyncExitStack() as stack:

        async def start(*, registered: bool = True, **tables: Any) -> Setup:
            options = {name: tables.pop(name) for name in ("faults", "speed", "har") if name in tables}
            practice = await start_practice(**options)
            if registered:
                register_all(practice.cloud)
            cloud = await stack.enter_async_context(await connect_practice())
            journal = stack.enter_context(Journal(tmp_path / "journal.db", "orders-dev"))
            folder = tmp_path / "project"
            folder.mkdir()
            project = {"name": "orders", "environment": "dev", "region": "westeurope"} | tables.pop("project", {})
            return Setup(practice, cloud, folder, journal, {"format": 1, "project": project, **tables})

        yield start
