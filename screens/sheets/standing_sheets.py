"""What stands behind a row of the state of a deployed API: its cost, a metric, a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.sheets.dialogs import Sheet
from wizard.platform.language import _
from wizard.workspace.wording.standing_words import cost_parts, metrics_heading, release_parts

if TYPE_CHECKING:
    from screens.shell.wizard_protocol import Wizard
    from wizard.engine.events import ReleaseEvent
    from wizard.workspace.workspace import Workspace


def cost_sheet(workspace: Workspace) -> Sheet:
    """What each made thing costs."""
    plan = workspace.plan
    titles = {item.step.id: item.step.title for item in plan.steps} if plan else {}
    return Sheet(_("What it costs"), cost_parts(workspace.reading.answers, titles))


def metric_sheet(wizard: Wizard, name: str) -> Sheet:
    """One metric of the last half hour, and what it tells."""
    metric = next(metric for metric in wizard.deployment.metrics if metric.metric == name)
    parts = [(_("What it is"), metric.why), (metrics_heading(), metric.line), (_("In short"), metric.words)]
    return Sheet(metric.title.capitalize(), parts)


def release_sheet(release: ReleaseEvent) -> Sheet:
    """One version: when, by whom, from what, and what differed."""
    return Sheet(_("Version {number}").format(number=release.number), release_parts(release))
