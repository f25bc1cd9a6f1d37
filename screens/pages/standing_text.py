"""What the state of a deployed API says in its status line: what goes on, what came of it, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.platform.language import _
from wizard.workspace.wording.prerequisite_pages import nobody_signed_in

if TYPE_CHECKING:
    from screens.shell.deployment_workers import DeploymentWorkers, Standing
    from screens.shell.wizard_protocol import Wizard


def status_words(wizard: Wizard) -> str:
    """What goes on, what came of the last thing that was done, or what to do next."""
    deployment, background = wizard.deployment, wizard.background
    if background.signing_in:
        return _("Signing in…")
    if wizard.workspace.cloud is None:
        return nobody_signed_in(background.sign_in_trouble)
    if deployment.preparing is not None:
        return f"✗ {deployment.preparing.trouble}" if deployment.preparing.is_over else _("Comparing that version with what runs…")
    if deployment.pausing is not None and not deployment.pausing.is_over:
        return deployment.pausing.now or _("Asking Azure…")
    if deployment.standing_read is None or not deployment.standing_read.is_over:
        return _("Asking Azure how your API stands…")
    if deployment.standing_read.trouble:
        return "✗ " + _("Azure could not be asked: {reason} F5 asks again.").format(reason=deployment.standing_read.trouble)
    return (_after_pause(deployment) if deployment.standing is not None else "") or _advice(deployment.standing)


def has_version_before(standing: Standing | None) -> bool:
    """Whether there is one to go back to: an earlier release, or the one that serves while a newer one failed."""
    if standing is None or not standing[1].releases:
        return False
    event, history = standing
    return not event.newest_serves or history.releases[0].number < event.release or not event.release


def _after_pause(deployment: DeploymentWorkers) -> str:
    """How the last pause or start went."""
    pausing = deployment.pausing
    if pausing is None:
        return ""
    result = pausing.result
    if result is None:
        return f"✗ {pausing.trouble}"
    if result.outcome == "failed":
        return "✗ " + _("Started, but it does not run: F7 looks for the reason.")
    return {
        "paused": _("Paused. Copies cost nothing now; everything else costs what it did. Ctrl+X starts it again."),
        "running": _("Your API runs again."),
    }.get(str(result.extra.get("state")), "")


def _advice(standing: Standing | None) -> str:
    """What to do next."""
    if standing is None:
        return _("Nothing of this setup is deployed. F9 checks everything and shows what would be made.")
    event = standing[0]
    if not event.newest_serves:
        return _("Ctrl+R stays with the version that runs; F7 looks for the reason of the failure.")
    if event.state == "failing":
        back = [_("Ctrl+R goes back to the version before.")] if has_version_before(standing) else []
        return " ".join([_("F7 looks for the reason."), *back])
    if event.state in ("paused", "stopped"):
        return _("Ctrl+X starts your API again.")
    if event.code_changed and not event.rolled_back:
        return _("Your code is newer than what runs: F8 shows what deploying it changes.")
    return _("Enter on a line tells more of it, or does what it says.")
