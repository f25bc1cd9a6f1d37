"""The command `azwizard check --machine`: this computer, without a setup and without Azure."""

from __future__ import annotations

from dataclasses import replace

from wizard.engine.events import ResultEvent
from wizard.engine.session import OUTCOME_EXITS, CommandOptions, ExitCode, reporter_for
from wizard.platform.language import _
from wizard.workspace import machine


async def check_machine(options: CommandOptions) -> ExitCode:
    """Tell each check of this computer with its state and what to do; exit 3 when something is missing that nobody can do without."""
    reporter = reporter_for(options)
    missing = 0
    async for event in machine.checks(options.wheels):
        reporter.answer(event if options.json else replace(event, group=_("This computer")))
        missing += event.state == "missing"
    result = ResultEvent("missing" if missing else "met", blocked=missing)
    reporter.event(result)
    return OUTCOME_EXITS[result.outcome]
