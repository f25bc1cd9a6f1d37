"""Long-running operations: begun by a request, finished later, polled by the client, alive across a restart."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from .clock import Clock
from .errors import AzureError
from .store import Document, Store

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
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._doomed: list[str] = []

    def when_done(self, kind: str, finish: Finish) -> None:
        """Register what happens when an operation of `kind` has taken its time; raising AzureError makes it Failed.

        `finish` may await for as long as it needs (an app waits for its process): the operation stays InProgress meanwhile.
        It must be safe to run twice, since a killed practice cloud runs it again.
        """
        self._finishers[kind] = finish

    def doom(self, resource_type: str) -> None:
        """Make the next operation on a resource of that type end Failed (fault ``fail:TYPE``)."""
        self._doomed.append(resource_type.lower())

    def begin(self, kind: str, target: str, seconds: float, *, resource_type: str = "", data: dict[str, Any] | None = None) -> Document:
        """Begin an operation on the resource with ARM id `target` that takes `seconds` of real Azure's time."""
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
        if resource_type.lower() in self._doomed:
            self._doomed.remove(resource_type.lower())
            operation["data"]["doomed"] = True
        self._documents[operation["id"]] = operation
        self._run(operation)
        return operation

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
                raise AzureError(500, "InternalServerError", "An internal server error occurred. The operation was ended by a practice fault.")
            await self._finishers[operation["kind"]](operation)
            operation["status"] = "Succeeded"
        except AzureError as refusal:
            operation["status"] = "Failed"
            operation["error"] = refusal.error()
        operation["ended"] = self._clock.now()
        self._documents[operation["id"]] = operation
