"""The command ``azwizard``, killed at one exact moment.

A moment is ``KIND COUNT PATTERN``: the COUNT-th time that something of this kind matches the regular expression.

=========  ==========================================================  =======================================
KIND       the moment                                                  what PATTERN is compared with
=========  ==========================================================  =======================================
sending    a request is about to leave                                 ``PUT https://host/path?query``
answered   its answer has come, and nobody has looked at it yet        ``PUT https://host/path?query 201``
event      a line of progress is about to be told                      ``registry.registry running DETAIL``
journal    something is about to be written into the journal           ``save_token registry.registry make``
=========  ==========================================================  =======================================

With ``AZWIZARD_TEST_FAULT`` in the environment the program is not killed there but has a fault of its own, whose text quotes its value.
"""

from __future__ import annotations

import functools
import os
import re
import signal
from types import SimpleNamespace
from typing import Any

import aiohttp

FAULT = "AZWIZARD_TEST_FAULT"
NOTES = ("intend", "save_token", "clear_token", "remember", "forget", "finished", "end")


class Killer:
    """Waits for the moment."""

    def __init__(self, moment: str) -> None:
        self._kind, count, pattern = moment.split(" ", 2)
        self._left = int(count)
        self._pattern = re.compile(pattern)

    def at(self, kind: str, text: str) -> None:
        """Something happens: the process ends here when it is what was waited for."""
        if kind != self._kind or not self._pattern.search(text):
            return
        self._left -= 1
        if self._left:
            return
        if FAULT in os.environ:
            raise RuntimeError(f"a fault beside {os.environ[FAULT]}")
        os.kill(os.getpid(), signal.SIGKILL)

    def watch_requests(self) -> None:
        trace = aiohttp.TraceConfig()

        async def started(_session: Any, _context: SimpleNamespace, request: aiohttp.TraceRequestStartParams) -> None:
            self.at("sending", f"{request.method} {request.url}")

        async def ended(_session: Any, _context: SimpleNamespace, request: aiohttp.TraceRequestEndParams) -> None:
            self.at("answered", f"{request.method} {request.url} {request.response.status}")

        trace.on_request_start.append(started)
        trace.on_request_end.append(ended)
        make = aiohttp.ClientSession.__init__

        def watched(session: aiohttp.ClientSession, *arguments: Any, trace_configs: Any = None, **named: Any) -> None:
            make(session, *arguments, trace_configs=[*(trace_configs or []), trace], **named)

        aiohttp.ClientSession.__init__ = watched  # type: ignore[method-assign]

    def watch_events(self) -> None:
        from wizard.engine.events import StepEvent
        from wizard.engine.reporting.reporter import JsonReporter

        tell = JsonReporter.event

        def watched(reporter: JsonReporter, event: Any) -> None:
            if isinstance(event, StepEvent):
                self.at("event", f"{event.step} {event.state} {event.detail}")
            tell(reporter, event)

        JsonReporter.event = watched  # type: ignore[method-assign]

    def watch_journal(self) -> None:
        from wizard.engine.journal import Journal

        for name in NOTES:
            setattr(Journal, name, self._before(name, getattr(Journal, name)))

    def _before(self, name: str, write: Any) -> Any:
        @functools.wraps(write)
        def watched(journal: Any, *values: Any) -> Any:
            self.at("journal", " ".join([name, *map(str, values)]))
            return write(journal, *values)

        return watched


def wait_for(moment: str) -> None:
    """From now on this process waits for that moment."""
    killer = Killer(moment)
    killer.watch_requests()
    killer.watch_events()
    killer.watch_journal()
