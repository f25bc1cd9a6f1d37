"""What a person is told about the setup file while typing: that it cannot be written, or was changed elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.platform.language import _

if TYPE_CHECKING:
    from textual.app import App

    from wizard.workspace.workspace import Workspace


class SetupNotices:
    """Each is told once; nothing typed is lost by either.

    :param app: shows them.
    """

    def __init__(self, app: App[Any], workspace: Workspace) -> None:
        self._app = app
        self._workspace = workspace
        self._told_unwritten = ""

    def tell(self) -> None:
        """Tell what has not been told yet."""
        file, reason = self._workspace.draft.file, self._workspace.draft.unwritten
        if reason and reason != self._told_unwritten:
            words = _("{file} cannot be written: {reason}. What you type is kept in azwizard's own folder, so you can go on.")
            self._app.notify(words.format(file=file, reason=reason), severity="warning", markup=False, timeout=10)
        self._told_unwritten = reason
        if self._workspace.has_others_changes:
            self._workspace.has_others_changes = False
            self._app.notify(_("This setup was changed elsewhere meanwhile. What it says now is shown."), markup=False, timeout=10)
