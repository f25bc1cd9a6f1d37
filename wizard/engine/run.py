"""Carries a plan out: concurrently, in dependency order, resumably; tells what happens as events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wizard.engine.events import Listener, ResultEvent, StepReason, StepState
from wizard.engine.plan import MAKES, Action, Plan, PlannedStep
from wizard.engine.step import Status
from wizard.engine.step_execution import SecretSource, StepExecution
from wizard.platform.language import _
from wizard.platform.phrases import with_detail

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.engine.journal import Journal

NOT_SWITCHED_ON_YET = ("MissingSubscriptionRegistration", "MissingRegistrationForLocation")
"""How Azure refuses what is made with a service that is not switched on, anywhere or in that region."""


class Run:
    """One carrying-out of a plan.

    :param plan: a plan without hindered steps, or one of which the ready part is wanted: hindered steps are told as blocked.
    :param listen: gets every event; called on the event loop, must not block.
    :param when_made: called each time that a step was made which made something of its own.
    """

    def __init__(
        self,
        plan: Plan,
        cloud: Cloud,
        journal: Journal,
        secrets: SecretSource,
        listen: Listener,
        when_made: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.plan = plan
        self.cloud = cloud
        self.facts = plan.facts
        self._journal = journal
        self._secrets = secrets
        self._listen = listen
        self._when_made = when_made
        self.stays: list[str] = []
        self.undone: list[PlannedStep] = []
        """What `undo` left, with its place and why."""
        self._switched_on = {item.step.id for item in plan.steps if item.action is Action.CREATE and item.step.id.startswith("provider.")}
        self._reads: dict[str, asyncio.Future[Any]] = {}
        self._early = {item.step.id: asyncio.Event() for item in plan.steps}

    async def make(self) -> ResultEvent:
        """Make every ready step, as wide as the graph of needs allows; a failure stops only what needs the failed step.

        Cancelling keeps what was made and what Azure was told to do; the journal lets the next run re-attach.
        """
        result = ResultEvent("succeeded")
        outcomes = await self._in_order(self.plan.steps, lambda item: item.step.needs, self._make_one, lambda item: item.step.early)
        for item, state in outcomes:
            result.kept += state is StepState.KEPT
            result.created += state is StepState.DONE and item.action is Action.CREATE
            result.changed += state is StepState.DONE and item.action is Action.CHANGE
            result.failed += state is StepState.FAILED
            result.blocked += state in (StepState.BLOCKED, StepState.SKIPPED)
        if result.failed:
            result.outcome = "failed"
        elif result.blocked:
            result.outcome = "blocked"
        elif not result.created + result.changed:
            result.outcome = "unchanged"
        return result

    async def undo(self) -> ResultEvent:
        """Undo every step that was not found missing, what others need last. What stays says why and counts as kept.

        So does what a look could not tell (a name that others hold) and of which nothing of this setup's is there.
        """
        dependants: dict[str, list[str]] = {item.step.id: [] for item in self.plan.steps}
        for item in self.plan.steps:
            for need in item.step.needs:
                dependants.setdefault(need, []).append(item.step.id)
        result = ResultEvent("succeeded")
        self.stays = [
            item.step.leaves for item in self.plan.steps if item.step.leaves and item.look.found in (Status.SAME, Status.DIFFERENT)
        ]
        outcomes = await self._in_order(list(reversed(self.plan.steps)), lambda item: dependants[item.step.id], self._undo_one)
        self.undone = [item for item, state in outcomes if state is StepState.DONE]
        for _item, state in outcomes:
            result.deleted += state is StepState.DONE
            result.kept += state is StepState.KEPT
            result.failed += state in (StepState.FAILED, StepState.SKIPPED)
        if result.failed:
            result.outcome = "failed"
        elif not result.deleted:
            result.outcome = "unchanged"
        return result

    async def _in_order(
        self,
        items: Sequence[PlannedStep],
        after: Callable[[PlannedStep], Sequence[str]],
        work: Callable[[PlannedStep, Sequence[StepState]], Awaitable[StepState]],
        early: Callable[[PlannedStep], Sequence[str]] = lambda _item: (),
    ) -> list[tuple[PlannedStep, StepState]]:
        tasks: Mapping[str, asyncio.Task[StepState]] = {}

        async def when_ready(item: PlannedStep) -> StepState:
            needed = [key for key in after(item) if key in tasks]
            before = [await (self._told_or_over(key, tasks[key]) if key in early(item) else tasks[key]) for key in needed]
            return await work(item, before)

        async with asyncio.TaskGroup() as group:
            tasks = {item.step.id: group.create_task(when_ready(item)) for item in items}
        return [(item, tasks[item.step.id].result()) for item in items]

    async def _told_or_over(self, key: str, task: asyncio.Task[StepState]) -> StepState:
        """The state of a step as soon as it has told what others need of it, or is over."""
        early_news = asyncio.ensure_future(self._early[key].wait())
        try:
            await asyncio.wait((task, early_news), return_when=asyncio.FIRST_COMPLETED)
        finally:
            early_news.cancel()
        return task.result() if task.done() else StepState.RUNNING

    def _step_run(self, item: PlannedStep) -> StepExecution:
        listeners = self._journal, self._secrets, self._listen
        early = self._early[item.step.id]
        return StepExecution(
            item.step, self.cloud, self.facts, item.look, *listeners, time.monotonic(), self.plan.read_at, early=early, reads=self._reads
        )

    async def _make_one(self, item: PlannedStep, before: Sequence[StepState]) -> StepState:
        run = self._step_run(item)
        if item.action is Action.KEEP:
            return self._end(run, StepState.KEPT, item.look.detail)
        if item.action not in MAKES:
            return self._end(run, StepState.BLOCKED, f"{item.look.detail} {item.look.remedy}".strip(), item.look.reason)
        if any(state in (StepState.FAILED, StepState.SKIPPED, StepState.BLOCKED) for state in before):
            return self._end(run, StepState.SKIPPED, _("not begun, because something it needs is not there"))
        run.show(StepState.RUNNING)
        return await self._guard(run, self._make_and_note(run))

    async def _make_and_note(self, run: StepExecution) -> StepState:
        await self._made_once_switched_on(run)
        self._journal.finished(run.step.id)
        if self._when_made and run.step.removes:
            await self._when_made()
        return self._end(run, StepState.DONE)

    async def _made_once_switched_on(self, run: StepExecution) -> None:
        """Make it, and again as long as Azure says that the service for it, which this run has switched on, is not there yet."""
        from azure.core.exceptions import HttpResponseError

        from wizard.engine.polling import until

        if not any(need in self._switched_on for need in run.step.needs):
            await run.step.make(run)
            return

        async def accepted() -> bool:
            try:
                await run.step.make(run)
            except HttpResponseError as error:
                if error.error is None or error.error.code not in NOT_SWITCHED_ON_YET:
                    raise
                return False
            return True

        await until(accepted, run.wait, _("Azure switches it on"), interval=self.cloud.polling_interval)

    async def _undo_one(self, item: PlannedStep, before: Sequence[StepState]) -> StepState:
        run = self._step_run(item)
        if not item.step.removes or (item.look.found is Status.MISSING and not item.look.to_remove):
            return StepState.SKIPPED if any(state in (StepState.FAILED, StepState.SKIPPED) for state in before) else StepState.LOOKING
        if any(state in (StepState.FAILED, StepState.SKIPPED) for state in before):
            return self._end(run, StepState.SKIPPED, _("not begun, because something that uses it is still there"))
        run.show(StepState.RUNNING)
        return await self._guard(run, self._undo_and_note(run))

    async def _undo_and_note(self, run: StepExecution) -> StepState:
        stays = await run.step.undo(run)
        if stays:
            self.stays.append(with_detail(run.step.title, stays))
            return self._end(run, StepState.KEPT, stays)
        self._journal.undone(run.step.id)
        if not run.look.to_remove:
            return self._end(run, StepState.KEPT, _("nothing of this setup's is there"))
        return self._end(run, StepState.DONE)

    async def _guard(self, run: StepExecution, work: Awaitable[StepState]) -> StepState:
        """Turn a refusal into a FAILED step with a sentence; anything that is not about Azure is our own fault and goes up."""
        from wizard.cloud.errors.translation import translate

        try:
            return await work
        except Exception as error:
            problem = translate(error)
            self._journal.failed(run.step.id, problem.code, problem.message)
            reason = next((reason for reason in StepReason if reason == problem.code), None)
            return self._end(run, StepState.FAILED, f"{problem.sentence} {problem.advice}".strip(), reason)

    def _end(self, run: StepExecution, state: StepState, detail: str = "", reason: StepReason | None = None) -> StepState:
        run.show(state, detail, reason)
        return state
