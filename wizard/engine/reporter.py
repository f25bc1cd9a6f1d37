"""Tells events: one JSON object a line for programs, plain lines for people."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from typing import Any, Protocol, TextIO

from wizard.engine.events import (
    CheckEvent,
    Event,
    FindingEvent,
    LogEvent,
    PlanEvent,
    RequestEvent,
    ResultEvent,
    ShareEvent,
    StepEvent,
    StepState,
    VerdictEvent,
)
from wizard.platform.language import N_, _, plural
from wizard.platform.phrases import with_detail

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
}
SEVERITY_WORDS = {"error": N_("error"), "warning": N_("warning"), "info": N_("note")}


class Reporter(Protocol):
    """Where a command's events and its sentences for people go."""

    def event(self, event: Event) -> None:
        """Tell one event."""

    def say(self, sentence: str) -> None:
        """Tell a person something that is no event."""


class JsonReporter:
    """One JSON object a line on stdout; sentences for people on stderr."""

    def event(self, event: Event) -> None:
        sys.stdout.write(json.dumps(as_json(event), ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def say(self, sentence: str) -> None:
        print(sentence, file=sys.stderr)


class TextReporter:
    """Plain lines for people: words rather than signs, so that a screen reader and a log read the same."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._last: dict[str, tuple[str, str]] = {}
        self._group = ""

    def say(self, sentence: str) -> None:
        print(sentence, file=self._out, flush=True)

    def event(self, event: Event) -> None:
        match event:
            case StepEvent():
                if self._last.get(event.step) == (event.state, event.detail):
                    return
                self._last[event.step] = (event.state, event.detail)
                self.say(step_line(event))
            case CheckEvent():
                if event.group and event.group != self._group:
                    self._group = event.group
                    self.say(event.group)
                if event.group or event.state != "met":
                    self.say(check_line(event))
            case PlanEvent():
                self.say(f"{_(ACTION_WORDS[event.action]):<10} {event.title}" + (f": {event.detail}" if event.detail else ""))
            case FindingEvent():
                self.say(finding_lines(event))
            case RequestEvent():
                self.say(request_lines(event))
            case ShareEvent():
                self.say(share_line(event))
            case VerdictEvent():
                self.say(verdict_lines(event))
            case LogEvent():
                self.say(f"{event.source:<10} {event.at} {event.line}")
            case ResultEvent():
                for line in result_lines(event):
                    self.say(line)


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
    wanted = _(" (expected {statuses})").format(statuses=", ".join(map(str, event.expected))) if event.expected else ""
    status = str(event.status) if event.status else _("no answer") if event.sent else _("not sent")
    lines = [f"{word:<12} {event.method} {event.path}: {status}{wanted}, {event.seconds:.2f} s  {event.title}"]
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


def result_lines(event: ResultEvent) -> list[str]:
    """The end of a command in a few sentences."""
    lines = [event.sentence or _(OUTCOME_SENTENCES[event.outcome])]
    if event.detail:
        lines.append(event.detail)
    told = ", ".join(text.format(count=count) for text, count in _counts(event) if count)
    if told:
        lines.append(f"{told}.")
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
    names = {
        StepEvent: "step",
        CheckEvent: "check",
        PlanEvent: "plan",
        FindingEvent: "finding",
        RequestEvent: "request",
        ShareEvent: "share",
        VerdictEvent: "verdict",
        LogEvent: "log",
        ResultEvent: "result",
    }
    body = asdict(event)
    extra = body.pop("extra", {})
    return {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "event": names[type(event)], **body, **extra}
