"""A learner's command tells the trainer's board how it goes, where a pass lies beside the setup; without one nothing is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from wizard.classroom.door.door_pass import pass_beside

if TYPE_CHECKING:
    from wizard.classroom.door.courier import Courier
    from wizard.engine.reporting.reporter import Reporter
    from wizard.engine.session import CommandOptions


@asynccontextmanager
async def in_class(options: CommandOptions, reporter: Reporter) -> AsyncIterator[tuple[Reporter, Courier | None]]:
    """The reporter of one command, and the line to the trainer; help that waits is written before the setup is read."""
    door = pass_beside(options.setup) if options.in_class else None
    if door is None:
        yield reporter, None
        return
    from wizard.classroom.door.courier import Courier
    from wizard.classroom.door.reading_events import TrailReporter

    courier = Courier(door, options.setup.absolute(), reporter.say, practice=options.practice)
    await courier.exchange()
    try:
        yield TrailReporter(reporter, courier.report), courier
    finally:
        await courier.close()
