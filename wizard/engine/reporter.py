"""Tells events: one JSON object a line for programs, plain lines for people."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from wizard.engine.events import (
    CheckEvent,
    CostEvent,
    DifferenceEvent,
    Event,
    ExerciseEvent,
    ExerciseState,
    FindingEvent,
    LogEvent,
    PlanEvent,
    ReleaseEvent,
    RequestEvent,
    ResultEvent,
    ShareEvent,
    StandingEvent,
    StepEvent,
    StepState,
    VerdictEvent,
)
from wizard.platform.language import N_, _, plural
from wizard.platform.phrases import statuses_text, with_detail
from wizard.platform.redaction import redaction
from wizard.platform.streams import is_terminal
from wizard.platform.terminal_text import plain

JSON_FORMAT = 1
"""The version of the lines of ``--json``; keys may be added within one."""

STATE_WORDS = {
    StepState.LOOKING: N_("looking"),
    StepState.WAITING: N_("waiting"),
    StepState.RUNNING: N_("working"),
    StepState.DONE: N_("done"),
    StepState.KEPT: N_("kept"),
    StepState.FAILED: N_("failed"),
    StepState.SKIPPED: N_("skipped"),
    StepState.BLOCKED: N_("needs you"),
}
ACTION_WORDS = {
    "create": N_("create"),
    "change": N_("change"),
    "keep": N_("keep"),
    "conflict": N_("conflict"),
    "blocked": N_("needs you"),
    "unknown": N_("unknown"),
    "delete": N_("delete"),
}
OUTCOME_SENTENCES = {
    "succeeded": N_("Done."),
    "unchanged": N_("Nothing to do: Azure already is as your setup says."),
    "changes": N_("There are changes to make: azwizard apply makes them."),
    "failed": N_("It did not go through. What was made is kept; azwizard apply goes on from here."),
    "blocked": N_("Something is needed before this can go on; nothing else was touched."),
    "interrupted": N_("Stopped. Azure finishes what it has begun; azwizard apply goes on from here."),
    "met": N_("Everything this setup needs is there."),
    "missing": N_("Something this setup needs is missing."),
    "usage": N_("That is no command line of azwizard's."),
}
OUTCOME_WORDS = {
    "succeeded": N_("done"),
    "unchanged": N_("nothing to do"),
    "changes": N_("changes to make"),
    "failed": N_("failed"),
    "blocked": N_("needs you"),
    "interrupted": N_("stopped"),
    "met": N_("ready"),
    "missing": N_("something is missing"),
    "usage": N_("wrong command line"),
}
"""The same in a table of several setups."""
EVENT_NAMES: dict[type, str] = {
    StepEvent: "step",
    CheckEvent: "check",
    PlanEvent: "plan",
    FindingEvent: "finding",
    RequestEvent: "request",
    ShareEvent: "share",
    VerdictEvent: "verdict",
    LogEvent: "log",
    ExerciseEvent: "exercise",
    ReleaseEvent: "release",
    DifferenceEvent: "difference",
    StandingEvent: "status",
    CostEvent: "cost",
    ResultEvent: "result",
}
"""What each kind of event is called in ``--json``."""
EXERCISE_WORDS = {ExerciseState.NEW: N_("new"), ExerciseState.BEGUN: N_("begun"), ExerciseState.SOLVED: N_("solved")}
SEVERITY_WORDS = {"error": N_("error"), "warning": N_("warning"), "info": N_("note")}


class Reporter(Protocol):
    """Where a command's events and its sentences for people go."""

    def event(self, event: Event) -> None:
        """Tell one event on the way: progress, a refusal, how the command ended."""

    def answer(self, event: Event) -> None:
        """Tell one event that the command was asked for: a line of the plan, a check, a line of the log."""

    def say(self, sentence: str) -> None:
        """Tell a person something that is no event."""

    def show(self, sentence: str) -> None:
        """Tell a person a text that the command was asked for and that is no event."""


class JsonReporter:
    """One JSON object a line on standard output; sentences for people on standard error."""

    def event(self, event: Event) -> None:
        """Write one event as a line of JSON to the standard output, at once."""
        sys.stdout.write(json.dumps(self.body(event), ensure_ascii=False) + "\n")
        sys.stdout.flush()

    answer = event

    def body(self, event: Event) -> dict[str, Any]:
        """The line's content."""
        return as_json(event)

    def say(self, sentence: str) -> None:
        """Write a sentence for people to the standard error, where it does not disturb the lines of JSON."""
        print(redaction(plain(sentence)), file=sys.stderr, flush=True)

    show = say


class TextReporter:
    """Plain lines for people: words rather than signs, so that a screen reader and a log read the same.

    What was asked for goes to standard output, everything else to standard error.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[str, str]] = {}
        self._group = ""

    def say(self, sentence: str) -> None:
        """Write a sentence that accompanies the work to the standard error."""
        print(redaction(plain(sentence)), file=sys.stderr, flush=True)

    def show(self, sentence: str) -> None:
        """Write a sentence that was asked for to the standard output."""
        print(redaction(plain(sentence)), file=sys.stdout, flush=True)

    def event(self, event: Event) -> None:
        """Tell an event in lines on the standard error."""
        self._tell(event, self.say)

    def answer(self, event: Event) -> None:
        """Tell an event that was asked for in lines on the standard output."""
        self._tell(event, self.show)

    def _tell(self, event: Event, tell: Callable[[str], None]) -> None:
        match event:
            case StepEvent():
                if self._last.get(event.step) == (event.state, event.detail):
                    return
                self._last[event.step] = (event.state, event.detail)
                tell(step_line(event))
            case CheckEvent():
                if event.group and event.group != self._group:
                    self._group = event.group
                    tell(event.group)
                if event.group or event.state != "met":
                    tell(check_line(event))
            case PlanEvent():
                tell(f"{_(ACTION_WORDS[event.action]):<10} {event.title}" + (f": {event.detail}" if event.detail else ""))
            case FindingEvent():
                tell(finding_lines(event))
            case RequestEvent():
                tell(request_lines(event))
            case ShareEvent():
                tell(share_line(event))
            case VerdictEvent():
                tell(verdict_lines(event))
            case LogEvent():
                tell(f"{event.source:<10} {event.at} {event.line}")
            case ExerciseEvent():
                tell(exercise_line(event))
            case ReleaseEvent():
                tell(release_lines(event))
            case StandingEvent():
                tell("\n".join(standing_lines(event)))
            case DifferenceEvent():
                tell(with_detail(event.what, f"{event.before} → {event.after}"))
            case CostEvent():
                tell(f"{event.amount:>10.2f} {event.currency}  {event.what}")
            case ResultEvent():
                self._tell_result(event)

    def _tell_result(self, event: ResultEvent) -> None:
        """How the command ended; the address that it was to bring about goes to a file or a program by itself too."""
        for line in result_lines(event):
            self.say(line)
        if event.url and not event.planned and not is_terminal(sys.stdout):
            self.show(event.url)


def step_line(event: StepEvent) -> str:
    """A step's state as one line, with the time it took so far."""
    seconds = f" ({int(event.seconds) // 60}:{int(event.seconds) % 60:02})" if event.seconds >= 1 else ""
    return f"{_(STATE_WORDS[event.state]):<10} {with_detail(event.title, event.detail)}{seconds}"


def check_line(event: CheckEvent) -> str:
    """A prerequisite as one line, with what would help."""
    words = {"met": _("met"), "missing": _("missing"), "unknown": _("unknown")}
    return f"{words[event.state]:<10} {event.detail} {event.remedy}".rstrip()


def finding_lines(event: FindingEvent) -> str:
    """Something the code check found, with the text that should stand there."""
    where = f"{event.file}:{event.line}" if event.line else event.file
    lines = [f"{_(SEVERITY_WORDS[event.severity]):<10} {where}: {event.detail}"]
    return "\n".join([*lines, *(f"{'':<10} | {line}" for line in event.replacement.splitlines())])


def request_lines(event: RequestEvent) -> str:
    """A request and its answer."""
    word = _("as expected") if event.passed else _("unexpected")
    expectation = _(" (expected {statuses})").format(statuses=statuses_text(event.expected)) if event.expected else ""
    status = str(event.status) if event.status else _("no answer") if event.sent else _("not sent")
    lines = [f"{word:<12} {event.method} {event.path}: {status}{expectation}, {event.seconds:.2f} s  {event.title}"]
    lines += [f"{'':<12} {event.why}"] if event.why else []
    return "\n".join([*lines, *(f"{'':<12} {line}" for line in event.body.splitlines())])


def share_line(event: ShareEvent) -> str:
    """Whether a file on a share survived a restart."""
    word = _("as expected") if event.passed else _("unexpected")
    return f"{word:<12} {event.share} ({event.mount}): {event.detail}"


def verdict_lines(event: VerdictEvent) -> str:
    """What it is, what it rests on, what to do."""
    lines = [event.detail, *(f"  {line}" for line in event.evidence)]
    return "\n".join([*lines, *([_("What to try: {fix}").format(fix=event.fix)] if event.fix else [])])


def exercise_line(event: ExerciseEvent) -> str:
    """How an exercise stands, with the time that it took."""
    tick = "✓" if event.state is ExerciseState.SOLVED else " "
    seconds = f" ({int(event.seconds) // 60}:{int(event.seconds) % 60:02})" if event.state is ExerciseState.SOLVED else ""
    return f"{tick} {_(EXERCISE_WORDS[event.state]):<10} {event.exercise:<14} {event.title}{seconds}"


STANDING_WORDS = {"running": N_("runs"), "failing": N_("does not answer"), "paused": N_("paused"), "stopped": N_("stopped")}


def standing_lines(event: StandingEvent) -> list[str]:
    """How an API stands, a line for each thing that one asks first."""
    answered = _("its path to try answers {status}").format(status=event.health) if event.health else ""
    lines = [with_detail(event.address, ", ".join(filter(None, [_(STANDING_WORDS[event.state]), answered])))]
    if event.release:
        when = f"{event.since[:16].replace('T', ' ')} UTC"
        sentence = _("Release {number} runs, deployed {when} by {who}.").format(number=event.release, when=when, who=event.who)
        lines.append(sentence + (" " + _("Rolled back: a newer one is there.") if event.rolled_back else ""))
    if not event.newest_serves:
        lines.append(_("A newer version did not come to run: azwizard doctor looks for the reason, azwizard rollback goes back."))
    if event.code_changed:
        lines.append(_("Your code has changed since: {files}. azwizard deploy builds it.").format(files=", ".join(event.code_changed)))
    if event.replicas is not None:
        lines.append(plural("{count} copy runs.", "{count} copies run.", event.replicas).format(count=event.replicas))
    return lines


def release_lines(event: ReleaseEvent) -> str:
    """A release: when, by whom, from which commit; then what differed from the one before."""
    running = "  " + _("runs now") if event.running else ""
    when = f"{event.time[:16].replace('T', ' ')} UTC"
    line = f"{event.number:>4}  {when}  {event.digest}  {event.commit or '-':<12}  {event.who}{running}"
    return "\n".join([line, *(f"{'':<4}  {change}" for change in event.changes)])


def result_lines(event: ResultEvent) -> list[str]:
    """The end of a command in a few sentences."""
    lines = [event.sentence or _(OUTCOME_SENTENCES[event.outcome])]
    if event.detail:
        lines.append(event.detail)
    summary = ", ".join(text.format(count=count) for text, count in _counts(event) if count)
    if summary:
        lines.append(f"{summary}.")
    if event.url:
        lines.append(_("Your API: {url}").format(url=event.url))
    if event.local_url:
        lines.append(_("For your browser, while you practise: {url}").format(url=event.local_url))
    return lines


def _counts(event: ResultEvent) -> list[tuple[str, int]]:
    """A text with a hole for each count, in the form that fits it."""
    created, changed = event.created, event.changed
    if event.planned:
        writing = [_("{count} to create"), plural("{count} to change", "{count} to change", changed)]
    else:
        writing = [plural("{count} created", "{count} created", created), plural("{count} changed", "{count} changed", changed)]
    return [
        (writing[0], created),
        (writing[1], changed),
        (plural("{count} kept", "{count} kept", event.kept), event.kept),
        (plural("{count} deleted", "{count} deleted", event.deleted), event.deleted),
        (plural("{count} failed", "{count} failed", event.failed), event.failed),
        (_("{count} waiting for something"), event.blocked),
    ]


def as_json(event: Event) -> dict[str, Any]:
    """The event as the contract of ``--json`` has it."""
    body = asdict(event)
    extra = body.pop("extra", {})
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return {"format": JSON_FORMAT, "time": at, "event": EVENT_NAMES[type(event)], **harmless({**body, **extra})}


def harmless(value: Any) -> Any:
    """Every text in a value without secrets, and without anything that a terminal would obey."""
    if isinstance(value, str):
        return redaction(plain(value))
    if isinstance(value, Mapping):
        return {key: harmless(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [harmless(inner) for inner in value]
    return value
