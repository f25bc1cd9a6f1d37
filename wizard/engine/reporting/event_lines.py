"""Events as plain lines for people."""

from __future__ import annotations

from wizard.engine.events import (
    CheckEvent,
    ExerciseEvent,
    ExerciseState,
    FindingEvent,
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
EXERCISE_WORDS = {ExerciseState.NEW: N_("new"), ExerciseState.BEGUN: N_("begun"), ExerciseState.SOLVED: N_("solved")}
SEVERITY_WORDS = {"error": N_("error"), "warning": N_("warning"), "info": N_("note")}


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
