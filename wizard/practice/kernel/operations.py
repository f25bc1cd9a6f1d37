"""Long-running operations: begun by a request, finished later, polled by the client, alive across a restart."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from wizard.practice.kernel.clock import Clock
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.requests import resource_type_of
from wizard.practice.kernel.store import Document, Store

log = logging.getLogger(__name__)

Finish = Callable[[Document], Awaitable[None]]


class Operations:
    """The operations of one practice cloud.

    An operation is a document ``{"id", "kind", "target", "status", "started", "due", "ended", "error", "data"}``; `status` is
    ``InProgress``, ``Succeeded`` or ``Failed``. What finishes a kind is registered by name, so that an operation begun before a
    restart still finishes after it.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._documents = store.collection("operations")
        self._clock = clock
        self._finishers: dict[str, Finish] = {}
        self._failures: dict[str, Finish] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._doomed: list[str] = []
        self.before_success: Callable[[], None] = lambda: None  # called after a finisher, before its operation is seen Succeeded

    def when_done(self, kind: str, finish: Finish, *, failed: Finish | None = None) -> None:
        """Register what happens when an operation of `kind` has taken its time; raising AzureError makes it Failed.

        :param failed: brings the target into its failed state, called after the operation failed for whatever reason.

        `finish` may await for as long as it needs (an app waits for its process): the operation stays InProgress meanwhile.
        It must be safe to run twice, since a killed practice cloud runs it again.
        """
        self._finishers[kind] = finish
        if failed is not None:
            self._failures[kind] = failed

    def doom(self, resource_type: str) -> None:
        """Make the next operation on a resource of that type end Failed (fault ``fail:TYPE``); the namespace may be left out."""
        self._doomed.append(resource_type.lower())

    def begin(self, kind: str, target: str, seconds: float, *, resource_type: str = "", data: dict[str, Any] | None = None) -> Document:
        """Begin an operation on the resource with ARM id `target` that takes `seconds` of real Azure's time.

        :param resource_type: what fault ``fail:TYPE`` compares; by default the type in `target`.
        """
        operation: Document = {
            "id": str(uuid.uuid4()),
            "kind": kind,
            "target": target,
            "status": "InProgress",
            "started": self._clock.now(),
            "due": self._clock.now() + self._clock.lasts(seconds),
            "ended": None,
            "error": None,
            "data": data or {},
        }
        if self._take_doom(resource_type or resource_type_of(target)):
            operation["data"]["doomed"] = True
        self._documents[operation["id"]] = operation
        self._run(operation)
        return operation

    def _take_doom(self, resource_type: str) -> bool:
        name = resource_type.lower()
        doom = next((d for d in self._doomed if d == name or name.endswith(f"/{d}")), None)
        if doom is not None:
            self._doomed.remove(doom)
        return doom is not None

    def get(self, operation_id: str) -> Document | None:
        """The operation of that id, or None."""
        return self._documents.get(operation_id)

    def running_on(self, target: str) -> Document | None:
        """The unfinished operation on that resource, if there is one."""
        return next((o for o in self._documents.values() if o["status"] == "InProgress" and o["target"].lower() == target.lower()), None)

    def resume(self) -> None:
        """Take up again what was unfinished when the practice cloud stopped; call once all kinds are registered."""
        for operation in list(self._documents.values()):
            if operation["status"] == "InProgress":
                self._run(operation)

    async def finished(self, operation_id: str) -> Document:
        """Wait until that operation has ended."""
        task = self._tasks.get(operation_id)
        if task is not None:
            await asyncio.shield(task)
        return self._documents[operation_id]

    async def close(self) -> None:
        """Stop waiting; unfinished operations are taken up at the next start."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _run(self, operation: Document) -> None:
        task = asyncio.get_running_loop().create_task(self._finish(operation))
        self._tasks[operation["id"]] = task
        task.add_done_callback(lambda _: self._tasks.pop(operation["id"], None))

    async def _finish(self, operation: Document) -> None:
        await asyncio.sleep(max(0.0, operation["due"] - self._clock.now()))
        try:
            if operation["data"].get("doomed"):
                message = "An internal server error occurred. The operation was ended by a practice fault."
                raise AzureError(500, "InternalServerError", message)
            await self._finishers[operation["kind"]](operation)
            self.before_success()
            status = "Succeeded"
        except AzureError as refusal:
            status, operation["error"] = "Failed", refusal.error()
        except Exception:
            log.exception("The operation %s on %s broke", operation["kind"], operation["target"])
            status, operation["error"] = "Failed", AzureError(500, "InternalServerError", "An internal server error occurred.").error()
        if status == "Failed" and operation["kind"] in self._failures:
            await self._failures[operation["kind"]](operation)
        operation["status"], operation["ended"] = status, self._clock.now()
        self._documents[operation["id"]] = operation
