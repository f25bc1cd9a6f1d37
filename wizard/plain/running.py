"""Check everything, create and try it, in lines."""

from __future__ import annotations

import asyncio
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.events import StepEvent, StepState
from wizard.language import _
from wizard.plain.caring import prove, repair, send, told
from wizard.plain.lines import GoTo
from wizard.plain.tables import ask_values
from wizard.report import TextReporter
from wizard.review import cost_words, detail_parts, grouped, short_detail, spoken_word, summary
from wizard.words import with_detail

if TYPE_CHECKING:
    from wizard.desk import Desk
    from wizard.events import Event, ResultEvent
    from wizard.plain.lines import Lines
    from wizard.plan import Plan


async def check_everything(lines: Lines, desk: Desk) -> Plan | None:
    """Say the whole plan; None when it cannot be made yet. Raises CloudError, GoTo, Leave."""
    wrong = list(desk.reading.problems.values())
    if wrong:
        lines.say(_("Something is to put right first:"), *wrong)
        return None
    desk.draft.write_setup()
    await ask_values(lines, desk)
    lines.say(_("Comparing with Azure…"))
    await desk.look()
    plan = desk.plan
    assert plan is not None
    lines.say(_("Check everything. Nothing has been made yet."), summary(plan), *cost_words(plan))
    number = 0
    for title, items in grouped(plan):
        lines.say(_("{title}:").format(title=title))
        for item in items:
            number += 1
            lines.say(f"  {number}. {spoken_word(item)} {with_detail(item.step.title, short_detail(item))}")
    lines.say(*plan.notes)
    return plan


async def confirm(lines: Lines, desk: Desk, plan: Plan) -> bool:
    """Let the person look at lines, and begin by typing the setup's name. False when there is nothing to make. Raises GoTo, Leave."""
    if not plan.to_make:
        lines.say(_("There is nothing to make: Azure is as your setup says.") if not plan.hindered else _("Nothing can be made yet."))
        return False
    ordered = [item for _title, items in grouped(plan) for item in items]
    question = _("To make the {count}, type {name}. A number explains a line, ? says whom to ask, < goes back:")
    while True:
        answer = await lines.ask(question.format(count=len(plan.to_make), name=desk.setup))
        if answer == desk.setup:
            return True
        if answer == "?":
            from wizard.handing_over import message_for_owner

            lines.say(*(f"{heading}\n{text}".strip() for heading, text in message_for_owner(desk)))
        elif answer.isdecimal() and 1 <= int(answer) <= len(ordered):
            item = ordered[int(answer) - 1]
            az_lines = [shlex.join(line) for line in item.step.az(plan.facts)]
            lines.say(*(with_detail(heading, text) for heading, text in detail_parts(item, az_lines) if text))
        else:
            lines.say(_("Nothing was made: type {name} exactly.").format(name=desk.setup))


async def create(lines: Lines, desk: Desk) -> ResultEvent:
    """Carry the plan out and say every change. Raises CloudError, SetupLocked."""
    reporter = TextReporter(lines.target)
    spoken: dict[str, StepState] = {}

    def listen(event: Event) -> None:
        if not isinstance(event, StepEvent) or spoken.get(event.step) == event.state:
            return
        spoken[event.step] = event.state
        is_worth_a_detail = event.state in (StepState.FAILED, StepState.BLOCKED, StepState.WAITING)
        reporter.event(event if is_worth_a_detail else replace(event, detail=""))

    lines.say(_("Creating {setup}. Ctrl+C stops safely; it goes on from there later.").format(setup=desk.setup))
    result = await desk.make(listen)
    reporter.event(result)
    return result


async def try_it(lines: Lines, desk: Desk) -> None:
    """Send requests to the deployed API. Raises GoTo, Leave."""
    from wizard.trying import next_steps, requests_of

    requests = requests_of(desk)
    more = [_("What now?"), _("Prove what survives a restart"), _("Repair: what is wrong, and the fix")]
    options = [f"{it.method} {it.path} {it.title}" for it in requests] + more
    lines.say(_("Try it: your API runs at {address}").format(address=desk.address))
    while True:
        chosen = await lines.choose(_("Which request? q leaves:"), options)
        if chosen == len(requests):
            lines.say(*(with_detail(heading, text) for heading, text in next_steps(desk) if text))
            continue
        if chosen < len(requests):
            work = send(lines, desk, requests[chosen])
        else:
            work = prove(lines, desk, requests) if chosen == len(requests) + 1 else repair(lines, desk)
        await told(lines, work)


async def whole_run(lines: Lines, desk: Desk) -> ResultEvent | None:
    """Check, confirm, create, try: from what was typed to an answer. None when nothing was begun. Raises GoTo, Leave, CloudError."""
    plan = await check_everything(lines, desk)
    if plan is None or not await confirm(lines, desk, plan):
        if plan is not None and not plan.to_make and desk.address:
            await try_it(lines, desk)
        raise GoTo("steps")
    try:
        result = await create(lines, desk)
    except asyncio.CancelledError:
        lines.say(_("Stopped. Azure finishes what it has begun; open azwizard again and it goes on from there."))
        raise
    return result
