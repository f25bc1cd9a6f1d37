"""Check everything, and create, in lines."""

from __future__ import annotations

import asyncio
import shlex
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from wizard.engine.crash_record import describe_error
from wizard.engine.events import StepEvent, StepState
from wizard.engine.plan import HINDERS
from wizard.plain.lines import GoTo, SpokenReporter, numbered
from wizard.plain.repair import repair, told
from wizard.plain.tables import ask_values
from wizard.platform.key_labels import LINES
from wizard.platform.language import _
from wizard.platform.phrases import with_detail
from wizard.workspace import runs
from wizard.workspace.progress import Progress, left_words
from wizard.workspace.wording.azure_notes import is_put_right_here, lacks_dockerfile
from wizard.workspace.wording.plan_lines import (
    cost_words,
    detail_parts,
    grouped,
    may_be_begun,
    needs_value,
    short_detail,
    spoken_word,
    summary,
)
from wizard.workspace.wording.section_status import TABLES, first_wrong

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from wizard.engine.events import Event, Listener, ResultEvent
    from wizard.engine.plan import Plan, PlannedStep
    from wizard.plain.lines import Lines
    from wizard.workspace.workspace import Workspace


async def check_everything(lines: Lines, workspace: Workspace) -> Plan:
    """Say the whole plan. Raises CloudError, Leave, and GoTo to where something is to put right first."""
    wrong = first_wrong(workspace.reading)
    if wrong:
        lines.say(_("Something is to put right first:"), *workspace.reading.problems.values())
        workspace.draft.focus = next(
            (problem for problem in workspace.reading.problems if TABLES[problem.split(".")[0].split("[")[0]] == wrong), ""
        )
        raise GoTo(wrong)
    workspace.draft.write_setup()
    await ask_values(lines, workspace)
    lines.say(_("Comparing with Azure…"))
    await workspace.look()
    plan = workspace.plan
    assert plan is not None
    lines.say(
        _("Check everything. Nothing more is made before you say so.")
        if may_be_begun(workspace)
        else _("Check everything. Nothing has been made yet."),
        summary(plan, LINES),
        *cost_words(plan),
    )
    number = 0
    for title, items in grouped(plan):
        lines.say(_("{title}:").format(title=title))
        for item in items:
            number += 1
            lines.say(f"  {number}. {spoken_word(item)} {with_detail(item.step.title, short_detail(item, LINES))}")
    lines.say(*plan.notes)
    return plan


async def confirm(lines: Lines, workspace: Workspace, plan: Plan) -> bool:
    """Let the person look at lines, and begin by typing the setup's name. False when there is nothing to begin. Raises GoTo, Leave."""
    ordered = [item for _title, items in grouped(plan) for item in items]
    if not plan.to_make and not plan.hindered:
        lines.say(_("There is nothing to make: Azure is as your setup says."))
        return False
    if not plan.to_make:
        question = _("Nothing can be made yet. A number explains a line, @ says whom to ask, Enter goes to all steps:")
    elif workspace.is_confirmed:
        question = _("You confirmed this before, and it was cut off. Enter goes on from there: nothing is made twice.")
    else:
        question = _("To make the {count}, type {name}. A number explains a line, @ says whom to ask, < goes back:")
        question = question.format(count=len(plan.to_make), name=workspace.setup)
    while True:
        answer = await lines.ask(question)
        number = numbered(answer, ordered)
        if number is not None:
            await _explain(lines, workspace, plan, ordered[number])
        elif not plan.to_make:
            return False
        elif answer == workspace.setup or (not answer and workspace.is_confirmed):
            return True
        else:
            lines.say(_("Nothing was made: type {name} exactly.").format(name=workspace.setup))


async def _explain(lines: Lines, workspace: Workspace, plan: Plan, item: PlannedStep) -> None:
    """All about a line; where it lacks a value that is asked for, and where it is put right one can go there."""
    if needs_value(item):
        await ask_values(lines, workspace)
        raise GoTo("review")
    remedy = _("Its section asks what is done with it.") if is_put_right_here(item) else ""
    if lacks_dockerfile(item):
        remedy = _("Its section shows one that fits your code, and writes it.")
    parts = detail_parts(item, [shlex.join(line) for line in item.step.az(plan.facts)], remedy)
    lines.say(*(with_detail(heading, text) for heading, text in parts if text))
    can_be_put_right = item.action in HINDERS and item.look.remedy and not item.lacks
    if can_be_put_right and await lines.ask(_("g goes to its section, Enter comes back to the list:")) == "g":
        raise GoTo(item.step.section)


async def create(lines: Lines, workspace: Workspace, *, undoing: bool = False) -> ResultEvent:
    """Carry the plan out, or delete what the setup made, and say every change. Raises CloudError, SetupLocked."""
    steps = workspace.plan.steps if workspace.plan is not None else [item for items in workspace.found.values() for item in items]
    chosen = [step for step in steps if step.step.removes] if undoing else steps
    progress = workspace.progress = Progress(chosen, undoing=undoing, tempo=workspace.cloud.tempo if workspace.cloud else 1.0)
    return await spoken(lines, progress, partial(runs.undo if undoing else runs.make, workspace))


async def spoken(lines: Lines, progress: Progress, run: Callable[[Listener], Awaitable[ResultEvent]]) -> ResultEvent:
    """Carry out a run and say every change of it. Raises what the run raises."""
    reporter = SpokenReporter(lines)
    states: dict[str, StepState] = {}

    def listen(event: Event) -> None:
        progress.hear(event)
        if not isinstance(event, StepEvent) or states.get(event.step) == event.state:
            return
        states[event.step] = event.state
        event = progress.latest[event.step]
        is_worth_a_detail = event.state in (StepState.FAILED, StepState.BLOCKED, StepState.WAITING)
        reporter.event(event if is_worth_a_detail else replace(event, detail=""))
        if event.state is StepState.DONE and not progress.undoing:
            left = left_words(progress.seconds_left())
            lines.say(_("{done} of {count} done, {left}.").format(done=progress.done, count=len(progress.steps), left=left))

    result = await run(listen)
    progress.end(result)
    reporter.event(result)
    return result


async def delete_all(lines: Lines, workspace: Workspace) -> bool:
    """Delete the whole setup, when the person types its name. Raises GoTo, Leave, CloudError, SetupLocked."""
    question = _("Delete everything that this setup made, with the data in it? To do this, type {name}; Enter leaves it:")
    if not await lines.name_typed(question, workspace.setup):
        return False
    lines.say(_("Deleting {setup}").format(setup=workspace.setup))
    return (await create(lines, workspace, undoing=True)).outcome == "succeeded"


async def whole_run(lines: Lines, workspace: Workspace) -> ResultEvent | None:
    """Check, confirm, create: from what was typed to a result. None when nothing was begun. Raises GoTo, Leave, CloudError."""
    plan = await check_everything(lines, workspace)
    if not await confirm(lines, workspace, plan):
        return None
    lines.say(_("Creating {setup}. Ctrl+C stops safely; it goes on from there later.").format(setup=workspace.setup))
    try:
        return await create(lines, workspace)
    except asyncio.CancelledError:
        lines.say(_("Stopped. Azure finishes what it has begun; open azwizard again and it goes on from there."))
        raise


async def after_failure(lines: Lines, workspace: Workspace) -> str:
    """What now, after something did not go through. Gives the place to go to. Raises GoTo, Leave."""
    options = [
        _("Try again: what was made is kept"),
        _("Change an answer"),
        _("Repair: what is wrong, and the fix"),
        _("Delete everything that this setup made"),
    ]
    while True:
        match await lines.choose(_("What now?"), options):
            case 0:
                return "review"
            case 1:
                return "steps"
            case 2:
                await told(lines, repair(lines, workspace))
            case _undo:
                try:
                    if await delete_all(lines, workspace):
                        return "steps"
                except Exception as error:
                    lines.say(describe_error(error))
