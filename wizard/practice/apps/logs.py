"""What containers print and what the platform reports about an app, kept in memory and followed by streams (reference.md 1.12)."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator

KEPT_LINES = 2000


class Log:
    """Lines as they come; readers get the last ones and then, when they follow, each new one."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._followers: set[asyncio.Queue[str | None]] = set()
        self._closed = False

    def add(self, line: str) -> None:
        """Keep a line and hand it to everyone who follows the log."""
        self._lines.append(line)
        for follower in self._followers:
            follower.put_nowait(line)

    def close(self) -> None:
        """Nothing more will come: let followers end."""
        self._closed = True
        for follower in self._followers:
            follower.put_nowait(None)

    async def read(self, tail: int, *, follow: bool) -> AsyncIterator[str]:
        """The last `tail` lines, and with `follow` all that come until the log is closed."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._followers.add(queue)
        try:
            for line in list(self._lines)[-tail:] if tail else []:
                yield line
            while follow and not self._closed and (new := await queue.get()) is not None:
                yield new
        finally:
            self._followers.discard(queue)


class Console(Log):
    """What one container prints, one JSON object a line: ``{"TimeStamp", "Log"}``."""

    def say(self, text: str) -> None:
        """Add a text in the shape of a console line of Azure's: JSON with its time in UTC."""
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f"{now % 1:.5f}"[1:]
        self.add(json.dumps({"TimeStamp": stamp, "Log": text}))


class Events(Log):
    """What the platform reports about one app or environment, one JSON object a line (issue microsoft/azure-container-apps#723)."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[tuple[str, str, str], int] = {}

    def report(self, app: str, revision: str, replica: str, reason: str, message: str, *, warning: bool = False) -> None:
        """Add an event, such as reason ``ContainerTerminated``; the same one again is counted."""
        key = (replica or revision, reason, message)
        self._counts[key] = self._counts.get(key, 0) + 1
        event = {
            "TimeStamp": time.strftime("%Y-%m-%d %H:%M:%S +0000 UTC", time.gmtime()),
            "Type": "Warning" if warning else "Normal",
            "ContainerAppName": app,
            "RevisionName": revision,
            "ReplicaName": replica,
            "Msg": message,
            "Reason": reason,
            "EventSource": "ContainerAppController",
            "Count": self._counts[key],
        }
        self.add(json.dumps(event))
