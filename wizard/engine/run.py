"""Carries a plan out: concurrently, in dependency order, resumably; tells what happens as events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from wizard.engine.events import Listener, ResultEvent, StepEvent, StepReason, StepState
from wizard.engine.plan import MAKES, Action, Plan, PlannedStep
from wizard.engine.step import Observation, Outputs, Status, Step
from wizard.platform import log
from wizard.platform.language import _
from wizard.platform.phrases import with_detail

if TYPE_CHECKING:
    from azure.core.polling import AsyncLROPoller

    from wizard.cloud import Cloud
    from wizard.engine.journal import Journal
    from wizard.platform.secret import Secret

T = TypeVar("T")
FRESH_SECONDS = 20.0
"""How long what a plan saw is not read again: a person who reads the review takes longer, and others may make things meanwhile."""
STILL_WORKING = "OperationInProgress"  # how the codes end with which Azure's services refuse a second operation on one thing
NOT_SWITCHED_ON_YET = ("MissingSubscriptionRegistration", "MissingRegistrationForLocation")
"""How Azure refuses what is made with a service that is not switched on, anywhere or in that region."""
SecretSource = Callable[[str], "Secret | None"]


@dataclass
class StepExecution:
    """One step being made or undone: what the step may use (`wizard.engine.step.StepContext`)."""

    step: Step
    cloud: Cloud
    facts: Outputs
    look: Observation
    journal: Journal
    secrets: SecretSource
    listen: Listener
    started: float = 0.0
    read_at: float = 0.0
    early: asyncio.Event = field(default_factory=asyncio.Event)
    reads: dict[str, asyncio.Future[Any]] = field(default_factory=dict)

    def show(self, state: StepState, detail: str = "", reason: StepReason | None = None) -> None:
        """Tell everyone where this step stands."""
        seconds = time.monotonic() - self.started if self.started else 0.0
        log.decision("run: %s %s", state, self.step.id)
        self.listen(StepEvent(self.step.id, self.step.title, state, detail, round(seconds, 1), reason))

    @property
    def surely_missing(self) -> bool:
        """Whether the look found nothing, a moment ago, and no earlier run began to make it: then it need not be read again."""
        is_fresh = self.read_at > 0 and time.monotonic() - self.read_at < FRESH_SECONDS
        return is_fresh and self.look.found is Status.MISSING and not self.look.to_remove and not self.journal.has_begun(self.step.id)

    def say(self, detail: str) -> None:
        """Tell what the step does now."""
        self.show(StepState.RUNNING, detail)

    def wait(self, detail: str) -> None:
        """Tell what the step waits for."""
        self.show(StepState.WAITING, detail)

    def told(self) -> None:
        """Let the steps that need only what is known now begin, before this one is done."""
        self.early.set()

    async def once(self, key: str, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` answers, read once in a run for all steps that ask by the same `key`; a reading that failed is tried again."""
        reading = self.reads.get(key)
        if reading is None or (reading.done() and (reading.cancelled() or reading.exception() is not None)):
            reading = self.reads[key] = asyncio.ensure_future(read())
        result: T = await reading
        return result

    def secret(self, name: str) -> Secret | None:
        """The value of a secret that was given for this run, None where none was."""
        return self.secrets(name)

    async def operation(self, begin: Callable[..., Awaitable[AsyncLROPoller[T]]], kind: str = "make") -> T:
        """Journal the intent, call Azure (or re-attach), journal the operation's token, wait for the result.

        A token that Azure no longer knows, or whose operation failed in an earlier run, is dropped and the operation begun anew.
        """
        from azure.core.exceptions import HttpResponseError

        token = self.journal.token(self.step.id, kind)
        if token is not None:
            try:
                poller = await begin(continuation_token=token, polling_interval=self.cloud.polling_interval)
                result = await poller.result()
                self.journal.clear_token(self.step.id, kind)
                return result
            except (HttpResponseError, ValueError):
                self.journal.clear_token(self.step.id, kind)
        self.journal.intend(self.step.id, kind)
        poller = await self._begun(begin)
        if not poller.done():
            self.journal.save_token(self.step.id, kind, poller.continuation_token())
        try:
            return await poller.result()
        finally:
            if poller.done():
                self.journal.clear_token(self.step.id, kind)

    async def _begun(self, begin: Callable[..., Awaitable[AsyncLROPoller[T]]]) -> AsyncLROPoller[T]:
        """Begin once Azure works on the thing no more: a call that is repeated because its answer was lost meets its own operation."""
        from azure.core.exceptions import HttpResponseError

        from wizard.engine.polling import until

        begun: list[AsyncLROPoller[T]] = []

        async def accepted() -> bool:
            try:
                begun.append(await begin(polling_interval=self.cloud.polling_interval))
            except HttpResponseError as error:
                if error.error is None or not str(error.error.code).endswith(STILL_WORKING):
                    raise
            return bool(begun)

        await until(accepted, self.wait, _("Azure still works on it"), interval=self.cloud.polling_interval)
        return begun[0]

    def remember(self, key: str, value: str) -> None:
        """Keep a value for this step in the journal, for a run that goes on after this one was cut off."""
        self.journal.remember(self.step.id, key, value)

    def recall(self, key: str) -> str | None:
        """A value that `remember` kept in this run or an earlier one, None where there is none."""
        return self.journal.recall(self.step.id, key)

    def forget(self, key: str) -> None:
        """Take a remembered value out of the journal."""
        self.journal.forget(self.step.id, key)


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
