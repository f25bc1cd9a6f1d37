"""The lines of the state of a deployed API: how it stands, its versions, how it fared lately."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.option_list import Option

from screens.widgets.basics import hanging
from wizard.platform.language import _
from wizard.workspace.wording.standing_words import StandingRow, metric_rows, metrics_heading, release_line, standing_rows

if TYPE_CHECKING:
    from screens.shell.wizard_protocol import Wizard
    from wizard.engine.events import ReleaseEvent

WORD = 14  # columns of the word and sign before a line
RELEASE = "release-"
FIRST_RELEASES = 4  # that are listed above how it fared


def standing_options(wizard: Wizard, releases: Sequence[ReleaseEvent], *, is_narrow: bool) -> list[Option]:
    """Every line, once the standing is known; the id of each is what it is about, or `RELEASE` and a number.

    :param releases: the newest first.
    """
    workspace, standing = wizard.workspace, wizard.deployment.standing
    assert standing is not None
    rows = standing_rows(standing[0], workspace.reading.answers, wizard.background.plan_to_come, workspace.local_address)
    versions = [StandingRow(f"{RELEASE}{event.number}", _("in use ✓") if event.running else "", release_line(event)) for event in releases]
    return [
        *map(_option, rows),
        *_below(_("Versions, the newest first. Enter on one runs it again."), versions[:FIRST_RELEASES]),
        *_below(metrics_heading(is_narrow=is_narrow), metric_rows(wizard.deployment.metrics, is_narrow=is_narrow)),
        *_below(_("Older versions."), versions[FIRST_RELEASES:]),
    ]


def _below(heading: str, rows: Sequence[StandingRow]) -> list[Option]:
    """Lines with a heading that cannot be chosen; nothing where there are none."""
    return [Option(Content(f"  {heading}"), disabled=True), *map(_option, rows)] if rows else []


def _option(row: StandingRow) -> Option:
    return Option(hanging([(row.word, row.text)], WORD), id=row.about)
