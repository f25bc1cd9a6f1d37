"""What is shown of a proof that the API keeps its data over a restart."""

from __future__ import annotations

from wizard.engine.events import Event, RequestEvent, ShareEvent
from wizard.engine.reporting.event_lines import share_line
from wizard.engine.reporting.recorder import RecordingReporter
from wizard.platform.language import _


def proof_text(proof: RecordingReporter[list[RequestEvent | ShareEvent]]) -> str:
    """The lines of a proof as far as it has come, and its verdict when it is over."""
    shown = [_proof_line(event) for event in (proof.result or proof.events)]
    if not proof.is_over:
        return "\n".join([_("Proving a restart… {now}").format(now=proof.now), *filter(None, shown)])
    if proof.trouble:
        return "\n".join(["✗ " + proof.trouble, *filter(None, shown)])
    passed = all(event.passed for event in proof.result or [])
    verdict = _("✓ Proven: what your API keeps is there after a restart.") if passed else _("✗ Not proven: F7 looks for the reason.")
    return "\n".join([verdict, *filter(None, shown)])


def _proof_line(event: Event) -> str:
    match event:
        case ShareEvent():
            return share_line(event)
        case RequestEvent():
            word = _("as expected") if event.passed else _("unexpected")
            return f"{word:<12} {event.title}: {event.status or _('no answer')}"
    return ""
