"""The screens' line to the trainer of a class: the board learns where the learner is, and help is shown as it comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wizard.classroom.door.class_line import ClassLine

if TYPE_CHECKING:
    from textual.app import App

    from wizard.workspace.workspace import Workspace


class ClassLink:
    """Without a pass beside the setup it does nothing.

    :param app: tells the learner what comes from the trainer.
    :param show_help: is called with the screen that help leads to.
    """

    def __init__(self, app: App[Any], workspace: Workspace, show_help: Callable[[str], None]) -> None:
        self._app = app
        self._workspace = workspace
        self._line = ClassLine(self._tell, lambda place: self._on_loop(lambda: show_help(place)))

    def came_to(self, place: str) -> None:
        """The learner is at a screen."""
        self._line.came_to(place, self._workspace.draft.file, practice=self._workspace.practice)

    def run_ended(self) -> None:
        """Let the trainer's board know how a run ended."""
        if (progress := self._workspace.progress) is not None:
            self._line.ended(list(progress.latest.values()), progress.result, progress.trouble)

    def _tell(self, sentence: str) -> None:
        self._on_loop(lambda: self._app.notify(sentence, markup=False, timeout=20))

    def _on_loop(self, work: Callable[[], object]) -> None:
        """Called from the courier's thread."""
        if self._app.is_running:
            self._app.call_from_thread(work)
