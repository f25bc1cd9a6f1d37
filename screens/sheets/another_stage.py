"""What is done with the other stages of a setup file, from the state of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screens.sheets.stages import NewStage, Stages
from wizard.platform.language import _
from wizard.setup.loading import add_stage, stages_of
from wizard.setup.problems import AnswersError
from wizard.workspace.stage_ways import StageWay, stage_ways

if TYPE_CHECKING:
    from textual.app import App

    from screens.shell.wizard_protocol import Wizard


class AnotherStage:
    """Asks which one, and turns to it; what runs in one stage comes to the other through the question on its state."""

    def __init__(self, app: App[Any], wizard: Wizard) -> None:
        self._app, self._wizard = app, wizard
        self._here = wizard.workspace.reading.answers.project.environment

    def ask(self) -> None:
        """Show what can be done. First the setup file says what was typed."""
        if not self._wizard.workspace.draft.write_setup():
            self._app.notify(_("Something in your answers is to be put right first: Ctrl+G shows where."), markup=False)
            return
        self._app.push_screen(Stages(stage_ways(self._here, stages_of(self._wizard.workspace.draft.file))), self._chosen)

    def _chosen(self, way: StageWay | None) -> None:
        if way is not None and way.target:
            self._turn_to(way.target, promoting_from=way.source)
        elif way is not None:
            self._app.push_screen(NewStage(stages_of(self._wizard.workspace.draft.file)), self._begin)

    def _begin(self, name: str | None) -> None:
        """Begin a stage in the setup file, and run in it what runs here."""
        if name is None:
            return
        try:
            add_stage(self._wizard.workspace.draft.file, name)
        except (AnswersError, OSError) as error:
            self._app.notify(str(error), severity="error", markup=False)
            return
        self._turn_to(name, promoting_from=self._here)

    def _turn_to(self, stage: str, promoting_from: str) -> None:
        workspace, deployment = self._wizard.workspace, self._wizard.deployment
        if stage != self._here:
            self._wizard.open_setup(workspace.draft.file, practice=workspace.practice, place="standing", stage=stage)
            deployment.turn_to_setup()
            deployment.promoting_from = promoting_from
        else:
            deployment.promoting_from = promoting_from
            self._wizard.refresh_place("standing")
