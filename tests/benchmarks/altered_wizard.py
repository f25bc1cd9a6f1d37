"""The command ``azwizard`` under another condition: ``python -m tests.benchmarks.altered_wizard CONDITION ARGUMENTS...``

``serial`` makes one step after the other; ``far:SECONDS`` adds that latency to every request; ``polling:SECONDS`` asks Azure so often
how far an operation is; ``choosing:SECONDS`` asks for the subscription in practice too, where there is nothing to choose otherwise,
and adds that latency.
"""

from __future__ import annotations

import asyncio
import dataclasses
import importlib
import sys
from types import SimpleNamespace
from typing import Any

import aiohttp


def one_after_the_other() -> None:
    from wizard.engine.run import Run

    async def in_order(self: Run, items: Any, after: Any, work: Any) -> list[Any]:
        states: dict[str, Any] = {}
        waiting = list(items)
        while waiting:
            item = next(each for each in waiting if all(need in states or need not in {i.step.id for i in items} for need in after(each)))
            waiting.remove(item)
            states[item.step.id] = await work(item, [states[need] for need in after(item) if need in states])
        return [(item, states[item.step.id]) for item in items]

    Run._in_order = in_order  # type: ignore[method-assign]


def far_away(seconds: float) -> None:
    trace = aiohttp.TraceConfig()

    async def travel(_session: Any, _context: SimpleNamespace, _request: aiohttp.TraceRequestStartParams) -> None:
        await asyncio.sleep(seconds)

    trace.on_request_start.append(travel)
    make = aiohttp.ClientSession.__init__

    def watched(session: aiohttp.ClientSession, *arguments: Any, trace_configs: Any = None, **named: Any) -> None:
        make(session, *arguments, trace_configs=[*(trace_configs or []), trace], **named)

    aiohttp.ClientSession.__init__ = watched  # type: ignore[method-assign]


def asked_every(seconds: float) -> None:
    connect = importlib.import_module("wizard.cloud.connect")
    connect.PRACTICE = dataclasses.replace(connect.PRACTICE, polling_seconds=seconds)  # type: ignore[attr-defined]


def choosing() -> None:
    from screens.sections.section_screen import SectionScreen
    from screens.sections.sign_in import SignInScreen

    SignInScreen.questions = SectionScreen.questions  # type: ignore[method-assign]


if __name__ == "__main__":
    condition, _, value = sys.argv.pop(1).partition(":")
    if condition == "serial":
        one_after_the_other()
    elif condition == "far":
        far_away(float(value))
    elif condition == "choosing":
        choosing()
        far_away(float(value or 0))
    else:
        asked_every(float(value))
    from wizard.__main__ import main

    main()
