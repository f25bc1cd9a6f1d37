"""How a run is told on its screen: the bar, the time left, a line for each step, and how it ended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap

from rich.cells import cell_len, set_cell_size

from wizard.engine.events import StepState
from wizard.engine.plan import PlannedStep
from wizard.platform.language import N_, _, plural
from wizard.platform.phrases import clock, in_short, with_detail
from wizard.sections import SECTIONS
from wizard.workspace.missing_values import secrets_without_value
from wizard.workspace.progress import BUSY, Progress, left_words, minutes
from wizard.workspace.workspace import Workspace

TRACEBACK = "Traceback (most recent call last)"
OWN_ERROR = re.compile(r"\b(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception)\b: .+")
OWN_ROWS = 2
STATE, TIME, PER_CENT = 12, 5, 6  # cells
MOST_ROWS = 7  # of a reason, so that what to do next stands below it in the smallest window
LONG_WAIT = 10  # seconds from which it is told that a step waited for Azure
SECTION_TITLES = {section.name: section.title for section in SECTIONS}
WORDS = {
    StepState.RUNNING: N_("working …"),
    StepState.WAITING: N_("waiting …"),
    StepState.DONE: N_("done ✓"),
    StepState.KEPT: N_("kept ="),
    StepState.FAILED: N_("failed ✗"),
    StepState.SKIPPED: N_("not begun ·"),
    StepState.BLOCKED: N_("needs you !"),
}


def bar_of(progress: Progress, width: int) -> str:
    """The bar of the whole with its per cent, in so many cells. It is full when every step is done, and not before."""
    count = max(len(progress.steps), 1)
    room = max(width - PER_CENT, 1)
    full = room * progress.done // count
    return f"{'█' * full}{'─' * (room - full)}{100 * progress.done // count:>4} %"


def time_of(progress: Progress) -> str:
    """``1:48, about 2 minutes to go``; once it is over the time alone."""
    took = clock(progress.seconds)
    return took if progress.is_over else f"{took}, {left_words(progress.seconds_left())}"


def line_of(progress: Progress, item: PlannedStep, width: int) -> str:
    """A step in one row: its state, its title with what is known of it, its time. Too long, it ends with ``…``."""
    event = progress.latest.get(item.step.id)
    state = _state(event.state, is_over=progress.is_over) if event else _("next ·")
    seconds = progress.elapsed(item)
    time = clock(seconds) if seconds >= 1 else ""
    text = f"{set_cell_size(state, STATE)} {with_detail(item.step.title, detail_of(progress, item))}"
    room = width - TIME - 1 if time else width
    if cell_len(text) > room:
        text = set_cell_size(text, room - 1) + "…"
    return f"{set_cell_size(text, room)} {time:>{TIME}}" if time else text


def _state(state: StepState, *, is_over: bool) -> str:
    return _("stopped ·") if is_over and state in BUSY else _(WORDS[state]) if state in WORDS else ""


def detail_of(progress: Progress, item: PlannedStep) -> str:
    """What is known of a step besides its state: what it does, what it waits for, why it failed."""
    event = progress.latest.get(item.step.id)
    if progress.is_over and progress.lacks_value(item):
        return _("type its value: Enter")
    if event is None:
        awaited = None if progress.is_over else progress.waits_for(item)
        return _("after {step}").format(step=_short(awaited, item)) if awaited else ""
    if event.state in (StepState.KEPT, StepState.SKIPPED) or (progress.is_over and event.state in BUSY):
        return ""
    if event.state is StepState.DONE and progress.waited(item) >= LONG_WAIT:
        return _("Azure needed {time} for it").format(time=clock(progress.waited(item)))
    if event.state is StepState.RUNNING and not event.detail and progress.is_slowest(item):
        return _slowest(progress.expected(item))
    return event.detail


def failures_of(progress: Progress, width: int) -> list[str]:
    """Why it did not go through: the first reason in at most `MOST_ROWS` rows, with all that failed for it; then what else failed."""
    own = own_error(progress.log)
    records = [*wrap("✗ " + _("Your API says: {error}").format(error=own), max(width, 40))[:OWN_ROWS]] if own else []
    failed = [item.step for item in progress.ordered() if progress.state(item) is StepState.FAILED]
    if not failed:
        return [*records, _("✗ It did not go through.")]
    reasons = {step.id: in_short(progress.latest[step.id].detail) for step in failed}
    reason = reasons[failed[0].id]
    for_it = ", ".join(step.title for step in failed if reasons[step.id] == reason)
    rows = wrap(f"✗ {with_detail(for_it, reason)}", max(width, 40))
    if len(rows) > MOST_ROWS:
        rows = [*rows[: MOST_ROWS - 1], f"{rows[MOST_ROWS - 1][: width - 2]} …"]
    others = ", ".join(step.title for step in failed if reasons[step.id] != reason)
    return [*records, *rows, f"✗ {others}"] if others else [*records, *rows]


def own_error(log: Sequence[str]) -> str:
    """The last error with which the API's own Python stopped, such as ``KeyError: 'SMTP_HOST'``; "" when it told of none."""
    text = "\n".join(log)
    at = text.rfind(TRACEBACK)
    errors = OWN_ERROR.findall(text[at:]) if at >= 0 else []
    return errors[-1].strip() if errors else ""


def _short(awaited: PlannedStep, item: PlannedStep) -> str:
    """What is waited for: a section by its title, such as “Place to run”; what lies in the same one, or in every setup, by its own."""
    name = awaited.step.section
    return awaited.step.title if name in (item.step.section, "project") else _(SECTION_TITLES[name])


def _slowest(seconds: float) -> str:
    if seconds < 50:
        return _("the slowest part")
    return plural("the slowest part, about {count} minute", "the slowest part, about {count} minutes", minutes(seconds)).format(
        count=minutes(seconds)
    )


def how_it_goes(workspace: Workspace, progress: Progress, width: int) -> str:
    """What may be done while the run goes on, or how it ended and what to do next.

    :param width: in columns, which the lines about failures are cut to.
    """
    if not progress.is_over and progress.undoing:
        return _("You can leave (Ctrl+Q): Azure finishes what it has begun. What is left then can be deleted later.")
    if not progress.is_over:
        return _(
            "You can leave (Ctrl+Q): Azure finishes what it has begun, and azwizard goes on from there when you open it again. "
            "Ctrl+X stops safely."
        )
    if progress.trouble:
        return f"✗ {progress.trouble}"
    outcome = progress.result.outcome if progress.result is not None else "failed"
    if outcome == "failed":
        then = _("Enter on a line says all of it. What was made is kept: F5 tries again, Esc goes back to change an answer.")
        return "\n".join([*failures_of(progress, width), then])
    if outcome == "interrupted" and progress.undoing:
        return _("Stopped safely. Azure finishes what it has begun; Ctrl+X deletes the rest.")
    if outcome == "interrupted":
        return _("Stopped safely. Azure finishes what it has begun; Ctrl+X goes on from there, now or another day.")
    if progress.undoing:
        return _("Deleted. Nothing of this setup is left, and nothing of it costs money.")
    if outcome == "blocked":
        return _what_the_rest_waits_for(workspace, progress)
    return _("Done, F8 tries it. Your API runs at {address}").format(address=workspace.address)


def _what_the_rest_waits_for(workspace: Workspace, progress: Progress) -> str:
    if secrets_without_value(workspace):
        return _("What was ready is made. The rest waits for a value: Enter on its line types it, F5 goes on afterwards.")
    if any(item.lacks for item in progress.steps):
        return _("What was ready is made. The rest needs someone: F4 says whom to ask, F5 goes on afterwards.")
    return _("What was ready is made. Enter on a line that needs you says what stands in the way; F5 goes on afterwards.")
