"""One step while it is being made or undone: what it may use, what it tells, and its operation in Azure, which another run can take up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from wizard.engine.events import Listener, StepEvent, StepReason, StepState
from wizard.engine.step import Observation, Outputs, Status, Step
from wizard.platform import log
from wizard.platform.language import _

if TYPE_CHECKING:
    from azure.core.polling import AsyncLROPoller

    from wizard.cloud import Cloud
    from wizard.engine.journal import Journal
    from wizard.platform.secret import Secret

T = TypeVar("T")
FRESH_SECONDS = 20.0
"""How long what a plan saw is not read again: a person who reads the review takes longer, and others may make things meanwhile."""
STILL_WORKING = "OperationInProgress"  # how the codes end with which Azure's services refuse a second operation on one thing
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
