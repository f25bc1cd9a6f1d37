"""The picture of a run, drawn into a file beside the setup."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App

from screens.sheets.dialogs import Sheet
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.export.timeline import Timeline


def draw_run(app: App[Any], timeline: Timeline, file: Path, heading: str) -> None:
    """Write when each step was made, and say where that is, or why it could not be written."""
    try:
        file.write_text(timeline.svg(heading), encoding="utf-8")
    except OSError as error:
        sentence = _("The picture {file} cannot be written: {reason}.").format(file=file, reason=error.strerror)
        app.notify(sentence, severity="warning", markup=False, timeout=15)
        return
    opening = _("It shows when each step was made, and which of them the whole waited for. Any browser opens it.")
    app.push_screen(Sheet(_("Written: a picture of the run"), [("", str(file)), ("", opening)]))
